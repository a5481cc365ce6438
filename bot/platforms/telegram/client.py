"""The connection to the Bot API: python-telegram-bot's application on our transport, and its errors as ours."""

import ipaddress
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from telegram import LinkPreviewOptions, User
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, ExtBot

from bot.platforms.base import Failure, SendError
from bot.platforms.telegram.errors import UNREADABLE, LimitScope, send_error
from bot.platforms.telegram.parsing import ALLOWED_UPDATES
from bot.platforms.telegram.transport import AiohttpRequest, NoAnswerError

T = TypeVar("T")
AnyApplication = Application[Any, Any, Any, Any, Any, Any]

POLL_GRACE_SECONDS = 10.0
"""How much longer than asked a poll may take before the connection counts as dead."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True).to_json()

_QUIET = (
    # httpx writes every URL at INFO, and Telegram's contain the token. It is not used here, but may be installed.
    ("httpx", logging.WARNING),
    ("httpcore", logging.WARNING),
    # The library writes whole messages at DEBUG.
    ("telegram", logging.INFO),
)


class PollingBot(ExtBot[None]):
    """The library's bot, with updates as they came."""

    async def raw_updates(self, offset: int, wait_seconds: int) -> list[object]:
        """``getUpdates`` without building objects.

        ``get_updates`` raises for a whole batch when one update in it is of a shape that this release of the library
        cannot read, and would so be stopped by it for ever.

        Args:
            offset: the first update wanted, which confirms all before; 0 for the oldest there is.
            wait_seconds: how long Telegram may wait for one to come.

        Raises:
            TelegramError: there was no answer, or a refusal.
        """
        parameters: dict[str, Any] = {"timeout": wait_seconds, "limit": 100, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset:
            parameters["offset"] = offset
        answer = await self._post("getUpdates", parameters, read_timeout=wait_seconds + POLL_GRACE_SECONDS)
        if not isinstance(answer, list):
            raise TelegramError("getUpdates answered with something else than a list")
        return answer

    async def send_text(self, chat: int | str, html: str, *, thread: int | None, keyboard: str, paid: bool) -> int:
        """``sendMessage`` without building objects; returns the message's id.

        ``send_message`` makes of the answer, which repeats all that was sent, a message with its chat, entities and
        buttons: a quarter of the processor time of a broadcast, for one number.

        Args:
            chat: its id, or a channel's @name.
            html: the text.
            thread: the forum's topic.
            keyboard: the buttons as JSON; empty for none.
            paid: that the bot's balance may be charged where the free rate is exceeded.

        Raises:
            TelegramError: there was no answer, or a refusal.
        """
        parameters: dict[str, Any] = {
            "chat_id": chat,
            "text": html,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": _NO_PREVIEW,
            "message_thread_id": thread,
            "reply_markup": keyboard or None,
            "allow_paid_broadcast": paid or None,
        }
        answer = await self._post("sendMessage", parameters)
        number = answer.get("message_id") if isinstance(answer, dict) else None
        if not isinstance(number, int):
            raise NoAnswerError("sendMessage answered without a message's id")
        return number


class TelegramClient:
    """One token's connection.

    Args:
        token: the bot's.
        api_base_url: where the Bot API is; every call and download goes there.
        now: the present.

    Raises:
        ValueError: the address is not http or https.
    """

    def __init__(self, *, token: str, api_base_url: str, now: Callable[[], datetime]) -> None:
        parts = urlsplit(api_base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("Telegram's api_base_url must begin with http:// or https:// and name a host")
        self._token = token
        self._base_url = api_base_url.rstrip("/")
        # A proxy is of no use to what is on this machine, and may not know it.
        self._trust_env = not _is_loopback(parts.hostname)
        self._limits = LimitScope(now)
        self._application: AnyApplication | None = None
        self._bot: PollingBot | None = None
        self.me: User | None = None

    @property
    def application(self) -> AnyApplication:
        """The library's application.

        Raises:
            SendError: it is not open.
        """
        if self._application is None:
            raise SendError(Failure.TEMPORARY, "Telegram is not connected")
        return self._application

    @property
    def bot(self) -> PollingBot:
        """The library's bot.

        Raises:
            SendError: it is not open.
        """
        if self._bot is None:
            raise SendError(Failure.TEMPORARY, "Telegram is not connected")
        return self._bot

    async def open(self) -> User:
        """Connect and return who we are.

        Raises:
            SendError: the token is refused, or Telegram cannot be reached.
        """
        for name, level in _QUIET:
            logger = logging.getLogger(name)
            logger.setLevel(max(level, logger.level))
        await self.close()
        # Both kinds of request go over one session; polls say themselves how long they wait.
        request = AiohttpRequest(trust_env=self._trust_env)
        await request.initialize()
        try:
            bot = await self.call(self._connected(request), repeatable=True)
        except BaseException:
            await request.shutdown()
            raise
        self._bot, self.me = bot, bot.bot
        return self.me

    async def _connected(self, request: AiohttpRequest) -> PollingBot:
        bot = PollingBot(
            self._token,
            base_url=f"{self._base_url}/bot",
            base_file_url=f"{self._base_url}/file/bot",
            request=request,
            get_updates_request=request,
        )
        self._application = Application.builder().bot(bot).updater(None).job_queue(None).build()
        await self._application.initialize()
        return bot

    async def close(self) -> None:
        """Let the connections go."""
        application, self._application, self._bot = self._application, None, None
        if application is not None:
            await application.shutdown()

    async def call(self, call: Awaitable[T], *, chat: str = "", repeatable: bool = False) -> T:
        """Await a call of the library.

        Args:
            call: the call.
            chat: the chat that it is about; empty for none.
            repeatable: that it may be made twice without harm.

        Raises:
            SendError: it failed.
        """
        try:
            return await call
        except UNREADABLE as error:
            failure = send_error(error, token=self._token, limits=self._limits, chat=chat, repeatable=repeatable)
        # Outside the handler: the library's errors can name the token, and a traceback shows what led to an error.
        raise failure


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
