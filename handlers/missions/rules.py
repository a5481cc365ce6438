"""What holds for missions: who may apply, who gets a place, what is on a programme. Values in, decision out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.conversation.answers import fold
from handlers.conversation.when.zones import PLACES, iana_zone
from storage.enums import DECIDABLE_APPLICATIONS, ApplicationStatus, MissionStatus, PlaceStatus
from storage.reminder_times import MISSION_REMINDED_BEFORE

MOST_OBJECTIVES = 3
"""More than three aims for a journey are none."""
OBJECTIVE_LENGTH = 200
REMINDED_BEFORE = MISSION_REMINDED_BEFORE
MOST_SEATS = 10_000
LONGEST_MISSION = timedelta(days=31)
"""A last day beyond it is a slip of the pen."""


class Closed(StrEnum):
    """Why nobody can apply now."""

    NOT_OPEN = "not_open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"


def why_closed(status: MissionStatus, deadline: datetime, now: datetime) -> Closed | None:
    """Why nobody can apply now; ``None`` while one can."""
    match status:
        case MissionStatus.DRAFT:
            return Closed.NOT_OPEN
        case MissionStatus.CLOSED:
            return Closed.CLOSED
        case MissionStatus.CANCELLED:
            return Closed.CANCELLED
        case MissionStatus.OPEN:
            return Closed.TOO_LATE if deadline <= now else None


class Applying(StrEnum):
    """What sending the form does."""

    NEW = "new"
    EDIT = "edit"
    ACCEPTED_ALREADY = "accepted_already"
    DECIDED = "decided"


def applying(before: ApplicationStatus | None) -> Applying:
    """What sending the form does, given where the person's application stands."""
    match before:
        case None | ApplicationStatus.WITHDRAWN:
            return Applying.NEW
        case ApplicationStatus.WAITING | ApplicationStatus.RESERVE:
            return Applying.EDIT
        case ApplicationStatus.ACCEPTED:
            return Applying.ACCEPTED_ALREADY
        case ApplicationStatus.DECLINED:
            return Applying.DECIDED


def can_withdraw(status: ApplicationStatus) -> bool:
    """Whether there is something to withdraw."""
    return status is ApplicationStatus.ACCEPTED or status in DECIDABLE_APPLICATIONS


def free_seats(seats: int, confirmed: int) -> int | None:
    """How many places are left; ``None`` when there is no limit."""
    return None if seats == 0 else max(0, seats - confirmed)


def place_for(seats: int, *, confirmed: int, waiting: int) -> PlaceStatus:
    """What a newcomer gets: a place, or a turn on the waiting list. A free place with somebody waiting is theirs."""
    return PlaceStatus.CONFIRMED if seats == 0 or confirmed + waiting < seats else PlaceStatus.WAITING


def objectives(text: str) -> list[str]:
    """The lines that hold something, without the marks that people put before them."""
    lines = (line.strip().lstrip("-–•*").strip() for line in text.splitlines())
    return [line for line in lines if line]


def reminder_is_news(deadline: datetime, opened_at: datetime | None) -> bool:
    """Whether a reminder of the deadline still says something: not when the mission was opened after its moment."""
    return opened_at is None or opened_at <= deadline - REMINDED_BEFORE


def zone_named(text: str) -> str | None:
    """The IANA zone of a city, a country or a zone's own name; ``None`` when there is no such place."""
    known = PLACES.get(fold(text))
    if known is not None:
        return known
    zone = iana_zone(text.strip())
    return zone.key if zone is not None else None


def instant_of(wall: str, zone: str) -> datetime:
    """The moment at which the clocks of a zone show ``2018-05-14T09:00``, in UTC; the first where they show it twice.

    Times that the clocks skip are refused before they come here (``handlers.conversation.answers``).
    """
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The end of a day in a zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)


# The programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of somebody's programme.

    ``title_it`` and ``title_en`` are as the mission has them, or empty for a meeting, which names the other side
    instead. ``uid`` and ``sequence`` are those of the calendar file.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    title_it: str = ""
    title_en: str = ""
    place: str = ""
    sequence: int = 0
    meeting_id: int | None = None
    with_name: str = ""
    with_organisation: str = ""
    table: str = ""
    agreed: bool = True


@dataclass(frozen=True, slots=True)
class NowAndNext:
    """What is on, what comes next, and the rest of that day."""

    now: list[Entry]
    next: list[Entry]


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By time; what is longer comes before what happens within it."""
    return sorted(entries, key=lambda one: (one.starts_at, -one.ends_at.timestamp(), one.uid))


def now_and_next(entries: Sequence[Entry], now: datetime) -> NowAndNext:
    """What is on now, and what begins next: everything that begins at that same moment."""
    ordered = in_order(entries)
    running = [one for one in ordered if one.starts_at <= now < one.ends_at]
    coming = [one for one in ordered if one.starts_at > now]
    return NowAndNext(running, [one for one in coming if one.starts_at == coming[0].starts_at])


def on_day(entries: Sequence[Entry], day: date, zone: ZoneInfo) -> list[Entry]:
    """What begins on that day in the zone, and what goes on from the day before."""
    return [
        one
        for one in in_order(entries)
        if one.starts_at.astimezone(zone).date()
        <= day
        <= (one.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    ]


def days_of(entries: Sequence[Entry], zone: ZoneInfo) -> list[date]:
    """The days on which something begins."""
    return sorted({one.starts_at.astimezone(zone).date() for one in entries})
