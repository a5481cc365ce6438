"""Every rule broken on purpose is caught, by its name and with everyone concerned; what is right passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings.agenda.agenda import (
    Agenda,
    Aim,
    Meeting,
    Move,
    NotHeld,
    Objective,
    Reason,
    ReasonKind,
    Status,
)
from handlers.meetings.agenda.checker import Rule, UnsoundAgendaError, Violation, check, checked
from handlers.meetings.agenda.problem import (
    Block,
    BreakRule,
    Person,
    Precedence,
    Priority,
    Problem,
    Request,
    Rules,
    Slot,
    State,
    Table,
)
from tests.handlers.meetings.agenda.small_problems import every_agenda, problems

NINE = datetime(2018, 5, 15, 9, tzinfo=UTC)


def half_hour(name: str, minutes: int, *, session: str | None = None, length: int = 30) -> Slot:
    start = NINE + timedelta(minutes=minutes)
    return Slot(id=name, start=start, end=start + timedelta(minutes=length), session=session)


PROBLEM = Problem(
    slots=(
        half_hour("s1", 0, session="morning"),
        half_hour("s2", 30, session="morning"),
        half_hour("s3", 60, session="afternoon"),
        half_hour("overlap", 45, session="afternoon"),
        half_hour("tomorrow", 24 * 60, session="morning"),
    ),
    people=(
        Person(id="ada"),
        Person(id="bea", unavailable=frozenset({"tomorrow"})),
        Person(
            id="carlo",
            blocks=(Block(start=NINE - timedelta(hours=1), end=NINE - timedelta(minutes=5), travel_minutes=10),),
        ),
        Person(id="dino", buffer_minutes=15),
        Person(id="eva"),
    ),
    tables=(Table(id="t1"), Table(id="t2", slots=frozenset({"s1", "s3"})), Table(id="evas", owner="eva")),
    requests=(
        Request(id="ab", participants=("ada", "bea"), sessions=frozenset({"morning"}), weight=2),
        Request(id="cd", participants=("carlo", "dino"), slots=frozenset({"s2", "s3", "s1"}), priority=Priority.MUST),
        Request(id="ade", participants=("ada", "dino", "eva"), preferred=frozenset({"s3"})),
        Request(id="be", participants=("bea", "eva"), fixed="s3"),
    ),
    precedences=(Precedence(before="cd", after="be"),),
)
PLACES = {"ab": ("s1", "t1"), "cd": ("s2", "t1"), "ade": ("tomorrow", "evas"), "be": ("s3", "t2")}


def agenda(places: dict[str, tuple[str, str]], **changed: object) -> Agenda:
    meetings = tuple(Meeting(id=one, slot=slot, table=table) for one, (slot, table) in places.items())
    missing = tuple(
        NotHeld(id=one.id, reason=Reason(kind=ReasonKind.NOT_FOUND)) for one in PROBLEM.requests if one.id not in places
    )
    return replace(Agenda(status=Status.FEASIBLE, meetings=meetings, not_held=missing), **changed)  # type: ignore[arg-type]  # a test's shorthand


def objective(aim: Aim, value: int, bound: int | None = None) -> Objective:
    return Objective(aim=aim, value=value, bound=bound)


TRUE_FIGURES = (
    objective(Aim.HOLD_FIXED, 1, 1),
    objective(Aim.HOLD_MUST, 1, 1),
    objective(Aim.HOLD_WANT, 3, 3),
    objective(Aim.BREAKS, 1, 1),
    objective(Aim.FAIRNESS, 1, 1),
    objective(Aim.PREFERENCES, 1, 1),
)


def test_a_right_agenda_passes() -> None:
    assert check(PROBLEM, agenda(PLACES, status=Status.OPTIMAL, objectives=TRUE_FIGURES, held_bound=4)) == []


@pytest.mark.parametrize(
    ("places", "rule", "meetings", "people", "slots"),
    [
        ({"cd": ("s1", "t2")}, Rule.AWAY, ("cd",), ("carlo",), ("s1",)),
        (
            {"ab": ("tomorrow", "t1"), "ade": ("s2", "evas"), "cd": ("s3", "t1")},
            Rule.UNAVAILABLE,
            ("ab",),
            ("bea",),
            ("tomorrow",),
        ),
        ({"ade": ("s1", "evas")}, Rule.TWO_MEETINGS_AT_ONCE, ("ab", "ade"), ("ada",), ("s1", "s1")),
        (
            {"ade": ("overlap", "evas"), "cd": ("s1", "t2")},
            Rule.TWO_MEETINGS_AT_ONCE,
            ("ade", "be"),
            ("eva",),
            ("overlap", "s3"),
        ),
        (
            {"ab": ("s2", "t1"), "cd": ("s3", "t1"), "ade": ("s2", "evas")},
            Rule.BUFFER,
            ("ade", "cd"),
            ("dino",),
            ("s2", "s3"),
        ),
        ({"ab": ("s2", "t1")}, Rule.TABLE_TWICE, ("ab", "cd"), (), ("s2", "s2")),
        ({"cd": ("s2", "t2")}, Rule.TABLE_CLOSED, ("cd",), (), ("s2",)),
        ({"ab": ("s1", "evas")}, Rule.TABLE_OWNED, ("ab",), ("eva",), ("s1",)),
        ({"ab": ("overlap", "t1")}, Rule.SESSION, ("ab",), ("ada", "bea"), ("overlap",)),
        ({"cd": ("tomorrow", "t1")}, Rule.SLOT_WISH, ("cd",), ("carlo", "dino"), ("tomorrow",)),
        ({"be": ("s2", "evas")}, Rule.FIXED, ("be",), ("bea", "eva"), ("s2",)),
        ({"cd": ("s3", "t1")}, Rule.PRECEDENCE, ("cd", "be"), (), ("s3", "s3")),
        ({"be": ("never", "evas")}, Rule.UNKNOWN_ID, ("be",), (), ()),
        ({"be": ("s3", "t9")}, Rule.UNKNOWN_ID, ("be",), (), ()),
        ({"xy": ("s3", "t1")}, Rule.UNKNOWN_ID, ("xy",), (), ()),
    ],
)
def test_a_broken_rule_is_caught(
    places: dict[str, tuple[str, str]],
    rule: Rule,
    meetings: tuple[str, ...],
    people: tuple[str, ...],
    slots: tuple[str, ...],
) -> None:
    found = [one for one in check(PROBLEM, agenda({**PLACES, **places})) if one.rule is rule]
    assert [(set(one.meetings), set(one.people), sorted(one.slots)) for one in found] == [
        (set(meetings), set(people), sorted(slots))
    ]
    assert all(one in str(found[0]) for one in (*meetings, *slots))


def rules(found: list[Violation]) -> set[Rule]:
    return {one.rule for one in found}


def test_overlapping_slots_share_no_table() -> None:
    problem = replace(PROBLEM, precedences=(), people=(*PROBLEM.people, Person(id="fay"), Person(id="gil")))
    problem = replace(problem, requests=(*problem.requests, Request(id="fg", participants=("fay", "gil"))))
    places = {**PLACES, "be": ("s3", "t1"), "fg": ("overlap", "t1")}
    assert rules(check(problem, agenda(places))) == {Rule.TABLE_TWICE}


def test_every_request_is_accounted_for_once() -> None:
    fine = agenda(PLACES)
    reason = Reason(kind=ReasonKind.NOT_FOUND)
    twice = replace(fine, meetings=(*fine.meetings, Meeting(id="ab", slot="s2", table="t1")))
    assert Rule.HELD_TWICE in rules(check(PROBLEM, twice))
    assert rules(check(PROBLEM, replace(fine, not_held=(NotHeld(id="ab", reason=reason),)))) == {Rule.UNACCOUNTED}
    assert rules(check(PROBLEM, replace(fine, meetings=fine.meetings[1:]))) == {Rule.UNACCOUNTED}
    said_twice = agenda({one: PLACES[one] for one in ("ab", "cd", "be")})
    said_twice = replace(said_twice, not_held=said_twice.not_held * 2)
    assert rules(check(PROBLEM, said_twice)) == {Rule.UNACCOUNTED}
    assert rules(check(PROBLEM, replace(fine, not_held=(NotHeld(id="xy", reason=reason),)))) == {Rule.UNKNOWN_ID}
    assert rules(check(PROBLEM, replace(fine, status=Status.INFEASIBLE))) == {Rule.UNACCOUNTED}
    assert check(PROBLEM, Agenda(status=Status.INFEASIBLE)) == []


def test_all_have_to_be_held_where_the_problem_says_so() -> None:
    problem = replace(PROBLEM, rules=Rules(hold_all=True))
    assert check(problem, agenda(PLACES)) == []
    found = check(problem, agenda({one: PLACES[one] for one in ("ab", "cd", "be")}))
    assert [(one.rule, one.meetings) for one in found] == [(Rule.HOLD_ALL, ("ade",))]


def test_fairness_has_a_limit_where_the_problem_says_so() -> None:
    assert check(replace(PROBLEM, rules=Rules(fairness_limit=1)), agenda(PLACES)) == []
    found = check(replace(PROBLEM, rules=Rules(fairness_limit=0)), agenda(PLACES))
    assert [one.rule for one in found] == [Rule.FAIRNESS_LIMIT]
    assert "bea" in found[0].people


@pytest.mark.parametrize("wrong", TRUE_FIGURES, ids=lambda one: str(one.aim.value))
def test_a_wrong_figure_is_caught(wrong: Objective) -> None:
    said = tuple(replace(one, value=one.value + 1, bound=None) if one is wrong else one for one in TRUE_FIGURES)
    assert rules(check(PROBLEM, agenda(PLACES, objectives=said))) == {Rule.VALUE}
    assert check(PROBLEM, agenda(PLACES, spread=1)) == []
    assert rules(check(PROBLEM, agenda(PLACES, spread=0))) == {Rule.VALUE}
    twice = (*TRUE_FIGURES, wrong)
    assert rules(check(PROBLEM, agenda(PLACES, objectives=twice))) == {Rule.VALUE}


def test_a_bound_that_is_exceeded_and_optimality_without_proof_are_caught() -> None:
    assert rules(check(PROBLEM, agenda(PLACES, objectives=(objective(Aim.HOLD_WANT, 3, 2),)))) == {Rule.BOUND}
    assert rules(check(PROBLEM, agenda(PLACES, objectives=(objective(Aim.BREAKS, 1, 2),)))) == {Rule.BOUND}
    assert rules(check(PROBLEM, agenda(PLACES, held_bound=3))) == {Rule.BOUND}
    unproved = agenda(PLACES, status=Status.OPTIMAL, objectives=(objective(Aim.BREAKS, 1, 0),))
    assert rules(check(PROBLEM, unproved)) == {Rule.BOUND}


@pytest.mark.parametrize(("rule", "breaks"), [(BreakRule.WAITING, 0), (BreakRule.EVERY_SLOT, 2)])
def test_breaks_by_either_rule(rule: BreakRule, breaks: int) -> None:
    """Ada meets, visits a laboratory, meets, and meets again the day after: only the published rule finds breaks."""
    problem = Problem(
        slots=(half_hour("a", 0), half_hour("b", 30), half_hour("c", 60), half_hour("d", 90), half_hour("e", 24 * 60)),
        people=(Person(id="ada", unavailable=frozenset({"b"})), *(Person(id=name) for name in "xyz")),
        tables=(Table(id="t"),),
        requests=tuple(Request(id=f"a{name}", participants=("ada", name)) for name in "xyz"),
        rules=Rules(breaks=rule),
    )
    meetings = {"ax": ("a", "t"), "ay": ("c", "t"), "az": ("e", "t")}
    held = tuple(Meeting(id=one, slot=slot, table=table) for one, (slot, table) in meetings.items())
    said = (objective(Aim.BREAKS, breaks), objective(Aim.FAIRNESS, breaks))
    assert check(problem, Agenda(status=Status.FEASIBLE, meetings=held, objectives=said)) == []


def test_a_slot_within_the_buffer_is_no_wait() -> None:
    problem = Problem(
        slots=(half_hour("a", 0), half_hour("b", 35), half_hour("c", 80)),
        people=(Person(id="ada", buffer_minutes=10), Person(id="x"), Person(id="y")),
        tables=(Table(id="t"),),
        requests=(Request(id="ax", participants=("ada", "x")), Request(id="ay", participants=("ada", "y"))),
    )
    held = (Meeting(id="ax", slot="a", table="t"), Meeting(id="ay", slot="c", table="t"))
    fine = Agenda(status=Status.FEASIBLE, meetings=held, objectives=(objective(Aim.BREAKS, 0),))
    assert check(problem, fine) == []
    hasty = replace(problem, people=(Person(id="ada", buffer_minutes=5), Person(id="x"), Person(id="y")))
    assert rules(check(hasty, fine)) == {Rule.VALUE}


def test_moves_are_those_that_happened_at_their_price() -> None:
    problem = replace(PROBLEM, requests=tuple(replace(one, state=State.PROPOSED) for one in PROBLEM.requests))
    before = agenda(PLACES)
    moved = agenda({"ade": ("s1", "evas"), "be": ("s3", "evas")})
    told = (
        Move(id="ade", slot_before="tomorrow", table_before="evas", slot="s1", table="evas"),
        Move(id="be", slot_before="s3", table_before="t2", slot="s3", table="evas"),
    )
    # A day ahead twice the price, today four times; "ab" and "cd" are given up and could be held: each costs two moves.
    said = (objective(Aim.MOVES, 2 * 2 + 2 * (4 * 2) * 2), objective(Aim.TABLE_CHANGES, 1))
    after = replace(moved, moves=told, objectives=said)
    assert check(problem, after, before=before, now=NINE) == []
    assert rules(check(problem, replace(after, moves=told[1:]), before=before, now=NINE)) == {Rule.MOVES}
    wrong = replace(told[0], slot_before="s2")
    assert rules(check(problem, replace(after, moves=(wrong, told[1])), before=before, now=NINE)) == {Rule.MOVES}
    assert rules(check(problem, after, before=before)) == {Rule.VALUE}


def test_what_is_unsound_is_shown_to_nobody() -> None:
    fine = agenda(PLACES)
    assert checked(PROBLEM, fine) is fine
    with pytest.raises(UnsoundAgendaError, match="table-twice"):
        checked(PROBLEM, agenda({**PLACES, "ab": ("s2", "t1")}))


@given(st.data())
def test_any_change_of_a_sound_agenda_that_breaks_a_rule_is_seen(data: st.DataObject) -> None:
    """Whatever place one meeting is given, the checker passes it exactly when it is among all sound agendas."""
    problem = data.draw(problems(most=3))
    sound = list(every_agenda(problem))
    one = data.draw(st.sampled_from(sound))
    if not one.meetings:
        return
    position = data.draw(st.integers(0, len(one.meetings) - 1))
    slot, table = data.draw(st.sampled_from(problem.slots)), data.draw(st.sampled_from(problem.tables))
    other = replace(one.meetings[position], slot=slot.id, table=table.id)
    changed = replace(one, meetings=(*one.meetings[:position], other, *one.meetings[position + 1 :]))
    assert (check(problem, changed) == []) == (changed in sound)
