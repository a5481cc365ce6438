"""Kill -9 at many moments while people join, fill forms, answer and are written to, on Telegram."""

import asyncio
import random
import time
from collections import defaultdict
from pathlib import Path

import pytest

from storage.engine import Database
from storage.enums import OutboxState, PersonStatus, Platform
from storage.migrations import upgrade
from tests.faults.bot_process import BotProcess
from tests.faults.telegram_people import Newcomer, Talker, Visitor
from tests.faults.town import Town
from tests.standins.telegram import TelegramServer

SEED = 20180403
IN_DOUBT_SECONDS = 2.0
"""From the moment a message is accepted to the commit that says so, on a machine with much else to do."""
SETTLE_SECONDS = 60.0
LIFE_SECONDS = (0.0, 3.5)
"""From the first call of a process to its end: some are killed before they have begun, some in the midst of work."""


class Post:
    """Messages that are queued from beside the program, as its ticks do."""

    def __init__(self, town: Town, chats: list[str]) -> None:
        self._town = town
        self._chats = chats
        self.reminders: list[tuple[str, str]] = []
        self.announcements: list[tuple[str, str]] = []

    async def goes_out(self, over: asyncio.Event, chance: random.Random) -> None:
        number = 0
        while not over.is_set():
            number += 1
            chat, again = chance.choice(self._chats), number % 2 == 0
            text = f"avviso numero {number}."
            await self._town.queue(chat, text, again=again)
            (self.reminders if again else self.announcements).append((chat, text))
            await asyncio.sleep(chance.uniform(0.1, 0.5))


def settings(server: TelegramServer, database_url: str) -> dict[str, str]:
    return {
        "DATABASE__URL": database_url,
        "TELEGRAM__TOKEN": server.token,
        "TELEGRAM__API_BASE_URL": server.base_url,
        "WEB__PORT": "0",
        "DELIVERY__LEASE_SECONDS": "1",
        "DELIVERY__TELEGRAM_PER_SECOND": "0",
        "DELIVERY__TELEGRAM_CHAT_SECONDS": "0",
    }


def times_sent(server: TelegramServer) -> dict[tuple[str, str], list[float]]:
    """When each text was accepted for each chat."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for chat in server.state.chats.values():
        for message in chat.visible():
            if message.is_from_bot:
                found[str(chat.id), message.text].append(message.sent_at)
    return found


def check_repeats(copies: list[float], kills: list[float], what: str) -> int:
    """Every copy but the last was accepted just before a kill; returns how many were too many."""
    for first, again in zip(copies, copies[1:], strict=False):
        between = [kill for kill in kills if first - 0.05 <= kill <= again and kill - first <= IN_DOUBT_SECONDS]
        assert between, f"{what!r} was repeated and no kill fell between call and commit"
    return len(copies) - 1


async def killed(process: BotProcess, server: TelegramServer, times: int, chance: random.Random) -> None:
    for _ in range(times):
        connected = server.counts["getme"]
        await process.start()
        await server.wait_for(lambda connected=connected: server.counts["getme"] > connected, timeout=40)
        await asyncio.sleep(chance.uniform(*LIFE_SECONDS))
        await process.kill()


@pytest.mark.parametrize(
    ("kind", "kills"), [("sqlite", 16), pytest.param("postgres", 5, marks=pytest.mark.postgres)]
)
async def test_nothing_is_lost_and_nothing_done_twice(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, kills: int
) -> None:
    database_url = f"sqlite:///{tmp_path}/community.sqlite3"
    if kind == "postgres":
        database_url = request.getfixturevalue("postgres_url")
    chance = random.Random(SEED)
    async with TelegramServer() as server:
        server.latency = 0.02
        server.expects_refusal("query is too old")
        server.expects_refusal("message is not modified")
        database = Database(database_url)
        await upgrade(database)
        users = [server.user(f"Persona {number}") for number in range(9)]
        for user in users:
            user.account.started = True
        members = {str(user.id): f"{user.first_name} Rossi" for user in users}
        town = await Town.found(database, Platform.TELEGRAM, str(server.bot.id), members)
        talkers = [Talker(server, user) for user in users[:4]]
        visitors = [Visitor(server, user) for user in users[4:7]]
        post = Post(town, [str(user.id) for user in users[7:]])
        newcomers = [Newcomer(server, number) for number in range(6)]
        process = BotProcess(tmp_path, settings(server, database_url))
        over = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                joining = [
                    group.create_task(one.joins(pause=over if number == 0 else None))
                    for number, one in enumerate(newcomers[:3])
                ]
                for talker in talkers:
                    group.create_task(talker.talks(over, chance))
                answering = [group.create_task(one.answers(town, over, chance)) for one in visitors]
                group.create_task(post.goes_out(over, chance))
                await killed(process, server, kills // 2, chance)
                joining += [group.create_task(one.joins()) for one in newcomers[3:]]
                await killed(process, server, kills - kills // 2, chance)
                await process.start(ready=True)
                await newcomers[0].half_way.wait()
                assert await town.drafts() >= 1, "a form that was half-filled all the while"
                over.set()
                await asyncio.gather(*joining)
            await settled(server, town, database)
        finally:
            await process.end()
            over.set()
        assert len(process.kills) == kills

        # Everybody joined, once, as who they said they are.
        for newcomer in newcomers:
            person = await town.profile(str(newcomer.user.id))
            assert person is not None
            assert (person.status, person.name, person.job_title) == (
                PersonStatus.MEMBER,
                newcomer.name,
                newcomer.role,
            )
        assert await town.invitations_used() == len(newcomers)
        assert await town.drafts() == 0

        # What was pressed last is what counts.
        for visitor, task in zip(visitors, answering, strict=True):
            assert await town.answer_of(str(visitor.user.id)) is task.result()

        # Every word was answered and every message sent; what was repeated stood in doubt when the process was killed.
        sent = times_sent(server)
        repeats = 0
        for talker in talkers:
            assert len(talker.said) > kills
            for word in talker.said:
                copies = sorted(
                    at for (chat, text), ats in sent.items() if chat == str(talker.user.id) and f"“{word}”" in text
                    for at in ats
                )
                assert copies, f"{word} was never answered"
                repeats += check_repeats(copies, process.kills, word)
        for chat, text in post.reminders:
            assert sent[chat, text], f"{text!r} never came"
            repeats += check_repeats(sorted(sent[chat, text]), process.kills, text)
        missing = 0
        for chat, text in post.announcements:
            assert len(sent[chat, text]) <= 1, f"{text!r} came twice"
            missing += not sent[chat, text]
        states = await town.states()
        uncertain = states.pop(OutboxState.UNCERTAIN, 0)
        assert missing <= uncertain <= kills, "one doubt a kill, and it is told"
        assert set(states) == {OutboxState.SENT}, states
        assert repeats <= kills, "on the whole there is less than one repeat a kill"
        assert server.violations == []
        await database.close()


async def settled(server: TelegramServer, town: Town, database: Database) -> None:
    """Wait until all that came in is handled and all that is due was sent."""
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        states = await town.states()
        waiting = states.get(OutboxState.QUEUED, 0) + states.get(OutboxState.SENDING, 0)
        unhandled = await town.open_events()
        if not waiting and not unhandled and not server.updates.has_unconfirmed:
            return
        assert time.monotonic() < end, f"{states}, {unhandled} events open"
        await asyncio.sleep(0.1)
