"""Several processes on one store with one token: one sends and polls, and another takes over."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import update

from storage.enums import OutboxState, Priority
from storage.models import Lease, OutboxMessage
from storage.queries import leases, outbox
from tests.bot.delivery.program import Program
from tests.standins.telegram import TelegramServer

LEASE = 1.5


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert server.violations == [], "the two do not poll against each other"


@asynccontextmanager
async def two(database_url: str, server: TelegramServer) -> AsyncIterator[tuple[Program, Program]]:
    first, second = (Program(database_url, telegram=server, lease_seconds=LEASE) for _ in range(2))
    async with first.running(), second.running():
        yield first, second


def chats(program: Program, number: int) -> list[str]:
    return [program.started(f"Persona {one}") for one in range(number)]


def each_once(server: TelegramServer) -> bool:
    sent = Counter((call.chat_id, call.parameters["text"]) for call in server.sent if call.method == "sendmessage")
    return bool(sent) and set(sent.values()) == {1}


async def test_one_sends_for_both(database_url: str, server: TelegramServer) -> None:
    async with two(database_url, server) as (first, second):
        assert (first.sender().holds_lease, second.sender().holds_lease) == (True, False)
        to = chats(first, 10)
        ids = await first.queue(*(first.message(chat, "from the first") for chat in to))
        ids += await second.queue(*(second.message(chat, "from the second") for chat in to))
        # A reply is sent by the process that wrote it, lease or not.
        ids += await second.reply(to[0], "a reply of the second")
        await first.all_sent(ids)
        claims = {(await first.row(row)).claim for row in ids[:20]}
        assert claims == {first.app.claim}
        assert (await first.row(ids[20])).claim == second.app.claim
        assert each_once(server)


async def test_one_polls_for_both(database_url: str, server: TelegramServer) -> None:
    async with two(database_url, server) as (first, second):
        anna = server.user()
        await first.until(lambda: first.app.adapters[0].healthy)
        anna.starts()
        await server.wait_for(lambda: anna.last, timeout=8)
        assert not second.app.adapters[0].healthy


async def test_after_a_stop_the_other_takes_over(database_url: str, server: TelegramServer) -> None:
    first, second = (Program(database_url, telegram=server, lease_seconds=LEASE) for _ in range(2))
    async with second_after(first, second):
        to = chats(first, 30)
        server.latency = 0.02
        ids = await first.queue(
            *(first.message(chat, "news", priority=Priority.ANNOUNCEMENT, again=False) for chat in to)
        )
        await first.until(lambda: server.counts["sendmessage"] >= 5)
        await first.app.stop()
        assert server.counts["sendmessage"] < 30
        await second.all_sent(ids)
        assert second.sender().holds_lease
        assert each_once(server)
        anna = server.user()
        anna.starts()
        await server.wait_for(lambda: anna.last, timeout=8)


@asynccontextmanager
async def second_after(first: Program, second: Program) -> AsyncIterator[None]:
    """Both run; the test stops the first."""
    await first.app.start()
    async with second.running():
        try:
            yield
        finally:
            await first.app.stop()


async def test_when_a_lease_runs_out_the_other_takes_over(database_url: str, server: TelegramServer) -> None:
    """The first hangs: it renews nothing, and what it had claimed is settled by the policy of its kind."""
    first, second = (Program(database_url, telegram=server, lease_seconds=LEASE) for _ in range(2))
    await first.app.start()
    to = chats(first, 3)
    (again,) = await first.reply(to[0], "a reply")
    await first.all_sent([again])
    await hang(first)
    async with first.app.database.writing() as session:
        rows = [
            first.message(to[1], "reminder", state=OutboxState.SENDING, claim=first.app.claim, attempts=1),
            first.message(
                to[2],
                "news",
                priority=Priority.ANNOUNCEMENT,
                again=False,
                state=OutboxState.SENDING,
                claim=first.app.claim,
                attempts=1,
            ),
        ]
        reminder, news = await outbox.queue(session, rows)
    async with second.running():
        (queued,) = await second.queue(second.message(to[0], "queued"))
        assert not second.sender().holds_lease
        await second.all_sent([queued, reminder])
        await second.came_to(news, OutboxState.UNCERTAIN)
        assert each_once(server)
    await first.app.stop()


async def hang(program: Program) -> None:
    """Stop everything in a process that would renew, send or sweep, as a frozen one does."""
    for task in program.app._tasks:
        task.cancel()
    await asyncio.wait(program.app._tasks)


async def test_a_frozen_process_does_not_mark_what_is_no_longer_its_own(
    database_url: str, server: TelegramServer
) -> None:
    first, second = (Program(database_url, telegram=server, lease_seconds=LEASE) for _ in range(2))
    await first.app.start()
    (anna,) = chats(first, 1)
    server.delay("sendMessage", 3.5, times=1)
    (row,) = await first.queue(first.message(anna, "ciao"))
    await first.came_to(row, OutboxState.SENDING)
    for task in first.app._tasks:
        if task.get_name() in {"leases", "sweeper"} or task.get_name().startswith("listen"):
            task.cancel()
    async with second.running():
        await second.all_sent([row])
        marked = await second.row(row)
        assert marked.claim == second.app.claim
        await first.until(lambda: first.sender().idle)
        after = await second.row(row)
        assert (after.claim, after.message_id, after.state) == (marked.claim, marked.message_id, marked.state)
    await first.app.stop()


async def test_a_claim_is_fenced_by_the_lease(database_url: str, server: TelegramServer) -> None:
    """A process that still believes in its lease claims nothing once the store says otherwise."""
    program = Program(database_url, telegram=server, lease_seconds=60)
    async with program.running():
        async with program.app.database.writing() as session:
            await session.execute(update(Lease).where(Lease.name == program.sender().lease).values(holder="another"))
        assert program.sender().holds_lease
        (anna,) = chats(program, 1)
        (row,) = await program.queue(program.message(anna, "ciao"))
        await asyncio.sleep(1.5)
        assert (await program.row(row)).state is OutboxState.QUEUED
        assert program.texts(anna) == []


async def test_leases_are_given_up_at_a_stop(database_url: str, server: TelegramServer) -> None:
    program = Program(database_url, telegram=server)
    async with program.running(), program.app.database.reading() as session:
        assert list(await leases.alive(session)) == [program.app.claim]
    other = Program(database_url, telegram=server)
    async with other.running(), other.app.database.reading() as session:
        assert list(await leases.alive(session)) == [other.app.claim]
        assert other.sender().holds_lease, "at once, not when the old lease would have run out"


async def test_the_order_survives_a_change_of_process(database_url: str, server: TelegramServer) -> None:
    """What the first put back goes before what was queued later, also when the second sends it."""
    first = Program(database_url, telegram=server, lease_seconds=LEASE)
    async with first.running():
        (anna,) = chats(first, 1)
        server.fail_next("sendMessage", status=429, retry_after=2)
        ids = await first.queue(*(first.message(anna, text) for text in "123"))
        await first.until(lambda: server.faults.injected == 1)

        async def put_back() -> bool:
            return (await first.row(ids[0])).state is OutboxState.QUEUED

        await first.until(put_back)
    second = Program(database_url, telegram=server, lease_seconds=LEASE)
    async with second.running():
        await second.all_sent(ids)
    assert second.texts(anna) == ["1", "2", "3"]


async def test_rows_that_were_lost_sight_of_are_found(database_url: str, server: TelegramServer) -> None:
    """A row that this very process claimed and nobody here works on, as after a store that was away for long."""
    program = Program(database_url, telegram=server, lease_seconds=LEASE)
    async with program.running():
        (anna,) = chats(program, 1)
        (row,) = await program.queue(
            program.message(anna, "ciao", state=OutboxState.SENDING, claim=program.app.claim, attempts=1)
        )
        await program.all_sent([row])
        assert program.texts(anna) == ["ciao"]


async def test_what_is_being_sent_for_long_is_not_taken_for_lost(database_url: str, server: TelegramServer) -> None:
    program = Program(database_url, telegram=server, lease_seconds=LEASE)
    async with program.running():
        (anna,) = chats(program, 1)
        server.delay("sendMessage", 3.0, times=2)
        ids = [*await program.queue(program.message(anna, "slow")), *await program.reply(anna, "slow as well")]
        await program.all_sent(ids, seconds=12)
        assert sorted(program.texts(anna)) == ["slow", "slow as well"]
        async with program.app.database.reading() as session:
            assert {(await session.get_one(OutboxMessage, row)).attempts for row in ids} == {1}
