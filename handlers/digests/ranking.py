"""Which posts a digest names, and in which order. Pure.

Every post of the period has a worth that is the same for everybody: how useful it was found, how fresh it is. What a
reader follows, and what they wanted less of, is added for the few posts that it concerns. So a digest costs what its
reader follows, not how much was published.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.enums import POSTS_OF_SECTOR, TopicLevel
from storage.post_topics import POSTS_BY_AUTHOR, POSTS_BY_ORGANISATION, POSTS_ON_WORD
from storage.queries.digest_posts import FreshPost

FOLLOWED: Mapping[str, float] = {
    POSTS_ON_WORD: 3.0,
    POSTS_BY_AUTHOR: 3.0,
    POSTS_BY_ORGANISATION: 2.5,
    POSTS_OF_SECTOR: 2.0,
}
"""What it adds that a reader follows a topic, an author, an organisation or a sector: the narrower, the more."""
OWN_SECTOR = 1.5
"""The same for a sector of the profile, about which they said nothing more."""
LESS: Mapping[str, float] = {
    POSTS_ON_WORD: -0.75,
    POSTS_BY_AUTHOR: -1.0,
    POSTS_BY_ORGANISATION: 0.0,
    POSTS_OF_SECTOR: -0.5,
}
"""What it takes away that they wanted less of something like it, each time."""
MOST_TIMES = 3
"""How often "less like this" counts for the same thing."""
LEFT_OUT = -1.5
"""A post for which so much is taken away, and nothing added, is left out: it is like the unwanted in two ways."""
MOST_OF_A_TOPIC = 50
"""The posts on something followed that are put before others: the best of them, where there are more."""
FRESHNESS_A_DAY = 0.05
"""What a post loses every day: a month is worth as much as a sector of the profile."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Taste:
    """What one reader said about what they want to read.

    Attributes:
        levels: how much of each topic, where they said so.
        sectors: those of their profile, as keys.
        less: how often they wanted less of a topic.
    """

    levels: Mapping[str, TopicLevel] = field(default_factory=dict)
    sectors: Collection[str] = ()
    less: Mapping[str, int] = field(default_factory=dict)

    def muted(self) -> set[str]:
        """The topics of which they want nothing."""
        return {topic for topic, level in self.levels.items() if level is TopicLevel.MUTED}

    def added(self) -> dict[str, float]:
        """What each followed topic adds."""
        found = dict.fromkeys(self.sectors, OWN_SECTOR)
        for topic, level in self.levels.items():
            worth = _by_prefix(FOLLOWED, topic)
            if level is TopicLevel.MUTED:
                found.pop(topic, None)
            elif worth:
                found[topic] = worth
        return found

    def taken(self) -> dict[str, float]:
        """What each topic takes away."""
        return {topic: _by_prefix(LESS, topic) * min(times, MOST_TIMES) for topic, times in self.less.items()}


def counts_less(topic: str) -> bool:
    """Whether wanting less of a topic takes anything away."""
    return _by_prefix(LESS, topic) < 0


def _by_prefix(worth: Mapping[str, float], topic: str) -> float:
    return next((value for prefix, value in worth.items() if topic.startswith(prefix)), 0.0)


def why(topics: Sequence[str], taste: Taste) -> str:
    """The topic for which a post is named to a reader: of those they follow the most telling; empty for none."""
    added = taste.added()
    return max((topic for topic in topics if topic in added), key=lambda topic: added[topic], default="")


class Shelf:
    """The new posts of a period, in the order of their worth to everybody.

    Args:
        posts: any order.
        now: by which they are fresh.
    """

    def __init__(self, posts: Sequence[FreshPost], now: datetime) -> None:
        worth = {one.id: _worth(one, now) for one in posts}
        self._posts = sorted(posts, key=lambda one: (-worth[one.id], -one.published_at.timestamp(), -one.id))
        self._worth = [worth[one.id] for one in self._posts]
        self._about: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self._posts):
            for topic in one.topics:
                self._about[topic].append(place)

    def best(self, reader: int, taste: Taste, *, read: Collection[int], since: datetime, most: int) -> list[int]:
        """The posts that are worth most to a reader, by id: new to them, not their own, of nothing they muted."""
        skipped = {place for topic in taste.muted() for place in self._about.get(topic, ())}
        change: dict[int, float] = defaultdict(float)
        for topic, worth in taste.taken().items():
            for place in self._about.get(topic, ()):
                change[place] += worth
        for topic, worth in taste.added().items():
            for place in self._about.get(topic, ())[:MOST_OF_A_TOPIC]:
                change[place] += worth
        chosen = []
        for place, worth in change.items():
            if place in skipped or not self._is_new(place, reader, read, since):
                continue
            if worth > LEFT_OUT:
                chosen.append((-self._worth[place] - worth, place))
        plain = 0
        for place in range(len(self._posts)):
            if plain == most:
                break
            if place not in change and place not in skipped and self._is_new(place, reader, read, since):
                chosen.append((-self._worth[place], place))
                plain += 1
        return [self._posts[place].id for _, place in sorted(chosen)[:most]]

    def _is_new(self, place: int, reader: int, read: Collection[int], since: datetime) -> bool:
        one = self._posts[place]
        return one.published_at > since and one.author_id != reader and one.id not in read


def _worth(post: FreshPost, now: datetime) -> float:
    return math.log2(1 + post.useful) / 2 - (now - post.published_at) / DAY * FRESHNESS_A_DAY
