"""Everything goes wrong at once, or for long: nothing is lost, and nothing repeated beyond its policy."""

import asyncio
import logging
import random
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from storage.enums import OutboxState, Platform, Priority
from tests.bot.delivery.program import Program

SEED = 20180516
CHATS = 40


async def test_a_storm_of_refusals_cuts_and_waits(database_url: str) -> None:
    """Waits, trouble at the server, connections cut before and after a message was taken, in any order."""
    chance = random.Random(SEED)
    async with Program.open(database_url, Platform.TELEGRAM, in_flight=8) as program:
        chats = [program.started(f"Persona {number}") for number in range(CHATS)]
        cut_after: dict[str, int] = {}
        for chat in chance.sample(chats, 30):
            match chance.randrange(4):
                case 0:
                    program.t.fail_next("sendMessage", status=429, retry_after=chance.randint(1, 3), chat=int(chat))
                case 1:
                    program.t.fail_next("sendMessage", status=chance.choice([500, 502, 503, 504]), chat=int(chat))
                case 2:
                    program.t.drop_connection_next("sendMessage", after_accepting=False, chat=int(chat))
                case _:
                    program.t.drop_connection_next("sendMessage", after_accepting=True, chat=int(chat))
                    cut_after[chat] = 1
        reminders = await program.queue(*(program.message(chat, "promemoria") for chat in chats))
        news = await program.queue(
            *(program.message(chat, "novità", priority=Priority.ANNOUNCEMENT, again=False) for chat in chats)
        )

        async def all_settled() -> bool:
            return (await program.states()).keys() <= {OutboxState.SENT, OutboxState.UNCERTAIN}

        await program.until(all_settled, seconds=40)
        uncertain = {(await program.row(one)).chat for one in news} - {
            (await program.row(one)).chat for one in news if (await program.row(one)).state is OutboxState.SENT
        }
        for chat in chats:
            texts = program.texts(chat)
            assert 1 <= texts.count("promemoria") <= 1 + cut_after.get(chat, 0)
            assert texts.count("novità") == 1 or (texts.count("novità") == 0 and chat in uncertain)
        assert {(await program.row(one)).state for one in reminders} == {OutboxState.SENT}
        assert program.t.faults.early_retries == [], "a wait was cut short"
        assert program.t.violations == []


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow: what SQLite meets when the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (32_768, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_is_waited_for(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Results cannot be written for a while: nobody gets anything twice, and the log says so in plain words."""
    async with Program.open(sqlite_url, Platform.TELEGRAM) as program:
        chats = [program.started(f"Persona {number}") for number in range(30)]
        ids = await program.queue(
            *(program.message(chat, "novità", priority=Priority.ANNOUNCEMENT, again=False) for chat in chats)
        )
        await program.until(lambda: program.t.counts["sendmessage"] >= 3)
        with full_disk(), caplog.at_level(logging.WARNING):
            await asyncio.sleep(1.5)
            while_full = program.t.counts["sendmessage"]
        await program.all_sent(ids, seconds=20)
        assert while_full < len(chats)
        assert any("cannot write" in message or "does not answer" in message for message in caplog.messages)
        assert [program.texts(chat) for chat in chats] == [["novità"]] * len(chats)


@dataclass
class SetClock:
    """A clock that somebody sets."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def test_clocks_that_are_set_lose_and_repeat_nothing(sqlite_url: str) -> None:
    async with Program.open(sqlite_url, Platform.TELEGRAM) as program:
        clock = SetClock()
        program.sender(Platform.TELEGRAM)._clock = clock
        chats = [program.started(f"Persona {number}") for number in range(10)]
        program.t.latency = 0.05
        ids = await program.queue(*(program.message(chat, "ciao", again=False) for chat in chats))
        await program.until(lambda: program.t.counts["sendmessage"] >= 1)
        clock.ahead = timedelta(hours=-1)
        await program.all_sent(ids[:5])
        clock.ahead = timedelta(hours=2)
        await program.all_sent(ids)
        assert [program.texts(chat) for chat in chats] == [["ciao"]] * len(chats)
