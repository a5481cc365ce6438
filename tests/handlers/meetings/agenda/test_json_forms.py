"""The JSON forms: exact both ways, and every slip named by its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings.agenda.agenda import Agenda, Change
from handlers.meetings.agenda.json_agenda import read_agenda, write_agenda
from handlers.meetings.agenda.json_changes import read_changes, write_changes
from handlers.meetings.agenda.json_problem import read_problem, write_problem
from handlers.meetings.agenda.problem import Problem, faults
from handlers.sheets.faults import InputError
from tests.handlers.meetings.agenda.made_up import agendas, changes, problems


@given(problems())
def test_a_problem_comes_back_as_it_was(problem: Problem) -> None:
    assert faults(problem) == []
    assert read_problem(write_problem(problem)) == problem


@given(agendas)
def test_an_agenda_comes_back_as_it_was(agenda: Agenda) -> None:
    assert read_agenda(write_agenda(agenda)) == agenda


@given(st.lists(changes, min_size=1, max_size=4).map(tuple))
def test_changes_come_back_as_they_were(given_changes: tuple[Change, ...]) -> None:
    assert read_changes(write_changes(given_changes)) == given_changes


SMALL: dict[str, Any] = {
    "format": "agenda-problem",
    "version": 1,
    "slots": [{"id": "t1"}, {"id": "t2"}],
    "people": [{"id": "anna"}, {"id": "noa"}],
    "tables": [{"id": 1}],
    "requests": [{"id": "m1", "participants": ["anna", "noa"]}, {"id": "m2", "participants": ["anna", "noa"]}],
}


def complaints(**changed: object) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_problem(json.dumps({**SMALL, **changed}), source="fair.json")
    return [str(fault) for fault in refused.value.faults]


def test_defaults_may_be_left_out_and_numbers_are_ids() -> None:
    problem = read_problem(json.dumps(SMALL))
    assert problem.tables[0].id == "1"
    assert problem.requests[0].slots is None
    assert problem.people[0].unavailable == frozenset()


def test_a_person_twice_in_a_request() -> None:
    twice = [{"id": "m1", "participants": ["anna", "anna"]}]
    assert complaints(requests=twice) == ["fair.json, requests[0].participants: 'anna' is in it twice"]


def test_a_slot_that_does_not_exist() -> None:
    lost = [{"id": "m1", "participants": ["anna", "noa"], "fixed": "t9"}]
    assert complaints(requests=lost) == ["fair.json, requests[0].fixed: there is no slot 't9'"]


def test_a_circle_of_precedences_is_named() -> None:
    circle = [{"before": "m1", "after": "m2"}, {"before": "m2", "after": "m1"}]
    (complaint,) = complaints(precedences=circle)
    assert complaint.startswith("fair.json, precedences[")
    assert "m1 before m2 before m1" in complaint or "m2 before m1 before m2" in complaint


def test_a_key_with_a_slip_is_no_silent_rule() -> None:
    slip = [{"id": "m1", "participants": ["anna", "noa"], "prefered": ["t1"]}]
    assert complaints(requests=slip) == ["fair.json, requests[0].prefered: this key is not known here"]


def test_all_that_is_wrong_is_named_at_once() -> None:
    found = complaints(
        people=[{"id": "anna", "buffer_minutes": "ten"}, {"id": "noa", "unavailable": "t1"}],
        tables=[{"id": True}],
        requests=["m1"],
        rules={"hold_all": 1, "breaks": "some"},
    )
    assert found == [
        "fair.json, people[0].buffer_minutes: it is not a whole number",
        "fair.json, people[1].unavailable: it is not a list",
        "fair.json, tables[0].id: it is not an id: text or a whole number",
        "fair.json, requests[0]: it is not an object in braces",
        "fair.json, rules.hold_all: it is not true or false",
        "fair.json, rules.breaks: 'some' is none of every-slot, waiting",
    ]


def test_times_need_their_offset() -> None:
    (complaint, *_) = complaints(slots=[{"id": "t1", "start": "2018-04-10T09:00", "end": "2018-04-10T09:25+02:00"}])
    assert complaint.startswith("fair.json, slots[0].start: it is not a time with its offset")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "fair.json: the file is empty"),
        ("  \n", "fair.json: the file is empty"),
        ("[]", "fair.json: not an object in braces"),
        ('{\n"slots": [,]}', "fair.json, row 2: not JSON"),
        ('{"slots": [], "slots": []}', "fair.json: not JSON: the key 'slots' comes twice"),
        ('{"version": NaN}', "fair.json: not JSON: NaN is not a number"),
        ('{"format": "agenda"}', "fair.json, format: it is 'agenda', not 'agenda-problem'"),
        ('{"version": 2}', "fair.json, version: it is 2; this release reads version 1"),
        ("[" * 100_000, "fair.json: not JSON"),
    ],
)
def test_what_is_no_problem_at_all(text: str, complaint: str) -> None:
    with pytest.raises(InputError) as refused:
        read_problem(text, source="fair.json")
    assert str(refused.value.faults[0]).startswith(complaint)


def test_an_empty_problem_is_refused() -> None:
    found = complaints(slots=[], requests=[], people=[], tables=[])
    assert [one.split(":")[0] for one in found] == [
        "fair.json, slots",
        "fair.json, people",
        "fair.json, tables",
        "fair.json, requests",
    ]


def test_an_agenda_of_others_needs_only_its_meetings() -> None:
    agenda = read_agenda('{"meetings": [{"id": 1, "slot": 2, "table": 3}]}')
    assert [(one.id, one.slot, one.table) for one in agenda.meetings] == [("1", "2", "3")]
    with pytest.raises(InputError, match="meetings: it is missing"):
        read_agenda("{}")


def test_ids_are_numbers_where_the_file_has_numbers() -> None:
    agenda = read_agenda(
        '{"meetings": [{"id": 1, "slot": 2, "table": 3}], "not_held": [{"id": 2, "reason": "not-found"}]}'
    )
    written = json.loads(write_agenda(agenda, numbered=True))
    assert written["meetings"] == [{"id": 1, "slot": 2, "table": 3}]
    assert written["not_held"][0]["id"] == 2
    assert {"status", "held", "held_bound", "breaks", "breaks_bound", "fairness", "seconds"} <= set(written)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "holiday"}, "changes[0].kind: 'holiday' is none of person-cancels"),
        ({"kind": "person-cancels"}, "changes[0].person: it is missing"),
        ({"kind": "person-arrives-late", "person": "a"}, "changes[0]: it takes either until_slot or until_time"),
        (
            {"kind": "person-arrives-late", "person": "a", "until_slot": "t1", "until_time": "2018-04-10T09:00Z"},
            "changes[0]: it takes either until_slot or until_time",
        ),
        ({"kind": "table-lost", "table": "1", "slot": "t1"}, "changes[0].slot: this key is not known here"),
    ],
)
def test_changes_that_cannot_be_read(change: dict[str, str], complaint: str) -> None:
    with pytest.raises(InputError) as refused:
        read_changes(json.dumps({"changes": [change]}), source="change.json")
    assert str(refused.value.faults[0]).startswith(f"change.json, {complaint}")


def test_no_change_is_no_change() -> None:
    with pytest.raises(InputError, match="there are none"):
        read_changes('{"changes": []}')
