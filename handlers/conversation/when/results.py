"""What a typed date can turn out to be: understood to the minute, or refused for a stated reason."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo


class WhenKind(StrEnum):
    """What the question asks for."""

    DATETIME = "datetime"
    DATE = "date"
    TIME = "time"


class Prefer(StrEnum):
    """Whether the past is an acceptable answer."""

    FUTURE = "future"
    ANY = "any"


class FoldNote(StrEnum):
    """What the clocks do at the time understood, so that the echo can say so."""

    GAP = "gap"
    REPEATED = "repeated"


class Reason(StrEnum):
    """Why a phrase was not understood."""

    EMPTY = "empty"
    UNKNOWN_WORDS = "unknown_words"
    CONTRADICTION = "contradiction"
    NO_TIME = "no_time"
    NO_DATE = "no_date"
    UNEXPECTED_TIME = "unexpected_time"
    UNEXPECTED_DATE = "unexpected_date"
    IMPOSSIBLE_DATE = "impossible_date"
    IMPOSSIBLE_TIME = "impossible_time"
    WEEKDAY_MISMATCH = "weekday_mismatch"
    PAST = "past"
    AMBIGUOUS = "ambiguous"
    TOO_FAR = "too_far"
    NONEXISTENT_TIME = "nonexistent_time"
    ZONE_MISMATCH = "zone_mismatch"


class Hint(StrEnum):
    """A likely cause of a refusal, worth a sentence of its own."""

    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Understood:
    """A moment, or a whole day, that every word of the phrase agrees with.

    Attributes:
        local: Naive wall-clock time in `zone`. Its `fold` is 1 only for the second of two equal wall-clock times.
        zone: The zone of `local`: the one typed, else the caller's.
        instant: The same moment in UTC.
        date_only: No time was typed. `local` then carries the caller's default time, else midnight.
        zone_given: The zone was typed.
        fold_note: REPEATED when the wall-clock time occurs twice that day and the phrase did not say which; GAP when
            a time that nobody typed (midnight, or the default) does not exist that day and was moved forward.
    """

    local: dt.datetime
    zone: ZoneInfo
    instant: dt.datetime
    date_only: bool = False
    zone_given: bool = False
    fold_note: FoldNote | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A refusal that says enough to ask again well.

    Attributes:
        reason: Why.
        words: The typed words that the refusal is about, as they were typed and in that order; for `UNKNOWN_WORDS`
            the words that were not understood.
        suggestions: Readings to offer as buttons, most likely first. One whose `date_only` is true still lacks its
            time when a date and a time were asked for.
        date: The day that the phrase names, when there is one and the refusal is about it: for `WEEKDAY_MISMATCH` its
            `weekday()` is the true one, for `NO_TIME` it is the day to ask the time of.
        hint: A likely cause, when one is known.
    """

    reason: Reason
    words: tuple[str, ...] = ()
    suggestions: tuple[Understood, ...] = ()
    date: dt.date | None = None
    hint: Hint | None = None


Outcome = Understood | NotUnderstood
