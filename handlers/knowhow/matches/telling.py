"""Who is told of what fits: the best for each person first, two a week of all kinds together, nothing twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.context import ReadContext
from handlers.conversation.notify import notify
from handlers.knowhow.matches import pairs
from handlers.knowhow.matches.rules import (
    LEARNS_FOR,
    TOLD_A_WEEK,
    TOLD_AGAIN_AFTER,
    WEEK,
    is_worth_telling,
    says_more,
    weight,
)
from storage.engine import lock
from storage.models import PostMatch, ProfileMatch
from storage.queries import directory, match_lessons, matching, profile_matching
from storage.queries.matching import OFFER, Untold
from storage.queries.post_visibility import is_addressed_to
from storage.queries.profile_matching import OFFERER, UntoldSide

MOST_LOOKED_AT = 1000
"""Sides of each kind of pair, the best, from which those to be told now are chosen."""
LOOKED_AT_TOGETHER = 300
"""Sides for which it is asked together of what their people were told before."""
MOST_AT_ONCE = 200
"""Told by one tick; the others follow with the next."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the two of a pair, to be told of it."""

    weight: float
    person_id: int
    other_id: int
    words: Sequence[str]
    of: Untold | UntoldSide


async def choose(ctx: ReadContext) -> list[Chosen]:
    """Who is to be told of what now, the best first; whether each may see the other is asked again in telling."""
    session = ctx.session
    told = Counter(await matching.told_since(session, ctx.now - WEEK))
    told.update(await profile_matching.told_since(session, ctx.now - WEEK))
    full = [person for person, number in told.items() if number >= TOLD_A_WEEK]
    of_posts = await matching.untold(session, MOST_LOOKED_AT, but=full)
    of_profiles = await profile_matching.untold(session, MOST_LOOKED_AT, but=full)
    people = {one.person_id for one in of_posts} | {one.person_id for one in of_profiles}
    people |= {one.other_person_id for one in of_posts} | {one.other_id for one in of_profiles}
    lessons = await match_lessons.lessons_of(session, people, ctx.now - LEARNS_FOR) if people else {}
    both: list[tuple[Untold | UntoldSide, int]] = [(one, one.other_person_id) for one in of_posts]
    both += [(one, one.other_id) for one in of_profiles]
    sides = [
        Chosen(weight(one.percent, one.words, lessons[one.person_id].stems), one.person_id, other_id, one.words, one)
        for one, other_id in both
    ]
    worth = [
        one
        for one in sides
        if is_worth_telling(one.weight)
        and not pairs.is_over(lessons[one.person_id], one.other_id)
        and not pairs.is_over(lessons[one.other_id], one.person_id)
    ]
    worth.sort(key=lambda one: -one.weight)
    chosen: list[Chosen] = []
    for start in range(0, len(worth), LOOKED_AT_TOGETHER):
        await _choose_of(ctx, worth[start : start + LOOKED_AT_TOGETHER], told, chosen)
        if len(chosen) >= MOST_AT_ONCE:
            break
    return chosen[:MOST_AT_ONCE]


async def _choose_of(ctx: ReadContext, some: Sequence[Chosen], told: Counter[int], chosen: list[Chosen]) -> None:
    """Add those of these of which somebody has not been told in other words, as far as their week allows."""
    people = {one.person_id for one in some}
    before = await match_lessons.words_told(ctx.session, people, ctx.now - TOLD_AGAIN_AFTER)
    for one in chosen:
        before.setdefault((one.person_id, one.other_id), []).extend(one.words)
    for one in some:
        known = before.setdefault((one.person_id, one.other_id), [])
        if told[one.person_id] >= TOLD_A_WEEK or (known and not says_more(one.words, known)):
            continue
        if isinstance(one.of, Untold) and not await _may_meet(ctx, one.of):
            continue  # it stays as it is, and takes nobody's turn
        told[one.person_id] += 1
        known.extend(one.words)
        chosen.append(one)


async def tell(ctx: ReadContext, one: Chosen) -> bool:
    """Tell one of the two of a pair, if each may see the other's side and they have not been told meanwhile."""
    if isinstance(one.of, Untold):
        return await _tell_of_posts(ctx, one.of)
    return await _tell_of_profile(ctx, one.of)


async def _tell_of_posts(ctx: ReadContext, one: Untold) -> bool:
    if not await _may_meet(ctx, one):
        return False
    match = await lock(ctx.session, PostMatch, PostMatch.id, one.match_id)
    if match is None or (match.offer_told_at if one.side == OFFER else match.request_told_at) is not None:
        return False
    if one.side == OFFER:
        match.offer_told_at = ctx.now
    else:
        match.request_told_at = ctx.now
    key = f"match:{one.match_id}:{one.side}"
    return bool(await notify(ctx, one.person_id, "knowhow.match", dedup=key, data={"match": one.match_id}))


async def _may_meet(ctx: ReadContext, one: Untold) -> bool:
    """Whether each of the two may read the other's post, and neither has blocked the other."""
    return (
        await is_addressed_to(ctx.session, one.other_id, one.person_id)
        and await is_addressed_to(ctx.session, one.own_id, one.other_person_id)
        and not await directory.is_blocked(ctx.session, one.person_id, one.other_person_id)
    )


async def _tell_of_profile(ctx: ReadContext, one: UntoldSide) -> bool:
    pair = await lock(ctx.session, ProfileMatch, ProfileMatch.id, one.match_id)
    if pair is None or (pair.offerer_told_at if one.side == OFFERER else pair.seeker_told_at) is not None:
        return False
    if await pairs.view_of(ctx, pair, one.person_id) is None:
        # Not to be seen by one of the two: the profile or the post is looked at again when it changes.
        await profile_matching.forget_pairs(ctx.session, [pair.id])
        return False
    if one.side == OFFERER:
        pair.offerer_told_at = ctx.now
    else:
        pair.seeker_told_at = ctx.now
    key = f"pair:{one.match_id}:{one.side}:{ctx.now:%Y-%m-%d}"
    return bool(await notify(ctx, one.person_id, "knowhow.pair", dedup=key, data={"pair": one.match_id}))
