"""Codes, join requests and profiles."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.engine import count
from storage.enums import CodeUse, PersonStatus
from storage.models import (
    Account,
    AddressCode,
    CodeAttempt,
    Invite,
    LinkCode,
    Organisation,
    Person,
    PersonInterest,
    PersonSector,
    Sector,
    Topic,
)


async def live_invite(session: AsyncSession, code_hash: str, now: datetime, *, hold: bool = False) -> Invite | None:
    """The invite with this code, if it can still be used; ``hold`` keeps others from using it meanwhile."""
    statement = select(Invite).where(
        Invite.code_hash == code_hash,
        Invite.expires_at > now,
        Invite.uses_left > 0,
        Invite.revoked_at.is_(None),
        exists().where(Organisation.id == Invite.organisation_id, Organisation.active),
    )
    return (await session.execute(statement.with_for_update() if hold else statement)).scalar_one_or_none()


async def live_link_code(session: AsyncSession, code_hash: str, now: datetime) -> LinkCode | None:
    """The linking code, if it was not used and has not run out; held until the end of the transaction."""
    return (
        await session.execute(
            select(LinkCode)
            .where(LinkCode.code_hash == code_hash, LinkCode.expires_at > now, LinkCode.used_at.is_(None))
            .with_for_update()
        )
    ).scalar_one_or_none()


async def drop_link_codes(session: AsyncSession, person_id: int) -> None:
    """Forget a person's earlier linking codes: one at a time is valid."""
    await session.execute(delete(LinkCode).where(LinkCode.person_id == person_id))


async def attempts(session: AsyncSession, use: CodeUse, digest: str, since: datetime) -> int:
    """How often that was done there since then."""
    return await count(
        session, CodeAttempt.use == use, CodeAttempt.digest == digest, CodeAttempt.at > since, of=CodeAttempt
    )


async def live_address_code(session: AsyncSession, person_id: int, now: datetime) -> AddressCode | None:
    """The code that was sent to an address for this person and still works; held until the end of the transaction."""
    return (
        await session.execute(
            select(AddressCode)
            .where(AddressCode.person_id == person_id, AddressCode.expires_at > now, AddressCode.used_at.is_(None))
            .order_by(AddressCode.id.desc())
            .limit(1)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()


async def end_address_codes(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Earlier codes of this person stop working: one at a time is valid."""
    await session.execute(
        update(AddressCode).where(AddressCode.person_id == person_id, AddressCode.used_at.is_(None)).values(used_at=now)
    )


async def with_work_address(session: AsyncSession, address: str, *, but: int) -> bool:
    """Whether somebody else has proved to read mail there."""
    statement = select(Person.id).where(Person.work_address == address, Person.id != but).limit(1)
    return (await session.execute(statement)).first() is not None


async def organisations(session: AsyncSession) -> Sequence[Organisation]:
    """All organisations by name."""
    return (await session.execute(select(Organisation).order_by(func.lower(Organisation.name)))).scalars().all()


async def sectors(session: AsyncSession) -> Sequence[Sector]:
    """The sectors in use, in their order."""
    return (
        (await session.execute(select(Sector).where(Sector.active).order_by(Sector.position, Sector.id)))
        .scalars()
        .all()
    )


async def sectors_of(session: AsyncSession, person_id: int) -> Sequence[Sector]:
    """The sectors that a person follows."""
    statement = (
        select(Sector)
        .join(PersonSector, PersonSector.sector_id == Sector.id)
        .where(PersonSector.person_id == person_id)
        .order_by(Sector.position, Sector.id)
    )
    return (await session.execute(statement)).scalars().all()


async def set_sectors(session: AsyncSession, person_id: int, keys: Sequence[str]) -> None:
    """The person follows exactly these sectors."""
    await session.execute(delete(PersonSector).where(PersonSector.person_id == person_id))
    chosen = (await session.execute(select(Sector.id).where(Sector.key.in_(keys)))).scalars()
    session.add_all(PersonSector(person_id=person_id, sector_id=sector_id) for sector_id in chosen)


async def topics(session: AsyncSession) -> Sequence[Topic]:
    """The topics in use, in their order."""
    return (await session.execute(select(Topic).where(Topic.active).order_by(Topic.position, Topic.id))).scalars().all()


async def interests_of(session: AsyncSession, person_id: int) -> Sequence[Topic]:
    """The topics in a person's profile."""
    statement = (
        select(Topic)
        .join(PersonInterest, PersonInterest.topic_id == Topic.id)
        .where(PersonInterest.person_id == person_id)
        .order_by(Topic.position, Topic.id)
    )
    return (await session.execute(statement)).scalars().all()


async def set_interests(session: AsyncSession, person_id: int, keys: Sequence[str]) -> None:
    """The person's profile names exactly these topics."""
    await session.execute(delete(PersonInterest).where(PersonInterest.person_id == person_id))
    chosen = (await session.execute(select(Topic.id).where(Topic.key.in_(keys)))).scalars()
    session.add_all(PersonInterest(person_id=person_id, topic_id=topic_id) for topic_id in chosen)


async def with_organisation(session: AsyncSession, person_id: int) -> Person | None:
    """A person with their organisation."""
    return (
        await session.execute(
            select(Person)
            .where(Person.id == person_id)
            .options(selectinload(Person.organisation))
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()


async def waiting_people(session: AsyncSession) -> Sequence[Person]:
    """Those who asked to join and have no answer, the longest waiting first."""
    return (
        (
            await session.execute(
                select(Person)
                .where(Person.status == PersonStatus.WAITING)
                .options(selectinload(Person.organisation))
                .order_by(Person.created_at, Person.id)
            )
        )
        .scalars()
        .all()
    )


async def count_waiting(session: AsyncSession) -> int:
    """How many asked to join and have no answer."""
    return (
        await session.execute(select(func.count()).select_from(Person).where(Person.status == PersonStatus.WAITING))
    ).scalar_one()


async def accounts_of(session: AsyncSession, person_id: int) -> Sequence[Account]:
    """Where a person can be found."""
    return (
        (await session.execute(select(Account).where(Account.person_id == person_id).order_by(Account.id)))
        .scalars()
        .all()
    )
