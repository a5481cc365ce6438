"""Everything in this folder starts the real program as a process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, so that no test of it is run among the quick ones."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    """Forks the program."""
    async with Nursery() as nursery:
        yield nursery
