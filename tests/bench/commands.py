"""Figure 1: a full command, against a bare echo.

Ours: the update is stored in the inbox, routed, the store is read, the screen drawn, the reply written to the outbox,
sent and marked as sent. Theirs: the text goes back.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import Contestant, Turn, cpu_seconds, rounds
from tests.bench.processes import Json, Worker
from tests.bench.tables import Table, milliseconds, per_second, progress, times

COMMAND = "/eventi"
OURS = "a full command"
BARE = {"httpx": "bare echo, httpx", "aiohttp": "bare echo, aiohttp"}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured.

    Attributes:
        turns: most turns of each contestant.
        messages: in a turn, by how many people write at a time.
        seconds: time for all turns.
    """

    turns: int
    messages: dict[int, int]
    seconds: float


FULL = Extent(turns=7, messages={1: 200, 64: 512}, seconds=90)
QUICK = Extent(turns=2, messages={1: 100, 64: 320}, seconds=15)


@dataclass(slots=True)
class Side:
    """A contestant's process and its place on the far side."""

    worker: Worker
    server: int
    ids: list[int]
    is_ours: bool


async def _talk(far_side: Worker, side: Side, at_a_time: int, messages: int) -> Turn:
    each = messages // at_a_time
    before = await far_side.ask("received", server=side.server)
    cpu = cpu_seconds(side.worker.pid)
    talk = await far_side.ask("talk", server=side.server, ids=side.ids[:at_a_time], text=COMMAND, times=each)
    ended = talk["ended"]
    if side.is_ours:
        settled = await side.worker.ask("settle")
        ended = max(ended, settled["ended"])
        if settled["not_sent"] or settled["open"]:
            raise RuntimeError(f"not everything was done: {settled}")
    cpu = cpu_seconds(side.worker.pid) - cpu
    after = await far_side.ask("received", server=side.server)
    _check(before, after, each * at_a_time)
    return Turn(each * at_a_time, ended - talk["began"], cpu, talk["latencies"])


def _check(before: Json, after: Json, expected: int) -> None:
    came = after["messages"] - before["messages"]
    if came != expected or after["violations"]:
        raise RuntimeError(f"{came} answers to {expected} messages; refused: {after['violations'][:3]}")


async def _sides(stack: AsyncExitStack, far_side: Worker, folder: Path, people: int) -> dict[str, Side]:
    sides: dict[str, Side] = {}
    for name in (OURS, *BARE.values()):
        place = await far_side.ask("open")
        address = ("--base-url", place["base_url"], "--token", place["token"])
        is_ours = name == OURS
        if is_ours:
            store = f"sqlite:///{folder / 'commands.sqlite3'}"
            worker = await Worker.start("tests.bench.program", *address, "--database", store)
        else:
            transport = next(key for key, value in BARE.items() if value == name)
            worker = await Worker.start("tests.bench.bare_bot", *address, "--transport", transport)
        await stack.enter_async_context(worker)
        ids = (await far_side.ask("people", server=place["server"], count=people))["ids"]
        if is_ours:
            await worker.ask("members", ids=ids)
        sides[name] = Side(worker, place["server"], ids, is_ours)
    return sides


async def measure(folder: Path, extent: Extent, *, profile: bool = False) -> list[Table]:
    """Let the contestants take turns and return a table for each number of people at a time."""
    found: dict[int, dict[str, Contestant]] = {
        at_a_time: {name: Contestant(name) for name in (OURS, *BARE.values())} for at_a_time in extent.messages
    }
    async with AsyncExitStack() as stack:
        far_side = await stack.enter_async_context(await Worker.start("tests.bench.far_side"))
        sides = await _sides(stack, far_side, folder, max(extent.messages))
        for side in sides.values():
            for at_a_time in extent.messages:
                await _talk(far_side, side, at_a_time, 2 * at_a_time)
        for number in rounds(extent.turns, extent.seconds):
            progress(f"commands: turn {number + 1}")
            for at_a_time, messages in extent.messages.items():
                for name, side in sides.items():
                    found[at_a_time][name].turns.append(await _talk(far_side, side, at_a_time, messages))
        if profile:
            ours = sides[OURS]
            await ours.worker.ask("profile")
            await _talk(far_side, ours, max(extent.messages), max(extent.messages.values()))
            progress((await ours.worker.ask("profile"))["report"])
    return [_table(at_a_time, extent, sides_) for at_a_time, sides_ in found.items()]


def _table(at_a_time: int, extent: Extent, found: dict[str, Contestant]) -> Table:
    ours = found[OURS]
    table = Table(
        f"A full command, {at_a_time} at a time",
        ("", "updates/s", "p50 ms", "p99 ms", "CPU ms each", "ours/it, updates/s", "ours/it, p50", "ours/it, p99"),
    )
    table.note(
        f"`{COMMAND}` on SQLite; {len(ours.turns)} turns of {extent.messages[at_a_time]} messages, in alternation; "
        f"who writes ({at_a_time} at a time) writes again when the answer has come."
    )
    for name, one in found.items():
        table.rows.append(
            (
                name,
                per_second(one.rate),
                milliseconds(one.latency(0.5)),
                milliseconds(one.latency(0.99)),
                milliseconds(one.cpu_seconds_each),
                *(
                    ("", "", "")
                    if one is ours
                    else (
                        times(ours.rate_against(one)),
                        times(ours.latency_against(one, 0.5)),
                        times(ours.latency_against(one, 0.99)),
                    )
                ),
            )
        )
    return table
