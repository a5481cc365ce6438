"""Missions among what a search found."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.finding import ResultLine, results
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import press
from handlers.conversation.texts import N_
from handlers.missions.screens import Page
from storage.enums import MissionStatus, SubjectKind
from storage.queries import missions


@results(SubjectKind.MISSION, N_("Missions"))
async def mission_lines(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, ResultLine]:
    """Where and when; pressing opens the mission."""
    shown = {}
    for mission in await missions.by_ids(ctx.session, ids):
        hidden = mission.status is MissionStatus.CANCELLED or (
            mission.status is MissionStatus.DRAFT and not ctx.may(Permission.MISSION)
        )
        if hidden or not ctx.may(Permission.PARTICIPANT):
            continue
        about = ctx.t(
            "Mission, {place}, {days}", place=mission.place, days=ctx.t.days(mission.first_day, mission.last_day)
        )
        text = ctx.t.of(mission, "summary")
        shown[mission.id] = ResultLine(mission.title, about, text, press("mission.show", mission.id, Page.SHEET))
    return shown
