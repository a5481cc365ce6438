"""What is sent unasked about meetings. Each is the meeting's live card with a sentence above that says why it comes."""

from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.second_ping import is_soon
from handlers.conversation.texts import Texts
from handlers.meetings import staff_screens
from handlers.meetings.reading import is_side, views_of
from handlers.meetings.screens import MeetingView, when, with_news
from storage.enums import MeetingStatus, NoticeTopic, PartyAnswer, Priority
from storage.models import Person
from storage.queries import meetings

A_WEEK = timedelta(days=7)
A_MONTH = timedelta(days=30)
URGENT_WITHIN = timedelta(days=1)
"""What is said that shortly before a meeting cannot wait until tomorrow."""


async def _view(ctx: ReadContext, meeting_id: int) -> MeetingView | None:
    """The meeting as the reader sees it, if it is theirs."""
    meeting = await meetings.find_meeting(ctx.session, meeting_id)
    views = await views_of(ctx, [meeting]) if meeting is not None else []
    return views[0] if views and is_side(ctx, views[0]) else None


def _stands(view: MeetingView | None, slot: int) -> bool:
    """Whether the meeting still has that time, and it is to come."""
    return (
        view is not None and view.is_booked and view.at is not None and view.at.slot_id == slot and not view.has_begun
    )


def _told(view: MeetingView, news: str, t: Texts) -> Tell:
    return Tell(with_news(view, news, t), card=CardKey("meeting", view.meeting.id))


async def _times(ctx: ReadContext, meeting: int) -> list[datetime]:
    """When the meeting begins, and the other time that is asked for."""
    view = await _view(ctx, meeting)
    return [] if view is None else [one.starts_at for one in (view.at, view.offered) if one is not None]


async def _soon(ctx: ReadContext, meeting: int, **_: object) -> bool:
    """Whether the meeting, or the other time that is asked for, is within a day."""
    return any(is_soon(one, ctx.now, URGENT_WITHIN) for one in await _times(ctx, meeting))


async def _start(ctx: ReadContext, meeting: int, **_: object) -> datetime | None:
    """The first of those times that is still to come."""
    return min((one for one in await _times(ctx, meeting) if one > ctx.now), default=None)


def proposed_news(view: MeetingView, t: Texts) -> str:
    """Two people should meet."""
    return t("We think you should meet {name}.", name=view.other.person.name)


@notice(
    "meeting.proposed",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_MONTH,
    urgent=_soon,
    topic=NoticeTopic.MEETINGS,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def proposed(ctx: ReadContext, meeting: int, slot: int) -> Tell | None:
    """A meeting with a time: can you make it?"""
    view = await _view(ctx, meeting)
    if view is None or not _stands(view, slot) or view.own.answer is not PartyAnswer.PENDING:
        return None
    return _told(view, proposed_news(view, ctx.t), ctx.t)


def confirmed_news(view: MeetingView, t: Texts) -> str:
    """Both said yes."""
    return t("{name} has confirmed: your meeting is on.", name=view.other.person.name)


@notice(
    "meeting.confirmed",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_MONTH,
    urgent=_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def confirmed(ctx: ReadContext, meeting: int, slot: int) -> Tell | None:
    """Both said yes."""
    view = await _view(ctx, meeting)
    if view is None or not _stands(view, slot) or view.meeting.status is not MeetingStatus.CONFIRMED:
        return None
    return _told(view, confirmed_news(view, ctx.t), ctx.t)


def asked_news(view: MeetingView, t: Texts) -> str:
    """The other side would like another time."""
    return t("{name} can't make that time and asks for another.", name=view.other.person.name)


@notice(
    "meeting.asked",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_MONTH,
    urgent=_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def asked(ctx: ReadContext, meeting: int, slot: int) -> Tell | None:
    """The other side asks for another time."""
    view = await _view(ctx, meeting)
    if view is None or view.offered is None or view.offered.slot_id != slot or view.offered_by == ctx.me.id:
        return None
    return _told(view, asked_news(view, ctx.t), ctx.t)


def moved_news(view: MeetingView, t: Texts) -> str:
    """The other side accepted the new time."""
    return t("{name} accepts: your meeting has moved.", name=view.other.person.name)


@notice(
    "meeting.moved",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_MONTH,
    urgent=_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def moved(ctx: ReadContext, meeting: int, slot: int) -> Tell | None:
    """The other side accepted the time that the reader asked for."""
    view = await _view(ctx, meeting)
    if view is None or not _stands(view, slot):
        return None
    return _told(view, moved_news(view, ctx.t), ctx.t)


def kept_news(view: MeetingView, t: Texts) -> str:
    """The other side would rather keep the old time."""
    return t("{name} can't at the new time: the old one stands.", name=view.other.person.name)


@notice(
    "meeting.kept",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_MONTH,
    urgent=_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def kept(ctx: ReadContext, meeting: int, slot: int) -> Tell | None:
    """The other side keeps the old time; can the reader make it after all?"""
    view = await _view(ctx, meeting)
    if view is None or not _stands(view, slot) or view.offered is not None:
        return None
    return _told(view, kept_news(view, ctx.t), ctx.t)


def stays_news(view: MeetingView, t: Texts) -> str:
    """The other side no longer asks for another time."""
    return t("{name} can make the old time after all.", name=view.other.person.name)


@notice(
    "meeting.stays",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_MONTH,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def stays(ctx: ReadContext, meeting: int, slot: int) -> Tell | None:
    """The other side asked for another time and took it back."""
    view = await _view(ctx, meeting)
    if view is None or not _stands(view, slot) or view.offered is not None:
        return None
    return _told(view, stays_news(view, ctx.t), ctx.t)


def cancelled_news(view: MeetingView, t: Texts) -> str:
    """It is off."""
    name = view.other.person.name
    if view.own.answer is PartyAnswer.NO:
        return t("Your meeting with {name} is off, as you wished.", name=name)
    if view.at is None:
        return t("I'm sorry: your meeting with {name} is off.", name=name)
    moment = when(view.at, view, t)
    return t("I'm sorry: your meeting with {name} is off. {when} is free for you again.", name=name, when=moment)


@notice(
    "meeting.cancelled",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_WEEK,
    urgent=_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def cancelled(ctx: ReadContext, meeting: int) -> Tell | None:
    """The meeting will not take place."""
    view = await _view(ctx, meeting)
    if view is None or view.meeting.status is not MeetingStatus.CANCELLED or view.has_begun:
        return None
    return _told(view, cancelled_news(view, ctx.t), ctx.t)


def answered_for_news(by: str, t: Texts) -> str:
    """Staff answered for the reader."""
    return t("{name} of the staff answered for you.", name=by)


@notice(
    "meeting.answered_for",
    priority=Priority.REMINDER,
    again=True,
    useful_for=A_WEEK,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def answered_for(ctx: ReadContext, meeting: int, by: int) -> Tell | None:
    """Staff answered for the reader, who can still change it."""
    view = await _view(ctx, meeting)
    staff = await ctx.session.get(Person, by)
    if view is None or staff is None or not view.is_booked:
        return None
    return _told(view, answered_for_news(staff.name, ctx.t), ctx.t)


def reminder_news(view: MeetingView, t: Texts) -> str:
    """It is soon, or an answer is still missing."""
    name = view.other.person.name
    ahead = t.duration(view.at.starts_at - view.now) if view.at else ""
    if view.own.answer is PartyAnswer.YES or view.meeting.status is MeetingStatus.CONFIRMED:
        return t("In {duration}: your meeting with {name}.", duration=ahead, name=name)
    return t("In {duration}: your meeting with {name}. Please confirm.", duration=ahead, name=name)


@notice(
    "meeting.reminder",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(minutes=60),
    urgent=True,
    topic=NoticeTopic.MEETING_REMINDERS,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def reminder(ctx: ReadContext, meeting: int, slot: int) -> Tell | None:
    """It begins soon; nothing once it has begun or moved."""
    view = await _view(ctx, meeting)
    if view is None or not _stands(view, slot):
        return None
    return _told(view, reminder_news(view, ctx.t), ctx.t)


@notice("meeting.lost", priority=Priority.REMINDER, again=True, useful_for=A_WEEK, topic=None, quiet=Quiet.WAITS)
async def lost(ctx: ReadContext, meeting: int, step: int) -> Screen | None:
    """A meeting was called off, for those who run meetings."""
    row = await meetings.find_meeting(ctx.session, meeting)
    written = await meetings.find_step(ctx.session, step)
    views = await views_of(ctx, [row]) if row is not None else []
    if not views or written is None or not ctx.may(Permission.MISSION):
        return None
    return staff_screens.lost(views[0], written.reason, ctx.t)
