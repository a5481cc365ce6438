"""Dates as people type them, in Italian and English: every word is understood, or the phrase is refused."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from .meaning import Fragment, Reading
from .phrase_grammar import parse, unknown
from .resolve import distinct, resolve
from .results import NotUnderstood, Outcome, Prefer, Reason, Understood, WhenKind
from .settling import Question
from .tokens import Token, TokenKind, tokenize

# A refusal names no more words than a person will read.
MAX_WORDS_NAMED = 8
# No date takes more; a text longer than this is something else.
MAX_TOKENS = 60

# Readings refused for these reasons do not make another reading doubtful: nobody would mean them.
_NO_RIVALS = frozenset(
    {
        Reason.CONTRADICTION,
        Reason.IMPOSSIBLE_DATE,
        Reason.IMPOSSIBLE_TIME,
        Reason.NO_DATE,
        Reason.UNEXPECTED_DATE,
        Reason.UNEXPECTED_TIME,
    }
)


def parse_when(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    locales: Sequence[str] = ("it", "en"),
    kind: WhenKind = WhenKind.DATETIME,
    default_time: time | None = None,
    prefer: Prefer = Prefer.FUTURE,
) -> Outcome:
    """Understand every word of a typed date, or say why not. Never guesses, and never raises for any `text`.

    Both languages are understood whatever the locale, also mixed. Figures are day before month; month first is never
    assumed. Hours from one to seven without a part of the day, a leading zero or am/pm are asked about.

    Args:
        text: What the person typed.
        now: The present moment, aware.
        zone: The zone in which the date is meant when the text names none.
        locales: The person's languages, best first; they only order the suggestions.
        kind: What was asked for: a date and a time, a date, or a time.
        default_time: The time of a date typed without one. Without a default, a date alone does not answer a
            question for a date and a time.
        prefer: FUTURE refuses moments that are not after `now`, and dates before today. ANY accepts them; what is
            incomplete is then asked about where it could be either, and else completed forwards.

    Returns:
        Understood or NotUnderstood. Unless `prefer` is ANY, what is understood lies after `now`; a whole day without
        a default time lies not before today. A time without a date is the next moment at which the clocks show it.

    Raises:
        ValueError: `now` is naive.
    """
    if now.tzinfo is None or now.utcoffset() is None:
        raise ValueError("now must be aware")
    tokens = tokenize(text)
    if all(token.kind is TokenKind.SEPARATOR for token in tokens):
        return NotUnderstood(Reason.EMPTY)
    strangers = unknown(tokens)
    if strangers or len(tokens) > MAX_TOKENS:
        return NotUnderstood(Reason.UNKNOWN_WORDS, words=_typed(tokens, strangers or range(MAX_TOKENS, len(tokens))))
    parsed = parse(tokens)
    if not parsed.readings:
        return _unparsed(tokens, parsed.reached, parsed.conflict)
    english = bool(locales) and locales[0].casefold().startswith("en")
    # In UTC, so that adding hours adds elapsed time, which arithmetic within one zone does not.
    question = Question(now.astimezone(UTC), zone, kind, default_time, prefer, english)
    return _combined([_named(resolve(reading, question), reading, tokens) for reading in parsed.readings])


def _typed(tokens: Sequence[Token], indices: Iterable[int]) -> tuple[str, ...]:
    words = dict.fromkeys(tokens[index].typed for index in indices if tokens[index].kind is not TokenKind.SEPARATOR)
    return tuple(words)[:MAX_WORDS_NAMED]


def _unparsed(tokens: Sequence[Token], reached: int, conflict: Fragment | None) -> NotUnderstood:
    """Every word is known, but together they say nothing, or two things."""
    if conflict is not None and conflict.end >= reached:
        return NotUnderstood(Reason.CONTRADICTION, words=_typed(tokens, range(conflict.start, conflict.end)))
    if reached >= len(tokens):
        reached = 0
    return NotUnderstood(Reason.UNKNOWN_WORDS, words=_typed(tokens, range(reached, len(tokens))))


def _named(outcome: Outcome, reading: Reading, tokens: Sequence[Token]) -> Outcome:
    """A refusal of something that was not asked for, with the words that said it."""
    if not isinstance(outcome, NotUnderstood):
        return outcome
    match outcome.reason:
        case Reason.UNEXPECTED_TIME:
            fragments = [part for part in reading.fragments if part.time or part.part]
        case Reason.UNEXPECTED_DATE:
            fragments = [part for part in reading.fragments if part.day]
        case _:
            return outcome
    indices = [index for part in fragments or reading.fragments for index in range(part.start, part.end)]
    return NotUnderstood(
        outcome.reason, _typed(tokens, indices), outcome.suggestions, date=outcome.date, hint=outcome.hint
    )


def _combined(outcomes: Sequence[Outcome]) -> Outcome:
    """One answer out of the outcomes of all readings: the one they agree on, else the question which is meant."""
    rivals = [outcome for outcome in outcomes if isinstance(outcome, Understood) or outcome.reason not in _NO_RIVALS]
    distinct_outcomes = list(dict.fromkeys(rivals or outcomes))
    if len(distinct_outcomes) == 1 or not rivals:
        return distinct_outcomes[0]
    offers: list[Understood] = []
    for outcome in distinct_outcomes:
        offers.extend((outcome,) if isinstance(outcome, Understood) else outcome.suggestions)
    return NotUnderstood(Reason.AMBIGUOUS, suggestions=distinct(offers))
