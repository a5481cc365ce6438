"""What holds for missions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.missions.rules import (
    Applying,
    Closed,
    Entry,
    applying,
    days_of,
    end_of_day,
    in_order,
    instant_of,
    now_and_next,
    objectives,
    on_day,
    place_for,
    reminder_is_news,
    why_closed,
    zone_named,
)
from storage.enums import ApplicationStatus, MissionStatus, PlaceStatus

DEADLINE = datetime(2018, 4, 20, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
JERUSALEM = ZoneInfo("Asia/Jerusalem")


@pytest.mark.parametrize(
    ("status", "now", "expected"),
    [
        (MissionStatus.OPEN, DEADLINE - MINUTE, None),
        (MissionStatus.OPEN, DEADLINE, Closed.TOO_LATE),
        (MissionStatus.DRAFT, DEADLINE - MINUTE, Closed.NOT_OPEN),
        (MissionStatus.CLOSED, DEADLINE - MINUTE, Closed.CLOSED),
        (MissionStatus.CANCELLED, DEADLINE - MINUTE, Closed.CANCELLED),
    ],
)
def test_until_when_one_can_apply(status: MissionStatus, now: datetime, expected: Closed | None) -> None:
    assert why_closed(status, DEADLINE, now) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (None, Applying.NEW),
        (ApplicationStatus.WITHDRAWN, Applying.NEW),
        (ApplicationStatus.WAITING, Applying.EDIT),
        (ApplicationStatus.RESERVE, Applying.EDIT),
        (ApplicationStatus.ACCEPTED, Applying.ACCEPTED_ALREADY),
        (ApplicationStatus.DECLINED, Applying.DECIDED),
    ],
)
def test_applying_again(before: ApplicationStatus | None, expected: Applying) -> None:
    assert applying(before) is expected


@pytest.mark.parametrize(
    ("seats", "confirmed", "waiting", "expected"),
    [
        (0, 500, 0, PlaceStatus.CONFIRMED),
        (20, 19, 0, PlaceStatus.CONFIRMED),
        (20, 20, 0, PlaceStatus.WAITING),
        (20, 19, 1, PlaceStatus.WAITING),  # the free place belongs to who waits
    ],
)
def test_who_gets_a_place(seats: int, confirmed: int, waiting: int, expected: PlaceStatus) -> None:
    assert place_for(seats, confirmed=confirmed, waiting=waiting) is expected


def test_objectives_are_lines_without_marks() -> None:
    assert objectives("- one\n\n  • two  \n") == ["one", "two"]


def test_a_mission_opened_within_the_last_days_is_not_reminded_of() -> None:
    assert reminder_is_news(DEADLINE, DEADLINE - timedelta(days=3))
    assert not reminder_is_news(DEADLINE, DEADLINE - timedelta(days=2))
    assert reminder_is_news(DEADLINE, None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Tel Aviv", "Asia/Jerusalem"),
        ("tel-aviv", "Asia/Jerusalem"),
        ("Israele", "Asia/Jerusalem"),
        ("europe/rome", "Europe/Rome"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_zones_by_name(typed: str, expected: str | None) -> None:
    assert zone_named(typed) == expected


def test_wall_time_is_in_the_mission_zone() -> None:
    assert instant_of("2018-05-14T09:00", "Asia/Jerusalem") == datetime(2018, 5, 14, 6, tzinfo=UTC)
    assert end_of_day(date(2018, 5, 17), "Asia/Jerusalem") == datetime(2018, 5, 17, 21, tzinfo=UTC)


def entry(uid: str, starts: str, ends: str) -> Entry:
    return Entry(
        uid=uid,
        starts_at=instant_of(starts, "Asia/Jerusalem"),
        ends_at=instant_of(ends, "Asia/Jerusalem"),
        title_en=uid,
    )


BLOCK = entry("block", "2018-05-15T09:30", "2018-05-15T12:00")
MEETING = entry("meeting", "2018-05-15T09:30", "2018-05-15T09:50")
LATER = entry("later", "2018-05-15T10:00", "2018-05-15T10:20")
NIGHT = entry("night", "2018-05-16T23:00", "2018-05-17T01:00")
ALL = [NIGHT, LATER, MEETING, BLOCK]


def test_the_longer_comes_before_what_happens_in_it() -> None:
    assert [one.uid for one in in_order(ALL)] == ["block", "meeting", "later", "night"]


def test_now_and_next() -> None:
    shown = now_and_next(ALL, instant_of("2018-05-15T09:40", "Asia/Jerusalem"))
    assert [one.uid for one in shown.now] == ["block", "meeting"]
    assert [one.uid for one in shown.next] == ["later"]
    before = now_and_next(ALL, instant_of("2018-05-01T09:00", "Asia/Jerusalem"))
    assert (before.now, [one.uid for one in before.next]) == ([], ["block", "meeting"])
    after = now_and_next(ALL, instant_of("2018-05-20T09:00", "Asia/Jerusalem"))
    assert (after.now, after.next) == ([], [])


def test_a_day_holds_what_goes_on_from_the_day_before() -> None:
    assert [one.uid for one in on_day(ALL, date(2018, 5, 17), JERUSALEM)] == ["night"]
    assert days_of(ALL, JERUSALEM) == [date(2018, 5, 15), date(2018, 5, 16)]
