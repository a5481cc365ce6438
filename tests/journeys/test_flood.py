"""One account that floods: one sentence, the rest is dropped before it is stored, and nobody else waits for it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.enums import Platform
from storage.models import InboxEvent
from tests.journeys.community import CommunityUnderTest

LIMITS = {"events_in_ten_seconds": 20, "events_in_a_minute": 60}
TOO_MUCH = "Tutto insieme è un po' troppo"


@pytest.fixture
async def community(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path, limits=LIMITS) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture
async def web_community(database_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    async with CommunityUnderTest.open(Platform.WEB, database_url, tmp_path, limits=LIMITS) as opened:
        await opened.vocabulary()
        yield opened


async def stored(community: CommunityUnderTest) -> int:
    async with community.app.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(InboxEvent))).scalar_one()


async def test_a_flood_gets_one_sentence(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    carla = await community.member("Carla Fumagalli")
    await marco.says("/profilo")
    await carla.says("/profilo")
    before = await stored(community)
    flood = [marco.blurts("/profilo") for _ in range(60)]
    await community.at_once(*flood, carla.slips_in("link.accounts"))
    carla.sees("Dove ti conosco")
    assert await stored(community) - before <= 20 + 1 + 1, "twenty, the one that is answered so, and hers"
    assert marco.count(TOO_MUCH) == 1
    carla.sees_nothing_of(TOO_MUCH)
    await carla.says("/profilo")
    carla.sees("Carla Fumagalli", "Istituto di Prova")


async def test_the_sentence_comes_once(web_community: CommunityUnderTest) -> None:
    marco = await web_community.member("Marco Colombani")
    for _ in range(40):
        await marco.says("/profilo")
    assert marco.count(TOO_MUCH) == 1
    assert marco.count("Marco Colombani") == 20
    assert await stored(web_community) == 21


async def test_what_is_answered_does_not_wait_for_a_flood(web_community: CommunityUnderTest) -> None:
    """Of two who write at the same time the one who floods is turned away, whoever was first."""
    marco = await web_community.member("Marco Colombani")
    carla = await web_community.member("Carla Fumagalli")
    await asyncio.gather(*(marco.slips_in("profile.show") for _ in range(200)), carla.slips_in("profile.show"))
    await web_community.settle(30)
    carla.sees("Carla Fumagalli", "Istituto di Prova")
    assert await stored(web_community) == 22
