"""How fast one token may send: overall, per chat, per group, and what a platform's "wait" stops.

One pacer a token, in the process that holds the token's lease, asked by everything that sends. Time is monotonic, so
a clock that is set does not matter.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.platforms.base import Pace, Scope

REPLY_BURST = 3
"""Replies that one chat may get without waiting. Telegram tolerates short bursts in a chat (Bots FAQ); whoever taps
three times in a second sees three answers."""
GROUP_WINDOW = 60.0
FORGET_AFTER = 120.0
FORGET_AT = 10_000
"""Chats remembered before the idle ones are forgotten."""


@dataclass(slots=True)
class _Chat:
    free_at: float = 0.0
    blocked_until: float = 0.0
    sent: deque[float] = field(default_factory=deque)


class Pacer:
    """Says when the next message may go and keeps count.

    Args:
        pace: what the platform allows.
        now: monotonic seconds.
    """

    def __init__(self, pace: Pace, *, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._now = now
        self._chats: dict[str, _Chat] = {}
        self._free_at = 0.0
        self._blocked_until = 0.0

    def wait(self, chat: str, *, group: bool, reply: bool = False) -> float:
        """Seconds until a message may go to this chat; 0 means now."""
        now = self._now()
        state = self._chats.get(chat)
        ready = max(self._free_at, self._blocked_until)
        if state is not None:
            burst = (REPLY_BURST - 1) * self._pace.chat_seconds if reply and not group else 0.0
            ready = max(ready, state.blocked_until, state.free_at - burst)
            if group and self._pace.group_per_minute and len(state.sent) >= self._pace.group_per_minute:
                ready = max(ready, state.sent[-self._pace.group_per_minute] + GROUP_WINDOW)
        return max(0.0, ready - now)

    def wait_for_token(self) -> float:
        """Seconds until anything may go at all; 0 means now."""
        return max(0.0, max(self._free_at, self._blocked_until) - self._now())

    def take(self, chat: str, *, group: bool) -> None:
        """Count a message that goes now."""
        now = self._now()
        if self._pace.per_second:
            self._free_at = max(self._free_at, now) + 1.0 / self._pace.per_second
        if len(self._chats) > FORGET_AT:
            self._forget(now)
        state = self._chats.setdefault(chat, _Chat())
        state.free_at = max(state.free_at, now) + self._pace.chat_seconds
        if group and self._pace.group_per_minute:
            while state.sent and state.sent[0] <= now - GROUP_WINDOW:
                state.sent.popleft()
            state.sent.append(now)

    def block(self, chat: str, seconds: float, *, scope: Scope) -> None:
        """Obey a "wait": of this chat alone, or of the whole token."""
        until = self._now() + seconds
        if scope is Scope.TOKEN:
            self._blocked_until = max(self._blocked_until, until)
        else:
            state = self._chats.setdefault(chat, _Chat())
            state.blocked_until = max(state.blocked_until, until)

    def _forget(self, now: float) -> None:
        idle = [
            chat
            for chat, state in self._chats.items()
            if max(state.free_at, state.blocked_until, state.sent[-1] if state.sent else 0.0) < now - FORGET_AFTER
        ]
        for chat in idle:
            del self._chats[chat]
