"""Figure 3 at its whole length: a broadcast to a large community, at the documented limits and as fast as it goes."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.broadcast import WIDE, Place, our_program, outcome
from tests.bench.measure import cpu_seconds
from tests.bench.postgres import cluster
from tests.bench.processes import Worker
from tests.bench.tables import Table, milliseconds, per_second, progress


@dataclass(frozen=True, slots=True)
class Extent:
    """How many people get it: at the documented limits, with paid broadcasts, and without limits."""

    limited: int
    paid: int
    unlimited: int


FULL = Extent(limited=10_000, paid=10_000, unlimited=5_000)
QUICK = Extent(limited=300, paid=2_000, unlimited=1_000)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the far side enforces, and the program's settings."""

    name: str
    people: int
    limits: bool
    arguments: tuple[str, ...]


async def measure(folder: Path, *, extent: Extent) -> list[Table]:
    """Each setting on both databases, which take turns but for the documented limits: there nobody is short of time."""
    limited = Setting("30 a second enforced", extent.limited, limits=True, arguments=("--limits",))
    paid = Setting("paid, 1,000 a second enforced", extent.paid, limits=True, arguments=(*WIDE, "--paid"))
    unlimited = Setting("nothing enforced", extent.unlimited, limits=False, arguments=WIDE)
    table = Table(
        "Broadcasts at their whole length",
        ("", "people", "s", "messages/s", "of 30 a second", "429s", "lost", "repeated", "CPU ms each"),
    )
    table.note(
        "The paid ones and those without limits have 64 calls in flight: a kill leaves at most so many in doubt."
    )
    async with AsyncExitStack() as stack:
        far_side = await stack.enter_async_context(await Worker.start("tests.bench.far_side"))
        server = await stack.enter_async_context(cluster(folder))

        async def one(setting: Setting, store: str) -> tuple[str, ...]:
            name = f"{setting.name.partition(',')[0].replace(' ', '_')}_{store.lower()}"
            url = f"sqlite:///{folder / name}.sqlite3" if store == "SQLite" else await server.create(name)
            return await _run(far_side, setting, store, url)

        progress(f"30 a second to {extent.limited:,} people on both databases, side by side")
        table.rows += await asyncio.gather(*(one(limited, store) for store in ("SQLite", "PostgreSQL")))
        for setting in (paid, unlimited):
            for store in ("SQLite", "PostgreSQL"):
                progress(f"{setting.name}, to {setting.people:,} people: {store}")
                table.rows.append(await one(setting, store))
    return [table]


async def _run(far_side: Worker, setting: Setting, store: str, url: str) -> tuple[str, ...]:
    place = await Place.make(far_side, setting.people, limits=setting.limits)
    async with our_program(place, url, *setting.arguments) as worker:
        cpu = cpu_seconds(worker.pid)
        await worker.ask("broadcast", ids=place.ids)
        await worker.ask("settle", look_every=0.1)
        cpu = cpu_seconds(worker.pid) - cpu
    arrivals = await place.arrivals()
    rate = (setting.people - 1) / (arrivals["times"][-1] - arrivals["times"][0])
    seconds, share, refused, lost, repeated = outcome(arrivals)
    of_limit = share if "--limits" in setting.arguments else ""
    cost = milliseconds(cpu / setting.people)
    return (
        f"{setting.name}, {store}",
        f"{setting.people:,}",
        seconds,
        per_second(rate),
        of_limit,
        refused,
        lost,
        repeated,
        cost,
    )
