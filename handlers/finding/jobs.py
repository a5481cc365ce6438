"""Upkeep of the search: what it missed is indexed, what is gone is forgotten."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community
from storage.engine import Database
from storage.queries.search_index import missed, reindex


async def missed_due(database: Database, community: Community, clock: Clock) -> int:  # noqa: ARG001 - the signature that all jobs have
    """Index what the search should know and does not, batch by batch; usually nothing.

    After an update everything is indexed this way, the newest analysis replacing the older one while both are found.
    """
    done = 0
    while True:
        async with database.reading() as session:
            some = await missed(session)
        if not some:
            return done
        async with database.writing() as session:
            for kind, ids in some:
                await reindex(session, kind, ids)
        done += sum(len(ids) for _, ids in some)
