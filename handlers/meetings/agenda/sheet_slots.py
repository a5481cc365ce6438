"""The rows of slots, and the tables that they count."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.meetings.agenda import sheet_times, sheet_values
from handlers.meetings.agenda.problem import Slot, Table
from handlers.meetings.agenda.sheet_columns import Columns
from handlers.meetings.agenda.sheet_notes import Notes
from handlers.sheets.cells import CellValue, Row, text_of

SOME_START = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in for a time that cannot be read, so that the rest of the file can be looked at."""
MOST_TABLES = 5_000
"""In one slot."""


@dataclass(slots=True)
class SlotRows:
    """Reads slots, and finds them again for the other sheets."""

    notes: Notes
    zone: ZoneInfo
    slots: list[Slot] = field(default_factory=list, init=False)
    known: set[str] = field(default_factory=set, init=False)
    by_start: dict[datetime, str] = field(default_factory=dict, init=False)

    def read(self, columns: Columns, row: Row) -> None:
        """Note the slot of a row."""
        start, end = self._times(columns, row)
        slot = Slot(
            id=columns.text(row, "id") or ("" if "id" in columns.at else str(len(self.slots) + 1)),
            start=start,
            end=end,
            session=columns.text(row, "session") or None,
        )
        self.notes.came_from("slots", row)
        self.slots.append(slot)
        self.known.add(slot.id)
        if start is not None:
            self.by_start.setdefault(start, slot.id)

    def _times(self, columns: Columns, row: Row) -> tuple[datetime, datetime] | tuple[None, None]:
        if columns.value(row, "start") is None and columns.value(row, "end") is None:
            return None, None
        times = [SOME_START, SOME_START + timedelta(hours=1)]
        for index, name in enumerate(("start", "end")):
            value = columns.value(row, name)
            if value is None:
                self.notes.fault(columns, row, name, "it is empty")
                continue
            try:
                if "day" in columns.at:
                    day = sheet_times.day(columns.value(row, "day"))
                    times[index] = sheet_times.aware(datetime.combine(day, sheet_times.clock(value)), self.zone)
                else:
                    times[index] = sheet_times.moment(value, self.zone)
            except ValueError as error:
                self.notes.fault(columns, row, name, str(error))
        return times[0], times[1]

    def ids(self, columns: Columns, row: Row, name: str) -> tuple[str, ...]:
        """The slots that a cell names, by id or by start; what is neither is a fault."""
        value = columns.value(row, name)
        parts: list[CellValue] = [value] if self.find(value) else [*sheet_values.items(value)]
        ids: list[str] = []
        for part in parts:
            slot = self.find(part)
            if slot is None:
                self.notes.fault(columns, row, name, f"there is no slot {text_of(part)!r}")
            elif slot in ids:
                self.notes.fault(columns, row, name, f"the slot {slot!r} is given twice")
            else:
                ids.append(slot)
        return tuple(ids)

    def find(self, written: CellValue) -> str | None:
        """The id of the slot that is meant, by id or by its start; None when there is none."""
        text = text_of(written)
        if text in self.known:
            return text
        try:
            return self.by_start.get(sheet_times.moment(written, self.zone))
        except ValueError:
            return None

    def count_tables(self) -> list[Table]:
        """Tables by number, from the count that each slot's row gives."""
        columns = self.notes.columns.get("slots")
        if columns is None or "tables" not in columns.at:
            return []
        if "tables" in self.notes.columns:
            self.notes.fault(
                columns, columns.sheet.header, "tables", "the tables have a sheet of their own: leave this out"
            )
            return []
        counts: list[int] = []
        for row in columns.sheet.rows:
            count = self.notes.value(columns, row, "tables", sheet_values.whole, 0)
            if not 0 <= count <= MOST_TABLES:
                self.notes.fault(columns, row, "tables", f"{count} is no number of tables")
                count = 0
            counts.append(count)
        tables: list[Table] = []
        for number in range(1, max(counts, default=0) + 1):
            usable = frozenset(slot.id for slot, count in zip(self.slots, counts, strict=True) if count >= number)
            self.notes.came_from("tables", columns.sheet.header)
            tables.append(Table(id=str(number), slots=None if len(usable) == len(self.slots) else usable))
        return tables
