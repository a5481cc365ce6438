"""Who has which role, and people as the staff look them up."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.enums import PARTICIPANTS, PersonStatus, Role
from storage.models import MemberRecord, Organisation, Person, PersonRole

OUTSIDE_LISTS = frozenset({PersonStatus.JOINING})
"""Those who have no name yet."""


async def holders(session: AsyncSession) -> list[tuple[Person, frozenset[Role]]]:
    """Everybody who has a role, by name."""
    rows = await session.execute(
        select(Person, PersonRole.role).join(PersonRole, PersonRole.person_id == Person.id).order_by(Person.name)
    )
    found: dict[int, tuple[Person, frozenset[Role]]] = {}
    for person, role in rows:
        _, roles = found.get(person.id, (person, frozenset()))
        found[person.id] = (person, roles | {role})
    return list(found.values())


async def hold_owners(session: AsyncSession) -> list[int]:
    """The owners who are members, held until the end of the transaction: nobody else takes one of them meanwhile.

    PostgreSQL locks the rows of the role in the order of people, so two who each take one follow each other, and the
    second counts again. SQLite lets one write at a time.
    """
    held = (
        await session.execute(
            select(PersonRole.person_id)
            .where(PersonRole.role == Role.OWNER)
            .order_by(PersonRole.person_id)
            .with_for_update()
        )
    ).scalars()
    active = await session.execute(
        select(Person.id).where(Person.id.in_(list(held)), Person.status == PersonStatus.MEMBER).order_by(Person.id)
    )
    return list(active.scalars())


async def find(session: AsyncSession, words: str, *, most: int) -> Sequence[Person]:
    """People whose name, organisation or listed work address holds every one of these words, by name."""
    statement = (
        select(Person)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(MemberRecord, MemberRecord.person_id == Person.id)
        .where(Person.status.not_in(OUTSIDE_LISTS))
        .options(selectinload(Person.organisation))
        .order_by(func.lower(Person.name), Person.id)
        .limit(most)
    )
    for word in words.split():
        statement = statement.where(
            or_(
                Person.name.icontains(word, autoescape=True),
                Organisation.name.icontains(word, autoescape=True),
                MemberRecord.work_email.icontains(word, autoescape=True),
            )
        )
    return (await session.execute(statement)).scalars().all()


async def person_shown(session: AsyncSession, person_id: int) -> Person | None:
    """A person with their organisation, as they are now."""
    return (
        await session.execute(
            select(Person)
            .where(Person.id == person_id)
            .options(selectinload(Person.organisation))
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()


async def colleagues(session: AsyncSession, roles: Sequence[Role], *, but: int) -> Sequence[Person]:
    """Those who have one of these roles and take part, without that person, by name."""
    statement = (
        select(Person)
        .where(
            Person.id.in_(select(PersonRole.person_id).where(PersonRole.role.in_(roles))),
            Person.status.in_(PARTICIPANTS),
            Person.id != but,
        )
        .order_by(Person.name, Person.id)
    )
    return (await session.execute(statement)).scalars().all()
