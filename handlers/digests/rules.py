"""When a digest comes, what belongs in it, and whether it is worth sending. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.digest_schedule import EARLIEST_HOUR, LATEST_HOUR, next_digest, rescheduled
from storage.enums import SubjectKind

__all__ = [
    "EARLIEST_HOUR",
    "LATEST_HOUR",
    "News",
    "next_digest",
    "period_key",
    "rescheduled",
    "worth_sending",
]

SETTLING = timedelta(minutes=1)
"""What was published in the last minute waits for the next digest: its transaction may not be visible yet, and a
moment that has been passed is never looked at again."""
CAUGHT_UP_AFTER = timedelta(hours=1)
"""A digest that is so late, after a pause of the program, no longer comes at the hour that the person chose."""
HORIZON = timedelta(days=14)
"""How far ahead a deadline is shown."""
MOST_POSTS = 8
MOST_EVENTS = 5
MOST_MISSIONS = 3
MOST_ANNOUNCEMENTS = 3
MOST_DEADLINES = 5
MOST_KEPT = 8
"""Lines of each part: what does not fit of the events, missions and announcements comes with the next digest."""


MOST_LOOKED_AT = 1_000
"""New posts from which everybody's are chosen; whoever finds too few among the newest is looked after alone."""
SHORT_LIST = 24
"""Posts chosen for each, before those that they may not read are taken out."""


@dataclass(frozen=True, slots=True)
class News:
    """What a digest names, by id; what the outbox keeps of it.

    Attributes:
        more_posts: whether there are posts that do not fit.
        kept: notices that the person wants in the digest.
    """

    posts: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    missions: list[int] = field(default_factory=list)
    announcements: list[int] = field(default_factory=list)
    more_posts: bool = False
    kept: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is new."""
        return not (self.posts or self.events or self.missions or self.announcements or self.kept)

    @property
    def mentions(self) -> dict[SubjectKind, list[int]]:
        """What no later digest names as new."""
        return {
            SubjectKind.EVENT: self.events,
            SubjectKind.MISSION: self.missions,
            SubjectKind.ANNOUNCEMENT: self.announcements,
        }

    def to_json(self) -> dict[str, Any]:
        """In JSON's types."""
        return {
            "posts": self.posts,
            "events": self.events,
            "missions": self.missions,
            "announcements": self.announcements,
            "more_posts": self.more_posts,
            "kept": self.kept,
        }


def shortened(
    posts: Sequence[int],
    events: Sequence[int],
    missions: Sequence[int],
    announcements: Sequence[int],
    kept: Sequence[int] = (),
) -> News:
    """As much as fits. Give one post more than fits to have it said that there are more."""
    return News(
        list(posts[:MOST_POSTS]),
        list(events[:MOST_EVENTS]),
        list(missions[:MOST_MISSIONS]),
        list(announcements[:MOST_ANNOUNCEMENTS]),
        len(posts) > MOST_POSTS,
        list(kept[:MOST_KEPT]),
    )


def worth_sending(*, is_new: bool, deadlines: Collection[datetime | None], until: datetime | None) -> bool:
    """Whether a digest has something to say: news, or a deadline that passes before the next one comes.

    A deadline further away is not news: it is shown beside news, and by itself when its time has come.

    Args:
        is_new: whether anything is new.
        deadlines: what waits for the person's answer; ``None`` for what has no time yet.
        until: when the next digest comes; ``None`` when none does.
    """
    return is_new or (until is not None and any(at is not None and at <= until for at in deadlines))


def period_key(person_id: int, period: datetime) -> str:
    """The unique key of one person's digest for one period, which is named by the moment it was due."""
    return f"digest:{person_id}:{period:%Y-%m-%dT%H:%MZ}"
