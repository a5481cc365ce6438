"""Waiting until something on the server has become true, without sleeping in a loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

RECHECK_SECONDS = 0.25
"""A predicate may look at what the server cannot see, such as a database; it is asked again this often."""


class Changes:
    """Wakes those who wait whenever the server's state has changed."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def notify(self) -> None:
        """Say that something changed."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def next(self, seconds: float) -> None:
        """Return at the next change, or after this many seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)

        def wake() -> None:
            if not future.done():
                future.set_result(None)

        timer = asyncio.get_running_loop().call_later(seconds, wake)
        try:
            await future
        finally:
            timer.cancel()
            if future in self._waiting:
                self._waiting.remove(future)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109 - told in the error
        """What the predicate returns, once it is true; an AssertionError or LookupError in it means "not yet".

        Raises:
            TimeoutError: not within `timeout` seconds; the last objection is its cause.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while True:
            objection: Exception | None = None
            try:
                value = predicate()
            except (AssertionError, LookupError) as error:
                objection = error
            else:
                if value:
                    return value
            left = end - loop.time()
            if left <= 0:
                said = f": {objection}" if objection else ""
                raise TimeoutError(f"not true within {timeout} s{said}") from objection
            await self.next(min(left, RECHECK_SECONDS))
