"""Order in a chat when a message has to be tried again: what came after it stays behind it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

FORGET_AFTER = 60.0
"""Seconds after its time for which a message that was put back keeps others waiting. By then it was sent, unless
something else became of it (cancelled, held back with its announcement), and nobody waits for that."""


@dataclass(frozen=True, slots=True)
class _Held:
    due_at: datetime
    until: float


class Holds:
    """The messages of one token that were put back into the queue.

    A reply may overtake a reminder that failed, so order is kept among messages of the same rank.

    Args:
        now: monotonic seconds.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._held: dict[tuple[str, int], dict[int, _Held]] = {}

    def hold(self, row_id: int, chat: str, rank: int, *, due_at: datetime, after: float) -> None:
        """A message is put back, to be tried again after so many seconds, which is at that time of the community's."""
        self._held.setdefault((chat, rank), {})[row_id] = _Held(due_at, self._now() + after + FORGET_AFTER)

    def release(self, row_id: int, chat: str, rank: int) -> None:
        """A message is settled."""
        rows = self._held.get((chat, rank))
        if rows is not None:
            rows.pop(row_id, None)
            if not rows:
                del self._held[chat, rank]

    def keeps_behind(self, row_id: int, chat: str, rank: int) -> bool:
        """Whether an older message of this chat must go before this one."""
        return any(held < row_id for held in self._rows(chat, rank))

    def due(self, most: int) -> list[int]:
        """The first of each chat and rank whose time has come, so many of them at most."""
        now = self._now()
        found: list[int] = []
        for chat, rank in list(self._held):
            rows = self._rows(chat, rank)
            if rows and len(found) < most:
                first = min(rows)
                if rows[first].until - FORGET_AFTER <= now:
                    found.append(first)
        return found

    def last_due(self, chat: str, rank: int) -> datetime | None:
        """When the last of those put back is due; a message that joins them is not due before."""
        return max((held.due_at for held in self._rows(chat, rank).values()), default=None)

    def _rows(self, chat: str, rank: int) -> dict[int, _Held]:
        rows = self._held.get((chat, rank))
        if rows is None:
            return {}
        now = self._now()
        for row_id in [row_id for row_id, held in rows.items() if held.until < now]:
            self.release(row_id, chat, rank)
        return rows
