"""The agenda on paper: an A4 page for each person, and one for each table, as PDF.

The font is embedded: DejaVu Sans, whose licence allows it, and which has the letters of all European names. Equal
agendas give equal files.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.conversation.texts import Texts
from handlers.meetings.agenda.agenda import Agenda, Meeting
from handlers.meetings.agenda.labels import name_of, slot_day, slot_time, table_name, who
from handlers.meetings.agenda.problem import Person, Problem, Request, in_order
from handlers.sheets.faults import MissingExtra

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
BLACK, GREY, LINE = (26, 26, 26), (95, 95, 95), (190, 190, 190)
MARGIN_MM, WIDTH_MM, BOTTOM_MM = 20, 170, 297 - 15
"""Of A4, which is 210 mm by 297 mm."""
TITLE_POINTS, HEAD_POINTS, NOTE_POINTS, SMALL_POINTS = 20.0, 12.0, 9.5, 8.5
DAY_GAP_MM, DAY_MM, HEADS_MM, CELL_GAP_MM = 5.0, 8.0, 6.5, 3.0
LEADING = 0.53
"""Height of a line in mm for each point of the type: half as much again as the type itself."""
BASELINE = 0.7
"""Where the letters stand within the height of their line."""


@dataclass(frozen=True, slots=True)
class _Style:
    """How large the rows are set."""

    points: float
    padding_mm: float


STYLES = (_Style(11.0, 1.8), _Style(10.0, 1.1), _Style(9.0, 0.5))
"""The largest in which everything fits on one page is taken, or the largest when it needs several anyway."""
_Day = tuple[str, list[tuple[str, ...]]]
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


def pages(problem: Problem, agenda: Agenda, t: Texts, *, people: bool = True, tables: bool = True) -> bytes:
    """A PDF with a page for each person who asked for a meeting or was asked, and for each table where somebody meets.

    Raises MissingExtra without the extra ``print``.
    """
    book = _Book(problem, agenda, t)
    found = [*(book.people() if people else ()), *(book.tables() if tables else ())]
    return _printed(found, t("Agenda of the meetings"), t)


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
            note=t("There was no room in the agenda to meet {names}.", names=t.list(names)) if names else "",
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


def _printed(printed: Sequence[_Page], subject: str, t: Texts) -> bytes:
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
    pdf.set_auto_page_break(auto=False)
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    pdf.add_font(FONT, "", fonts / "DejaVuSans.ttf")
    pdf.add_font(FONT, "B", fonts / "DejaVuSans-Bold.ttf")
    paper = _Paper(pdf)
    for page in printed:
        paper.print(page)
    return bytes(pdf.output())


class _Paper:
    """Sets pages line by line; ``y`` is where the next one begins, in mm from the top.

    fpdf2's own tables measure every cell character by character, which takes most of the time of a long file; here
    each word is measured once.
    """

    def __init__(self, pdf: "FPDF") -> None:
        self.pdf = pdf
        self.y = 0.0
        self._widths: dict[tuple[str, str, float], float] = {}

    def print(self, page: _Page) -> None:
        """Begin a page and set everything on it, in smaller type when it would not fit else."""
        self.pdf.add_page()
        # In the outline, so that one finds a person in a long file.
        self.pdf.start_section(page.title)
        self.y = MARGIN_MM
        self._paragraph(page.title, TITLE_POINTS, "B", BLACK)
        if page.below:
            self._paragraph(page.below, HEAD_POINTS, "", GREY)
        if not page.rows:
            self.y += 6
            self._paragraph(page.empty, HEAD_POINTS, "", GREY)
        days = _by_day(page.rows)
        note = self._wrapped(page.note, NOTE_POINTS, "", WIDTH_MM) if page.note else []
        room = BOTTOM_MM - self.y - (5 + len(note) * NOTE_POINTS * LEADING if note else 0)
        style = next((one for one in STYLES if self._height(page, days, one) <= room), STYLES[0])
        for day, rows in days:
            self._print_day(page, day, rows, style)
        if page.note:
            self.y += 5
            self._paragraph(page.note, NOTE_POINTS, "", GREY)

    def _height(self, page: _Page, days: Sequence[_Day], style: _Style) -> float:
        heads = sum(DAY_GAP_MM + (DAY_MM if day else 0) + HEADS_MM for day, _ in days)
        return heads + sum(self._row_height(page, cells, style) for _, rows in days for cells in rows)

    def _row_height(self, page: _Page, cells: Sequence[str], style: _Style) -> float:
        most = max(
            len(self._wrapped(cell, style.points, "", width - CELL_GAP_MM))
            for cell, width in zip(cells, page.widths, strict=True)
        )
        return most * style.points * LEADING + 2 * style.padding_mm

    def _print_day(self, page: _Page, day: str, rows: Sequence[tuple[str, ...]], style: _Style) -> None:
        self.y += DAY_GAP_MM
        if self.y + DAY_MM + HEADS_MM + self._row_height(page, rows[0], style) > BOTTOM_MM:
            self._go_on(page)
        self._print_heads(page, day)
        for cells in rows:
            height = self._row_height(page, cells, style)
            if self.y + height > BOTTOM_MM:
                self._go_on(page)
                self._print_heads(page, day)
            x = float(MARGIN_MM)
            self._use(style.points, "", BLACK)
            for cell, width in zip(cells, page.widths, strict=True):
                lines = self._wrapped(cell, style.points, "", width - CELL_GAP_MM)
                top = self.y + (height - len(lines) * style.points * LEADING) / 2
                for number, line in enumerate(lines):
                    self.pdf.text(x, top + (number + BASELINE) * style.points * LEADING, line)
                x += width
            self.y += height
            self._rule(page)

    def _print_heads(self, page: _Page, day: str) -> None:
        if day:
            self._use(HEAD_POINTS, "B", BLACK)
            self.pdf.text(MARGIN_MM, self.y + BASELINE * DAY_MM, day)
            self.y += DAY_MM
        self._use(SMALL_POINTS, "", GREY)
        x = float(MARGIN_MM)
        for title, width in zip(page.head, page.widths, strict=True):
            self.pdf.text(x, self.y + BASELINE * HEADS_MM, title)
            x += width
        self.y += HEADS_MM
        self._rule(page)

    def _go_on(self, page: _Page) -> None:
        """Another sheet for the same person or table, with the name on it."""
        self.pdf.add_page()
        self.y = MARGIN_MM
        self._paragraph(page.title, HEAD_POINTS, "B", GREY)
        self.y += 4

    def _paragraph(self, text: str, points: float, weight: str, colour: tuple[int, int, int]) -> None:
        lines = self._wrapped(text, points, weight, WIDTH_MM)
        for line in lines:
            if self.y + points * LEADING > BOTTOM_MM:
                self.pdf.add_page()
                self.y = MARGIN_MM
            self._use(points, weight, colour)
            self.pdf.text(MARGIN_MM, self.y + BASELINE * points * LEADING, line)
            self.y += points * LEADING

    def _rule(self, page: _Page) -> None:
        self.pdf.set_draw_color(*LINE)
        self.pdf.set_line_width(0.2)
        self.pdf.line(MARGIN_MM, self.y, MARGIN_MM + sum(page.widths), self.y)

    def _use(self, points: float, weight: str, colour: tuple[int, int, int]) -> None:
        self.pdf.set_font(FONT, weight, points)
        self.pdf.set_text_color(*colour)

    def _wrapped(self, text: str, points: float, weight: str, width: float) -> list[str]:
        """The text in lines that fit; its own line ends are kept, and words that are too long are broken."""
        lines: list[str] = []
        space = self._width(" ", points, weight)
        for part in text.split("\n"):
            line, used = "", 0.0
            for word in self._short_words(part, points, weight, width):
                needed = self._width(word, points, weight)
                if line and used + space + needed > width:
                    lines.append(line)
                    line, used = "", 0.0
                used += (space if line else 0.0) + needed
                line = f"{line} {word}" if line else word
            lines.append(line)
        return lines

    def _short_words(self, text: str, points: float, weight: str, width: float) -> Iterator[str]:
        for word in text.split():
            rest = word
            while self._width(rest, points, weight) > width and len(rest) > 1:
                fits = next(
                    (end for end in range(len(rest) - 1, 1, -1) if self._width(rest[:end], points, weight) <= width), 1
                )
                yield rest[:fits]
                rest = rest[fits:]
            yield rest

    def _width(self, text: str, points: float, weight: str) -> float:
        key = (text, weight, points)
        if key not in self._widths:
            self.pdf.set_font(FONT, weight, points)
            self._widths[key] = self.pdf.get_string_width(text)
        return self._widths[key]


def _by_day(rows: Iterable[tuple[str, tuple[str, ...]]]) -> list[_Day]:
    days: list[_Day] = []
    for day, cells in rows:
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(cells)
    return days
