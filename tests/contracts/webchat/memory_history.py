"""A chat history in memory, and one in a file for what must survive a restart."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from bot.platforms.webchat.history import StoredMessage


class MemoryHistory:
    """Keeps messages in a list."""

    def __init__(self) -> None:
        self.messages: list[StoredMessage] = []

    async def append(self, message: StoredMessage) -> None:
        self.messages.append(message)
        self.changed()

    async def replace(self, message: StoredMessage) -> bool:
        at = self._find(message.chat, message.id)
        if at is None:
            return False
        self.messages[at] = replace(message)
        self.changed()
        return True

    async def delete(self, chat: str, message_id: str) -> bool:
        at = self._find(chat, message_id)
        if at is None:
            return False
        del self.messages[at]
        self.changed()
        return True

    async def get(self, chat: str, message_id: str) -> StoredMessage | None:
        at = self._find(chat, message_id)
        return None if at is None else self.messages[at]

    async def latest(self, chat: str, limit: int, *, before: str = "") -> list[StoredMessage]:
        of_chat = [message for message in self.messages if message.chat == chat]
        if before:
            of_chat = of_chat[: [message.id for message in of_chat].index(before)]
        return of_chat[-limit:]

    async def with_token(self, chat: str, token: str) -> StoredMessage | None:
        return next((one for one in self.messages if one.chat == chat and one.token == token), None)

    async def chats(self) -> list[str]:
        return list(dict.fromkeys(message.chat for message in self.messages))

    def changed(self) -> None:
        """Called after every change."""

    def _find(self, chat: str, message_id: str) -> int | None:
        wanted = (chat, message_id)
        return next((at for at, one in enumerate(self.messages) if (one.chat, one.id) == wanted), None)


class FileHistory(MemoryHistory):
    """Keeps them in a file as well."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        if path.exists():
            rows = json.loads(path.read_text())
            self.messages = [StoredMessage(**(row | {"at": datetime.fromisoformat(row["at"])})) for row in rows]

    def changed(self) -> None:
        rows = [asdict(message) | {"at": message.at.isoformat()} for message in self.messages]
        self._path.write_text(json.dumps(rows))
