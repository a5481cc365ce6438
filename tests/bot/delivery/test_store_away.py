"""The store does not answer for a while: nothing is lost, and nothing is said twice."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from handlers.conversation.event import Event, Outcome
from storage.engine import Database
from storage.enums import OutboxState, Platform, Priority
from tests.bot.delivery.program import Program
from tests.standins.telegram import TelegramUser

AWAY_SECONDS = 2.0


def _answered(person: TelegramUser) -> bool:
    return bool(person.messages)


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """Another connection holds SQLite's write lock."""
    # In a thread: the program, in this very loop, must be able to end the transaction that is waited for.
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    try:
        await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


@asynccontextmanager
async def refusing(url: str) -> AsyncIterator[None]:
    """PostgreSQL ends every connection to the database and takes no new one, as while it restarts."""
    address = make_url(url)
    name = str(address.database)
    admin: Any = await asyncpg.connect(
        address.set(database="postgres", drivername="postgresql").render_as_string(hide_password=False)
    )
    try:
        await admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        yield
        await admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    finally:
        await admin.close()


@asynccontextmanager
async def away(url: str) -> AsyncIterator[None]:
    async with locked(url) if url.startswith("sqlite") else refusing(url):
        yield


async def test_messages_wait_for_the_store(database_url: str) -> None:
    async with Program.open(database_url, Platform.TELEGRAM) as program:
        chats = [program.started(f"Persona {number}") for number in range(20)]
        program.t.latency = 0.05
        ids = await program.queue(
            *(program.message(chat, "reminder") for chat in chats[:10]),
            *(program.message(chat, "news", priority=Priority.ANNOUNCEMENT, again=False) for chat in chats),
        )
        await program.until(lambda: program.t.counts["sendmessage"] >= 3)
        async with away(database_url):
            await asyncio.sleep(AWAY_SECONDS)
        await program.all_sent(ids, seconds=25)
        for number, chat in enumerate(chats):
            assert program.texts(chat) == (["reminder", "news"] if number < 10 else ["news"])
        assert await program.states() == {OutboxState.SENT: len(ids)}


async def test_updates_wait_for_the_store(database_url: str) -> None:
    async with Program.open(database_url, Platform.TELEGRAM) as program:
        people = [program.t.user(f"Persona {number}") for number in range(6)]
        await program.until(lambda: program.app.adapters[0].healthy)
        people[0].starts()
        await program.t.wait_for(lambda: people[0].last)
        async with away(database_url):
            for person in people[1:]:
                person.starts()
            await asyncio.sleep(AWAY_SECONDS)
        for person in people:
            await program.t.wait_for(partial(_answered, person), timeout=20)

        async def all_closed() -> bool:
            return await program.open_events() == [] and await program.app.settled()

        await program.until(all_closed)
        assert [len(person.messages) for person in people] == [1] * len(people)
        assert program.app.senders[Platform.TELEGRAM, program.account(Platform.TELEGRAM)].holds_lease


async def test_a_refusal_that_cannot_be_acted_on_yet_is_not_forgotten(sqlite_url: str) -> None:
    """The store is away just when somebody turns out to have blocked the bot."""
    async with Program.open(sqlite_url, Platform.TELEGRAM) as program:
        anna = program.started()
        person = await program.person(telegram=anna)
        program.t.state.accounts[int(anna)].blocked = True
        program.t.expects_refusal("bot was blocked")
        program.t.delay("sendMessage", 0.5, times=1)
        await program.notice(person, "identity.joined")
        await program.came_to(1, OutboxState.SENDING)
        async with locked(sqlite_url):
            await asyncio.sleep(1.5)
        await program.came_to(1, OutboxState.FAILED)
        assert await program.reachable(person) == {Platform.TELEGRAM: False}


async def test_nothing_is_given_up_because_the_store_could_not_be_read(postgres_url: str) -> None:
    """Drawing reads the store: while that is away a message waits, and does not fail."""
    async with Program.open(postgres_url, Platform.TELEGRAM) as program:
        anna, marco = program.started("Anna"), program.started("Marco")
        person = await program.person(telegram=anna)
        sender = program.sender()
        # Claimed, and held up just before it is drawn.
        held_up = sender._lock(anna)
        await held_up.acquire()
        await program.notice(person, "identity.joined")
        await program.came_to(1, OutboxState.SENDING)
        async with refusing(postgres_url):
            held_up.release()
            await asyncio.sleep(1.0)
        ids = await program.queue(program.message(marco, "ciao"))
        await program.all_sent([1, *ids], seconds=20)
        assert len(program.texts(anna)) == 1


@pytest.mark.parametrize("platform", [Platform.TELEGRAM, Platform.SLACK])
async def test_an_event_that_the_store_failed_is_handled_later(
    sqlite_url: str, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Program.open(sqlite_url, platform) as program:
        handle, calls = program.app.router.handle, 0

        async def failing(event: Event, inbox_id: int | None = None) -> Outcome:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise OperationalError("update", {}, Exception("disk I/O error"))
            return await handle(event, inbox_id=inbox_id)

        monkeypatch.setattr(program.app.router, "handle", failing)
        if platform is Platform.TELEGRAM:
            telegram_user = program.t.user()
            telegram_user.starts()
            await program.until(lambda: calls == 1)
            assert len(await program.open_events()) == 1
            await program.t.wait_for(lambda: len(telegram_user.messages) == 2, timeout=8)
        else:
            slack_user = program.s.user()
            await slack_user.says("ciao")
            await program.until(lambda: calls == 1)
            await program.s.wait_for(lambda: slack_user.last, timeout=8)

        async def closed() -> bool:
            return await program.open_events() == []

        await program.until(closed)
        assert calls == 2


async def test_a_server_that_is_not_there_is_the_stores_error() -> None:
    """asyncpg raises what the system says, which nobody who waits for a database would recognise."""
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OperationalError, match="cannot connect"):
        await database.ping()
    with pytest.raises(OperationalError, match="cannot connect"):
        async with database.writing() as session:
            await session.connection()
    await database.close()


async def test_a_database_that_takes_no_connections_is_the_stores_error(postgres_url: str) -> None:
    database = Database(postgres_url)
    async with refusing(postgres_url):
        with pytest.raises(DBAPIError, match="not currently accepting connections"):
            await database.ping()
    await database.ping()
    await database.close()
