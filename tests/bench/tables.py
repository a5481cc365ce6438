"""Figures as tables that read well on a terminal and are Markdown at the same time."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Table:
    """A titled table.

    Attributes:
        title: what is measured.
        columns: their headings; the first column is text, the others are numbers.
        rows: as many cells each as there are columns.
        notes: sentences below the table.
    """

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """The title, the table and the notes."""
        widths = [max(len(line[index]) for line in [self.columns, *self.rows]) for index in range(len(self.columns))]
        rule = [f"{'-' * widths[0]}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
        lines = [self._line(self.columns, widths), self._line(rule, widths)]
        lines += [self._line(row, widths) for row in self.rows]
        return "\n".join([f"### {self.title}", "", *lines, "", *self.notes])

    def note(self, sentence: str) -> None:
        """Add a sentence below the table."""
        self.notes.append(sentence)

    @staticmethod
    def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
        first = cells[0].ljust(widths[0])
        others = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return f"| {' | '.join([first, *others])} |"


def show(text: object) -> None:
    """Print something at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def progress(text: str) -> None:
    """Tell whoever waits what is going on, apart from the results."""
    sys.stderr.write(f"  … {text}\n")
    sys.stderr.flush()


def per_second(rate: float) -> str:
    """Such as ``412``."""
    return f"{rate:,.0f}"


def milliseconds(seconds: float) -> str:
    """Such as ``3.1``; whole numbers from a hundred on."""
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def times(ratio: float) -> str:
    """Such as ``0.43``."""
    return f"{ratio:.2f}"
