"""The lists that staff keep: sectors, topics, kinds of post. What is in use is never deleted, only retired."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import count
from storage.models import (
    Announcement,
    OrganisationSector,
    PersonInterest,
    PersonSector,
    Post,
    PostKind,
    Sector,
    Topic,
)


class Vocabulary(StrEnum):
    """Which list."""

    SECTORS = "sectors"
    TOPICS = "topics"
    KINDS = "kinds"


Entry = Sector | Topic | PostKind
MODELS: Mapping[Vocabulary, type[Entry]] = {
    Vocabulary.SECTORS: Sector,
    Vocabulary.TOPICS: Topic,
    Vocabulary.KINDS: PostKind,
}


async def entries(session: AsyncSession, which: Vocabulary) -> Sequence[Entry]:
    """A list as it stands, with what is retired at its end."""
    model = MODELS[which]
    statement = select(model).order_by(model.active.desc(), model.position, model.id)
    return cast("Sequence[Entry]", (await session.execute(statement)).scalars().all())


async def held(session: AsyncSession, which: Vocabulary) -> list[Entry]:
    """What is in use of a list, in its order, held until the end of the transaction: for changing the order."""
    model = MODELS[which]
    statement = select(model).order_by(model.position, model.id).with_for_update()
    rows = cast("Sequence[Entry]", (await session.execute(statement)).scalars().all())
    return [row for row in rows if row.active]


async def entry(session: AsyncSession, which: Vocabulary, entry_id: int) -> Entry | None:
    """One line of a list."""
    return await session.get(MODELS[which], entry_id)


async def uses(session: AsyncSession, which: Vocabulary, row: Entry) -> int:
    """How many things name it: posts, profiles, organisations, announcements."""
    match which:
        case Vocabulary.SECTORS:
            return (
                await count(session, Post.sector_id == row.id, of=Post)
                + await count(session, PersonSector.sector_id == row.id, of=PersonSector)
                + await count(session, OrganisationSector.sector_id == row.id, of=OrganisationSector)
            )
        case Vocabulary.TOPICS:
            return await count(session, Announcement.topic == row.key, of=Announcement) + await count(
                session, PersonInterest.topic_id == row.id, of=PersonInterest
            )
        case Vocabulary.KINDS:
            return await count(session, Post.kind_id == row.id, of=Post)
