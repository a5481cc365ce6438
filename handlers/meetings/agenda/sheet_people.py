"""The rows of people, and of the tables that may belong to them."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.meetings.agenda import sheet_times, sheet_values
from handlers.meetings.agenda.problem import Block, Person, Table
from handlers.meetings.agenda.sheet_columns import Columns
from handlers.meetings.agenda.sheet_notes import Notes
from handlers.meetings.agenda.sheet_slots import SlotRows
from handlers.sheets.cells import Row, text_of


@dataclass(slots=True)
class PeopleRows:
    """Reads people, and finds them again, by id or by name, for the other sheets."""

    notes: Notes
    slots: SlotRows
    people: list[Person] = field(default_factory=list, init=False)
    known: set[str] = field(default_factory=set, init=False)
    by_name: dict[str, list[str]] = field(default_factory=dict, init=False)

    def read(self, columns: Columns, row: Row) -> None:
        """Note the person of a row."""
        name = " ".join(part for part in (columns.text(row, "name"), columns.text(row, "surname")) if part)
        unavailable, blocks = self._absences(columns, row)
        person = Person(
            id=columns.text(row, "id") if "id" in columns.at else name,
            name=name,
            organisation=columns.text(row, "organisation"),
            unavailable=unavailable,
            buffer_minutes=self.notes.value(columns, row, "buffer", sheet_values.whole, 0),
            blocks=blocks,
        )
        self.notes.came_from("people", row)
        self.people.append(person)
        self.known.add(person.id)
        if name:
            self.by_name.setdefault(name.casefold(), []).append(person.id)

    def _absences(self, columns: Columns, row: Row) -> tuple[frozenset[str], tuple[Block, ...]]:
        slots: list[str] = []
        blocks: list[Block] = []
        value = columns.value(row, "unavailable")
        for part in [value] if isinstance(value, datetime) else sheet_values.items(value):
            slot = self.slots.find(part)
            if slot is not None:
                slots.append(slot)
                continue
            try:
                start, end, travel = sheet_times.stretch(part, self.slots.zone)
            except ValueError as error:
                self.notes.fault(columns, row, "unavailable", f"there is no slot {text_of(part)!r}, and {error}")
                continue
            blocks.append(Block(start=start, end=end, travel_minutes=travel))
        return frozenset(slots), tuple(blocks)

    def find(self, columns: Columns, row: Row, where: str | int, written: str) -> str:
        """The id of whom the text means, by id or by name. Who is unknown keeps the text, and is named as a fault."""
        if written in self.known:
            return written
        named = self.by_name.get(written.casefold(), [])
        if len(named) > 1:
            self.notes.fault(columns, row, where, f"{written!r} is the name of {len(named)} people: write the id")
        elif not named:
            self.notes.fault(columns, row, where, f"there is no person {written!r}")
        return named[0] if named else written

    def means_one(self, written: str) -> bool:
        """Whether the text as a whole is somebody's id or name."""
        return written in self.known or written.casefold() in self.by_name


@dataclass(slots=True)
class TableRows:
    """Reads tables that have a sheet of their own."""

    notes: Notes
    slots: SlotRows
    people: PeopleRows
    tables: list[Table] = field(default_factory=list, init=False)

    def read(self, columns: Columns, row: Row) -> None:
        """Note the table of a row."""
        owner = columns.text(row, "owner")
        slots = frozenset(self.slots.ids(columns, row, "slots")) if columns.value(row, "slots") is not None else None
        self.notes.came_from("tables", row)
        self.tables.append(
            Table(
                id=columns.text(row, "id"),
                slots=slots,
                owner=self.people.find(columns, row, "owner", owner) if owner else None,
            )
        )
