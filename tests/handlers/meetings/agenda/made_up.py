"""Problems, agendas and changes of every kind, for tests of what is written and read."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from handlers.meetings.agenda.agenda import (
    Agenda,
    Aim,
    Change,
    Meeting,
    Move,
    NewRequests,
    NotHeld,
    Objective,
    Opening,
    PersonArrivesLate,
    PersonCancels,
    PersonUnavailable,
    Reason,
    ReasonKind,
    RequestWithdrawn,
    Status,
    TableLost,
)
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

Draw = st.DrawFn
START = datetime(2018, 4, 10, 9, tzinfo=UTC)
ids = st.text(min_size=1, max_size=6)
short_texts = st.text(max_size=6)
offsets = st.integers(-11 * 60, 13 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2017, 1, 1), datetime(2019, 1, 1), timezones=offsets)  # noqa: DTZ001  (the zone is drawn)
counts = st.integers(0, 1000)


def some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values))


@st.composite
def requests_between(draw: Draw, id_: str, people: list[str], slots: list[str], sessions: list[str]) -> Request:
    return Request(
        id=id_,
        participants=tuple(draw(st.permutations(people))[: draw(st.integers(2, len(people)))]),
        priority=draw(st.sampled_from(Priority)),
        weight=draw(st.integers(1, 9)),
        sessions=draw(st.none() | some(sessions)) if sessions else None,
        slots=draw(st.none() | some(slots)),
        fixed=draw(st.none() | st.sampled_from(slots)),
        preferred=draw(some(slots)),
        state=draw(st.sampled_from(State)),
    )


@st.composite
def problems(draw: Draw, ids: st.SearchStrategy[str] = ids, texts: st.SearchStrategy[str] = short_texts) -> Problem:
    """Problems without faults, with and without times."""
    named = st.lists(ids, min_size=1, max_size=4, unique=True)
    slot_ids, table_ids, request_ids = draw(named), draw(named), draw(named)
    people_ids = draw(st.lists(ids, min_size=2, max_size=4, unique=True))
    timed = draw(st.booleans())
    sessions = draw(st.lists(st.none() | ids, min_size=len(slot_ids), max_size=len(slot_ids)))
    slots: list[Slot] = []
    for id_, session in zip(slot_ids, sessions, strict=True):
        start = draw(moments) if timed else None
        end = start + timedelta(minutes=draw(st.integers(1, 90))) if start else None
        slots.append(Slot(id=id_, start=start, end=end, session=session))
    blocks = st.builds(
        lambda start, minutes, travel, label: Block(
            start=start, end=start + timedelta(minutes=minutes), travel_minutes=travel, label=label
        ),
        moments,
        st.integers(1, 600),
        st.integers(0, 90),
        texts,
    )
    people = tuple(
        Person(
            id=id_,
            name=draw(texts),
            organisation=draw(texts),
            unavailable=draw(some(slot_ids)),
            buffer_minutes=draw(st.integers(0, 60)) if timed else 0,
            blocks=tuple(draw(st.lists(blocks, max_size=2))) if timed else (),
        )
        for id_ in people_ids
    )
    tables = tuple(
        Table(id=id_, slots=draw(st.none() | some(slot_ids)), owner=draw(st.none() | st.sampled_from(people_ids)))
        for id_ in table_ids
    )
    known_sessions = sorted({session for session in sessions if session is not None})
    requests = tuple(draw(requests_between(id_, people_ids, slot_ids, known_sessions)) for id_ in request_ids)
    # Only from an earlier request to a later one, so that there is no circle.
    pairs = [(one, other) for index, one in enumerate(request_ids) for other in request_ids[index + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return Problem(
        slots=tuple(slots),
        people=people,
        tables=tables,
        requests=requests,
        precedences=tuple(Precedence(before=one, after=other) for one, other in chosen),
        rules=Rules(
            hold_all=draw(st.booleans()),
            breaks=draw(st.sampled_from(BreakRule)),
            fairness_limit=draw(st.none() | st.integers(0, 5)),
        ),
    )


several_ids = st.lists(ids, max_size=3).map(tuple)
moves = st.builds(Move, id=ids, slot_before=ids, table_before=ids, slot=ids, table=ids)
openings = st.builds(
    Opening,
    slot=ids,
    people=several_ids,
    another_table=st.booleans(),
    moves=st.lists(moves, max_size=2).map(tuple),
    instead_of=several_ids,
)
reasons = st.builds(
    Reason,
    kind=st.sampled_from(ReasonKind),
    slots=several_ids,
    people=several_ids,
    requests=several_ids,
    openings=st.lists(openings, max_size=2).map(tuple),
)
agendas = st.builds(
    Agenda,
    status=st.sampled_from(Status),
    meetings=st.lists(st.builds(Meeting, id=ids, slot=ids, table=ids), max_size=3).map(tuple),
    not_held=st.lists(st.builds(NotHeld, id=ids, reason=reasons), max_size=3).map(tuple),
    objectives=st.lists(
        st.builds(Objective, aim=st.sampled_from(Aim), value=counts, bound=st.none() | counts), max_size=3
    ).map(tuple),
    held_bound=st.none() | counts,
    seconds=st.floats(0, 1e6),
    planner=st.sampled_from(["solver", "greedy"]),
    moves=st.lists(moves, max_size=2).map(tuple),
)
new_requests = requests_between("new", ["a", "b", "c"], ["s", "t"], ["morning"])
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(PersonCancels, person=ids, since=st.none() | ids),
    st.builds(PersonArrivesLate, person=ids, until=ids | moments),
    st.builds(PersonUnavailable, person=ids, slots=st.frozensets(ids, max_size=3)),
    st.builds(TableLost, table=ids, slots=st.none() | st.frozensets(ids, max_size=3)),
    st.builds(NewRequests, requests=st.lists(new_requests, min_size=1, max_size=2).map(tuple)),
    st.builds(RequestWithdrawn, request=ids),
)
