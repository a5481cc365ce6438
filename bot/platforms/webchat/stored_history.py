"""The web chat's history in the store, so that a restart shows the same chat."""

from bot.platforms.webchat.history import StoredMessage
from storage.engine import Database
from storage.models import WebMessage
from storage.queries import webchat


class StoredHistory:
    """Implements :class:`bot.platforms.webchat.history.ChatHistory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, message: StoredMessage) -> None:
        """Add a message at the end of its chat."""
        async with self._database.writing() as session:
            session.add(
                WebMessage(
                    message_id=message.id,
                    chat=message.chat,
                    author=message.author,
                    content=_content(message),
                    token=message.token,
                    at=message.at,
                )
            )

    async def replace(self, message: StoredMessage) -> bool:
        """Put this message in the place of the one with its chat and id; ``False`` when there is none."""
        async with self._database.writing() as session:
            return await webchat.rewrite(session, message.chat, message.id, _content(message))

    async def delete(self, chat: str, message_id: str) -> bool:
        """Remove a message; ``False`` when there is none."""
        async with self._database.writing() as session:
            return await webchat.remove(session, chat, message_id)

    async def get(self, chat: str, message_id: str) -> StoredMessage | None:
        """The message with that id."""
        async with self._database.reading() as session:
            return _stored(await webchat.find(session, chat, message_id))

    async def latest(self, chat: str, limit: int, *, before: str = "") -> list[StoredMessage]:
        """The last messages of a chat, or the last ones before a message; oldest first."""
        async with self._database.reading() as session:
            rows = await webchat.latest(session, chat, limit, before=before)
        return [found for row in rows if (found := _stored(row)) is not None]

    async def with_token(self, chat: str, token: str) -> StoredMessage | None:
        """The message that a delivery left."""
        async with self._database.reading() as session:
            return _stored(await webchat.by_token(session, chat, token))

    async def chats(self) -> list[str]:
        """Every chat that has a message."""
        async with self._database.reading() as session:
            return await webchat.chats(session)


def _content(message: StoredMessage) -> dict[str, object]:
    return {"text": message.text, "screen": message.screen}


def _stored(row: WebMessage | None) -> StoredMessage | None:
    if row is None:
        return None
    return StoredMessage(
        row.message_id, row.chat, row.author, row.at, row.content.get("text", ""), row.content.get("screen"), row.token
    )
