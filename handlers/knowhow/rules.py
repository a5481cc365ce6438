"""What a post must be, who may do what with it, and which words of a search a button can carry."""

import re
from calendar import monthrange
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from handlers.conversation.screen import MAX_ACTION_BYTES
from storage.enums import Moderation, PostStatus
from storage.search_words import terms

TITLE_LENGTH = 120
"""Characters of a title."""
MOST_TOPICS = 8
TOPIC_LENGTH = 40
"""Characters of a topic."""
LINK_LENGTH = 1000
"""Characters of a web address."""

WORDS_BYTES = MAX_ACTION_BYTES - len("post.find:9999:999999:999999:")
"""What of a search fits into its buttons, beside the page and the filters.

Its words are carried by the buttons themselves: nothing is stored about who looked for what, and the pages of a
year-old message still turn. Only words that say something are carried, about five; more of them find less, not more.
"""

_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class TooManyTopicsError(ValueError):
    """More topics than a post may have."""


class TopicTooLongError(ValueError):
    """A topic is longer than allowed; the argument is the topic."""


class NotALinkError(ValueError):
    """The text is not a web address that every platform can open."""


def topics_of(typed: str) -> list[str]:
    """The topics in a comma-separated line, once each, without ``#``.

    Raises:
        TooManyTopicsError: more than ``MOST_TOPICS``.
        TopicTooLongError: one is longer than ``TOPIC_LENGTH`` characters.
    """
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", typed):
        topic = " ".join(part.replace("#", " ").split())
        if len(topic) > TOPIC_LENGTH:
            raise TopicTooLongError(topic)
        if topic:
            found.setdefault(topic.casefold(), topic)
    if len(found) > MOST_TOPICS:
        raise TooManyTopicsError
    return list(found.values())


def link_of(typed: str) -> str:
    """The web address, if a button can open it: http or https, a host with a domain, no user name.

    Telegram refuses a button to anything else (Bot API, BUTTON_URL_INVALID), so it is refused here, by its field.

    Raises:
        NotALinkError: it is something else.
    """
    if len(typed) > LINK_LENGTH or any(char.isspace() or not char.isprintable() for char in typed):
        raise NotALinkError
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").encode("idna").decode()
        _ = parts.port  # raises when it is no number
    except ValueError as error:
        raise NotALinkError from error
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise NotALinkError
    return typed


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last minute of a day, in UTC: until then a deadline has not passed."""
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)


class Why(StrEnum):
    """In what right somebody removes a post."""

    AUTHOR = "author"
    MODERATOR = "moderator"


REMOVABLE: AbstractSet[PostStatus] = frozenset(
    {PostStatus.PENDING, PostStatus.CHANGES, PostStatus.PUBLISHED, PostStatus.CLOSED}
)


def may_remove(status: PostStatus, *, is_author: bool, moderates: bool) -> Why | None:
    """In what right somebody may remove a post, or ``None``. Somebody else's pending post is rejected instead."""
    if status not in REMOVABLE:
        return None
    if is_author:
        return Why.AUTHOR
    return Why.MODERATOR if moderates and status in SETTLED else None


SETTLED: AbstractSet[PostStatus] = frozenset({PostStatus.PUBLISHED, PostStatus.CLOSED})
"""What was published and can still be read."""


def may_read(status: PostStatus, *, addressed: bool, is_author: bool, moderates: bool) -> bool:
    """Whether somebody may see the whole of a post; ``addressed``: it is meant for them."""
    if status is PostStatus.REMOVED:
        return False
    return is_author or moderates or (addressed and status in SETTLED)


def looked_at_first(moderation: Moderation, *, moderates: bool, published: int, first_posts: int) -> bool:
    """Whether a moderator looks at a post before it is published.

    Args:
        moderation: the community's setting.
        moderates: whether its author is one of them.
        published: how many posts of its author were published so far.
        first_posts: up to how many a moderator looks at.
    """
    if moderates:
        return False
    return moderation is Moderation.ALL or (moderation is Moderation.FIRST and published < first_posts)


def looked_at_later(moderation: Moderation, *, moderates: bool, was_approved: bool) -> bool:
    """Whether a moderator is to look at what an author has published, or has changed since, without their look."""
    return not moderates and (moderation is Moderation.AFTER or (was_approved and moderation is not Moderation.NONE))


VALIDITY_ASKED = timedelta(days=14)
"""How long before a post runs out its author is asked whether it still holds."""


def holds_until(since: datetime, months: int, zone: ZoneInfo) -> datetime | None:
    """When a post runs out that holds for so many months; ``None``: never. A day that a month lacks is its last."""
    if not months:
        return None
    day = since.astimezone(zone).date()
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return end_of_day(date(year, month + 1, min(day.day, last)), zone)


SIMILAR_SHOWN = 3
LEAST_SHARED = 2
"""Words that two titles have in common before one is shown as similar to the other."""
LEAST_ALIKE = 0.5
"""Of the words of the shorter title, how much is in the other post's title or topics."""


def alike(new: AbstractSet[str], other: AbstractSet[str]) -> float:
    """How much of the shorter one of two sets of stems is in the other one, from 0 to 1."""
    shared = len(new & other)
    return shared / min(len(new), len(other)) if shared >= LEAST_SHARED else 0.0


def cut(text: str, most_bytes: int) -> str:
    """The first words of a text that fit into so many bytes of UTF-8; part of a word when not even one fits."""
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}" if kept else word
        if len(longer.encode()) > most_bytes:
            break
        kept = longer
    return kept or text.strip().encode()[:most_bytes].decode(errors="ignore")


def searchable(query: str) -> str:
    """The words of a query that are looked for and that fit into a button; empty when it has no word."""
    return cut(" ".join(terms(query)), WORDS_BYTES)
