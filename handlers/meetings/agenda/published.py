"""The published B2B instances (Bofill et al., JAIR 2022) as they are distributed: MiniZinc data, read and written.

Participants, meetings, slots and tables count from 1, and those numbers are the ids. ``requested`` has a row of two
participants and a session for each meeting: 1 morning (the first ``nMorningSlots``), 2 afternoon, 3 any. ``forbidden``
holds each participant's slots, ``fixed`` each meeting's slot or 0, ``precedences`` the meetings that come before each
meeting. A 0 in a set stands for nothing. ``meetingsxBusiness`` and ``nMeetingsBusiness`` follow from ``requested``
(there the meetings count from 2, after a dummy 1); they may be missing, and are compared where they are given.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from handlers.meetings.agenda.dzn_tokens import Matrix, Number, NumberList, NumberSet, Value, assignments
from handlers.meetings.agenda.problem import (
    Person,
    Precedence,
    Priority,
    Problem,
    Request,
    Slot,
    Table,
    faults,
    in_order,
    published_rules,
)
from handlers.sheets.faults import InputError, InputFault

MORNING, AFTERNOON = "morning", "afternoon"
SESSIONS: dict[int, frozenset[str] | None] = {1: frozenset({MORNING}), 2: frozenset({AFTERNOON}), 3: None}
COUNTS = ("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots")
LISTS = ("forbidden", "fixed", "precedences")
DERIVED = ("meetingsxBusiness", "nMeetingsBusiness")
MOST = 100_000
"""Of each count; a fair has hundreds."""


def read_published(text: str, *, source: str = "data", fairness: int = 2) -> Problem:
    """The problem that a .dzn file states, with the published rules. Raises InputError naming faults by line."""
    return _Reader(assignments(text, source=source), source).problem(fairness)


@dataclass(slots=True)
class _Reader:
    values: dict[str, tuple[int, Value]]
    source: str
    found: list[InputFault] = field(default_factory=list, init=False)

    def problem(self, fairness: int) -> Problem:
        if not self.values:
            raise InputError([InputFault(what="the file is empty", source=self.source)])
        known = {*COUNTS, "requested", *LISTS, *DERIVED}
        for name, (line, _) in self.values.items():
            if name not in known:
                self._fault(f"{name} is no part of the published problem", line)
        people, meetings, tables, slots, morning = (self._count(name) for name in COUNTS)
        if morning > slots:
            self._fault(f"nMorningSlots is {morning}, but there are {slots} slots", self.values["nMorningSlots"][0])
        self._stop_at_faults()
        rows = self._requested(people, meetings)
        forbidden = self._sets("forbidden", people, slots, "slot")
        fixed = self._fixed(meetings, slots)
        before = self._sets("precedences", meetings, meetings, "meeting")
        self._stop_at_faults()
        self._compare_derived(rows, people)
        self._stop_at_faults()
        return self._checked(
            Problem(
                slots=tuple(
                    Slot(id=str(slot), session=MORNING if slot <= morning else AFTERNOON)
                    for slot in range(1, slots + 1)
                ),
                people=tuple(
                    Person(id=str(person), unavailable=frozenset(str(one.value) for one in kept.numbers if one.value))
                    for person, kept in enumerate(forbidden, start=1)
                ),
                tables=tuple(Table(id=str(table)) for table in range(1, tables + 1)),
                requests=tuple(
                    _request(meeting, row, at, morning, slots)
                    for meeting, (row, at) in enumerate(zip(rows, fixed, strict=True), start=1)
                ),
                precedences=tuple(
                    Precedence(before=str(one.value), after=str(meeting))
                    for meeting, sets in enumerate(before, start=1)
                    for one in sets.numbers
                    if one.value
                ),
                rules=published_rules(fairness),
            ),
            {
                "people": [one.line for one in forbidden],
                "requests": [row[0].line for row in rows],
                "precedences": [one.line for sets in before for one in sets.numbers if one.value],
            },
        )

    def _checked(self, problem: Problem, lines: dict[str, list[int]]) -> Problem:
        for fault in faults(problem):
            line = lines[fault.part][fault.index] if fault.part in lines and fault.index is not None else None
            self._fault(f"{fault.part}: {fault.what}", line)
        self._stop_at_faults()
        return problem

    def _fault(self, what: str, line: int | None) -> None:
        self.found.append(InputFault(what=what, source=self.source, row=line))

    def _stop_at_faults(self) -> None:
        if self.found:
            raise InputError(self.found)

    def _count(self, name: str) -> int:
        line, value = self.values.get(name, (None, None))
        if value is None:
            self._fault(f"{name} is missing", None)
            return 0
        if not isinstance(value, Number) or not 0 <= value.value <= MOST:
            self._fault(f"{name} is not a number from 0 to {MOST}", line)
            return 0
        return value.value

    def _requested(self, people: int, meetings: int) -> list[tuple[Number, Number, Number]]:
        line, value = self.values.get("requested", (None, None))
        rows: list[tuple[Number, Number, Number]] = []
        if not isinstance(value, Matrix):
            self._fault("requested is missing" if value is None else "requested is not a matrix [| … |]", line)
            return rows
        for row in value.rows:
            at = row[0].line if row else value.line
            if len(row) != 3:
                self._fault("a row of requested has two participants and a session", at)
                continue
            first, second, session = row
            for person in (first, second):
                if not 1 <= person.value <= people:
                    self._fault(f"there is no participant {person.value}", at)
            if first.value == second.value:
                self._fault(f"meeting {len(rows) + 1}: participant {first.value} is in it twice", at)
            if session.value not in SESSIONS:
                self._fault(f"session {session.value} is none of 1 (morning), 2 (afternoon), 3 (any)", at)
            rows.append((first, second, session))
        if len(value.rows) != meetings:
            self._fault(f"requested has {len(value.rows)} rows for {meetings} meetings", line)
        return rows

    def _sets(self, name: str, wanted: int, most: int, kind: str) -> list[NumberSet]:
        line, value = self.values.get(name, (None, None))
        if not isinstance(value, NumberList):
            self._fault(f"{name} is missing" if value is None else f"{name} is not a list [ … ]", line)
            return []
        sets = [one for one in value.items if isinstance(one, NumberSet)]
        for one in value.items:
            if not isinstance(one, NumberSet):
                self._fault(f"{name} holds {one.value} where a set {{ … }} is due", one.line)
        for one in sets:
            for number in one.numbers:
                if not 0 <= number.value <= most:
                    self._fault(f"{name}: there is no {kind} {number.value}", number.line)
        if len(value.items) != wanted:
            self._fault(f"{name} has {len(value.items)} sets, {wanted} are due", line)
        return sets

    def _fixed(self, meetings: int, slots: int) -> list[Number]:
        line, value = self.values.get("fixed", (None, None))
        if not isinstance(value, NumberList):
            self._fault("fixed is missing" if value is None else "fixed is not a list [ … ]", line)
            return []
        numbers = [one for one in value.items if isinstance(one, Number)]
        for number in numbers:
            if not 0 <= number.value <= slots:
                self._fault(f"fixed: there is no slot {number.value}", number.line)
        if len(numbers) != meetings or len(value.items) != meetings:
            self._fault(f"fixed has {len(numbers)} numbers, {meetings} are due", line)
        return numbers

    def _compare_derived(self, rows: Sequence[tuple[Number, Number, Number]], people: int) -> None:
        mine: list[list[int]] = [[] for _ in range(people)]
        for meeting, (first, second, _) in enumerate(rows, start=1):
            mine[first.value - 1].append(meeting)
            mine[second.value - 1].append(meeting)
        line, counts = self.values.get("nMeetingsBusiness", (None, None))
        if counts is not None:
            numbers = counts.items if isinstance(counts, NumberList) else ()
            if [one.value for one in numbers if isinstance(one, Number)] != [len(meetings) for meetings in mine]:
                self._fault("nMeetingsBusiness does not count what requested says", line)
        line, lists = self.values.get("meetingsxBusiness", (None, None))
        if lists is not None:
            sets = lists.items if isinstance(lists, NumberList) else ()
            given = [{number.value for number in one.numbers} for one in sets if isinstance(one, NumberSet)]
            # As distributed, or as one would write it without knowing of the dummy.
            if given not in ([{1, *(meeting + 1 for meeting in one)} for one in mine], [set(one) for one in mine]):
                self._fault("meetingsxBusiness does not list what requested says", line)


def _request(meeting: int, row: tuple[Number, Number, Number], fixed: Number, morning: int, slots: int) -> Request:
    first, second, session = row
    # A morning or an afternoon without slots is a session that no slot has: nothing is allowed then.
    empty = (session.value == 1 and morning == 0) or (session.value == 2 and morning == slots)
    return Request(
        id=str(meeting),
        participants=(str(first.value), str(second.value)),
        priority=Priority.MUST,
        sessions=None if empty else SESSIONS[session.value],
        slots=frozenset() if empty else None,
        fixed=str(fixed.value) if fixed.value else None,
    )


def write_published(problem: Problem) -> str:
    """The problem as a .dzn file. People, requests, slots and tables become numbers in the order that they have.

    Raises InputError with everything that the published problem cannot state: meetings of three, buffers, tables that
    are not always free, slots allowed by name, more sessions than a morning and an afternoon after it. What decides
    nothing there is left out: times, names, priorities, weights, preferences.
    """
    found = [InputFault(what=what, column=where) for where, what in _unstatable(problem)]
    if found:
        raise InputError(found)
    slot_number = {slot.id: number for number, slot in enumerate(in_order(problem.slots), start=1)}
    person_number = {person.id: number for number, person in enumerate(problem.people, start=1)}
    request_number = {request.id: number for number, request in enumerate(problem.requests, start=1)}
    morning, number_of_session = _sessions(problem)
    meetings: list[list[int]] = [[] for _ in problem.people]
    rows: list[str] = []
    for number, request in enumerate(problem.requests, start=1):
        first, second = (person_number[person] for person in request.participants)
        meetings[first - 1].append(number)
        meetings[second - 1].append(number)
        rows.append(f"{first}, {second}, {_session_number(request, number_of_session, morning)}")
    before: dict[str, list[int]] = {request.id: [] for request in problem.requests}
    for precedence in problem.precedences:
        before[precedence.after].append(request_number[precedence.before])
    return "\n".join(
        [
            f"nBusiness = {len(problem.people)};",
            f"nMeetings = {len(problem.requests)};",
            f"nTables = {len(problem.tables)};",
            f"nTotalSlots = {len(problem.slots)};",
            f"nMorningSlots = {morning};",
            "requested = [|" + ",\n|".join(rows) + "\n|];",
            _list("meetingsxBusiness", (_set([1, *(one + 1 for one in mine)]) for mine in meetings)),
            _list("nMeetingsBusiness", (str(len(mine)) for mine in meetings)),
            _list(
                "forbidden", (_set(sorted(slot_number[one] for one in person.unavailable)) for person in problem.people)
            ),
            _list("fixed", (str(slot_number[one.fixed] if one.fixed else 0) for one in problem.requests)),
            _list("precedences", (_set(sorted(one)) for one in before.values())),
            "",
        ]
    )


def _unstatable(problem: Problem) -> Iterator[tuple[str, str]]:
    one_session = len({slot.session for slot in problem.slots}) == 1
    for person in problem.people:
        if person.buffer_minutes or person.blocks:
            yield f"person {person.id}", "buffers and blocks cannot be written as MiniZinc data"
    for table in problem.tables:
        if table.slots is not None or table.owner is not None:
            yield f"table {table.id}", "an owner, or slots of its own, cannot be written as MiniZinc data"
    for request in problem.requests:
        if len(request.participants) != 2:
            yield f"request {request.id}", "MiniZinc data has meetings of two"
        empty = request.slots == frozenset() and request.sessions is None and one_session
        if (request.slots is not None and not empty) or (request.sessions is not None and len(request.sessions) != 1):
            yield f"request {request.id}", "only one session, or any slot, can be allowed in MiniZinc data"
    names = [slot.session for slot in in_order(problem.slots)]
    changes = sum(earlier != later for earlier, later in pairwise(names))
    if changes > 1 or (None in names and changes):
        yield "slots", "the sessions are not a morning and an afternoon after it"


def _sessions(problem: Problem) -> tuple[int, dict[str | None, int]]:
    """How many slots are the morning, and the number of each session's name."""
    names = [slot.session for slot in in_order(problem.slots)]
    if names[0] == AFTERNOON:
        return 0, {AFTERNOON: 2}
    morning = sum(name == names[0] for name in names)
    return morning, {names[-1]: 2, names[0]: 1}


def _session_number(request: Request, number_of_session: dict[str | None, int], morning: int) -> int:
    if request.sessions is not None:
        return number_of_session[next(iter(request.sessions))]
    if request.slots is None:
        return 3
    # Nothing is allowed: the half of the day that has no slots.
    return 1 if morning == 0 else 2


def _set(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _list(name: str, items: Iterable[str]) -> str:
    return f"{name} = [" + ",\n".join(items) + "];"
