"""What the fragments of a phrase mean, before anyone looks at a calendar or a clock."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo


class DayPart(Enum):
    """A part of the day that tells the two readings of a twelve-hour time apart.

    `LATE` is the English night, which begins in the evening; `NIGHT` is the Italian one, which does not.
    """

    MORNING = auto()
    AFTERNOON = auto()
    EVENING = auto()
    NIGHT = auto()
    LATE = auto()


class Meridiem(Enum):
    """Before or after noon on a twelve-hour clock."""

    AM = auto()
    PM = auto()


class Which(Enum):
    """Which of the many Fridays."""

    AHEAD = auto()
    THIS = auto()
    NEXT = auto()
    LAST = auto()


class CalendarUnit(Enum):
    """A step on the calendar, which keeps the wall-clock time and may be 23 or 25 hours long."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


class Span(Enum):
    """A stretch of days that is understood but is not one day."""

    WEEK = auto()
    WEEKEND = auto()
    MONTH = auto()
    MONTH_END = auto()


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """Days from today: 0 today, 1 tomorrow."""

    days: int


@dataclass(frozen=True, slots=True)
class WeekdayDay:
    """A weekday, 0 Monday to 6 Sunday; `week` counts weeks from this one when the phrase names the week."""

    weekday: int
    which: Which = Which.AHEAD
    week: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day and a month, with or without the year. The numbers are as typed and may be impossible."""

    day: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of a month that is not named: the next one, or the one `months` from the present month."""

    day: int
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """Calendar units from today. `inclusive` when people also count the day they start from."""

    count: int
    unit: CalendarUnit
    inclusive: bool = False


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The last day of the present month."""


@dataclass(frozen=True, slots=True)
class VagueDay:
    """A week, a weekend or a month: `offset` counts them from the present one, `month` names a month instead."""

    span: Span
    offset: int = 0
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Elapsed time from now, a day and a time at once."""

    delta: timedelta


DaySpec = RelativeDay | WeekdayDay | CalendarDay | MonthDay | Steps | MonthEnd | VagueDay | Later


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time as typed. The numbers may be impossible.

    `full_day` is true when the form itself is that of a 24-hour clock, such as 03:30 with its zero. `minutes_before`
    is what is taken away ("quarter to nine"). `noon` marks the word, which is never a twelve of the night.
    """

    hour: int
    minute: int = 0
    second: int = 0
    microsecond: int = 0
    full_day: bool = False
    meridiem: Meridiem | None = None
    minutes_before: int = 0
    noon: bool = False


@dataclass(frozen=True, slots=True)
class Midnight:
    """The word, which may be the start or the end of the day it is said of, `minutes` later (or earlier)."""

    minutes: int = 0


TimeSpec = ClockTime | Midnight


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A zone by place or by IANA name."""

    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class OffsetZone:
    """An offset from UTC, which must be the one in force at that time in the zone it stands for.

    That zone is the caller's, unless an `abbreviation` is given that the caller's zone does not use: then `zone`.
    """

    offset: timedelta
    abbreviation: str = ""
    zone: ZoneInfo | None = None


ZoneSpec = NamedZone | OffsetZone


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of tokens and what it says. One fragment may say several things: "stasera" is a day and a part of it.

    `bare` marks a lone number, which means something only in the company of other fragments.
    """

    start: int
    end: int
    day: DaySpec | None = None
    time: TimeSpec | None = None
    part: DayPart | None = None
    zone: ZoneSpec | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand the whole phrase, every token of it.

    Attributes:
        days: The day, and then what else was said of the same day and must agree with it.
        part_of_hour: The part of the day follows the time ("alle 2 di notte") and so belongs to the hour, not the day.
    """

    days: tuple[DaySpec, ...] = ()
    time: TimeSpec | None = None
    part: DayPart | None = None
    part_of_hour: bool = False
    zone: ZoneSpec | None = None
    fragments: tuple[Fragment, ...] = ()
