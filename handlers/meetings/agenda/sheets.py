"""People, requests, slots and tables as a fair exports them: one workbook with a sheet each, or a folder of CSV files.

Nothing is guessed: what is not understood is a fault with its sheet, row and column, all of them are found in one
reading, and there is a problem to plan only when there is none.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.meetings.agenda.problem import Problem, faults
from handlers.meetings.agenda.sheet_columns import COLUMNS, SHEETS, find_columns, part_of
from handlers.meetings.agenda.sheet_notes import Notes
from handlers.meetings.agenda.sheet_people import PeopleRows, TableRows
from handlers.meetings.agenda.sheet_requests import RequestRows
from handlers.meetings.agenda.sheet_slots import SlotRows
from handlers.sheets.cells import Sheet, read_csv, read_workbook
from handlers.sheets.faults import InputError, InputFault

WORKBOOKS = (".xlsx", ".xlsm")
COLUMN_OF = {
    ("people", "buffer_minutes"): "buffer",
    ("people", "blocks"): "unavailable",
    ("requests", "sessions"): "session",
}
"""Where an attribute of the model stands in the sheet when it is called otherwise there."""
MEMBER = re.compile(r"\b(slots|people|tables|requests)\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsFound:
    """What a reading found. ``problem`` is None when there is any fault.

    ``declined`` are ids of requests that are marked as not wished for; they are left out. ``ignored`` names each
    sheet's headers, and sheets, that mean nothing here.
    """

    people: int
    requests: int
    slots: int
    tables: int
    declined: tuple[str, ...]
    ignored: tuple[str, ...]
    faults: tuple[InputFault, ...]
    problem: Problem | None


def read_sheets(path: Path, *, zone: ZoneInfo) -> SheetsFound:
    """Read a workbook or a folder; times without an offset are wall times of ``zone``.

    Raises InputError when a file cannot be read at all, MissingExtra for a workbook without the extra ``sheets``.
    """
    sheets, ignored = _sheets_by_part(path)
    notes = Notes()
    for part in ("slots", "people", "tables", "requests"):
        if part in sheets:
            columns, found = find_columns(sheets[part], part)
            notes.columns[part] = columns
            notes.faults += found
            if columns.ignored:
                ignored.append(f"{sheets[part].source}: {', '.join(columns.ignored)}")
        elif part != "tables":
            names = ", ".join(sorted(SHEETS[part]))
            notes.faults.append(InputFault(what=f"there is no sheet of {part} (called {names})", source=path.name))
    return _read_rows(notes, zone, ignored)


def _sheets_by_part(path: Path) -> tuple[dict[str, Sheet], list[str]]:
    ignored: list[str] = []
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv")
        if not files:
            raise InputError([InputFault(what="the folder holds no CSV file", source=path.name)])
        # A folder may hold other exports as well, which need not be readable.
        sheets = [read_csv(one) for one in files if part_of(one.stem)]
        ignored += [one.name for one in files if not part_of(one.stem)]
    elif path.suffix.lower() in WORKBOOKS:
        sheets = read_workbook(path)
        ignored += [sheet.source for sheet in sheets if not part_of(sheet.name)]
    else:
        what = "not a workbook (.xlsx) nor a folder of CSV files (people.csv, requests.csv, slots.csv)"
        raise InputError([InputFault(what=what, source=path.name)])
    by_part: dict[str, Sheet] = {}
    for sheet in sheets:
        part = part_of(sheet.name)
        if part in by_part:
            what = f"two sheets of {part}: also {by_part[part].source}"
            raise InputError([InputFault(what=what, source=sheet.source)])
        if part is not None:
            by_part[part] = sheet
    return by_part, ignored


def _read_rows(notes: Notes, zone: ZoneInfo, ignored: list[str]) -> SheetsFound:
    slots = SlotRows(notes, zone)
    people = PeopleRows(notes, slots)
    tables = TableRows(notes, slots, people)
    requests = RequestRows(notes, slots, people)
    # In this order, since each names members of those before it.
    for part, reader in (("slots", slots), ("people", people), ("tables", tables), ("requests", requests)):
        columns = notes.columns.get(part)
        if columns is not None:
            _check_header(notes, part)
            for row in columns.sheet.rows:
                reader.read(columns, row)
    problem = Problem(
        slots=tuple(slots.slots),
        people=tuple(people.people),
        tables=(*tables.tables, *slots.count_tables()),
        requests=tuple(requests.requests),
        precedences=tuple(requests.precedences),
    )
    _look_at_the_whole(notes, problem)
    return SheetsFound(
        people=len(problem.people),
        requests=len(problem.requests),
        slots=len(problem.slots),
        tables=len(problem.tables),
        declined=tuple(requests.declined),
        ignored=tuple(ignored),
        faults=tuple(sorted(notes.faults, key=lambda fault: (fault.source, fault.row or 0))),
        problem=None if notes.faults else problem,
    )


def _check_header(notes: Notes, part: str) -> None:
    columns = notes.columns[part]
    at = columns.at
    wanted: list[tuple[bool, str]] = {
        "slots": [("start" not in at or "end" in at, "end"), ("end" not in at or "start" in at, "start")],
        "people": [("id" in at or "name" in at, "name")],
        "tables": [("id" in at, "id")],
        "requests": [("participants" in at or len(columns.people) > 1, "participants")],
    }[part]
    for there, missing in wanted:
        if not there:
            names = ", ".join(sorted(COLUMNS[part][missing]))
            what = f"there is no column {missing} (called {names})"
            notes.faults.append(InputFault(what=what, source=columns.sheet.source, row=columns.sheet.header.number))


def _look_at_the_whole(notes: Notes, problem: Problem) -> None:
    """Add what is wrong with the problem as a whole, in the terms of the sheets, unless a row's reader has said it."""
    absent = {part for part in ("slots", "people", "requests") if part not in notes.columns}
    for fault in faults(problem):
        # Tables may be counted in the slots' sheet, and what comes after what stands with the requests.
        part = {"precedences": "requests", "tables": "tables" if "tables" in notes.columns else "slots"}.get(
            fault.part, fault.part
        )
        if fault.part in absent or part not in notes.columns:
            continue
        columns = notes.columns[part]
        if fault.index is None:
            what = "there are no tables: add a column or a sheet of tables" if fault.part == "tables" else fault.what
            notes.faults.append(InputFault(what=what, source=columns.sheet.source))
            continue
        field = "after" if fault.part == "precedences" else COLUMN_OF.get((part, fault.field), fault.field or "id")
        if field == "id" and "id" not in columns.at:
            field = "name" if part == "people" else ""
        found = columns.fault(notes.rows[fault.part][fault.index], field, _in_rows(fault.what, notes))
        same_row = [one for one in notes.faults if (one.source, one.row) == (found.source, found.row)]
        if not any(one.column == found.column or one.what == found.what for one in same_row):
            notes.faults.append(found)


def _in_rows(what: str, notes: Notes) -> str:
    """A fault's sentence with rows for the positions of members: ``people[0]`` is ``row 2``."""
    return MEMBER.sub(lambda member: f"row {notes.rows[member[1]][int(member[2])].number}", what)
