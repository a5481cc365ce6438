"""Sheets as rows of cells, from CSV files and XLSX workbooks, without yet knowing what the columns mean.

CSV comes as spreadsheets write it in Italy and elsewhere: ``;`` , ``,`` or tabs between the columns, UTF-8 with or
without its mark, UTF-16 or Windows-1252. In a workbook the cells that hold a formula are found in the file itself,
since a reader of values only sees the result that was calculated last.
"""

import csv
import io
import posixpath
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from handlers.sheets.faults import InputError, InputFault, MissingExtra

CellValue = str | int | float | bool | datetime | date | time | timedelta | None
FORMULA_STARTS = ("=", "+", "-", "@")
"""A spreadsheet takes text that begins so for a formula when it opens a CSV file."""
NOTHING = frozenset({"", "-", "–", "—"})
"""What people write in a cell to say that there is nothing."""
PHONE_OR_NUMBER = re.compile(r"[+-]?[\d\s().,/-]+")
MOST_ROWS = 50_000
"""Rows of one sheet; a fair has a few thousand requests."""
MOST_BYTES = 64 * 1024 * 1024
"""Size of a file, and of a workbook's parts once unpacked."""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT_MAIN = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty; ``number`` counts from 1 as the program that made the file shows it."""

    number: int
    cells: tuple[CellValue, ...]
    formulas: frozenset[int] = frozenset()
    """Columns (from 0) whose cell is a formula in the workbook."""

    def cell(self, column: int) -> CellValue:
        """The cell's value; None when the row is shorter or the cell holds nothing."""
        value = self.cells[column] if column < len(self.cells) else None
        return None if isinstance(value, str) and value.strip() in NOTHING else value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's header and the rows below it. ``source`` is how faults call it, ``name`` how it is found."""

    name: str
    source: str
    header: Row
    rows: tuple[Row, ...]


def plain(text: str) -> str:
    """A name without case, accents, punctuation and underscores: ``Priorità (1)`` becomes ``priorita 1``."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


def column_letters(column: int) -> str:
    """A spreadsheet's name for a column counted from 0: A, B, … Z, AA and so on."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def text_of(value: CellValue) -> str:
    """A cell as text, with white space evened out; a whole number without ``.0``, since ids are often numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def looks_like_formula(value: CellValue, *, strict: bool) -> bool:
    """Whether a spreadsheet would calculate this text.

    In columns that nobody reads (``strict`` false) phone numbers such as ``+39 02 …`` are let pass.
    """
    if not isinstance(value, str):
        return False
    text = value.strip()
    if text in NOTHING or not text.startswith(FORMULA_STARTS):
        return False
    return strict or PHONE_OR_NUMBER.fullmatch(text) is None


def read_csv(path: Path) -> Sheet:
    """A CSV file as a sheet named as the file without its ending. Raises InputError."""
    source = path.name
    text = _decoded(path.read_bytes(), source)
    lines = text.splitlines(keepends=True)
    skipped = 0
    separator = None
    if lines and (declared := re.fullmatch(r"sep=(.)\s*", lines[0])):
        separator, skipped = declared.group(1), 1
    reader = csv.reader(
        io.StringIO("".join(lines[skipped:]), newline=""), delimiter=separator or _separator(lines), strict=True
    )
    return _sheet(path.stem, source, _csv_rows(reader, skipped, source))


def _csv_rows(reader: Iterable[list[str]], skipped: int, source: str) -> Iterator[Row]:
    line = skipped + 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = skipped + 1 + reader.line_num  # type: ignore[attr-defined]  # of csv's reader, a private class
    except csv.Error as error:
        raise InputError([InputFault(what=f"not readable as CSV ({error})", source=source, row=line)]) from error


def _decoded(data: bytes, source: str) -> str:
    if len(data) > MOST_BYTES:
        raise InputError([InputFault(what=f"larger than {MOST_BYTES // 2**20} MiB", source=source)])
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise InputError([InputFault(what="not a text file: save it as CSV in UTF-8", source=source)])


def _separator(lines: list[str]) -> str:
    """The separator that the header has most often outside quotes; a comma where there is one column."""
    header = re.sub(r'"[^"]*"', "", next((line for line in lines if line.strip()), ""))
    return max((",", ";", "\t"), key=header.count)


def read_workbook(path: Path) -> list[Sheet]:
    """The sheets of an XLSX workbook that hold something. Raises InputError, MissingExtra."""
    try:
        from python_calamine import CalamineError, load_workbook
    except ImportError as error:
        raise MissingExtra("python-calamine", "sheets", "Reading a workbook") from error
    source = path.name
    formulas = _formulas(path)
    sheets: list[Sheet] = []
    try:
        with load_workbook(path) as workbook:
            for name in workbook.sheet_names:
                found = workbook.get_sheet_by_name(name)
                if found.total_height > MOST_ROWS:
                    raise InputError([InputFault(what=f"more than {MOST_ROWS} rows", source=f"{source}, {name}")])
                # With skip_empty_area calamine would number rows and columns from the first that is used.
                values = found.to_python(skip_empty_area=False)
                calculated = formulas.get(name, {})
                rows = (
                    Row(number, tuple(cells), calculated.get(number, frozenset()))
                    for number, cells in enumerate(values, start=1)
                )
                if any(any(text_of(cell) for cell in row) for row in values):
                    sheets.append(_sheet(name, f"{source}, {name}", rows))
    except (CalamineError, OSError) as error:
        raise InputError([InputFault(what=f"not readable as a workbook ({error})", source=source)]) from error
    if not sheets:
        raise InputError([InputFault(what="the file is empty", source=source)])
    return sheets


def _sheet(name: str, source: str, rows: Iterable[Row]) -> Sheet:
    kept: list[Row] = []
    for row in rows:
        if row.formulas or any(text_of(cell) for cell in row.cells):
            kept.append(row)
        if len(kept) > MOST_ROWS:
            raise InputError([InputFault(what=f"more than {MOST_ROWS} rows", source=source)])
    if not kept:
        raise InputError([InputFault(what="the file is empty", source=source)])
    return Sheet(name, source, kept[0], tuple(kept[1:]))


def _formulas(path: Path) -> dict[str, dict[int, frozenset[int]]]:
    """By sheet and row, the columns (from 0) whose cell has a formula."""
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                what = f"larger than {MOST_BYTES // 2**20} MiB when unpacked"
                raise InputError([InputFault(what=what, source=path.name)])
            return {name: _formulas_of(parts, part) for name, part in _sheet_parts(parts)}
    except (OSError, zipfile.BadZipFile, KeyError, ET.ParseError, NotImplementedError) as error:
        what = "not an Excel workbook (.xlsx); open it in a spreadsheet and save it as one"
        raise InputError([InputFault(what=what, source=path.name)]) from error


def _sheet_parts(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = _xml(parts, "xl/_rels/workbook.xml.rels")
    target = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    workbook = _xml(parts, "xl/workbook.xml")
    for main in (MAIN, STRICT_MAIN):
        for sheet in workbook.iter(f"{main}sheet"):
            where = target[sheet.get(RELATION_ID) or sheet.get(STRICT_RELATION_ID) or ""]
            inside = where.removeprefix("/") if where.startswith("/") else posixpath.normpath(f"xl/{where}")
            yield sheet.get("name", ""), inside


def _xml(parts: zipfile.ZipFile, name: str) -> ET.Element:
    # expat of every supported Python limits how far entities may grow, and the unpacked size is limited above.
    return ET.fromstring(parts.read(name))  # noqa: S314 - for the reason above


def _formulas_of(parts: zipfile.ZipFile, name: str) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    root = _xml(parts, name)
    for main in (MAIN, STRICT_MAIN):
        for cell in root.iter(f"{main}c"):
            place = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
            if place and cell.find(f"{main}f") is not None:
                found.setdefault(int(place[2]), set()).add(_column_number(place[1]))
    return {row: frozenset(columns) for row, columns in found.items()}


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
