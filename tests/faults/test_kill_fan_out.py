"""An announcement being queued for many while the programs that queue it are killed: everybody once, nobody twice."""

import asyncio
import random
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from handlers.conversation.clock import SystemClock
from handlers.conversation.privacy_notice import NOTICE_VERSION
from storage.engine import Database
from storage.enums import AnnouncementStatus, DigestFrequency, Locale, PersonStatus, Platform, RunPurpose
from storage.models import Account, Announcement, AnnouncementPlan, AnnouncementRun, Milestone, OutboxMessage, Person
from storage.queries.announcements import TRIAL_ENDED
from storage.queries.fan_out import BATCH
from tests.faults.bot_process import BotProcess
from tests.faults.nursery import Nursery
from tests.faults.telegram_run import settings, times_sent
from tests.faults.test_kill_broadcast import store  # noqa: F401 - the fixture
from tests.faults.town import Town, opened
from tests.standins.telegram import TelegramServer

SEED = 20180515
PEOPLE = 6 * BATCH + 7
TITLE, TEXT = "Missione a Tel Aviv", "Domani alle 9 parte la missione."
LIFE_SECONDS = 0.05
"""After each step that is seen, at most: about what a batch takes."""
STEP_WITHIN_SECONDS = 60.0


async def people_of(database: Database, account: str, users: list[str]) -> int:
    """Members by the thousand; the id of the first."""
    now = SystemClock().now()
    async with database.writing() as session:
        person = {
            "status": PersonStatus.MEMBER,
            "locale": Locale.ITALIAN,
            "notice_version": NOTICE_VERSION,
            "notice_accepted_at": now,
            "joined_at": now,
            "created_at": now,
            "digest_frequency": DigestFrequency.OFF,
        }
        for start in range(0, len(users), 5000):
            part = users[start : start + 5000]
            found = await session.execute(
                insert(Person).returning(Person.id, sort_by_parameter_order=True),
                [person | {"name": f"Persona {user}"} for user in part],
            )
            ids = list(found.scalars())
            await session.execute(
                insert(Account),
                [
                    {
                        "platform": Platform.TELEGRAM,
                        "account": account,
                        "user": user,
                        "chat": user,
                        "person_id": person_id,
                        "last_acted_at": now,
                    }
                    for person_id, user in zip(ids, part, strict=True)
                ],
            )
        return (await session.execute(select(func.min(Person.id)))).scalar_one()


async def planned(database: Database, author: int, now: datetime) -> int:
    """An announcement to everybody whose moment has come."""
    async with database.writing() as session:
        session.add(Milestone(name=TRIAL_ENDED, at=now))
        row = Announcement(
            author_id=author,
            title_it=TITLE,
            text_it=TEXT,
            fallback=Locale.ITALIAN,
            status=AnnouncementStatus.PLANNED,
            created_at=now,
        )
        session.add(row)
        await session.flush()
        session.add(AnnouncementPlan(announcement_id=row.id, send_at=now, any_time=True))
        return row.id


async def progress(database: Database, announcement_id: int) -> tuple[int, bool]:
    """For how many it is queued, and whether that is all."""
    async with database.reading() as session:
        run = select(AnnouncementRun.queued, AnnouncementRun.finished_at.is_not(None)).where(
            AnnouncementRun.announcement_id == announcement_id, AnnouncementRun.purpose == RunPurpose.SEND
        )
        queued, is_over = (await session.execute(run)).one_or_none() or (0, False)
        return int(queued), bool(is_over)


async def test_who_queues_is_killed(store: tuple[str, int], tmp_path: Path, nursery: Nursery) -> None:  # noqa: F811
    url, _ = store
    chance = random.Random(SEED)
    async with TelegramServer() as server, opened(url) as database:
        # A killed process's poll is still open when the next one asks.
        server.expects_refusal("terminated by other getUpdates request")
        users = [server.user(f"Persona {number}") for number in range(PEOPLE)]
        for user in users:
            user.account.started = True
        account = str(server.bot.id)
        await Town.found(database, Platform.TELEGRAM, account, {})
        author = await people_of(database, account, [str(user.id) for user in users])
        announcement_id = await planned(database, author, SystemClock().now())
        processes = [BotProcess(tmp_path, settings(server, url), nursery, name) for name in ("first", "second")]
        seen, is_over, interrupted = 0, False, 0
        try:
            while not is_over:
                await asyncio.gather(*(process.start() for process in processes))
                before = seen
                async with asyncio.timeout(STEP_WITHIN_SECONDS):
                    while seen == before and not is_over:
                        await asyncio.sleep(0.005)
                        seen, is_over = await progress(database, announcement_id)
                await asyncio.sleep(chance.uniform(0.0, LIFE_SECONDS))
                for process in processes:
                    await process.kill()
                interrupted += not is_over
            # They may all have been killed before their first message left.
            await processes[0].start()
            await server.wait_for(lambda: bool(times_sent(server)), STEP_WITHIN_SECONDS)
            await processes[0].kill()
        finally:
            for process in processes:
                await process.end()
        assert interrupted > 0
        async with database.reading() as session:
            rows = OutboxMessage.announcement_id == announcement_id
            queued, people = (
                await session.execute(select(func.count(), func.count(OutboxMessage.person_id.distinct())).where(rows))
            ).one()
            assert (queued, people) == (PEOPLE, PEOPLE)
            row = await session.get_one(Announcement, announcement_id)
            assert (row.status, row.recipients) == (AnnouncementStatus.SENDING, PEOPLE)
        assert max(len(times) for times in times_sent(server).values()) == 1
        assert server.violations == []
