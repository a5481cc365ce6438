"""Limits of introductions, and how a search travels in a button. Pure."""

from datetime import datetime, timedelta

from storage.search_words import words

LASTS = timedelta(days=14)
"""How long a request waits for an answer."""
MOST_OPEN = 5
"""Requests of one person that may be without an answer."""
AGAIN_AFTER = timedelta(days=30)
"""Between two requests of one person to the same other."""
REMINDED_AFTER = timedelta(days=5)
"""After "not now"."""
MESSAGE_LENGTH = 400
REASON_LENGTH = 600
PEOPLE_A_PAGE = 5
WORDS_BYTES = 30
"""Of a search in a button, beside the page and the filters (an action has 64 bytes)."""


def words_for_button(query: str) -> str:
    """As many words of a search as a button can carry."""
    kept = ""
    for word in words(query):
        longer = f"{kept} {word}".strip()
        if len(longer.encode()) > WORDS_BYTES:
            break
        kept = longer
    return kept


def reminder_at(now: datetime, expires_at: datetime) -> datetime | None:
    """When somebody who said "not now" is reminded; ``None`` where the request ends before."""
    at = now + REMINDED_AFTER
    return at if at < expires_at else None
