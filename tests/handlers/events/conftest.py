"""Fixtures: a small community in a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Channel, Community
from handlers.router import Router
from storage.engine import Database
from storage.enums import Locale, Platform, Role
from storage.models import Base
from tests.handlers.events.town import START, WEB, Somebody, Town


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START, running=False)


@pytest.fixture
async def town(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Town]:
    database = Database(f"sqlite:///{tmp_path / 'town.sqlite3'}")
    async with database.connection() as connection:
        await connection.run_sync(Base.metadata.create_all)
    community = Community(
        "Cluster",
        locale=Locale.ITALIAN,
        contact="office@cluster.example",
        channels=[Channel(Platform.WEB, WEB, "channel")],
    )
    yield Town(database, community, clock, Router(database, community, clock, claim="test"))
    await database.close()


@pytest.fixture
async def staff(town: Town) -> Somebody:
    return await town.person("Sara Staff", Role.STAFF)


@pytest.fixture
async def anna(town: Town) -> Somebody:
    return await town.person("Anna Member")


@pytest.fixture
async def bruno(town: Town) -> Somebody:
    return await town.person("Bruno Socio", locale=Locale.ITALIAN)


@pytest.fixture
async def outsider(town: Town) -> Somebody:
    return Somebody(town, 0, "stranger", "c-stranger")
