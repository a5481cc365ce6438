"""What the store holds about one person, read as the declaration in :mod:`storage.personal` says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PersonStatus
from storage.models import Account, Organisation, Person
from storage.personal.inventory import INVENTORY
from storage.personal.terms import AccountKey, Chapter, Declared, Link, Whose

Digest = Callable[[str, str, str], str]
"""From platform, account and user to what is kept of an account as a digest alone."""


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one table in which somebody has one role.

    Attributes:
        chapter: what they are about.
        table: where they are.
        role: what the person is in them.
        rows: the columns that are handed over, and what was added so that they can be understood.
    """

    chapter: Chapter
    table: str
    role: str
    rows: Sequence[Mapping[str, Any]]


async def whose(session: AsyncSession, person_id: int, digest: Digest) -> Whose:
    """Somebody, by everything that the tables know them by."""
    rows = await session.execute(select(Account).where(Account.person_id == person_id).order_by(Account.id))
    accounts = [AccountKey(one.platform, one.account, one.user, one.chat) for one in rows.scalars()]
    return Whose(person_id, accounts, [digest(one.platform, one.account, one.user) for one in accounts])


def exported() -> Iterator[tuple[Declared, Link]]:
    """Every way in which rows are handed over, in the order of the chapters."""
    order = list(Chapter)
    for declared in sorted(INVENTORY, key=lambda one: order.index(one.chapter)):
        for link in declared.links:
            if link.export:
                yield declared, link


async def sections(session: AsyncSession, who: Whose) -> list[Section]:
    """Everything that is handed over to somebody who asks; tables without a row of theirs are left out."""
    found: list[Section] = []
    for declared, link in exported():
        beside = [make().label(name) for name, make in link.beside.items()]
        statement = select(*link.export, *beside).where(link.rows(who)).order_by(*declared.model.__table__.primary_key)
        rows = [dict(row) for row in (await session.execute(statement)).mappings()]
        if rows:
            found.append(Section(declared.chapter, declared.model.__tablename__, link.role, rows))
    return found


async def counts(session: AsyncSession, who: Whose) -> dict[Chapter, int]:
    """How many rows each chapter of an export would have."""
    found: dict[Chapter, int] = {}
    for declared, link in exported():
        statement = select(func.count()).select_from(declared.model).where(link.rows(who))
        number = (await session.execute(statement)).scalar_one()
        if number:
            found[declared.chapter] = found.get(declared.chapter, 0) + number
    return found


async def people_called(session: AsyncSession, words: str, most: int) -> list[tuple[int, str, str]]:
    """People whose name holds these words, whatever their status: id, name, organisation."""
    wanted = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    statement = (
        select(Person.id, Person.name, func.coalesce(Organisation.name, Person.organisation_claim))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.status != PersonStatus.ERASED, Person.name.ilike(f"%{wanted}%", escape="\\"))
        .order_by(Person.name, Person.id)
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]
