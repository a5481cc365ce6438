"""The words found, in the texts in which they stand."""

import re
import unicodedata
from dataclasses import dataclass

from storage.search_query import Looked

EXCERPT_LENGTH = 160
"""Characters of a text that a hit shows."""
EXCERPT_BEFORE = 40
"""Characters shown before the first word found."""
EXCERPT_SEARCHED = 20_000
"""Characters of a text in which the best place for an excerpt is looked for."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a text; ``found`` pieces are words that were looked for."""

    text: str
    found: bool = False


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text[:EXCERPT_SEARCHED]).split())


def _spots(flat: str, looked: Looked) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(flat) if looked.finds(match.group())]


def marked(text: str, looked: Looked) -> tuple[Fragment, ...]:
    """The whole of a short text, with the words found in it."""
    flat = _flat(text)
    return tuple(_pieces(flat, _spots(flat, looked), 0, len(flat)))


def excerpt(text: str, looked: Looked) -> tuple[Fragment, ...]:
    """The part of a text where most of the words found stand together; its beginning when none is in it."""
    flat = _flat(text)
    spots = _spots(flat, looked)
    start = _best_start(flat, [first for first, _ in spots])
    end = len(flat)
    if end - start > EXCERPT_LENGTH:
        end = flat.rfind(" ", start + 1, start + EXCERPT_LENGTH + 1)
        end = end if end > start else start + EXCERPT_LENGTH
    fragments = _pieces(flat, spots, start, end)
    return (
        *([Fragment("…")] if start > 0 else []),
        *fragments,
        *([Fragment("…")] if end < len(flat) else []),
    )


def _pieces(flat: str, spots: list[tuple[int, int]], start: int, end: int) -> list[Fragment]:
    fragments: list[Fragment] = []
    at = start
    for first, last in spots:
        if first >= at and last <= end:
            if first > at:
                fragments.append(Fragment(flat[at:first]))
            fragments.append(Fragment(flat[first:last], found=True))
            at = last
    if at < end:
        fragments.append(Fragment(flat[at:end]))
    return fragments


def _best_start(flat: str, spots: list[int]) -> int:
    """Where an excerpt begins: some words before the first of the most words that fit into it."""
    if not spots or spots[-1] < EXCERPT_LENGTH - EXCERPT_BEFORE:
        return 0
    room = EXCERPT_LENGTH - EXCERPT_BEFORE
    most, best, behind = 0, spots[0], 0
    for ahead, spot in enumerate(spots):
        while spot - spots[behind] > room:
            behind += 1
        if ahead - behind + 1 > most:
            most, best = ahead - behind + 1, spots[behind]
    before = max(best - EXCERPT_BEFORE, 0)
    return flat.find(" ", before, best) + 1 if before else 0
