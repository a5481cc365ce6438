"""When the next digest comes: every zone, both changes of the clock, every frequency."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.digests.rules import EARLIEST_HOUR, LATEST_HOUR, next_digest, period_key, rescheduled, worth_sending
from storage.enums import DigestFrequency

ROME = ZoneInfo("Europe/Rome")
WANTED = [one for one in DigestFrequency if one is not DigestFrequency.OFF]
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)

moments = st.datetimes(datetime(2000, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
zones = st.sampled_from(ZONES).map(ZoneInfo)
frequencies = st.sampled_from(WANTED)
weekdays = st.integers(0, 6)
hours = st.integers(EARLIEST_HOUR, LATEST_HOUR)

LONGEST = {
    DigestFrequency.DAILY: timedelta(days=2, hours=2),
    DigestFrequency.WEEKLY: timedelta(days=8, hours=2),
    DigestFrequency.MONTHLY: timedelta(days=36, hours=2),
}
SHORTEST = {
    DigestFrequency.DAILY: timedelta(hours=22),
    DigestFrequency.WEEKLY: timedelta(days=5, hours=22),
    DigestFrequency.MONTHLY: timedelta(days=26, hours=22),
}


@settings(max_examples=250, deadline=None)
@given(moments, frequencies, weekdays, hours, zones)
@example(datetime(2011, 12, 29, 20, tzinfo=UTC), DigestFrequency.DAILY, 0, 8, ZoneInfo("Pacific/Apia"))
@example(datetime(2011, 12, 23, 20, tzinfo=UTC), DigestFrequency.WEEKLY, 4, 8, ZoneInfo("Pacific/Apia"))
def test_it_is_later_at_that_hour_on_that_day_and_never_far(
    after: datetime, frequency: DigestFrequency, weekday: int, hour: int, zone: ZoneInfo
) -> None:
    found = next_digest(after, frequency, weekday, hour, zone)
    assert found is not None
    assert found > after
    assert found - after <= LONGEST[frequency]
    local = found.astimezone(zone)
    # The hour exists on that person's clock, and it is the first time that the clock shows it.
    assert local.fold == 0
    was_left_out = (local.hour, local.minute) != (hour, 0)
    if was_left_out:
        before = (found - timedelta(hours=25)).astimezone(zone)
        assert before.utcoffset() != local.utcoffset(), "moved although the clock did not change"
    elif frequency is not DigestFrequency.DAILY and zone.key != "Pacific/Apia":
        assert local.weekday() == weekday
    if frequency is DigestFrequency.MONTHLY and not was_left_out:
        assert local.day <= 8


@settings(max_examples=150, deadline=None)
@given(moments, frequencies, weekdays, hours, zones)
def test_one_follows_the_other_once_a_period(
    after: datetime, frequency: DigestFrequency, weekday: int, hour: int, zone: ZoneInfo
) -> None:
    first = next_digest(after, frequency, weekday, hour, zone)
    assert first is not None
    second = next_digest(first, frequency, weekday, hour, zone)
    assert second is not None
    assert SHORTEST[frequency] <= second - first <= LONGEST[frequency]
    # Whenever between two digests one asks, the answer is the second.
    for part in (timedelta(seconds=1), (second - first) / 2, second - first - timedelta(seconds=1)):
        assert next_digest(first + part, frequency, weekday, hour, zone) == second


@pytest.mark.parametrize(
    ("after", "frequency", "weekday", "hour", "expected"),
    [
        # Tuesday 3 April 2018, 09:00 in Rome.
        ("2018-04-03T07:00", DigestFrequency.DAILY, 0, 8, "2018-04-04T06:00"),
        ("2018-04-03T05:59", DigestFrequency.DAILY, 0, 8, "2018-04-03T06:00"),
        ("2018-04-03T06:00", DigestFrequency.DAILY, 0, 8, "2018-04-04T06:00"),
        ("2018-04-03T07:00", DigestFrequency.WEEKLY, 0, 8, "2018-04-09T06:00"),
        ("2018-04-03T07:00", DigestFrequency.WEEKLY, 1, 9, "2018-04-10T07:00"),
        ("2018-04-03T07:00", DigestFrequency.MONTHLY, 3, 17, "2018-04-05T15:00"),
        ("2018-04-05T15:00", DigestFrequency.MONTHLY, 3, 17, "2018-05-03T15:00"),
        # Summer time begins on 25 March and ends on 28 October 2018: eight is eight before and after.
        ("2018-03-24T07:00", DigestFrequency.DAILY, 0, 8, "2018-03-25T06:00"),
        ("2018-10-27T06:00", DigestFrequency.DAILY, 0, 8, "2018-10-28T07:00"),
        ("2018-03-19T07:00", DigestFrequency.WEEKLY, 0, 8, "2018-03-26T06:00"),
        ("2018-10-22T06:00", DigestFrequency.WEEKLY, 0, 8, "2018-10-29T07:00"),
    ],
)
def test_in_rome(after: str, frequency: DigestFrequency, weekday: int, hour: int, expected: str) -> None:
    start = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_digest(start, frequency, weekday, hour, ROME) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_an_hour_that_the_clock_leaves_out_or_repeats_is_used_once() -> None:
    # Not within the hours that people may choose, but whoever moved zones may meet it elsewhere.
    left_out = next_digest(datetime(2018, 3, 24, 12, tzinfo=UTC), DigestFrequency.DAILY, 0, 2, ROME)
    assert left_out == datetime(2018, 3, 25, 1, tzinfo=UTC)  # 03:00, where the clock goes on
    repeated = next_digest(datetime(2018, 10, 27, 12, tzinfo=UTC), DigestFrequency.DAILY, 0, 2, ROME)
    assert repeated == datetime(2018, 10, 28, 0, tzinfo=UTC)
    assert next_digest(repeated, DigestFrequency.DAILY, 0, 2, ROME) == datetime(2018, 10, 29, 1, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_brings_one_digest_and_not_two() -> None:
    apia = ZoneInfo("Pacific/Apia")  # there was no 30 December 2011
    seen = [datetime(2011, 12, 28, 0, tzinfo=UTC)]
    for _ in range(4):
        following = next_digest(seen[-1], DigestFrequency.DAILY, 0, 8, apia)
        assert following is not None
        seen.append(following)
    days = [one.astimezone(apia).date().isoformat() for one in seen[1:]]
    assert days == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]


def test_none_when_off_and_a_moment_needs_a_zone() -> None:
    assert next_digest(datetime(2018, 4, 3, tzinfo=UTC), DigestFrequency.OFF, 0, 8, ROME) is None
    with pytest.raises(ValueError, match="zone"):
        next_digest(datetime(2018, 4, 3), DigestFrequency.DAILY, 0, 8, ROME)  # noqa: DTZ001 - what is refused


def test_a_change_right_after_a_digest_brings_no_second_one_in_the_same_period() -> None:
    monday = datetime(2018, 4, 9, 6, tzinfo=UTC)
    an_hour_later = monday + timedelta(minutes=30)
    moved = rescheduled(an_hour_later, monday, DigestFrequency.WEEKLY, 0, 9, ROME)
    assert moved == datetime(2018, 4, 16, 7, tzinfo=UTC)
    assert rescheduled(an_hour_later, None, DigestFrequency.WEEKLY, 0, 9, ROME) == datetime(2018, 4, 9, 7, tzinfo=UTC)
    assert rescheduled(an_hour_later, monday, DigestFrequency.DAILY, 0, 8, ROME) == datetime(2018, 4, 10, 6, tzinfo=UTC)
    assert rescheduled(an_hour_later, monday, DigestFrequency.OFF, 0, 8, ROME) is None


def test_a_deadline_alone_is_worth_a_digest_only_when_it_passes_before_the_next() -> None:
    now = datetime(2018, 4, 9, 6, tzinfo=UTC)
    week = now + timedelta(days=7)
    assert worth_sending(is_new=True, deadlines=[], until=week)
    assert not worth_sending(is_new=False, deadlines=[], until=week)
    assert worth_sending(is_new=False, deadlines=[None, now + timedelta(days=3)], until=week)
    assert not worth_sending(is_new=False, deadlines=[None, now + timedelta(days=8)], until=week)
    assert not worth_sending(is_new=False, deadlines=[now + timedelta(days=1)], until=None)


def test_the_key_of_a_period_fits_the_outbox() -> None:
    key = period_key(2**62, datetime(2018, 4, 9, 6, tzinfo=UTC))
    assert key.endswith(":2018-04-09T06:00Z")
    assert len(key) <= 80
