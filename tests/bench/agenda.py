"""The agenda engine: published instances, variants of them, middle and large fairs, and baselines beside it.

``AGENDA_INSTANCES`` names a folder of .dzn files; without it the few that the tests have are measured. Beside the
wall's seconds stand the CPU's, of this process and those that it starts: they tell more where the machine is busy.
"""

import os
import resource
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from handlers.meetings.agenda.agenda import Agenda, Budget, Progress, Status
from handlers.meetings.agenda.checker import check
from handlers.meetings.agenda.packing import Packing
from handlers.meetings.agenda.planner import plan
from handlers.meetings.agenda.problem import Problem
from handlers.meetings.agenda.published import read_published
from tests.bench.agenda_baselines import Baseline, first_fit, highs_alone, in_own_process, one_model
from tests.bench.agenda_fairs import LARGE, MIDDLE, Size, fair
from tests.bench.agenda_published import OPTIMA, PUBLISHED_SECONDS, variants
from tests.bench.tables import Table, progress

INSTANCES = Path(__file__).parent.parent / "data" / "b2b"
FOLDER = "AGENDA_INSTANCES"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured.

    Fairs of each kind, whether variants of each published instance, and seconds for an instance, a middle fair and a
    large one.
    """

    seeds: int
    with_variants: bool
    instance_seconds: float
    middle_seconds: float
    large_seconds: float


FULL = Extent(seeds=10, with_variants=True, instance_seconds=60.0, middle_seconds=60.0, large_seconds=120.0)
QUICK = Extent(seeds=1, with_variants=False, instance_seconds=20.0, middle_seconds=15.0, large_seconds=30.0)


@dataclass(frozen=True, slots=True)
class Planned:
    """An answer that the checker passed, and when things were known (seconds, None: not)."""

    agenda: Agenda
    seconds: float
    cpu_seconds: float
    first_held: int
    first_at: float
    count_proved_at: float | None


def cpu_seconds() -> float:
    """Of this process and those that it started and that ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def planned(problem: Problem, seconds: float) -> Planned:
    """Plan and check."""
    told: list[Progress] = []
    cpu, began = cpu_seconds(), time.perf_counter()
    agenda = plan(problem, budget=Budget(seconds=seconds), on_progress=told.append)
    spent, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    violations = check(problem, agenda)
    if violations:
        raise AssertionError(f"the checker does not pass it: {violations[0]}")
    first = next((one for one in told if one.best is not None), None)
    proved = next((one.seconds for one in told if one.best is not None and one.held == one.held_bound), None)
    return Planned(
        agenda, spent, cpu, 0 if first is None else first.held or 0, spent if first is None else first.seconds, proved
    )


async def measure(_folder: Path, *, extent: Extent) -> list[Table]:
    """All figures."""
    fairs = [
        (size, in_stretches, seconds, extent.seeds if size is MIDDLE else min(extent.seeds, 3))
        for size, seconds in ((MIDDLE, extent.middle_seconds), (LARGE, extent.large_seconds))
        for in_stretches in (False, True)
    ]
    return [
        *_instances(extent),
        *(_fairs(size, seeds, in_stretches=one, seconds=seconds) for size, one, seconds, seeds in fairs),
        _side_by_side(extent),
    ]


def _instances(extent: Extent) -> list[Table]:
    paths = sorted(Path(os.environ.get(FOLDER, INSTANCES)).glob("*.dzn"))
    originals = Table(
        "The published fairs, fairness 2",
        ["instance", "optimum", "breaks", "bound", "MaxSAT s", "Chuffed s", "CPLEX s", "here s", "here CPU s"],
    )
    others = Table("Variants of them", ["instance", "status", "breaks", "bound", "seconds", "CPU seconds"])
    total, total_cpu, right = 0.0, 0.0, 0
    rest: list[Planned] = []
    for path in paths:
        name, _, variant = path.stem.partition(".")
        problem = read_published(path.read_text())
        if variant == "original":
            progress(f"agenda: {path.stem}")
            one = planned(problem, extent.instance_seconds)
            total, total_cpu = total + one.seconds, total_cpu + one.cpu_seconds
            right += one.agenda.status is Status.OPTIMAL and one.agenda.breaks == OPTIMA.get(name)
            originals.rows.append(
                [
                    name,
                    _shown(OPTIMA.get(name)),
                    _shown(one.agenda.breaks),
                    _shown(one.agenda.breaks_bound),
                    *PUBLISHED_SECONDS.get(name, ("–", "–", "–")),
                    f"{one.seconds:.2f}",
                    f"{one.cpu_seconds:.2f}",
                ]
            )
            made = variants(name, problem) if extent.with_variants else {}
        else:
            made = {path.stem: problem}
        for label, other in made.items():
            progress(f"agenda: {label}")
            rest.append(planned(other, extent.instance_seconds))
            others.rows.append([label, *_outcome(rest[-1])])
    originals.note(
        f"{right} of {len(originals.rows)} proved at the published optimum, in {total:.1f} s, {total_cpu:.1f} CPU s."
    )
    decided = sum(one.agenda.status in (Status.OPTIMAL, Status.INFEASIBLE) for one in rest)
    others.note(
        f"{decided} of {len(rest)} decided, in {sum(one.seconds for one in rest):.1f} s, "
        f"{sum(one.cpu_seconds for one in rest):.1f} CPU s."
    )
    return [originals, others]


def _outcome(one: Planned) -> list[str]:
    return [
        one.agenda.status.value,
        _shown(one.agenda.breaks),
        _shown(one.agenda.breaks_bound),
        f"{one.seconds:.2f}",
        f"{one.cpu_seconds:.2f}",
    ]


def _shown(value: int | None) -> str:
    return "–" if value is None else str(value)


def _fairs(size: Size, seeds: int, *, in_stretches: bool, seconds: float) -> Table:
    how = "away in stretches" if in_stretches else "away at scattered times"
    table = Table(
        f"{size}; {how}",
        ["fair", "first held", "after s", "held", "bound", "proved after s", "breaks", "bound", "seconds", "CPU s"],
    )
    proved: list[float] = []
    for seed in range(1, seeds + 1):
        progress(f"agenda: {size}, {how}, fair {seed} of {seeds}")
        one = planned(fair(size, seed, in_stretches=in_stretches), seconds)
        agenda = one.agenda
        proved.append(float("inf") if one.count_proved_at is None else one.count_proved_at)
        table.rows.append(
            [
                str(seed),
                str(one.first_held),
                f"{one.first_at:.2f}",
                str(agenda.held),
                _shown(agenda.held_bound),
                "–" if one.count_proved_at is None else f"{one.count_proved_at:.2f}",
                _shown(agenda.breaks),
                _shown(agenda.breaks_bound),
                f"{one.seconds:.1f}",
                f"{one.cpu_seconds:.1f}",
            ]
        )
    table.note(f"The count was proved after {statistics.median(proved):.2f} s at the median.")
    return table


def _side_by_side(extent: Extent) -> Table:
    seconds = extent.middle_seconds
    table = Table(f"Side by side: {MIDDLE}", ["", "held", "breaks", "seconds", "proved"])
    for in_stretches in (False, True):
        problem = fair(MIDDLE, 1, in_stretches=in_stretches)
        packing = Packing(problem)
        mine = planned(problem, seconds)
        rivals: dict[str, Baseline] = {
            "this engine": Baseline(
                mine.agenda.held, mine.agenda.breaks, mine.seconds, mine.count_proved_at is not None
            ),
            "first fit": first_fit(packing),
            "one CP-SAT model": in_own_process(one_model, problem, seconds),
            "HiGHS alone": in_own_process(highs_alone, problem, seconds),
        }
        kind = "stretches" if in_stretches else "scattered"
        for name, one in rivals.items():
            table.rows.append(
                [
                    f"{name}, {kind}",
                    _shown(one.held),
                    _shown(one.breaks),
                    f"{one.seconds:.1f}",
                    "count" if one.proved else "no",
                ]
            )
    table.note("HiGHS is asked for the count alone; of this engine the count is what “proved” speaks of, too.")
    return table
