"""Know-how posts: what there is to read, what waits for the moderators, who has seen what."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import POSTS_OF_SECTOR, PostStatus, PostVisibility, TopicLevel
from storage.models import (
    Person,
    PersonSector,
    PersonTopic,
    Post,
    PostAnswer,
    PostAudience,
    PostKind,
    PostOutcome,
    PostReading,
    PostRevision,
)
from storage.queries.dialect import insert_new
from storage.queries.post_authors import named_author
from storage.queries.post_visibility import readable_by

WHOLE_POST = (
    joinedload(Post.author).joinedload(Person.organisation),
    joinedload(Post.kind),
    joinedload(Post.sector),
    joinedload(Post.audience).options(joinedload(PostAudience.group), joinedload(PostAudience.mission)),
)
"""What a post is shown with."""
WHOLE_ANSWER = (joinedload(PostAnswer.author).joinedload(Person.organisation), joinedload(PostAnswer.post))
"""What an answer is shown with."""
NEWEST_FIRST = (Post.published_at.desc(), Post.id.desc())


async def kinds(session: AsyncSession) -> Sequence[PostKind]:
    """The kinds of post in use, in their own order."""
    statement = select(PostKind).where(PostKind.active).order_by(PostKind.position, PostKind.id)
    return (await session.execute(statement)).scalars().all()


async def find_post(session: AsyncSession, post_id: int) -> Post | None:
    """The post, whatever its status, with all it is shown with."""
    return (await session.execute(select(Post).where(Post.id == post_id).options(*WHOLE_POST))).scalar_one_or_none()


async def posts_in_order(session: AsyncSession, post_ids: Sequence[int]) -> list[Post]:
    """These posts in this order, with all they are shown with; ids that are gone are left out."""
    found = (await session.execute(select(Post).where(Post.id.in_(post_ids)).options(*WHOLE_POST))).scalars()
    by_id = {post.id: post for post in found}
    return [by_id[post_id] for post_id in post_ids if post_id in by_id]


def _shown(reader_id: int, sector_id: int | None, kind_id: int | None) -> list[ColumnElement[bool]]:
    conditions = [readable_by(reader_id)]
    if sector_id is not None:
        conditions.append(Post.sector_id == sector_id)
    if kind_id is not None:
        conditions.append(Post.kind_id == kind_id)
    return conditions


async def _page(session: AsyncSession, statement: Select[Post], offset: int, most: int) -> Sequence[Post]:
    return (await session.execute(statement.options(*WHOLE_POST).offset(offset).limit(most))).scalars().all()


async def latest(
    session: AsyncSession,
    reader_id: int,
    *,
    sector_id: int | None = None,
    kind_id: int | None = None,
    offset: int,
    most: int,
) -> Sequence[Post]:
    """Published posts that this member may read, the newest first."""
    statement = select(Post).where(*_shown(reader_id, sector_id, kind_id)).order_by(*NEWEST_FIRST)
    return await _page(session, statement, offset, most)


async def count_latest(
    session: AsyncSession, reader_id: int, *, sector_id: int | None = None, kind_id: int | None = None
) -> int:
    """How many published posts this member may read."""
    statement = select(func.count()).select_from(Post).where(*_shown(reader_id, sector_id, kind_id))
    return (await session.execute(statement)).scalar_one()


WAITING = or_(Post.status == PostStatus.PENDING, and_(Post.status == PostStatus.PUBLISHED, Post.to_check))
"""What a moderator is to look at: before it is published, or once it is."""


async def waiting(session: AsyncSession, *, offset: int, most: int) -> Sequence[Post]:
    """Posts that wait for a moderator, the longest waiting first."""
    return await _page(session, select(Post).where(WAITING).order_by(Post.created_at, Post.id), offset, most)


async def count_waiting(session: AsyncSession) -> int:
    """How many posts wait for a moderator."""
    return (await session.execute(select(func.count()).select_from(Post).where(WAITING))).scalar_one()


async def count_published_by(session: AsyncSession, person_id: int) -> int:
    """How many of a person's posts were published, also if they are closed by now."""
    statement = (
        select(func.count())
        .select_from(Post)
        .where(Post.author_id == person_id, Post.status.in_([PostStatus.PUBLISHED, PostStatus.CLOSED]))
    )
    return (await session.execute(statement)).scalar_one()


def _own(person_id: int, *, blind: bool) -> ColumnElement[bool]:
    return Post.author_id == person_id if blind else named_author() == person_id


async def by_author(
    session: AsyncSession, person_id: int, *, offset: int, most: int, blind: bool = True
) -> Sequence[Post]:
    """A person's own posts of every status, the newest first; the blind ones are for nobody else."""
    statement = select(Post).where(_own(person_id, blind=blind)).order_by(Post.created_at.desc(), Post.id.desc())
    return await _page(session, statement, offset, most)


async def count_by_author(session: AsyncSession, person_id: int, *, blind: bool = True) -> int:
    """How many posts a person has written, with the blind ones or without."""
    return (
        await session.execute(select(func.count()).select_from(Post).where(_own(person_id, blind=blind)))
    ).scalar_one()


async def record_reading(session: AsyncSession, post_id: int, person_id: int, now: datetime) -> None:
    """Remember that a person opened a post; the first time counts."""
    row = {"post_id": post_id, "person_id": person_id, "at": now}
    await insert_new(session, PostReading, [row], unique=["post_id", "person_id"], key=None)


async def has_read(session: AsyncSession, post_id: int, person_id: int) -> bool:
    """Whether a person has opened a post."""
    return await session.get(PostReading, (post_id, person_id)) is not None


async def count_answers(session: AsyncSession, post_id: int) -> int:
    """How many answers a post has."""
    return (
        await session.execute(select(func.count()).select_from(PostAnswer).where(PostAnswer.post_id == post_id))
    ).scalar_one()


async def answers(session: AsyncSession, post_id: int, *, offset: int, most: int) -> Sequence[PostAnswer]:
    """A post's answers with their authors: the one that solved it, then the newest first."""
    statement = (
        select(PostAnswer)
        .outerjoin(PostOutcome, PostOutcome.answer_id == PostAnswer.id)
        .where(PostAnswer.post_id == post_id)
        .order_by(PostOutcome.post_id.is_(None), PostAnswer.created_at.desc(), PostAnswer.id.desc())
        .options(*WHOLE_ANSWER)
        .offset(offset)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def revisions(session: AsyncSession, post_id: int) -> Sequence[PostRevision]:
    """What a post said before its changes, with who made them, the latest first."""
    statement = (
        select(PostRevision)
        .where(PostRevision.post_id == post_id)
        .order_by(PostRevision.at.desc(), PostRevision.id.desc())
        .options(joinedload(PostRevision.editor))
    )
    return (await session.execute(statement)).scalars().all()


async def public_posts(session: AsyncSession, most: int) -> Sequence[Post]:
    """What everybody may read, outside the community too, the newest first."""
    statement = (
        select(Post)
        .where(Post.status == PostStatus.PUBLISHED, Post.visibility == PostVisibility.PUBLIC)
        .order_by(*NEWEST_FIRST)
    )
    return await _page(session, statement, 0, most)


async def has_revisions(session: AsyncSession, post_id: int) -> bool:
    """Whether a post was changed."""
    return (
        await session.execute(select(PostRevision.id).where(PostRevision.post_id == post_id).limit(1))
    ).scalar_one_or_none() is not None


async def count_revisions(session: AsyncSession, post_id: int) -> int:
    """How often a post was changed."""
    statement = select(func.count()).select_from(PostRevision).where(PostRevision.post_id == post_id)
    return (await session.execute(statement)).scalar_one()


async def to_be_asked(session: AsyncSession, until: datetime, most: int) -> Sequence[int]:
    """Published posts that run out by then and whose authors have not been asked, by id."""
    statement = (
        select(Post.id)
        .where(Post.status == PostStatus.PUBLISHED, Post.valid_until <= until, Post.asked_at.is_(None))
        .order_by(Post.valid_until, Post.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def run_out(session: AsyncSession, now: datetime, asked_before: datetime, most: int) -> Sequence[int]:
    """Published posts that have run out and whose authors were asked in time, by id."""
    statement = (
        select(Post.id)
        .where(Post.status == PostStatus.PUBLISHED, Post.valid_until <= now, Post.asked_at <= asked_before)
        .order_by(Post.valid_until, Post.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def answers_with_titles(
    session: AsyncSession, ids: Sequence[int], reader_id: int
) -> list[tuple[PostAnswer, str]]:
    """Those of these answers whose posts somebody may read, with their authors, and the titles of the posts."""
    statement = (
        select(PostAnswer, Post.title)
        .join(Post, Post.id == PostAnswer.post_id)
        .where(PostAnswer.id.in_(ids), readable_by(reader_id))
        .options(*WHOLE_ANSWER)
    )
    return [(answer, title) for answer, title in await session.execute(statement)]


async def find_answer(session: AsyncSession, answer_id: int) -> PostAnswer | None:
    """One answer with its author, as it is stored now."""
    return (
        await session.execute(
            select(PostAnswer)
            .where(PostAnswer.id == answer_id)
            .options(*WHOLE_ANSWER)
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()


async def new_posts_for(session: AsyncSession, person: Person, since: datetime, limit: int) -> list[Post]:
    """Posts published after ``since`` that the person has neither written nor opened, of sectors they have not muted.

    Those of a sector that the person follows come first, then the newest. Each has its author, organisation, kind and
    sector loaded.
    """
    opened = exists().where(PostReading.post_id == Post.id, PostReading.person_id == person.id)
    followed = exists().where(PersonSector.person_id == person.id, PersonSector.sector_id == Post.sector_id)
    muted = exists().where(
        PersonTopic.person_id == person.id,
        PersonTopic.topic == literal(POSTS_OF_SECTOR) + cast(Post.sector_id, String),
        PersonTopic.level == TopicLevel.MUTED,
    )
    statement = (
        select(Post)
        .where(
            readable_by(person.id),
            Post.published_at > since,
            Post.author_id != person.id,
            ~opened,
            ~muted,
        )
        .order_by(followed.desc(), *NEWEST_FIRST)
    )
    return list(await _page(session, statement, 0, limit))
