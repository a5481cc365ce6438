"""One month as the rows of a calendar keyboard."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the page: whether it may be chosen, and whether it is today."""

    date: date
    enabled: bool
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The months before and after a page, as (year, month); None when no day of them may be chosen."""

    previous: tuple[int, int] | None
    following: tuple[int, int] | None


def calendar_page(
    year: int, month: int, *, today: date, earliest: date | None, latest: date | None, first_weekday: int = 0
) -> list[list[Day | None]]:
    """The weeks of a month, seven places each; None for a place that belongs to another month.

    Args:
        year: 1 to 9999.
        month: 1 to 12.
        today: The date to mark.
        earliest: The first date that may be chosen; None for no limit.
        latest: The last one; None for no limit.
        first_weekday: The weekday of the first place, 0 Monday to 6 Sunday.

    Raises:
        ValueError: `year`, `month` or `first_weekday` is out of range.
    """
    _check_month(year, month)
    if not 0 <= first_weekday <= 6:
        raise ValueError("first_weekday must be 0 (Monday) to 6 (Sunday)")
    first = earliest or date.min
    last = latest or date.max

    def place(day: int) -> Day | None:
        if day == 0:
            return None
        here = date(year, month, day)
        return Day(here, first <= here <= last, here == today)

    return [[place(day) for day in week] for week in Calendar(first_weekday).monthdayscalendar(year, month)]


def calendar_neighbours(year: int, month: int, *, earliest: date | None, latest: date | None) -> Neighbours:
    """Where the page's arrows lead.

    A page wholly outside the limits leads back towards them: its arrow on that side stays, the other one goes.

    Raises:
        ValueError: `year` or `month` is out of range.
    """
    _check_month(year, month)
    first = earliest or date.min
    last = latest or date.max
    page = year * 12 + month - 1
    has_previous = page > first.year * 12 + first.month - 1
    has_following = page < last.year * 12 + last.month - 1
    return Neighbours(_month(page - 1) if has_previous else None, _month(page + 1) if has_following else None)


def _month(count: int) -> tuple[int, int]:
    year, month = divmod(count, 12)
    return year, month + 1


def _check_month(year: int, month: int) -> None:
    if not MINYEAR <= year <= MAXYEAR or not 1 <= month <= 12:
        raise ValueError(f"no such month: {year}-{month}")
