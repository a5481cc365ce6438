"""Roles, as the chat and the command line both give them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import Role, SubjectKind
from storage.models import AuditEntry, PersonRole


async def grant(
    session: AsyncSession, person_id: int, role: Role, *, by: int | None, now: datetime, reason: str = ""
) -> bool:
    """Give a role and write it down. False when the person has it already.

    Args:
        session: in a writing transaction.
        person_id: to whom.
        role: which.
        by: who gives it; ``None`` for the command line.
        now: the present.
        reason: why, in the words of who gives it.
    """
    if await session.get(PersonRole, (person_id, role)) is not None:
        return False
    session.add(PersonRole(person_id=person_id, role=role, granted_at=now, granted_by=by))
    session.add(
        AuditEntry(
            at=now,
            by_person_id=by,
            action="role.give",
            subject_kind=SubjectKind.PERSON,
            subject_id=person_id,
            reason=f"{role}: {reason}" if reason else f"{role}",
        )
    )
    await session.flush()
    return True
