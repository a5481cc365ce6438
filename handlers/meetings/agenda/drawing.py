"""A picture of an agenda: a row for each table, a column for each slot, in each field the names of who meets there.

Colours are told apart by their lightness too, and what is fixed or confirmed has a mark, so nothing depends on seeing
colours. Equal agendas give equal files.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from handlers.conversation.texts import Texts
from handlers.meetings.agenda.agenda import Agenda
from handlers.meetings.agenda.labels import name_of, slot_day, slot_time
from handlers.meetings.agenda.problem import Priority, Problem, Request, Slot, State, in_order
from handlers.sheets.faults import MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MUST_COLOUR, WANT_COLOUR = "#8cc5e8", "#fdebc8"
"""Tints of the blue and the orange that people with any colour vision tell apart (Okabe and Ito)."""
FREE_COLOUR, CLOSED_COLOUR, LINE_COLOUR, INK = "#ffffff", "#d0d0d0", "#9a9a9a", "#1a1a1a"
FIXED_MARK, CONFIRMED_MARK = "◆", "✓"
NAME_POINTS, HEAD_POINTS, TITLE_POINTS = 7.0, 8.0, 14.0
LINE_INCHES = 0.135
PADDING_INCHES = 0.05
NARROWEST, WIDEST = 0.75, 1.7
"""Inches of a column; longer names end in an ellipsis."""
MARGIN_INCHES = 0.3
TITLE_INCHES = 0.75
HEAD_INCHES = 0.42
REPEATED_INCHES = 12
"""From this width or height on, tables and times are written at both ends."""
MOST_LINES = 4
"""People named in a field; of larger groups the rest is counted."""
DOTS_PER_INCH = 120
MOST_DOTS = 60_000_000
"""Of a picture, about 240 MB while it is drawn; larger ones get fewer dots per inch."""
KINDS = ("png", "svg")


@dataclass(frozen=True, slots=True)
class _Field:
    """A meeting in its place: row and column, the lines of text, the request."""

    row: int
    column: int
    lines: tuple[str, ...]
    request: Request


def picture(problem: Problem, agenda: Agenda, *, kind: str, t: Texts) -> bytes:
    """The agenda as ``"png"`` or ``"svg"``. One at a time: matplotlib's settings are the whole process's.

    Raises MissingExtra without the extra ``charts``.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("matplotlib", "charts", "Drawing an agenda") from error
    slots = in_order(problem.slots)
    fields = _fields(problem, agenda, slots)
    column = _column_inches([line for field in fields for line in field.lines])
    lines = max((len(field.lines) for field in fields), default=1)
    row = lines * LINE_INCHES + 2 * PADDING_INCHES
    label = min(WIDEST, max([0.5, *(_inches(table.id, HEAD_POINTS) + 0.15 for table in problem.tables)]))
    columns = column * len(slots)
    width = max(2 * MARGIN_INCHES + label + columns + (label if columns > REPEATED_INCHES else 0), 6.5)
    height = 2 * MARGIN_INCHES + TITLE_INCHES + HEAD_INCHES + row * len(problem.tables)
    with mpl.rc_context(
        {"svg.hashsalt": "agenda", "svg.fonttype": "path", "path.simplify": False, "hatch.linewidth": 0.5}
    ):
        figure = Figure(figsize=(width, height), facecolor=FREE_COLOUR)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        grid = _Grid(axes, MARGIN_INCHES + label, MARGIN_INCHES + TITLE_INCHES + HEAD_INCHES, column, row)
        _draw_title(axes, problem, agenda, width, t)
        _draw_heads(grid, problem, slots, t)
        _draw_ground(grid, problem, slots)
        for field in fields:
            _draw_field(grid, field)
        _draw_days(grid, slots, len(problem.tables))
        file = io.BytesIO()
        dots = min(DOTS_PER_INCH, (MOST_DOTS / (width * height)) ** 0.5)
        # Without the metadata that names versions and the hour.
        metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        figure.savefig(file, format=kind, dpi=dots, metadata=metadata)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Grid:
    axes: "Axes"
    left: float
    top: float
    column: float
    row: float

    def x(self, column: int) -> float:
        return self.left + column * self.column

    def y(self, row: int) -> float:
        return self.top + row * self.row


def _fields(problem: Problem, agenda: Agenda, slots: Sequence[Slot]) -> list[_Field]:
    column = {slot.id: index for index, slot in enumerate(slots)}
    row = {table.id: index for index, table in enumerate(problem.tables)}
    names = {person.id: name_of(person) for person in problem.people}
    requests = {request.id: request for request in problem.requests}
    fields: list[_Field] = []
    for meeting in agenda.meetings:
        request = requests[meeting.id]
        lines = [names[person] for person in request.participants]
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], f"+ {len(lines) - MOST_LINES + 1}"]
        fields.append(_Field(row[meeting.table], column[meeting.slot], tuple(lines), request))
    return fields


@lru_cache(maxsize=20_000)
def _inches(text: str, points: float) -> float:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    width, _, _ = text_to_path.get_text_width_height_descent(
        text, FontProperties(family="DejaVu Sans", size=points), ismath=False
    )
    return float(width) / 72


def _column_inches(lines: Sequence[str]) -> float:
    widest = max((_inches(line, NAME_POINTS) for line in set(lines)), default=0.0)
    return min(WIDEST, max(NARROWEST, widest + 2 * PADDING_INCHES + 0.14))


def _shortened(text: str, points: float, inches: float) -> str:
    if _inches(text, points) <= inches:
        return text
    while text and _inches(f"{text}…", points) > inches:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _write(axes: "Axes", x: float, y: float, text: str, points: float, **how: str) -> None:
    # A name may hold a dollar sign, which would begin a formula.
    axes.text(x, y, text, fontsize=points, family="DejaVu Sans", color=INK, parse_math=False, **how)  # type: ignore[arg-type]  # matplotlib types its keywords one by one


def _draw_title(axes: "Axes", problem: Problem, agenda: Agenda, width: float, t: Texts) -> None:
    top = MARGIN_INCHES
    _write(axes, MARGIN_INCHES, top + 0.12, t("Agenda of the meetings"), TITLE_POINTS, va="center", weight="bold")
    told = [t("{held} of {wanted} meetings held", held=agenda.held, wanted=len(problem.requests))]
    if agenda.breaks is not None:
        told.append(t.n("{n} wait between meetings", "{n} waits between meetings", agenda.breaks))
    _write(axes, MARGIN_INCHES, top + 0.42, " · ".join(told), HEAD_POINTS, va="center")
    legend = (
        (MUST_COLOUR, "", t("must")),
        (WANT_COLOUR, "", t("wish")),
        (FREE_COLOUR, FIXED_MARK, t("fixed time")),
        (FREE_COLOUR, CONFIRMED_MARK, t("confirmed")),
        (CLOSED_COLOUR, "", t("table not in use")),
    )
    from matplotlib.patches import Rectangle

    right = width - MARGIN_INCHES
    stacked = right - MARGIN_INCHES < 9
    y = top + (0.66 if stacked else 0.12)
    x = MARGIN_INCHES if stacked else right - sum(0.4 + _inches(words, HEAD_POINTS) for *_, words in legend)
    for colour, mark, words in legend:
        hatch = "////" if colour == CLOSED_COLOUR else None
        axes.add_patch(
            Rectangle((x, y - 0.07), 0.2, 0.14, facecolor=colour, edgecolor=LINE_COLOUR, linewidth=0.6, hatch=hatch)
        )
        _write(axes, x + 0.1, y, mark, NAME_POINTS, va="center", ha="center")
        _write(axes, x + 0.25, y, words, HEAD_POINTS, va="center")
        x += 0.4 + _inches(words, HEAD_POINTS)


def _draw_heads(grid: _Grid, problem: Problem, slots: Sequence[Slot], t: Texts) -> None:
    below = grid.y(len(problem.tables)) + 0.1
    for index, slot in enumerate(slots):
        time = _shortened(slot_time(slot, t), HEAD_POINTS, grid.column - PADDING_INCHES)
        for y in (grid.top - 0.1, below) if below > REPEATED_INCHES else (grid.top - 0.1,):
            _write(grid.axes, grid.x(index) + grid.column / 2, y, time, HEAD_POINTS, va="center", ha="center")
    for first, last in _days(slots):
        room = grid.column * (last - first + 1) - PADDING_INCHES
        day = _shortened(slot_day(slots[first], t), HEAD_POINTS, room)
        _write(grid.axes, grid.x(first), grid.top - 0.3, day, HEAD_POINTS, va="center", weight="bold")
    for index, table in enumerate(problem.tables):
        text = _shortened(table.id, HEAD_POINTS, grid.left - MARGIN_INCHES - 0.1)
        middle = grid.y(index) + grid.row / 2
        _write(grid.axes, grid.left - 0.08, middle, text, HEAD_POINTS, va="center", ha="right")
        if grid.x(len(slots)) > REPEATED_INCHES:
            _write(grid.axes, grid.x(len(slots)) + 0.08, middle, text, HEAD_POINTS, va="center")


def _draw_ground(grid: _Grid, problem: Problem, slots: Sequence[Slot]) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Rectangle

    rows = len(problem.tables)
    for index, table in enumerate(problem.tables):
        for number, slot in enumerate(slots):
            if table.slots is not None and slot.id not in table.slots:
                grid.axes.add_patch(
                    Rectangle(
                        (grid.x(number), grid.y(index)),
                        grid.column,
                        grid.row,
                        facecolor=CLOSED_COLOUR,
                        edgecolor=LINE_COLOUR,
                        linewidth=0,
                        hatch="////",
                    )
                )
    across = [((grid.left, grid.y(row)), (grid.x(len(slots)), grid.y(row))) for row in range(rows + 1)]
    down = [((grid.x(one), grid.top), (grid.x(one), grid.y(rows))) for one in range(len(slots) + 1)]
    grid.axes.add_collection(LineCollection([*across, *down], colors=LINE_COLOUR, linewidths=0.5, zorder=2))


def _draw_field(grid: _Grid, field: _Field) -> None:
    from matplotlib.patches import Rectangle

    x, y = grid.x(field.column), grid.y(field.row)
    colour = MUST_COLOUR if field.request.priority is Priority.MUST else WANT_COLOUR
    grid.axes.add_patch(
        Rectangle((x, y), grid.column, grid.row, facecolor=colour, edgecolor=LINE_COLOUR, linewidth=0.5)
    )
    marks = [
        mark
        for mark, shown in (
            (FIXED_MARK, field.request.fixed is not None),
            (CONFIRMED_MARK, field.request.state is State.CONFIRMED),
        )
        if shown
    ]
    room = grid.column - 2 * PADDING_INCHES - (0.12 if marks else 0)
    middle = y + grid.row / 2
    for index, line in enumerate(field.lines):
        at = middle + (index - (len(field.lines) - 1) / 2) * LINE_INCHES
        _write(grid.axes, x + PADDING_INCHES, at, _shortened(line, NAME_POINTS, room), NAME_POINTS, va="center")
    for index, mark in enumerate(marks):
        at = middle + (index - (len(marks) - 1) / 2) * LINE_INCHES
        _write(grid.axes, x + grid.column - PADDING_INCHES, at, mark, NAME_POINTS, va="center", ha="right")


def _days(slots: Sequence[Slot]) -> list[tuple[int, int]]:
    """First and last column of each day, or of each session where there are no times."""
    keys = [slot.session if slot.start is None else slot.start.date() for slot in slots]
    starts = [index for index in range(len(keys)) if index == 0 or keys[index] != keys[index - 1]]
    return [(first, after - 1) for first, after in zip(starts, [*starts[1:], len(keys)], strict=True)]


def _draw_days(grid: _Grid, slots: Sequence[Slot], rows: int) -> None:
    for first, _ in _days(slots)[1:]:
        x = grid.x(first)
        grid.axes.plot([x, x], [grid.top - HEAD_INCHES, grid.y(rows)], color=INK, linewidth=1.5, zorder=4)
