"""The tick that asks authors whether what they shared still holds, and closes what nobody confirms."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify
from handlers.knowhow.editing import shut
from handlers.knowhow.rules import VALIDITY_ASKED
from handlers.knowhow.service import locked
from storage.engine import Database
from storage.enums import PostStatus
from storage.queries import posts

BATCH = 50
"""Posts of one transaction."""


async def posts_running_out(database: Database, community: Community, clock: Clock) -> int:
    """Ask about posts that run out within :data:`~handlers.knowhow.rules.VALIDITY_ASKED`, and close those that have.

    Who was asked late, because the program was away, has as long to answer as anybody. Returns how many were asked
    about or closed.
    """
    asked = await _ask(database, community, clock)
    return asked + await _close(database, community, clock)


async def _ask(database: Database, community: Community, clock: Clock) -> int:
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        found = await posts.to_be_asked(session, ctx.now + VALIDITY_ASKED, BATCH)
        for post_id in found:
            post = await locked(ctx, post_id)
            if post.status is not PostStatus.PUBLISHED or post.asked_at is not None or post.valid_until is None:
                continue
            post.asked_at = ctx.now
            post.valid_until = max(post.valid_until, ctx.now + VALIDITY_ASKED)
            key = f"post-holds:{post.id}:{post.valid_until:%Y-%m-%d}"
            await notify(ctx, post.author_id, "knowhow.holds", dedup=key, data={"post": post.id})
        return len(found)


async def _close(database: Database, community: Community, clock: Clock) -> int:
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        found = await posts.run_out(session, ctx.now, ctx.now - VALIDITY_ASKED, BATCH)
        for post_id in found:
            post = await locked(ctx, post_id)
            if post.status is not PostStatus.PUBLISHED or post.valid_until is None or post.valid_until > ctx.now:
                continue
            key = f"post-closed:{post.id}:{post.valid_until:%Y-%m-%d}"
            await shut(ctx, post)
            await notify(ctx, post.author_id, "knowhow.closed", dedup=key, data={"post": post.id})
        return len(found)
