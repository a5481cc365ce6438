"""A delegate's programme: now, next, tomorrow, and the calendar file."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from handlers.missions.rules import instant_of
from storage.enums import ApplicationStatus, ComponentKind, PlaceStatus
from storage.models import ProgrammeItem
from tests.handlers.events.town import Somebody, Town
from tests.handlers.missions.delegation import b2b, delegate, mission, part

ZONE = "Asia/Jerusalem"


async def line(town: Town, number: int, component: int | None, title: str, starts: str, ends: str) -> None:
    async with town.database.writing() as session:
        session.add(
            ProgrammeItem(
                mission_id=number,
                component_id=component,
                title_it=title,
                title_en=title,
                place="Jaffa",
                starts_at=instant_of(starts, ZONE),
                ends_at=instant_of(ends, ZONE),
            )
        )


@pytest.fixture
async def journey(town: Town, anna: Somebody, bruno: Somebody, lead: Somebody) -> int:
    """A mission with lines for all, for a part of Anna's and for one that is not hers; a meeting at 09:30."""
    number = await mission(town)
    tables = await b2b(town, number)
    visit = await part(
        town, number, ComponentKind.VISIT, title="Visit", starts="2018-05-17T10:00", ends="2018-05-17T12:00"
    )
    dinner = await part(
        town, number, ComponentKind.DINNER, title="Dinner", starts="2018-05-16T20:00", ends="2018-05-16T22:00"
    )
    await line(town, number, None, "Welcome", "2018-05-14T09:30", "2018-05-14T10:30")
    await line(town, number, tables, "B2B morning", "2018-05-15T09:30", "2018-05-15T12:20")
    await line(town, number, dinner, "Coach to dinner", "2018-05-16T19:30", "2018-05-16T20:00")
    await delegate(town, number, anna, [tables, visit])
    await delegate(town, number, bruno, [tables])
    await lead.says("meet")
    await lead.submits({"one": str(anna.id), "other": str(bruno.id), "topic": "Sensors"})
    return number


async def test_before_the_journey_the_next_thing_is_shown(anna: Somebody, journey: int) -> None:
    await anna.says("programma")
    assert "Times are local: Jerusalem." in anna.words
    assert "Next, in 41 days" in anna.words
    assert "Monday 14 May" in anna.words
    assert "09:30–10:30 Welcome · Jaffa" in anna.words


async def test_now_and_next_on_the_day(town: Town, anna: Somebody, journey: int) -> None:
    town.clock.to(instant_of("2018-05-15T09:35", ZONE))
    await anna.says("programme")
    now, _, rest = anna.words.partition("Today:")
    assert "09:30–12:20 B2B morning" in now
    assert "09:30–09:50 Meeting with Bruno Socio · table 1, Hall · not confirmed yet" in now
    assert "Tuesday 15 May" in rest
    assert "Coach" not in anna.words


async def test_the_whole_holds_what_is_theirs_and_nothing_else(anna: Somebody, journey: int) -> None:
    await anna.presses(f"mission.agenda:{journey}:all")
    assert "Welcome" in anna.words
    assert "10:00–12:00 Visit" in anna.words  # a part without lines of its own stands for itself
    assert "dinner" not in anna.words.lower()
    await anna.presses(anna.action("Mon 14 May"))
    assert "Welcome" in anna.words
    assert "B2B morning" not in anna.words
    await anna.presses(f"mission.agenda:{journey}:20180516")
    assert "the day is yours" in anna.words


async def test_today_and_tomorrow_are_those_of_the_place(town: Town, anna: Somebody, journey: int) -> None:
    town.clock.to(datetime(2018, 5, 14, 21, 30, tzinfo=UTC))  # half past midnight in Tel Aviv
    await anna.presses(f"mission.agenda:{journey}:today")
    assert "Tuesday 15 May" in anna.words
    await anna.presses(f"mission.agenda:{journey}:tomorrow")
    assert "Wednesday 16 May" in anna.words


@pytest.mark.parametrize("view", ["", "20189999", "yesterday", "'; drop"])
async def test_a_day_that_is_none_is_answered_in_words(anna: Somebody, journey: int, view: str) -> None:
    await anna.presses(f"mission.agenda:{journey}:{view}")
    assert "not part of the programme" in anna.words


async def test_after_the_journey(town: Town, anna: Somebody, journey: int) -> None:
    town.clock.to(instant_of("2018-05-17T23:00", ZONE))
    await anna.says("programme")
    assert "all behind you" in anna.words
    town.clock.to(instant_of("2018-05-20T09:00", ZONE))
    await anna.says("programme")
    assert "not a delegate" in anna.words


async def test_the_calendar_file(town: Town, anna: Somebody, journey: int) -> None:
    await anna.presses(f"mission.calendar:{journey}")
    (file,) = anna.screens[0].files
    assert file.name.endswith(".ics")
    whole = Calendar.from_ical(file.content)
    events = {str(one["summary"]): one for one in whole.walk("VEVENT")}
    assert set(events) == {"MIXiii", "Welcome", "B2B morning", "Visit", "Meeting with Bruno Socio"}
    journey_entry, meeting = events["MIXiii"], events["Meeting with Bruno Socio"]
    assert str(journey_entry.decoded("dtstart")) == "2018-05-14"
    assert str(journey_entry.decoded("dtend")) == "2018-05-18"
    assert meeting.decoded("dtstart") == instant_of("2018-05-15T09:30", ZONE)
    assert (meeting["status"], meeting["sequence"]) == ("TENTATIVE", 1)
    assert len(meeting.walk("VALARM")) == 1
    assert len({str(one["uid"]) for one in events.values()}) == 5
    await anna.presses(f"mission.calendar:{journey}")
    again = Calendar.from_ical(anna.screens[0].files[0].content)
    assert {str(one["uid"]) for one in again.walk("VEVENT")} == {str(one["uid"]) for one in events.values()}


async def test_only_delegates_have_a_programme(town: Town, lead: Somebody, outsider: Somebody, journey: int) -> None:
    carla = await town.person("Carla Member")
    tables = 1
    await delegate(town, journey, carla, [tables], status=ApplicationStatus.RESERVE, place=PlaceStatus.ASKED)
    for who in (carla, lead):
        await who.says("programme")
        assert "not a delegate" in who.words
        for action in (f"mission.agenda:{journey}", f"mission.calendar:{journey}"):
            await who.presses(action)
            assert "not among its delegates" in who.words
    await outsider.presses(f"mission.agenda:{journey}")
    assert "Welcome" not in outsider.words
