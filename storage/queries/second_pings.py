"""Urgent notices that nobody read: which are due on another platform, and which copies still show their buttons."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import OutboxOp, OutboxState, Platform, Priority
from storage.models import Account, CardCopy, OutboxMessage, SecondPing

MOST = 500
"""Notices looked at in one go."""


async def unread(
    session: AsyncSession, *, sent_after: datetime, sent_before: datetime, after: int = 0
) -> Sequence[OutboxMessage]:
    """What is urgent and was sent within that time, neither read nor repeated, to people who are reached elsewhere.

    At most :data:`MOST`, in the order of their ids: those after that id.

    Read means that their reader has done anything on that platform since. When somebody acted last is kept to the
    minute (:data:`storage.queries.people.ACTED_GRAIN`); what they were answered since then tells of the rest.
    """
    reader, elsewhere, reply = aliased(Account), aliased(Account), aliased(OutboxMessage)
    statement = (
        select(OutboxMessage)
        .where(
            OutboxMessage.urgent,
            OutboxMessage.id > after,
            OutboxMessage.finished_at > sent_after,
            OutboxMessage.finished_at <= sent_before,
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.op == OutboxOp.SEND,
            exists().where(
                reader.person_id == OutboxMessage.person_id,
                reader.platform == OutboxMessage.platform,
                reader.account == OutboxMessage.account,
                reader.last_acted_at <= OutboxMessage.finished_at,
            ),
            exists().where(
                elsewhere.person_id == OutboxMessage.person_id,
                elsewhere.platform != OutboxMessage.platform,
                elsewhere.reachable,
            ),
            ~exists().where(
                reply.person_id == OutboxMessage.person_id,
                reply.platform == OutboxMessage.platform,
                reply.priority == Priority.REPLY,
                reply.created_at > OutboxMessage.finished_at,
            ),
            ~exists().where(SecondPing.first_id == OutboxMessage.id),
        )
        .order_by(OutboxMessage.id)
        .limit(MOST)
    )
    return (await session.execute(statement)).scalars().all()


async def is_read(session: AsyncSession, row: OutboxMessage) -> bool:
    """Whether the reader of a notice that was sent has done anything on its platform since."""
    acted = exists().where(
        Account.person_id == row.person_id,
        Account.platform == row.platform,
        Account.account == row.account,
        Account.last_acted_at > row.finished_at,
    )
    answered = exists().where(
        OutboxMessage.person_id == row.person_id,
        OutboxMessage.platform == row.platform,
        OutboxMessage.priority == Priority.REPLY,
        OutboxMessage.created_at > row.finished_at,
    )
    return bool((await session.execute(select(or_(acted, answered)))).scalar_one())


async def other_address(session: AsyncSession, person_id: int, platform: Platform) -> Account | None:
    """Where a person is reached on another platform: the one on which they acted last."""
    statement = (
        select(Account)
        .where(Account.person_id == person_id, Account.platform != platform, Account.reachable)
        .order_by(Account.last_acted_at.desc(), Account.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def unanswered(session: AsyncSession, person_id: int) -> Sequence[SecondPing]:
    """A person's repeated notices of which no button was pressed yet."""
    statement = select(SecondPing).where(SecondPing.person_id == person_id, SecondPing.answered_at.is_(None))
    return (await session.execute(statement)).scalars().all()


async def by_first(session: AsyncSession, first_id: int) -> SecondPing | None:
    """The repetition of a notice."""
    return (await session.execute(select(SecondPing).where(SecondPing.first_id == first_id))).scalar_one_or_none()


async def take_answer(session: AsyncSession, ping_id: int, *, row_id: int, now: datetime) -> bool:
    """Note that a copy was answered. False when the other was at the same moment: then neither is closed."""
    taken = await session.execute(
        update(SecondPing)
        .where(SecondPing.id == ping_id, SecondPing.answered_at.is_(None))
        .values(answered_at=now, answered_id=row_id)
        .returning(SecondPing.id)
    )
    return taken.scalar_one_or_none() is not None


async def to_close(session: AsyncSession) -> Sequence[int]:
    """Those that were answered on one platform and still show their buttons on the other."""
    statement = (
        select(SecondPing.id)
        .where(SecondPing.closed_at.is_(None), SecondPing.answered_at.is_not(None))
        .order_by(SecondPing.id)
        .limit(MOST)
    )
    return (await session.execute(statement)).scalars().all()


async def cancel(session: AsyncSession, row_id: int, *, now: datetime) -> bool:
    """Do not send a repetition that still waits. False when it is on its way or settled."""
    cancelled = await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row_id, OutboxMessage.state == OutboxState.QUEUED)
        .values(state=OutboxState.CANCELLED, finished_at=now)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return cancelled.scalar_one_or_none() is not None


async def card_copy(session: AsyncSession, row: OutboxMessage) -> CardCopy | None:
    """The copy of a live card that a row was sent as, if it is one."""
    return await copy_at(session, row.platform, row.account, row.chat, row.message_id)


async def copy_at(
    session: AsyncSession, platform: Platform, account: str, chat: str, message_id: str
) -> CardCopy | None:
    """The copy of a live card in that message, if it is one."""
    statement = select(CardCopy).where(
        CardCopy.platform == platform,
        CardCopy.account == account,
        CardCopy.chat == chat,
        CardCopy.message_id == message_id,
    )
    return (await session.execute(statement)).scalar_one_or_none()
