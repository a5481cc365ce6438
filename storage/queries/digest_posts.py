"""The posts that digests choose from: read once for many readers, and what leaves each of them out."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PostStatus, SubjectKind
from storage.models import Person, PersonSector, Post, PostReading, SearchEntry
from storage.post_topics import topic_of_sector, topics_of_post
from storage.queries.post_authors import named_author
from storage.queries.post_visibility import readable_by


@dataclass(frozen=True, slots=True)
class FreshPost:
    """What decides whether a post belongs in a digest.

    Attributes:
        author_id: so that it is no news to them; ``topics`` say under whom it is known.
        topics: the keys of what it is about (:mod:`storage.post_topics`).
        useful: how many found it useful.
    """

    id: int
    author_id: int
    published_at: datetime
    topics: tuple[str, ...]
    useful: int


async def fresh_posts(session: AsyncSession, since: datetime, until: datetime, *, most: int) -> list[FreshPost]:
    """The newest posts published after ``since`` and by ``until``, the newest first; whoever may read them."""
    entry = and_(SearchEntry.kind == SubjectKind.POST, SearchEntry.subject_id == Post.id)
    statement = (
        select(
            Post.id,
            Post.author_id,
            named_author(),
            Person.organisation_id,
            Post.sector_id,
            Post.topics,
            Post.published_at,
            func.coalesce(SearchEntry.useful, 0),
        )
        .join(Person, Person.id == Post.author_id)
        .outerjoin(SearchEntry, entry)
        .where(Post.status == PostStatus.PUBLISHED, Post.published_at > since, Post.published_at <= until)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(most)
    )
    return [
        FreshPost(
            one,
            author,
            published,
            topics_of_post(author_id=named, organisation_id=organisation, sector_id=sector, words=words),
            useful,
        )
        for one, author, named, organisation, sector, words, published, useful in await session.execute(statement)
        if published is not None
    ]


async def read_since(session: AsyncSession, people: Collection[int], since: datetime) -> Mapping[int, set[int]]:
    """The posts that each of these people has opened since that moment."""
    found: dict[int, set[int]] = defaultdict(set)
    statement = select(PostReading.person_id, PostReading.post_id).where(
        PostReading.person_id.in_(list(people)), PostReading.at > since
    )
    for person, post in await session.execute(statement):
        found[person].add(post)
    return found


async def sectors_of(session: AsyncSession, people: Collection[int]) -> Mapping[int, set[str]]:
    """The sectors in each person's profile, as keys."""
    found: dict[int, set[str]] = defaultdict(set)
    statement = select(PersonSector.person_id, PersonSector.sector_id).where(PersonSector.person_id.in_(list(people)))
    for person, sector in await session.execute(statement):
        found[person].add(topic_of_sector(sector))
    return found


async def hidden_from(session: AsyncSession, people: Collection[int], posts: Collection[int]) -> Mapping[int, set[int]]:
    """Which of these posts each of these people may not read."""
    found: dict[int, set[int]] = defaultdict(set)
    # Each of these people with each of these posts: few of both.
    statement = (
        select(Person.id, Post.id)
        .join_from(Person, Post, Post.id.in_(list(posts)))
        .where(Person.id.in_(list(people)), func.coalesce(readable_by(Person.id), False).is_(False))
    )
    for person, post in await session.execute(statement):
        found[person].add(post)
    return found
