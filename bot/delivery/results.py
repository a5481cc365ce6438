"""What becomes of a message after its call: sent, again, elsewhere, in doubt, or never."""

import asyncio
import logging
import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.delivery.holds import Holds
from bot.delivery.ledger import Ledger, NotWrittenError
from bot.delivery.pacing import Pacer
from bot.delivery.reachability import Reachability
from bot.delivery.rendering import Parcel
from bot.platforms.base import Adapter, Failure, SendError
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community
from handlers.conversation.event import Address
from handlers.conversation.notify import CARD, ONLY_HERE, SCREEN, addresses
from handlers.conversation.wishes import Elsewhere, Later, Unwanted
from storage.engine import Database
from storage.enums import OutboxOp, OutboxState
from storage.queries import outbox, people
from storage.queries.outbox import CardCopyKey, Settled
from storage.queries.preferences import IN_QUIET_HOURS, keep_for_digest

log = logging.getLogger(__name__)

BACKOFF_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300)
LEFT_BEHIND_SECONDS = 5.0
"""After at most so many seconds what a dead process left is tried again."""
GIVE_UP_AFTER = 60
"""Attempts: with the backoff above about four hours; by then most rows have expired by themselves."""
DOUBT = "in doubt"
"""Written beside a message that is looked for on the platform before it is sent again."""


class Results:
    """Writes down what became of messages and decides what is done next.

    Args:
        database: the store.
        adapter: the platform; open.
        community: whose channels follow a chat that moves.
        clock: when.
        claim: this process's name.
        pacer: obeys "wait".
        holds: keeps the order of what is put back.
        reachability: told what was answered and what was not.
        wake: tells the sender that there may be something to do.
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
        holds: Holds,
        reachability: Reachability,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._adapter = adapter
        self._community = community
        self._clock = clock
        self._claim = claim
        self._pacer = pacer
        self._holds = holds
        self._reachability = reachability
        self._wake = wake
        self._ledger = Ledger(database, clock, claim=claim, pauses=BACKOFF_SECONDS)

    async def sent(self, parcel: Parcel, message_id: str) -> None:
        """The platform has it."""
        self._reachability.answered()
        late = (self._clock.now() - parcel.due_at).total_seconds()
        metrics.lateness.labels(parcel.platform, parcel.priority).observe(max(0.0, late))
        await self.finish(parcel, OutboxState.SENT, message_id=message_id)

    async def failed(self, parcel: Parcel, error: SendError) -> None:
        """The platform has not carried it out, or that is in doubt."""
        metrics.failures.labels(parcel.platform, error.failure).inc()
        self._note_answer(error)
        try:
            await self._failed(parcel, error)
        except SQLAlchemyError as trouble:
            # The same refusal comes with the next try, when the store can be told.
            log.warning("cannot act on a refusal yet", extra={"row": parcel.id, "error": type(trouble).__name__})
            await self.again(parcel, after=backoff(parcel.attempts), failure=error.description)

    def _note_answer(self, error: SendError) -> None:
        if error.failure in {Failure.TEMPORARY, Failure.IN_DOUBT}:
            self._reachability.failed()
        else:
            self._reachability.answered()

    async def _failed(self, parcel: Parcel, error: SendError) -> None:
        match error.failure:
            case Failure.WAIT:
                metrics.waits.labels(parcel.platform, error.scope).inc()
                log.info("told to wait", extra={"seconds": error.retry_after, "scope": error.scope})
                group = self._adapter.is_group(Address(parcel.platform, parcel.account, parcel.chat))
                self._pacer.block(parcel.chat, error.retry_after, group=group, scope=error.scope)
                await self.again(parcel, after=error.retry_after, counts=False, failure=parcel.failure)
            case Failure.TEMPORARY:
                await self.again(parcel, after=backoff(parcel.attempts), failure=error.description)
            case Failure.IN_DOUBT:
                await self.in_doubt(parcel, error.description)
            case Failure.UNREACHABLE:
                await self._unreachable(parcel, error)
            case Failure.MOVED:
                await self._moved(parcel, error)
            case Failure.GONE:
                await self._gone(parcel, error)
            case Failure.UNCHANGED:
                await self.finish(parcel, OutboxState.SENT, message_id=parcel.target)
            case Failure.REFUSED:
                log.error("refused", extra={"kind": parcel.kind, "row": parcel.id, "why": error.description})
                await self.finish(parcel, OutboxState.FAILED, failure=error.description)

    async def again(self, parcel: Parcel, *, after: float, failure: str = "", counts: bool = True) -> None:
        """Back into the queue, in its place before what came later to that chat.

        Args:
            parcel: the message.
            after: seconds.
            failure: why, for who looks into it.
            counts: whether this was an attempt that went wrong; waiting one's turn is none.
        """
        if counts and parcel.attempts >= GIVE_UP_AFTER:
            await self.finish(parcel, OutboxState.FAILED, failure=failure or "given up")
            return
        due = self._clock.now() + timedelta(seconds=after)
        last = self._holds.last_due(parcel.chat, parcel.rank)
        due = due if last is None else max(due, last)
        self._holds.hold(parcel.id, parcel.chat, parcel.rank, due_at=due, after=after)
        attempts = parcel.attempts if counts else max(0, parcel.attempts - 1)
        await self.finish(parcel, OutboxState.QUEUED, failure=failure, due_at=due, attempts=attempts)
        asyncio.get_running_loop().call_later(after, self._wake)

    async def as_wished(self, parcel: Parcel, verdict: Unwanted | Later | Elsewhere) -> None:
        """Its reader does not want it here and now."""
        match verdict:
            case Unwanted(reason, keep):
                await self.finish(parcel, OutboxState.SKIPPED, failure=reason, keep=keep)
            case Later(until):
                # It was no attempt, and others to the same chat need not wait for it: so it leaves no claim behind,
                # by which what was put back keeps its place.
                attempts = max(0, parcel.attempts - 1)
                await self.finish(
                    parcel,
                    OutboxState.QUEUED,
                    failure=IN_QUIET_HOURS,
                    due_at=until,
                    attempts=attempts,
                    claimed_at=None,
                )
                self._holds.release(parcel.id, parcel.chat, parcel.rank)
            case Elsewhere(account):
                attempts = max(0, parcel.attempts - 1)
                place = {"platform": account.platform, "account": account.account, "chat": account.chat, "thread": ""}
                await self._requeue(parcel, attempts=attempts, claimed_at=None, **place)

    async def left_behind(self, parcel: Parcel, why: str) -> None:
        """A process ended between the call and its result. That is no fault of the message: it is tried again soon."""
        await self.in_doubt(parcel, why, most=LEFT_BEHIND_SECONDS)

    async def in_doubt(self, parcel: Parcel, why: str, *, most: float = math.inf) -> None:
        """It may or may not have been carried out; another try comes after so many seconds at most."""
        after = min(backoff(parcel.attempts), most)
        if parcel.op is not OutboxOp.SEND:
            await self.again(parcel, after=after)  # an edit made twice is made once
        elif self._adapter.resolves_doubt:
            await self.again(parcel, after=after, failure=DOUBT)
        elif parcel.policy_again:
            await self.again(parcel, after=after, failure=why)
        else:
            await self.finish(parcel, OutboxState.UNCERTAIN, failure=why)

    async def resolve_doubt(self, parcel: Parcel) -> bool:
        """Look for a message in doubt on the platform. False when it is not there and may be sent."""
        if parcel.failure != DOUBT or parcel.op is not OutboxOp.SEND or not self._adapter.resolves_doubt:
            return False
        address = Address(parcel.platform, parcel.account, parcel.chat, parcel.thread)
        try:
            found = await self._adapter.find_sent(address, token_of(parcel))
        except SendError as error:
            self._note_answer(error)
            if error.permanent and parcel.policy_again:
                return False
            if error.permanent:
                await self.finish(parcel, OutboxState.UNCERTAIN, failure=error.description)
            else:
                after = max(backoff(parcel.attempts), error.retry_after)
                await self.again(parcel, after=after, failure=DOUBT)
            return True
        if found is None:
            return False
        await self.sent(parcel, found)
        return True

    async def _unreachable(self, parcel: Parcel, error: SendError) -> None:
        async with self._database.writing() as session:
            if self._adapter.is_group(Address(parcel.platform, parcel.account, parcel.chat)):
                if parcel.target:
                    await outbox.forget_copy(session, parcel.platform, parcel.account, parcel.chat, parcel.target)
            else:
                await people.set_reachable(session, parcel.platform, parcel.account, chat=parcel.chat, reachable=False)
            other = None
            if parcel.person_id is not None and parcel.kind not in {SCREEN, CARD}:
                other = (await addresses(session, [parcel.person_id])).get(parcel.person_id)
        if other is not None:
            await self._requeue(parcel, platform=other.platform, account=other.account, chat=other.chat, thread="")
        else:
            await self.finish(parcel, OutboxState.FAILED, failure=error.description)

    async def _moved(self, parcel: Parcel, error: SendError) -> None:
        if error.new_chat in {"", parcel.chat}:
            await self.finish(parcel, OutboxState.FAILED, failure=error.description)
            return
        # Before the store says so: what waits for the chat would be sent to its new id at once, ahead of this one.
        self._holds.hold(parcel.id, error.new_chat, parcel.rank, due_at=self._clock.now(), after=0.0)
        async with self._database.writing() as session:
            await people.move_chat(session, parcel.platform, parcel.account, old=parcel.chat, new=error.new_chat)
        for number, channel in enumerate(self._community.channels):
            if (channel.platform, channel.account, channel.chat) == (parcel.platform, parcel.account, parcel.chat):
                self._community.channels[number] = replace(channel, chat=error.new_chat)
        await self._requeue(parcel, chat=error.new_chat)

    async def _gone(self, parcel: Parcel, error: SendError) -> None:
        if parcel.op is OutboxOp.DELETE:
            await self.finish(parcel, OutboxState.SENT, message_id=parcel.target)
        elif parcel.op is OutboxOp.SEND:
            await self._nothing_to_answer(parcel, error)
        else:
            async with self._database.writing() as session:
                await outbox.forget_copy(session, parcel.platform, parcel.account, parcel.chat, parcel.target)
            if parcel.kind == CARD or parcel.data.get(ONLY_HERE):
                await self.finish(parcel, OutboxState.SKIPPED, failure="the copy is gone")
                return
            # The message that was pressed is gone or too old to be redrawn: the answer comes as a new one.
            await self._requeue(parcel, op=OutboxOp.SEND, target="")

    async def _nothing_to_answer(self, parcel: Parcel, error: SendError) -> None:
        """What a new message belongs to (its thread, its file) is not there."""
        if not parcel.thread:
            await self.finish(parcel, OutboxState.FAILED, failure=error.description)
            return
        await self._requeue(parcel, thread="")

    async def _requeue(self, parcel: Parcel, **changes: Any) -> None:
        """At once again, but otherwise; ahead of what came later to that chat."""
        due = self._clock.now()
        if "platform" not in changes:
            self._holds.hold(parcel.id, str(changes.get("chat", parcel.chat)), parcel.rank, due_at=due, after=0.0)
        await self.finish(parcel, OutboxState.QUEUED, due_at=due, **changes)
        self._wake()

    async def finish(
        self,
        parcel: Parcel,
        state: OutboxState,
        *,
        message_id: str = "",
        failure: str = "",
        keep: bool = False,
        **changes: Any,
    ) -> None:
        """Write down the result; the database is waited for, since the call cannot be taken back.

        With ``keep`` its reader's digest names it, by the same commit.
        """
        values: dict[str, object] = {"message_id": message_id, "failure": failure[:80], **changes}
        plain = state is not OutboxState.QUEUED and not changes and not parcel.card and not keep
        try:
            if plain:
                mine = await self._ledger.write(Settled(parcel.id, state, message_id, failure[:80]))
            else:
                state, mine = await self._write_patiently(parcel, state, values, keep=keep)
        except NotWrittenError:
            # The row still says that it is being sent, and by whom: there it is found again.
            log.exception("result not written; it is settled as in doubt", extra={"row": parcel.id})
            return
        if state is not OutboxState.QUEUED or not mine or values.keys() & {"chat", "platform"}:
            self._holds.release(parcel.id, parcel.chat, parcel.rank)
        if not mine:
            log.warning("the claim was lost while sending", extra={"row": parcel.id, "kind": parcel.kind})
            return
        metrics.sent.labels(parcel.platform, parcel.kind, state).inc()

    async def cancel(self) -> None:
        """End what is being written."""
        await self._ledger.cancel()

    async def _write_patiently(
        self, parcel: Parcel, state: OutboxState, values: dict[str, object], *, keep: bool
    ) -> tuple[OutboxState, bool]:
        for pause in BACKOFF_SECONDS:
            try:
                return await self._write(parcel, state, values, keep=keep)
            except SQLAlchemyError as error:
                log.warning("cannot write a result yet", extra={"row": parcel.id, "error": type(error).__name__})
                await asyncio.sleep(pause)
        raise NotWrittenError

    async def _write(
        self, parcel: Parcel, state: OutboxState, values: dict[str, object], *, keep: bool
    ) -> tuple[OutboxState, bool]:
        now = self._clock.now()
        async with self._database.writing() as session:
            if state is OutboxState.QUEUED and parcel.kind == CARD and parcel.op is OutboxOp.EDIT:
                place = await outbox.place_of_edit(session, parcel.platform, parcel.account, parcel.chat, parcel.target)
                if place.superseded:
                    state, values = OutboxState.SKIPPED, {"failure": "a newer edit waits, or the copy is gone"}
                else:
                    values = {**values, "dedup_key": place.dedup_key}
            mine = await outbox.finish(session, parcel.id, claim=self._claim, state=state, now=now, **values)
            if mine and keep and parcel.person_id is not None:
                keep_for_digest(session, parcel.person_id, parcel.kind, parcel.data, now)
            if mine and state is OutboxState.SENT and parcel.card:
                message_id = str(values["message_id"])
                await outbox.record_copy(session, _copy(parcel), message_id=message_id, now=now)
        return state, mine


def token_of(parcel: Parcel) -> str:
    """The name of one delivery, the same at every attempt."""
    return f"delivery-{parcel.id}"


def _copy(parcel: Parcel) -> CardCopyKey:
    return CardCopyKey(
        parcel.card,
        parcel.platform,
        parcel.account,
        parcel.chat,
        parcel.thread,
        parcel.person_id,
        parcel.target if parcel.op is OutboxOp.EDIT else "",
    )


def backoff(attempts: int) -> float:
    """Seconds until another try, spread so that what failed together does not come back together."""
    base = BACKOFF_SECONDS[min(max(attempts, 1), len(BACKOFF_SECONDS)) - 1]
    return base * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
