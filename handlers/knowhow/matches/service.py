"""Comparing offers with requests, and what is shown of a pair that fits."""

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.knowhow.bylines import byline_of_post, wrote
from handlers.knowhow.matches import comparing
from handlers.knowhow.matches.rules import fit, fits
from handlers.knowhow.matches.screens import MatchView
from handlers.knowhow.service import is_readable
from storage.enums import PostStatus
from storage.models import PostMatch
from storage.queries import directory, matching
from storage.queries.matching import OFFER, REQUEST, Comparable
from storage.search_query import concepts


def _may_be_told(one: Comparable, other: Comparable) -> bool:
    """Not with oneself, nor with a colleague, who is found without a bot."""
    same_house = one.organisation_id is not None and one.organisation_id == other.organisation_id
    return one.author_id != other.author_id and not same_house


async def compare(ctx: ReadContext, post_id: int, kind: str) -> int:
    """Find what fits an offer or a request. Returns how many pairs there are, known ones included."""
    session = ctx.session
    own = await matching.comparable(session, post_id=post_id, most=1)
    await matching.note_compared(session, post_id, ctx.now)
    if not own:
        return 0
    (one,) = own
    sought = REQUEST if kind == OFFER else OFFER
    others = await matching.comparable(session, kind=sought, most=matching.MOST_COMPARED)
    if len(others) == matching.MOST_COMPARED:
        others += await comparing.older_posts(ctx, one, sought, {other.id for other in others})
    about = {other.id: concepts(other.about) for other in others}
    mine = concepts(one.about)
    stems = {stem for each in (mine, *about.values()) for concept in each for stem in concept.stems}
    documents, total = await matching.documents_with(session, stems)
    rows: list[dict[str, object]] = []
    for other in others:
        if not _may_be_told(one, other):
            continue
        found = fits(fit(mine, other.stems, documents, total), fit(about[other.id], one.stems, documents, total))
        if found is not None:
            offer, request = (one.id, other.id) if kind == OFFER else (other.id, one.id)
            rows.append(
                {
                    "offer_id": offer,
                    "request_id": request,
                    "percent": round(found.share * 100),
                    "words": list(found.words),
                    "found_at": ctx.now,
                }
            )
    await matching.add_matches(session, rows)
    return len(rows)


async def view_of(ctx: ReadContext, match: PostMatch) -> MatchView | None:
    """A pair as the reader, who wrote one of the two, sees it; ``None`` when it is not theirs, or is overtaken."""
    offer, request = await matching.both_posts(ctx.session, match)
    if offer is None or request is None or not (wrote(ctx, offer) or wrote(ctx, request)):
        return None
    offers = wrote(ctx, offer)
    mine, other = (offer, request) if offers else (request, offer)
    refused = match.offer_refused_at if offers else match.request_refused_at
    if refused is not None or {offer.status, request.status} != {PostStatus.PUBLISHED}:
        return None
    if not await is_readable(ctx, other):
        return None
    # Of a blind one it would say whose it is that it goes when its reader blocks somebody.
    if not other.blind and await directory.is_blocked(ctx.session, ctx.me.id, other.author_id):
        return None
    shown = None if other.blind else await directory.look_up(ctx.session, ctx.me.id, other.author_id)
    return MatchView(
        id=match.id,
        offers=offers,
        mine=mine.title,
        post=other.id,
        title=other.title,
        author=byline_of_post(other, ctx.t),
        text=other.body,
        words=match.words,
        person=other.author_id if shown is not None else None,
        blind=other.blind,
    )


async def opened(ctx: ReadContext, match_id: int) -> MatchView:
    """One pair.

    Raises:
        Refusal: it is not theirs, or no longer there.
    """
    match = await ctx.session.get(PostMatch, match_id)
    view = await view_of(ctx, match) if match is not None else None
    if view is None:
        raise Refusal(ctx.t("This pair is no longer here. See the others with /matches."))
    return view


async def refuse(ctx: Context, match_id: int) -> None:
    """It is nothing for the reader. Doing it twice changes nothing more.

    Raises:
        Refusal: it is not theirs.
    """
    match = await ctx.session.get(PostMatch, match_id)
    offer, request = await matching.both_posts(ctx.session, match) if match is not None else (None, None)
    if match is None or not any(wrote(ctx, one) for one in (offer, request) if one is not None):
        raise Refusal(ctx.t("This pair is no longer here. See the others with /matches."))
    if offer is not None and wrote(ctx, offer):
        match.offer_refused_at = match.offer_refused_at or ctx.now
    else:
        match.request_refused_at = match.request_refused_at or ctx.now
    await ctx.session.flush()
