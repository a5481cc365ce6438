"""The missions' live cards."""

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.missions.reading import card_of, sheet_of
from handlers.missions.screens import sheet
from handlers.missions.staff_screens import application_card
from storage.enums import MissionStatus
from storage.queries import missions


@card("mission")
async def mission_card(ctx: ReadContext, mission_id: int) -> Screen | None:
    """A mission, for a channel."""
    mission = await missions.find_mission(ctx.session, mission_id)
    if mission is None or mission.status is MissionStatus.DRAFT:
        return None
    return sheet(await sheet_of(ctx, mission), ctx.t)


@card("application")
async def application(ctx: ReadContext, application_id: int) -> Screen | None:
    """An application, for those who run missions; nobody else's copy is redrawn."""
    found = await missions.find_application(ctx.session, application_id)
    if found is None or not ctx.may(Permission.MISSION):
        return None
    return application_card(await card_of(ctx, found), ctx.t)
