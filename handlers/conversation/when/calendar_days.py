"""From a day as typed to dates: which day "venerdì prossimo" or "27 novembre" is, seen from today."""

from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, timedelta

from .meaning import (
    CalendarDay,
    CalendarUnit,
    DaySpec,
    Later,
    MonthDay,
    MonthEnd,
    RelativeDay,
    Span,
    Steps,
    VagueDay,
    WeekdayDay,
    Which,
)
from .refusal import Refused
from .results import Hint, Reason

# A date without a year that has only just gone by is more often a slip than an appointment in eleven months.
JUST_GONE = timedelta(days=31)

StillAhead = Callable[[date], bool | None]
"""Whether the moment asked for on a date is still to come; None when today is meant and its time is not known."""


def dates(spec: DaySpec, *, today: date, still_ahead: StillAhead, future: bool) -> tuple[date, ...]:
    """Every date that `spec` may mean, the nearest first. One that `still_ahead` does not matter to may be past.

    Raises:
        Refused: IMPOSSIBLE_DATE, NO_DATE, PAST or TOO_FAR, with days to suggest.
    """
    try:
        return _dates(spec, today, still_ahead, future=future)
    except OverflowError:
        raise Refused(Reason.TOO_FAR) from None


def _dates(spec: DaySpec, today: date, still_ahead: StillAhead, *, future: bool) -> tuple[date, ...]:
    match spec:
        case RelativeDay(days):
            return (today + timedelta(days=days),)
        case WeekdayDay():
            return _weekday(spec, today, still_ahead)
        case CalendarDay(day, month, year):
            if year is None:
                return _without_year(day, month, today, still_ahead, future=future)
            return (_valid(day, month, year),)
        case MonthDay(day, months):
            return _month_day(day, months, today, still_ahead)
        case Steps():
            return _steps(spec, today)
        case MonthEnd():
            return (_last_of_month(today),)
        case VagueDay():
            raise Refused(Reason.NO_DATE, days=_days_of(spec, today))
        case Later():
            raise AssertionError("elapsed time is not a day of the calendar")


def _valid(day: int, month: int, year: int) -> date:
    """The date.

    Raises:
        Refused: IMPOSSIBLE_DATE. The days around the end of a month are suggested for the 29th to 31st of it, and the
            other order of the figures for a month past December.
    """
    # The first and the last year have hours whose UTC lies outside every calendar.
    if year <= MINYEAR:
        raise Refused(Reason.IMPOSSIBLE_DATE)
    if year >= MAXYEAR:
        raise Refused(Reason.TOO_FAR)
    if month > 12 and 1 <= day <= 12 and 1 <= month <= monthrange(year, day)[1]:
        raise Refused(Reason.IMPOSSIBLE_DATE, days=(date(year, day, month),), hint=Hint.MONTH_FIRST)
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise Refused(Reason.IMPOSSIBLE_DATE)
    last = monthrange(year, month)[1]
    if day > last:
        end = date(year, month, last)
        raise Refused(Reason.IMPOSSIBLE_DATE, days=(end, end + timedelta(days=1)))
    return date(year, month, day)


def _weekday(spec: WeekdayDay, today: date, still_ahead: StillAhead) -> tuple[date, ...]:
    monday = today - timedelta(days=today.weekday())
    this_week = monday + timedelta(days=spec.weekday)
    week = timedelta(weeks=1)
    if spec.week is not None:
        return (this_week + spec.week * week,)
    match spec.which:
        case Which.THIS:
            return (this_week,)
        case Which.NEXT:
            # Before this week's Friday, "next Friday" is tomorrow to some and in eight days to others.
            return (this_week, this_week + week) if this_week > today else (this_week + week,)
        case Which.LAST:
            return (this_week, this_week - week) if this_week < today else (this_week - week,)
        case Which.AHEAD:
            day = this_week if this_week >= today else this_week + week
            while (ahead := still_ahead(day)) is False:
                day += week
            return (day, day + week) if ahead is None else (day,)


def _without_year(day: int, month: int, today: date, still_ahead: StillAhead, *, future: bool) -> tuple[date, ...]:
    if (day, month) == (29, 2):
        return (_leap_day(today),)
    following = _valid(day, month, today.year + (month < today.month))
    if following < today or still_ahead(following) is False:
        following = following.replace(year=following.year + 1)
    previous = following.replace(year=following.year - 1)
    if not future:
        return (previous, following)
    if today - previous <= JUST_GONE:
        raise Refused(Reason.PAST, days=(following,), day=previous)
    return (following,)


def _leap_day(today: date) -> date:
    """29 February without a year: that of the coming February, which must have one."""
    year = today.year if today < date(today.year, 3, 1) else today.year + 1
    if isleap(year):
        return date(year, 2, 29)
    leap = next(later for later in range(year, year + 9) if isleap(later))
    raise Refused(Reason.IMPOSSIBLE_DATE, days=(date(year, 2, 28), date(year, 3, 1), date(leap, 2, 29)))


def _month_day(day: int, months: int | None, today: date, still_ahead: StillAhead) -> tuple[date, ...]:
    first = today.replace(day=1)
    if not 1 <= day <= 31:
        raise Refused(Reason.IMPOSSIBLE_DATE)
    if months is not None:
        month = _add_months(first, months)
        return (_valid(day, month.month, month.year),)
    last = _last_of_month(today)
    if day > last.day:
        # Of two months in a row at least one has 31 days.
        raise Refused(Reason.IMPOSSIBLE_DATE, days=(last, _add_months(first, 1).replace(day=day)))
    candidate = first.replace(day=day)
    if candidate >= today and still_ahead(candidate) is not False:
        return (candidate,)
    month = _add_months(first, 1)
    return (_valid(day, month.month, month.year),)


def _steps(spec: Steps, today: date) -> tuple[date, ...]:
    match spec.unit:
        case CalendarUnit.DAY:
            end = today + timedelta(days=spec.count)
            return (end - timedelta(days=1), end) if spec.inclusive else (end,)
        case CalendarUnit.WEEK:
            return (today + timedelta(weeks=spec.count),)
        case CalendarUnit.MONTH | CalendarUnit.YEAR:
            months = spec.count * (12 if spec.unit is CalendarUnit.YEAR else 1)
            month = _add_months(today.replace(day=1), months)
            return (_valid(today.day, month.month, month.year),)


def _add_months(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if not MINYEAR <= year < MAXYEAR:
        raise OverflowError
    return date(year, month + 1, 1)


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _days_of(spec: VagueDay, today: date) -> tuple[date, ...]:
    """Days to suggest for a stretch of them: the working days of a week, both of a weekend, none of a month."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=spec.offset)
    match spec.span:
        case Span.WEEK:
            return tuple(monday + timedelta(days=day) for day in range(5))
        case Span.WEEKEND:
            return (monday + timedelta(days=5), monday + timedelta(days=6))
        case Span.MONTH_END:
            return (_last_of_month(today),)
        case Span.MONTH:
            return ()
