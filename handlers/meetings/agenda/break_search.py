"""Agendas with at most so many breaks, sought by solvers of Boolean formulas.

A number of breaks is either possible, which an agenda shows, or impossible, which is proved. What a few short slices of
the search decide is decided in this process. Then two searches run side by side in processes of their own, one after
proofs and one after agendas. The first is always at the smallest number that is not yet decided; so is the second for a
while, since that number is often possible, and then it is one ahead.

There are three ways to search: a solver that counts by itself (Glucose with native cardinality constraints), which
proves fast where many people are busy at once, and finds agendas there, too; CaDiCaL with counters made of clauses,
which finds others; and CaDiCaL without counting people, where that decides nothing. The search after proofs has the
first; the one after agendas has the others, in turn.

The answer does not depend on which process the machine runs faster: both proceed in slices of so many conflicts, and
what a slice has found is looked at when the other one's is over too.
"""

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.formula import Formula, Numbers
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.problem import Problem
from handlers.meetings.agenda.timelines import Timelines

if TYPE_CHECKING:
    from handlers.meetings.agenda.clauses import BreakClauses

LOOK_SECONDS = 0.05
"""Between two looks at whether somebody cancelled."""
FOR_SOLUTIONS = {"stabilizeonly": 1, "elimreleff": 10, "subsumereleff": 60, "walk": 0, "probe": 0, "vivify": 0}
"""The first three are what CaDiCaL itself sets for formulas that are expected to have a solution. Its local search and
its probing took a third of the time here, and found nothing."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to search.

    Attributes:
        conflicts: for the first turn.
        later: for each of the others.
        numbers: and with them, which solver: Glucose counts by itself, CaDiCaL does not.
        seated: see ``BreakClauses``.
    """

    conflicts: int
    later: int
    numbers: Numbers
    seated: bool


TRYING, PROVING, FINDING = range(3)
COUNTING = Way(85_000, 85_000, Numbers.AS_THEY_ARE, seated=True)
HOPEFUL = Way(4000, 14_000, Numbers.TOTALS, seated=True)
QUICK = Way(20_000, 20_000, Numbers.COUNTERS, seated=False)
"""For what is decided without counting people."""
WAYS: tuple[Sequence[Way], ...] = ((replace(COUNTING, conflicts=2000, later=2000),), (COUNTING,), (HOPEFUL, QUICK))
"""By what the search is after: one way after the other, which together are a slice. Those of the last two, which run
side by side, take about as long: three to five seconds. Where people have to be counted, more conflicts at a time find
agendas sooner; the first turn is short for the sake of those that need no counting."""
TRIED, TRIED_LONGER = 3, 6
"""Slices with one limit in this process, after the first of which the others start and make themselves ready: with the
bound; and without any limit, which an agenda mostly meets soon, or with a number beyond the bound, since where that was
too low, the next often is too."""
PATIENCE = 4
"""Slices after which the second search goes one ahead: by then the smallest number is more likely to be impossible."""
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
    try:
        if len(packing.places) <= TRIED_HERE:
            search.try_here(first_bound)
        else:
            search.begin()
            search.known.bound = first_bound()
        search.side_by_side()
    finally:
        search.end()
    return search.known


class Solving:
    """A limit, and a solver for each of the ways to decide it, which take turns."""

    def __init__(self, packing: Packing, counter: BreakCounter, ways: Sequence[Way]) -> None:
        self._packing = packing
        self._timelines = Timelines(packing, counter)
        self._ways = ways
        self._clauses: dict[Way, BreakClauses] = {}
        self._prepared: dict[Way, Turns] = {}
        self._solvers: dict[Way, Turns] = {}
        self._limit: int | None = None

    def prepare(self) -> None:
        """Have everything ready that is the same for every limit."""
        for way in self._ways:
            self._prepared[way] = Turns(way, self._clauses_of(way).everything)

    def slice(self, limit: int | None) -> Slice:
        """Go on with this limit (None: any number of breaks), or begin with it when the last one was another."""
        if limit != self._limit:
            self._close_solvers()
            self._limit = limit
        for way in self._ways:
            clauses = self._clauses_of(way)
            first = way not in self._solvers
            if first:
                ready = way in self._prepared
                self._solvers[way] = self._prepared.pop(way) if ready else Turns(way, clauses.everything)
                self._solvers[way].add(clauses.limit(limit))
            outcome = self._solvers[way].turn(way.conflicts if first else way.later)
            if outcome is not None:
                return Slice(decided=True, chosen=clauses.chosen(self._solvers[way].model()) if outcome else None)
        return Slice(decided=False, chosen=None)

    def close(self) -> None:
        """Give the solvers' memory back."""
        self._close_solvers()
        for solver in self._prepared.values():
            solver.close()
        self._prepared.clear()

    def _close_solvers(self) -> None:
        for solver in self._solvers.values():
            solver.close()
        self._solvers.clear()

    def _clauses_of(self, way: Way) -> "BreakClauses":
        from handlers.meetings.agenda.clauses import BreakClauses

        if way not in self._clauses:
            limit = self._packing.problem.rules.fairness_limit
            self._clauses[way] = BreakClauses(
                self._packing, self._timelines, limit, seated=way.seated, numbers=way.numbers
            )
        return self._clauses[way]


class Turns:
    """A solver with a formula, which works on it turn by turn."""

    def __init__(self, way: Way, formula: Formula) -> None:
        from pysat.solvers import Cadical195, Gluecard4

        self._solver: Any
        if way.numbers is Numbers.AS_THEY_ARE:
            self._solver = Gluecard4()
        else:
            self._solver = Cadical195()
            self._solver.configure(FOR_SOLUTIONS)
        self.add(formula)

    def add(self, formula: Formula) -> None:
        """Have it fulfil this, too."""
        for literals, most in formula.at_most:
            self._solver.add_atmost(literals, most)
        for clause in formula.clauses:
            self._solver.add_clause(clause, no_return=True)

    def turn(self, conflicts: int) -> bool | None:
        """Work on for so many conflicts: whether it can be fulfilled, if that is known now."""
        self._solver.conf_budget(conflicts)
        outcome: bool | None = self._solver.solve_limited()
        return outcome

    def model(self) -> list[int]:
        """What fulfils it, literal by literal, from 1."""
        found: list[int] = self._solver.get_model()
        return found

    def close(self) -> None:
        """Give its memory back."""
        self._solver.delete()


def serve(pipe: Connection, problem: Problem, number: int) -> None:
    """The process: a slice for each limit that comes through the pipe."""
    gc.disable()  # a million clauses are as many lists, none of them in a circle; looking costs half the time
    packing = Packing(problem)
    solving = Solving(packing, BreakCounter(problem, packing.slots), WAYS[number])
    solving.prepare()
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
    process: BaseProcess | None = field(default=None, repr=False)
    pipe: Connection | None = field(default=None, repr=False)

    def start(self) -> Connection:
        """Have the process there, which takes half a second to wait for what comes; returns its pipe."""
        if self.pipe is None:
            context = multiprocessing.get_context("spawn")
            self.pipe, other = context.Pipe()
            self.process = context.Process(target=serve, args=(other, self.problem, self.number), daemon=True)
            self.process.start()
            other.close()
        return self.pipe

    def begin_slice(self, limit: int | None) -> Connection:
        """Have a slice searched; the answer comes through the pipe."""
        pipe = self.start()
        pipe.send(limit)
        return pipe

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
        self._slices_at = (0, 0)
        self._searchers = [_Searcher(packing.problem, number) for number in (PROVING, FINDING)]

    @property
    def decided(self) -> bool:
        """Whether nothing is left to be found out."""
        return self.known.infeasible or self.known.breaks == self.known.bound

    def begin(self) -> None:
        """Start the processes, unless they are there."""
        for searcher in self._searchers:
            searcher.start()

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        for searcher in self._searchers:
            searcher.stop()

    def try_here(self, first_bound: Callable[[], int]) -> None:
        """See what a few slices decide: whether there is an agenda at all, and whether the bound can be met."""
        solving = Solving(self._packing, self._counter, WAYS[TRYING])
        for _ in range(TRIED_LONGER):
            self._take_in(None, found := solving.slice(None))
            if found.decided or self._stopped():
                break
        if not self.decided:
            self.known.bound = max(self.known.bound, first_bound())
        first = limit = self.known.bound
        slices = 0
        while not (self.decided or self._stopped()) and slices < (TRIED if limit == first else TRIED_LONGER):
            self._take_in(limit, found := solving.slice(limit))
            if found.decided:
                limit, slices = self.known.bound, 0
            else:
                slices += 1
                self.begin()
        solving.close()

    def side_by_side(self) -> None:
        """Search in two processes until everything is decided, or somebody stops it."""
        while not (self.decided or self._stopped()):
            self._one_slice_each()

    def _one_slice_each(self) -> None:
        limits = [self.known.bound, self._limit_of_finding()]
        waiting = {one.begin_slice(limit): one for one, limit in zip(self._searchers, limits, strict=True)}
        found: dict[int, Slice] = {}
        while waiting:
            for pipe in wait(list(waiting), timeout=LOOK_SECONDS):
                if isinstance(pipe, Connection):
                    found[waiting.pop(pipe).number] = pipe.recv()
            if FINDING in found:
                # It comes first, whatever the other one finds: where it decides everything, nobody waits.
                self._take_in(limits[1], found.pop(FINDING))
            if self.decided or self._stopped():
                break
        if PROVING in found:
            self._take_in(limits[0], found[PROVING])

    def _limit_of_finding(self) -> int | None:
        """Any agenda first; then the smallest number for a while, or where nothing else is better; then one ahead.

        A search that the proofs have caught up with goes on.
        """
        smallest, breaks = self.known.bound, self.known.breaks
        if breaks is None:
            return None
        at, slices = self._slices_at
        self._slices_at = (smallest, slices + 1 if at == smallest else 1)
        return smallest if self._slices_at[1] <= PATIENCE or breaks <= smallest + 1 else smallest + 1

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
