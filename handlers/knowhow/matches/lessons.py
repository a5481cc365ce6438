"""What "nothing for me" does: the pair goes, and further pairs are chosen by what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.context import Context, Refusal
from handlers.knowhow.matches import service
from handlers.knowhow.matches.rules import ENOUGH_REFUSALS
from storage.engine import lock
from storage.models import Post, PostMatch, ProfileMatch
from storage.queries import match_lessons, matching
from storage.queries.post_authors import named_author_id


@dataclass(frozen=True, slots=True)
class Taught:
    """What a refusal changes: the words that weigh less, and whether the other person is left out from now on."""

    words: Sequence[str]
    ended: bool


async def refuse_posts(ctx: Context, match_id: int) -> Taught:
    """A pair of two posts is nothing for the reader. Doing it twice changes nothing more.

    Raises:
        Refusal: it is not theirs.
    """
    await service.refuse(ctx, match_id)
    match = await ctx.session.get_one(PostMatch, match_id)
    offer, request = await matching.both_posts(ctx.session, match)
    other = next((one for one in (offer, request) if one is not None and one.author_id != ctx.me.id), None)
    if other is None:
        return Taught((), ended=False)
    return await _learn(ctx, named_author_id(other), f"post:{match_id}", match.words)


async def refuse_pair(ctx: Context, pair_id: int) -> Taught:
    """A pair with a profile is nothing for the reader. Doing it twice changes nothing more.

    Raises:
        Refusal: it is not theirs.
    """
    pair = await lock(ctx.session, ProfileMatch, ProfileMatch.id, pair_id)
    if pair is None or ctx.me.id not in {pair.seeker_id, pair.offerer_id}:
        raise Refusal(ctx.t("This pair is no longer here. See the others with /matches."))
    if pair.offerer_id == ctx.me.id:
        pair.offerer_refused_at = pair.offerer_refused_at or ctx.now
        other, post_id = pair.seeker_id, pair.request_id
    else:
        pair.seeker_refused_at = pair.seeker_refused_at or ctx.now
        other, post_id = pair.offerer_id, pair.offer_id
    await ctx.session.flush()
    post = await ctx.session.get(Post, post_id) if post_id is not None else None
    return await _learn(ctx, named_author_id(post) if post is not None else other, f"profile:{pair_id}", pair.words)


async def _learn(ctx: Context, other_id: int | None, pair: str, words: Sequence[str]) -> Taught:
    """``other_id``: ``None`` where the other one has no name: that a refusal counts for them would say who they are."""
    number = await match_lessons.learn(
        ctx.session, person_id=ctx.me.id, other_id=other_id, pair=pair, words=words, now=ctx.now
    )
    return Taught(words, ended=number >= ENOUGH_REFUSALS)
