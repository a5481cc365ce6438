"""How fast a bot may send, counted on the monotonic clock.

Figures: Telegram's bots FAQ. About 30 messages a second over all chats, one a second in a chat, 20 a minute in a group;
1,000 a second over all chats for those that may be paid for (Bot API, ``allow_paid_broadcast``).
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.standins.telegram.refusals import TooManyRequests

EVERYWHERE = 0
"""Key of the limits that cover all chats; no chat has the id 0."""


@dataclass(slots=True)
class Window:
    """At most `most` messages in any `seconds`."""

    most: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it fits now."""
        while self.taken and self.taken[0] <= now - self.seconds:
            self.taken.popleft()
        if len(self.taken) < self.most:
            return 0.0
        return self.taken[-self.most] + self.seconds - now

    def take(self, now: float) -> None:
        """Count one message."""
        self.taken.append(now)


@dataclass(slots=True)
class Bucket:
    """One message every `seconds`, `burst` at once after a pause."""

    burst: int
    seconds: float
    tokens: float
    filled_at: float

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it fits now."""
        self.tokens = min(float(self.burst), self.tokens + (now - self.filled_at) / self.seconds)
        self.filled_at = now
        # The sum of many small refills may miss one by a rounding error.
        return 0.0 if self.tokens >= 1.0 - 1e-9 else (1.0 - self.tokens) * self.seconds

    def take(self, now: float) -> None:
        """Count one message."""
        self.filled_at = now
        self.tokens -= 1.0


@dataclass(slots=True)
class RateLimits:
    """Refuses what comes too fast, and what comes before the wait it was told is over.

    Attributes:
        overall_per_second: messages in any second that nobody pays for, all chats together.
        paid_per_second: messages in any second, paid for or not.
        chat_interval: seconds between two messages in a private chat or channel.
        chat_burst: messages that may come at once in a chat after a pause.
        group_per_minute: messages in any 60 seconds in a group.
        tolerance: seconds by which a message may come early, since the network shifts arrivals; taken off each window.
        refused: how many requests were answered 429.
        impatient: how many of those came before the time an earlier 429 had told.
    """

    overall_per_second: int = 30
    paid_per_second: int = 1000
    chat_interval: float = 1.0
    chat_burst: int = 1
    group_per_minute: int = 20
    tolerance: float = 0.02
    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    impatient: int = 0
    _free: Window | None = None
    _overall: Window | None = None
    _groups: dict[int, Window] = field(default_factory=dict)
    _chats: dict[int, Bucket] = field(default_factory=dict)
    _told: dict[int, float] = field(default_factory=dict)

    def admit(self, chat_id: int, *, is_group: bool, messages: int = 1, paid: bool = False) -> None:
        """Count the messages of a request, or refuse it whole.

        Raises:
            TooManyRequests: with the seconds to wait, rounded up.
        """
        now = self.clock()
        if self._told:
            self._hold_to_what_was_told(chat_id, now)
        if self._free is None or self._overall is None:
            self._free = Window(self.overall_per_second, 1.0 - self.tolerance)
            self._overall = Window(self.paid_per_second, 1.0 - self.tolerance)
        own = self._own(chat_id, now, is_group=is_group)
        everywhere = [self._overall] if paid else [self._free, self._overall]
        for key, limit in (*((EVERYWHERE, one) for one in everywhere), (chat_id, own)):
            wait = limit.wait(now)
            if wait > 0:
                self.refused += 1
                seconds = max(1, math.ceil(wait))
                self._told[key] = now + seconds - self.tolerance
                raise TooManyRequests(seconds)
        for _ in range(messages):
            for limit in (*everywhere, own):
                limit.take(now)

    def _own(self, chat_id: int, now: float, *, is_group: bool) -> Window | Bucket:
        if is_group:
            window = self._groups.get(chat_id)
            if window is None:
                window = self._groups[chat_id] = Window(self.group_per_minute, 60.0 - self.tolerance)
            return window
        bucket = self._chats.get(chat_id)
        if bucket is None:
            interval = self.chat_interval - self.tolerance
            bucket = self._chats[chat_id] = Bucket(self.chat_burst, interval, float(self.chat_burst), now)
        return bucket

    def _hold_to_what_was_told(self, chat_id: int, now: float) -> None:
        for key in (EVERYWHERE, chat_id):
            until = self._told.get(key)
            if until is None:
                continue
            if now >= until:
                del self._told[key]
                continue
            self.refused += 1
            self.impatient += 1
            raise TooManyRequests(max(1, math.ceil(until - now)))
