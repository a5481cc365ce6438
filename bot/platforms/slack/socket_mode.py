"""Socket Mode: one WebSocket connection to Slack, kept open and renewed.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import logging
from typing import Any

from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.platforms.base import Failure, SendError
from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.receiving import Inbound

PING_SECONDS = 5.0
CONNECT_SECONDS = 10.0
STEADY_SECONDS = 30.0
"""A connection that held this long was a good one: its loss is answered at once, not after a pause."""
LONGEST_PAUSE = 60.0
LOOK_SECONDS = 0.5
"""How soon a lost connection is noticed."""
RETIRING_SECONDS = 3.0
"""How long an old connection still brings what was on its way: as long as Slack waits for an acknowledgement."""

log = logging.getLogger(__name__)

socket_log = logging.getLogger(f"{__name__}.socket")
socket_log.setLevel(logging.CRITICAL)
"""The client logs its address with the ticket in it; what matters of it is logged here."""


class SocketListener:
    """Keeps one Socket Mode connection open.

    slack_sdk's client reads and writes; renewing the connection is done here, in one place: the client by itself tries
    a used-up address for ever, and without pauses, where ``apps.connections.open`` is limited most of all methods.
    A renewal that Slack asks for opens the new connection before the old one ends, so that nothing falls between.
    """

    def __init__(self, *, app_token: str, calls: SlackCalls, inbound: Inbound) -> None:
        self._app_token = app_token
        self._calls = calls
        self._inbound = inbound
        self._client: _Socket | None = None
        self._since = 0.0
        self._retiring: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether a connection is there now."""
        client = self._client
        if client is None or client.closed or client.stale:
            return False
        return client.current_session is not None and not client.current_session.closed

    async def run(self) -> None:
        """Receive until cancelled."""
        failures = 0
        loop = asyncio.get_running_loop()
        try:
            while True:
                client = self._client
                lost = client is None or not await client.is_connected()
                if client is not None and not lost and not client.renew.is_set():
                    await client.wait_for_renewal(LOOK_SECONDS)
                    continue
                if failures == 0 and lost and self._since and loop.time() - self._since < STEADY_SECONDS:
                    failures = 1
                if failures:
                    await asyncio.sleep(min(LONGEST_PAUSE, 0.5 * 2**failures))
                failures = 0 if await self._renew() else failures + 1
        finally:
            for task in self._retiring:
                task.cancel()
            await asyncio.gather(*self._retiring, return_exceptions=True)
            if self._client is not None:
                await _closed(self._client)
            await asyncio.sleep(0)  # lets the client's tasks, cancelled just now, end

    async def _renew(self) -> bool:
        """Open a connection and let go of the one before."""
        fresh = _Socket(
            app_token=self._app_token,
            logger=socket_log,
            web_client=self._calls.client,
            auto_reconnect_enabled=False,
            ping_interval=PING_SECONDS,
        )
        fresh.socket_mode_request_listeners.append(self._inbound.envelope)
        opened = False
        try:
            opened = await self._connect(fresh)
        finally:
            if not opened:
                await _closed(fresh)
        if opened:
            before, self._client = self._client, fresh
            self._since = asyncio.get_running_loop().time()
            if before is not None:
                task = asyncio.create_task(_retired(before), name="slack old connection")
                self._retiring.add(task)
                task.add_done_callback(self._retiring.discard)
            log.info("Socket Mode: connected")
        return opened

    async def _connect(self, client: "_Socket") -> bool:
        try:
            request = client.web_client.apps_connections_open(app_token=self._app_token)
            answer = await self._calls.run("apps.connections.open", request)
            client.wss_uri = str(answer["url"])
            async with asyncio.timeout(CONNECT_SECONDS):
                await client.connect()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
        except SendError as error:
            log.warning("Socket Mode: %s", error.description)
            if error.failure is Failure.WAIT:
                await asyncio.sleep(error.retry_after)
            return False
        except TimeoutError:
            log.warning("Socket Mode: no connection within %s s", CONNECT_SECONDS)
            return False
        return True


class _Socket(SocketModeClient):
    """slack_sdk's client, which only says when it wants a new connection."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.renew = asyncio.Event()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - inherited
        """Called when Slack asks for a renewal (a ``disconnect`` message)."""
        self.renew.set()

    async def wait_for_renewal(self, seconds: float) -> None:
        """Wait until a renewal is wanted, at most this long."""
        try:
            async with asyncio.timeout(seconds):
                await self.renew.wait()
        except TimeoutError:
            return


async def _retired(client: _Socket) -> None:
    """Close a connection once what it brought is acknowledged."""
    try:
        if await client.is_connected():
            await asyncio.sleep(RETIRING_SECONDS)
    finally:
        await _closed(client)


async def _closed(client: _Socket) -> None:
    await client.close()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
