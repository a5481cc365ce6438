"""The web chat as a platform: personas write, the bot's messages are kept and shown in every open page."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.platforms.base import Failure, FetchFile, MenuEntry, NextTurn, Pace, Raw, Receiver, SendError, at_once
from bot.platforms.webchat.history import ChatHistory, StoredMessage
from bot.platforms.webchat.live import Change, ChangeKind, LiveChats
from bot.platforms.webchat.outline import outline
from bot.platforms.webchat.payloads import (
    ACCOUNT,
    COMMUNITY,
    Speaker,
    event_of,
    file_payload,
    presence_payload,
    text_payload,
)
from bot.platforms.webchat.uploads import UploadStore
from handlers.conversation.codec import screen_to_json
from handlers.conversation.context import Outline
from handlers.conversation.event import Address, Event, EventKind, IncomingFile, MessageRef, Outcome, Payload
from handlers.conversation.screen import File, FileReference, Screen
from storage.enums import Platform
from storage.queries.inbox import storable_text

NEWCOMER = "ospite"
"""The key of somebody the bot has never met. Starting afresh makes ``ospite-2``, ``ospite-3`` and so on."""


class NotListeningError(RuntimeError):
    """Nobody receives events yet, or nobody does any more."""


class WebChatAdapter:
    """Implements :class:`bot.platforms.base.Adapter` for browsers.

    A persona's key is user and private chat at once; :data:`~bot.platforms.webchat.payloads.COMMUNITY` is the channel
    of all. Between people in the channel the bot hears commands and presses only, as Telegram's privacy mode has it.

    Attributes:
        live: what the open pages are told.
        uploads: the files that personas sent.
        blocked: personas who blocked the bot.
    """

    platform = Platform.WEB
    account = ACCOUNT
    pace = Pace(per_second=0, chat_seconds=0, group_per_minute=0, in_flight=8)

    def __init__(self, *, history: ChatHistory, now: Callable[[], datetime], fetch: FetchFile, uploads: Path) -> None:
        self.history = history
        self.live = LiveChats()
        self.uploads = UploadStore(uploads)
        self.blocked: set[str] = set()
        self.next_turn: NextTurn = at_once
        self.menu: tuple[MenuEntry, ...] = ()
        self.newcomer = NEWCOMER
        self._now = now
        self._fetch = fetch
        self._receiver: Receiver | None = None
        self._open = False

    # --- life

    async def open(self, menu: Sequence[MenuEntry]) -> None:
        """Take the menu, and find which newcomer was the last."""
        self.menu = tuple(menu)
        numbers = [number for chat in await self.history.chats() if (number := _newcomer_number(chat))]
        self.newcomer = _newcomer_key(max(numbers, default=1))
        self._open = True

    async def listen(self, receiver: Receiver) -> None:
        """Remember who receives; events come with the page's own requests, so this returns at once."""
        self._receiver = receiver

    async def close(self) -> None:
        """Take no more events."""
        self._receiver = None
        self._open = False

    @property
    def healthy(self) -> bool:
        """Whether a press on the page would be carried out."""
        return self._open and self._receiver is not None

    # --- events in

    def parse(self, payload: Payload) -> Event | None:
        """The event in a raw payload; ``None`` when it cannot be read."""
        return event_of(payload)

    async def submit(self, payload: Payload) -> Outcome:
        """Store a payload, have it handled, and return what is to be shown at once.

        Raises:
            NotListeningError: the program is starting or stopping.
        """
        receiver = self._receiver
        if receiver is None:
            raise NotListeningError
        raw = Raw(payload["id"], payload, payload["user"])
        outcome = Outcome()
        for accepted in await receiver.store(self.platform, self.account, [raw]):
            outcome = await receiver.handle(accepted)
        return outcome

    async def say(self, who: Speaker, text: str, *, chat: str, replied_text: str = "") -> Outcome:
        """A persona typed something: keep it in the chat, then have it handled.

        Raises:
            NotListeningError: the program is starting or stopping; nothing was kept.
        """
        self._refuse_closed()
        text = storable_text(text)
        payload = text_payload(who, text, chat=chat, replied_text=replied_text)
        await self._append(StoredMessage(_new_id(), chat, who.key, self._now(), text=text))
        if chat == COMMUNITY and payload["type"] == "text":
            return Outcome()
        return await self.submit(payload)

    async def send_file(self, who: Speaker, file: IncomingFile, *, chat: str) -> Outcome:
        """A persona sent a file: keep it in the chat, then have it handled.

        Raises:
            NotListeningError: the program is starting or stopping; nothing was kept.
        """
        self._refuse_closed()
        reference = FileReference(self.platform.value, self.account, file.reference)
        shown = Screen((), files=(File(file.name, file.mime, reference=reference),), summary=file.name)
        await self._append(StoredMessage(_new_id(), chat, who.key, self._now(), screen=screen_to_json(shown)))
        if chat == COMMUNITY:
            return Outcome()
        return await self.submit(file_payload(who, file, chat=chat))

    def submit_later(self, payload: Payload) -> None:
        """Have a payload handled whose page is gone; nothing can be shown. Does nothing when nobody receives."""
        if self._receiver is not None:
            self._receiver.spawn(self._submit_unseen(payload), name="webchat-submit")

    async def block(self, who: Speaker) -> Outcome:
        """A persona blocks the bot: it is told, and can no longer write to them.

        Raises:
            NotListeningError: the program is starting or stopping; nothing was blocked.
        """
        self._refuse_closed()
        self.blocked.add(who.key)
        return await self.submit(presence_payload(EventKind.LEFT, who))

    async def unblock(self, who: Speaker) -> Outcome:
        """A persona lets the bot write again.

        Raises:
            NotListeningError: the program is starting or stopping; they stay blocked.
        """
        self._refuse_closed()
        self.blocked.discard(who.key)
        return await self.submit(presence_payload(EventKind.JOINED, who))

    def start_afresh(self) -> str:
        """Make the newcomer somebody else, whom the bot has never met, and return their key."""
        self.newcomer = _newcomer_key(_newcomer_number(self.newcomer) + 1)
        return self.newcomer

    # --- messages out

    async def send(self, address: Address, screen: Screen, *, token: str) -> str:
        """Add a message to the chat.

        Raises:
            SendError: UNREACHABLE where the persona blocked the bot.
        """
        self._refuse_blocked(address)
        message = StoredMessage(_new_id(), address.chat, "", self._now(), screen=screen_to_json(screen), token=token)
        await self._append(message)
        return message.id

    async def edit(self, message: MessageRef, screen: Screen) -> str:
        """Redraw a message of ours in its place.

        Raises:
            SendError: UNREACHABLE, GONE (no such message of ours) or UNCHANGED.
        """
        self._refuse_blocked(message.address)
        kept = await self._own(message)
        drawn = screen_to_json(screen)
        if kept.screen == drawn:
            raise SendError(Failure.UNCHANGED, "the same screen")
        redrawn = replace(kept, screen=drawn)
        if not await self.history.replace(redrawn):
            raise SendError(Failure.GONE, "no such message")
        self.live.publish(Change(ChangeKind.REPLACED, redrawn))
        return kept.id

    async def delete(self, message: MessageRef) -> None:
        """Take a message of ours out of the chat.

        Raises:
            SendError: UNREACHABLE or GONE.
        """
        self._refuse_blocked(message.address)
        kept = await self._own(message)
        if not await self.history.delete(kept.chat, kept.id):
            raise SendError(Failure.GONE, "no such message")
        self.live.publish(Change(ChangeKind.DELETED, kept))

    async def ping(self) -> None:
        """It is part of this program, and always there."""

    async def find_sent(self, address: Address, token: str) -> str | None:
        """The id of the message that this delivery left."""
        found = await self.history.with_token(address.chat, token) if token else None
        return found.id if found else None

    @property
    def resolves_doubt(self) -> bool:
        """Always: the history is ours and says for sure."""
        return True

    members_at_once = 1000

    async def members_among(self, channel: Address, users: Sequence[str]) -> dict[str, bool]:
        """Everybody who uses the web chat sees the community's channel beside their own."""
        del channel
        return dict.fromkeys(users, True)

    def outline(self, screen: Screen) -> Sequence[Outline]:
        """Which messages a screen would be here, in words."""
        return outline(screen)

    async def private_address(self, user: str) -> Address:
        """The persona's own chat.

        Raises:
            SendError: UNREACHABLE where the persona blocked the bot.
        """
        address = Address(self.platform, self.account, user)
        self._refuse_blocked(address)
        return address

    def is_group(self, address: Address) -> bool:
        """Whether it is the community channel."""
        return address.chat == COMMUNITY

    # --- files

    async def download(self, reference: FileReference) -> bytes:
        """The bytes of an upload.

        Raises:
            SendError: GONE, or REFUSED for a file that another platform keeps.
        """
        if (reference.platform, reference.account) != (self.platform.value, self.account):
            raise SendError(Failure.REFUSED, "another platform keeps this file")
        return await self.uploads.read(reference.reference)

    async def content_of(self, file: File) -> bytes:
        """The bytes of a file in a screen, wherever they are kept.

        Raises:
            SendError: they cannot be had.
        """
        if file.reference is None:
            return file.content
        if file.reference.platform == self.platform.value:
            return await self.download(file.reference)
        return await self._fetch(file.reference)

    # --- inside

    async def _submit_unseen(self, payload: Payload) -> None:
        await self.submit(payload)

    def _refuse_closed(self) -> None:
        if self._receiver is None:
            raise NotListeningError

    async def _append(self, message: StoredMessage) -> None:
        await self.history.append(message)
        self.live.publish(Change(ChangeKind.ADDED, message))

    async def _own(self, message: MessageRef) -> StoredMessage:
        kept = await self.history.get(message.address.chat, message.message_id)
        if kept is None or kept.mine:
            raise SendError(Failure.GONE, "no such message")
        return kept

    def _refuse_blocked(self, address: Address) -> None:
        if address.chat in self.blocked:
            raise SendError(Failure.UNREACHABLE, "blocked")


def _new_id() -> str:
    return uuid.uuid4().hex


def _newcomer_key(number: int) -> str:
    return NEWCOMER if number == 1 else f"{NEWCOMER}-{number}"


def _newcomer_number(key: str) -> int:
    """Which newcomer this is, counted from 1; 0 for anybody else."""
    if key == NEWCOMER:
        return 1
    name, dash, digits = key.rpartition("-")
    return int(digits) if name == NEWCOMER and dash and digits.isascii() and digits.isdigit() else 0
