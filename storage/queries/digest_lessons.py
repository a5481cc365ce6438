"""Of what readers want less in their digests: learnt from single posts, shown, and taken back."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import DigestLesson
from storage.queries.dialect import insert_new


async def less_of_people(session: AsyncSession, people: Collection[int]) -> Mapping[int, Counter[str]]:
    """How often each of these people wanted less of each topic."""
    found: dict[int, Counter[str]] = {person: Counter() for person in people}
    statement = (
        select(DigestLesson.person_id, DigestLesson.topic, func.count())
        .where(DigestLesson.person_id.in_(list(people)))
        .group_by(DigestLesson.person_id, DigestLesson.topic)
    )
    for person, topic, times in await session.execute(statement):
        found[person][topic] = times
    return found


async def learn(session: AsyncSession, person_id: int, post_id: int, topics: Collection[str], now: datetime) -> None:
    """Somebody wants less like a post; a second time for the same post changes nothing."""
    rows = [{"person_id": person_id, "topic": topic, "post_id": post_id, "at": now} for topic in topics]
    await insert_new(session, DigestLesson, rows, unique=["person_id", "topic", "post_id"], key=None)


async def take_back(session: AsyncSession, person_id: int, post_id: int) -> None:
    """What was learnt from one post counts no more."""
    await _delete(session, DigestLesson.person_id == person_id, DigestLesson.post_id == post_id)


async def forget(session: AsyncSession, person_id: int, topic: str) -> None:
    """What was learnt about one topic counts no more."""
    await _delete(session, DigestLesson.person_id == person_id, DigestLesson.topic == topic)


async def _delete(session: AsyncSession, *conditions: ColumnElement[bool]) -> None:
    statement = delete(DigestLesson).where(*conditions)
    await session.execute(statement.execution_options(synchronize_session=False))
