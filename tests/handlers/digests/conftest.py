"""TEMPORARY: schema from models until the migration has the new columns."""

import asyncio
from pathlib import Path
import pytest
from storage.engine import Database
from storage.models import Base


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "community.sqlite3"

    async def make():
        database = Database(f"sqlite:///{path}")
        async with database.connection() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await database.close()

    asyncio.run(make())
    return path
