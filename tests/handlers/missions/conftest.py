"""Fixtures: a small community in a database of its own; somebody who runs missions, two members and an outsider."""

from collections.abc import AsyncIterator

import pytest

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Channel, Community
from handlers.router import Router
from storage.engine import Database
from storage.enums import Locale, Platform, Role
from tests.handlers.events.town import START, WEB, Somebody, Town


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START, running=False)


@pytest.fixture
def store_url(request: pytest.FixtureRequest) -> str:
    """An empty store: SQLite, or what a test asks for with ``both_stores``."""
    url = request.getfixturevalue(getattr(request, "param", "sqlite_url"))
    assert isinstance(url, str)
    return url


@pytest.fixture
async def town(store_url: str, clock: MovableClock) -> AsyncIterator[Town]:
    database = Database(store_url)
    channels = [Channel(Platform.WEB, WEB, "channel")]
    community = Community("Cluster", locale=Locale.ITALIAN, contact="office@cluster.example", channels=channels)
    yield Town(database, community, clock, Router(database, community, clock, claim="test"))
    await database.close()


@pytest.fixture
async def lead(town: Town) -> Somebody:
    return await town.person("Elena Lead", Role.MISSION_LEAD)


@pytest.fixture
async def anna(town: Town) -> Somebody:
    return await town.person("Anna Member")


@pytest.fixture
async def bruno(town: Town) -> Somebody:
    return await town.person("Bruno Socio", locale=Locale.ITALIAN)


@pytest.fixture
async def outsider(town: Town) -> Somebody:
    return Somebody(town, 0, "stranger", "c-stranger")
