"""Bringing two people together: the first time at which both and a table are free."""

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.meetings.cases import Case, go, hold_meeting, tell
from handlers.meetings.reading import mission_for
from handlers.meetings.rules import FreeTime, NoTime, SlotTime, free_times
from storage.engine import lock
from storage.enums import MeetingStatus, PartyAnswer
from storage.models import Meeting, MeetingParty, Mission
from storage.queries import meetings
from storage.queries.meetings import Step


async def times_for(ctx: ReadContext, meeting: Meeting, sides: tuple[int, int]) -> list[FreeTime] | NoTime:
    """All times to come at which both sides and a table are free, or why there is none."""
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
    meeting = await hold_meeting(ctx, meeting_id)
    parties = await meetings.parties_of(ctx.session, meeting.id)
    if meeting.status is not MeetingStatus.PROPOSED or len(parties) != 2:
        raise Refusal(ctx.t("This meeting is not waiting for a time (any more)."))
    sides = (parties[0].person_id, parties[1].person_id)
    found = await times_for(ctx, meeting, sides)
    if isinstance(found, NoTime):
        return found
    first = found[0]
    await meetings.book(ctx.session, meeting.id, slot_id=first.slot.id, table_id=first.table_id, people=sides)
    meeting.slot_id, meeting.table_id = first.slot.id, first.table_id
    case = Case(meeting, parties[0], parties[1], None, None)
    step = await go(ctx, case, MeetingStatus.SCHEDULED, "first free time", timed=True)
    for person_id in sides:
        await tell(ctx, step, person_id, "meeting.proposed", meeting, {"slot": first.slot.id})
    return None
