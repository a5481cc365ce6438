"""Offers and requests that fit each other: which posts to compare, what is compared, who is to be told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, joinedload

from storage.enums import PersonStatus, PostStatus, SubjectKind
from storage.models import Person, Post, PostCompared, PostKind, PostMatch, SearchEntry, SearchWord
from storage.queries.dialect import among, insert_new, is_postgres
from storage.queries.post_visibility import readable_by
from storage.queries.search_index import EVERY_ENTRY

OFFER, REQUEST = "offer", "request"
"""The keys of the two kinds of post, where the community uses them."""
MOST_COMPARED = 500
"""The newest posts of the other kind that a post is compared with; of older ones what the index names."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """A post as it is compared: its author's words for what it is about, and the stems of all it says."""

    id: int
    author_id: int
    organisation_id: int | None
    about: str
    stems: frozenset[str]


async def to_compare(session: AsyncSession, most: int) -> Sequence[tuple[int, str]]:
    """Published offers and requests not compared since they came or were changed: id and kind, the oldest first."""
    since = func.coalesce(Post.edited_at, Post.published_at, type_=Post.published_at.type)
    statement = (
        select(Post.id, PostKind.key)
        .join(PostKind, PostKind.id == Post.kind_id)
        .outerjoin(PostCompared, PostCompared.post_id == Post.id)
        .where(
            PostKind.key.in_([OFFER, REQUEST]),
            Post.status == PostStatus.PUBLISHED,
            or_(PostCompared.at.is_(None), PostCompared.at < since),
        )
        .order_by(Post.published_at, Post.id)
        .limit(most)
    )
    return [(number, key) for number, key in await session.execute(statement)]


async def note_compared(session: AsyncSession, post_id: int, now: datetime) -> None:
    """A post was compared with all that may fit it."""
    row = await session.get(PostCompared, post_id)
    if row is None:
        session.add(PostCompared(post_id=post_id, at=now))
    else:
        row.at = now


async def comparable(
    session: AsyncSession, *, kind: str = "", post_id: int | None = None, most: int = MOST_COMPARED
) -> list[Comparable]:
    """One post, or the newest published ones of a kind, as they are compared; only what the search knows."""
    return await _comparable(session, Post.id == post_id if post_id is not None else PostKind.key == kind, most=most)


async def comparable_to(
    session: AsyncSession, kind: str, post_ids: Collection[int], reader_id: int
) -> list[Comparable]:
    """Those of these posts of a kind that a member may read, as they are compared."""
    wanted = (Post.id.in_(list(post_ids)), PostKind.key == kind, readable_by(reader_id))
    return await _comparable(session, *wanted, most=len(post_ids))


async def comparable_older(session: AsyncSession, post_ids: Collection[int]) -> list[Comparable]:
    """These posts, as they are compared."""
    return await _comparable(session, Post.id.in_(list(post_ids)), most=len(post_ids))


async def _comparable(session: AsyncSession, *wanted: ColumnElement[bool], most: int) -> list[Comparable]:
    entry = and_(SearchEntry.kind == SubjectKind.POST, SearchEntry.subject_id == Post.id)
    own = (Post.id, Post.author_id, Person.organisation_id, Post.title, Post.topics)
    known = (SearchEntry.title.label("titled"), SearchEntry.topics.label("filed"), SearchEntry.body)
    statement = (
        select(*own, *known)
        .join(PostKind, PostKind.id == Post.kind_id)
        .join(Person, Person.id == Post.author_id)
        .join(SearchEntry, entry)
        .where(Post.status == PostStatus.PUBLISHED, Person.status == PersonStatus.MEMBER, *wanted)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(most)
    )
    return [
        Comparable(
            row.id,
            row.author_id,
            row.organisation_id,
            f"{row.title} {' '.join(row.topics)}",
            frozenset(f"{row.titled} {row.filed} {row.body}".split()),
        )
        for row in await session.execute(statement)
    ]


async def documents_with(session: AsyncSession, stems: Collection[str]) -> tuple[dict[str, int], int]:
    """In how many things of the search each stem is, and how many things there are."""
    statement = select(SearchWord.stem, SearchWord.documents).where(SearchWord.stem.in_([EVERY_ENTRY, *stems]))
    found: dict[str, int] = dict((await session.execute(statement)).all())
    return found, found.pop(EVERY_ENTRY, 0)


async def add_matches(session: AsyncSession, rows: Sequence[dict[str, object]]) -> None:
    """Remember pairs that fit; a pair that is known stays as it is."""
    if rows:
        await insert_new(session, PostMatch, rows, unique=["offer_id", "request_id"], key=None)


@dataclass(frozen=True, slots=True)
class Untold:
    """A pair of which one author has not been told: whose side it is, and who that is."""

    match_id: int
    side: str
    person_id: int
    own_id: int
    other_id: int
    other_person_id: int
    percent: int
    words: Sequence[str]


async def untold(session: AsyncSession, most: int, *, but: Collection[int] = ()) -> list[Untold]:
    """Authors to be told of a pair that neither of the two has turned down, the best pairs first; none of ``but``."""
    offer, request = aliased(Post), aliased(Post)
    postgres = is_postgres(session)
    statement = (
        select(PostMatch, offer.author_id, request.author_id)
        .join(offer, offer.id == PostMatch.offer_id)
        .join(request, request.id == PostMatch.request_id)
        .where(
            or_(
                and_(PostMatch.offer_told_at.is_(None), ~among(offer.author_id.expression, but, postgres=postgres)),
                and_(PostMatch.request_told_at.is_(None), ~among(request.author_id.expression, but, postgres=postgres)),
            ),
            PostMatch.offer_refused_at.is_(None),
            PostMatch.request_refused_at.is_(None),
            offer.status == PostStatus.PUBLISHED,
            request.status == PostStatus.PUBLISHED,
        )
        .order_by(PostMatch.percent.desc(), PostMatch.id)
        .limit(most)
    )
    found = []
    for match, offering, requesting in await session.execute(statement):
        fit = (match.percent, match.words)
        if match.offer_told_at is None:
            found.append(Untold(match.id, OFFER, offering, match.offer_id, match.request_id, requesting, *fit))
        if match.request_told_at is None:
            found.append(Untold(match.id, REQUEST, requesting, match.request_id, match.offer_id, offering, *fit))
    return found


async def told_since(session: AsyncSession, since: datetime) -> dict[int, int]:
    """How many pairs each author was told of since that moment."""
    counts: dict[int, int] = {}
    for post_id, told_at in (
        (PostMatch.offer_id, PostMatch.offer_told_at),
        (PostMatch.request_id, PostMatch.request_told_at),
    ):
        statement = (
            select(Post.author_id, func.count())
            .join(PostMatch, post_id == Post.id)
            .where(told_at > since)
            .group_by(Post.author_id)
        )
        for person, number in await session.execute(statement):
            counts[person] = counts.get(person, 0) + number
    return counts


async def matches_of(session: AsyncSession, person_id: int, most: int) -> Sequence[PostMatch]:
    """The pairs of an author's published posts that they have not turned down, the best first."""
    offer, request = aliased(Post), aliased(Post)
    statement = (
        select(PostMatch)
        .join(offer, offer.id == PostMatch.offer_id)
        .join(request, request.id == PostMatch.request_id)
        .where(
            or_(
                and_(offer.author_id == person_id, PostMatch.offer_refused_at.is_(None)),
                and_(request.author_id == person_id, PostMatch.request_refused_at.is_(None)),
            ),
            offer.status == PostStatus.PUBLISHED,
            request.status == PostStatus.PUBLISHED,
        )
        .order_by(PostMatch.percent.desc(), PostMatch.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def both_posts(session: AsyncSession, match: PostMatch) -> tuple[Post | None, Post | None]:
    """The offer and the request of a pair, with their authors and kinds."""
    found = await session.execute(
        select(Post)
        .where(Post.id.in_([match.offer_id, match.request_id]))
        .options(joinedload(Post.author).joinedload(Person.organisation), joinedload(Post.kind))
    )
    by_id = {post.id: post for post in found.scalars()}
    return by_id.get(match.offer_id), by_id.get(match.request_id)
