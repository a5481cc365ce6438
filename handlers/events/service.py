"""Looking at events and answering them: read, decide, write, tell."""

from dataclasses import dataclass

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.event import CardKey, MessageRef
from handlers.conversation.notify import notify_all, refresh_card
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import File
from handlers.events.calendar_file import calendar_file
from handlers.events.rules import Closed, decide, free_places, why_closed
from handlers.events.screens import EVENTS_A_PAGE, EventCard, EventList
from storage.engine import lock
from storage.enums import Answer, EventStatus
from storage.models import CommunityEvent, EventAnswer
from storage.queries import events

EVENT_CARD = "event"
"""The kind of the card that members see."""
PROPOSAL_CARD = "event_proposal"
"""The kind of the card on which the staff decide."""
OPEN_TO_ALL = frozenset({EventStatus.PUBLISHED, EventStatus.CANCELLED})
"""What everybody may look at; the rest is for its author and the staff."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer; ``position`` is the place in the waiting list, from 1."""

    answer: Answer
    position: int = 0


def card_key(event_id: int) -> CardKey:
    """The live card of an event."""
    return CardKey(EVENT_CARD, event_id)


def gone(ctx: ReadContext) -> Refusal:
    """The answer to a button of an event that is not there."""
    return Refusal(ctx.t("This event is no longer here. Write “events” to see what is coming up."))


async def find(ctx: ReadContext, event_id: int) -> CommunityEvent:
    """The event, if the reader may see it.

    Raises:
        Refusal: there is none, or it is not for them.
    """
    event = await events.find_event(ctx.session, event_id)
    if event is None or not _may_see(ctx, event):
        raise gone(ctx)
    return event


def _may_see(ctx: ReadContext, event: CommunityEvent) -> bool:
    if event.status in OPEN_TO_ALL or ctx.may(Permission.STAFF):
        return True
    return ctx.person is not None and event.organiser_id == ctx.person.id


async def card_of(ctx: ReadContext, event: CommunityEvent) -> EventCard:
    """What the event's card shows to this reader. The event must have been read with its organiser."""
    own = await events.answer_of(ctx.session, event.id, ctx.person.id) if ctx.person else None
    waits = own is not None and own.answer is Answer.WAITING
    return EventCard(
        event=event,
        organiser=event.organiser.name if event.organiser else "",
        tally=await events.tally(ctx.session, event.id),
        now=ctx.now,
        zone=ctx.zone,
        personal=ctx.person is not None,
        answer=own.answer if own else None,
        position=await events.waiting_position(ctx.session, own) if own is not None and waits else 0,
        manages=ctx.may(Permission.STAFF),
    )


async def coming_up(ctx: ReadContext, page: int) -> EventList:
    """A page of upcoming events; a page that is not there gives the nearest that is."""
    pages = _pages(await events.count_upcoming(ctx.session, ctx.now))
    page = min(max(page, 0), pages - 1)
    found = await events.upcoming(ctx.session, ctx.now, offset=page * EVENTS_A_PAGE, most=EVENTS_A_PAGE)
    own = await events.answers_of(ctx.session, [event.id for event in found], ctx.me.id)
    staff = ctx.may(Permission.STAFF)
    return EventList(
        rows=[(event, own.get(event.id)) for event in found],
        page=page,
        pages=pages,
        zone=ctx.zone,
        manages=staff,
        proposes=ctx.may(Permission.MEMBER),
        proposals=len(await events.proposed(ctx.session)) if staff else 0,
    )


async def mine(ctx: ReadContext, page: int) -> EventList:
    """A page of the events that the reader thinks of coming to, and of their own open proposals."""
    found = await events.mine(ctx.session, ctx.me.id, ctx.now)
    pages = _pages(len(found))
    page = min(max(page, 0), pages - 1)
    shown = found[page * EVENTS_A_PAGE : (page + 1) * EVENTS_A_PAGE]
    return EventList(rows=shown, page=page, pages=pages, zone=ctx.zone)


def _pages(number: int) -> int:
    return max(1, -(-number // EVENTS_A_PAGE))


async def calendar_of(ctx: ReadContext, event: CommunityEvent) -> File:
    """The event's calendar file as of now."""
    reminders = await events.reminders_of(ctx.session, event.id)
    return calendar_file(event, ctx.community, reminders=reminders, stamp=ctx.now)


def closed_text(ctx: ReadContext, why: Closed) -> str:
    """Why no answer is taken, in words."""
    match why:
        case Closed.CANCELLED:
            return ctx.t("This event was cancelled, so there is nothing to answer any more.")
        case Closed.STARTED:
            return ctx.t("This event has already started, so answers are closed.")
        case Closed.NOT_OPEN:
            return ctx.t("This event is not published yet.")


async def answer(ctx: ReadContext, event_id: int, asked: Answer, *, pressed: MessageRef | None = None) -> Answered:
    """Take the reader's answer; a place that becomes free goes to the first who waits.

    Args:
        ctx: the reader; its session is in a writing transaction.
        event_id: which event.
        asked: the button.
        pressed: the copy of the card that is redrawn in answer; the others are refreshed.

    Raises:
        Refusal: the event is gone, or takes no answers.
    """
    event = await lock(ctx.session, CommunityEvent, CommunityEvent.id, event_id)
    if event is None or not _may_see(ctx, event):
        raise gone(ctx)
    why = why_closed(event.status, event.starts_at, ctx.now)
    if why is not None:
        raise Refusal(closed_text(ctx, why))
    own = await events.answer_of(ctx.session, event_id, ctx.me.id)
    before = own.answer if own else None
    tally = await events.tally(ctx.session, event_id)
    given = decide(asked, before, going=tally.going, waiting=tally.waiting, capacity=event.capacity)
    if own is None or given is not before:
        since = await events.end_of_waiting(ctx.session, event_id, ctx.now) if given is Answer.WAITING else ctx.now
        if own is None:
            own = EventAnswer(event_id=event_id, person_id=ctx.me.id, answer=given, asked_at=since)
            ctx.session.add(own)
        else:
            own.answer, own.asked_at = given, since
        await ctx.session.flush()
        if before is Answer.GOING:
            await promote(ctx, event)
        await refresh_card(ctx, card_key(event_id), but=pressed)
    if given is Answer.WAITING:
        return Answered(given, await events.waiting_position(ctx.session, own))
    return Answered(given)


async def promote(ctx: ReadContext, event: CommunityEvent) -> list[int]:
    """Give the free places to those who wait, in their order, and tell them. The event must be locked.

    Returns who moved up.
    """
    tally = await events.tally(ctx.session, event.id)
    free = free_places(event.capacity, tally.going)
    turn = await events.first_waiting(ctx.session, event.id, tally.waiting if free is None else free)
    for own in turn:
        own.answer, own.asked_at = Answer.GOING, ctx.now
    await ctx.session.flush()
    people = [own.person_id for own in turn]
    # No dedup key: the same person may move up again after giving the place away.
    await notify_all(ctx, people, "event.promoted", data={"event": event.id})
    return people
