"""Every change of a meeting: the arrow checked, the step logged, bookings taken and given back, both sides told.

Whatever books first holds the mission's row, so that simultaneous taps follow each other; the bookings' unique
constraints hold even where a lock is forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.meetings.reading import meeting_for, mission_for
from handlers.meetings.rules import FreeTime, NoTime, SlotTime, check_arrow, free_times, is_over, status_after
from storage.engine import lock
from storage.enums import BOOKED_MEETINGS, MeetingStatus, PartyAnswer
from storage.models import Meeting, MeetingOffer, MeetingParty, Mission
from storage.queries import meetings, people
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


async def _hold(ctx: ReadContext, meeting_id: int) -> Meeting:
    """The meeting, with its mission's row held until the end of the transaction."""
    meeting = await meeting_for(ctx, meeting_id)
    await lock(ctx.session, Mission, Mission.id, meeting.mission_id)
    return await meeting_for(ctx, meeting_id)


async def hold(ctx: Context, meeting_id: int, person_id: int = 0) -> Case:
    """Take up a meeting for an answer of one side: the reader's own, or that of ``person_id``, for whom staff answer.

    Raises:
        Refusal: there is no such meeting, or the reader has no part in it.
    """
    meeting = await _hold(ctx, meeting_id)
    parties = {party.person_id: party for party in await meetings.parties_of(ctx.session, meeting.id)}
    side = person_id or ctx.me.id
    if len(parties) != 2 or side not in parties or (side != ctx.me.id and not ctx.may(Permission.MISSION)):
        raise Refusal(ctx.t("This is not your meeting. Write /meetings to see yours."))
    mine = parties.pop(side)
    (other,) = parties.values()
    offer = await meetings.offer_of(ctx.session, meeting.id)
    return Case(meeting, mine, other, offer, side if side != ctx.me.id else None)


async def _go(ctx: Context, case: Case, became: MeetingStatus, reason: str, *, timed: bool = False) -> int:
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
    await _refresh(ctx, case.meeting.id)
    return number


async def _end(ctx: Context, meeting: Meeting, became: MeetingStatus, reason: str, on_behalf: int | None) -> int:
    check_arrow(meeting.status, became)
    step = Step(by=ctx.me.id, at=ctx.now, on_behalf=on_behalf, reason=reason)
    number = await meetings.end(ctx.session, meeting, became, step)
    await _refresh(ctx, meeting.id)
    return number


async def _refresh(ctx: Context, meeting_id: int) -> None:
    await refresh_card(ctx, CardKey("meeting", meeting_id), but=ctx.event.message if ctx.event.private else None)


async def _tell(
    ctx: ReadContext, step: int, person_id: int, kind: str, meeting: Meeting, extra: Mapping[str, object] | None = None
) -> None:
    data = {"meeting": meeting.id, **(extra or {})}
    await notify(ctx, person_id, kind, dedup=f"{kind}:{step}:{person_id}", data=data)


async def _tell_represented(ctx: Context, case: Case, step: int) -> None:
    """Tell the side for whom staff answered."""
    if case.on_behalf is not None:
        await _tell(ctx, step, case.on_behalf, "meeting.answered_for", case.meeting, {"by": ctx.me.id})


def _cannot(ctx: ReadContext, case: Case, *, late: bool = False) -> Said | None:
    """Why there is nothing to answer (any more), or ``None``. ``late``: what can be said after the old time, too."""
    if is_over(case.meeting.status):
        return Said(ctx.t("This meeting is over or was called off."), done=False)
    if not case.is_booked or case.meeting.slot is None:
        return Said(ctx.t("This meeting has no time yet. I'll write to you as soon as there is one."), done=False)
    if case.meeting.slot.starts_at <= ctx.now and not late:
        return Said(ctx.t("This meeting has begun, so answers are closed."), done=False)
    return None


# Proposing


async def _free_times(ctx: ReadContext, meeting: Meeting, sides: tuple[int, int]) -> list[FreeTime] | NoTime:
    busy = await meetings.busy_times(ctx.session, sides)
    return free_times(
        [
            SlotTime(slot.id, (slot.starts_at, slot.ends_at))
            for slot in await meetings.slots_of(ctx.session, meeting.mission_id)
        ],
        now=ctx.now,
        busy=[one for spans in busy.values() for one in spans],
        tables=[table.id for table in await meetings.tables_of(ctx.session, meeting.mission_id)],
        tables_busy=await meetings.table_times(ctx.session, meeting.mission_id),
    )


async def propose(ctx: Context, mission_id: int, one: int, other: int, topic: str) -> tuple[Meeting, NoTime | None]:
    """Bring two people together at the first time at which both and a table are free, and ask both.

    Without such a time the meeting stays PROPOSED, and why is returned.

    Raises:
        Refusal: they cannot meet on this mission, or they do already.
    """
    mission = await mission_for(ctx, mission_id)
    await lock(ctx.session, Mission, Mission.id, mission.id)
    allowed = {person.id for person in await meetings.may_meet(ctx.session, mission.id)}
    if one == other or not {one, other} <= allowed:
        raise Refusal(ctx.t("These two can't meet: both must have a place in the B2B meetings of this mission."))
    if await meetings.live_between(ctx.session, mission.id, one, other) is not None:
        raise Refusal(ctx.t("These two have a meeting already. Write /meetings to see it."))
    meeting = Meeting(
        mission_id=mission.id,
        status=MeetingStatus.PROPOSED,
        topic=topic,
        sequence=0,
        proposed_by=ctx.me.id,
        created_at=ctx.now,
    )
    ctx.session.add(meeting)
    await ctx.session.flush()
    ctx.session.add_all(
        MeetingParty(meeting_id=meeting.id, person_id=person, answer=PartyAnswer.PENDING) for person in (one, other)
    )
    await meetings.write_first_step(ctx.session, meeting, Step(by=ctx.me.id, at=ctx.now))
    return meeting, await schedule(ctx, meeting.id)


async def schedule(ctx: Context, meeting_id: int) -> NoTime | None:
    """Give a proposed meeting its first free time and ask both sides; why not, when there is none.

    Raises:
        Refusal: it is not waiting for a time.
        sqlalchemy.exc.IntegrityError: somebody was faster; the router runs the transaction again.
    """
    meeting = await _hold(ctx, meeting_id)
    parties = await meetings.parties_of(ctx.session, meeting.id)
    if meeting.status is not MeetingStatus.PROPOSED or len(parties) != 2:
        raise Refusal(ctx.t("This meeting is not waiting for a time (any more)."))
    sides = (parties[0].person_id, parties[1].person_id)
    found = await _free_times(ctx, meeting, sides)
    if isinstance(found, NoTime):
        return found
    first = found[0]
    await meetings.book(ctx.session, meeting.id, slot_id=first.slot.id, table_id=first.table_id, people=sides)
    meeting.slot_id, meeting.table_id = first.slot.id, first.table_id
    case = Case(meeting, parties[0], parties[1], None, None)
    step = await _go(ctx, case, MeetingStatus.SCHEDULED, "first free time", timed=True)
    for person_id in sides:
        await _tell(ctx, step, person_id, "meeting.proposed", meeting, {"slot": first.slot.id})
    return None


# Answering


async def confirm(ctx: Context, meeting_id: int, slot_id: int, person_id: int = 0) -> Said:
    """Say yes to the time that stands; ``slot_id`` is the one that was shown."""
    case = await hold(ctx, meeting_id, person_id)
    cannot = _cannot(ctx, case)
    if cannot is not None:
        return cannot
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
    step = await _go(ctx, case, became, "confirmed")
    await _tell_represented(ctx, case, step)
    slot = {"slot": slot_id}
    if case.offer is not None:
        await _tell(ctx, step, case.other.person_id, "meeting.stays", case.meeting, slot)
    if became is not MeetingStatus.CONFIRMED:
        return Said(ctx.t("Thank you! I'll write to you when the other side has confirmed too."))
    if was is not MeetingStatus.CONFIRMED:
        await _tell(ctx, step, case.other.person_id, "meeting.confirmed", case.meeting, slot)
        if case.on_behalf is not None:
            await _tell(ctx, step, case.on_behalf, "meeting.confirmed", case.meeting, slot)
    return Said(ctx.t("Confirmed by both. See you there!"))


async def _take_back(ctx: ReadContext, offer: MeetingOffer, asker: MeetingParty, meeting: Meeting) -> None:
    """Drop another time that was asked for: the old one holds, and what the asker said to it before."""
    await meetings.drop_offer(ctx.session, offer)
    confirmed = meeting.status is MeetingStatus.CONFIRMED
    asker.answer = PartyAnswer.YES if confirmed else PartyAnswer.PENDING


async def times(ctx: Context, meeting_id: int, person_id: int = 0) -> tuple[Said | None, list[FreeTime]]:
    """Other times at which both are free; with a sentence instead where none can be asked for now."""
    case = await hold(ctx, meeting_id, person_id)
    cannot = _cannot(ctx, case) or _asked_already(ctx, case)
    if cannot is not None:
        return cannot, []
    found = await _free_times(ctx, case.meeting, (case.mine.person_id, case.other.person_id))
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
    cannot = _cannot(ctx, case) or _asked_already(ctx, case)
    if cannot is not None:
        return cannot
    if case.offer is not None:
        if case.offer.slot_id == slot_id:
            return Said(ctx.t("You have asked for this time already."), done=False)
        await _take_back(ctx, case.offer, case.mine, case.meeting)
    sides = (case.mine.person_id, case.other.person_id)
    found = await _free_times(ctx, case.meeting, sides)
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
    step = await _go(ctx, case, case.meeting.status, "asked for another time")
    await _tell(ctx, step, case.other.person_id, "meeting.asked", case.meeting, {"slot": slot_id})
    await _tell_represented(ctx, case, step)
    return Said(ctx.t("Asked. The old time holds until the other side answers."))


async def _offered(
    ctx: Context, meeting_id: int, slot_id: int, person_id: int, *, late: bool = False
) -> tuple[Case, Said | None]:
    """The meeting with the other side's offer of that slot, or what to say where there is none (any more)."""
    case = await hold(ctx, meeting_id, person_id)
    cannot = _cannot(ctx, case, late=late)
    if cannot is None and (case.offer is None or case.offer.slot_id != slot_id):
        agreed = case.meeting.slot_id == slot_id
        text = (
            ctx.t("This is your meeting's time already.") if agreed else ctx.t("This time is no longer on the table.")
        )
        cannot = Said(text, done=False)
    elif cannot is None and case.offer is not None and case.offer.by_person_id == case.mine.person_id:
        cannot = Said(ctx.t("You asked for this time yourself: the other side answers."), done=False)
    return case, cannot


async def accept(ctx: Context, meeting_id: int, slot_id: int, person_id: int = 0) -> Said:
    """Accept the time that the other side asked for: the meeting moves, the old time is free.

    That can still be said when the old time has passed and the new one has not.
    """
    case, cannot = await _offered(ctx, meeting_id, slot_id, person_id, late=True)
    if cannot is not None or case.offer is None:
        return cannot or Said("", done=False)
    new = await meetings.find_slot(ctx.session, slot_id)
    if new is None or new.starts_at <= ctx.now:
        return Said(ctx.t("That time has passed. Please ask for another."), done=False)
    meeting = case.meeting
    if meeting.slot_id is not None:
        await meetings.free_bookings(ctx.session, meeting.id, slot_id=meeting.slot_id)
    meeting.slot_id, meeting.table_id = case.offer.slot_id, case.offer.table_id
    await ctx.session.delete(case.offer)
    for party in (case.mine, case.other):
        party.answer, party.answered_at = PartyAnswer.YES, ctx.now
    step = await _go(ctx, case, MeetingStatus.CONFIRMED, "moved to another time", timed=True)
    await _tell(ctx, step, case.other.person_id, "meeting.moved", meeting, {"slot": slot_id})
    await _tell_represented(ctx, case, step)
    return Said(ctx.t("Agreed. Your meeting has moved."))


async def keep(ctx: Context, meeting_id: int, slot_id: int, person_id: int = 0) -> Said:
    """Keep the old time: the one that was asked for is free again."""
    case, cannot = await _offered(ctx, meeting_id, slot_id, person_id)
    if cannot is not None or case.offer is None:
        return cannot or Said("", done=False)
    return await _keep(ctx, case, case.offer)


async def _keep(ctx: Context, case: Case, dropped: MeetingOffer) -> Said:
    await _take_back(ctx, dropped, case.other, case.meeting)
    case.mine.answer, case.mine.answered_at = PartyAnswer.YES, ctx.now
    step = await _go(ctx, case, case.meeting.status, "kept the old time")
    slot = {"slot": case.meeting.slot_id}
    await _tell(ctx, step, case.other.person_id, "meeting.kept", case.meeting, slot)
    await _tell_represented(ctx, case, step)
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
    step = await _end(ctx, case.meeting, MeetingStatus.CANCELLED, reason, case.on_behalf)
    await _tell(ctx, step, case.other.person_id, "meeting.cancelled", case.meeting)
    if case.on_behalf is not None:
        await _tell(ctx, step, case.on_behalf, "meeting.cancelled", case.meeting)
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
    meeting = await _hold(ctx, meeting_id)
    if is_over(meeting.status):
        return Said(ctx.t("This meeting is over or was called off."), done=False)
    parties = await meetings.parties_of(ctx.session, meeting.id)
    had_time = meeting.status in BOOKED_MEETINGS
    step = await _end(ctx, meeting, MeetingStatus.CANCELLED, reason, None)
    for party in parties if had_time else ():
        await _tell(ctx, step, party.person_id, "meeting.cancelled", meeting)
    return Said(ctx.t("It's off, and both sides are told."))


async def settle(ctx: Context, meeting_id: int, *, held: bool) -> Said:
    """Write down whether a confirmed meeting took place."""
    meeting = await _hold(ctx, meeting_id)
    if meeting.status is not MeetingStatus.CONFIRMED or meeting.slot is None:
        return Said(ctx.t("Only a confirmed meeting can have taken place."), done=False)
    if meeting.slot.starts_at > ctx.now:
        return Said(ctx.t("This meeting has not begun yet."), done=False)
    parties = await meetings.parties_of(ctx.session, meeting.id)
    case = Case(meeting, parties[0], parties[1], None, None)
    await _go(ctx, case, MeetingStatus.HELD if held else MeetingStatus.NOT_HELD, "")
    return Said(ctx.t("Noted."))
