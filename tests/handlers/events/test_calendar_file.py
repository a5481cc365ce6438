"""The calendar file, read back as a calendar reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Alarm, Calendar, Event

from handlers.conversation.context import Community
from handlers.events.calendar_file import calendar_file
from handlers.events.rules import instant_of
from storage.enums import EventStatus, Locale
from storage.models import CommunityEvent

STAMP = datetime(2018, 4, 3, 9, 0, tzinfo=UTC)
COMMUNITY = Community("Cluster", contact="office@cluster.example")


def event(starts: str, ends: str, zone: str, **changes: object) -> CommunityEvent:
    values: dict[str, object] = {
        "uid": "5f0c8a1e-0000-4000-8000-000000000012",
        "sequence": 3,
        "title": "Caffè, dati; e \\ sicurezza",
        "description": "Riga uno\nRiga due",
        "place": "Aula Golgi, Pavia",
        "link": "https://cluster.example/a",
        "zone": zone,
        "starts_wall": starts,
        "ends_wall": ends,
        "starts_at": instant_of(starts, zone),
        "ends_at": instant_of(ends, zone),
        "language": Locale.ITALIAN,
        "status": EventStatus.PUBLISHED,
        "created_at": STAMP,
        **changes,
    }
    return CommunityEvent(**values)


def read(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    (entry,) = calendar.events
    return calendar, entry


def test_the_entry_says_what_the_event_is() -> None:
    file = calendar_file(
        event("2018-05-15T08:00", "2018-05-15T09:00", "Asia/Jerusalem"), COMMUNITY, reminders=[120, 1440], stamp=STAMP
    )
    assert (file.name, file.mime) == ("caffe-dati-e-sicurezza.ics", "text/calendar")
    calendar, entry = read(file.content)
    assert calendar["method"] == "PUBLISH"
    assert entry["uid"] == "5f0c8a1e-0000-4000-8000-000000000012"
    assert entry["sequence"] == 3
    assert entry["status"] == "CONFIRMED"
    assert entry["summary"] == "Caffè, dati; e \\ sicurezza"
    assert entry["description"] == "Riga uno\nRiga due"
    assert entry["url"] == "https://cluster.example/a"
    assert str(entry["organizer"]) == "mailto:office@cluster.example"
    assert entry["dtstart"].params["TZID"] == "Asia/Jerusalem"
    assert entry.start == datetime(2018, 5, 15, 5, 0, tzinfo=UTC)
    assert entry.end == datetime(2018, 5, 15, 6, 0, tzinfo=UTC)
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Asia/Jerusalem"]
    alarms = [one for one in entry.walk("VALARM") if isinstance(one, Alarm)]
    assert [alarm.TRIGGER for alarm in alarms] == [timedelta(minutes=-1440), timedelta(minutes=-120)]


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("2018-03-25T01:30", "2018-03-25T03:30"), ("2018-10-28T01:30", "2018-10-28T03:30")],
)
def test_it_is_right_on_the_days_on_which_the_clocks_change(starts: str, ends: str) -> None:
    source = event(starts, ends, "Europe/Rome")
    _, entry = read(calendar_file(source, COMMUNITY, reminders=[], stamp=STAMP).content)
    assert (entry.start, entry.end) == (source.starts_at, source.ends_at)


def test_a_cancelled_event_takes_its_entry_back() -> None:
    source = event("2018-04-19T17:30", "2018-04-19T19:30", "Europe/Rome", status=EventStatus.CANCELLED, sequence=4)
    _, entry = read(calendar_file(source, COMMUNITY, reminders=[120], stamp=STAMP).content)
    assert (entry["status"], entry["sequence"]) == ("CANCELLED", 4)
    assert entry.walk("VALARM") == []


def test_universal_time_needs_no_rules() -> None:
    source = event("2018-04-19T17:30", "2018-04-19T19:30", "UTC", link="", place="", description="", title="!!!")
    file = calendar_file(source, Community("Cluster"), reminders=[], stamp=STAMP)
    assert file.name == "event.ics"
    calendar, entry = read(file.content)
    assert calendar.timezones == []
    assert entry.start == source.starts_at
    assert not {"url", "location", "description", "organizer"} & set(entry)
