"""What is due for personal data, asked of the database at every tick."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community
from handlers.privacy.exporting import exports_due
from handlers.privacy.purging import purge_due
from handlers.privacy.slips import slips_due
from storage.engine import Database
from storage.queries import erasure

__all__ = ["erased_chats_due", "exports_due", "purge_due", "slips_due"]


async def erased_chats_due(database: Database, community: Community, clock: Clock) -> int:  # noqa: ARG001 - a job's signature
    """Empty the rows of what still went out to people who are erased: a farewell, messages deleted in their chats.

    Then nothing of them is left in the database's own files either. Returns how many rows were emptied.
    """
    async with database.reading() as session:
        if not await erasure.any_settled(session):
            return 0
    async with database.writing() as session:
        emptied = await erasure.blank_settled(session)
    await database.forget_old_pages()
    return emptied
