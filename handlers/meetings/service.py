"""What the two sides say to a meeting, and those who run meetings for them: every answer, and every end."""

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.notify import notify_all
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.meetings.cases import Case, Said, closed_because, end, go, hold, hold_meeting, tell, tell_represented
from handlers.meetings.proposing import times_for
from handlers.meetings.rules import FreeTime, NoTime, is_over, status_after
from storage.enums import BOOKED_MEETINGS, MeetingStatus, PartyAnswer
from storage.models import Meeting, MeetingOffer, MeetingParty
from storage.queries import meetings, people

# Answering


async def confirm(ctx: Context, meeting_id: int, slot_id: int, person_id: int = 0) -> Said:
    """Say yes to the time that stands; ``slot_id`` is the one that was shown."""
    case = await hold(ctx, meeting_id, person_id)
    closed = closed_because(ctx, case)
    if closed is not None:
        return closed
    if case.meeting.slot_id != slot_id:
        return Said(ctx.t("The time has changed meanwhile. Here is the meeting as it is now."), done=False)
    if case.offer is not None and case.offer.by_person_id != case.mine.person_id:
        return await _keep(ctx, case, case.offer)
    if case.offer is not None:
        await _take_back(ctx, case.offer, case.mine, case.meeting)
    elif case.mine.answer is PartyAnswer.YES:
        return Said(ctx.t("You have confirmed already."), done=False)
    case.mine.answer, case.mine.answered_at = PartyAnswer.YES, ctx.now
    was = case.meeting.status
    became = status_after((case.mine.answer, case.other.answer))
    step = await go(ctx, case, became, "confirmed")
    await tell_represented(ctx, case, step)
    slot = {"slot": slot_id}
    if case.offer is not None:
        await tell(ctx, step, case.other.person_id, "meeting.stays", case.meeting, slot)
    if became is not MeetingStatus.CONFIRMED:
        return Said(ctx.t("Thank you! I'll write to you when the other side has confirmed too."))
    if was is not MeetingStatus.CONFIRMED:
        await tell(ctx, step, case.other.person_id, "meeting.confirmed", case.meeting, slot)
        if case.on_behalf is not None:
            await tell(ctx, step, case.on_behalf, "meeting.confirmed", case.meeting, slot)
    return Said(ctx.t("Confirmed by both. See you there!"))


async def _take_back(ctx: ReadContext, offer: MeetingOffer, asker: MeetingParty, meeting: Meeting) -> None:
    """Drop another time that was asked for: the old one holds, and what the asker said to it before."""
    await meetings.drop_offer(ctx.session, offer)
    confirmed = meeting.status is MeetingStatus.CONFIRMED
    asker.answer = PartyAnswer.YES if confirmed else PartyAnswer.PENDING


async def times(ctx: Context, meeting_id: int, person_id: int = 0) -> tuple[Said | None, list[FreeTime]]:
    """Other times at which both are free; with a sentence instead where none can be asked for now."""
    case = await hold(ctx, meeting_id, person_id)
    closed = closed_because(ctx, case) or _asked_already(ctx, case)
    if closed is not None:
        return closed, []
    found = await times_for(ctx, case.meeting, (case.mine.person_id, case.other.person_id))
    return None, [] if isinstance(found, NoTime) else found


def _asked_already(ctx: ReadContext, case: Case) -> Said | None:
    if case.offer is None or case.offer.by_person_id == case.mine.person_id:
        return None
    return Said(ctx.t("The other side has asked for another time already. Please answer that first."), done=False)


async def offer(ctx: Context, meeting_id: int, slot_id: int, person_id: int = 0) -> Said:
    """Ask for another time. It is held at once; the old one holds too, until the other side accepts.

    Raises:
        Refusal: the time was taken meanwhile.
    """
    case = await hold(ctx, meeting_id, person_id)
    closed = closed_because(ctx, case) or _asked_already(ctx, case)
    if closed is not None:
        return closed
    if case.offer is not None:
        if case.offer.slot_id == slot_id:
            return Said(ctx.t("You have asked for this time already."), done=False)
        await _take_back(ctx, case.offer, case.mine, case.meeting)
    sides = (case.mine.person_id, case.other.person_id)
    found = await times_for(ctx, case.meeting, sides)
    chosen = next((one for one in found if one.slot.id == slot_id), None) if isinstance(found, list) else None
    if chosen is None:
        raise Refusal(ctx.t("This time is no longer free. Please choose another."))
    await meetings.book(ctx.session, case.meeting.id, slot_id=slot_id, table_id=chosen.table_id, people=sides)
    ctx.session.add(
        MeetingOffer(
            meeting_id=case.meeting.id,
            slot_id=slot_id,
            table_id=chosen.table_id,
            by_person_id=case.mine.person_id,
            created_at=ctx.now,
        )
    )
    case.mine.answer, case.mine.answered_at = PartyAnswer.ANOTHER_TIME, ctx.now
    step = await go(ctx, case, case.meeting.status, "asked for another time")
    await tell(ctx, step, case.other.person_id, "meeting.asked", case.meeting, {"slot": slot_id})
    await tell_represented(ctx, case, step)
    return Said(ctx.t("Asked. The old time holds until the other side answers."))


async def _offered(
    ctx: Context, meeting_id: int, slot_id: int, person_id: int, *, late: bool = False
) -> tuple[Case, MeetingOffer] | Said:
    """The meeting with the other side's offer of that slot, or what to say where there is none (any more)."""
    case = await hold(ctx, meeting_id, person_id)
    closed = closed_because(ctx, case, late=late)
    if closed is not None:
        return closed
    if case.offer is None or case.offer.slot_id != slot_id:
        agreed = case.meeting.slot_id == slot_id
        text = (
            ctx.t("This is your meeting's time already.") if agreed else ctx.t("This time is no longer on the table.")
        )
        return Said(text, done=False)
    if case.offer.by_person_id == case.mine.person_id:
        return Said(ctx.t("You asked for this time yourself: the other side answers."), done=False)
    return case, case.offer


async def accept(ctx: Context, meeting_id: int, slot_id: int, person_id: int = 0) -> Said:
    """Accept the time that the other side asked for: the meeting moves, the old time is free.

    That can still be said when the old time has passed and the new one has not.
    """
    found = await _offered(ctx, meeting_id, slot_id, person_id, late=True)
    if isinstance(found, Said):
        return found
    case, accepted = found
    new = await meetings.find_slot(ctx.session, slot_id)
    if new is None or new.starts_at <= ctx.now:
        return Said(ctx.t("That time has passed. Please ask for another."), done=False)
    meeting = case.meeting
    if meeting.slot_id is not None:
        await meetings.free_bookings(ctx.session, meeting.id, slot_id=meeting.slot_id)
    meeting.slot_id, meeting.table_id = accepted.slot_id, accepted.table_id
    await ctx.session.delete(accepted)
    for party in (case.mine, case.other):
        party.answer, party.answered_at = PartyAnswer.YES, ctx.now
    step = await go(ctx, case, MeetingStatus.CONFIRMED, "moved to another time", timed=True)
    await tell(ctx, step, case.other.person_id, "meeting.moved", meeting, {"slot": slot_id})
    await tell_represented(ctx, case, step)
    return Said(ctx.t("Agreed. Your meeting has moved."))


async def keep(ctx: Context, meeting_id: int, slot_id: int, person_id: int = 0) -> Said:
    """Keep the old time: the one that was asked for is free again."""
    found = await _offered(ctx, meeting_id, slot_id, person_id)
    return found if isinstance(found, Said) else await _keep(ctx, *found)


async def _keep(ctx: Context, case: Case, dropped: MeetingOffer) -> Said:
    await _take_back(ctx, dropped, case.other, case.meeting)
    case.mine.answer, case.mine.answered_at = PartyAnswer.YES, ctx.now
    step = await go(ctx, case, case.meeting.status, "kept the old time")
    slot = {"slot": case.meeting.slot_id}
    await tell(ctx, step, case.other.person_id, "meeting.kept", case.meeting, slot)
    await tell_represented(ctx, case, step)
    return Said(ctx.t("The old time stands. The other side is told."))


# Ending


async def decline(ctx: Context, meeting_id: int, reason: str, person_id: int = 0) -> Said:
    """Not at all: the meeting is off, its time is free, the other side and those who run meetings are told."""
    case = await hold(ctx, meeting_id, person_id)
    if is_over(case.meeting.status):
        return Said(ctx.t("This meeting is over or was called off."), done=False)
    begun = case.meeting.slot is not None and case.is_booked and case.meeting.slot.starts_at <= ctx.now
    if begun and case.offer is None:
        return Said(ctx.t("This meeting has begun, so answers are closed."), done=False)
    case.mine.answer, case.mine.answered_at = PartyAnswer.NO, ctx.now
    step = await end(ctx, case.meeting, MeetingStatus.CANCELLED, reason, case.on_behalf)
    await tell(ctx, step, case.other.person_id, "meeting.cancelled", case.meeting)
    if case.on_behalf is not None:
        await tell(ctx, step, case.on_behalf, "meeting.cancelled", case.meeting)
    await _tell_leads(ctx, step, case.meeting, {case.mine.person_id, case.other.person_id})
    return Said(ctx.t("It's off, and the other side is told kindly."))


async def _tell_leads(ctx: Context, step: int, meeting: Meeting, sides: set[int]) -> None:
    leads = await people.people_with(ctx.session, sorted(ROLES_FOR[Permission.MISSION]))
    await notify_all(
        ctx,
        [person for person in leads if person != ctx.me.id and person not in sides],
        "meeting.lost",
        dedup=lambda person: f"meeting.lost:{step}:{person}",
        data={"meeting": meeting.id, "step": step},
    )


async def call_off(ctx: Context, meeting_id: int, reason: str) -> Said:
    """Call a meeting off, for those who run meetings; both sides are told.

    Raises:
        Refusal: there is no such meeting.
    """
    meeting = await hold_meeting(ctx, meeting_id)
    if is_over(meeting.status):
        return Said(ctx.t("This meeting is over or was called off."), done=False)
    parties = await meetings.parties_of(ctx.session, meeting.id)
    had_time = meeting.status in BOOKED_MEETINGS
    step = await end(ctx, meeting, MeetingStatus.CANCELLED, reason, None)
    for party in parties if had_time else ():
        await tell(ctx, step, party.person_id, "meeting.cancelled", meeting)
    return Said(ctx.t("It's off, and both sides are told."))


async def settle(ctx: Context, meeting_id: int, *, held: bool) -> Said:
    """Write down whether a confirmed meeting took place."""
    meeting = await hold_meeting(ctx, meeting_id)
    if meeting.status is not MeetingStatus.CONFIRMED or meeting.slot is None:
        return Said(ctx.t("Only a confirmed meeting can have taken place."), done=False)
    if meeting.slot.starts_at > ctx.now:
        return Said(ctx.t("This meeting has not begun yet."), done=False)
    parties = await meetings.parties_of(ctx.session, meeting.id)
    case = Case(meeting, parties[0], parties[1], None, None)
    await go(ctx, case, MeetingStatus.HELD if held else MeetingStatus.NOT_HELD, "")
    return Said(ctx.t("Noted."))
