"""Processes of the bench: each gets its orders as lines of JSON and answers each with one.

The program and what it is compared with run in processes of their own, so that neither shares an interpreter with the
server or with the people who write.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Json = dict[str, Any]
Order = Callable[..., Awaitable[Json]]

REPOSITORY = Path(__file__).parents[2]
LONGEST_LINE = 1 << 24
"""Bytes: thousands of latencies come in one line."""
START_SECONDS = 60.0
ORDER_SECONDS = 900.0
END_SECONDS = 15.0


class WorkerError(RuntimeError):
    """A process of the bench could not do what it was told."""


def environment() -> dict[str, str]:
    """This process's environment without settings of ours and without proxies: everything is on this machine."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COMMUNITY_BOT__") and not name.lower().endswith("_proxy")
    }


class Worker:
    """A process that takes orders; ``async with await Worker.start(…)`` ends it at the end."""

    def __init__(self, module: str, process: asyncio.subprocess.Process) -> None:
        self._module = module
        self._process = process

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Self:
        """Run ``python -m module`` and wait until it is ready.

        Raises:
            WorkerError: it ended before it was.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=REPOSITORY,
            env=environment(),
            limit=LONGEST_LINE,
        )
        worker = cls(module, process)
        await worker._answer(START_SECONDS)
        return worker

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    async def ask(self, order: str, **details: object) -> Json:
        """Give an order and return the answer.

        Raises:
            WorkerError: it failed, or the process ended.
        """
        await self.give(order, **details)
        return await self.answer()

    async def _answer(self, seconds: float) -> Json:
        if self._process.stdout is None:
            raise WorkerError(f"{self._module} gives no answers")
        async with asyncio.timeout(seconds):
            line = await self._process.stdout.readline()
        if not line:
            raise WorkerError(f"{self._module} ended before it answered")
        answer: Json = json.loads(line)
        if "error" in answer:
            raise WorkerError(f"{self._module}: {answer['error']}")
        return answer

    async def give(self, order: str, **details: object) -> None:
        """Give an order without waiting for its answer, which :meth:`answer` returns.

        Raises:
            WorkerError: it takes none.
        """
        if self._process.stdin is None:
            raise WorkerError(f"{self._module} takes no orders")
        self._process.stdin.write(json.dumps({"order": order, **details}).encode() + b"\n")

    async def answer(self) -> Json:
        """The answer to an order that was given.

        Raises:
            WorkerError: it failed, or the process ended.
        """
        return await self._answer(ORDER_SECONDS)

    async def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        await self._process.wait()

    async def close(self) -> None:
        """Let it end, and make it end if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is not None and self._process.returncode is None:
            self._process.terminate()
        await self.close()


async def obey(orders: Mapping[str, Order]) -> None:
    """Say that this process is ready, then carry out orders one after the other until there are no more."""
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _say({"ready": True})
    while line := await reader.readline():
        details: Json = json.loads(line)
        try:
            answer = await orders[details.pop("order")](**details)
        except Exception as error:  # noqa: BLE001 - whatever it is, the bench must hear of it instead of waiting
            answer = {"error": f"{type(error).__name__}: {error}"}
        _say(answer)


def _say(answer: Json) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
