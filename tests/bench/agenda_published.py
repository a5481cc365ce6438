"""The published fairs: their optima, what others needed for them, and variants made as the published ones are.

Figures of the others are from Bofill et al., "Constraint Solving Approaches to the Business-to-Business Meeting
Scheduling Problem" (JAIR 2022), on their machine; a dash stands for no answer in the time they gave.
"""

import random
from collections.abc import Mapping
from dataclasses import replace

from handlers.meetings.agenda.agenda import Budget
from handlers.meetings.agenda.planner import plan
from handlers.meetings.agenda.problem import Precedence, Problem

OPTIMA: Mapping[str, int] = {
    "forum-13": 0,
    "forum-13crafb": 6,
    "forum-13crafc": 1,
    "forum-14": 2,
    "forumt-14": 5,
    "forumt-14crafc": 5,
    "forumt-14crafd": 4,
    "forumt-14crafe": 5,
    "tic-12": 0,
    "tic-12crafc": 0,
    "tic-13": 0,
    "tic-13crafb": 0,
    "tic-13crafc": 4,
    "tic-14crafa": 0,
    "tic-14crafc": 0,
    "tic-14crafd": 0,
    "ticf-13crafa": 0,
    "ticf-13crafb": 3,
    "ticf-13crafc": 1,
    "ticf-14crafa": 0,
}
"""Fewest breaks with fairness 2."""
PUBLISHED_SECONDS: Mapping[str, tuple[str, str, str]] = {
    "forum-13": ("2.5", "2,891", "648"),
    "forum-13crafb": ("23.3", "1,726", "–"),
    "forum-13crafc": ("2.3", "–", "–"),
    "forum-14": ("5.1", "874", "–"),
    "forumt-14": ("0.5", "5.6", "45"),
    "forumt-14crafc": ("0.9", "20", "894"),
    "forumt-14crafd": ("0.4", "21", "218"),
    "forumt-14crafe": ("0.6", "26", "1,312"),
    "tic-12": ("0.1", "0.8", "14"),
    "tic-12crafc": ("0.3", "1.2", "9"),
    "tic-13": ("0.4", "17", "163"),
    "tic-13crafb": ("0.4", "2.0", "44"),
    "tic-13crafc": ("5.8", "518", "129"),
    "tic-14crafa": ("1.0", "22", "326"),
    "tic-14crafc": ("0.8", "24", "628"),
    "tic-14crafd": ("0.8", "6", "195"),
    "ticf-13crafa": ("2.2", "2,473", "1,584"),
    "ticf-13crafb": ("22.3", "2,292", "–"),
    "ticf-13crafc": ("3.7", "–", "–"),
    "ticf-14crafa": ("7.6", "1,715", "–"),
}
"""MaxSAT, Chuffed, CPLEX."""
FORBIDDEN, FIXED, PRECEDENCES = (0.01, 0.05), (0.2, 0.4), (0.15, 0.25)
"""Parts: of slots that people cannot meet in, of meetings with a fixed slot, of precedences to meetings."""
AGENDA_SECONDS = 30.0
"""For the agenda from which slots are fixed."""


def variants(name: str, problem: Problem) -> dict[str, Problem]:
    """Variants of a published fair, by name; equal input gives equal ones."""
    chance = random.Random(name)
    made = {f"{name}, {part:.0%} forbidden": _forbidden(problem, part, chance) for part in FORBIDDEN}
    made |= {f"{name}, {part:.0%} precedences": _precedences(problem, part, chance) for part in PRECEDENCES}
    slots = {one.id: one.slot for one in plan(problem, budget=Budget(seconds=AGENDA_SECONDS)).meetings}
    return made | {f"{name}, {part:.0%} fixed": _fixed(problem, part, slots, chance) for part in FIXED}


def _forbidden(problem: Problem, part: float, chance: random.Random) -> Problem:
    return replace(
        problem,
        people=tuple(
            replace(
                person,
                unavailable=person.unavailable | {slot.id for slot in problem.slots if chance.random() < part},
            )
            for person in problem.people
        ),
    )


def _precedences(problem: Problem, part: float, chance: random.Random) -> Problem:
    """Between meetings drawn by lot, all in one direction of an order drawn by lot, so that there is no circle."""
    order = [request.id for request in problem.requests]
    chance.shuffle(order)
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < round(part * len(order)):
        before, after = sorted(chance.sample(range(len(order)), 2))
        pairs[before, after] = None
    return replace(
        problem,
        precedences=tuple(Precedence(before=order[before], after=order[after]) for before, after in pairs),
    )


def _fixed(problem: Problem, part: float, slots: Mapping[str, str], chance: random.Random) -> Problem:
    return replace(
        problem,
        requests=tuple(
            replace(request, fixed=slots.get(request.id)) if chance.random() < part else request
            for request in problem.requests
        ),
    )
