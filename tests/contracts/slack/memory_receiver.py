"""A receiver without a database: stores in memory, once each, and answers as a test tells it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.platforms.base import Accepted, Raw
from bot.platforms.slack import adapter as slack_adapter
from handlers.conversation.event import Event, Outcome
from storage.enums import Platform

Handler = Callable[[Event], Awaitable[Outcome]]


async def nothing(event: Event) -> Outcome:
    return Outcome()


class MemoryReceiver:
    """Keeps what was stored, and the events in the order in which they were handled."""

    def __init__(self, adapter: slack_adapter.SlackAdapter) -> None:
        self.adapter = adapter
        self.stored: dict[str, Raw] = {}
        self.events: list[Event] = []
        self.handler: Handler = nothing
        self.store_errors = 0
        self.store_seconds = 0.0
        self.store_calls = 0
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Future[None]] = set()

    async def store(self, platform: Platform, account: str, raws: Sequence[Raw]) -> list[Accepted]:
        self.store_calls += 1
        await asyncio.sleep(self.store_seconds)
        if self.store_errors:
            self.store_errors -= 1
            raise ConnectionError("the store does not answer")
        new = []
        for raw in raws:
            if raw.id not in self.stored:
                self.stored[raw.id] = raw
                new.append(Accepted(len(self.stored), raw, platform, account))
        return new

    async def handle(self, accepted: Accepted) -> Outcome:
        async with self._locks.setdefault(accepted.raw.person, asyncio.Lock()):
            event = self.adapter.parse(accepted.raw.payload)
            assert event is not None
            self.events.append(event)
            return await self.handler(event)

    def spawn(self, work: Awaitable[None], *, name: str) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks)
            await asyncio.sleep(0)  # finished tasks are not waited for, and their callbacks need a turn

    def answers(self, outcome: Outcome, *, after: float = 0.0) -> None:
        """From now on every event has this outcome, so many seconds later."""

        async def handler(event: Event) -> Outcome:
            await asyncio.sleep(after)
            return outcome

        self.handler = handler
