"""What the page tells the adapter, as raw JSON, and how an event is read from it.

The JSON goes through the inbox like an update from any other platform, so reading it trusts nothing.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.conversation.event import Address, Event, EventKind, FormSupport, IncomingFile, MessageRef, Payload
from handlers.conversation.form import Form, Value, Values
from storage.enums import Platform

ACCOUNT = "web"
COMMUNITY = "community"
"""The chat that every persona reads and writes."""

COMMAND_MARK = "/"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who acts on the page: their key, what the bot may call them, and their language."""

    key: str
    name: str = ""
    locale: str = ""


def press_payload(who: Speaker, *, chat: str, message: str, action: str) -> Payload:
    """A button was pressed."""
    return _payload("press", who, chat) | {"message": message, "action": action}


def text_payload(who: Speaker, text: str, *, chat: str, replied_text: str = "") -> Payload:
    """Something was typed: a command when it starts with a slash."""
    payload = _payload("text", who, chat) | {"replied_text": replied_text}
    word, rest = (*text.strip().split(maxsplit=1), "", "")[:2]
    if word.startswith(COMMAND_MARK) and len(word) > 1:
        return payload | {"type": "command", "command": word[1:].lower(), "text": rest.strip()}
    return payload | {"text": text}


def form_payload(kind: EventKind, who: Speaker, *, chat: str, form: Form, values: Values) -> Payload:
    """A form was sent (SUBMIT) or closed half-filled (ABANDON)."""
    filled = {"form": form.name, "context": dict(form.context), "values": dict(values)}
    return _payload(kind.value, who, chat) | filled


def file_payload(who: Speaker, file: IncomingFile, *, chat: str) -> Payload:
    """A file was sent."""
    described = {"reference": file.reference, "name": file.name, "mime": file.mime, "size": file.size}
    return _payload("file", who, chat) | {"file": described}


def presence_payload(kind: EventKind, who: Speaker) -> Payload:
    """The bot was blocked (LEFT) or let in again (JOINED)."""
    return _payload(kind.value, who, who.key)


def _payload(kind: str, who: Speaker, chat: str) -> Payload:
    return {
        "id": uuid.uuid4().hex,
        "type": kind,
        "user": who.key,
        "name": who.name,
        "locale": who.locale,
        "chat": chat,
    }


def event_of(payload: Any) -> Event | None:
    """The event in a payload; ``None`` for what cannot be read. Pure, and never raises."""
    if not isinstance(payload, dict):
        return None
    event_id, user, chat = (_text(payload, key) for key in ("id", "user", "chat"))
    kind = _kind(payload)
    if not (event_id and user and chat) or kind is None:
        return None
    address = Address(Platform.WEB, ACCOUNT, chat)
    event = Event(
        kind,
        event_id,
        address,
        user,
        user_name=_text(payload, "name"),
        locale=_text(payload, "locale"),
        private=chat != COMMUNITY,
        text=_text(payload, "text"),
        replied_text=_text(payload, "replied_text"),
        forms=FormSupport.NOW,
    )
    return _with_details(event, payload)


def _with_details(event: Event, payload: Payload) -> Event | None:
    match event.kind:
        case EventKind.PRESS:
            action, message = _text(payload, "action"), _text(payload, "message")
            if not action or not message:
                return None
            return replace(event, action=action, message=MessageRef(event.address, message))
        case EventKind.COMMAND:
            command = _text(payload, "command")
            return replace(event, action=command) if command else None
        case EventKind.TEXT:
            return event if event.text.strip() else None
        case EventKind.SUBMIT | EventKind.ABANDON:
            form, values = _text(payload, "form"), payload.get("values")
            if not form or not isinstance(values, Mapping):
                return None
            return replace(event, form=form, form_context=_context(payload), values=_values(values))
        case EventKind.FILE:
            file = _file(payload.get("file"))
            return replace(event, file=file) if file else None
        case EventKind.JOINED | EventKind.LEFT:
            return event
    return None


def _kind(payload: Payload) -> EventKind | None:
    try:
        return EventKind(_text(payload, "type"))
    except ValueError:
        return None


def _text(payload: Mapping[str, Any], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _context(payload: Payload) -> dict[str, str]:
    context = payload.get("context")
    if not isinstance(context, Mapping):
        return {}
    return {key: value for key, value in context.items() if isinstance(key, str) and isinstance(value, str)}


def _values(raw: Mapping[Any, Any]) -> Values:
    return {name: _value(value) for name, value in raw.items() if isinstance(name, str)}


def _value(value: Any) -> Value:
    if isinstance(value, bool):
        return None
    if isinstance(value, str | int):
        return value
    if isinstance(value, list):
        return [one for one in value if isinstance(one, str)]
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if isinstance(key, str)}
    return None


def _file(data: Any) -> IncomingFile | None:
    if not isinstance(data, Mapping):
        return None
    size = data.get("size")
    reference = _text(data, "reference")
    if not reference or not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return None
    return IncomingFile(reference, _text(data, "name"), _text(data, "mime"), size)
