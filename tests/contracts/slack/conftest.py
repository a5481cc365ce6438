"""A workspace on loopback and the adapter connected to it, in both modes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.platforms.slack.adapter import REQUEST_PATH, SlackAdapter
from bot.platforms.slack.manifest import manifest
from handlers.conversation.event import Address
from handlers.conversation.screen import FileReference
from storage.enums import Locale, Platform
from tests.contracts.slack.memory_receiver import MemoryReceiver
from tests.standins.slack import SlackServer

Mode = Literal["socket", "http"]


@dataclass
class Wired:
    """The workspace, the adapter in it, and the receiver behind it."""

    server: SlackServer
    adapter: SlackAdapter
    receiver: MemoryReceiver

    def at(self, chat: str, thread: str = "") -> Address:
        return Address(Platform.SLACK, self.adapter.account, chat, thread)

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self.receiver.drain()
        await self.server.quiet()


async def no_files(reference: FileReference) -> bytes:
    return b"from another platform: " + reference.reference.encode()


def new_adapter(server: SlackServer, mode: Mode, **changes: Any) -> SlackAdapter:
    options: dict[str, Any] = {
        "bot_token": server.bot_token,
        "app_token": server.app_token,
        "signing_secret": server.signing_secret,
        "mode": mode,
        "api_base_url": server.api_base_url,
        "fetch": no_files,
        "now": lambda: datetime.now(UTC),
    }
    return SlackAdapter(**{**options, **changes})


@asynccontextmanager
async def served(adapter: SlackAdapter) -> AsyncIterator[str]:
    """The adapter's routes on a free port; yields the request URL."""
    app = Starlette(routes=adapter.routes())
    config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", ws="none", log_config=None)
    http = uvicorn.Server(config)
    task = asyncio.create_task(http._serve())
    while not http.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    port = http.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}{REQUEST_PATH}"
    finally:
        http.should_exit = True
        await task


@asynccontextmanager
async def listening(server: SlackServer, mode: Mode) -> AsyncIterator[Wired]:
    adapter = new_adapter(server, mode)
    await adapter.open([])
    receiver = MemoryReceiver(adapter)
    task = asyncio.create_task(adapter.listen(receiver))
    try:
        if mode == "http":
            async with served(adapter) as url:
                await task
                server.request_url = url
                yield Wired(server, adapter, receiver)
        else:
            await server.wait_for(lambda: adapter.healthy)
            yield Wired(server, adapter, receiver)
    finally:
        await receiver.drain()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await adapter.close()


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        server.install(
            manifest(name="Cluster", slash_command="/cluster", mode="socket", public_url="", locale=Locale.ITALIAN)
        )
        yield server
        assert server.violations == []
        assert server.mentions == []
        assert server.warnings == []


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest, server: SlackServer) -> AsyncIterator[Wired]:
    """In both modes."""
    async with listening(server, request.param) as wired:
        yield wired


@pytest.fixture
async def sender(server: SlackServer) -> AsyncIterator[Wired]:
    """Connected, in the mode that needs less, for what only sends."""
    async with listening(server, "socket") as wired:
        yield wired
