"""The real program as a process of its own, started, killed, frozen and stopped by a test."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.faults.nursery import PREFIX, REPOSITORY, Nursery

READY = b"running"
START_SECONDS = 40.0
KILLED = -signal.SIGKILL


class BotProcess:
    """``community-bot run``, with its settings in the environment.

    Args:
        folder: where it runs and where its log is.
        settings: by name, such as ``DATABASE__URL``.
        nursery: forks it; without one it is started from nothing, as on a real machine.
        name: of its log, where several run in a folder.

    Attributes:
        kills: when it was killed (monotonic).
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str], nursery: Nursery | None = None, name: str = "bot"
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._nursery = nursery
        self._process: asyncio.subprocess.Process | None = None
        self._pid = 0
        self.log = folder / f"{name}.log"
        self.kills: list[float] = []

    async def start(self, *, ready: bool = False) -> None:
        """Start it; with ``ready``, return when it says that it runs.

        Raises:
            AssertionError: it did not get ready.
        """
        self.log.touch()
        before = self.log.stat().st_size
        if self._nursery is not None:
            self._pid = await self._nursery.start(self._folder, self.log, dict(self._settings))
        else:
            await self._start_from_nothing()
        end = time.monotonic() + START_SECONDS
        while ready and READY not in self.log.read_bytes()[before:]:
            assert await self._status() is None, self.tail()
            assert time.monotonic() < end, self.tail()
            await asyncio.sleep(0.02)

    async def _start_from_nothing(self) -> None:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(PREFIX) and not name.lower().endswith("_proxy")
        }
        environment |= {f"{PREFIX}{name}": value for name, value in self._settings.items()}
        environment["PYTHONPATH"] = str(REPOSITORY)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self._folder, env=environment, stdout=log, stderr=log
            )
        self._pid = self._process.pid

    async def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        assert await self._status() is None, self.tail()
        self.kills.append(time.monotonic())
        os.kill(self._pid, signal.SIGKILL)
        assert await self.ended() == KILLED

    def freeze(self) -> None:
        """SIGSTOP: it holds what it holds, and does nothing."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was."""
        os.kill(self._pid, signal.SIGCONT)

    async def stop(self, by: signal.Signals = signal.SIGTERM, seconds: float = 15.0) -> tuple[int, float]:
        """Ask it to stop; its exit status, and how many seconds it took.

        Raises:
            AssertionError: it did not end.
        """
        began = time.monotonic()
        os.kill(self._pid, by)
        end = began + seconds
        while (status := await self._status()) is None:
            if time.monotonic() > end:
                await self.kill()
                raise AssertionError(f"it does not end; {self.tail()}")
            await asyncio.sleep(0.01)
        return status, time.monotonic() - began

    async def end(self) -> None:
        """Make sure that it is gone."""
        if self._pid and await self._status() is None:
            os.kill(self._pid, signal.SIGKILL)
            await self.ended()

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:]

    async def ended(self) -> int:
        """Wait until it ends by itself; its exit status."""
        if self._process is not None:
            return await self._process.wait()
        assert self._nursery is not None
        return await self._nursery.wait(self._pid)

    async def _status(self) -> int | None:
        if self._process is not None:
            return self._process.returncode
        assert self._nursery is not None
        return await self._nursery.poll(self._pid)
