"""Tables for a spreadsheet: CSV or XLSX, in which a text stays the text that it is.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end would be calculated when a CSV file is opened
(OWASP, CSV injection): an apostrophe goes before it, and :func:`as_written` takes it away again when the file comes
back. A workbook says of each cell that it is text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
"""Characters of a column; longer text is cut off on the screen, not in the cell."""
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class SheetForm(StrEnum):
    """What sort of file."""

    XLSX = "xlsx"
    CSV = "csv"

    @property
    def mime(self) -> str:
        """Its media type."""
        return XLSX if self is SheetForm.XLSX else "text/csv"


def harmless(text: str) -> str:
    """The text as a CSV cell that no spreadsheet calculates."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def as_written(text: str) -> str:
    """The text that :func:`harmless` made the cell of."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS) else text


def table(header: Sequence[str], rows: Iterable[Sequence[str]], form: SheetForm, *, sheet: str = "") -> bytes:
    """A table of texts as a file. Slow for many rows: run it in a thread.

    Args:
        header: the names of the columns.
        rows: the cells below.
        form: what sort of file.
        sheet: the name of the workbook's sheet.
    """
    return _csv(header, rows) if form is SheetForm.CSV else _xlsx(header, rows, sheet)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    # With its mark, or a spreadsheet takes the accents for something else.
    return out.getvalue().encode("utf-8-sig")


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[str]], sheet: str) -> bytes:
    import xlsxwriter  # here, since only who exports needs it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXT_ONLY}) as book:
        page = book.add_worksheet(sheet or None)
        bold = book.add_format({"bold": True})
        widths = [len(title) for title in header]
        for column, title in enumerate(header):
            page.write_string(0, column, title, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(last, column, cell)
                    widths[column] = max(widths[column], len(cell))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, len(header) - 1)
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width, WIDEST) + 2)
    return out.getvalue()
