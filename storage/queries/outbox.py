"""Writing to the outbox and claiming from it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import OutboxOp, OutboxState, Platform, Priority
from storage.models import OutboxMessage
from storage.queries.dialect import insert_new


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
