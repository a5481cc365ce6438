"""Copies of their data that people asked for: from the wish to the delivery."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import OutboxState
from storage.models import DataExport, OutboxMessage

DELIVERED = (
    OutboxState.SENT,
    OutboxState.FAILED,
    OutboxState.UNCERTAIN,
    OutboxState.CANCELLED,
    OutboxState.EXPIRED,
    OutboxState.SKIPPED,
)
"""After these nothing more comes of a message."""


def delivery_key(export_id: int) -> str:
    """The dedup key of the message that carries an export."""
    return f"export:{export_id}"


async def open_export(session: AsyncSession, person_id: int) -> DataExport | None:
    """The export that this person waits for."""
    statement = select(DataExport).where(DataExport.person_id == person_id, DataExport.closed_at.is_(None)).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def to_make(session: AsyncSession) -> Sequence[tuple[int, int]]:
    """Exports that were asked for and not made: id and person, the oldest first."""
    statement = (
        select(DataExport.id, DataExport.person_id)
        .where(DataExport.made_at.is_(None), DataExport.closed_at.is_(None))
        .order_by(DataExport.id)
    )
    return [(row.id, row.person_id) for row in await session.execute(statement)]


async def to_close(session: AsyncSession, made_before: datetime) -> Sequence[DataExport]:
    """Exports whose message has arrived or will not, and those that are too old."""
    found: list[DataExport] = []
    rows = await session.execute(
        select(DataExport).where(DataExport.made_at.is_not(None), DataExport.closed_at.is_(None))
    )
    for row in rows.scalars():
        state = (
            await session.execute(select(OutboxMessage.state).where(OutboxMessage.dedup_key == delivery_key(row.id)))
        ).scalar_one_or_none()
        if state is None or state in DELIVERED or (row.made_at is not None and row.made_at < made_before):
            found.append(row)
    return found
