"""Leases: who may do what only one process at a time does, and which processes are alive.

Real time, not the injected clock: a lease is about processes, not about the community's calendar. On PostgreSQL the
time is the database's, so replicas with wrong clocks agree.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Instant
from storage.models import Lease
from storage.queries.dialect import insert_new, is_postgres

LEASE = timedelta(seconds=15)
"""How long a lease lasts without being renewed; so long a dead process's work waits at most."""
RENEWALS = 4
"""How often a lease is renewed in the time that it lasts: three renewals may fail before it is lost."""
FORGOTTEN_AFTER = timedelta(hours=1)
PROCESS = "process:"


def this_machine_now() -> datetime:
    """The time that leases go by on SQLite, which one machine alone uses."""
    return datetime.now(UTC)


async def real_now(session: AsyncSession) -> datetime:
    """The time that leases go by."""
    if is_postgres(session):
        return (await session.execute(select(func.clock_timestamp(type_=Instant())))).scalar_one()
    return this_machine_now()


async def take(session: AsyncSession, name: str, holder: str, *, lasting: timedelta = LEASE) -> bool:
    """Take or renew a lease. False while another process holds it."""
    now = await real_now(session)
    taken = await session.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, Lease.until <= now))
        .values(holder=holder, until=now + lasting)
        .returning(Lease.name)
    )
    if taken.scalar_one_or_none() is not None:
        return True
    row = {"name": name, "holder": holder, "until": now + lasting}
    await insert_new(session, Lease, [row], unique=["name"], key=None)
    return (await session.execute(select(Lease.holder).where(Lease.name == name))).scalar_one() == holder


async def release_all(session: AsyncSession, holder: str) -> None:
    """Give up everything that this process holds, so that another takes over at once."""
    await session.execute(delete(Lease).where(Lease.holder == holder))


async def forget_dead(session: AsyncSession) -> None:
    """Delete what processes that are long gone have held."""
    now = await real_now(session)
    await session.execute(delete(Lease).where(Lease.name.startswith(PROCESS), Lease.until < now - FORGOTTEN_AFTER))


async def alive(session: AsyncSession) -> Sequence[str]:
    """The processes that renewed their lease in time."""
    now = await real_now(session)
    holders = await session.execute(select(Lease.holder).where(Lease.name.startswith(PROCESS), Lease.until > now))
    return holders.scalars().all()


async def held_by_the_living(session: AsyncSession, names: Collection[str]) -> frozenset[str]:
    """Those of the leases that are held by a process that is alive."""
    now = await real_now(session)
    found = await session.execute(
        select(Lease.name).where(Lease.name.in_(names), Lease.until > now, Lease.holder.in_(await alive(session)))
    )
    return frozenset(found.scalars())
