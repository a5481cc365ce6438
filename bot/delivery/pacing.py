"""How fast one token may send: overall, per chat, per group, and what a platform's "wait" stops.

One pacer a token, in the process that holds the token's lease, asked by everything that sends: replies, the queue, the
further messages of a screen that takes several. Time is monotonic, so a clock that is set does not matter.

A platform counts a message at a moment that we do not see, some time between the call and its answer. What is kept of a
call is therefore when it began, later by as much as its answer took longer than answers take at best: a delay that all
calls share shifts nothing, and what varies is taken to have been on the way there. Counted so, the platform never sees
more in a window than it allows, and no margin is given away for it but :data:`MARGIN`.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

from bot.platforms.base import Pace, Scope

MARGIN = 1.004
"""Windows are this much longer than the platform's: clocks differ, and it rounds as it likes."""
REPLY_BURST = 3
"""Replies that one private chat may get without waiting while the token is calm: Telegram tolerates short bursts (Bots
FAQ), and who taps three times in a second sees three answers. Beside a broadcast nothing exceeds the limit."""
CALM = 0.5
"""The share of the token's rate up to which it counts as calm."""
CATCH_UP = 0.3
"""Seconds of lateness that the queue makes up for; more would come as a burst."""
EDITS_FOR_REPLIES = 0.2
"""The share of the edits a minute that is left to answers."""
GROUP_WINDOW = 60.0
EDIT_WINDOW = 60.0
BEST_OF_SECONDS = 60.0
"""The best latency is that of one to two such periods: while this process itself is short of time all are long."""
KNOWN_FROM = 30
"""Answers from which on the best latency is believed."""
STILL_ON_ITS_WAY = 0.005
"""Seconds until one looks again whether a call has been answered."""
FORGET_AFTER = 120.0
FORGET_AT = 10_000
"""Chats remembered before the idle ones are forgotten."""


class NotYetError(Exception):
    """A message's turn is too far off to be waited for: put it back into the queue.

    Attributes:
        seconds: until its turn, as far as is known.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not for another {seconds:.1f} s")
        self.seconds = seconds


@dataclass(slots=True, eq=False)
class Call:
    """A message on its way. ``counted_at`` is when the platform counted it, at the latest; ``None`` until answered."""

    began: float
    counted_at: float | None = None

    @property
    def latest(self) -> float:
        """When it was counted, as far as is known: a call that gets no answer must not stand in the way of others."""
        return self.began if self.counted_at is None else self.counted_at


@dataclass(slots=True)
class _Window:
    """At most ``most`` calls within ``seconds``."""

    most: int
    seconds: float
    calls: deque[Call] = field(default_factory=deque)

    def wait(self, now: float, most: int = 0) -> float:
        """Seconds until another fits, or until it is worth looking again."""
        most = most or self.most
        while self.calls and self.calls[0].latest + self.seconds <= now:
            self.calls.popleft()
        if len(self.calls) < most:
            return 0.0
        counted_at = self.calls[len(self.calls) - most].counted_at
        return STILL_ON_ITS_WAY if counted_at is None else max(0.0, counted_at + self.seconds - now)


class _Chat:
    """What one chat got lately.

    Args:
        pace: what the platform allows.
        group: whether several people read there.
    """

    __slots__ = ("_burst_at", "_group", "_one", "_seconds", "blocked_until", "last_used")

    def __init__(self, pace: Pace, *, group: bool) -> None:
        self._one = _Window(1, MARGIN * pace.chat_seconds)
        self._seconds = pace.chat_seconds
        self._burst_at = 0.0  # when a burst is over, and the next message would keep the interval
        self._group = _Window(pace.group_per_minute, MARGIN * GROUP_WINDOW) if group and pace.group_per_minute else None
        self.blocked_until = 0.0
        self.last_used = 0.0

    def wait(self, now: float, *, burst: bool) -> float:
        """Seconds until another message fits; with a burst, the first few follow each other at once."""
        own = self._burst_at - (REPLY_BURST - 1) * self._seconds - now if burst else self._one.wait(now)
        everybody = self._group.wait(now) if self._group is not None else 0.0
        return max(own, everybody, self.blocked_until - now)

    def add(self, call: Call) -> None:
        """Count a message."""
        self.last_used = call.began
        self._burst_at = max(self._burst_at, call.began) + self._seconds
        self._one.calls.append(call)
        if self._group is not None:
            self._group.calls.append(call)


class Pacer:
    """Says when the next message may go and keeps count.

    Args:
        pace: what the platform allows.
        now: monotonic seconds.
        is_idle: whether nothing waits in the queue, so that replies may come in a short burst.
    """

    def __init__(
        self, pace: Pace, *, now: Callable[[], float] = time.monotonic, is_idle: Callable[[], bool] = lambda: True
    ) -> None:
        self._pace = pace
        self._now = now
        self._is_idle = is_idle
        self._chats: dict[str, _Chat] = {}
        self._blocked_until = 0.0
        self._free_at = 0.0  # for the queue, which is spread evenly
        self._replies_waiting = 0
        self._line, self._line_of_edits = asyncio.Lock(), asyncio.Lock()
        self._answers = 0
        self._best, self._best_before, self._period_ends = math.inf, math.inf, -math.inf
        most = max(1, int(pace.per_second))
        self._token = _Window(most, MARGIN * most / pace.per_second) if pace.per_second else None
        self._edits = _Window(pace.edits_per_minute, MARGIN * EDIT_WINDOW) if pace.edits_per_minute else None

    async def turn(
        self,
        chat: str,
        *,
        group: bool,
        reply: bool = False,
        edit: bool = False,
        patience: Callable[[], float] = lambda: math.inf,
    ) -> Call:
        """Wait until a message may go, count it and return it; tell :meth:`done` when it is answered.

        Raises:
            NotYetError: it would have to wait for longer than ``patience`` (seconds, asked anew at each look).
        """
        while True:
            own = self._wait_for_chat(chat, group=group, reply=reply)
            if own <= 0:
                # What the queue sends stands in line: all looking whose turn it is would be most of the work.
                line = self._line_of_edits if edit else self._line
                async with nullcontext() if reply else line:
                    call = await self._turn_of_token(chat, group=group, reply=reply, edit=edit, patience=patience)
                if call is not None:
                    return call
            elif own > patience():
                raise NotYetError(own)
            else:
                await asyncio.sleep(own)

    async def _turn_of_token(
        self, chat: str, *, group: bool, reply: bool, edit: bool, patience: Callable[[], float]
    ) -> Call | None:
        """The same for who waits for the token alone; ``None`` when the chat has to wait again meanwhile."""
        while self._wait_for_chat(chat, group=group, reply=reply) <= 0:
            wait = self._wait_for_token(reply=reply, edit=edit)
            if wait <= 0:
                return self.take(chat, group=group, edit=edit)
            if wait > patience():
                raise NotYetError(wait)
            # Who could go at once if the queue left room makes the queue leave room.
            self._replies_waiting += reply
            try:
                await asyncio.sleep(wait)
            finally:
                self._replies_waiting -= reply
        return None

    def wait(self, chat: str, *, group: bool, reply: bool = False, edit: bool = False) -> float:
        """Seconds until a message may go to this chat, as far as is known; 0 means now."""
        token = self._wait_for_token(reply=reply, edit=edit)
        return max(token, self._wait_for_chat(chat, group=group, reply=reply))

    def wait_for_token(self) -> float:
        """Seconds until anything of the queue may go at all; 0 means now."""
        return self._wait_for_token(reply=False, edit=False)

    def take(self, chat: str, *, group: bool, edit: bool = False) -> Call:
        """Count a message that goes now."""
        call = Call(self._now())
        if self._token is not None:
            self._token.calls.append(call)
            self._free_at = max(self._free_at, call.began - CATCH_UP) + 1.0 / self._pace.per_second
        if edit and self._edits is not None:
            self._edits.calls.append(call)
        if self._pace.chat_seconds or (group and self._pace.group_per_minute):
            self._chat(chat, group=group).add(call)
        return call

    def done(self, call: Call) -> None:
        """A call was answered, or has failed; told again, nothing changes."""
        if call.counted_at is not None:
            return
        now = self._now()
        latency = now - call.began
        if now >= self._period_ends:
            self._best_before, self._best, self._period_ends = self._best, math.inf, now + BEST_OF_SECONDS
        self._best = min(self._best, latency)
        self._answers += 1
        # The first calls open connections: until it is known how long an answer takes at best, nothing is taken off.
        best = min(self._best, self._best_before) if self._answers >= KNOWN_FROM else 0.0
        call.counted_at = call.began + latency - best

    def block(self, chat: str, seconds: float, *, group: bool, scope: Scope) -> None:
        """Obey a "wait": of this chat alone, or of the whole token."""
        until = self._now() + seconds
        if scope is Scope.TOKEN:
            self._blocked_until = max(self._blocked_until, until)
        else:
            state = self._chat(chat, group=group)
            state.blocked_until = max(state.blocked_until, until)

    def _wait_for_chat(self, chat: str, *, group: bool, reply: bool) -> float:
        state = self._chats.get(chat)
        if state is None:
            return 0.0
        now = self._now()
        return max(0.0, state.wait(now, burst=reply and not group and self._is_calm(now)))

    def _wait_for_token(self, *, reply: bool, edit: bool) -> float:
        now = self._now()
        wait = self._blocked_until - now
        if self._token is not None:
            wait = max(wait, self._token.wait(now))
            if not reply:
                spread = max(self._free_at - now, 1.0 / self._pace.per_second if self._replies_waiting else 0.0)
                wait = max(wait, spread)
        if edit and self._edits is not None:
            most = self._edits.most if reply else int(self._edits.most * (1 - EDITS_FOR_REPLIES))
            wait = max(wait, self._edits.wait(now, most))
        return max(0.0, wait)

    def _is_calm(self, now: float) -> bool:
        if not self._is_idle():
            return False
        return self._token is None or (self._token.wait(now, max(1, int(CALM * self._token.most))) <= 0)

    def _chat(self, chat: str, *, group: bool) -> _Chat:
        state = self._chats.get(chat)
        if state is None:
            if len(self._chats) > FORGET_AT:
                self._forget()
            state = self._chats[chat] = _Chat(self._pace, group=group)
        return state

    def _forget(self) -> None:
        before = self._now() - FORGET_AFTER
        idle = [chat for chat, state in self._chats.items() if max(state.last_used, state.blocked_until) < before]
        for chat in idle:
            del self._chats[chat]
