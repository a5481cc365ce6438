"""Quiet hours on any clock: over midnight, over weekends, and on the two days that have no 24 hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.quiet_hours import QuietHours, quiet_until

ROME = ZoneInfo("Europe/Rome")
ZONES = ("Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
         "America/St_Johns", "Asia/Jerusalem", "UTC")  # fmt: skip
NIGHT = QuietHours()

minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60)))
hours = st.builds(QuietHours, minutes, minutes, st.frozensets(st.integers(0, 6)), st.booleans())
moments = st.datetimes(datetime(2010, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
    lambda moment: moment.replace(microsecond=0)
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


def at(wall: str, zone: ZoneInfo = ROME) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC)


@given(moments, hours, zones)
def test_quiet_ends_once_and_for_all(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> None:
    until = quiet_until(moment, quiet, zone)
    if until is None:
        return
    assert until > moment
    assert quiet_until(until, quiet, zone) is None, "what is held until then goes then"
    assert quiet_until(until - timedelta(seconds=1), quiet, zone) == until
    assert until - moment <= timedelta(days=4)


@given(moments, hours)
def test_where_no_clock_is_changed_it_is_what_the_clock_says(moment: datetime, quiet: QuietHours) -> None:
    zone = ZoneInfo("Asia/Kolkata")  # UTC+5:30 all these years
    local = moment.astimezone(zone)
    wall, today, yesterday = local.time(), local.weekday(), (local.weekday() - 1) % 7
    if quiet.start < quiet.end:
        night = today in quiet.days and quiet.start <= wall < quiet.end
    elif quiet.start > quiet.end:
        night = (today in quiet.days and wall >= quiet.start) or (yesterday in quiet.days and wall < quiet.end)
    else:
        night = False
    assert (quiet_until(moment, quiet, zone) is not None) == (night or (quiet.weekends and today >= 5))


@given(moments, hours, zones)
def test_it_ends_at_an_hour_that_was_chosen(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> None:
    until = quiet_until(moment, quiet, zone)
    if until is None:
        return
    local = until.astimezone(zone)
    ends = {quiet.end} | ({time()} if quiet.weekends else set())
    # Where the clock leaves that hour out, it goes on later: then the wall time before the jump is the one chosen.
    before = (until - timedelta(hours=3)).astimezone(zone).utcoffset()
    jumped = local.utcoffset() != before
    assert local.time() in ends or jumped


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2018-04-03T20:59", None),
        ("2018-04-03T21:00", "2018-04-04T07:30"),
        ("2018-04-03T23:59", "2018-04-04T07:30"),
        ("2018-04-04T00:00", "2018-04-04T07:30"),
        ("2018-04-04T07:29", "2018-04-04T07:30"),
        ("2018-04-04T07:30", None),
        ("2018-03-24T22:00", "2018-03-25T07:30"),  # nine and a half hours: the clocks go forward
        ("2018-10-27T22:00", "2018-10-28T07:30"),  # eleven and a half
    ],
)
def test_a_night_in_rome(moment: str, until: str | None) -> None:
    assert quiet_until(at(moment), NIGHT, ROME) == (at(until) if until else None)


def test_the_nights_around_the_changes_of_the_clock_have_their_own_length() -> None:
    spring, autumn = (quiet_until(at(day), NIGHT, ROME) for day in ("2018-03-24T21:00", "2018-10-27T21:00"))
    assert spring is not None
    assert autumn is not None
    assert spring - at("2018-03-24T21:00") == timedelta(hours=9, minutes=30)
    assert autumn - at("2018-10-27T21:00") == timedelta(hours=11, minutes=30)


def test_an_end_that_the_clock_leaves_out_comes_when_it_goes_on() -> None:
    quiet = QuietHours(time(22), time(2, 30))
    assert quiet_until(at("2018-03-25T00:00"), quiet, ROME) == datetime(2018, 3, 25, 1, 30, tzinfo=UTC)


def test_an_end_that_comes_twice_is_the_first() -> None:
    quiet = QuietHours(time(22), time(2, 30))
    assert quiet_until(at("2018-10-28T00:00"), quiet, ROME) == datetime(2018, 10, 28, 0, 30, tzinfo=UTC)
    assert quiet_until(datetime(2018, 10, 28, 1, 10, tzinfo=UTC), quiet, ROME) is None, "2:10 for the second time"


def test_a_quiet_weekend_joins_the_nights_beside_it() -> None:
    quiet = QuietHours(weekends=True)
    monday = at("2018-04-09T07:30")
    for moment in ("2018-04-06T21:00", "2018-04-07T12:00", "2018-04-08T20:00", "2018-04-09T07:00"):
        assert quiet_until(at(moment), quiet, ROME) == monday
    assert quiet_until(at("2018-04-06T20:59"), quiet, ROME) is None


def test_only_the_evenings_that_were_chosen() -> None:
    quiet = QuietHours(days=frozenset({0}))  # Monday
    assert quiet_until(at("2018-04-02T22:00"), quiet, ROME) == at("2018-04-03T07:30")
    assert quiet_until(at("2018-04-03T06:00"), quiet, ROME) == at("2018-04-03T07:30")
    assert quiet_until(at("2018-04-03T22:00"), quiet, ROME) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        quiet_until(datetime(2018, 4, 3, 22), NIGHT, ROME)  # noqa: DTZ001 - what is refused
