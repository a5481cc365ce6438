"""A platform that is away: nothing is tried against it, nothing is lost, and all goes on as soon as it is back."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.delivery.reachability import ASK_EVERY, SUSPICIOUS_AFTER, Reachability
from bot.platforms.base import Failure, SendError
from bot.platforms.telegram import TelegramAdapter
from storage.enums import OutboxState, Platform, Priority
from tests.bot.delivery.program import Program
from tests.standins.telegram import TelegramServer

PEOPLE = 40
HOST = "api.telegram.test"
AWAY, BACK = "the platform does not answer; messages wait until it does", "the platform answers again"


class Far:
    """A platform, and the time."""

    def __init__(self) -> None:
        self.time = 0.0
        self.asked_at: list[float] = []
        self.failure: Failure | None = Failure.TEMPORARY
        self.reachability = Reachability(Platform.TELEGRAM, self.ask, now=lambda: self.time)

    async def ask(self) -> None:
        self.asked_at.append(self.time)
        if self.failure is not None:
            raise SendError(self.failure, "no")


async def test_a_few_failures_are_no_reason_to_stop() -> None:
    far = Far()
    for _ in range(SUSPICIOUS_AFTER - 1):
        far.reachability.failed()
        assert await far.reachability.pause() == 0.0
    far.reachability.answered()
    far.reachability.failed()
    assert await far.reachability.pause() == 0.0
    assert far.asked_at == []


@pytest.mark.parametrize("answer", [None, Failure.WAIT, Failure.REFUSED])
async def test_a_platform_that_answers_is_not_away(answer: Failure | None) -> None:
    far = Far()
    far.failure = answer
    for _ in range(SUSPICIOUS_AFTER):
        far.reachability.failed()
    assert await far.reachability.pause() == 0.0
    assert not far.reachability.away
    assert await far.reachability.pause() == 0.0
    assert len(far.asked_at) == 1


async def test_ten_minutes_away(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    far = Far()
    for _ in range(SUSPICIOUS_AFTER):
        far.reachability.failed()
    while far.time < 600.0:
        pause = await far.reachability.pause()
        assert far.reachability.away
        assert 0 < pause <= ASK_EVERY[-1]
        assert await far.reachability.pause() == pause  # woken early, it is not asked again
        far.time += pause
    assert len(far.asked_at) == pytest.approx(600 / ASK_EVERY[-1], abs=3)
    far.failure = None
    assert await far.reachability.pause() == 0.0
    assert not far.reachability.away
    assert [record.message for record in caplog.records] == [AWAY, BACK]


async def queue_for_all(program: Program) -> tuple[list[str], list[int]]:
    chats = [program.started(f"Persona {number}") for number in range(PEOPLE)]
    ids = await program.queue(
        *(program.message(chat, "news", priority=Priority.ANNOUNCEMENT, again=False) for chat in chats)
    )
    return chats, ids


async def attempts(program: Program, ids: list[int]) -> list[int]:
    return [(await program.row(one)).attempts for one in ids]


async def test_a_server_that_is_down(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with Program.open(database_url, Platform.TELEGRAM) as program:
        anna = program.started("Anna")
        await program.t.goes_down()
        chats, ids = await queue_for_all(program)
        await program.until(lambda: program.sender()._reachability.away)
        tried = await attempts(program, ids)
        ids += await program.reply(anna, "uno", "due")
        await asyncio.sleep(3.0)
        assert await attempts(program, ids) == [*tried, 0, 0]
        await program.t.comes_back()
        await program.all_sent(ids, seconds=ASK_EVERY[-1] + 8)
        assert [program.texts(chat) for chat in chats] == [["news"]] * PEOPLE
        assert program.texts(anna) == ["uno", "due"]
    said = [record.message for record in caplog.records if record.name == "bot.delivery.reachability"]
    assert said == [AWAY, BACK]


async def test_a_server_that_takes_requests_and_does_not_answer(sqlite_url: str) -> None:
    """The first announcement is in doubt, and one at a time at most; then no further one is risked."""
    async with Program.open(sqlite_url, Platform.TELEGRAM) as program:
        program.t.drop_connection_next("*", after_accepting=False, times=10_000)
        await queue_for_all(program)
        await program.until(lambda: program.sender()._reachability.away)
        await asyncio.sleep(2.0)
        states = await program.states()
        assert states == {OutboxState.UNCERTAIN: SUSPICIOUS_AFTER, OutboxState.QUEUED: PEOPLE - SUSPICIOUS_AFTER}
        program.t.faults._planned.clear()
        await program.until(program.app.settled, seconds=ASK_EVERY[-1] + 8)
        assert await program.states() == {
            OutboxState.UNCERTAIN: SUSPICIOUS_AFTER,
            OutboxState.SENT: PEOPLE - SUSPICIOUS_AFTER,
        }


class NameServer:
    """Knows one name, and can be away; every other address is the machine's own business."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_up = True
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)

    def _look_up(self, host: Any, *arguments: Any, **options: Any) -> Any:
        if host != HOST:
            return self._real(host, *arguments, **options)
        if not self.is_up:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._real("127.0.0.1", *arguments, **options)


@pytest.fixture
async def named(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> AsyncIterator[tuple[Program, NameServer]]:
    names = NameServer(monkeypatch)
    async with TelegramServer() as server:
        program = Program(sqlite_url, telegram=server, api_base_url=f"http://{HOST}:{urlsplit(server.base_url).port}")
        async with program.running():
            yield program, names


async def test_a_name_that_is_not_found(named: tuple[Program, NameServer]) -> None:
    program, names = named
    names.is_up = False
    program.t.cut_connections()
    # What was looked up a moment ago would still be known.
    adapter = program.app.adapters[0]
    assert isinstance(adapter, TelegramAdapter)
    request: Any = adapter._client.bot.request
    request._session.connector.clear_dns_cache()
    chats, ids = await queue_for_all(program)
    await program.until(lambda: program.sender()._reachability.away)
    assert OutboxState.UNCERTAIN not in await program.states()
    names.is_up = True
    await program.all_sent(ids, seconds=ASK_EVERY[-1] + 8)
    assert [program.texts(chat) for chat in chats] == [["news"]] * PEOPLE
