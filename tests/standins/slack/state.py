"""What the stand-in remembers: people, conversations, messages, views, files, triggers and response URLs."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .elements import all_options
from .refusals import Json
from .rendering import Button, blocks_as_seen, button_rows, mrkdwn_as_seen, unescape

if TYPE_CHECKING:
    from .workspace import Workspace

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
            "mimetype": mimetypes.guess_type(self.name)[0] or "application/octet-stream",
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
