"""Calendar files (RFC 5545) of programmes and meetings: times in UTC, so every calendar agrees on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from handlers.conversation.screen import File

MIME = "text/calendar"
PRODUCT = "-//community-bot//missions//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One entry. ``uid`` stays the same for ever; a higher ``sequence`` replaces a lower one."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str = ""
    details: str = ""
    confirmed: bool = True
    cancelled: bool = False
    alarm: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllDayEntry:
    """An entry that fills days without taking up their time; ``last_day`` is part of it."""

    uid: str
    first_day: date
    last_day: date
    title: str
    place: str = ""


def calendar_file(name: str, entries: Sequence[CalendarEntry | AllDayEntry], *, stamp: datetime) -> File:
    """The entries for somebody's own calendar. ``name`` is the file's, without its ending; ``stamp`` is now."""
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    for entry in entries:
        match entry:
            case CalendarEntry():
                whole.add_component(_timed(entry, stamp))
            case AllDayEntry():
                whole.add_component(_all_day(entry, stamp))
    return File(f"{name}.ics", MIME, whole.to_ical())


def _timed(entry: CalendarEntry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.title)
    for name, value in (("location", entry.place), ("description", entry.details)):
        if value:
            event.add(name, value)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED" if entry.confirmed else "TENTATIVE")
    if entry.alarm is not None and not entry.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", -entry.alarm)
        event.add_component(alarm)
    return event


def _all_day(entry: AllDayEntry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", 0)
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.first_day)
    # The end of an all-day entry is the first day that is not part of it (RFC 5545, 3.6.1).
    event.add("dtend", entry.last_day + timedelta(days=1))
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    event.add("transp", "TRANSPARENT")
    return event
