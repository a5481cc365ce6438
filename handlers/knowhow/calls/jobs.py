"""Ticks: what is told of calls before their deadlines."""

from datetime import timedelta

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify_all
from handlers.knowhow.calls.rules import LEADS, overdue, told_at
from storage.engine import Database, lock
from storage.enums import PostStatus
from storage.models import CallReminder, Post
from storage.queries import calls, posts

LOOKED_AHEAD = timedelta(days=max(LEADS) + 1)


async def deadlines_due(database: Database, community: Community, clock: Clock) -> int:
    """Tell those who follow a call of its deadline, 30, 14, 7 and 2 days before, each once. Returns how many.

    The moments are computed from the deadline that the call has now. After a pause only the nearest is told. What was
    published after a moment is not told of it: it was news by itself.
    """
    now = clock.now()
    async with database.reading() as session:
        found = await calls.to_remind(session, now, now + LOOKED_AHEAD)
    return sum([await _tell(database, community, clock, post_id) for post_id in found])


async def _tell(database: Database, community: Community, clock: Clock, post_id: int) -> int:
    async with database.reading() as session:
        if not await _overdue(ReadContext(session, community, clock, None, frozenset(), community.locale), post_id):
            return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        await lock(session, Post, Post.id, post_id)
        past = await _overdue(ctx, post_id)
        post = await posts.find_post(session, post_id)
        if not past or post is None or post.deadline is None:
            return 0
        rows = await calls.reminder_rows(session, post_id)
        known_before = bool(rows)
        for lead in past:
            if lead in rows:
                rows[lead].reminded_for = post.deadline
            else:
                session.add(CallReminder(post_id=post_id, days_before=lead, reminded_for=post.deadline))
        await session.flush()
        nearest = past[0]
        published = post.published_at or post.created_at
        if not known_before and told_at(post.deadline, nearest, community.zone) < published:
            return 0
        until = round(post.deadline.timestamp())
        return await notify_all(
            ctx,
            await calls.followers(session, post),
            "knowhow.deadline",
            dedup=lambda person: f"call:{post_id}:{person}:{nearest}:{until}",
            data={"post": post_id, "deadline": post.deadline.isoformat()},
        )


async def _overdue(ctx: ReadContext, post_id: int) -> list[int]:
    """The leads of a call that are to be told now, the nearest first."""
    post = await posts.find_post(ctx.session, post_id)
    if post is None or post.status is not PostStatus.PUBLISHED or post.deadline is None:
        return []
    rows = await calls.reminder_rows(ctx.session, post_id)
    done = [lead for lead, row in rows.items() if row.reminded_for == post.deadline]
    return overdue(post.deadline, done, ctx.now, ctx.community.zone)
