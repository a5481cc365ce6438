"""The outbox as an operator sees it: how much waits and how late it is, what failed and why, trying again, giving up.

Everything here may run beside senders at work. A row is changed only while it is in the state in which it was found,
by the same statement that looks, so what a sender has taken meanwhile is left to it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PRIORITY_RANK, AnnouncementStatus, OutboxOp, OutboxState, Platform
from storage.models import Account, Announcement, OutboxMessage
from storage.queries.outbox import COUNTED, hold_card, place_of_edit

RETRIABLE = (OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.QUEUED)
"""What another try can be asked for; of what is queued, only what was tried before and waits for its next try."""
DROPPABLE = (OutboxState.QUEUED, OutboxState.HELD, OutboxState.FAILED, OutboxState.UNCERTAIN)
"""What can be given up: never what is being sent."""
GOES_ON = (AnnouncementStatus.SENDING, AnnouncementStatus.DONE)
"""An announcement whose rows are simply queued again."""


# How things stand


@dataclass(slots=True)
class TokenStanding:
    """What the outbox holds for one token.

    Attributes:
        platform, account: whose it is; ``account`` is our own identity there.
        due: rows that may be sent now.
        later: rows whose time has not come.
        oldest_due_at: when the first of those that are due should have been sent.
        oldest_written_at: when the oldest of those that are due was written.
        sending: rows on their way.
        held: rows of paused announcements.
        uncertain: rows of which nobody knows whether they arrived.
        failed: by reason, as the platform put it.
    """

    platform: Platform
    account: str
    due: int = 0
    later: int = 0
    oldest_due_at: datetime | None = None
    oldest_written_at: datetime | None = None
    sending: int = 0
    held: int = 0
    uncertain: int = 0
    failed: dict[str, int] = field(default_factory=dict)


async def standing(session: AsyncSession, now: datetime) -> list[TokenStanding]:
    """Every token that has something open or failed, by platform and account."""
    is_due = OutboxMessage.due_at <= now
    found = await session.execute(
        select(
            OutboxMessage.platform,
            OutboxMessage.account,
            OutboxMessage.state,
            case((OutboxMessage.state == OutboxState.FAILED, OutboxMessage.failure), else_="").label("reason"),
            func.count(),
            func.count(case((is_due, 1))),
            func.min(case((is_due, OutboxMessage.due_at)), type_=OutboxMessage.due_at.type),
            func.min(case((is_due, OutboxMessage.created_at)), type_=OutboxMessage.created_at.type),
        )
        .where(OutboxMessage.state.in_(COUNTED))
        .group_by(OutboxMessage.platform, OutboxMessage.account, OutboxMessage.state, "reason")
        .order_by(OutboxMessage.platform, OutboxMessage.account)
    )
    tokens: dict[tuple[Platform, str], TokenStanding] = {}
    for platform, account, state, reason, number, due, due_at, written_at in found:
        token = tokens.setdefault((platform, account), TokenStanding(platform, account))
        match state:
            case OutboxState.QUEUED:
                token.due, token.later = due, number - due
                token.oldest_due_at, token.oldest_written_at = due_at, written_at
            case OutboxState.HELD:
                token.held = number
            case OutboxState.SENDING:
                token.sending = number
            case OutboxState.FAILED:
                token.failed[reason] = number
            case _:
                token.uncertain = number
    return list(tokens.values())


@dataclass(frozen=True, slots=True)
class Gauge:
    """What is measured of one token all the time: rows by state, and when the first of those queued is due."""

    rows: Mapping[OutboxState, int]
    first_due_at: datetime | None


async def gauge(session: AsyncSession, platform: Platform, account: str) -> Gauge:
    """The rows of one token that somebody watches.

    Asked every few seconds, also while a hundred thousand rows wait: everything is read from the index by which
    senders find their work, and the first that is due by one look for each rank.
    """
    own = (OutboxMessage.platform == platform, OutboxMessage.account == account)
    counted = await session.execute(
        select(OutboxMessage.state, func.count())
        .where(*own, OutboxMessage.state.in_(COUNTED))
        .group_by(OutboxMessage.state)
    )
    first = [
        select(func.min(OutboxMessage.due_at, type_=OutboxMessage.due_at.type))
        .where(*own, OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.rank == rank)
        .scalar_subquery()
        for rank in PRIORITY_RANK.values()
    ]
    due = [one for one in (await session.execute(select(*first))).one() if one is not None]
    return Gauge({OutboxState(state): number for state, number in counted}, min(due, default=None))


# Which rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rows are meant: those that meet every condition; an empty one is met by all.

    Attributes:
        states: one of these.
        kinds: one of these.
        platforms: one of these.
        written_before: written into the outbox at that time or earlier.
        announcement_id: of that announcement.
        ids: one of these.
    """

    states: Sequence[OutboxState] = ()
    kinds: Sequence[str] = ()
    platforms: Sequence[Platform] = ()
    written_before: datetime | None = None
    announcement_id: int | None = None
    ids: Sequence[int] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same on :class:`~storage.models.OutboxMessage`."""
        found: list[ColumnElement[bool]] = []
        if self.states:
            found.append(OutboxMessage.state.in_(self.states))
        if self.kinds:
            found.append(OutboxMessage.kind.in_(self.kinds))
        if self.platforms:
            found.append(OutboxMessage.platform.in_(self.platforms))
        if self.written_before is not None:
            found.append(OutboxMessage.created_at <= self.written_before)
        if self.announcement_id is not None:
            found.append(OutboxMessage.announcement_id == self.announcement_id)
        if self.ids:
            found.append(OutboxMessage.id.in_(self.ids))
        return found


SHOWN = (
    OutboxMessage.id,
    OutboxMessage.platform,
    OutboxMessage.account,
    OutboxMessage.chat,
    OutboxMessage.kind,
    OutboxMessage.op,
    OutboxMessage.target,
    OutboxMessage.card,
    OutboxMessage.person_id,
    OutboxMessage.announcement_id,
    OutboxMessage.state,
    OutboxMessage.failure,
    OutboxMessage.attempts,
    OutboxMessage.created_at,
    OutboxMessage.due_at,
    OutboxMessage.expires_at,
    OutboxMessage.claimed_at,
)
"""The columns of a listed row: nothing of what it says."""


async def rows(session: AsyncSession, selection: Selection, *, after: int = 0, most: int) -> list[Row[Any]]:
    """Some of the rows that are meant, with the columns :data:`SHOWN`, in order: those after that id."""
    statement = (
        select(*SHOWN).where(*selection.conditions(), OutboxMessage.id > after).order_by(OutboxMessage.id).limit(most)
    )
    found: Sequence[Any] = (await session.execute(statement)).all()
    return list(found)


async def count_by_state(session: AsyncSession, selection: Selection) -> dict[OutboxState, int]:
    """How many rows are meant, by state."""
    found = await session.execute(
        select(OutboxMessage.state, func.count()).where(*selection.conditions()).group_by(OutboxMessage.state)
    )
    return {OutboxState(state): number for state, number in found}


# Again


class LeftOut(StrEnum):
    """Why a row is not tried again."""

    STOPPED = "stopped"  # its announcement was stopped
    EXPIRED = "expired"  # it would come too late to be useful
    SUPERSEDED = "superseded"  # an edit: a newer one waits, or the message is gone
    UNREACHABLE = "unreachable"  # nothing reaches the person now
    NOT_TRIED = "not_tried"  # waits for its own time


@dataclass(slots=True)
class Retried:
    """What became of the rows that were to be tried again: how many by state before, and why others were left out."""

    queued: Counter[OutboxState] = field(default_factory=Counter)
    held: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    ids: list[int] = field(default_factory=list)

    def add(self, other: "Retried") -> None:
        """Count another part of the same work."""
        self.queued.update(other.queued)
        self.held += other.held
        self.left_out.update(other.left_out)
        self.ids += other.ids


async def retry(
    session: AsyncSession,
    found: Sequence[Row[Any]],
    *,
    now: datetime,
    bound: Collection[str],
    card: str,
    in_doubt: str,
    change: bool = True,
) -> Retried:
    """Queue rows again, due now and with all their tries before them.

    A row of a paused announcement is held until that goes on; a finished announcement is under way again. What failed
    where its person is no longer reached goes to where they are. An edit of a live card takes the one place that its
    copy has in the queue, or is left out.

    Args:
        session: in a writing transaction; a reading one is enough without ``change``.
        found: what :func:`rows` found.
        now: the present.
        bound: the kinds that belong into the chat for which they were written.
        card: the kind that draws a live card.
        in_doubt: the reason that makes a sender look, where the platform can be asked, whether an uncertain message
            is there already.
        change: ``False`` only counts what would happen.

    Raises:
        sqlalchemy.exc.IntegrityError: somebody queued the same edit at that moment; begin the transaction again.
    """
    done = Retried()
    announcements = await _announcements(session, found, change=change)
    accounts = await _accounts(session, found)
    edits: set[tuple[Platform, str, str, str]] = set()
    for row in found:
        status = announcements[row.announcement_id].status if row.announcement_id in announcements else None
        why = _why_left_out(row, status, now)
        address: dict[str, Any] = {}
        if why is None:
            address, why = _address(row, accounts, bound)
        if why is None and row.op is OutboxOp.EDIT and row.kind == card:
            message = (row.platform, row.account, row.chat, row.target)
            key = None if message in edits else await _place(session, row, change=change)
            edits.add(message)
            if key is None and row.state is not OutboxState.QUEUED:
                why = LeftOut.SUPERSEDED
            elif key is not None:
                address["dedup_key"] = key
        if why is not None:
            done.left_out[why] += 1
            continue
        held = status is AnnouncementStatus.PAUSED
        if change and not await _queue_again(session, row, now=now, held=held, in_doubt=in_doubt, values=address):
            continue  # somebody else has taken it up meanwhile
        done.queued[row.state] += 1
        done.held += held
        done.ids.append(row.id)
        if change and status is AnnouncementStatus.DONE:
            announcement = announcements[row.announcement_id]
            announcement.status = AnnouncementStatus.SENDING
            announcement.resumed_at, announcement.finished_at = now, None
            status = AnnouncementStatus.SENDING
    return done


def _why_left_out(row: Row[Any], status: AnnouncementStatus | None, now: datetime) -> LeftOut | None:
    if row.announcement_id is not None and status not in {*GOES_ON, AnnouncementStatus.PAUSED}:
        return LeftOut.STOPPED
    if row.expires_at is not None and row.expires_at <= now:
        return LeftOut.EXPIRED
    if row.state is OutboxState.QUEUED and row.claimed_at is None:
        return LeftOut.NOT_TRIED
    return None


async def _announcements(session: AsyncSession, found: Sequence[Row[Any]], *, change: bool) -> dict[int, Announcement]:
    """The announcements of these rows, locked against being stopped meanwhile."""
    ids = sorted({row.announcement_id for row in found if row.announcement_id is not None})
    if not ids:
        return {}
    statement = select(Announcement).where(Announcement.id.in_(ids)).order_by(Announcement.id)
    if change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return {one.id: one for one in (await session.execute(statement)).scalars()}


async def _accounts(session: AsyncSession, found: Sequence[Row[Any]]) -> dict[int, list[Account]]:
    """Where the people of these rows have an account, the one on which they acted last at the end."""
    people = sorted({row.person_id for row in found if row.person_id is not None})
    accounts: dict[int, list[Account]] = {}
    if people:
        statement = select(Account).where(Account.person_id.in_(people)).order_by(Account.last_acted_at, Account.id)
        for account in (await session.execute(statement)).scalars():
            accounts.setdefault(account.person_id, []).append(account)
    return accounts


def _address(
    row: Row[Any], accounts: Mapping[int, Sequence[Account]], bound: Collection[str]
) -> tuple[dict[str, Any], LeftOut | None]:
    """What changes in where a row goes, or that it reaches nobody."""
    own = accounts.get(row.person_id, ()) if row.person_id is not None else ()
    here = [one for one in own if (one.platform, one.account, one.chat) == (row.platform, row.account, row.chat)]
    if not here or here[0].reachable:
        return {}, None
    elsewhere = [one for one in own if one.reachable]
    if not elsewhere or row.kind in bound:
        return {}, LeftOut.UNREACHABLE
    best = elsewhere[-1]
    return {"platform": best.platform, "account": best.account, "chat": best.chat, "thread": ""}, None


async def _place(session: AsyncSession, row: Row[Any], *, change: bool) -> str | None:
    """The dedup key under which an edit of a card's copy waits; ``None`` when it has nothing to show any more."""
    if change:
        await hold_card(session, row.card)
    place = await place_of_edit(session, row.platform, row.account, row.chat, row.target)
    return place.dedup_key


async def _queue_again(
    session: AsyncSession, row: Row[Any], *, now: datetime, held: bool, in_doubt: str, values: Mapping[str, Any]
) -> bool:
    changed = await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row.id, OutboxMessage.state == row.state)
        .values(
            state=OutboxState.HELD if held else OutboxState.QUEUED,
            due_at=now,
            attempts=0,
            claim="",
            failure=in_doubt if row.state is OutboxState.UNCERTAIN else "",
            finished_at=None,
            **values,
        )
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar_one_or_none() is not None


# Never


async def drop(session: AsyncSession, found: Sequence[Row[Any]], *, now: datetime) -> dict[int, OutboxState]:
    """Give rows up: cancelled, and their reason kept. Returns which, with the state that each had.

    Fenced by the state in which each was found, so nothing that is being sent is touched. An edit's dedup key is given
    up with it, since it would keep the next change from being shown; that of anything else stays taken.
    """
    by_state: dict[OutboxState, list[int]] = {}
    for row in found:
        if row.state in DROPPABLE:
            by_state.setdefault(row.state, []).append(row.id)
    dropped: dict[int, OutboxState] = {}
    for state, ids in by_state.items():
        changed = await session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids), OutboxMessage.state == state)
            .values(
                state=OutboxState.CANCELLED,
                finished_at=now,
                dedup_key=case((OutboxMessage.op == OutboxOp.EDIT, null()), else_=OutboxMessage.dedup_key),
            )
            .returning(OutboxMessage.id)
            .execution_options(synchronize_session=False)
        )
        dropped |= dict.fromkeys(changed.scalars(), state)
    return dropped
