"""What one reading of a fair's sheets has found so far: the columns, the faults, and where each part came from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from handlers.meetings.agenda.sheet_columns import Columns
from handlers.sheets.cells import CellValue, Row
from handlers.sheets.faults import InputFault

Read = TypeVar("Read")


@dataclass(slots=True)
class Notes:
    """Shared by those who read the rows of one part each.

    ``rows`` holds, for each part of the problem, the row from which each of its members came, in the same order.
    """

    columns: dict[str, Columns] = field(default_factory=dict)
    faults: list[InputFault] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def fault(self, columns: Columns, row: Row, where: str | int, what: str) -> None:
        """Something is wrong with a row's field, or with a column by number."""
        self.faults.append(columns.fault(row, where, what))

    def came_from(self, part: str, row: Row) -> None:
        """The next member of a part stands in this row."""
        self.rows.setdefault(part, []).append(row)

    def value(self, columns: Columns, row: Row, name: str, read: Callable[[CellValue], Read], default: Read) -> Read:
        """A cell's meaning; the default when it is empty, or when ``read`` raises ValueError, which is noted."""
        value = columns.value(row, name)
        if value is None:
            return default
        try:
            return read(value)
        except ValueError as error:
            self.fault(columns, row, name, str(error))
            return default
