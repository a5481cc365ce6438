"""The tick of interest in blind posts: what ends, and what its post's author is reminded of."""

from contextlib import suppress

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext, Refusal
from handlers.conversation.notify import notify
from handlers.knowhow.blind import service
from storage.engine import Database, lock
from storage.enums import InterestState
from storage.models import BlindInterest
from storage.queries import blind


async def interests_due(database: Database, community: Community, clock: Clock) -> int:
    """End what nobody answered in time or whose post is over; remind once of what waits. Returns how many."""
    now = clock.now()
    async with database.reading() as session:
        over, again = await blind.over(session, now), await blind.to_remind(session, now)
    for interest_id in over:
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            with suppress(Refusal):  # it went with who had it
                await service.end(ctx, interest_id)
    for interest_id in again:
        async with database.writing() as session:
            await _remind(ReadContext(session, community, clock, None, frozenset(), community.locale), interest_id)
    return len(over) + len(again)


async def _remind(ctx: ReadContext, interest_id: int) -> None:
    await lock(ctx.session, BlindInterest, BlindInterest.id, interest_id)
    row = await blind.find(ctx.session, interest_id)
    if row is None or row.state is not InterestState.OPEN or row.remind_at is None or row.remind_at > ctx.now:
        return
    row.remind_at = None
    await ctx.session.flush()
    key = f"blind-again:{row.id}:{row.at:%Y%m%d}"
    await notify(ctx, row.post.author_id, "blind.reminder", dedup=key, data={"interest": row.id})
