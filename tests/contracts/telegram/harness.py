"""The adapter against the stand-in, with a receiver that keeps its inbox in memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from bot.platforms.base import Accepted, MenuEntry, Raw, SendError
from bot.platforms.telegram import TelegramAdapter
from handlers.conversation.event import Event, Outcome
from handlers.conversation.screen import FileReference
from storage.enums import Locale, Platform
from tests.standins.telegram import TelegramServer

MENU = (
    MenuEntry(
        {Locale.ENGLISH: "events", Locale.ITALIAN: "eventi"},
        {Locale.ENGLISH: "What is coming up", Locale.ITALIAN: "I prossimi appuntamenti"},
        staff=False,
    ),
    MenuEntry(
        {Locale.ENGLISH: "share", Locale.ITALIAN: "condividi"},
        {Locale.ENGLISH: "Share know-how", Locale.ITALIAN: "Condividi know-how"},
        staff=False,
        groups=True,
    ),
    MenuEntry(
        {Locale.ENGLISH: "announce", Locale.ITALIAN: "annuncia"},
        {Locale.ENGLISH: "Write to everybody", Locale.ITALIAN: "Scrivi a tutti"},
        staff=True,
    ),
)


@dataclass
class MemoryReceiver:
    """An inbox in memory: unique by platform, account and id, and a row is closed only by a handler that returned.

    ``answer`` is what handling does; ``store_fails`` and ``steps`` let a test see what happens in which order.
    """

    parse: Callable[[dict[str, Any]], Event | None]
    answer: Callable[[Event | None], Awaitable[Outcome]] | None = None
    store_fails: int = 0
    rows: dict[tuple[str, str, str], Accepted] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    on_store: Callable[[], None] = lambda: None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    handled: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def store(self, platform: Platform, account: str, raws: Sequence[Raw]) -> list[Accepted]:
        if self.store_fails:
            self.store_fails -= 1
            raise OSError("the disk is full")
        self.on_store()
        self.batches.append(len(raws))
        new = []
        for raw in raws:
            key = (platform, account, raw.id)
            if key not in self.rows:
                self.rows[key] = Accepted(len(self.rows) + 1, raw, platform, account)
                new.append(self.rows[key])
        return new

    async def handle(self, accepted: Accepted) -> Outcome:
        event = self.parse(accepted.raw.payload)
        outcome = await self.answer(event) if self.answer else Outcome()
        self.closed.add(accepted.inbox_id)
        if event is not None:
            async with self.handled:
                self.events.append(event)
                self.handled.notify_all()
        return outcome

    def spawn(self, work: Awaitable[None], *, name: str) -> None:
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)
        task.set_name(name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    @property
    def open_rows(self) -> list[Accepted]:
        return [row for row in self.rows.values() if row.inbox_id not in self.closed]

    async def settle(self) -> None:
        while self.tasks:
            await asyncio.wait(self.tasks)

    async def event(self, number: int = 1) -> Event:
        """The event of that number, counted from 1, as soon as it has been handled."""
        async with asyncio.timeout(5), self.handled:
            await self.handled.wait_for(lambda: len(self.events) >= number)
        return self.events[number - 1]


class Wall:
    """The files of another platform."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.failure: SendError | None = None

    async def __call__(self, reference: FileReference) -> bytes:
        if self.failure is not None:
            raise self.failure
        return self.files[reference.reference]


@dataclass
class House:
    """Everything that a contract test looks at."""

    server: TelegramServer
    adapter: TelegramAdapter
    receiver: MemoryReceiver
    wall: Wall


def make_adapter(
    server: TelegramServer,
    wall: Wall | None = None,
    *,
    mode: Literal["polling", "webhook"] = "polling",
    webhook_url: str = "",
    webhook_secret: str = "",
    token: str = "",
    paid_broadcast: bool = False,
) -> TelegramAdapter:
    adapter = TelegramAdapter(
        token=token or server.token,
        mode=mode,
        api_base_url=server.base_url,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        paid_broadcast=paid_broadcast,
        fetch=wall or Wall(),
        now=lambda: datetime.now(UTC),
    )
    # Without limits on the stand-in there is nothing to wait for between two messages of one screen.
    adapter.pace = replace(adapter.pace, chat_seconds=0)
    return adapter


@asynccontextmanager
async def running(server: TelegramServer, *, listen: bool = True, paid_broadcast: bool = False) -> AsyncIterator[House]:
    """An adapter that polls the stand-in; whatever Telegram refused and no test announced fails the test."""
    wall = Wall()
    adapter = make_adapter(server, wall, paid_broadcast=paid_broadcast)
    receiver = MemoryReceiver(adapter.parse)
    await adapter.open(MENU)
    polling = asyncio.ensure_future(adapter.listen(receiver)) if listen else None
    try:
        yield House(server, adapter, receiver, wall)
        await receiver.settle()
    finally:
        if polling is not None:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling
        await adapter.close()
    assert server.violations == []


async def failure_of(call: Awaitable[object]) -> SendError:
    """The SendError that a call raises."""
    try:
        await call
    except SendError as error:
        return error
    raise AssertionError("it went through")
