"""Whether a platform answers at all, found out without risking a message."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.platforms.base import Failure, SendError
from storage.enums import Platform

log = logging.getLogger(__name__)

SUSPICIOUS_AFTER = 3
"""Calls that fail one after the other, with no answer in between, before the platform itself is asked."""
ASK_EVERY = (1.0, 2.0, 5.0)
"""Seconds until it is asked again, the last one over and over: by so much the first message comes after its return."""
PATIENCE_SECONDS = 5.0
"""How long its answer may take; the program can be stopped meanwhile, which must not take long."""


class Reachability:
    """Keeps the queue from being tried against a platform that is away.

    Each try would cost a row an attempt and push its next one minutes off, so that it came long after the platform was
    back; and where the connection is made and no answer comes, each announcement tried would end in doubt. So after a
    few failures in a row the platform is asked something harmless, and while it does not answer nothing is sent. Where
    it does answer, the failures were about those messages, which have their own backoff.

    Args:
        platform: for the log.
        ask: a call that changes nothing; raises SendError.
        now: monotonic seconds.
    """

    def __init__(
        self, platform: Platform, ask: Callable[[], Awaitable[None]], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._platform = platform
        self._ask = ask
        self._now = now
        self._failures = 0
        self._asked = 0
        self._ask_at = 0.0
        self._away_since: float | None = None

    @property
    def away(self) -> bool:
        """Whether it was asked and did not answer."""
        return self._away_since is not None

    def failed(self) -> None:
        """A call failed for want of an answer, or with the platform's own trouble."""
        self._failures += 1

    def answered(self) -> None:
        """It said something, if only no."""
        if self._away_since is not None:
            log.warning(
                "the platform answers again",
                extra={"platform": self._platform, "seconds": round(self._now() - self._away_since)},
            )
        self._failures, self._asked, self._away_since = 0, 0, None

    async def pause(self) -> float:
        """Seconds in which nothing should be sent; 0 where there is no reason to think so. Asks when it is time to."""
        if self._failures < SUSPICIOUS_AFTER:
            return 0.0
        wait = self._ask_at - self._now() if self.away else 0.0
        if wait > 0:
            return wait
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._ask()
        except (SendError, TimeoutError) as error:
            if not isinstance(error, SendError) or error.failure in {Failure.TEMPORARY, Failure.IN_DOUBT}:
                return self._still_away()
        self.answered()
        return 0.0

    def _still_away(self) -> float:
        if self._away_since is None:
            log.warning("the platform does not answer; messages wait until it does", extra={"platform": self._platform})
            self._away_since = self._now()
        pause = ASK_EVERY[min(self._asked, len(ASK_EVERY) - 1)]
        self._asked += 1
        self._ask_at = self._now() + pause
        return pause
