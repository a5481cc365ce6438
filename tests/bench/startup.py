"""Figure 3: from the start of the process until it is ready, and the memory that it holds when nothing happens."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from tests.bench.measure import median
from tests.bench.processes import END_SECONDS, REPOSITORY, START_SECONDS, Worker, WorkerError, environment
from tests.bench.tables import Table, progress, times

LOOK_EVERY = 0.01
"""Seconds between two looks at the readiness page."""
FRESH, AGAIN, TELEGRAM, BARE = "demo, new store", "demo, store kept", "on Telegram", "bare echo, httpx"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: turns, and seconds of rest before the memory is looked at."""

    turns: int
    rest_seconds: float


FULL = Extent(turns=3, rest_seconds=5.0)
QUICK = Extent(turns=1, rest_seconds=2.0)


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until ready, and resident bytes after the rest."""

    seconds: float
    resident: int


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _running(*arguments: str, port: int) -> AsyncIterator[tuple[int, float]]:
    """Run the program until the block ends; gives its process id and how long it took to be ready."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdout=asyncio.subprocess.DEVNULL,
        cwd=REPOSITORY,
        env={**environment(), "PORT": str(port)},
    )
    try:
        await _ready(process, port)
        yield process.pid, time.monotonic() - began
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _ready(process: asyncio.subprocess.Process, port: int) -> None:
    async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as session:
        while process.returncode is None:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(LOOK_EVERY)
    raise WorkerError(f"the program ended with {process.returncode} before it was ready")


def _resident(pid: int) -> int:
    process = psutil.Process(pid)
    return sum(int(one.memory_info().rss) for one in [process, *process.children(recursive=True)])


async def _program(command: str, settings: str, folder: Path, rest_seconds: float, *more: str) -> Start:
    port = _free_port()
    config = folder / "config.toml"
    config.write_text(f'{settings}\n[web]\nport = {port}\n\n[log]\nlevel = "ERROR"\n', encoding="utf-8")
    async with _running(command, "--config", str(config), *more, port=port) as (pid, seconds):
        await asyncio.sleep(rest_seconds)
        return Start(seconds, _resident(pid))


async def _bare(place: dict[str, str], rest_seconds: float) -> Start:
    began = time.monotonic()
    address = ("--base-url", place["base_url"], "--token", place["token"])
    async with await Worker.start("tests.bench.bare_bot", *address, "--transport", "httpx") as bot:
        seconds = time.monotonic() - began
        await asyncio.sleep(rest_seconds)
        return Start(seconds, _resident(bot.pid))


async def measure(folder: Path, extent: Extent) -> list[Table]:
    """Start everything in turns and return the table."""
    found: dict[str, list[Start]] = {FRESH: [], AGAIN: [], TELEGRAM: [], BARE: []}
    kept = str(folder / "kept.sqlite3")
    async with await Worker.start("tests.bench.far_side") as far_side:
        place, bare_place = await far_side.ask("open"), await far_side.ask("open")
        telegram = (
            f'[telegram]\ntoken = "{place["token"]}"\napi_base_url = "{place["base_url"]}"\n\n'
            f'[database]\nurl = "sqlite:///{kept}"\n'
        )
        rest = extent.rest_seconds
        await _program("demo", "", folder, 0.0, "--database", kept)
        for number in range(extent.turns):
            progress(f"start-up: turn {number + 1}")
            found[FRESH].append(await _program("demo", "", folder, rest))
            found[AGAIN].append(await _program("demo", "", folder, rest, "--database", kept))
            found[TELEGRAM].append(await _program("run", telegram, folder, rest))
            found[BARE].append(await _bare(bare_place, rest))
    return [_table(found, extent)]


def _table(found: dict[str, list[Start]], extent: Extent) -> Table:
    table = Table("Start-up and memory", ("", "ready after s", "x bare", "resident MiB", "x bare"))
    bare = found[BARE]
    for name, starts in found.items():
        ratios = ("", "")
        if starts is not bare:
            ratios = (
                times(median([one.seconds / it.seconds for one, it in zip(starts, bare, strict=True)])),
                times(median([one.resident / it.resident for one, it in zip(starts, bare, strict=True)])),
            )
        seconds = f"{median([one.seconds for one in starts]):.2f}"
        resident = f"{median([one.resident for one in starts]) / 2**20:.0f}"
        table.rows.append((name, seconds, ratios[0], resident, ratios[1]))
    table.note(
        f"Medians of {extent.turns}, from the start of the process to `/readyz` answering 200 (bare: to polling); "
        f"memory {extent.rest_seconds:g} s later. The demo has the sample community and the web chat; on Telegram: the "
        "same store, no web chat."
    )
    return table
