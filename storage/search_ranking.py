"""In what order things found are shown: one function over numbers, and all its weights.

    score = text * (1 + FRESH * fresh + USEFUL * useful + MINE * mine) * (OVER when it is over)
    text  = covered ** COVERAGE * sum over concepts (idf * counted * (K1 + 1) / (counted + K1))

``counted`` is how often a concept is there in its best way (typed 1, synonym and correction less), each time weighed by
the field and divided by 1 - B + B * length / the usual length of that field (BM25F). ``idf`` is ln(1 + (N - n + 0.5) /
(n + 0.5)). ``covered`` is the share of the query's idf that is there at all. ``fresh`` is 0.5 ** (age / HALF_LIFE),
``useful`` grows with the logarithm of the votes up to 1, ``mine`` is 1 when it is of a sector that the reader follows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.search_query import Concept, Way

TITLE, TOPICS, BODY = 5.0, 3.0, 1.0
"""Weights of the fields."""
USUAL_LENGTHS = (90.0, 50.0, 1_200.0)
"""Letters of the stems in each: some fourteen, seven and a hundred and ninety stems."""
B = (0.5, 0.3, 0.6)
"""How much the length of each field counts."""
K1 = 1.4
"""How soon more of the same word stops to count."""
COVERAGE = 1.5
"""How much it counts that all that was asked for is there."""
FRESH, USEFUL, MINE = 0.15, 0.10, 0.10
"""What may be added to how well a text fits."""
OVER = 0.75
"""What is left of something that is over or no longer valid."""
PART = 0.8
"""What is left of something that belongs to another thing: of an answer, so that its post comes first."""
HALF_LIFE = timedelta(days=365)
MOST_USEFUL = 20
"""Votes from which more do not count."""
PARTLY = 0.5
"""What a part of a name counts of the name."""
LEAST_COVERED = 0.3
"""The share of what was asked for (by idf) that must be there for it to be shown at all."""
LEAST_OF_BEST = 0.12
"""What scores less than this share of the best is not shown when not all that was asked for is in it."""


@dataclass(frozen=True, slots=True)
class Text:
    """The stems of one thing found, as they are kept."""

    title: str
    topics: str
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts beside the text. ``part``: it belongs to another thing, as an answer to its post."""

    at: datetime
    until: datetime | None = None
    useful: int = 0
    mine: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """``covered`` 1: all that was asked for is there."""

    score: float
    covered: float


UNKNOWN = 0.5
"""What a word that is nowhere counts in a long question, where it is seldom what the question is about."""
LONG = 3
"""Concepts from which a question is long."""


def idf(documents: int, total: int) -> float:
    """How telling it is that something is there which is in so many of all."""
    documents = min(max(documents, 0), total)
    return math.log(1 + (total - documents + 0.5) / (documents + 0.5))


class Ranking:
    """Scores texts for one query.

    Args:
        looked_for: the query.
        weights: the idf of each concept.
        now: the present.
    """

    def __init__(self, looked_for: Sequence[Concept], weights: Sequence[float], now: datetime) -> None:
        self._now = now
        self._concepts = [
            (weight, [_Counter(way) for way in concept.ways])
            for concept, weight in zip(looked_for, weights, strict=True)
        ]
        self._asked = sum(weights) or 1.0

    def score(self, text: Text, standing: Standing) -> Scored:
        """How well something fits."""
        fields = [
            (f" {stems} ", weight / (1 - b + b * len(stems) / usual))
            for stems, weight, usual, b in zip(
                (text.title, text.topics, text.body), (TITLE, TOPICS, BODY), USUAL_LENGTHS, B, strict=True
            )
        ]
        total = covered = 0.0
        for weight, ways in self._concepts:
            counted, whole = max((way.count(fields), not way.partial) for way in ways)
            if counted > 0:
                total += weight * counted * (K1 + 1) / (counted + K1)
                covered += weight * (1 if whole else PARTLY)
        share = covered / self._asked
        return Scored(total * share**COVERAGE * self._lift(standing), share)

    def _lift(self, standing: Standing) -> float:
        age = max(self._now - standing.at, timedelta())
        fresh = math.pow(0.5, age / HALF_LIFE)
        useful = math.log1p(min(max(standing.useful, 0), MOST_USEFUL)) / math.log1p(MOST_USEFUL)
        lift = 1 + FRESH * fresh + USEFUL * useful + MINE * standing.mine
        if standing.part:
            lift *= PART
        return lift * OVER if standing.until is not None and standing.until < self._now else lift


_Field = tuple[str, float]


class _Counter:
    """Counts how often one way to put something is in a text."""

    def __init__(self, way: Way) -> None:
        self._weight = way.weight
        self.partial = way.partial
        # Stems stand between spaces, so looking for one with its spaces counts it without taking the text apart.
        self._words = [
            [f" {stem}" if way.prefix and number == len(way.words) - 1 else f" {stem} " for stem in word]
            for number, word in enumerate(way.words)
        ]

    def count(self, fields: Sequence[_Field]) -> float:
        """Weighed occurrences; of several words, those of the one that is there least."""
        least = math.inf
        for stems in self._words:
            counted = 0.0
            for text, weight in fields:
                for stem in stems:
                    counted += weight * text.count(stem)
            if counted == 0:
                return 0.0
            least = min(least, counted)
        return least * self._weight
