"""The best choice of places, aim after aim: a linear program that grows, and a small integer program that decides.

A change touches a few meetings of many. The linear program therefore begins with the places that are taken and those
of the requests that look for one, and takes in another place only when its price says that it could help. The prices
also bound what no choice exceeds, and rule out for good every place that no best choice has; among the few that are
left an integer program finds the best choice, so the answer is exact although most places were never looked at.

The bound is that of Lagrange and holds for any prices, so it does not lean on the linear solver being exact; the
integer program counts in whole numbers. Both solvers are of OR-Tools: GLOP, which goes on from where it was when a
place or an aim is added, and CP-SAT.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # it comes without types

from handlers.meetings.agenda.packing import Packing

Floats = NDArray[np.float64]
TOLERANCE = 1e-6
"""Sums of whole numbers that differ by less are the same; prices are exact to about 1e-9."""
MOST_ENTERING = 3000
"""Places taken in at a time."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice (indexes of places), what it gains, and what none gains more than."""

    chosen: list[int]
    value: int
    bound: int


@dataclass(slots=True)
class _Prices:
    """What each place is worth after paying its rows, what choosing it loses, and the bound that follows.

    ``best``, by request, is what leaving it without a place loses. ``limit`` is the most that a choice can gain, a whole
    number; it is lowered when more is known.
    """

    worth: Floats
    best: Floats
    loss: Floats
    bound: float
    limit: int


class PackingProgram:
    """Chooses among places of a packing, at most one a request, no row overflowing.

    Args:
        packing: as it is; places added to it later are not seen.
        chosen: a choice to begin with, as indexes of places.
        likely: places that may well be chosen besides.
        certain: requests that have to be placed, as ``chosen`` does.
        seconds_left: for all that is asked of the program.
        cancelled: whether to stop at the next occasion.
    """

    def __init__(
        self,
        packing: Packing,
        chosen: Sequence[int],
        likely: Iterable[int],
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
        self.open = np.ones(len(places), dtype=bool)
        """Places that a best choice may have, as far as is known."""
        self._settled = self.certain.copy()
        self._request_of = np.array([place.request for place in places], dtype=np.int64)
        counts = [len(place.rows) for place in places]
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(counts, dtype=np.int64))])
        self._rows = np.fromiter((row for place in places for row in place.rows), np.int64, int(self._starts[-1]))
        self._capacities = np.array(packing.capacities, dtype=np.float64)
        self._linear = _LinearProgram(packing, self.certain)
        self._inside = np.zeros(len(places), dtype=bool)
        self._enter(sorted({*likely, *chosen}))

    def decide(self, gains: Sequence[int]) -> Decision:
        """The choice with the largest sum of ``gains`` (one a place), decisions of before kept.

        When time runs out or somebody cancels, the best choice so far; then its bound is above its value.
        """
        gain = np.array(gains, dtype=np.float64)
        prices = self._price(gain)
        if prices.limit > self.value(gain) and not self._stopped():
            self._decide_whole(gain, prices)
        value = self.value(gain)
        self.open &= prices.loss <= prices.bound - value + TOLERANCE
        self._settled |= prices.best > prices.bound - value + TOLERANCE
        self.locks.append((gain, value))
        self._linear.lock(gain, value)
        return Decision(list(self.chosen), value, prices.limit)

    def value(self, gain: Floats) -> int:
        """What the choice gains."""
        return round(float(gain[self.chosen].sum()))

    def left(self) -> list[int]:
        """Indexes of the places that a choice as good as this may have."""
        return [int(index) for index in np.flatnonzero(self.open)]

    def settled(self) -> list[int]:
        """The requests that have some place in every choice as good as this."""
        return [int(request) for request in np.flatnonzero(self._settled)]

    def _stopped(self) -> bool:
        return self._cancelled() or self._seconds_left() <= 0

    def _price(self, gain: Floats) -> _Prices:
        """Solve the linear program, taking in places until none would help, or until the choice is proved the best."""
        self._linear.pursue(gain)
        prices = self._prices(gain, np.zeros(len(self._capacities)), [0.0] * len(self.locks))
        while prices.limit > self.value(gain) and not self._stopped():
            solved = self._linear.solve(self._seconds_left())
            if solved is None:
                break
            found = self._prices(
                gain, np.maximum(solved.row_prices, 0.0), [max(one, 0.0) for one in solved.lock_prices]
            )
            if found.bound < prices.bound:
                prices = found
            self._take_whole(solved.values, gain)
            # A place helps when it is worth more than what its request brings in already.
            helps = found.worth - solved.request_prices[self._request_of]
            entering = np.flatnonzero((helps > TOLERANCE) & self.open & ~self._inside)
            if not len(entering):
                break
            best = entering[np.argsort(-helps[entering], kind="stable")[:MOST_ENTERING]]
            self._enter(sorted(best.tolist()))
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
        best = np.where(self.certain, -np.inf, 0.0)
        np.maximum.at(best, self._request_of[self.open], worth[self.open])
        bound += float(best.sum())
        return _Prices(worth, best, best[self._request_of] - worth, bound, int(np.floor(bound + TOLERANCE)))

    def _take_whole(self, values: dict[int, float], gain: Floats) -> None:
        """Take the solution of the linear program as the choice where it is whole and better."""
        if all(abs(value - round(value)) < TOLERANCE for value in values.values()):
            chosen = [place for place, value in values.items() if value > 0.5]
            if self.value(gain) < round(float(gain[chosen].sum())):
                self.chosen = chosen

    def _enter(self, entering: Sequence[int]) -> None:
        self._linear.enter(entering)
        self._inside[list(entering)] = True

    def _decide_whole(self, gain: Floats, prices: _Prices) -> None:
        """Look for a better choice among all that prices leave possible, and lower the limit to what is found."""
        value = self.value(gain)
        left = np.flatnonzero(self.open & (prices.loss <= prices.bound - (value + 1) + TOLERANCE))
        # CP-SAT is loaded only when prices do not decide, which is seldom: it takes half a second.
        from handlers.meetings.agenda.packing_model import PackingModel

        model = PackingModel(self.packing, left.tolist(), self.locks, self.certain)
        found = model.best(gain, above=value, hint=self.chosen, seconds=self._seconds_left(), cancelled=self._cancelled)
        if found.chosen is not None:
            self.chosen = found.chosen
        prices.limit = min(prices.limit, max(found.bound, self.value(gain)))


@dataclass(frozen=True, slots=True)
class _Solved:
    """A solution: how much of each place, and what one more unit of each row, lock and request would be worth."""

    values: dict[int, float]
    row_prices: Floats
    lock_prices: list[float]
    request_prices: Floats


class _LinearProgram:
    """GLOP's model: the places that are in, all rows, the locks; it goes on from its last solution."""

    def __init__(self, packing: Packing, certain: NDArray[np.bool_]) -> None:
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._packing = packing
        self._rows = [self._solver.Constraint(-self._solver.infinity(), float(one)) for one in packing.capacities]
        self._requests = [self._solver.Constraint(1.0 if sure else 0.0, 1.0) for sure in certain.tolist()]
        self._locks: list[tuple[Any, Floats]] = []
        self._columns: dict[int, Any] = {}
        self._gain = np.zeros(0)
        self._objective: Any = self._solver.Objective()
        self._objective.SetMaximization()

    def enter(self, places: Iterable[int]) -> None:
        """Take in places."""
        for index in places:
            place = self._packing.places[index]
            column = self._solver.NumVar(0.0, self._solver.infinity(), "")
            self._columns[index] = column
            self._requests[place.request].SetCoefficient(column, 1.0)
            for row in place.rows:
                self._rows[row].SetCoefficient(column, 1.0)
            for constraint, gains in self._locks:
                if gains[index]:
                    constraint.SetCoefficient(column, float(gains[index]))
            if len(self._gain):
                self._objective.SetCoefficient(column, float(self._gain[index]))

    def pursue(self, gain: Floats) -> None:
        """Look for the largest sum of this from now on."""
        self._gain = gain
        for index, column in self._columns.items():
            self._objective.SetCoefficient(column, float(gain[index]))

    def lock(self, gain: Floats, amount: int) -> None:
        """From now on the sum of this is at least so much."""
        constraint = self._solver.Constraint(float(amount), self._solver.infinity())
        for index, column in self._columns.items():
            if gain[index]:
                constraint.SetCoefficient(column, float(gain[index]))
        self._locks.append((constraint, gain))

    def solve(self, seconds: float) -> _Solved | None:
        """The best solution; None when there was no time for it."""
        self._solver.set_time_limit(max(1, round(seconds * 1000)))
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        values = {index: value for index, column in self._columns.items() if (value := column.solution_value()) > 0.0}
        return _Solved(
            values,
            np.array([row.dual_value() for row in self._rows], dtype=np.float64),
            [-constraint.dual_value() for constraint, _ in self._locks],
            np.array([row.dual_value() for row in self._requests], dtype=np.float64),
        )
