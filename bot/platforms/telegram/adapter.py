"""The Telegram adapter: one bot, by polling or by webhook."""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal, TypeVar

from starlette.routing import Route
from telegram import File as TelegramFile
from telegram.constants import ChatMemberStatus

from bot.platforms.base import Failure, FetchFile, MenuEntry, NextTurn, Pace, Receiver, SendError, at_once
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.menu import Menu
from bot.platforms.telegram.message_ids import SentMessage, read_ids, write_ids
from bot.platforms.telegram.messages import Messages
from bot.platforms.telegram.outline import outline
from bot.platforms.telegram.parsing import ALLOWED_UPDATES, parse
from bot.platforms.telegram.receiving import Intake, Poller, WebhookRoute
from bot.platforms.telegram.rendering import render
from handlers.conversation.context import Outline
from handlers.conversation.event import Address, Event, EventKind, MessageRef, Payload, Toast
from handlers.conversation.screen import FileReference, Para, Screen
from storage.enums import Locale, Platform

logger = logging.getLogger(__name__)

WEBHOOK_PATH = "/telegram/webhook"
DOWNLOAD_LIMIT = 20 << 20
"""Bytes of a file that the Bot API hands out (getFile)."""

_DEEP_LINK_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

T = TypeVar("T")


class TelegramAdapter:
    """Telegram behind the :class:`~bot.platforms.base.Adapter` port.

    Args:
        token: the bot's token from BotFather.
        mode: how updates come: asked for, or posted to our web server.
        api_base_url: where the Bot API is.
        webhook_secret: what Telegram sends along with each update, 1–256 of A–Z, a–z, 0–9, _ and -; for webhook.
        webhook_url: the https address at which Telegram reaches :meth:`routes`; for webhook.
        paid_broadcast: that messages above the free rate are paid from the bot's balance (``allow_paid_broadcast``).
        fetch: gets files that another platform keeps.
        now: the present.

    Raises:
        ValueError: a setting is missing or malformed.
    """

    platform = Platform.TELEGRAM
    # Bots FAQ, "My bot is hitting limits": 30 messages a second, one a second in a chat, 20 a minute in a group.
    # Eight calls in flight keep 30 a second going as long as Telegram answers within a quarter of a second.
    pace = Pace(per_second=30, chat_seconds=1, group_per_minute=20, in_flight=8)
    resolves_doubt = False

    def __init__(
        self,
        *,
        token: str,
        mode: Literal["polling", "webhook"],
        api_base_url: str = "https://api.telegram.org",
        webhook_secret: str = "",
        webhook_url: str = "",
        paid_broadcast: bool = False,
        fetch: FetchFile,
        now: Callable[[], datetime],
    ) -> None:
        if not token:
            raise ValueError("Telegram needs the bot's token")
        if mode == "webhook" and not (_SECRET.fullmatch(webhook_secret) and webhook_url):
            raise ValueError("a webhook needs its address and a secret of 1-256 letters, digits, _ and -")
        self.account = ""
        self.username = ""
        self.next_turn: NextTurn = at_once
        self._mode = mode
        self._webhook_secret = webhook_secret
        self._webhook_url = webhook_url
        self._client = TelegramClient(token=token, api_base_url=api_base_url, now=now)
        self._messages = Messages(
            self._client,
            fetch=fetch,
            download=self.download,
            next_turn=lambda chat: self.next_turn(chat),
            paid=paid_broadcast,
        )
        self._menu: Menu | None = None
        self._intake: Intake | None = None
        self._poller: Poller | None = None
        self._receiver: Receiver | None = None

    # Life

    async def open(self, menu: Sequence[MenuEntry]) -> None:
        """Connect, learn who we are, say how updates shall come, register the commands.

        Raises:
            SendError: Telegram refuses the token or the webhook, or cannot be reached.
        """
        me = await self._client.open()
        self.account, self.username = str(me.id), me.username or ""
        bot = self._client.bot
        try:
            if self._mode == "webhook":
                call = bot.set_webhook(
                    self._webhook_url, secret_token=self._webhook_secret, allowed_updates=ALLOWED_UPDATES
                )
            else:
                call = bot.delete_webhook(drop_pending_updates=False)
            await self._client.call(call, repeatable=True)
        except BaseException:
            await self._client.close()
            raise
        self._intake = Intake(self._client, self.account, self._tell)
        self._poller = Poller(self._client, self._intake)
        self._menu = Menu(self._client, menu)
        await self._menu.register()

    async def listen(self, receiver: Receiver) -> None:
        """Poll until cancelled; with a webhook, note who receives and return.

        Raises:
            SendError: the adapter is not open.
        """
        self._receiver = receiver
        if self._mode == "polling":
            await _opened(self._poller).run(receiver)

    async def close(self) -> None:
        """Let the connections go. The webhook stays: Telegram keeps what comes meanwhile."""
        self._receiver = self._intake = self._poller = self._menu = None
        await self._client.close()

    @property
    def listens_alone(self) -> bool:
        """Whether only one process at a time may receive: Telegram ends a poll when another begins (409)."""
        return self._mode == "polling"

    @property
    def healthy(self) -> bool:
        """Whether updates are coming in."""
        if self._mode == "webhook":
            return self._intake is not None and self._receiver is not None
        return self._poller is not None and self._poller.healthy

    def routes(self) -> list[Route]:
        """What the web server answers for us: the webhook, or nothing when polling."""
        if self._mode == "polling":
            return []
        endpoint = WebhookRoute(self._webhook_secret, self._accepting)
        return [Route(WEBHOOK_PATH, endpoint.__call__, methods=["POST"])]

    def _accepting(self) -> Callable[[Sequence[object]], Awaitable[None]] | None:
        if self._intake is None or self._receiver is None:
            return None
        return partial(self._intake.accept, self._receiver)

    # Reading

    def parse(self, payload: Payload) -> Event | None:
        """The event in an update; ``None`` when there is nothing in it for us."""
        return parse(payload, account=self.account, username=self.username)

    # Writing

    async def send(self, address: Address, screen: Screen, *, token: str) -> str:
        """Send a screen and return the ids of its messages, joined by commas.

        Telegram has nowhere to keep ``token``; it serves to go on after a screen of several messages stopped half-way.

        Raises:
            SendError: it was not sent, or that is in doubt.
        """
        return write_ids(await self._messages.send(address, render(screen), delivery=token))

    async def edit(self, message: MessageRef, screen: Screen) -> str:
        """Redraw a screen's messages and return their ids afterwards.

        Raises:
            SendError: they were not redrawn.
        """
        return write_ids(await self._messages.edit(message.address, _shown(message), render(screen)))

    async def delete(self, message: MessageRef) -> None:
        """Delete a screen's messages; what is gone already is no failure as long as one was there.

        Raises:
            SendError: one was not deleted, or none was there.
        """
        gone: list[SendError] = []
        shown = _shown(message)
        for one in shown:
            try:
                await self._messages.delete(message.address, one)
            except SendError as error:
                if error.failure is not Failure.GONE:
                    raise
                gone.append(error)
        if len(gone) == len(shown):
            raise gone[0]

    async def ping(self) -> None:
        """Ask who we are.

        Raises:
            SendError: there was no answer, or a refusal.
        """
        await self._client.call(self._client.bot.get_me(), repeatable=True)

    async def find_sent(self, address: Address, token: str) -> str | None:  # noqa: ARG002 - the port's
        """``None``: Telegram cannot be asked what was sent."""
        return None

    members_at_once = 30
    """How many people are looked up in a tick: a call each."""

    async def members_among(self, channel: Address, users: Sequence[str]) -> dict[str, bool]:
        """Whether each of these users is in a group or channel (Bot API, getChatMember).

        Raises:
            SendError: Telegram does not let us look; in a channel the bot must be an administrator.
        """
        found: dict[str, bool] = {}
        for user in filter(str.isdecimal, users):
            try:
                member = await self._client.call(
                    self._client.bot.get_chat_member(channel.chat, int(user)), chat=channel.chat, repeatable=True
                )
            except SendError as error:
                if error.failure is not Failure.UNREACHABLE or "user" not in error.description.lower():
                    raise
                found[user] = False  # Telegram has never seen them there
            else:
                inside = getattr(member, "is_member", True)
                found[user] = inside and member.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}
        return found

    def outline(self, screen: Screen) -> Sequence[Outline]:
        """Which messages a screen would be here, in words."""
        return outline(screen)

    async def private_address(self, user: str) -> Address:
        """Where this person is written to in private: their chat has their own id."""
        return Address(Platform.TELEGRAM, self.account, user)

    def is_group(self, address: Address) -> bool:
        """Whether it is a group or a channel: these have negative ids, or a @name."""
        return address.chat.startswith(("-", "@"))

    async def download(self, reference: FileReference) -> bytes:
        """The bytes of a file that somebody sent to this bot.

        Raises:
            SendError: it is over 20 MB or not ours (REFUSED), no longer there (GONE), or cannot be fetched now.
        """
        if (reference.platform, reference.account) != (self.platform.value, self.account):
            raise SendError(Failure.REFUSED, "another bot's file")
        file = await self._client.call(self._client.bot.get_file(reference.reference), repeatable=True)
        if (file.file_size or 0) > DOWNLOAD_LIMIT:
            raise SendError(Failure.REFUSED, "the file is over 20 MB, which Telegram does not hand out")
        return await self._downloaded(file)

    async def _downloaded(self, file: TelegramFile) -> bytes:
        try:
            return bytes(await self._client.call(file.download_as_bytearray(), repeatable=True))
        except SendError as error:
            if error.failure is not Failure.REFUSED:
                raise
        # The token has just been accepted, so a refusal here is about the file: its address is valid for an hour.
        raise SendError(Failure.GONE, "the file is not there any more")

    # Only here

    def deep_link(self, payload: str) -> str:
        """The web address that opens the chat and starts the bot with a payload; an empty one just opens the chat.

        Raises:
            ValueError: not 0–64 of A–Z, a–z, 0–9, _ and - (Telegram would open the chat without it).
        """
        if payload and not _DEEP_LINK_PAYLOAD.fullmatch(payload):
            raise ValueError("a deep link carries 1-64 of A-Z, a-z, 0-9, _ and -")
        return f"https://t.me/{self.username}" + (f"?start={payload}" if payload else "")

    async def show_staff_menu(self, chat: str, locale: Locale) -> None:
        """List the staff's commands too in this private chat, in that language.

        Raises:
            SendError: Telegram refused it.
        """
        await _opened(self._menu).show_staff(chat, locale)

    async def hide_staff_menu(self, chat: str) -> None:
        """List the members' commands only in this private chat.

        Raises:
            SendError: Telegram refused it.
        """
        await _opened(self._menu).hide_staff(chat)

    async def _tell(self, payload: Payload, toast: Toast) -> None:
        """Send a toast as a message, where nothing was pressed, or the press can no longer be answered with one."""
        event = self.parse(payload)
        if event is None or event.kind in {EventKind.LEFT, EventKind.MOVED}:
            return
        # In a group a toast is seen by who pressed alone, and so are its words here.
        to = await self.private_address(event.user) if event.kind is EventKind.PRESS else event.address
        try:
            async with self.next_turn(to.chat):
                await self.send(to, Screen((Para((toast.text,)),)), token=f"toast {event.id}")
        except SendError as error:
            logger.info("the words that answer an act did not arrive: %s", error)


def _opened(part: T | None) -> T:
    if part is None:
        raise SendError(Failure.TEMPORARY, "Telegram is not connected")
    return part


def _shown(message: MessageRef) -> list[SentMessage]:
    try:
        return read_ids(message.message_id)
    except ValueError as error:
        raise SendError(Failure.GONE, str(error)) from error
