"""How much of something can be wanted, and how a button names it. Pure."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from hashlib import blake2s

from storage.enums import POSTS_OF_SECTOR, TopicLevel
from storage.post_topics import POSTS_BY_AUTHOR, POSTS_BY_ORGANISATION

A_PAGE = 8
"""Things followed on a page."""
HANDLE_BYTES = 6
"""Enough to tell one person's follows apart, and short enough for a button."""


class Wanted(StrEnum):
    """How much of something a button asks for: the levels of a topic, or nothing in particular."""

    NOW = "now"
    DIGEST = "digest"
    MUTED = "muted"
    USUAL = "usual"  # neither followed nor muted

    @property
    def level(self) -> TopicLevel | None:
        """The level that it stands for; ``None`` for nothing in particular."""
        return None if self is Wanted.USUAL else TopicLevel(self.value)


class Thing(StrEnum):
    """What can be followed."""

    TOPIC = "topic"
    SECTOR = "sector"
    ORGANISATION = "organisation"
    AUTHOR = "author"


def thing_of(topic: str) -> Thing:
    """What kind of thing a key names."""
    for prefix, thing in (
        (POSTS_OF_SECTOR, Thing.SECTOR),
        (POSTS_BY_ORGANISATION, Thing.ORGANISATION),
        (POSTS_BY_AUTHOR, Thing.AUTHOR),
    ):
        if topic.startswith(prefix):
            return thing
    return Thing.TOPIC


def handle_of(topic: str) -> str:
    """How a button names a topic: words of any length and script in twelve letters."""
    return blake2s(topic.encode(), digest_size=HANDLE_BYTES).hexdigest()


def topic_with(handle: str, topics: Collection[str]) -> str | None:
    """The topic that a button names; ``None`` when it is not among these."""
    return next((topic for topic in topics if handle_of(topic) == handle), None)


def choices(level: TopicLevel | None) -> Sequence[Wanted]:
    """What can be chosen instead of the level that counts now."""
    return [one for one in Wanted if one.level is not level]
