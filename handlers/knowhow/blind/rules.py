"""What can be blind, what gives its author away, and how long an answer may take. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from storage.search_words import words

BLIND_KINDS = ("offer", "request")
"""The keys of the kinds of post that can go without a name, where the community uses them."""
LASTS = timedelta(days=14)
"""How long an interest waits for an answer."""
REMINDED_AFTER = timedelta(days=5)
"""Of silence, once."""
AGAIN_AFTER = timedelta(days=30)
"""Between two interests of one person in one post, where the first was taken back or not answered."""
MOST_OPEN = 5
"""Interests of one person that may be without an answer."""
ABOUT_LENGTH = 120
MESSAGE_LENGTH = 400
LEAST_LETTERS = 3
"""Shorter parts of a name are in many words."""


def telling_names(name: str, organisation: str) -> list[str]:
    """What of somebody's name and organisation gives them away in a text."""
    parts = [part for part in name.split() if len(part) >= LEAST_LETTERS]
    return [one for one in (organisation, *parts) if words(one)]


def given_away(text: str, names: Sequence[str]) -> list[str]:
    """Those of these names that a text holds, word for word; accents and upper case make no difference."""
    said = words(text)
    return [one for one in dict.fromkeys(names) if _holds(said, words(one))]


def _holds(said: Sequence[str], name: Sequence[str]) -> bool:
    return any(list(said[at : at + len(name)]) == list(name) for at in range(len(said) - len(name) + 1))


def leads_home(link: str, domains: Sequence[str]) -> bool:
    """Whether a web address is one of an organisation's own."""
    host = (urlsplit(link).hostname or "").casefold()
    return any(host == one or host.endswith(f".{one}") for one in (domain.casefold() for domain in domains) if one)


def reminder_at(now: datetime) -> datetime:
    """When the author, who has not answered, is reminded."""
    return now + REMINDED_AFTER
