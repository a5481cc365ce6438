"""Fixtures for all tests: databases and communities."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.router import load_features
from storage.engine import Database
from storage.enums import Platform
from storage.migrations import upgrade
from tests.journeys.community import CommunityUnderTest

os.environ.setdefault("PTB_TIMEDELTA", "true")
load_features()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; each test takes a copy."""
    path = tmp_path_factory.mktemp("template") / "community.sqlite3"

    async def make() -> None:
        database = Database(f"sqlite:///{path}")
        await upgrade(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite store of this test's own."""
    path = tmp_path / "community.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """An open, empty store."""
    database = Database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture(params=list(Platform), ids=str)
def platform(request: pytest.FixtureRequest) -> Platform:
    """Every platform in turn."""
    assert isinstance(request.param, Platform)
    return request.param


@pytest.fixture
async def community(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """The whole program on every platform in turn."""
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture
async def web_community(sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """The whole program on the web chat alone: for what no platform changes."""
    async with CommunityUnderTest.open(Platform.WEB, sqlite_url, tmp_path) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith("COMMUNITY_BOT__"):
            monkeypatch.delenv(name)
