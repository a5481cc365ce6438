"""Who is interested in blind posts: what waits, what is due, what was said."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import InterestState, PersonStatus, PostStatus
from storage.models import BlindInterest, Person, PersonBlock, Post, PostOutcome

WHOLE = (
    joinedload(BlindInterest.person).joinedload(Person.organisation),
    joinedload(BlindInterest.post).joinedload(Post.author).joinedload(Person.organisation),
)
"""What an interest is shown with."""
MOST = 200
"""Looked at in one go."""


def _stands() -> ColumnElement[bool]:
    """The condition on a post under which its author can still say yes."""
    gone = exists().where(Person.id == Post.author_id, Person.status != PersonStatus.MEMBER)
    settled = exists().where(PostOutcome.post_id == Post.id)
    return and_(Post.status == PostStatus.PUBLISHED, ~gone, ~settled)


def _answerable() -> ColumnElement[bool]:
    """The condition on an interest under which its post's author sees it: neither of the two has blocked the other."""
    blocked = exists().where(
        or_(
            and_(PersonBlock.person_id == BlindInterest.person_id, PersonBlock.blocked_id == Post.author_id),
            and_(PersonBlock.person_id == Post.author_id, PersonBlock.blocked_id == BlindInterest.person_id),
        )
    )
    there = exists().where(Person.id == BlindInterest.person_id, Person.status == PersonStatus.MEMBER)
    return and_(BlindInterest.state == InterestState.OPEN, _stands(), there, ~blocked)


async def stands(session: AsyncSession, post_id: int) -> bool:
    """Whether a post is published and open, and its author is there to answer."""
    return (
        await session.execute(select(Post.id).where(Post.id == post_id, _stands()))
    ).scalar_one_or_none() is not None


async def find(session: AsyncSession, interest_id: int) -> BlindInterest | None:
    """An interest with both people and the post, as it is stored now."""
    statement = (
        select(BlindInterest)
        .where(BlindInterest.id == interest_id)
        .options(*WHOLE)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def of_two(session: AsyncSession, post_id: int, person_id: int) -> BlindInterest | None:
    """Somebody's interest in a post, as it is stored now."""
    statement = (
        select(BlindInterest)
        .where(BlindInterest.post_id == post_id, BlindInterest.person_id == person_id)
        .options(*WHOLE)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def count_waiting(session: AsyncSession, post_id: int) -> int:
    """How many wait for an answer of a post's author."""
    statement = (
        select(func.count())
        .select_from(BlindInterest)
        .join(Post, Post.id == BlindInterest.post_id)
        .where(BlindInterest.post_id == post_id, _answerable())
    )
    return (await session.execute(statement)).scalar_one()


async def count_open_of(session: AsyncSession, person_id: int) -> int:
    """How many of somebody's interests are without an answer."""
    statement = (
        select(func.count())
        .select_from(BlindInterest)
        .where(BlindInterest.person_id == person_id, BlindInterest.state == InterestState.OPEN)
    )
    return (await session.execute(statement)).scalar_one()


async def count_to_answer(session: AsyncSession, author_id: int) -> int:
    """How many interests wait for somebody's answer, in all their posts."""
    statement = (
        select(func.count())
        .select_from(BlindInterest)
        .join(Post, Post.id == BlindInterest.post_id)
        .where(Post.author_id == author_id, _answerable())
    )
    return (await session.execute(statement)).scalar_one()


async def to_answer(session: AsyncSession, author_id: int, most: int) -> Sequence[BlindInterest]:
    """What waits for somebody's answer, the longest waiting first."""
    statement = (
        select(BlindInterest)
        .join(Post, Post.id == BlindInterest.post_id)
        .where(Post.author_id == author_id, _answerable())
        .options(*WHOLE)
        .order_by(BlindInterest.at, BlindInterest.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def open_of(session: AsyncSession, person_id: int, most: int) -> Sequence[BlindInterest]:
    """Somebody's own interests that are without an answer, the latest first."""
    statement = (
        select(BlindInterest)
        .where(BlindInterest.person_id == person_id, BlindInterest.state == InterestState.OPEN)
        .options(*WHOLE)
        .order_by(BlindInterest.at.desc(), BlindInterest.id.desc())
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def over(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Open interests whose time is over, or whose post or person is gone: their ids; at most :data:`MOST`."""
    left = exists().where(Person.id == BlindInterest.person_id, Person.status != PersonStatus.MEMBER)
    statement = (
        select(BlindInterest.id)
        .join(Post, Post.id == BlindInterest.post_id)
        .where(BlindInterest.state == InterestState.OPEN, or_(BlindInterest.expires_at <= now, ~_stands(), left))
        .order_by(BlindInterest.expires_at, BlindInterest.id)
        .limit(MOST)
    )
    return (await session.execute(statement)).scalars().all()


async def to_remind(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Open interests of which their posts' authors are to be reminded: their ids; at most :data:`MOST`."""
    statement = (
        select(BlindInterest.id)
        .where(
            BlindInterest.state == InterestState.OPEN, BlindInterest.remind_at <= now, BlindInterest.expires_at > now
        )
        .order_by(BlindInterest.remind_at, BlindInterest.id)
        .limit(MOST)
    )
    return (await session.execute(statement)).scalars().all()
