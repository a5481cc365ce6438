"""``python -m tests.bench``: print all figures, or with ``--only`` one of them."""

import argparse
import asyncio
import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import telegram

from tests.bench import (
    agenda,
    agenda_replan,
    broadcast,
    commands,
    digests,
    fan_out,
    long_broadcast,
    members_import,
    profile_matches,
    search,
    search_quality,
    sending,
    startup,
)
from tests.bench.tables import Table, show

Figure = Callable[[Path], Awaitable[list[Table]]]


def figures(*, quick: bool, profile: bool) -> dict[str, Figure]:
    """By name, in the order in which they are shown."""
    return {
        "commands": partial(commands.measure, extent=commands.QUICK if quick else commands.FULL, profile=profile),
        "sending": partial(sending.measure, extent=sending.QUICK if quick else sending.FULL, profile=profile),
        "broadcast": partial(broadcast.measure, extent=broadcast.QUICK if quick else broadcast.FULL),
        "long-broadcast": partial(
            long_broadcast.measure, extent=long_broadcast.QUICK if quick else long_broadcast.FULL
        ),
        "fan-out": partial(fan_out.measure, extent=fan_out.QUICK if quick else fan_out.FULL),
        "digests": partial(digests.measure, extent=digests.QUICK if quick else digests.FULL),
        "startup": partial(startup.measure, extent=startup.QUICK if quick else startup.FULL),
        "agenda": partial(agenda.measure, extent=agenda.QUICK if quick else agenda.FULL),
        "agenda-replan": partial(agenda_replan.measure, extent=agenda_replan.QUICK if quick else agenda_replan.FULL),
        "import": partial(members_import.measure, extent=members_import.QUICK if quick else members_import.FULL),
        "profile-matches": partial(
            profile_matches.measure, extent=profile_matches.QUICK if quick else profile_matches.FULL
        ),
        "search": partial(search.measure, extent=search.QUICK if quick else search.FULL),
        "search-quality": partial(search_quality.measure, quick=quick),
    }


async def run(chosen: dict[str, Figure]) -> None:
    """Measure and print figure by figure."""
    began = time.monotonic()
    busy = os.getloadavg()[0]
    show(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"python-telegram-bot {telegram.__version__}; load before the start {busy:.1f}\n"
    )
    for figure in chosen.values():
        with tempfile.TemporaryDirectory(prefix="community-bot-bench-") as folder:
            for table in await figure(Path(folder)):
                show(f"{table}\n")
    show(f"Took {time.monotonic() - began:.0f} s.")


def main() -> None:
    """The command."""
    names = list(figures(quick=True, profile=False))
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=names, action="append", help="this figure; may be given several times")
    parser.add_argument("--quick", action="store_true", help="fewer turns, messages and posts: a look in two minutes")
    parser.add_argument("--profile", action="store_true", help="also print where the program spends its time")
    arguments = parser.parse_args()
    every = figures(quick=arguments.quick, profile=arguments.profile)
    asyncio.run(run({name: every[name] for name in arguments.only or names}))


if __name__ == "__main__":
    main()
