"""The problem as a packing: every way to place a request in a slot, and what each place takes of what there is once.

A request is placed at most once; a place takes one unit of several rows, each of which has a capacity. So two meetings
of a person at once, a table too few and a precedence turned round are all the same thing: a row that overflows. A
choice of places in which no row overflows can always be seated (see ``seating``), and every agenda is such a choice.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from enum import Enum
from typing import NamedTuple

from handlers.meetings.agenda.problem import Problem, Request, Slot, Table, in_order
from handlers.meetings.agenda.timing import away, clashes, over_before, starts_by


class Place(NamedTuple):
    """A way to hold a request.

    ``request`` and ``slot`` are indexes into ``Packing.problem.requests`` and ``Packing.slots``, ``rows`` into its
    capacities. ``kind`` says which tables would do: an index into ``Packing.kinds``, None for one of the people's own.
    """

    request: int
    slot: int
    kind: int | None
    rows: tuple[int, ...]


class RowKind(Enum):
    """What there is so much of: a person at one time, tables alike at one time, a precedence at one time."""

    PERSON = "person"
    TABLES = "tables"
    ORDER = "order"


class TableKind(NamedTuple):
    """Tables of nobody that can be used in the same slots of a stretch of overlapping slots; indexes, and ids."""

    slots: frozenset[int]
    tables: tuple[str, ...]


class Packing:
    """All places of a problem without faults, or those that ``may`` lets through.

    Attributes:
        problem: what was packed.
        slots: the problem's, earliest first.
        places: request by request and slot by slot.
        of_request: for each request the indexes of its places.
        capacities: of each row.
        row_kinds: of each row what it stands for.
        kinds: of tables.
    """

    def __init__(self, problem: Problem, may: Callable[[Request, Slot], bool] = lambda _request, _slot: True) -> None:
        self.problem = problem
        self._may = may
        self.slots: list[Slot] = in_order(problem.slots)
        self.places: list[Place] = []
        self.capacities: list[int] = []
        self.row_kinds: list[RowKind] = []
        self.kinds: list[TableKind] = []
        self._rows: dict[tuple[RowKind, Hashable, int], int] = {}
        self._people = {person.id: person for person in problem.people}
        self.open = {
            person.id: {index for index, slot in enumerate(self.slots) if not away(person, slot)}
            for person in problem.people
        }
        buffers = {0, *(person.buffer_minutes for person in problem.people)}
        self._clashes = {minutes: _by_slot(clashes(self.slots, minutes), len(self.slots)) for minutes in buffers}
        self._own = self._own_tables()
        self._kinds_in = self._table_kinds()
        self._order = self._order_rows()
        self.of_request: list[list[int]] = []
        for index, request in enumerate(problem.requests):
            self.of_request.append([])
            for slot in self.allowed(request):
                if all(slot in self.open[person] for person in request.participants):
                    self.add(index, slot)

    def allowed(self, request: Request) -> Iterator[int]:
        """The slots in which a request may be held as far as it is concerned, its people there or not."""
        for index, slot in enumerate(self.slots):
            if (
                (request.fixed is None or slot.id == request.fixed)
                and (request.slots is None or slot.id in request.slots)
                and (request.sessions is None or slot.session in request.sessions)
                and self._may(request, slot)
            ):
                yield index

    def add(self, index: int, slot: int, *, seated: bool = True) -> list[int]:
        """Add the places of a request in a slot, whoever is away, and return their indexes.

        ``seated`` false leaves out the tables, as if there were one more.
        """
        request = self.problem.requests[index]
        rows = [
            self._row((RowKind.PERSON, person, clash), 1)
            for person in request.participants
            for clash in self._clashes[self._people[person].buffer_minutes][slot]
        ]
        rows += [self._row((RowKind.ORDER, row, 0), 1) for row in self._order.get((request.id, slot), ())]
        added = []
        if not seated or any(slot in self._own.get(person, ()) for person in request.participants):
            added.append(Place(index, slot, None, tuple(rows)))
        else:
            for kind in self._kinds_in[slot]:
                size = len(self.kinds[kind].tables)
                seats = [self._row((RowKind.TABLES, kind, clash), size) for clash in self._clashes[0][slot]]
                added.append(Place(index, slot, kind, (*rows, *seats)))
        first = len(self.places)
        self.places += added
        indexes = list(range(first, len(self.places)))
        self.of_request[index] += indexes
        return indexes

    def _row(self, key: tuple["RowKind", Hashable, int], capacity: int) -> int:
        if key not in self._rows:
            self._rows[key] = len(self.capacities)
            self.capacities.append(capacity)
            self.row_kinds.append(key[0])
        return self._rows[key]

    def _own_tables(self) -> dict[str, set[int]]:
        """For each person the slots in which a table of their own can be used.

        Nobody competes for it: the others who may sit there meet its owner, who meets once at a time.
        """
        own: defaultdict[str, set[int]] = defaultdict(set)
        for table in self.problem.tables:
            if table.owner is not None:
                own[table.owner] |= self._usable(table)
        return own

    def _usable(self, table: Table) -> set[int]:
        return {index for index, slot in enumerate(self.slots) if table.slots is None or slot.id in table.slots}

    def _table_kinds(self) -> list[list[int]]:
        """For each slot the kinds of tables that can be used in it.

        Where slots overlap it matters which table stands free for how long. Tables that can be used in the same slots
        are alike; of one kind, as many meetings at once as there are tables can always be seated.
        """
        shared = [(table.id, self._usable(table)) for table in self.problem.tables if table.owner is None]
        in_slot: list[list[int]] = [[] for _ in self.slots]
        for stretch in _stretches(clashes(self.slots, 0), len(self.slots)):
            alike: defaultdict[frozenset[int], list[str]] = defaultdict(list)
            for table, usable in shared:
                if usable & stretch:
                    alike[frozenset(usable & stretch)].append(table)
            for usable_slots, tables in alike.items():
                for slot in usable_slots:
                    in_slot[slot].append(len(self.kinds))
                self.kinds.append(TableKind(usable_slots, tuple(tables)))
        return in_slot

    def _order_rows(self) -> dict[tuple[str, int], list[tuple[int, int]]]:
        """What a request in a slot takes of its precedences' rows.

        There is one row for each precedence and moment at which a slot begins; it is taken by the earlier request when
        it is not over by then, and by the later one when it has begun. Both at once would be the wrong order.
        """
        rows: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        for number, precedence in enumerate(self.problem.precedences):
            for moment, begins in enumerate(self.slots):
                for index, slot in enumerate(self.slots):
                    if not over_before(slot, index, begins, moment):
                        rows[precedence.before, index].append((number, moment))
                    if starts_by(slot, index, begins, moment):
                        rows[precedence.after, index].append((number, moment))
        return rows


def _by_slot(groups: list[tuple[int, ...]], slots: int) -> list[list[int]]:
    return [[number for number, group in enumerate(groups) if slot in group] for slot in range(slots)]


def _stretches(groups: list[tuple[int, ...]], slots: int) -> list[frozenset[int]]:
    """Slots that are connected by overlapping one another, stretch by stretch."""
    stretch_of = {slot: {slot} for slot in range(slots)}
    for group in groups:
        joined = set().union(*(stretch_of[slot] for slot in group))
        for slot in joined:
            stretch_of[slot] = joined
    return list(dict.fromkeys(frozenset(stretch) for stretch in stretch_of.values()))
