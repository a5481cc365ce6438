"""What is due for meetings."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify_all, refresh_card
from handlers.meetings.rules import REMINDERS, check_arrow, reminder_due
from storage.engine import Database, lock
from storage.enums import MeetingStatus
from storage.models import Meeting, Mission
from storage.queries import meetings
from storage.queries.meetings import Step


async def reminders_due(database: Database, community: Community, clock: Clock) -> int:
    """Remind both sides of meetings that begin soon, and let go of those that nobody confirmed. Returns how many.

    A reminder's key holds the meeting's sequence, so a moved meeting is reminded of anew and a time never twice.
    """
    return await _remind(database, community, clock) + await _expire(database, community, clock)


def _context(session: AsyncSession, community: Community, clock: Clock) -> ReadContext:
    return ReadContext(session, community, clock, None, frozenset(), community.locale)


async def _remind(database: Database, community: Community, clock: Clock) -> int:
    now = clock.now()
    async with database.reading() as session:
        soon = await meetings.starting(session, now, now + max(REMINDERS))
        due = [
            (one, before)
            for one in soon
            if one.slot is not None and (before := reminder_due(one.slot.starts_at, one.timed_at, now)) is not None
        ]
        sides = await meetings.parties_by_meeting(session, [one.id for one, _ in due])
    if not due:
        return 0
    queued = 0
    async with database.writing() as session:
        ctx = _context(session, community, clock)
        for meeting, before in due:
            queued += await _remind_of(ctx, meeting, before, [party.person_id for party in sides[meeting.id]])
    return queued


async def _remind_of(ctx: ReadContext, meeting: Meeting, before: timedelta, sides: list[int]) -> int:
    if meeting.slot is None:
        return 0
    key = f"meeting.reminder:{meeting.id}:{meeting.sequence}:{int(before.total_seconds() // 60)}"
    return await notify_all(
        ctx,
        sides,
        "meeting.reminder",
        dedup=lambda person: f"{key}:{person}",
        due=meeting.slot.starts_at - before,
        data={"meeting": meeting.id, "slot": meeting.slot.id},
    )


async def _expire(database: Database, community: Community, clock: Clock) -> int:
    now = clock.now()
    async with database.reading() as session:
        # The community's day, not the mission's: a few hours more or less are nobody's loss here.
        late = await meetings.unanswered_by(session, now, now.astimezone(community.zone).date())
    expired = 0
    for meeting_id in late:
        async with database.writing() as session:
            meeting = await meetings.find_meeting(session, meeting_id)
            if meeting is None:
                continue
            await lock(session, Mission, Mission.id, meeting.mission_id)
            if meeting_id not in await meetings.unanswered_by(session, now, now.astimezone(community.zone).date()):
                continue
            meeting = await meetings.find_meeting(session, meeting_id)
            if meeting is None:
                continue
            check_arrow(meeting.status, MeetingStatus.EXPIRED)
            await meetings.end(
                session, meeting, MeetingStatus.EXPIRED, Step(by=None, at=now, reason="not confirmed in time")
            )
            await refresh_card(_context(session, community, clock), CardKey("meeting", meeting_id))
            expired += 1
    return expired
