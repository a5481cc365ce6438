"""The real program on Telegram with the sample community, told from outside to fill, to send and to settle."""

import argparse
import asyncio
import cProfile
import io
import pstats
import time
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select

from bot import logs
from bot.app import Application
from bot.config import Settings
from bot.demo import seed
from bot.platforms.telegram.adapter import TelegramAdapter
from handlers.conversation.clock import MovableClock
from handlers.conversation.context import ReadContext
from handlers.conversation.notify import notify_all
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.conversation.screen import FileReference
from storage.engine import Database, count
from storage.enums import AnnouncementStatus, DigestFrequency, Locale, OutboxState, PersonStatus, Platform
from storage.migrations import upgrade
from storage.models import Account, Announcement, InboxEvent, Mission, Organisation, OutboxMessage, Person
from tests.bench.processes import Json, obey

NOTICE = "mission.deadline"
"""What is sent: one message with a button, drawn at sending from what the store says of the mission and the reader.
In doubt it goes again, so several may be on their way at a time."""
ANNOUNCEMENT = "announcement"
IDS_AT_ONCE = 5000
SETTLE_SECONDS = 600.0
LOOK_EVERY = 0.002
"""Seconds between two looks at whether all is done, when nearly all is."""
LOOK_SELDOM = 0.1
"""The same while much is still to do: a look asks the store, which shall not be measured."""
PROFILE_LINES = 45


class Program:
    """The program under measurement.

    Args:
        base_url: of the Bot API.
        token: the bot's.
        database_url: an empty store.
        delivery: settings of ``[delivery]``.
        fill: whether the store is empty and gets the sample community.
    """

    def __init__(
        self, base_url: str, token: str, database_url: str, delivery: Mapping[str, float], *, fill: bool = True
    ) -> None:
        self._fill = fill
        self._settings = Settings.model_validate(
            {
                "database": {"url": database_url},
                "telegram": {"token": token, "api_base_url": base_url},
                "delivery": dict(delivery),
                "limits": {"events_in_ten_seconds": 0, "events_in_a_minute": 0},
                "security": {"code_key": "only-for-measurements-never-elsewhere"},
            }
        )
        clock = MovableClock(seed.START)
        self._clock = clock
        self._app = Application(self._settings, clock=clock, adapters=[])

        async def fetch(reference: FileReference) -> bytes:
            return await self._app.fetch_file(reference)

        self._adapter = TelegramAdapter(
            token=token,
            mode="polling",
            api_base_url=base_url,
            paid_broadcast=self._settings.delivery.telegram_paid_broadcast,
            fetch=fetch,
            now=self._clock.now,
        )
        self._app.adapters.append(self._adapter)
        self._profile: cProfile.Profile | None = None

    async def start(self) -> None:
        """Fill the store with the sample community and begin."""
        if self._fill:
            database = Database(self._settings.database.url)
            await upgrade(database)
            async with database.writing() as session:
                await seed.fill(session, codes=self._app.community.codes)
            await database.close()
        await self._app.start()

    async def stop(self) -> None:
        """Stop in order."""
        await self._app.stop()

    async def members(self, ids: list[int]) -> Json:
        """Make these Telegram users members of the community."""
        now = self._clock.now()
        async with self._app.database.writing() as session:
            house = (await session.execute(select(Organisation.id).limit(1))).scalar_one()
            people = [
                Person(
                    status=PersonStatus.MEMBER,
                    name=f"Persona {number}",
                    organisation_id=house,
                    locale=Locale.ITALIAN,
                    notice_version=NOTICE_VERSION,
                    notice_accepted_at=now,
                    created_at=now - timedelta(days=30),
                    joined_at=now - timedelta(days=30),
                    digest_frequency=DigestFrequency.OFF,
                )
                for number in ids
            ]
            session.add_all(people)
            await session.flush()
            session.add_all(
                Account(
                    platform=Platform.TELEGRAM,
                    account=self._adapter.account,
                    user=str(user),
                    chat=str(user),
                    person_id=person.id,
                    last_acted_at=now,
                )
                for user, person in zip(ids, people, strict=True)
            )
        return {}

    async def settle(self, look_every: float = LOOK_EVERY) -> Json:
        """Wait until all that came in is handled and all that goes out is marked as sent; say when that was."""
        async with asyncio.timeout(SETTLE_SECONDS):
            while not await self._app.settled():  # noqa: ASYNC110 - the program has no event for "all is done"
                await asyncio.sleep(look_every)
        ended = time.monotonic()
        async with self._app.database.reading() as session:
            states = await session.execute(
                select(OutboxMessage.state, func.count())
                .where(OutboxMessage.platform == Platform.TELEGRAM)
                .group_by(OutboxMessage.state)
            )
            outbox = dict(states.all())
            still_open = await count(session, InboxEvent.closed_at.is_(None), of=InboxEvent)
        sent = outbox.pop(OutboxState.SENT, 0)
        return {"ended": ended, "sent": sent, "not_sent": sum(outbox.values()), "open": still_open}

    async def send(self, ids: list[int]) -> Json:
        """Queue a notice for each of these users in one transaction, then send all of them."""
        async with self._app.database.writing() as session:
            ctx = ReadContext(session, self._app.community, self._clock, None, frozenset(), self._app.community.locale)
            mission = (await session.execute(select(Mission.id))).scalar_one()
            users = select(Account.person_id).where(Account.user.in_([str(one) for one in ids]))
            people = (await session.execute(users.where(Account.platform == Platform.TELEGRAM))).scalars().all()
            queued = await notify_all(ctx, people, NOTICE, data={"mission": mission})
        began, clock_began = time.monotonic(), self._clock.now()
        self._app.wake()
        settled = await self.settle(LOOK_SELDOM)
        async with self._app.database.reading() as session:
            last = (await session.execute(select(func.max(OutboxMessage.finished_at)))).scalar_one()
        ended = began + (last - clock_began).total_seconds() if last is not None else settled["ended"]
        return {**settled, "queued": queued, "began": began, "ended": ended}

    async def broadcast(self, ids: list[int]) -> Json:
        """Queue an announcement for each of these users; answers when it is queued, not when it is sent."""
        now = self._clock.now()
        began = time.monotonic()
        async with self._app.database.writing() as session:
            author = (await session.execute(select(Person.id).limit(1))).scalar_one()
            announcement = Announcement(
                author_id=author,
                title_it="Missione a Tel Aviv",
                text_it="Domani alle 9 si aprono le iscrizioni agli incontri B2B di MIXiii BIOMED.",
                title_en="Mission to Tel Aviv",
                text_en="Sign-up for the B2B meetings at MIXiii BIOMED opens tomorrow at 9.",
                fallback=Locale.ITALIAN,
                status=AnnouncementStatus.SENDING,
                recipients=len(ids),
                created_at=now,
                started_at=now,
                resumed_at=now,
            )
            session.add(announcement)
            await session.flush()
            ctx = ReadContext(session, self._app.community, self._clock, None, frozenset(), self._app.community.locale)
            queued = 0
            for start in range(0, len(ids), IDS_AT_ONCE):
                users = [str(one) for one in ids[start : start + IDS_AT_ONCE]]
                found = await session.execute(select(Account.person_id).where(Account.user.in_(users)))
                queued += await notify_all(
                    ctx,
                    found.scalars().all(),
                    ANNOUNCEMENT,
                    announcement_id=announcement.id,
                    data={"announcement": announcement.id},
                )
        self._app.wake()
        return {"queued": queued, "seconds": time.monotonic() - began}

    async def states(self) -> Json:
        """How many rows of announcements ended how."""
        async with self._app.database.reading() as session:
            found = await session.execute(
                select(OutboxMessage.state, func.count())
                .where(OutboxMessage.kind == ANNOUNCEMENT)
                .group_by(OutboxMessage.state)
            )
            return {state.value: number for state, number in found}

    async def sends(self) -> Json:
        """Whether this process is the one that sends."""
        return {"sends": any(sender.holds_lease for sender in self._app.senders.values())}

    async def profile(self) -> Json:
        """Begin to profile the event loop's thread; told again, end and answer with what took the time."""
        if self._profile is None:
            self._profile = cProfile.Profile()
            self._profile.enable()
            return {"report": ""}
        profile, self._profile = self._profile, None
        profile.disable()
        report = io.StringIO()
        stats = pstats.Stats(profile, stream=report)
        for order in ("tottime", "cumulative"):
            stats.sort_stats(order).print_stats(PROFILE_LINES)
        return {"report": report.getvalue()}


async def main() -> None:
    """Run, and serve until there are no more orders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--in-flight", type=int, default=8)
    parser.add_argument("--unrepeatable", type=int, default=1)
    parser.add_argument("--lease", type=float, default=15.0)
    parser.add_argument("--limits", action="store_true", help="keep the documented limits")
    parser.add_argument("--paid", action="store_true", help="keep those of paid broadcasts")
    parser.add_argument("--go-on", action="store_true", help="with a store that is filled already")
    arguments = parser.parse_args()
    logs.set_up("text", "ERROR")
    delivery: dict[str, float] = {
        "in_flight": arguments.in_flight,
        "unrepeatable_in_flight": arguments.unrepeatable,
        "lease_seconds": arguments.lease,
    }
    if arguments.paid:
        delivery |= {"telegram_paid_broadcast": True, "telegram_per_second": 1000}
    elif not arguments.limits:
        # The platform's limits would be all that is measured.
        delivery |= {"telegram_per_second": 0, "telegram_chat_seconds": 0, "telegram_group_per_minute": 0}
    program = Program(arguments.base_url, arguments.token, arguments.database, delivery, fill=not arguments.go_on)
    await program.start()
    try:
        await obey(
            {
                "members": program.members,
                "settle": program.settle,
                "send": program.send,
                "broadcast": program.broadcast,
                "states": program.states,
                "sends": program.sends,
                "profile": program.profile,
            }
        )
    finally:
        await program.stop()


if __name__ == "__main__":
    asyncio.run(main())
