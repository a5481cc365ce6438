"""Faults that a test asks for: refusals, cut connections and slowness, deterministic and counted."""

import time
from dataclasses import dataclass, field

from tests.standins.telegram.refusals import Refusal, TooManyRequests

ANY_METHOD = "*"
METERED = frozenset({"sendmessage", "senddocument", "sendphoto", "sendmediagroup"})
"""Methods that count against the rate limits."""

_STANDARD_DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """One planned fault: a refusal, or a cut connection when `refusal` is None."""

    method: str
    times: int
    chat: int | None
    refusal: Refusal | None
    after_accepting: bool = False


@dataclass(slots=True)
class Delay:
    """Slowness of a method, before it is accepted or after."""

    seconds: float
    after_accepting: bool
    times: int | None


@dataclass(slots=True)
class Faults:
    """What is planned, and whether the bot obeyed the waits it was told.

    Attributes:
        latency: seconds that every answer takes, getUpdates excepted.
        tolerance: seconds by which a retry may come early.
        early_retries: "method to chat" of each message that came before an injected retry_after had passed.
        injected: how many faults were handed out.
    """

    latency: float = 0.0
    tolerance: float = 0.05
    early_retries: list[str] = field(default_factory=list)
    injected: int = 0
    _planned: list[Fault] = field(default_factory=list)
    _delays: dict[str, Delay] = field(default_factory=dict)
    _told: dict[int | None, float] = field(default_factory=dict)

    def fail(
        self,
        method: str,
        times: int,
        status: int,
        description: str | None,
        retry_after: int | None,
        chat: int | None,
        migrate_to_chat_id: int | None,
    ) -> None:
        """Plan refusals; see `TelegramServer.fail_next`."""
        if status == 429:
            refusal: Refusal = TooManyRequests(1 if retry_after is None else retry_after, injected=True)
            if description is not None:
                refusal.description = description
        else:
            parameters = {
                name: value
                for name, value in (("retry_after", retry_after), ("migrate_to_chat_id", migrate_to_chat_id))
                if value is not None
            }
            text = description or _STANDARD_DESCRIPTIONS.get(status, "Error")
            refusal = Refusal(status, text, parameters or None, injected=True)
        self._planned.append(Fault(method.lower(), times, chat, refusal))

    def drop(self, method: str, times: int, chat: int | None, *, after_accepting: bool) -> None:
        """Plan cut connections."""
        self._planned.append(Fault(method.lower(), times, chat, None, after_accepting))

    def delay(self, method: str, seconds: float, times: int | None, *, after_accepting: bool) -> None:
        """Make a method slow, or quick again with 0 seconds."""
        if seconds <= 0:
            self._delays.pop(method.lower(), None)
        else:
            self._delays[method.lower()] = Delay(seconds, after_accepting, times)

    def clear(self) -> None:
        """Forget all plans."""
        self._planned.clear()
        self._delays.clear()
        self.latency = 0.0

    @property
    def planned(self) -> int:
        """How many faults have not been handed out yet."""
        return sum(fault.times for fault in self._planned)

    def next_fault(self, method: str, chat: int | None) -> Fault | None:
        """The fault that this call meets, counted as used."""
        for fault in self._planned:
            if fault.method not in {method, ANY_METHOD} or (fault.chat is not None and fault.chat != chat):
                continue
            fault.times -= 1
            self.injected += 1
            if fault.times <= 0:
                self._planned.remove(fault)
            if isinstance(fault.refusal, TooManyRequests):
                self._told[chat] = time.monotonic() + fault.refusal.retry_after - self.tolerance
            return fault
        return None

    def next_delay(self, method: str) -> Delay | None:
        """The slowness that this call meets."""
        if not self._delays:
            return None
        key = method if method in self._delays else ANY_METHOD
        delay = self._delays.get(key)
        if delay is not None and delay.times is not None:
            delay.times -= 1
            if delay.times <= 0:
                del self._delays[key]
        return delay

    def watch(self, method: str, chat: int | None) -> None:
        """Note a message that comes before the wait told to its chat is over."""
        if not self._told or method not in METERED:
            return
        until = self._told.get(chat)
        if until is None:
            return
        if time.monotonic() < until:
            self.early_retries.append(f"{method} to {chat}")
        else:
            del self._told[chat]
