"""Cutting a phrase into tokens: words, numbers, dates and times written in figures, separators, and the rest."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4"


class TokenKind(Enum):
    """The shape of a token."""

    WORD = auto()
    NUMBER = auto()
    ORDINAL = auto()
    SHORT_YEAR = auto()
    YEAR_MONTH_DAY = auto()
    DAY_MONTH_YEAR = auto()
    DAY_MONTH = auto()
    DOTTED_PAIR = auto()
    CLOCK = auto()
    TIMESTAMP = auto()
    UTC_OFFSET = auto()
    ZONE_NAME = auto()
    SEPARATOR = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        kind: Its shape.
        key: What a lexicon looks up: lower case, without accents, an elided article with a straight apostrophe.
        groups: The figures of a date, time or number, as typed; "" for a group that is absent.
        typed: The whole word as the person typed it, of which the token may be a part ("6pmx" for "pmx").
    """

    kind: TokenKind
    key: str
    groups: tuple[str, ...]
    typed: str


_APOSTROPHE = f"[{APOSTROPHES}]"
_LETTERS = r"[^\W\d_]+"
# Order matters: the longer shape first. A shape of figures never ends in the middle of a longer run of figures.
_SHAPES: tuple[tuple[TokenKind, str], ...] = (
    (
        TokenKind.TIMESTAMP,
        (
            r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,6}))?)?"
            r"([Zz]|[+-][0-9]{2}:?[0-9]{2})?(?![\w:])"
        ),
    ),
    (TokenKind.YEAR_MONTH_DAY, r"([0-9]{4})(?P<ymd>[-/.])([0-9]{1,2})(?P=ymd)([0-9]{1,2})(?![-/]?[0-9])"),
    (
        TokenKind.DAY_MONTH_YEAR,
        r"([0-9]{1,2})(?P<dmy>[-/.])([0-9]{1,2})(?P=dmy)([0-9]{4}|[0-9]{2})(?![-/:.]?[0-9])",
    ),
    (TokenKind.DAY_MONTH, r"([0-9]{1,2})[-/]([0-9]{1,2})(?![-/:.]?[0-9])"),
    (TokenKind.CLOCK, r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?![:.]?[0-9])"),
    (TokenKind.DOTTED_PAIR, r"([0-9]{1,2})\.([0-9]{1,2})(?![-/:.]?[0-9])"),
    (TokenKind.ORDINAL, r"([0-9]{1,2})(°|º|ª|(?i:st|nd|rd|th))(?![^\W_])"),
    (TokenKind.SHORT_YEAR, rf"{_APOSTROPHE}([0-9]{{2}})(?![^\W_])"),
    (TokenKind.NUMBER, r"([0-9]+)"),
    (TokenKind.UTC_OFFSET, r"(?i:utc|gmt)\s?([+\-\u2212])([0-9]{1,2})(?::?([0-9]{2}))?(?![0-9:])"),
    (TokenKind.ZONE_NAME, r"[A-Za-z]+(?:/[A-Za-z][A-Za-z0-9_+\-]*)+"),
    # "p.m." before the plain words, or its dots would be taken for the end of a sentence.
    (TokenKind.WORD, r"[AaPp]\.\s?[Mm]\b\.?"),
    (TokenKind.WORD, rf"{_LETTERS}(?:-{_LETTERS})*(?:{_APOSTROPHE})?"),
    (TokenKind.SEPARATOR, r"[,;().!\u00b7\u2013\u2014-]"),
    (TokenKind.OTHER, r"\S"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _SHAPES)
_SPACE = re.compile(r"\s*")
_CHUNK = re.compile(r"[^\s,;()!\u00b7\u2013\u2014]+")
# As much of a word as is worth repeating to the person who typed it.
_LONGEST_NAMED = 40
_ENGLISH_SUFFIXES = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def lexicon_key(word: str) -> str:
    """The form under which a lexicon holds a word: lower case, no accents, straight apostrophes."""
    for apostrophe in APOSTROPHES[1:]:
        word = word.replace(apostrophe, "'")
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")


def _word_key(typed: str, following: str) -> str:
    key = lexicon_key(typed)
    if key[:2] in {"a.", "p."}:
        return key[0] + "m"
    # "lunedi'" writes its accent as an apostrophe; in "l'8" or "un'ora" the apostrophe belongs to the article.
    if key.endswith("'") and not (following.isalnum()):
        return key[:-1]
    return key


def _ordinal_kind(groups: tuple[str, ...]) -> TokenKind:
    number, suffix = int(groups[0]), groups[1].casefold()
    if suffix.isascii() and suffix != _ENGLISH_SUFFIXES.get(number, "th"):
        return TokenKind.OTHER
    return TokenKind.ORDINAL


def _shown(chunk: str) -> str:
    word = chunk.strip(".-") or chunk
    return word if len(word) <= _LONGEST_NAMED else word[: _LONGEST_NAMED - 1] + "…"


def tokenize(text: str) -> tuple[Token, ...]:
    """Cut `text` into tokens that cover every character but white space and invisible marks. Never raises."""
    # Keyboards and right-to-left contexts insert format characters that nobody sees and no one means.
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = unicodedata.normalize("NFC", visible)
    tokens: list[Token] = []
    position = 0
    chunk, chunk_end = "", 0
    while True:
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if position >= len(text):
            return tuple(tokens)
        for kind, pattern in _COMPILED:
            match = pattern.match(text, position)
            if match is None:
                continue
            named = match.re.groupindex.values()  # the repeated separator of a date, of no further use
            groups = tuple(group or "" for number, group in enumerate(match.groups(), 1) if number not in named)
            if kind is TokenKind.ORDINAL:
                kind = _ordinal_kind(groups)
            key = _word_key(match.group(), text[match.end() : match.end() + 1]) if kind is TokenKind.WORD else ""
            if kind is TokenKind.ZONE_NAME:
                key = match.group().casefold()
            if kind is TokenKind.SEPARATOR:
                typed = match.group()
            else:
                if position >= chunk_end and (around := _CHUNK.match(text, position)):
                    chunk, chunk_end = _shown(around.group()), around.end()
                typed = chunk
            tokens.append(Token(kind, key, groups, typed))
            position = match.end()
            break
