"""The sender: from the outbox to one platform's token, each row once.

One process holds the token's lease and sends what is queued; replies are sent by the process that wrote them. The
order is always: commit the claim, call the platform with no connection held, commit the result. A kill in between
leaves a row that says so, and :meth:`Sender.sweep` settles it by the policy of its kind.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.delivery.pacing import Pacer
from bot.delivery.rendering import Parcel, draw
from bot.platforms.base import Adapter, Failure, SendError
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community
from handlers.conversation.event import Address, MessageRef
from handlers.conversation.notify import CARD, SCREEN, addresses
from handlers.conversation.screen import Screen
from storage.engine import Database
from storage.enums import OutboxOp, OutboxState
from storage.queries import outbox, people
from storage.queries.outbox import CardCopyKey, NewMessage

log = logging.getLogger(__name__)

LOOK_AHEAD = 200
"""Queued rows looked at once: enough to find other chats when some must wait."""
IDLE_SECONDS = 1.0
"""How often another process's rows are looked for; rows of this process wake the sender at once."""
BACKOFF_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300)
GIVE_UP_AFTER = 60
"""Attempts: with the backoff above about four hours; by then most rows have expired by themselves."""


class Sender:
    """Sends for one platform with one token.

    Args:
        database: the store.
        adapter: the platform; open.
        community: given to what renders.
        clock: says what is due.
        claim: this process's name.
    """

    def __init__(
        self,
        database: Database,
        adapter: Adapter,
        community: Community,
        clock: Clock,
        *,
        claim: str,
    ) -> None:
        self._database = database
        self.adapter = adapter
        self._community = community
        self._clock = clock
        self._claim = claim
        self._pace = adapter.pace
        self.pacer = Pacer(self._pace)
        self._wake = asyncio.Event()
        self._stopping = False
        self._slots = asyncio.Semaphore(self._pace.in_flight)
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()
        self._doubtful_in_flight = 0
        self.holds_lease = False

    @property
    def lease(self) -> str:
        """The name of the lease that a sender of this token needs."""
        return f"send:{self.adapter.platform}:{self.adapter.account}"

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._running

    async def run(self) -> None:
        """Send what is due until :meth:`stop`; a lost database is waited for."""
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

    async def stop(self) -> None:
        """Start nothing more and wait for what is on its way."""
        self._stopping = True
        self.wake()
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _round(self) -> float:
        """Claim and start what may go now; return how long to pause."""
        if not self.holds_lease:
            return IDLE_SECONDS
        if self._slots.locked():
            return IDLE_SECONDS
        wait = self.pacer.wait_for_token()
        if wait > 0:
            return wait
        async with self._database.reading() as session:
            due = await outbox.candidates(
                session, self.adapter.platform, self.adapter.account, now=self._clock.now(), most=LOOK_AHEAD
            )
        chosen, pause = self._choose(due)
        if not chosen:
            return min(pause, IDLE_SECONDS)
        async with self._database.writing() as session:
            rows = await outbox.claim(session, chosen, claim=self._claim, lease=self.lease, now=self._clock.now())
        for row in rows:
            self._start(Parcel.of(row.id, row))
        return 0.0 if rows else IDLE_SECONDS

    def _choose(self, due: Sequence[outbox.Candidate]) -> tuple[list[int], float]:
        """Which rows may go now: one a chat, in order, as many as there are free slots, one in doubt at a time."""
        free = self._pace.in_flight - len(self._running)
        if self._pace.per_second:
            free = min(free, 1)
        chosen: list[int] = []
        seen: set[str] = set()
        pause = IDLE_SECONDS
        doubtful = self._doubtful_in_flight > 0
        for row in due:
            if len(chosen) >= free:
                break
            if row.chat in seen or row.chat in self._busy:
                continue
            seen.add(row.chat)
            wait = self.pacer.wait(row.chat, group=self._group(row.chat))
            if wait > 0:
                pause = min(pause, wait)
                continue
            if not row.again and doubtful:
                continue
            doubtful = doubtful or not row.again
            chosen.append(row.id)
        return chosen, pause

    def _group(self, chat: str) -> bool:
        return self.adapter.is_group(Address(self.adapter.platform, self.adapter.account, chat))

    def _start(self, parcel: Parcel) -> None:
        self._busy.add(parcel.chat)
        self._doubtful_in_flight += not parcel.policy_again
        self.pacer.take(parcel.chat, group=self._group(parcel.chat))
        task = asyncio.create_task(self._deliver(parcel), name=f"send:{parcel.id}")
        self._running.add(task)

        def finished(done: asyncio.Task[None]) -> None:
            self._running.discard(done)
            self._busy.discard(parcel.chat)
            self._doubtful_in_flight -= not parcel.policy_again
            self.wake()
            if not done.cancelled() and done.exception() is not None:
                log.error("delivery failed", exc_info=done.exception())

        task.add_done_callback(finished)

    async def send_replies(self, replies: Sequence[tuple[int, NewMessage]]) -> None:
        """Send rows that this process wrote as claimed, in order, at once as far as the chat's pace allows."""
        for row_id, row in replies:
            parcel = Parcel.of(row_id, row)
            async with self._lock(parcel.chat):
                group = self._group(parcel.chat)
                # Asked again after each pause: meanwhile a "wait" may have come for this chat.
                while (wait := self.pacer.wait(parcel.chat, group=group, reply=True)) > 0:  # noqa: ASYNC110 - the pacer has no event
                    await asyncio.sleep(wait)
                self.pacer.take(parcel.chat, group=group)
                await self._call(parcel)

    def _lock(self, chat: str) -> asyncio.Lock:
        lock = self._chats.get(chat)
        if lock is None:
            lock = self._chats[chat] = asyncio.Lock()
        return lock

    async def _deliver(self, parcel: Parcel) -> None:
        async with self._slots, self._lock(parcel.chat):
            await self._call(parcel)

    async def _call(self, parcel: Parcel) -> None:
        now = self._clock.now()
        if parcel.expires_at is not None and parcel.expires_at <= now:
            await self._finish(parcel, OutboxState.EXPIRED)
            return
        try:
            async with self._database.reading() as session:
                shown, card = await draw(session, parcel, self._community, self._clock)
        except Exception:
            log.exception("cannot draw", extra={"kind": parcel.kind, "row": parcel.id})
            await self._finish(parcel, OutboxState.FAILED, failure="cannot be drawn")
            return
        if shown is None and parcel.op is not OutboxOp.DELETE:
            await self._finish(parcel, OutboxState.SKIPPED)
            return
        parcel.card = card
        try:
            message_id = await self._on_platform(parcel, shown)
        except SendError as error:
            metrics.failures.labels(parcel.platform, error.failure).inc()
            await self._failed(parcel, error)
        else:
            await self._sent(parcel, message_id)

    async def _on_platform(self, parcel: Parcel, shown: Screen | None) -> str:
        address = Address(parcel.platform, parcel.account, parcel.chat, parcel.thread)
        if parcel.op is OutboxOp.SEND and shown is not None:
            return await self.adapter.send(address, shown, token=token_of(parcel))
        target = MessageRef(address, parcel.target)
        if parcel.op is OutboxOp.EDIT and shown is not None:
            return await self.adapter.edit(target, shown)
        await self.adapter.delete(target)
        return parcel.target

    async def _sent(self, parcel: Parcel, message_id: str) -> None:
        late = (self._clock.now() - parcel.due_at).total_seconds()
        metrics.lateness.labels(parcel.platform, parcel.priority).observe(max(0.0, late))
        await self._finish(parcel, OutboxState.SENT, message_id=message_id)

    async def _finish(
        self,
        parcel: Parcel,
        state: OutboxState,
        *,
        message_id: str = "",
        failure: str = "",
        due_at: datetime | None = None,
        **changes: object,
    ) -> None:
        """Write down the result; the database is waited for, since the call cannot be taken back."""
        values: dict[str, object] = {"message_id": message_id, "failure": failure[:80], **changes}
        if due_at is not None:
            values["due_at"] = due_at
        for attempt in range(len(BACKOFF_SECONDS)):
            try:
                async with self._database.writing() as session:
                    mine = await outbox.finish(
                        session, parcel.id, claim=self._claim, state=state, now=self._clock.now(), **values
                    )
                    if mine and state is OutboxState.SENT and parcel.card:
                        await outbox.record_copy(session, _copy(parcel), message_id=message_id, now=self._clock.now())
                break
            except SQLAlchemyError as error:
                log.warning("cannot write a result yet", extra={"row": parcel.id, "error": type(error).__name__})
                await asyncio.sleep(BACKOFF_SECONDS[attempt])
        else:
            log.error("result not written; another process will settle it", extra={"row": parcel.id})
            return
        if not mine:
            log.warning("the claim was lost while sending", extra={"row": parcel.id, "kind": parcel.kind})
        metrics.sent.labels(parcel.platform, parcel.kind, state).inc()

    async def _failed(self, parcel: Parcel, error: SendError) -> None:
        match error.failure:
            case Failure.WAIT:
                metrics.waits.labels(parcel.platform, error.scope).inc()
                log.info("told to wait", extra={"seconds": error.retry_after, "scope": error.scope})
                self.pacer.block(parcel.chat, error.retry_after, scope=error.scope)
                await self._again(parcel, after=error.retry_after, counts=False)
            case Failure.TEMPORARY:
                await self._again(parcel, after=_backoff(parcel.attempts), failure=error.description)
            case Failure.IN_DOUBT:
                await self._in_doubt(parcel, error.description)
            case Failure.UNREACHABLE:
                await self._unreachable(parcel, error)
            case Failure.MOVED:
                async with self._database.writing() as session:
                    await people.move_chat(
                        session, parcel.platform, parcel.account, old=parcel.chat, new=error.new_chat
                    )
                await self._again(parcel, after=0.0)
            case Failure.GONE:
                await self._gone(parcel)
            case Failure.UNCHANGED:
                await self._finish(parcel, OutboxState.SENT, message_id=parcel.target)
            case Failure.REFUSED:
                log.error("refused", extra={"kind": parcel.kind, "row": parcel.id, "why": error.description})
                await self._finish(parcel, OutboxState.FAILED, failure=error.description)

    async def _again(self, parcel: Parcel, *, after: float, failure: str = "", counts: bool = True) -> None:
        if counts and parcel.attempts >= GIVE_UP_AFTER:
            await self._finish(parcel, OutboxState.FAILED, failure=failure or "given up")
            return
        due = self._clock.now() + timedelta(seconds=after)
        await self._finish(parcel, OutboxState.QUEUED, failure=failure, due_at=due)
        asyncio.get_running_loop().call_later(after, self.wake)

    async def _in_doubt(self, parcel: Parcel, description: str) -> None:
        if parcel.op is not OutboxOp.SEND:
            await self._again(parcel, after=_backoff(parcel.attempts))  # an edit made twice is made once
            return
        if self.adapter.resolves_doubt:
            address = Address(parcel.platform, parcel.account, parcel.chat, parcel.thread)
            try:
                found = await self.adapter.find_sent(address, token_of(parcel))
            except SendError:
                await self._again(parcel, after=_backoff(parcel.attempts), failure=DOUBT)
                return
            if found is not None:
                await self._sent(parcel, found)
            else:
                await self._again(parcel, after=_backoff(parcel.attempts))
        elif parcel.policy_again:
            await self._again(parcel, after=_backoff(parcel.attempts), failure=description)
        else:
            await self._finish(parcel, OutboxState.UNCERTAIN, failure=description)

    async def _unreachable(self, parcel: Parcel, error: SendError) -> None:
        async with self._database.writing() as session:
            if self._group(parcel.chat):
                if parcel.target:
                    await outbox.forget_copy(session, parcel.platform, parcel.account, parcel.chat, parcel.target)
            else:
                await people.set_reachable(session, parcel.platform, parcel.account, chat=parcel.chat, reachable=False)
            other = None
            if parcel.person_id is not None and parcel.kind not in {SCREEN, CARD}:
                other = (await addresses(session, [parcel.person_id])).get(parcel.person_id)
        if other is not None:
            await self._finish(
                parcel,
                OutboxState.QUEUED,
                platform=other.platform,
                account=other.account,
                chat=other.chat,
                due_at=self._clock.now(),
            )
        else:
            await self._finish(parcel, OutboxState.FAILED, failure=error.description)

    async def _gone(self, parcel: Parcel) -> None:
        if parcel.op is OutboxOp.DELETE:
            await self._finish(parcel, OutboxState.SENT, message_id=parcel.target)
        elif parcel.kind == CARD:
            async with self._database.writing() as session:
                await outbox.forget_copy(session, parcel.platform, parcel.account, parcel.chat, parcel.target)
            await self._finish(parcel, OutboxState.SKIPPED, failure="the copy is gone")
        else:
            # The message that was pressed is gone or too old to be redrawn: the answer comes as a new one.
            await self._finish(parcel, OutboxState.QUEUED, op=OutboxOp.SEND, target="", due_at=self._clock.now())
            self.wake()

    async def sweep(self, alive: Sequence[str]) -> int:
        """Settle what a dead process left between its claim and the result. Returns how many rows."""
        async with self._database.writing() as session:
            rows = await outbox.orphans(
                session, self.adapter.platform, self.adapter.account, alive=alive, claim=self._claim
            )
        for row in rows:
            log.warning("settling what a stopped process left", extra={"kind": row.kind, "row": row.id})
            await self._in_doubt(Parcel.of(row.id, row), "the process ended between the call and its result")
        return len(rows)


DOUBT = "in doubt, asked again later"


def token_of(parcel: Parcel) -> str:
    """The name of one delivery, the same at every attempt."""
    return f"delivery-{parcel.id}"


def _copy(parcel: Parcel) -> CardCopyKey:
    return CardCopyKey(
        parcel.card,
        parcel.platform,
        parcel.account,
        parcel.chat,
        parcel.thread,
        parcel.person_id,
        parcel.target if parcel.op is OutboxOp.EDIT else "",
    )


def _backoff(attempts: int) -> float:
    base = BACKOFF_SECONDS[min(max(attempts, 1), len(BACKOFF_SECONDS)) - 1]
    return base * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
