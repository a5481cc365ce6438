"""Tells the open pages what happened in a chat, and counts what nobody has seen."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.platforms.webchat.history import StoredMessage


class ChangeKind(StrEnum):
    """What happened to a message."""

    ADDED = "added"
    REPLACED = "replaced"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """One message that came, changed or went."""

    kind: ChangeKind
    message: StoredMessage


Watcher = Callable[[Change], None]


class LiveChats:
    """The pages that are open now. In memory: it dies with them."""

    def __init__(self) -> None:
        self._watchers: dict[int, Watcher] = {}
        self._next = 0
        self._readers: Counter[str] = Counter()
        self._unread: Counter[str] = Counter()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call ``watcher`` for every change from now on; returns what ends that."""
        number = self._next
        self._next += 1
        self._watchers[number] = watcher

        def stop() -> None:
            self._watchers.pop(number, None)

        return stop

    def publish(self, change: Change) -> None:
        """Count it, then tell every watcher."""
        chat = change.message.chat
        if change.kind is ChangeKind.ADDED and not self._readers[chat]:
            self._unread[chat] += 1
        for watcher in list(self._watchers.values()):
            watcher(change)

    def read(self, chat: str) -> Callable[[], None]:
        """Somebody has the chat before their eyes; returns what says that they left."""
        self._readers[chat] += 1
        self._unread[chat] = 0
        left = False

        def leave() -> None:
            nonlocal left
            if not left:
                left = True
                self._readers[chat] -= 1

        return leave

    def unread(self, chat: str) -> int:
        """How many messages came while nobody had the chat open."""
        return self._unread[chat]
