"""Reading a list from a file: every cell in its one form, and everything that is wrong at once."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handlers.sheets.cells import Row, Sheet, looks_like_formula, plain, read_csv, read_workbook
from handlers.sheets.faults import InputError
from handlers.sheets.writing import as_written
from handlers.staff.list_columns import COLUMNS, CellProblem, Column, Vocabulary, cell_text
from handlers.staff.list_faults import ListFault
from storage.enums import ListKind, Locale

FIRST_NAMES = frozenset({"first name", "given name", "nome"})
SURNAMES = frozenset({"surname", "last name", "family name", "cognome"})
"""Where a list has two columns for a person's name."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row: its number in the file, and its values by field; a field is there where its column is."""

    number: int
    values: Mapping[str, str]


@dataclass(slots=True)
class ListContent:
    """What a file holds.

    Attributes:
        rows: in the order of the file.
        titles: what each field's column is called in the file.
        ignored: titles of columns that mean nothing here.
        faults: what is wrong.
    """

    rows: list[ListRow] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)


def read_bytes(kind: ListKind, name: str, content: bytes, words: Vocabulary) -> ListContent:
    """Read a file that came as bytes. Slow: run it in a thread.

    Raises:
        MissingExtra: a workbook, without the library that reads it.
    """
    suffix = ".xlsx" if content.startswith(b"PK") else ".csv" if not name.lower().endswith(".xlsm") else ".xlsm"
    with tempfile.TemporaryDirectory(prefix="community-bot-list-") as folder:
        path = Path(folder) / f"list{suffix}"
        path.write_bytes(content)
        return read_file(kind, path, words)


def read_file(kind: ListKind, path: Path, words: Vocabulary) -> ListContent:
    """Read a file. What is wrong is in the answer, not raised.

    Raises:
        MissingExtra: a workbook, without the library that reads it.
    """
    workbook = path.suffix.lower() in {".xlsx", ".xlsm"}
    try:
        sheets = read_workbook(path) if workbook else [read_csv(path)]
    except InputError as error:
        what = error.faults[0].what
        code = (
            "empty_file" if "empty" in what else "too_many" if "more than" in what or "larger" in what else "unreadable"
        )
        return ListContent(faults=[ListFault(error.faults[0].row or 0, "", code)])
    fitting = [sheet for sheet in sheets if _fits(kind, sheet)] or sheets[:1]
    if len(fitting) > 1:
        return ListContent(faults=[ListFault(0, "", "several_sheets")])
    return _Reading(kind, fitting[0], words, written_as_csv=not workbook).content()


def _titles(column: Column) -> set[str]:
    return {plain(column.italian), plain(column.english), *column.others}


def _fits(kind: ListKind, sheet: Sheet) -> bool:
    header = {plain(cell_text(cell)) for cell in sheet.header.cells}
    return all(
        _titles(column) & header or (column.field == "name" and FIRST_NAMES & header)
        for column in COLUMNS[kind]
        if column.field == "name"
    )


class _Reading:
    def __init__(self, kind: ListKind, sheet: Sheet, words: Vocabulary, *, written_as_csv: bool) -> None:
        self._columns = {column.field: column for column in COLUMNS[kind]}
        self._kind = kind
        self._sheet = sheet
        self._words = words
        self._csv = written_as_csv
        self._found = ListContent()
        self._at: dict[str, int] = {}
        self._surname: int | None = None

    def content(self) -> ListContent:
        self._find_columns()
        if not self._found.faults:
            for row in self._sheet.rows:
                self._read(row)
        self._found.faults.sort()
        return self._found

    def _find_columns(self) -> None:
        header = [cell_text(cell) for cell in self._sheet.header.cells]
        folded = [plain(title) for title in header]
        two_names = self._kind is ListKind.MEMBERS and bool(SURNAMES & set(folded))
        for position, (title, word) in enumerate(zip(header, folded, strict=True)):
            if not word:
                continue
            if two_names and word in SURNAMES:
                self._surname = position
                continue
            if two_names and word in FIRST_NAMES:
                name = "name"
            else:
                name = next((one.field for one in self._columns.values() if word in _titles(one)), "")
            if not name:
                self._found.ignored.append(title)
            elif name in self._at:
                self._fault(self._sheet.header.number, title, "twice")
            else:
                self._at[name] = position
                self._found.titles[name] = title
        for column in self._columns.values():
            if column.required and column.field not in self._at and not self._finds_by_key(column):
                title = column.title(Locale.ITALIAN)
                self._fault(self._sheet.header.number, "", "no_column", f"{title} / {column.title(Locale.ENGLISH)}")
        if self._kind is ListKind.MEMBERS and not {"work_email", "external_id", "id"} & set(self._at):
            self._fault(self._sheet.header.number, "", "no_key")

    def _finds_by_key(self, column: Column) -> bool:
        """A list that only changes what is known need not say everything, as long as it says of whom."""
        return column.field != "name" and bool({"id", "external_id", "vat_number"} & set(self._at))

    def _fault(self, row: int, column: str, code: str, value: str = "") -> None:
        self._found.faults.append(ListFault(row, column, code, value))

    def _read(self, row: Row) -> None:
        values: dict[str, str] = {}
        for name, position in self._at.items():
            column = self._columns[name]
            if column.read_only:
                continue
            value = self._text(row, position, name)
            if name == "name" and self._surname is not None:
                value = f"{value} {self._text(row, self._surname, name)}".strip()
            if not value:
                values[name] = ""
                continue
            try:
                values[name] = column.read(value, self._words)
            except CellProblem as problem:
                self._fault(row.number, self._found.titles[name], problem.code, value)
                values[name] = ""
        if any(values.values()):
            self._found.rows.append(ListRow(row.number, values))

    def _text(self, row: Row, position: int, name: str) -> str:
        cell = row.cell(position)
        if position in row.formulas or (self._csv and looks_like_formula(cell, strict=True)):
            self._fault(row.number, self._found.titles[name], "formula")
            return ""
        text = cell_text(cell)
        return as_written(text) if self._csv else text
