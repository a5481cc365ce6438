"""Reasons and openings against trying everything."""

import sys
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handlers.meetings.agenda.agenda import Agenda, Budget, Opening, ReasonKind
from handlers.meetings.agenda.explain import MOST_OPENINGS, explain
from handlers.meetings.agenda.moving import BY_STATE
from handlers.meetings.agenda.problem import (
    Person,
    Precedence,
    Priority,
    Problem,
    Request,
    Slot,
    Table,
)
from handlers.meetings.agenda.timing import away
from tests.handlers.meetings.agenda.small_problems import agenda_of, every_agenda, problems

NO_HURRY = Budget(seconds=60.0)


@st.composite
def missing(draw: st.DrawFn) -> tuple[Problem, Agenda, Request]:
    """A problem, an agenda that need not be a good one, and a request that it does not hold."""
    problem = draw(problems())
    agendas = [one for one in every_agenda(problem) if one.not_held]
    assume(agendas)
    agenda = agendas[draw(st.integers(0, len(agendas) - 1))]
    wanted = draw(st.sampled_from(agenda.not_held)).id
    return problem, agenda, next(one for one in problem.requests if one.id == wanted)


def allowed(problem: Problem, request: Request) -> list[Slot]:
    return [
        slot
        for slot in problem.slots
        if request.fixed in (None, slot.id)
        and (request.slots is None or slot.id in request.slots)
        and (request.sessions is None or slot.session in request.sessions)
    ]


def absent(problem: Problem, request: Request, slot: Slot) -> list[str]:
    return [one.id for one in problem.people if one.id in request.participants and away(one, slot)]


def were_it_so(problem: Problem, request: Request, slot: Slot, *, another_table: bool) -> Problem:
    """The problem in which the request has only this slot, its people come, and there is one more table if need be."""

    def there(person: Person) -> Person:
        gone = frozenset(one.id for one in problem.slots if one != slot and away(person, one))
        return replace(person, unavailable=gone, blocks=())

    comes = absent(problem, request, slot)
    return replace(
        problem,
        people=tuple(there(one) if one.id in comes else one for one in problem.people),
        tables=(*problem.tables, *((Table(id="more", slots=frozenset({slot.id})),) if another_table else ())),
        requests=tuple(replace(one, slots=frozenset({slot.id})) if one == request else one for one in problem.requests),
    )


def least_price(problem: Problem, agenda: Agenda, request: Request) -> int | None:
    """What moving costs at least in all agendas that hold this request and what the agenda holds; None if none does."""
    held = {one.id: one.slot for one in agenda.meetings}
    prices = {one.id: BY_STATE[one.state] for one in problem.requests}
    return min(
        (
            sum(prices[one.id] for one in other.meetings if one.id in held and one.slot != held[one.id])
            for other in every_agenda(problem)
            if {one.id for one in other.meetings} == {*held, request.id}
        ),
        default=None,
    )


@settings(max_examples=120)
@given(missing())
def test_the_openings_are_the_smallest_there_are(found: tuple[Problem, Agenda, Request]) -> None:
    problem, agenda, request = found
    possible: dict[tuple[str, bool], tuple[int, int]] = {}
    for slot in allowed(problem, request):
        for another_table in (False, True):
            asked = were_it_so(problem, request, slot, another_table=another_table)
            price = least_price(asked, agenda, request)
            if price is not None:
                possible[slot.id, another_table] = (len(absent(problem, request, slot)) + another_table, price)
    reason = explain(problem, agenda, request.id, budget=NO_HURRY)
    if not possible:
        assert all(one.instead_of for one in reason.openings)
        return
    least = min(asks for asks, _ in possible.values())
    expected = {key: price for key, (asks, price) in possible.items() if asks == least}
    slots = {slot.id: slot for slot in problem.slots}
    prices = {one.id: BY_STATE[one.state] for one in problem.requests}
    assert len(reason.openings) == min(len(expected), MOST_OPENINGS)
    for opening in reason.openings:
        assert opening.instead_of == ()
        assert list(opening.people) == [
            one for one in request.participants if one in absent(problem, request, slots[opening.slot])
        ]
        price = sum(prices[move.id] for move in opening.moves if move.another_slot)
        assert price == expected[opening.slot, opening.another_table]
    told = [expected[one.slot, one.another_table] for one in reason.openings]
    assert told == sorted(expected.values())[: len(told)]


@settings(max_examples=120)
@given(missing())
def test_by_hand_openings_are_fewer_and_yet_true(found: tuple[Problem, Agenda, Request]) -> None:
    problem, agenda, request = found
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "handlers.meetings.agenda.packing_program", None)
        reason = explain(problem, agenda, request.id, budget=NO_HURRY)
    slots = {slot.id: slot for slot in problem.slots}
    for opening in reason.openings:
        slot = slots[opening.slot]
        asked = were_it_so(problem, request, slot, another_table=opening.another_table)
        kept = replace(agenda, meetings=tuple(one for one in agenda.meetings if one.id not in opening.instead_of))
        assert least_price(asked, kept, request) is not None


@settings(max_examples=120)
@given(missing())
def test_the_reason_is_true(found: tuple[Problem, Agenda, Request]) -> None:
    problem, agenda, request = found
    reason = explain(problem, agenda, request.id, budget=NO_HURRY)
    common = [slot.id for slot in allowed(problem, request) if not absent(problem, request, slot)]
    assert set(reason.slots) == set(common) or reason.kind in (ReasonKind.NOT_ALLOWED, ReasonKind.NO_COMMON_SLOT)
    others = {person: one for one in problem.requests if one != request for person in one.participants}
    match reason.kind:
        case ReasonKind.NOT_ALLOWED:
            assert not allowed(problem, request)
        case ReasonKind.NO_COMMON_SLOT:
            assert not common
            assert reason.people
        case ReasonKind.PEOPLE_BUSY:
            assert set(reason.people) <= set(others)
            assert reason.requests
        case _:
            assert common


def slot_names(*openings: Opening) -> list[str]:
    return [opening.slot for opening in openings]


def test_each_kind_of_reason() -> None:
    slots = tuple(Slot(id=f"s{number}", session="day") for number in range(3))
    ada, bea, carlo, dino = (Person(id=name) for name in ("ada", "bea", "carlo", "dino"))
    away_early = replace(ada, unavailable=frozenset({"s0"}))
    ab = Request(id="ab", participants=("ada", "bea"))
    cd = Request(id="cd", participants=("carlo", "dino"))
    ac = Request(id="ac", participants=("ada", "carlo"))
    base = Problem(slots=slots, people=(ada, bea, carlo, dino), tables=(Table(id="t"),), requests=(ab, cd))

    late_bea = replace(bea, unavailable=frozenset({"s1", "s2"}))
    apart = replace(base, people=(away_early, late_bea, carlo, dino))
    reason = explain(apart, agenda_of(apart, {"cd": ("s2", "t")}), "ab", budget=NO_HURRY)
    assert (reason.kind, reason.people) == (ReasonKind.NO_COMMON_SLOT, ("ada", "bea"))
    assert [(one.slot, one.people, len(one.moves)) for one in reason.openings] == [
        ("s0", ("ada",), 0),
        ("s1", ("bea",), 0),
        ("s2", ("bea",), 1),
    ]

    full = replace(base, slots=slots[:1])
    reason = explain(full, agenda_of(full, {"cd": ("s0", "t")}), "ab", budget=NO_HURRY)
    assert reason.kind is ReasonKind.TABLES_FULL
    assert reason.openings == (Opening(slot="s0", another_table=True),)

    busy = replace(full, tables=(Table(id="t"), Table(id="u")), requests=(ab, ac))
    reason = explain(busy, agenda_of(busy, {"ab": ("s0", "t")}), "ac", budget=NO_HURRY)
    assert (reason.kind, reason.people, reason.requests) == (ReasonKind.PEOPLE_BUSY, ("ada",), ("ab",))
    assert reason.openings == (Opening(slot="s0", instead_of=("ab",)),)

    lost = replace(busy, requests=(replace(ab, priority=Priority.MUST), ac))
    reason = explain(lost, agenda_of(lost, {"ab": ("s0", "t")}), "ac", budget=NO_HURRY)
    assert (reason.kind, reason.requests) == (ReasonKind.LOST_TO_PRIORITY, ("ab",))

    ordered = replace(base, tables=(Table(id="t"), Table(id="u")), precedences=(Precedence(before="ab", after="cd"),))
    reason = explain(ordered, agenda_of(ordered, {"cd": ("s0", "t")}), "ab", budget=NO_HURRY)
    assert (reason.kind, reason.requests) == (ReasonKind.PRECEDENCE, ("cd",))
    assert [(one.slot, [move.id for move in one.moves]) for one in reason.openings] == [("s0", ["cd"]), ("s1", ["cd"])]

    nowhere = replace(base, requests=(replace(ab, fixed="s0", slots=frozenset({"s1"})), cd))
    reason = explain(nowhere, agenda_of(nowhere, {}), "ab", budget=NO_HURRY)
    assert (reason.kind, reason.openings) == (ReasonKind.NOT_ALLOWED, ())

    reason = explain(base, agenda_of(base, {}), "ab", budget=NO_HURRY)
    assert reason.kind is ReasonKind.NOT_FOUND
    assert slot_names(*reason.openings) == ["s0", "s1", "s2"]


def test_only_a_request_that_is_not_held_is_explained() -> None:
    problem = Problem(
        slots=(Slot(id="s"),),
        people=(Person(id="ada"), Person(id="bea")),
        tables=(Table(id="t"),),
        requests=(Request(id="ab", participants=("ada", "bea")),),
    )
    with pytest.raises(ValueError, match="is held"):
        explain(problem, agenda_of(problem, {"ab": ("s", "t")}), "ab")
    with pytest.raises(ValueError, match="there is no request"):
        explain(problem, agenda_of(problem, {}), "xy")
