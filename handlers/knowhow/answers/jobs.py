"""Ticks: questions whose asker is asked whether the answers helped, and reminders whose day has come."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify
from storage.engine import Database
from storage.queries import answering, posts

ASKED_AFTER = timedelta(days=7)
"""After the first answer."""
ASKED_WITHIN = timedelta(days=30)
"""After the first answer; later nobody remembers."""
REMINDED_AT = time(9)
"""On the reader's own clock."""
FURTHEST_AHEAD = timedelta(hours=14)
"""Of any time zone (UTC+14, Kiribati)."""
BATCH = 100


async def helped_due(database: Database, community: Community, clock: Clock) -> int:
    """Ask once of each open question, a week after it was answered, whether that helped. Returns how many."""
    now = clock.now()
    async with database.reading() as session:
        found = await answering.to_ask(
            session, answered_after=now - ASKED_WITHIN, answered_by=now - ASKED_AFTER, most=BATCH
        )
    if not found:
        return 0
    done = 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        for post_id in found:
            post = await posts.find_post(session, post_id)
            if post is not None:
                key = f"{answering.ASKED_KEY}{post_id}"
                done += await notify(ctx, post.author_id, "knowhow.helped", dedup=key, data={"post": post_id})
    return done


async def reminders_due(database: Database, community: Community, clock: Clock) -> int:
    """Remind of posts at nine in the morning of each reader's own clock, once. Returns how many were queued."""
    now = clock.now()
    async with database.reading() as session:
        rows = await answering.reminders_until(session, (now + FURTHEST_AHEAD).date())
    due = [
        (post, person, day)
        for post, person, day, zone in rows
        if datetime.combine(day, REMINDED_AT, ZoneInfo(zone)) <= now
    ]
    done = 0
    for start in range(0, len(due), BATCH):
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            for post, person, day in due[start : start + BATCH]:
                if await answering.take_reminder(session, post, person, day):
                    key = f"post-reminder:{post}:{person}:{day.isoformat()}"
                    done += await notify(ctx, person, "knowhow.reminder", dedup=key, data={"post": post})
    return done
