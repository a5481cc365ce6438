"""Which tables a transaction has written to: for those who must know whether anything happened."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction


@contextmanager
def watched(session: AsyncSession) -> Iterator[set[str]]:
    """The names of the tables that are written to inside the block, whether through objects or by statements."""
    tables: set[str] = set()

    def flushed(own: Session, _: UOWTransaction) -> None:
        changed = [one for one in own.dirty if own.is_modified(one)]
        tables.update(type(one).__table__.name for one in (*own.new, *changed, *own.deleted))

    def executed(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            table = getattr(state.statement, "table", None)
            tables.add(str(getattr(table, "name", "")))

    event.listen(session.sync_session, "after_flush", flushed)
    event.listen(session.sync_session, "do_orm_execute", executed)
    try:
        yield tables
    finally:
        event.remove(session.sync_session, "after_flush", flushed)
        event.remove(session.sync_session, "do_orm_execute", executed)
