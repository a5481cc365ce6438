"""Tables as files: CSV and XLSX, in which no name becomes a formula."""

import csv
import io
from collections.abc import Sequence

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a text for a formula (OWASP, CSV injection)."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"


def harmless(text: str) -> str:
    """The text as a CSV cell that no spreadsheet runs: an apostrophe before what would begin a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def as_csv(first: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """A CSV file with that first line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(first)
    writer.writerows([harmless(cell) for cell in one] for one in lines)
    # With its mark, or a spreadsheet takes the accents for something else.
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(first: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """An XLSX file with that first line. Slow for many rows: run it in a thread."""
    import xlsxwriter  # here, since only who exports needs it

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, first, book.add_format({"bold": True}))
        for number, one in enumerate(lines, 1):
            for column, cell in enumerate(one):
                page.write_string(number, column, cell)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(lines), len(first) - 1)
        page.set_column(0, len(first) - 1, 24)
    return out.getvalue()
