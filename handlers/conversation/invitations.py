"""Making invitations: the chat, the command line and the sample community do it alike."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.codes import HINT_LENGTH, INVITE_DAYS, INVITE_LENGTH, CodeKeeper, new_code, tidy
from storage.models import Invite


async def create_invite(
    session: AsyncSession,
    organisation_id: int,
    *,
    codes: CodeKeeper,
    by: int | None,
    uses: int,
    now: datetime,
    days: int = INVITE_DAYS,
    code: str = "",
) -> str:
    """Make an invitation for an organisation and return its code, of which only a digest is kept.

    Args:
        session: in a writing transaction.
        organisation_id: whose people are let in.
        codes: keeps codes.
        by: who made it; ``None`` for the command line.
        uses: how many people may use it.
        now: the present.
        days: how long it works.
        code: a code of one's own choice; a fresh one by default.
    """
    code = tidy(code) or new_code(INVITE_LENGTH)
    session.add(
        Invite(
            code_hash=codes.digest(code),
            organisation_id=organisation_id,
            created_by=by,
            created_at=now,
            expires_at=now + timedelta(days=days),
            uses_left=uses,
            uses=uses,
            hint=code[-HINT_LENGTH:],
        )
    )
    await session.flush()
    return code
