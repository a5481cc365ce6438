"""Agendas with at most so many breaks, sought by CaDiCaL in processes of their own.

A number of breaks is either possible, which an agenda shows, or impossible, which is proved. Two searches run side by
side, one after proofs and one after agendas; they differ in how they are set and in what clauses they are given. Both
are at the smallest number that is not yet decided or, while the other has not yet joined it there, at the next larger
one (at first: any number, which gives a first agenda or proves that there is none).

The answer does not depend on which process the machine runs faster. A search proceeds in slices of equally many
conflicts, and the agenda that is answered is that of the search whose slices cost less (``COST``) for the smallest
possible number; the other one is waited for until it is known not to be sooner. A proof is a proof whoever finds it.
"""

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.problem import Problem
from handlers.meetings.agenda.timelines import Timelines

LOOK_SECONDS = 0.05
"""Between two looks at whether somebody cancelled."""
SLICE_CONFLICTS = 4000
"""About half a second."""
SETTINGS: tuple[dict[str, int], ...] = ({}, {"stabilizeonly": 1, "elimreleff": 10, "subsumereleff": 60})
"""Of each search; the second is what CaDiCaL itself sets for formulas that are expected to have a solution."""
COST = (3, 1)
"""What a slice of each search counts where the second is at the number in question before the first."""
SEATED = (False, True)
"""Whether a search is told how many people the tables seat, which follows, and helps or hinders."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a search tells after a slice: its limit and, once that is decided, the agenda, None when there is none."""

    limit: int | None
    slices: int
    decided: bool
    chosen: list[int] | None


@dataclass(slots=True)
class Searched:
    """What is known: the best agenda (indexes of places), its breaks, and what none falls below."""

    chosen: list[int] | None = None
    breaks: int | None = None
    bound: int = 0
    infeasible: bool = False


@dataclass(slots=True)
class _Searcher:
    """A process that searches one limit after another. It is killed when its answer is no longer wanted."""

    problem: Problem
    number: int
    limit: int | None = None
    searching: bool = False
    slices: int = 0
    found: list[int] | None = None
    """At the present limit."""
    process: BaseProcess | None = field(default=None, repr=False)
    pipe: Connection | None = field(default=None, repr=False)

    def rank(self, slices: int, *, together: bool) -> tuple[int, int]:
        """Where it comes in with so many slices: the smaller, the sooner. ``together`` if both began at once."""
        return slices * (1 if together else COST[self.number]), self.number

    def search(self, limit: int | None) -> None:
        """Begin with a limit (None: any number of breaks), giving up what it was at."""
        if self.searching:
            self.stop()
        if self.process is None or self.pipe is None:
            context = multiprocessing.get_context("spawn")
            self.pipe, other = context.Pipe()
            self.process = context.Process(target=serve, args=(other, self.problem, self.number), daemon=True)
            self.process.start()
            other.close()
        self.limit, self.searching, self.slices, self.found = limit, True, 0, None
        self.pipe.send(limit)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self.process is not None and self.pipe is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
        self.process, self.pipe, self.searching = None, None, False


def serve(pipe: Connection, problem: Problem, number: int) -> None:
    """The process: clauses once, then a search for each limit that comes through the pipe."""
    from pysat.solvers import Cadical195

    from handlers.meetings.agenda.clauses import BreakClauses

    packing = Packing(problem)
    timelines = Timelines(packing, BreakCounter(problem, packing.slots))
    clauses = BreakClauses(packing, timelines, problem.rules.fairness_limit, seated=SEATED[number])
    while True:
        try:
            limit = pipe.recv()
        except EOFError:
            return
        with Cadical195() as solver:
            solver.configure(SETTINGS[number])
            solver.append_formula(clauses.limited(limit))
            slices, outcome = 0, None
            while outcome is None:
                solver.conf_budget(SLICE_CONFLICTS)
                outcome = solver.solve_limited()
                slices += 1
                chosen = clauses.chosen(solver.get_model()) if outcome else None
                pipe.send(Message(limit, slices, outcome is not None, chosen))


def search_fewest_breaks(
    packing: Packing,
    counter: BreakCounter,
    *,
    first_bound: Callable[[], int],
    seconds_left: Callable[[], float],
    cancelled: Callable[[], bool],
    on_better: Callable[[Searched], None],
) -> Searched:
    """Hold all requests with the fewest breaks.

    ``first_bound`` is asked for a bound while the first search is running.
    """
    search = _Search(packing, counter, on_better)
    try:
        search.begin(first_bound)
        while not search.decided and not cancelled() and seconds_left() > 0:
            search.look(min(LOOK_SECONDS, max(seconds_left(), 0.0)))
    finally:
        search.end()
    return search.known


class _Search:
    """Two searchers and what they have found."""

    def __init__(self, packing: Packing, counter: BreakCounter, on_better: Callable[[Searched], None]) -> None:
        self.known = Searched()
        self.decided = False
        self._first_bound = 0
        self._packing = packing
        self._counter = counter
        self._on_better = on_better
        self._searchers = [_Searcher(packing.problem, number) for number in range(len(SETTINGS))]

    def begin(self, first_bound: Callable[[], int]) -> None:
        """Look for any agenda while the first bound is counted."""
        self._searchers[1].search(None)
        self.known.bound = self._first_bound = first_bound()
        self._assign()

    def end(self) -> None:
        """End the processes."""
        for searcher in self._searchers:
            searcher.stop()

    def look(self, seconds: float) -> None:
        """Take in what the searchers tell within so many seconds."""
        pipes = {one.pipe: one for one in self._searchers if one.searching and one.pipe is not None}
        for ready in wait(list(pipes), timeout=seconds):
            if isinstance(ready, Connection) and pipes[ready].pipe is ready:
                self._take_in(pipes[ready], ready.recv())
        if not self.decided:
            self._assign()

    def _take_in(self, searcher: _Searcher, message: Message) -> None:
        if message.limit != searcher.limit:
            return
        searcher.slices = message.slices
        if message.decided:
            searcher.searching = False
            if message.chosen is None:
                self._impossible(message.limit)
            else:
                searcher.found = message.chosen
                self._possible(message.chosen)
        self._judge()

    def _impossible(self, limit: int | None) -> None:
        if limit is None:
            self.known.infeasible = self.decided = True
        else:
            self.known.bound = max(self.known.bound, limit + 1)
        self._on_better(self.known)

    def _possible(self, chosen: list[int]) -> None:
        places = self._packing.places
        slot_of = {places[index].request: places[index].slot for index in chosen}
        found = diaries(self._packing.problem, slot_of).items()
        breaks = sum(self._counter.count(person, slots) for person, slots in found)
        if self.known.breaks is None or breaks < self.known.breaks:
            self.known.chosen, self.known.breaks = chosen, breaks
            self._on_better(self.known)

    def _judge(self) -> None:
        """Answer when it is certain which search needs fewer slices for the smallest possible number."""
        at_it = [one for one in self._searchers if one.limit == self.known.bound]
        winners = [one for one in at_it if one.found is not None]
        if not winners or len(at_it) < len(self._searchers):
            return
        together = self.known.bound == self._first_bound
        first = min(winners, key=lambda one: one.rank(one.slices, together=together))
        for other in self._searchers:
            if other.searching and other.rank(other.slices + 1, together=together) < first.rank(
                first.slices, together=together
            ):
                return
        self.known.chosen, self.known.breaks, self.decided = first.found, self.known.bound, True
        self._on_better(self.known)

    def _assign(self) -> None:
        """Let searchers whose limit is decided go on.

        The first is always at the smallest number. So is the second at first, since the first bound is often met, and
        when there is nothing better to look for; otherwise it is one ahead.
        """
        proving, finding = self._searchers
        smallest = self.known.bound
        if proving.limit != smallest or not (proving.searching or proving.found):
            proving.search(smallest)
        if (finding.limit is None and finding.searching) or finding.limit == smallest:
            return
        ahead = smallest + 1
        beaten = self.known.breaks is not None and self.known.breaks <= ahead
        if smallest == self._first_bound or proving.found is not None or beaten:
            finding.search(smallest)
        elif finding.limit != ahead:
            finding.search(ahead)
