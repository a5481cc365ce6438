"""The few places where SQLite and PostgreSQL are written differently."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, cast, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.models.base import Base

Model = TypeVar("Model", bound=Base)

ROWS_PER_INSERT = 500
"""SQLite takes 32,766 values a statement (SQLITE_MAX_VARIABLE_NUMBER), PostgreSQL 65,535; the outbox has 28 columns."""


def is_postgres(session: AsyncSession) -> bool:
    """Whether the session is on PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def among(key: ColumnElement[int], ids: Collection[int], *, postgres: bool) -> ColumnElement[bool]:
    """That a key is one of many: as one value, where ``IN`` would put each into the statement."""
    if postgres:
        return key == func.any(cast(list(ids), postgresql.ARRAY(BigInteger)))
    return key.in_(select(column("value")).select_from(func.json_each(json.dumps(list(ids)))))


@cache
def insert_ignoring(model: type[Base], unique: tuple[str, ...], *, postgres: bool) -> Any:
    """The statement that inserts rows and leaves out those whose ``unique`` columns are taken.

    The rows are parameters and not part of it, so that it is put together and compiled once and not for every insert.
    """
    insert: Any = postgresql.insert if postgres else sqlite.insert
    return insert(model.__table__).on_conflict_do_nothing(index_elements=list(unique))


@cache
def _insert_returning(model: type[Base], unique: tuple[str, ...], key: str, *, postgres: bool) -> Any:
    return insert_ignoring(model, unique, postgres=postgres).returning(model.__table__.c[key])


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
    postgres = is_postgres(session)
    new: list[int] = []
    for start in range(0, len(rows), ROWS_PER_INSERT):
        chunk = list(rows[start : start + ROWS_PER_INSERT])
        if key is None:
            await session.execute(insert_ignoring(model, tuple(unique), postgres=postgres), chunk)
        else:
            statement = _insert_returning(model, tuple(unique), key.key, postgres=postgres)
            new.extend((await session.execute(statement, chunk)).scalars())
    return sorted(new)
