"""Pure decisions about events."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.events.rules import (
    Closed,
    Details,
    Fault,
    NoSuchTimeError,
    changed_fields,
    decide,
    faults,
    free_places,
    instant_of,
    is_news,
    is_web_address,
    overdue,
    why_closed,
)
from storage.enums import Answer, EventStatus, Locale

NOW = datetime(2018, 4, 3, 9, 0, tzinfo=UTC)


def details(**changes: object) -> Details:
    values: dict[str, object] = {
        "title": "Laboratorio",
        "description": "",
        "place": "Pavia",
        "link": "",
        "zone": "Europe/Rome",
        "starts_wall": "2018-04-19T17:30",
        "ends_wall": "2018-04-19T19:30",
        "capacity": 0,
        "language": Locale.ITALIAN,
        **changes,
    }
    return Details(**values)  # type: ignore[arg-type]  # literal test data


@pytest.mark.parametrize(
    ("asked", "before", "going", "waiting", "capacity", "expected"),
    [
        (Answer.GOING, None, 0, 0, 0, Answer.GOING),
        (Answer.GOING, None, 19, 0, 20, Answer.GOING),
        (Answer.GOING, None, 20, 0, 20, Answer.WAITING),
        (Answer.GOING, Answer.MAYBE, 20, 0, 20, Answer.WAITING),
        (Answer.GOING, Answer.GOING, 20, 0, 20, Answer.GOING),
        (Answer.GOING, Answer.WAITING, 20, 3, 20, Answer.WAITING),
        # A place that is free but has somebody waiting for it is theirs.
        (Answer.GOING, None, 19, 1, 20, Answer.WAITING),
        (Answer.WAITING, None, 5, 0, 20, Answer.GOING),
        (Answer.WAITING, Answer.GOING, 5, 0, 20, Answer.GOING),
        (Answer.MAYBE, Answer.GOING, 20, 0, 20, Answer.MAYBE),
        (Answer.CANT, Answer.WAITING, 20, 1, 20, Answer.CANT),
    ],
)
def test_what_becomes_of_an_answer(
    asked: Answer, before: Answer | None, going: int, waiting: int, capacity: int, expected: Answer
) -> None:
    assert decide(asked, before, going=going, waiting=waiting, capacity=capacity) is expected


@given(
    capacity=st.integers(0, 4),
    steps=st.lists(st.tuples(st.integers(0, 7), st.sampled_from(list(Answer))), max_size=60),
)
def test_places_are_never_exceeded_and_never_left_empty_while_somebody_waits(
    capacity: int, steps: Sequence[tuple[int, Answer]]
) -> None:
    answers: dict[int, Answer] = {}
    queue: list[int] = []

    def number(answer: Answer) -> int:
        return sum(one is answer for one in answers.values())

    for person, asked in steps:
        before = answers.get(person)
        now = decide(asked, before, going=number(Answer.GOING), waiting=number(Answer.WAITING), capacity=capacity)
        answers[person] = now
        if before is Answer.WAITING and now is not Answer.WAITING:
            queue.remove(person)
        if now is Answer.WAITING and before is not Answer.WAITING:
            queue.append(person)
        free = free_places(capacity, number(Answer.GOING))
        for moved in queue[: len(queue) if free is None else free]:
            answers[moved] = Answer.GOING
            queue.remove(moved)
        assert capacity == 0 or number(Answer.GOING) <= capacity
        assert not queue or number(Answer.GOING) == capacity


def test_the_same_wall_time_is_another_moment_in_another_zone() -> None:
    assert instant_of("2018-05-15T08:00", "Asia/Jerusalem") == datetime(2018, 5, 15, 5, 0, tzinfo=UTC)
    assert instant_of("2018-05-15T08:00", "Europe/Rome") == datetime(2018, 5, 15, 6, 0, tzinfo=UTC)


def test_where_the_clocks_change() -> None:
    # 25 March 2018, 02:00 → 03:00 in Rome; 28 October 2018, 03:00 → 02:00.
    with pytest.raises(NoSuchTimeError):
        instant_of("2018-03-25T02:30", "Europe/Rome")
    assert instant_of("2018-10-28T02:30", "Europe/Rome") == datetime(2018, 10, 28, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"ends_wall": "2018-04-19T17:30"}, {"ends": Fault.END_BEFORE_START}),
        ({"ends_wall": "2018-04-18T19:30"}, {"ends": Fault.END_BEFORE_START}),
        ({"ends_wall": "2018-05-19T19:30"}, {"ends": Fault.TOO_LONG}),
        ({"starts_wall": "2018-04-03T11:00", "ends_wall": "2018-04-03T12:00"}, {"starts": Fault.START_PAST}),
        # 11:00 in Rome is past, 11:00 in London is still to come.
        ({"starts_wall": "2018-04-03T11:00", "ends_wall": "2018-04-03T12:00", "zone": "Europe/London"}, {}),
        (
            {"starts_wall": "2019-03-31T02:30", "ends_wall": "2019-03-31T04:00"},
            {"starts": Fault.START_IN_GAP},
        ),
        ({"starts_wall": "2019-03-31T01:30", "ends_wall": "2019-03-31T02:30"}, {"ends": Fault.END_IN_GAP}),
        ({"link": "cluster.example"}, {"link": Fault.NOT_A_LINK}),
        ({"link": "https://cluster.example/x"}, {}),
    ],
)
def test_what_is_wrong_with_the_details(changes: dict[str, object], expected: dict[str, Fault]) -> None:
    assert faults(details(**changes), NOW) == expected


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "https://", "https://no dots", "http://[", "tg://x.y", "https://a b.c"]
)
def test_what_is_no_web_address(text: str) -> None:
    assert not is_web_address(text)


def test_what_differs() -> None:
    assert changed_fields(details(), details()) == frozenset()
    assert changed_fields(details(), details(place="Milano", capacity=3)) == {"place", "capacity"}


@pytest.mark.parametrize(
    ("status", "seconds", "expected"),
    [
        (EventStatus.PUBLISHED, 1, None),
        (EventStatus.PUBLISHED, 0, Closed.STARTED),
        (EventStatus.CANCELLED, 1, Closed.CANCELLED),
        (EventStatus.PROPOSED, 1, Closed.NOT_OPEN),
        (EventStatus.DECLINED, 1, Closed.NOT_OPEN),
    ],
)
def test_until_when_answers_are_taken(status: EventStatus, seconds: int, expected: Closed | None) -> None:
    assert why_closed(status, NOW + timedelta(seconds=seconds), NOW) is expected


@pytest.mark.parametrize(
    ("minutes_left", "expected"),
    [(3000, []), (1440, [1440]), (1439, [1440]), (120, [120, 1440]), (1, [120, 1440]), (0, []), (-5, [])],
)
def test_which_reminders_have_come_due(minutes_left: int, expected: list[int]) -> None:
    assert overdue([1440, 120], NOW + timedelta(minutes=minutes_left), NOW) == expected


def test_a_reminder_that_was_due_before_the_move_says_nothing_new() -> None:
    assert is_news(NOW, None)
    assert is_news(NOW, NOW - timedelta(days=1))
    assert not is_news(NOW, NOW + timedelta(minutes=1))
