"""Whether an agenda keeps every rule of its problem, and whether what it says of itself is true.

Written from the rules as ``problem`` states them and from nothing else: of the planner it shares only the types, so a
mistake there cannot hide here. Every agenda passes through ``check`` before anybody sees it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations, pairwise

from handlers.meetings.agenda.agenda import Agenda, Aim, Meeting, Status
from handlers.meetings.agenda.problem import BreakRule, Person, Priority, Problem, Request, Slot, State, Table


class Rule(StrEnum):
    """What was violated."""

    UNKNOWN_ID = "unknown-id"
    HELD_TWICE = "held-twice"
    UNACCOUNTED = "unaccounted"
    """A request is neither held nor among those that are not, or is both."""
    TWO_MEETINGS_AT_ONCE = "two-meetings-at-once"
    BUFFER = "buffer"
    UNAVAILABLE = "unavailable"
    AWAY = "away"
    """A visit, talk or transfer, or the travel before or after it, takes the slot."""
    TABLE_TWICE = "table-twice"
    TABLE_CLOSED = "table-closed"
    TABLE_OWNED = "table-owned"
    SESSION = "session"
    SLOT_WISH = "slot-wish"
    FIXED = "fixed"
    PRECEDENCE = "precedence"
    HOLD_ALL = "hold-all"
    FAIRNESS_LIMIT = "fairness-limit"
    VALUE = "value"
    """A figure that the agenda gives of itself is not what its meetings amount to."""
    BOUND = "bound"
    """A bound is exceeded, or optimality is claimed and not all is proved."""
    MOVES = "moves"
    """The meetings said to have moved are not those that have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule broken: ``what`` in a sentence, and the ids of all that have part in it."""

    rule: Rule
    what: str
    meetings: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.what


def check(
    problem: Problem, agenda: Agenda, *, before: Agenda | None = None, now: datetime | None = None
) -> list[Violation]:
    """Everything that is wrong with an agenda; empty when it may be shown.

    The problem has to be free of faults. Of a re-planned agenda ``before`` is the one that it replaces and ``now`` the
    moment that it was re-planned for; then what it says of its moves is checked as well.
    """
    if agenda.status in (Status.INFEASIBLE, Status.UNDECIDED):
        held = tuple(meeting.id for meeting in agenda.meetings)
        what = f"the agenda is {agenda.status.value} and yet holds {len(held)} meetings"
        return [Violation(rule=Rule.UNACCOUNTED, what=what, meetings=held)] if held else []
    checker = _Checker(problem, agenda)
    found = [*checker.accounts(), *checker.places(), *checker.clashes(), *checker.order(), *checker.figures()]
    if before is not None:
        found += checker.moves(before, now)
    return found


class UnsoundAgendaError(RuntimeError):
    """A planner has broken a rule, which is its own mistake: the agenda is shown to nobody. ``violations`` says how."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{one.rule}: {one}" for one in violations))


def checked(problem: Problem, agenda: Agenda, *, before: Agenda | None = None, now: datetime | None = None) -> Agenda:
    """The same agenda, when nothing is wrong with it. Raises UnsoundAgendaError otherwise."""
    violations = check(problem, agenda, before=before, now=now)
    if violations:
        raise UnsoundAgendaError(violations)
    return agenda


class _Checker:
    """The lookups that the rules need. Meetings with unknown ids are named once and then left out."""

    def __init__(self, problem: Problem, agenda: Agenda) -> None:
        self.problem = problem
        self.agenda = agenda
        self.slots = {slot.id: slot for slot in problem.slots}
        self.people = {person.id: person for person in problem.people}
        self.tables = {table.id: table for table in problem.tables}
        self.requests = {request.id: request for request in problem.requests}
        timed = all(slot.start is not None for slot in problem.slots)
        ordered = sorted(problem.slots, key=_times) if timed else list(problem.slots)
        self.rank = {slot.id: rank for rank, slot in enumerate(ordered)}
        self.meetings = [meeting for meeting in agenda.meetings if not list(self._unknown(meeting))]
        self.diaries: dict[str, list[Meeting]] = {person.id: [] for person in problem.people}
        for meeting in sorted(self.meetings, key=lambda one: self.rank[one.slot]):
            for person in self.requests[meeting.id].participants:
                self.diaries[person].append(meeting)

    def _unknown(self, meeting: Meeting) -> Iterator[Violation]:
        for kind, one, known in (
            ("request", meeting.id, self.requests),
            ("slot", meeting.slot, self.slots),
            ("table", meeting.table, self.tables),
        ):
            if one not in known:
                what = f"meeting {meeting.id!r}: there is no {kind} {one!r}"
                yield Violation(rule=Rule.UNKNOWN_ID, what=what, meetings=(meeting.id,))

    def accounts(self) -> Iterator[Violation]:
        """Every request is held once, or is said not to be."""
        for meeting in self.agenda.meetings:
            yield from self._unknown(meeting)
        times = Counter(meeting.id for meeting in self.agenda.meetings)
        missing = Counter(one.id for one in self.agenda.not_held)
        for one, often in times.items():
            if often > 1:
                slots = tuple(meeting.slot for meeting in self.agenda.meetings if meeting.id == one)
                what = f"meeting {one!r} is held {often} times, in {_listed(slots)}"
                yield Violation(rule=Rule.HELD_TWICE, what=what, meetings=(one,), slots=slots)
        for one, often in missing.items():
            if one not in self.requests:
                what = f"there is no request {one!r}, which is said not to be held"
                yield Violation(rule=Rule.UNKNOWN_ID, what=what, meetings=(one,))
            if times[one] or often > 1:
                what = f"request {one!r} is " + (
                    "held and said not to be" if times[one] else "said twice not to be held"
                )
                yield Violation(rule=Rule.UNACCOUNTED, what=what, meetings=(one,))
        for request in self.problem.requests:
            if not times[request.id] and not missing[request.id]:
                what = f"request {request.id!r} is neither held nor said not to be"
                yield self._of_request(Rule.UNACCOUNTED, what, request)
            if not times[request.id] and self.problem.rules.hold_all:
                yield self._of_request(
                    Rule.HOLD_ALL, f"request {request.id!r} is not held, and all have to be", request
                )

    @staticmethod
    def _of_request(rule: Rule, what: str, request: Request) -> Violation:
        return Violation(rule=rule, what=what, meetings=(request.id,), people=request.participants)

    def places(self) -> Iterator[Violation]:
        """Each meeting by itself: its slot is allowed, its people are there, its table may be used."""
        for meeting in self.meetings:
            request, slot = self.requests[meeting.id], self.slots[meeting.slot]
            yield from self._wishes(meeting, request, slot)
            for person in request.participants:
                yield from self._presence(meeting, self.people[person], slot)
            yield from self._table(meeting, request, self.tables[meeting.table])

    def _wishes(self, meeting: Meeting, request: Request, slot: Slot) -> Iterator[Violation]:
        def violation(rule: Rule, what: str) -> Violation:
            return Violation(
                rule=rule, what=what, meetings=(meeting.id,), people=request.participants, slots=(slot.id,)
            )

        where = f"meeting {meeting.id!r} is in slot {slot.id!r}"
        if request.fixed is not None and slot.id != request.fixed:
            yield violation(Rule.FIXED, f"{where}, but fixed in {request.fixed!r}")
        if request.slots is not None and slot.id not in request.slots:
            yield violation(Rule.SLOT_WISH, f"{where}, which is not one of its own")
        if request.sessions is not None and slot.session not in request.sessions:
            yield violation(Rule.SESSION, f"{where} of session {slot.session!r}, wanted in {_listed(request.sessions)}")

    def _presence(self, meeting: Meeting, person: Person, slot: Slot) -> Iterator[Violation]:
        def violation(rule: Rule, why: str) -> Violation:
            what = f"meeting {meeting.id!r} in slot {slot.id!r}: {person.id!r} {why}"
            return Violation(rule=rule, what=what, meetings=(meeting.id,), people=(person.id,), slots=(slot.id,))

        if slot.id in person.unavailable:
            yield violation(Rule.UNAVAILABLE, "is unavailable")
        for label in _absences(person, slot):
            yield violation(Rule.AWAY, f"is away ({label})" if label else "is away")

    def _table(self, meeting: Meeting, request: Request, table: Table) -> Iterator[Violation]:
        where = f"meeting {meeting.id!r} in slot {meeting.slot!r}: table {table.id!r}"
        if table.slots is not None and meeting.slot not in table.slots:
            what = f"{where} cannot be used then"
            yield Violation(
                rule=Rule.TABLE_CLOSED, what=what, meetings=(meeting.id,), slots=(meeting.slot,), tables=(table.id,)
            )
        if table.owner is not None and table.owner not in request.participants:
            yield Violation(
                rule=Rule.TABLE_OWNED,
                what=f"{where} is kept for {table.owner!r}",
                meetings=(meeting.id,),
                people=(table.owner,),
                slots=(meeting.slot,),
                tables=(table.id,),
            )

    def clashes(self) -> Iterator[Violation]:
        """No person and no table is in two meetings at once, and people have their time to walk in between."""
        for person, diary in self.diaries.items():
            for one, other in combinations(diary, 2):
                yield from self._clash_of(self.people[person], one, other)
        at_table: defaultdict[str, list[Meeting]] = defaultdict(list)
        for meeting in self.meetings:
            at_table[meeting.table].append(meeting)
        for table, meetings in at_table.items():
            for one, other in combinations(meetings, 2):
                if _overlap(self.slots[one.slot], self.slots[other.slot]):
                    yield Violation(
                        rule=Rule.TABLE_TWICE,
                        what=f"table {table!r} has two meetings at once: {_place(one)} and {_place(other)}",
                        meetings=(one.id, other.id),
                        slots=(one.slot, other.slot),
                        tables=(table,),
                    )

    def _clash_of(self, person: Person, one: Meeting, other: Meeting) -> Iterator[Violation]:
        first, second = self.slots[one.slot], self.slots[other.slot]
        places = f"{_place(one)} and {_place(other)}"
        if _overlap(first, second):
            rule, what = Rule.TWO_MEETINGS_AT_ONCE, f"{person.id!r} has two meetings at once: {places}"
        elif _gap(first, second) < timedelta(minutes=person.buffer_minutes):
            rule, what = Rule.BUFFER, f"{person.id!r} has less than {person.buffer_minutes} minutes between {places}"
        else:
            return
        meetings, slots = (one.id, other.id), (one.slot, other.slot)
        yield Violation(rule=rule, what=what, meetings=meetings, people=(person.id,), slots=slots)

    def order(self) -> Iterator[Violation]:
        """Where both meetings of a precedence are held, one is over when the other begins."""
        slot_of = {meeting.id: self.slots[meeting.slot] for meeting in self.meetings}
        for precedence in self.problem.precedences:
            before, after = slot_of.get(precedence.before), slot_of.get(precedence.after)
            if before is None or after is None:
                continue
            if before.end is None or after.start is None:
                kept = self.rank[before.id] < self.rank[after.id]
            else:
                kept = before.end <= after.start
            if not kept:
                what = (
                    f"meeting {precedence.before!r} in slot {before.id!r} has to be over before "
                    f"meeting {precedence.after!r} in slot {after.id!r}"
                )
                meetings = (precedence.before, precedence.after)
                yield Violation(rule=Rule.PRECEDENCE, what=what, meetings=meetings, slots=(before.id, after.id))

    def figures(self) -> Iterator[Violation]:
        """What the agenda says of itself."""
        breaks = {person: self._breaks(self.people[person], diary) for person, diary in self.diaries.items()}
        fairness = max(breaks.values(), default=0) - min(breaks.values(), default=0)
        limit = self.problem.rules.fairness_limit
        if limit is not None and fairness > limit:
            people = tuple(one for one in breaks if breaks[one] in (max(breaks.values()), min(breaks.values())))
            what = f"the breaks of two people differ by {fairness}, {limit} is allowed"
            yield Violation(rule=Rule.FAIRNESS_LIMIT, what=what, people=people)
        amounts = {**self._held(), Aim.BREAKS: sum(breaks.values()), Aim.FAIRNESS: fairness}
        amounts[Aim.PREFERENCES] = sum(
            bool(wish := self.requests[one.id].preferred) and one.slot not in wish for one in self.meetings
        )
        for objective in self.agenda.objectives:
            aim, value, bound = objective.aim, objective.value, objective.bound
            if aim in amounts and value != amounts[aim]:
                what = f"{aim.value} is said to be {value}, and is {amounts[aim]}"
                yield Violation(rule=Rule.VALUE, what=what)
            large = aim in (Aim.HOLD_FIXED, Aim.HOLD_MUST, Aim.HOLD_WANT)
            if bound is not None and (value > bound if large else value < bound):
                yield Violation(rule=Rule.BOUND, what=f"{aim.value} is {value}, beyond its bound of {bound}")
            if self.agenda.status is Status.OPTIMAL and value != bound:
                what = f"the agenda is said to be optimal, but {aim.value} is {value} and its bound {bound}"
                yield Violation(rule=Rule.BOUND, what=what)
        if self.agenda.spread is not None and self.agenda.spread != fairness:
            what = f"the spread of the breaks is said to be {self.agenda.spread}, and is {fairness}"
            yield Violation(rule=Rule.VALUE, what=what)
        for aim, often in Counter(objective.aim for objective in self.agenda.objectives).items():
            if often > 1:
                yield Violation(rule=Rule.VALUE, what=f"{aim.value} is given {often} times")
        if self.agenda.held_bound is not None and len(self.agenda.meetings) > self.agenda.held_bound:
            what = f"{len(self.agenda.meetings)} meetings are held, more than the bound of {self.agenda.held_bound}"
            yield Violation(rule=Rule.BOUND, what=what)

    def _held(self) -> dict[Aim, int]:
        held = {Aim.HOLD_FIXED: 0, Aim.HOLD_MUST: 0, Aim.HOLD_WANT: 0}
        for meeting in self.meetings:
            request = self.requests[meeting.id]
            if request.fixed is not None:
                held[Aim.HOLD_FIXED] += request.weight
            elif request.priority is Priority.MUST:
                held[Aim.HOLD_MUST] += request.weight
            else:
                held[Aim.HOLD_WANT] += request.weight
        return held

    def _breaks(self, person: Person, diary: Sequence[Meeting]) -> int:
        """Maximal groups of idle slots of this person; the diary is in the order of the slots."""
        rule = self.problem.rules.breaks
        return sum(
            self.rank[next_one.slot] - self.rank[one.slot] > 1
            if rule is BreakRule.EVERY_SLOT
            else self._waits(person, self.slots[one.slot], self.slots[next_one.slot])
            for one, next_one in pairwise(diary)
        )

    def _waits(self, person: Person, first: Slot, second: Slot) -> bool:
        """Whether between two meetings, one right after the other in the diary, the person has a slot for a third."""
        if first.start is not None and second.start is not None and first.start.date() != second.start.date():
            return False
        buffer = timedelta(minutes=person.buffer_minutes)
        for slot in self.problem.slots:
            if not self.rank[first.id] < self.rank[slot.id] < self.rank[second.id]:
                continue
            if slot.id in person.unavailable or any(True for _ in _absences(person, slot)):
                continue
            if all(not _overlap(slot, one) and _gap(slot, one) >= buffer for one in (first, second)):
                return True
        return False

    def moves(self, before: Agenda, now: datetime | None) -> Iterator[Violation]:
        """The meetings that changed since the agenda before, and what that is said to cost."""
        old = {one.id: one for one in before.meetings if one.id in self.requests and one.slot in self.slots}
        changed = {
            one.id: (old[one.id].slot, old[one.id].table, one.slot, one.table)
            for one in self.meetings
            if one.id in old and (old[one.id].slot, old[one.id].table) != (one.slot, one.table)
        }
        said = {one.id: (one.slot_before, one.table_before, one.slot, one.table) for one in self.agenda.moves}
        for one in sorted({*changed, *said}):
            if changed.get(one) != said.get(one):
                slots = tuple(dict.fromkeys((changed.get(one) or said[one])[::2]))
                what = f"meeting {one!r} is said to move {said.get(one)}, and moves {changed.get(one)}"
                yield Violation(rule=Rule.MOVES, what=what, meetings=(one,), slots=slots)
        moved = [one for one, (slot_before, _, slot, _) in changed.items() if slot_before != slot]
        price = sum(self._price(self.requests[one], changed[one][0], now) for one in moved)
        held = {one.id for one in self.meetings}
        for one, meeting in old.items():
            if one not in held and self._could_be_held(self.requests[one], meeting.slot, now):
                price += 2 * self._price(self.requests[one], meeting.slot, now)
        for aim, amount in ((Aim.MOVES, price), (Aim.TABLE_CHANGES, len(changed) - len(moved))):
            objective = self.agenda.objective(aim)
            if objective is not None and objective.value != amount:
                what = f"{aim.value} is said to be {objective.value}, and is {amount}"
                yield Violation(rule=Rule.VALUE, what=what)

    def _could_be_held(self, request: Request, before: str, now: datetime | None) -> bool:
        """Whether a request that was held has a slot left, looked at by itself; what has begun is no longer one."""
        for slot in self.problem.slots:
            if _begun(self.slots[before], now):
                if slot.id != before:
                    continue
            elif _begun(slot, now):
                continue
            meeting = Meeting(id=request.id, slot=slot.id, table="")
            away = any(any(self._presence(meeting, self.people[one], slot)) for one in request.participants)
            if away or any(self._wishes(meeting, request, slot)):
                continue
            if any(not any(self._table(meeting, request, table)) for table in self.problem.tables):
                return True
        return False

    def _price(self, request: Request, slot: str, now: datetime | None) -> int:
        """What it costs to move a meeting: 1, 2 or 3 by its state; twice that within a week, four times that today."""
        price = {State.REQUESTED: 1, State.PROPOSED: 2, State.CONFIRMED: 3}[request.state]
        found = self.slots.get(slot)
        start = None if found is None else found.start
        if now is None or start is None:
            return price
        days = (start.date() - now.astimezone(start.tzinfo).date()).days
        return price * (4 if days <= 0 else 2 if days < 7 else 1)


def _begun(slot: Slot, now: datetime | None) -> bool:
    return now is not None and slot.start is not None and slot.start < now


def _times(slot: Slot) -> tuple[datetime | None, datetime | None]:
    return slot.start, slot.end


def _overlap(one: Slot, other: Slot) -> bool:
    """Whether two slots have a moment in common. Without times only a slot and itself do."""
    if one.id == other.id:
        return True
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _gap(one: Slot, other: Slot) -> timedelta:
    """The time between two slots that do not overlap. Without times nobody asks for any, and it is none."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return timedelta(0)
    return max(other.start - one.end, one.start - other.end)


def _absences(person: Person, slot: Slot) -> Iterator[str]:
    """The labels of what takes this slot from a person, with the travel before and after."""
    for block in person.blocks:
        travel = timedelta(minutes=block.travel_minutes)
        if slot.start is None or slot.end is None:
            continue
        if slot.start < block.end + travel and block.start - travel < slot.end:
            yield block.label


def _place(meeting: Meeting) -> str:
    return f"meeting {meeting.id!r} in slot {meeting.slot!r}"


def _listed(ids: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(repr(one) for one in sorted(ids))
