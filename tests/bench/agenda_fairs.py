"""Made-up fairs: people who meet one another at random, and are away at scattered times or in one or two stretches."""

import random
from dataclasses import dataclass

from handlers.meetings.agenda.problem import Person, Problem, Request, Slot, Table

AWAY = (0.15, 0.30)
"""Part of the slots in which a person is away."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a fair."""

    people: int
    requests: int
    slots: int
    tables: int

    def __str__(self) -> str:
        return f"{self.people} people, {self.requests:,} requests, {self.slots} slots, {self.tables} tables"


MIDDLE = Size(people=200, requests=1000, slots=24, tables=60)
LARGE = Size(people=600, requests=5000, slots=40, tables=200)


def fair(size: Size, seed: int, *, in_stretches: bool) -> Problem:
    """A fair whose slots have no times; equal seeds give equal fairs."""
    chance = random.Random(seed)
    slots = tuple(Slot(id=f"s{number}") for number in range(size.slots))
    people = tuple(
        Person(
            id=f"p{number}",
            unavailable=_stretches(chance, slots) if in_stretches else _scattered(chance, slots),
        )
        for number in range(size.people)
    )
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < size.requests:
        first, second = sorted(chance.sample(range(size.people), 2))
        pairs[first, second] = None
    return Problem(
        slots=slots,
        people=people,
        tables=tuple(Table(id=f"t{number}") for number in range(size.tables)),
        requests=tuple(
            Request(id=f"r{number}", participants=(f"p{first}", f"p{second}"))
            for number, (first, second) in enumerate(pairs)
        ),
    )


def _scattered(chance: random.Random, slots: tuple[Slot, ...]) -> frozenset[str]:
    part = chance.uniform(*AWAY)
    return frozenset(slot.id for slot in slots if chance.random() < part)


def _stretches(chance: random.Random, slots: tuple[Slot, ...]) -> frozenset[str]:
    count = chance.choice((1, 2))
    length = max(1, round(len(slots) * chance.uniform(*AWAY) / count))
    begins = [chance.randrange(len(slots) - length + 1) for _ in range(count)]
    return frozenset(slot.id for begin in begins for slot in slots[begin : begin + length])
