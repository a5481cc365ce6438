"""What is in an update: pure reading of plain dictionaries, so that no shape whatever can raise.

Field names: https://core.telegram.org/bots/api#update.
"""

import re
from typing import Any

from bot.platforms.base import Raw
from bot.platforms.telegram.message_ids import SentKind, SentMessage
from handlers.conversation.event import Address, Event, EventKind, IncomingFile, MessageRef, Payload
from storage.enums import Platform

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""Said explicitly at every start, since Telegram keeps the last setting."""

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<bot>[A-Za-z0-9_]{1,64}))?(?:\s+(?P<rest>.*))?", re.DOTALL)
_FILE_KINDS = (
    # The field, then the name and type of what has none of its own.
    ("document", "file", "application/octet-stream"),
    ("audio", "audio.mp3", "audio/mpeg"),
    ("video", "video.mp4", "video/mp4"),
    ("voice", "voice.ogg", "audio/ogg"),
    ("video_note", "video.mp4", "video/mp4"),
)
_INSIDE = frozenset({"creator", "administrator", "member"})

Json = dict[str, Any]


def raw_update(update: object) -> Raw | None:
    """An update to be stored, with its id and who it is from (the chat where it is from nobody)."""
    number = _number(update, "update_id")
    if not isinstance(update, dict) or number is None:
        return None
    content = next((value for key, value in update.items() if key != "update_id" and isinstance(value, dict)), {})
    chat = _object(content, "chat") or _object(_object(content, "message"), "chat")
    # Only messages and what becomes of them say when; a press names the date of the message that was pressed inside it.
    return Raw(str(number), update, _id(_object(content, "from")) or _id(chat), _number(content, "date"))


def query_id(payload: Payload) -> str:
    """The id of the press that waits for an answer; empty when the update is none."""
    return _text(_object(payload, "callback_query"), "id")


def parse(payload: object, *, account: str, username: str) -> Event | None:
    """The event in an update, ``None`` when there is nothing in it for us.

    Args:
        payload: the update, of any shape.
        account: our numeric id as text.
        username: our username without @, to know commands meant for us.
    """
    number = _number(payload, "update_id")
    if number is None:
        return None
    reader = _Reader(str(number), account, username.lower())
    if message := _object(payload, "message"):
        return reader.message(message)
    if query := _object(payload, "callback_query"):
        return reader.press(query)
    if change := _object(payload, "my_chat_member"):
        return reader.membership(change)
    return None


class _Reader:
    def __init__(self, event_id: str, account: str, username: str) -> None:
        self._id = event_id
        self._account = account
        self._username = username

    def message(self, message: Json) -> Event | None:
        chat = _object(message, "chat")
        if not _id(chat):
            return None
        if moved := self._moved(message, chat):
            return moved
        sender = _object(message, "from")
        # What a linked channel posts is forwarded into its group by Telegram itself, in a person's guise.
        if not self._is_person(sender) or message.get("is_automatic_forward") is True:
            return None
        text, file = _text(message, "text"), _file(message)
        if file is not None:
            return self._event(EventKind.FILE, message, sender, text=_text(message, "caption"), file=file)
        if not text:
            return None
        found = _COMMAND.fullmatch(text)
        if found is None:
            return self._event(EventKind.TEXT, message, sender, text=text)
        if (found["bot"] or self._username).lower() != self._username:
            return None
        return self._event(
            EventKind.COMMAND,
            message,
            sender,
            action=found["name"].lower(),
            text=(found["rest"] or "").strip(),
        )

    def press(self, query: Json) -> Event | None:
        sender, message = _object(query, "from"), _object(query, "message")
        data, number = _text(query, "data"), _number(message, "message_id")
        if not self._is_person(sender) or not data or number is None or not _id(_object(message, "chat")):
            return None
        kind = SentKind.PHOTO if message.get("photo") else SentKind.DOCUMENT if message.get("document") else None
        sent = SentMessage(number, kind or SentKind.TEXT)
        return self._event(
            EventKind.PRESS,
            message,
            sender,
            action=data,
            pressed=MessageRef(self._address(message), str(sent)),
        )

    def membership(self, change: Json) -> Event | None:
        chat, sender = _object(change, "chat"), _object(change, "from")
        if not _id(chat) or not _id(sender):
            return None
        before, after = _is_inside(_object(change, "old_chat_member")), _is_inside(_object(change, "new_chat_member"))
        if before == after:
            return None
        return self._event(EventKind.JOINED if after else EventKind.LEFT, change, sender)

    def _moved(self, message: Json, chat: Json) -> Event | None:
        """Both groups tell of the move, each with the other's id."""
        new = _number(message, "migrate_to_chat_id")
        old = _number(message, "migrate_from_chat_id")
        if new is None and old is None:
            return None
        before, after = (_id(chat), str(new)) if new is not None else (str(old), _id(chat))
        return Event(
            EventKind.MOVED,
            self._id,
            Address(Platform.TELEGRAM, self._account, before),
            _id(_object(message, "from")),
            private=False,
            new_chat=after,
        )

    def _is_person(self, sender: Json) -> bool:
        return bool(_id(sender)) and sender.get("is_bot") is not True and _id(sender) != self._account

    def _address(self, message: Json) -> Address:
        thread = _number(message, "message_thread_id") if message.get("is_topic_message") is True else None
        chat = _id(_object(message, "chat"))
        return Address(Platform.TELEGRAM, self._account, chat, "" if thread is None else str(thread))

    def _event(
        self,
        kind: EventKind,
        message: Json,
        sender: Json,
        *,
        action: str = "",
        text: str = "",
        file: IncomingFile | None = None,
        pressed: MessageRef | None = None,
    ) -> Event:
        replied = _object(message, "reply_to_message") if pressed is None else {}
        author = _object(replied, "from")
        return Event(
            kind,
            self._id,
            self._address(message),
            _id(sender),
            user_name=_text(sender, "first_name"),
            locale=_text(sender, "language_code").split("-", maxsplit=1)[0].lower(),
            private=_text(_object(message, "chat"), "type") == "private",
            action=action,
            text=text,
            file=file,
            message=pressed,
            replied_text=_replied(message) if pressed is None else "",
            replied_file=_file(replied),
            replied_user=_id(author) if self._is_person(author) else "",
        )


def _replied(message: Json) -> str:
    """The whole message that was replied to; what was quoted of it, where the message itself is in another chat."""
    target = _object(message, "reply_to_message")
    return _text(target, "text") or _text(target, "caption") or _text(_object(message, "quote"), "text")


def _file(message: Json) -> IncomingFile | None:
    sizes = message.get("photo")
    if isinstance(sizes, list):
        photos = [size for size in sizes if _text(size, "file_id")]
        if photos:
            largest = max(photos, key=lambda size: (_number(size, "width") or 0) * (_number(size, "height") or 0))
            return _incoming(largest, "photo.jpg", "image/jpeg")
    for field, name, mime in _FILE_KINDS:
        found = _object(message, field)
        if _text(found, "file_id"):
            return _incoming(found, name, mime)
    return None


def _incoming(file: Json, name: str, mime: str) -> IncomingFile:
    return IncomingFile(
        _text(file, "file_id"),
        _text(file, "file_name") or name,
        _text(file, "mime_type") or mime,
        max(_number(file, "file_size") or 0, 0),
    )


def _is_inside(member: Json) -> bool:
    status = _text(member, "status")
    return status in _INSIDE or (status == "restricted" and member.get("is_member") is True)


def _object(source: object, key: str) -> Json:
    value = source.get(key) if isinstance(source, dict) else None
    return value if isinstance(value, dict) else {}


def _text(source: object, key: str) -> str:
    value = source.get(key) if isinstance(source, dict) else None
    # JSON can carry half of a surrogate pair, which no database or log can write.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""


def _number(source: object, key: str) -> int | None:
    value = source.get(key) if isinstance(source, dict) else None
    # Ids have at most 52 significant bits (Bot API, Chat); what is longer is no id, and too long to be written out.
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def _id(source: object) -> str:
    number = _number(source, "id")
    return "" if number is None else str(number)
