"""Why a request is not held, and the smallest thing that would let it in.

A planner that holds as many requests as possible has no place left for one more, so something outside its power would
have to change: a participant who is away comes after all, or there is one more table. What is asked for is the least of
that, and then the fewest meetings that would have to move. Only where that opens no slot another meeting is given up.
Each opening is put to the proof before it is told: the agenda that it promises is made, and the checker has to pass it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from handlers.meetings.agenda.agenda import Agenda, Budget, Meeting, Move, NotHeld, Opening, Reason, ReasonKind, Status
from handlers.meetings.agenda.changing import has_begun
from handlers.meetings.agenda.checker import check
from handlers.meetings.agenda.moving import move_price
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.problem import Person, Problem, Request, Slot, Table
from handlers.meetings.agenda.reasons import Taken, why_not
from handlers.meetings.agenda.repair import Repair
from handlers.meetings.agenda.seating import seat
from handlers.meetings.agenda.timing import away

ANSWER_SECONDS = 2.0
MOST_OPENINGS = 5


def explain(
    problem: Problem, agenda: Agenda, request: str, *, budget: Budget | None = None, now: datetime | None = None
) -> Reason:
    """Why a request (an id) has no place in a sound agenda of the problem, with the openings that ask for least.

    Openings that ask for equally much follow one another by the price of the meetings that would move, then by time; at
    most five are told. Slots that were not looked at within the budget (two seconds) are left out. With ``now`` nothing
    opens in the past. Raises ValueError for a request that there is not or that is held.
    """
    number = next((number for number, one in enumerate(problem.requests) if one.id == request), None)
    if number is None:
        raise ValueError(f"there is no request {request!r}")
    if any(meeting.id == request for meeting in agenda.meetings):
        raise ValueError(f"request {request!r} is held")
    return _Explanation(problem, agenda, number, budget or Budget(seconds=ANSWER_SECONDS), now).reason()


class _Ask(NamedTuple):
    """To meet in this slot, whoever is away, and with one more table or without."""

    slot: int
    another_table: bool


@dataclass(slots=True)
class _Found:
    """An opening, how much it asks for (what matters more first), and the price of the meetings that move and so on."""

    asks: tuple[int, ...]
    price: tuple[int, ...]
    opening: Opening


class _Explanation:
    def __init__(self, problem: Problem, agenda: Agenda, number: int, budget: Budget, now: datetime | None) -> None:
        self.problem = replace(problem, rules=replace(problem.rules, hold_all=False, fairness_limit=None))
        self.number = number
        self.request = problem.requests[number]
        self.budget = budget
        self.began = budget.clock()
        self.now = now
        numbers = {one.id: index for index, one in enumerate(problem.requests)}
        self.held = {numbers[one.id]: one for one in agenda.meetings}
        slots = {slot.id: slot for slot in problem.slots}

        def may(request: Request, slot: Slot) -> bool:
            """What has begun is over for everyone but those who are there."""
            old = self.held.get(numbers[request.id])
            if old is not None and has_begun(slots[old.slot], now):
                return slot.id == old.slot
            return not has_begun(slot, now)

        self.packing = Packing(self.problem, may)
        self.prices = {
            index: move_price(problem.requests[index].state, slots[old.slot], now) for index, old in self.held.items()
        }
        self.pinned = [index for index, old in self.held.items() if has_begun(slots[old.slot], now)]
        self.home = {index: self._home_of(index, old) for index, old in self.held.items()}
        self.chosen = sorted(self.home.values())

    def _home_of(self, index: int, old: Meeting) -> int:
        here = [
            one
            for one in self.packing.of_request[index]
            if self.packing.slots[self.packing.places[one].slot].id == old.slot
        ]
        if not here:
            raise ValueError(f"the agenda holds {old.id!r} where it cannot be held")
        kinds = ((one, self.packing.places[one].kind) for one in here)
        of_kind = (one for one, kind in kinds if kind is not None and old.table in self.packing.kinds[kind].tables)
        return next(of_kind, here[0])

    def _seconds_left(self) -> float:
        return self.budget.seconds - (self.budget.clock() - self.began)

    def _stopped(self) -> bool:
        return self.budget.cancelled() or self._seconds_left() <= 0

    def reason(self) -> Reason:
        """The reason with its openings."""
        reason = why_not(Taken(self.packing, self.chosen), self.number)
        found = list(self._openings())
        if not found and not self._stopped():
            found = list(self._instead())
        found.sort(key=lambda one: (one.asks, one.price))
        least = [one.opening for one in found if one.asks == found[0].asks]
        return replace(reason, openings=tuple(least[:MOST_OPENINGS]))

    def _openings(self) -> Iterator[_Found]:
        """What asks for least, all others held: people who come after all, one more table, or nothing but moves."""
        levels: defaultdict[int, list[_Ask]] = defaultdict(list)
        for slot in self.packing.allowed(self.request):
            for another_table in (False, True):
                levels[len(self._absent(slot)) + another_table].append(_Ask(slot, another_table))
        for level in sorted(levels):
            found = list(self._that_open({ask: self._places(ask) for ask in levels[level]}))
            if found or self._stopped():
                yield from found
                return

    def _absent(self, slot: int) -> list[str]:
        return [person for person in self.request.participants if slot not in self.packing.open[person]]

    def _places(self, ask: _Ask) -> list[int]:
        """The request's places in a slot, were everyone there, and one more table where asked for."""
        there = [one for one in self.packing.of_request[self.number] if self.packing.places[one].slot == ask.slot]
        if there and not ask.another_table:
            return there
        added = self.packing.add(self.number, ask.slot, seated=not ask.another_table)
        self.packing.of_request[self.number] = self.packing.of_request[self.number][: -len(added) or None]
        return added

    def _that_open(self, places_of: dict[_Ask, list[int]]) -> Iterator[_Found]:
        """The openings among what is asked for, those that move nobody first and then by what moving costs."""
        waiting: dict[int, _Ask] = {}
        repair, found = self._repair(), 0
        for ask, places in places_of.items():
            direct = next((one for one in places if repair.fits(self.packing.places[one])), None)
            if direct is None:
                waiting |= dict.fromkeys(places, ask)
            elif (opening := self._proved(ask, [*self.chosen, direct])) is not None:
                found += 1
                yield opening
        while waiting and found < MOST_OPENINGS and not self._stopped():
            chosen = self._with_one_of(list(waiting))
            if chosen is None:
                return
            ask = next(waiting[index] for index in chosen if index in waiting)
            waiting = {index: other for index, other in waiting.items() if other != ask}
            if (opening := self._proved(ask, chosen)) is not None:
                found += 1
                yield opening

    def _repair(self) -> Repair:
        repair = Repair(
            self.packing, pinned=self.pinned, home=self.home, price=lambda one: self.prices[one], stopped=self._stopped
        )
        for index in self.chosen:
            repair.take(index)
        return repair

    def _with_one_of(self, places: list[int]) -> list[int] | None:
        """All held and the request in one of these places, moving as little as possible; None when that cannot be."""
        own, self.packing.of_request[self.number] = self.packing.of_request[self.number], places
        try:
            repair = self._repair()
            return self._solved(repair.chosen if repair.insert(self.number) else None)
        finally:
            self.packing.of_request[self.number] = own

    def _solved(self, by_hand: list[int] | None) -> list[int] | None:
        try:
            from handlers.meetings.agenda.packing_program import PackingProgram
        except ImportError:
            return by_hand
        people = set(self.request.participants)
        near = [index for index, one in enumerate(self.problem.requests) if not people.isdisjoint(one.participants)]
        certain = list(self.held)
        program = PackingProgram(
            self.packing,
            self.chosen if by_hand is None else by_hand,
            near,
            certain=certain,
            seconds_left=self._seconds_left,
            cancelled=self.budget.cancelled,
        )
        all_places = self.packing.places
        request_held = [int(place.request == self.number) for place in all_places]
        if program.decide(request_held).value == 0:
            return None
        at_home = {index: all_places[home].slot for index, home in self.home.items()}
        return program.decide(
            [self.prices.get(place.request, 0) * (at_home.get(place.request) == place.slot) for place in all_places]
        ).chosen

    def _proved(self, ask: _Ask, chosen: Sequence[int], *, instead_of: Sequence[int] = ()) -> _Found | None:
        """The opening, if the agenda that it promises keeps every rule of the problem that it asks for."""
        asked = self._asked_for(ask)
        packing = self.packing
        places = [packing.places[index] for index in chosen]
        keep = {
            place.request: self.held[place.request].table
            for place in places
            if place.request in self.held and packing.slots[place.slot].id == self.held[place.request].slot
        }
        seats = seat(
            packing, [place for place in places if not ask.another_table or place.request != self.number], keep
        )
        if ask.another_table:
            seats[self.number] = asked.tables[-1].id
        held = {
            request: Meeting(id=self.problem.requests[request].id, slot=packing.slots[at].id, table=seats[request])
            for request, at in ((place.request, place.slot) for place in places)
        }
        promised = Agenda(
            status=Status.FEASIBLE,
            meetings=tuple(held[request] for request in sorted(held)),
            not_held=tuple(
                NotHeld(id=one.id, reason=Reason(kind=ReasonKind.NOT_FOUND))
                for index, one in enumerate(self.problem.requests)
                if index not in held
            ),
        )
        if check(asked, promised):
            return None
        moves = tuple(
            Move(id=old.id, slot_before=old.slot, table_before=old.table, slot=new.slot, table=new.table)
            for request, old in sorted(self.held.items())
            if (new := held.get(request)) is not None and (new.slot, new.table) != (old.slot, old.table)
        )
        numbers = {one.id: index for index, one in enumerate(self.problem.requests)}
        price = sum(self.prices[numbers[move.id]] for move in moves if move.another_slot)
        opening = Opening(
            slot=packing.slots[ask.slot].id,
            people=tuple(self._absent(ask.slot)),
            another_table=ask.another_table,
            moves=moves,
            instead_of=tuple(self.problem.requests[one].id for one in sorted(instead_of)),
        )
        return _Found((len(opening.people) + ask.another_table,), (price, len(moves), ask.slot), opening)

    def _asked_for(self, ask: _Ask) -> Problem:
        """The problem as the opening would have it."""
        name = self.packing.slots[ask.slot].id
        absent = self._absent(ask.slot)
        people = tuple(self._there(one, name) if one.id in absent else one for one in self.problem.people)
        tables = self.problem.tables
        if ask.another_table:
            new = "".join(table.id for table in tables) + "+"
            tables = (*tables, Table(id=new, slots=frozenset({name})))
        return replace(self.problem, people=people, tables=tables)

    def _there(self, person: Person, slot: str) -> Person:
        """The same person, who comes in that slot, away in all others as before."""
        gone = frozenset(one.id for one in self.packing.slots if one.id != slot and away(person, one))
        return replace(person, unavailable=gone, blocks=())

    def _instead(self) -> Iterator[_Found]:
        """What would have to be given up, where nothing smaller helps: slots in which everyone is there."""
        for index in list(self.packing.of_request[self.number]):
            if self._stopped():
                return
            repair = self._repair()
            lost = repair.insert_instead(index)
            if any(repair.place_of.get(one) != self.home[one] for one in self.pinned):
                continue
            found = self._proved(
                _Ask(self.packing.places[index].slot, another_table=False), repair.chosen, instead_of=lost
            )
            if found is not None:
                yield _Found(repair.amount(lost), found.price, found.opening)
