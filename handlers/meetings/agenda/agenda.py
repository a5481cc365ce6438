"""What a planner answers: meetings with slot and table, why others are missing, and how far each aim is proved."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.meetings.agenda.problem import Request


class Status(StrEnum):
    """OPTIMAL: every aim is proved. FEASIBLE: every hard rule is kept, some aim is not proved. INFEASIBLE: proved."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNDECIDED = "undecided"
    """All requests have to be held, and within the budget neither an agenda nor its impossibility was found."""


class Aim(StrEnum):
    """What is pursued, the earlier ones before any amount of the later ones.

    HOLD_FIXED, HOLD_MUST and HOLD_WANT are sums of weights of requests held, to be made large. MOVES (only when
    re-planning) is the price of the meetings moved to another slot or given up, TABLE_CHANGES (only when re-planning)
    how many keep their slot and change the table, BREAKS the breaks of all people, FAIRNESS the difference between the
    most and the fewest breaks of a person, PREFERENCES the number of meetings outside their preferred slots; these
    are to be made small. Aims that nothing depends on are left out.
    """

    HOLD_FIXED = "hold-fixed"
    HOLD_MUST = "hold-must"
    HOLD_WANT = "hold-want"
    MOVES = "moves"
    TABLE_CHANGES = "table-changes"
    BREAKS = "breaks"
    FAIRNESS = "fairness"
    PREFERENCES = "preferences"


LARGE_IS_GOOD = frozenset({Aim.HOLD_FIXED, Aim.HOLD_MUST, Aim.HOLD_WANT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """How good an agenda is at one aim.

    ``bound``: with the aims before it as they are, no agenda has more (of what is to be large) or less (of what is to
    be small). None when nothing is known.
    """

    aim: Aim
    value: int
    bound: int | None

    @property
    def proved(self) -> bool:
        """Whether it cannot be better."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A request that is held. Ids of the request, the slot and the table."""

    id: str
    slot: str
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A meeting that changes its slot, or its table alone. Ids of the request, the slots and the tables."""

    id: str
    slot_before: str
    table_before: str
    slot: str
    table: str

    @property
    def another_slot(self) -> bool:
        """Whether people have to come at another time; otherwise only to another table."""
        return self.slot != self.slot_before


class ReasonKind(StrEnum):
    """Why a request is not held."""

    NOT_ALLOWED = "not-allowed"
    """Its own sessions, slots and fixed slot leave none."""
    NO_COMMON_SLOT = "no-common-slot"
    """There is no slot in which all participants are available."""
    PEOPLE_BUSY = "people-busy"
    """In each common slot a participant has another meeting."""
    TABLES_FULL = "tables-full"
    """In each slot in which all participants are free no table is."""
    PRECEDENCE = "precedence"
    """What has to come before or after it leaves no time."""
    LOST_TO_PRIORITY = "lost-to-priority"
    """It could only be held instead of requests that matter more or as much."""
    NOT_FOUND = "not-found"
    """The planner found no place; that there is none is not proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What would let a request in, everything else held as before.

    Attributes:
        slot: id of the slot in which the request would then be held.
        people: ids of participants who are away in that slot and would have to be there.
        another_table: whether one more table would be needed in that slot.
        moves: meetings that would have to move first, the request's own not among them.
        instead_of: ids of the requests that would no longer be held; empty unless nothing smaller opens the slot.
    """

    slot: str
    people: tuple[str, ...] = ()
    another_table: bool = False
    moves: tuple[Move, ...] = ()
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a request is not held, and what would let it in.

    Attributes:
        kind: in one word.
        slots: ids of the slots in which all participants are available.
        people: ids of participants who are in the way, being away or busy.
        requests: ids of requests to which it lost.
        openings: what would let it in, smallest first; only ``explain`` looks for them.
    """

    kind: ReasonKind
    slots: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHeld:
    """A request that has no place. ``id`` is the request's."""

    id: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """An answer.

    ``meetings`` follow the order of the problem's requests, and so do ``not_held`` and ``moves``, which only a
    re-planned agenda has. ``objectives`` follow the order in which they were pursued. ``seconds`` is the time it took.
    ``planner`` says how it was made: ``"solver"``, or ``"greedy"`` without the solver extra, in which case what the
    simple bounds do not prove is unproved. ``spread`` is the most breaks of a person less the fewest, also where a
    limit is set on it and FAIRNESS is no aim.
    """

    status: Status
    meetings: tuple[Meeting, ...] = ()
    not_held: tuple[NotHeld, ...] = ()
    objectives: tuple[Objective, ...] = ()
    held_bound: int | None = None
    seconds: float = 0.0
    planner: str = "solver"
    moves: tuple[Move, ...] = ()
    spread: int | None = None

    def objective(self, aim: Aim) -> Objective | None:
        """The one with this aim, None when it was not pursued."""
        return next((one for one in self.objectives if one.aim is aim), None)

    @property
    def held(self) -> int:
        """How many requests are held; at most ``held_bound`` can be."""
        return len(self.meetings)

    @property
    def breaks(self) -> int | None:
        """Breaks of all people together."""
        found = self.objective(Aim.BREAKS)
        return None if found is None else found.value

    @property
    def breaks_bound(self) -> int | None:
        """No agenda that holds as much has fewer breaks."""
        found = self.objective(Aim.BREAKS)
        return None if found is None else found.bound

    @property
    def fairness(self) -> int | None:
        """The most breaks of a person less the fewest."""
        found = self.objective(Aim.FAIRNESS)
        return self.spread if found is None else found.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What no agenda exceeds: requests held at most; breaks at least, when as many as possible are held."""

    held: int
    breaks: int | None
    infeasible: bool = False
    seconds: float = 0.0


def never() -> bool:
    """Nobody asks to stop."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long a planner may think, and who may tell it to stop; either way it answers with the best it has found.

    ``cancelled`` is asked often, also from other threads. ``clock`` is in seconds.
    """

    seconds: float = 60.0
    cancelled: Callable[[], bool] = never
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known so far. None where nothing is.

    ``best`` is the agenda that would be answered now, given only when it is better than the last.
    """

    stage: Aim | None
    seconds: float
    held: int | None = None
    held_bound: int | None = None
    breaks: int | None = None
    breaks_bound: int | None = None
    best: Agenda | None = None


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCancels:
    """A person does not come, or leaves for good from that slot on (an id; None: from the first)."""

    person: str
    since: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonArrivesLate:
    """A person misses every slot that begins before ``until``: the id of the first slot that is possible, or a time."""

    person: str
    until: str | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnavailable:
    """A person cannot meet in these slots."""

    person: str
    slots: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLost:
    """A table cannot be used in these slots; None: in none at all."""

    table: str
    slots: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequests:
    """More meetings are wished for. Their ids are new."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn:
    """A meeting is no longer wished for."""

    request: str


Change = PersonCancels | PersonArrivesLate | PersonUnavailable | TableLost | NewRequests | RequestWithdrawn
