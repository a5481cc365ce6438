"""What came in: stored once, closed once, forgotten after a while."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import Platform
from storage.models import InboxEvent
from storage.queries.dialect import insert_ignoring, is_postgres

LONGEST_ID = 80
"""Characters of an event's or a person's id."""


async def store(
    session: AsyncSession,
    platform: Platform,
    account: str,
    events: Sequence[tuple[str, str, dict[str, Any]]],
    *,
    now: datetime,
    taken_by: str,
) -> dict[str, int]:
    """Write down events (id, person, payload) and return the row ids of those not seen before, by event id.

    Whoever writes them down handles them: that is their first try.
    """
    if not events:
        return {}
    rows = [
        {
            "platform": platform,
            "account": account,
            "event_id": event_id,
            "person": person,
            "payload": storable(payload),
            "received_at": now,
            "tries": 1,
            "taken_by": taken_by,
        }
        for event_id, person, payload in {event[0]: event for event in events}.values()
    ]
    found = await session.execute(_store(postgres=is_postgres(session)), rows)
    return dict(found.all())


@cache
def _store(*, postgres: bool) -> Any:
    statement = insert_ignoring(InboxEvent, ("platform", "account", "event_id"), postgres=postgres)
    return statement.returning(InboxEvent.event_id, InboxEvent.id)


_INBOX: Any = InboxEvent.__table__
_CLOSE = (
    update(_INBOX)
    .where(_INBOX.c.id == bindparam("row"), _INBOX.c.closed_at.is_(None))
    .values(closed_at=bindparam("at"), payload=bindparam("nothing"))
    .returning(_INBOX.c.id)
)


async def close(session: AsyncSession, inbox_id: int, now: datetime) -> bool:
    """Close an event in the transaction of its effect. False when it is closed already: do nothing then."""
    result = await session.execute(_CLOSE, {"row": inbox_id, "at": now, "nothing": {}})
    return result.scalar_one_or_none() is not None


async def take_open(
    session: AsyncSession,
    taken_by: str,
    *,
    accounts: Collection[tuple[Platform, str]],
    alive: Collection[str],
    but: Collection[int] = (),
    tries_below: int | None = None,
    most: int,
) -> Sequence[InboxEvent]:
    """Open events that nobody handles, taken over by this process, in the order in which they came.

    Args:
        session: in a writing transaction.
        taken_by: this process.
        accounts: the platforms and accounts that it is connected to.
        alive: the other processes that are.
        but: rows that this process is handling.
        tries_below: only those that were begun less often.
        most: how many at once.
    """
    rows = (
        (
            await session.execute(
                select(InboxEvent)
                .where(
                    InboxEvent.closed_at.is_(None),
                    tuple_(InboxEvent.platform, InboxEvent.account).in_(accounts),
                    InboxEvent.taken_by.not_in(alive),
                    InboxEvent.id.not_in(but),
                    *([] if tries_below is None else [InboxEvent.tries < tries_below]),
                )
                .order_by(InboxEvent.id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
        )
        .scalars()
        .all()
    )
    for row in rows:
        row.taken_by = taken_by
    return rows


async def begin_again(session: AsyncSession, inbox_id: int, taken_by: str) -> int | None:
    """Count another try, in a transaction of its own before it: one that ends the process is counted all the same.

    Returns how many tries there were before; ``None`` when the event is closed, or another process has taken it.
    """
    result = await session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == inbox_id, InboxEvent.closed_at.is_(None), InboxEvent.taken_by == taken_by)
        .values(tries=InboxEvent.tries + 1)
        .returning(InboxEvent.tries)
    )
    tries = result.scalar_one_or_none()
    return None if tries is None else tries - 1


def storable(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload without what PostgreSQL refuses: one such update would hold up all that come after it.

    JSON can name code points that are no characters: NUL, and halves of surrogate pairs.
    """
    written = json.dumps(payload)
    if "\\u0000" not in written and "\\ud" not in written:
        return payload
    cleaned: dict[str, Any] = _cleaned(payload)
    return cleaned


def storable_text(text: str) -> str:
    """The same for one text."""
    cleaned: str = _cleaned(text)
    return cleaned


def storable_id(text: str) -> str:
    """An id of a platform's, as it fits its column; one that is longer than any known one is told apart by a digest."""
    cleaned = storable_text(text)
    return cleaned if len(cleaned) <= LONGEST_ID else hashlib.sha256(cleaned.encode()).hexdigest()


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
        case dict():
            return {_cleaned(key): _cleaned(one) for key, one in value.items()}
        case list() | tuple():
            return [_cleaned(one) for one in value]
        case _:
            return value
