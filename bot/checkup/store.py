"""Whether the database can be used."""

import asyncio
import os
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.checkup.finding import Finding, error, ok
from bot.config import DatabaseSettings
from storage import migrations
from storage.engine import Database

STORE_SECONDS = 10.0
MIGRATE = "`community-bot migrate` brings it up to date."


async def check_store(settings: DatabaseSettings) -> list[Finding]:
    """The SQLite file's folder, the connection, and the revision of the schema."""
    address = make_url(settings.url)
    shown = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite":
        name = address.database or ""
        if not name or name == ":memory:" or name.startswith("file:"):
            return [
                error(
                    "The database is kept in memory: everything is forgotten when the bot stops.",
                    "Set [database] url to a file, like sqlite:///var/community.sqlite3.",
                )
            ]
        found = _sqlite_file(Path(name))
        if found:
            return found
    try:
        database = Database(settings.url)
    except ModuleNotFoundError:
        return [
            error(f"The driver for {address.get_backend_name()} is not installed.", "Install the extra `postgres`.")
        ]
    try:
        async with asyncio.timeout(STORE_SECONDS):
            await database.ping()
            return [_revision(await migrations.current(database), shown)]
    except (SQLAlchemyError, OSError, TimeoutError) as failure:
        why = _why(failure, str(address.password or ""))
        return [
            error(f"The database {shown} does not answer: {why}", "Check [database] url, and that the server runs.")
        ]
    finally:
        await database.close()


def _sqlite_file(path: Path) -> list[Finding]:
    """What is wrong with the file and its folder; empty when it is there and can be opened."""
    folder = path.absolute().parent
    there = next(one for one in [folder, *folder.parents] if one.exists())
    if not there.is_dir():
        return [error(f"{there} is not a folder.", "Set [database] url to a file in a folder.")]
    if not os.access(there, os.W_OK | os.X_OK):
        mend = "Give the bot's user the right to write there: SQLite keeps files beside the database."
        return [error(f"The folder {there} cannot be written to.", mend)]
    if not path.exists():
        return [error(f"There is no store at {path} yet.", "`community-bot migrate` makes it.")]
    if not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
        return [
            error(f"{path} cannot be read and written.", "Give the bot's user the right to, or choose another file.")
        ]
    return []


def _revision(current: str, shown: str) -> Finding:
    newest = migrations.head()
    if current == newest:
        return ok(f"The database {shown} answers and is up to date")
    if not current:
        return error(f"The database {shown} is empty.", "`community-bot migrate` makes the tables.")
    return error(
        f"The database {shown} is at revision {current}; this release works with {newest}.",
        f"{MIGRATE} If it is newer than this release, install the newer release.",
    )


def _why(failure: BaseException, password: str) -> str:
    """The first line of the driver's own words, without the password."""
    if isinstance(failure, TimeoutError) and not str(failure):
        return f"nothing within {STORE_SECONDS:g} s"
    cause = failure.orig if isinstance(failure, DBAPIError) and failure.orig is not None else failure
    words = str(cause).strip().splitlines()
    line = words[0] if words else type(cause).__name__
    return line.replace(password, "[password]") if password else line
