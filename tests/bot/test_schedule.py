"""The ticks, through the real scheduler."""

import asyncio
import logging

import pytest

from bot.schedule import Schedule, Tick


async def test_a_tick_comes_again_and_wakes_who_sends() -> None:
    ticked, woken = asyncio.Semaphore(0), asyncio.Event()

    async def work() -> int:
        ticked.release()
        return 1

    schedule = Schedule([Tick("due", 1, work)], found=woken.set)
    schedule.start()
    try:
        async with asyncio.timeout(10):
            await ticked.acquire()
            await ticked.acquire()
            await woken.wait()
    finally:
        schedule.stop()
        schedule.close()


async def test_at_a_stop_the_running_tick_ends_and_no_other_begins(caplog: pytest.LogCaptureFixture) -> None:
    began, go_on, ended = asyncio.Event(), asyncio.Event(), []

    async def work() -> int:
        began.set()
        await go_on.wait()
        ended.append(True)
        return 0

    schedule = Schedule([Tick("slow", 1, work)], found=lambda: None)
    schedule.start()
    async with asyncio.timeout(10):
        await began.wait()
    schedule.stop()
    assert ended == []
    go_on.set()
    while not schedule.idle:  # noqa: ASYNC110 - the scheduler has no event for it
        await asyncio.sleep(0.01)
    await asyncio.sleep(1.2)  # longer than the interval
    schedule.close()
    assert ended == [True]
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_tick_that_fails_is_logged_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    calls, again = [], asyncio.Event()

    async def work() -> int:
        calls.append(True)
        if len(calls) == 1:
            raise RuntimeError("no")
        again.set()
        return 0

    schedule = Schedule([Tick("odd", 1, work)], found=lambda: None)
    assert await schedule.run_all() == 0
    schedule.start()
    async with asyncio.timeout(10):
        await again.wait()
    schedule.stop()
    schedule.close()
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == [
        "tick failed; it comes again"
    ]
