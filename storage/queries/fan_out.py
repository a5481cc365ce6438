"""Queueing for many people: batch by batch, each a short transaction with a fixed number of statements.

A batch is a stretch of ids, found by one statement and queued by another inside the database, so that nothing is
carried to the program and back. The dedup key keeps a batch that is done twice from queueing anything twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PRIORITY_RANK, OutboxOp, OutboxState, Platform, Priority
from storage.models import Account, CardCopy, OutboxMessage, Person
from storage.queries.audience import is_latest
from storage.queries.dialect import is_postgres

Condition = ColumnElement[bool]
"""A condition on people, copies or rows."""
BATCH = 2000
"""Rows in one transaction: some tens of milliseconds, so that nobody who presses a button waits for it."""

ADDRESS = ("platform", "account", "chat", "thread", "target", "person_id", "dedup_key")
"""The columns that differ from row to row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """What is queued for each person; the fields are those of the outbox.

    ``dedup`` is the beginning of each row's key; the person's id, or the copy's, is its end.
    """

    kind: str
    data: dict[str, Any]
    priority: Priority
    again: bool
    useful_for: timedelta | None
    dedup: str
    announcement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did: the last id that it looked at, how many rows are new, and whether there may be more."""

    last: int
    queued: int
    more: bool


def _insert(session: AsyncSession, table: Any) -> Any:
    return (postgresql.insert if is_postgres(session) else sqlite.insert)(table)


async def _run(session: AsyncSession, statement: Any) -> int:
    result: Any = await session.execute(statement)
    return max(int(result.rowcount), 0)


async def _stretch(session: AsyncSession, key: Any, conditions: list[Condition], after: int) -> tuple[int, bool]:
    """The last id of the next batch (0 where nothing is left), and whether it is a full one."""
    ids = select(key.label("id")).where(*conditions, key > after).order_by(key).limit(BATCH).subquery()
    last, number = (await session.execute(select(func.max(ids.c.id), func.count()))).one()
    return last or 0, number == BATCH


def _common(mailing: Mailing, now: datetime, **changes: object) -> dict[str, Any]:
    """The columns that are the same in every row."""
    columns = OutboxMessage.__table__.c
    values = {
        "kind": mailing.kind,
        "data": mailing.data,
        "op": OutboxOp.SEND,
        "card": "",
        "priority": mailing.priority,
        "rank": PRIORITY_RANK[mailing.priority],
        "state": OutboxState.QUEUED,
        "due_at": now,
        "expires_at": now + mailing.useful_for if mailing.useful_for else None,
        "policy_again": mailing.again,
        "announcement_id": mailing.announcement_id,
        "attempts": 0,
        "claim": "",
        "message_id": "",
        "failure": "",
        "created_at": now,
        **changes,
    }
    return {name: literal(value, columns[name].type) for name, value in values.items()}


async def queue_for_people(
    session: AsyncSession, conditions: list[Condition], mailing: Mailing, *, after: int, now: datetime
) -> Batch:
    """Queue a mailing for the next people with higher ids than ``after`` who meet the conditions.

    Each gets it where they acted last; who cannot be written to anywhere is passed over.
    """
    last, more = await _stretch(session, Person.id, conditions, after)
    if not last:
        return Batch(after, 0, more=False)
    common = _common(mailing, now)
    chosen = (
        select(
            Account.platform,
            Account.account,
            Account.chat,
            literal("").label("thread"),
            literal("").label("target"),
            Person.id,
            (literal(mailing.dedup) + cast(Person.id, String)).label("dedup"),
            *(value.label(name) for name, value in common.items()),
        )
        .join(Account, and_(Account.person_id == Person.id, Account.reachable, is_latest()))
        .where(*conditions, Person.id > after, Person.id <= last)
        .order_by(Person.id)
    )
    statement = (
        _insert(session, OutboxMessage.__table__)
        .from_select([*ADDRESS, *common], chosen)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
    )
    return Batch(last, await _run(session, statement), more)


def sent_rows(announcement_id: int, kind: str, claimed_by: datetime) -> list[Condition]:
    """The rows of an announcement that arrived, of those that were drawn by then."""
    return [
        OutboxMessage.claimed_at <= claimed_by,
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.kind == kind,
        OutboxMessage.op == OutboxOp.SEND,
        OutboxMessage.state == OutboxState.SENT,
        OutboxMessage.message_id != "",
    ]


async def record_copies(
    session: AsyncSession, announcement_id: int, kind: str, card: str, *, claimed_by: datetime, after: int
) -> Batch:
    """Note where an announcement was sent as copies of a card, for the next rows with higher ids than ``after``."""
    conditions = sent_rows(announcement_id, kind, claimed_by)
    last, more = await _stretch(session, OutboxMessage.id, conditions, after)
    if not last:
        return Batch(after, 0, more=False)
    row = OutboxMessage
    chosen = (
        select(
            literal(card), row.platform, row.account, row.chat, row.thread, row.message_id, row.person_id,
            func.coalesce(row.finished_at, row.created_at),
        )
        .where(*conditions, row.id > after, row.id <= last)
        .order_by(row.id)
    )  # fmt: skip
    columns = ["card", "platform", "account", "chat", "thread", "message_id", "person_id", "posted_at"]
    statement = (
        _insert(session, CardCopy.__table__)
        .from_select(columns, chosen)
        .on_conflict_do_nothing(index_elements=["platform", "account", "chat", "message_id"])
    )
    return Batch(last, await _run(session, statement), more)


async def on_their_way(session: AsyncSession, announcement_id: int, *, claimed_by: datetime) -> bool:
    """Whether rows of an announcement that were claimed by then are still being sent: with the text of before."""
    statement = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.announcement_id == announcement_id,
            OutboxMessage.state == OutboxState.SENDING,
            OutboxMessage.claimed_at <= claimed_by,
        )
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


def _too_old(now: datetime, keeps: timedelta) -> Condition:
    return and_(CardCopy.platform == Platform.TELEGRAM, CardCopy.posted_at <= now - keeps)


async def redraw_copies(session: AsyncSession, mailing: Mailing, card: str, *, after: int, now: datetime) -> Batch:
    """Queue an edit of the next copies of a card; a copy that has an edit waiting already needs no other.

    ``mailing.dedup`` must be the beginning of :func:`storage.queries.outbox.edit_key`.
    """
    conditions = [CardCopy.card == card]
    last, more = await _stretch(session, CardCopy.id, conditions, after)
    if not last:
        return Batch(after, 0, more=False)
    common = _common(mailing, now, op=OutboxOp.EDIT, card=card)
    return Batch(last, await _from_copies(session, mailing.dedup, common, conditions, after, last), more)


@dataclass(frozen=True, slots=True)
class Removal:
    """What a batch of deletions did: so many are deleted, so many are too old for it and are redrawn."""

    last: int
    deleted: int
    redrawn: int
    more: bool


async def remove_copies(
    session: AsyncSession,
    deletion: Mailing,
    redrawing: Mailing,
    *,
    card: str,
    mark: str,
    after: int,
    now: datetime,
    keeps: timedelta,
) -> Removal:
    """Queue the deletion of the next copies of a card, and an edit of those that cannot be deleted any more.

    Args:
        session: in a writing transaction.
        deletion: what is the same in every row that deletes.
        redrawing: what is the same in every row that edits; see :func:`redraw_copies`.
        card: whose copies.
        mark: what the deleting rows carry as their card, by which their result is counted.
        after: the last copy that was looked at.
        now: the present.
        keeps: Telegram does not delete what is older than this (Bot API, deleteMessage: 48 hours).
    """
    conditions = [CardCopy.card == card]
    last, more = await _stretch(session, CardCopy.id, conditions, after)
    if not last:
        return Removal(after, 0, 0, more=False)
    old = _too_old(now, keeps)
    edits = _common(redrawing, now, op=OutboxOp.EDIT, card=card)
    redrawn = await _from_copies(session, redrawing.dedup, edits, [*conditions, old], after, last)
    deletes = _common(deletion, now, op=OutboxOp.DELETE, card=mark)
    deleted = await _from_copies(session, deletion.dedup, deletes, [*conditions, ~old], after, last)
    return Removal(last, deleted, redrawn, more)


async def _from_copies(
    session: AsyncSession,
    dedup: str,
    common: dict[str, Any],
    conditions: list[Condition],
    after: int,
    last: int,
) -> int:
    copy = CardCopy
    chosen = (
        select(
            copy.platform,
            copy.account,
            copy.chat,
            copy.thread,
            copy.message_id,
            copy.person_id,
            (literal(dedup) + cast(copy.id, String)).label("dedup"),
            *(value.label(name) for name, value in common.items()),
        )
        .where(*conditions, copy.id > after, copy.id <= last)
        .order_by(copy.id)
    )
    statement = (
        _insert(session, OutboxMessage.__table__)
        .from_select([*ADDRESS, *common], chosen)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
    )
    return await _run(session, statement)


def has_copy_to(announcement_id: int) -> Condition:
    """That a person got an announcement, or may have got it."""
    return exists().where(
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.person_id == Person.id,
        OutboxMessage.state.in_([OutboxState.SENT, OutboxState.UNCERTAIN]),
    )
