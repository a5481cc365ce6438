"""Planning in a process of its own: its answer, its progress, its end."""

import asyncio
import multiprocessing
import random
from typing import Any, cast

import pytest

from handlers.meetings.agenda.agenda import Agenda, PersonCancels, Progress, Status
from handlers.meetings.agenda.checker import check
from handlers.meetings.agenda.problem import FaultyProblemError, Person, Problem, Request, Slot, Table
from handlers.meetings.agenda.worker import WorkerDiedError, plan_in_worker, replan_in_worker

LONG = 300.0
"""Seconds that no test waits for."""


def fair(people: int, requests: int, slots: int, tables: int) -> Problem:
    """People and wishes drawn by lot, the same each time."""
    lot = random.Random(7)
    pairs = [(one, other) for one in range(people) for other in range(one)]
    return Problem(
        slots=tuple(Slot(id=f"t{slot}") for slot in range(slots)),
        people=tuple(
            Person(id=f"p{one}", unavailable=frozenset(f"t{slot}" for slot in range(slots) if lot.random() < 0.2))
            for one in range(people)
        ),
        tables=tuple(Table(id=str(table)) for table in range(tables)),
        requests=tuple(
            Request(id=f"m{number}", participants=(f"p{one}", f"p{other}"))
            for number, (one, other) in enumerate(lot.sample(pairs, requests))
        ),
    )


SMALL, LARGE = fair(8, 12, 5, 3), fair(200, 1000, 24, 60)


async def test_an_answer_comes_with_progress_and_others_go_on_meanwhile() -> None:
    seen: list[Progress] = []
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    busy = asyncio.create_task(others())
    agenda = await plan_in_worker(SMALL, seconds=LONG, on_progress=seen.append)
    busy.cancel()
    assert agenda.status is Status.OPTIMAL
    assert check(SMALL, agenda) == []
    assert seen
    assert turns > 3
    assert multiprocessing.active_children() == []


async def test_whoever_stops_it_gets_the_best_so_far() -> None:
    stop = asyncio.Event()

    def enough(progress: Progress) -> None:
        if progress.held:
            stop.set()

    agenda = await plan_in_worker(LARGE, seconds=LONG, on_progress=enough, stop=stop)
    assert agenda.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert check(LARGE, agenda) == []
    assert agenda.held > 900


async def test_whoever_cancels_it_leaves_no_process_behind() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(plan_in_worker(LARGE, seconds=LONG, on_progress=lambda _: started.set()))
    await started.wait()
    assert len(multiprocessing.active_children()) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert multiprocessing.active_children() == []


async def test_changes_that_make_no_sense_are_refused_as_without_the_process() -> None:
    nothing, change = Agenda(status=Status.FEASIBLE), PersonCancels(person="zoe")
    with pytest.raises(FaultyProblemError) as refused:
        await replan_in_worker(SMALL, nothing, change, seconds=LONG)
    assert [fault.part for fault in refused.value.faults] == ["changes"]
    assert "zoe" in str(refused.value.faults[0])


async def test_a_failure_is_told() -> None:
    with pytest.raises(WorkerDiedError, match=r"The planner failed:(.|\n)*Traceback"):
        await plan_in_worker(cast("Any", "no problem at all"), seconds=LONG)


async def test_a_process_that_is_killed_without_an_answer_is_noticed() -> None:
    def kill() -> None:
        for child in multiprocessing.active_children():
            child.kill()

    task = asyncio.create_task(plan_in_worker(LARGE, seconds=LONG))
    # The task starts the process in its first turn, long before the process can answer.
    asyncio.get_running_loop().call_later(0, kill)
    with pytest.raises(WorkerDiedError):
        await task
