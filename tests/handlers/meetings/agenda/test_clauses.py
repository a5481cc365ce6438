"""What the clauses of the published problem say beyond its rules: it has to follow from them, and be known at once."""

from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.meetings.agenda.breaks import BreakCounter
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.problem import Person, Problem, Request, Slot, Table, published_rules
from handlers.meetings.agenda.published import read_published
from handlers.meetings.agenda.solvers import with_clauses
from handlers.meetings.agenda.strangers import groups_of_strangers
from handlers.meetings.agenda.timelines import Timelines
from handlers.meetings.agenda.whole_days import ways_to_fill
from tests.handlers.meetings.agenda.small_problems import problems

PUBLISHED = Path(__file__).parents[3] / "data" / "b2b"
clauses_needed = pytest.mark.skipif(not with_clauses(), reason="python-sat is not installed")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 6), min_size=1), min_size=1, max_size=5))
def test_which_slots_are_left_is_what_trying_every_order_leaves(wanted: list[frozenset[int]]) -> None:
    slots = range(1, len(wanted) + 1)
    fitting = [
        order for order in permutations(slots) if all(slot in one for slot, one in zip(order, wanted, strict=True))
    ]
    expected = [{order[meeting] for order in fitting} for meeting in range(len(wanted))] if fitting else None
    assert ways_to_fill(slots, wanted) == expected


@given(problems())
def test_strangers_do_not_meet(problem: Problem) -> None:
    groups = groups_of_strangers(problem, 2)
    everyone = [person for group in groups for person in group]
    assert len(everyone) == len(set(everyone))
    together = {pair for one in problem.requests for pair in combinations(sorted(one.participants), 2)}
    for group in groups:
        assert not together & set(combinations(sorted(group), 2))


def test_those_who_meet_a_few_hubs_are_strangers() -> None:
    problem = read_published((PUBLISHED / "tic-12.original.dzn").read_text())
    groups = groups_of_strangers(problem, 2)
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)
    assert groups == groups_of_strangers(problem, 2)
    assert all(len(group) > 10 for group in groups)


def mornings_and_afternoons() -> Problem:
    """Ada meets three people in the morning and one at any time; four slots each, tables for everyone."""
    return Problem(
        slots=tuple(Slot(id=f"s{number}", session="morning" if number < 4 else "afternoon") for number in range(8)),
        people=tuple(Person(id=name) for name in ("ada", "bea", "carlo", "dino", "elsa")),
        tables=tuple(Table(id=f"t{number}") for number in range(2)),
        requests=(
            *(
                Request(id=name, participants=("ada", name), sessions=frozenset({"morning"}))
                for name in ("bea", "carlo", "dino")
            ),
            Request(id="elsa", participants=("ada", "elsa")),
        ),
        rules=published_rules(),
    )


@clauses_needed
@pytest.mark.parametrize("seated", [True, False])
def test_a_day_without_a_break_begins_only_where_all_meetings_fit(*, seated: bool) -> None:
    from pysat.solvers import Minisat22

    from handlers.meetings.agenda.clauses import BreakClauses

    problem = mornings_and_afternoons()
    packing = Packing(problem)
    timelines = Timelines(packing, BreakCounter(problem, packing.slots))
    clauses = BreakClauses(packing, timelines, 2, seated=seated)
    with Minisat22(bootstrap_with=clauses.everything.clauses) as solver:
        possible, known = solver.propagate([-literal for literal in clauses.extra_breaks])
    assert possible
    of = {
        (packing.places[index].request, packing.places[index].slot): literal
        for index, literal in enumerate(clauses.literals)
    }
    # Three in the morning leave the first two slots to begin in: over by the first afternoon slot.
    assert all(-of[3, slot] in known for slot in (5, 6, 7))
    # The day that reaches into the afternoon has the morning's slots full, so the one at any time is first or last.
    assert all(-of[3, slot] not in known for slot in (0, 4))
