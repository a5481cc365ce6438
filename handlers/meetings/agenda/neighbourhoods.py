"""Fewer breaks where a proof is out of reach: again and again some meetings are taken out and put back at their best.

Who is taken out: all meetings of a few people, one of whom has a break, who meet one another; or all meetings of some
neighbouring slots. CP-SAT puts them back so that the people concerned have the fewest breaks. It works in
deterministic time, so that after equally many steps equal input gives an equal answer.
"""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from ortools.sat.python import cp_model

from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.packing_model import solve
from handlers.meetings.agenda.timelines import Timelines

SEED = 1
STEP_WORK = 0.6
"""Deterministic seconds for one step."""
STEP_SECONDS = 5.0
MOST_LITERALS = 3
"""Breaks of a person that have a literal each; more are seldom, and a number."""
FEWEST_FREE, MOST_FREE = 40, 400
"""Meetings taken out at once: more after steps that were decided quickly, fewer after steps that were not."""


class BreakImprover:
    """Improves a choice of places step by step; the requests held stay the same.

    Args:
        packing: all places.
        timelines: of the same problem, plain ones.
        counter: of the same problem.
        chosen: indexes of the places to begin with.
    """

    def __init__(self, packing: Packing, timelines: Timelines, counter: BreakCounter, chosen: Sequence[int]) -> None:
        self.packing = packing
        self.timelines = timelines
        self.counter = counter
        self.place_of = {packing.places[index].request: index for index in chosen}
        self.held_by: defaultdict[str, list[int]] = defaultdict(list)
        for request in self.place_of:
            for person in packing.problem.requests[request].participants:
                self.held_by[person].append(request)
        self.free_meetings = 120
        self._random = random.Random(SEED)  # noqa: S311 - a search, not a secret
        self._steps = 0

    @property
    def chosen(self) -> list[int]:
        """Indexes of the places."""
        return sorted(self.place_of.values())

    def breaks(self) -> dict[str, int]:
        """The breaks of each person."""
        slots = {request: self.packing.places[index].slot for request, index in self.place_of.items()}
        return {
            person: self.counter.count(person, diary) for person, diary in diaries(self.packing.problem, slots).items()
        }

    def improve(
        self,
        *,
        bound: int,
        seconds_left: Callable[[], float],
        cancelled: Callable[[], bool],
        on_better: Callable[[int], None],
    ) -> int:
        """Look for the fewest breaks until they are down to ``bound``, or proved, or somebody stops it.

        A second thread has CP-SAT decide on all meetings at once, guided by cores; where it ends in time its answer is
        taken. Meanwhile this one goes step by step. Returns what the breaks cannot fall below, the requests held
        staying the same.
        """
        total = sum(self.breaks().values())
        if total <= bound:
            return bound
        over = False
        whole = _Whole(self, seconds=seconds_left(), cancelled=lambda: over or cancelled())
        try:
            while total > bound and not cancelled() and seconds_left() > 0 and not whole.done():
                before = dict(self.place_of)
                self._step(min(STEP_SECONDS, seconds_left()))
                after = sum(self.breaks().values())
                if after > total:
                    self.place_of = before
                elif after < total:
                    total = after
                    on_better(total)
        finally:
            over = not whole.done()
            found = whole.result()
        if found is not None:
            self.place_of = found
            total = sum(self.breaks().values())
            on_better(total)
            return total
        return bound

    def _step(self, seconds: float) -> None:
        self._steps += 1
        free = self._of_people() if self._steps % 3 else self._of_slots()
        solved = self._put_back(free, seconds)
        change = 1.1 if solved else 0.85
        self.free_meetings = int(min(MOST_FREE, max(FEWEST_FREE, self.free_meetings * change)))

    def _of_people(self) -> set[int]:
        """Meetings of people who meet one another, beginning with someone who has a break."""
        waiting = [person for person, breaks in self.breaks().items() if breaks]
        people = [self._random.choice(waiting)]
        free = set(self.held_by[people[0]])
        met: defaultdict[str, int] = defaultdict(int)
        while len(free) < self.free_meetings and len(people) < len(self.held_by):
            for request in self.held_by[people[-1]]:
                for other in self.packing.problem.requests[request].participants:
                    met[other] += 1
            candidates = [person for person in met if person not in people] or [
                person for person in self.held_by if person not in people
            ]
            some = self._random.sample(candidates, min(4, len(candidates)))
            people.append(max(some, key=lambda person: met.get(person, 0) + (2 if person in waiting else 0)))
            free |= set(self.held_by[people[-1]])
        return free

    def _of_slots(self) -> set[int]:
        """Meetings of neighbouring slots."""
        in_slot: defaultdict[int, list[int]] = defaultdict(list)
        for request, index in self.place_of.items():
            in_slot[self.packing.places[index].slot].append(request)
        slots = sorted(in_slot)
        first = self._random.randrange(len(slots))
        free: set[int] = set()
        for slot in slots[first:] + slots[:first]:
            room = self.free_meetings - len(free)
            if room <= 0:
                break
            here = in_slot[slot]
            free |= set(here if len(here) <= room else self._random.sample(here, room))
        return free

    def _put_back(self, free: set[int], seconds: float) -> bool:
        """Place these meetings anew. Returns whether that was decided."""
        model, taken = self.model_of(free)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.max_deterministic_time = STEP_WORK
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.parameters.optimize_with_core = self._steps % 2 == 0
        solver.parameters.linearization_level = 0 if self._steps % 2 == 0 else 1
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            for index, variable in taken.items():
                if solver.boolean_value(variable):
                    self.place_of[self.packing.places[index].request] = index
        return status == cp_model.OPTIMAL

    def model_of(self, free: set[int]) -> tuple[cp_model.CpModel, dict[int, cp_model.IntVar]]:
        """A model that places these meetings anew among the others, and its variables by index of place."""
        used: defaultdict[int, int] = defaultdict(int)
        for request, index in self.place_of.items():
            if request not in free:
                for row in self.packing.places[index].rows:
                    used[row] += 1
        model = cp_model.CpModel()
        taken: dict[int, cp_model.IntVar] = {}
        in_row: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        capacities = self.packing.capacities
        for request in sorted(free):
            options: list[cp_model.IntVar] = []
            for index in self.packing.of_request[request]:
                rows = self.packing.places[index].rows
                if all(used[row] < capacities[row] for row in rows):
                    taken[index] = model.new_bool_var("")
                    options.append(taken[index])
                    model.add_hint(taken[index], int(self.place_of[request] == index))
                    for row in rows:
                        in_row[row].append(taken[index])
            model.add_exactly_one(options)
        for row, variables in in_row.items():
            room = capacities[row] - used[row]
            if room == 1:
                model.add_at_most_one(variables)
            elif len(variables) > room:
                model.add(cp_model.LinearExpr.sum(variables) <= room)
        model.minimize(self._breaks_of(model, taken, free))
        return model, taken

    def _breaks_of(
        self, model: cp_model.CpModel, taken: dict[int, cp_model.IntVar], free: Iterable[int]
    ) -> cp_model.LinearExprT:
        """The breaks of those who take part in the meetings that are free."""
        requests = self.packing.problem.requests
        people = dict.fromkeys(person for request in sorted(free) for person in requests[request].participants)
        sure: defaultdict[str, set[int]] = defaultdict(set)
        free = set(free)
        for person in people:
            for request in self.held_by[person]:
                if request not in free:
                    sure[person].add(self.packing.places[self.place_of[request]].slot)
        maybe: defaultdict[str, defaultdict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        for index, variable in taken.items():
            place = self.packing.places[index]
            for person in requests[place.request].participants:
                maybe[person][place.slot].append(variable)
        terms: list[cp_model.LinearExprT] = []
        for person in people:
            for stretch in self.timelines.of(person):
                terms += _breaks_in(model, [(slot in sure[person], maybe[person].get(slot, [])) for slot in stretch])
        return cp_model.LinearExpr.sum(terms)


class _Whole:
    """All meetings at once, in a thread: CP-SAT lets others work meanwhile."""

    def __init__(self, improver: BreakImprover, *, seconds: float, cancelled: Callable[[], bool]) -> None:
        self._packing = improver.packing
        model, self._taken = improver.model_of(set(improver.place_of))
        model.clear_hints()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        model.minimize(cp_model.LinearExpr.sum(self._breaks(model, improver)))
        self._solver = cp_model.CpSolver()
        self._solver.parameters.optimize_with_core = True
        self._solver.parameters.linearization_level = 0
        self._status = cp_model.UNKNOWN

        def decide() -> None:
            self._status = solve(self._solver, model, seconds=seconds, cancelled=cancelled)

        self._thread = threading.Thread(target=decide, name="breaks", daemon=True)
        self._thread.start()

    def _breaks(self, model: cp_model.CpModel, improver: BreakImprover) -> list[cp_model.LinearExprT]:
        """Terms of which the sum is at least the breaks: cores are found among them, person by person."""
        in_slot: defaultdict[str, defaultdict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        for index, variable in self._taken.items():
            place = self._packing.places[index]
            for person in self._packing.problem.requests[place.request].participants:
                in_slot[person][place.slot].append(variable)
        terms: list[cp_model.LinearExprT] = []
        for person, slots in in_slot.items():
            meetings = len(improver.held_by[person])
            stretches = improver.timelines.of(person)
            if meetings < 2:
                continue
            if len(stretches) > 1:
                for stretch in stretches:
                    terms += _breaks_in(model, [(False, slots.get(slot, [])) for slot in stretch])
                continue
            busy: list[cp_model.IntVar | None] = []
            for slot in stretches[0]:
                if slot not in slots:
                    busy.append(None)
                    continue
                here = model.new_bool_var("")
                model.add_exactly_one([*slots[slot], ~here])
                busy.append(here)
            terms += _breaks_of_day(model, busy, meetings)
        return terms

    def done(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def result(self) -> dict[int, int] | None:
        """By request the place in an agenda with the fewest breaks; None when that was not decided. Waits for it."""
        self._thread.join()
        if self._status != cp_model.OPTIMAL:
            return None
        chosen = [index for index, variable in self._taken.items() if self._solver.boolean_value(variable)]
        return {self._packing.places[index].request: index for index in chosen}


def _breaks_of_day(
    model: cp_model.CpModel, busy: Sequence[cp_model.IntVar | None], meetings: int
) -> list[cp_model.LinearExprT]:
    """Literals of which at least as many hold as somebody with so many meetings in this one stretch has breaks."""
    model.add(cp_model.LinearExpr.sum([here for here in busy if here is not None]) == meetings)
    begins: list[cp_model.IntVar] = []
    for before, here in pairwise([None, *busy]):
        if here is None:
            continue
        if before is None:
            begins.append(here)
            continue
        begin = model.new_bool_var("")
        model.add_bool_or(begin, before, ~here)
        model.add_implication(begin, here)
        model.add_implication(begin, ~before)
        begins.append(begin)
    extra = [model.new_bool_var("") for _ in range(min(meetings - 1, MOST_LITERALS))]
    for one, more in pairwise(extra):
        model.add_implication(more, one)
    whole: list[cp_model.IntVar] = []
    for first in range(len(busy) - meetings + 1):
        if all(here is not None for here in busy[first : first + meetings]):
            from_here = model.new_bool_var("")
            whole.append(from_here)
            for slot, here in enumerate(busy):
                if here is not None:
                    model.add_implication(from_here, here if first <= slot < first + meetings else ~here)
    model.add_exactly_one([*whole, extra[0]])
    rest = model.new_int_var(0, meetings, "") if meetings - 1 > MOST_LITERALS else 0
    model.add(cp_model.LinearExpr.sum(begins) == 1 + cp_model.LinearExpr.sum(extra) + rest)
    return [*extra, rest]


def _breaks_in(
    model: cp_model.CpModel, busy: Sequence[tuple[bool, Sequence[cp_model.IntVar]]]
) -> list[cp_model.LinearExprT]:
    """Terms whose sum, when it is minimised, is the number of breaks of a stretch.

    ``busy`` says of each slot whether there is a meeting for certain, and which meetings there may be.
    """
    maybe = [variable for _, variables in busy for variable in variables]
    certain = any(sure for sure, _ in busy)
    if not maybe and not certain:
        return []
    terms: list[cp_model.LinearExprT] = []
    for (sure_before, before), (sure, here) in pairwise([(False, []), *busy]):
        if not sure_before and (sure or here):
            begins = model.new_bool_var("")
            meeting = 1 if sure else cp_model.LinearExpr.sum(here)
            model.add(begins + cp_model.LinearExpr.sum(before) >= meeting)
            terms.append(begins)
    if certain:
        terms.append(model.new_constant(-1))
    else:
        met = model.new_bool_var("")
        model.add(met <= cp_model.LinearExpr.sum(maybe))
        terms.append(-1 * met)
    return terms
