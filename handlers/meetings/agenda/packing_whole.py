"""A choice of places in whole numbers by HiGHS, for what a linear program has nearly decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # it comes without types

from handlers.meetings.agenda.packing import Packing

Floats = NDArray[np.float64]
QUIET = "output_flag = false"
"""HiGHS greets on standard output otherwise, where a command writes its answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice found, None when it is proved that there is none; and what none exceeds."""

    chosen: list[int] | None
    bound: int


def best_whole(
    packing: Packing,
    left: Sequence[int],
    locks: Iterable[tuple[Floats, int]],
    settled: NDArray[np.bool_],
    gain: Floats,
    *,
    seconds: float,
) -> Found | None:
    """The choice among the places ``left`` with the largest sum of ``gain``; None when it was not found in time.

    ``locks`` are gains of which a choice has at least so much, ``settled`` says by request whether it has to be placed.
    """
    solver: Any = pywraplp.Solver.CreateSolver("HIGHS")
    solver.SetSolverSpecificParametersAsString(QUIET)
    solver.set_time_limit(max(1, round(seconds * 1000)))
    infinity = solver.infinity()
    taken = {index: solver.BoolVar("") for index in left}
    rows: dict[int, Any] = {}
    of_request: defaultdict[int, list[Any]] = defaultdict(list)
    objective = solver.Objective()
    objective.SetMaximization()
    for index, variable in taken.items():
        place = packing.places[index]
        of_request[place.request].append(variable)
        objective.SetCoefficient(variable, float(gain[index]))
        for row in place.rows:
            if row not in rows:
                rows[row] = solver.Constraint(-infinity, float(packing.capacities[row]))
            rows[row].SetCoefficient(variable, 1.0)
    if any(request not in of_request for request in np.flatnonzero(settled).tolist()):
        return Found(None, _least(gain))
    for request, variables in of_request.items():
        once = solver.Constraint(1.0 if settled[request] else 0.0, 1.0)
        for variable in variables:
            once.SetCoefficient(variable, 1.0)
    for gains, amount in locks:
        enough = solver.Constraint(float(amount), infinity)
        for index, variable in taken.items():
            if gains[index]:
                enough.SetCoefficient(variable, float(gains[index]))
    match solver.Solve():
        case pywraplp.Solver.OPTIMAL:
            chosen = [index for index, variable in taken.items() if variable.solution_value() > 0.5]
            return Found(chosen, round(float(gain[chosen].sum())))
        case pywraplp.Solver.INFEASIBLE:
            return Found(None, _least(gain))
        case _:
            return None


def _least(gain: Floats) -> int:
    """Less than any choice gains."""
    return round(float(np.minimum(gain, 0.0).sum())) - 1
