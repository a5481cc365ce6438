"""How many are asked, how often, and how long one waits for them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

MOST_AT_ONCE = 5
"""People who are asked about one question at the same time."""
MOST_A_WEEK = 2
"""Questions that one person gets in :data:`WEEK`, whoever asks."""
WEEK = timedelta(days=7)
PATIENCE = timedelta(days=2)
"""How long somebody has to answer before another is asked; quiet hours come on top."""
LOOKED_FOR = timedelta(days=14)
"""How long others are asked about one question."""
LOOKED_AGAIN = timedelta(days=1)
"""After which it is looked again where there is room and nobody to ask: somebody's week may be over."""
FAIRNESS = 0.75
"""Points less for each time that somebody was asked in the last week, so that the others have their turn."""
NAME_LENGTH = 120
"""Characters of a name."""


def places_end(now: datetime, quiet_until: datetime | None) -> datetime:
    """How long a place is kept for who is asked now: from when they can be disturbed."""
    return max(now, quiet_until or now) + PATIENCE


def in_turn(named: Sequence[int], scores: Mapping[int, float], asked_lately: Mapping[int, int], room: int) -> list[int]:
    """Who is asked next: those whom somebody named, then the likeliest; only who can be asked.

    Args:
        named: in the order in which they were named.
        scores: how likely each of the others is to know.
        asked_lately: who can be asked, and how often each was in the last week.
        room: how many.
    """
    first = [one for one in named if one in asked_lately]
    others = [one for one in scores if one in asked_lately and one not in set(first)]
    others.sort(key=lambda one: (FAIRNESS * asked_lately[one] - scores[one], one))
    return [*first, *others][: max(room, 0)]
