"""Comparing profiles with each other and with posts: what somebody seeks with what others offer."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from handlers.conversation.context import ReadContext
from handlers.knowhow.matches.rules import (
    LEAST_THINGS,
    TOLD_AGAIN_AFTER,
    Fit,
    best_fit,
    fits,
    says_more,
    things_of,
)
from storage.models import ProfileMatch
from storage.queries import matching, profile_changes, profile_matching
from storage.queries.matching import OFFER, REQUEST, Comparable
from storage.queries.profile_matching import FoundPair, Profile
from storage.search_query import Concept, concepts
from storage.search_ranking import idf
from storage.search_words import stems_of_text

MOST_KEPT = 5
"""New pairs that a profile or a post gets of each kind: the best."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One side: whose it is, which post or none, what it is about, the stems of all it says, a post's of its head."""

    person_id: int
    organisation_id: int | None
    post_id: int | None
    things: Callable[[], list[list[Concept]]]
    stems: frozenset[str]
    head: frozenset[str] | None = None


def _of_post(post: Comparable) -> _Said:
    head = frozenset(stems_of_text(post.about)[0])
    return _Said(post.author_id, post.organisation_id, post.id, lambda: [concepts(post.about)], post.stems, head)


def _of_profile(profile: Profile, text: str) -> _Said:
    stems = frozenset(stems_of_text(text)[0])
    return _Said(profile.person_id, profile.organisation_id, None, lambda: things_of(text), stems)


def _strangers(one: _Said, other: _Said) -> bool:
    """Not with oneself, nor with a colleague, who is found without a bot."""
    same_house = one.organisation_id is not None and one.organisation_id == other.organisation_id
    return one.person_id != other.person_id and not same_house


class _Own:
    """One side, to be compared with many, and what the search knows of its words."""

    def __init__(self, said: _Said, documents: dict[str, int], total: int) -> None:
        self.said = said
        self.things = said.things()
        self._documents = documents
        self._total = total

    @classmethod
    async def of(cls, ctx: ReadContext, said: _Said) -> "_Own":
        stems = {stem for thing in said.things() for concept in thing for stem in concept.stems}
        return cls(said, *await matching.documents_with(ctx.session, stems | said.stems))

    def telling_things(self) -> list[Concept]:
        """What it is about, the rarest first."""
        every = {concept.typed: concept for thing in self.things for concept in thing}

        def worth(concept: Concept) -> float:
            often = min(max(self._documents.get(stem, 0) for stem in word) for word in concept.own.words)
            return idf(often, max(self._total, LEAST_THINGS))

        bare = [
            Concept(one.typed, tuple(way for way in one.ways if not way.prefix))
            for one in sorted(every.values(), key=worth, reverse=True)
        ]
        return bare[: profile_matching.TELLING_THINGS]

    def telling_stems(self) -> list[str]:
        """The rarest stems of all it says and is about."""
        about = {stem for concept in self.telling_things() for stem in concept.stems}
        return profile_matching.telling_stems(about | self.said.stems, self._documents)

    async def fitting(self, ctx: ReadContext, others: Iterable[_Said]) -> list[tuple[_Said, Fit]]:
        """Those that fit, the best first. What shares too little in one direction is not looked at in the other."""
        near = []
        for other in others:
            if _strangers(self.said, other):
                forth = best_fit(self.things, other.stems, self._documents, self._total, head=other.head)
                if forth.words:
                    near.append((other, other.things(), forth))
        stems = {stem for _, things, _ in near for thing in things for concept in thing for stem in concept.stems}
        documents, total = await matching.documents_with(ctx.session, stems) if stems else ({}, 0)
        found = []
        for other, things, forth in near:
            fit = fits(forth, best_fit(things, self.said.stems, documents, total, head=self.said.head))
            if fit is not None:
                found.append((other, fit))
        found.sort(key=lambda pair: (-pair[1].share, pair[0].person_id, pair[0].post_id or 0))
        return found


def _pair(own: _Said, other: _Said, fit: Fit, *, seeks: bool) -> FoundPair:
    """A pair, given whether one's own side is the one that seeks."""
    seeker, offerer = (own, other) if seeks else (other, own)
    return FoundPair(
        seeker_id=seeker.person_id,
        offerer_id=offerer.person_id,
        request_id=seeker.post_id,
        offer_id=offerer.post_id,
        percent=round(fit.share * 100),
        words=fit.words,
    )


async def compare_profile(ctx: ReadContext, person_id: int) -> int:
    """Find what fits what a member shows that they offer and seek; returns how many pairs there are now."""
    session = ctx.session
    await profile_matching.note_compared(session, person_id, ctx.now)
    shown = await profile_matching.profiles(session, person_id, [person_id])
    known = await profile_matching.pairs_where(session, profile_changes.of_profiles([person_id]))
    found: list[FoundPair] = []
    if shown:
        blocked = await profile_matching.blocked_with(session, person_id)
        for seeks in (True, False):
            text = shown[0].seeks if seeks else shown[0].offers
            if not text.strip():
                continue
            own = await _Own.of(ctx, _of_profile(shown[0], text))
            theirs = [one for one in known if (one.seeker_id == person_id) is seeks]
            for others in (
                await _profiles_near(ctx, own, [_other(one, person_id) for one in theirs], they_offer=seeks),
                await _posts_near(ctx, own, theirs, blocked, OFFER if seeks else REQUEST),
            ):
                fitting = await own.fitting(ctx, others)
                found += [_pair(own.said, other, fit, seeks=seeks) for other, fit in fitting]
    return await _keep(ctx, found, known, person_id)


async def compare_post(ctx: ReadContext, post_id: int, kind: str) -> int:
    """Find the profiles that fit an offer or a request; returns how many pairs there are now."""
    session = ctx.session
    posts = await matching.comparable(session, post_id=post_id, most=1)
    column = ProfileMatch.offer_id if kind == OFFER else ProfileMatch.request_id
    known = await profile_matching.pairs_where(session, column == post_id)
    found: list[FoundPair] = []
    if posts:
        own = await _Own.of(ctx, _of_post(posts[0]))
        others = await _profiles_near(
            ctx, own, [_other(one, posts[0].author_id) for one in known], they_offer=kind == REQUEST
        )
        found = [_pair(own.said, other, fit, seeks=kind == REQUEST) for other, fit in await own.fitting(ctx, others)]
    return await _keep(ctx, found, known, None)


async def older_posts(ctx: ReadContext, post: Comparable, kind: str, but: Collection[int]) -> list[Comparable]:
    """The posts of the other kind that may fit a post, beside those that it is compared with anyway."""
    own = await _Own.of(ctx, _of_post(post))
    likely = await profile_matching.likely_posts(ctx.session, kind, own.telling_things())
    return await matching.comparable_older(ctx.session, set(likely) - set(but))


def _other(pair: ProfileMatch, person_id: int) -> int:
    return pair.offerer_id if pair.seeker_id == person_id else pair.seeker_id


async def _profiles_near(ctx: ReadContext, own: _Own, known: Collection[int], *, they_offer: bool) -> Sequence[_Said]:
    """The profiles that may fit, as far as their owners show them to whoever is compared."""
    reader = own.said.person_id
    stems = own.telling_stems()
    likely = await profile_matching.likely_profiles(ctx.session, stems, reader) if stems else []
    shown = await profile_matching.profiles(ctx.session, reader, {*likely, *known} - {reader})
    texts = [(one, one.offers if they_offer else one.seeks) for one in shown]
    return [_of_profile(one, text) for one, text in texts if text.strip()]


async def _posts_near(
    ctx: ReadContext, own: _Own, known: Iterable[ProfileMatch], blocked: Collection[int], kind: str
) -> Sequence[_Said]:
    """The posts that may fit and that the profile's owner may read, not of those with whom they want nothing."""
    likely = await profile_matching.likely_posts(ctx.session, kind, own.telling_things())
    before = {one.offer_id if kind == OFFER else one.request_id for one in known} - {None}
    ids = {*likely, *(number for number in before if number is not None)}
    posts = await matching.comparable_to(ctx.session, kind, ids, own.said.person_id) if ids else []
    return [_of_post(one) for one in posts if one.author_id not in blocked]


async def _keep(
    ctx: ReadContext, found: Iterable[FoundPair], known: Iterable[ProfileMatch], profile_of: int | None
) -> int:
    """Bring what is stored up to date: what still fits is refreshed, the best of what is new added, the rest let go."""
    by_key = {one.key: one for one in found}
    overtaken = []
    kept = 0
    for row in known:
        again = by_key.pop(row.key, None)
        if again is None:
            overtaken.append(row.id)
        else:
            _refresh(ctx, row, again)
            kept += 1
    await ctx.session.flush()
    await profile_matching.forget_pairs(ctx.session, overtaken)
    new: dict[tuple[bool, bool], list[FoundPair]] = {}
    for one in by_key.values():
        sort = (one.seeker_id == profile_of, one.request_id is None and one.offer_id is None)
        new.setdefault(sort, []).append(one)
    best = [one for each in new.values() for one in each[:MOST_KEPT]]
    await profile_matching.add(ctx.session, best, ctx.now)
    return kept + len(best)


def _refresh(ctx: ReadContext, row: ProfileMatch, again: FoundPair) -> None:
    """A known pair as it fits now; who was told long ago is told again when the texts say something new."""
    if says_more(again.words, row.words):
        before = ctx.now - TOLD_AGAIN_AFTER
        if row.seeker_told_at is not None and row.seeker_told_at <= before:
            row.seeker_told_at = None
        if row.offerer_told_at is not None and row.offerer_told_at <= before:
            row.offerer_told_at = None
    row.percent, row.words = again.percent, list(again.words)
