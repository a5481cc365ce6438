"""Run the stand-in as a process: ``python -m tests.standins.slack --port N`` prints its base URL when it is ready."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from .server import SlackServer


async def _serve(port: int, request_url: str, people: int) -> None:
    server = SlackServer(keep_calls=False)
    server.request_url = request_url
    server.channel("general", members=[server.user(f"Person {number}") for number in range(people)])
    await server.start(port)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    sys.stdout.write(f"{server.base_url}\n")
    sys.stdout.flush()
    await stopped.wait()
    await server.stop()


def main() -> None:
    """Read the command line and serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="A strict stand-in for Slack on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--request-url", default="", help="the bot's HTTP endpoint; empty means Socket Mode")
    parser.add_argument("--people", type=int, default=3, help="members of the workspace, all in #general")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, given.request_url, given.people))


if __name__ == "__main__":
    main()
