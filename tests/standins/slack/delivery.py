"""How an event, a command or an interaction reaches the bot, over HTTP or Socket Mode, and how it is acknowledged."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import aiohttp

from .refusals import Json

if TYPE_CHECKING:
    from .server import SlackServer

Kind = Literal["events_api", "interactive", "slash_commands"]
Signature = Literal["right", "wrong", "stale", "missing"]

RETRY_WAITS = (0.0, 60.0, 300.0)
"""Seconds before each retry of an event. Source: Events API, error handling and retries."""
SIGNATURE_SECONDS = 300


@dataclass(slots=True)
class Attempt:
    """One try at delivering.

    Attributes:
        status: the HTTP status, None in Socket Mode or without an answer.
        seconds: from sending to the acknowledgement or to giving up.
        reason: why it failed, in the words of ``x-slack-retry-reason``; empty when acknowledged.
    """

    number: int
    at: float
    status: int | None = None
    seconds: float = 0.0
    reason: str = ""
    no_retry: bool = False


@dataclass(slots=True)
class Delivery:
    """Something that the stand-in sent to the bot, and its acknowledgement.

    Attributes:
        ack: the payload of the acknowledgement, ``{"text": …}`` for plain text, None for an empty one.
    """

    kind: Kind
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    ack: Json | None = None

    @property
    def seconds(self) -> float:
        """How long the last attempt took."""
        return self.attempts[-1].seconds

    @property
    def status(self) -> int | None:
        """The HTTP status of the last attempt."""
        return self.attempts[-1].status

    @property
    def trigger_id(self) -> str:
        """The trigger it carries, or an empty string."""
        return str(self.payload.get("trigger_id", ""))

    @property
    def response_url(self) -> str:
        """The response URL it carries, or an empty string."""
        return str(self.payload.get("response_url", ""))

    @property
    def name(self) -> str:
        """What was sent, for messages to people."""
        inner = self.payload.get("event", self.payload)
        return str(inner.get("command") or inner.get("type"))


class Courier:
    """Delivers, retries events and keeps count of what was never acknowledged."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._session: aiohttp.ClientSession | None = None
        self._retries: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Give up all retries and close the HTTP session."""
        for task in list(self._retries):
            task.cancel()
        await asyncio.gather(*self._retries, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def deliver(self, delivery: Delivery, *, number: int = 0, reason: str = "") -> Delivery:
        """Try once; an event that fails is tried again later, on its own. ``number`` counts earlier tries."""
        server = self._server
        server.deliveries.append(delivery)
        attempt = await self._try(delivery, number, reason)
        if not delivery.acked and delivery.kind == "events_api" and number == 0 and not attempt.no_retry:
            task = asyncio.create_task(self._retry(delivery))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
        server.changed()
        return delivery

    async def _retry(self, delivery: Delivery) -> None:
        for number, wait in enumerate(RETRY_WAITS, start=1):
            await asyncio.sleep(wait * self._server.time_scale)
            attempt = await self._try(delivery, number, delivery.attempts[-1].reason)
            self._server.changed()
            if delivery.acked or attempt.no_retry:
                return

    async def _try(self, delivery: Delivery, number: int, reason: str) -> Attempt:
        server = self._server
        attempt = Attempt(number, time.monotonic())
        delivery.attempts.append(attempt)
        if server.request_url:
            await self._post(delivery, attempt, reason)
        else:
            await server.sockets.send(delivery, attempt, reason)
        attempt.seconds = time.monotonic() - attempt.at
        if attempt.reason:
            server.refuse(
                "unacked", f"{delivery.name}: not acknowledged ({attempt.reason}) after {attempt.seconds:.2f} s"
            )
        else:
            delivery.acked = True
        return attempt

    def signed(self, body: bytes, signature: Signature) -> dict[str, str]:
        """The headers with which Slack proves that it is the sender. Source: verifying requests from Slack."""
        age = SIGNATURE_SECONDS + 1 if signature == "stale" else 0
        timestamp = str(int(time.time()) - age)
        secret = self._server.signing_secret + ("x" if signature == "wrong" else "")
        digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": timestamp, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        return headers if signature == "missing" else {**headers, "X-Slack-Signature": f"v0={digest}"}

    def encoded(self, delivery: Delivery) -> tuple[bytes, str]:
        """The body and content type: JSON for events, a form for commands, a form around JSON for interactions."""
        if delivery.kind == "events_api":
            return json.dumps(delivery.payload).encode(), "application/json"
        form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
        return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        """POST to the bot's request URL; returns status, body and headers (names in lower case).

        Raises:
            TimeoutError: no answer within the time that Slack waits.
            aiohttp.ClientError: no connection, or it was cut.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        timeout = aiohttp.ClientTimeout(total=self._server.ack_seconds)
        async with self._session.post(
            self._server.request_url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            answer = await response.read()
            return response.status, answer, {name.lower(): value for name, value in response.headers.items()}

    async def _post(self, delivery: Delivery, attempt: Attempt, reason: str) -> None:
        body, content_type = self.encoded(delivery)
        headers = {**self.signed(body, "right"), "Content-Type": content_type}
        if attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": reason or "http_error"}
        try:
            attempt.status, answer, received = await self.post(body, headers)
        except TimeoutError:
            attempt.reason = "http_timeout"
            return
        except aiohttp.ClientError:
            attempt.reason = "connection_failed"
            return
        attempt.no_retry = received.get("x-slack-no-retry") == "1"
        if not 200 <= attempt.status < 300:
            attempt.reason = "http_error"
            return
        if answer and delivery.kind != "events_api":
            delivery.ack = _ack_payload(answer, received.get("content-type", ""))

    async def forge(self, delivery: Delivery, signature: Signature) -> int:
        """Send with a bad signature; returns the HTTP status, and records a violation when the bot accepts it."""
        body, content_type = self.encoded(delivery)
        status, _, _ = await self.post(body, {**self.signed(body, signature), "Content-Type": content_type})
        if 200 <= status < 300 and signature != "right":
            self._server.refuse("forged", f"{delivery.name}: accepted with a {signature} signature")
        return status


def _ack_payload(answer: bytes, content_type: str) -> Json | None:
    if content_type.startswith("application/json"):
        decoded = json.loads(answer)
        return decoded if isinstance(decoded, dict) else None
    return {"text": answer.decode()}
