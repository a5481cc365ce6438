"""The clock, injected wherever "now" matters, so that tests and the demo can move it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present, aware and in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that starts at a given moment, runs on, and can be moved forward; for the demo and for tests.

    Args:
        start: aware; where the clock stands at first.
        running: whether time passes by itself.
    """

    def __init__(self, start: datetime, *, running: bool = True) -> None:
        self._base = start.astimezone(UTC)
        self._running = running
        self._since = datetime.now(UTC)

    def now(self) -> datetime:
        """The present, aware and in UTC."""
        return self._base + (datetime.now(UTC) - self._since) if self._running else self._base

    def advance(self, by: timedelta) -> None:
        """Move forward.

        Raises:
            ValueError: ``by`` is negative: what was sent cannot be taken back.
        """
        if by < timedelta(0):
            raise ValueError("this clock goes forward only")
        self._base = self.now() + by
        self._since = datetime.now(UTC)

    def to(self, moment: datetime) -> None:
        """Move forward to a moment.

        Raises:
            ValueError: it is in the past.
        """
        self.advance(moment.astimezone(UTC) - self.now())
