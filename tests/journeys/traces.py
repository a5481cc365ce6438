"""Looking for somebody's words everywhere: every column of every table, the search index, the database's own files."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from storage.engine import Database
from storage.models import Base
from storage.search_words import stems, words


def spellings(marker: str) -> set[str]:
    """How a text can stand in a store: as it is, escaped in JSON, folded as the search index keeps it."""
    return {marker, json.dumps(marker)[1:-1], json.dumps(marker, ensure_ascii=False)[1:-1]}


async def traces(database: Database, markers: Iterable[str]) -> list[str]:
    """Where one of the texts still stands: ``table: marker``."""
    wanted = {spelling.casefold(): marker for marker in markers for spelling in spellings(marker)}
    found: set[str] = set()
    async with database.reading() as session:
        for name in Base.metadata.tables:
            # On PostgreSQL a row as text has every column, the generated tsvector too.
            statement = f'SELECT t::text FROM "{name}" AS t' if not database.is_sqlite else f'SELECT * FROM "{name}"'
            for row in await session.execute(text(statement.replace("::", r"\:\:"))):
                line = " ".join(
                    one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row
                ).casefold()
                found |= {f"{name}: {marker}" for spelling, marker in wanted.items() if spelling in line}
    return sorted(found)


def indexed(path: Path, marker: str) -> list[str]:
    """The words of a text that SQLite's full-text index still knows, in any of its segments."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'search_entries_fts', 'row')")
        terms = {row[0] for row in connection.execute("SELECT term FROM temp.terms")}
    return sorted({stem for word in words(marker) for stem in (word, *stems(word)) if stem in terms})


def in_files(path: Path, markers: Iterable[str]) -> list[str]:
    """Which of the texts still stand in the bytes of SQLite's file or of its log."""
    files = [one for one in (path, path.with_name(path.name + "-wal")) if one.exists()]
    content = b"".join(one.read_bytes() for one in files)
    return sorted({marker for marker in markers for one in spellings(marker) if one.encode() in content})
