"""The published MiniZinc data: read strictly, with line numbers, and written so that it reads the same."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings.agenda.problem import (
    BreakRule,
    Person,
    Precedence,
    Priority,
    Problem,
    Request,
    Slot,
    Table,
    published_rules,
)
from handlers.meetings.agenda.published import read_published, write_published
from handlers.sheets.faults import InputError

DATA = """% a fair
nBusiness = 3;
nMeetings = 3;
nTables = 2;
nTotalSlots = 4;
nMorningSlots = 2;

requested = [|1, 2,1,
|1, 3,2,
|2, 3,3,
|];

meetingsxBusiness = [{1,2,3},
{1,2,4},
{1,3,4}];
nMeetingsBusiness = [2,2,2];
forbidden = [{0},
{},
{1,4}];
fixed = [0,3,0];
precedences = [{},
{1},
{}];
"""


def complaint(text: str) -> str:
    with pytest.raises(InputError) as refused:
        read_published(text, source="fair.dzn")
    return str(refused.value.faults[0])


def test_a_file_says_who_meets_whom() -> None:
    problem = read_published(DATA)
    assert problem.rules == published_rules(2)
    assert problem.rules.breaks is BreakRule.EVERY_SLOT
    assert [slot.session for slot in problem.slots] == ["morning", "morning", "afternoon", "afternoon"]
    assert [person.unavailable for person in problem.people] == [frozenset(), frozenset(), frozenset({"1", "4"})]
    assert [table.id for table in problem.tables] == ["1", "2"]
    assert problem.requests[1] == Request(
        id="2",
        participants=("1", "3"),
        priority=Priority.MUST,
        sessions=frozenset({"afternoon"}),
        fixed="3",
    )
    assert problem.requests[2].sessions is None
    assert problem.precedences == (Precedence(before="1", after="2"),)
    assert read_published(DATA, fairness=0).rules.fairness_limit == 0


def test_derived_data_may_be_missing_or_written_without_the_dummy() -> None:
    start, end = DATA.index("meetingsxBusiness"), DATA.index("forbidden")
    assert read_published(DATA[:start] + DATA[end:]) == read_published(DATA)
    plain = DATA.replace("{1,2,3},\n{1,2,4},\n{1,3,4}", "{1,2},\n{1,3},\n{2,3}")
    assert plain != DATA
    assert read_published(plain) == read_published(DATA)


def test_other_ways_to_write_the_same() -> None:
    other = DATA.replace("{1,4}", "{1} /* the 4 was\na slip */").replace("|2, 3,3,\n|]", "| 2,3,3 |]")
    assert read_published(other).people[2].unavailable == frozenset({"1"})
    assert read_published(DATA.replace("{1,4}", "1..3")).people[2].unavailable == frozenset({"1", "2", "3"})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("|1, 3,2,", "|1, 1,2,", "row 9: meeting 2: participant 1 is in it twice"),
        ("|1, 3,2,", "|1, 4,2,", "row 9: there is no participant 4"),
        ("|1, 3,2,", "|1, 3,4,", "row 9: session 4 is none of 1 (morning), 2 (afternoon), 3 (any)"),
        ("|1, 3,2,", "|1, 3,", "row 9: a row of requested has two participants and a session"),
        ("|2, 3,3,\n", "", "row 8: requested has 2 rows for 3 meetings"),
        ("{1,4}", "{1,5}", "row 19: forbidden: there is no slot 5"),
        ("{1,4}", "7", "row 19: forbidden holds 7 where a set { … } is due"),
        ("{1,4}]", "{1},{4}]", "row 17: forbidden has 4 sets, 3 are due"),
        ("[0,3,0]", "[0,5,0]", "row 20: fixed: there is no slot 5"),
        ("[0,3,0]", "[0,3]", "row 20: fixed has 2 numbers, 3 are due"),
        ("{1},\n{}]", "{1},\n{9}]", "row 23: precedences: there is no meeting 9"),
        ("{1},\n{}]", "{2},\n{}]", "row 22: precedences: '2' cannot come before itself"),
        ("nMorningSlots = 2", "nMorningSlots = 5", "row 6: nMorningSlots is 5, but there are 4 slots"),
        ("nTables = 2", "nTables = many", "row 4: expected a whole number, found many"),
        ("nTables = 2", "nTables = -1", "row 4: nTables is not a number from 0 to 100000"),
        ("nTables = 2;", "", "nTables is missing"),
        ("nTables = 2", "nTables = 0", "tables: there are none"),
        ("nTables = 2;", "nTables = 2; nTables = 3;", "row 4: nTables is given twice, first on line 4"),
        ("nTables = 2;", "nTables = 2; nChairs = 3;", "row 4: nChairs is no part of the published problem"),
        ("nTables = 2;", "nTables = 2", "row 5: expected ;, found nTotalSlots"),
        ("nTables = 2;", "nTables = 2.5;", "row 4: '2.5;' is not MiniZinc data"),
        ("nTables = 2;", f"nTables = {'9' * 5000};", "row 4: a number of 5000 digits"),
        ("{1,4}", "1..999999999", "row 19: 1..999999999 is too long"),
        ("[2,2,2]", "[2,2,1]", "row 16: nMeetingsBusiness does not count what requested says"),
        ("{1,3,4}]", "{1,2,4}]", "row 13: meetingsxBusiness does not list what requested says"),
        ("fixed =", "fixed", "row 20: expected =, found ["),
        ("fixed = [0,3,0]", "fixed = {0,3,0}", "row 20: fixed is not a list [ … ]"),
        ("requested = [|1, 2,1,\n|1, 3,2,\n|2, 3,3,\n|]", "requested = [1]", "row 8: requested is not a matrix"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, expected: str) -> None:
    assert old in DATA
    assert complaint(DATA.replace(old, new)).startswith(
        f"fair.dzn, {expected}" if expected.startswith("row") else f"fair.dzn: {expected}"
    )


def test_a_circle_is_named_with_its_line() -> None:
    told = complaint(DATA.replace("precedences = [{},", "precedences = [{2},"))
    assert told.startswith("fair.dzn, row 2")
    assert "1 before 2 before 1" in told or "2 before 1 before 2" in told


def test_an_empty_file() -> None:
    assert complaint("") == "fair.dzn: the file is empty"
    assert complaint("% nothing\n") == "fair.dzn: the file is empty"


def test_what_the_file_cannot_state_is_refused() -> None:
    start = datetime(2018, 4, 10, 9, tzinfo=UTC)
    problem = Problem(
        slots=tuple(
            Slot(
                id=session,
                session=session,
                start=start + timedelta(hours=hour),
                end=start + timedelta(hours=hour, minutes=30),
            )
            for hour, session in enumerate(("early", "noon", "late"))
        ),
        people=(Person(id="a", buffer_minutes=10), Person(id="b"), Person(id="c")),
        tables=(Table(id="1", owner="a"),),
        requests=(
            Request(id="m", participants=("a", "b", "c")),
            Request(id="n", participants=("a", "b"), slots=frozenset({"early"})),
        ),
    )
    with pytest.raises(InputError) as refused:
        write_published(problem)
    assert [fault.column for fault in refused.value.faults] == [
        "person a",
        "table 1",
        "request m",
        "request n",
        "slots",
    ]


@st.composite
def published_problems(draw: st.DrawFn) -> Problem:
    people, meetings, slots = draw(st.integers(2, 5)), draw(st.integers(1, 6)), draw(st.integers(1, 5))
    morning = draw(st.integers(0, slots))
    rows = [(*draw(st.permutations(range(1, people + 1)))[:2], draw(st.integers(1, 3))) for _ in range(meetings)]

    def one_set(most: int) -> str:
        return "{" + ",".join(map(str, sorted(draw(st.sets(st.integers(1, most))) if most else ()))) + "}"

    def sets(count: int, most: Callable[[int], int]) -> str:
        return ",".join(one_set(most(index)) for index in range(count))

    text = (
        f"nBusiness={people}; nMeetings={meetings}; nTables={draw(st.integers(1, 3))}; nTotalSlots={slots};"
        f"nMorningSlots={morning};"
        f"requested=[|{'|'.join(f'{one},{other},{session}' for one, other, session in rows)}|];"
        f"forbidden=[{sets(people, lambda _: slots)}];"
        f"fixed=[{','.join(str(draw(st.integers(0, slots))) for _ in rows)}];"
        f"precedences=[{sets(meetings, lambda index: index)}];"
    )
    return read_published(text)


@given(published_problems())
def test_what_is_written_reads_the_same(problem: Problem) -> None:
    assert read_published(write_published(problem)) == problem
