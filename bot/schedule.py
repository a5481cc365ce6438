"""The ticks: what is looked at again and again, and how often. The only file that imports APScheduler.

A tick asks the database what is due, so a moved event needs no rescheduling and a missed tick does no harm. No tick
is set to a time of day: days with 23 or 25 hours have no hour to miss or repeat.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import metrics

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """Work that is done every so many seconds; it returns how many things it found to do."""

    name: str
    seconds: int
    work: Callable[[], Awaitable[int]]


class Schedule:
    """Runs the ticks until it is stopped.

    Args:
        ticks: all of them.
        found: called when a tick has queued something.
    """

    def __init__(self, ticks: Sequence[Tick], *, found: Callable[[], None]) -> None:
        self._ticks = ticks
        self._found = found
        # Late is better than never (no grace time), one catch-up is enough, and a tick never overtakes itself.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        for tick in ticks:
            self._scheduler.add_job(self._run, IntervalTrigger(seconds=tick.seconds), args=(tick,), id=tick.name)
        self._running = 0

    def start(self) -> None:
        """Begin; the first ticks come after their interval."""
        self._scheduler.start()

    async def run_all(self) -> int:
        """Every tick once, now: after the clock was moved, and at the start. Returns what they found."""
        return sum([await self._run(tick) for tick in self._ticks])

    @property
    def idle(self) -> bool:
        """Whether no tick is at work."""
        return self._running == 0

    def stop(self) -> None:
        """Start no further tick; what runs goes on."""
        if self._scheduler.running:
            self._scheduler.pause()

    def close(self) -> None:
        """Let go of the scheduler. Whatever still runs is cancelled by that: APScheduler cannot wait in a coroutine."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self, tick: Tick) -> int:
        self._running += 1
        try:
            found = await tick.work()
        except Exception:
            metrics.job_failures.labels(tick.name).inc()
            log.exception("tick failed; it comes again", extra={"tick": tick.name})
            return 0
        finally:
            self._running -= 1
        if found:
            metrics.jobs.labels(tick.name).inc(found)
            self._found()
        return found

    def _failed(self, event: JobExecutionEvent) -> None:
        log.error("tick could not run", extra={"tick": event.job_id, "error": repr(event.exception)})
