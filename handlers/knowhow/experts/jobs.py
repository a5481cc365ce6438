"""The tick that asks somebody else where nobody answered in time."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.knowhow.experts.service import go_on
from storage.engine import Database
from storage.queries import experts

BATCH = 50
"""Questions that one tick looks at."""


async def experts_due(database: Database, community: Community, clock: Clock) -> int:
    """Ask the next ones about questions for which somebody's time is over. Returns how many were asked."""
    async with database.reading() as session:
        found = await experts.due_rounds(session, clock.now(), BATCH)
    done = 0
    for post_id in found:
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            done += await go_on(ctx, post_id)
    return done
