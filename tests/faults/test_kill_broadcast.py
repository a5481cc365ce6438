"""A broadcast with replies going on while the program is killed, frozen and doubled: nobody twice, nobody left out."""

import asyncio
import os
import random
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from storage.engine import Database
from storage.enums import OutboxState, Platform
from storage.models import OutboxMessage
from tests.faults.bot_process import BotProcess
from tests.faults.nursery import Nursery
from tests.faults.telegram_people import Talker
from tests.faults.telegram_run import settings, settled, times_sent
from tests.faults.town import SETTLED, Town, opened
from tests.standins.telegram import TelegramServer

SEED = 20180514
KILLS = int(os.environ.get("BROADCAST_KILLS", "20"))
"""How often it is killed on SQLite; on PostgreSQL a third of that. Two hundred take about six minutes."""
RECIPIENTS = 2000
WORDS = "Domani alle 9 parte la missione."
LIFE_SECONDS = min(0.35, 20 / KILLS)
"""Of work, at most, between two kills: so little that it is not over before the last of them."""
BEGINS_WITHIN_SECONDS = 20.0
REST_SECONDS = 240.0
"""For what is left after the last kill, on a machine with much else to do."""


@pytest.fixture(params=[("sqlite", 1), pytest.param(("postgres", 3), marks=pytest.mark.postgres)], ids=lambda p: p[0])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, int]:
    """A store's address, and by how much fewer kills there are on it."""
    kind, fewer = request.param
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/community.sqlite3", fewer
    return request.getfixturevalue("postgres_url"), fewer


@dataclass
class Broadcast:
    """An announcement to many, and people who write to the bot meanwhile."""

    server: TelegramServer
    town: Town
    url: str
    chats: Sequence[str]
    talkers: Sequence[Talker]

    @classmethod
    @asynccontextmanager
    async def prepared(cls, url: str, recipients: int) -> AsyncIterator["Broadcast"]:
        async with TelegramServer() as server, opened(url) as database:
            server.latency = 0.01
            server.expects_refusal("query is too old")
            users = [server.user(f"Persona {number}") for number in range(recipients + 3)]
            for user in users:
                user.account.started = True
            members = {str(user.id): f"{user.first_name} Rossi" for user in users[recipients:]}
            town = await Town.found(database, Platform.TELEGRAM, str(server.bot.id), members)
            chats = [str(user.id) for user in users[:recipients]]
            talkers = [Talker(server, user) for user in users[recipients:]]
            yield cls(server, town, url, chats, talkers)
            assert server.violations == []

    @property
    def sent(self) -> int:
        """Messages that the platform has accepted."""
        return self.server.counts["sendmessage"]

    async def goes_on(self) -> None:
        """Return when another message has come."""
        before = self.sent
        await self.server.wait_for(lambda: self.sent > before, timeout=BEGINS_WITHIN_SECONDS)

    async def check(self, doubts: int) -> None:
        """Everybody got it once, or is listed as uncertain; who wrote was answered."""
        got = times_sent(self.server)
        copies = [len(got[chat, WORDS]) for chat in self.chats]
        assert max(copies) == 1, "somebody got it twice"
        uncertain = await self.town.chats_in(OutboxState.UNCERTAIN)
        missed = {chat for chat, times in zip(self.chats, copies, strict=True) if times == 0}
        assert missed <= uncertain, "somebody was left out without a word"
        assert len(uncertain) <= doubts, f"{len(uncertain)} in doubt after {doubts} interruptions"
        assert (await self.town.states()).keys() <= {OutboxState.SENT, OutboxState.UNCERTAIN}
        for talker in self.talkers:
            answers = " ".join(text for chat, text in got if chat == str(talker.user.id))
            for word in talker.said:
                assert re.search(rf"\b{word}\b", answers), f"{word} was never answered"


async def freeze_between_writes(process: BotProcess, url: str) -> None:
    """Freeze it where it holds no lock. On SQLite nobody else can write as long as who is frozen holds the file's."""
    path = make_url(url).database
    while True:
        process.freeze()
        if not url.startswith("sqlite") or not path or await asyncio.to_thread(can_write, path):
            return
        process.thaw()
        await asyncio.sleep(0.02)


def can_write(path: str) -> bool:
    """Whether nobody holds the write lock of a SQLite file."""
    with closing(sqlite3.connect(path, timeout=0.1, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


async def freeze_amid_transaction(process: BotProcess, database: Database) -> None:
    """Freeze it while it holds a message that is to be sent, or its result, in a transaction that has not ended."""
    waiting = select(OutboxMessage.id).where(OutboxMessage.state.not_in(SETTLED))
    while True:
        process.freeze()
        await asyncio.sleep(0.02)  # what was under way in the server comes to its end
        async with database.reading() as session:
            everything = (await session.execute(waiting)).all()
            if len((await session.execute(waiting.with_for_update(skip_locked=True))).all()) < len(everything):
                return
        process.thaw()
        await asyncio.sleep(0.003)


async def test_killed_again_and_again(store: tuple[str, int], tmp_path: Path, nursery: Nursery) -> None:
    url, fewer = store
    kills = max(1, KILLS // fewer)
    chance = random.Random(SEED)
    async with Broadcast.prepared(url, RECIPIENTS) as broadcast:
        await broadcast.town.queue(broadcast.chats, WORDS, again=False)
        process = BotProcess(tmp_path, settings(broadcast.server, url), nursery)
        over = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                for talker in broadcast.talkers:
                    group.create_task(talker.talks(over, chance))
                for _ in range(kills):
                    await process.start()
                    await broadcast.goes_on()
                    await asyncio.sleep(chance.uniform(0.0, LIFE_SECONDS))
                    await process.kill()
                over.set()
            assert broadcast.sent < RECIPIENTS, "it was over before it was killed so often"
            await process.start()
            await settled(broadcast.server, broadcast.town, REST_SECONDS)
        finally:
            await process.end()
        await broadcast.check(doubts=kills)


async def test_two_replicas_of_which_one_is_killed_and_one_frozen(
    store: tuple[str, int], tmp_path: Path, nursery: Nursery
) -> None:
    """Both start at once; whichever sends is stopped for longer than its lease, and goes on as if nothing had been."""
    url, _ = store
    async with Broadcast.prepared(url, 400) as broadcast:
        first, second = (
            BotProcess(tmp_path, settings(broadcast.server, url), nursery, name) for name in ("first", "second")
        )
        try:
            await asyncio.gather(first.start(ready=True), second.start(ready=True))
            await broadcast.town.queue(broadcast.chats, WORDS, again=False)
            await broadcast.goes_on()
            # Who wakes goes on polling until it notices that another does.
            broadcast.server.expects_refusal("terminated by other getUpdates request")
            await freeze_between_writes(first, url)
            await asyncio.sleep(2.5)  # more than twice the lease
            if broadcast.sent < 300:
                await broadcast.goes_on()
            first.thaw()
            await asyncio.sleep(0.5)
            await freeze_between_writes(second, url)
            await asyncio.sleep(2.5)
            second.thaw()
            if (await broadcast.town.states()).get(OutboxState.QUEUED, 0) > 1:
                await broadcast.goes_on()
            await second.kill()
            await settled(broadcast.server, broadcast.town)
            assert "Traceback" not in first.tail()
        finally:
            first.thaw()
            await first.end()
            await second.end()
        await broadcast.check(doubts=3)


@pytest.mark.postgres
async def test_who_is_frozen_amid_a_transaction_holds_nobody_up(
    postgres_url: str, tmp_path: Path, nursery: Nursery
) -> None:
    """What it has locked is set free by the server; awake again, it goes on with other connections."""
    async with Broadcast.prepared(postgres_url, 400) as broadcast:
        process, other = (
            BotProcess(tmp_path, settings(broadcast.server, postgres_url), nursery, name) for name in ("first", "other")
        )
        try:
            await process.start(ready=True)
            await broadcast.town.queue(broadcast.chats, WORDS, again=False)
            await broadcast.goes_on()
            broadcast.server.expects_refusal("terminated by other getUpdates request")
            await freeze_amid_transaction(process, broadcast.town.database)
            await other.start(ready=True)
            await broadcast.town.settled(60.0)
            process.thaw()
            await settled(broadcast.server, broadcast.town)
            assert "Traceback" not in process.tail() + other.tail()
        finally:
            process.thaw()
            await process.end()
            await other.end()
        await broadcast.check(doubts=1)
