"""A whole community under test: the real program on a real database, with stand-ins for the far servers only."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import Application
from bot.config import Settings
from bot.platforms.base import Adapter
from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.platforms.webchat.payloads import COMMUNITY
from bot.platforms.webchat.stored_history import StoredHistory
from handlers.conversation.clock import MovableClock
from handlers.conversation.codec import screen_from_json
from handlers.conversation.screen import Button, Screen, plain
from storage.enums import Locale, OrganisationCategory, PersonStatus, Platform, Role
from storage.models import Account, Lease, Organisation, Person, PersonRole, PostKind, Sector, Topic, WebMessage
from storage.queries import leases
from storage.queries.announcements import end_trial
from tests.journeys.people import PersonDriver, Seen, SlackPerson, TelegramPerson, WebPerson
from tests.standins.slack import SlackServer
from tests.standins.slack.state import Channel as SlackChannel
from tests.standins.telegram import TelegramServer
from tests.standins.telegram.groups import TelegramGroup

START = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
"""Tuesday 3 April 2018, 09:00 in Rome."""
SIGNING_SECRET = "journey-signing-secret"
NO_PACE = {
    "telegram_per_second": 0,
    "telegram_chat_seconds": 0,
    "telegram_group_per_minute": 0,
    "slack_per_second": 0,
    "slack_chat_seconds": 0,
    "slack_edits_per_minute": 0,
}


NO_LIMITS = {"events_in_ten_seconds": 0, "events_in_a_minute": 0}
CODE_KEY = "a-key-for-the-codes-of-tests-alone"


class CommunityUnderTest:
    """The program with one platform, and the people in it."""

    slash_command = "/cluster"

    def __init__(
        self,
        platform: Platform,
        clock: MovableClock,
        server: TelegramServer | SlackServer | None,
        settings: Settings,
        folder: Path,
    ) -> None:
        self.platform = platform
        self.clock = clock
        self.server = server
        self.people: list[PersonDriver] = []
        self._settings = settings
        self._folder = folder
        self._next = 0
        self._posts: list[tuple[str, Screen]] = []
        self._drawn: dict[str, tuple[object, Screen]] = {}
        self.app = self._program()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        platform: Platform,
        database_url: str,
        folder: Path,
        *,
        clock: MovableClock | None = None,
        trial: bool = False,
        announcements: dict[str, object] | None = None,
        mail: dict[str, object] | None = None,
        limits: dict[str, int] | None = None,
        digests: dict[str, object] | None = None,
    ) -> AsyncIterator[Self]:
        """Start the program on one platform; past its trial unless said otherwise."""
        clock = clock or MovableClock(START)
        async with AsyncExitStack() as stack:
            server: TelegramServer | SlackServer | None = None
            extra: dict[str, dict[str, object]] = {}
            match platform:
                case Platform.TELEGRAM:
                    server = await stack.enter_async_context(TelegramServer())
                    group = server.group("Community", [], kind="supergroup")
                    group.add_bot(admin=True)
                    extra["telegram"] = {"community_chat": str(group.id)}
                case Platform.SLACK:
                    server = await stack.enter_async_context(SlackServer(signing_secret=SIGNING_SECRET))
                    channel = server.channel("community", members=[], bot=True)
                    extra["slack"] = {"community_channel": channel.id}
                case Platform.WEB:
                    pass
            extra["announcements"] = announcements or {}
            extra["mail"] = mail or {}
            extra["digests"] = digests or {}
            settings = Settings.model_validate(
                {
                    "database": {"url": database_url},
                    "delivery": NO_PACE,
                    "limits": limits or NO_LIMITS,
                    "security": {"code_key": CODE_KEY},
                    **extra,
                }
            )
            community = cls(platform, clock, server, settings, folder)
            try:
                await community.starts()
                if not trial:
                    async with community.app.database.writing() as session:
                        await end_trial(session, None, clock.now())
                yield community
                await community.settle()
            finally:
                await community.app.stop()
            if server is not None:
                # An edit that changes nothing is answered so, and taken as done.
                refused = [one for one in server.violations if "message is not modified" not in one]
                assert refused == [], refused

    def _program(self) -> Application:
        """The program, not yet started."""
        app = Application(self._settings, clock=self.clock, adapters=[], ticking=False)
        app.adapters.append(self._adapter(app))
        return app

    def _adapter(self, app: Application) -> Adapter:
        now, server = self.clock.now, self.server
        match server:
            case TelegramServer():
                return TelegramAdapter(
                    token=server.token, mode="polling", api_base_url=server.base_url, fetch=app.fetch_file, now=now
                )
            case SlackServer():
                return SlackAdapter(
                    bot_token=server.bot_token,
                    app_token=server.app_token,
                    mode="socket",
                    api_base_url=server.api_base_url,
                    slash_command=self.slash_command,
                    fetch=app.fetch_file,
                    now=now,
                )
        uploads = self._folder / "uploads"
        return WebChatAdapter(history=StoredHistory(app.database), now=now, fetch=app.fetch_file, uploads=uploads)

    async def starts(self) -> None:
        """Start the program and wait until it listens: it first handles what had come before."""
        await self.app.start()
        await self.until(lambda: self.app.adapters[0].healthy, 10)

    async def restart(self) -> None:
        """Stop the program and start it anew, on the same store and before the same people."""
        await self.settle()
        await self.app.stop()
        self.app = self._program()
        await self.starts()
        adapter = self.app.adapters[0]
        for person in self.people:
            if isinstance(person, WebPerson):
                assert isinstance(adapter, WebChatAdapter)
                person.adapter = adapter
        await self.settle()

    # People

    async def stranger(self, name: str, *, locale: Locale = Locale.ITALIAN) -> PersonDriver:
        """Somebody the bot has never met."""
        self._next += 1
        adapter = self.app.adapters[0]
        driver: PersonDriver
        match self.platform:
            case Platform.TELEGRAM:
                assert isinstance(adapter, TelegramAdapter)
                assert isinstance(self.server, TelegramServer)
                driver = TelegramPerson(self, name, locale, adapter, self.server)
            case Platform.SLACK:
                assert isinstance(adapter, SlackAdapter)
                assert isinstance(self.server, SlackServer)
                driver = SlackPerson(self, name, locale, adapter, self.server)
            case Platform.WEB:
                assert isinstance(adapter, WebChatAdapter)
                driver = WebPerson(self, name, locale, adapter, f"{name.split()[0].lower()}-{self._next}")
        self.people.append(driver)
        return driver

    async def member(
        self,
        name: str,
        *,
        locale: Locale = Locale.ITALIAN,
        roles: tuple[Role, ...] = (),
        status: PersonStatus = PersonStatus.MEMBER,
        organisation: str = "Istituto di Prova",
    ) -> PersonDriver:
        """Somebody who joined some time ago."""
        driver = await self.stranger(name, locale=locale)
        await self._join([driver], roles=roles, status=status, organisation=organisation)
        return driver

    async def crowd(self, number: int, *, locale: Locale = Locale.ITALIAN) -> list[PersonDriver]:
        """Many members, ``Persona00``, ``Persona01`` and so on."""
        people = [await self.stranger(f"Persona{position:02}", locale=locale) for position in range(number)]
        await self._join(people, roles=(), status=PersonStatus.MEMBER, organisation="Istituto di Prova")
        return people

    async def _join(
        self, drivers: list[PersonDriver], *, roles: tuple[Role, ...], status: PersonStatus, organisation: str
    ) -> None:
        now = self.clock.now()
        for driver in drivers:
            if isinstance(driver, TelegramPerson):
                driver.user.starts()
        if self.platform is Platform.TELEGRAM:
            await self.settle()
        async with self.app.database.writing() as session:
            house = await self._organisation(session, organisation)
            people = [
                Person(
                    status=status,
                    name=driver.name,
                    organisation_id=house.id,
                    locale=driver.locale,
                    notice_version="2018-04",
                    notice_accepted_at=now,
                    joined_at=now - timedelta(days=30),
                    created_at=now - timedelta(days=30),
                )
                for driver in drivers
            ]
            session.add_all(people)
            await session.flush()
            for driver, person in zip(drivers, people, strict=True):
                driver.id = person.id
                user = driver.account
                session.add(
                    Account(
                        platform=self.platform,
                        account=self.app.adapters[0].account,
                        user=user,
                        chat=user,
                        person_id=person.id,
                        last_acted_at=now - timedelta(days=1),
                    )
                )
                session.add_all(PersonRole(person_id=person.id, role=role, granted_at=now) for role in roles)

    async def _organisation(self, session: AsyncSession, name: str) -> Organisation:
        found = (await session.execute(select(Organisation).where(Organisation.name == name))).scalar_one_or_none()
        if found is None:
            found = Organisation(name=name, category=OrganisationCategory.COMPANY)
            session.add(found)
            await session.flush()
        return found

    def person_of(self, user: str) -> int:
        """The id of the person who has that account here."""
        return next(person.id for person in self.people if person.account == user)

    async def vocabulary(self) -> None:
        """The sectors and kinds of post that a community has."""
        async with self.app.database.writing() as session:
            for position, (key, italian, english) in enumerate(
                (
                    ("pharma", "Farmaceutica e terapie avanzate", "Pharma & advanced therapies"),
                    ("devices", "Dispositivi medici e diagnostica", "Medical devices & diagnostics"),
                    ("ict", "ICT per la salute", "ICT for health"),
                )
            ):
                session.add(Sector(key=key, name_it=italian, name_en=english, position=position))
            for position, (key, italian, english, deadline) in enumerate(
                (
                    ("practice", "Buona pratica", "Best practice", False),
                    ("question", "Domanda", "Question", False),
                    ("call", "Bando", "Funding call", True),
                )
            ):
                session.add(
                    PostKind(key=key, name_it=italian, name_en=english, has_deadline=deadline, position=position)
                )

    async def topics(self) -> None:
        """Topics of promotional news."""
        async with self.app.database.writing() as session:
            session.add(Topic(key="funding", name_it="Bandi", name_en="Funding", position=0, active=True))
            session.add(Topic(key="training", name_it="Formazione", name_en="Training", position=1, active=True))

    # The channel

    def channel_posts(self) -> list[Seen]:
        """What stands in the community's channel, as everybody reads it, oldest first."""
        match self.server:
            case TelegramServer():
                messages = self.telegram_group.messages
                return [
                    Seen(str(one.message_id), one.text, tuple(label for row in one.labels for label in row))
                    for one in messages
                ]
            case SlackServer():
                return [Seen(one.ts, one.seen, tuple(one.labels)) for one in self.slack_channel.messages]
        return [Seen(key, plain(shown), tuple(one.label for one in shown.buttons)) for key, shown in self._posts]

    def channel_texts(self) -> list[str]:
        """The words of :meth:`channel_posts`."""
        return [one.text for one in self.channel_posts()]

    def channel_post(self, within: str) -> Seen:
        """The newest post of the channel that holds these words."""
        for one in reversed(self.channel_posts()):
            if within in one.text:
                return one
        raise AssertionError(f"the channel has no {within!r}: {self.channel_texts()}")

    def channel_button(self, label: str, within: str) -> tuple[str, str]:
        """On the web: the message and the action of the newest such button in the channel."""
        for key, shown in reversed(self._posts):
            if within in plain(shown):
                for one in shown.buttons:
                    if isinstance(one, Button) and label in one.label:
                        return key, one.action
        raise AssertionError(f"the channel has no button {label!r}: {self.channel_posts()}")

    @property
    def telegram_group(self) -> TelegramGroup:
        """The community's group on Telegram."""
        assert isinstance(self.server, TelegramServer)
        return TelegramGroup(self.server, self.server.state.chats[int(self.app.community.channels[0].chat)])

    @property
    def slack_channel(self) -> SlackChannel:
        """The community's channel on Slack."""
        assert isinstance(self.server, SlackServer)
        return self.server.workspace.channels[self.app.community.channels[0].chat]

    # Sending

    @asynccontextmanager
    async def another_sends(self, platform: Platform | None = None) -> AsyncIterator[None]:
        """Another process has the right to send (on that platform, or on all): what is queued stays where it is."""
        senders = [one for (where, _), one in self.app.senders.items() if platform in {None, where}]
        await self._hand_leases([one.lease for one in senders], "another process")
        for one in senders:
            one.holds_lease = False
        try:
            yield
        finally:
            await self._hand_leases([one.lease for one in senders], self.app.claim)
            for one in senders:
                one.holds_lease = True
                one.wake()

    async def _hand_leases(self, names: list[str], holder: str) -> None:
        async with self.app.database.writing() as session:
            until = leases.this_machine_now() + timedelta(hours=1)
            await session.execute(update(Lease).where(Lease.name.in_(names)).values(holder=holder, until=until))

    # Time

    async def later(self, **span: float) -> None:
        """Let time pass and do what is due by then."""
        self.clock.advance(timedelta(**span))
        await self.tick()

    async def tick(self) -> None:
        """Do what is due now."""
        await self.app.tick()
        await self.settle()

    async def settle(self, seconds: float = 15.0) -> None:
        """Wait until everything that came in is handled and everything due was sent."""
        end = time.monotonic() + seconds
        calm = 0
        while calm < 2:
            if time.monotonic() > end:
                raise AssertionError("the program does not settle")
            if self._arriving() or not await self.app.settled():
                calm = 0
                await asyncio.sleep(0.003)
            else:
                calm += 1
                await asyncio.sleep(0.002)
        await self.look()

    async def look(self) -> None:
        """Look at what now stands in the web's chats, as their pages would show it; elsewhere it is always seen."""
        if self.platform is not Platform.WEB:
            return
        async with self.app.database.reading() as session:
            rows = (await session.execute(select(WebMessage).order_by(WebMessage.id))).scalars().all()
        chats: dict[str, list[tuple[str, Screen]]] = defaultdict(list)
        for row in rows:
            drawn = row.content.get("screen")
            if row.author or drawn is None:
                continue
            known = self._drawn.get(row.message_id)
            if known is None or known[0] != drawn:
                known = self._drawn[row.message_id] = (drawn, screen_from_json(drawn))
            chats[row.chat].append((row.message_id, known[1]))
        self._posts = chats[COMMUNITY]
        for person in self.people:
            if isinstance(person, WebPerson):
                person.looks(chats[person.speaker.key])

    def _arriving(self) -> bool:
        return isinstance(self.server, TelegramServer) and self.server.updates.has_unconfirmed

    async def at_once(self, *acts: Awaitable[None]) -> None:
        """Many act, none waiting for another; then everything that follows."""
        await asyncio.gather(*acts)
        await self.settle(60)

    async def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("it did not come")
            await asyncio.sleep(0.003)
