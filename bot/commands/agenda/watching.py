"""Watching the planner from a terminal: a progress bar on the standard error, and Ctrl-C for the best so far."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from handlers.meetings.agenda.agenda import Agenda, Aim, OnProgress, Progress

STAGES: dict[Aim | None, str] = {
    None: "A first agenda",
    Aim.HOLD_FIXED: "What is fixed",
    Aim.HOLD_MUST: "What must be",
    Aim.HOLD_WANT: "As many as can be",
    Aim.MOVES: "As few moves as can be",
    Aim.TABLE_CHANGES: "The same tables",
    Aim.BREAKS: "The fewest breaks",
    Aim.FAIRNESS: "Fairness",
    Aim.PREFERENCES: "Preferences",
}
INTERRUPTED = 130
"""What a shell calls a program that Ctrl-C ended."""

Work = Callable[[OnProgress, asyncio.Event], Coroutine[Any, Any, Agenda]]
"""Plans, reports, and answers with the best it has soon after the event is set."""


def watch(work: Work, *, seconds: float) -> Agenda:
    """Do the work while showing how far it is; ``seconds`` is how long it may take.

    The first Ctrl-C asks it for its best; the second one ends the program with code 130.
    """
    console = Console(stderr=True)
    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        return asyncio.run(_watched(work, _Shown(bar, bar.add_task(STAGES[None], total=seconds, told=""), console)))


class _Shown:
    """The bar's one line: the stage, the time, and the figures so far with their bounds."""

    def __init__(self, bar: Bar, task: TaskID, console: Console) -> None:
        self._bar, self._task, self._console = bar, task, console

    def progress(self, now: Progress) -> None:
        figures = [
            f"{name} {value}" + ("" if bound is None else f" (bound {bound})")
            for name, value, bound in (
                ("held", now.held, now.held_bound),
                ("breaks", now.breaks, now.breaks_bound),
            )
            if value is not None
        ]
        self._bar.update(self._task, completed=now.seconds, description=STAGES[now.stage], told=" · ".join(figures))

    def stopping(self) -> None:
        self._console.print("Stopping with the best so far; Ctrl-C again gives up.")


async def _watched(work: Work, shown: _Shown) -> Agenda:
    stop = asyncio.Event()
    task = asyncio.create_task(work(shown.progress, stop))

    def interrupted() -> None:
        if stop.is_set():
            task.cancel()
        else:
            stop.set()
            shown.stopping()

    with _on_interrupt(interrupted):
        try:
            return await task
        except asyncio.CancelledError:
            if stop.is_set():
                raise SystemExit(INTERRUPTED) from None
            raise


@contextmanager
def _on_interrupt(interrupted: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C calls that, in the event loop, instead of raising KeyboardInterrupt anywhere."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    # Not the loop's own handlers: Windows has none.
    signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(interrupted))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
