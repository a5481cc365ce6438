"""The last aims, decided among the choices that are equally good so far: breaks, fairness, preferences."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from ortools.sat.python import cp_model

from handlers.meetings.agenda.agenda import Aim
from handlers.meetings.agenda.breaks import BreakCounter
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.packing_model import PackingModel, solve
from handlers.meetings.agenda.packing_program import PackingProgram

LATE_AIMS = (Aim.BREAKS, Aim.FAIRNESS, Aim.PREFERENCES)


@dataclass(slots=True)
class Finished:
    """The choice and, for the aims that were reached, what none falls below."""

    chosen: list[int]
    bounds: dict[Aim, int] = field(default_factory=dict)


def finish(
    program: PackingProgram,
    counter: BreakCounter,
    *,
    seconds_left: Callable[[], float],
    cancelled: Callable[[], bool],
) -> Finished:
    """Decide the last aims, one after the other, as far as time allows."""
    model = _FinishingModel(program, counter)
    finished = Finished(program.chosen)
    for aim in LATE_AIMS:
        if seconds_left() <= 0 or cancelled():
            break
        solver = cp_model.CpSolver()
        model.pursue(aim, finished.chosen)
        status = solve(solver, model.base.model, seconds=seconds_left(), cancelled=cancelled)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        finished.chosen = model.base.chosen(solver)
        finished.bounds[aim] = max(0, round(solver.best_objective_bound))
        if status != cp_model.OPTIMAL:
            break
        model.lock(aim, round(solver.objective_value))
    return finished


class _FinishingModel:
    """Which of the places that are left, and the breaks that follow for each person.

    A person whose meetings are all settled has breaks that are a number; for the others they are a sum of literals that
    may be larger than the breaks are, but not in a solution with the fewest.
    """

    def __init__(self, program: PackingProgram, counter: BreakCounter) -> None:
        self.packing: Packing = program.packing
        self.base = PackingModel(program.packing, program.left(), program.locks, program.certain)
        self.model = self.base.model
        self.counter = counter
        in_slot: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for index in self.base.left:
            place = self.packing.places[index]
            for person in self.packing.problem.requests[place.request].participants:
                in_slot[person][place.slot].append(index)
        settled = program.settled()
        for request in settled:
            self.model.add_exactly_one(self.base.taken[index] for index in self.base.of_request[request])
        sure = {indexes[0] for request in settled if len(indexes := self.base.of_request[request]) == 1}
        self.breaks: dict[str, cp_model.LinearExprT] = {}
        for person in (person.id for person in self.packing.problem.people):
            slots = in_slot[person]
            if all(index in sure for indexes in slots.values() for index in indexes):
                self.breaks[person] = counter.count(person, slots)
            else:
                self.breaks[person] = cp_model.LinearExpr.sum(self._break_literals(person, slots))
        self.spread: tuple[cp_model.IntVar, cp_model.IntVar] | None = None

    def pursue(self, aim: Aim, chosen: Sequence[int]) -> None:
        """Make the aim the objective, and the choice the hint to begin with."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        taken = set(chosen)
        for index, variable in self.base.taken.items():
            self.model.add_hint(variable, int(index in taken))
        self.model.minimize(self._expression(aim))

    def lock(self, aim: Aim, value: int) -> None:
        """From now on the aim is at most so much."""
        self.model.add(self._expression(aim) <= value)

    def _expression(self, aim: Aim) -> cp_model.LinearExprT:
        match aim:
            case Aim.BREAKS:
                return cp_model.LinearExpr.sum(list(self.breaks.values()))
            case Aim.FAIRNESS:
                if self.spread is None:
                    most = len(self.packing.slots)
                    self.spread = self.model.new_int_var(0, most, ""), self.model.new_int_var(0, most, "")
                    for breaks in self.breaks.values():
                        self.model.add(self.spread[0] <= breaks)
                        self.model.add(self.spread[1] >= breaks)
                return self.spread[1] - self.spread[0]
            case _:
                return cp_model.LinearExpr.sum(
                    [self.base.taken[index] for index in self.base.left if self._disliked(index)]
                )

    def _disliked(self, index: int) -> bool:
        place = self.packing.places[index]
        preferred = self.packing.problem.requests[place.request].preferred
        return bool(preferred) and self.packing.slots[place.slot].id not in preferred

    def _break_literals(self, person: str, in_slot: Mapping[int, Sequence[int]]) -> list[cp_model.IntVar]:
        """Literals of which, for every break of the person, one is true.

        A break comes before a meeting when the latest earlier one is far enough away. Where all that is earlier than
        the nearest such slot is far enough away too, as it is unless slots overlap, it matters only if there is any.
        """
        busy = {slot: [self.base.taken[index] for index in indexes] for slot, indexes in sorted(in_slot.items())}
        literals: list[cp_model.IntVar] = []
        for _, group in groupby(busy, key=self.counter.stretch):
            slots = list(group)
            met_by = self._met_by(slots, busy)
            for position, slot in enumerate(slots):
                far = [one for one in slots[:position] if self.counter.is_break(person, one, slot)]
                if not far:
                    continue
                literal = self.model.new_bool_var("")
                literals.append(literal)
                here = cp_model.LinearExpr.sum(busy[slot])
                if far == slots[: len(far)]:
                    near = [variable for one in slots[len(far) : position] for variable in busy[one]]
                    self.model.add(literal >= here + met_by[far[-1]] - cp_model.LinearExpr.sum(near) - 1)
                    continue
                for earlier in far:
                    near = [variable for one in slots[slots.index(earlier) + 1 : position] for variable in busy[one]]
                    there = cp_model.LinearExpr.sum(busy[earlier])
                    self.model.add(literal >= here + there - cp_model.LinearExpr.sum(near) - 1)
        return literals

    def _met_by(
        self, slots: Sequence[int], busy: Mapping[int, Sequence[cp_model.IntVar]]
    ) -> dict[int, cp_model.IntVar]:
        """For each slot a literal that is true when there is a meeting in it or before it."""
        met_by = {slot: self.model.new_bool_var("") for slot in slots}
        for slot in slots:
            for variable in busy[slot]:
                self.model.add_implication(variable, met_by[slot])
        for earlier, slot in pairwise(slots):
            self.model.add_implication(met_by[earlier], met_by[slot])
        return met_by
