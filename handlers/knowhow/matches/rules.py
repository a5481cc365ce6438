"""When an offer and a request fit each other, and how often somebody is told. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from storage.search_query import Concept
from storage.search_ranking import idf

LEAST_COVERED = 0.4
"""Of what one of the two is about, weighted by how telling it is, so much must be said by the other."""
LEAST_SHARED = 2
"""Things that both speak of; one alone says too little."""
LEAST_THINGS = 200
"""How telling a word is, is judged as if there were at least so many things: among five, one in three is not common."""
MOST_WORDS = 5
"""Words that are shown as the reason."""
TOLD_A_WEEK = 2
"""Pairs of which one author is told in a week: the best, the others wait."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one post covers what another is about: a share from 0 to 1, and the words, the most telling first."""

    share: float
    words: tuple[str, ...]


def fit(about: list[Concept], stems: AbstractSet[str], documents: Mapping[str, int], total: int) -> Fit:
    """How much of what a post is about stands in the stems of another.

    Args:
        about: the concepts of the first one's title and topics.
        stems: of all that the other one says.
        documents: in how many things each stem is.
        total: how many things there are.
    """
    every, found = 0.0, []
    for concept in about:
        rarest = min((min(documents.get(stem, 0) for stem in word) for word in concept.own.words), default=0)
        weight = idf(rarest, max(total, LEAST_THINGS))
        every += weight
        if any(all(not stems.isdisjoint(word) for word in way.words) for way in concept.ways if not way.prefix):
            found.append((weight, " ".join(concept.typed)))
    if len(found) < LEAST_SHARED or not every:
        return Fit(0.0, ())
    found.sort(key=lambda one: -one[0])
    return Fit(sum(weight for weight, _ in found) / every, tuple(word for _, word in found[:MOST_WORDS]))


def fits(one: Fit, other: Fit) -> Fit | None:
    """The better of the two directions, if it is good enough."""
    best = max(one, other, key=lambda each: each.share)
    return best if best.share >= LEAST_COVERED else None
