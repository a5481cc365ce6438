"""An agenda mended by hand, as it were: who can stays, the others find a place, and if need be others make room.

Fast, needs no solver, and proves nothing. It gives the first answer at once, and the only one where the solver extra
is missing.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from handlers.meetings.agenda.packing import Packing, Place
from handlers.meetings.agenda.problem import Priority, Request

DEEPEST = 3
"""Meetings that move in a row so that one more finds a place."""
MOST_TRIES = 1500
"""Places tried for one request before it is given up."""
MOST_ASKED = 4
"""Meetings of those at the tables that are asked to make room, where none is free."""


def rank(request: Request) -> int:
    """0 for fixed requests, 1 for MUST, 2 for WANT: no amount of a later rank makes up for one of an earlier."""
    if request.fixed is not None:
        return 0
    return 1 if request.priority is Priority.MUST else 2


class Repair:
    """A choice of places in the making.

    Args:
        packing: what there is to choose from.
        pinned: requests (by index) that no one may move once they have a place.
        price: what it costs to move a request away from the place that it has in ``home``.
        home: the place, by request, from which moving costs; places in the same slot are as good.
    """

    def __init__(
        self,
        packing: Packing,
        *,
        pinned: Iterable[int] = (),
        home: dict[int, int] | None = None,
        price: Callable[[int], int] = lambda _: 1,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.packing = packing
        self.place_of: dict[int, int] = {}
        self._taken: list[dict[int, None]] = [{} for _ in packing.capacities]
        """For each row the requests that have a unit of it, in the order in which they came."""
        self._pinned = set(pinned)
        self._home = home or {}
        self._price = price
        self._stopped = stopped
        self._tries = 0
        self._ranks = [rank(request) for request in packing.problem.requests]
        self._weights = [request.weight for request in packing.problem.requests]
        self._busy: dict[tuple[str, int], int] = {}
        self._journal: list[tuple[int, int | None]] = []
        """What was done, to be undone: a request and the place that it left, or None where it took one."""

    @property
    def chosen(self) -> list[int]:
        """Indexes of the places."""
        return sorted(self.place_of.values())

    def fits(self, place: Place) -> bool:
        """Whether every row of the place has a unit left."""
        return all(len(self._taken[row]) < self.packing.capacities[row] for row in place.rows)

    def take(self, index: int) -> None:
        """Give a request this place, which has to fit; it has none so far."""
        place = self.packing.places[index]
        self._journal.append((place.request, None))
        self.place_of[place.request] = index
        for row in place.rows:
            self._taken[row][place.request] = None
        for person in self.packing.problem.requests[place.request].participants:
            self._busy[person, place.slot] = place.request

    def leave(self, request: int) -> int:
        """Take a request's place away and return which it was."""
        index = self.place_of.pop(request)
        self._journal.append((request, index))
        place = self.packing.places[index]
        for row in place.rows:
            del self._taken[row][request]
        for person in self.packing.problem.requests[request].participants:
            del self._busy[person, place.slot]
        return index

    def insert_all(self, requests: Iterable[int]) -> None:
        """Place as many as find a place, the important ones first; who gives way is placed again if possible."""
        waiting = sorted(requests, key=lambda one: (self._ranks[one], -self._weights[one], one))
        for request in waiting:
            if not self._stopped():
                self.insert(request)
        for request in waiting:
            if request not in self.place_of and not self._stopped():
                self._replace_lesser(request)

    def insert(self, request: int) -> bool:
        """Place a request, moving others where needed, all of which keep some place."""
        self._tries = MOST_TRIES
        return any(self._insert(request, depth, frozenset()) for depth in range(DEEPEST + 1))

    def insert_instead(self, index: int) -> list[int]:
        """Give a request this place whoever has it; the requests that find no other are returned."""
        request = self.packing.places[index].request
        others: list[int] = []
        while not self.fits(self.packing.places[index]):
            full = (
                row for row in self.packing.places[index].rows if len(self._taken[row]) >= self.packing.capacities[row]
            )
            others.append(min(self._taken[next(full)], key=lambda one: (self.amount((one,)), self._cost(one), one)))
            self.leave(others[-1])
        self.take(index)
        self._pinned.add(request)
        return [other for other in others if not self.insert(other)]

    def _insert(self, request: int, depth: int, settled: frozenset[int]) -> bool:
        """Place it with at most ``depth`` others moving in a row, none of ``settled``, the cheapest first."""
        for index in self._by_liking(request):
            if self.fits(self.packing.places[index]):
                self.take(index)
                return True
        if depth == 0:
            return False
        ways = [(index, others) for index in self._by_liking(request) for others in self._in_the_way(index, settled)]
        for index, others in sorted(ways, key=lambda way: sum(self._cost(other) for other in way[1])):
            self._tries -= 1
            if self._tries < 0:
                return False
            if self._make_room(index, others, depth, settled | {request}):
                return True
        return False

    def _make_room(self, index: int, others: Sequence[int], depth: int, settled: frozenset[int]) -> bool:
        request = self.packing.places[index].request
        mark = len(self._journal)
        for other in others:
            self.leave(other)
        if not self.fits(self.packing.places[index]):
            self._undo(mark)
            return False
        self.take(index)
        for other in others:
            if not self._insert(other, depth - 1, settled):
                self._undo(mark)
                return False
            settled |= {other}
        return request in self.place_of

    def _undo(self, mark: int) -> None:
        """Undo what was done since the journal was so long."""
        while len(self._journal) > mark:
            request, left = self._journal.pop()
            if left is None:
                self.leave(request)
            else:
                self.take(left)
            self._journal.pop()

    def _in_the_way(self, index: int, settled: frozenset[int]) -> Iterable[tuple[int, ...]]:
        """Groups of one or two requests that would have to move for this place; the cheapest first."""
        single: set[int] = set()
        crowd: list[int] | None = None
        for row in self.packing.places[index].rows:
            taken, capacity = self._taken[row], self.packing.capacities[row]
            if len(taken) < capacity:
                continue
            if capacity == 1:
                single |= set(taken)
            elif crowd is None:
                crowd = list(taken)
        blocked = self._pinned | settled
        if single & blocked or len(single) > 2:
            return []
        if crowd is None or single & set(crowd):
            return [tuple(sorted(single, key=self._cost))]
        free = sorted((one for one in crowd if one not in blocked), key=self._cost)
        return [(*sorted(single, key=self._cost), one) for one in islice(free, MOST_ASKED)]

    def _cost(self, request: int) -> int:
        """What it costs to move a request from where it is now."""
        return self._price(request) if self._at_home(request) else 0

    def _at_home(self, request: int) -> bool:
        home = self._home.get(request)
        return home is not None and self.packing.places[home].slot == self.packing.places[self.place_of[request]].slot

    def _by_liking(self, request: int) -> list[int]:
        """A request's places: first at home, then where its people's days stay whole."""
        home = self._home.get(request)
        slot = None if home is None else self.packing.places[home].slot
        people = self.packing.problem.requests[request].participants

        def liking(index: int) -> tuple[bool, int, int]:
            at = self.packing.places[index].slot
            beside = sum((person, at - 1) in self._busy or (person, at + 1) in self._busy for person in people)
            return at != slot, -beside, index

        return sorted(self.packing.of_request[request], key=liking)

    def _replace_lesser(self, request: int) -> None:
        """Hold a request instead of others that together matter less, and place those again where possible."""
        best: tuple[tuple[int, ...], int, tuple[int, ...]] | None = None
        for index in self.packing.of_request[request]:
            for others in self._in_the_way(index, frozenset()):
                lost = self.amount(others)
                if lost < self.amount((request,)) and (best is None or lost < best[0]):
                    best = lost, index, others
        if best is None:
            return
        _, index, others = best
        mark = len(self._journal)
        for other in others:
            self.leave(other)
        if not self.fits(self.packing.places[index]):
            self._undo(mark)
            return
        self.take(index)
        self._pinned.add(request)
        for other in others:
            self.insert(other)
        self._pinned.discard(request)

    def amount(self, requests: Iterable[int]) -> tuple[int, ...]:
        """The weights of requests, rank by rank."""
        weights = [0, 0, 0]
        for request in requests:
            weights[self._ranks[request]] += self._weights[request]
        return tuple(weights)
