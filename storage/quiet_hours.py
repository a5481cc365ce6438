"""Quiet hours: when somebody wants to be left alone, on their own clock. Pure: times in, times out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
SATURDAY = 5
LOOK_BEHIND_DAYS = 3
LOOK_AHEAD_DAYS = 4
"""A stretch of quiet that holds a moment began at most so many days before it (on a Friday evening, with the weekend;
a zone may have left out a day), and ends at most so many after it."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when, on which days.

    Attributes:
        start, end: wall times; an end that is not after the start falls on the next day. Equal times: no quiet.
        days: the weekdays on which it begins; 0 is Monday.
        weekends: whether Saturdays and Sundays are quiet as a whole.
    """

    start: time = time(21)
    end: time = time(7, 30)
    days: frozenset[int] = EVERY_DAY
    weekends: bool = False


def quiet_until(moment: datetime, hours: QuietHours, zone: ZoneInfo) -> datetime | None:
    """When the quiet that holds a moment is over, in UTC; ``None`` when that moment is not quiet.

    Stretches that touch are one: Friday night, a quiet weekend and Sunday night end on Monday morning. A wall time
    that the clock leaves out is moved to where it goes on; of one that comes twice the first counts.

    Raises:
        ValueError: ``moment`` has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a point in time needs a zone")
    today = moment.astimezone(zone).date()
    until = None
    # In the order in which they begin, so that each can only prolong what the ones before it have begun.
    for begins, ends in sorted(_stretches(today, hours, zone)):
        if begins <= (until or moment) < ends:
            until = ends
    return until


def _stretches(today: date, hours: QuietHours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for offset in range(-LOOK_BEHIND_DAYS, LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=offset)
        if hours.start != hours.end and day.weekday() in hours.days:
            last = day if hours.end > hours.start else day + timedelta(days=1)
            yield _instant(day, hours.start, zone), _instant(last, hours.end, zone)
        if hours.weekends and day.weekday() == SATURDAY:
            yield _instant(day, time(), zone), _instant(day + timedelta(days=2), time(), zone)


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
