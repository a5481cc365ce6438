"""Statements on SQLite: in place, unless they are long or have to wait."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import engine
from storage.engine import Database
from storage.sqlite_dialect import BESIDE

COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) SELECT max(i) FROM n"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/store.sqlite3")
    async with database.connection() as connection:
        await connection.execute(text("CREATE TABLE seats (id INTEGER PRIMARY KEY, who TEXT UNIQUE)"))
    yield database
    await database.close()


class Heartbeat:
    """Counts how often the event loop came round."""

    beats = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        self.beats = 0
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _beat(self) -> None:
        while True:
            self.beats += 1
            await asyncio.sleep(0)


async def test_a_short_statement_runs_in_place_and_a_long_one_beside_the_loop(database: Database) -> None:
    statement = text(COUNTING.format(most=200_000))
    async with database.reading() as session, Heartbeat() as heart:
        await session.execute(text("SELECT 1"))
        heart.beats = 0
        assert (await session.execute(statement)).scalar_one() == 200_000
        in_place = heart.beats
        assert (await session.execute(statement, execution_options=BESIDE)).scalar_one() == 200_000
        assert in_place <= 2
        assert heart.beats > 10


async def test_a_file_that_another_process_has_locked_is_waited_for_beside_the_loop(
    database: Database, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(text("INSERT INTO seats (who) VALUES ('Anna')"))

    writing = asyncio.create_task(write())
    async with Heartbeat() as heart:
        await asyncio.sleep(0.2)
        assert not writing.done()
        assert heart.beats > 10
    other.execute("COMMIT")
    other.close()
    await writing
    async with database.reading() as session:
        assert (await session.execute(text("SELECT who FROM seats"))).scalars().all() == ["Anna"]


async def test_who_waits_in_vain_is_told(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    impatient = Database(f"sqlite:///{tmp_path}/store.sqlite3")
    await impatient.ping()
    other = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with impatient.writing() as session:
            await session.execute(text("INSERT INTO seats (who) VALUES ('Anna')"))

    with pytest.raises(OperationalError, match="locked"):
        await write()
    other.close()
    await write()
    await impatient.close()


async def test_a_broken_rule_undoes_the_transaction_and_nothing_else(database: Database) -> None:
    async def sit_twice() -> None:
        async with database.writing() as session:
            await session.execute(text("INSERT INTO seats (who) VALUES ('Anna')"))
            await session.execute(text("INSERT INTO seats (who) VALUES ('Anna')"))

    with pytest.raises(IntegrityError):
        await sit_twice()
    async with database.writing() as session:
        assert (await session.execute(text("SELECT count(*) FROM seats"))).scalar_one() == 0
        await session.execute(text("INSERT INTO seats (who) VALUES (:who)"), [{"who": "Anna"}, {"who": "Marco"}])
    async with database.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM seats"))).scalar_one() == 2


async def test_a_task_that_is_cancelled_in_the_middle_leaves_no_lock(database: Database) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(text("INSERT INTO seats (who) VALUES ('Anna')"))
            begun.set()
            await session.execute(text(COUNTING.format(most=3_000_000)), execution_options=BESIDE)

    writing = asyncio.create_task(write())
    await begun.wait()
    await asyncio.sleep(0.01)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    async with database.writing() as session:
        assert (await session.execute(text("SELECT count(*) FROM seats"))).scalar_one() == 0


async def test_many_statements_one_after_the_other_let_others_run(database: Database) -> None:
    async with database.reading() as session, Heartbeat() as heart:
        for _ in range(100):
            await session.execute(text(COUNTING.format(most=3000)))
        assert heart.beats >= 5
