"""A list of 5,000 members of a hundred organisations comes in, changes, and comes in again, on both databases."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event

from handlers.conversation.codes import CodeKeeper
from handlers.sheets.writing import SheetForm, table
from handlers.staff import lists
from handlers.staff.list_reading import read_bytes
from storage.engine import Database
from storage.enums import ListKind, Locale
from storage.migrations import upgrade
from tests.bench.postgres import cluster
from tests.bench.tables import Table

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
HOUSES = 100


@dataclass(frozen=True, slots=True)
class Extent:
    """How many members are brought in."""

    members: int


FULL = Extent(members=5_000)
QUICK = Extent(members=500)


def houses() -> Sequence[Sequence[str]]:
    """The list of organisations."""
    return [["Nome", "Categoria", "Città"], *([f"Organizzazione {n:03}", "azienda", "Milano"] for n in range(HOUSES))]


def people(number: int, *, role: str) -> Sequence[Sequence[str]]:
    """The list of members; every tenth has another role than the first list said, where ``role`` says so."""
    rows = [
        [
            f"Persona {n:05}",
            f"persona{n}@org{n % HOUSES}.example",
            f"Organizzazione {n % HOUSES:03}",
            role if n % 10 == 0 else "CTO",
        ]
        for n in range(number)
    ]
    return [["Nome", "E-mail", "Azienda", "Ruolo"], *rows]


def file_of(rows: Sequence[Sequence[str]], form: SheetForm) -> bytes:
    """A list as the file that comes."""
    return table(rows[0], rows[1:], form)


@contextmanager
def counted(engines: Sequence[Engine]) -> Iterator[Callable[[], int]]:
    """How many statements these engines are given inside the block."""
    number = 0

    def count(*_: object) -> None:
        nonlocal number
        number += 1

    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    try:
        yield lambda: number
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count)


async def step(database: Database, kind: ListKind, content: bytes) -> tuple[float, float, int, str]:
    """Read a file, compare and take it over; seconds of reading, of the transaction, its statements, what changed."""
    async with database.reading() as session:
        words = await lists.vocabulary(session)
    began = time.monotonic()
    read = read_bytes(kind, "list", content, words)
    parsed = time.monotonic() - began
    engines = {database._writer.sync_engine, database._reader.sync_engine}
    began = time.monotonic()
    with counted(list(engines)) as statements:
        async with database.writing() as session:
            found = await lists.differences(session, kind, read, NOW)
            if found.new or found.changed:
                await lists.apply(
                    session, kind, found, codes=CodeKeeper(), by=None, locale=Locale.ITALIAN, now=NOW, reason="bench"
                )
    taken = time.monotonic() - began
    changed = f"{len(found.new)} / {len(found.changed)} / {found.unchanged}"
    return parsed, taken, statements(), changed


async def measure(folder: Path, *, extent: Extent) -> list[Table]:
    """On SQLite and PostgreSQL: the first list, the same again, one with every tenth changed, and the export."""
    out = Table(
        f"A list of {extent.members} members, of {HOUSES} organisations",
        ["", "reading, s", "transaction, s", "statements", "new / changed / as before"],
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(cluster(folder))
        stores = {"SQLite": f"sqlite:///{folder / 'import.sqlite3'}", "PostgreSQL": await server.create("import")}
        for name, url in stores.items():
            database = Database(url)
            stack.push_async_callback(database.close)
            await upgrade(database)
            await step(database, ListKind.ORGANISATIONS, file_of(houses(), SheetForm.CSV))
            steps = (
                ("XLSX, first time", people(extent.members, role="CTO"), SheetForm.XLSX),
                ("CSV, the same again", people(extent.members, role="CTO"), SheetForm.CSV),
                ("CSV, every tenth changed", people(extent.members, role="CEO"), SheetForm.CSV),
            )
            for what, rows, form in steps:
                parsed, taken, statements, changed = await step(database, ListKind.MEMBERS, file_of(rows, form))
                out.rows.append([f"{name}: {what}", f"{parsed:.2f}", f"{taken:.2f}", str(statements), changed])
            began = time.monotonic()
            async with database.reading() as session:
                header, lines = await lists.table_of(session, ListKind.MEMBERS, Locale.ITALIAN, NOW)
            table(header, lines, SheetForm.XLSX)
            out.rows.append([f"{name}: XLSX out", "", f"{time.monotonic() - began:.2f}", "", str(len(lines))])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    out.note(f"The process used at most {peak} MiB, the bench itself included.")
    return [out]
