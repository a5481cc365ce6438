"""Agendas with at most so many breaks, sought by CaDiCaL.

A number of breaks is either possible, which an agenda shows, or impossible, which is proved. What a slice of the search
decides is decided in this process. Then two searches run side by side in processes of their own, one after proofs and
one after agendas; they differ in how they are set and in what clauses they are given. The first is always at the
smallest number that is not yet decided; so is the second as long as that is the bound known in advance, which is often
met, and later it is one ahead.

The answer does not depend on which process the machine runs faster: both proceed in slices of so many conflicts, and
what a slice has found is looked at when the other one's is over too.
"""

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.problem import Problem
from handlers.meetings.agenda.timelines import Timelines

LOOK_SECONDS = 0.05
"""Between two looks at whether somebody cancelled."""
FOR_SOLUTIONS = {"stabilizeonly": 1, "elimreleff": 10, "subsumereleff": 60}
"""What CaDiCaL itself sets for formulas that are expected to have a solution."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to search: CaDiCaL's settings, a slice's conflicts, and what clauses (see ``BreakClauses``)."""

    settings: dict[str, int]
    conflicts: int
    seated: bool
    totals: bool


PROVING, FINDING, TRYING = range(3)
WAYS = (
    Way({}, 6000, seated=False, totals=False),
    Way({**FOR_SOLUTIONS, "walk": 0}, 4000, seated=True, totals=True),
    Way(FOR_SOLUTIONS, 3000, seated=True, totals=False),
)
"""Slices of the first two, which run side by side, take about as long: half a second to a second."""
TRIED_HERE = 12_000
"""Places up to which a slice is short enough to be waited for, since nothing can interrupt it."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What a slice has decided about a limit, and the agenda (indexes of places) if there is one."""

    decided: bool
    chosen: list[int] | None


@dataclass(slots=True)
class Searched:
    """What is known: the best agenda (indexes of places), its breaks, and what none falls below."""

    chosen: list[int] | None = None
    breaks: int | None = None
    bound: int = 0
    infeasible: bool = False


def search_fewest_breaks(
    packing: Packing,
    counter: BreakCounter,
    *,
    first_bound: Callable[[], int],
    seconds_left: Callable[[], float],
    cancelled: Callable[[], bool],
    on_better: Callable[[Searched], None],
) -> Searched:
    """Hold all requests with the fewest breaks. ``first_bound`` is asked for a bound when it is needed."""
    search = _Search(packing, counter, on_better, lambda: cancelled() or seconds_left() <= 0)
    if len(packing.places) <= TRIED_HERE:
        search.try_here(first_bound)
    else:
        search.known.bound = first_bound()
    search.side_by_side()
    return search.known


class Solving:
    """The clauses of a problem, and the solver that is at one limit."""

    def __init__(self, packing: Packing, counter: BreakCounter, way: Way) -> None:
        from handlers.meetings.agenda.clauses import BreakClauses

        self._way = way
        self._clauses = BreakClauses(
            packing,
            Timelines(packing, counter),
            packing.problem.rules.fairness_limit,
            seated=way.seated,
            totals=way.totals,
        )
        self._solver: Any = None
        self._limit: int | None = None

    def slice(self, limit: int | None) -> Slice:
        """Go on with this limit (None: any number of breaks), or begin with it when the last one was another."""
        from pysat.solvers import Cadical195

        if self._solver is None or limit != self._limit:
            self.close()
            self._solver, self._limit = Cadical195(), limit
            self._solver.configure(self._way.settings)
            self._solver.append_formula(self._clauses.limited(limit))
        self._solver.conf_budget(self._way.conflicts)
        outcome = self._solver.solve_limited()
        return Slice(outcome is not None, self._clauses.chosen(self._solver.get_model()) if outcome else None)

    def close(self) -> None:
        """Give the solver's memory back."""
        if self._solver is not None:
            self._solver.delete()
            self._solver = None


def serve(pipe: Connection, problem: Problem, number: int) -> None:
    """The process: a slice for each limit that comes through the pipe."""
    packing = Packing(problem)
    solving = Solving(packing, BreakCounter(problem, packing.slots), WAYS[number])
    while True:
        try:
            pipe.send(solving.slice(pipe.recv()))
        except (EOFError, BrokenPipeError):
            return


@dataclass(slots=True)
class _Searcher:
    """A process that searches."""

    problem: Problem
    number: int
    limit: int | None = None
    process: BaseProcess | None = field(default=None, repr=False)
    pipe: Connection | None = field(default=None, repr=False)

    def begin_slice(self, limit: int | None) -> Connection:
        """Have a slice searched; the answer comes through the pipe."""
        if self.process is None or self.pipe is None:
            context = multiprocessing.get_context("spawn")
            self.pipe, other = context.Pipe()
            self.process = context.Process(target=serve, args=(other, self.problem, self.number), daemon=True)
            self.process.start()
            other.close()
        self.limit = limit
        self.pipe.send(limit)
        return self.pipe

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self.process is not None and self.pipe is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()


class _Search:
    """What is known, and the searches that find out more."""

    def __init__(
        self,
        packing: Packing,
        counter: BreakCounter,
        on_better: Callable[[Searched], None],
        stopped: Callable[[], bool],
    ) -> None:
        self.known = Searched()
        self._packing = packing
        self._counter = counter
        self._on_better = on_better
        self._stopped = stopped

    @property
    def decided(self) -> bool:
        """Whether nothing is left to be found out."""
        return self.known.infeasible or self.known.breaks == self.known.bound

    def try_here(self, first_bound: Callable[[], int]) -> None:
        """See what a slice decides: whether there is an agenda at all, and whether the bound can be met."""
        solving = Solving(self._packing, self._counter, WAYS[TRYING])
        self._take_in(None, solving.slice(None))
        if not self.decided:
            self.known.bound = max(self.known.bound, first_bound())
        while not (self.decided or self._stopped()):
            limit = self.known.bound
            found = solving.slice(limit)
            self._take_in(limit, found)
            if not found.decided:
                break
        solving.close()

    def side_by_side(self) -> None:
        """Search in two processes until everything is decided, or somebody stops it."""
        searchers = [_Searcher(self._packing.problem, number) for number in (PROVING, FINDING)]
        first_bound = self.known.bound
        try:
            while not (self.decided or self._stopped()):
                self._one_slice_each(searchers, first_bound)
        finally:
            for searcher in searchers:
                searcher.stop()

    def _one_slice_each(self, searchers: list[_Searcher], first_bound: int) -> None:
        limits = [self.known.bound, self._limit_of_finding(searchers[FINDING], first_bound)]
        waiting = {one.begin_slice(limit): one for one, limit in zip(searchers, limits, strict=True)}
        found: dict[int, Slice] = {}
        while waiting:
            for pipe in wait(list(waiting), timeout=LOOK_SECONDS):
                if isinstance(pipe, Connection):
                    found[waiting.pop(pipe).number] = pipe.recv()
            if self._stopped():
                break
        for number in sorted(found):
            self._take_in(searchers[number].limit, found[number])

    def _limit_of_finding(self, finding: _Searcher, first_bound: int) -> int | None:
        """Any agenda first; then the smallest number as long as it is the first, or nothing else is better.

        Later one ahead, and a search that the proofs have caught up with goes on.
        """
        smallest, breaks = self.known.bound, self.known.breaks
        if breaks is None:
            return None
        ahead = smallest + 1
        if smallest == first_bound or finding.limit == smallest or breaks <= ahead:
            return smallest
        return ahead

    def _take_in(self, limit: int | None, found: Slice) -> None:
        if not found.decided:
            return
        if found.chosen is not None:
            self._possible(found.chosen)
        elif limit is None:
            self.known.infeasible = True
            self._on_better(self.known)
        elif limit >= self.known.bound:
            self.known.bound = limit + 1
            self._on_better(self.known)

    def _possible(self, chosen: list[int]) -> None:
        places = self._packing.places
        slot_of = {places[index].request: places[index].slot for index in chosen}
        found = diaries(self._packing.problem, slot_of).items()
        breaks = sum(self._counter.count(person, slots) for person, slots in found)
        if self.known.breaks is None or breaks < self.known.breaks:
            self.known.chosen, self.known.breaks = chosen, breaks
            self._on_better(self.known)
