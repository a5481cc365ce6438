"""Files on their way from one platform to many people on another."""

import asyncio

import pytest

from bot.file_cache import KEPT_BYTES, KEPT_SECONDS, FileCache
from bot.platforms.base import Failure, SendError
from handlers.conversation.screen import FileReference


class Elsewhere:
    """A platform that keeps files, and the time."""

    def __init__(self) -> None:
        self.files = {name: name.encode() for name in "abc"}
        self.asked: list[str] = []
        self.time = 0.0
        self.cache = FileCache(self, now=lambda: self.time)

    async def __call__(self, reference: FileReference) -> bytes:
        self.asked.append(reference.reference)
        await asyncio.sleep(0.01)
        if reference.reference not in self.files:
            raise SendError(Failure.GONE, "no such file")
        return self.files[reference.reference]

    async def get(self, name: str) -> bytes:
        return await self.cache(FileReference("slack", "T1", name))


async def test_who_asks_at_once_shares_one_fetch_and_later_ones_need_none() -> None:
    there = Elsewhere()
    assert await asyncio.gather(*(there.get("a") for _ in range(20))) == [b"a"] * 20
    assert await there.get("a") == b"a"
    assert await there.get("b") == b"b"
    assert there.asked == ["a", "b"]


async def test_it_is_kept_for_a_while_only() -> None:
    there = Elsewhere()
    await there.get("a")
    there.time += KEPT_SECONDS
    del there.files["a"]
    with pytest.raises(SendError):
        await there.get("a")


async def test_so_much_is_kept_and_the_oldest_goes_first() -> None:
    there = Elsewhere()
    there.files = {name: name.encode() * (KEPT_BYTES // 2) for name in "abc"} | {"huge": b"x" * (KEPT_BYTES + 1)}
    for name in ("a", "b", "c", "b", "a", "huge", "huge"):
        await there.get(name)
    assert there.asked == ["a", "b", "c", "a", "huge", "huge"]


async def test_a_failure_is_not_kept_and_giving_up_takes_it_from_nobody() -> None:
    there = Elsewhere()
    del there.files["a"]
    failures = await asyncio.gather(*(there.get("a") for _ in range(3)), return_exceptions=True)
    assert all(isinstance(failure, SendError) for failure in failures)
    there.files["a"] = b"a"
    impatient, patient = asyncio.create_task(there.get("a")), asyncio.create_task(there.get("a"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == b"a"
    assert there.asked == ["a", "a"]
