"""Numbers from samples: percentiles, medians, and how many turns there is time for."""

import math
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import psutil

LEAST_ROUNDS = 2
"""One turn more than one, so that the first, in which caches fill, never stands alone."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed (nearest rank).

    Args:
        values: at least one, in any order.
        share: in (0, 1], such as 0.99.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values, no percentile")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value.

    Raises:
        statistics.StatisticsError: there are no values.
    """
    return statistics.median(values)


def rounds(most: int, seconds: float) -> Iterator[int]:
    """Numbers of turns, from 0: at most so many, and none that would not fit into the time; at least two."""
    began = time.monotonic()
    for number in range(most):
        spent = time.monotonic() - began
        # One more turn takes about as long as those before it did.
        if number >= LEAST_ROUNDS and spent * (number + 1) / number > seconds:
            return
        yield number


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far, in all its threads."""
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of one contestant gave.

    Attributes:
        done: updates handled or messages sent.
        seconds: how long all of it took.
        cpu_seconds: processor time that the contestant's process used, all its threads together.
        latencies: seconds of each, where they were taken.
    """

    done: int
    seconds: float
    cpu_seconds: float
    latencies: Sequence[float] = ()

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.done / self.seconds


@dataclass(slots=True)
class Contestant:
    """One side of a comparison and its turns so far."""

    name: str
    turns: list[Turn] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """How many a second: the median of the turns."""
        return median([turn.rate for turn in self.turns])

    @property
    def cpu_seconds_each(self) -> float:
        """Processor time for one: the median of the turns. Unlike the others, it hardly depends on a busy machine."""
        return median([turn.cpu_seconds / turn.done for turn in self.turns])

    def latency(self, share: float) -> float:
        """Seconds: the median of the turns' percentiles."""
        return median([percentile(turn.latencies, share) for turn in self.turns])

    def rate_against(self, other: "Contestant") -> float:
        """Our rate as a part of the other's: the median of the ratios turn by turn."""
        return median([mine.rate / theirs.rate for mine, theirs in zip(self.turns, other.turns, strict=True)])

    def latency_against(self, other: "Contestant", share: float) -> float:
        """Our latency as a multiple of the other's: the median of the ratios turn by turn."""
        return median(
            [
                percentile(mine.latencies, share) / percentile(theirs.latencies, share)
                for mine, theirs in zip(self.turns, other.turns, strict=True)
            ]
        )
