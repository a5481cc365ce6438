"""Which meeting sits at which table, when it is known which are held in which slot."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from handlers.meetings.agenda.packing import Packing, Place
from handlers.meetings.agenda.timing import clashes


def seat(packing: Packing, chosen: Sequence[Place], keep: Mapping[int, str] | None = None) -> dict[int, str]:
    """A table's id for each request (by index) of places in which no row overflows.

    ``keep`` holds, by request, the table at which a meeting sits so far in the slot of its place. It stays there where
    the table can still be used and is not needed for another; where slots do not overlap, as few as possible change.
    """
    seating = _Seating(packing, keep or {})
    ordered = sorted(chosen, key=lambda place: place.slot)
    return seating.around_those_who_stay(ordered) or seating.anew(ordered)


class _Seating:
    def __init__(self, packing: Packing, keep: Mapping[int, str]) -> None:
        self.packing = packing
        self.keep = keep
        tables = packing.problem.tables
        self.usable = {
            table.id: {
                number for number, slot in enumerate(packing.slots) if table.slots is None or slot.id in table.slots
            }
            for table in tables
        }
        self.owner = {table.id: table.owner for table in tables}
        self.owned: defaultdict[str, list[str]] = defaultdict(list)
        for table in tables:
            if table.owner is not None:
                self.owned[table.owner].append(table.id)
        self.shared = [table.id for table in tables if table.owner is None]
        self.overlapping = [{number} for number in range(len(packing.slots))]
        for group in clashes(packing.slots, 0):
            for slot in group:
                self.overlapping[slot] |= set(group)
        self.taken: defaultdict[str, set[int]] = defaultdict(set)
        self.seated: dict[int, str] = {}

    def around_those_who_stay(self, chosen: Sequence[Place]) -> dict[int, str] | None:
        """Who can stays, the others sit down around them; None when that way somebody finds no table."""
        for place in chosen:
            table = self.keep.get(place.request)
            if table in self.usable and self._free(table, place):
                self._sit(place, table)
        in_slot: defaultdict[int, list[Place]] = defaultdict(list)
        for place in chosen:
            in_slot[place.slot].append(place)
        for place in chosen:
            if place.request in self.seated:
                continue
            table = next(self._free_tables(place, [*self._own(place), *self.shared]), None)
            if table is None:
                table = self._given_up(in_slot[place.slot])
            if table is None:
                return None
            self._sit(place, table)
        return self.seated

    def anew(self, chosen: Sequence[Place]) -> dict[int, str]:
        """All sit down by their place's kind, the earliest first, at their table of before where it is free.

        Whoever begins finds fewer meetings of the kind going on than it has tables, so one is free.
        """
        self.taken.clear()
        self.seated = {}
        for place in chosen:
            tables = self._own(place) if place.kind is None else self.packing.kinds[place.kind].tables
            before = [table for table in tables if table == self.keep.get(place.request)]
            self._sit(place, next(self._free_tables(place, [*before, *tables])))
        return self.seated

    def _given_up(self, others: Sequence[Place]) -> str | None:
        """The table of somebody in the same slot who has one of their own to go to."""
        for other in others:
            table = self.seated.get(other.request)
            if table is None or self.owner[table] is not None:
                continue
            own = next(self._free_tables(other, self._own(other)), None)
            if own is not None:
                self.taken[table].discard(other.slot)
                self._sit(other, own)
                return table
        return None

    def _own(self, place: Place) -> list[str]:
        participants = self.packing.problem.requests[place.request].participants
        return [table for person in participants for table in self.owned[person]]

    def _free_tables(self, place: Place, tables: Sequence[str]) -> Iterator[str]:
        return (table for table in tables if self._free(table, place))

    def _free(self, table: str, place: Place) -> bool:
        owner = self.owner[table]
        mine = owner is None or owner in self.packing.problem.requests[place.request].participants
        return mine and place.slot in self.usable[table] and not self.taken[table] & self.overlapping[place.slot]

    def _sit(self, place: Place, table: str) -> None:
        self.seated[place.request] = table
        self.taken[table].add(place.slot)
