"""What a person's breaks are counted along: stretches of slots, one after another."""

from collections import defaultdict
from collections.abc import Hashable
from datetime import date

from handlers.meetings.agenda.breaks import BreakCounter
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.problem import BreakRule
from handlers.meetings.agenda.timing import over_before


class Timelines:
    """For each person the stretches (days, or the whole event) of slots in which it is busy or idle.

    ``separate`` is true when no two slots can exclude each other for anyone, by overlapping or by a buffer. ``plain``
    is true when a person's breaks in a stretch are the groups of neighbouring slots with meetings, less one.
    """

    def __init__(self, packing: Packing, counter: BreakCounter) -> None:
        self._packing = packing
        self._counter = counter
        self._every = packing.problem.rules.breaks is BreakRule.EVERY_SLOT
        self._found: dict[Hashable, list[list[int]]] = {}
        most = max((person.buffer_minutes for person in packing.problem.people), default=0)
        slots = packing.slots
        self.separate = all(
            over_before(slots[first], first, slots[first + 1], first + 1, most) for first in range(len(slots) - 1)
        )
        self.plain = self._every or all(
            over_before(slots[first], first, slots[first + 1], first + 1, most)
            or counter.stretch(first) != counter.stretch(first + 1)
            for first in range(len(slots) - 1)
        )

    def of(self, person: str) -> list[list[int]]:
        """The stretches of a person, as indexes of slots, the earliest first."""
        key: Hashable = None if self._every else frozenset(self._packing.open[person])
        if key not in self._found:
            stretches: defaultdict[date | None, list[int]] = defaultdict(list)
            for slot in range(len(self._packing.slots)):
                if self._every or slot in self._packing.open[person]:
                    stretches[self._counter.stretch(slot)].append(slot)
            self._found[key] = list(stretches.values())
        return self._found[key]
