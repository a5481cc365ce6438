"""Written workbooks: a problem as the sheets that ``sheets`` reads, and an agenda for whoever hands it on.

Text is written as text whatever it begins with: a cell never becomes a formula or a link.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from handlers.meetings.agenda.agenda import Agenda
from handlers.meetings.agenda.labels import who
from handlers.meetings.agenda.problem import Block, Problem, Request, Rules, in_order
from handlers.sheets.cells import NOTHING, looks_like_formula, text_of
from handlers.sheets.faults import InputError, InputFault, MissingExtra

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Cell = str | int | datetime | None
LIST_MARKS = frozenset(";\r\n")
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MADE = datetime(2018, 1, 1)  # noqa: DTZ001 - workbooks know no zones
"""Stands in the file as when it was made, so that equal problems give equal files."""
WIDEST = 60
"""Characters of a column; longer text is cut off on the screen, not in the cell."""


def write_problem_workbook(problem: Problem, path: Path, *, zone: ZoneInfo) -> None:
    """The problem as a workbook, with times as wall times of ``zone``; what blocks are called is left out.

    Raises InputError with everything that sheets cannot state, MissingExtra without the extra ``sheets``.
    """
    found = [InputFault(what=what, column=where) for where, what in _unstatable(problem)]
    if found:
        raise InputError(found)
    after: dict[str, list[str]] = {}
    for precedence in problem.precedences:
        after.setdefault(precedence.after, []).append(precedence.before)
    with _Book(path) as book:
        book.sheet(
            "people",
            ("id", "name", "organisation", "unavailable", "buffer minutes"),
            (
                (
                    person.id,
                    person.name,
                    person.organisation,
                    _list([*sorted(person.unavailable), *(_stretch(block, zone) for block in person.blocks)]),
                    person.buffer_minutes or None,
                )
                for person in problem.people
            ),
        )
        book.sheet(
            "requests",
            ("id", "participants", "priority", "weight", "session", "slots", "fixed", "preferred", "after", "state"),
            (_request_cells(request, after.get(request.id, ())) for request in problem.requests),
        )
        book.sheet(
            "slots",
            ("id", "start", "end", "session"),
            ((slot.id, _local(slot.start, zone), _local(slot.end, zone), slot.session) for slot in problem.slots),
        )
        book.sheet(
            "tables",
            ("id", "owner", "slots"),
            ((table.id, table.owner, _list(sorted(table.slots or ()))) for table in problem.tables),
        )


def write_agenda_workbook(problem: Problem, agenda: Agenda, path: Path) -> None:
    """The agenda as a workbook: a sheet of meetings by time, and one of requests that are not held.

    Raises MissingExtra without the extra ``sheets``.
    """
    order = {slot.id: (position, slot) for position, slot in enumerate(in_order(problem.slots))}
    requests = {request.id: request for request in problem.requests}
    people = {person.id: person for person in problem.people}
    tables = {table.id: position for position, table in enumerate(problem.tables)}
    meetings = sorted(agenda.meetings, key=lambda one: (order[one.slot][0], tables[one.table]))
    most = max((len(request.participants) for request in problem.requests), default=2)
    with _Book(path) as book:
        book.sheet(
            "agenda",
            ("slot", "start", "end", "table", "request", *(f"person {number}" for number in range(1, most + 1))),
            (
                (
                    one.slot,
                    _naive(order[one.slot][1].start),
                    _naive(order[one.slot][1].end),
                    one.table,
                    one.id,
                    *(who(people[person]) for person in requests[one.id].participants),
                )
                for one in meetings
            ),
        )
        book.sheet(
            "not held",
            ("request", "reason", *(f"person {number}" for number in range(1, most + 1))),
            (
                (one.id, one.reason.kind.value, *(who(people[person]) for person in requests[one.id].participants))
                for one in agenda.not_held
            ),
        )


class _Book:
    """A workbook being written; it is there when the block ends without an error."""

    def __init__(self, path: Path) -> None:
        try:
            import xlsxwriter
        except ImportError as error:
            raise MissingExtra("XlsxWriter", "sheets", "Writing a workbook") from error
        # In memory first, so that a failure leaves no half-written file.
        self._path = path
        self._memory = io.BytesIO()
        self._book: Workbook = xlsxwriter.Workbook(self._memory, {"in_memory": True, **TEXT_ONLY})
        self._book.set_properties({"created": MADE})
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._moment = self._book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._book.close()
        if kind is None:
            self._path.write_bytes(self._memory.getvalue())

    def sheet(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write a sheet with its header, ready to be filtered, the header in view while scrolling."""
        sheet = self._book.add_worksheet(name)
        widths = [len(title) for title in header]
        last = 0
        for column, title in enumerate(header):
            sheet.write_string(0, column, title, self._bold)
        for number, row in enumerate(rows, start=1):
            last = number
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, column, cell, self._moment)
                    widths[column] = max(widths[column], len("10/04/2018 09:30"))
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell)
                    widths[column] = max(widths[column], len(cell))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, WIDEST) + 2)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(header) - 1)


def _request_cells(request: Request, after: Sequence[str]) -> Sequence[Cell]:
    return (
        request.id,
        _list(request.participants),
        request.priority.value,
        request.weight if request.weight != 1 else None,
        _list(sorted(request.sessions or ())),
        _list(sorted(request.slots or ())),
        request.fixed,
        _list(sorted(request.preferred)),
        _list(after),
        request.state.value,
    )


def _list(parts: Iterable[str]) -> str:
    return "; ".join(parts)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone).replace(tzinfo=None)


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=None)


def _stretch(block: Block, zone: ZoneInfo) -> str:
    start, end = block.start.astimezone(zone), block.end.astimezone(zone)
    last = f"{end:%d/%m/%Y} " if end.date() != start.date() else ""
    travel = f" +{block.travel_minutes}" if block.travel_minutes else ""
    return f"{start:%d/%m/%Y %H:%M}-{last}{end:%H:%M}{travel}"


def _unstatable(problem: Problem) -> Iterator[tuple[str, str]]:
    """Where and why sheets would not give back the same problem."""
    if problem.rules != Rules():
        yield "rules", "sheets state a fair with the usual rules"
    if any(moment and moment.second for slot in problem.slots for moment in (slot.start, slot.end)):
        yield "slots", "sheets state times to the minute"
    for person in problem.people:
        yield from _text_faults(f"person {person.id}", (person.id, person.name, person.organisation))
        if any(moment.second for block in person.blocks for moment in (block.start, block.end)):
            yield f"person {person.id}", "sheets state times to the minute"
    for slot in problem.slots:
        yield from _text_faults(f"slot {slot.id}", (slot.id, slot.session or ""))
    for table in problem.tables:
        yield from _text_faults(f"table {table.id}", (table.id,))
        if table.slots is not None and not table.slots:
            yield f"table {table.id}", "sheets cannot state a table that is never free"
    for request in problem.requests:
        yield from _text_faults(f"request {request.id}", (request.id,))
        if (request.slots is not None and not request.slots) or (request.sessions is not None and not request.sessions):
            yield f"request {request.id}", "sheets cannot state that no slot is allowed"


def _text_faults(where: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        if text != text_of(text) or LIST_MARKS & set(text) or (text and text in NOTHING):
            yield where, f"{text!r} cannot be told from other cells in a sheet"
        elif looks_like_formula(text, strict=True):
            yield where, f"{text!r} begins like a formula"
