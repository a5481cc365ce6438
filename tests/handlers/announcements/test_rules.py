"""Languages, flaws, totals, pausing and the time left; segments as values and as JSON."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.announcements.rules import (
    Flaw,
    Substitution,
    Totals,
    Wording,
    flaws,
    is_finished,
    language_for,
    pauses_itself,
    status_now,
    substitutions,
    time_left,
    totals,
    written,
)
from storage.audience import MOST_MARKS, Facet, Mark, Segment, SegmentError
from storage.enums import AnnouncementStatus, Locale, OutboxState

IT, EN = Locale.ITALIAN, Locale.ENGLISH
WHOLE = Wording("Titolo", "Testo")
EMPTY = Wording()
START = datetime(2018, 4, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("italian", "english", "fallback", "expected"),
    [
        (WHOLE, WHOLE, IT, {}),
        (WHOLE, EMPTY, IT, {}),
        (EMPTY, WHOLE, EN, {}),
        (EMPTY, EMPTY, EN, {"title_en": Flaw.NOTHING, "text_en": Flaw.NOTHING}),
        (WHOLE, EMPTY, EN, {"fallback": Flaw.FALLBACK_EMPTY}),
        (WHOLE, Wording("Title", "  "), IT, {"text_en": Flaw.NO_TEXT}),
        (Wording("", "Testo"), WHOLE, EN, {"title_it": Flaw.NO_TITLE}),
    ],
)
def test_at_least_one_language_is_whole_and_none_is_half(
    italian: Wording, english: Wording, fallback: Locale, expected: dict[str, Flaw]
) -> None:
    assert flaws({IT: italian, EN: english}, fallback) == expected


def test_readers_without_their_language_get_the_declared_one() -> None:
    only_italian = {IT: WHOLE, EN: EMPTY}
    assert language_for(only_italian, IT, EN) is IT
    assert language_for({IT: WHOLE, EN: WHOLE}, IT, EN) is EN
    assert written(only_italian) == [IT]
    assert substitutions(only_italian, IT, {IT: 140, EN: 3}) == [Substitution(EN, IT, 3)]
    assert substitutions(only_italian, IT, {IT: 140, EN: 0}) == []
    assert substitutions({IT: WHOLE, EN: WHOLE}, IT, {IT: 140, EN: 3}) == []


def test_totals_leave_nobody_out() -> None:
    counts = {state: number for number, state in enumerate(OutboxState, 1)}
    result = totals(counts)
    assert result.all == sum(counts.values())
    assert result.settled + result.waiting == result.all
    assert result.in_flight == counts[OutboxState.SENDING]
    assert result.not_reached == result.failed + result.uncertain + result.cancelled


def test_it_is_done_when_nothing_waits() -> None:
    assert status_now(AnnouncementStatus.SENDING, Totals(sent=3)) is AnnouncementStatus.DONE
    assert status_now(AnnouncementStatus.SENDING, Totals(sent=3, waiting=1)) is AnnouncementStatus.SENDING
    assert status_now(AnnouncementStatus.PAUSED, Totals(sent=3)) is AnnouncementStatus.DONE
    assert status_now(AnnouncementStatus.STOPPED, Totals(sent=3)) is AnnouncementStatus.STOPPED
    assert is_finished(AnnouncementStatus.STOPPED, Totals(sent=3, cancelled=9))
    assert not is_finished(AnnouncementStatus.STOPPED, Totals(waiting=1))
    assert not is_finished(AnnouncementStatus.SENDING, Totals())


def test_it_pauses_by_itself_when_twenty_of_the_last_twentyfive_fail() -> None:
    failed, sent = OutboxState.FAILED, OutboxState.SENT
    assert pauses_itself([failed] * 20 + [sent] * 5)
    assert pauses_itself([failed] * 20)
    assert not pauses_itself([failed] * 19 + [sent] * 6)
    assert not pauses_itself([sent] * 6 + [failed] * 100)
    assert not pauses_itself([])


def test_the_time_left_follows_the_pace_and_is_not_guessed() -> None:
    ten_later = START + timedelta(seconds=10)
    assert time_left(300, 101, START, ten_later) == timedelta(seconds=30)
    assert time_left(300, 1, START, START) is None
    assert time_left(300, 5, START, START + timedelta(seconds=1)) is None
    assert time_left(300, 0, None, None) is None


def test_a_segment_survives_the_way_to_json_and_back() -> None:
    segment = Segment().marked(Facet.SECTOR, "3", Mark.IN).marked(Facet.GROUP, "staff", Mark.OUT)
    assert Segment.from_json(segment.to_json()) == segment
    assert segment.values(Facet.SECTOR, Mark.IN) == ["3"]
    assert segment.mark(Facet.GROUP, "staff") is Mark.OUT
    assert segment.mark(Facet.GROUP, "guests") is Mark.OFF
    assert segment.marked(Facet.SECTOR, "3", Mark.OUT).values(Facet.SECTOR, Mark.IN) == []
    cleared = segment.marked(Facet.SECTOR, "3", Mark.OFF).marked(Facet.GROUP, "staff", Mark.OFF)
    assert cleared == Segment()
    assert cleared.to_json() == {}


@pytest.mark.parametrize(
    ("facet", "value"),
    [(Facet.GROUP, "everyone"), (Facet.SECTOR, "pharma"), (Facet.EVENT, "-1"), (Facet.LANGUAGE, "fr"),
     (Facet.MISSION, "9" * 19), (Facet.SECTOR, "٣"), (Facet.PLATFORM, "")],
)  # fmt: skip
def test_a_value_that_a_facet_does_not_have_is_refused(facet: Facet, value: str) -> None:
    with pytest.raises(SegmentError):
        Segment().marked(facet, value, Mark.IN)


@pytest.mark.parametrize(
    "data",
    [{"marks": [["sector", "1"]]}, {"marks": [["colour", "1", "in"]]}, {"marks": [["sector", "1", "off"]]},
     {"marks": None}, {"sector": "pharma"}, {"marks": [["group", "staff", "perhaps"]]}],
)  # fmt: skip
def test_damaged_json_is_not_read_as_everybody(data: dict[str, object]) -> None:
    with pytest.raises(SegmentError):
        Segment.from_json(data)


def test_a_segment_has_an_end() -> None:
    segment = Segment()
    for number in range(MOST_MARKS):
        segment = segment.marked(Facet.EVENT, str(number), Mark.IN)
    with pytest.raises(SegmentError):
        segment.marked(Facet.EVENT, "999", Mark.IN)
