"""Rendered messages on their way to a chat: sent, redrawn, deleted."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import assert_never

from telegram import InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message
from telegram.constants import ParseMode

from bot.platforms.base import Failure, FetchFile, NextTurn, SendError
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.message_ids import MARK_LENGTH, SentKind, SentMessage, file_digest, file_mark
from bot.platforms.telegram.rendering import Part, PartKind, keyboard_json, markup
from handlers.conversation.event import Address
from handlers.conversation.screen import File, FileReference
from storage.enums import Platform

logger = logging.getLogger(__name__)

REMEMBERED_DELIVERIES = 1000
"""Deliveries of several messages that stopped half-way; far more than ever wait for another try."""
REMEMBERED_SCREENS = 5000
"""Screens of several messages whose buttons can be pressed; after that, a press redraws only the message it is on."""
REMEMBERED_UPLOADS = 500
"""Files that Telegram has from us already, by kind and content."""
FILE_NAME_BYTES = 120
GENERAL_TOPIC = "1"
"""A forum's General topic: written to without naming it (Bot API, message_thread_id)."""

_THREAD_GONE = ("message thread not found", "topic_deleted")
_NOT_A_PHOTO = ("photo_invalid_dimensions", "image_process_failed", "photo_ext_invalid", "too big")
_FILE_ID_OF_NO_USE = ("can't use file of type", "wrong remote file identifier", "wrong file identifier")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Attachment = str | InputFile


class Messages:
    """Sends and redraws parts.

    A screen that takes several messages can fail after the first. What had been sent is remembered under the delivery's
    name, so that another try goes on from there and nobody reads the beginning twice. A press names only the message
    that it is on, so which messages make up one screen is remembered too.

    Args:
        client: the connection.
        fetch: gets files that another platform keeps.
        download: gets files that Telegram keeps.
        next_turn: waits for the turn of a further message in a chat.
        paid: that the bot's balance may be charged for messages above the free rate.
    """

    def __init__(
        self, client: TelegramClient, *, fetch: FetchFile, download: FetchFile, next_turn: NextTurn, paid: bool
    ) -> None:
        self._client = client
        self._fetch = fetch
        self._download = download
        self._next_turn = next_turn
        self._paid = paid
        self._begun: OrderedDict[str, list[SentMessage]] = OrderedDict()
        self._uploaded: OrderedDict[tuple[PartKind, str], str] = OrderedDict()
        self._screens: OrderedDict[tuple[str, int], list[SentMessage]] = OrderedDict()

    async def send(self, address: Address, parts: Sequence[Part], *, delivery: str) -> list[SentMessage]:
        """Send parts in order, except those that an earlier try of this delivery has sent.

        Raises:
            SendError: a part was not sent; those before it were.
        """
        if len(parts) <= 1:
            return [await self._send_part(address, part) for part in parts]
        key = f"{delivery} {address.chat} {hash(tuple(parts))}"
        sent = self._begun.setdefault(key, [])
        self._begun.move_to_end(key)
        while len(self._begun) > REMEMBERED_DELIVERIES:
            self._begun.popitem(last=False)
        for index, part in enumerate(parts[len(sent) :]):
            # Every message counts against the limits, not every screen.
            async with self._next_turn(address.chat) if index else nullcontext():
                sent.append(await self._send_part(address, part))
        del self._begun[key]
        self._remember(address, sent, parts)
        return list(sent)

    def _remember(self, address: Address, sent: list[SentMessage], parts: Sequence[Part]) -> None:
        """Note which messages a press on one of them redraws; handed-over files stay as they are."""
        body = [message for message, part in zip(sent, parts, strict=True) if part.html]
        for message, part in zip(sent, parts, strict=True):
            if part.keyboard and len(body) > 1:
                self._screens[address.chat, message.number] = body
        while len(self._screens) > REMEMBERED_SCREENS:
            self._screens.popitem(last=False)

    async def edit(self, address: Address, shown: list[SentMessage], parts: Sequence[Part]) -> list[SentMessage]:
        """Make messages show other parts: redrawn where Telegram can, else sent anew and the old ones deleted.

        Raises:
            SendError: UNCHANGED when all of it looks like that already; GONE when the first message is not there.
        """
        if len(shown) == 1:
            shown = self._screens.get((address.chat, shown[0].number), shown)
        kept: list[SentMessage] = []
        changed = False
        for message, part in zip(shown, parts, strict=False):
            if not _can_become(message, part):
                break
            try:
                await self._redraw(address, message, part)
                changed = True
            except SendError as error:
                if error.failure is Failure.GONE and kept:
                    break
                if error.failure is not Failure.UNCHANGED:
                    raise
            kept.append(message)
        remaining, surplus = parts[len(kept) :], shown[len(kept) :]
        if not changed and not remaining and not surplus:
            raise SendError(Failure.UNCHANGED, "the message looks like that already")
        # First the new, then the old away: a process that dies in between leaves something twice, and loses nothing.
        delivery = f"edit of {','.join(str(message.number) for message in shown)}"
        added = await self.send(address, remaining, delivery=delivery)
        for message in surplus:
            await self._delete_surplus(address, message)
        if len(parts) > 1:
            self._remember(address, kept + added, parts)
        return kept + added

    async def delete(self, address: Address, message: SentMessage) -> None:
        """Delete one message.

        Raises:
            SendError: it was not deleted.
        """
        bot = self._client.bot
        await self._client.call(
            bot.delete_message(_chat_id(address), message.number), chat=address.chat, repeatable=True
        )

    async def _delete_surplus(self, address: Address, message: SentMessage) -> None:
        try:
            await self.delete(address, message)
        except SendError as error:
            # The screen is shown as it should be; an old message too many is no reason to send it again.
            if error.failure is not Failure.GONE:
                logger.warning("a message that was replaced could not be deleted: %s", error)

    # One part

    async def _redraw(self, address: Address, message: SentMessage, part: Part) -> None:
        if part.kind is PartKind.DOCUMENT and not part.html and not part.keyboard:
            # A handed-over file, and the same one: there is nothing about it that could be redrawn.
            raise SendError(Failure.UNCHANGED, "the file is the same")
        chat, keyboard, bot = _chat_id(address), markup(part.keyboard), self._client.bot
        call: Awaitable[Message | bool]
        match part.kind:
            case PartKind.TEXT:
                call = bot.edit_message_text(
                    part.html,
                    chat,
                    message.number,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_NO_PREVIEW,
                    reply_markup=keyboard,
                )
            case PartKind.PHOTO | PartKind.DOCUMENT:
                call = bot.edit_message_caption(
                    chat, message.number, caption=part.html, parse_mode=ParseMode.HTML, reply_markup=keyboard
                )
            case _:
                assert_never(part.kind)
        await self._client.call(call, chat=address.chat, repeatable=True)

    async def _send_part(self, address: Address, part: Part) -> SentMessage:
        thread = int(address.thread) if address.thread not in {"", GENERAL_TOPIC} else None
        try:
            return await self._send_to(address, thread, part)
        except SendError as error:
            if thread is None or not _says(error, _THREAD_GONE):
                raise
        # The topic was deleted; the words still belong into this chat.
        return await self._send_to(address, None, part)

    async def _send_to(self, address: Address, thread: int | None, part: Part) -> SentMessage:
        if part.file is None:
            number = await self._client.call(
                self._client.bot.send_text(
                    _chat_id(address),
                    part.html,
                    thread=thread,
                    keyboard=keyboard_json(part.keyboard),
                    paid=self._paid,
                ),
                chat=address.chat,
            )
            return SentMessage(number)
        keyboard = markup(part.keyboard) if part.keyboard else None
        digest = file_digest(part.file)
        known = self._uploaded.get((part.kind, digest), "")
        try:
            sent = await self._attach(address, thread, part, known or await self._attachment(part.file), keyboard)
        except SendError as error:
            if known and _says(error, _FILE_ID_OF_NO_USE):
                del self._uploaded[part.kind, digest]
                return await self._send_to(address, thread, part)
            own = self._is_own(part.file.reference)
            if part.kind is PartKind.PHOTO and _says(error, _NOT_A_PHOTO):
                return await self._send_to(address, thread, replace(part, kind=PartKind.DOCUMENT))
            if not (own and part.file.reference and _says(error, _FILE_ID_OF_NO_USE)):
                raise
            # A file id sends a file only as what it was when it came. Its bytes can be sent as anything.
            content = await self._bytes(self._download, part.file.reference)
            sent = await self._attach(address, thread, part, _upload(part.file, content), keyboard)
        self._remember_upload(part.kind, digest, sent)
        kind = SentKind.PHOTO if part.kind is PartKind.PHOTO else SentKind.DOCUMENT
        return SentMessage(sent.message_id, kind, digest[:MARK_LENGTH])

    def _remember_upload(self, kind: PartKind, digest: str, sent: Message) -> None:
        """Note what Telegram calls the file from now on, so that a broadcast uploads it once and not to each reader."""
        kept = sent.photo[-1] if sent.photo else sent.document
        if kept is not None:
            self._uploaded[kind, digest] = kept.file_id
            self._uploaded.move_to_end((kind, digest))
        while len(self._uploaded) > REMEMBERED_UPLOADS:
            self._uploaded.popitem(last=False)

    async def _attach(
        self,
        address: Address,
        thread: int | None,
        part: Part,
        attachment: Attachment,
        keyboard: InlineKeyboardMarkup | None,
    ) -> Message:
        chat, bot = _chat_id(address), self._client.bot
        caption = part.html or None
        if part.kind is PartKind.PHOTO:
            call = bot.send_photo(
                chat,
                attachment,
                caption=caption,
                message_thread_id=thread,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                allow_paid_broadcast=self._paid or None,
            )
        else:
            call = bot.send_document(
                chat,
                attachment,
                caption=caption,
                message_thread_id=thread,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                disable_content_type_detection=True if isinstance(attachment, InputFile) else None,
                allow_paid_broadcast=self._paid or None,
            )
        return await self._client.call(call, chat=address.chat)

    # Files

    async def _attachment(self, file: File) -> Attachment:
        if file.content or file.reference is None:
            return _upload(file, file.content)
        if self._is_own(file.reference):
            return file.reference.reference
        return _upload(file, await self._bytes(self._fetch, file.reference))

    def _is_own(self, reference: FileReference | None) -> bool:
        """Whether Telegram keeps it for this very bot; another bot's ids mean nothing to it."""
        me = self._client.me
        return (
            reference is not None
            and me is not None
            and (reference.platform, reference.account) == (Platform.TELEGRAM.value, str(me.id))
        )

    async def _bytes(self, source: FetchFile, reference: FileReference) -> bytes:
        try:
            return await source(reference)
        except SendError as error:
            # What the file's platform says of itself says nothing of the chat that it is for.
            refused = error.permanent or error.failure is Failure.MOVED
            failure = SendError(
                Failure.REFUSED if refused else Failure.TEMPORARY, f"the file cannot be fetched: {error.description}"
            )
        raise failure


def _can_become(message: SentMessage, part: Part) -> bool:
    match part.kind:
        case PartKind.TEXT:
            return message.kind is SentKind.TEXT
        case PartKind.PHOTO | PartKind.DOCUMENT:
            # A picture that Telegram would not have as a picture went as a document; both are redrawn alike.
            same = part.file is not None and message.mark == file_mark(part.file)
            return message.kind is not SentKind.TEXT and same
    assert_never(part.kind)


def _upload(file: File, content: bytes) -> InputFile:
    upload = InputFile(content, filename=_file_name(file.name))
    upload.mimetype = file.mime if "/" in file.mime else "application/octet-stream"
    return upload


def _file_name(name: str) -> str:
    """A name that fits into a request's header and on any disk; the end, with its suffix, is kept."""
    kept = "".join("_" if char in '/\\"' or ord(char) < 32 or "\ud800" <= char <= "\udfff" else char for char in name)
    while len(kept.encode()) > FILE_NAME_BYTES:
        kept = kept[1:]
    return kept.strip() or "file"


def _chat_id(address: Address) -> int | str:
    """Telegram's own id, or a channel's @name as a configuration may give it."""
    return int(address.chat) if address.chat.removeprefix("-").isdecimal() else address.chat


def _says(error: SendError, sentences: Sequence[str]) -> bool:
    words = error.description.lower()
    return any(sentence in words for sentence in sentences)
