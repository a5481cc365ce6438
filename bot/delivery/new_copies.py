"""New copies of live cards: what changed while one was on its way is drawn into it at once.

A change edits the copies that are known when it is made. A copy becomes known when the platform has taken it, which is
some time after it was drawn: a hundred invitations take seconds, and the first answers come meanwhile.
"""

import logging

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.rendering import Parcel, card_now
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community
from handlers.conversation.notify import edit_of
from handlers.conversation.screen import Screen
from storage.engine import Database
from storage.models import CardCopy
from storage.queries import outbox

log = logging.getLogger(__name__)


async def catch_up(
    database: Database, parcel: Parcel, drawn: Screen | None, message_id: str, community: Community, clock: Clock
) -> bool:
    """Queue an edit of a copy that was posted just now, if its card has changed since it was drawn.

    Args:
        database: the store.
        parcel: what was sent, a new message that carries a card.
        drawn: how the card looked then (:func:`~bot.delivery.rendering.card_now`).
        message_id: the platform's id of the copy, which is recorded already.
        community: given to what renders.
        clock: tells the time.

    Returns whether an edit is queued. Without a store the copy stays as it is until the card's next change.
    """
    try:
        async with database.reading() as session:
            if await card_now(session, parcel, parcel.card, community, clock) == drawn:
                return False
        async with database.writing() as session:
            copies = await session.execute(
                select(CardCopy).where(
                    CardCopy.platform == parcel.platform,
                    CardCopy.account == parcel.account,
                    CardCopy.chat == parcel.chat,
                    CardCopy.message_id == message_id,
                )
            )
            rows = [edit_of(copy, now=clock.now()) for copy in copies.scalars()]
            return bool(await outbox.queue(session, rows))
    except SQLAlchemyError as error:
        log.warning("a new copy may be out of date", extra={"row": parcel.id, "error": type(error).__name__})
        return False
