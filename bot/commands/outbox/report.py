"""What `community-bot outbox` finds and does: the standing of each token, rows by filter, trying again, giving up."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Settings
from bot.delivery.results import DOUBT
from handlers.conversation.notify import CARD, SCREEN
from storage.engine import Database
from storage.enums import OutboxState, SubjectKind
from storage.migrations import current, head
from storage.models import AuditEntry
from storage.queries import outbox_care
from storage.queries.outbox_care import Retried, Selection, TokenStanding

BATCH = 500
"""Rows changed in one transaction, so that a running bot never waits long for its turn to write."""
TRIES = 3
"""How often a batch that lost a race for the same edit is begun again."""


class StoreNotReadyError(Exception):
    """There is no store yet, or it has another schema than this release."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The store, as it is: it is neither made nor migrated here, since the bot may be at work on it.

    Raises:
        StoreNotReadyError: it cannot be worked with before `community-bot migrate`.
    """
    if not _is_there(settings.database.url):
        raise StoreNotReadyError("There is no store yet: run `community-bot migrate` first.")
    database = Database(settings.database.url)
    try:
        if await current(database) != head():
            raise StoreNotReadyError(
                "The store has another schema than this release: run `community-bot migrate` first."
            )
        yield database
    finally:
        await database.close()


def _is_there(url: str) -> bool:
    """Whether there can be a store: connecting to SQLite would make an empty file."""
    address = make_url(url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


# What is shown


def standing_as_json(tokens: Sequence[TokenStanding], now: datetime) -> dict[str, object]:
    """The standing of every token in JSON's types; ages and lateness in seconds, ``null`` where nothing is due."""
    return {
        "at": now.isoformat(),
        "tokens": [
            {
                "platform": one.platform.value,
                "account": one.account,
                "due": one.due,
                "later": one.later,
                "late_seconds": _seconds(one.oldest_due_at, now),
                "oldest_seconds": _seconds(one.oldest_written_at, now),
                "sending": one.sending,
                "held": one.held,
                "failed": dict(sorted(one.failed.items(), key=lambda item: (-item[1], item[0]))),
                "uncertain": one.uncertain,
            }
            for one in tokens
        ],
    }


def row_as_json(row: Row[Any], now: datetime) -> dict[str, object]:
    """A listed row in JSON's types: ids and states, never a name or a word of what it says."""
    return {
        "id": row.id,
        "platform": row.platform.value,
        "account": row.account,
        "kind": row.kind,
        "op": row.op.value,
        "person": row.person_id,
        "announcement": row.announcement_id,
        "state": row.state.value,
        "reason": row.failure,
        "attempts": row.attempts,
        "age_seconds": _seconds(row.created_at, now),
        "late_seconds": _seconds(row.due_at, now) if row.state is OutboxState.QUEUED and row.due_at <= now else None,
        "expires_at": row.expires_at.isoformat() if row.expires_at is not None else None,
    }


def _seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round((now - since).total_seconds(), 1)


def span(seconds: float | None) -> str:
    """A length of time for people: its two largest units."""
    if seconds is None:
        return "–"
    left = max(0, round(seconds))
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        number, left = divmod(left, size)
        if number or (parts and len(parts) < 2):
            parts.append(f"{number} {unit}")
    return " ".join(parts[:2]) or "0 s"


# What is done


async def _batches(session: AsyncSession, selection: Selection, most: int | None) -> AsyncIterator[Sequence[Row[Any]]]:
    after, left = 0, most
    while left is None or left > 0:
        found = await outbox_care.rows(session, selection, after=after, most=min(BATCH, left or BATCH))
        if not found:
            return
        yield found
        after = found[-1].id
        left = None if left is None else left - len(found)


async def would_retry(database: Database, selection: Selection, *, most: int | None, now: datetime) -> Retried:
    """What :func:`retry` would do now; nothing is changed."""
    total = Retried()
    async with database.reading() as session:
        async for found in _batches(session, selection, most):
            total.add(await _retry(session, found, now=now, change=False))
    return total


async def would_drop(database: Database, selection: Selection, *, most: int | None) -> Counter[OutboxState]:
    """How many rows :func:`drop` would give up now, by state."""
    total: Counter[OutboxState] = Counter()
    async with database.reading() as session:
        async for found in _batches(session, selection, most):
            total.update(row.state for row in found if row.state in outbox_care.DROPPABLE)
    return total


async def retry(
    database: Database, selection: Selection, *, most: int | None, now: datetime, filters: str, reason: str
) -> Retried:
    """Queue the rows that are meant again (see :func:`~storage.queries.outbox_care.retry`), a batch at a time.

    Each batch and its entry in the audit log are one transaction. ``filters`` and ``reason`` are for the entry.
    """
    total, after = Retried(), 0
    while most is None or most > 0:
        found, done = await _retry_batch(database, selection, after, most, now=now, filters=filters, reason=reason)
        if not found:
            return total
        total.add(done)
        after = found[-1].id
        most = None if most is None else most - len(found)
    return total


async def _retry_batch(
    database: Database, selection: Selection, after: int, most: int | None, *, now: datetime, filters: str, reason: str
) -> tuple[Sequence[Row[Any]], Retried]:
    for attempt in range(1, TRIES + 1):
        try:
            async with database.writing() as session:
                found = await outbox_care.rows(session, selection, after=after, most=min(BATCH, most or BATCH))
                done = await _retry(session, found, now=now, change=True)
                _audit(session, "outbox.retry", done.ids, now=now, filters=filters, reason=reason)
                return found, done
        except IntegrityError:
            if attempt == TRIES:
                raise
    raise AssertionError("the loop above returns or raises")


async def _retry(session: AsyncSession, found: Sequence[Row[Any]], *, now: datetime, change: bool) -> Retried:
    return await outbox_care.retry(
        session, found, now=now, bound={SCREEN, CARD}, card=CARD, in_doubt=DOUBT, change=change
    )


async def drop(
    database: Database, selection: Selection, *, most: int | None, now: datetime, filters: str, reason: str
) -> Counter[OutboxState]:
    """Give up the rows that are meant, a batch at a time; each batch and its audit entry are one transaction."""
    total: Counter[OutboxState] = Counter()
    after = 0
    while most is None or most > 0:
        async with database.writing() as session:
            found = await outbox_care.rows(session, selection, after=after, most=min(BATCH, most or BATCH))
            if not found:
                return total
            dropped = await outbox_care.drop(session, found, now=now)
            _audit(session, "outbox.drop", sorted(dropped), now=now, filters=filters, reason=reason)
        total.update(dropped.values())
        after = found[-1].id
        most = None if most is None else most - len(found)
    return total


def _audit(session: AsyncSession, action: str, ids: Sequence[int], *, now: datetime, filters: str, reason: str) -> None:
    """Nobody's name: on the command line there is no person, only somebody who may log in to the machine."""
    if not ids:
        return
    what = f"{len(ids)} rows, {ids[0]}–{ids[-1]}, by {filters}"
    session.add(
        AuditEntry(
            at=now,
            by_person_id=None,
            action=action,
            subject_kind=SubjectKind.OUTBOX,
            subject_id=ids[0],
            reason=f"{reason} ({what})" if reason else what,
        )
    )


def counted(numbers: Mapping[OutboxState, int]) -> str:
    """``12 (10 failed, 2 uncertain)``."""
    parts = [f"{number} {state.value}" for state, number in sorted(numbers.items()) if number]
    return f"{sum(numbers.values())} ({', '.join(parts)})" if parts else "0"
