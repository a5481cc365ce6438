"""SQLite under asyncio without a trip to a thread for every statement.

SQLite is a library: most statements of a chat bot end within some ten microseconds, while each call of aiosqlite hands
work to its thread and back, four times for one ``SELECT``. Here a statement runs where it stands, on the connection
that aiosqlite opened; what may take long goes to aiosqlite's thread as ever:

- ``COMMIT``, which may write the log back into the file and, when durable, waits for the disk;
- a statement that finds the file locked by another process, which is tried again there and waits;
- a statement with the execution option :data:`LONG_RUNNING`, such as a search.

A statement that runs in place cannot be cancelled half-way, so that no transaction is left behind by one that was.
"""

import asyncio
import collections
import sqlite3
import time
from collections.abc import Callable, Generator
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util import EMPTY_DICT, await_

NAME = "sqlite+inplace"
LONG_RUNNING = "long_running"
BESIDE = {LONG_RUNNING: True}
"""The execution options of a statement that may take more than a few milliseconds: it runs beside the event loop."""
UNBROKEN_SECONDS = 0.005
"""How long statements may follow each other in place before others get their turn."""
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class _Nothing:
    """Awaited for form's sake: SQLAlchemy takes a driver under which nothing is awaited for one of the wrong kind."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor of the driver itself, used in the event loop's thread, or in the connection's."""

    __slots__ = ()
    _awaitable_cursor_close = False
    _adapt_connection: "_Connection"
    _cursor: Any

    def __init__(self, adapt_connection: "_Connection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = collections.deque()
        self._cursor = adapt_connection.driver.cursor()

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """Run one statement and fetch what it finds."""
        self._run(self._cursor.execute, operation, () if parameters is None else parameters)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        """Run one statement with many sets of values."""
        self._run(self._cursor.executemany, operation, seq_of_parameters)

    def execute_in_thread(self, operation: Any, parameters: Any) -> None:
        """Run one statement beside the event loop."""

        def run() -> list[Any]:
            self._cursor.execute(operation, parameters)
            return list(self._cursor.fetchall()) if self._cursor.description else []

        self._rows = collections.deque(self._adapt_connection.in_thread(run))

    def _run(self, call: Callable[[Any, Any], Any], operation: Any, parameters: Any) -> None:
        try:
            call(operation, parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in LOCKED:
                raise
            self._adapt_connection.in_thread_patiently(lambda: call(operation, parameters))
        if self._cursor.description:
            self._rows = collections.deque(self._cursor.fetchall())
        self._adapt_connection.let_others()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("_others_ran_at",)
    _cursor_cls = _Cursor  # type: ignore[assignment]  # SQLAlchemy means: one of them, or something derived

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._others_ran_at = 0.0

    def let_others(self) -> None:
        """Many statements one after the other must not keep the loop from everything else."""
        if time.monotonic() - self._others_ran_at < UNBROKEN_SECONDS:
            await_(_Nothing())
        else:
            await_(asyncio.sleep(0))
            self._others_ran_at = time.monotonic()

    @property
    def driver(self) -> sqlite3.Connection:
        """The connection that aiosqlite keeps.

        Raises:
            sqlite3.OperationalError: it is closed; known to SQLAlchemy as a lost connection.
        """
        try:
            return self._connection._conn  # type: ignore[no-any-return]  # untyped there
        except ValueError as error:
            self._handle_exception(error)

    def in_thread(self, call: Callable[[], Any]) -> Any:
        """What ``call`` returns, run in the connection's own thread."""
        try:
            return await_(self._connection._execute(call))
        except Exception as error:
            self._handle_exception(error)

    def in_thread_patiently(self, call: Callable[[], Any]) -> None:
        """The same, waiting for whoever has locked the file; in place nobody waits."""
        driver, patience = self.driver, self.dbapi.busy_timeout_ms

        def run() -> None:
            driver.execute(f"PRAGMA busy_timeout={patience}").close()
            try:
                call()
            finally:
                driver.execute("PRAGMA busy_timeout=0").close()

        self.in_thread(run)

    def commit(self) -> None:
        """End the transaction, in the connection's thread: it may wait for the disk."""
        driver = self.driver
        if driver.in_transaction:
            self.in_thread(driver.commit)

    def rollback(self) -> None:
        """Undo the transaction."""
        if self._connection._connection and self.driver.in_transaction:
            self.driver.rollback()


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    busy_timeout_ms = 0

    def connect(self, *arguments: Any, **options: Any) -> _Connection:
        """Open a connection; ``timeout`` (seconds) is how long a locked file is waited for."""
        self.busy_timeout_ms = round(1000 * options.pop("timeout"))
        opened = super().connect(*arguments, **{**options, "timeout": 0, "check_same_thread": False})
        return _Connection(self, opened._connection)


class InPlaceDialect(SQLiteDialect_aiosqlite):
    """``sqlite+inplace://``; see the module."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> _Driver:
        """The driver's module, as SQLAlchemy sees it."""
        import aiosqlite

        return _Driver(aiosqlite, sqlite3)

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement where it belongs."""
        if context is not None and context.execution_options.get(LONG_RUNNING):
            cursor.execute_in_thread(statement, parameters)
        else:
            cursor.execute(statement, parameters)


registry.register("sqlite.inplace", __name__, InPlaceDialect.__name__)
