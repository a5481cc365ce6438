"""Slack's payloads as events; pure, and tolerant of any shape.

A payload as stored is ``{"type": …, "body": …, "locale": …}``: the kind in Socket Mode's words, what Slack sent
without its secrets, and the language of the person (Slack does not send it along).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.platforms.slack.markup import from_slack, without_mention
from bot.platforms.slack.modals import CALLBACK
from bot.platforms.slack.rendering import LEADS_AWAY
from bot.platforms.slack.view_state import form_of, values_of
from handlers.conversation.event import Address, Event, EventKind, FormSupport, IncomingFile, MessageRef, Payload
from storage.enums import Platform

EVENTS = "events_api"
INTERACTIVE = "interactive"
COMMANDS = "slash_commands"

HOME = "home:"
"""A chat of this form is a person's App Home; what is sent there replaces it."""
HOME_MESSAGE = "home"
SHARE_SHORTCUT = "share"

HOME_COMMAND = "home"

_OF_THE_MOMENT = frozenset({"token", "response_url", "response_urls", "trigger_id", "authorizations", "state"})
"""Secrets and what is of use only at once: kept out of what is stored."""
_BULK = frozenset({"blocks", "attachments", "view"})
"""Our own screens and forms as Slack echoes them, in messages, views and events: nothing is read from them."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace: its id and our bot user's."""

    team: str
    bot_user: str


def kind_of(body: Json) -> str:
    """Which of the three kinds a request body is of; empty when it is none."""
    if isinstance(body.get("command"), str):
        return COMMANDS
    kind = body.get("type")
    if kind == "event_callback":
        return EVENTS
    return INTERACTIVE if isinstance(kind, str) and kind != "url_verification" else ""


def unique_id(body: Json) -> str:
    """What tells one delivery of Slack's from another, and is the same when it is delivered again.

    Events carry an ``event_id``. Interactions and commands do not: their id is a digest of what Slack makes anew for
    each of them (the trigger, the time of the action, the window's state as its hash), so that it is stable, fits the
    inbox and gives away no trigger.
    """
    event_id = body.get("event_id")
    if isinstance(event_id, str) and event_id:
        return event_id
    view, actions = _map(body.get("view")), body.get("actions")
    marks = [
        body.get("type") or body.get("command"),
        _id(body.get("user")) or body.get("user_id"),
        body.get("trigger_id"),
        body.get("action_ts"),
        [_map(action).get("action_ts") for action in actions] if isinstance(actions, list) else None,
        view.get("id"),
        view.get("hash"),
    ]
    digest = hashlib.sha256(json.dumps(marks, default=str).encode()).hexdigest()
    return f"i-{digest[:40]}"


def person_of(body: Json) -> str:
    """Whose events are kept in order with this one: the person's id, else the conversation's."""
    event = _map(body.get("event"))
    for found in (_id(event.get("user")), _id(body.get("user")), _str(body.get("user_id")), _str(event.get("channel"))):
        if found:
            return found
    return ""


def stored(body: Json, locale: str) -> Payload:
    """The payload to write down."""
    kept = {key: value for key, value in body.items() if key not in _OF_THE_MOMENT}
    for part in ("event", "message", "view"):
        if isinstance(kept.get(part), Mapping):
            kept[part] = {key: value for key, value in kept[part].items() if key not in _BULK}
    return {"type": kind_of(body), "id": unique_id(body), "body": kept, "locale": locale}


def parse(payload: object, us: Identity) -> Event | None:
    """The event in a payload; ``None`` when there is nothing in it for us."""
    if not isinstance(payload, dict) or not isinstance(payload.get("body"), dict):
        return None
    body = payload["body"]
    locale = _str(payload.get("locale"))
    reading = _Reading(body, _str(payload.get("id")) or unique_id(body), locale, us)
    match payload.get("type"):
        case "events_api":
            return reading.event()
        case "interactive":
            return reading.interaction()
        case "slash_commands":
            return reading.command()
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _Reading:
    body: Json
    id: str
    locale: str
    us: Identity

    def event(self) -> Event | None:
        event = _map(self.body.get("event"))
        match event.get("type"):
            case "message":
                return self._direct_message(event)
            case "app_mention":
                return self._mention(event)
            case "app_home_opened":
                return self._home(event)
            case "member_joined_channel":
                return self._coming(EventKind.JOINED, event, event.get("user"))
            case "member_left_channel":
                return self._coming(EventKind.LEFT, event, event.get("user"))
            case "channel_left" | "group_left":
                return self._coming(EventKind.LEFT, event, self.us.bot_user)
            case _:
                return None

    def interaction(self) -> Event | None:
        user = _id(self.body.get("user"))
        if not user:
            return None
        match self.body.get("type"):
            case "block_actions":
                return self._press(user)
            case "message_action":
                return self._shortcut(user)
            case "view_submission":
                return self._window(EventKind.SUBMIT, user)
            case "view_closed":
                return self._window(EventKind.ABANDON, user)
            case _:
                return None

    def command(self) -> Event | None:
        user = _str(self.body.get("user_id"))
        if not user:
            return None
        words = from_slack(_str(self.body.get("text"))).strip().split(maxsplit=1)
        return self._made(
            EventKind.COMMAND,
            user,
            Address(Platform.SLACK, self.us.team, user),
            user_name=_str(self.body.get("user_name")),
            action=words[0].removeprefix("/").lower() or HOME_COMMAND if words else HOME_COMMAND,
            text=words[1] if len(words) > 1 else "",
            forms=FormSupport.NOW,
        )

    def _direct_message(self, event: Json) -> Event | None:
        user = _id(event.get("user"))
        ours = user == self.us.bot_user or event.get("bot_id") or event.get("bot_profile") or event.get("hidden")
        if not user or ours or event.get("subtype") not in (None, "file_share"):
            return None
        if event.get("channel_type") != "im" and not _str(event.get("channel")).startswith("D"):
            return None
        text, file = from_slack(_str(event.get("text"))), _file(event.get("files"))
        if not text.strip() and file is None:
            return None
        return self._made(
            EventKind.FILE if file else EventKind.TEXT,
            user,
            Address(Platform.SLACK, self.us.team, user),
            text=text,
            file=file,
            forms=FormSupport.BUTTON,
        )

    def _mention(self, event: Json) -> Event | None:
        user, channel = _id(event.get("user")), _str(event.get("channel"))
        strange = user == self.us.bot_user or event.get("bot_id") or event.get("subtype") not in (None, "file_share")
        # In a direct message the same words come as a message already.
        if not user or not channel or strange or event.get("edited") or channel.startswith("D"):
            return None
        return self._made(
            EventKind.TEXT,
            user,
            Address(Platform.SLACK, self.us.team, channel, _str(event.get("thread_ts"))),
            private=False,
            text=from_slack(without_mention(_str(event.get("text")), self.us.bot_user)),
            file=_file(event.get("files")),
            forms=FormSupport.BUTTON,
        )

    def _home(self, event: Json) -> Event | None:
        user = _id(event.get("user"))
        if not user or event.get("tab") != "home":
            return None
        address = Address(Platform.SLACK, self.us.team, HOME + user)
        return self._made(EventKind.COMMAND, user, address, action=HOME_COMMAND, forms=FormSupport.BUTTON)

    def _coming(self, kind: EventKind, event: Json, who: object) -> Event | None:
        channel = _str(event.get("channel"))
        if not channel or not self.us.bot_user or who != self.us.bot_user:
            return None
        by = _str(event.get("inviter")) or _str(event.get("actor_id"))
        return self._made(kind, by, Address(Platform.SLACK, self.us.team, channel), private=False)

    def _press(self, user: str) -> Event | None:
        actions = self.body.get("actions")
        action = _map(actions[0]) if isinstance(actions, list) and actions else {}
        prefix, _, _ = _str(action.get("action_id")).partition(":")
        value = _str(action.get("value"))
        # Any client can send any id with any value; only what merely opened a web address is no press.
        if prefix == LEADS_AWAY or not value:
            return None
        container = _map(self.body.get("container"))
        channel = _id(self.body.get("channel")) or _str(container.get("channel_id"))
        message_id = _str(container.get("message_ts")) or _str(_map(self.body.get("message")).get("ts"))
        thread = _str(container.get("thread_ts")) or _str(_map(self.body.get("message")).get("thread_ts"))
        private = not channel or channel.startswith("D")
        address = Address(Platform.SLACK, self.us.team, user if private else channel, "" if private else thread)
        message = MessageRef(address, message_id) if message_id and channel else None
        if _map(self.body.get("view")).get("type") == "home":
            message = MessageRef(Address(Platform.SLACK, self.us.team, HOME + user), HOME_MESSAGE)
        return self._made(
            EventKind.PRESS,
            user,
            address,
            user_name=_name(self.body.get("user")),
            private=private,
            action=value,
            message=message,
            forms=FormSupport.NOW,
        )

    def _shortcut(self, user: str) -> Event | None:
        if self.body.get("callback_id") != SHARE_SHORTCUT:
            return None
        message = _map(self.body.get("message"))
        return self._made(
            EventKind.COMMAND,
            user,
            Address(Platform.SLACK, self.us.team, user),
            user_name=_name(self.body.get("user")),
            action=SHARE_SHORTCUT,
            replied_text=from_slack(_str(message.get("text"))),
            replied_file=_file(message.get("files")),
            replied_user=_str(message.get("user")),
            forms=FormSupport.NOW,
        )

    def _window(self, kind: EventKind, user: str) -> Event | None:
        view = _map(self.body.get("view"))
        name, context, _ = form_of(view)
        if view.get("callback_id") != CALLBACK or not name:
            return None
        return self._made(
            kind,
            user,
            Address(Platform.SLACK, self.us.team, user),
            user_name=_name(self.body.get("user")),
            form=name,
            form_context=context,
            values=values_of(view, self.us.team),
            forms=FormSupport.NOW if kind is EventKind.SUBMIT else FormSupport.BUTTON,
        )

    def _made(self, kind: EventKind, user: str, address: Address, **rest: Any) -> Event:
        return Event(kind, self.id, address, user, locale=self.locale, **rest)


def _file(files: object) -> IncomingFile | None:
    """The first file that Slack keeps; one message of ours answers one file."""
    for file in files if isinstance(files, list) else []:
        if not isinstance(file, Mapping) or file.get("mode") in ("tombstone", "hidden_by_limit", "external"):
            continue
        reference, size = _str(file.get("id")), file.get("size")
        if reference:
            known = size if isinstance(size, int) and not isinstance(size, bool) else 0
            return IncomingFile(reference, _str(file.get("name")), _str(file.get("mimetype")), known)
    return None


def _map(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""


def _id(value: object) -> str:
    """An id that Slack gives bare or in an object."""
    return _str(value.get("id")) if isinstance(value, Mapping) else _str(value)


def _name(user: object) -> str:
    known = _map(user)
    return _str(known.get("name")) or _str(known.get("username"))
