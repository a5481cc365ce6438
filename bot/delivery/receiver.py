"""From the platforms to the router: stored first, acknowledged by the platform, then handled, each event once."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Protocol
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.delivery.flood import FloodGuard, Verdict
from bot.delivery.sender import Sender
from bot.platforms.base import Accepted, Raw
from handlers.conversation.clock import Clock
from handlers.conversation.event import Event, FormSupport, Outcome, Toast
from handlers.conversation.texts import texts_for
from handlers.router import Router
from storage.engine import Database
from storage.enums import Platform
from storage.queries import inbox

log = logging.getLogger(__name__)


class Answer(Protocol):
    """What a stored event comes to; a method of the router."""

    async def __call__(self, event: Event, *, inbox_id: int | None) -> Outcome:
        """Answer the event and close its row."""


QUICK_TRIES = 3
"""An event that was begun so often and never closed may be what ends the processes: it waits until this one has been
running for :data:`STEADY_SECONDS`. A machine that is switched off and on costs nobody an answer, and what does end
every process cannot end it before the others' turn."""
STEADY_SECONDS = 10.0
MOST_TRIES = 5
"""An event that was begun so often and never closed is given up, and whose it is is told to try again."""
AT_ONCE = 200
"""Events taken over at once from a process that is gone."""
TAKEN_UP_WITHIN = 60.0
"""Seconds in which a platform hands over what it stored; after that :meth:`InboxReceiver.recover` finds it."""


class InboxReceiver:
    """Implements :class:`bot.platforms.base.Receiver`.

    Args:
        database: the store.
        router: carries out events.
        clock: when they came.
        claim: this process's name.
        senders: by platform and account; also the way to the adapter that reads the payload.
        flood: says whose events are too many.
        on_mail: called when an e-mail was queued.
        monotonic: seconds, for how long this process has been running.
    """

    def __init__(
        self,
        database: Database,
        router: Router,
        clock: Clock,
        *,
        claim: str,
        senders: Mapping[tuple[Platform, str], Sender],
        flood: FloodGuard,
        on_mail: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._router = router
        self._clock = clock
        self._claim = claim
        self._senders = senders
        self._flood = flood
        self._on_mail = on_mail
        self._monotonic = monotonic
        self._began = monotonic()
        self._instead: dict[int, Answer] = {}  # by row, what answers an event that is not carried out
        self._turns: WeakValueDictionary[tuple[Platform, str, str], asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Future[Any]] = set()
        self._in_hand: dict[int, float] = {}  # until when (monotonic) an event counts as being handled here

    async def store(self, platform: Platform, account: str, raws: Sequence[Raw]) -> list[Accepted]:
        """Write events down in one commit and return those not seen before.

        What an account sends beyond its pace is not written down: whoever floods takes no turn at the store.

        A stop in the middle lets the commit end: a cancelled one would leave the store locked.
        """
        storing = asyncio.ensure_future(self._store(platform, account, raws))
        self._tasks.add(storing)
        storing.add_done_callback(self._tasks.discard)
        return await asyncio.shield(storing)

    async def _store(self, platform: Platform, account: str, raws: Sequence[Raw]) -> list[Accepted]:
        # What is handled is what is stored, so that a handler never meets text that the store refuses.
        raws = [
            Raw(inbox.storable_id(raw.id), inbox.storable(raw.payload), inbox.storable_id(raw.person), raw.at)
            for raw in raws
        ]
        raws, warned = self._within_pace(platform, account, raws)
        if not raws:
            return []
        try:
            async with self._database.writing() as session:
                new = await inbox.store(
                    session,
                    platform,
                    account,
                    [(raw.id, raw.person, raw.payload) for raw in raws],
                    now=self._clock.now(),
                    taken_by=self._claim,
                )
        except BaseException:
            # The platform brings them again: what was never written down must not count twice.
            for raw in raws:
                self._flood.give_back((platform, account, raw.person), raw.id)
            raise
        metrics.received.labels(platform).inc(len(new))
        metrics.duplicates.labels(platform).inc(len(raws) - len(new))
        accepted = [Accepted(new.pop(raw.id), raw, platform, account) for raw in raws if raw.id in new]
        self._instead.update((one.inbox_id, self._router.slow_down) for one in accepted if one.raw.id in warned)
        until = self._monotonic() + TAKEN_UP_WITHIN
        self._in_hand.update((one.inbox_id, until) for one in accepted)
        return accepted

    def _within_pace(self, platform: Platform, account: str, raws: Sequence[Raw]) -> tuple[list[Raw], AbstractSet[str]]:
        """The events that are not too many, and the ids of those that are answered with a word about it."""
        kept, warned = [], set()
        for raw in raws:
            # What no person did, such as a change of a channel, has no pace.
            whose = (platform, account, raw.person)
            verdict = self._flood.judge(whose, raw.id, raw.at) if raw.person else Verdict.PASS
            if verdict is Verdict.DROP:
                metrics.dropped.labels(platform).inc()
                continue
            kept.append(raw)
            if verdict is Verdict.WARN:
                warned.add(raw.id)
        return kept, warned

    async def handle(self, accepted: Accepted) -> Outcome:
        """Carry out a stored event, after earlier ones of the same person."""
        return await self._in_turn(accepted, late=False)

    async def _in_turn(self, accepted: Accepted, *, late: bool) -> Outcome:
        self._in_hand[accepted.inbox_id] = float("inf")
        key = (accepted.platform, accepted.account, accepted.raw.person)
        turn = self._turns.get(key)
        if turn is None:
            turn = self._turns[key] = asyncio.Lock()
        try:
            async with turn:
                return await self._carry_out(accepted, late=late)
        finally:
            self._in_hand.pop(accepted.inbox_id, None)

    async def _carry_out(self, accepted: Accepted, *, late: bool) -> Outcome:
        answer = self._instead.pop(accepted.inbox_id, self._router.handle)
        sender = self._senders[accepted.platform, accepted.account]
        started = time.perf_counter()
        event = sender.adapter.parse(accepted.raw.payload)
        try:
            if event is None:
                async with self._database.writing() as session:
                    await inbox.close(session, accepted.inbox_id, self._clock.now())
                return Outcome()
            outcome = await answer(as_late(event) if late else event, inbox_id=accepted.inbox_id)
        except SQLAlchemyError as error:
            # The row stays open and is taken up again by `recover`.
            log.warning("the store does not answer; the event waits", extra={"error": type(error).__name__})
            t = texts_for(event.locale if event else "")
            return Outcome(toast=Toast(t("One moment: I'm a little slow right now, your answer will come.")))
        metrics.handled.labels(accepted.platform).observe(time.perf_counter() - started)
        if outcome.replies:
            self.spawn(sender.send_replies(outcome.replies), name="replies")
        if outcome.queued:
            for each in self._senders.values():
                each.wake()
        if outcome.mails:
            self._on_mail()
        return outcome

    def spawn(self, work: Awaitable[None], *, name: str) -> None:
        """Run work in the background; an orderly stop waits for it."""
        task = asyncio.ensure_future(_awaited(work, name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def recover(self, alive: Sequence[str]) -> bool:
        """Handle what was stored and never handled: of processes that are gone, or after the store came back.

        Returns whether there may be more than was looked at.
        """
        now = self._monotonic()
        self._in_hand = {row: until for row, until in self._in_hand.items() if until > now}
        async with self._database.writing() as session:
            rows = await inbox.take_open(
                session,
                self._claim,
                accounts=list(self._senders),
                alive=[one for one in alive if one != self._claim],
                but=list(self._in_hand),
                tries_below=None if now - self._began >= STEADY_SECONDS else QUICK_TRIES,
                most=AT_ONCE,
            )
        waiting = [
            Accepted(row.id, Raw(row.event_id, dict(row.payload), row.person), row.platform, row.account)
            for row in rows
        ]
        # One after the other: each is counted as tried only when its turn comes, so that what waits behind an event
        # that ends the process is not given up with it.
        for accepted in waiting:
            await self._handle_again(accepted)
        return len(waiting) == AT_ONCE

    async def _handle_again(self, accepted: Accepted) -> None:
        async with self._database.writing() as session:
            tries = await inbox.begin_again(session, accepted.inbox_id, self._claim)
            if tries is None:
                return
            if tries > MOST_TRIES:
                # Not even the apology came to its end.
                await inbox.close(session, accepted.inbox_id, self._clock.now())
                return
        if tries == MOST_TRIES:
            log.error("an event that was never finished is given up", extra={"row": accepted.inbox_id})
            self._instead[accepted.inbox_id] = self._router.apologise
        await self._in_turn(accepted, late=True)

    async def drain(self) -> None:
        """Wait until nothing that was spawned is running."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def cancel(self) -> None:
        """End what was spawned; it is settled by whoever finds it in the store."""
        for task in self._tasks:
            task.cancel()
        await self.drain()

    @property
    def idle(self) -> bool:
        """Whether nothing is being handled or sent as a reply."""
        return not self._tasks and not self._in_hand


def as_late(event: Event) -> Event:
    """The event as it is answered when nobody waits for the call any more: no window can be opened for it."""
    forms = FormSupport.BUTTON if event.forms is FormSupport.NOW else event.forms
    return replace(event, late=True, forms=forms)


async def _awaited(work: Awaitable[None], name: str) -> None:
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("background work failed", extra={"work": name})
