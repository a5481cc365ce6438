"""What goes wrong on the way, on purpose: faults to inject, and Slack's request rates when they are enforced."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from .refusals import SlackRefusalError

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Requests per minute of each tier. Source: Slack's rate limit page (each figure is "at least")."""

METHOD_TIERS: Mapping[str, int] = {
    "apps.connections.open": 1,
    "bots.info": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "pins.add": 2,
    "reactions.add": 3,
    "team.info": 3,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


@dataclass(slots=True)
class Failure:
    """An answer to give instead of the right one."""

    error: str | None
    status: int
    retry_after: int | None
    channel: str | None
    times: int


@dataclass(slots=True)
class Drop:
    """A connection to cut, before or after the request took effect."""

    after_accepting: bool
    channel: str | None
    times: int


@dataclass(slots=True)
class Delay:
    """Seconds to wait before answering; ``times`` None means until cleared."""

    seconds: float
    times: int | None


@dataclass(slots=True)
class Faults:
    """Faults waiting to happen, by method ("*" means any)."""

    failures: dict[str, list[Failure]] = field(default_factory=dict)
    drops: dict[str, list[Drop]] = field(default_factory=dict)
    delays: dict[str, Delay] = field(default_factory=dict)
    latency: float = 0.0

    def failure(self, method: str, channel: str | None) -> Failure | None:
        """Use up one failure planned for this call."""
        for key in (method, "*") if self.failures else ():
            for planned in self.failures.get(key, []):
                if planned.times > 0 and planned.channel in (None, channel):
                    planned.times -= 1
                    return planned
        return None

    def drop(self, method: str, channel: str | None) -> Drop | None:
        """Use up one cut planned for this call."""
        for key in (method, "*") if self.drops else ():
            for planned in self.drops.get(key, []):
                if planned.times > 0 and planned.channel in (None, channel):
                    planned.times -= 1
                    return planned
        return None

    def wait(self, method: str) -> float:
        """Seconds to wait before answering this call."""
        planned = self.delays.get(method) or self.delays.get("*")
        if planned is None or planned.times == 0:
            return self.latency
        if planned.times is not None:
            planned.times -= 1
        return self.latency + planned.seconds


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(slots=True)
class Rates:
    """Slack's request rates.

    Attributes:
        enforced: off by default, since a test that talks fast is no fault.
        per_channel: messages per second that chat.postMessage accepts in one channel in the long run.
        burst: messages that one channel accepts at once.
        grace: seconds after a 429 in which calls already under way are not held against the bot.
    """

    enforced: bool = False
    per_channel: float = 1.0
    burst: int = 3
    grace: float = 0.25
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)
    _muted: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def check(self, method: str, channel: str | None) -> None:
        """Count one call.

        Raises:
            SlackRefusalError: ``ratelimited``, HTTP 429, with the whole seconds to wait in ``Retry-After``.
        """
        if not self.enforced:
            return
        if method == "chat.postMessage":
            rate, capacity, scope = self.per_channel, float(self.burst), channel or ""
        else:
            tier = METHOD_TIERS.get(method)
            if tier is None:
                return
            rate, capacity, scope = TIER_PER_MINUTE[tier] / 60, float(TIER_PER_MINUTE[tier]), ""
        now = time.monotonic()
        bucket = self._buckets.setdefault((method, scope), _Bucket(capacity, now))
        bucket.tokens = min(capacity, bucket.tokens + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.tokens < 1:
            raise rate_limited(math.ceil((1 - bucket.tokens) / rate))
        bucket.tokens -= 1

    def muted(self, method: str, scope: str, retry_after: int) -> None:
        """Remember that the caller was told to wait."""
        now = time.monotonic()
        self._muted[method, scope] = (now + self.grace, now + retry_after)

    def too_early(self, method: str, channel: str | None) -> float:
        """Seconds by which a call comes before the time it was told to wait for; 0 when it may come."""
        now = time.monotonic()
        early = 0.0
        for scope in ("", channel or "") if self._muted else ():
            since, until = self._muted.get((method, scope), (0.0, 0.0))
            if since < now < until:
                early = max(early, until - now)
        return early


def rate_limited(retry_after: int) -> SlackRefusalError:
    """The refusal of a call above the rate."""
    return SlackRefusalError("ratelimited", status=429, headers={"Retry-After": str(max(1, retry_after))})


class Disturbances:
    """What a test may plan to go wrong.

    Attributes:
        faults: what is planned; ``faults.latency`` delays every answer by that many seconds.
    """

    def __init__(self) -> None:
        self.faults = Faults()
        self.rates = Rates()

    def fail_next(
        self,
        method: str,
        times: int = 1,
        error: str | None = None,
        *,
        status: int | None = None,
        retry_after: int | None = None,
        channel: str | None = None,
    ) -> None:
        """Answer the next calls with a failure, without effect and without it being a violation.

        Args:
            method: a Web API method, or "*" for any.
            times: how many calls.
            error: Slack's error word; without one, a bare HTTP error with a body that is not JSON.
            status: HTTP status; 429 when ``retry_after`` is given, else 200 with an error word and 500 without.
            retry_after: whole seconds in ``Retry-After``; the error word is then ``ratelimited``.
            channel: only calls that name this channel.
        """
        if retry_after is not None:
            error, status = error or "ratelimited", status or 429
        planned = Failure(error, status or (200 if error else 500), retry_after, channel, times)
        self.faults.failures.setdefault(method, []).append(planned)

    def drop_connection_next(
        self, method: str, *, after_accepting: bool = False, times: int = 1, channel: str | None = None
    ) -> None:
        """Cut the connection of the next calls, before they take effect or after."""
        self.faults.drops.setdefault(method, []).append(Drop(after_accepting, channel, times))

    def delay(self, method: str, seconds: float, times: int | None = None) -> None:
        """Answer this method ("*" for any) late, every time or the given times; 0 seconds ends it."""
        self.faults.delays[method] = Delay(seconds, times)

    def enforce_rates(self, *, per_channel: float = 1.0, burst: int = 3) -> None:
        """Answer 429 above Slack's rates: messages per second in one channel, and the tier of each other method."""
        self.rates = Rates(enforced=True, per_channel=per_channel, burst=burst)
