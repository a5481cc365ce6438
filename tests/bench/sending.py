"""Figure 2: sending through the outbox, one commit a message, against a bare loop that sends the very same messages."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import Contestant, Turn, cpu_seconds, rounds
from tests.bench.postgres import cluster
from tests.bench.processes import Json, Worker
from tests.bench.tables import Table, milliseconds, per_second, progress, times

SQLITE, POSTGRESQL = "outbox on SQLite", "outbox on PostgreSQL"
BARE = {"httpx": "bare loop, httpx", "aiohttp": "bare loop, aiohttp"}
IN_FLIGHT = (1, 8, 64)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: most turns, messages in a turn, seconds for all turns."""

    turns: int
    messages: int
    seconds: float


FULL = Extent(turns=7, messages=200, seconds=70)
QUICK = Extent(turns=2, messages=100, seconds=15)


@dataclass(slots=True)
class Side:
    """A contestant's process and its place on the far side."""

    worker: Worker
    server: int
    ids: list[int]


class Contest:
    """All contestants, open."""

    def __init__(self, far_side: Worker) -> None:
        self.far_side = far_side
        self.outboxes: dict[tuple[str, int], Side] = {}
        self.loops: dict[str, Side] = {}
        self.message: Json = {}

    async def open(self, stack: AsyncExitStack, folder: Path, messages: int) -> None:
        """Start everybody and let each warm up."""
        server = await stack.enter_async_context(cluster(folder))
        for in_flight in IN_FLIGHT:
            stores = {
                SQLITE: f"sqlite:///{folder / f'sending-{in_flight}.sqlite3'}",
                POSTGRESQL: await server.create(f"sending_{in_flight}"),
            }
            for name, url in stores.items():
                more = ("--database", url, "--in-flight", str(in_flight))
                side = await self._side(stack, "tests.bench.program", more, messages)
                await side.worker.ask("members", ids=side.ids)
                self.outboxes[name, in_flight] = side
                await self.queue(side, side.ids[:50])
        first = self.outboxes[SQLITE, IN_FLIGHT[0]]
        self.message = (await self.far_side.ask("received", server=first.server))["newest"]
        for transport, name in BARE.items():
            side = await self._side(stack, "tests.bench.bare_bot", ("--transport", transport), messages)
            self.loops[name] = side
            await self.loop(side, side.ids[:50], max(IN_FLIGHT))

    async def _side(self, stack: AsyncExitStack, module: str, more: tuple[str, ...], messages: int) -> Side:
        place = await self.far_side.ask("open")
        address = ("--base-url", place["base_url"], "--token", place["token"])
        worker = await stack.enter_async_context(await Worker.start(module, *address, *more))
        ids = (await self.far_side.ask("people", server=place["server"], count=messages))["ids"]
        return Side(worker, place["server"], ids)

    async def queue(self, side: Side, ids: list[int]) -> Turn:
        """Queue a notice for each of these people; measured from the queue's commit to the last one marked as sent."""
        before = await self.far_side.ask("received", server=side.server)
        cpu = cpu_seconds(side.worker.pid)
        told = await side.worker.ask("send", ids=ids)
        cpu = cpu_seconds(side.worker.pid) - cpu
        after = await self.far_side.ask("received", server=side.server)
        came = after["messages"] - before["messages"]
        if not (told["queued"] == came == len(ids)) or told["not_sent"] or after["violations"]:
            raise RuntimeError(f"{came} of {len(ids)} messages came; {told}; refused: {after['violations'][:3]}")
        return Turn(len(ids), told["ended"] - told["began"], cpu)

    async def loop(self, side: Side, ids: list[int], in_flight: int) -> Turn:
        """Send the same message to each of these people."""
        cpu = cpu_seconds(side.worker.pid)
        told = await side.worker.ask("send", chats=ids, message=self.message, in_flight=in_flight)
        return Turn(len(ids), told["ended"] - told["began"], cpu_seconds(side.worker.pid) - cpu)


async def measure(folder: Path, extent: Extent, *, profile: bool = False) -> list[Table]:
    """Let the contestants take turns and return a table for each number of calls in flight."""
    names = (SQLITE, POSTGRESQL, *BARE.values())
    found = {in_flight: {name: Contestant(name) for name in names} for in_flight in IN_FLIGHT}
    async with AsyncExitStack() as stack:
        far_side = await stack.enter_async_context(await Worker.start("tests.bench.far_side"))
        contest = Contest(far_side)
        await contest.open(stack, folder, extent.messages)
        for number in rounds(extent.turns, extent.seconds):
            progress(f"sending: turn {number + 1}")
            for in_flight, contestants in found.items():
                for name in (SQLITE, POSTGRESQL):
                    side = contest.outboxes[name, in_flight]
                    contestants[name].turns.append(await contest.queue(side, side.ids))
                for name, side in contest.loops.items():
                    contestants[name].turns.append(await contest.loop(side, side.ids, in_flight))
        if profile:
            ours = contest.outboxes[SQLITE, max(IN_FLIGHT)]
            await ours.worker.ask("profile")
            await contest.queue(ours, ours.ids)
            progress((await ours.worker.ask("profile"))["report"])
    return [_table(in_flight, extent, contestants) for in_flight, contestants in found.items()]


def _table(in_flight: int, extent: Extent, found: dict[str, Contestant]) -> Table:
    outboxes = [found[SQLITE], found[POSTGRESQL]]
    table = Table(
        f"Sending, {in_flight} in flight",
        ("", "messages/s", "CPU ms each", *(f"{one.name} / it" for one in outboxes)),
    )
    table.note(
        f"{len(outboxes[0].turns)} turns of {extent.messages} messages each, in alternation; the outbox claims, draws "
        "each message from the store, sends it and commits that it was sent."
    )
    for name, one in found.items():
        ratios = ("", "") if one in outboxes else tuple(times(each.rate_against(one)) for each in outboxes)
        table.rows.append((name, per_second(one.rate), milliseconds(one.cpu_seconds_each), *ratios))
    return table
