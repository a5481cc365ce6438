"""The agenda on paper: an A4 page for each person, and one for each table, as PDF.

The font is embedded: DejaVu Sans, whose licence allows it, and which has the letters of all European names. Equal
agendas give equal files.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.conversation.texts import Texts
from handlers.meetings.agenda.agenda import Agenda, Meeting
from handlers.meetings.agenda.input_faults import MissingExtra
from handlers.meetings.agenda.labels import name_of, slot_day, slot_time, table_name, who
from handlers.meetings.agenda.problem import Person, Problem, Request, in_order

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
BLACK, GREY, LINE = (26, 26, 26), (95, 95, 95), (190, 190, 190)
MARGIN_MM = 20
TITLE_POINTS, HEAD_POINTS, TEXT_POINTS, SMALL_POINTS = 20, 12, 11, 8.5
ROW_MM, CELL_PADDING_MM = 6.2, 1.8
MADE = datetime(2018, 1, 1, tzinfo=UTC)
"""Stands in the file as when it was made, so that equal agendas give equal files."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What one sheet of paper says. ``rows`` are (day, the cells of a line)."""

    title: str
    below: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    empty: str
    note: str = ""


def pages_of_people(problem: Problem, agenda: Agenda, t: Texts) -> bytes:
    """A page for each person who asked for a meeting or was asked. Raises MissingExtra without the extra ``print``."""
    book = _Book(problem, agenda, t)
    return _printed(book.people(), t("Agenda of the meetings"), t)


def pages_of_tables(problem: Problem, agenda: Agenda, t: Texts) -> bytes:
    """A page for each table at which somebody meets. Raises MissingExtra without the extra ``print``."""
    book = _Book(problem, agenda, t)
    return _printed(book.tables(), t("Agenda of the meetings"), t)


class _Book:
    """Finds what stands on each page."""

    def __init__(self, problem: Problem, agenda: Agenda, t: Texts) -> None:
        self.problem, self.agenda, self.t = problem, agenda, t
        self.slots = {slot.id: slot for slot in problem.slots}
        self.order = {slot.id: position for position, slot in enumerate(in_order(problem.slots))}
        self.persons = {person.id: person for person in problem.people}
        self.requests = {request.id: request for request in problem.requests}

    def people(self) -> list[_Page]:
        mine: dict[str, list[Meeting]] = {person.id: [] for person in self.problem.people}
        missed: dict[str, list[Request]] = {person.id: [] for person in self.problem.people}
        for meeting in self.agenda.meetings:
            for person in self.requests[meeting.id].participants:
                mine[person].append(meeting)
        for one in self.agenda.not_held:
            for person in self.requests[one.id].participants:
                missed[person].append(self.requests[one.id])
        return [
            self._page_of_person(person, mine[person.id], missed[person.id])
            for person in self.problem.people
            if mine[person.id] or missed[person.id]
        ]

    def _page_of_person(self, person: Person, meetings: list[Meeting], missed: list[Request]) -> _Page:
        t = self.t
        rows = [
            (
                slot_day(self.slots[one.slot], t),
                (slot_time(self.slots[one.slot], t), table_name(one.table, t), self._others(one, person.id)),
            )
            for one in sorted(meetings, key=lambda one: self.order[one.slot])
        ]
        names = [who(self.persons[other]) for one in missed for other in one.participants if other != person.id]
        return _Page(
            title=name_of(person),
            below=person.organisation,
            head=(t("Time"), t("Table"), t("With")),
            widths=(32, 38, 100),
            rows=tuple(rows),
            empty=t("No meetings."),
            note=t("There was no time left to meet {names}.", names=t.list(names)) if names else "",
        )

    def tables(self) -> list[_Page]:
        t = self.t
        at: dict[str, list[Meeting]] = {table.id: [] for table in self.problem.tables}
        for meeting in self.agenda.meetings:
            at[meeting.table].append(meeting)
        return [
            _Page(
                title=table_name(table.id, t),
                below=name_of(self.persons[table.owner]) if table.owner else "",
                head=(t("Time"), t("Who")),
                widths=(32, 138),
                rows=tuple(
                    (
                        slot_day(self.slots[one.slot], t),
                        (slot_time(self.slots[one.slot], t), self._others(one, "")),
                    )
                    for one in sorted(at[table.id], key=lambda one: self.order[one.slot])
                ),
                empty=t("No meetings."),
            )
            for table in self.problem.tables
            if at[table.id]
        ]

    def _others(self, meeting: Meeting, but: str) -> str:
        return "\n".join(who(self.persons[one]) for one in self.requests[meeting.id].participants if one != but)


def _printed(pages: Sequence[_Page], subject: str, t: Texts) -> bytes:
    try:
        import matplotlib as mpl
        from fpdf import FPDF
    except ImportError as error:
        raise MissingExtra("fpdf2 and matplotlib (for its fonts)", "print", "Printing an agenda") from error
    pdf = FPDF(orientation="portrait", unit="mm", format="A4")
    pdf.set_creation_date(MADE)
    pdf.set_title(subject)
    pdf.set_lang(t.locale.value)
    pdf.set_margins(MARGIN_MM, MARGIN_MM)
    pdf.set_auto_page_break(auto=True, margin=MARGIN_MM)
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    pdf.add_font(FONT, "", fonts / "DejaVuSans.ttf")
    pdf.add_font(FONT, "B", fonts / "DejaVuSans-Bold.ttf")
    for page in pages:
        _print_page(pdf, page)
    return bytes(pdf.output())


def _print_page(pdf: "FPDF", page: _Page) -> None:
    from fpdf.enums import XPos, YPos

    pdf.add_page()
    # In the outline, so that one finds a person in a long file.
    pdf.start_section(page.title)
    pdf.set_text_color(*BLACK)
    pdf.set_font(FONT, "B", TITLE_POINTS)
    pdf.multi_cell(0, 10, page.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
    pdf.set_font(FONT, "", HEAD_POINTS)
    pdf.set_text_color(*GREY)
    if page.below:
        pdf.multi_cell(0, 7, page.below, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
    if not page.rows:
        pdf.ln(6)
        pdf.cell(0, 7, page.empty, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for day, rows in _by_day(page.rows):
        _print_day(pdf, page, day, rows)
    if page.note:
        pdf.ln(5)
        pdf.set_font(FONT, "", SMALL_POINTS + 1)
        pdf.set_text_color(*GREY)
        pdf.multi_cell(0, 5, page.note, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def _print_day(pdf: "FPDF", page: _Page, day: str, rows: Iterable[tuple[str, ...]]) -> None:
    from fpdf.enums import TableBordersLayout, XPos, YPos
    from fpdf.fonts import FontFace

    pdf.ln(5)
    if day:
        pdf.set_font(FONT, "B", HEAD_POINTS)
        pdf.set_text_color(*BLACK)
        pdf.cell(0, 8, day, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font(FONT, "", TEXT_POINTS)
    pdf.set_text_color(*BLACK)
    pdf.set_draw_color(*LINE)
    with pdf.table(
        width=sum(page.widths),
        col_widths=page.widths,
        align="LEFT",
        text_align="LEFT",
        line_height=ROW_MM,
        padding=CELL_PADDING_MM,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="", color=GREY, size_pt=SMALL_POINTS),
        first_row_as_headings=True,
    ) as table:
        table.row(page.head)
        for cells in rows:
            table.row(cells)


def _by_day(rows: Iterable[tuple[str, tuple[str, ...]]]) -> list[tuple[str, list[tuple[str, ...]]]]:
    days: list[tuple[str, list[tuple[str, ...]]]] = []
    for day, cells in rows:
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(cells)
    return days
