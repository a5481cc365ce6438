"""Run the stand-in as a process of its own: ``python -m tests.standins.telegram --port 8081``.

Prints the base URL on one line when it is ready, and ends on SIGINT or SIGTERM.
"""

import argparse
import asyncio
import signal
import sys

from tests.standins.telegram.server import DEFAULT_TOKEN, TelegramServer


async def serve(port: int, token: str, *, enforce_limits: bool, keep_log: bool) -> None:
    """Serve until a signal comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with TelegramServer(token=token, port=port, enforce_limits=enforce_limits, keep_log=keep_log) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.standins.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--enforce-limits", action="store_true", help="answer 429 above Telegram's documented rates")
    parser.add_argument("--keep-log", action="store_true", help="keep every accepted call in memory")
    arguments = parser.parse_args()
    asyncio.run(
        serve(
            arguments.port,
            arguments.token,
            enforce_limits=arguments.enforce_limits,
            keep_log=arguments.keep_log,
        )
    )


if __name__ == "__main__":
    main()
