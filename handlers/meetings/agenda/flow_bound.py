"""How few breaks there can be at best, person by person, with prices on the tables: a bound in a blink.

By itself each person would choose slots with the fewest breaks: a cheapest way through (slot, meetings so far, in a
meeting or not), found for all people at once by dynamic programming. What they have in common are the tables. A price
on every slot in which there are too few makes them spread; for any prices, the cheapest ways less what the tables bring
in bound the breaks from below (Lagrange). The prices are improved step by step (subgradients with Polyak's step).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # it comes without types

from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.timelines import Timelines

Floats = NDArray[np.float64]
TOLERANCE = 1e-6
FAR = 1e9
"""The cost of what is impossible."""
STEPS = 120
PATIENCE = 8
"""Steps without progress after which they become smaller."""
SMALLEST_FACTOR = 1e-2
ROUNDS = 60
"""Of column generation."""
STAND_IN = 50.0


@dataclass(frozen=True, slots=True)
class FlowBound:
    """``breaks``: no agenda that holds these requests has fewer. ``infeasible``: not even single people could."""

    breaks: int
    infeasible: bool = False


class PersonFlows:
    """The cheapest ways of all people through their slots, given a price for each slot.

    Args:
        packing: the places of the requests that are all to be held.
        timelines: of the same problem, plain ones.
        held: the requests (by index) that are held.
    """

    def __init__(self, packing: Packing, timelines: Timelines, held: Sequence[int]) -> None:
        people = packing.problem.people
        number = {person.id: index for index, person in enumerate(people)}
        self.slots = len(packing.slots)
        requests: list[list[frozenset[int]]] = [[] for _ in people]
        for request in held:
            slots = frozenset(packing.places[index].slot for index in packing.of_request[request])
            for participant in packing.problem.requests[request].participants:
                requests[number[participant]].append(slots)
        self.meetings = np.array([len(one) for one in requests])
        self.most = int(self.meetings.max(initial=0))
        shape = (self.slots, len(people))
        self.may_meet = np.zeros(shape, dtype=bool)
        self.must_meet = np.zeros(shape, dtype=bool)
        self.on_timeline = np.zeros(shape, dtype=bool)
        self.begins_stretch = np.zeros(shape, dtype=bool)
        self.least = np.zeros((self.slots, len(people)), dtype=np.int64)
        self.greatest = np.zeros((self.slots, len(people)), dtype=np.int64)
        for index, person in enumerate(people):
            for stretch in timelines.of(person.id):
                self.begins_stretch[stretch[0], index] = True
                self.on_timeline[stretch, index] = True
            for slots in requests[index]:
                self.may_meet[list(slots), index] = True
                if len(slots) == 1:
                    self.must_meet[list(slots), index] = True
                if slots:
                    self.least[max(slots) :, index] += 1
                    self.greatest[min(slots) :, index] += 1
        self.hopeless = any(not slots for one in requests for slots in one)

    def cheapest(self, prices: Floats) -> tuple[float, NDArray[np.bool_]]:
        """The cost of all people's cheapest ways together, and by slot and person whether it is used."""
        people = len(self.meetings)
        counts = np.arange(self.most + 1)[None, :]
        # By person and meetings so far: nothing yet in this stretch, in a meeting, idle after one.
        fresh = np.where(counts == 0, 0.0, FAR) * np.ones((people, 1))
        busy = np.full_like(fresh, FAR)
        idle = np.full_like(fresh, FAR)
        trace: list[tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]] = []
        for slot in range(self.slots):
            anew = self.begins_stretch[slot][:, None]
            on = self.on_timeline[slot][:, None]
            from_which = np.argmin(np.stack([fresh, busy, idle]), axis=0).astype(np.int8)
            lowest = np.minimum(np.minimum(fresh, busy), idle)
            fresh_source = np.where(anew, from_which, np.int8(0))
            fresh = np.where(anew, lowest, fresh)
            busy = np.where(anew, FAR, busy)
            idle = np.where(anew, FAR, idle)
            # A meeting: from fresh or busy without a break, from idle with one.
            enter = np.minimum(np.minimum(fresh, busy), idle + 1.0)
            enter_from = np.where(fresh <= np.minimum(busy, idle + 1.0), 0, np.where(busy <= idle + 1.0, 1, 2))
            meet = np.full_like(fresh, FAR)
            meet[:, 1:] = enter[:, :-1] + prices[slot]
            meet_from = np.zeros_like(from_which)
            meet_from[:, 1:] = enter_from[:, :-1]
            meet_from = np.where((meet_from == 0) & anew, _of_one_more(fresh_source) + 3, meet_from)
            may = self.may_meet[slot][:, None]
            meet = np.where(may, meet, FAR)
            wait = np.minimum(busy, idle)
            wait_from = np.where(busy <= idle, np.int8(1), np.int8(2))
            new_fresh = fresh
            new_busy = np.where(on, meet, busy)
            new_idle = np.where(on, wait, idle)
            must = self.must_meet[slot][:, None]
            new_fresh = np.where(must, FAR, new_fresh)
            new_idle = np.where(must, FAR, new_idle)
            outside = (counts < self.least[slot][:, None]) | (counts > self.greatest[slot][:, None])
            fresh, busy, idle = (np.where(outside, FAR, one) for one in (new_fresh, new_busy, new_idle))
            trace.append((fresh_source, np.where(on, meet_from, np.int8(-1)), np.where(on, wait_from, np.int8(-1))))
        everyone = np.arange(people)
        last = np.stack([fresh, busy, idle])[:, everyone, self.meetings]
        cost = float(last.min(axis=0).sum())
        return cost, self._used(np.argmin(last, axis=0), trace)

    def breaks_of(self, used: NDArray[np.bool_]) -> Floats:
        """Each person's breaks on these ways."""
        people = len(self.meetings)
        breaks, met, idle = np.zeros(people), np.zeros(people, dtype=bool), np.zeros(people, dtype=bool)
        for slot in range(self.slots):
            anew, on = self.begins_stretch[slot], self.on_timeline[slot]
            met &= ~anew
            idle &= ~anew
            breaks += used[slot] & idle
            idle = np.where(on, met & ~used[slot], idle)
            met |= used[slot]
        return breaks

    def _used(
        self, state: NDArray[np.int64], trace: list[tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]]
    ) -> NDArray[np.bool_]:
        """Walk back along the cheapest ways."""
        everyone = np.arange(len(self.meetings))
        left = self.meetings.copy()
        used = np.zeros((self.slots, len(everyone)), dtype=bool)
        for slot in range(self.slots - 1, -1, -1):
            fresh_source, meet_from, wait_from = trace[slot]
            met = (state == 1) & (meet_from[everyone, left] >= 0)
            used[slot] = met
            came = np.where(met, meet_from[everyone, left], 0)
            waited = (state == 2) & (wait_from[everyone, left] >= 0)
            before = np.where(met, np.where(came >= 3, came - 3, came), state)
            before = np.where(waited, wait_from[everyone, left], before)
            before = np.where(state == 0, fresh_source[everyone, left], before)
            left = np.where(met, left - 1, left)
            state = before.astype(np.int64)
        return used


def _of_one_more(source: NDArray[np.int8]) -> NDArray[np.int8]:
    """Where the state before a stretch came from, seen from one meeting more."""
    shifted = np.zeros_like(source)
    shifted[:, 1:] = source[:, :-1]
    return shifted


def flow_bound(
    packing: Packing,
    timelines: Timelines,
    held: Sequence[int],
    *,
    at_most: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> FlowBound:
    """A bound of the breaks of every agenda that holds exactly these requests.

    ``at_most``, the breaks of an agenda that is known, makes the steps better and ends them when it is met.
    """
    flows = PersonFlows(packing, timelines, held)
    if flows.hopeless or not held:
        return FlowBound(0, infeasible=flows.hopeless)
    sizes = {len(packing.problem.requests[request].participants) for request in held}
    seats = _seats(packing, held, max(sizes))
    prices = np.zeros(flows.slots)
    best, best_prices, factor, in_vain = -math.inf, prices, 1.0, 0
    ways = _Ways(flows, seats)
    for _ in range(STEPS):
        cost, used = flows.cheapest(prices)
        if cost >= FAR / 2:
            return FlowBound(0, infeasible=True)
        ways.add(used)
        value = cost - float(prices @ seats)
        if value > best + TOLERANCE:
            best, best_prices, in_vain = value, prices, 0
        else:
            in_vain += 1
            if in_vain >= PATIENCE:
                factor, in_vain, prices = factor / 2, 0, best_prices
        over = used.sum(axis=1) - seats
        gradient = np.where((prices <= 0) & (over < 0), 0.0, over)
        length = float(gradient @ gradient)
        target = best + 1.0 if at_most is None else float(at_most)
        met = at_most is not None and math.ceil(best - TOLERANCE) >= at_most
        if length == 0 or stopped() or met:
            return FlowBound(max(0, math.ceil(best - TOLERANCE)))
        if factor < SMALLEST_FACTOR:
            break
        prices = np.maximum(prices + factor * max(target - value, 0.1) / length * gradient, 0.0)
    for _ in range(ROUNDS):
        priced = ways.prices()
        if priced is None or stopped():
            break
        possible, prices = priced
        cost, used = flows.cheapest(prices)
        best = max(best, cost - float(prices @ seats))
        if math.ceil(best - TOLERANCE) >= math.ceil(possible - TOLERANCE) or not ways.add(used):
            break
    return FlowBound(max(0, math.ceil(best - TOLERANCE)))


class _Ways:
    """The ways of people that have been the cheapest at some prices, and the prices at which these suffice (GLOP).

    Where the steps come to a halt just below a whole number this finishes the work: a way that is missing is found at
    the next prices, as in any column generation.
    """

    def __init__(self, flows: PersonFlows, seats: Floats) -> None:
        self._flows = flows
        self._seats = seats
        self._seen: set[tuple[int, bytes]] = set()
        self._columns: list[tuple[int, float, list[int]]] = []
        self._solver: Any = None
        self._in_solver = 0

    def add(self, used: NDArray[np.bool_]) -> bool:
        """Remember the ways; whether any of them is new."""
        new = False
        costs = self._flows.breaks_of(used)
        for person in np.flatnonzero(self._flows.meetings).tolist():
            key = person, used[:, person].tobytes()
            if key not in self._seen:
                self._seen.add(key)
                self._columns.append((key[0], float(costs[person]), np.flatnonzero(used[:, person]).tolist()))
                new = True
        return new

    def prices(self) -> tuple[float, Floats] | None:
        """How few breaks these ways make possible (in fractions), and the prices of the slots; None if none do."""
        if self._solver is None:
            self._solver = pywraplp.Solver.CreateSolver("GLOP")
            self._tables = [self._solver.Constraint(-self._solver.infinity(), float(one)) for one in self._seats]
            self._one = [self._solver.Constraint(1.0, 1.0) for _ in self._flows.meetings]
            for person in np.flatnonzero(self._flows.meetings == 0).tolist():
                self._one[person].SetBounds(0.0, 1.0)
            objective = self._solver.Objective()
            objective.SetMinimization()
            for constraint in self._tables:
                # Standing in for a seat costs more than any way: so there is a solution from the start.
                stand_in = self._solver.NumVar(0.0, self._solver.infinity(), "")
                constraint.SetCoefficient(stand_in, -1.0)
                objective.SetCoefficient(stand_in, STAND_IN)
        for person, cost, slots in self._columns[self._in_solver :]:
            column = self._solver.NumVar(0.0, self._solver.infinity(), "")
            self._solver.Objective().SetCoefficient(column, cost)
            self._one[person].SetCoefficient(column, 1.0)
            for slot in slots:
                self._tables[slot].SetCoefficient(column, 1.0)
        self._in_solver = len(self._columns)
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        prices = np.array([max(-constraint.dual_value(), 0.0) for constraint in self._tables])
        return float(self._solver.Objective().Value()), prices


def _seats(packing: Packing, held: Sequence[int], size: int) -> Floats:
    """For each slot the participants that its tables can take at most."""
    most = np.zeros(len(packing.slots))
    of_slot: list[set[int]] = [set() for _ in packing.slots]
    own = [0] * len(packing.slots)
    for request in held:
        for index in packing.of_request[request]:
            place = packing.places[index]
            if place.kind is None:
                own[place.slot] += 1
            else:
                of_slot[place.slot].add(place.kind)
    for slot in range(len(packing.slots)):
        tables = sum(len(packing.kinds[kind].tables) for kind in of_slot[slot])
        most[slot] = size * (tables + own[slot])
    return most
