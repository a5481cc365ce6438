"""Events, presses, commands and submitted windows, from Slack to the receiver: stored first, acknowledged then.

Both ways in, HTTP and Socket Mode, lead through Bolt's middleware (signature, replay window, URL check, our own
messages left out) to one last middleware that stores and answers. Bolt's listeners are not used: they are run after
the acknowledgement, and what the process had not stored by then would be lost with it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltError
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_internals import build_async_context
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.platforms.base import Raw, Receiver
from bot.platforms.slack.calls import Languages, SlackCalls, sdk_log
from bot.platforms.slack.parsing import COMMANDS, EVENTS, Identity, kind_of, parse, person_of, stored
from bot.platforms.slack.rendering import OPENS_FORM
from bot.platforms.slack.view_state import form_of
from bot.platforms.slack.windows import Origin, Windows
from handlers.conversation.event import Event, EventKind
from storage.enums import Platform

MAX_BODY = 2 * 1024 * 1024
"""Bytes of a request. The largest that Slack sends is a submitted window (250 kB), percent-encoded."""

UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError, BoltError)
"""What Bolt raises over a request of a shape that it does not know; faults in handling it answers by itself."""

log = logging.getLogger(__name__)


class Inbound:
    """The way in."""

    def __init__(
        self,
        *,
        identity: Identity,
        bot_id: str,
        calls: SlackCalls,
        languages: Languages,
        windows: Windows,
        signing_secret: str,
    ) -> None:
        self._us = identity
        self._bot_id = bot_id
        self._calls = calls
        self._languages = languages
        self._windows = windows
        self.receiver: Receiver | None = None
        self.app = self._bolt(signing_secret)

    async def endpoint(self, request: Request) -> Response:
        """The request URL of events, interactivity and commands alike."""
        raw = await _limited_body(request)
        if raw is None:
            return PlainTextResponse("too large", status_code=413)
        try:
            bolt_request = to_async_bolt_request(request, raw)
            _mend_form(bolt_request)
        except UNREADABLE:
            return PlainTextResponse("not a request of Slack's", status_code=400)
        return to_starlette_response(await self.app.async_dispatch(bolt_request))

    async def envelope(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """One envelope of Socket Mode; it is left unacknowledged when it could not be stored."""
        try:
            try:
                response = await run_async_bolt_app(self.app, request)
            except UNREADABLE as error:
                # Raised before anything was handled. Sent again it would be no better.
                log.warning("an envelope that is none of Slack's: %s", type(error).__name__)
                response = _empty()
            await send_async_response(client, request, response, time.time())
        except Exception as error:  # noqa: BLE001 - whatever it was, the connection must go on
            # Slack sends what was not acknowledged again, so that this is no loss.
            log.warning("an envelope was not acknowledged: %s", type(error).__name__)

    async def receive(self, request: AsyncBoltRequest) -> BoltResponse:
        """Store what came, then say how Slack is answered."""
        came = asyncio.get_running_loop().time()
        body = request.body
        event = parse(stored(body, ""), self._us) if kind_of(body) else None
        if event is None:
            return _empty()
        receiver = self.receiver
        if receiver is None:
            raise RuntimeError("not listening yet")
        self._note_direct(body, event)
        payload = stored(body, await self._languages.of(event.user))
        sent_at = body.get("event_time")  # events alone say it, and only these come again
        raw = Raw(payload["id"], payload, person_of(body), sent_at if isinstance(sent_at, int) else None)
        accepted = await receiver.store(Platform.SLACK, self._us.team, [raw])
        if not accepted:
            return _empty()
        origin = self._origin(body, event, str(payload["locale"]), came)
        if event.kind is EventKind.SUBMIT:
            return BoltResponse(status=200, body=await self._windows.submission(receiver, accepted[0], origin))
        receiver.spawn(self._windows.interaction(receiver, accepted[0], origin), name=f"slack {event.kind}")
        return _empty()

    def _origin(self, body: dict[str, Any], event: Event, locale: str, came: float) -> Origin:
        view = body.get("view") if isinstance(body.get("view"), dict) else {}
        channel = event.address.chat if not event.private else ""
        response_url = ""
        if event.kind is EventKind.SUBMIT:
            _, _, channel = form_of(view or {})
        elif kind_of(body) == COMMANDS:
            channel = str(body.get("channel_id") or "")
            if channel == self._calls.known_direct(event.user):
                channel = ""
            elif channel:
                response_url = str(body.get("response_url") or "")
        elif body.get("type") == "message_action":
            channel = str((body.get("channel") or {}).get("id") or "")
        return Origin(
            user=event.user,
            locale=locale,
            came=came,
            trigger=str(body.get("trigger_id") or "") if kind_of(body) != EVENTS else "",
            channel="" if channel.startswith("D") and not response_url else channel,
            thread=event.address.thread,
            opens_form=_opens_form(body),
            response_url=response_url,
            view=view or {},
        )

    def _note_direct(self, body: dict[str, Any], event: Event) -> None:
        """Learn the id of the private chat from what was said or pressed in it."""
        if event.kind in {EventKind.TEXT, EventKind.FILE} and event.private:
            self._calls.remember_direct(event.user, str(body["event"].get("channel") or ""))
        elif event.kind is EventKind.PRESS and event.private and isinstance(body.get("channel"), dict):
            self._calls.remember_direct(event.user, str(body["channel"].get("id") or ""))

    def _bolt(self, signing_secret: str) -> AsyncApp:
        identity = AuthorizeResult(
            enterprise_id=None, team_id=self._us.team, bot_user_id=self._us.bot_user, bot_id=self._bot_id
        )

        async def authorize() -> AuthorizeResult:
            # One workspace, known since auth.test at the start: not asked again for every event.
            return identity

        app = AsyncApp(
            name="community-bot",
            logger=sdk_log,
            client=self._calls.client_for(None),
            authorize=authorize,
            signing_secret=signing_secret,
            process_before_response=True,
        )
        app.use(_StoreThenAnswer(self.receive))

        async def failed(error: Exception) -> BoltResponse:
            # The type alone: a database's error carries the row, and with it what was written.
            log.error("an event was not stored: %s", type(error).__name__)
            return BoltResponse(status=500, body="")

        app.error(failed)
        return app


class _StoreThenAnswer(AsyncMiddleware):
    """The last middleware: nothing comes after it."""

    def __init__(self, receive: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> None:
        self._receive = receive

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt passes it by name
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002 - Bolt's own name for it
    ) -> BoltResponse:
        return await self._receive(req)


def _empty() -> BoltResponse:
    return BoltResponse(status=200, body="")


def _opens_form(body: dict[str, Any]) -> bool:
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    action_id = first.get("action_id") if isinstance(first, dict) else None
    return isinstance(action_id, str) and action_id.partition(":")[0] == OPENS_FORM


async def _limited_body(request: Request) -> bytes | None:
    """The body, or ``None`` as soon as it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _mend_form(request: AsyncBoltRequest) -> None:
    """Read a command that holds the word "payload".

    Bolt takes any form with that word in it for an interaction, finds no field of that name, and goes on with nothing.
    """
    if not request.body and request.raw_body:
        request.body = dict(parse_qsl(request.raw_body, keep_blank_values=True))
        request.context = build_async_context(AsyncBoltContext({}), request.body)
