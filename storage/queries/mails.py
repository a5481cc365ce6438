"""E-mail to be sent: queued with what it tells, claimed once, tried again, forgotten."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import Locale, MailState
from storage.models import Mail

_QUEUED = "mails_queued"
KEPT = timedelta(days=7)
"""How long a settled e-mail's row is kept, without its address, for looking into what happened."""


async def queue_mail(
    session: AsyncSession,
    *,
    person_id: int | None,
    kind: str,
    address: str,
    locale: Locale,
    data: dict[str, Any],
    message_id: str,
    now: datetime,
    expires: datetime,
) -> None:
    """Write down an e-mail; it is sent after the commit."""
    session.add(
        Mail(
            person_id=person_id,
            kind=kind,
            address=address,
            locale=locale,
            data=data,
            message_id=message_id,
            created_at=now,
            due_at=now,
            expires_at=expires,
        )
    )
    session.info[_QUEUED] = True
    await session.flush()


def has_queued_mail(session: AsyncSession) -> bool:
    """Whether this session has written down e-mail."""
    return bool(session.info.get(_QUEUED))


async def claim_due(
    session: AsyncSession, now: datetime, claim: str, *, alive: Collection[str], most: int
) -> Sequence[Mail]:
    """E-mails that may be sent now, claimed for this process: each attempt is written down before it is made.

    Those that a process was sending when it died are due again: whether the mail server had taken such a one cannot be
    known, and its Message-ID is the same at every try.
    """
    rows = (
        (
            await session.execute(
                select(Mail)
                .where(
                    or_(
                        and_(Mail.state == MailState.QUEUED, Mail.due_at <= now),
                        and_(Mail.state == MailState.SENDING, Mail.claim.not_in({*alive, claim})),
                    )
                )
                .order_by(Mail.due_at, Mail.id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
        )
        .scalars()
        .all()
    )
    for row in rows:
        row.state, row.claim, row.attempts = MailState.SENDING, claim, row.attempts + 1
    return rows


async def settle(session: AsyncSession, mail_id: int, claim: str, state: MailState, error: str, now: datetime) -> None:
    """An e-mail's end: its address is no longer needed."""
    await session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.claim == claim, Mail.state == MailState.SENDING)
        .values(state=state, error=error, finished_at=now, address="", data={})
    )


async def put_off(session: AsyncSession, mail_id: int, claim: str, due: datetime, error: str) -> None:
    """Another try, later."""
    await session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.claim == claim, Mail.state == MailState.SENDING)
        .values(state=MailState.QUEUED, due_at=due, error=error)
    )
