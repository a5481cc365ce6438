"""What the organisers do: publish, propose, decide, change, cancel, set reminders. Each tells those it concerns."""

from dataclasses import dataclass
from uuid import uuid4

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.event import CardKey, MessageRef
from handlers.conversation.notify import notify, notify_all, post_card, redraw_mentions, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.events.notice_screens import Snapshot
from handlers.events.rules import (
    CALENDAR_FIELDS,
    DEFAULT_REMINDERS,
    TOLD_TO_ALL,
    Closed,
    Details,
    changed_fields,
    why_closed,
)
from handlers.events.service import PROPOSAL_CARD, card_key, closed_text, gone, promote
from storage.engine import lock
from storage.enums import Answer, EventStatus, SubjectKind
from storage.models import AuditEntry, CommunityEvent
from storage.queries import events
from storage.queries.people import people_with
from storage.queries.search_index import reindex


class TooFewPlacesError(ValueError):
    """More people are going already than there would be places; the argument is how many are."""

    def __init__(self, going: int) -> None:
        super().__init__(going)
        self.going = going


@dataclass(frozen=True, slots=True)
class Outcome:
    """An event after a step of its organisers, and how many people are told of it."""

    event: CommunityEvent
    told: int = 0


def details_of(event: CommunityEvent) -> Details:
    """What the organiser said about it."""
    return Details(
        title=event.title,
        description=event.description,
        place=event.place,
        link=event.link,
        zone=event.zone,
        starts_wall=event.starts_wall,
        ends_wall=event.ends_wall,
        capacity=event.capacity,
        language=event.language,
    )


def snapshot_data(event: CommunityEvent) -> dict[str, object]:
    """What people are told of a change, as it was before; in JSON's types."""
    return {
        "title": event.title,
        "place": event.place,
        "zone": event.zone,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "capacity": event.capacity,
    }


def snapshot_of(event: CommunityEvent) -> Snapshot:
    """What people are told of a change, as it is."""
    return Snapshot(
        title=event.title,
        place=event.place,
        zone=event.zone,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=event.capacity,
    )


def _audit(ctx: ReadContext, action: str, event: CommunityEvent, reason: str = "") -> None:
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action=action,
            subject_kind=SubjectKind.EVENT,
            subject_id=event.id,
            reason=reason,
        )
    )


async def _locked(ctx: ReadContext, event_id: int) -> CommunityEvent:
    event = await lock(ctx.session, CommunityEvent, CommunityEvent.id, event_id)
    if event is None:
        raise gone(ctx)
    return event


async def _added(ctx: ReadContext, details: Details, status: EventStatus) -> CommunityEvent:
    event = CommunityEvent(
        uid=str(uuid4()),
        sequence=0,
        title=details.title,
        description=details.description,
        place=details.place,
        link=details.link,
        zone=details.zone,
        starts_wall=details.starts_wall,
        ends_wall=details.ends_wall,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        capacity=details.capacity,
        language=details.language,
        status=status,
        cancel_reason="",
        organiser_id=ctx.me.id,
        created_at=ctx.now,
    )
    ctx.session.add(event)
    await ctx.session.flush()
    await events.set_reminders(ctx.session, event.id, DEFAULT_REMINDERS)
    return event


async def publish_new(ctx: ReadContext, details: Details) -> Outcome:
    """Put a new event in the calendar: its card goes to the channels, an invitation to the members."""
    event = await _added(ctx, details, EventStatus.PUBLISHED)
    return Outcome(event, await _published(ctx, event))


async def _published(ctx: ReadContext, event: CommunityEvent) -> int:
    event.status, event.published_at = EventStatus.PUBLISHED, ctx.now
    _audit(ctx, "event.publish", event)
    await reindex(ctx.session, SubjectKind.EVENT, [event.id])
    for channel in ctx.community.channels:
        dedup = f"event-post:{event.id}:{channel.platform}:{channel.chat}"
        await post_card(ctx, card_key(event.id), channel, dedup=dedup[:80])
    invited = await events.members_but(ctx.session, {ctx.me.id, event.organiser_id or 0})
    return await notify_all(
        ctx,
        invited,
        "event.invitation",
        dedup=lambda person: f"event-invited:{event.id}:{person}",
        data={"event": event.id},
    )


async def propose(ctx: ReadContext, details: Details) -> Outcome:
    """Ask the staff to publish an event."""
    event = await _added(ctx, details, EventStatus.PROPOSED)
    staff = await people_with(ctx.session, sorted(ROLES_FOR[Permission.STAFF]))
    told = await notify_all(
        ctx,
        [person for person in staff if person != ctx.me.id],
        "event.proposal",
        dedup=lambda person: f"event-proposed:{event.id}:{person}",
        data={"event": event.id},
    )
    return Outcome(event, told)


async def _proposed(ctx: ReadContext, event_id: int) -> CommunityEvent:
    event = await _locked(ctx, event_id)
    if event.status is not EventStatus.PROPOSED:
        raise Refusal(already_decided(ctx, event))
    return event


def already_decided(ctx: ReadContext, event: CommunityEvent) -> str:
    """What is said to the second of two who decide on the same proposal."""
    if event.status is EventStatus.DECLINED:
        return ctx.t("This proposal was already declined.")
    return ctx.t("This proposal was already published.")


async def approve(ctx: ReadContext, event_id: int, *, pressed: MessageRef | None = None) -> Outcome:
    """Publish what a member proposed and tell them.

    Raises:
        Refusal: it is gone, decided already, or its start has passed.
    """
    event = await _proposed(ctx, event_id)
    if event.starts_at <= ctx.now:
        raise Refusal(ctx.t("Its start has passed: give it a new date before publishing it."))
    told = await _published(ctx, event)
    if event.organiser_id is not None and event.organiser_id != ctx.me.id:
        dedup = f"event-approved:{event.id}"
        await notify(ctx, event.organiser_id, "event.approved", dedup=dedup, data={"event": event.id})
    await _refresh(ctx, event, pressed)
    return Outcome(event, told)


async def decline(ctx: ReadContext, event_id: int, reason: str) -> Outcome:
    """Do not publish what a member proposed, and tell them why.

    Raises:
        Refusal: it is gone or decided already.
    """
    event = await _proposed(ctx, event_id)
    event.status, event.cancel_reason = EventStatus.DECLINED, reason
    _audit(ctx, "event.decline", event, reason)
    told = False
    if event.organiser_id is not None:
        dedup = f"event-declined:{event.id}"
        told = await notify(ctx, event.organiser_id, "event.declined", dedup=dedup, data={"event": event.id})
    await _refresh(ctx, event)
    return Outcome(event, int(told))


async def _refresh(ctx: ReadContext, event: CommunityEvent, pressed: MessageRef | None = None) -> None:
    await reindex(ctx.session, SubjectKind.EVENT, [event.id])
    await ctx.session.flush()
    await refresh_card(ctx, card_key(event.id), but=pressed)
    await refresh_card(ctx, CardKey(PROPOSAL_CARD, event.id), but=pressed)
    await redraw_mentions(ctx, card_key(event.id))


def check_editable(ctx: ReadContext, event: CommunityEvent) -> None:
    """That an event can still be changed: a proposal always, a published one until it starts.

    Raises:
        Refusal: it cannot.
    """
    if event.status is EventStatus.PROPOSED:
        return
    match why_closed(event.status, event.starts_at, ctx.now):
        case Closed.STARTED:
            raise Refusal(ctx.t("This event has started and can't be changed any more."))
        case Closed.CANCELLED:
            raise Refusal(ctx.t("This event is cancelled. Use it as a model for a new one."))
        case Closed.NOT_OPEN as why:
            raise Refusal(closed_text(ctx, why))
        case None:
            return


async def change(ctx: ReadContext, event_id: int, details: Details) -> Outcome:
    """Change an event: its cards are redrawn everywhere, and those whom it concerns read old → new.

    More places take in those who wait. A change of the places alone is told to those who wait or say maybe.

    Raises:
        Refusal: it is gone, cancelled or has started.
        TooFewPlacesError: more people are going than there would be places.
    """
    event = await _locked(ctx, event_id)
    check_editable(ctx, event)
    different = changed_fields(details_of(event), details)
    if not different:
        return Outcome(event)
    going = (await events.tally(ctx.session, event_id)).going
    if "capacity" in different and 0 < details.capacity < going:
        raise TooFewPlacesError(going)
    before, published = snapshot_data(event), event.status is EventStatus.PUBLISHED
    if published and details.starts_at != event.starts_at:
        event.moved_at = ctx.now
    for name in different:
        setattr(event, name, getattr(details, name))
    event.starts_at, event.ends_at = details.starts_at, details.ends_at
    if published and different & (CALENDAR_FIELDS | {"capacity"}):
        event.sequence += 1
    _audit(ctx, "event.edit", event)
    told = await _tell_change(ctx, event, different, before) if published else 0
    await _refresh(ctx, event)
    return Outcome(event, told)


async def _tell_change(
    ctx: ReadContext, event: CommunityEvent, different: frozenset[str], before: dict[str, object]
) -> int:
    await ctx.session.flush()
    moved_up = await promote(ctx, event) if "capacity" in different else []
    if different & TOLD_TO_ALL:
        concerned: tuple[Answer, ...] = events.COMING
    elif "capacity" in different:
        concerned = (Answer.MAYBE, Answer.WAITING)
    else:
        return len(moved_up)
    # Those who moved up read the new details in the news of their place.
    left_out = {ctx.me.id, *moved_up}
    people = [one for one in await events.people_who_said(ctx.session, event.id, concerned) if one not in left_out]
    told = await notify_all(
        ctx,
        people,
        "event.changed",
        dedup=lambda person: f"event-changed:{event.id}:{event.sequence}:{person}",
        data={"event": event.id, "before": before},
    )
    return told + len(moved_up)


async def cancel(ctx: ReadContext, event_id: int, reason: str) -> Outcome:
    """Call an event off: its cards say so, and everybody who thought of coming reads why.

    Raises:
        Refusal: it is gone, cancelled already or has started.
    """
    event = await _locked(ctx, event_id)
    check_editable(ctx, event)
    if event.status is EventStatus.PROPOSED:
        raise Refusal(closed_text(ctx, Closed.NOT_OPEN))
    event.status, event.cancel_reason = EventStatus.CANCELLED, reason
    event.sequence += 1
    _audit(ctx, "event.cancel", event, reason)
    people = await events.people_who_said(ctx.session, event.id, events.COMING)
    told = await notify_all(
        ctx,
        [person for person in people if person != ctx.me.id],
        "event.cancelled",
        dedup=lambda person: f"event-cancelled:{event.id}:{person}",
        data={"event": event.id},
    )
    await _refresh(ctx, event)
    return Outcome(event, told)


async def set_reminders(ctx: ReadContext, event_id: int, minutes: list[int]) -> Outcome:
    """Choose when people are reminded, in minutes before the start.

    Raises:
        Refusal: the event is gone, cancelled or has started.
    """
    event = await _locked(ctx, event_id)
    check_editable(ctx, event)
    await events.set_reminders(ctx.session, event_id, minutes)
    _audit(ctx, "event.reminders", event)
    return Outcome(event)
