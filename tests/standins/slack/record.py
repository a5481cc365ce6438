"""What the stand-in remembers of the bot's conduct, and how a test waits for it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

from .refusals import Json

_T = TypeVar("_T")


@dataclass(slots=True)
class Call:
    """One request of the bot.

    Attributes:
        at: when it arrived, on the monotonic clock, in seconds.
        seconds: how long the answer took, or None while it is under way.
        error: Slack's error word, None for an accepted call.
        injected: the error or cut was planned by the test.
    """

    at: float
    method: str
    args: Json
    seconds: float | None = None
    status: int = 0
    error: str | None = None
    injected: bool = False
    answer: Json = field(default_factory=dict, repr=False)

    @property
    def channel(self) -> str | None:
        """The channel it names, if any."""
        value = self.args.get("channel") or self.args.get("channel_id")
        return str(value) if value else None


@dataclass(frozen=True, slots=True)
class Mention:
    """A ping in something the bot posted."""

    method: str
    channel: str
    mention: str
    text: str


class Expectation:
    """An announced refusal; as a context manager it also demands that the refusal happened."""

    def __init__(self, record: Record, error: str, times: int | None) -> None:
        self._record = record
        self.error = error
        self.left = times
        self.met: list[str] = []

    def takes(self, error: str, message: str) -> bool:
        """Whether this expectation covers the refusal; counts it when it does."""
        if error != self.error or self.left == 0:
            return False
        if self.left is not None:
            self.left -= 1
        self.met.append(message)
        return True

    def __enter__(self) -> Self:
        """Start expecting; any number of times unless a number was given."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop expecting.

        Raises:
            AssertionError: the refusal never happened.
        """
        self._record.forget(self)
        if kind is None and not self.met:
            raise AssertionError(f"expected the refusal {self.error!r}, which never happened")


class Record:
    """The log of calls, what was wrong with them, and waiting for more.

    Attributes:
        violations: each refused or invalid request, and each envelope acknowledged late or never, in words.
        warnings: what Slack accepts and a careful bot avoids.
        mentions: each ping in what the bot posted.
        rate_limited: calls answered 429, by the enforced rates or by a planned fault.
    """

    def __init__(self, *, keep_calls: bool = True) -> None:
        self.keep_calls = keep_calls
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []
        self.warnings: list[str] = []
        self.mentions: list[Mention] = []
        self.rate_limited: list[Call] = []
        self._expected: list[Expectation] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._under_way = 0
        self._last_activity = time.monotonic()

    def expects_refusal(self, error: str, times: int | None = None) -> Expectation:
        """Announce a refusal so that it is no violation.

        Use it as ``with server.expects_refusal("is_archived"):``, or alone for the rest of the test.
        """
        expectation = Expectation(self, error, times)
        self._expected.append(expectation)
        return expectation

    def expects_unacked(self, times: int | None = None) -> Expectation:
        """Announce that the bot will leave an envelope unacknowledged, as when a test kills it."""
        return self.expects_refusal("unacked", times)

    def forget(self, expectation: Expectation) -> None:
        """Stop expecting."""
        self._expected.remove(expectation)

    def refuse(self, error: str, message: str) -> None:
        """Record a refusal, as a violation unless it was announced."""
        for expectation in self._expected:
            if expectation.takes(error, message):
                return
        self.violations.append(message)

    def count(self, method: str) -> int:
        """How many calls of this method have arrived."""
        return self.counts[method]

    def calls_of(self, method: str) -> list[Call]:
        """The calls of this method, in order."""
        return [call for call in self.calls if call.method == method]

    def begin(self, call: Call) -> None:
        """A request has arrived."""
        self.counts[call.method] += 1
        if self.keep_calls:
            self.calls.append(call)
        self._under_way += 1
        self.changed()

    def end(self, call: Call) -> None:
        """A request has been answered."""
        call.seconds = time.monotonic() - call.at
        self._under_way -= 1
        self.changed()

    def changed(self) -> None:
        """Wake whoever waits for something to happen."""
        self._last_activity = time.monotonic()
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def wait_for(self, predicate: Callable[[], _T | None], timeout: float = 5.0) -> _T:  # noqa: ASYNC109 - the failure explains itself here
        """Wait until ``predicate()`` is true, looking again whenever something happens; returns its value.

        A predicate that raises AssertionError, as ``person.last`` does when there is nothing yet, counts as false.

        Raises:
            AssertionError: ``timeout`` seconds passed; says what the bot did last.
        """
        deadline = time.monotonic() + timeout
        while not (value := _tried(predicate)):
            left = deadline - time.monotonic()
            if left <= 0:
                last = [f"{call.method} {call.error or 'ok'}" for call in self.calls[-8:]]
                raise AssertionError(f"nothing of the kind in {timeout} s; last calls {last}; {self.violations[-5:]}")
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            # A predicate may also depend on the bot's own state, which wakes nobody: look again after a moment.
            await asyncio.wait([future], timeout=min(left, 0.05))
        return value

    async def quiet(self, milliseconds: float = 50, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - same
        """Wait until no request is under way and nothing has happened for ``milliseconds``.

        Raises:
            AssertionError: it did not become quiet within ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            since = time.monotonic() - self._last_activity
            left = milliseconds / 1000 - since
            if left <= 0 and self._under_way == 0:
                return
            if time.monotonic() > deadline:
                last = [call.method for call in self.calls[-8:]]
                raise AssertionError(f"not quiet within {timeout} s; last calls {last}")
            await asyncio.sleep(max(left, 0.005))


def _tried(predicate: Callable[[], _T | None]) -> _T | None:
    try:
        return predicate()
    except AssertionError:
        return None
