"""The members' directory: who is in it, what they show, and who is found by which words.

Whether somebody is to be seen is asked at every look, from their consent and what they show then.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from storage.enums import ConsentPurpose, PersonStatus
from storage.models import (
    Consent,
    DirectoryEntry,
    DirectoryWord,
    Organisation,
    Person,
    PersonBlock,
    PersonSector,
    Sector,
)
from storage.queries.dialect import insert_new, is_postgres
from storage.search_words import PREFIX_FROM, stems, terms
from storage.sqlite_dialect import BESIDE

Value = TypeVar("Value")

SHOWN_BY_DEFAULT = frozenset({"organisation"})
"""What somebody shows who allows the directory and has not chosen: the least by which they are recognised."""
POINTED_OUT_SINCE = "2018-04b"
"""The first version of the consent's text, as their names sort, that says that offers and seeks are pointed out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows of themselves in the directory; what they do not show is empty."""

    person_id: int
    name: str
    organisation: str = ""
    role: str = ""
    sectors: tuple[Sector, ...] = ()
    offers: str = ""
    seeks: str = ""
    languages: tuple[str, ...] = ()

    def searched(self) -> Iterator[tuple[str, str]]:
        """The texts by which they are found, and where each stands."""
        for field in ("name", "organisation", "role", "offers", "seeks"):
            yield field, getattr(self, field)


def shows(entry: DirectoryEntry | None, field: str) -> bool:
    """Whether somebody shows a field: organisation, role, sectors, offers (and seeks) or languages."""
    return field in SHOWN_BY_DEFAULT if entry is None else bool(getattr(entry, f"shows_{field}"))


def shown_of(person: Person, entry: DirectoryEntry | None, sectors: Sequence[Sector] = ()) -> Shown:
    """What a person, whose organisation is loaded, shows."""
    organisation = person.organisation.name if person.organisation else ""
    return Shown(
        person.id,
        person.name,
        organisation if shows(entry, "organisation") else "",
        person.job_title if shows(entry, "role") else "",
        tuple(sectors) if shows(entry, "sectors") else (),
        person.offers if shows(entry, "offers") else "",
        person.seeks if shows(entry, "offers") else "",
        tuple(person.languages) if shows(entry, "languages") else (),
    )


def in_directory() -> list[ColumnElement[bool]]:
    """The conditions on ``Person`` under which somebody is in the directory: a member who allows it now."""
    return [Person.status == PersonStatus.MEMBER, func.coalesce(_latest_consent(Consent.given), False).is_(True)]


def pointed_out() -> ColumnElement[bool]:
    """What must hold of somebody in the directory, too, for what they offer and seek to be pointed out to others.

    The text they agreed to says so.
    """
    return _latest_consent(Consent.text_version) >= POINTED_OUT_SINCE


def _latest_consent(column: InstrumentedAttribute[Value]) -> ScalarSelect[Value]:
    return (
        select(column)
        .where(Consent.person_id == Person.id, Consent.purpose == ConsentPurpose.DIRECTORY)
        .order_by(Consent.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def seen_by(viewer_id: int) -> list[ColumnElement[bool]]:
    """The conditions under which this viewer sees somebody: in the directory, and neither has blocked the other."""
    blocked = exists().where(
        or_(
            and_(PersonBlock.person_id == viewer_id, PersonBlock.blocked_id == Person.id),
            and_(PersonBlock.person_id == Person.id, PersonBlock.blocked_id == viewer_id),
        )
    )
    return [*in_directory(), ~blocked.correlate(Person)]


def _shows(field: str) -> ColumnElement[bool]:
    column: ColumnElement[bool] = getattr(DirectoryEntry, f"shows_{field}")
    return func.coalesce(column, field in SHOWN_BY_DEFAULT)


def _finds(session: AsyncSession, word: str, *, begins: bool) -> ColumnElement[bool]:
    forms = DirectoryWord.word.in_(list(dict.fromkeys((word, *stems(word)))))
    if not begins:
        return forms
    if is_postgres(session):
        return or_(forms, DirectoryWord.word.startswith(word, autoescape=True))
    # A stretch of the index, which SQLite's LIKE would not use; it compares by code points.
    return or_(forms, and_(DirectoryWord.word >= word, DirectoryWord.word < word + chr(sys.maxunicode)))


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the directory; ``total`` counts all pages."""

    total: int
    people: tuple[Shown, ...]


async def search(
    session: AsyncSession,
    viewer_id: int,
    query: str = "",
    *,
    sector_id: int = 0,
    organisation_id: int = 0,
    limit: int,
    offset: int = 0,
) -> Found:
    """Who shows all words of the query, those who show them in their name first; without words, everybody by name.

    Args:
        session: any.
        viewer_id: who looks.
        query: what they typed, anything at all.
        sector_id: only who shows that sector; 0 for all.
        organisation_id: only who shows that organisation; 0 for all.
        limit: at most so many.
        offset: how many of the first to leave out.
    """
    looked_for = terms(query)
    wanted = seen_by(viewer_id)
    if sector_id:
        of_sector = exists().where(PersonSector.person_id == Person.id, PersonSector.sector_id == sector_id)
        wanted += [of_sector, _shows("sectors")]
    if organisation_id:
        wanted += [Person.organisation_id == organisation_id, _shows("organisation")]
    if query.strip() and not looked_for:
        return Found(0, ())
    matches = [
        select(DirectoryWord.person_id, func.max(DirectoryWord.weight).label("weight"))
        .where(_finds(session, word, begins=word is looked_for[-1] and len(word) >= PREFIX_FROM))
        .group_by(DirectoryWord.person_id)
        .subquery()
        for word in looked_for
    ]
    found = select(Person, DirectoryEntry).outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
    for match in matches:
        found = found.join(match, match.c.person_id == Person.id)
    order: list[Any] = [func.lower(Person.name), Person.id]
    if matches:
        order.insert(0, sum((match.c.weight for match in matches[1:]), matches[0].c.weight).desc())
    statement = (
        found.add_columns(func.count().over())
        .where(*wanted)
        .options(joinedload(Person.organisation))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .execution_options(**BESIDE)
    )
    rows = (await session.execute(statement)).all()
    if not rows and offset:
        every = select(func.count()).select_from(found.where(*wanted).with_only_columns(Person.id).subquery())
        return Found((await session.execute(every)).scalar_one(), ())
    sectors = await sectors_of_people(session, [person.id for person, _, _ in rows])
    people = tuple(shown_of(person, entry, sectors[person.id]) for person, entry, _ in rows)
    return Found(rows[0][2] if rows else 0, people)


async def sectors_of_people(session: AsyncSession, people: Sequence[int]) -> dict[int, list[Sector]]:
    """The sectors in use that each person works in, in the cluster's order."""
    found: dict[int, list[Sector]] = {person: [] for person in people}
    rows = await session.execute(
        select(PersonSector.person_id, Sector)
        .join(Sector, Sector.id == PersonSector.sector_id)
        .where(PersonSector.person_id.in_(list(people)), Sector.active)
        .order_by(Sector.position, Sector.id)
    )
    for person, sector in rows:
        found[person].append(sector)
    return found


async def look_up(session: AsyncSession, viewer_id: int, person_id: int) -> Shown | None:
    """What somebody shows to a viewer; ``None`` for who is not in the directory for them, or nowhere at all."""
    statement = (
        select(Person, DirectoryEntry)
        .outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(Person.id == person_id, *seen_by(viewer_id))
        .options(joinedload(Person.organisation))
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        return None
    person, entry = found
    return shown_of(person, entry, (await sectors_of_people(session, [person_id]))[person_id])


async def organisations(session: AsyncSession, viewer_id: int) -> Sequence[tuple[int, str, int]]:
    """The organisations that people show to a viewer, by name: id, name, how many people."""
    statement = (
        select(Organisation.id, Organisation.name, func.count())
        .join(Person, Person.organisation_id == Organisation.id)
        .outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(*seen_by(viewer_id), _shows("organisation"))
        .group_by(Organisation.id, Organisation.name)
        .order_by(func.lower(Organisation.name), Organisation.id)
    )
    return [(key, name, number) for key, name, number in await session.execute(statement)]


async def sectors(session: AsyncSession, viewer_id: int) -> Sequence[tuple[Sector, int]]:
    """The sectors that people show to a viewer, in the cluster's order, and how many people each."""
    statement = (
        select(Sector, func.count())
        .join(PersonSector, PersonSector.sector_id == Sector.id)
        .join(Person, Person.id == PersonSector.person_id)
        .outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(*seen_by(viewer_id), _shows("sectors"), Sector.active)
        .group_by(Sector.id)
        .order_by(Sector.position, Sector.id)
    )
    return [(sector, number) for sector, number in await session.execute(statement)]


# What somebody shows


async def entry_of(session: AsyncSession, person_id: int) -> DirectoryEntry | None:
    """What a person has chosen to show."""
    return await session.get(DirectoryEntry, person_id)


async def change_entry(session: AsyncSession, person_id: int, now: datetime) -> DirectoryEntry:
    """What a person has chosen to show, to be changed; made where there is none."""
    row = {"person_id": person_id, "changed_at": now, "contact": ""}
    row |= {f"shows_{field}": field in SHOWN_BY_DEFAULT for field in ("organisation", "role", "sectors", "offers",
                                                                      "languages")}  # fmt: skip
    await insert_new(session, DirectoryEntry, [row], unique=["person_id"], key=None)
    entry = await session.get_one(DirectoryEntry, person_id, with_for_update=True)
    entry.changed_at = now
    return entry


# Blocks


async def block(session: AsyncSession, person_id: int, blocked_id: int, now: datetime) -> None:
    """A person wants nothing of another."""
    row = {"person_id": person_id, "blocked_id": blocked_id, "at": now}
    await insert_new(session, PersonBlock, [row], unique=["person_id", "blocked_id"], key=None)


async def unblock(session: AsyncSession, person_id: int, blocked_id: int) -> None:
    """They may see each other again."""
    await session.execute(
        delete(PersonBlock).where(PersonBlock.person_id == person_id, PersonBlock.blocked_id == blocked_id)
    )


async def blocked_by(session: AsyncSession, person_id: int) -> Sequence[Person]:
    """Those whom a person has blocked, by name."""
    statement = (
        select(Person)
        .join(PersonBlock, PersonBlock.blocked_id == Person.id)
        .where(PersonBlock.person_id == person_id)
        .order_by(func.lower(Person.name), Person.id)
    )
    return (await session.execute(statement)).scalars().all()


async def is_blocked(session: AsyncSession, one: int, other: int) -> bool:
    """Whether either of two people has blocked the other."""
    statement = select(PersonBlock.person_id).where(
        or_(
            and_(PersonBlock.person_id == one, PersonBlock.blocked_id == other),
            and_(PersonBlock.person_id == other, PersonBlock.blocked_id == one),
        )
    )
    return (await session.execute(statement.limit(1))).first() is not None
