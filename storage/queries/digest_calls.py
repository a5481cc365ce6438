"""Posts with a deadline ahead, such as funding calls, and to whom each matters."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PostStatus
from storage.models import Post, PostAnswer, PostReading

MOST_CALLS = 200
"""Calls that end within two weeks, of which each digest names a few."""


async def calls_ahead(session: AsyncSession, now: datetime, until: datetime) -> Sequence[Post]:
    """Published posts whose deadline is ahead and by ``until``, the nearest first; whoever may read them."""
    statement = (
        select(Post)
        .where(Post.deadline > now, Post.deadline <= until, Post.status == PostStatus.PUBLISHED)
        .order_by(Post.deadline, Post.id)
        .limit(MOST_CALLS)
    )
    return (await session.execute(statement)).scalars().all()


async def looked_at(session: AsyncSession, people: Collection[int], calls: Collection[int]) -> Mapping[int, set[int]]:
    """Which of these posts each of these people has opened or answered."""
    found: dict[int, set[int]] = defaultdict(set)
    for who, post in (
        (PostReading.person_id, PostReading.post_id),
        (PostAnswer.author_id, PostAnswer.post_id),
    ):
        statement = select(who, post).where(post.in_(list(calls)), who.in_(list(people)))
        for person, call in await session.execute(statement):
            found[person].add(call)
    return found
