"""The English lexicon."""

from .lexicon import Lexicon
from .meaning import CalendarUnit, DayPart, Meridiem, Span, Which

_UNITS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"}
_ORDINAL_UNITS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINAL_TEENS = (
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
)


def _numbers() -> dict[str, int]:
    """0 to 59 in words, the compounds with a hyphen and with a space."""
    numbers = {"zero": 0}
    numbers |= {word: value for value, word in enumerate(_UNITS) if value}
    numbers |= {word: value for value, word in enumerate(_TEENS, 10)}
    for ten, word in _TENS.items():
        numbers[word] = ten
        for unit in range(1, 10):
            numbers[f"{word}-{_UNITS[unit]}"] = numbers[f"{word} {_UNITS[unit]}"] = ten + unit
    return numbers


def _ordinals() -> dict[str, int]:
    """First to thirty-first, as days of a month go."""
    ordinals = {word: value for value, word in enumerate(_ORDINAL_UNITS) if value}
    ordinals |= {word: value for value, word in enumerate(_ORDINAL_TEENS, 10)}
    ordinals |= {"twentieth": 20, "thirtieth": 30, "thirty-first": 31, "thirty first": 31}
    for unit in range(1, 10):
        ordinals[f"twenty-{_ORDINAL_UNITS[unit]}"] = ordinals[f"twenty {_ORDINAL_UNITS[unit]}"] = 20 + unit
    return ordinals


_MONTHS = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_WEEKDAYS = (
    ("monday", "mon"),
    ("tuesday", "tue", "tues"),
    ("wednesday", "wed"),
    ("thursday", "thu", "thur", "thurs"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
)

ENGLISH = Lexicon(
    months={name: number for number, names in enumerate(_MONTHS, 1) for name in names},
    weekdays={name: number for number, names in enumerate(_WEEKDAYS) for name in names},
    cardinals=_numbers(),
    ordinals=_ordinals(),
    one_article={"a": 1, "an": 1},
    day_prepositions=dict.fromkeys(("on", "of", "for")),
    day_articles={"the": None},
    deadline_prepositions=dict.fromkeys(("by", "within")),
    of={"of": None},
    relative_days={
        "today": 0,
        "tomorrow": 1,
        "day after tomorrow": 2,
        "yesterday": -1,
        "day before yesterday": -2,
    },
    days_with_part={
        "this morning": (0, DayPart.MORNING),
        "this afternoon": (0, DayPart.AFTERNOON),
        "this evening": (0, DayPart.EVENING),
        "tonight": (0, DayPart.LATE),
    },
    which_before={
        "next": Which.NEXT,
        "this": Which.THIS,
        "this coming": Which.AHEAD,
        "coming": Which.AHEAD,
        "last": Which.LAST,
    },
    which_after={},
    weeks={"this week": 0, "next week": 1, "week after next": 2, "last week": -1},
    months_from_now={"this month": 0, "next month": 1},
    vague_spans={
        "weekend": (Span.WEEKEND, 0),
        "week-end": (Span.WEEKEND, 0),
        "this weekend": (Span.WEEKEND, 0),
        "next weekend": (Span.WEEKEND, 1),
    },
    month_ends=dict.fromkeys(
        ("end of month", "end of the month", "the end of the month", "end of this month", "month end")
    ),
    parts={
        "in the morning": DayPart.MORNING,
        "morning": DayPart.MORNING,
        "in the afternoon": DayPart.AFTERNOON,
        "afternoon": DayPart.AFTERNOON,
        "in the evening": DayPart.EVENING,
        "evening": DayPart.EVENING,
        "at night": DayPart.LATE,
        "night": DayPart.LATE,
    },
    hour_prepositions=dict.fromkeys(("by", "for")),
    hour_intros={"at": None},
    hour_phrases={},
    named_time_articles={"at": None},
    noon={"noon": None, "midday": None},
    midnight={"midnight": None},
    hour_marks={"h": None},
    exact_marks=dict.fromkeys(("o' clock", "oclock", "sharp")),
    meridiems={"am": Meridiem.AM, "pm": Meridiem.PM},
    and_minutes={},
    minus_minutes={},
    past_hour=dict.fromkeys(("past", "after")),
    to_hour=dict.fromkeys(("to", "before")),
    fractions_after_hour={},
    fractions_before_hour={"half": 30, "quarter": 15, "a quarter": 15},
    minute_words={"minutes": None},
    duration_prepositions=dict.fromkeys(("in", "within")),
    from_now=dict.fromkeys(("from now", "from today")),
    ago={"ago": None},
    clock_units={"minute": 1, "minutes": 1, "min": 1, "mins": 1, "hour": 60, "hours": 60, "hr": 60, "hrs": 60, "h": 60},
    calendar_units={
        "day": CalendarUnit.DAY,
        "days": CalendarUnit.DAY,
        "week": CalendarUnit.WEEK,
        "weeks": CalendarUnit.WEEK,
        "month": CalendarUnit.MONTH,
        "months": CalendarUnit.MONTH,
        "year": CalendarUnit.YEAR,
        "years": CalendarUnit.YEAR,
    },
    and_duration={"and": None},
    duration_halves={"a half": None},
    fixed_durations={
        "half an hour": 30,
        "half hour": 30,
        "a quarter of an hour": 15,
        "quarter of an hour": 15,
        "three quarters of an hour": 45,
    },
    inclusive_counts={},
    zone_intros={},
    zone_outros={"time": None},
)
