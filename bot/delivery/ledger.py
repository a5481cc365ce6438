"""The results of calls on their way into the store: whatever has come meanwhile is written by one commit.

A result on its own is written at once. While a commit is running others arrive, and the next commit takes them all, so
that a broadcast costs a few commits a second and not one a message, and nobody waits for anything but the store.
"""

import asyncio
import logging
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from handlers.conversation.clock import Clock
from storage.engine import Database
from storage.queries import outbox
from storage.queries.outbox import Settled

log = logging.getLogger(__name__)

MOST = 500
"""Results in one commit."""


class NotWrittenError(Exception):
    """The store did not take a result for so long that it is given up here; the row is found and settled later."""


class Ledger:
    """Writes results down.

    Args:
        database: the store.
        clock: when.
        claim: this process's name.
        pauses: seconds between tries while the store does not answer; the call cannot be taken back, so it is waited
            for.
    """

    def __init__(self, database: Database, clock: Clock, *, claim: str, pauses: Sequence[float]) -> None:
        self._database = database
        self._clock = clock
        self._claim = claim
        self._pauses = pauses
        self._waiting: list[tuple[Settled, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, result: Settled) -> bool:
        """Write one result; returns when it is committed. False when the claim was lost meanwhile.

        Raises:
            NotWrittenError: the store is away for too long.
        """
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((result, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all(), name="results")
        return await written

    async def cancel(self) -> None:
        """End what is being written; what is lost is found in the store."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: Sequence[tuple[Settled, asyncio.Future[bool]]]) -> None:
        mine: set[int] | None = None
        try:
            mine = await self._commit([result for result, _ in batch])
        finally:
            for result, written in batch:
                if written.done():
                    continue  # whoever waited for it was cancelled
                if mine is None:
                    written.set_exception(NotWrittenError())
                else:
                    written.set_result(result.id in mine)

    async def _commit(self, results: Sequence[Settled]) -> set[int] | None:
        for pause in self._pauses:
            try:
                async with self._database.writing() as session:
                    return await outbox.settle(session, results, claim=self._claim, now=self._clock.now())
            except SQLAlchemyError as error:
                log.warning("cannot write results yet", extra={"rows": len(results), "error": type(error).__name__})
                await asyncio.sleep(pause)
        return None
