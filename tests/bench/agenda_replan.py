"""Re-planning a fair of 200 people and 1,000 requests after each thing that happens: seconds, moves and their proof."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handlers.meetings.agenda.agenda import (
    Agenda,
    Aim,
    Budget,
    Change,
    NewRequests,
    PersonArrivesLate,
    PersonCancels,
    TableLost,
)
from handlers.meetings.agenda.changing import changed
from handlers.meetings.agenda.checker import check
from handlers.meetings.agenda.planner import plan
from handlers.meetings.agenda.problem import Person, Priority, Problem, Request, Slot, State, Table
from handlers.meetings.agenda.replan import ANSWER_SECONDS, replan
from tests.bench.tables import Table as Figures
from tests.bench.tables import progress

PEOPLE, REQUESTS, SLOTS, TABLES = 200, 1000, 24, 60
SLOTS_A_DAY = 8
SLOT = timedelta(minutes=30)
OPENING = datetime(2018, 5, 14, 9, tzinfo=UTC)
AN_HOUR_BEFORE = OPENING - timedelta(hours=1)
AWAY = (0.15, 0.30)
"""Part of the slots in which a person is away, in stretches of two to five."""
NEW = 20
STATES = (State.REQUESTED, State.PROPOSED, State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: fairs, and seconds for each one's first agenda, which are not part of the figure."""

    seeds: int
    first_agenda_seconds: float


FULL = Extent(seeds=10, first_agenda_seconds=12.0)
QUICK = Extent(seeds=2, first_agenda_seconds=6.0)


def fair(seed: int) -> Problem:
    """A fair of three days; every person is away in stretches, every fifth request is a must."""
    chance = random.Random(seed)
    slots = tuple(
        Slot(id=f"s{number}", start=start, end=start + SLOT)
        for number in range(SLOTS)
        for start in [OPENING + timedelta(days=number // SLOTS_A_DAY) + number % SLOTS_A_DAY * SLOT]
    )
    people = tuple(Person(id=f"p{number}", unavailable=_away(chance, slots)) for number in range(PEOPLE))
    pairs: dict[tuple[str, ...], None] = {}
    while len(pairs) < REQUESTS:
        pairs[tuple(sorted(person.id for person in chance.sample(people, 2)))] = None
    requests = tuple(
        Request(
            id=f"r{number}",
            participants=pair,
            priority=Priority.MUST if chance.random() < 0.2 else Priority.WANT,
            state=chance.choice(STATES),
        )
        for number, pair in enumerate(pairs)
    )
    tables = tuple(Table(id=f"t{number}") for number in range(TABLES))
    return Problem(slots=slots, people=people, tables=tables, requests=requests)


def _away(chance: random.Random, slots: Sequence[Slot]) -> frozenset[str]:
    wanted, away = round(len(slots) * chance.uniform(*AWAY)), set[str]()
    while len(away) < wanted:
        length = min(chance.randint(2, 5), wanted - len(away))
        first = chance.randrange(len(slots) - length + 1)
        away |= {slot.id for slot in slots[first : first + length]}
    return frozenset(away)


def _cancellation(chance: random.Random, problem: Problem) -> Change:
    return PersonCancels(person=chance.choice(problem.people).id)


def _late_flight(chance: random.Random, problem: Problem) -> Change:
    return PersonArrivesLate(person=chance.choice(problem.people).id, until=OPENING + timedelta(hours=2))


def _lost_table(chance: random.Random, problem: Problem) -> Change:
    return TableLost(table=chance.choice(problem.tables).id)


def _new_requests(chance: random.Random, problem: Problem) -> Change:
    return NewRequests(
        requests=tuple(
            Request(id=f"new{number}", participants=tuple(person.id for person in chance.sample(problem.people, 2)))
            for number in range(NEW)
        )
    )


HAPPENINGS: dict[str, Callable[[random.Random, Problem], Change]] = {
    "a person cancels": _cancellation,
    "a flight is two hours late": _late_flight,
    "a table is lost": _lost_table,
    "twenty new requests": _new_requests,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One re-planning: how long it took as its caller sees it, and what came of it."""

    seconds: float
    agenda: Agenda

    @property
    def moved(self) -> int:
        """Meetings that have another slot."""
        return sum(move.another_slot for move in self.agenda.moves)

    def proved(self, *aims: Aim) -> bool:
        """Whether none of these aims can be better."""
        found = [self.agenda.objective(aim) for aim in aims]
        return all(one is None or one.proved for one in found)


async def measure(_folder: Path, *, extent: Extent) -> list[Figures]:
    """The figure; every answer is checked before it counts."""
    answers: dict[str, list[Answer]] = {name: [] for name in [*HAPPENINGS, "all four at once"]}
    for seed in range(1, extent.seeds + 1):
        progress(f"re-planning, fair {seed} of {extent.seeds}")
        problem = fair(seed)
        before = plan(problem, budget=Budget(seconds=extent.first_agenda_seconds))
        chance = random.Random(seed)
        happened = {name: [happening(chance, problem)] for name, happening in HAPPENINGS.items()}
        happened["all four at once"] = [change for changes in happened.values() for change in changes]
        for name, changes in happened.items():
            answers[name].append(_answer(problem, before, changes))
    return [_table(answers, extent)]


def _answer(problem: Problem, before: Agenda, changes: Sequence[Change]) -> Answer:
    began = time.perf_counter()
    agenda = replan(problem, before, changes, now=AN_HOUR_BEFORE)
    seconds = time.perf_counter() - began
    after = changed(problem, changes, now=AN_HOUR_BEFORE)
    violations = check(after, agenda, before=before, now=AN_HOUR_BEFORE)
    if violations:
        raise AssertionError(f"the checker does not pass it: {violations[0]}")
    return Answer(seconds, agenda)


def _table(answers: dict[str, list[Answer]], extent: Extent) -> Figures:
    table = Figures(
        f"Re-planning {PEOPLE} people, {REQUESTS:,} requests, {SLOTS} slots, {TABLES} tables",
        [
            "what happens",
            "median s",
            "slowest s",
            "meetings moved",
            "most moved",
            "count proved",
            "moves proved",
            "price over bound",
            "breaks proved",
        ],
    )
    holding = (Aim.HOLD_FIXED, Aim.HOLD_MUST, Aim.HOLD_WANT)
    for name, found in answers.items():
        moves = [one for answer in found if (one := answer.agenda.objective(Aim.MOVES)) is not None]
        over = sum(one.value - (one.bound or 0) for one in moves)
        table.rows.append(
            [
                name,
                f"{statistics.median(answer.seconds for answer in found):.2f}",
                f"{max(answer.seconds for answer in found):.2f}",
                f"{statistics.median(answer.moved for answer in found):g}",
                str(max(answer.moved for answer in found)),
                f"{sum(answer.proved(*holding) for answer in found)} of {len(found)}",
                f"{sum(answer.proved(*holding, Aim.MOVES) for answer in found)} of {len(found)}",
                str(over),
                f"{sum(answer.proved(*holding, Aim.MOVES, Aim.BREAKS) for answer in found)} of {len(found)}",
            ]
        )
    table.note(
        f"{extent.seeds} fairs; a budget of {ANSWER_SECONDS:g} s; a third of the meetings confirmed, one proposed; "
        "it is the morning of the first day. Price over bound: of all fairs together, 0 where every one is proved."
    )
    return table
