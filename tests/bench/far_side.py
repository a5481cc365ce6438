"""The other end of the wire: stand-ins for Telegram, and the people who write there and wait for the answer.

Run as a process of its own. Each contestant gets a server of its own in it (a token has one poller), and only one of
them is in use at a time.
"""

import asyncio
import random
import time
from collections import Counter

from tests.bench.processes import Json, obey
from tests.standins.telegram import Call, RateLimits, TelegramServer, TelegramUser

ANSWER_SECONDS = 120.0
"""No turn takes as long; a bot that answers nothing ends the bench instead of hanging it."""


class Answers(list[Call]):
    """Takes the place of the server's log: wakes whoever waits for a message, and keeps counts only."""

    def __init__(self) -> None:
        super().__init__()
        self.messages = 0
        self.copies: Counter[int] = Counter()
        self.times: list[float] = []
        self.newest: Call | None = None
        self._waiting: dict[int, asyncio.Future[None]] = {}

    def append(self, call: Call) -> None:
        """A call was accepted."""
        if call.method != "sendmessage" or call.chat_id is None:
            return
        self.messages += 1
        self.copies[call.chat_id] += 1
        self.times.append(time.monotonic())
        self.newest = call
        waiting = self._waiting.pop(call.chat_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def next_to(self, chat: int) -> "asyncio.Future[None]":
        """Done when the next message to this chat has come."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[chat] = waiting
        return waiting


class FarSide:
    """Servers and people, by number."""

    def __init__(self) -> None:
        self._servers: list[TelegramServer] = []
        self._answers: list[Answers] = []
        self._people: list[dict[int, TelegramUser]] = []

    async def open(self, *, limits: bool = False, latency: float = 0.0) -> Json:
        """Start a server; with limits it refuses what comes faster than documented, to the millisecond.

        Each answer takes ``latency`` seconds more.
        """
        server = TelegramServer(limits=RateLimits(tolerance=0.0) if limits else None)
        server.latency = latency
        answers = Answers()
        server.sent = answers
        await server.start()
        self._servers.append(server)
        self._answers.append(answers)
        self._people.append({})
        return {"server": len(self._servers) - 1, "base_url": server.base_url, "token": server.token}

    async def people(self, server: int, count: int) -> Json:
        """So many people who have started the bot."""
        made = [self._servers[server].user(f"Persona {number + 1}") for number in range(count)]
        for user in made:
            user.account.started = True
            self._people[server][user.id] = user
        return {"ids": [user.id for user in made]}

    async def talk(self, server: int, ids: list[int], text: str, times: int, pause: float = 0.0) -> Json:
        """Each of these people writes so often, each time when the last answer has come and a pause is over."""
        answers = self._answers[server]
        latencies: list[float] = []

        async def person(user: TelegramUser) -> None:
            for _ in range(times):
                if pause:
                    await asyncio.sleep(random.uniform(pause, 2 * pause))
                answer = answers.next_to(user.id)
                asked = time.perf_counter()
                user.says(text)
                await answer
                latencies.append(time.perf_counter() - asked)

        began = time.monotonic()
        async with asyncio.timeout(ANSWER_SECONDS):
            await asyncio.gather(*(person(self._people[server][one]) for one in ids))
        return {"latencies": latencies, "began": began, "ended": time.monotonic()}

    async def received(self, server: int) -> Json:
        """How many messages came so far, the newest one's parameters, and what was wrong with requests."""
        answers = self._answers[server]
        return {
            "messages": answers.messages,
            "newest": answers.newest.parameters if answers.newest else {},
            "violations": self._servers[server].violations,
        }

    async def until(self, server: int, messages: int) -> Json:
        """Return when so many messages have come."""
        answers = self._answers[server]
        async with asyncio.timeout(ANSWER_SECONDS):
            while answers.messages < messages:  # noqa: ASYNC110 - looked at between two messages, as it happens
                await asyncio.sleep(0.005)
        return {"at": time.monotonic()}

    async def arrivals(self, server: int, ids: list[int]) -> Json:
        """How often each of these people was written to, when messages came (monotonic), and how many were refused."""
        answers, limits = self._answers[server], self._servers[server].limits
        return {
            "copies": [answers.copies[one] for one in ids],
            "times": answers.times,
            "refused": limits.refused if limits is not None else 0,
        }

    async def close(self) -> None:
        """Stop all servers."""
        for server in self._servers:
            await server.close()


async def main() -> None:
    """Serve until there are no more orders."""
    far_side = FarSide()
    try:
        await obey(
            {
                "open": far_side.open,
                "people": far_side.people,
                "talk": far_side.talk,
                "received": far_side.received,
                "until": far_side.until,
                "arrivals": far_side.arrivals,
            }
        )
    finally:
        await far_side.close()


if __name__ == "__main__":
    asyncio.run(main())
