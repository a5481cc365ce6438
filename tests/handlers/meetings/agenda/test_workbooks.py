"""A problem written as a workbook is the same problem when it is read."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings.agenda.problem import Person, Problem, Request, Rules, Slot, Table, faults
from handlers.meetings.agenda.sheets import read_sheets
from handlers.meetings.agenda.workbooks import write_problem_workbook
from handlers.sheets.cells import plain
from handlers.sheets.faults import InputError
from tests.handlers.meetings.agenda.made_up import problems

ROME = ZoneInfo("Europe/Rome")
words = st.text("abcxyzàéłß0189'&<>()._/", min_size=1, max_size=6).filter(lambda text: text not in ("_", "."))


def stated(problem: Problem) -> Problem:
    """The problem without what sheets do not state: labels, seconds, the difference of nothing and everything."""
    people = tuple(
        replace(
            person,
            blocks=tuple(
                replace(
                    block,
                    start=block.start.replace(second=0, microsecond=0),
                    end=block.start.replace(second=0, microsecond=0) + timedelta(minutes=30),
                    label="",
                )
                for block in person.blocks
            ),
        )
        for person in problem.people
    )
    slots = tuple(
        replace(
            slot,
            start=slot.start and slot.start.replace(second=0, microsecond=0),
            end=slot.start and slot.start.replace(second=0, microsecond=0) + timedelta(minutes=25),
        )
        for slot in problem.slots
    )
    order = [request.id for request in problem.requests]
    return replace(
        problem,
        people=people,
        slots=slots,
        tables=tuple(replace(table, slots=table.slots or None) for table in problem.tables),
        requests=tuple(
            replace(request, slots=request.slots or None, sessions=request.sessions or None)
            for request in problem.requests
        ),
        # They stand with the request that comes after.
        precedences=tuple(sorted(problem.precedences, key=lambda one: order.index(one.after))),
        rules=Rules(),
    )


def no_hour_is_left_out_or_doubled(problem: Problem) -> bool:
    """Wall time says what is meant, except in the nights when the clocks change."""
    moments = [moment for slot in problem.slots for moment in (slot.start, slot.end) if moment]
    moments += [moment for person in problem.people for block in person.blocks for moment in (block.start, block.end)]
    local = [moment.astimezone(ROME) for moment in moments]
    return all(one.replace(fold=0).utcoffset() == one.replace(fold=1).utcoffset() for one in local)


@given(problems(words, words.map(plain)).map(stated))
def test_a_workbook_comes_back_as_it_was(problem: Problem) -> None:
    sessions = {slot.session for slot in problem.slots if slot.session}
    if len({plain(session) for session in sessions}) < len(sessions) or not no_hour_is_left_out_or_doubled(problem):
        return
    assert faults(problem) == []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "fair.xlsx"
        write_problem_workbook(problem, path, zone=ROME)
        found = read_sheets(path, zone=ROME)
    assert [str(fault) for fault in found.faults] == []
    assert found.problem == problem


def test_equal_problems_are_equal_files(tmp_path: Path) -> None:
    problem = Problem(
        slots=(Slot(id="t1"),),
        people=(Person(id="a"), Person(id="b")),
        tables=(Table(id="1"),),
        requests=(Request(id="m", participants=("a", "b")),),
    )
    write_problem_workbook(problem, tmp_path / "one.xlsx", zone=ROME)
    write_problem_workbook(problem, tmp_path / "two.xlsx", zone=ROME)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_what_sheets_cannot_state_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    problem = Problem(
        slots=(Slot(id="t;1"),),
        people=(Person(id="a", name="=1+1"), Person(id="b")),
        tables=(Table(id="1", slots=frozenset()),),
        requests=(Request(id="-", participants=("a", "b"), slots=frozenset()),),
        rules=Rules(hold_all=True),
    )
    with pytest.raises(InputError) as refused:
        write_problem_workbook(problem, tmp_path / "fair.xlsx", zone=ROME)
    assert [fault.column for fault in refused.value.faults] == [
        "rules",
        "person a",
        "slot t;1",
        "table 1",
        "request -",
        "request -",
    ]
    assert not (tmp_path / "fair.xlsx").exists()
