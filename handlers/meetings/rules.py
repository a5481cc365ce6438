"""What holds for meetings: the arrows between states, the first free slot, when to remind. Values in, decision out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.enums import MeetingStatus, PartyAnswer
from storage.reminder_times import MEETING_REMINDERS

Span = tuple[datetime, datetime]
"""From when to when, UTC; the end is not part of it."""

ARROWS: Mapping[MeetingStatus, frozenset[MeetingStatus]] = {
    MeetingStatus.PROPOSED: frozenset({MeetingStatus.SCHEDULED, MeetingStatus.CANCELLED, MeetingStatus.EXPIRED}),
    # From a state to itself: an answer that decides nothing yet, or a move to another time.
    MeetingStatus.SCHEDULED: frozenset(
        {MeetingStatus.SCHEDULED, MeetingStatus.CONFIRMED, MeetingStatus.CANCELLED, MeetingStatus.EXPIRED}
    ),
    MeetingStatus.CONFIRMED: frozenset(
        {MeetingStatus.CONFIRMED, MeetingStatus.HELD, MeetingStatus.NOT_HELD, MeetingStatus.CANCELLED}
    ),
    MeetingStatus.HELD: frozenset(),
    MeetingStatus.NOT_HELD: frozenset(),
    MeetingStatus.CANCELLED: frozenset(),
    MeetingStatus.EXPIRED: frozenset(),
}
"""Where a meeting may go from each state. What has no arrows is over."""

OFFERED_TIMES = 6
"""Other times shown at once: a phone's height of buttons."""
REMINDERS = MEETING_REMINDERS
MOST_SLOTS = 400
MOST_TABLES = 200
LONGEST_DAY = timedelta(hours=14)


class ArrowError(RuntimeError):
    """A meeting was to go where no arrow leads: a fault of the program, never of a person."""


def check_arrow(was: MeetingStatus, became: MeetingStatus) -> None:
    """See that the arrow is drawn.

    Raises:
        ArrowError: it is not.
    """
    if became not in ARROWS[was]:
        raise ArrowError(f"{was} → {became}")


def is_over(status: MeetingStatus) -> bool:
    """Whether nothing can become of the meeting any more."""
    return not ARROWS[status]


def status_after(answers: Iterable[PartyAnswer]) -> MeetingStatus:
    """The state of a meeting that has a time, from what both sides said."""
    return MeetingStatus.CONFIRMED if all(one is PartyAnswer.YES for one in answers) else MeetingStatus.SCHEDULED


def overlaps(one: Span, other: Span) -> bool:
    """Whether two stretches of time share a moment."""
    return one[0] < other[1] and other[0] < one[1]


# The first free slot


@dataclass(frozen=True, slots=True)
class SlotTime:
    """A slot of a mission."""

    id: int
    span: Span


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A slot in which both sides and a table are free."""

    slot: SlotTime
    table_id: int


class NoTime(StrEnum):
    """Why there is no time for a meeting."""

    NO_SLOTS = "no_slots"  # none are left, or none were made
    NO_COMMON_SLOT = "no_common_slot"
    NO_TABLE = "no_table"  # both are free, all tables are taken


def free_times(
    slots: Sequence[SlotTime],
    *,
    now: datetime,
    busy: Collection[Span],
    tables: Sequence[int],
    tables_busy: Mapping[int, Collection[Span]],
) -> list[FreeTime] | NoTime:
    """All slots to come in which both sides are free and a table is, the earliest first; or why there is none.

    Args:
        slots: in the order of time.
        now: slots that have begun are no longer offered.
        busy: when either side is taken.
        tables: ids in the order in which they are filled.
        tables_busy: when each table is taken.
    """
    coming = [slot for slot in slots if slot.span[0] > now]
    if not coming:
        return NoTime.NO_SLOTS
    common = [slot for slot in coming if not any(overlaps(slot.span, one) for one in busy)]
    if not common:
        return NoTime.NO_COMMON_SLOT
    found: list[FreeTime] = []
    for slot in common:
        for table in tables:
            if not any(overlaps(slot.span, one) for one in tables_busy.get(table, ())):
                found.append(FreeTime(slot, table))
                break
    return found or NoTime.NO_TABLE


# Reminding


def reminder_due(starts_at: datetime, timed_at: datetime | None, now: datetime) -> timedelta | None:
    """Which reminder's moment has come: the nearest to the start, and none that the news of the time has overtaken."""
    if starts_at <= now:
        return None
    due = [before for before in REMINDERS if starts_at - before <= now]
    if not due:
        return None
    nearest = min(due)
    return nearest if timed_at is None or timed_at <= starts_at - nearest else None


# A day of slots


def grid(first: datetime, last: datetime, *, length: timedelta, pause: timedelta) -> list[Span]:
    """Slots of one length with a pause between, all of them whole, from ``first`` until ``last``."""
    found: list[Span] = []
    start = first
    while start + length <= last and len(found) < MOST_SLOTS:
        found.append((start, start + length))
        start += length + pause
    return found


def without_overlaps(new: Sequence[Span], there: Collection[Span]) -> list[Span]:
    """The new slots that do not cut into those that are there."""
    return [one for one in new if not any(overlaps(one, other) for other in there)]
