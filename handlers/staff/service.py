"""Invitations and roles, as the chat and the command line both make them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.codes import INVITE_LENGTH, INVITE_LIFE, code_hash, new_code
from storage.enums import Role, SubjectKind
from storage.models import AuditEntry, Invite, PersonRole

INVITE_USES = 20
INVITE_DAYS = INVITE_LIFE.days


async def create_invite(
    session: AsyncSession, organisation_id: int, *, by: int | None, uses: int, now: datetime, code: str = ""
) -> str:
    """Make an invitation for an organisation and return its code, of which only a digest is kept.

    Args:
        session: in a writing transaction.
        organisation_id: whose people are let in.
        by: who made it; ``None`` for the command line.
        uses: how many people may use it.
        now: the present.
        code: a code of one's own choice; a fresh one by default.
    """
    code = code or new_code(INVITE_LENGTH)
    session.add(
        Invite(
            code_hash=code_hash(code),
            organisation_id=organisation_id,
            created_by=by,
            created_at=now,
            expires_at=now + INVITE_LIFE,
            uses_left=uses,
        )
    )
    await session.flush()
    return code


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
