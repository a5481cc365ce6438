"""The examples and the forms in the documentation are what the program reads and writes."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.meetings.agenda.changing import changed
from handlers.meetings.agenda.checker import check
from handlers.meetings.agenda.json_agenda import read_agenda, write_agenda
from handlers.meetings.agenda.json_changes import read_changes
from handlers.meetings.agenda.json_problem import read_problem, write_problem
from handlers.meetings.agenda.sheets import read_sheets

ROOT = Path(__file__).parents[4]
EXAMPLE = ROOT / "docs" / "examples" / "agenda"
DOCUMENTATION = (ROOT / "docs" / "agenda.md").read_text(encoding="utf-8")


def example(name: str) -> str:
    return (EXAMPLE / name).read_text(encoding="utf-8")


def test_the_sheets_and_the_json_are_one_fair() -> None:
    found = read_sheets(EXAMPLE, zone=ZoneInfo("Europe/Rome"))
    assert found.problem is not None, found.faults
    assert found.problem == read_problem(example("fair.json"))
    assert write_problem(found.problem) == example("fair.json")


def test_the_agenda_keeps_every_rule() -> None:
    agenda = read_agenda(example("agenda.json"))
    assert check(read_problem(example("fair.json")), agenda) == []
    assert agenda.not_held, "an example without a missing request explains nothing"
    assert write_agenda(agenda) == example("agenda.json")


def test_the_change_fits_the_fair() -> None:
    after = changed(read_problem(example("fair.json")), read_changes(example("change.json")))
    assert [request.id for request in after.requests][-1] == "m25"


def test_the_forms_in_the_documentation_can_be_read() -> None:
    problem, changes = re.findall(r"```json\n(.*?)```", DOCUMENTATION, re.DOTALL)
    assert len(read_problem(problem).requests) == 2
    known = read_changes(changes)
    assert len({type(change) for change in known}) == 6
    assert len(changed(read_problem(example("fair.json")), known).requests) == 23


def test_the_documentation_names_every_file_of_the_example() -> None:
    for path in EXAMPLE.iterdir():
        named = path.name if path.suffix == ".csv" else f"(examples/agenda/{path.name})"
        assert named in DOCUMENTATION, path.name
