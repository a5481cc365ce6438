"""What holds for events: who gets a place, until when, what is told, which reminder is due. Pure decisions."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from handlers.conversation.when.wallclock import occurrences
from storage.enums import Answer, EventStatus, Locale

REMINDER_CHOICES = (7 * 24 * 60, 3 * 24 * 60, 24 * 60, 2 * 60, 30)
"""Minutes before the start at which an event's organisers can have people reminded."""
DEFAULT_REMINDERS = (24 * 60, 2 * 60)
"""Minutes before the start: once to plan the day, once to set off."""
LONGEST_REMINDER = timedelta(minutes=max(REMINDER_CHOICES))
LONGEST_EVENT = timedelta(days=14)
"""Longer than any congress: an end beyond it is a slip of the pen."""
MOST_PLACES = 100_000
CALENDAR_FIELDS = frozenset({"title", "description", "place", "link", "zone", "starts_wall", "ends_wall"})
"""What a calendar entry shows."""
TOLD_TO_ALL = frozenset({"title", "place", "zone", "starts_wall", "ends_wall"})
"""Changes that matter to everybody who thinks of coming."""


class Closed(StrEnum):
    """Why an event takes no answers."""

    NOT_OPEN = "not_open"
    CANCELLED = "cancelled"
    STARTED = "started"


class Fault(StrEnum):
    """What is wrong with an event's details."""

    START_IN_GAP = "start_in_gap"
    END_IN_GAP = "end_in_gap"
    START_PAST = "start_past"
    END_BEFORE_START = "end_before_start"
    TOO_LONG = "too_long"
    NOT_A_LINK = "not_a_link"


class NoSuchTimeError(ValueError):
    """The clocks of the zone never show that time: it falls where they go forward."""


def instant_of(wall: str, zone: str) -> datetime:
    """The moment at which the clocks of an IANA zone show ``2018-04-19T17:30``; the first, where they show it twice.

    Raises:
        NoSuchTimeError: they never do.
    """
    found = occurrences(datetime.fromisoformat(wall), ZoneInfo(zone))
    if not found:
        raise NoSuchTimeError(f"{wall} in {zone}")
    return found[0].instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an organiser says about an event.

    ``starts_wall`` and ``ends_wall`` are wall time in ``zone`` (IANA); ``capacity`` 0 means unlimited.
    """

    title: str
    description: str
    place: str
    link: str
    zone: str
    starts_wall: str
    ends_wall: str
    capacity: int
    language: Locale

    @property
    def starts_at(self) -> datetime:
        """When it starts, in UTC."""
        return instant_of(self.starts_wall, self.zone)

    @property
    def ends_at(self) -> datetime:
        """When it ends, in UTC."""
        return instant_of(self.ends_wall, self.zone)


def faults(details: Details, now: datetime) -> dict[str, Fault]:
    """What is wrong with the details, by the field to mend."""
    found: dict[str, Fault] = {}
    starts, ends = _moment(details.starts_wall, details.zone), _moment(details.ends_wall, details.zone)
    if starts is None:
        found["starts"] = Fault.START_IN_GAP
    elif starts <= now:
        found["starts"] = Fault.START_PAST
    if ends is None:
        found["ends"] = Fault.END_IN_GAP
    elif starts is not None and ends <= starts:
        found["ends"] = Fault.END_BEFORE_START
    elif starts is not None and ends - starts > LONGEST_EVENT:
        found["ends"] = Fault.TOO_LONG
    if details.link and not is_web_address(details.link):
        found["link"] = Fault.NOT_A_LINK
    return found


def _moment(wall: str, zone: str) -> datetime | None:
    try:
        return instant_of(wall, zone)
    except NoSuchTimeError:
        return None


def is_web_address(text: str) -> bool:
    """Whether a text is an http(s) address that platforms take for a button."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host and not any(char.isspace() for char in text)


def changed_fields(before: Details, after: Details) -> frozenset[str]:
    """The names of the details that differ."""
    return frozenset(one.name for one in fields(Details) if getattr(before, one.name) != getattr(after, one.name))


def why_closed(status: EventStatus, starts_at: datetime, now: datetime) -> Closed | None:
    """Why an event takes no answers now; ``None`` while it does."""
    if status is EventStatus.CANCELLED:
        return Closed.CANCELLED
    if status is not EventStatus.PUBLISHED:
        return Closed.NOT_OPEN
    return Closed.STARTED if starts_at <= now else None


def decide(asked: Answer, before: Answer | None, *, going: int, waiting: int, capacity: int) -> Answer:
    """What becomes of an answer.

    Args:
        asked: the button that was pressed.
        before: the answer that stood.
        going: how many are, this person included where they are.
        waiting: how many are on the waiting list, likewise.
        capacity: places; 0 for unlimited.
    """
    if asked not in {Answer.GOING, Answer.WAITING}:
        return asked
    if before in {Answer.GOING, Answer.WAITING}:
        return before
    # A free place with somebody waiting for it is theirs.
    return Answer.GOING if capacity == 0 or going + waiting < capacity else Answer.WAITING


def free_places(capacity: int, going: int) -> int | None:
    """How many more can come; ``None`` when there is no limit."""
    return None if capacity == 0 else max(0, capacity - going)


def overdue(minutes: Iterable[int], starts_at: datetime, now: datetime) -> list[int]:
    """The reminders whose moment has come, the nearest to the start first; none once it has begun."""
    if starts_at <= now:
        return []
    return sorted(one for one in minutes if starts_at - timedelta(minutes=one) <= now)


def is_news(due: datetime, moved_at: datetime | None) -> bool:
    """Whether a reminder due then still says something.

    It does not when the event was moved after that: everybody has just been told the new time.
    """
    return moved_at is None or moved_at <= due
