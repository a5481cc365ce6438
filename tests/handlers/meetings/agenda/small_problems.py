"""Small problems of every kind, and all their agendas by trying everything; nothing here knows the planner."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from handlers.meetings.agenda.agenda import (
    Agenda,
    Aim,
    Change,
    Meeting,
    NewRequests,
    NotHeld,
    Objective,
    PersonArrivesLate,
    PersonCancels,
    PersonUnavailable,
    Reason,
    ReasonKind,
    RequestWithdrawn,
    Status,
    TableLost,
)
from handlers.meetings.agenda.checker import Rule, check
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

MORNING = datetime(2018, 5, 15, 9, tzinfo=UTC)
PEOPLE = ("ada", "bea", "carlo", "dino")
AIMS = (
    Aim.HOLD_FIXED,
    Aim.HOLD_MUST,
    Aim.HOLD_WANT,
    Aim.MOVES,
    Aim.TABLE_CHANGES,
    Aim.BREAKS,
    Aim.FAIRNESS,
    Aim.PREFERENCES,
)
LARGE_IS_GOOD = (Aim.HOLD_FIXED, Aim.HOLD_MUST, Aim.HOLD_WANT)
UNTOLD = Reason(kind=ReasonKind.NOT_FOUND)


@st.composite
def slots(draw: st.DrawFn) -> tuple[Slot, ...]:
    """Three or four slots: without times, one after the other over two days, or overlapping."""
    count = draw(st.integers(3, 4))
    kind = draw(st.sampled_from(("untimed", "timed", "overlapping")))
    sessions = [draw(st.sampled_from((None, "early", "late"))) for _ in range(count)]
    if kind == "untimed":
        return tuple(Slot(id=f"s{number}", session=sessions[number]) for number in range(count))
    made = []
    for number in range(count):
        if kind == "timed":
            start, minutes = MORNING + timedelta(minutes=30 * number + (24 * 60 if number == 3 else 0)), 30
        else:
            start, minutes = (
                MORNING + timedelta(minutes=15 * draw(st.integers(0, 5))),
                draw(st.sampled_from((15, 30, 45))),
            )
        made.append(
            Slot(id=f"s{number}", start=start, end=start + timedelta(minutes=minutes), session=sessions[number])
        )
    return tuple(made)


@st.composite
def people(draw: st.DrawFn, of_slots: tuple[Slot, ...]) -> tuple[Person, ...]:
    """Four people, some away for a slot or a visit, some slow between meetings."""
    ids = [slot.id for slot in of_slots]
    timed = of_slots[0].start is not None
    found = []
    for name in PEOPLE:
        blocks: tuple[Block, ...] = ()
        if timed and draw(st.integers(0, 5)) == 0:
            start = MORNING + timedelta(minutes=15 * draw(st.integers(0, 6)))
            blocks = (
                Block(start=start, end=start + timedelta(minutes=15), travel_minutes=draw(st.sampled_from((0, 10)))),
            )
        found.append(
            Person(
                id=name,
                unavailable=frozenset(draw(st.lists(st.sampled_from(ids), max_size=2))),
                buffer_minutes=draw(st.sampled_from((0, 0, 15))) if timed else 0,
                blocks=blocks,
            )
        )
    return tuple(found)


@st.composite
def tables(draw: st.DrawFn, of_slots: tuple[Slot, ...]) -> tuple[Table, ...]:
    """One or two tables, some only now and then, some somebody's own."""
    ids = [slot.id for slot in of_slots]
    return tuple(
        Table(
            id=f"t{number}",
            slots=None if draw(st.booleans()) else frozenset(draw(st.lists(st.sampled_from(ids), min_size=1))),
            owner=draw(st.sampled_from((None, None, None, "ada", "bea"))),
        )
        for number in range(draw(st.integers(1, 2)))
    )


@st.composite
def request(draw: st.DrawFn, name: str, of_slots: tuple[Slot, ...]) -> Request:
    """A meeting of two or three with some wishes."""
    ids = [slot.id for slot in of_slots]
    sessions = sorted({slot.session for slot in of_slots if slot.session is not None})
    size = draw(st.sampled_from((2, 2, 2, 3)))
    return Request(
        id=name,
        participants=tuple(draw(st.permutations(PEOPLE))[:size]),
        priority=draw(st.sampled_from(Priority)),
        weight=draw(st.sampled_from((1, 1, 2))),
        sessions=frozenset({draw(st.sampled_from(sessions))}) if sessions and draw(st.integers(0, 3)) == 0 else None,
        slots=frozenset(draw(st.lists(st.sampled_from(ids), min_size=2))) if draw(st.integers(0, 4)) == 0 else None,
        fixed=draw(st.sampled_from(ids)) if draw(st.integers(0, 6)) == 0 else None,
        preferred=frozenset({draw(st.sampled_from(ids))}) if draw(st.integers(0, 3)) == 0 else frozenset(),
        state=draw(st.sampled_from(State)),
    )


@st.composite
def problems(draw: st.DrawFn, *, most: int = 4, hold_all: bool = False) -> Problem:
    """A problem that can be solved by trying everything."""
    of_slots = draw(slots())
    requests = tuple(draw(request(f"r{number}", of_slots)) for number in range(draw(st.integers(1, most))))
    ids = [one.id for one in requests]
    precedences: tuple[Precedence, ...] = ()
    if len(ids) > 1 and draw(st.integers(0, 2)) == 0:
        precedences = (Precedence(before=ids[0], after=ids[1]),)
    return Problem(
        slots=of_slots,
        people=draw(people(of_slots)),
        tables=draw(tables(of_slots)),
        requests=requests,
        precedences=precedences,
        rules=Rules(breaks=draw(st.sampled_from(BreakRule)), hold_all=hold_all and draw(st.booleans())),
    )


@st.composite
def changes(draw: st.DrawFn, problem: Problem) -> list[Change]:
    """One or two things that happen."""
    ids = [slot.id for slot in problem.slots]
    found: list[Change] = []
    for number in range(draw(st.integers(1, 2))):
        person, slot = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(ids))
        possible: list[Change] = [
            PersonCancels(person=person),
            PersonCancels(person=person, since=slot),
            PersonArrivesLate(person=person, until=slot),
            PersonUnavailable(person=person, slots=frozenset({slot})),
            TableLost(table="t0"),
            TableLost(table="t0", slots=frozenset({slot})),
            NewRequests(requests=(draw(request(f"n{number}", problem.slots)),)),
            RequestWithdrawn(request="r0"),
        ]
        found.append(draw(st.sampled_from(possible)))
    withdrawn = [change for change in found if isinstance(change, RequestWithdrawn)]
    return [change for change in found if change not in withdrawn] + withdrawn[:1]


def agenda_of(
    problem: Problem, places: dict[str, tuple[str, str]], *, objectives: tuple[Objective, ...] = ()
) -> Agenda:
    """An agenda with these meetings: by request the slot and the table."""
    return Agenda(
        status=Status.FEASIBLE,
        meetings=tuple(
            Meeting(id=one.id, slot=places[one.id][0], table=places[one.id][1])
            for one in problem.requests
            if one.id in places
        ),
        not_held=tuple(NotHeld(id=one.id, reason=UNTOLD) for one in problem.requests if one.id not in places),
        objectives=objectives,
    )


def every_agenda(problem: Problem) -> Iterator[Agenda]:
    """All agendas that the checker lets pass, by trying every slot and table for every request."""
    everywhere = [(slot.id, table.id) for slot in problem.slots for table in problem.tables]
    possible: list[list[tuple[str, str] | None]] = []
    for one in problem.requests:
        alone = [place for place in everywhere if not _broken(problem, {one.id: place})]
        possible.append([None, *alone])
    yield from _every(problem, possible, {}, 0)


def _every(
    problem: Problem, possible: list[list[tuple[str, str] | None]], chosen: dict[str, tuple[str, str]], depth: int
) -> Iterator[Agenda]:
    if depth == len(possible):
        if not _broken(problem, chosen, complete=True):
            yield agenda_of(problem, chosen)
        return
    for place in possible[depth]:
        if place is None:
            yield from _every(problem, possible, chosen, depth + 1)
            continue
        more = {**chosen, problem.requests[depth].id: place}
        if not _broken(problem, more):
            yield from _every(problem, possible, more, depth + 1)


def _broken(problem: Problem, places: dict[str, tuple[str, str]], *, complete: bool = False) -> bool:
    found = check(problem, agenda_of(problem, places))
    return any(complete or one.rule not in (Rule.HOLD_ALL, Rule.FAIRNESS_LIMIT) for one in found)


def figures(
    problem: Problem, agenda: Agenda, *, before: Agenda | None = None, now: datetime | None = None
) -> dict[Aim, int]:
    """What an agenda amounts to, as the checker says when it is told something else."""
    wrong = tuple(Objective(aim=aim, value=-1, bound=None) for aim in AIMS)
    claims = Agenda(status=Status.FEASIBLE, meetings=agenda.meetings, not_held=agenda.not_held, objectives=wrong)
    found: dict[Aim, int] = {}
    for violation in check(problem, claims, before=before, now=now):
        aim, _, rest = violation.what.partition(" is said to be -1, and is ")
        if violation.rule is Rule.VALUE and rest:
            found[Aim(aim)] = int(rest)
    return found


def goodness(values: dict[Aim, int]) -> tuple[int, ...]:
    """Comparable: the larger the better, aim after aim."""
    return tuple(values[aim] if aim in LARGE_IS_GOOD else -values[aim] for aim in AIMS if aim in values)
