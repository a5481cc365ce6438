"""A process that has imported the program and forks it: a start takes a tenth of a second, and hundreds can be killed.

Asked line by line in JSON on its standard input: ``start`` forks ``community-bot run`` and answers with its process id,
``wait`` answers with the exit status of one that has ended or is ending, ``poll`` with its status or nothing.
"""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any, Self

REPOSITORY = Path(__file__).parents[2]
PREFIX = "COMMUNITY_BOT__"


class Nursery:
    """The process, seen from the test."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._asking = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Start it."""
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment["PYTHONPATH"] = str(REPOSITORY)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.nursery",
            cwd=REPOSITORY,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it; whoever started something has ended that."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def start(self, folder: Path, log: Path, settings: dict[str, str]) -> int:
        """Fork the program; its process id."""
        return int(await self._ask(do="start", folder=str(folder), log=str(log), settings=settings))

    async def wait(self, pid: int) -> int:
        """The exit status of one that is ending: negative for a signal."""
        return int(await self._ask(do="wait", pid=pid))

    async def poll(self, pid: int) -> int | None:
        """The exit status, if it has ended."""
        found = await self._ask(do="poll", pid=pid)
        return None if found is None else int(found)

    async def _ask(self, **order: Any) -> Any:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._asking:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            await self._process.stdin.drain()
            return json.loads(await self._process.stdout.readline())


def _fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for target, source in ((0, nothing), (1, log), (2, log)):
            os.dup2(source, target)
        os.chdir(order["folder"])
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            del os.environ[name]
        os.environ.update({f"{PREFIX}{name}": value for name, value in order["settings"].items()})
        sys.argv = ["community-bot", "run"]
        from bot.cli import main

        main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _serve() -> None:
    import bot.app
    import bot.cli
    import bot.platforms.slack.adapter
    import bot.platforms.telegram.adapter
    import bot.serving  # noqa: F401 - imported before the fork, all of them, so that the forked need not

    ended: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        answer: int | None
        if order["do"] == "start":
            answer = _fork(order)
        else:
            pid = order["pid"]
            if pid not in ended:
                found, status = os.waitpid(pid, 0 if order["do"] == "wait" else os.WNOHANG)
                if found:
                    ended[pid] = os.waitstatus_to_exitcode(status)
            answer = ended.get(pid)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
