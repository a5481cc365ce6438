"""The calendar file of an event (RFC 5545): the same UID for ever, a higher SEQUENCE with every change."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress

from handlers.conversation.answers import fold
from handlers.conversation.context import Community
from handlers.conversation.screen import File
from storage.enums import EventStatus
from storage.models import CommunityEvent

PRODUCT = "-//community-bot//events//EN"
MIME = "text/calendar"
NAME_LENGTH = 60
"""Characters of the file's name: whole on a phone."""


def calendar_file(event: CommunityEvent, community: Community, *, reminders: Collection[int], stamp: datetime) -> File:
    """The event for somebody's own calendar.

    Times carry the event's zone with its VTIMEZONE, so a calendar shows them rightly on both sides of a change of the
    clocks. A cancelled event has STATUS:CANCELLED and no alarms: opened, the file takes the entry back.

    Args:
        event: what to put in.
        community: named as the organiser where its contact is a mail address (RFC 5546 asks PUBLISH for one).
        reminders: minutes before the start, one alarm each.
        stamp: when the file is made.
    """
    cancelled = event.status is EventStatus.CANCELLED
    zone = ZoneInfo(event.zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", stamp)
    entry.add("created", event.created_at)
    entry.add("dtstart", starts)
    entry.add("dtend", ends)
    entry.add("summary", event.title)
    for name, value in (("description", event.description), ("location", event.place), ("url", event.link)):
        if value:
            entry.add(name, value)
    if "@" in community.contact:
        organiser = vCalAddress(f"mailto:{community.contact}")
        organiser.params["CN"] = community.name
        entry.add("organizer", organiser)
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    for minutes in () if cancelled else sorted(reminders, reverse=True):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", timedelta(minutes=-minutes))
        entry.add_component(alarm)
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add_component(entry)
    # The years around are enough: the entry needs the rules of its own days only.
    whole.add_missing_timezones(first_date=date(starts.year - 1, 1, 1), last_date=date(ends.year + 1, 12, 31))
    return File(f"{_file_name(event.title)}.ics", MIME, whole.to_ical())


def _file_name(title: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    return words[:NAME_LENGTH].strip("-") or "event"
