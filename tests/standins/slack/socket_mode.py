"""Socket Mode: WebSocket connections, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import WSMsgType, web

from .delivery import Attempt, Delivery
from .refusals import Json
from .state import APP_ID

if TYPE_CHECKING:
    from .server import SlackServer

DisconnectReason = Literal["warning", "refresh_requested", "link_disabled"]
Socket = web.WebSocketResponse


class Sockets:
    """The bot's open connections; each envelope goes to one of them, in turn."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self.connections: list[Socket] = []
        self._tickets: set[str] = set()
        self._pending: dict[str, tuple[asyncio.Future[Json | None], Socket]] = {}
        self._given_up: set[str] = set()
        self._transports: dict[int, asyncio.Transport] = {}
        self._turn = 0

    def new_address(self) -> str:
        """An address that opens one connection, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"{self._server.base_url.replace('http://', 'ws://', 1)}/link/?ticket={ticket}&app_id={APP_ID}"

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            self._server.refuse("invalid_ticket", "Socket Mode: a connection with an unknown or used ticket")
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections.append(socket)
        if request.transport is not None:
            self._transports[id(socket)] = request.transport
        hello: Json = {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": APP_ID},
            "debug_info": {
                "host": "applink-standin",
                "started": "",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
        }
        await socket.send_json(hello)
        self._server.changed()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._received(message.data)
        finally:
            self.connections.remove(socket)
            self._transports.pop(id(socket), None)
            for future, owner in list(self._pending.values()):
                if owner is socket and not future.done():
                    future.set_exception(ConnectionResetError())
            self._server.changed()
        return socket

    def _received(self, data: str) -> None:
        try:
            message: Any = json.loads(data)
        except ValueError:
            self._server.refuse("bad_ack", "Socket Mode: a message that is not JSON")
            return
        identifier = message.get("envelope_id") if isinstance(message, dict) else None
        pending = self._pending.pop(identifier, None) if isinstance(identifier, str) else None
        if pending is None:
            if identifier not in self._given_up:
                self._server.refuse("bad_ack", f"Socket Mode: an acknowledgement of unknown envelope {identifier!r}")
            return
        payload = message.get("payload")
        if not pending[0].done():
            pending[0].set_result(payload if isinstance(payload, dict) else None)

    async def _pick(self) -> Socket | None:
        deadline = asyncio.get_running_loop().time() + self._server.ack_seconds
        while not (usable := [each for each in self.connections if not each.closed]):
            if asyncio.get_running_loop().time() >= deadline:
                return None
            await asyncio.sleep(0.01)
        self._turn += 1
        return usable[self._turn % len(usable)]

    async def send(self, delivery: Delivery, attempt: Attempt, reason: str) -> None:
        """Send one envelope and wait for its acknowledgement; what went wrong is left in ``attempt.reason``."""
        socket = await self._pick()
        if socket is None:
            attempt.reason = "no_connection"
            return
        identifier = str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
        envelope: Json = {
            "envelope_id": identifier,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": attempt.number, "retry_reason": reason}
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._pending[identifier] = (future, socket)
        try:
            await socket.send_json(envelope)
            async with asyncio.timeout(self._server.ack_seconds):
                delivery.ack = await future
        except TimeoutError:
            attempt.reason = "http_timeout"
        except (ConnectionResetError, RuntimeError):
            attempt.reason = "connection_closed"
        finally:
            if self._pending.pop(identifier, None) is not None:
                self._given_up.add(identifier)

    async def disconnect(self, reason: DisconnectReason = "refresh_requested", *, close: bool = True) -> None:
        """Tell every connection to renew itself and, unless it is a mere warning, close the old ones."""
        for socket in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-standin"}})
        if close and reason != "warning":
            await asyncio.sleep(0.05)
            await self.close()

    async def close(self) -> None:
        """Close every connection that is open now."""
        await asyncio.gather(*(socket.close() for socket in list(self.connections)), return_exceptions=True)

    def cut(self) -> None:
        """Lose every connection without a word, as a broken network does."""
        for transport in list(self._transports.values()):
            transport.abort()
