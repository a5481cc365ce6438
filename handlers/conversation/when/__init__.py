"""Dates as people type them: a closed grammar for Italian and English, and the pages of a calendar keyboard.

`parse_when` understands every word of a phrase or says why not; it never guesses. It is pure: the clock and the zone
are the caller's.
"""

from .calendar_page import Day, Neighbours, calendar_neighbours, calendar_page
from .parser import parse_when
from .results import FoldNote, Hint, NotUnderstood, Outcome, Prefer, Reason, Understood, WhenKind
from .settling import FURTHEST_YEARS

__all__ = [
    "FURTHEST_YEARS",
    "Day",
    "FoldNote",
    "Hint",
    "Neighbours",
    "NotUnderstood",
    "Outcome",
    "Prefer",
    "Reason",
    "Understood",
    "WhenKind",
    "calendar_neighbours",
    "calendar_page",
    "parse_when",
]
