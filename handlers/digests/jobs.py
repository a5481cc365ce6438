"""The tick that sends digests."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.digests import service
from storage.engine import Database
from storage.queries import digests as stored

BATCH = 200
"""People looked at together: many share what is read, few enough that nobody waits for the writing."""


async def digests_due(database: Database, community: Community, clock: Clock) -> int:
    """Queue the digest of everybody whose time has come, once a period. Returns how many were queued.

    What is new is gathered in a reading session; the writing one only advances each period, under the condition that
    it is still the one that was read, and queues the row in the same transaction. So two processes, or a kill in
    between, make neither two digests nor none.
    """
    await _schedule_missing(database, clock)
    queued = 0
    while True:
        now = clock.now()
        async with database.reading() as session:
            people = await stored.due(session, now, most=BATCH)
            plans = await service.plan(session, people, now)
        if not plans:
            return queued
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            queued += await service.carry_out(ctx, plans)


async def _schedule_missing(database: Database, clock: Clock) -> None:
    while True:
        now = clock.now()
        async with database.reading() as session:
            people = await stored.unscheduled(session, most=BATCH)
        if not people:
            return
        async with database.writing() as session:
            await stored.advance(session, [stored.Step(one.id, None, service.next_for(one, now)) for one in people])
