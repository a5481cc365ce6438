"""Writing to the outbox and claiming from it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    case,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Instant
from storage.enums import OutboxOp, OutboxState, Platform, Priority
from storage.models import CardCopy, Lease, OutboxMessage
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
    urgent: bool = False
    announcement_id: int | None = None
    attempts: int = 0
    claim: str = ""
    claimed_at: datetime | None = None
    message_id: str = ""
    failure: str = ""


_QUEUED = "queued in this session"
_COLUMNS = tuple(one.name for one in fields(NewMessage))
_OUTBOX: Any = OutboxMessage.__table__
_ANSWER: Any = _OUTBOX.alias("answer")

# Written once: putting a statement together costs more than running it, and these run for every message.
_QUEUED_AND_DUE: Any = (
    select(
        _OUTBOX.c.id,
        _OUTBOX.c.chat,
        _OUTBOX.c.rank,
        _OUTBOX.c.policy_again,
        _OUTBOX.c.op == OutboxOp.EDIT,
        exists().where(
            _ANSWER.c.platform == bindparam("platform"),
            _ANSWER.c.account == bindparam("account"),
            _ANSWER.c.state == OutboxState.SENDING,
            _ANSWER.c.chat == _OUTBOX.c.chat,
            _ANSWER.c.id < _OUTBOX.c.id,
        ),
    )
    .where(
        _OUTBOX.c.platform == bindparam("platform"),
        _OUTBOX.c.account == bindparam("account"),
        _OUTBOX.c.state == OutboxState.QUEUED,
        # What was due when it was written stays due, though the clock be set back.
        or_(_OUTBOX.c.due_at <= bindparam("now"), _OUTBOX.c.due_at <= _OUTBOX.c.created_at),
    )
    .order_by(_OUTBOX.c.rank, _OUTBOX.c.due_at, _OUTBOX.c.id)
)
_CANDIDATES = _QUEUED_AND_DUE.where(
    tuple_(_OUTBOX.c.chat, _OUTBOX.c.rank).not_in(bindparam("but", expanding=True))
).limit(bindparam("most"))
_CANDIDATES_AMONG = _QUEUED_AND_DUE.where(_OUTBOX.c.id.in_(bindparam("ids", expanding=True)))


def _claiming(real_now: ColumnElement[datetime]) -> Any:
    return (
        update(_OUTBOX)
        .where(
            _OUTBOX.c.id.in_(bindparam("ids", expanding=True)),
            _OUTBOX.c.state == OutboxState.QUEUED,
            exists().where(Lease.name == bindparam("lease"), Lease.holder == bindparam("by"), Lease.until > real_now),
        )
        .values(
            state=OutboxState.SENDING,
            claim=bindparam("by"),
            claimed_at=bindparam("at"),
            attempts=_OUTBOX.c.attempts + 1,
            dedup_key=case((_OUTBOX.c.op == OutboxOp.EDIT, null()), else_=_OUTBOX.c.dedup_key),
        )
        .returning(*_OUTBOX.c)
    )


_CLAIM = _claiming(bindparam("real", type_=Instant()))
_CLAIM_POSTGRES = _claiming(func.clock_timestamp(type_=Instant()))
_SETTLE = (
    update(_OUTBOX)
    .where(
        _OUTBOX.c.id == bindparam("row"),
        _OUTBOX.c.claim == bindparam("by"),
        _OUTBOX.c.state == OutboxState.SENDING,
    )
    .values(
        state=bindparam("to"), finished_at=bindparam("at"), message_id=bindparam("sent_as"), failure=bindparam("why")
    )
)
_SETTLE_ONE = _SETTLE.returning(_OUTBOX.c.id)
_SETTLED = select(_OUTBOX.c.id).where(
    _OUTBOX.c.id.in_(bindparam("ids", expanding=True)),
    _OUTBOX.c.claim == bindparam("by"),
    _OUTBOX.c.state != OutboxState.SENDING,
)
_STILL_CLAIMED = select(_OUTBOX.c.id).where(
    _OUTBOX.c.id == bindparam("row"), _OUTBOX.c.claim == bindparam("by"), _OUTBOX.c.state == OutboxState.SENDING
)


async def queue(session: AsyncSession, rows: Sequence[NewMessage]) -> list[int]:
    """Write rows and return the ids of those that are new: a dedup key that is taken adds nothing.

    What is left for the sender to find is noted in the session; see :func:`has_queued`.
    """
    if any(row.state is OutboxState.QUEUED for row in rows):
        session.info[_QUEUED] = True
    values = [{name: getattr(row, name) for name in _COLUMNS} for row in rows]
    return await insert_new(session, OutboxMessage, values, unique=["dedup_key"], key=OutboxMessage.id)


def has_queued(session: AsyncSession) -> bool:
    """Whether this session has written rows that a sender has to look for."""
    return bool(session.info.get(_QUEUED))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the sender must know of a queued row to decide whether it may go now.

    ``behind`` is whether a reply to the same chat, written before it, is still on its way: it waits for that, since an
    edit drawn later than the reply must not be overwritten by it.
    """

    id: int
    chat: str
    rank: int
    again: bool
    edit: bool
    behind: bool


async def candidates(
    session: AsyncSession,
    platform: Platform,
    account: str,
    *,
    now: datetime,
    most: int,
    but: Collection[tuple[str, int]] = (),
) -> list[Candidate]:
    """Queued rows that are due, the most urgent first, in the order in which they were queued.

    Those of some chats and ranks (``but``) are left out.
    """
    values = {"platform": platform, "account": account, "now": now, "most": most, "but": list(but)}
    return [Candidate(*row) for row in await session.execute(_CANDIDATES, values)]


async def candidates_among(
    session: AsyncSession, platform: Platform, account: str, ids: Collection[int], *, now: datetime
) -> list[Candidate]:
    """Those of the rows that are queued and due."""
    values = {"platform": platform, "account": account, "now": now, "ids": list(ids)}
    return [Candidate(*row) for row in await session.execute(_CANDIDATES_AMONG, values)]


async def claim(
    session: AsyncSession, ids: Sequence[int], *, claim: str, lease: str, now: datetime
) -> Sequence[Row[Any]]:
    """Claim rows for sending, fenced by the sender's lease in the same statement; an edit gives up its dedup key.

    Returns the claimed rows, with the columns of :class:`~storage.models.OutboxMessage`.
    """
    values = {"ids": list(ids), "by": claim, "lease": lease, "at": now}
    if is_postgres(session):
        result = await session.execute(_CLAIM_POSTGRES, values)
    else:
        result = await session.execute(_CLAIM, values | {"real": leases.this_machine_now()})
    return sorted(result.all(), key=lambda row: (row.rank, row.id))


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed row for good."""

    id: int
    state: OutboxState
    message_id: str = ""
    failure: str = ""


async def settle(session: AsyncSession, rows: Sequence[Settled], *, claim: str, now: datetime) -> set[int]:
    """Write down what became of claimed rows. Returns those whose claim was not lost meanwhile."""
    values = [
        {"row": row.id, "by": claim, "to": row.state, "at": now, "sent_as": row.message_id, "why": row.failure}
        for row in rows
    ]
    if len(values) == 1:
        return set((await session.execute(_SETTLE_ONE, values[0])).scalars())
    await session.execute(_SETTLE, values)
    kept = await session.execute(_SETTLED, {"ids": [row.id for row in rows], "by": claim})
    return set(kept.scalars())


async def finish(
    session: AsyncSession, row_id: int, *, claim: str, state: OutboxState, now: datetime, **values: object
) -> bool:
    """Write down what became of a claimed row, and change it. False when the claim was lost meanwhile."""
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


async def is_claimed(session: AsyncSession, row_id: int, claim: str) -> bool:
    """Whether this process still has the row in its hands, as far as the store knows."""
    return (await session.execute(_STILL_CLAIMED, {"row": row_id, "by": claim})).first() is not None


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
