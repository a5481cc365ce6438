"""Fixtures: a mission with B2B meetings, two delegates, a guest, somebody who runs meetings, and an outsider."""

from collections.abc import AsyncIterator

import pytest

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community
from handlers.router import Router
from storage.engine import Database
from storage.enums import Locale, PersonStatus, Role
from tests.handlers.events.town import START, Somebody, Town
from tests.handlers.missions.delegation import b2b, delegate, mission


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
    community = Community("Cluster", locale=Locale.ITALIAN, contact="office@cluster.example")
    yield Town(database, community, clock, Router(database, community, clock, claim="test"))
    await database.close()


@pytest.fixture
async def lead(town: Town) -> Somebody:
    return await town.person("Elena Lead", Role.MISSION_LEAD)


@pytest.fixture
async def trip(town: Town) -> int:
    """The mission."""
    return await mission(town)


@pytest.fixture
async def tables(town: Town, trip: int) -> int:
    """Its B2B part: four slots from 09:30 in Tel Aviv, two tables."""
    return await b2b(town, trip)


@pytest.fixture
async def anna(town: Town, trip: int, tables: int) -> Somebody:
    who = await town.person("Anna Delegate")
    await delegate(town, trip, who, [tables])
    return who


@pytest.fixture
async def bruno(town: Town, trip: int, tables: int) -> Somebody:
    who = await town.person("Bruno Delegato", locale=Locale.ITALIAN)
    await delegate(town, trip, who, [tables])
    return who


@pytest.fixture
async def noa(town: Town, trip: int, tables: int) -> Somebody:
    who = await town.person("Noa Guest", status=PersonStatus.GUEST, timezone="Asia/Jerusalem")
    await delegate(town, trip, who, [tables])
    return who


@pytest.fixture
async def outsider(town: Town) -> Somebody:
    return Somebody(town, 0, "stranger", "c-stranger")
