"""The best choice of places, aim after aim: a linear program that grows, and a small integer program that decides.

A change touches a few meetings of many. The linear program therefore begins with the places that are taken and those
of the requests that look for one, and takes in another place only when its price says that it could help. The prices
also bound what no choice exceeds, and rule out for good every place that no best choice has; among the few that are
left an integer program finds the best choice, so the answer is exact although most places were never looked at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from handlers.meetings.agenda.packing import Packing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOLERANCE = 1e-6
"""Gains are whole numbers, so half of one would do; HiGHS is exact to 1e-7 in each row and column."""
MOST_ENTERING = 2000
"""Places taken in at a time."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice (indexes of places), what it gains, and what none gains more than."""

    chosen: list[int]
    value: int
    bound: int


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
        self._seconds_left = seconds_left
        self._cancelled = cancelled
        places = packing.places
        self._request_of = np.array([place.request for place in places], dtype=np.int64)
        self._shared = len(packing.capacities)
        """Rows of the packing; behind them there is one for each request."""
        counts = [len(place.rows) + 1 for place in places]
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(counts, dtype=np.int64))])
        self._rows = np.fromiter(
            (row for place in places for row in (*place.rows, self._shared + place.request)),
            dtype=np.int64,
            count=int(self._starts[-1]),
        )
        self._upper = np.concatenate([np.array(packing.capacities, float), np.ones(len(packing.of_request))])
        self._lower = np.full(len(self._upper), -highspy.kHighsInf)
        self._certain = np.zeros(len(packing.of_request), dtype=bool)
        for request in certain:
            self._certain[request] = True
            self._lower[self._shared + request] = 1.0
        self.open = np.ones(len(places), dtype=bool)
        """Places that a best choice may have, as far as is known."""
        self._locks: list[tuple[Floats, int]] = []
        self._columns: list[int] = []
        self._inside = np.zeros(len(places), dtype=bool)
        self._linear = _silent()
        _add_rows(self._linear, self._lower, self._upper)
        self._enter(sorted({*likely, *chosen}))

    def decide(self, gain: Floats) -> Decision:
        """The choice with the largest sum of ``gain`` (whole numbers, one a place), decisions of before kept.

        When time runs out or somebody cancels, the best choice so far; then its bound is above its value.
        """
        prices = self._price(gain)
        if prices.limit > self._value(gain) and not self._stopped():
            self._decide_integer(gain, prices)
        value, bound = self._value(gain), prices.limit
        self.open &= prices.loss <= prices.bound - value + TOLERANCE
        self._lock(gain, value)
        return Decision(list(self.chosen), value, bound)

    def _value(self, gain: Floats) -> int:
        return round(float(gain[self.chosen].sum()))

    def _stopped(self) -> bool:
        return self._cancelled() or self._seconds_left() <= 0

    def _price(self, gain: Floats) -> "_Prices":
        """Solve the linear program, taking in places until none would help, or until the choice is proved the best."""
        columns = np.array(self._columns, dtype=np.int32)
        self._linear.changeColsCost(len(columns), np.arange(len(columns), dtype=np.int32), -gain[self._columns])
        prices = self._prices(gain, np.zeros(len(self._upper)), [0.0] * len(self._locks))
        while prices.limit > self._value(gain) and not self._stopped():
            self._linear.setOptionValue("time_limit", self._linear.getRunTime() + max(self._seconds_left(), 0.01))
            self._linear.run()
            if self._linear.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            solution = self._linear.getSolution()
            duals = np.array(solution.row_dual)
            rows = len(self._upper)
            found = self._prices(gain, np.maximum(-duals[:rows], 0.0), [max(one, 0.0) for one in duals[rows:]])
            if found.bound < prices.bound:
                prices = found
            self._take_whole(np.array(solution.col_value), gain)
            # A place helps when it is worth more than what its request brings in already.
            helps = found.worth + duals[self._shared : rows][self._request_of]
            entering = np.flatnonzero((helps > TOLERANCE) & self.open & ~self._inside)
            if not len(entering):
                break
            best = entering[np.argsort(-helps[entering], kind="stable")[:MOST_ENTERING]]
            self._enter(sorted(best.tolist()), gain)
        return prices

    def _prices(self, gain: Floats, row_prices: Floats, lock_prices: Sequence[float]) -> "_Prices":
        """What places are worth at these prices, whatever they are, and what follows for every choice.

        A choice pays for the rows it takes, which together cost at most their capacities, and each request brings in
        at most its best place. So no choice gains more than capacities and best places together, and one that has a
        place worth less than its request's best falls short of that by the difference.
        """
        paid = row_prices.copy()
        paid[self._shared :] = 0.0
        worth = gain - np.add.reduceat(paid[self._rows], self._starts[:-1]) if len(gain) else gain.copy()
        bound = float(paid @ self._upper)
        for (coefficients, amount), price in zip(self._locks, lock_prices, strict=True):
            worth += price * coefficients
            bound -= price * amount
        best = np.where(self._certain, -np.inf, 0.0)
        np.maximum.at(best, self._request_of[self.open], worth[self.open])
        bound += float(best.sum())
        return _Prices(worth=worth, loss=best[self._request_of] - worth, bound=bound)

    def _take_whole(self, values: Floats, gain: Floats) -> None:
        """Take the solution of the linear program as the choice where it is whole and better."""
        taken = np.flatnonzero(values > 0.5)
        if np.abs(values - np.round(values)).max(initial=0.0) < TOLERANCE:
            chosen = [self._columns[column] for column in taken]
            if self._value(gain) < round(float(gain[chosen].sum())):
                self.chosen = chosen

    def _enter(self, entering: Sequence[int], gain: Floats | None = None) -> None:
        starts, rows, values = self._matrix(entering)
        count = len(entering)
        costs = np.zeros(count) if gain is None else -gain[np.array(entering, dtype=np.int64)]
        above = np.full(count, highspy.kHighsInf)
        self._linear.addCols(count, costs, np.zeros(count), above, len(rows), starts, rows, values)
        self._columns += entering
        self._inside[list(entering)] = True

    def _matrix(self, places: Sequence[int]) -> tuple[Ints, Ints, Floats]:
        """The columns of places: where each starts, the rows it has, and with how much."""
        starts, rows, values = [0], list[int](), list[float]()
        for place in places:
            own = self._rows[self._starts[place] : self._starts[place + 1]].tolist()
            rows += own
            values += [1.0] * len(own)
            for number, (coefficients, _) in enumerate(self._locks):
                if coefficients[place]:
                    rows.append(len(self._upper) + number)
                    values.append(float(coefficients[place]))
            starts.append(len(rows))
        return np.array(starts[:-1], np.int32), np.array(rows, np.int32), np.array(values)

    def _lock(self, gain: Floats, value: int) -> None:
        """From now on no choice gains less."""
        columns = np.array(self._columns, dtype=np.int64)
        inside = np.flatnonzero(gain[columns]).astype(np.int32)
        self._linear.addRow(float(value), highspy.kHighsInf, len(inside), inside, gain[columns[inside]])
        self._locks.append((gain, value))

    def _decide_integer(self, gain: Floats, prices: "_Prices") -> None:
        """Look for a better choice among all that prices leave possible, and lower the limit to what is found."""
        value = self._value(gain)
        left = np.flatnonzero(self.open & (prices.loss <= prices.bound - (value + 1) + TOLERANCE)).tolist()
        if not left:
            prices.limit = value
            return
        integer = _silent()
        integer.setOptionValue("mip_rel_gap", 0.0)
        integer.setOptionValue("mip_abs_gap", 1 - TOLERANCE)
        integer.setOptionValue("time_limit", max(self._seconds_left(), 0.01))
        _add_rows(
            integer,
            np.concatenate([self._lower, [float(amount) for _, amount in self._locks], [value + 1.0]]),
            np.concatenate([self._upper, np.full(len(self._locks) + 1, highspy.kHighsInf)]),
        )
        self._locks.append((gain, value + 1))
        starts, rows, values = self._matrix(left)
        self._locks.pop()
        count = len(left)
        integer.addCols(count, -gain[left], np.zeros(count), np.ones(count), len(rows), starts, rows, values)
        whole = np.full(count, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        integer.changeColsIntegrality(count, np.arange(count, dtype=np.int32), whole)
        integer.cbMipInterrupt += self._interrupt
        integer.run()
        status = integer.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            prices.limit = value
            return
        if integer.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            solution = np.array(integer.getSolution().col_value)
            self.chosen = [left[column] for column in np.flatnonzero(solution > 0.5)]
        known = -integer.getInfo().mip_dual_bound
        if np.isfinite(known):
            limit = (
                self._value(gain) if status == highspy.HighsModelStatus.kOptimal else int(np.floor(known + TOLERANCE))
            )
            prices.limit = min(prices.limit, max(limit, self._value(gain)))

    def _interrupt(self, event: highspy.highs.HighsCallbackEvent) -> None:
        if self._cancelled():
            event.interrupt()


class _Prices:
    """What each place is worth after paying its rows, what choosing it loses, and the bound that follows.

    ``limit`` is the most that a choice can gain, a whole number; it is lowered when more is known.
    """

    def __init__(self, worth: Floats, loss: Floats, bound: float) -> None:
        self.worth = worth
        self.loss = loss
        self.bound = bound
        self.limit = int(np.floor(bound + TOLERANCE))


def _silent() -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the one call that HiGHS leaves untyped
    highs.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS takes its options so
    highs.setOptionValue("threads", 1)
    return highs


def _add_rows(highs: highspy.Highs, lower: Floats, upper: Floats) -> None:
    none = np.array([], dtype=np.int32)
    highs.addRows(len(lower), lower, upper, 0, np.zeros(len(lower), np.int32), none, np.array([], dtype=float))
