"""How much one account may send: a person has a pace, a script has none.

Kept in memory and by the time at which things were sent, where the platform tells it: what waited while the program was
away comes all at once and is no flood.
"""

import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import Enum

BURST_SECONDS = 10.0
MINUTE = 60.0
REMEMBERED = 10_000
"""Accounts after which those that have long been quiet are forgotten."""


class Verdict(Enum):
    """What becomes of an event."""

    PASS = "pass"  # noqa: S105 - not a password
    WARN = "warn"  # the first one too many: it is answered with a sentence instead
    DROP = "drop"  # not even stored


@dataclass(slots=True)
class _Account:
    taken: deque[tuple[float, str]] = field(default_factory=deque)
    dropped_at: float = float("-inf")


class FloodGuard:
    """Decides about each event of each account.

    What is dropped does not count, so a flood is thinned to the pace that is allowed and ends by itself. The sentence
    comes once: again only when nothing had to be dropped for a minute.

    Args:
        burst: events that one account may send in ten seconds; 0: any number.
        per_minute: and in a minute; 0: any number.
        now: the present in seconds since 1970.
    """

    def __init__(self, *, burst: int, per_minute: int, now: Callable[[], float] = time.time) -> None:
        self._burst = burst
        self._per_minute = per_minute
        self._now = now
        self._accounts: dict[Hashable, _Account] = {}

    def judge(self, who: Hashable, event: str, at: float | None = None) -> Verdict:
        """What becomes of an event that came from there.

        Args:
            who: the account.
            event: its id; one that was taken and is delivered again counts once.
            at: when it was sent, in seconds since 1970; ``None``: just now.
        """
        if not self._burst and not self._per_minute:
            return Verdict.PASS
        now = self._now()
        at = now if at is None else min(at, now)
        account = self._accounts.get(who)
        if account is None:
            self._forget(now)
            account = self._accounts[who] = _Account()
        taken = account.taken
        if any(event == known for _, known in taken):
            return Verdict.PASS
        while taken and at - taken[0][0] >= MINUTE:
            taken.popleft()
        in_a_minute = sum(1 for then, _ in taken if abs(at - then) < MINUTE)
        recent = sum(1 for then, _ in taken if abs(at - then) < BURST_SECONDS)
        if (self._per_minute and in_a_minute >= self._per_minute) or (self._burst and recent >= self._burst):
            new = now - account.dropped_at >= MINUTE
            account.dropped_at = now
            return Verdict.WARN if new else Verdict.DROP
        taken.append((at, event))
        return Verdict.PASS

    def give_back(self, who: Hashable, event: str) -> None:
        """An event that passed was not taken after all."""
        account = self._accounts.get(who)
        if account is not None:
            account.taken = deque(one for one in account.taken if one[1] != event)

    def _forget(self, now: float) -> None:
        if len(self._accounts) < REMEMBERED:
            return
        self._accounts = {
            who: one
            for who, one in self._accounts.items()
            if now - one.dropped_at < MINUTE or (one.taken and now - one.taken[-1][0] < MINUTE)
        }
