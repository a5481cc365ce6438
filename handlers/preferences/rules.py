"""Which levels a topic has, and times as they are typed. Pure."""

import re
from collections.abc import Sequence
from datetime import time

from storage.enums import NoticeTopic, TopicLevel

REMINDERS = frozenset({NoticeTopic.EVENT_REMINDERS, NoticeTopic.MEETING_REMINDERS, NoticeTopic.EXPERTS})
"""What is of no use in a digest."""
_TIME = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?")


def levels_for(topic: str, *, has_digest: bool) -> Sequence[TopicLevel]:
    """The levels that somebody can choose for a topic; who gets no digest cannot put anything into it."""
    if topic in REMINDERS or not has_digest:
        return (TopicLevel.NOW, TopicLevel.MUTED)
    return (TopicLevel.NOW, TopicLevel.DIGEST, TopicLevel.MUTED)


def next_level(level: TopicLevel, allowed: Sequence[TopicLevel]) -> TopicLevel:
    """What a tap makes of a level."""
    return allowed[(allowed.index(level) + 1) % len(allowed)] if level in allowed else allowed[0]


def typed_time(text: str) -> time | None:
    """``21``, ``21:30``, ``21.30`` or ``7h30`` as a time of day; ``None`` when it is none."""
    found = _TIME.fullmatch(text.strip().lower())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour % 24, minute) if hour <= 24 and minute < 60 and (hour < 24 or not minute) else None
