"""A meeting taken up for a change: held, its arrow checked, its step logged, and both sides told.

Whatever books first holds the mission's row, so that simultaneous taps follow each other; the bookings' unique
constraints hold even where a lock is forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, refresh_card
from handlers.conversation.permissions import Permission
from handlers.meetings.reading import meeting_for
from handlers.meetings.rules import check_arrow, is_over
from storage.engine import lock
from storage.enums import BOOKED_MEETINGS, MeetingStatus
from storage.models import Meeting, MeetingOffer, MeetingParty, Mission
from storage.queries import meetings
from storage.queries.meetings import Step


@dataclass(frozen=True, slots=True)
class Said:
    """What a tap did, in a sentence for who tapped; ``done`` is false where it changed nothing."""

    text: str
    done: bool = True


@dataclass(slots=True)
class Case:
    """A meeting held for a change: the side that answers, the other, and what is on offer.

    ``on_behalf`` is the id of the person for whom staff answer, or ``None``.
    """

    meeting: Meeting
    mine: MeetingParty
    other: MeetingParty
    offer: MeetingOffer | None
    on_behalf: int | None

    @property
    def is_booked(self) -> bool:
        """Whether it has a time that holds."""
        return self.meeting.status in BOOKED_MEETINGS


async def hold_meeting(ctx: ReadContext, meeting_id: int) -> Meeting:
    """The meeting, with its mission's row held until the end of the transaction."""
    meeting = await meeting_for(ctx, meeting_id)
    await lock(ctx.session, Mission, Mission.id, meeting.mission_id)
    return await meeting_for(ctx, meeting_id)


async def hold(ctx: Context, meeting_id: int, person_id: int = 0) -> Case:
    """Take up a meeting for an answer of one side: the reader's own, or that of ``person_id``, for whom staff answer.

    Raises:
        Refusal: there is no such meeting, or the reader has no part in it.
    """
    meeting = await hold_meeting(ctx, meeting_id)
    parties = {party.person_id: party for party in await meetings.parties_of(ctx.session, meeting.id)}
    side = person_id or ctx.me.id
    if len(parties) != 2 or side not in parties or (side != ctx.me.id and not ctx.may(Permission.MISSION)):
        raise Refusal(ctx.t("This is not your meeting. Write /meetings to see yours."))
    mine = parties.pop(side)
    (other,) = parties.values()
    offer = await meetings.offer_of(ctx.session, meeting.id)
    return Case(meeting, mine, other, offer, side if side != ctx.me.id else None)


async def go(ctx: Context, case: Case, became: MeetingStatus, reason: str, *, timed: bool = False) -> int:
    """Move a meeting along an arrow: the one way there is. Returns the step's id.

    Raises:
        ArrowError: no such arrow is drawn.
    """
    check_arrow(case.meeting.status, became)
    step = Step(by=ctx.me.id, at=ctx.now, on_behalf=case.on_behalf, reason=reason)
    if timed:
        case.meeting.sequence += 1
        case.meeting.timed_at = ctx.now
    number = await meetings.write_step(ctx.session, case.meeting, became, step)
    await refresh(ctx, case.meeting.id)
    return number


async def end(ctx: Context, meeting: Meeting, became: MeetingStatus, reason: str, on_behalf: int | None) -> int:
    """End a meeting along an arrow and give back what it held. Returns the step's id.

    Raises:
        ArrowError: no such arrow is drawn.
    """
    check_arrow(meeting.status, became)
    step = Step(by=ctx.me.id, at=ctx.now, on_behalf=on_behalf, reason=reason)
    number = await meetings.end(ctx.session, meeting, became, step)
    await refresh(ctx, meeting.id)
    return number


async def refresh(ctx: Context, meeting_id: int) -> None:
    """Redraw every message that shows the meeting, but the one that is redrawn in answer to the press."""
    await refresh_card(ctx, CardKey("meeting", meeting_id), but=ctx.event.message if ctx.event.private else None)


async def tell(
    ctx: ReadContext, step: int, person_id: int, kind: str, meeting: Meeting, extra: Mapping[str, object] | None = None
) -> None:
    """Queue a notice about a step for one side; a step is told once."""
    data = {"meeting": meeting.id, **(extra or {})}
    await notify(ctx, person_id, kind, dedup=f"{kind}:{step}:{person_id}", data=data)


async def tell_represented(ctx: Context, case: Case, step: int) -> None:
    """Tell the side for whom staff answered."""
    if case.on_behalf is not None:
        await tell(ctx, step, case.on_behalf, "meeting.answered_for", case.meeting, {"by": ctx.me.id})


def closed_because(ctx: ReadContext, case: Case, *, late: bool = False) -> Said | None:
    """Why there is nothing to answer (any more), or ``None``. ``late``: what can be said after the old time, too."""
    if is_over(case.meeting.status):
        return Said(ctx.t("This meeting is over or was called off."), done=False)
    if not case.is_booked or case.meeting.slot is None:
        return Said(ctx.t("This meeting has no time yet. I'll write to you as soon as there is one."), done=False)
    if case.meeting.slot.starts_at <= ctx.now and not late:
        return Said(ctx.t("This meeting has begun, so answers are closed."), done=False)
    return None
