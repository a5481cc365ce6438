"""Alembic migrations for both databases, run from code: no configuration file to find."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.engine import Database


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The newest revision that this release knows."""
    script = ScriptDirectory(str(Path(__file__).parent))
    return script.get_current_head() or ""


async def current(database: Database) -> str:
    """The revision that the store is at; empty for a new one."""
    async with database.connection() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision() or "")


async def upgrade(database: Database) -> None:
    """Bring the store to the newest revision, in one transaction."""
    async with database.connection() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))


async def downgrade(database: Database, revision: str) -> None:
    """Take the store back to an older revision; ``base`` empties it."""
    async with database.connection() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), revision))
