"""The program before one stand-in."""

from collections.abc import AsyncIterator

import pytest

from storage.enums import Platform
from tests.bot.delivery.program import Program


@pytest.fixture
async def telegram(sqlite_url: str) -> AsyncIterator[Program]:
    async with Program.open(sqlite_url, Platform.TELEGRAM) as program:
        yield program
        assert program.t.violations == []
        assert program.t.faults.early_retries == []


@pytest.fixture
async def slack(sqlite_url: str) -> AsyncIterator[Program]:
    async with Program.open(sqlite_url, Platform.SLACK) as program:
        yield program
        assert program.s.violations == []
