"""What is sent unasked about events, drawn when it is sent: what has been overtaken meanwhile is left unsaid."""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.second_ping import is_soon
from handlers.events import notice_screens, staff_screens
from handlers.events.notice_screens import Snapshot
from handlers.events.rules import overdue
from handlers.events.screens import EventCard
from handlers.events.service import PROPOSAL_CARD, calendar_of, card_key, card_of
from storage.enums import Answer, EventStatus, NoticeTopic, Priority
from storage.queries import events


async def _card(ctx: ReadContext, event_id: int) -> EventCard | None:
    event = await events.find_event(ctx.session, event_id)
    return await card_of(ctx, event) if event is not None and ctx.person is not None else None


async def _with_calendar(ctx: ReadContext, card: EventCard, shown: Screen) -> Screen:
    return replace(shown, files=(await calendar_of(ctx, card.event),))


URGENT_WITHIN = timedelta(days=2)
"""What changes that shortly before an event has to be noticed: people are about to leave for it."""


async def _soon(ctx: ReadContext, event: int, **_: object) -> bool:
    """Whether it begins soon."""
    row = await events.find_event(ctx.session, event)
    return row is not None and is_soon(row.starts_at, ctx.now, URGENT_WITHIN)


async def _moved_soon(ctx: ReadContext, event: int, before: dict[str, str | int]) -> bool:
    """Whether it begins, or was to begin, soon, and at another time or place: a new title can wait."""
    row = await events.find_event(ctx.session, event)
    if row is None:
        return False
    was = datetime.fromisoformat(str(before["starts_at"]))
    moved = was != row.starts_at or str(before["place"]) != row.place
    return moved and any(is_soon(one, ctx.now, URGENT_WITHIN) for one in (was, row.starts_at))


async def _start(ctx: ReadContext, event: int, **_: object) -> datetime | None:
    """When it begins."""
    row = await events.find_event(ctx.session, event)
    return row.starts_at if row is not None else None


async def _first_start(ctx: ReadContext, event: int, before: dict[str, str | int]) -> datetime | None:
    """When it begins, or was to begin: whoever believes the earlier moment is on their way."""
    row = await events.find_event(ctx.session, event)
    return min(row.starts_at, datetime.fromisoformat(str(before["starts_at"]))) if row is not None else None


@notice(
    "event.invitation",
    priority=Priority.REMINDER,
    again=False,
    useful_for=timedelta(days=7),
    topic=NoticeTopic.EVENTS,
    quiet=Quiet.MISSES,
    listed=True,
)
async def invitation(ctx: ReadContext, event: int) -> Tell | None:
    """A new event; unless it has started, or the reader has found and answered it already."""
    card = await _card(ctx, event)
    if card is None or not card.is_open or card.answer is not None:
        return None
    return Tell(notice_screens.invitation(card, ctx.t), card=card_key(event))


@notice(
    "event.reminder",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=1),
    urgent=_soon,
    topic=NoticeTopic.EVENT_REMINDERS,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def reminder(ctx: ReadContext, event: int, minutes: int, starts: str) -> Screen | None:
    """It is soon; unless it was moved, cancelled, has begun, a nearer reminder is due, or the reader is not coming."""
    card = await _card(ctx, event)
    if card is None or not card.is_open or card.answer not in events.REMINDED:
        return None
    if card.event.starts_at != datetime.fromisoformat(starts):
        return None
    if overdue(await events.reminders_of(ctx.session, event), card.event.starts_at, ctx.now)[:1] != [minutes]:
        return None
    return await _with_calendar(ctx, card, notice_screens.reminder(card, ctx.t))


@notice(
    "event.promoted",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    urgent=_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def promoted(ctx: ReadContext, event: int) -> Screen | None:
    """A place for somebody who waited; unless they gave it up, or the event is no longer open."""
    card = await _card(ctx, event)
    if card is None or not card.is_open or card.answer is not Answer.GOING:
        return None
    return await _with_calendar(ctx, card, notice_screens.promoted(card, ctx.t))


@notice(
    "event.changed",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    urgent=_moved_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_first_start,
)
async def changed(ctx: ReadContext, event: int, before: dict[str, str | int]) -> Screen | None:
    """What is different now; unless it was changed back, or the reader no longer thinks of coming."""
    card = await _card(ctx, event)
    if card is None or not card.is_open or card.answer not in events.COMING:
        return None
    old = Snapshot(
        title=str(before["title"]),
        place=str(before["place"]),
        zone=str(before["zone"]),
        starts_at=datetime.fromisoformat(str(before["starts_at"])),
        ends_at=datetime.fromisoformat(str(before["ends_at"])),
        capacity=int(before["capacity"]),
    )
    rows = notice_screens.differences(old, card.event, ctx.t, ctx.zone)
    if not rows:
        return None
    return await _with_calendar(ctx, card, notice_screens.changed(card, rows, ctx.t))


@notice(
    "event.cancelled",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    urgent=_soon,
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_start,
)
async def cancelled(ctx: ReadContext, event: int) -> Screen | None:
    """It will not take place; nothing to say once its end has passed."""
    card = await _card(ctx, event)
    if card is None or card.event.status is not EventStatus.CANCELLED or card.event.ends_at <= ctx.now:
        return None
    return await _with_calendar(ctx, card, notice_screens.cancelled(card.event, ctx.t, ctx.zone))


@notice("event.proposal", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def proposal(ctx: ReadContext, event: int) -> Tell | None:
    """A member proposes an event; unless a colleague has decided already."""
    card = await _card(ctx, event)
    if card is None or card.event.status is not EventStatus.PROPOSED or not ctx.may(Permission.STAFF):
        return None
    return Tell(staff_screens.proposal(card, ctx.t), card=CardKey(PROPOSAL_CARD, event))


@notice("event.approved", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def approved(ctx: ReadContext, event: int) -> Tell | None:
    """The reader's proposal is published."""
    card = await _card(ctx, event)
    if card is None or not card.is_open:
        return None
    return Tell(notice_screens.approved(card, ctx.t), card=card_key(event))


@notice("event.declined", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def declined(ctx: ReadContext, event: int) -> Screen | None:
    """The reader's proposal is not published."""
    card = await _card(ctx, event)
    if card is None or card.event.status is not EventStatus.DECLINED:
        return None
    return notice_screens.declined(card.event, ctx.t)
