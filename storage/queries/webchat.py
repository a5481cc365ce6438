"""The web chat's history."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import WebMessage


async def find(session: AsyncSession, chat: str, message_id: str) -> WebMessage | None:
    """The message with that id in that chat."""
    return (
        await session.execute(select(WebMessage).where(WebMessage.chat == chat, WebMessage.message_id == message_id))
    ).scalar_one_or_none()


async def by_token(session: AsyncSession, chat: str, token: str) -> WebMessage | None:
    """The message that a delivery left."""
    return (
        await session.execute(select(WebMessage).where(WebMessage.chat == chat, WebMessage.token == token).limit(1))
    ).scalar_one_or_none()


async def latest(session: AsyncSession, chat: str, limit: int, *, before: str) -> Sequence[WebMessage]:
    """The last messages of a chat, or the last before one of them; oldest first."""
    statement = select(WebMessage).where(WebMessage.chat == chat).order_by(WebMessage.id.desc()).limit(limit)
    if before:
        edge = select(WebMessage.id).where(WebMessage.chat == chat, WebMessage.message_id == before).scalar_subquery()
        statement = statement.where(WebMessage.id < edge)
    return list(reversed((await session.execute(statement)).scalars().all()))


async def chats(session: AsyncSession) -> list[str]:
    """Every chat that has a message."""
    return list((await session.execute(select(WebMessage.chat).distinct())).scalars())


async def rewrite(session: AsyncSession, chat: str, message_id: str, content: dict[str, object]) -> bool:
    """Replace a message's content; false when there is none."""
    result = await session.execute(
        update(WebMessage)
        .where(WebMessage.chat == chat, WebMessage.message_id == message_id)
        .values(content=content)
        .returning(WebMessage.id)
    )
    return result.scalar_one_or_none() is not None


async def remove(session: AsyncSession, chat: str, message_id: str) -> bool:
    """Delete a message; false when there is none."""
    result = await session.execute(
        delete(WebMessage).where(WebMessage.chat == chat, WebMessage.message_id == message_id).returning(WebMessage.id)
    )
    return result.scalar_one_or_none() is not None
