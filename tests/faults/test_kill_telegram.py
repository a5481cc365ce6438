"""Kill -9 at many moments while people join, fill forms, answer and are written to, on Telegram."""

import asyncio
import random
import re
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from storage.enums import Answer, OutboxState, PersonStatus, Platform
from tests.faults.bot_process import BotProcess
from tests.faults.nursery import Nursery
from tests.faults.telegram_people import Newcomer, Talker, Visitor
from tests.faults.telegram_run import settings, settled, times_sent
from tests.faults.town import Town, opened
from tests.standins.telegram import TelegramServer

SEED = 20180403
IN_DOUBT_SECONDS = 2.0
"""From the moment a message is accepted to the commit that says so, on a machine with much else to do."""
LIFE_SECONDS = (0.0, 3.5)
"""From the first call of a process to its end: some are killed before they have begun, some in the midst of work."""
IN_FLIGHT = 8
"""Calls at the same time, as `[delivery] in_flight` is by default."""


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
            await self._town.queue([chat], text, again=again)
            (self.reminders if again else self.announcements).append((chat, text))
            await asyncio.sleep(chance.uniform(0.1, 0.5))


def check_repeats(copies: list[float], kills: list[float], what: str) -> int:
    """Every copy but the last was accepted just before a kill; returns how many were too many."""
    for first, again in pairwise(copies):
        between = [kill for kill in kills if first - 0.05 <= kill <= again and kill - first <= IN_DOUBT_SECONDS]
        assert between, f"{what!r} was repeated and no kill fell between call and commit"
    return len(copies) - 1


def called_again(server: TelegramServer, before: int) -> bool:
    return server.counts["getme"] > before


async def killed(process: BotProcess, server: TelegramServer, times: int, chance: random.Random) -> None:
    for _ in range(times):
        connected = server.counts["getme"]
        await process.start()
        await server.wait_for(partial(called_again, server, connected), timeout=40)
        await asyncio.sleep(chance.uniform(*LIFE_SECONDS))
        await process.kill()


@pytest.fixture(params=[("sqlite", 15), pytest.param(("postgres", 4), marks=pytest.mark.postgres)], ids=lambda p: p[0])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, int]:
    """A store's address, and how often the program is killed on it."""
    kind, kills = request.param
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/community.sqlite3", kills
    return request.getfixturevalue("postgres_url"), kills


@dataclass
class Cast:
    """Who does something while the program is killed."""

    talkers: list[Talker]
    visitors: list[Visitor]
    newcomers: list[Newcomer]
    post: Post
    last_answers: list[Answer] = field(default_factory=list)

    async def plays(self, town: Town, process: BotProcess, server: TelegramServer, kills: int) -> None:
        """All at once, until the program has been killed so often and everybody has joined."""
        chance, over = random.Random(SEED), asyncio.Event()
        half = len(self.newcomers) // 2
        async with asyncio.TaskGroup() as group:
            joining = [
                # The first stops in the middle of the form until the killing is over.
                group.create_task(one.joins(pause=None if number else over))
                for number, one in enumerate(self.newcomers[:half])
            ]
            for talker in self.talkers:
                group.create_task(talker.talks(over, chance))
            answering = [group.create_task(one.answers(town, over, chance)) for one in self.visitors]
            group.create_task(self.post.goes_out(over, chance))
            await killed(process, server, kills // 2, chance)
            joining += [group.create_task(one.joins()) for one in self.newcomers[half:]]
            await killed(process, server, kills - kills // 2, chance)
            await process.start(ready=True)
            await self.newcomers[0].half_way.wait()
            assert await town.drafts() >= 1
            over.set()
            await asyncio.gather(*joining)
        self.last_answers = [task.result() for task in answering]

    async def check_effects(self, town: Town) -> None:
        """Each update had its effect, once."""
        for newcomer in self.newcomers:
            person = await town.profile(str(newcomer.user.id))
            assert person is not None
            joined = (person.status, person.name, person.job_title)
            assert joined == (PersonStatus.MEMBER, newcomer.name, newcomer.role)
        assert await town.invitations_used() == len(self.newcomers)
        assert await town.drafts() == 0
        for visitor, answer in zip(self.visitors, self.last_answers, strict=True):
            assert await town.answer_of(str(visitor.user.id)) is answer

    def check_messages(self, server: TelegramServer, kills: list[float]) -> int:
        """All answers and reminders came; what came again was in doubt. Returns how many announcements did not come."""
        sent = times_sent(server)
        repeats = 0
        for talker in self.talkers:
            assert len(talker.said) >= len(kills)
            for word in talker.said:
                copies = times_of(sent, str(talker.user.id), word)
                assert copies, f"{word} was never answered"
                repeats += check_repeats(copies, kills, word)
        for chat, text in self.post.reminders:
            assert sent[chat, text], f"{text!r} never came"
            repeats += check_repeats(sorted(sent[chat, text]), kills, text)
        # What was in flight when a kill fell may come again: that is the policy of these kinds.
        assert repeats <= IN_FLIGHT * len(kills), "only what was in flight comes again"
        for chat, text in self.post.announcements:
            assert len(sent[chat, text]) <= 1, f"{text!r} came twice"
        return sum(not sent[one] for one in self.post.announcements)


def times_of(sent: dict[tuple[str, str], list[float]], chat: str, word: str) -> list[float]:
    """When answers with this word were accepted for a chat."""
    whole = re.compile(rf"\b{word}\b")
    return sorted(at for (to, text), ats in sent.items() if to == chat and whole.search(text) for at in ats)


async def test_nothing_is_lost_and_nothing_done_twice(store: tuple[str, int], tmp_path: Path, nursery: Nursery) -> None:
    url, kills = store
    async with TelegramServer() as server, opened(url) as database:
        server.latency = 0.02
        server.expects_refusal("query is too old")
        server.expects_refusal("message is not modified")
        users = [server.user(f"Persona {number}") for number in range(9)]
        for user in users:
            user.account.started = True
        members = {str(user.id): f"{user.first_name} Rossi" for user in users}
        town = await Town.found(database, Platform.TELEGRAM, str(server.bot.id), members)
        cast = Cast(
            [Talker(server, user) for user in users[:4]],
            [Visitor(server, user) for user in users[4:7]],
            [Newcomer(server, number) for number in range(6)],
            Post(town, [str(user.id) for user in users[7:]]),
        )
        process = BotProcess(tmp_path, settings(server, url), nursery)
        try:
            await cast.plays(town, process, server, kills)
            await settled(server, town)
        finally:
            await process.end()
        assert len(process.kills) == kills
        await cast.check_effects(town)
        missing = cast.check_messages(server, process.kills)
        states = await town.states()
        uncertain = states.pop(OutboxState.UNCERTAIN, 0)
        assert missing <= uncertain <= kills, "one doubt a kill, and it is told"
        assert states.keys() <= {OutboxState.SENT, OutboxState.SKIPPED}, "edits of one card are one edit"
        assert server.violations == []
