"""The form of a lexicon: which phrases of a language have which meaning.

Every phrase is written as its tokens' keys, separated by spaces: lower case, without accents, "l' ora" for "l'ora".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from .meaning import CalendarUnit, DayPart, Meridiem, Span, Which
from .tokens import Token

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of one language, by the place they have in the grammar."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    cardinals: Mapping[str, int]
    ordinals: Mapping[str, int]
    one_article: Mapping[str, int]
    """The indefinite article, a one only in "an hour"."""

    day_prepositions: Mapping[str, None]
    day_articles: Mapping[str, None]
    deadline_prepositions: Mapping[str, None]
    of: Mapping[str, None]
    """Between a day and its month, a month and its year."""

    relative_days: Mapping[str, int]
    days_with_part: Mapping[str, tuple[int, DayPart]]
    which_before: Mapping[str, Which]
    which_after: Mapping[str, Which]
    weeks: Mapping[str, int]
    months_from_now: Mapping[str, int]
    vague_spans: Mapping[str, tuple[Span, int]]
    month_ends: Mapping[str, None]

    parts: Mapping[str, DayPart]
    hour_prepositions: Mapping[str, None]
    hour_intros: Mapping[str, None]
    hour_phrases: Mapping[str, int]
    """An hour together with its article."""

    named_time_articles: Mapping[str, None]
    """Before noon and midnight only."""

    noon: Mapping[str, None]
    midnight: Mapping[str, None]
    hour_marks: Mapping[str, None]
    """Between or after the figures of a time: "18h30", "18 h"."""

    exact_marks: Mapping[str, None]
    meridiems: Mapping[str, Meridiem]
    and_minutes: Mapping[str, None]
    minus_minutes: Mapping[str, None]
    past_hour: Mapping[str, None]
    to_hour: Mapping[str, None]
    fractions_after_hour: Mapping[str, int]
    """Minutes, said after the hour: "e mezza"."""

    fractions_before_hour: Mapping[str, int]
    """Minutes, said before it: "half" past."""

    minute_words: Mapping[str, None]

    duration_prepositions: Mapping[str, None]
    from_now: Mapping[str, None]
    ago: Mapping[str, None]
    clock_units: Mapping[str, int]
    """Minutes in the unit."""

    calendar_units: Mapping[str, CalendarUnit]
    and_duration: Mapping[str, None]
    duration_halves: Mapping[str, None]
    fixed_durations: Mapping[str, int]
    """Minutes in a phrase that is a duration by itself."""

    inclusive_counts: Mapping[str, frozenset[int]]
    """Units, and the counts of them that people also say of one fewer."""

    zone_intros: Mapping[str, None]
    """Before a place: "ora di" Roma."""

    zone_outros: Mapping[str, None]
    """After a place: Rome "time"."""


class Phrases(Generic[Meaning]):
    """A table of phrases that is matched against tokens."""

    def __init__(self, table: Mapping[str, Meaning]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for phrase, meaning in table.items():
            keys = tuple(phrase.split())
            self._by_first.setdefault(keys[0], []).append((keys, meaning))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[Token], start: int) -> Iterator[tuple[int, Meaning]]:
        """Every phrase that begins at `start`, longest first, as (index after it, meaning)."""
        if start >= len(tokens):
            return
        for keys, meaning in self._by_first.get(tokens[start].key, ()):
            end = start + len(keys)
            if end <= len(tokens) and all(token.key == key for token, key in zip(tokens[start:end], keys, strict=True)):
                yield end, meaning


def merge(*lexicons: Lexicon) -> Lexicon:
    """Several languages as one, since people mix them ("domani at 15").

    Raises:
        ValueError: One phrase means two things in the same place, so that its reading would depend on the order.
    """
    tables: dict[str, Any] = {}
    for field in fields(Lexicon):
        merged: dict[str, Any] = {}
        for lexicon in lexicons:
            for phrase, meaning in getattr(lexicon, field.name).items():
                if merged.setdefault(phrase, meaning) != meaning:
                    raise ValueError(f"{phrase!r} has two meanings in {field.name}")
        tables[field.name] = merged
    return Lexicon(**tables)


def vocabulary(lexicon: Lexicon) -> frozenset[str]:
    """Every word of every phrase of the lexicon."""
    return frozenset(
        word for field in fields(Lexicon) for phrase in getattr(lexicon, field.name) for word in phrase.split()
    )
