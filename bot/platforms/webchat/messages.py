"""The messages of one chat on the page: drawn, kept up to date, more of them on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from nicegui.events import GenericEventArguments

from bot.platforms.webchat.elements import Node, avatar, icon, icon_button
from bot.platforms.webchat.history import ChatHistory, StoredMessage
from bot.platforms.webchat.live import Change, ChangeKind
from bot.platforms.webchat.payloads import COMMUNITY
from bot.platforms.webchat.people import Cast
from bot.platforms.webchat.rendering import ScreenRenderer
from handlers.conversation.screen import Button
from handlers.conversation.texts import Texts

PAGE_OF_MESSAGES = 60
"""How many are shown at first, and how many more at each request."""


@dataclass(frozen=True, slots=True)
class PaneSettings:
    """What the panes of one page share.

    Attributes:
        t: the language of the page's own words.
        zone: in which the times beside messages are told.
        announce: says a line to screen readers.
    """

    t: Texts
    zone: ZoneInfo
    announce: Callable[[str], None]


class MessageList:
    """The messages of a chat, as one persona sees them.

    ``on_press`` is called with a message's id, the button pressed and its element; ``on_reply`` with the text to
    reply to. Changes that come before :meth:`fill` has read the history wait until it has.
    """

    def __init__(
        self,
        history: ChatHistory,
        cast: Cast,
        chat: str,
        settings: PaneSettings,
        *,
        viewer: str,
        on_press: Callable[[str, Button, Node], None],
        on_reply: Callable[[str], None],
    ) -> None:
        self._history = history
        self._cast = cast
        self._chat = chat
        self._settings = settings
        self.t = settings.t
        self._viewer = viewer
        self._on_press = on_press
        self._on_reply = on_reply
        self._rows: dict[str, Node] = {}
        self._messages: dict[str, StoredMessage] = {}
        self._last_day: date | None = None
        self._waiting: list[Change] | None = []

    def draw(self, language: str) -> None:
        """Draw the empty list into the element that is open; ``language`` is the one the bot writes in."""
        t = self.t
        with Node("div", "log", attributes={"data-log": "", "tabindex": 0, "role": "region"}) as log:
            log.props["aria-label"] = t("Messages")
            self._earlier = Node("button", "text-button earlier", t("Show earlier messages"), {"type": "button"})
            self._earlier.props["hidden"] = True
            self._earlier.listen("click", self._show_earlier)
            self._list = Node("ol", "messages", attributes={"lang": language})
            self._empty = Node("div", "empty")
            with self._empty:
                icon("helix")
                Node("p", text=t("Nothing here yet. Write a word, or choose a command."))

    async def fill(self) -> None:
        """Put the last messages in, then what came while they were read."""
        messages = await self._history.latest(self._chat, PAGE_OF_MESSAGES)
        self._redraw(messages, more=len(messages) == PAGE_OF_MESSAGES)
        waiting, self._waiting = self._waiting or [], None
        for change in waiting:
            self.apply(change)

    def see_as(self, viewer: str) -> None:
        """Somebody else looks: what is mine and what is theirs changes."""
        self._viewer = viewer
        self._redraw(list(self._messages.values()), more=not self._earlier.props["hidden"])

    def apply(self, change: Change) -> None:
        """Show what happened to a message."""
        if self._waiting is not None:
            self._waiting.append(change)
            return
        message = change.message
        match change.kind:
            case ChangeKind.ADDED if message.id not in self._rows:
                self._add(message)
                self._update_empty()
                if message.author != self._viewer:
                    self._settings.announce(f"{self._author_name(message)}: {_line(message)}")
            case ChangeKind.REPLACED if row := self._rows.get(message.id):
                self._messages[message.id] = message
                row.clear()
                with row:
                    self._draw_message(message, edited=True)
                self._settings.announce(_line(message))
            case ChangeKind.DELETED if row := self._rows.pop(message.id, None):
                self._messages.pop(message.id, None)
                row.delete()
                self._update_empty()

    async def _show_earlier(self, _: GenericEventArguments) -> None:
        oldest = next(iter(self._messages), "")
        earlier = await self._history.latest(self._chat, PAGE_OF_MESSAGES, before=oldest)
        self._redraw(earlier + list(self._messages.values()), more=len(earlier) == PAGE_OF_MESSAGES)

    def _redraw(self, messages: list[StoredMessage], *, more: bool) -> None:
        self._list.clear()
        self._rows.clear()
        self._messages.clear()
        self._last_day = None
        for message in messages:
            self._add(message)
        self._earlier.props["hidden"] = not more
        self._update_empty()

    def _update_empty(self) -> None:
        self._empty.props["hidden"] = bool(self._rows)

    def _add(self, message: StoredMessage) -> None:
        day = message.at.astimezone(self._settings.zone).date()
        with self._list:
            if day != self._last_day:
                self._last_day = day
                with Node("li", "day"):
                    Node("span", text=self.t.day(day, year=True))
            side = "mine" if message.author == self._viewer else "theirs"
            with Node("li", f"message {side}", attributes={"data-message-id": message.id}) as row:
                self._draw_message(message, edited=False)
        self._rows[message.id] = row
        self._messages[message.id] = message

    def _draw_message(self, message: StoredMessage, *, edited: bool) -> None:
        mine = message.author == self._viewer
        if not mine:
            if message.author:
                avatar(message.author, self._cast.name_of(message.author))
            else:
                with Node("span", "avatar avatar-bot", attributes={"aria-hidden": "true"}):
                    icon("helix")
        with Node("div", "bubble", attributes={"tabindex": -1, "data-bubble": ""}):
            who = self.t("You") if mine else self._author_name(message)
            Node("span", "author" if message.author and not mine else "unseen", who)
            shown = message.shown
            if shown is not None:
                on_press = partial(self._on_press, message.id)
                ScreenRenderer(shown, chat=message.chat, message_id=message.id, on_press=on_press).draw()
            elif message.screen is not None:
                Node("p", "para", self.t("This message was written by another version and cannot be shown."))
            else:
                Node("p", "para", message.text)
            self._draw_foot(message, edited=edited)

    def _draw_foot(self, message: StoredMessage, *, edited: bool) -> None:
        local = message.at.astimezone(self._settings.zone)
        with Node("div", "message-foot"):
            if edited:
                Node("span", text=self.t("updated"))
            Node("time", text=self.t.hour(local), attributes={"datetime": local.isoformat()})
            if self._chat == COMMUNITY and message.author and message.text:
                reply = icon_button("reply", self.t("Reply to this message"), "reply")
                reply.listen("click", lambda _: self._on_reply(message.text))

    def _author_name(self, message: StoredMessage) -> str:
        return self._cast.name_of(message.author) if message.author else self.t("Bot")


def _line(message: StoredMessage) -> str:
    shown = message.shown
    return shown.line if shown else message.text
