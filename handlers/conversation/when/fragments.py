"""The small parts that dates and times share: the merged lexicon, numbers, optional words."""

from collections.abc import Iterator, Mapping, Sequence

from .english import ENGLISH
from .italian import ITALIAN
from .lexicon import Meaning, Phrases, merge, vocabulary
from .tokens import Token, TokenKind
from .zones import ABBREVIATIONS, PLACES, UNIVERSAL

Tokens = Sequence[Token]

WORDS = merge(ITALIAN, ENGLISH)
VOCABULARY = vocabulary(WORDS) | {word for place in PLACES for word in place.split()} | ABBREVIATIONS.keys() | UNIVERSAL

_CARDINALS = Phrases(WORDS.cardinals)


def phrases(table: Mapping[str, Meaning]) -> Phrases[Meaning]:
    """A table of the merged lexicon, ready to be matched."""
    return Phrases(table)


def kind_at(tokens: Tokens, start: int) -> TokenKind | None:
    """The shape of the token at `start`; None past the end."""
    return tokens[start].kind if start < len(tokens) else None


def optional(table: Phrases[None], tokens: Tokens, start: int) -> Iterator[int]:
    """The indices after each phrase of the table at `start`, and `start` itself, since it may be left out."""
    for end, _ in table.at(tokens, start):
        yield end
    yield start


def after_dot(tokens: Tokens, start: int) -> int:
    """The index after a full stop, which ends an abbreviation ("nov."), if there is one at `start`."""
    if kind_at(tokens, start) is TokenKind.SEPARATOR and tokens[start].typed == ".":
        return start + 1
    return start


def number(tokens: Tokens, start: int, *, highest: int = 9999) -> Iterator[tuple[int, int]]:
    """A number in figures or words from `start`, as (index after it, value)."""
    if kind_at(tokens, start) is TokenKind.NUMBER:
        figures = tokens[start].groups[0]
        if len(figures) <= 4 and int(figures) <= highest:
            yield start + 1, int(figures)
        return
    for end, value in _CARDINALS.at(tokens, start):
        if value <= highest:
            yield end, value
