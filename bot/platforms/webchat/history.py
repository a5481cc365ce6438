"""What the web chat keeps of a conversation, and the port through which it is kept.

Telegram and Slack keep their own history; here it is ours to keep, so that a reload of the page and a restart of the
program show the same chat.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.conversation.codec import CodecError, screen_from_json
from handlers.conversation.event import Payload
from handlers.conversation.screen import Screen


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message of a chat.

    Attributes:
        id: unique over all chats.
        chat: a persona's key, or the community channel.
        author: the key of the persona who wrote it; empty for the bot.
        at: when, aware, by the demo's clock.
        text: what a persona typed; empty where there is a screen.
        screen: what :func:`handlers.conversation.codec.screen_to_json` made of a screen.
        token: the delivery that sent it, for the bot's own messages.
    """

    id: str
    chat: str
    author: str
    at: datetime
    text: str = ""
    screen: Payload | None = None
    token: str = ""

    @property
    def mine(self) -> bool:
        """Whether a persona wrote it, and not the bot."""
        return bool(self.author)

    @property
    def shown(self) -> Screen | None:
        """The screen; ``None`` where there is none or this release cannot read it."""
        if self.screen is None:
            return None
        try:
            return screen_from_json(self.screen)
        except CodecError:
            return None


class ChatHistory(Protocol):
    """Where the messages are kept. Order is the order of appending."""

    async def append(self, message: StoredMessage) -> None:
        """Add a message at the end of its chat."""
        ...

    async def replace(self, message: StoredMessage) -> bool:
        """Put this message in the place of the one with its chat and id; ``False`` when there is none."""
        ...

    async def delete(self, chat: str, message_id: str) -> bool:
        """Remove a message; ``False`` when there is none."""
        ...

    async def get(self, chat: str, message_id: str) -> StoredMessage | None:
        """The message with that id."""
        ...

    async def latest(self, chat: str, limit: int, *, before: str = "") -> list[StoredMessage]:
        """The last messages of a chat, or the last ones before a message; oldest first, at most ``limit``."""
        ...

    async def with_token(self, chat: str, token: str) -> StoredMessage | None:
        """The message that a delivery left."""
        ...

    async def chats(self) -> list[str]:
        """Every chat that has a message."""
        ...
