"""Sessions in which one of the staff acts for somebody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import ActingSession, Draft, OutboxMessage, Person

DRAFT_MARK = "@"
"""Between a form's name and the session's number, in the name of a draft that belongs to a session."""


async def open_session(session: AsyncSession, account_id: int, now: datetime) -> tuple[ActingSession, Person] | None:
    """The open session of an account, and for whom it is."""
    statement = (
        select(ActingSession, Person)
        .join(Person, Person.id == ActingSession.person_id)
        .where(ActingSession.account_id == account_id, ActingSession.ended_at.is_(None), ActingSession.ends_at > now)
        .order_by(ActingSession.id.desc())
        .limit(1)
    )
    found = (await session.execute(statement)).one_or_none()
    return None if found is None else (found[0], found[1])


async def end_all(session: AsyncSession, staff_id: int, now: datetime) -> list[int]:
    """End every open session of somebody; returns which."""
    ended = await session.execute(
        update(ActingSession)
        .where(ActingSession.staff_id == staff_id, ActingSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(ActingSession.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(ended.scalars())


async def untold(
    session: AsyncSession, now: datetime, *, only: Sequence[int] = (), most: int
) -> Sequence[ActingSession]:
    """Sessions that are over and of which the person was not told, all or only these; held until the commit."""
    statement = (
        select(ActingSession)
        .where(
            ActingSession.told_at.is_(None),
            or_(ActingSession.ended_at.is_not(None), ActingSession.ends_at <= now),
            *([ActingSession.id.in_(only)] if only else []),
        )
        .order_by(ActingSession.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return (await session.execute(statement)).scalars().all()


async def forget_drafts(session: AsyncSession, staff_id: int, session_id: int) -> None:
    """What was half-filled in a session ends with it."""
    await session.execute(
        delete(Draft).where(Draft.person_id == staff_id, Draft.form.endswith(f"{DRAFT_MARK}{session_id}"))
    )


async def pressed_message(session: AsyncSession, staff_id: int, chat: str, message_id: str) -> OutboxMessage | None:
    """The newest row of the outbox that was sent, or redrawn, as that message to one of the staff."""
    statement = (
        select(OutboxMessage)
        .where(
            OutboxMessage.person_id == staff_id,
            OutboxMessage.chat == chat,
            or_(OutboxMessage.message_id == message_id, OutboxMessage.target == message_id),
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()
