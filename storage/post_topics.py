"""What a post is about, as keys under which people follow it or want less of it. Pure.

They stand in :class:`storage.models.PersonTopic` beside the topics of announcements and of the bot's own notices, so
that one table says how much of what somebody wants.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from hashlib import blake2s

from storage.enums import POSTS_OF_SECTOR
from storage.search_words import fold

POSTS_BY_AUTHOR = "_author_"
"""With a person's id behind it."""
POSTS_BY_ORGANISATION = "_organisation_"
"""With an organisation's id behind it: posts of its people."""
POSTS_ON_WORD = "_word_"
"""With a topic's word behind it, folded."""
OF_POSTS = (POSTS_OF_SECTOR, POSTS_BY_AUTHOR, POSTS_BY_ORGANISATION, POSTS_ON_WORD)
HANDLE_BYTES = 6
"""Enough to tell one person's topics apart, and short enough for a button."""
KEY_LENGTH = 80
"""Characters of a key, as the column has them."""


def topic_of_sector(sector_id: int) -> str:
    """The key of a sector's know-how."""
    return f"{POSTS_OF_SECTOR}{sector_id}"


def topic_of_author(person_id: int) -> str:
    """The key of what one person shares."""
    return f"{POSTS_BY_AUTHOR}{person_id}"


def topic_of_organisation(organisation_id: int) -> str:
    """The key of what an organisation's people share."""
    return f"{POSTS_BY_ORGANISATION}{organisation_id}"


@lru_cache(maxsize=4096)
def topic_of_word(word: str) -> str:
    """The key of a topic as authors write it; upper case, accents and blanks make no other."""
    return f"{POSTS_ON_WORD}{' '.join(fold(word).split())}"[:KEY_LENGTH]


def is_of_posts(topic: str) -> bool:
    """Whether a key is one of these."""
    return topic.startswith(OF_POSTS)


def id_in(topic: str, prefix: str) -> int | None:
    """The id behind a prefix; ``None`` for a key of another kind."""
    rest = topic.removeprefix(prefix)
    return int(rest) if rest != topic and rest.isdecimal() else None


def handle_of(topic: str) -> str:
    """How a button names a topic: words of any length and script in twelve letters."""
    return blake2s(topic.encode(), digest_size=HANDLE_BYTES).hexdigest()


def topic_with(handle: str, topics: Collection[str]) -> str | None:
    """The topic that a button names; ``None`` when it is not among these."""
    return next((topic for topic in topics if handle_of(topic) == handle), None)


def topics_of_post(
    *, author_id: int | None, organisation_id: int | None, sector_id: int | None, words: Sequence[str]
) -> tuple[str, ...]:
    """All keys of a post, the most telling first: its words, its author, their organisation, its sector.

    One without a named author is under neither an author nor an organisation.
    """
    found = [topic_of_word(word) for word in words if word.strip()]
    if author_id is not None:
        found.append(topic_of_author(author_id))
    if author_id is not None and organisation_id is not None:
        found.append(topic_of_organisation(organisation_id))
    if sector_id is not None:
        found.append(topic_of_sector(sector_id))
    return tuple(dict.fromkeys(found))
