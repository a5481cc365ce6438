"""The tick that compares new offers and requests, and tells both sides of what fits."""

from collections import Counter

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify
from handlers.knowhow.matches import service
from handlers.knowhow.matches.rules import TOLD_A_WEEK, WEEK
from storage.engine import Database, lock
from storage.models import PostMatch
from storage.queries import directory, matching
from storage.queries.matching import OFFER, Untold
from storage.queries.post_visibility import is_addressed_to

COMPARED_AT_ONCE = 10
MOST_TOLD = 200


async def matches_due(database: Database, community: Community, clock: Clock) -> int:
    """Compare what is new or changed, and tell each author of at most two pairs a week. Returns how many were told."""
    async with database.reading() as session:
        waiting = await matching.to_compare(session, COMPARED_AT_ONCE)
    for post_id, kind in waiting:
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            await service.compare(ctx, post_id, kind)
    async with database.reading() as session:
        if not await matching.untold(session, 1):
            return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        return await _tell(ctx)


async def _tell(ctx: ReadContext) -> int:
    told: Counter[int] = Counter(await matching.told_since(ctx.session, ctx.now - WEEK))
    done = 0
    for one in await matching.untold(ctx.session, MOST_TOLD):
        if told[one.person_id] >= TOLD_A_WEEK or not await _may_meet(ctx, one):
            continue
        match = await lock(ctx.session, PostMatch, PostMatch.id, one.match_id)
        if match is None or (match.offer_told_at if one.side == OFFER else match.request_told_at) is not None:
            continue
        if one.side == OFFER:
            match.offer_told_at = ctx.now
        else:
            match.request_told_at = ctx.now
        told[one.person_id] += 1
        key = f"match:{one.match_id}:{one.side}"
        done += await notify(ctx, one.person_id, "knowhow.match", dedup=key, data={"match": one.match_id})
    return done


async def _may_meet(ctx: ReadContext, one: Untold) -> bool:
    """Whether each of the two may read the other's post, and neither has blocked the other."""
    return (
        await is_addressed_to(ctx.session, one.other_id, one.person_id)
        and await is_addressed_to(ctx.session, one.own_id, one.other_person_id)
        and not await directory.is_blocked(ctx.session, one.person_id, one.other_person_id)
    )
