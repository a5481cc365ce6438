"""Why a request has no place among those that others have taken, as far as one look at each of its slots tells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handlers.meetings.agenda.agenda import Reason, ReasonKind
from handlers.meetings.agenda.packing import Packing, RowKind
from handlers.meetings.agenda.problem import Request
from handlers.meetings.agenda.repair import rank


@dataclass(slots=True)
class _InTheWay:
    """Who is in the way in one slot: for a person, an order or a table the requests that have taken it."""

    requests: dict[RowKind, list[int]] = field(default_factory=dict)

    def harder(self, than: Request, packing: Packing) -> list[int]:
        """The requests in the way that matter more, where without them the slot would be open; else none."""
        found: list[int] = []
        for kind, requests in self.requests.items():
            more = [one for one in requests if _matters(packing.problem.requests[one]) < _matters(than)]
            if kind is RowKind.PERSON and more:
                return more
            if len(more) == len(requests):
                found = more
        return found


def _matters(request: Request) -> tuple[int, int]:
    """Smaller for what matters more."""
    return rank(request), -request.weight


class Taken:
    """Which requests have taken what, for looking at many requests without a place."""

    def __init__(self, packing: Packing, chosen: Iterable[int]) -> None:
        self.packing = packing
        self.requests: defaultdict[int, list[int]] = defaultdict(list)
        for index in chosen:
            for row in packing.places[index].rows:
                self.requests[row].append(packing.places[index].request)

    def full(self, rows: Iterable[int]) -> list[int]:
        """Those of the rows that have nothing left."""
        return [row for row in rows if len(self.requests[row]) >= self.packing.capacities[row]]


def why_not(taken: Taken, index: int) -> Reason:
    """Why the request with this index has no place. Looks for no openings."""
    packing = taken.packing
    request = packing.problem.requests[index]
    allowed = list(packing.allowed(request))
    if not allowed:
        return Reason(kind=ReasonKind.NOT_ALLOWED)
    common = [slot for slot in allowed if all(slot in packing.open[person] for person in request.participants)]
    if not common:
        return Reason(kind=ReasonKind.NO_COMMON_SLOT, people=_absent(packing, request, allowed))
    slots = tuple(packing.slots[slot].id for slot in common)
    in_the_way = _in_the_way(taken, index)
    if not in_the_way:
        return Reason(kind=ReasonKind.TABLES_FULL, slots=slots)
    if any(not one.requests for one in in_the_way.values()):
        return Reason(kind=ReasonKind.NOT_FOUND, slots=slots)
    harder = {slot: one.harder(request, packing) for slot, one in in_the_way.items()}
    if all(harder.values()):
        lost_to = dict.fromkeys(one for requests in harder.values() for one in requests)
        return Reason(kind=ReasonKind.LOST_TO_PRIORITY, slots=slots, requests=_ids(packing, lost_to))
    return _by_what_is_full(packing, request, slots, in_the_way)


def _by_what_is_full(
    packing: Packing, request: Request, slots: tuple[str, ...], in_the_way: Mapping[int, _InTheWay]
) -> Reason:
    all_free = [one for one in in_the_way.values() if RowKind.PERSON not in one.requests]
    if not all_free:
        meetings = dict.fromkeys(one for way in in_the_way.values() for one in way.requests[RowKind.PERSON])
        busy = {person for one in meetings for person in packing.problem.requests[one].participants}
        people = tuple(person for person in request.participants if person in busy)
        return Reason(kind=ReasonKind.PEOPLE_BUSY, slots=slots, people=people, requests=_ids(packing, meetings))
    in_order = [one for one in all_free if RowKind.ORDER not in one.requests]
    if in_order:
        return Reason(kind=ReasonKind.TABLES_FULL, slots=slots)
    others = dict.fromkeys(one for way in all_free for one in way.requests[RowKind.ORDER])
    return Reason(kind=ReasonKind.PRECEDENCE, slots=slots, requests=_ids(packing, others))


def _in_the_way(taken: Taken, index: int) -> dict[int, _InTheWay]:
    """What is in the way in each slot in which the request has a place; the least, where it has several."""
    found: dict[int, _InTheWay] = {}
    for number in taken.packing.of_request[index]:
        place = taken.packing.places[number]
        requests: defaultdict[RowKind, list[int]] = defaultdict(list)
        for row in taken.full(place.rows):
            requests[taken.packing.row_kinds[row]] += taken.requests[row]
        if place.slot not in found or len(requests) < len(found[place.slot].requests):
            found[place.slot] = _InTheWay(dict(requests))
    return found


def _absent(packing: Packing, request: Request, allowed: Iterable[int]) -> tuple[str, ...]:
    """Who keeps the others from meeting: those who alone are away in some slot, else all who are."""
    away = [{person for person in request.participants if slot not in packing.open[person]} for slot in allowed]
    alone = set().union(*(people for people in away if len(people) == 1))
    return tuple(person for person in request.participants if person in (alone or set().union(*away)))


def _ids(packing: Packing, requests: Iterable[int]) -> tuple[str, ...]:
    return tuple(packing.problem.requests[one].id for one in sorted(requests))
