"""Working groups and who belongs to them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import PersonStatus
from storage.models import GroupMember, Person, WorkingGroup
from storage.queries.dialect import insert_new


async def groups_in_use(session: AsyncSession) -> Sequence[WorkingGroup]:
    """The groups with which something can be shared, by name."""
    statement = select(WorkingGroup).where(WorkingGroup.retired_at.is_(None)).order_by(WorkingGroup.name)
    return (await session.execute(statement)).scalars().all()


async def groups_of(session: AsyncSession, person_id: int) -> Sequence[WorkingGroup]:
    """The groups in use to which somebody belongs, by name."""
    statement = (
        select(WorkingGroup)
        .join(GroupMember, GroupMember.group_id == WorkingGroup.id)
        .where(GroupMember.person_id == person_id, WorkingGroup.retired_at.is_(None))
        .order_by(WorkingGroup.name)
    )
    return (await session.execute(statement)).scalars().all()


async def group_named(session: AsyncSession, name: str) -> WorkingGroup | None:
    """The group of that name, whatever its case."""
    statement = select(WorkingGroup).where(func.lower(WorkingGroup.name) == name.lower())
    return (await session.execute(statement)).scalars().first()


async def members_of(session: AsyncSession, group_id: int) -> Sequence[Person]:
    """Who belongs to a group, with their organisations, by name."""
    statement = (
        select(Person)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .where(GroupMember.group_id == group_id, Person.status == PersonStatus.MEMBER)
        .order_by(Person.name, Person.id)
        .options(joinedload(Person.organisation))
    )
    return (await session.execute(statement)).scalars().all()


async def counts_of_members(session: AsyncSession) -> dict[int, int]:
    """How many members each group has; one without is not named."""
    statement = (
        select(GroupMember.group_id, func.count())
        .join(Person, Person.id == GroupMember.person_id)
        .where(Person.status == PersonStatus.MEMBER)
        .group_by(GroupMember.group_id)
    )
    return dict((await session.execute(statement)).all())


async def is_member(session: AsyncSession, group_id: int, person_id: int) -> bool:
    """Whether somebody belongs to a group."""
    return await session.get(GroupMember, (group_id, person_id)) is not None


async def add_members(
    session: AsyncSession, group_id: int, people: Sequence[int], now: datetime, *, by: int
) -> list[int]:
    """Let people belong to a group. Returns those who did not yet."""
    known = select(GroupMember.person_id).where(GroupMember.group_id == group_id)
    there = set((await session.execute(known)).scalars())
    new = [one for one in dict.fromkeys(people) if one not in there]
    rows = [{"group_id": group_id, "person_id": one, "added_by": by, "at": now} for one in new]
    if rows:
        await insert_new(session, GroupMember, rows, unique=["group_id", "person_id"], key=None)
    return new


async def remove_member(session: AsyncSession, group_id: int, person_id: int) -> bool:
    """Let somebody belong to a group no longer. Returns whether they did."""
    statement = (
        delete(GroupMember)
        .where(GroupMember.group_id == group_id, GroupMember.person_id == person_id)
        .returning(GroupMember.person_id)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None
