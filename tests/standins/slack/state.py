"""The stand-in's workspace: people, conversations, messages, views, files, triggers and response URLs."""

from __future__ import annotations

import itertools
import secrets
import time
from dataclasses import dataclass, field

from .elements import all_options
from .refusals import Json, SlackRefusalError
from .rendering import Button, blocks_as_seen, button_rows, mrkdwn_as_seen, unescape

TEAM_ID = "T0000LSC01"
APP_ID = "A0000LSC01"
BOT_ID = "B0000LSC01"
BOT_USER_ID = "U0000BOT01"


@dataclass(slots=True)
class File:
    """An uploaded file; ``content`` is None until its bytes have arrived."""

    id: str
    name: str
    size: int
    user: str
    content: bytes | None = None
    title: str = ""
    shared: bool = False

    def as_json(self, base_url: str) -> Json:
        """The file object of the Web API; its address needs the bearer token."""
        link = f"{base_url}/files-pri/{TEAM_ID}-{self.id}/{self.name}"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "size": self.size,
            "user": self.user,
            "filetype": self.name.rpartition(".")[2].lower(),
            "mode": "hosted",
            "url_private": link,
            "url_private_download": link.replace("/files-pri/", "/files-pri/download/", 1),
        }


@dataclass(slots=True)
class Message:
    """A message as stored and, in its properties, as a reader sees it.

    Attributes:
        ts: Slack's id of the message within its channel: seconds and a counter.
        ephemeral_for: the one user who sees it, or None.
        edited: how many times it was changed after posting.
    """

    workspace: Workspace = field(repr=False)
    channel_id: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    thread_ts: str | None = None
    metadata: Json | None = None
    files: list[File] = field(default_factory=list)
    ephemeral_for: str | None = None
    edited: int = 0
    deleted: bool = False
    reactions: dict[str, set[str]] = field(default_factory=dict)
    pinned: bool = False

    @property
    def seen(self) -> str:
        """The message as plain text: its blocks if it has any, else its text, as Slack's client chooses."""
        if self.blocks:
            return blocks_as_seen(self.blocks, self.workspace.name_of)
        return mrkdwn_as_seen(self.text, self.workspace.name_of)

    @property
    def notification(self) -> str:
        """The top-level text as a notification shows it."""
        return mrkdwn_as_seen(self.text, self.workspace.name_of)

    @property
    def buttons(self) -> list[list[Button]]:
        """The buttons, row by row."""
        return button_rows(self.blocks)

    @property
    def labels(self) -> list[str]:
        """The words on all buttons, in order."""
        return [button.label for row in self.buttons for button in row]

    def as_json(self, base_url: str, *, with_metadata: bool = False) -> Json:
        """The message object of the Web API and of events."""
        body: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": TEAM_ID}
        if self.bot_id:
            body["bot_id"] = self.bot_id
            body["app_id"] = APP_ID
        if self.blocks:
            body["blocks"] = self.blocks
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        if self.files:
            body["files"] = [each.as_json(base_url) for each in self.files]
            body["upload"] = True
        if self.edited:
            body["edited"] = {"user": self.user, "ts": self.ts}
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": sorted(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        if with_metadata and self.metadata:
            body["metadata"] = self.metadata
        return body


@dataclass(slots=True)
class Channel:
    """A conversation: a public channel (C…), a private one (G…) or a direct message with the bot (D…)."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    im_user: str | None = None
    is_private: bool = False
    archived: bool = False
    topic: str = ""
    store: dict[str, Message] = field(default_factory=dict, repr=False)
    ephemerals: list[Message] = field(default_factory=list, repr=False)

    @property
    def messages(self) -> list[Message]:
        """The messages that are still there and that everyone in the channel sees, oldest first."""
        return list(self.store.values())

    def as_json(self) -> Json:
        """The conversation object of the Web API, as the bot sees it."""
        body: Json = {
            "id": self.id,
            "created": 1_520_000_000,
            "is_im": self.im_user is not None,
            "is_channel": self.im_user is None and not self.is_private,
            "is_group": self.is_private,
            "is_private": self.is_private or self.im_user is not None,
            "is_archived": self.archived,
            "is_mpim": False,
            "context_team_id": TEAM_ID,
        }
        if self.im_user is not None:
            return {**body, "user": self.im_user}
        member = BOT_USER_ID in self.members
        named = {"name": self.name, "name_normalized": self.name, "is_member": member, "num_members": len(self.members)}
        return {**body, **named, "is_general": self.name == "general", "topic": {"value": self.topic}}


@dataclass(slots=True)
class View:
    """A modal or App Home as published, with what its reader has filled in so far.

    Attributes:
        hash: changes at every update; ``views.update`` may be guarded by it.
        values: state by block_id and action_id, in the form of ``view.state.values``.
    """

    workspace: Workspace = field(repr=False)
    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    updates: int = 0

    @property
    def blocks(self) -> list[Json]:
        """The blocks, with ids."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """The words at the top of a modal; empty for App Home."""
        return unescape(self.body.get("title", {}).get("text", ""))

    @property
    def submit_label(self) -> str:
        """The words on the submit button; empty when there is none."""
        return unescape(self.body.get("submit", {}).get("text", ""))

    @property
    def seen(self) -> str:
        """The view as plain text: title first."""
        body = blocks_as_seen(self.blocks, self.workspace.name_of)
        return f"{self.title}\n{body}" if self.title else body

    @property
    def buttons(self) -> list[list[Button]]:
        """The buttons, row by row."""
        return button_rows(self.blocks)

    @property
    def labels(self) -> list[str]:
        """The words on all buttons, in order."""
        return [button.label for row in self.buttons for button in row]

    @property
    def inputs(self) -> list[Json]:
        """The input blocks."""
        return [block for block in self.blocks if block["type"] == "input"]

    @property
    def fields(self) -> list[str]:
        """The labels of the inputs, in order."""
        return [unescape(block["label"]["text"]) for block in self.inputs]

    def options(self, label_or_block_id: str) -> list[str]:
        """The options that an input offers, by the words a person reads."""
        for block in self.inputs:
            if label_or_block_id in {block["block_id"], unescape(block["label"]["text"])}:
                return [unescape(option["text"]["text"]) for option in all_options(block["element"])]
        raise AssertionError(f"no field {label_or_block_id!r}; there are {self.fields}")

    def as_json(self) -> Json:
        """The view object of the Web API and of payloads."""
        body = self.body
        common: Json = {
            "id": self.id,
            "team_id": TEAM_ID,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
            "type": body["type"],
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "external_id": body.get("external_id", ""),
            "state": {"values": self.values},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
        }
        if body["type"] == "modal":
            common |= {
                "title": body["title"],
                "submit": body.get("submit"),
                "close": body.get("close"),
                "clear_on_close": body.get("clear_on_close", False),
                "notify_on_close": body.get("notify_on_close", False),
            }
        return common


@dataclass(slots=True)
class Account:
    """A member of the workspace as the API knows them."""

    id: str
    name: str
    email: str
    locale: str
    tz: str
    is_bot: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Trigger:
    """A permission to open one modal, for seconds. Source: interactivity reference (3 s, single use)."""

    id: str
    user: str
    born: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """A permission to answer an interaction: 5 uses within 30 minutes."""

    token: str
    user: str
    channel_id: str
    message: Message | None
    born: float
    uses: int = 0


class Workspace:
    """Everything that the stand-in remembers, with ids made like Slack's."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._last_tick = 0
        self.accounts: dict[str, Account] = {
            BOT_USER_ID: Account(BOT_USER_ID, "Cluster bot", "", "en-US", "Etc/UTC", is_bot=True)
        }
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._direct: dict[str, Channel] = {}
        self._named: dict[str, Channel] = {}

    def new_id(self, letter: str) -> str:
        """A fresh id that starts with the letter of its kind."""
        return f"{letter}{next(self._numbers):010d}"

    def new_ts(self) -> str:
        """A message id: the time in microseconds, never the same twice and always growing."""
        self._last_tick = max(self._last_tick + 1, time.time_ns() // 1000)
        return f"{self._last_tick // 1_000_000}.{self._last_tick % 1_000_000:06d}"

    def name_of(self, identifier: str) -> str:
        """The name behind a user or channel id, or the id itself when unknown."""
        account = self.accounts.get(identifier)
        if account:
            return account.name
        channel = self.channels.get(identifier)
        return channel.name if channel else identifier

    def add_channel(self, name: str, *, private: bool = False) -> Channel:
        """Create a channel.

        Raises:
            ValueError: the name is taken.
        """
        if name in self._named:
            raise ValueError(f"there is already a channel {name!r}")
        channel = Channel(self.new_id("G" if private else "C"), name, is_private=private)
        self.channels[channel.id] = self._named[name] = channel
        return channel

    def direct(self, user_id: str) -> Channel:
        """The direct message between a person and the bot, opened when needed."""
        channel = self._direct.get(user_id)
        if channel is None:
            channel = Channel(self.new_id("D"), "directmessage", {user_id, BOT_USER_ID}, im_user=user_id)
            self.channels[channel.id] = self._direct[user_id] = channel
        return channel

    def has_direct(self, user_id: str) -> bool:
        """Whether that direct message was ever opened."""
        return user_id in self._direct

    def channel(self, identifier: object) -> Channel:
        """A conversation by id or #name.

        Raises:
            SlackRefusalError: ``channel_not_found``; a private channel without the bot is not found either.
        """
        found = self.channels.get(str(identifier)) or self._named.get(str(identifier).removeprefix("#"))
        if found is None or (found.is_private and BOT_USER_ID not in found.members):
            raise SlackRefusalError("channel_not_found")
        return found

    def account(self, identifier: object) -> Account:
        """A member by id.

        Raises:
            SlackRefusalError: ``user_not_found``.
        """
        found = self.accounts.get(str(identifier))
        if found is None:
            raise SlackRefusalError("user_not_found")
        return found

    def new_trigger(self, user_id: str, view_id: str | None = None) -> Trigger:
        """A trigger as an interaction carries it."""
        number = next(self._numbers)
        trigger = Trigger(f"{number}.{TEAM_ID[1:]}.{secrets.token_hex(16)}", user_id, time.monotonic(), view_id)
        self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(self, user_id: str, channel_id: str, message: Message | None = None) -> ResponseUrl:
        """A response URL as an interaction carries it."""
        permission = ResponseUrl(secrets.token_urlsafe(18), user_id, channel_id, message, time.monotonic())
        self.response_urls[permission.token] = permission
        return permission

    def new_hash(self) -> str:
        """A view hash."""
        return f"{time.time_ns() // 1_000_000_000}.{secrets.token_hex(4)}"
