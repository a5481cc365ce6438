"""What a person typed, as a search understands it: concepts, each with the ways in which a text may put it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from storage.search_synonyms import Name, names_by_first_stem, same_word
from storage.search_words import MOST_TERMS, PREFIX_FROM, Piece, stems, telling_pieces, words

AS_TYPED, CORRECTED, BEGINNING, SYNONYM, PARTIAL = 1.0, 0.7, 0.8, 0.75, 0.4
"""How much each way counts. A synonym that was typed by no one is a little less surely meant."""
MOST_SYNONYMS = 12
"""Ways of one concept that are added to what was typed."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to put a concept: words that must all be there, each in one of its stems.

    Attributes:
        words: the stems of each.
        weight: how much it counts.
        prefix: that the last word may go on.
        partial: it is only a part of what was asked for.
    """

    words: tuple[tuple[str, ...], ...]
    weight: float = AS_TYPED
    prefix: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """Something looked for. ``typed``: the folded words of the query that say it."""

    typed: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def own(self) -> Way:
        """As it was typed."""
        return self.ways[0]

    @property
    def stems(self) -> frozenset[str]:
        """Of all words of all ways."""
        return frozenset(stem for way in self.ways for word in way.words for stem in word)

    def with_way(self, way: Way) -> "Concept":
        """The same with one way more."""
        return replace(self, ways=(*self.ways, way))

    def in_part(self) -> "Concept":
        """The same, for which one of the words of a name will do as well."""
        parts = [Way((word,), PARTIAL, partial=True) for word in self.own.words] if len(self.own.words) > 1 else []
        return replace(self, ways=(*self.ways, *parts))


def concepts(query: str) -> list[Concept]:
    """What a query looks for, in its order; anything may be typed.

    Names that the field uses for one thing are one concept, and so is a compound however it is joined. The last word
    also stands for what begins with it.
    """
    found: list[Concept] = []
    left = list(dict.fromkeys(telling_pieces(query)))[:MOST_TERMS]
    while left:
        name, others = _synonyms(left)
        if name:
            taken, left = left[: len(name)], left[len(name) :]
            concept = Concept(tuple(piece.word for piece in taken), (_way([piece.word for piece in taken]),))
        else:
            taken, left = left[:1], left[1:]
            concept = _of_piece(taken[0])
        if not left and len(taken[-1].word) >= PREFIX_FROM:
            concept = replace(concept, ways=(*concept.ways, replace(concept.own, weight=BEGINNING, prefix=True)))
        for other in others:
            if len(other) != len(name) or not all(same_word(a, b) for a, b in zip(other, name, strict=True)):
                concept = concept.with_way(_way(other, SYNONYM))
        found.append(concept)
    return found


def _way(words_of_it: Iterable[str], weight: float = AS_TYPED) -> Way:
    return Way(tuple(stems(word) for word in words_of_it), weight)


def _of_piece(piece: Piece) -> Concept:
    concept = Concept((piece.word,), (_way([piece.word]),))
    parts = [part for part in piece.parts if len(part) > 1]
    return concept.with_way(_way(parts)) if parts else concept


def _synonyms(left: Sequence[Piece]) -> tuple[Name, list[Name]]:
    """The name that the next words are, if any, and all names of what they stand for."""
    table = names_by_first_stem()
    best: Name = ()
    others: dict[Name, None] = {}
    for stem in stems(left[0].word):
        for name, every in table.get(stem, ()):
            if len(name) < len(best) or len(name) > len(left):
                continue
            if all(same_word(piece.word, word) for piece, word in zip(left, name, strict=False)):
                if len(name) > len(best):
                    best, others = name, {}
                others.update(dict.fromkeys(every))
    return best, list(others)[:MOST_SYNONYMS]


class Looked:
    """What a query looks for, to recognise the words of a text that it finds."""

    def __init__(self, looked_for: Sequence[Concept]) -> None:
        self._stems = frozenset().union(*(concept.stems for concept in looked_for))
        self._beginnings = tuple(
            stem for concept in looked_for for way in concept.ways if way.prefix for stem in way.words[-1]
        )

    def finds(self, word: str) -> bool:
        """Whether a word as it is written in a text is one of those looked for."""
        return any(
            one in self._stems or one.startswith(self._beginnings) for part in words(word) for one in stems(part)
        )


# The words of a database's own language


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database writes what is to be found."""

    word: Callable[[str, bool], str]
    all_of: str
    any_of: str

    def ways(self, concept: Concept) -> str:
        """That one of the ways of a concept is there."""
        return self.any_of.join(dict.fromkeys(f"({self._way(way)})" for way in concept.ways))

    def _way(self, way: Way) -> str:
        every = []
        for number, word in enumerate(way.words):
            goes_on = way.prefix and number == len(way.words) - 1
            every.append("(" + self.any_of.join(self.word(stem, goes_on) for stem in word) + ")")
        return self.all_of.join(every)

    def every(self, looked_for: Sequence[Concept]) -> str:
        """That all concepts are there."""
        return self.all_of.join(f"({self.ways(concept)})" for concept in looked_for)

    def one_of(self, choices: Iterable[Sequence[Concept]]) -> str:
        """That all concepts of one of the choices are there."""
        return self.any_of.join(f"({self.every(choice)})" for choice in choices)


FTS5 = Dialect(lambda stem, goes_on: f'"{stem}" *' if goes_on else f'"{stem}"', " AND ", " OR ")
"""SQLite. Stems are letters and digits alone, and stand in quotes."""
TSQUERY = Dialect(lambda stem, goes_on: f"'{stem}':*" if goes_on else f"'{stem}'", " & ", " | ")
"""PostgreSQL."""


# Typing slips

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
SLIP_FROM = 4
"""Letters from which a word may be a slip of another; of shorter ones too many are neighbours."""
LONGEST_ENDING = 6
"""Letters that a stem may be shorter than its word, as far as slips are concerned."""
OTHER_ENDING = 3
"""Letters at the end in which a corrected word may differ from the form that somebody wrote."""


def one_slip_away(word: str) -> Mapping[str, int]:
    """All that differs from a word by one letter left out, doubled, wrong, too many, or two exchanged.

    The number says how likely the slip is: 0 exchanged or too many, 1 left out, 2 wrong.
    """
    found: dict[str, int] = {}
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for before, after in splits:
        if len(after) > 1:
            found.setdefault(before + after[1] + after[0] + after[2:], 0)
        if after:
            found.setdefault(before + after[1:], 0)
    for before, after in splits:
        for letter in _LETTERS:
            found.setdefault(before + letter + after, 1)
            if after:
                found.setdefault(before + letter + after[1:], 2)
    found.pop(word, None)
    return found


def possible_stems(word: str) -> set[str]:
    """What a stem of a word may look like, without the cost of finding it: the word with less of an ending."""
    shortest = max(len(word) - LONGEST_ENDING, 3)
    return {word[:end] for end in range(shortest, len(word) + 1)} | {f"{word[:-1]}i"}


def forms_of_one(word: str, other: str) -> bool:
    """Whether two words differ in their endings alone, so that one can be a correction that reads as the other."""
    longest = max(len(word), len(other))
    alike = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return alike >= longest - OTHER_ENDING
