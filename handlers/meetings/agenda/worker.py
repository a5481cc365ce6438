"""Planning in a process of its own, so that whoever asked goes on answering others meanwhile.

The process is spawned afresh for each task: solvers share libraries that do not always live together in one process,
and what one of them holds in memory ends with it. It stops when told, with the best it has, and dies with its parent.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as StopSignal

from handlers.meetings.agenda.agenda import Agenda, Aim, Budget, Change, OnProgress, Progress, Status
from handlers.meetings.agenda.problem import Fault, FaultyProblemError, Problem

ORPHANED = 3
"""Exit code of a worker whose parent is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTask:
    """Plan the problem from nothing."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanTask:
    """Plan again after changes; see ``replan``."""

    problem: Problem
    agenda: Agenda
    changes: Sequence[Change]
    now: datetime | None = None


Task = PlanTask | ReplanTask


class WorkerError(RuntimeError):
    """The process ended without an answer; the message says what it left behind."""


@dataclass(frozen=True, slots=True)
class _Refused:
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class _Failed:
    trace: str


_Message = Progress | Agenda | _Refused | _Failed


async def work(
    task: Task, *, seconds: float, on_progress: OnProgress | None = None, stop: asyncio.Event | None = None
) -> Agenda:
    """Do the task in a process of its own and give its answer.

    ``seconds`` are the planner's; starting the process adds about one. ``on_progress`` is called in the event loop.
    Setting ``stop`` asks for the best so far. Cancelling this coroutine ends the process at once, without an answer.

    Raises FaultyProblemError when the task makes no sense, WorkerError when the process fails.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    stopping = context.Event()
    process = context.Process(target=_main, args=(there, stopping, task, seconds), name="agenda", daemon=True)
    with _interrupts_later():
        process.start()
    # Ours only once the child has its own: when it ends, reading ends.
    there.close()
    loop = asyncio.get_running_loop()
    messages: asyncio.Queue[_Message | None] = asyncio.Queue()

    def receive() -> None:
        try:
            while True:
                loop.call_soon_threadsafe(messages.put_nowait, here.recv())
        except (EOFError, OSError):
            loop.call_soon_threadsafe(messages.put_nowait, None)

    reader = threading.Thread(target=receive, name="agenda-progress", daemon=True)
    reader.start()
    waiting = None if stop is None else asyncio.create_task(_pass_on(stop, stopping))
    try:
        return await _answer(messages, on_progress, process)
    finally:
        if waiting is not None:
            waiting.cancel()
        process.kill()
        await asyncio.to_thread(process.join)
        await asyncio.to_thread(reader.join)
        here.close()


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


async def _pass_on(stop: asyncio.Event, stopping: StopSignal) -> None:
    await stop.wait()
    stopping.set()


async def _answer(
    messages: "asyncio.Queue[_Message | None]",
    on_progress: OnProgress | None,
    process: "multiprocessing.context.SpawnProcess",
) -> Agenda:
    while True:
        match await messages.get():
            case Agenda() as agenda:
                return agenda
            case Progress() as progress:
                if on_progress is not None:
                    on_progress(progress)
            case _Refused(faults):
                raise FaultyProblemError(faults)
            case _Failed(trace):
                raise WorkerError(f"The planner failed:\n{trace}")
            case None:
                await asyncio.to_thread(process.join)
                raise WorkerError(f"The planner's process ended without an answer, with code {process.exitcode}.")


def _main(answers: Connection, stopping: StopSignal, task: Task, seconds: float) -> None:
    """What the process does."""
    # Ctrl-C reaches every process of the terminal; here it is the parent who says when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_die_with_parent, name="parent", daemon=True).start()
    budget = Budget(seconds=seconds, cancelled=stopping.is_set)
    message: _Message
    try:
        message = _do(task, budget, answers.send)
    except FaultyProblemError as error:
        message = _Refused(error.faults)
    except Exception:  # noqa: BLE001  (whatever it is, the parent has to hear of it)
        message = _Failed(traceback.format_exc())
    answers.send(message)
    answers.close()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(ORPHANED)


def _do(task: Task, budget: Budget, on_progress: OnProgress) -> Agenda:
    from handlers.meetings.agenda.replan import replan

    match task:
        case PlanTask():
            nothing = Agenda(status=Status.FEASIBLE)
            agenda = replan(task.problem, nothing, (), budget=budget, on_progress=on_progress)
            return _from_nothing(task.problem, agenda)
        case ReplanTask():
            return replan(task.problem, task.agenda, task.changes, budget=budget, on_progress=on_progress, now=task.now)


def _from_nothing(problem: Problem, agenda: Agenda) -> Agenda:
    """The agenda without the aims of re-planning; or none where all requests have to be held and are not."""
    if problem.rules.hold_all and agenda.not_held:
        proved = agenda.held_bound is not None and agenda.held_bound < len(problem.requests)
        status = Status.INFEASIBLE if proved else Status.UNDECIDED
        return Agenda(status=status, held_bound=agenda.held_bound, seconds=agenda.seconds, planner=agenda.planner)
    aims = tuple(one for one in agenda.objectives if one.aim not in (Aim.MOVES, Aim.TABLE_CHANGES))
    return replace(agenda, objectives=aims)
