"""The migrations make exactly what the models say, on both databases, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from storage.engine import Database
from storage.migrations import current, downgrade, head, upgrade
from storage.models import Base
from storage.search_schema import DOCUMENT_COLUMN, FTS_TABLE


def differences(connection: Connection) -> list[object]:
    """What the models have and the store has not, or the other way round; search has tables of its own."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = []
    for one in compare_metadata(context, Base.metadata):
        text = str(one)
        if FTS_TABLE not in text and DOCUMENT_COLUMN not in text:
            found.append(one)
    return found


async def test_the_store_is_what_the_models_say(database: Database) -> None:
    assert await current(database) == head()
    async with database.connection() as connection:
        assert await connection.run_sync(differences) == []


async def test_down_and_up_again(database: Database) -> None:
    await downgrade(database, "base")
    async with database.connection() as connection:
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(left) <= {"alembic_version"}
    await upgrade(database)
    assert await current(database) == head()
    await upgrade(database)
    assert await current(database) == head()
