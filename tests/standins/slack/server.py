"""The stand-in's server: its life, its routes, and what a test may arrange."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import secrets
import time
import zoneinfo
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .api_chat import RESPONSE_URL_SECONDS
from .delivery import Courier, Delivery, Kind, Signature
from .person import Person
from .record import Record
from .refusals import Json, SlackRefusalError
from .socket_mode import DisconnectReason, Sockets
from .state import APP_ID, BOT_USER_ID, TEAM_ID, Account, Channel, Message
from .traffic import Disturbances
from .web_api import Gate
from .workspace import Workspace

DEFAULT_SCOPES = frozenset(
    {
        *("app_mentions:read", "channels:join", "channels:read", "chat:write", "commands", "files:read"),
        "files:write",
        *("im:history", "im:write", "reactions:write", "users:read", "users:read.email"),
    }
)
"""What the bot's manifest asks for, unless a test installs another."""

_EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}


class SlackServer(Record, Disturbances):
    """A Slack workspace with one app installed, on 127.0.0.1.

    Bot side: ``base_url + "/api/"`` is the Web API for slack_sdk. Socket Mode works by itself; set ``request_url`` to
    the bot's HTTP endpoint for HTTP mode. Person side: ``user()`` and ``channel()``.

    Args:
        signing_secret: what HTTP requests to the bot are signed with.
        bot_token: the token of every method but ``apps.connections.open``.
        app_token: the app-level token.
        scopes: what the bot was granted.
        ack_seconds: how long Slack waits for an acknowledgement.
        trigger_seconds: life of a trigger_id.
        time_scale: factor for the waits between event retries (1 min and 5 min).
        keep_calls: whether ``calls`` is kept; benchmarks turn it off.
    """

    def __init__(
        self,
        *,
        signing_secret: str = "standin-signing-secret",
        bot_token: str = "xoxb-standin-bot-token",
        app_token: str = "xapp-1-standin-app-token",
        scopes: Iterable[str] = DEFAULT_SCOPES,
        ack_seconds: float = 3.0,
        trigger_seconds: float = 3.0,
        time_scale: float = 1.0,
        keep_calls: bool = True,
    ) -> None:
        Record.__init__(self, keep_calls=keep_calls)
        Disturbances.__init__(self)
        self.signing_secret = signing_secret
        self.bot_token = bot_token
        self.app_token = app_token
        self.scopes = frozenset(scopes)
        self.ack_seconds = ack_seconds
        self.trigger_seconds = trigger_seconds
        self.response_url_seconds: float = RESPONSE_URL_SECONDS
        self.time_scale = time_scale
        self.request_url = ""
        self.base_url = ""
        self.messages_tab_enabled = True
        self.home_tab_enabled = True
        self.escapes_modal_values = True
        self.echo_own_messages = False
        self.auth_error: str | None = None
        # Slack refuses conversations.open with user_disabled, and has been seen both to accept and to refuse a post
        # into an existing direct message: None accepts it.
        self.deactivated_dm_error: str | None = "channel_not_found"
        self.commands: frozenset[str] | None = None
        self.shortcuts: frozenset[str] | None = None
        self.subscriptions: frozenset[str] | None = None
        self.workspace = Workspace()
        self.deliveries: list[Delivery] = []
        self.courier = Courier(self)
        self.sockets = Sockets(self)
        self._people: dict[str, Person] = {}
        self._last_event: Json | None = None
        self._echoes: set[asyncio.Task[Delivery | None]] = set()
        self._runner: web.ServerRunner | None = None
        self._http: web.Server | None = None
        self.down = False

    # Life

    async def __aenter__(self) -> Self:
        """Start on a free port."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. ``base_url`` is set afterwards."""
        loop = asyncio.get_running_loop()

        def new_request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
            return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=64 * 1024**2)

        self._http = web.Server(Gate(self).serve, request_factory=new_request, access_log=None)
        self._runner = web.ServerRunner(self._http, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        for task in list(self._echoes):
            task.cancel()
        await asyncio.gather(*self._echoes, return_exceptions=True)
        await self.courier.close()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_base_url(self) -> str:
        """What slack_sdk takes as ``base_url``."""
        return f"{self.base_url}/api/"

    # The workspace

    def user(
        self, name: str = "Anna Rossi", *, locale: str = "it-IT", tz: str = "Europe/Rome", email: str = ""
    ) -> Person:
        """A person in the workspace; the e-mail address is made from the name unless given."""
        identifier = self.workspace.new_id("U")
        address = email or f"{name.lower().replace(' ', '.')}@example.org"
        self.workspace.accounts[identifier] = Account(identifier, name, address, locale, tz)
        person = self._people[identifier] = Person(self, self.workspace.accounts[identifier])
        return person

    def channel(self, name: str, *, members: Iterable[Person] = (), bot: bool = True, private: bool = False) -> Channel:
        """A channel with these members, and the bot unless told otherwise."""
        channel = self.workspace.add_channel(name, private=private)
        channel.members.update(person.id for person in members)
        if bot:
            channel.members.add(BOT_USER_ID)
        return channel

    def archive(self, channel: Channel) -> None:
        """Archive a channel."""
        channel.archived = True

    def install(self, manifest: Mapping[str, Any]) -> None:
        """Grant and enable exactly what an app manifest asks for: scopes, events, commands, shortcuts, tabs."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        self.scopes = frozenset(manifest["oauth_config"]["scopes"]["bot"])
        self.subscriptions = frozenset(settings.get("event_subscriptions", {}).get("bot_events", []))
        self.commands = frozenset(each["command"] for each in features.get("slash_commands", []))
        self.shortcuts = frozenset(each["callback_id"] for each in features.get("shortcuts", []))
        self.home_tab_enabled = bool(home.get("home_tab_enabled"))
        self.messages_tab_enabled = bool(home.get("messages_tab_enabled"))

    def uninstall(self) -> None:
        """Remove the app: every call is refused with ``account_inactive`` from now on."""
        self.auth_error = "account_inactive"

    def offset(self, account: Account) -> int:
        """A person's present offset from UTC in seconds."""
        delta = dt.datetime.now(zoneinfo.ZoneInfo(account.tz)).utcoffset()
        return int(delta.total_seconds()) if delta else 0

    @property
    def granted(self) -> str:
        """The bot's scopes as Slack writes them."""
        return ",".join(sorted(self.scopes))

    def missing_scope(self, needed: str) -> SlackRefusalError:
        """The refusal of a call that needs another scope."""
        return SlackRefusalError("missing_scope", extra={"needed": needed, "provided": self.granted})

    def require_scope(self, scope: str) -> None:
        """Demand a scope that depends on the arguments.

        Raises:
            SlackRefusalError: ``missing_scope``.
        """
        if scope not in self.scopes:
            raise self.missing_scope(scope)

    # Towards the bot

    async def deliver(self, kind: Kind, payload: Json) -> Delivery:
        """Send a payload to the bot and wait for its acknowledgement."""
        return await self.courier.deliver(Delivery(kind, payload))

    def event_payload(self, event: Json) -> Json:
        """An event in its outer envelope, with a fresh event_id."""
        return {
            "token": "standin-verification-token",
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self.workspace.new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": BOT_USER_ID,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": secrets.token_hex(8),
        }

    async def push_event(self, event: Json, *, name: str | None = None) -> Delivery | None:
        """Send an event; ``name`` is the subscription it belongs to when that differs from its type.

        Returns None when the app did not subscribe to it, or lacks the scope (a warning says so).
        """
        subscription = name or str(event.get("type"))
        if self.subscriptions is not None and subscription not in self.subscriptions:
            return None
        scope = _EVENT_SCOPES.get(subscription)
        if scope and scope not in self.scopes:
            self.warnings.append(f"the event {subscription} is not sent without the scope {scope}")
            return None
        self._last_event = self.event_payload(event)
        return await self.deliver("events_api", self._last_event)

    async def redeliver_last_event(self, retry_num: int = 1, reason: str = "http_timeout") -> Delivery:
        """Send the last event again, same event_id, as Slack does when it did not see the acknowledgement."""
        if self._last_event is None:
            raise AssertionError("no event was sent yet")
        delivery = Delivery("events_api", self._last_event)
        return await self.courier.deliver(delivery, number=retry_num, reason=reason)

    async def forge_event(self, event: Json, signature: Signature = "wrong") -> int:
        """Send an event over HTTP that the bot must refuse: ``wrong``, ``stale`` (301 s old) or ``missing`` signature.

        Returns the HTTP status; an acceptance is a violation.
        """
        return await self.courier.forge(Delivery("events_api", self.event_payload(event)), signature)

    async def verify_url(self) -> bool:
        """Slack's check of a request URL: the bot must return the challenge."""
        challenge = secrets.token_urlsafe(12)
        body = json.dumps({"type": "url_verification", "token": "standin", "challenge": challenge}).encode()
        headers = {**self.courier.signed(body, "right"), "Content-Type": "application/json"}
        status, answer, _ = await self.courier.post(body, headers)
        return status == 200 and challenge in answer.decode()

    async def disconnect_sockets(self, reason: DisconnectReason = "refresh_requested", *, close: bool = True) -> None:
        """Ask every Socket Mode connection to renew itself."""
        await self.sockets.disconnect(reason, close=close)

    def echo(self, channel: Channel, message: Message, subtype: str | None = None) -> None:
        """Tell the bot of its own message, when ``echo_own_messages`` is on, as Slack does for subscribed channels."""
        if not self.echo_own_messages:
            return
        kind = "im" if channel.im_user is not None else "group" if channel.is_private else "channel"
        base: Json = {"type": "message", "channel": channel.id, "channel_type": kind, "event_ts": message.ts}
        inner = message.as_json(self.base_url)
        if subtype == "message_changed":
            base |= {"subtype": subtype, "message": inner, "hidden": True, "ts": self.workspace.new_ts()}
        elif subtype == "message_deleted":
            base |= {"subtype": subtype, "previous_message": inner, "deleted_ts": message.ts, "hidden": True}
        else:
            base = {**inner, **base, **({"subtype": subtype} if subtype else {})}
        name = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}[kind]
        task = asyncio.create_task(self.push_event(base, name=name))
        self._echoes.add(task)
        task.add_done_callback(self._echoes.discard)

    # The network

    def goes_down(self) -> None:
        """Lose the network: every connection is cut, and every new one too, until ``comes_back``."""
        self.down = True
        self.sockets.cut()
        for connection in self._http.connections if self._http else []:
            if connection.transport is not None:
                connection.transport.abort()

    def comes_back(self) -> None:
        """End ``goes_down``."""
        self.down = False
