"""Engines and sessions, and what makes SQLite and PostgreSQL safe under simultaneous taps.

SQLite: WAL, foreign keys, a busy time-out, and ``BEGIN IMMEDIATE`` for whoever writes. With the driver's defaults two
sign-ups read the same count before either writes and one is lost without an error; taking the write lock first makes
them follow each other. PostgreSQL: rows that are counted are locked first (:func:`lock`), which on SQLite is a no-op.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from storage import sqlite_dialect

BUSY_TIMEOUT_MS = 15_000
SQLITE_READERS = 4
WRITER_WAITS_SECONDS = 60
POSTGRES_CONNECTIONS = 16
POSTGRES_IDLE_IN_TRANSACTION_MS = 10_000
"""A process that is frozen (a paused virtual machine, a stopped container) with a transaction open keeps what it has
locked from all others. After so long the server rolls it back; a transaction of ours never rests for a second."""
ASYNC_DRIVERS = {"sqlite": sqlite_dialect.NAME, "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

Row = TypeVar("Row")


class DatabaseUrlError(ValueError):
    """The database's address is not one that the bot can use."""


class Instant(TypeDecorator[datetime]):
    """A point in time, always aware and in UTC, on both databases (SQLite itself keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a point in time needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - same
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def async_url(url: str) -> URL:
    """The address with the asyncio driver that the bot uses.

    Raises:
        DatabaseUrlError: it is neither SQLite nor PostgreSQL, or no address at all.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise DatabaseUrlError(f"not a database address: {error}") from error
    backend = parsed.get_backend_name()
    if backend not in ASYNC_DRIVERS:
        raise DatabaseUrlError(
            f"{backend!r} is not supported: use sqlite:///file.sqlite3 or postgresql://user@host/name"
        )
    return parsed.set(drivername=ASYNC_DRIVERS[backend])


BEFORE_COMMIT: list[Callable[[AsyncSession], Awaitable[None]]] = []
"""What every writing session does last, when all its changes are known: indexes that follow what is stored."""


class Database:
    """The store: writing and reading sessions on one engine.

    Args:
        url: ``sqlite:///path`` or ``postgresql://…``.
        durable: SQLite only: ``synchronous=FULL``, so that not even a power cut takes back a commit.
    """

    def __init__(self, url: str, *, durable: bool = False) -> None:
        address = async_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        if self.is_sqlite:
            connect_args = {"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000}
            # One writer: in one process taps queue here instead of retrying on SQLite's lock.
            self._writer = create_async_engine(
                address, connect_args=connect_args, pool_size=1, max_overflow=0, pool_timeout=WRITER_WAITS_SECONDS
            )
            self._reader = create_async_engine(
                address, connect_args=connect_args, pool_size=SQLITE_READERS, max_overflow=0
            )
            for engine, begin in ((self._writer, "BEGIN IMMEDIATE"), (self._reader, "BEGIN")):
                _prepare_sqlite(engine, begin=begin, durable=durable)
        else:
            idle = {"idle_in_transaction_session_timeout": str(POSTGRES_IDLE_IN_TRANSACTION_MS)}
            self._writer = create_async_engine(
                address,
                connect_args={"server_settings": idle},
                pool_size=POSTGRES_CONNECTIONS,
                max_overflow=4,
                pool_pre_ping=True,
            )
            _speak_plainly(self._writer)
            self._reader = self._writer
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self._writing = async_sessionmaker(self._writer, expire_on_commit=False, autoflush=True)
        self._reading = async_sessionmaker(self._reader, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session whose transaction is committed at the end, or rolled back when an exception passes.

        On SQLite writers follow each other in the order in which they asked, so that who taps first gets the place.
        """
        async with self._in_turn(), self._writing() as session, session.begin():
            yield session
            if BEFORE_COMMIT and session.in_transaction():
                await session.flush()
                for follow in BEFORE_COMMIT:
                    await follow(session)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """The pool of one connection alone would not do: who finds it free by chance overtakes all who wait for it."""
        if self._turn is None:
            yield
            return
        try:
            async with asyncio.timeout(WRITER_WAITS_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise PoolTimeoutError(f"no turn to write in {WRITER_WAITS_SECONDS} s") from error
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the store and changes nothing."""
        async with self._reading() as session:
            try:
                yield session
            finally:
                session.expunge_all()  # what was read stays readable; a rollback would empty it
                await session.rollback()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A writing connection, for migrations and bulk work."""
        async with self._writer.begin() as connection:
            yield connection

    async def ping(self) -> None:
        """Ask the database for anything.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it does not answer.
        """
        async with self._reader.connect() as connection:
            await connection.execute(select(1))

    async def forget_old_pages(self) -> None:
        """Let the write-ahead log of SQLite be emptied, in which pages stand as they were before a change.

        Where somebody reads at the same moment, what they still need stays until the next time. PostgreSQL's own log
        is recycled by the server, and dead rows by its autovacuum.
        """
        if self.is_sqlite and (path := self._writer.url.database):
            await asyncio.to_thread(_truncate_log, path)

    async def close(self) -> None:
        """Release all connections."""
        await self._writer.dispose()
        await self._reader.dispose()


def _truncate_log(path: str) -> None:
    with closing(sqlite3.connect(path, timeout=1.0)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare_sqlite(engine: AsyncEngine, *, begin: str, durable: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is deleted is overwritten: an erased person leaves no bytes in free pages
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _speak_plainly(engine: AsyncEngine) -> None:
    """Make a server that cannot be reached the error that it is on every other way into the database.

    What the system says while connecting (connection refused, no route, time-out) asyncpg raises as it is, and
    SQLAlchemy passes it on: nobody who waits for a lost database would recognise it.
    """

    @event.listens_for(engine.sync_engine, "do_connect")
    def on_connect(dialect: Dialect, _: ConnectionPoolEntry, args: Any, parameters: Any) -> DBAPIConnection:
        driver: Any = dialect.loaded_dbapi
        try:
            return dialect.connect(*args, **parameters)
        except OSError as error:
            raise driver.OperationalError(f"cannot connect: {type(error).__name__}") from error


async def lock(session: AsyncSession, model: type[Row], key: InstrumentedAttribute[int], value: int) -> Row | None:
    """Read the row that others would count against and hold it until the end of the transaction.

    PostgreSQL: ``SELECT … FOR UPDATE``. SQLite has locked the whole file at ``BEGIN IMMEDIATE`` and ignores the clause.
    """
    statement = select(model).where(key == value).with_for_update().execution_options(populate_existing=True)
    return (await session.execute(statement)).scalar_one_or_none()


async def count(session: AsyncSession, *conditions: Any, of: Any) -> int:
    """How many rows of ``of`` meet the conditions."""
    return (await session.execute(select(func.count()).select_from(of).where(*conditions))).scalar_one()
