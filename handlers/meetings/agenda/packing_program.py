"""The best choice of places, aim after aim: a linear program that grows, and a small integer program that decides.

A change touches a few meetings of many. The linear program therefore begins with the requests that look for a place
and those near them; of all others it is assumed that they get what is best for them. That bounds what any choice
gains. Where the assumption does not hold, since others are in the way of the solution or its prices take something from
them, these are taken in as well, until the bound is met or nobody is left out who matters. The prices also rule out for
good every place that no best choice has; among the few that are left an integer program finds the best choice. So the
answer is exact although most requests were never looked at.

The bound is that of Lagrange and holds for any prices, so it does not lean on the linear solver being exact; the
integer program counts in whole numbers. All solvers come with OR-Tools: GLOP, HiGHS, and CP-SAT where HiGHS is slow.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # it comes without types

from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.packing_whole import best_whole

Floats = NDArray[np.float64]
TOLERANCE = 1e-6
"""Sums of whole numbers that differ by less are the same; prices are exact to about 1e-9."""
UNINTERRUPTED_SECONDS = 3.0
"""How long somebody who cancels may have to wait for HiGHS."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice (indexes of places), what it gains, and what none gains more than."""

    chosen: list[int]
    value: int
    bound: int


@dataclass(slots=True)
class _Prices:
    """What each place is worth after paying its rows, what choosing it loses, and the bound that follows.

    ``best``, by request, is the worth of its best place, and so what leaving it without one loses. ``limit`` is the
    most that a choice can gain, a whole number; it is lowered when more is known.
    """

    worth: Floats
    best: Floats
    loss: Floats
    bound: float
    limit: int


@dataclass(frozen=True, slots=True)
class _Aim:
    """What a choice gains, one number a place, and the most that each request can bring in."""

    gain: Floats
    most: Floats


class PackingProgram:
    """Chooses among places of a packing, at most one a request, no row overflowing.

    Args:
        packing: as it is; places added to it later are not seen.
        chosen: a choice to begin with, as indexes of places.
        near: requests to begin with: those without a place, with another than they want, and some around them.
        certain: requests that have to be placed, as ``chosen`` does.
        seconds_left: for all that is asked of the program.
        cancelled: whether to stop at the next occasion.
    """

    def __init__(
        self,
        packing: Packing,
        chosen: Sequence[int],
        near: Iterable[int],
        *,
        certain: Iterable[int] = (),
        seconds_left: Callable[[], float],
        cancelled: Callable[[], bool],
    ) -> None:
        self.chosen = list(chosen)
        self.packing = packing
        self.locks: list[tuple[Floats, int]] = []
        """Gains of which no choice may have less than so much: the decisions so far."""
        self.certain = np.zeros(len(packing.of_request), dtype=bool)
        self.certain[list(certain)] = True
        self._seconds_left = seconds_left
        self._cancelled = cancelled
        places = packing.places
        self._open = np.zeros(len(places), dtype=bool)
        self._open[[index for indexes in packing.of_request for index in indexes]] = True
        self._settled = self.certain.copy()
        self._request_of = np.array([place.request for place in places], dtype=np.int64)
        counts = [len(place.rows) for place in places]
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(counts, dtype=np.int64))])
        self._rows = np.fromiter((row for place in places for row in place.rows), np.int64, int(self._starts[-1]))
        self._capacities = np.array(packing.capacities, dtype=np.float64)
        self._linear = _LinearProgram(packing, self.certain)
        self._near = np.zeros(len(packing.of_request), dtype=bool)
        self._take_in(sorted(set(near)))

    def decide(self, gains: Sequence[int]) -> Decision:
        """The choice with the largest sum of ``gains`` (one a place), decisions of before kept.

        When time runs out or somebody cancels, the best choice so far; then its bound is above its value.
        """
        gain = np.array(gains, dtype=np.float64)
        aim = _Aim(gain, self._best(gain))
        prices = self._price(aim)
        if prices.limit > self.value(gain) and not self._stopped():
            self._decide_whole(gain, prices)
        value = self.value(gain)
        self._open &= prices.loss <= prices.bound - value + TOLERANCE
        self._settled |= prices.best > prices.bound - value + TOLERANCE
        self.locks.append((gain, value))
        self._linear.lock(aim, value)
        self._linear.close(np.flatnonzero(~self._open).tolist())
        return Decision(list(self.chosen), value, prices.limit)

    def value(self, gain: Floats) -> int:
        """What the choice gains."""
        return round(float(gain[self.chosen].sum()))

    def left(self) -> list[int]:
        """Indexes of the places that a choice as good as this may have."""
        return [int(index) for index in np.flatnonzero(self._open)]

    def settled(self) -> list[int]:
        """The requests that have some place in every choice as good as this."""
        return [int(request) for request in np.flatnonzero(self._settled)]

    def _stopped(self) -> bool:
        return self._cancelled() or self._seconds_left() <= 0

    def _best(self, worth: Floats) -> Floats:
        """The most that each request can bring in."""
        best = np.where(self.certain, -np.inf, 0.0)
        np.maximum.at(best, self._request_of[self._open], worth[self._open])
        return best

    def _price(self, aim: _Aim) -> _Prices:
        """Solve the linear program and let it grow, until the choice is proved the best or nobody more matters."""
        self._linear.pursue(aim)
        prices = self._prices(aim.gain, np.zeros(len(self._capacities)), [0.0] * len(self.locks))
        patience = 2
        while prices.limit > self.value(aim.gain) and patience and not self._stopped():
            solved = self._linear.solve(self._seconds_left())
            if solved is None:
                break
            found = self._prices(
                aim.gain, np.maximum(solved.row_prices, 0.0), [max(one, 0.0) for one in solved.lock_prices]
            )
            patience = 1 if found.limit < prices.limit else patience - 1
            if found.bound < prices.bound:
                prices = found
            elsewhere = self._elsewhere(found)
            overfull = self._overfull(solved.values, elsewhere)
            hurt = ~self._near & (found.best < aim.most - TOLERANCE)
            hurt[[self.packing.places[index].request for index in elsewhere if self._takes_from(index, overfull)]] = (
                True
            )
            if not overfull.any():
                self._take_whole(solved.values, elsewhere, aim.gain)
            if not hurt.any() or prices.limit <= self.value(aim.gain):
                break
            self._take_in([int(request) for request in np.flatnonzero(hurt)])
        return prices

    def _prices(self, gain: Floats, row_prices: Floats, lock_prices: Sequence[float]) -> _Prices:
        """What places are worth at these prices, whatever they are, and what follows for every choice.

        A choice pays for the rows it takes, which together cost at most their capacities, and each request brings in
        at most its best place. So no choice gains more than capacities and best places together, and one that has a
        place worth less than its request's best falls short of that by the difference.
        """
        paid = np.concatenate([np.zeros(1), np.cumsum(row_prices[self._rows])])
        worth = gain - (paid[self._starts[1:]] - paid[self._starts[:-1]])
        bound = float(row_prices @ self._capacities)
        for (gains, amount), price in zip(self.locks, lock_prices, strict=True):
            worth += price * gains
            bound -= price * amount
        best = self._best(worth)
        bound += float(best.sum())
        return _Prices(worth, best, best[self._request_of] - worth, bound, int(np.floor(bound + TOLERANCE)))

    def _elsewhere(self, prices: _Prices) -> list[int]:
        """What is best for those outside the linear program: where they are, if that is as good as any place."""
        places = {self.packing.places[index].request: index for index in self.chosen}
        found = []
        for request in np.flatnonzero(~self._near).tolist():
            best, now = prices.best[request], places.get(request)
            if (0.0 if now is None else prices.worth[now]) >= best - TOLERANCE:
                found += [] if now is None else [now]
            else:
                candidates = self.packing.of_request[request]
                found.append(
                    next(one for one in candidates if self._open[one] and prices.worth[one] >= best - TOLERANCE)
                )
        return found

    def _overfull(self, values: dict[int, float], elsewhere: Sequence[int]) -> NDArray[np.bool_]:
        """The rows of which the solution and the others take more than there is."""
        taken = np.zeros(len(self._capacities))
        for index, value in values.items():
            taken[list(self.packing.places[index].rows)] += value
        for index in elsewhere:
            taken[list(self.packing.places[index].rows)] += 1.0
        return taken > self._capacities + TOLERANCE

    def _takes_from(self, index: int, rows: NDArray[np.bool_]) -> bool:
        return bool(rows[list(self.packing.places[index].rows)].any())

    def _take_whole(self, values: dict[int, float], elsewhere: Sequence[int], gain: Floats) -> None:
        """Take the solution of the linear program as the choice where it is whole and better."""
        if all(abs(value - round(value)) < TOLERANCE for value in values.values()):
            chosen = sorted([*elsewhere, *(place for place, value in values.items() if value > 0.5)])
            kept = all(round(float(gains[chosen].sum())) >= amount for gains, amount in self.locks)
            if kept and self.value(gain) < round(float(gain[chosen].sum())):
                self.chosen = chosen

    def _take_in(self, requests: Sequence[int]) -> None:
        self._near[list(requests)] = True
        for request in requests:
            self._linear.enter(request, [index for index in self.packing.of_request[request] if self._open[index]])

    def _decide_whole(self, gain: Floats, prices: _Prices) -> None:
        """Look for a better choice among all that prices leave possible, and lower the limit to what is found.

        HiGHS decides at once what is nearly whole already, and cannot be interrupted. What it has not decided soon is
        left to CP-SAT, which can be, and is loaded only then: that takes half a second.
        """
        value = self.value(gain)
        missing = prices.bound - (value + 1) + TOLERANCE
        left = np.flatnonzero(self._open & (prices.loss <= missing)).tolist()
        settled = self._settled | (prices.best > missing)
        locks = [*self.locks, (gain, value + 1)]
        found = best_whole(
            self.packing, left, locks, settled, gain, seconds=min(self._seconds_left(), UNINTERRUPTED_SECONDS)
        )
        if found is None and not self._stopped():
            from handlers.meetings.agenda.packing_model import PackingModel

            model = PackingModel(self.packing, left, locks, settled)
            found = model.best(gain, hint=self.chosen, seconds=self._seconds_left(), cancelled=self._cancelled)
        if found is None:
            return
        if found.chosen is not None:
            self.chosen = found.chosen
        prices.limit = min(prices.limit, max(found.bound, self.value(gain)))


@dataclass(frozen=True, slots=True)
class _Solved:
    """A solution: how much of each place, and what one more unit of each row, and one less of each lock, is worth."""

    values: dict[int, float]
    row_prices: Floats
    lock_prices: list[float]


class _LinearProgram:
    """GLOP's model: the places of the requests that are in, their rows, the locks. It goes on where it was."""

    def __init__(self, packing: Packing, certain: NDArray[np.bool_]) -> None:
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._packing = packing
        self._certain = certain
        self._rows: dict[int, Any] = {}
        self._locks: list[tuple[Any, _Aim]] = []
        self._columns: dict[int, Any] = {}
        self._aim: _Aim | None = None
        self._objective: Any = self._solver.Objective()
        self._objective.SetMaximization()

    def enter(self, request: int, places: Iterable[int]) -> None:
        """Take in a request with its places."""
        at_most = self._solver.Constraint(1.0 if self._certain[request] else 0.0, 1.0)
        for index in places:
            column = self._solver.NumVar(0.0, self._solver.infinity(), "")
            self._columns[index] = column
            at_most.SetCoefficient(column, 1.0)
            for row in self._packing.places[index].rows:
                self._row(row).SetCoefficient(column, 1.0)
            for constraint, aim in self._locks:
                if aim.gain[index]:
                    constraint.SetCoefficient(column, float(aim.gain[index]))
            if self._aim is not None:
                self._objective.SetCoefficient(column, float(self._aim.gain[index]))
        for constraint, aim in self._locks:
            constraint.SetLb(constraint.lb() + float(aim.most[request]))

    def _row(self, row: int) -> Any:
        if row not in self._rows:
            self._rows[row] = self._solver.Constraint(-self._solver.infinity(), float(self._packing.capacities[row]))
        return self._rows[row]

    def pursue(self, aim: _Aim) -> None:
        """Look for the largest sum of this from now on."""
        self._aim = aim
        for index, column in self._columns.items():
            self._objective.SetCoefficient(column, float(aim.gain[index]))

    def lock(self, aim: _Aim, amount: int) -> None:
        """From now on the sum of this is at least so much, those outside bringing in the most they can."""
        inside = {self._packing.places[index].request for index in self._columns}
        outside = sum(float(most) for request, most in enumerate(aim.most) if request not in inside)
        constraint = self._solver.Constraint(amount - outside, self._solver.infinity())
        for index, column in self._columns.items():
            if aim.gain[index]:
                constraint.SetCoefficient(column, float(aim.gain[index]))
        self._locks.append((constraint, aim))

    def close(self, places: Iterable[int]) -> None:
        """These are no longer to be chosen."""
        for index in places:
            if index in self._columns:
                self._columns[index].SetUb(0.0)

    def solve(self, seconds: float) -> _Solved | None:
        """The best solution; None when there was no time for it."""
        self._solver.set_time_limit(max(1, round(seconds * 1000)))
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        row_prices = np.zeros(len(self._packing.capacities))
        for row, constraint in self._rows.items():
            row_prices[row] = constraint.dual_value()
        return _Solved(
            {index: value for index, column in self._columns.items() if (value := column.solution_value()) > 0.0},
            row_prices,
            [-constraint.dual_value() for constraint, _ in self._locks],
        )
