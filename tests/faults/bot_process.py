"""The real program as a process of its own, started, killed and stopped by a test."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
READY = b"running"
START_SECONDS = 40.0
KILLED = -signal.SIGKILL


class BotProcess:
    """``python -m bot run``, with its settings in the environment.

    Args:
        folder: where it runs and where its log is.
        settings: by name, such as ``DATABASE__URL``.

    Attributes:
        kills: when it was killed (monotonic).
    """

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder = folder
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "bot.log"
        self.kills: list[float] = []

    async def start(self, *, ready: bool = False) -> None:
        """Start it; with ``ready``, return when it says that it runs.

        Raises:
            AssertionError: it did not get ready.
        """
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("COMMUNITY_BOT__") and not name.lower().endswith("_proxy")
        }
        environment |= {f"COMMUNITY_BOT__{name}": value for name, value in self._settings.items()}
        environment["PYTHONPATH"] = str(REPOSITORY)
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self._folder, env=environment, stdout=log, stderr=log
            )
        end = time.monotonic() + START_SECONDS
        while ready and READY not in self.log.read_bytes()[before:]:
            assert self._process.returncode is None, self.tail()
            assert time.monotonic() < end, self.tail()
            await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        assert self._process is not None
        assert self._process.returncode is None, self.tail()
        self.kills.append(time.monotonic())
        self._process.kill()
        assert await self._process.wait() == KILLED

    async def stop(self, by: signal.Signals = signal.SIGTERM, seconds: float = 15.0) -> tuple[int, float]:
        """Ask it to stop; its exit status, and how many seconds it took.

        Raises:
            AssertionError: it did not end.
        """
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(by)
        try:
            async with asyncio.timeout(seconds):
                status = await self._process.wait()
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"it does not end; {self.tail()}") from None
        return status, time.monotonic() - began

    async def end(self) -> None:
        """Make sure that it is gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:]

    async def ended(self) -> int:
        """Wait until it ends by itself; its exit status."""
        assert self._process is not None
        return await self._process.wait()
