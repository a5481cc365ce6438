"""The tick that compares new offers, requests and profiles, and tells both sides of what fits."""

from collections.abc import Awaitable, Callable

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.knowhow.matches import comparing, service, telling
from storage.engine import Database
from storage.queries import matching, profile_matching

COMPARED_AT_ONCE = 10
PROFILES_AT_ONCE = 20
TOLD_TOGETHER = 20
"""Told by one transaction: few enough that nobody who presses a button waits for it."""


async def matches_due(database: Database, community: Community, clock: Clock) -> int:
    """Compare what is new or changed, and tell each person of at most two pairs a week. Returns how many were told."""

    async def write(what: Callable[[ReadContext], Awaitable[int]]) -> int:
        async with database.writing() as session:
            return await what(ReadContext(session, community, clock, None, frozenset(), community.locale))

    async with database.reading() as session:
        posts = await matching.to_compare(session, COMPARED_AT_ONCE)
        people = await profile_matching.to_compare(session, PROFILES_AT_ONCE)
    for post_id, kind in posts:

        async def of_post(ctx: ReadContext, post_id: int = post_id, kind: str = kind) -> int:
            return await service.compare(ctx, post_id, kind) + await comparing.compare_post(ctx, post_id, kind)

        await write(of_post)
    for person_id in people:

        async def of_person(ctx: ReadContext, person_id: int = person_id) -> int:
            return await comparing.compare_profile(ctx, person_id)

        await write(of_person)
    async with database.reading() as session:
        chosen = await telling.choose(ReadContext(session, community, clock, None, frozenset(), community.locale))
    done = 0
    for start in range(0, len(chosen), TOLD_TOGETHER):

        async def tell(ctx: ReadContext, start: int = start) -> int:
            return sum([await telling.tell(ctx, one) for one in chosen[start : start + TOLD_TOGETHER]])

        done += await write(tell)
    return done
