"""What is sent unasked about missions; looked at again at the time of sending."""

from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.missions import notice_screens, staff_screens
from handlers.missions.reading import card_of, sheet_of
from handlers.missions.rules import why_closed
from storage.enums import ApplicationStatus, NoticeTopic, PlaceStatus, Priority
from storage.models import Application
from storage.queries import missions


async def _standing(ctx: ReadContext, application_id: int, status: ApplicationStatus) -> Application | None:
    """The reader's application, if it still stands there."""
    found = await missions.find_application(ctx.session, application_id)
    return found if found is not None and found.status is status and found.person_id == ctx.me.id else None


async def _deadline(ctx: ReadContext, mission: int) -> datetime | None:
    """Until when one can apply."""
    row = await missions.find_mission(ctx.session, mission)
    return row.deadline if row is not None else None


@notice(
    "mission.opened",
    priority=Priority.ANNOUNCEMENT,
    again=False,
    useful_for=timedelta(days=14),
    topic=NoticeTopic.MISSIONS,
    quiet=Quiet.MISSES,
    listed=True,
)
async def opened(ctx: ReadContext, mission: int) -> Screen | None:
    """A mission takes applications; nothing to those who have applied meanwhile, or when it is too late."""
    row = await missions.find_mission(ctx.session, mission)
    if row is None or why_closed(row.status, row.deadline, ctx.now) is not None:
        return None
    shown = await sheet_of(ctx, row)
    return notice_screens.opened(shown, ctx.t) if shown.application is None else None


@notice(
    "mission.deadline",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=3),
    topic=NoticeTopic.MISSIONS,
    quiet=Quiet.WAITS,
    known_by=_deadline,
    listed=True,
)
async def deadline(ctx: ReadContext, mission: int) -> Screen | None:
    """Few days are left, for those who have not applied."""
    row = await missions.find_mission(ctx.session, mission)
    if row is None or why_closed(row.status, row.deadline, ctx.now) is not None:
        return None
    if await missions.application_of(ctx.session, row.id, ctx.me.id) is not None:
        return None
    return notice_screens.deadline_near(row, ctx.now, ctx.zone, ctx.t)


@notice(
    "mission.undecided",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=3),
    topic=None,
    quiet=Quiet.WAITS,
)
async def undecided(ctx: ReadContext, mission: int) -> Screen | None:
    """How many applications wait, for those who decide."""
    row = await missions.find_mission(ctx.session, mission)
    if row is None or not ctx.may(Permission.MISSION):
        return None
    heads = await missions.heads(ctx.session, row.id)
    if not heads.waiting:
        return None
    return staff_screens.undecided_reminder(row, heads.waiting, ctx.now, ctx.zone, ctx.t)


@notice(
    "mission.application",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def application(ctx: ReadContext, application: int) -> Tell | None:
    """Somebody applied: a card that is redrawn when one of the leads decides."""
    found = await missions.find_application(ctx.session, application)
    if found is None or found.status is not ApplicationStatus.WAITING or not ctx.may(Permission.MISSION):
        return None
    shown = staff_screens.new_application(await card_of(ctx, found), ctx.t)
    return Tell(shown, card=CardKey("application", found.id))


@notice(
    "mission.accepted",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def accepted(ctx: ReadContext, application: int) -> Screen | None:
    """They go, with what they have and what they wait for."""
    found = await _standing(ctx, application, ApplicationStatus.ACCEPTED)
    if found is None:
        return None
    places = await missions.places_of(ctx.session, found.id)
    positions = await missions.waiting_positions(ctx.session, places)
    return notice_screens.accepted(found, places, positions, ctx.t)


@notice(
    "mission.reserved",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def reserved(ctx: ReadContext, application: int) -> Screen | None:
    """They are on the reserve list."""
    found = await _standing(ctx, application, ApplicationStatus.RESERVE)
    return notice_screens.reserved(found.mission, ctx.t) if found else None


@notice(
    "mission.declined",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def declined(ctx: ReadContext, application: int) -> Screen | None:
    """Not this time."""
    found = await _standing(ctx, application, ApplicationStatus.DECLINED)
    return notice_screens.declined(found, ctx.t) if found else None


@notice(
    "mission.promoted",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def promoted(ctx: ReadContext, application: int, component: int) -> Screen | None:
    """A turn on the waiting list became a place."""
    found = await _standing(ctx, application, ApplicationStatus.ACCEPTED)
    if found is None:
        return None
    for place in await missions.places_of(ctx.session, found.id):
        if place.component_id == component and place.status is PlaceStatus.CONFIRMED:
            return notice_screens.promoted(found.mission, place.component, ctx.t)
    return None


@notice(
    "mission.withdrawn",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=None,
    quiet=Quiet.WAITS,
)
async def withdrawn(ctx: ReadContext, application: int) -> Screen | None:
    """Somebody no longer goes, for those who decide who goes instead."""
    found = await missions.find_application(ctx.session, application)
    if found is None or found.status is not ApplicationStatus.WITHDRAWN or not ctx.may(Permission.MISSION):
        return None
    heads = await missions.heads(ctx.session, found.mission_id)
    return staff_screens.someone_withdrew(found.mission, found.person, heads.reserve, ctx.t)
