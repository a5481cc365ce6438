"""The demo's mail: what the bot would have sent by e-mail, in a drawer of the page's head."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.platforms.webchat.elements import Node
from handlers.conversation.texts import Texts

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """An e-mail that was not sent."""

    to: str
    subject: str
    text: str
    at: datetime


class Mailbox(Protocol):
    """Where e-mail is caught."""

    def letters(self) -> Sequence[CaughtMail]:
        """What was caught, oldest first."""
        ...

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call ``watcher`` when one more is caught; returns what ends that."""
        ...


class MailDrawer:
    """Draws it on one page.

    Args:
        mailbox: where e-mail is caught.
        t: the page's language.
        zone: in which times are told.
    """

    def __init__(self, mailbox: Mailbox, *, t: Texts, zone: ZoneInfo) -> None:
        self._mailbox = mailbox
        self._t = t
        self._zone = zone

    def draw(self) -> Callable[[], None]:
        """Draw it where the page is being drawn; returns what ends its watch."""
        self._drawer = Node("details", "mailbox")
        with self._drawer:
            self._label = Node("summary", "mailbox-label", attributes={"aria-live": "polite"})
            self._list = Node("ul", "mailbox-list")
        self._refresh()
        return self._mailbox.watch(self._come)

    def _come(self) -> None:
        # It opens by itself: a window that asks for the code keeps the page behind it from being pressed.
        self._drawer.props["open"] = ""
        self._refresh()

    def _refresh(self) -> None:
        letters, t = self._mailbox.letters(), self._t
        self._label.say(t("E-mail ({n})", n=len(letters)))
        self._list.clear()
        with self._list:
            if not letters:
                Node("li", "mailbox-none", t("No e-mail yet. The demo shows here what would be sent."))
            for letter in reversed(letters[-MOST_SHOWN:]):
                with Node("li", "mailbox-letter"):
                    Node("p", "mailbox-to", f"{t.stamp(letter.at, self._zone)} · {letter.to}")
                    Node("p", "mailbox-subject", letter.subject)
                    Node("p", "mailbox-text", letter.text)
