"""What became of an announcement's recipients, each a row of the outbox; and holding back what has not been sent.

The counts come from the index alone: announcement, state, moment.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, false, func, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import OutboxState, Platform
from storage.models import Account, Acknowledgement, Organisation, OutboxMessage, Person
from storage.queries.audience import is_latest

WAITING = (OutboxState.QUEUED, OutboxState.HELD)
"""What can still be held back or called off."""
NOT_SENT = (*WAITING, OutboxState.SENDING)
"""Not settled yet."""
NOT_REACHED = (OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.EXPIRED, OutboxState.CANCELLED)
"""Settled without having surely arrived."""
REACHED = (OutboxState.SENT, OutboxState.UNCERTAIN)
"""Who has it, or may have it."""
EXPORT_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Progress:
    """How many recipients there are in each state, and how fast they were settled of late.

    Attributes:
        counts: by state.
        settled: how many were settled in the stretch that was looked at.
        first, last: when the first and the last of those were.
    """

    counts: dict[OutboxState, int] = field(default_factory=dict)
    settled: int = 0
    first: datetime | None = None
    last: datetime | None = None


async def progress(session: AsyncSession, announcement_id: int, *, since: datetime | None = None) -> Progress:
    """Count the recipients by state, and those settled since then, in one statement that reads an index only."""
    late = OutboxMessage.finished_at >= since if since is not None else false()
    lately = case((late, OutboxMessage.finished_at))
    found = await session.execute(
        select(OutboxMessage.state, func.count(), func.count(lately), func.min(lately), func.max(lately))
        .where(OutboxMessage.announcement_id == announcement_id)
        .group_by(OutboxMessage.state)
    )
    counts: dict[OutboxState, int] = {}
    settled, firsts, lasts = 0, [], []
    for state, number, recent, first, last in found:
        counts[OutboxState(state)] = number
        settled += recent
        firsts += [first] if first is not None else []
        lasts += [last] if last is not None else []
    return Progress(counts, settled, min(firsts, default=None), max(lasts, default=None))


async def counts(session: AsyncSession, announcement_id: int) -> dict[OutboxState, int]:
    """How many recipients there are in each state."""
    return (await progress(session, announcement_id)).counts


async def failures(session: AsyncSession, announcement_id: int) -> dict[str, int]:
    """How many failed for each reason, in the platform's words."""
    found = await session.execute(
        select(OutboxMessage.failure, func.count())
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.state == OutboxState.FAILED)
        .group_by(OutboxMessage.failure)
    )
    return dict(found.all())


async def latest_results(
    session: AsyncSession, announcement_id: int, *, since: datetime, most: int
) -> list[OutboxState]:
    """Whether the last attempts arrived or failed for good, the latest first."""
    # One look at the end of the index for each state, however many rows there are.
    parts = [
        select(OutboxMessage.state, OutboxMessage.finished_at, OutboxMessage.id)
        .where(
            OutboxMessage.announcement_id == announcement_id,
            OutboxMessage.state == state,
            OutboxMessage.finished_at >= since,
        )
        .order_by(OutboxMessage.finished_at.desc(), OutboxMessage.id.desc())
        .limit(most)
        .subquery()
        for state in (OutboxState.SENT, OutboxState.FAILED)
    ]
    both = union_all(*(select(part) for part in parts)).subquery()
    statement = select(both.c.state).order_by(both.c.finished_at.desc(), both.c.id.desc()).limit(most)
    return [OutboxState(state) for state in (await session.execute(statement)).scalars()]


@dataclass(frozen=True, slots=True)
class NotReached:
    """A recipient whom it did not surely reach; ``name`` is empty when they were erased since."""

    name: str
    platform: Platform
    state: OutboxState
    failure: str


async def not_reached(session: AsyncSession, announcement_id: int, *, offset: int, most: int) -> list[NotReached]:
    """Those whom it did not surely reach, by name."""
    statement = (
        select(func.coalesce(Person.name, ""), OutboxMessage.platform, OutboxMessage.state, OutboxMessage.failure)
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.state.in_(NOT_REACHED))
        .order_by(OutboxMessage.state, Person.name, OutboxMessage.id)
        .offset(offset)
        .limit(most)
    )
    return [NotReached(*row) for row in await session.execute(statement)]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of an announcement's export."""

    name: str
    organisation: str
    platform: Platform
    state: OutboxState
    failure: str
    at: datetime | None
    acknowledged_at: datetime | None


async def export_rows(session: AsyncSession, announcement_id: int) -> AsyncIterator[ResultRow]:
    """Every recipient with their result, in the order in which they were queued, read page by page."""
    cursor = 0
    while True:
        statement = (
            select(
                OutboxMessage.id,
                func.coalesce(Person.name, ""),
                func.coalesce(Organisation.name, ""),
                OutboxMessage.platform,
                OutboxMessage.state,
                OutboxMessage.failure,
                OutboxMessage.finished_at,
                Acknowledgement.at,
            )
            .outerjoin(Person, Person.id == OutboxMessage.person_id)
            .outerjoin(Organisation, Organisation.id == Person.organisation_id)
            .outerjoin(
                Acknowledgement,
                (Acknowledgement.person_id == OutboxMessage.person_id)
                & (Acknowledgement.announcement_id == OutboxMessage.announcement_id),
            )
            .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.id > cursor)
            .order_by(OutboxMessage.id)
            .limit(EXPORT_PAGE)
        )
        rows = (await session.execute(statement)).all()
        for row_id, name, organisation, platform, state, failure, at, acknowledged_at in rows:
            cursor = row_id
            yield ResultRow(name, organisation, platform, state, failure, at, acknowledged_at)
        if len(rows) < EXPORT_PAGE:
            return


async def was_sent_to(session: AsyncSession, announcement_id: int, person_id: int) -> bool:
    """Whether the person is, or was, one of its recipients."""
    statement = (
        select(OutboxMessage.id)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.person_id == person_id)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def lately_queued(session: AsyncSession, prefix: str, *, since: datetime) -> bool:
    """Whether something with such a dedup key was queued since then. ``prefix`` holds no ``%`` or ``_``."""
    statement = (
        select(OutboxMessage.id)
        .where(OutboxMessage.dedup_key.like(f"{prefix}%"), OutboxMessage.created_at > since)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def reachable_accounts(session: AsyncSession, person_id: int) -> Sequence[Account]:
    """Everywhere a person can be written to."""
    statement = select(Account).where(Account.person_id == person_id, Account.reachable).order_by(Account.id)
    return (await session.execute(statement)).scalars().all()


async def card_states(session: AsyncSession, card: str) -> dict[OutboxState, int]:
    """How the rows stand that draw, or take away, the copies of a card."""
    found = await session.execute(
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.card == card, OutboxMessage.card != "")
        .group_by(OutboxMessage.state)
    )
    return {OutboxState(state): number for state, number in found}


# Holding back, letting go, sending again


async def _move(session: AsyncSession, *conditions: ColumnElement[bool], **values: object) -> int:
    result: Any = await session.execute(
        update(OutboxMessage).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )
    return max(int(result.rowcount), 0)


MOVED_AT_ONCE = 20_000
"""Rows that are held, let go or called off in one transaction: a quarter of a second on SQLite, in which nobody else
writes. The earliest are moved first, so that no sender comes to the others before the next transaction does."""


async def _move_first(
    session: AsyncSession, announcement_id: int, states: Sequence[OutboxState], **values: object
) -> int:
    first = (
        select(OutboxMessage.id)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.state.in_(states))
        .order_by(OutboxMessage.id)
        .limit(MOVED_AT_ONCE)
    )
    return await _move(session, OutboxMessage.id.in_(first), OutboxMessage.state.in_(states), **values)


async def hold(session: AsyncSession, announcement_id: int) -> int:
    """Take the first of what waits out of the sender's sight; those already on their way still go.

    Returns how many; as many as :data:`MOVED_AT_ONCE`: there may be more.
    """
    return await _move_first(session, announcement_id, [OutboxState.QUEUED], state=OutboxState.HELD)


async def release(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Queue the first of what was held back. Returns how many, as :func:`hold`."""
    return await _move_first(session, announcement_id, [OutboxState.HELD], state=OutboxState.QUEUED, due_at=now)


async def cancel_waiting(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Never send the first of what still waits. Returns how many, as :func:`hold`."""
    return await _move_first(session, announcement_id, WAITING, state=OutboxState.CANCELLED, finished_at=now)


async def count_waiting(session: AsyncSession, announcement_id: int) -> int:
    """How many still wait to be sent."""
    statement = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.state.in_(WAITING))
    )
    return (await session.execute(statement)).scalar_one()


async def any_in(session: AsyncSession, announcement_id: int, states: Sequence[OutboxState]) -> bool:
    """Whether a recipient is in one of these states."""
    statement = (
        select(OutboxMessage.id)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.state.in_(states))
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


def _afresh(now: datetime) -> dict[str, Any]:
    return {
        "state": OutboxState.QUEUED,
        "due_at": now,
        "finished_at": None,
        "attempts": 0,
        "claim": "",
        "claimed_at": None,
        "failure": "",
    }


async def requeue_uncertain(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Send to those of whom nobody knows whether it arrived. Returns how many."""
    return await _move(
        session,
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.state == OutboxState.UNCERTAIN,
        **_afresh(now),
    )


def _failed_but_reachable(announcement_id: int) -> list[ColumnElement[bool]]:
    return [
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.state == OutboxState.FAILED,
        exists().where(Account.person_id == OutboxMessage.person_id, Account.reachable),
    ]


async def count_worth_retrying(session: AsyncSession, announcement_id: int) -> int:
    """How many failed whom some address reaches now."""
    statement = select(func.count()).select_from(OutboxMessage).where(*_failed_but_reachable(announcement_id))
    return (await session.execute(statement)).scalar_one()


async def requeue_failed(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Try again where it failed, at the address that reaches the person now; one statement. Returns how many."""
    address = aliased(Account)

    def now_at(column: str) -> Any:
        return (
            select(getattr(address, column))
            .where(address.person_id == OutboxMessage.person_id, address.reachable, is_latest(address))
            .correlate(OutboxMessage)
            .scalar_subquery()
        )

    return await _move(
        session,
        *_failed_but_reachable(announcement_id),
        platform=now_at("platform"),
        account=now_at("account"),
        chat=now_at("chat"),
        thread="",
        **_afresh(now),
    )


async def count_arrived_before(session: AsyncSession, announcement_id: int, moment: datetime) -> int:
    """How many have it on Telegram since before that moment: too long for it to be deleted there."""
    statement = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.announcement_id == announcement_id,
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.finished_at <= moment,
            OutboxMessage.platform == Platform.TELEGRAM,
        )
    )
    return (await session.execute(statement)).scalar_one()
