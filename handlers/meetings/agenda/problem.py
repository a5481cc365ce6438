"""What is to be planned: people, requests, slots, tables and their rules; and what is wrong with a statement of it.

Every part has an ``id``, a short string unique among its kind. Slots follow one another by their start where they have
times, else in the order in which they are given.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise


class Priority(StrEnum):
    """How much a request matters. Not one MUST is given up for any number of WANT."""

    MUST = "must"
    WANT = "want"


class State(StrEnum):
    """How firmly a meeting stands, which says how dear it is to move when the agenda is re-planned."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class BreakRule(StrEnum):
    """Which slots between two meetings of a person are idle. Breaks are maximal groups of idle slots.

    EVERY_SLOT is the published definition: every slot without a meeting between a person's first and last meeting of
    the whole event is idle, whether the person could have met in it or not.

    WAITING is for people: a slot is idle when the person could have met in it, being available, and free of meetings
    and of their buffers, and it lies between two of the person's meetings of the same day. A technical visit, a
    transfer or a night between two meetings is no wait, nor does it split one: waiting before and after it is one
    break. So the breaks of a day are the pairs of neighbouring meetings that have at least one idle slot in between.
    Without times all slots are one day.
    """

    EVERY_SLOT = "every-slot"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of time in which meetings can be held, one after another or overlapping.

    ``start`` and ``end`` are aware datetimes, or None in all slots of a problem (the order then says what is earlier).
    ``session`` names the part of the event to which the slot belongs, such as ``"morning"``.
    """

    id: str
    start: datetime | None = None
    end: datetime | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A time when a person is away: a visit, a talk, a transfer. Aware datetimes; the end is not part of it.

    ``travel_minutes`` are needed before the start and after the end as well.
    """

    start: datetime
    end: datetime
    travel_minutes: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who meets others.

    ``unavailable`` holds ids of slots. ``blocks`` take every slot that they overlap. ``buffer_minutes`` are kept free
    between the end of one meeting of this person and the start of the next. Both need slots with times.
    """

    id: str
    name: str = ""
    organisation: str = ""
    unavailable: frozenset[str] = frozenset()
    buffer_minutes: int = 0
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A place for one meeting at a time.

    ``slots`` are the ids of those in which it can be used, None for all. A table with an ``owner`` is kept for the
    meetings of that person, who may sit elsewhere too.
    """

    id: str
    slots: frozenset[str] | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A meeting that is wished for, held once or not at all.

    Attributes:
        id: unique among the requests.
        participants: ids of two or more people; all of them take part.
        priority: MUST before any number of WANT.
        weight: how much it counts among requests of the same priority, 1 or more.
        sessions: only in slots of these sessions; None for any.
        slots: only in these slots; None for any.
        fixed: the one slot in which it can be held. Fixed requests are held before all others.
        preferred: slots that are liked better; empty when any is as good.
        state: how dear it is to move.
    """

    id: str
    participants: tuple[str, ...]
    priority: Priority = Priority.WANT
    weight: int = 1
    sessions: frozenset[str] | None = None
    slots: frozenset[str] | None = None
    fixed: str | None = None
    preferred: frozenset[str] = frozenset()
    state: State = State.REQUESTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedence:
    """Where both are held, ``before`` is over when ``after`` begins. Ids of requests."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What distinguishes a fair's problem from the published one.

    ``hold_all``: an agenda in which any request is missing is none. ``fairness_limit``: the most by which the breaks
    of any two people may differ; None when the difference is only to be made small.
    """

    hold_all: bool = False
    breaks: BreakRule = BreakRule.WAITING
    fairness_limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that an agenda has to respect."""

    slots: tuple[Slot, ...]
    people: tuple[Person, ...]
    tables: tuple[Table, ...]
    requests: tuple[Request, ...]
    precedences: tuple[Precedence, ...] = ()
    rules: Rules = Rules()


def published_rules(fairness: int = 2) -> Rules:
    """The rules of the published problem: B2BSOP in Bofill et al., JAIR 2022, where ``fairness`` is called d."""
    return Rules(hold_all=True, breaks=BreakRule.EVERY_SLOT, fairness_limit=fairness)


def in_order(slots: Sequence[Slot]) -> list[Slot]:
    """Earliest first: by start and end where there are times (of equal ones the first given), else as given."""
    if any(slot.start is None or slot.end is None for slot in slots):
        return list(slots)
    return sorted(slots, key=lambda slot: (slot.start, slot.end))


def day_of(slot: Slot) -> date | None:
    """The date of its start where it takes place; None without times."""
    return None if slot.start is None else slot.start.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that makes a problem meaningless.

    ``part`` is one of ``slots``, ``people``, ``tables``, ``requests``, ``precedences``, ``rules``; ``index`` the
    position in that part from 0, None when the part as a whole is meant; ``field`` the attribute, empty for all of it.
    """

    part: str
    what: str
    index: int | None = None
    field: str = ""

    def __str__(self) -> str:
        place = self.part if self.index is None else f"{self.part}[{self.index}]"
        return f"{place}{'.' if self.field else ''}{self.field}: {self.what}"


class FaultyProblemError(ValueError):
    """Nothing was planned. ``faults`` names everything that is wrong, at least one."""

    def __init__(self, found: Sequence[Fault]) -> None:
        self.faults = tuple(found)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def faults(problem: Problem) -> list[Fault]:
    """Everything that is wrong, part by part; empty when the problem can be planned."""
    return [
        *_emptiness(problem),
        *_repeated_ids(problem),
        *_faults_of_slots(problem),
        *_faults_of_people(problem),
        *_faults_of_tables(problem),
        *_faults_of_requests(problem),
        *_faults_of_precedences(problem),
        *_faults_of_rules(problem.rules),
    ]


def _emptiness(problem: Problem) -> Iterator[Fault]:
    for part in ("slots", "people", "tables", "requests"):
        if not getattr(problem, part):
            yield Fault(part=part, what="there are none")


def _repeated_ids(problem: Problem) -> Iterator[Fault]:
    for part in ("slots", "people", "tables", "requests"):
        first: dict[str, int] = {}
        for index, one in enumerate(getattr(problem, part)):
            if not one.id:
                yield Fault(part=part, index=index, field="id", what="it is empty")
            elif one.id in first:
                what = f"{one.id!r} is given twice, first at {part}[{first[one.id]}]"
                yield Fault(part=part, index=index, field="id", what=what)
            else:
                first[one.id] = index


def _faults_of_slots(problem: Problem) -> Iterator[Fault]:
    timed = sum(slot.start is not None for slot in problem.slots)
    for index, slot in enumerate(problem.slots):
        if (slot.start is None) != (slot.end is None):
            yield Fault(part="slots", index=index, what="it has only one of start and end")
        elif slot.start is None or slot.end is None:
            if timed:
                yield Fault(part="slots", index=index, what="it has no times while others have")
        elif slot.start.utcoffset() is None or slot.end.utcoffset() is None:
            yield Fault(part="slots", index=index, what="its times have no time zone")
        elif slot.end <= slot.start:
            yield Fault(part="slots", index=index, field="end", what="it is not after the start")


def _unknown(part: str, index: int, field: str, ids: Iterable[str], known: Iterable[str], kind: str) -> Iterator[Fault]:
    for missing in sorted(set(ids) - set(known)):
        yield Fault(part=part, index=index, field=field, what=f"there is no {kind} {missing!r}")


def _faults_of_people(problem: Problem) -> Iterator[Fault]:
    slots = {slot.id for slot in problem.slots}
    timed = all(slot.start is not None for slot in problem.slots)
    for index, person in enumerate(problem.people):
        yield from _unknown("people", index, "unavailable", person.unavailable, slots, "slot")
        if person.buffer_minutes < 0:
            yield Fault(part="people", index=index, field="buffer_minutes", what="it is less than 0")
        if person.buffer_minutes > 0 and not timed:
            yield Fault(part="people", index=index, field="buffer_minutes", what="it needs slots with times")
        if person.blocks and not timed:
            yield Fault(part="people", index=index, field="blocks", what="they need slots with times")
        for block in person.blocks:
            if block.start.utcoffset() is None or block.end.utcoffset() is None:
                yield Fault(part="people", index=index, field="blocks", what="a time has no time zone")
            elif block.end <= block.start:
                yield Fault(part="people", index=index, field="blocks", what="an end is not after its start")
            if block.travel_minutes < 0:
                yield Fault(part="people", index=index, field="blocks", what="travel minutes are less than 0")


def _faults_of_tables(problem: Problem) -> Iterator[Fault]:
    slots = {slot.id for slot in problem.slots}
    people = {person.id for person in problem.people}
    for index, table in enumerate(problem.tables):
        yield from _unknown("tables", index, "slots", table.slots or (), slots, "slot")
        yield from _unknown("tables", index, "owner", () if table.owner is None else (table.owner,), people, "person")


def _faults_of_requests(problem: Problem) -> Iterator[Fault]:
    slots = {slot.id for slot in problem.slots}
    sessions = {slot.session for slot in problem.slots if slot.session is not None}
    people = {person.id for person in problem.people}
    for index, request in enumerate(problem.requests):
        if len(set(request.participants)) < 2 and len(request.participants) < 2:
            yield Fault(part="requests", index=index, field="participants", what="it takes two people or more")
        for person, times in Counter(request.participants).items():
            if times > 1:
                yield Fault(part="requests", index=index, field="participants", what=f"{person!r} is in it twice")
        yield from _unknown("requests", index, "participants", request.participants, people, "person")
        if request.weight < 1:
            yield Fault(part="requests", index=index, field="weight", what="it is less than 1")
        yield from _unknown("requests", index, "sessions", request.sessions or (), sessions, "session")
        yield from _unknown("requests", index, "slots", request.slots or (), slots, "slot")
        yield from _unknown("requests", index, "preferred", request.preferred, slots, "slot")
        if request.fixed is not None:
            yield from _unknown("requests", index, "fixed", (request.fixed,), slots, "slot")


def _faults_of_precedences(problem: Problem) -> Iterator[Fault]:
    requests = {request.id for request in problem.requests}
    after: dict[str, set[str]] = {}
    for index, precedence in enumerate(problem.precedences):
        yield from _unknown("precedences", index, "before", (precedence.before,), requests, "request")
        yield from _unknown("precedences", index, "after", (precedence.after,), requests, "request")
        if precedence.before == precedence.after:
            yield Fault(part="precedences", index=index, what=f"{precedence.before!r} cannot come before itself")
        else:
            after.setdefault(precedence.after, set()).add(precedence.before)
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        pairs = set(pairwise(cycle))
        index = next(index for index, one in enumerate(problem.precedences) if (one.before, one.after) in pairs)
        yield Fault(part="precedences", index=index, what=f"they go in a circle: {' before '.join(cycle)}")


def _faults_of_rules(rules: Rules) -> Iterator[Fault]:
    if rules.fairness_limit is not None and rules.fairness_limit < 0:
        yield Fault(part="rules", field="fairness_limit", what="it is less than 0")
