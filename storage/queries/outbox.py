"""Writing to the outbox and claiming from it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, exists, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import OutboxOp, OutboxState, Platform, Priority
from storage.models import CardCopy, OutboxMessage
from storage.queries import leases
from storage.queries.dialect import insert_new, is_postgres


@dataclass(slots=True, kw_only=True)
class NewMessage:
    """A row to be; the fields are those of :class:`~storage.models.OutboxMessage`."""

    platform: Platform
    account: str
    chat: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    priority: Priority
    rank: int
    due_at: datetime
    created_at: datetime
    thread: str = ""
    person_id: int | None = None
    op: OutboxOp = OutboxOp.SEND
    target: str = ""
    card: str = ""
    state: OutboxState = OutboxState.QUEUED
    expires_at: datetime | None = None
    dedup_key: str | None = None
    policy_again: bool = True
    announcement_id: int | None = None
    attempts: int = 0
    claim: str = ""
    claimed_at: datetime | None = None
    message_id: str = ""
    failure: str = ""


async def queue(session: AsyncSession, rows: Sequence[NewMessage]) -> list[int]:
    """Write rows and return the ids of those that are new: a dedup key that is taken adds nothing."""
    return await insert_new(
        session, OutboxMessage, [asdict(row) for row in rows], unique=["dedup_key"], key=OutboxMessage.id
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the sender must know of a queued row to decide whether it may go now."""

    id: int
    chat: str
    rank: int
    again: bool


async def candidates(
    session: AsyncSession, platform: Platform, account: str, *, now: datetime, most: int, but: Collection[str] = ()
) -> list[Candidate]:
    """Queued rows that are due, but for some chats: the most urgent first, in the order in which they were queued.

    What comes after a reply that is still on its way to the same chat waits for it: an edit drawn later than the
    reply must not be overwritten by it.
    """
    reply = aliased(OutboxMessage)
    found = await session.execute(
        select(OutboxMessage.id, OutboxMessage.chat, OutboxMessage.rank, OutboxMessage.policy_again)
        .where(
            OutboxMessage.platform == platform,
            OutboxMessage.account == account,
            OutboxMessage.state == OutboxState.QUEUED,
            OutboxMessage.due_at <= now,
            OutboxMessage.chat.not_in(but),
            ~exists().where(
                reply.platform == platform,
                reply.account == account,
                reply.state == OutboxState.SENDING,
                reply.chat == OutboxMessage.chat,
                reply.id < OutboxMessage.id,
            ),
        )
        .order_by(OutboxMessage.rank, OutboxMessage.due_at, OutboxMessage.id)
        .limit(most)
    )
    return [Candidate(*row) for row in found]


async def next_due(session: AsyncSession, platform: Platform, account: str) -> datetime | None:
    """When the next queued row is due."""
    return (
        await session.execute(
            select(func.min(OutboxMessage.due_at)).where(
                OutboxMessage.platform == platform,
                OutboxMessage.account == account,
                OutboxMessage.state == OutboxState.QUEUED,
            )
        )
    ).scalar_one_or_none()


async def claim(
    session: AsyncSession, ids: Sequence[int], *, claim: str, lease: str, now: datetime
) -> Sequence[OutboxMessage]:
    """Claim rows for sending, fenced by the sender's lease in the same statement; an edit gives up its dedup key."""
    real = await leases.real_now(session)
    result = await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id.in_(ids),
            OutboxMessage.state == OutboxState.QUEUED,
            leases.held(lease, claim, real),
        )
        .values(
            state=OutboxState.SENDING,
            claim=claim,
            claimed_at=now,
            attempts=OutboxMessage.attempts + 1,
            dedup_key=case((OutboxMessage.op == OutboxOp.EDIT, null()), else_=OutboxMessage.dedup_key),
        )
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    )
    return sorted(result.scalars().all(), key=lambda row: (row.rank, row.id))


async def finish(
    session: AsyncSession, row_id: int, *, claim: str, state: OutboxState, now: datetime, **values: object
) -> bool:
    """Write down what became of a claimed row. False when the claim was lost meanwhile."""
    changes: dict[str, object] = {"state": state, "finished_at": now, **values}
    if state is OutboxState.QUEUED:
        changes |= {"finished_at": None, "claim": ""}
    result = await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row_id, OutboxMessage.claim == claim, OutboxMessage.state == OutboxState.SENDING)
        .values(**changes)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return result.scalar_one_or_none() is not None


async def orphans(
    session: AsyncSession, platform: Platform, account: str, *, alive: Sequence[str], claim: str
) -> Sequence[OutboxMessage]:
    """Rows whose process died between the claim and the result, taken over by this one."""
    result = await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.platform == platform,
            OutboxMessage.account == account,
            OutboxMessage.state == OutboxState.SENDING,
            OutboxMessage.claim.not_in(alive),
        )
        .values(claim=claim)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    )
    return sorted(result.scalars().all(), key=lambda row: row.id)


async def put_back(
    session: AsyncSession, platform: Platform, account: str, *, most: int = 1000
) -> Sequence[OutboxMessage]:
    """Queued rows that were tried before and must go before what came after them, the oldest first."""
    result = await session.execute(
        select(OutboxMessage)
        .where(
            OutboxMessage.platform == platform,
            OutboxMessage.account == account,
            OutboxMessage.state == OutboxState.QUEUED,
            OutboxMessage.claimed_at.is_not(None),
        )
        .order_by(OutboxMessage.id)
        .limit(most)
    )
    return result.scalars().all()


async def claimed_by(session: AsyncSession, platform: Platform, account: str, claim: str) -> Sequence[OutboxMessage]:
    """Rows that are being sent by this process, as far as the store knows."""
    result = await session.execute(
        select(OutboxMessage)
        .where(
            OutboxMessage.platform == platform,
            OutboxMessage.account == account,
            OutboxMessage.state == OutboxState.SENDING,
            OutboxMessage.claim == claim,
        )
        .order_by(OutboxMessage.id)
    )
    return result.scalars().all()


def edit_key(copy_id: int) -> str:
    """The dedup key of the one edit that may wait for a copy of a card."""
    return f"edit:{copy_id}"


@dataclass(frozen=True, slots=True)
class PlaceInQueue:
    """What becomes of an edit of a card's copy that is put back: its key again, or nothing."""

    dedup_key: str | None
    superseded: bool


async def place_of_edit(
    session: AsyncSession, platform: Platform, account: str, chat: str, message_id: str
) -> PlaceInQueue:
    """Where an edit that is put back stands: a copy has one edit waiting at most, and a newer one shows as much."""
    found = select(CardCopy.id).where(
        CardCopy.platform == platform,
        CardCopy.account == account,
        CardCopy.chat == chat,
        CardCopy.message_id == message_id,
    )
    copy_id = (await session.execute(found)).scalar_one_or_none()
    if copy_id is None:
        return PlaceInQueue(None, superseded=True)
    key = edit_key(copy_id)
    waiting = (await session.execute(select(OutboxMessage.id).where(OutboxMessage.dedup_key == key))).first()
    return PlaceInQueue(None, superseded=True) if waiting is not None else PlaceInQueue(key, superseded=False)


@dataclass(frozen=True, slots=True)
class CardCopyKey:
    """Which copy of which card; ``old_message_id`` when an edit gave the message another id."""

    card: str
    platform: Platform
    account: str
    chat: str
    thread: str
    person_id: int | None
    old_message_id: str = ""


async def hold_card(session: AsyncSession, card: str) -> None:
    """Let nobody draw this card or record a copy of it until this transaction, which changes it, is over.

    Whoever changes a card looks for its copies and for edits that wait already; a copy recorded, or an edit drawn,
    between that look and the commit would miss the change. On SQLite writers follow each other anyway.
    """
    if is_postgres(session):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(card, 0))))


async def await_card(session: AsyncSession, card: str) -> None:
    """Wait until those who are changing this card (:func:`hold_card`) have committed."""
    if is_postgres(session):
        await session.execute(select(func.pg_advisory_xact_lock_shared(func.hashtextextended(card, 0))))


async def record_copy(session: AsyncSession, copy: CardCopyKey, *, message_id: str, now: datetime) -> None:
    """Remember (or rename) a posted copy of a live card; edits that wait for a renamed one follow."""
    await await_card(session, copy.card)
    if copy.old_message_id and copy.old_message_id != message_id:
        await session.execute(
            update(CardCopy)
            .where(
                CardCopy.platform == copy.platform,
                CardCopy.account == copy.account,
                CardCopy.chat == copy.chat,
                CardCopy.message_id == copy.old_message_id,
            )
            .values(message_id=message_id)
            .execution_options(synchronize_session=False)
        )
        await session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.platform == copy.platform,
                OutboxMessage.account == copy.account,
                OutboxMessage.state == OutboxState.QUEUED,
                OutboxMessage.chat == copy.chat,
                OutboxMessage.op == OutboxOp.EDIT,
                OutboxMessage.target == copy.old_message_id,
            )
            .values(target=message_id)
            .execution_options(synchronize_session=False)
        )
    row = {
        "card": copy.card,
        "platform": copy.platform,
        "account": copy.account,
        "chat": copy.chat,
        "thread": copy.thread,
        "message_id": message_id,
        "person_id": copy.person_id,
        "posted_at": now,
    }
    await insert_new(session, CardCopy, [row], unique=["platform", "account", "chat", "message_id"], key=None)


async def forget_copy(session: AsyncSession, platform: Platform, account: str, chat: str, message_id: str) -> None:
    """A posted copy is gone."""
    await session.execute(
        delete(CardCopy).where(
            CardCopy.platform == platform,
            CardCopy.account == account,
            CardCopy.chat == chat,
            CardCopy.message_id == message_id,
        )
    )


COUNTED = (
    OutboxState.QUEUED,
    OutboxState.HELD,
    OutboxState.SENDING,
    OutboxState.FAILED,
    OutboxState.UNCERTAIN,
)
"""The states that somebody watches: what is still to go, and what went wrong."""


async def states(session: AsyncSession) -> dict[OutboxState, int]:
    """How many rows there are in each open or failed state."""
    found = await session.execute(
        select(OutboxMessage.state, func.count()).where(OutboxMessage.state.in_(COUNTED)).group_by(OutboxMessage.state)
    )
    return dict(found.all())


async def forget_finished(session: AsyncSession, before: datetime, *, keyed_before: datetime) -> int:
    """Delete what was settled before that moment, except the rows of announcements, which are their result.

    A row with a dedup key stays until it was settled before ``keyed_before``: the key keeps it from being sent again.
    """
    result = await session.execute(
        delete(OutboxMessage)
        .where(
            OutboxMessage.announcement_id.is_(None),
            or_(
                and_(OutboxMessage.finished_at < before, OutboxMessage.dedup_key.is_(None)),
                OutboxMessage.finished_at < keyed_before,
            ),
        )
        .returning(OutboxMessage.id)
    )
    return len(result.scalars().all())
