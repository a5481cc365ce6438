"""Planning from nothing: against trying everything on small problems, and published instances with their optima.

The instances are from Bofill et al., "Constraint Solving Approaches to the Business-to-Business Meeting Scheduling
Problem" (JAIR 2022), and so are their optima.
"""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from handlers.meetings.agenda.agenda import Agenda, Aim, Budget, Progress, Status
from handlers.meetings.agenda.break_search import WAYS, Turns
from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.checker import check
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.planner import bound, plan, plan_published
from handlers.meetings.agenda.problem import FaultyProblemError, Person, Problem, Request, Slot, Table, published_rules
from handlers.meetings.agenda.published import read_published
from handlers.meetings.agenda.solvers import with_clauses, with_solvers
from handlers.meetings.agenda.timelines import Timelines
from tests.handlers.meetings.agenda.small_problems import AIMS, every_agenda, figures, goodness, problems

PUBLISHED = Path(__file__).parents[3] / "data" / "b2b"
clauses_needed = pytest.mark.skipif(not with_clauses(), reason="python-sat is not installed")


def best_of_all(problem: Problem) -> tuple[int, ...] | None:
    """What the best agenda amounts to; None when there is none."""
    return max((goodness(figures(problem, one)) for one in every_agenda(problem)), default=None)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_what_is_proved_is_the_best_there_is_and_no_bound_is_wrong(problem: Problem) -> None:
    agenda = plan(problem)
    assert check(problem, agenda) == []
    best = max((figures(problem, one) for one in every_agenda(problem)), key=goodness)
    mine = figures(problem, agenda)
    for aim in AIMS:
        objective = agenda.objective(aim)
        if objective is None:
            continue
        assert objective.value == mine[aim]
        assert objective.proved
        assert mine[aim] == best[aim]
    assert agenda.status is Status.OPTIMAL


@clauses_needed
@settings(max_examples=80, deadline=None)
@given(problems())
def test_clauses_and_flows_agree_with_trying_everything(problem: Problem) -> None:
    from handlers.meetings.agenda.clauses import BreakClauses
    from handlers.meetings.agenda.flow_bound import flow_bound

    problem = replace(problem, rules=replace(problem.rules, hold_all=True))
    packing = Packing(problem)
    counter = BreakCounter(problem, packing.slots)
    timelines = Timelines(packing, counter)
    fewest = min((figures(problem, one)[Aim.BREAKS] for one in every_agenda(problem)), default=None)
    if not timelines.plain or not all(packing.of_request):
        return
    below = flow_bound(packing, timelines, range(len(problem.requests)))
    assert fewest is None or (not below.infeasible and below.breaks <= fewest)
    for way in (way for ways in WAYS for way in ways):
        clauses = BreakClauses(packing, timelines, None, seated=way.seated, numbers=way.numbers)
        for limit in (None, *range(3)):
            solver = Turns(way, clauses.everything)
            solver.add(clauses.limit(limit))
            try:
                possible = solver.turn(way.conflicts)
                assert possible is (fewest is not None and (limit is None or fewest <= limit))
                if possible:
                    chosen = clauses.chosen(solver.model())
                    slot_of = {packing.places[index].request: packing.places[index].slot for index in chosen}
                    assert sorted(slot_of) == list(range(len(problem.requests)))
                    diary = diaries(packing.problem, slot_of).items()
                    breaks = sum(counter.count(person, slots) for person, slots in diary)
                    assert limit is None or breaks <= limit
            finally:
                solver.close()


@clauses_needed
@pytest.mark.parametrize(("name", "breaks"), [("tic-12.original", 0), ("forumt-14crafd.original", 4)])
def test_published_instances_have_the_published_optimum(name: str, breaks: int) -> None:
    problem = read_published((PUBLISHED / f"{name}.dzn").read_text())
    told: list[Progress] = []
    agenda = plan_published(problem, fairness=2, on_progress=told.append)
    assert check(problem, agenda) == []
    assert agenda.status is Status.OPTIMAL
    assert (agenda.held, agenda.breaks, agenda.breaks_bound) == (len(problem.requests), breaks, breaks)
    assert agenda.fairness is not None
    assert agenda.fairness <= 2
    assert told[-1].best is not None
    assert told[-1].best.meetings == agenda.meetings


@clauses_needed
def test_equal_input_gives_an_equal_answer() -> None:
    problem = read_published((PUBLISHED / "tic-12.forb0003.dzn").read_text())
    first, second = plan(problem), plan(problem)
    assert first.meetings == second.meetings


def three_in_a_row(slots: int) -> Problem:
    """Ada meets three people, at one table."""
    return Problem(
        slots=tuple(Slot(id=f"s{number}") for number in range(slots)),
        people=tuple(Person(id=name) for name in ("ada", "bea", "carlo", "dino")),
        tables=(Table(id="t"),),
        requests=tuple(Request(id=f"ada-{name}", participants=("ada", name)) for name in ("bea", "carlo", "dino")),
        rules=published_rules(),
    )


def test_what_cannot_all_be_held_is_infeasible_when_all_has_to_be() -> None:
    if not with_solvers():
        pytest.skip("without a solver nothing is proved")
    assert plan(three_in_a_row(2)).status is Status.INFEASIBLE
    assert plan(three_in_a_row(3)).status is Status.OPTIMAL


def test_without_solvers_it_answers_and_says_that_it_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.meetings.agenda.planner.with_solvers", lambda: False)
    monkeypatch.setattr("handlers.meetings.agenda.planner.with_clauses", lambda: False)
    for name in [name for name in sys.modules if name.startswith(("ortools", "pysat"))]:
        monkeypatch.setitem(sys.modules, name, None)
    problem = replace(three_in_a_row(2), rules=replace(published_rules(), hold_all=False, fairness_limit=None))
    agenda = plan(problem)
    assert check(problem, agenda) == []
    assert (agenda.planner, agenda.held, agenda.status) == ("greedy", 2, Status.FEASIBLE)
    assert plan(three_in_a_row(2)).status is Status.UNDECIDED


def test_when_told_to_stop_it_answers_with_what_it_has() -> None:
    problem = read_published((PUBLISHED / "forumt-14crafd.original.dzn").read_text())
    wider = replace(problem, rules=replace(problem.rules, hold_all=False, fairness_limit=None))
    agenda: Agenda = plan(wider, budget=Budget(seconds=60.0, cancelled=lambda: True))
    assert check(wider, agenda) == []
    assert agenda.status is not Status.INFEASIBLE


def test_bounds_are_known_without_an_agenda() -> None:
    problem = read_published((PUBLISHED / "forumt-14crafd.original.dzn").read_text())
    known = bound(problem)
    assert known.held == len(problem.requests)
    assert not known.infeasible
    if with_solvers():
        assert known.breaks == 4


def test_a_faulty_problem_is_not_planned() -> None:
    with pytest.raises(FaultyProblemError, match="ada"):
        plan(replace(three_in_a_row(3), requests=(Request(id="r", participants=("ada", "ada")),)))
