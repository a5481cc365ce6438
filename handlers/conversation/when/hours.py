"""From a time as typed to times of day: which of its two readings a twelve-hour time can have."""

from dataclasses import dataclass
from datetime import time

from .meaning import ClockTime, DayPart, Meridiem, Midnight, TimeSpec
from .refusal import Refused
from .results import Reason

_MINUTES_A_DAY = 24 * 60
# Said without a part of the day, people mean both halves of the day by these; from eight on, the 24-hour reading.
_AMBIGUOUS_HOURS = range(1, 8)


@dataclass(frozen=True, slots=True)
class HourChoice:
    """A time of day, `shift` days after the day it was said of (the end of a day is the start of the next)."""

    shift: int
    time: time


def hour_choices(spec: TimeSpec, part: DayPart | None, *, part_of_hour: bool) -> tuple[HourChoice, ...]:
    """Every time of day that the phrase may mean, in the order of the day.

    Raises:
        Refused: IMPOSSIBLE_TIME for figures that no clock shows, CONTRADICTION for a time outside the part of the day.
    """
    if isinstance(spec, Midnight):
        return tuple(_choice(day * _MINUTES_A_DAY + spec.minutes, spec) for day in _midnights(part))
    if spec.minute > 59 or spec.second > 59 or spec.hour > 24 or (spec.hour == 24 and (spec.minute or spec.second)):
        raise Refused(Reason.IMPOSSIBLE_TIME)
    hours = _hours(spec, part, part_of_hour=part_of_hour)
    return tuple(_choice(hour * 60 + spec.minute - spec.minutes_before, spec) for hour in hours)


def in_part(moment: time, part: DayPart) -> bool:
    """Whether a time that nobody typed, such as a default, lies in the part of the day that somebody did."""
    return {
        DayPart.MORNING: moment.hour < 12,
        DayPart.AFTERNOON: 12 <= moment.hour < 19,
        DayPart.EVENING: moment.hour >= 17,
        DayPart.NIGHT: False,
        DayPart.LATE: moment.hour >= 17,
    }[part]


def _choice(minutes: int, spec: TimeSpec) -> HourChoice:
    shift, minute_of_day = divmod(minutes, _MINUTES_A_DAY)
    hour, minute = divmod(minute_of_day, 60)
    if isinstance(spec, Midnight):
        return HourChoice(shift, time(hour, minute))
    return HourChoice(shift, time(hour, minute, spec.second, spec.microsecond))


def _midnights(part: DayPart | None) -> tuple[int, ...]:
    """The midnight that begins the day and the one that ends it, as far as the part of the day leaves both open."""
    match part:
        case None | DayPart.NIGHT:
            return (0, 1)
        case DayPart.EVENING | DayPart.LATE:
            return (1,)
        case DayPart.MORNING | DayPart.AFTERNOON:
            raise Refused(Reason.CONTRADICTION)


def _hours(spec: ClockTime, part: DayPart | None, *, part_of_hour: bool) -> tuple[int, ...]:
    """Hours from the start of the day; 24 and more belong to the next day."""
    hours: tuple[int, ...]
    if spec.meridiem is not None:
        hours = (_with_meridiem(spec),)
        if part is not None and not set(hours) & set(_in_part(hours[0], part, part_of_hour=part_of_hour)):
            raise Refused(Reason.CONTRADICTION)
    elif part is not None:
        if spec.noon:
            hours = (12,) if part is DayPart.AFTERNOON else ()
        else:
            hours = _in_part(spec.hour, part, part_of_hour=part_of_hour)
        if not hours:
            raise Refused(Reason.CONTRADICTION)
    elif spec.full_day or spec.noon or not _is_ambiguous(spec):
        hours = (spec.hour,)
    else:
        hours = (spec.hour, spec.hour + 12)
    return hours


def _is_ambiguous(spec: ClockTime) -> bool:
    shown = (spec.hour * 60 + spec.minute - spec.minutes_before) // 60
    return spec.hour in _AMBIGUOUS_HOURS or shown in _AMBIGUOUS_HOURS


def _with_meridiem(spec: ClockTime) -> int:
    """The hour of the day; "18:30 pm" says the same thing twice, "18:30 am" contradicts itself."""
    if spec.meridiem is Meridiem.AM:
        if spec.hour > 12:
            raise Refused(Reason.IMPOSSIBLE_TIME)
        return spec.hour % 12
    if spec.hour == 0 or spec.hour > 23:
        raise Refused(Reason.IMPOSSIBLE_TIME)
    return spec.hour if spec.hour >= 12 else spec.hour + 12


def _in_part(hour: int, part: DayPart, *, part_of_hour: bool) -> tuple[int, ...]:
    match part:
        case DayPart.MORNING:
            return (hour,) if hour < 12 else ()
        case DayPart.AFTERNOON:
            return _afternoon(hour)
        case DayPart.EVENING:
            return _evening(hour)
        case DayPart.NIGHT:
            return _night(hour, part_of_hour=part_of_hour)
        case DayPart.LATE:
            # "Tonight at 5" is the evening; an hour before that is the night.
            return _evening(hour) or _night(hour, part_of_hour=part_of_hour)


def _afternoon(hour: int) -> tuple[int, ...]:
    if 1 <= hour <= 7:
        return (hour + 12,)
    return (hour,) if 12 <= hour <= 19 else ()


def _evening(hour: int) -> tuple[int, ...]:
    if 5 <= hour <= 11:
        return (hour + 12,)
    if hour in {0, 12, 24}:
        return (24,)
    return (hour,) if 17 <= hour <= 23 else ()


def _night(hour: int, *, part_of_hour: bool) -> tuple[int, ...]:
    """The night said of the hour ("alle 2 di notte") is the date's own; said of the day, it may run into the next."""
    if 7 <= hour <= 11:
        return (hour + 12,)
    if 20 <= hour <= 24:
        return (hour,)
    if hour == 12:
        return (0, 24)
    if hour <= 5:
        return (hour,) if part_of_hour else (hour, hour + 24)
    return ()
