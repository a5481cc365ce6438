"""One message on its way: drawn for its reader, called when its turn has come, its result written down."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.delivery.new_copies import catch_up
from bot.delivery.pacing import Call, NotYetError, Pacer
from bot.delivery.rendering import Drawn, Parcel, draw
from bot.delivery.results import Results, backoff, token_of
from bot.platforms.base import Adapter, SendError
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community
from handlers.conversation.event import Address, MessageRef
from handlers.conversation.screen import Screen
from storage.engine import Database
from storage.enums import OutboxOp, OutboxState, Priority
from storage.queries import outbox

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 5.0
"""A message that must wait longer for its turn goes into the queue instead: there it waits without a task of its own,
and a chat whose rows must wait so long does not stand in the way of others when the queue is looked at."""


class Calls:
    """Carries out claimed rows, one call each.

    Args:
        database: the store.
        adapter: the platform; open.
        community: given to what renders.
        clock: says what has expired.
        claim: this process's name.
        pacer: says when.
        results: where they end.
        wake: tells the sender that there is something to do.
        is_stopping: whether nothing shall be waited for any more.
        now: monotonic seconds.

    Attributes:
        alive_until: until when (monotonic) nobody else takes this process for dead and settles what it has in hand.
    """

    def __init__(
        self,
        database: Database,
        adapter: Adapter,
        community: Community,
        clock: Clock,
        *,
        claim: str,
        pacer: Pacer,
        results: Results,
        wake: Callable[[], None],
        is_stopping: Callable[[], bool],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._adapter = adapter
        self._community = community
        self._clock = clock
        self._claim = claim
        self._pacer = pacer
        self._results = results
        self._wake = wake
        self._is_stopping = is_stopping
        self._now = now
        self.alive_until = float("inf")
        self._on_its_way: dict[str, Call] = {}

    async def carry_out(
        self, parcel: Parcel, drawn: Drawn | None, turn_has_come: Callable[[], None] = lambda: None
    ) -> None:
        """From a claimed row to its result in the store.

        Args:
            parcel: the row.
            drawn: what it shows, where that is known already.
            turn_has_come: told when the row waits no longer for its turn.
        """
        if await self._results.resolve_doubt(parcel):
            return
        if parcel.expires_at is not None and parcel.expires_at <= self._clock.now():
            await self._results.finish(parcel, OutboxState.EXPIRED)
            return
        try:
            if drawn is None:
                async with self._database.reading() as session:
                    drawn = await draw(session, parcel, self._community, self._clock)
        except (DBAPIError, PoolTimeoutError) as error:
            log.warning("cannot be drawn yet", extra={"row": parcel.id, "error": type(error).__name__})
            await self._results.again(parcel, after=backoff(parcel.attempts), failure=parcel.failure)
            return
        except Exception:
            log.exception("cannot draw", extra={"kind": parcel.kind, "row": parcel.id})
            await self._results.finish(parcel, OutboxState.FAILED, failure="cannot be drawn")
            return
        if drawn.verdict is not None:
            await self._results.as_wished(parcel, drawn.verdict)
            return
        if drawn.screen is None and parcel.op is not OutboxOp.DELETE:
            await self._results.finish(parcel, OutboxState.SKIPPED)
            return
        parcel.card = drawn.card
        try:
            async with self._turn(parcel):
                turn_has_come()
                if not await self._is_still_ours(parcel):
                    return
                message_id = await self._on_platform(parcel, drawn.screen)
        except NotYetError as not_yet:
            await self._results.again(parcel, after=not_yet.seconds, counts=False, failure=parcel.failure)
        except SendError as error:
            await self._results.failed(parcel, error)
        except Exception:
            # A fault of ours, before the call or after it: another try would meet it again, and might send twice.
            log.exception("cannot send", extra={"kind": parcel.kind, "row": parcel.id})
            await self._results.finish(parcel, OutboxState.FAILED, failure="a fault in the platform's adapter")
        else:
            await self._results.sent(parcel, message_id)
            if drawn.posts_card(parcel) and await catch_up(
                self._database, parcel, drawn.look, message_id, self._community, self._clock
            ):
                self._wake()

    @asynccontextmanager
    async def _turn(self, parcel: Parcel) -> AsyncIterator[None]:
        reply, edit = parcel.priority is Priority.REPLY, parcel.op is OutboxOp.EDIT
        call = await self._pacer.turn(
            parcel.chat, group=self._group(parcel.chat), reply=reply, edit=edit, patience=self._patience
        )
        self._on_its_way[parcel.chat] = call
        try:
            yield
        finally:
            self._pacer.done(self._on_its_way.pop(parcel.chat, call))
            self._pacer.done(call)

    def _patience(self) -> float:
        return 0.0 if self._is_stopping() else PATIENCE_SECONDS

    @asynccontextmanager
    async def next_turn(self, chat: str) -> AsyncIterator[None]:
        """For the further messages of a screen: see :attr:`~bot.platforms.base.Adapter.next_turn`."""
        # The message before it has been answered, or there would be no further one.
        before = self._on_its_way.pop(chat, None)
        if before is not None:
            self._pacer.done(before)
        call = await self._pacer.turn(chat, group=self._group(chat), reply=True)
        try:
            yield
        finally:
            self._pacer.done(call)

    async def _is_still_ours(self, parcel: Parcel) -> bool:
        """Whether the row may be sent: a process that was frozen for longer than its lease may have been replaced."""
        if self._now() < self.alive_until:
            return True
        try:
            async with self._database.reading() as session:
                ours = await outbox.is_claimed(session, parcel.id, self._claim)
        except SQLAlchemyError as error:
            log.warning("not sent while the store is away", extra={"row": parcel.id, "error": type(error).__name__})
            await self._results.again(parcel, after=backoff(parcel.attempts), counts=False)
            return False
        if not ours:
            log.warning("another process has taken this over", extra={"row": parcel.id, "kind": parcel.kind})
        return ours

    async def _on_platform(self, parcel: Parcel, shown: Screen | None) -> str:
        address = Address(parcel.platform, parcel.account, parcel.chat, parcel.thread)
        if parcel.op is OutboxOp.SEND and shown is not None:
            return await self._adapter.send(address, shown, token=token_of(parcel))
        target = MessageRef(address, parcel.target)
        if parcel.op is OutboxOp.EDIT and shown is not None:
            return await self._adapter.edit(target, shown)
        await self._adapter.delete(target)
        return parcel.target

    def _group(self, chat: str) -> bool:
        return self._adapter.is_group(Address(self._adapter.platform, self._adapter.account, chat))
