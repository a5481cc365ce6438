"""Roles, as the chat and the command line both give them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import Role
from storage.models import PersonRole


async def grant(session: AsyncSession, person_id: int, role: Role, *, by: int | None, now: datetime) -> bool:
    """Give a role. False when the person has it already."""
    if await session.get(PersonRole, (person_id, role)) is not None:
        return False
    session.add(PersonRole(person_id=person_id, role=role, granted_at=now, granted_by=by))
    await session.flush()
    return True
