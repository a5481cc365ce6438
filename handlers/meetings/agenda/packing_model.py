"""A choice of places in whole numbers, for CP-SAT: which places, and what a choice of them has to keep."""

import math
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.packing_whole import Found

Floats = NDArray[np.float64]
SEED = 1
LOOK_SECONDS = 0.05
"""Between two looks at whether somebody cancelled."""


class PackingModel:
    """A CP-SAT model over some places of a packing.

    Args:
        packing: all places.
        left: indexes of those that may be chosen.
        locks: gains, one a place, of which a choice has at least so much.
        certain: by request, whether it has to be placed.
    """

    def __init__(
        self,
        packing: Packing,
        left: Sequence[int],
        locks: Iterable[tuple[Floats, int]],
        certain: NDArray[np.bool_],
    ) -> None:
        self.model = cp_model.CpModel()
        self.packing = packing
        self.left = list(left)
        self.taken = {index: self.model.new_bool_var("") for index in left}
        in_row: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        self.of_request: defaultdict[int, list[int]] = defaultdict(list)
        for index in left:
            self.of_request[packing.places[index].request].append(index)
            for row in packing.places[index].rows:
                in_row[row].append(self.taken[index])
        for row, variables in in_row.items():
            if packing.capacities[row] == 1:
                self.model.add_at_most_one(variables)
            elif len(variables) > packing.capacities[row]:
                self.model.add(cp_model.LinearExpr.sum(variables) <= packing.capacities[row])
        for request, indexes in self.of_request.items():
            variables = [self.taken[index] for index in indexes]
            if certain[request]:
                self.model.add_exactly_one(variables)
            else:
                self.model.add_at_most_one(variables)
        for gain, amount in locks:
            self.model.add(self.sum_of(gain) >= amount)

    def sum_of(self, gain: Floats) -> cp_model.LinearExprT:
        """What a choice gains."""
        with_gain = [index for index in self.left if gain[index]]
        return cp_model.LinearExpr.weighted_sum(
            [self.taken[index] for index in with_gain], [int(gain[index]) for index in with_gain]
        )

    def best(self, gain: Floats, *, hint: Iterable[int], seconds: float, cancelled: Callable[[], bool]) -> Found | None:
        """The choice that gains most; None when none was found in time."""
        self.model.maximize(self.sum_of(gain))
        for index in hint:
            if index in self.taken:
                self.model.add_hint(self.taken[index], 1)
        solver = cp_model.CpSolver()
        status = solve(solver, self.model, seconds=seconds, cancelled=cancelled)
        if status == cp_model.INFEASIBLE:
            return Found(None, round(float(np.minimum(gain, 0.0).sum())) - 1)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return Found(self.chosen(solver), math.floor(solver.best_objective_bound + 1e-6))

    def chosen(self, solver: cp_model.CpSolver) -> list[int]:
        """The places of the solution."""
        return [index for index in self.left if solver.boolean_value(self.taken[index])]


def solve(
    solver: cp_model.CpSolver, model: cp_model.CpModel, *, seconds: float, cancelled: Callable[[], bool]
) -> cp_model.CpSolverStatus:
    """Solve with one worker, so that equal input gives equal answers, and stop soon after somebody cancels."""
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            if cancelled():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return solver.solve(model)
    finally:
        done.set()
        watcher.join()
