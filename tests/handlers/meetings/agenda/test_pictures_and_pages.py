"""Pictures and printed pages: equal for equal agendas, with every name on them, whatever the name."""

import re
import zlib
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from handlers.conversation.texts import Texts, texts_for
from handlers.meetings.agenda.agenda import Agenda, Meeting, NotHeld, Reason, ReasonKind, Status
from handlers.meetings.agenda.drawing import picture
from handlers.meetings.agenda.printing import pages
from handlers.meetings.agenda.problem import Person, Problem, Request, Slot, State, Table
from storage.enums import Locale

pytest.importorskip("matplotlib")
pytest.importorskip("fpdf")

ENGLISH, ITALIAN = texts_for(Locale.ENGLISH), texts_for(Locale.ITALIAN)
START = datetime(2018, 4, 10, 9, tzinfo=UTC)
HOSTILE = "$x^2$ <b>&\\frac"


def fair(people: int = 4, slots: int = 3, *, days: int = 1) -> Problem:
    """Everyone wants to meet their neighbour; the last table is closed in the first slot."""
    made = tuple(
        Slot(id=f"t{number}", start=start, end=start + timedelta(minutes=25))
        for number in range(slots * days)
        for start in (START + timedelta(days=number // slots, minutes=30 * (number % slots)),)
    )
    return Problem(
        slots=made,
        people=tuple(
            Person(id=f"p{number}", name=f"Niccolò Łukasz {number}", organisation="Ospedale dei Navigli")
            for number in range(people)
        ),
        tables=(Table(id="1"), Table(id="Sala Brera", slots=frozenset(slot.id for slot in made[1:]))),
        requests=tuple(
            Request(
                id=f"m{number}",
                participants=(f"p{number}", f"p{(number + 1) % people}"),
                state=State.CONFIRMED if number == 0 else State.REQUESTED,
                fixed="t0" if number == 0 else None,
            )
            for number in range(people)
        ),
    )


def agenda_of(problem: Problem) -> Agenda:
    """The first request of each slot at the first table, the rest not held."""
    meetings = tuple(
        Meeting(id=request.id, slot=slot.id, table="1")
        for request, slot in zip(problem.requests, problem.slots, strict=False)
    )
    held = {one.id for one in meetings}
    reason = Reason(kind=ReasonKind.NOT_FOUND)
    return Agenda(
        status=Status.FEASIBLE,
        meetings=meetings,
        not_held=tuple(NotHeld(id=one.id, reason=reason) for one in problem.requests if one.id not in held),
    )


def page_count(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def drawn_glyphs(pdf: bytes) -> int:
    """How much text the pages show, in bytes of glyph codes."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    shown = 0
    for stream in streams:
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            continue
        shown += sum(len(one) for one in re.findall(rb"\((.*?)\) ?Tj", content, re.DOTALL))
    return shown


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_equal_agendas_give_equal_pictures(kind: str) -> None:
    problem = fair()
    first = picture(problem, agenda_of(problem), kind=kind, t=ENGLISH)
    assert first == picture(problem, agenda_of(problem), kind=kind, t=ENGLISH)
    assert first != picture(problem, agenda_of(problem), kind=kind, t=ITALIAN)


def test_a_picture_is_as_large_as_its_fair() -> None:
    def size(problem: Problem) -> tuple[int, int]:
        png = picture(problem, agenda_of(problem), kind="png", t=ENGLISH)
        assert png.startswith(b"\x89PNG")
        return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")

    small, large = size(fair(slots=8)), size(fair(slots=12, days=2))
    assert large[0] > 2 * small[0]
    assert large[0] * large[1] <= 60_000_000


def test_names_are_drawn_as_they_are() -> None:
    problem = fair()
    people = (Person(id="p0", name=HOSTILE), *problem.people[1:])
    renamed = Problem(slots=problem.slots, people=people, tables=problem.tables, requests=problem.requests)
    svg = picture(renamed, agenda_of(renamed), kind="svg", t=ENGLISH)
    ET.fromstring(svg.decode())
    assert svg != picture(problem, agenda_of(problem), kind="svg", t=ENGLISH)
    assert pages(renamed, agenda_of(renamed), ENGLISH).startswith(b"%PDF")


def test_a_problem_without_times_is_drawn_too() -> None:
    problem = Problem(
        slots=(Slot(id="1", session="morning"), Slot(id="2", session="afternoon")),
        people=(Person(id="1"), Person(id="2")),
        tables=(Table(id="1"),),
        requests=(Request(id="1", participants=("1", "2")),),
    )
    agenda = Agenda(status=Status.FEASIBLE, meetings=(Meeting(id="1", slot="2", table="1"),))
    assert picture(problem, agenda, kind="svg", t=ITALIAN).startswith(b"<?xml")
    assert page_count(pages(problem, agenda, ITALIAN)) == 3


def test_one_page_for_each_person_and_table(caplog: pytest.LogCaptureFixture) -> None:
    problem = fair(people=6)
    agenda = agenda_of(problem)
    everything = pages(problem, agenda, ITALIAN)
    assert page_count(everything) == 6 + 1
    assert page_count(pages(problem, agenda, ITALIAN, tables=False)) == 6
    assert page_count(pages(problem, agenda, ITALIAN, people=False)) == 1
    assert everything == pages(problem, agenda, ITALIAN)
    assert not [record for record in caplog.records if "missing" in record.getMessage()]


def many_meetings(count: int, t: Texts) -> bytes:
    problem = fair(people=2, slots=count)
    requests = tuple(Request(id=f"m{number}", participants=("p0", "p1")) for number in range(count))
    problem = Problem(slots=problem.slots, people=problem.people, tables=problem.tables, requests=requests)
    return pages(problem, agenda_of(problem), t, tables=False)


def test_a_full_day_fits_on_one_page_and_an_endless_one_goes_on() -> None:
    assert page_count(many_meetings(24, ITALIAN)) == 2
    assert page_count(many_meetings(32, ITALIAN)) == 2
    long = many_meetings(120, ITALIAN)
    assert page_count(long) > 4
    assert drawn_glyphs(long) > 4 * drawn_glyphs(many_meetings(24, ITALIAN))


def test_words_without_end_are_broken() -> None:
    problem = fair()
    people = tuple(Person(id=person.id, name="Supercalifragili" * 20) for person in problem.people)
    endless = Problem(slots=problem.slots, people=people, tables=problem.tables, requests=problem.requests)
    assert page_count(pages(endless, agenda_of(endless), ENGLISH, tables=False)) >= 4
    assert picture(endless, agenda_of(endless), kind="png", t=ENGLISH)
