"""The rows of requests, and what comes after what."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.meetings.agenda import sheet_values
from handlers.meetings.agenda.problem import Precedence, Priority, Request, State
from handlers.meetings.agenda.sheet_columns import Columns
from handlers.meetings.agenda.sheet_notes import Notes
from handlers.meetings.agenda.sheet_people import PeopleRows
from handlers.meetings.agenda.sheet_slots import SlotRows
from handlers.sheets.cells import Row, plain, text_of


@dataclass(slots=True)
class RequestRows:
    """Reads requests. ``declined`` are the ids of those that nobody wishes for."""

    notes: Notes
    slots: SlotRows
    people: PeopleRows
    requests: list[Request] = field(default_factory=list, init=False)
    precedences: list[Precedence] = field(default_factory=list, init=False)
    declined: list[str] = field(default_factory=list, init=False)

    def read(self, columns: Columns, row: Row) -> None:
        """Note the request of a row, and what it comes after; or that it is declined."""
        id_ = columns.text(row, "id") or (
            "" if "id" in columns.at else str(len(self.requests) + len(self.declined) + 1)
        )
        if plain(columns.text(row, "priority")) in sheet_values.DECLINED:
            self.declined.append(id_)
            return
        participants = tuple(self._participants(columns, row))
        fixed = self.slots.ids(columns, row, "fixed")
        if len(fixed) > 1:
            self.notes.fault(columns, row, "fixed", "a request is fixed to one slot")
        self.notes.came_from("requests", row)
        self.requests.append(
            Request(
                id=id_,
                participants=participants,
                priority=self.notes.value(columns, row, "priority", sheet_values.priority, Priority.WANT),
                weight=self.notes.value(columns, row, "weight", sheet_values.whole, 1),
                sessions=self._sessions(columns, row),
                slots=frozenset(self.slots.ids(columns, row, "slots")) or None,
                fixed=fixed[0] if fixed else None,
                preferred=frozenset(self.slots.ids(columns, row, "preferred")),
                state=self.notes.value(columns, row, "state", sheet_values.state, State.REQUESTED),
            )
        )
        for before in dict.fromkeys(sheet_values.items(columns.value(row, "after"))):
            self.notes.came_from("precedences", row)
            self.precedences.append(Precedence(before=before, after=id_))

    def _participants(self, columns: Columns, row: Row) -> Iterator[str]:
        found: list[tuple[int, str]] = []
        if "participants" in columns.at:
            at = columns.at["participants"]
            value = columns.value(row, "participants")
            whole = text_of(value)
            found += [(at, one) for one in ([whole] if self.people.means_one(whole) else sheet_values.items(value))]
        found += [(at, text_of(row.cell(at))) for at in columns.people if row.cell(at) is not None]
        ids = [self.people.find(columns, row, at, written) for at, written in found]
        times = Counter(ids)
        for index, (at, id_) in enumerate(zip((at for at, _ in found), ids, strict=True)):
            if times[id_] > 1 and id_ in ids[:index]:
                self.notes.fault(columns, row, at, f"{id_!r} is in it twice")
        yield from ids

    def _sessions(self, columns: Columns, row: Row) -> frozenset[str] | None:
        written = sheet_values.items(columns.value(row, "session"))
        if not written or any(plain(one) in sheet_values.ANY for one in written):
            return None
        known = sorted({slot.session for slot in self.slots.slots if slot.session})
        found: set[str] = set()
        for one in written:
            same = [session for session in known if sheet_values.same_session(one, session)]
            if not same:
                self.notes.fault(
                    columns, row, "session", f"there is no session {one!r}; there is {', '.join(known) or 'none'}"
                )
            found.update(same)
        return frozenset(found)
