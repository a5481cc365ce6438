"""What a careful engineer would write in an afternoon: first fit, one CP-SAT model with everything, HiGHS alone."""

import multiprocessing
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # it comes without types
from ortools.sat.python import cp_model

from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.problem import Problem


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many are held with how many breaks, in how many seconds; None for what was not found."""

    held: int | None
    breaks: int | None
    seconds: float
    proved: bool = False


def in_own_process(solve: Callable[[Packing, float], Baseline], problem: Problem, seconds: float) -> Baseline:
    """What a baseline finds where no other solver is loaded and nothing is left over from the one before."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_pack_and_solve, solve, problem, seconds).result()


def _pack_and_solve(solve: Callable[[Packing, float], Baseline], problem: Problem, seconds: float) -> Baseline:
    return solve(Packing(problem), seconds)


def breaks_of(packing: Packing, chosen: list[int]) -> int:
    """Of all people."""
    counter = BreakCounter(packing.problem, packing.slots)
    slot_of = {packing.places[index].request: packing.places[index].slot for index in chosen}
    return sum(counter.count(person, slots) for person, slots in diaries(packing.problem, slot_of).items())


def first_fit(packing: Packing) -> Baseline:
    """Each request in the first slot that is free."""
    began = time.perf_counter()
    taken: defaultdict[int, int] = defaultdict(int)
    chosen = []
    for indexes in packing.of_request:
        for index in indexes:
            rows = packing.places[index].rows
            if all(taken[row] < packing.capacities[row] for row in rows):
                chosen.append(index)
                for row in rows:
                    taken[row] += 1
                break
    return Baseline(len(chosen), breaks_of(packing, chosen), time.perf_counter() - began)


def one_model(packing: Packing, seconds: float) -> Baseline:
    """CP-SAT with two workers: a meeting counts more than all breaks together."""
    began = time.perf_counter()
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in packing.places]
    rows: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    busy: defaultdict[str, defaultdict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
    for place, variable in zip(packing.places, taken, strict=True):
        for row in place.rows:
            rows[row].append(variable)
        for person in packing.problem.requests[place.request].participants:
            busy[person][place.slot].append(variable)
    for indexes in packing.of_request:
        model.add_at_most_one(taken[index] for index in indexes)
    for row, variables in rows.items():
        model.add(sum(variables) <= packing.capacities[row])
    begins, met = [], []
    for person, in_slot in busy.items():
        anything = model.new_bool_var("")
        met.append(anything)
        model.add(anything <= sum(variable for variables in in_slot.values() for variable in variables))
        slots = sorted(packing.open[person])
        for before, slot in pairwise([-1, *slots]):
            begin = model.new_bool_var("")
            begins.append(begin)
            earlier = [] if before < 0 else in_slot[before]
            model.add(begin + cp_model.LinearExpr.sum(earlier) >= cp_model.LinearExpr.sum(in_slot[slot]))
    most = len(begins) + 1
    model.maximize(most * sum(taken) - sum(begins) + sum(met))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    spent = time.perf_counter() - began
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Baseline(None, None, spent)
    chosen = [index for index, variable in enumerate(taken) if solver.boolean_value(variable)]
    return Baseline(len(chosen), breaks_of(packing, chosen), spent, status == cp_model.OPTIMAL)


def highs_alone(packing: Packing, seconds: float) -> Baseline:
    """HiGHS (the one that OR-Tools brings) for the count; breaks as they come."""
    began = time.perf_counter()
    solver = pywraplp.Solver.CreateSolver("HIGHS")
    solver.set_time_limit(round(seconds * 1000))
    taken = [solver.BoolVar("") for _ in packing.places]
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for index, place in enumerate(packing.places):
        for row in place.rows:
            rows[row].append(index)
    limits = [(1, indexes) for indexes in packing.of_request if indexes]
    limits += [(packing.capacities[row], indexes) for row, indexes in rows.items()]
    for limit, indexes in limits:
        solver.Add(solver.Sum([taken[index] for index in indexes]) <= limit)
    solver.Maximize(solver.Sum(taken))
    status = solver.Solve()
    spent = time.perf_counter() - began
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return Baseline(None, None, spent)
    chosen = [index for index, variable in enumerate(taken) if variable.solution_value() > 0.5]
    return Baseline(len(chosen), breaks_of(packing, chosen), spent, status == pywraplp.Solver.OPTIMAL)
