"""The grammar of days: "venerdì prossimo", "27 novembre 2018", "il 27/11", "fra tre giorni", "next week"."""

from collections.abc import Iterator
from datetime import timedelta

from .fragments import WORDS, Tokens, after_dot, kind_at, number, optional, phrases
from .meaning import (
    CalendarDay,
    DaySpec,
    Fragment,
    Later,
    MonthDay,
    MonthEnd,
    RelativeDay,
    Span,
    Steps,
    VagueDay,
    WeekdayDay,
)
from .tokens import TokenKind

_MONTHS = phrases(WORDS.months)
_WEEKDAYS = phrases(WORDS.weekdays)
_ORDINALS = phrases(WORDS.ordinals)
_ONE = phrases(WORDS.one_article)
_PREPOSITIONS = phrases(WORDS.day_prepositions)
_DEADLINES = phrases(WORDS.deadline_prepositions)
_ARTICLES = phrases(WORDS.day_articles)
_OF = phrases(WORDS.of)
_RELATIVE = phrases(WORDS.relative_days)
_WITH_PART = phrases(WORDS.days_with_part)
_WHICH_BEFORE = phrases(WORDS.which_before)
_WHICH_AFTER = phrases(WORDS.which_after)
_WEEKS = phrases(WORDS.weeks)
_MONTHS_FROM_NOW = phrases(WORDS.months_from_now)
_VAGUE = phrases(WORDS.vague_spans)
_MONTH_ENDS = phrases(WORDS.month_ends)
_DURATION_PREPOSITIONS = phrases(WORDS.duration_prepositions)
_FROM_NOW = phrases(WORDS.from_now)
_AGO = phrases(WORDS.ago)
_CLOCK_UNITS = phrases(WORDS.clock_units)
_CALENDAR_UNITS = phrases(WORDS.calendar_units)
_AND_DURATION = phrases(WORDS.and_duration)
_HALVES = phrases(WORDS.duration_halves)
_FIXED_DURATIONS = phrases(WORDS.fixed_durations)
_INCLUSIVE = phrases(WORDS.inclusive_counts)

# No calendar of the community reaches further; a wider range would turn a mistyped time into a year.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
# Past these counts a date or an interval could not be represented; they are all far beyond what is accepted anyway.
_MOST_STEPS = 9999

Day = tuple[int, DaySpec]


def days(tokens: Tokens, start: int) -> Iterator[Fragment]:
    """Every day, or elapsed time, that begins at `start`."""
    for end, spec in _durations(tokens, start):
        yield Fragment(start, end, day=spec)
    for after_preposition, deadline in _introduced(tokens, start):
        for after_article in optional(_ARTICLES, tokens, after_preposition):
            for end, spec in _named_days(tokens, after_article):
                yield Fragment(start, end, day=spec)
            for end, day in _day_numbers(tokens, after_article):
                yield Fragment(start, end, day=MonthDay(day), bare=after_article == start)
            for end, _ in _MONTH_ENDS.at(tokens, after_article):
                yield Fragment(start, end, day=MonthEnd() if deadline else VagueDay(Span.MONTH_END))
        for end, (count, part) in _WITH_PART.at(tokens, after_preposition):
            yield Fragment(start, end, day=RelativeDay(count), part=part)


def _introduced(tokens: Tokens, start: int) -> Iterator[tuple[int, bool]]:
    """The indices after what may stand before a day, and whether it sets a deadline."""
    for end, _ in _DEADLINES.at(tokens, start):
        yield end, True
    for end in optional(_PREPOSITIONS, tokens, start):
        yield end, False


def _named_days(tokens: Tokens, start: int) -> Iterator[Day]:
    yield from ((end, RelativeDay(count)) for end, count in _RELATIVE.at(tokens, start))
    yield from _weekdays(tokens, start)
    yield from _figures(tokens, start)
    yield from _written_dates(tokens, start)
    yield from ((end, VagueDay(Span.WEEK, count)) for end, count in _WEEKS.at(tokens, start))
    yield from ((end, VagueDay(Span.MONTH, count)) for end, count in _MONTHS_FROM_NOW.at(tokens, start))
    yield from ((end, VagueDay(span, count)) for end, (span, count) in _VAGUE.at(tokens, start))
    for end, day in _day_numbers(tokens, start):
        for after_of in optional(_OF, tokens, end):
            for last, count in _MONTHS_FROM_NOW.at(tokens, after_of):
                yield last, MonthDay(day, count)


def _weekdays(tokens: Tokens, start: int) -> Iterator[Day]:
    for end, weekday in _WEEKDAYS.at(tokens, start):
        last = after_dot(tokens, end)
        yield last, WeekdayDay(weekday)
        yield from ((after, WeekdayDay(weekday, which)) for after, which in _WHICH_AFTER.at(tokens, last))
    for after_which, which in _WHICH_BEFORE.at(tokens, start):
        yield from ((after_dot(tokens, end), WeekdayDay(day, which)) for end, day in _WEEKDAYS.at(tokens, after_which))


def _figures(tokens: Tokens, start: int) -> Iterator[Day]:
    """Dates in figures. The day always comes before the month; only a year of four figures may come first."""
    match kind_at(tokens, start):
        case TokenKind.YEAR_MONTH_DAY:
            year, month, day = (int(group) for group in tokens[start].groups)
            yield start + 1, CalendarDay(day, month, year)
        case TokenKind.DAY_MONTH_YEAR:
            day, month = (int(group) for group in tokens[start].groups[:2])
            yield start + 1, CalendarDay(day, month, _year(tokens[start].groups[2]))
        case TokenKind.DAY_MONTH | TokenKind.DOTTED_PAIR:
            day, month = (int(group) for group in tokens[start].groups)
            yield start + 1, CalendarDay(day, month)
        case _:
            return


def _year(figures: str) -> int:
    return 2000 + int(figures) if len(figures) == 2 else int(figures)


def _day_numbers(tokens: Tokens, start: int) -> Iterator[tuple[int, int]]:
    """A day of the month: 27, 27th, 1°, primo, ventisette, twenty-seventh."""
    if kind_at(tokens, start) is TokenKind.ORDINAL:
        yield start + 1, int(tokens[start].groups[0])
    yield from _ORDINALS.at(tokens, start)
    yield from ((end, value) for end, value in number(tokens, start, highest=99) if value)


def _written_dates(tokens: Tokens, start: int) -> Iterator[Day]:
    """27 novembre, 27th of November 2018, November 27, 2018; and a month alone, which is no day."""
    for after_day, day in _day_numbers(tokens, start):
        for after_of in optional(_OF, tokens, after_day):
            for end, month in _months(tokens, after_of):
                yield from ((last, CalendarDay(day, month, year)) for last, year in _years(tokens, end))
    for after_month, month in _months(tokens, start):
        yield from ((end, VagueDay(Span.MONTH, month=month, year=year)) for end, year in _years(tokens, after_month))
        for after_article in optional(_ARTICLES, tokens, after_month):
            for end, day in _day_numbers(tokens, after_article):
                yield from ((last, CalendarDay(day, month, year)) for last, year in _years(tokens, end))


def _months(tokens: Tokens, start: int) -> Iterator[tuple[int, int]]:
    for end, month in _MONTHS.at(tokens, start):
        yield after_dot(tokens, end), month


def _years(tokens: Tokens, start: int) -> Iterator[tuple[int, int | None]]:
    """The year that may follow a month or a day: 2018, '18, 18, "del 2018", ", 2018"."""
    yield start, None
    after_comma = start
    if kind_at(tokens, start) is TokenKind.SEPARATOR and tokens[start].typed == ",":
        after_comma += 1
    for after_of in optional(_OF, tokens, after_comma):
        kind = kind_at(tokens, after_of)
        if kind not in {TokenKind.NUMBER, TokenKind.SHORT_YEAR}:
            continue
        figures = tokens[after_of].groups[0]
        if (len(figures) == 2 and after_comma == start) or (
            len(figures) == 4 and _FIRST_YEAR <= int(figures) <= _LAST_YEAR
        ):
            yield after_of + 1, _year(figures)


def _durations(tokens: Tokens, start: int) -> Iterator[Day]:
    """Fra due ore, in 3 days, una settimana fa, two hours from now."""
    for after_preposition, _ in _DURATION_PREPOSITIONS.at(tokens, start):
        for end, spec in _amounts(tokens, after_preposition):
            yield from ((last, spec) for last in optional(_FROM_NOW, tokens, end))
    for end, spec in _amounts(tokens, start):
        yield from ((last, spec) for last, _ in _FROM_NOW.at(tokens, end))
        for last, _ in _AGO.at(tokens, end):
            yield last, Later(-spec.delta) if isinstance(spec, Later) else Steps(-spec.count, spec.unit)


def _amounts(tokens: Tokens, start: int) -> Iterator[tuple[int, Later | Steps]]:
    for end, minutes in _minutes(tokens, start):
        yield end, Later(timedelta(minutes=minutes))
    for after_count, count in _counts(tokens, start):
        for end, unit in _CALENDAR_UNITS.at(tokens, after_count):
            inclusive = any(count in counts for _, counts in _INCLUSIVE.at(tokens, after_count))
            yield end, Steps(count, unit, inclusive)


def _counts(tokens: Tokens, start: int) -> Iterator[tuple[int, int]]:
    yield from _ONE.at(tokens, start)
    yield from number(tokens, start, highest=_MOST_STEPS)


def _minutes(tokens: Tokens, start: int) -> Iterator[tuple[int, int]]:
    """Elapsed time in minutes: un'ora e mezza, 2 ore e 30 minuti, 1h30, mezz'ora."""
    yield from _FIXED_DURATIONS.at(tokens, start)
    for after_count, count in _counts(tokens, start):
        for end, size in _CLOCK_UNITS.at(tokens, after_count):
            total = count * size
            yield end, total
            if size == 1:
                continue
            for last, value in number(tokens, end, highest=59):
                yield last, total + value
            for after_and in optional(_AND_DURATION, tokens, end):
                for last, more in _more_minutes(tokens, after_and):
                    yield last, total + more
                if after_and > end:
                    yield from ((last, total + size // 2) for last, _ in _HALVES.at(tokens, after_and))


def _more_minutes(tokens: Tokens, start: int) -> Iterator[tuple[int, int]]:
    for after_count, count in number(tokens, start, highest=59):
        yield from ((end, count) for end, size in _CLOCK_UNITS.at(tokens, after_count) if size == 1)
