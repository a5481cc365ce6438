"""Organisations: their people, names, contact, invitations, and the wishes to belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.domains import owner_of
from storage.engine import count
from storage.enums import PersonStatus, RequestState
from storage.models import (
    Handover,
    Invite,
    Organisation,
    OrganisationAlias,
    OrganisationContact,
    OrganisationRequest,
    OrganisationSector,
    Person,
    Sector,
)
from storage.queries.dialect import insert_new


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation in a list."""

    id: int
    name: str
    active: bool
    members: int


async def of_domain(session: AsyncSession, domain: str) -> Organisation | None:
    """The one active organisation whose people have addresses there."""
    rows = (await session.execute(select(Organisation).where(Organisation.active))).scalars()
    by_id = {row.id: row for row in rows}
    found = owner_of(domain, {key: row.domains for key, row in by_id.items()})
    return by_id[found] if found is not None else None


async def named(session: AsyncSession, name: str) -> Organisation | None:
    """The organisation that is, or was, called so; upper and lower case do not matter."""
    wanted = name.casefold().strip()
    rows = await session.execute(select(Organisation.id, Organisation.name))
    found = next((key for key, known in rows if known.casefold() == wanted), None)
    if found is None:
        alias = await session.get(OrganisationAlias, wanted)
        found = alias.organisation_id if alias else None
    return await session.get(Organisation, found) if found is not None else None


async def active(session: AsyncSession) -> Sequence[Organisation]:
    """Those that take new people, by name."""
    statement = select(Organisation).where(Organisation.active).order_by(func.lower(Organisation.name))
    return (await session.execute(statement)).scalars().all()


async def listed(session: AsyncSession, words: str, *, offset: int, most: int) -> tuple[list[Listed], int]:
    """Organisations by name, with how many members each has, and how many there are in all.

    Args:
        session: a session.
        words: part of the name, the city or a former name; empty for all.
        offset: how many to leave out.
        most: how many at once.
    """
    conditions = []
    if words:
        part = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        conditions.append(
            or_(
                func.lower(Organisation.name).like(part, escape="\\"),
                func.lower(Organisation.city).like(part, escape="\\"),
                exists().where(
                    OrganisationAlias.organisation_id == Organisation.id, OrganisationAlias.name.like(part, escape="\\")
                ),
            )
        )
    members = (
        select(func.count())
        .select_from(Person)
        .where(Person.organisation_id == Organisation.id, Person.status == PersonStatus.MEMBER)
        .scalar_subquery()
    )
    statement = (
        select(Organisation.id, Organisation.name, Organisation.active, members)
        .where(*conditions)
        .order_by(Organisation.active.desc(), func.lower(Organisation.name), Organisation.id)
        .offset(offset)
        .limit(most)
    )
    rows = [Listed(*row) for row in await session.execute(statement)]
    return rows, await count(session, *conditions, of=Organisation)


async def count_members(session: AsyncSession, organisation_id: int) -> int:
    """How many members it has: they take its seats."""
    return await count(
        session, Person.organisation_id == organisation_id, Person.status == PersonStatus.MEMBER, of=Person
    )


async def members_of(session: AsyncSession, organisation_id: int) -> Sequence[Person]:
    """Its members, by name."""
    statement = (
        select(Person)
        .where(Person.organisation_id == organisation_id, Person.status == PersonStatus.MEMBER)
        .order_by(func.lower(Person.name), Person.id)
    )
    return (await session.execute(statement)).scalars().all()


async def sectors_of(session: AsyncSession, organisation_id: int) -> Sequence[Sector]:
    """The sectors it works in."""
    statement = (
        select(Sector)
        .join(OrganisationSector, OrganisationSector.sector_id == Sector.id)
        .where(OrganisationSector.organisation_id == organisation_id)
        .order_by(Sector.position, Sector.id)
    )
    return (await session.execute(statement)).scalars().all()


async def set_sectors(session: AsyncSession, organisation_id: int, keys: Sequence[str]) -> None:
    """It works in exactly these sectors."""
    await session.execute(delete(OrganisationSector).where(OrganisationSector.organisation_id == organisation_id))
    chosen = (await session.execute(select(Sector.id).where(Sector.key.in_(keys)))).scalars()
    session.add_all(OrganisationSector(organisation_id=organisation_id, sector_id=one) for one in chosen)


async def contact_of(session: AsyncSession, organisation_id: int) -> Person | None:
    """Who speaks for it, as long as they are one of its members."""
    statement = (
        select(Person)
        .join(OrganisationContact, OrganisationContact.person_id == Person.id)
        .where(
            OrganisationContact.organisation_id == organisation_id,
            Person.organisation_id == organisation_id,
            Person.status == PersonStatus.MEMBER,
        )
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def speaks_for(session: AsyncSession, person: Person) -> int | None:
    """The organisation that a person is the contact of; theirs alone, and only while they are a member."""
    if person.organisation_id is None or person.status is not PersonStatus.MEMBER:
        return None
    row = await session.get(OrganisationContact, person.organisation_id)
    return row.organisation_id if row is not None and row.person_id == person.id else None


async def set_contact(session: AsyncSession, organisation_id: int, person_id: int | None, now: datetime) -> None:
    """Who speaks for it from now on; ``None``: nobody."""
    row = await session.get(OrganisationContact, organisation_id)
    if row is not None and person_id is None:
        await session.delete(row)
    elif row is not None and person_id is not None:
        row.person_id, row.since = person_id, now
    elif person_id is not None:
        session.add(OrganisationContact(organisation_id=organisation_id, person_id=person_id, since=now))
    await session.flush()


async def drop_contact(session: AsyncSession, person_id: int) -> None:
    """They speak for no organisation any more."""
    await session.execute(delete(OrganisationContact).where(OrganisationContact.person_id == person_id))


async def invites_of(session: AsyncSession, organisation_id: int, most: int) -> Sequence[Invite]:
    """Its newest invitations, whatever became of them."""
    statement = (
        select(Invite)
        .where(Invite.organisation_id == organisation_id)
        .order_by(Invite.created_at.desc(), Invite.id.desc())
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def aliases_of(session: AsyncSession, organisation_id: int) -> list[str]:
    """Its other names, in lower case."""
    statement = select(OrganisationAlias.name).where(OrganisationAlias.organisation_id == organisation_id)
    return sorted((await session.execute(statement)).scalars())


async def add_alias(session: AsyncSession, organisation_id: int, name: str) -> None:
    """It was called so; a name that leads elsewhere already goes on doing so."""
    row = {"name": name.casefold().strip(), "organisation_id": organisation_id}
    await insert_new(session, OrganisationAlias, [row], unique=["name"], key=None)


async def merge(session: AsyncSession, duplicate: Organisation, into: Organisation) -> None:
    """Everything of a duplicate goes to the other, under whose name it is found from now on; the duplicate is deleted.

    What the one that stays says of itself wins; what only the duplicate said is kept.
    """
    into.domains = list(dict.fromkeys([*into.domains, *duplicate.domains]))
    into.city = into.city or duplicate.city
    into.about_it, into.about_en = into.about_it or duplicate.about_it, into.about_en or duplicate.about_en
    if into.seats is not None:
        into.seats = None if duplicate.seats is None else into.seats + duplicate.seats
    had = {one.id for one in await sectors_of(session, into.id)}
    for sector in await sectors_of(session, duplicate.id):
        if sector.id not in had:
            session.add(OrganisationSector(organisation_id=into.id, sector_id=sector.id))
    await session.flush()
    spoke = await session.get(OrganisationContact, duplicate.id)
    if spoke is not None and await session.get(OrganisationContact, into.id) is None:
        session.add(OrganisationContact(organisation_id=into.id, person_id=spoke.person_id, since=spoke.since))
    for column in (
        Person.organisation_id,
        Invite.organisation_id,
        OrganisationAlias.organisation_id,
        OrganisationRequest.organisation_id,
        Handover.organisation_id,
    ):
        await session.execute(update(column.class_).where(column == duplicate.id).values({column.key: into.id}))
    name, former = duplicate.name, duplicate.id
    await session.flush()
    await session.execute(delete(Organisation).where(Organisation.id == former))
    await add_alias(session, into.id, name)


async def waiting_request(session: AsyncSession, person_id: int) -> OrganisationRequest | None:
    """A member's wish to belong elsewhere that nobody has answered."""
    statement = (
        select(OrganisationRequest)
        .where(OrganisationRequest.person_id == person_id, OrganisationRequest.state == RequestState.WAITING)
        .order_by(OrganisationRequest.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def waiting_requests(session: AsyncSession) -> Sequence[tuple[OrganisationRequest, Person]]:
    """All of them, the longest waiting first, each with who asks."""
    statement = (
        select(OrganisationRequest, Person)
        .join(Person, Person.id == OrganisationRequest.person_id)
        .where(OrganisationRequest.state == RequestState.WAITING, Person.status == PersonStatus.MEMBER)
        .options(selectinload(Person.organisation))
        .order_by(OrganisationRequest.created_at, OrganisationRequest.id)
    )
    return [(request, person) for request, person in await session.execute(statement)]


async def settle_requests(session: AsyncSession, person_id: int, now: datetime) -> list[int]:
    """They got where they wanted: what waits is settled. Returns which requests those were."""
    result = await session.execute(
        update(OrganisationRequest)
        .where(OrganisationRequest.person_id == person_id, OrganisationRequest.state == RequestState.WAITING)
        .values(state=RequestState.SETTLED, decided_at=now)
        .returning(OrganisationRequest.id)
    )
    return list(result.scalars())
