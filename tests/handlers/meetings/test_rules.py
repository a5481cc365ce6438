"""What holds for meetings."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.meetings.rules import (
    ARROWS,
    ArrowError,
    FreeTime,
    NoTime,
    SlotTime,
    Span,
    check_arrow,
    free_times,
    grid,
    is_over,
    overlaps,
    reminder_due,
    status_after,
    without_overlaps,
)
from storage.enums import LIVE_MEETINGS, MeetingStatus, PartyAnswer

NINE = datetime(2018, 5, 15, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def span(start: int, end: int) -> Span:
    """Minutes after nine."""
    return NINE + start * MINUTE, NINE + end * MINUTE


SLOTS = [SlotTime(1, span(0, 20)), SlotTime(2, span(30, 50)), SlotTime(3, span(60, 80))]


def free(
    *,
    now: int = -60,
    busy: list[Span] | None = None,
    tables: tuple[int, ...] = (7, 8),
    taken: dict[int, list[Span]] | None = None,
) -> list[FreeTime] | NoTime:
    return free_times(SLOTS, now=NINE + now * MINUTE, busy=busy or [], tables=tables, tables_busy=taken or {})


def test_every_state_has_its_arrows_and_what_is_over_has_none() -> None:
    assert set(ARROWS) == set(MeetingStatus)
    assert {status for status in MeetingStatus if not is_over(status)} == LIVE_MEETINGS


@pytest.mark.parametrize("status", sorted(LIVE_MEETINGS))
def test_every_live_meeting_can_be_called_off(status: MeetingStatus) -> None:
    check_arrow(status, MeetingStatus.CANCELLED)


@pytest.mark.parametrize(
    ("was", "became"),
    [
        (MeetingStatus.PROPOSED, MeetingStatus.CONFIRMED),
        (MeetingStatus.SCHEDULED, MeetingStatus.HELD),
        (MeetingStatus.CONFIRMED, MeetingStatus.SCHEDULED),
        (MeetingStatus.CONFIRMED, MeetingStatus.EXPIRED),
        (MeetingStatus.CANCELLED, MeetingStatus.SCHEDULED),
        (MeetingStatus.HELD, MeetingStatus.NOT_HELD),
    ],
)
def test_where_no_arrow_leads(was: MeetingStatus, became: MeetingStatus) -> None:
    with pytest.raises(ArrowError):
        check_arrow(was, became)


def test_confirmed_takes_two() -> None:
    yes, pending = PartyAnswer.YES, PartyAnswer.PENDING
    assert status_after((yes, pending)) is MeetingStatus.SCHEDULED
    assert status_after((yes, yes)) is MeetingStatus.CONFIRMED


def test_the_first_free_slot_and_the_first_free_table() -> None:
    assert free() == [FreeTime(slot, 7) for slot in SLOTS]
    assert free(busy=[span(10, 15)], taken={7: [span(30, 50)]}) == [FreeTime(SLOTS[1], 8), FreeTime(SLOTS[2], 7)]


def test_a_slot_that_has_begun_is_not_offered() -> None:
    assert free(now=0) == [FreeTime(SLOTS[1], 7), FreeTime(SLOTS[2], 7)]


def test_why_there_is_none() -> None:
    assert free(now=60) is NoTime.NO_SLOTS
    assert free(busy=[span(0, 80)]) is NoTime.NO_COMMON_SLOT
    assert free(tables=()) is NoTime.NO_TABLE
    assert free(busy=[span(0, 50)], tables=(7,), taken={7: [span(70, 90)]}) is NoTime.NO_TABLE


def test_what_touches_does_not_overlap() -> None:
    assert not overlaps(span(0, 20), span(20, 40))
    assert overlaps(span(0, 20), span(19, 40))
    assert overlaps(span(0, 60), span(10, 20))


@pytest.mark.parametrize(
    ("minutes_before", "timed_before", "expected"),
    [
        (61, 600, None),
        (60, 600, 60),
        (11, 600, 60),
        (10, 600, 10),
        (1, 600, 10),
        (0, 600, None),
        (30, 45, None),  # arranged 45 minutes before: everybody has just been told
        (10, 45, 10),
        (5, 8, None),
    ],
)
def test_which_reminder_is_due(minutes_before: int, timed_before: int, expected: int | None) -> None:
    due = reminder_due(NINE, NINE - timed_before * MINUTE, NINE - minutes_before * MINUTE)
    assert due == (None if expected is None else expected * MINUTE)


def test_a_grid_holds_whole_slots_only() -> None:
    found = grid(NINE, NINE + 85 * MINUTE, length=20 * MINUTE, pause=10 * MINUTE)
    assert found == [span(0, 20), span(30, 50), span(60, 80)]
    assert grid(NINE, NINE + 19 * MINUTE, length=20 * MINUTE, pause=MINUTE) == []


def test_new_slots_leave_the_old_ones_alone() -> None:
    assert without_overlaps([span(0, 20), span(20, 40), span(40, 60)], [span(30, 35)]) == [span(0, 20), span(40, 60)]
