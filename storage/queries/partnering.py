"""Posts that can be shown to the Enterprise Europe Network, in which others look for partners."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager, joinedload

from storage.enums import PersonStatus, PostStatus, PostVisibility
from storage.models import Person, Post, PostKind, PostOutcome


def _offered(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Open to everybody by their author's own choice, still valid, not settled, and with somebody who would answer."""
    return (
        PostKind.profile.is_not(None),
        Post.status == PostStatus.PUBLISHED,
        Post.visibility == PostVisibility.PUBLIC,
        or_(Post.valid_until.is_(None), Post.valid_until > now),
        or_(Post.deadline.is_(None), Post.deadline > now),
        ~exists().where(PostOutcome.post_id == Post.id),
        Person.status == PersonStatus.MEMBER,
    )


async def partnering_posts(session: AsyncSession, now: datetime) -> Sequence[Post]:
    """Those posts with their kinds and sectors, the newest first."""
    statement = (
        select(Post)
        .join(Post.kind)
        .join(Person, Person.id == Post.author_id)
        .where(*_offered(now))
        .order_by(Post.published_at.desc(), Post.id.desc())
        .options(contains_eager(Post.kind), joinedload(Post.sector))
    )
    return (await session.execute(statement)).scalars().all()


async def count_partnering_posts(session: AsyncSession, now: datetime) -> int:
    """How many they are."""
    statement = (
        select(func.count())
        .select_from(Post)
        .join(Post.kind)
        .join(Person, Person.id == Post.author_id)
        .where(*_offered(now))
    )
    return (await session.execute(statement)).scalar_one()
