"""Which rows of the outbox may go now to one platform's token."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.delivery.holds import Holds
from bot.delivery.pacing import Pacer
from bot.platforms.base import Adapter
from handlers.conversation.clock import Clock
from handlers.conversation.event import Address
from storage.engine import Database
from storage.enums import PRIORITY_RANK
from storage.queries import outbox

FIRST_LOOK = 6
"""Queued rows looked at beside twice as many as there is room for."""
LOOK_AHEAD = 200
"""Queued rows looked at when the first few must all wait: enough to find other chats."""
IDLE_SECONDS = 1.0
"""How often another process's rows are looked for; rows of this process wake the sender at once."""
AHEAD_SECONDS = 0.05
"""How much of the queue is claimed and drawn before its turn comes, so that no turn passes unused."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many more rows may go, and how many of them may leave a doubt after a crash."""

    places: int
    doubts: int


class Queue:
    """The queued rows of one token, as far as the sender has to know them.

    Args:
        database: the store.
        adapter: the platform; open.
        clock: says what is due.
        holds: what must go first in its chat.
        pacer: which chats must wait.
        room: asked when it is decided, since rows come and go while the store is read.
        now: monotonic seconds.

    Attributes:
        busy: the chats to which something is on its way.
        is_empty: whether nothing in the queue is due, as far as is known.
        only_unrepeatable: whether each row seen may leave a doubt.
    """

    def __init__(
        self,
        database: Database,
        adapter: Adapter,
        clock: Clock,
        *,
        holds: Holds,
        pacer: Pacer,
        room: Callable[[], Room],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._adapter = adapter
        self._clock = clock
        self._holds = holds
        self._pacer = pacer
        self._room = room
        self._now = now
        self._set_aside: dict[tuple[str, int], float] = {}  # chats and ranks that must wait, and until when
        self.busy: set[str] = set()
        self.is_empty = False
        self.only_unrepeatable = False

    async def choose(self) -> tuple[list[int], float]:
        """The ids of rows that may go now, and how many seconds to pause where there are none.

        One a chat, in order. Reading many rows for each one that goes would be most of the work of a broadcast. But all
        that are seen may have to wait, and others may not: what waits is set aside, so that the next look goes past it.
        """
        now = self._now()
        self._set_aside = {one: until for one, until in self._set_aside.items() if until > now}
        most = 2 * self._room().places + FIRST_LOOK
        while True:
            aside = len(self._set_aside)
            first, due = await self._look(most)
            chosen, pause = self._choice(first, due)
            more = len(due) == most and (most < LOOK_AHEAD or len(self._set_aside) > aside)
            if chosen or not more:
                return chosen, pause
            most = LOOK_AHEAD

    def look_at_again(self, chat: str) -> None:
        """What was on its way to a chat has arrived: what waited for that need not wait any longer."""
        for rank in PRIORITY_RANK.values():
            self._set_aside.pop((chat, rank), None)

    async def learn_order(self) -> None:
        """What an earlier holder of the lease put back keeps its place."""
        async with self._database.reading() as session:
            rows = await outbox.put_back(session, self._adapter.platform, self._adapter.account)
        now = self._clock.now()
        for row in rows:
            after = max(0.0, (row.due_at - now).total_seconds())
            self._holds.hold(row.id, row.chat, row.rank, due_at=row.due_at, after=after)

    async def _look(self, most: int) -> tuple[Sequence[outbox.Candidate], Sequence[outbox.Candidate]]:
        async with self._database.reading() as session:
            now, token = self._clock.now(), (self._adapter.platform, self._adapter.account)
            due = await outbox.candidates(session, *token, now=now, most=most, but=list(self._set_aside))
            # What others wait behind is found by its id: it may be due later than all of them.
            held = self._holds.due(LOOK_AHEAD)
            first = await outbox.candidates_among(session, *token, held, now=now) if held else []
        self.is_empty = not due and not first and not self._set_aside
        self.only_unrepeatable = not any(row.again for row in (*first, *due))
        return first, due

    def _choice(self, first: Sequence[outbox.Candidate], due: Sequence[outbox.Candidate]) -> tuple[list[int], float]:
        room = self._room()
        doubts = room.doubts
        chosen: list[int] = []
        seen: set[str] = set()
        pause = min([IDLE_SECONDS, *(until - self._now() for until in self._set_aside.values())])
        for row in (*first, *due):
            if len(chosen) >= room.places:
                break
            if row.chat in seen:
                continue
            wait = self._wait_of(row)
            if wait > 0:
                pause = min(pause, wait)
                self._set_aside[row.chat, row.rank] = self._now() + wait
                continue
            seen.add(row.chat)
            if not row.again and doubts <= 0:
                continue
            doubts -= not row.again
            chosen.append(row.id)
        return chosen, max(0.0, pause)

    def _wait_of(self, row: outbox.Candidate) -> float:
        """Seconds until it is worth while to look at this row again; 0 when it may go."""
        if row.behind or row.chat in self.busy:
            return IDLE_SECONDS  # looked at again as soon as what is on its way there has arrived
        if self._holds.keeps_behind(row.id, row.chat, row.rank):
            return IDLE_SECONDS  # as soon as that one is settled
        group = self._adapter.is_group(Address(self._adapter.platform, self._adapter.account, row.chat))
        wait = self._pacer.wait(row.chat, group=group, edit=row.edit)
        return max(0.0, wait - AHEAD_SECONDS)
