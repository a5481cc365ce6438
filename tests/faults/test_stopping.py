"""An orderly stop in the middle of work, by SIGTERM and by Ctrl-C: nothing is lost, nothing said twice."""

import asyncio
import re
import signal
import time
from pathlib import Path

import pytest

from storage.enums import OutboxState, PersonStatus, Platform
from tests.faults.bot_process import BotProcess
from tests.faults.telegram_people import Newcomer, Talker
from tests.faults.telegram_run import settings, settled, times_sent
from tests.faults.town import Town, opened
from tests.standins.telegram import TelegramServer


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
async def test_it_ends_soon_and_well_while_it_works(tmp_path: Path, by: signal.Signals) -> None:
    """Answers and announcements are under way, a form is half-filled, and a chat waits for half a minute."""
    database_url = f"sqlite:///{tmp_path}/community.sqlite3"
    async with TelegramServer() as server, opened(database_url) as database:
        server.latency = 0.05
        server.expects_refusal("query is too old")
        users = [server.user(f"Persona {number}") for number in range(6)]
        for user in users:
            user.account.started = True
        members = {str(user.id): f"{user.first_name} Rossi" for user in users}
        town = await Town.found(database, Platform.TELEGRAM, str(server.bot.id), members)
        talkers = [Talker(server, user) for user in users[:4]]
        waiting = users[4]
        server.fail_next("sendMessage", status=429, retry_after=12, chat=waiting.id)
        newcomer = Newcomer(server, 0)
        process = BotProcess(tmp_path, settings(server, database_url))
        go_on = asyncio.Event()
        try:
            await process.start(ready=True)
            joining = asyncio.create_task(newcomer.joins(pause=go_on))
            await asyncio.wait_for(newcomer.half_way.wait(), timeout=30)
            waiting.says("/qxwaits")
            for number in range(60):
                await town.queue([str(users[5].id)], f"avviso numero {number}.", again=False)
            for talker in talkers:
                for number in range(8):
                    talker.said.append(f"qx{talker.user.id}n{number}")
                    talker.user.says(f"/{talker.said[-1]}")
            await server.wait_for(lambda: len(talkers[0].user.messages) >= 2, timeout=20)
            status, seconds = await process.stop(by)
            assert status == 0, process.tail()
            assert seconds < 10
            assert "Traceback" not in process.log.read_text(), process.tail()

            stopped = time.monotonic()
            await process.start()
            go_on.set()
            await joining
            await settled(server, town)
            status, seconds = await process.stop(by)
            assert (status, seconds < 10) == (0, True), process.tail()
        finally:
            await process.end()
        person = await town.profile(str(newcomer.user.id))
        assert person is not None
        assert (person.status, person.name, person.job_title) == (PersonStatus.MEMBER, newcomer.name, newcomer.role)
        sent = times_sent(server)
        assert all(len(copies) == 1 for copies in sent.values()), "an orderly stop leaves no doubt"
        for talker in talkers:
            texts = " ".join(text for chat, text in sent if chat == str(talker.user.id))
            assert all(re.search(rf"\b{word}\b", texts) for word in talker.said)
        (answer,) = (copies[0] for (chat, text), copies in sent.items() if "qxwaits" in text)
        assert answer > stopped, "the wait was kept over the restart"
        assert server.faults.early_retries == []
        assert set(await town.states()) == {OutboxState.SENT}
        assert server.violations == []


async def test_a_signal_counts_while_a_platform_keeps_the_start_waiting(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        server.delay("getMe", 30.0)
        process = BotProcess(tmp_path, settings(server, f"sqlite:///{tmp_path}/community.sqlite3"))
        try:
            await process.start()
            await server.wait_for(lambda: server.last_request_at > 0, timeout=30)
            status, seconds = await process.stop()
        finally:
            await process.end()
        assert (status, seconds < 10) == (0, True), process.tail()


async def test_a_refused_token_is_said_and_ends_it(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        server.expects_refusal("Unauthorized")
        wrong = settings(server, f"sqlite:///{tmp_path}/community.sqlite3") | {"TELEGRAM__TOKEN": "1:wrong-token"}
        process = BotProcess(tmp_path, wrong)
        try:
            await process.start()
            status = await asyncio.wait_for(process.ended(), timeout=30)
        finally:
            await process.end()
        assert status == 1
        assert "does not accept the bot's token" in process.tail()
        assert "Traceback" not in process.tail()
