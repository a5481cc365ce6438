"""Counting the breaks of people, as the problem's rules define them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from handlers.meetings.agenda.problem import BreakRule, Person, Problem, Slot, day_of
from handlers.meetings.agenda.timing import away, over_before


class BreakCounter:
    """Says between which slots a person has a break. Slots are indexes into ``slots``, earliest first."""

    def __init__(self, problem: Problem, slots: Sequence[Slot]) -> None:
        self._rule = problem.rules.breaks
        self._slots = slots
        self._people = {person.id: person for person in problem.people}
        self._open: dict[str, list[int]] = {}
        self.is_break = cache(self._is_break)

    def count(self, person: str, slots: Iterable[int]) -> int:
        """The breaks of a person who has meetings in these slots."""
        return sum(self.is_break(person, first, second) for first, second in pairwise(sorted(slots)))

    def stretch(self, slot: int) -> date | None:
        """What two meetings have in common that can have a break between them: the day, or nothing in particular."""
        return None if self._rule is BreakRule.EVERY_SLOT else day_of(self._slots[slot])

    def _is_break(self, person: str, first: int, second: int) -> bool:
        """Whether there is a break between two meetings, the second being the next after the first."""
        if self._rule is BreakRule.EVERY_SLOT:
            return second - first > 1
        if self.stretch(first) != self.stretch(second):
            return False
        whose = self._people[person]
        return any(
            self._apart(whose, first, slot) and self._apart(whose, slot, second)
            for slot in self._open_slots(whose)
            if first < slot < second
        )

    def _apart(self, person: Person, first: int, second: int) -> bool:
        return over_before(self._slots[first], first, self._slots[second], second, person.buffer_minutes)

    def _open_slots(self, person: Person) -> list[int]:
        if person.id not in self._open:
            self._open[person.id] = [index for index, slot in enumerate(self._slots) if not away(person, slot)]
        return self._open[person.id]


def diaries(problem: Problem, slot_of: Mapping[int, int]) -> dict[str, list[int]]:
    """For each person the slots of their meetings, given each held request's slot (both as indexes)."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for request, slot in slot_of.items():
        for person in problem.requests[request].participants:
            found[person].append(slot)
    return {person.id: sorted(found[person.id]) for person in problem.people}
