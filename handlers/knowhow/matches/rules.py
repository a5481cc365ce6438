"""When what is offered and what is sought fit each other, what a refusal teaches, how often somebody is told. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from storage.search_query import Concept, Looked, concepts
from storage.search_ranking import idf
from storage.search_words import ACRONYM, STOP_WORDS, fold, stems_of_text

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
TOLD_AGAIN_AFTER = timedelta(days=90)
"""Between two messages about the same pair, which come only when the texts say something new."""
LEARNS_FOR = timedelta(days=90)
"""How long the words of what was refused weigh less."""
DISCOUNT = 0.7
"""What a pair loses of its weight when all its words were refused; when half of them were, half of that."""
ENOUGH_REFUSALS = 2
"""Refusals of pairs with the same person after which no more of them are told."""
_SENTENCE = re.compile(r"[\n;•]+|(?<=[.!?])\s+")
_WRITTEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


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
        if _stands(concept, stems):
            found.append((weight, " ".join(concept.typed)))
    if len(found) < LEAST_SHARED or not every:
        return Fit(0.0, ())
    found.sort(key=lambda one: -one[0])
    return Fit(sum(weight for weight, _ in found) / every, tuple(word for _, word in found[:MOST_WORDS]))


def _stands(concept: Concept, stems: AbstractSet[str]) -> bool:
    return any(all(not stems.isdisjoint(word) for word in way.words) for way in concept.ways if not way.prefix)


def fits(one: Fit, other: Fit) -> Fit | None:
    """The better of the two directions, if it is good enough."""
    best = max(one, other, key=lambda each: each.share)
    return best if best.share >= LEAST_COVERED else None


# Texts of profiles


def things_of(text: str) -> list[list[Concept]]:
    """What a profile is about, one thing a sentence or line, since a profile lists many things.

    Beside others, what is too short to share enough with anything is left out.
    """
    parts = [concepts(part) for part in _SENTENCE.split(text) if part.strip()]
    return [part for part in parts if len(part) >= LEAST_SHARED] if len(parts) > 1 else parts


def best_fit(
    things: Iterable[list[Concept]],
    stems: AbstractSet[str],
    documents: Mapping[str, int],
    total: int,
    *,
    head: AbstractSet[str] | None = None,
) -> Fit:
    """How much of the best covered one of several things stands in the stems of another text.

    Args:
        things: each by its concepts.
        stems: of all that the other one says.
        documents: in how many things each stem is.
        total: how many things there are.
        head: the stems of what the other one is about, where it says much beside it: a thing must name some of that,
            for in a long text a few words of anything can be found.
    """
    about = (one for one in things if head is None or any(_stands(concept, head) for concept in one))
    return max((fit(one, stems, documents, total) for one in about), key=lambda one: one.share, default=Fit(0.0, ()))


def in_common(one: str, other: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that two texts have in common, as each of them writes them; words that stand together stay together."""
    looked = []
    for about, text in ((one, other), (other, one)):
        stems = set(stems_of_text(text)[0])
        every = [concept for thing in things_of(about) for concept in thing]
        for concept in every:
            if _stands(concept, stems):
                ways = tuple(way for way in concept.ways if not way.prefix)
                looked.append(Concept(concept.typed, ways))
    if not looked:
        return (), ()
    found = Looked(looked)
    return _as_written(one, found), _as_written(other, found)


def _as_written(text: str, looked: Looked) -> tuple[str, ...]:
    phrases: list[str] = []
    end = -1
    for match in _WRITTEN.finditer(text):
        word = match.group()
        says_nothing = fold(word) in STOP_WORDS and not (word.isupper() and len(word) in ACRONYM)
        if says_nothing or not looked.finds(word):
            continue
        if phrases and end >= 0 and text[end : match.start()] == " ":
            phrases[-1] += f" {word}"
        else:
            phrases.append(word)
        end = match.end()
    said: set[str] = set()
    new = []
    for phrase in phrases:
        words = [set(stems_of_text(word)[0]) for word in phrase.split()]
        if any(said.isdisjoint(word) for word in words):
            new.append(phrase)
            said.update(*words)
    return tuple(new[:MOST_WORDS])


# What a refusal teaches


def weight(percent: int, words: Sequence[str], refused: AbstractSet[str]) -> float:
    """How much a pair counts for somebody: how well it fits, less what they refused of its words.

    Args:
        percent: how well it fits.
        words: what the two have in common.
        refused: the stems of the words of what they refused lately.
    """
    if not words:
        return 0.0
    known = sum(not refused.isdisjoint(stems_of_text(word)[0]) for word in words)
    return percent * (1 - DISCOUNT * known / len(words))


def is_worth_telling(weighed: float) -> bool:
    """Whether a pair, weighed for somebody, is told unasked; the others stay in their list."""
    return weighed >= LEAST_COVERED * 100


def says_more(words: Sequence[str], than: Iterable[str]) -> bool:
    """Whether at least half of these words name something that others do not: one word more is nothing new."""
    known = set(stems_of_text(" ".join(than))[0])
    new = sum(known.isdisjoint(stems_of_text(word)[0]) for word in words)
    return new > 0 and 2 * new >= len(words)
