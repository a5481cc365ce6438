"""Planning in a process of its own, so that whoever asked can go on answering others meanwhile.

The process reports progress through a pipe. It is asked to stop through an event and then answers with its best; when
it does not within a moment it is killed, and the best agenda that it has reported is the answer.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

from handlers.meetings.agenda.agenda import Agenda, Budget, Change, OnProgress, Progress
from handlers.meetings.agenda.problem import Fault, FaultyProblemError, Problem

GRACE_SECONDS = 3.0
"""How long an answer may take after the budget is used up or somebody said stop."""
LOOK_SECONDS = 0.02
ORPHANED = 3
"""Exit code of a worker whose parent is gone."""


class WorkerDiedError(RuntimeError):
    """The process failed, or ended without having reported any agenda; the message says what it left behind."""


@dataclass(frozen=True, slots=True)
class _Refused:
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class _Failed:
    trace: str


async def plan_in_worker(
    problem: Problem,
    *,
    seconds: float = 60.0,
    on_progress: OnProgress | None = None,
    stop: asyncio.Event | None = None,
) -> Agenda:
    """Like ``planner.plan``, in another process. Setting ``stop`` asks for the best so far.

    Cancelling the task ends the process. Raises FaultyProblemError and WorkerDiedError.
    """
    return await _in_worker(_plan, (problem,), seconds, on_progress, stop)


async def replan_in_worker(
    problem: Problem,
    agenda: Agenda,
    change: Change | Sequence[Change],
    *,
    seconds: float = 2.0,
    now: datetime | None = None,
    on_progress: OnProgress | None = None,
    stop: asyncio.Event | None = None,
) -> Agenda:
    """Like ``replan.replan``, in another process, with the same rules as ``plan_in_worker``."""
    return await _in_worker(_replan, (problem, agenda, change, now), seconds, on_progress, stop)


def _plan(arguments: tuple[Problem], budget: Budget, on_progress: OnProgress) -> Agenda:
    from handlers.meetings.agenda.planner import plan

    return plan(arguments[0], budget=budget, on_progress=on_progress)


def _replan(
    arguments: tuple[Problem, Agenda, Change | Sequence[Change], datetime | None],
    budget: Budget,
    on_progress: OnProgress,
) -> Agenda:
    from handlers.meetings.agenda.replan import replan

    problem, agenda, change, now = arguments
    return replan(problem, agenda, change, budget=budget, on_progress=on_progress, now=now)


def _serve(
    work: Callable[..., Agenda], arguments: tuple[object, ...], seconds: float, pipe: Connection, stop: Event
) -> None:
    """The process."""
    # Ctrl-C reaches every process of the terminal; here it is the parent who says when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_die_with_parent, name="parent", daemon=True).start()
    try:
        pipe.send(work(arguments, Budget(seconds=seconds, cancelled=stop.is_set), pipe.send))
    except FaultyProblemError as error:
        pipe.send(_Refused(error.faults))
    except Exception:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        pipe.send(_Failed(traceback.format_exc()))


def _die_with_parent() -> None:
    """Searching processes notice at their next slice that nobody listens any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(ORPHANED)


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Ctrl-C waits until the process has started, which then has it blocked too, until it ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        # On Windows Ctrl-C in the worker's first moments is its end.
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _in_worker(
    work: Callable[..., Agenda],
    arguments: tuple[object, ...],
    seconds: float,
    on_progress: OnProgress | None,
    stop: asyncio.Event | None,
) -> Agenda:
    context = multiprocessing.get_context("spawn")
    told = context.Event()
    pipe, other = context.Pipe(duplex=False)
    # Not a daemon: it has searching processes of its own, which a daemon may not have.
    process = context.Process(target=_serve, args=(work, arguments, seconds, other, told))
    with _interrupts_later():
        process.start()
    other.close()
    try:
        return await _answer(process, pipe, told, seconds, on_progress, stop)
    finally:
        told.set()
        await asyncio.shield(asyncio.to_thread(_end, process))
        pipe.close()


async def _answer(
    process: BaseProcess,
    pipe: Connection,
    told: Event,
    seconds: float,
    on_progress: OnProgress | None,
    stop: asyncio.Event | None,
) -> Agenda:
    best: Agenda | None = None
    deadline = time.monotonic() + seconds + 2 * GRACE_SECONDS
    while time.monotonic() < deadline:
        if stop is not None and stop.is_set() and not told.is_set():
            told.set()
            deadline = min(deadline, time.monotonic() + GRACE_SECONDS)
        if not pipe.poll():
            if not process.is_alive() and not pipe.poll():
                break
            await asyncio.sleep(LOOK_SECONDS)
            continue
        try:
            message = pipe.recv()
        except EOFError:
            break
        if isinstance(message, Agenda):
            return message
        if isinstance(message, _Refused):
            raise FaultyProblemError(message.faults)
        if isinstance(message, _Failed):
            raise WorkerDiedError(f"The planner failed:\n{message.trace}")
        if isinstance(message, Progress):
            best = message.best or best
            if on_progress is not None:
                on_progress(message)
    if best is None:
        raise WorkerDiedError("The planner's process ended without an answer.")
    return best


def _end(process: BaseProcess) -> None:
    """Give it a moment to end by itself, and with it the processes that it started; then kill it."""
    process.join(GRACE_SECONDS)
    if process.is_alive():
        process.terminate()
        process.join(GRACE_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()
