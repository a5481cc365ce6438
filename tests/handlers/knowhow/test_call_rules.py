"""When those who follow a call are told of its deadline."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from handlers.knowhow.calls.rules import LEADS, days_left, overdue, told_at

ROME = ZoneInfo("Europe/Rome")
DEADLINE = datetime(2018, 4, 10, 23, 59, tzinfo=ROME).astimezone(UTC)


def test_told_at_nine_in_the_morning_on_both_sides_of_summer_time() -> None:
    assert told_at(DEADLINE, 2, ROME) == datetime(2018, 4, 8, 7, 0, tzinfo=UTC)
    assert told_at(DEADLINE, 30, ROME) == datetime(2018, 3, 11, 8, 0, tzinfo=UTC), "before the clocks went forward"


def test_each_lead_comes_due_once() -> None:
    assert overdue(DEADLINE, [], told_at(DEADLINE, 30, ROME) - timedelta(seconds=1), ROME) == []
    assert overdue(DEADLINE, [], told_at(DEADLINE, 30, ROME), ROME) == [30]
    assert overdue(DEADLINE, [30], told_at(DEADLINE, 14, ROME) - timedelta(seconds=1), ROME) == []
    assert overdue(DEADLINE, [30], told_at(DEADLINE, 14, ROME), ROME) == [14]


def test_after_a_pause_the_nearest_is_first_and_the_earlier_ones_are_settled_with_it() -> None:
    assert overdue(DEADLINE, [], told_at(DEADLINE, 7, ROME), ROME) == [7, 14, 30]
    assert overdue(DEADLINE, [7], told_at(DEADLINE, 7, ROME), ROME) == [], "no earlier one after a nearer one"


def test_nothing_once_the_deadline_has_passed() -> None:
    assert overdue(DEADLINE, [], DEADLINE, ROME) == []
    assert overdue(DEADLINE, [30], DEADLINE + timedelta(days=1), ROME) == []


@given(st.integers(0, 60 * 24 * 60))
def test_however_the_ticks_fall_each_lead_is_told_at_most_once(minutes: int) -> None:
    told: list[int] = []
    done: set[int] = set()
    now = DEADLINE - timedelta(days=45)
    step = timedelta(minutes=minutes + 1)
    while now < DEADLINE + step:
        past = overdue(DEADLINE, done, now, ROME)
        told += past[:1]
        done.update(past)
        now += max(step, timedelta(hours=1))
    assert len(told) == len(set(told))
    assert told == sorted(told, reverse=True)
    assert set(told) <= set(LEADS)


def test_days_left_are_counted_by_the_calendar() -> None:
    assert days_left(DEADLINE, datetime(2018, 4, 8, 22, 1, tzinfo=UTC), ROME) == 1
    assert days_left(DEADLINE, datetime(2018, 4, 10, 20, 0, tzinfo=UTC), ROME) == 0
