"""The grammar of times: "alle 18 e 30", "le nove meno un quarto", "6:30 pm", "half past six", "mezzanotte"."""

from collections.abc import Iterator
from dataclasses import replace

from .fragments import WORDS, Tokens, after_dot, kind_at, number, optional, phrases
from .lexicon import Phrases
from .meaning import ClockTime, Fragment, Midnight, TimeSpec
from .tokens import TokenKind

_PREPOSITIONS = phrases(WORDS.hour_prepositions)
_INTROS = phrases(WORDS.hour_intros)
_HOUR_PHRASES = phrases(WORDS.hour_phrases)
_NAMED_ARTICLES = phrases(WORDS.named_time_articles)
_NOON = phrases(WORDS.noon)
_MIDNIGHT = phrases(WORDS.midnight)
_HOUR_MARKS = phrases(WORDS.hour_marks)
_EXACT_MARKS = phrases(WORDS.exact_marks)
_MERIDIEMS = phrases(WORDS.meridiems)
_AND = phrases(WORDS.and_minutes)
_MINUS = phrases(WORDS.minus_minutes)
_PAST = phrases(WORDS.past_hour)
_TO = phrases(WORDS.to_hour)
_FRACTIONS_AFTER = phrases(WORDS.fractions_after_hour)
_FRACTIONS_BEFORE = phrases(WORDS.fractions_before_hour)
_MINUTE_WORDS = phrases(WORDS.minute_words)
_PARTS = phrases(WORDS.parts)

Timed = tuple[int, ClockTime]


def times(tokens: Tokens, start: int) -> Iterator[Fragment]:
    """Every time of day that begins at `start`."""
    for after_preposition in optional(_PREPOSITIONS, tokens, start):
        for after_intro in optional(_INTROS, tokens, after_preposition):
            introduced = after_intro > after_preposition
            start_of_hour = after_dot(tokens, after_intro) if introduced else after_intro
            for end, time, bare in _clock_times(tokens, start_of_hour, introduced=introduced):
                yield Fragment(start, end, time=time, bare=bare)
        for after_article in optional(_NAMED_ARTICLES, tokens, after_preposition):
            for end, named in _named_times(tokens, after_article):
                yield Fragment(start, end, time=named)
    for end, part in _PARTS.at(tokens, start):
        yield Fragment(start, end, part=part)


def _clock_times(tokens: Tokens, start: int, *, introduced: bool) -> Iterator[tuple[int, ClockTime, bool]]:
    """A time in figures or words, and whether it is a lone number that nothing marks as a time."""
    for end, time in _figures(tokens, start):
        yield from ((after, marked, False) for after, marked in _marked(tokens, end, time))
    for end, time in _spoken_before(tokens, start):
        yield from ((after, marked, False) for after, marked in _marked(tokens, end, time))
    if introduced and kind_at(tokens, start) is TokenKind.NUMBER and len(tokens[start].groups[0]) == 4:
        figures = tokens[start].groups[0]
        yield start + 1, ClockTime(int(figures[:2]), int(figures[2:]), full_day=True), False
    for end, hour in _hours(tokens, start):
        for after, time in _with_minutes(tokens, end, hour, introduced=introduced):
            for last, marked in _marked(tokens, after, time):
                yield last, marked, not introduced and last == end


def _figures(tokens: Tokens, start: int) -> Iterator[Timed]:
    """18:30, 18:30:15, 18.30: an hour of two figures that begins with zero is one of a 24-hour clock."""
    kind = kind_at(tokens, start)
    if kind not in {TokenKind.CLOCK, TokenKind.DOTTED_PAIR}:
        return
    groups = tokens[start].groups
    if len(groups[1]) == 2:
        second = int(groups[2]) if len(groups) > 2 and groups[2] else 0
        yield start + 1, ClockTime(int(groups[0]), int(groups[1]), second, full_day=groups[0].startswith("0"))


def _hours(tokens: Tokens, start: int) -> Iterator[Timed]:
    for end, hour in _HOUR_PHRASES.at(tokens, start):
        yield end, ClockTime(hour)
    for end, hour in number(tokens, start):
        figures = tokens[start].groups[0] if kind_at(tokens, start) is TokenKind.NUMBER else ""
        if len(figures) <= 2:
            yield end, ClockTime(hour, full_day=figures.startswith("0"))


def _with_minutes(tokens: Tokens, start: int, hour: ClockTime, *, introduced: bool) -> Iterator[Timed]:
    """The hour alone, or with what is said of its minutes after it."""
    yield start, hour
    for after_mark, _ in _HOUR_MARKS.at(tokens, start):
        marked = replace(hour, full_day=True)
        yield after_mark, marked
        yield from ((end, replace(marked, minute=value)) for end, value in _straight_minutes(tokens, after_mark))
    for end, minutes in _spoken_after(tokens, start):
        yield end, _shifted(hour, minutes)
    # "alle 18 30" needs its preposition: two numbers in a row say nothing by themselves. "Six thirty" does.
    if introduced or kind_at(tokens, start) is TokenKind.WORD:
        yield from ((end, replace(hour, minute=value)) for end, value in _straight_minutes(tokens, start))


def _shifted(hour: ClockTime, minutes: int) -> ClockTime:
    return replace(hour, minute=minutes) if minutes >= 0 else replace(hour, minutes_before=-minutes)


def _spoken_after(tokens: Tokens, start: int) -> Iterator[tuple[int, int]]:
    """What is said after an hour, in minutes: "e un quarto", "e 10"; negative for "meno un quarto"."""
    for after_and, _ in _AND.at(tokens, start):
        yield from _minutes(tokens, after_and, _FRACTIONS_AFTER)
    for after_minus, _ in _MINUS.at(tokens, start):
        for end, minutes in _minutes(tokens, after_minus, _FRACTIONS_AFTER):
            yield end, -minutes


def _straight_minutes(tokens: Tokens, start: int) -> Iterator[tuple[int, int]]:
    """Minutes straight after the hour: two figures, or a word from ten up ("six thirty")."""
    for end, value in number(tokens, start, highest=59):
        figures = tokens[start].groups[0] if kind_at(tokens, start) is TokenKind.NUMBER else ""
        if len(figures) == 2 or (not figures and value >= 10):
            yield end, value


def _minutes(tokens: Tokens, start: int, fractions: Phrases[int]) -> Iterator[tuple[int, int]]:
    yield from fractions.at(tokens, start)
    for end, value in number(tokens, start, highest=59):
        for after_word in optional(_MINUTE_WORDS, tokens, end):
            yield after_word, value


def _spoken_before(tokens: Tokens, start: int) -> Iterator[Timed]:
    """Half past six, (a) quarter to nine, ten past 6, 10 minutes to 6; but "9 to 5" is a range and no time."""
    for after_minutes, minutes in _minutes(tokens, start, _FRACTIONS_BEFORE):
        for after_past, _ in _PAST.at(tokens, after_minutes):
            for end, hour in _hours(tokens, after_past):
                yield end, replace(hour, minute=minutes)
        if kind_at(tokens, after_minutes - 1) is TokenKind.NUMBER:
            continue
        for after_to, _ in _TO.at(tokens, after_minutes):
            for end, hour in _hours(tokens, after_to):
                yield end, replace(hour, minutes_before=minutes)


def _marked(tokens: Tokens, start: int, time: ClockTime) -> Iterator[Timed]:
    """The time as it stands, or followed by "in punto", "o'clock", "sharp", am, pm, in that order."""
    for after_exact in optional(_EXACT_MARKS, tokens, start):
        yield after_exact, time
        for after_meridiem, meridiem in _MERIDIEMS.at(tokens, after_exact):
            marked = replace(time, meridiem=meridiem)
            yield after_meridiem, marked
            for end, _ in _EXACT_MARKS.at(tokens, after_meridiem):
                yield end, marked


def _named_times(tokens: Tokens, start: int) -> Iterator[tuple[int, TimeSpec]]:
    """Noon and midnight, and what is added to them or taken away."""
    for end, _ in _NOON.at(tokens, start):
        noon = ClockTime(12, noon=True)
        yield end, noon
        yield from ((after, _shifted(noon, minutes)) for after, minutes in _spoken_after(tokens, end))
    for end, _ in _MIDNIGHT.at(tokens, start):
        yield end, Midnight()
        yield from ((after, Midnight(minutes)) for after, minutes in _spoken_after(tokens, end))
