"""Whole phrases: every way to cover all the tokens with fragments that say one thing each."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from .day_grammar import days
from .fragments import VOCABULARY, WORDS, Tokens, kind_at, optional, phrases
from .meaning import (
    CalendarDay,
    ClockTime,
    DaySpec,
    Fragment,
    MonthDay,
    NamedZone,
    OffsetZone,
    Reading,
    RelativeDay,
    Span,
    VagueDay,
    WeekdayDay,
    Which,
    ZoneSpec,
)
from .time_grammar import times
from .tokens import TokenKind
from .zones import ABBREVIATIONS, PLACES, UNIVERSAL, iana_zone

_PLACES = phrases(PLACES)
_ZONE_INTROS = phrases(WORDS.zone_intros)
_ZONE_OUTROS = phrases(WORDS.zone_outros)


@dataclass(slots=True)
class Parse:
    """Every reading of a phrase and, when there is none, how far the best attempt went.

    Attributes:
        readings: The readings, each of which covers every token.
        reached: The index of the first token that no attempt understood.
        conflict: A fragment that could be read but says again, or otherwise, what was said before it.
    """

    readings: list[Reading] = field(default_factory=list)
    reached: int = 0
    conflict: Fragment | None = None


def unknown(tokens: Tokens) -> list[int]:
    """The indices of the tokens that have no place in the grammar, whatever stands around them."""
    return [index for index, token in enumerate(tokens) if not _is_known(tokens, index)]


def _is_known(tokens: Tokens, index: int) -> bool:
    token = tokens[index]
    if token.kind is TokenKind.WORD:
        return token.key in VOCABULARY
    if token.kind is TokenKind.ZONE_NAME:
        return iana_zone(token.key) is not None
    return token.kind is not TokenKind.OTHER


def parse(tokens: Tokens) -> Parse:
    """Read the tokens in every way the grammar allows."""
    found = Parse()
    _extend(tokens, 0, Reading(), found)
    return found


def _extend(tokens: Tokens, start: int, reading: Reading, found: Parse) -> None:
    while kind_at(tokens, start) is TokenKind.SEPARATOR:
        start += 1
    found.reached = max(found.reached, start)
    if start == len(tokens):
        if reading.fragments:
            found.readings.append(reading)
        return
    for fragment in chain(days(tokens, start), times(tokens, start), _zones(tokens, start), _timestamps(tokens, start)):
        extended = _joined(reading, fragment)
        if extended is not None:
            _extend(tokens, fragment.end, extended, found)
        elif found.conflict is None or fragment.end > found.conflict.end:
            found.conflict = fragment


def _joined(reading: Reading, fragment: Fragment) -> Reading | None:
    """The reading with one more fragment; None when the fragment does not go with what was said before."""
    joined = replace(reading, fragments=(*reading.fragments, fragment))
    if fragment.day is not None:
        if fragment.bare and reading.time is not None:
            return None
        # A lone number before the day ("18 venerdì") is the time of nothing in particular; "9 di sera domani" is.
        if reading.part is None and any(earlier.bare and earlier.time for earlier in reading.fragments):
            return None
        same_day = _same_day(reading.days, fragment.day)
        if same_day is None:
            return None
        joined = replace(joined, days=same_day)
    if fragment.time is not None:
        if reading.time is not None or (
            fragment.bare and fragment.day is None and reading.fragments and not reading.days
        ):
            return None
        joined = replace(joined, time=fragment.time)
    if fragment.part is not None:
        if reading.part is not None:
            return None
        joined = replace(joined, part=fragment.part, part_of_hour=reading.time is not None and fragment.day is None)
    if fragment.zone is not None:
        if reading.zone is not None:
            return None
        joined = replace(joined, zone=fragment.zone)
    return joined


def _same_day(said: tuple[DaySpec, ...], added: DaySpec) -> tuple[DaySpec, ...] | None:
    """What is said of the day so far with one thing more, the most telling first; None if they do not go together."""
    if not said:
        return (added,)
    match said[0], added:
        case (WeekdayDay(weekday, Which.AHEAD, None), VagueDay(Span.WEEK, week)) | (
            VagueDay(Span.WEEK, week),
            WeekdayDay(weekday, Which.AHEAD, None),
        ) if len(said) == 1:
            return (WeekdayDay(weekday, week=week),)
        case (CalendarDay() | MonthDay() | RelativeDay(), WeekdayDay(_, Which.AHEAD, None)):
            pass
        case (CalendarDay() | MonthDay(), RelativeDay()):
            pass
        case (WeekdayDay(_, Which.AHEAD, None), CalendarDay() | MonthDay() | RelativeDay()) | (
            RelativeDay(),
            CalendarDay() | MonthDay(),
        ):
            said, added = (added, *said[1:]), said[0]
        case _:
            return None
    if any(type(added) is type(earlier) for earlier in said):
        return None
    return (*said, added)


def _zones(tokens: Tokens, start: int) -> Iterator[Fragment]:
    """Ora di Roma, ora italiana, Rome time, UTC, UTC+2, CET, Europe/Rome."""
    for after_intro, _ in _ZONE_INTROS.at(tokens, start):
        for end, key in _PLACES.at(tokens, after_intro):
            yield Fragment(start, end, zone=NamedZone(ZoneInfo(key)))
    for after_place, key in _PLACES.at(tokens, start):
        for end, _ in _ZONE_OUTROS.at(tokens, after_place):
            yield Fragment(start, end, zone=NamedZone(ZoneInfo(key)))
    zone = _zone_token(tokens, start)
    if zone is not None:
        for end in optional(_ZONE_OUTROS, tokens, start + 1):
            yield Fragment(start, end, zone=zone)


def _zone_token(tokens: Tokens, start: int) -> ZoneSpec | None:
    token = tokens[start]
    if token.kind is TokenKind.ZONE_NAME:
        named = iana_zone(token.key)
        return NamedZone(named) if named else None
    if token.kind is TokenKind.UTC_OFFSET:
        sign, hours, minutes = token.groups
        return _offset(sign, hours, minutes)
    if token.key in UNIVERSAL:
        return NamedZone(ZoneInfo("UTC"))
    return ABBREVIATIONS.get(token.key)


def _offset(sign: str, hours: str, minutes: str) -> OffsetZone:
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return OffsetZone(size if sign == "+" else -size)


def _timestamps(tokens: Tokens, start: int) -> Iterator[Fragment]:
    """2018-11-27T18:30, with or without seconds and offset (RFC 3339)."""
    if kind_at(tokens, start) is not TokenKind.TIMESTAMP:
        return
    year, month, day, hour, minute, second, fraction, offset = tokens[start].groups
    zone: ZoneSpec | None = None
    if offset in {"Z", "z"}:
        zone = NamedZone(ZoneInfo("UTC"))
    elif offset:
        zone = _offset(offset[0], offset[1:3], offset[-2:])
    time = ClockTime(int(hour), int(minute), int(second or 0), int(fraction.ljust(6, "0") or 0), full_day=True)
    yield Fragment(start, start + 1, day=CalendarDay(int(day), int(month), int(year)), time=time, zone=zone)
