"""The few places where SQLite and PostgreSQL are written differently."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.models.base import Base

Model = TypeVar("Model", bound=Base)

ROWS_PER_INSERT = 500
"""SQLite takes 32,766 values a statement (SQLITE_MAX_VARIABLE_NUMBER), PostgreSQL 65,535; the outbox has 27 columns."""


def is_postgres(session: AsyncSession) -> bool:
    """Whether the session is on PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


async def insert_new(
    session: AsyncSession,
    model: type[Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    unique: Sequence[str],
    key: InstrumentedAttribute[int] | None,
) -> list[int]:
    """Insert rows, leave out those whose ``unique`` columns are taken, and return the new keys in order.

    Without a ``key`` nothing is returned.
    """
    await session.flush()  # as for a statement on the mapped class: what these rows point to is there before them
    # The rows are parameters and not part of the statement, so that it is compiled once and not for every insert.
    insert: Any = postgresql.insert if is_postgres(session) else sqlite.insert
    statement = insert(model.__table__).on_conflict_do_nothing(index_elements=list(unique))
    new: list[int] = []
    for start in range(0, len(rows), ROWS_PER_INSERT):
        chunk = list(rows[start : start + ROWS_PER_INSERT])
        if key is None:
            await session.execute(statement, chunk)
        else:
            new.extend((await session.execute(statement.returning(key), chunk)).scalars())
    return sorted(new)
