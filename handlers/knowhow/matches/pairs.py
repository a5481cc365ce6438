"""What is shown of a pair of which at least one side is a profile, and all of somebody's pairs together.

Everything is asked again at every look: whether each of the two may see the other's side, and what it says now.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from handlers.conversation.context import ReadContext, Refusal
from handlers.knowhow.bylines import byline_of_post
from handlers.knowhow.matches import service
from handlers.knowhow.matches.pair_screens import PairView
from handlers.knowhow.matches.rules import ENOUGH_REFUSALS, LEARNS_FOR, in_common, weight
from handlers.knowhow.matches.screens import MatchView
from storage.enums import PersonStatus, PostStatus
from storage.models import Person, Post, ProfileMatch
from storage.queries import directory, match_lessons, matching, profile_matching
from storage.queries.match_lessons import Lessons
from storage.queries.post_visibility import is_addressed_to

MOST_LISTED = 10
ANYBODY = 0
"""No person has this number: a viewer whom nobody has blocked."""
SOME_HIDDEN = 10
"""Looked at beyond those that are listed: one or the other may not be for the reader any more."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What one of the two offers or seeks, as the other may read it; ``post`` is ``None`` for a profile."""

    says: str
    text: str
    who: str
    post: Post | None = None

    @property
    def compared(self) -> str:
        """All that its words can come from."""
        return f"{self.post.title}\n{', '.join(self.post.topics)}\n{self.text}" if self.post is not None else self.text


async def _side(ctx: ReadContext, owner_id: int, post_id: int | None, viewer_id: int, *, offers: bool) -> _Side | None:
    """One side, as far as the viewer may see it."""
    if post_id is None:
        shown = await directory.look_up(ctx.session, viewer_id, owner_id)
        text = (shown.offers if offers else shown.seeks).strip() if shown is not None else ""
        if shown is None or not text:
            return None
        return _Side(text, text, f"{shown.name}, {shown.organisation}" if shown.organisation else shown.name)
    statement = (
        select(Post)
        .where(Post.id == post_id, Post.author_id == owner_id, Post.status == PostStatus.PUBLISHED)
        .options(joinedload(Post.author).joinedload(Person.organisation), joinedload(Post.kind))
    )
    post = (await ctx.session.execute(statement)).scalar_one_or_none()
    if post is None or not await is_addressed_to(ctx.session, post_id, viewer_id):
        return None
    return _Side(post.title, post.body, byline_of_post(post, ctx.t), post)


async def view_of(ctx: ReadContext, pair: ProfileMatch, reader_id: int) -> PairView | None:
    """A pair as one of the two sees it; ``None`` when it is not theirs, overtaken, or either may not see the other."""
    if reader_id not in {pair.seeker_id, pair.offerer_id} or pair.percent == 0:
        return None
    offers = pair.offerer_id == reader_id
    other_id = pair.seeker_id if offers else pair.offerer_id
    if (pair.offerer_refused_at if offers else pair.seeker_refused_at) is not None:
        return None
    my_post, their_post = (pair.offer_id, pair.request_id) if offers else (pair.request_id, pair.offer_id)
    theirs = await _side(ctx, other_id, their_post, reader_id, offers=not offers)
    if theirs is None:
        return None
    blind = theirs.post is not None and theirs.post.blind
    mine = await _side(ctx, reader_id, my_post, ANYBODY if blind else other_id, offers=offers)
    if mine is None or not await _strangers(ctx, reader_id, other_id, blind=blind):
        return None
    my_words, words = in_common(mine.compared, theirs.compared)
    if not my_words or not words:
        return None
    listed = None if blind else await directory.look_up(ctx.session, reader_id, other_id)
    return PairView(
        id=pair.id,
        offers=offers,
        mine=mine.says,
        my_words=my_words,
        words=words,
        who=theirs.who,
        text=theirs.text,
        post=their_post,
        title=theirs.post.title if theirs.post is not None else "",
        person=other_id if listed is not None else None,
        from_profile=my_post is None,
        blind=blind,
    )


async def _strangers(ctx: ReadContext, one: int, other: int, *, blind: bool) -> bool:
    """Two members who are no colleagues and have not blocked each other.

    That is not asked of who wrote a blind post: that a pair goes when somebody is blocked would say whose it is.
    """
    statement = select(Person.organisation_id).where(Person.id.in_([one, other]), Person.status == PersonStatus.MEMBER)
    houses = (await ctx.session.execute(statement)).scalars().all()
    if len(houses) < 2 or (houses[0] is not None and houses[0] == houses[1]):
        return False
    return blind or not await directory.is_blocked(ctx.session, one, other)


async def opened(ctx: ReadContext, pair_id: int) -> PairView:
    """One pair.

    Raises:
        Refusal: it is not theirs, or no longer there.
    """
    pair = await ctx.session.get(ProfileMatch, pair_id)
    view = await view_of(ctx, pair, ctx.me.id) if pair is not None else None
    if view is None:
        raise Refusal(ctx.t("This pair is no longer here. See the others with /matches."))
    return view


async def all_of(ctx: ReadContext) -> list[MatchView | PairView]:
    """The reader's pairs, of posts and of profiles, the best for them first; who acts for them sees those of posts.

    Blind posts stay whatever was refused: which ones went would say who wrote them.
    """
    lessons = (await match_lessons.lessons_of(ctx.session, [ctx.me.id], ctx.now - LEARNS_FOR))[ctx.me.id]
    weighed: list[tuple[float, MatchView | PairView]] = []
    for match in await matching.matches_of(ctx.session, ctx.me.id, MOST_LISTED):
        view = await service.view_of(ctx, match)
        if view is not None and (view.blind or not is_over(lessons, await _other_author(ctx, view.post, lessons))):
            weighed.append((weight(match.percent, match.words, lessons.stems), view))
    if ctx.acting is None:
        for pair in await profile_matching.pairs_of(ctx.session, ctx.me.id, MOST_LISTED + SOME_HIDDEN):
            other_id = pair.seeker_id if pair.offerer_id == ctx.me.id else pair.offerer_id
            shown = await view_of(ctx, pair, ctx.me.id)
            if shown is not None and (shown.blind or not is_over(lessons, other_id)):
                weighed.append((weight(pair.percent, pair.words, lessons.stems), shown))
    weighed.sort(key=lambda one: -one[0])
    return [view for _, view in weighed[:MOST_LISTED]]


def is_over(lessons: Lessons, other_id: int) -> bool:
    """Whether somebody has refused enough of another person."""
    return lessons.refusals.get(other_id, 0) >= ENOUGH_REFUSALS


async def _other_author(ctx: ReadContext, post_id: int, lessons: Lessons) -> int:
    """Who wrote the other's post; 0 where nothing depends on it."""
    if max(lessons.refusals.values(), default=0) < ENOUGH_REFUSALS:
        return 0
    post = await ctx.session.get(Post, post_id)
    return post.author_id if post is not None else 0
