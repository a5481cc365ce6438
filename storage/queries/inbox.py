"""What came in: stored once, closed once, forgotten after a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import Platform
from storage.models import InboxEvent
from storage.queries.dialect import insert_new

KEPT = timedelta(hours=25)
"""How long a handled event's id is kept: Telegram sends an update again for up to 23 hours."""


async def store(
    session: AsyncSession,
    platform: Platform,
    account: str,
    events: Sequence[tuple[str, str, dict[str, Any]]],
    *,
    now: datetime,
    taken_by: str,
) -> dict[str, int]:
    """Write down events (id, person, payload) and return the row ids of those not seen before, by event id."""
    if not events:
        return {}
    rows = [
        {
            "platform": platform,
            "account": account,
            "event_id": event_id,
            "person": person,
            "payload": payload,
            "received_at": now,
            "tries": 0,
            "taken_by": taken_by,
        }
        for event_id, person, payload in {event[0]: event for event in events}.values()
    ]
    new = await insert_new(session, InboxEvent, rows, unique=["platform", "account", "event_id"], key=InboxEvent.id)
    if not new:
        return {}
    found = await session.execute(select(InboxEvent.event_id, InboxEvent.id).where(InboxEvent.id.in_(new)))
    return dict(found.all())


async def close(session: AsyncSession, inbox_id: int, now: datetime) -> bool:
    """Close an event in the transaction of its effect. False when it is closed already: do nothing then."""
    result = await session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == inbox_id, InboxEvent.closed_at.is_(None))
        .values(closed_at=now, payload={})
        .returning(InboxEvent.id)
    )
    return result.scalar_one_or_none() is not None


async def take_open(
    session: AsyncSession, taken_by: str, *, alive: Sequence[str], most: int = 200
) -> Sequence[InboxEvent]:
    """Open events whose process is gone, taken over by this one, in the order in which they came."""
    rows = (
        (
            await session.execute(
                select(InboxEvent)
                .where(InboxEvent.closed_at.is_(None), InboxEvent.taken_by.not_in(alive))
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
        row.tries += 1
    return rows


async def forget_closed(session: AsyncSession, now: datetime) -> int:
    """Delete events handled long enough ago; returns how many."""
    result = await session.execute(delete(InboxEvent).where(InboxEvent.closed_at < now - KEPT).returning(InboxEvent.id))
    return len(result.scalars().all())
