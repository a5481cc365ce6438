"""The agenda from nothing: as full as it can be, then the fewest breaks, then fair, then as people like it.

Every aim is decided before the next is looked at, with its proof or its bound. A first agenda is there at once (see
``repair``); how many requests can be held is proved by prices (``packing_program``); the breaks have a bound that is
known in advance (``flow_bound``) and are brought down to it by clauses (``break_search``) or step by step
(``neighbourhoods``). Equal input gives an equal answer wherever all that is asked is decided within the budget; what is
answered when time runs out depends on how fast the machine was.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from handlers.meetings.agenda.agenda import (
    LARGE_IS_GOOD,
    Agenda,
    Aim,
    Bounds,
    Budget,
    Meeting,
    NotHeld,
    Objective,
    OnProgress,
    Progress,
    Status,
)
from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.checker import checked
from handlers.meetings.agenda.packing import Packing, Place
from handlers.meetings.agenda.problem import FaultyProblemError, Problem, faults, published_rules
from handlers.meetings.agenda.reasons import Taken, why_not
from handlers.meetings.agenda.repair import Repair, rank
from handlers.meetings.agenda.seating import seat
from handlers.meetings.agenda.solvers import with_clauses, with_solvers
from handlers.meetings.agenda.timelines import Timelines

HOLD_AIMS = (Aim.HOLD_FIXED, Aim.HOLD_MUST, Aim.HOLD_WANT)
"""In the order of ``rank``."""
READY_SECONDS = 0.15
"""Kept back from the budget for writing the answer down."""
SMALL = 1500
"""Places up to which all breaks are decided by one exact model before anything else is tried."""


def plan(problem: Problem, *, budget: Budget | None = None, on_progress: OnProgress | None = None) -> Agenda:
    """Plan an agenda. Takes at most the budget's seconds (60 unless it says otherwise).

    Raises FaultyProblemError when the problem makes no sense; then nothing is planned.
    """
    found = faults(problem)
    if found:
        raise FaultyProblemError(found)
    return Planning(problem, budget=budget or Budget(), on_progress=on_progress).run()


def plan_published(
    problem: Problem, *, fairness: int = 2, budget: Budget | None = None, on_progress: OnProgress | None = None
) -> Agenda:
    """Plan by the rules of the published problem, whatever the problem's own: hold all, fewest breaks, fairness."""
    return plan(replace(problem, rules=published_rules(fairness)), budget=budget, on_progress=on_progress)


def bound(problem: Problem, *, budget: Budget | None = None) -> Bounds:
    """How many requests can be held at most, and how few breaks there are at best if all of them are held.

    ``breaks`` is None when it is not certain that all can be held. Raises FaultyProblemError.
    """
    found = faults(problem)
    if found:
        raise FaultyProblemError(found)
    planning = Planning(problem, budget=budget or Budget(seconds=10.0))
    return planning.bounds_alone()


class Planning:
    """One planning: the choice of places so far, and what is known about every aim."""

    def __init__(self, problem: Problem, *, budget: Budget, on_progress: OnProgress | None = None) -> None:
        self.problem = problem
        self.budget = budget
        self.began = budget.clock()
        self.on_progress = on_progress
        self.packing = Packing(problem)
        self.counter = BreakCounter(problem, self.packing.slots)
        self.timelines = Timelines(self.packing, self.counter)
        self.chosen: list[int] = []
        self.infeasible = False
        self.bounds: dict[Aim, int] = dict.fromkeys((Aim.BREAKS, Aim.FAIRNESS, Aim.PREFERENCES), 0)
        ranks = [rank(request) for request in problem.requests]
        self.hold_aims = {aim: of_rank for of_rank, aim in enumerate(HOLD_AIMS) if of_rank in ranks}
        for aim, of_rank in self.hold_aims.items():
            self.bounds[aim] = sum(
                request.weight
                for number, request in enumerate(problem.requests)
                if ranks[number] == of_rank and self.packing.of_request[number]
            )
        self.held_bound = sum(bool(places) for places in self.packing.of_request)
        self.solving = with_solvers()

    def seconds_left(self) -> float:
        """Until the answer has to be written down."""
        return self.budget.seconds - READY_SECONDS - (self.budget.clock() - self.began)

    def stopped(self) -> bool:
        """Whether to answer with what there is."""
        return self.budget.cancelled() or self.seconds_left() <= 0

    def run(self) -> Agenda:
        """Decide aim after aim."""
        everyone = range(len(self.problem.requests))
        if self.problem.rules.hold_all and not all(self.packing.of_request):
            self.infeasible = True
            return self.agenda()
        if self._in_clauses():
            self._search_with_all_held()
            return self.agenda()
        repair = Repair(self.packing, stopped=self.stopped)
        repair.insert_all(everyone)
        self.chosen = repair.chosen
        self._keep_fairness_limit()
        self._report(None, best=True)
        if self.solving and not self.stopped():
            self._decide()
            self._keep_fairness_limit()
        return self.agenda()

    def bounds_alone(self) -> Bounds:
        """The bounds, without looking for a good agenda."""
        breaks: int | None = None
        if self.held_bound == len(self.problem.requests):
            breaks = self._flow_bound(range(len(self.problem.requests)), None)
        return Bounds(
            held=self.held_bound,
            breaks=breaks,
            infeasible=self.infeasible or (self.problem.rules.hold_all and not all(self.packing.of_request)),
            seconds=self.budget.clock() - self.began,
        )

    def _in_clauses(self) -> bool:
        """Whether this is the published problem in all but name, which clauses decide best."""
        rules = self.problem.rules
        return rules.hold_all and self.timelines.plain and with_clauses()

    def _search_with_all_held(self) -> None:
        from handlers.meetings.agenda.break_search import Searched, search_fewest_breaks

        def better(known: Searched) -> None:
            self.chosen = known.chosen or []
            self.bounds[Aim.BREAKS] = max(self.bounds[Aim.BREAKS], known.bound)
            self._report(Aim.BREAKS, best=known.chosen is not None)

        found = search_fewest_breaks(
            self.packing,
            self.counter,
            first_bound=lambda: self._flow_bound(range(len(self.problem.requests)), None),
            seconds_left=self.seconds_left,
            cancelled=self.budget.cancelled,
            on_better=better,
        )
        self.infeasible = self.infeasible or found.infeasible
        self.chosen = found.chosen or []
        self.bounds[Aim.BREAKS] = found.bound

    def _flow_bound(self, held: Sequence[int], at_most: int | None) -> int:
        """A bound of the breaks when these requests are held; 0 when there is nothing to count it with."""
        if not self.timelines.plain or not self.solving:
            return 0
        from handlers.meetings.agenda.flow_bound import flow_bound

        found = flow_bound(self.packing, self.timelines, held, at_most=at_most, stopped=self.stopped)
        self.infeasible = self.infeasible or (found.infeasible and self.problem.rules.hold_all)
        return found.breaks

    def _decide(self) -> None:
        from handlers.meetings.agenda.finishing import finish
        from handlers.meetings.agenda.packing_program import PackingProgram

        program = PackingProgram(
            self.packing,
            self.chosen,
            range(len(self.problem.requests)),
            seconds_left=self.seconds_left,
            cancelled=self.budget.cancelled,
        )
        places, requests = self.packing.places, self.problem.requests
        for aim, of_rank in self.hold_aims.items():
            self._report(aim)
            decision = program.decide(
                [requests[one.request].weight if rank(requests[one.request]) == of_rank else 0 for one in places]
            )
            self.chosen = decision.chosen
            self.bounds[aim] = min(self.bounds[aim], decision.bound)
            self._report(aim, best=True)
        if self.problem.rules.hold_all and any(self.bounds[aim] < self._most(aim) for aim in self.hold_aims):
            self.infeasible = True
            return
        if self.stopped():
            return
        all_held = len(self.chosen) == len(requests)
        lowest = self._improve_breaks(all_held=all_held)
        program.chosen = list(self.chosen)
        finished = finish(program, self.counter, seconds_left=self.seconds_left, cancelled=self.budget.cancelled)
        self.chosen = finished.chosen
        self.bounds |= finished.bounds
        self.bounds[Aim.BREAKS] = max(self.bounds[Aim.BREAKS], lowest)

    def _most(self, aim: Aim) -> int:
        """What there would be if every request of this aim were held."""
        of_rank = self.hold_aims[aim]
        return sum(request.weight for request in self.problem.requests if rank(request) == of_rank)

    def _improve_breaks(self, *, all_held: bool) -> int:
        """Bring the breaks down, the requests held staying as they are. Returns a bound that holds for every choice."""
        self._report(Aim.BREAKS)
        held = [self.packing.places[index].request for index in self.chosen]
        if not self.timelines.plain or not held:
            return 0
        from handlers.meetings.agenda.neighbourhoods import BreakImprover

        improver = BreakImprover(self.packing, self.timelines, self.counter, self.chosen)
        lowest = self._flow_bound(held, sum(improver.breaks().values()))
        if all_held:
            self.bounds[Aim.BREAKS] = lowest
        if len(self.packing.places) <= SMALL:
            return lowest if all_held else 0

        def better(_: int) -> None:
            self.chosen = improver.chosen
            self._report(Aim.BREAKS, best=True)

        lowest = improver.improve(
            bound=lowest, seconds_left=self.seconds_left, cancelled=self.budget.cancelled, on_better=better
        )
        self.chosen = improver.chosen
        return lowest if all_held else 0

    def _keep_fairness_limit(self) -> None:
        """Give meetings up until nobody has more breaks than allowed."""
        limit = self.problem.rules.fairness_limit
        if limit is None:
            return
        while True:
            breaks = self._breaks()
            worst = max(breaks, key=lambda person: breaks[person])
            if breaks[worst] - min(breaks.values()) <= limit:
                return
            requests = self.problem.requests
            theirs = [
                index for index in self.chosen if worst in requests[self.packing.places[index].request].participants
            ]
            least = max(theirs, key=lambda index: (rank(requests[self.packing.places[index].request]), index))
            self.chosen = [index for index in self.chosen if index != least]

    def _breaks(self) -> dict[str, int]:
        """The breaks of each person."""
        slot_of = {self.packing.places[index].request: self.packing.places[index].slot for index in self.chosen}
        return {person: self.counter.count(person, diary) for person, diary in diaries(self.problem, slot_of).items()}

    def agenda(self) -> Agenda:
        """What is known now as an answer, checked."""
        seconds = self.budget.clock() - self.began
        planner = "solver" if self.solving else "greedy"
        requests = self.problem.requests
        taken = Taken(self.packing, self.chosen)
        places = [self.packing.places[index] for index in self.chosen]
        held = {place.request for place in places}
        not_held = tuple(
            NotHeld(id=request.id, reason=why_not(taken, number))
            for number, request in enumerate(requests)
            if number not in held
        )
        if self.infeasible:
            return Agenda(status=Status.INFEASIBLE, not_held=not_held, seconds=seconds, planner=planner)
        if self.problem.rules.hold_all and not_held:
            return Agenda(status=Status.UNDECIDED, not_held=not_held, seconds=seconds, planner=planner)
        tables = seat(self.packing, places)
        meetings = {
            place.request: Meeting(
                id=requests[place.request].id, slot=self._slot_of(place), table=tables[place.request]
            )
            for place in places
        }
        objectives = self._objectives(places)
        breaks = self._breaks().values()
        answer = Agenda(
            status=Status.OPTIMAL if all(one.proved for one in objectives) else Status.FEASIBLE,
            meetings=tuple(meetings[request] for request in sorted(meetings)),
            not_held=not_held,
            objectives=objectives,
            held_bound=self._known_held_bound(),
            seconds=seconds,
            planner=planner,
            spread=max(breaks, default=0) - min(breaks, default=0),
        )
        return checked(self.problem, answer)

    def _slot_of(self, place: Place) -> str:
        return self.packing.slots[place.slot].id

    def _objectives(self, places: Sequence[Place]) -> tuple[Objective, ...]:
        requests = self.problem.requests
        values: dict[Aim, int] = {}
        for aim, of_rank in self.hold_aims.items():
            held = [requests[place.request] for place in places]
            values[aim] = sum(request.weight for request in held if rank(request) == of_rank)
        breaks = list(self._breaks().values())
        values[Aim.BREAKS] = sum(breaks)
        if self.problem.rules.fairness_limit is None:
            values[Aim.FAIRNESS] = max(breaks, default=0) - min(breaks, default=0)
            if any(request.preferred for request in requests):
                values[Aim.PREFERENCES] = sum(
                    bool(wish := requests[place.request].preferred) and self._slot_of(place) not in wish
                    for place in places
                )
        return tuple(self._objective(aim, value) for aim, value in values.items())

    def _objective(self, aim: Aim, value: int) -> Objective:
        limit = self.bounds[aim]
        best: Callable[[int, int], int] = max if aim in LARGE_IS_GOOD else min
        return Objective(aim=aim, value=value, bound=best(limit, value))

    def _known_held_bound(self) -> int:
        if all(request.weight == 1 for request in self.problem.requests):
            return min(self.held_bound, sum(self.bounds[aim] for aim in self.hold_aims))
        return self.held_bound

    def _report(self, stage: Aim | None, *, best: bool = False) -> None:
        if self.on_progress is None:
            return
        agenda = self.agenda() if best else None
        self.on_progress(
            Progress(
                stage=stage,
                seconds=self.budget.clock() - self.began,
                held=len(self.chosen),
                held_bound=self._known_held_bound(),
                breaks=None if agenda is None else agenda.breaks,
                breaks_bound=self.bounds[Aim.BREAKS] or None,
                best=agenda,
            )
        )
