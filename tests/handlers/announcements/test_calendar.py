"""The sending window and public holidays; what goes with a text; what the table of results may hold."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.announcements.calendar import Closed, closure, country_of, holiday, instant_of, last_open, next_open
from handlers.announcements.exporting import sheet
from handlers.announcements.extras import Extras, LinkButton, is_web_address
from handlers.announcements.rules import (
    CHASE_PAUSE,
    MOST_CHASES,
    Fatigue,
    Reason,
    fatigue_of,
    may_approve,
    may_chase,
    needs_approval,
    reason_of,
)
from handlers.conversation.context import AnnouncementPolicy
from handlers.conversation.screen import File, FileReference
from handlers.conversation.texts import texts_for
from handlers.sheets.writing import SheetForm, harmless
from storage.enums import Locale, OutboxState, Platform
from storage.queries.outbox_results import ResultRow

ROME = ZoneInfo("Europe/Rome")
POLICY = AnnouncementPolicy()
ALWAYS = AnnouncementPolicy(opens=time(0), closes=time(0), spares_holidays=False)
MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def at(wall: str) -> datetime:
    return instant_of(wall, "Europe/Rome")


@pytest.mark.parametrize(
    ("wall", "why"),
    [
        ("2018-04-03T09:00", None),
        ("2018-04-03T08:00", None),
        ("2018-04-03T07:59", Closed.HOUR),
        ("2018-04-03T20:00", Closed.HOUR),
        ("2018-04-08T10:00", Closed.SUNDAY),
        ("2018-04-25T10:00", Closed.HOLIDAY),
        ("2018-12-25T10:00", Closed.HOLIDAY),
        ("2018-04-07T10:00", None),
    ],
)
def test_when_nothing_goes_out(wall: str, why: Closed | None) -> None:
    found = closure(at(wall), POLICY, ROME, ["IT"])
    assert (found.why if found else None) is why
    assert closure(at(wall), ALWAYS, ROME, ["IT"]) is None


def test_the_countries_own_days() -> None:
    assert (country_of("Asia/Jerusalem"), country_of("Europe/Rome"), country_of("UTC")) == ("IL", "IT", "")
    assert holiday(date(2018, 4, 25), "IT", Locale.ITALIAN) == "Anniversario della Liberazione"
    assert holiday(date(2018, 4, 25), "IT", Locale.ENGLISH) == "Liberation Day"
    assert holiday(date(2018, 4, 19), "IL")
    assert not holiday(date(2018, 4, 19), "IT")
    assert not holiday(date(2018, 4, 25), "XX")
    assert not holiday(date(2018, 4, 25), "")


@given(MOMENTS)
def test_the_next_open_moment_is_open_and_not_before(moment: datetime) -> None:
    found = next_open(moment, POLICY, ROME, ["IT"])
    assert found >= moment
    assert closure(found, POLICY, ROME, ["IT"]) is None
    assert next_open(found, POLICY, ROME, ["IT"]) == found
    assert found - moment < timedelta(days=6)


@given(MOMENTS)
def test_the_last_open_moment_is_open_and_not_after(moment: datetime) -> None:
    found = last_open(moment, POLICY, ROME, ["IT"])
    assert found <= moment
    assert closure(found, POLICY, ROME, ["IT"]) is None


def test_no_window_is_every_moment() -> None:
    night = at("2018-04-08T03:00")
    assert next_open(night, ALWAYS, ROME, ["IT"]) == night
    assert last_open(night, ALWAYS, ROME, ["IT"]) == night


# What goes with a text


def test_what_goes_with_a_text_is_kept_whole() -> None:
    file = File("sede.png", "image/png", reference=FileReference("telegram", "1", "abc"))
    extras = Extras(file, file, (LinkButton("https://example.org", "Leggi", ""),))
    assert Extras.from_json(extras.to_json()) == extras
    assert Extras.from_json({}) == Extras()
    assert not Extras()
    assert extras.without_link(0).links == ()
    assert extras.links[0].label(Locale.ENGLISH) == "Leggi"
    with pytest.raises(ValueError, match="a platform keeps"):
        Extras(File("x", "y", b"z")).to_json()


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://localhost/x", False),
        ("https://user@evil.example.org", False),
        ("https://exa mple.org", False),
        ("//example.org", False),
        ("https://example.org/" + "x" * 600, False),
        ("http://[::1", False),
    ],
)
def test_web_addresses(url: str, good: bool) -> None:
    assert is_web_address(url) is good


# Rules


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Forbidden: bot was blocked by the user", Reason.BLOCKED),
        ("Forbidden: user is deactivated", Reason.BLOCKED),
        ("Chat not found", Reason.NOT_FOUND),
        ("chat.postMessage: channel_not_found: no such conversation", Reason.NOT_FOUND),
        ("chat.postMessage: user_disabled: the person is deactivated", Reason.BLOCKED),
        ("cannot be drawn", Reason.OTHER),
        ("", Reason.OTHER),
    ],
)
def test_reasons(words: str, reason: Reason) -> None:
    assert reason_of(words) is reason


def test_the_second_person() -> None:
    assert not needs_approval(500, above=0)
    assert not needs_approval(100, above=100)
    assert needs_approval(101, above=100)
    assert not needs_approval(150, above=100, approved_for=150)
    assert needs_approval(151, above=100, approved_for=150)
    assert not may_approve(1, author_id=1, asked_by_id=2)
    assert not may_approve(2, author_id=1, asked_by_id=2)
    assert may_approve(3, author_id=1, asked_by_id=None)


def test_reminders_are_few_and_far_between() -> None:
    now = datetime(2018, 4, 3, 7, tzinfo=UTC)
    assert may_chase(0, None, now)
    assert not may_chase(1, now - timedelta(hours=1), now)
    assert may_chase(1, now - CHASE_PAUSE, now)
    assert not may_chase(MOST_CHASES, now - timedelta(days=9), now)


def test_tired_people() -> None:
    assert fatigue_of(0, (0, 0), (0, 0)) == Fatigue()
    found = fatigue_of(10, (31, 5), (60, 9))
    assert (found.week, found.week_most, found.tired) == (3.1, 5, True)
    assert not fatigue_of(10, (30, 5), (80, 9)).tired


# The table


@given(st.text(max_size=30))
def test_no_cell_begins_a_formula(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(text).removeprefix("'") == text.removeprefix("'") or harmless(text) == text


@pytest.mark.parametrize("form", list(SheetForm))
def test_both_files_hold_every_row(form: SheetForm) -> None:
    rows = [
        ResultRow("+39 02 1234", "@home", Platform.WEB, OutboxState.FAILED, "=1+1", None, None),
        ResultRow("", "", Platform.SLACK, OutboxState.SENT, "", datetime(2018, 4, 3, 7, tzinfo=UTC), None),
    ]
    file = sheet(rows, form, name="risultati-7", zone=ROME, t=texts_for(Locale.ITALIAN))
    assert file.name == f"risultati-7.{form}"
    assert file.content.startswith(b"\xef\xbb\xbf" if form is SheetForm.CSV else b"PK")
    if form is SheetForm.CSV:
        text = file.content.decode("utf-8-sig")
        assert "'+39 02 1234,'@home,Chat sul web,Non riuscito,'=1+1" in text
        assert "2018-04-03 09:00:00" in text
