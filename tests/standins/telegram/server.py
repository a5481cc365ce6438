"""The stand-in itself: routes, life, faults, what tests ask of it."""

import asyncio
import inspect
import itertools
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from aiohttp import hdrs, web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader

from tests.standins.telegram import rules
from tests.standins.telegram.bodies import MAX_BODY_BYTES, chat_id_of, read_parameters
from tests.standins.telegram.bot_messages import MessageMethods
from tests.standins.telegram.bot_profile import ProfileMethods
from tests.standins.telegram.callbacks import CallbackQueries
from tests.standins.telegram.changes import Changes
from tests.standins.telegram.control import Control
from tests.standins.telegram.faults import Fault, Faults
from tests.standins.telegram.groups import TelegramGroup
from tests.standins.telegram.limits import RateLimits
from tests.standins.telegram.parameters import KNOWN_PARAMETERS, Parameters
from tests.standins.telegram.people import TelegramUser
from tests.standins.telegram.refusals import BadRequest, Refusal
from tests.standins.telegram.state import PRIVATE, SUPERGROUP, Account, Chat, Json, Message, State, chat_member
from tests.standins.telegram.updates import UpdateQueue, Webhook

T = TypeVar("T")
Method = Callable[[Parameters], Any]

DEFAULT_TOKEN = "123456789:stand-in-token-of-no-value"


@dataclass(frozen=True, slots=True)
class Call:
    """An accepted call.

    Attributes:
        method: in lower case.
        parameters: as they came; a form carries text only.
        chat_id: None for methods without one.
        at: monotonic seconds.
        result: what was answered.
    """

    method: str
    parameters: dict[str, Any]
    chat_id: int | None
    at: float
    result: Any


@dataclass(slots=True)
class Expectation:
    """A refusal that a test announced, and how often it came."""

    fragment: str
    count: int = 0


class TelegramServer:
    """A strict Bot API on 127.0.0.1, and the people who talk to the bot.

    ``async with TelegramServer() as server:`` runs it in the current event loop. A bot takes
    ``f"{server.base_url}/bot"`` as its base and ``f"{server.base_url}/file/bot"`` as its base for files.

    Attributes:
        violations: "method: description" of each refused request that no test announced or injected.
        sent: accepted calls in order, getUpdates excepted; empty with ``keep_log=False``.
        counts: accepted calls by method, in lower case.
        state: chats, messages, files, commands.
        updates: the queue of updates; its `webhook_time_scale` and `webhook_timeout` may be set.
        queries: presses of buttons; its `lifetime` may be set.
        limits: the rate limits, None when they are not enforced.
        faults: what was injected; `faults.early_retries` lists messages that came before an injected wait was over.
        privacy_mode: whether in groups the bot gets only what is meant for it.
        last_request_at: monotonic seconds of the last request, polls aside.
    """

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        port: int = 0,
        bot_username: str = "cluster_test_bot",
        enforce_limits: bool = False,
        limits: RateLimits | None = None,
        privacy_mode: bool = True,
        keep_log: bool = True,
    ) -> None:
        self.token = token
        self.violations: list[str] = []
        self.sent: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.changes = Changes()
        bot_id = int(token.partition(":")[0]) if token.partition(":")[0].isdigit() else 1
        bot = Account(bot_id, "Cluster", username=bot_username, is_bot=True)
        self.state = State(bot, accounts={bot_id: bot})
        self.updates = UpdateQueue(self.changes.notify)
        self.queries = CallbackQueries()
        self.limits = limits or (RateLimits() if enforce_limits else None)
        self.faults = Faults()
        self.privacy_mode = privacy_mode
        self.is_logged_out = False
        self._messages = MessageMethods(self.state, self.queries, self.now, self.limits)
        self._profile = ProfileMethods(self.state, lambda chat, status: self.set_bot_membership(chat, status, bot))
        self._methods = self._method_table()
        self._control = Control(self)
        self._keep_log = keep_log
        self._expectations: list[Expectation] = []
        self._clock_offset = 0.0
        self._in_flight = 0
        self.last_request_at = float("-inf")
        self._port = port
        self._runner: web.ServerRunner | None = None
        self._site: web.TCPSite | None = None
        self._user_ids = itertools.count(1001)
        self._group_ids = itertools.count(5001)
        self._query_ids = itertools.count(4_000_000_000_001)

    def _method_table(self) -> dict[str, Method]:
        table: dict[str, Method] = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": lambda p: self.updates.webhook_info(),
            "logout": self._log_out,
            "close": lambda p: True,
        }
        for methods in (self._messages, self._profile):
            for name, method in inspect.getmembers(methods, inspect.ismethod):
                key = name.replace("_", "")
                if not name.startswith("_") and key in KNOWN_PARAMETERS:
                    table[key] = method
        return table

    # Life

    async def start(self) -> None:
        """Listen."""

        async def accept(request: web.BaseRequest) -> web.StreamResponse:
            return await self._serve(request)

        def make_request(
            message: RawRequestMessage,
            payload: StreamReader,
            protocol: Any,
            writer: Any,
            task: "asyncio.Task[None]",
        ) -> web.BaseRequest:
            loop = asyncio.get_running_loop()
            return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=MAX_BODY_BYTES)

        # Without routing and signals: a bench of the bot should not measure the stand-in. A handler ends with its
        # connection, so that a killed poller does not swallow updates.
        server = web.Server(accept, request_factory=make_request, handler_cancellation=True, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await runner.setup()
        self._site = web.TCPSite(runner, "127.0.0.1", self._port)
        await self._site.start()
        self._runner = runner
        self._port = runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening, end polls and pushes."""
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def goes_down(self) -> None:
        """Cut every connection and take no new one until `comes_back`."""
        if self._runner is None or self._site is None:
            raise RuntimeError("it does not listen")
        await self._site.stop()
        self._site = None
        self.cut_connections()

    def cut_connections(self) -> None:
        """Cut every connection; new ones are taken."""
        server = self._runner.server if self._runner is not None else None
        for connection in server.connections if server is not None else []:
            if connection.transport is not None:
                connection.transport.abort()

    async def comes_back(self) -> None:
        """Listen again, at the same address."""
        if self._runner is None:
            raise RuntimeError("it was closed")
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def base_url(self) -> str:
        """Address to point a bot at, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def bot(self) -> Account:
        """The bot's account."""
        return self.state.bot

    @property
    def losses(self) -> list[str]:
        """What Telegram dropped from accepted messages without a word, such as entities past the hundredth."""
        return self._messages.losses

    def now(self) -> float:
        """The server's time of day, in Unix seconds; message dates come from it."""
        return time.time() + self._clock_offset

    def advance(self, seconds: float) -> None:
        """Move the server's time of day, such as past the 48 hours in which a message can be deleted."""
        self._clock_offset += seconds

    # People

    def user(
        self,
        first_name: str = "Anna",
        language_code: str = "it",
        id: int | None = None,  # noqa: A002 - the field's own name
        *,
        last_name: str = "",
        username: str = "",
    ) -> TelegramUser:
        """A person; who has not started the bot cannot be written to."""
        user_id = next(self._user_ids) if id is None else id
        account = Account(user_id, first_name, last_name, username, language_code)
        self.state.accounts[user_id] = account
        self.state.private_chat(account)
        return TelegramUser(self, account)

    def group(
        self, title: str, members: Iterable[TelegramUser] = (), *, kind: str = SUPERGROUP, forum: bool = False
    ) -> TelegramGroup:
        """A supergroup, or with `kind` a basic "group" or a "channel"; the first member owns it, the bot is out."""
        chat = self.new_group_chat(title, kind)
        chat.is_forum = forum
        for index, member in enumerate(members):
            chat.members[member.id] = "creator" if index == 0 else "member"
            chat.accounts[member.id] = member.account
        return TelegramGroup(self, chat)

    def push_update(self, update: Json) -> int:
        """Hand the bot an update of any shape; returns its id, the one in it or the next."""
        return self.updates.push_raw(update)

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more."""
        self.updates.redeliver(update_id)

    def redeliver_last(self) -> int:
        """Deliver the newest update once more and return its id."""
        return self.updates.redeliver_last()

    # What tests ask for

    def expects_refusal(self, fragment: str) -> Expectation:
        """Announce refusals whose "method: description" contains this; they are counted, not held against the bot."""
        expectation = Expectation(fragment)
        self._expectations.append(expectation)
        return expectation

    def fail_next(
        self,
        method: str,
        times: int = 1,
        status: int = 500,
        description: str | None = None,
        retry_after: int | None = None,
        chat: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        """Refuse the next calls of a method ("*" for any), before they have an effect.

        Args:
            method: Bot API name, in any case.
            times: how many calls.
            status: HTTP status; 429 takes `retry_after` (1 s when absent).
            description: the whole sentence, else the usual one.
            retry_after: seconds told to the bot.
            chat: only calls for this chat id.
            migrate_to_chat_id: told to the bot.
        """
        self.faults.fail(method, times, status, description, retry_after, chat, migrate_to_chat_id)

    def drop_connection_next(
        self,
        method: str,
        after_accepting: bool,
        times: int = 1,
        chat: int | None = None,
    ) -> None:
        """Cut the connection of the next calls without an answer, before or after they took effect."""
        self.faults.drop(method, times, chat, after_accepting=after_accepting)

    def delay(self, method: str, seconds: float, times: int | None = None, *, after_accepting: bool = False) -> None:
        """Make a method ("*" for any) slow from now on, or `times` times; 0 seconds ends it.

        Args:
            method: Bot API name, in any case.
            seconds: how long each call takes in addition.
            times: how many calls, None for all.
            after_accepting: take effect first and answer late, so that a client that gives up does not know.
        """
        self.faults.delay(method, seconds, times, after_accepting=after_accepting)

    @property
    def latency(self) -> float:
        """Seconds that every answer takes, getUpdates excepted."""
        return self.faults.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.faults.latency = seconds

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109 - told in the error
        """Wait until a predicate holds and return its value; see `Changes.wait_for`."""
        return await self.changes.wait_for(predicate, timeout)

    async def quiet(self, ms: float = 100, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - told in the error
        """Wait until the bot has taken all updates and no request (polls aside) has come or been open for `ms`.

        Raises:
            TimeoutError: it never got quiet.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        since = time.monotonic()
        while True:
            is_receiving = self.updates.webhook is not None or self.updates.polls > 0
            busy = self._in_flight > 0 or (is_receiving and self.updates.has_unconfirmed)
            now = time.monotonic()
            if busy:
                since = now
            idle = now - max(since, self.last_request_at)
            if idle * 1000 >= ms:
                return
            if loop.time() >= end:
                raise TimeoutError(f"not quiet within {timeout} s")
            await self.changes.next(max(0.001, ms / 1000 - idle) if not busy else 0.05)

    # What the person's side needs

    def next_query_id(self) -> int:
        """Id for the next press."""
        return next(self._query_ids)

    def new_group_chat(self, title: str, kind: str) -> Chat:
        """An empty group with the id of its kind."""
        if kind == PRIVATE:
            raise ValueError("a private chat comes with its person")
        number = next(self._group_ids)
        chat = Chat(-number if kind == "group" else -1_000_000_000_000 - number, kind, title)
        self.state.chats[chat.id] = chat
        return chat

    def new_message(self, chat: Chat, sender: Account) -> Message:
        """An empty message of a person, with its id and date."""
        chat.last_message_id += 1
        message = Message(chat, chat.last_message_id, int(self.now()), sender, sent_at=time.monotonic())
        chat.messages[message.message_id] = message
        return message

    def set_bot_membership(self, chat: Chat, status: str, actor: Account) -> None:
        """Change the bot's status in a group and tell it."""
        old = chat.members.get(self.bot.id, "left")
        chat.members[self.bot.id] = status
        change = {
            "chat": chat.api(),
            "from": actor.api(),
            "date": int(self.now()),
            "old_chat_member": chat_member(self.bot, old),
            "new_chat_member": chat_member(self.bot, status),
        }
        self.updates.push("my_chat_member", change, chat.id)

    # Methods that concern the server as a whole

    async def _get_updates(self, p: Parameters) -> list[Json]:
        allowed = rules.allowed_updates(p)
        if allowed is not None:
            self.updates.allowed = allowed
        limit = p.integer("limit", 100) or 100
        if not 1 <= limit <= 100:
            raise BadRequest("limit must be 1-100 (Telegram would clamp it)")
        return await self.updates.poll(p.integer("offset", 0) or 0, limit, p.integer("timeout", 0) or 0)

    def _set_webhook(self, p: Parameters) -> bool:
        address = p.text("url")
        if not address:
            return self._delete_webhook(p)
        rules.webhook_address(address)
        secret = rules.secret_token(p)
        connections = p.integer("max_connections", 40) or 40
        if not 1 <= connections <= 100:
            raise BadRequest("max_connections must be 1-100 (Telegram would clamp it)")
        allowed = rules.allowed_updates(p)
        if allowed is not None:
            self.updates.allowed = allowed
        webhook = Webhook(address, secret, connections, p.text("ip_address"))
        self.updates.set_webhook(webhook, drop_pending=p.boolean("drop_pending_updates"))
        return True

    def _delete_webhook(self, p: Parameters) -> bool:
        self.updates.set_webhook(None, drop_pending=p.boolean("drop_pending_updates"))
        return True

    def _log_out(self, p: Parameters) -> bool:
        self.is_logged_out = True
        return True

    # Requests

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/bot"):
            token, _, method = path[4:].partition("/")
            if method.lower() == "getupdates":
                return await self._call(request, token, method)
            self._in_flight += 1
            self.last_request_at = time.monotonic()
            try:
                return await self._call(request, token, method)
            finally:
                self._in_flight -= 1
                self.last_request_at = time.monotonic()
                self.changes.notify()
        if path.startswith("/file/bot"):
            return self._download(path.removeprefix("/file/bot"))
        if path.startswith("/control/"):
            return await self._control.serve(request)
        return web.Response(status=404)

    async def _call(self, request: web.BaseRequest, token: str, method: str) -> web.StreamResponse:
        key = method.lower()
        delay = None
        try:
            parameters = await read_parameters(request)
            chat_id = chat_id_of(parameters)
            self.faults.watch(key, chat_id)
            fault = self.faults.next_fault(key, chat_id)
            if fault is not None and not fault.after_accepting:
                return await self._meet(fault, request)
            delay = self.faults.next_delay(key)
            if self.faults.latency and key != "getupdates":
                await asyncio.sleep(self.faults.latency)
            if delay is not None and not delay.after_accepting:
                await asyncio.sleep(delay.seconds)
            result = self._accept(key, token, parameters)
            if isinstance(result, Awaitable):
                result = await result
        except Refusal as refusal:
            return self._refuse(method, refusal)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # JSON of a shape that no check foresaw; Telegram has a sentence for each, here one serves for all.
            return self._refuse(method, BadRequest(f"a parameter has the wrong shape ({error!r})"))
        except Exception as error:
            self.violations.append(f"{method}: the stand-in itself failed: {error!r}")
            raise
        if key != "getupdates":
            self.counts[key] += 1
            if self._keep_log:
                self.sent.append(Call(key, parameters.values, chat_id, time.monotonic(), result))
            self.changes.notify()
        if fault is not None:
            return _cut(request)
        if delay is not None and delay.after_accepting:
            await asyncio.sleep(delay.seconds)
        return _answer(b'{"ok":true,"result":' + json.dumps(result).encode() + b"}")

    def _accept(self, key: str, token: str, parameters: Parameters) -> Any:
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        if self.is_logged_out:
            raise Refusal(400, "Logged out")
        handler = self._methods.get(key)
        if handler is None:
            raise Refusal(404, "Not Found: method not found")
        unknown = parameters.unknown(key)
        if unknown:
            raise BadRequest(f"unknown parameter: {', '.join(sorted(unknown))} (Telegram would ignore it)")
        return handler(parameters)

    async def _meet(self, fault: Fault, request: web.BaseRequest) -> web.StreamResponse:
        if fault.refusal is None:
            return _cut(request)
        raise fault.refusal

    def _refuse(self, method: str, refusal: Refusal) -> web.Response:
        if not refusal.injected:
            said = f"{method}: {refusal.description}"
            expected = next((e for e in self._expectations if e.fragment in said), None)
            if expected is None:
                self.violations.append(said)
            else:
                expected.count += 1
        self.changes.notify()
        body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
        headers: dict[str, str] = {}
        if refusal.parameters:
            body["parameters"] = refusal.parameters
            if "retry_after" in refusal.parameters:
                headers[hdrs.RETRY_AFTER] = str(refusal.parameters["retry_after"])
        return _answer(json.dumps(body).encode(), status=refusal.code, headers=headers)

    def _download(self, rest: str) -> web.Response:
        token, _, path = rest.partition("/")
        if token != self.token:
            return self._refuse("download", Refusal(401, "Unauthorized"))
        stored = self.state.paths.get(path)
        if stored is None:
            return self._refuse("download", Refusal(404, "Not Found"))
        return web.Response(body=stored.data, content_type="application/octet-stream")


def _answer(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    all_headers: dict[str, str] = {hdrs.CONTENT_TYPE: "application/json"}
    if headers:
        all_headers |= headers
    return web.Response(body=body, status=status, headers=all_headers)


def _cut(request: web.BaseRequest) -> web.Response:
    """Break the connection; the response is never seen."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
