"""The sender: from the outbox to one platform's token, each row once.

One process holds the token's lease and sends what is queued; replies are sent by the process that wrote them. The
order is always: commit the claim, call the platform with no connection held, commit the result. A kill in between
leaves a row that says so, and :meth:`Sender.sweep` settles it by the policy of its kind.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.calls import Calls
from bot.delivery.holds import Holds
from bot.delivery.pacing import Pacer
from bot.delivery.queue import AHEAD_SECONDS, IDLE_SECONDS, Queue, Room
from bot.delivery.reachability import Reachability
from bot.delivery.rendering import Drawn, Parcel, draw_each, drawn_already
from bot.delivery.results import Results
from bot.platforms.base import Adapter
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community
from storage.engine import Database
from storage.models import OutboxMessage
from storage.queries import outbox
from storage.queries.outbox import NewMessage

log = logging.getLogger(__name__)


class Sender:
    """Sends for one platform with one token.

    Args:
        database: the store.
        adapter: the platform; open.
        community: given to what renders.
        clock: says what is due.
        claim: this process's name.
        now: monotonic seconds, for pacing.
    """

    def __init__(
        self,
        database: Database,
        adapter: Adapter,
        community: Community,
        clock: Clock,
        *,
        claim: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self.adapter = adapter
        self._community = community
        self._clock = clock
        self._claim = claim
        self._now = now
        self._pace = adapter.pace
        self._ahead = max(1, round(self._pace.per_second * AHEAD_SECONDS)) if self._pace.per_second else 0
        self.pacer = Pacer(self._pace, now=now, is_idle=lambda: self._queue.is_empty)
        self._holds = Holds(now=now)
        self._reachability = Reachability(adapter.platform, adapter.ping, now=now)
        self._queue = Queue(database, adapter, clock, holds=self._holds, pacer=self.pacer, room=self._room, now=now)
        self._results = Results(
            database,
            adapter,
            community,
            clock,
            claim=claim,
            pacer=self.pacer,
            holds=self._holds,
            reachability=self._reachability,
            wake=self.wake,
        )
        self._calls = Calls(
            database,
            adapter,
            community,
            clock,
            claim=claim,
            pacer=self.pacer,
            results=self._results,
            wake=self.wake,
            is_stopping=lambda: self._stopping,
            now=now,
        )
        adapter.next_turn = self._calls.next_turn
        self._wake = asyncio.Event()
        self._stopping = False
        self._ended = asyncio.Event()
        self._ended.set()
        self._slots = asyncio.Semaphore(self._pace.in_flight)
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[None]] = set()
        self._in_hand: Counter[int] = Counter()  # rows that somebody here works on, or waits to
        self._suspects: set[int] = set()
        self._doubtful_in_flight = 0
        self._awaiting_turn = 0
        self._news = True  # something was queued since
        self._knows_order = False
        self.lease_held = asyncio.Event()
        self.lease_lost = asyncio.Event()
        self.holds_lease = False

    @property
    def holds_lease(self) -> bool:
        """Whether this process sends what is queued, as far as it knows: the store has the last word at each claim."""
        return self.lease_held.is_set()

    @holds_lease.setter
    def holds_lease(self, held: bool) -> None:
        now, before = (self.lease_held, self.lease_lost) if held else (self.lease_lost, self.lease_held)
        before.clear()
        now.set()

    @property
    def lease(self) -> str:
        """The name of the lease that a sender of this token needs."""
        return f"send:{self.adapter.platform}:{self.adapter.account}"

    def wake(self) -> None:
        """There may be something to send."""
        self._queue.is_empty = False
        self._news = True
        self._wake.set()

    def alive_until(self, moment: float) -> None:
        """Until when (monotonic) nobody else takes this process for dead and settles what it has in its hands."""
        self._calls.alive_until = moment

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._running and not self._in_hand

    # Life

    async def run(self) -> None:
        """Send what is due until :meth:`stop`; a lost database is waited for."""
        self._ended.clear()
        try:
            while not self._stopping:
                self._wake.clear()
                try:
                    pause = await self._round()
                except SQLAlchemyError as error:
                    log.warning("the store does not answer, waiting", extra={"error": type(error).__name__})
                    pause = IDLE_SECONDS
                if pause > 0:
                    try:
                        async with asyncio.timeout(pause):
                            await self._wake.wait()
                    except TimeoutError:
                        pass
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Start nothing more and wait for what is on its way. Replies that must wait for their turn are queued."""
        self._stopping = True
        self.wake()
        await self._ended.wait()
        while self._running:
            await asyncio.wait(self._running)

    async def cancel(self) -> None:
        """End what is on its way; it is settled by whoever finds it in the store."""
        for task in self._running:
            task.cancel()
        while self._running:
            await asyncio.wait(self._running)
        await self._results.cancel()

    # The queue

    async def _round(self) -> float:
        """Claim and start what may go now; return how long to pause."""
        if not self.holds_lease:
            self._knows_order = False
            return IDLE_SECONDS
        away = await self._reachability.pause()
        if away > 0:
            return away
        if not self._is_worth_a_look():
            return IDLE_SECONDS
        wait = self.pacer.wait_for_token()
        if wait > AHEAD_SECONDS:
            return wait - AHEAD_SECONDS
        if not self._knows_order:
            await self._queue.learn_order()
            self._knows_order = True
        if self._queue.only_unrepeatable and not self._news and self._room().doubts <= 0:
            return IDLE_SECONDS  # one of those on their way has to arrive first
        self._news = False
        chosen, pause = await self._queue.choose()
        if not chosen or self._stopping:
            return min(pause, IDLE_SECONDS)
        self._in_hand.update(chosen)
        rows: Sequence[Row[Any]] = ()
        try:
            async with self._database.writing() as session:
                rows = await outbox.claim(session, chosen, claim=self._claim, lease=self.lease, now=self._clock.now())
        finally:
            self._put_down(*(set(chosen) - {row.id for row in rows}))
        parcels = [Parcel.of(row.id, row) for row in rows]
        drawn = await self._draw_ahead(parcels)
        for parcel in parcels:
            self._start(parcel, drawn.get(parcel.id))
        return 0.0 if rows else IDLE_SECONDS

    def _is_worth_a_look(self) -> bool:
        """Whether one look and one claim would serve several rows, as far as several may go."""
        if self._ahead:
            # At a thousand a second, a claim for each that takes its turn would be most of the work.
            return self._awaiting_turn <= self._ahead // 2 and len(self._running) < self._pace.in_flight
        return self._pace.in_flight - len(self._running) >= (self._pace.in_flight + 1) // 2

    def _room(self) -> Room:
        # Not the semaphore: what was started a moment ago has not reached it yet.
        places = self._pace.in_flight - len(self._running)
        if self._ahead:
            places = min(places, self._ahead - self._awaiting_turn)
        return Room(places, self._pace.unrepeatable_in_flight - self._doubtful_in_flight)

    async def _draw_ahead(self, parcels: Sequence[Parcel]) -> dict[int, Drawn]:
        """Several rows drawn with one look into the store; what cannot be drawn so is left to be drawn by itself."""
        drawn: dict[int, Drawn] = {}
        plain = [one for one in parcels if not one.card]
        if len(plain) < 2:
            return drawn
        try:
            async with self._database.reading() as session:
                async for parcel, shown in draw_each(session, plain, self._community, self._clock):
                    drawn[parcel.id] = shown
        except Exception as error:  # noqa: BLE001 - whose fault it is turns out when each is drawn by itself
            log.info("drawn one by one", extra={"error": type(error).__name__})
        return drawn

    def _start(self, parcel: Parcel, drawn: Drawn | None) -> None:
        self._queue.busy.add(parcel.chat)
        self._doubtful_in_flight += not parcel.policy_again
        self._awaiting_turn += 1
        task = asyncio.create_task(self._deliver(parcel, drawn), name=f"send:{parcel.id}")
        self._running.add(task)

        def finished(done: asyncio.Task[None]) -> None:
            self._running.discard(done)
            self._queue.busy.discard(parcel.chat)
            self._queue.look_at_again(parcel.chat)
            self._put_down(parcel.id)
            self._doubtful_in_flight -= not parcel.policy_again
            self._wake.set()
            if not done.cancelled() and done.exception() is not None:
                log.error("delivery failed", exc_info=done.exception())

        task.add_done_callback(finished)

    async def _deliver(self, parcel: Parcel, drawn: Drawn | None) -> None:
        waiting = True

        def turn_has_come() -> None:
            nonlocal waiting
            if waiting:
                waiting = False
                self._awaiting_turn -= 1
                if self._ahead:
                    self._wake.set()

        try:
            async with self._slots, self._lock(parcel.chat):
                await self._calls.carry_out(parcel, drawn, turn_has_come)
        finally:
            turn_has_come()

    # Replies

    async def send_replies(self, replies: Sequence[tuple[int, NewMessage]]) -> None:
        """Send rows that this process wrote as claimed, in order, at once as far as the chat's pace allows."""
        ids = [row_id for row_id, _ in replies]
        self._in_hand.update(ids)
        try:
            # One answer to a chat stays together: the next answer's first message does not come between its messages.
            for chat, rows in groupby(replies, key=lambda reply: reply[1].chat):
                async with self._lock(chat):
                    for row_id, row in rows:
                        await self._send_reply(Parcel.of(row_id, row))
        finally:
            self._put_down(*ids)
            for _, row in replies:
                self._queue.look_at_again(row.chat)
            if not self._queue.is_empty:
                self.wake()  # what waited behind them

    def _put_down(self, *row_ids: int) -> None:
        """Nobody works on these any more; counted, since what was put back may have been taken up again meanwhile."""
        self._in_hand.subtract(row_ids)
        for row_id in row_ids:
            if self._in_hand[row_id] <= 0:
                del self._in_hand[row_id]

    async def _send_reply(self, parcel: Parcel) -> None:
        if self._reachability.away or self._holds.keeps_behind(parcel.id, parcel.chat, parcel.rank):
            await self._results.again(parcel, after=0.0, counts=False)
            return
        await self._calls.carry_out(parcel, drawn_already(parcel))

    def _lock(self, chat: str) -> asyncio.Lock:
        lock = self._chats.get(chat)
        if lock is None:
            lock = self._chats[chat] = asyncio.Lock()
        return lock

    # What was left behind

    async def sweep(self, alive: Sequence[str]) -> int:
        """Settle what a dead process left between its claim and the result. Returns how many rows."""
        async with self._database.writing() as session:
            rows = await outbox.orphans(
                session,
                self.adapter.platform,
                self.adapter.account,
                alive=[*alive, self._claim],
                claim=self._claim,
            )
        return await self._settle(rows, "the process ended between the call and its result")

    async def sweep_own(self) -> int:
        """Settle what this process itself lost sight of, such as when the store was away for long.

        A row counts as lost when it was found twice, one sweep after the other, so that one which is just being
        written or finished is left alone. Returns how many rows.
        """
        async with self._database.reading() as session:
            rows = await outbox.claimed_by(session, self.adapter.platform, self.adapter.account, self._claim)
        left = [row for row in rows if row.id not in self._in_hand]
        lost = [row for row in left if row.id in self._suspects]
        self._suspects = {row.id for row in left}
        return await self._settle(lost, "lost sight of while it was being sent")

    async def _settle(self, rows: Sequence[OutboxMessage], why: str) -> int:
        for row in rows:
            log.warning("settling what was left behind", extra={"kind": row.kind, "row": row.id, "why": why})
            self._in_hand[row.id] += 1
            try:
                await self._results.left_behind(Parcel.of(row.id, row), why)
            finally:
                self._put_down(row.id)
        self.wake()
        return len(rows)
