"""What is due for events, asked of the database at every tick. A missed tick or a second replica does no harm."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify_all, refresh_card
from handlers.events.rules import LONGEST_REMINDER, is_news, overdue
from handlers.events.service import card_key, promote
from storage.engine import Database, lock
from storage.enums import EventStatus
from storage.models import CommunityEvent
from storage.queries import events


def _context(session: AsyncSession, community: Community, clock: Clock) -> ReadContext:
    return ReadContext(session, community, clock, None, frozenset(), community.locale)


async def reminders_due(database: Database, community: Community, clock: Clock) -> int:
    """Queue the reminders whose moment has come, computed from the start that each event has now.

    After a pause only the nearest of several is sent, and none once the event has begun. Who answered after a
    reminder's moment, and who was told of a new start after it, is spared that one. Returns how many are queued.
    """
    now = clock.now()
    async with database.reading() as session:
        found = await events.open_reminders(session, now, until=now + LONGEST_REMINDER)
    return sum([await _remind(database, community, clock, event_id) for event_id in found])


async def _remind(database: Database, community: Community, clock: Clock, event_id: int) -> int:
    async with database.writing() as session:
        ctx = _context(session, community, clock)
        event = await lock(session, CommunityEvent, CommunityEvent.id, event_id)
        if event is None or event.status is not EventStatus.PUBLISHED:
            return 0
        rows = {row.minutes_before: row for row in await events.reminder_rows(session, event_id)}
        past = overdue(rows, event.starts_at, ctx.now)
        if not past:
            return 0
        nearest = past[0]
        fresh = rows[nearest].reminded_for != event.starts_at
        for minutes in past:
            rows[minutes].reminded_for = event.starts_at
        due = event.starts_at - timedelta(minutes=nearest)
        if not fresh or not is_news(due, event.moved_at):
            return 0
        start = round(event.starts_at.timestamp())
        return await notify_all(
            ctx,
            await events.people_who_said(session, event_id, events.REMINDED, by=due),
            "event.reminder",
            dedup=lambda person: f"reminder:{event_id}:{person}:{nearest}:{start}",
            data={"event": event_id, "minutes": nearest, "starts": event.starts_at.isoformat()},
        )


async def waiting_lists_due(database: Database, community: Community, clock: Clock) -> int:
    """Free the places of those who have left the community and give free places to those who wait.

    Answers promote by themselves; this finds the places that become free elsewhere. Returns how many moved up.
    """
    async with database.reading() as session:
        found = await events.with_waiting_or_gone(session, clock.now())
    moved_up = 0
    for event_id in found:
        async with database.writing() as session:
            ctx = _context(session, community, clock)
            event = await lock(session, CommunityEvent, CommunityEvent.id, event_id)
            if event is None or event.status is not EventStatus.PUBLISHED or event.starts_at <= ctx.now:
                continue
            released = await events.release_gone(session, event_id)
            promoted = await promote(ctx, event)
            if released or promoted:
                await refresh_card(ctx, card_key(event_id))
            moved_up += len(promoted)
    return moved_up
