"""What people want to be told, and what waits for them: the levels of topics, items for the digest, held messages."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import OutboxState, TopicLevel
from storage.models import DigestItem, OutboxMessage, PersonTopic
from storage.post_topics import is_of_posts, topic_of_sector

__all__ = [
    "IN_QUIET_HOURS",
    "items_of",
    "keep_for_digest",
    "kept_for_digest",
    "level_by_default",
    "level_of",
    "levels",
    "levels_of_people",
    "note_told",
    "release_held",
    "set_level",
    "topic_of_sector",
]

IN_QUIET_HOURS = "waits for the end of the quiet hours"
"""What a row of the outbox that was put off says of itself, so that it is found when its reader changes their mind."""


# Levels


def level_by_default(topic: str) -> TopicLevel:
    """What a topic begins with: know-how comes with the digest, all else at once."""
    return TopicLevel.DIGEST if is_of_posts(topic) else TopicLevel.NOW


def level_of(levels: Mapping[str, TopicLevel], topic: str) -> TopicLevel:
    """How much of a topic somebody wants who has said so much."""
    return levels.get(topic) or level_by_default(topic)


async def levels_of_people(session: AsyncSession, people: Collection[int]) -> dict[int, dict[str, TopicLevel]]:
    """How much of each topic these people want, where they have said so; everybody has an entry."""
    found: dict[int, dict[str, TopicLevel]] = {person: {} for person in people}
    rows = await session.execute(
        select(PersonTopic.person_id, PersonTopic.topic, PersonTopic.level).where(
            PersonTopic.person_id.in_(list(people))
        )
    )
    for person, topic, level in rows:
        found[person][topic] = level
    return found


async def levels(session: AsyncSession, person_id: int) -> dict[str, TopicLevel]:
    """How much of each topic a person wants, where they have said so."""
    return (await levels_of_people(session, [person_id]))[person_id]


async def set_level(session: AsyncSession, person_id: int, topic: str, level: TopicLevel, now: datetime) -> None:
    """Note how much of a topic a person wants."""
    row = await session.get(PersonTopic, (person_id, topic))
    if row is None:
        session.add(PersonTopic(person_id=person_id, topic=topic, level=level, at=now))
    else:
        row.level, row.at = level, now


# What waits for the end of the quiet hours


async def release_held(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Look again at what was put off for a person, now that they have changed when or where they want it."""
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.person_id == person_id,
            OutboxMessage.state == OutboxState.QUEUED,
            OutboxMessage.failure == IN_QUIET_HOURS,
            OutboxMessage.due_at > now,
        )
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )


# What waits for the digest


def keep_for_digest(session: AsyncSession, person_id: int, kind: str, data: Mapping[str, Any], now: datetime) -> None:
    """Have the person's next digest name a notice."""
    session.add(DigestItem(person_id=person_id, kind=kind, data=dict(data), at=now))


async def kept_for_digest(session: AsyncSession, people: Collection[int], until: datetime) -> dict[int, list[int]]:
    """What waits for each person's digest since before that moment, by id, the oldest first."""
    found: dict[int, list[int]] = {person: [] for person in people}
    rows = await session.execute(
        select(DigestItem.person_id, DigestItem.id)
        .where(DigestItem.person_id.in_(list(people)), DigestItem.told_at.is_(None), DigestItem.at <= until)
        .order_by(DigestItem.id)
    )
    for person, item in rows:
        found[person].append(item)
    return found


async def items_of(session: AsyncSession, person_id: int, ids: Collection[int]) -> Sequence[DigestItem]:
    """Those of these items that are the person's, the oldest first."""
    statement = (
        select(DigestItem)
        .where(DigestItem.id.in_(list(ids)), DigestItem.person_id == person_id)
        .order_by(DigestItem.id)
    )
    return (await session.execute(statement)).scalars().all()


async def note_told(session: AsyncSession, ids: Collection[int], now: datetime) -> None:
    """A digest names these items, so that no later one does."""
    await session.execute(
        update(DigestItem)
        .where(DigestItem.id.in_(list(ids)))
        .values(told_at=now)
        .execution_options(synchronize_session=False)
    )
