"""The program with real adapters before stand-in servers, and what tests of delivery ask of its store."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from sqlalchemy import func, select, update

from bot.app import Application
from bot.config import Settings
from bot.delivery.sender import Sender
from bot.platforms.base import Adapter
from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.telegram.adapter import TelegramAdapter
from handlers.conversation.clock import SystemClock
from handlers.conversation.codec import screen_to_json
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import SCREEN, notify, refresh_card
from handlers.conversation.screen import Screen, screen
from storage.enums import PRIORITY_RANK, EventStatus, Locale, OutboxState, PersonStatus, Platform, Priority
from storage.models import Account, CardCopy, CommunityEvent, InboxEvent, OutboxMessage, Person
from storage.queries import outbox
from storage.queries.outbox import NewMessage
from tests.standins.slack import SlackServer
from tests.standins.slack.state import TEAM_ID
from tests.standins.telegram import TelegramServer

NO_PACE: dict[str, float] = {
    "telegram_per_second": 0,
    "telegram_chat_seconds": 0,
    "telegram_group_per_minute": 0,
    "slack_per_second": 0,
    "slack_chat_seconds": 0,
    "slack_edits_per_minute": 0,
    "lease_seconds": 1.5,
}
NO_LIMITS = {"events_in_ten_seconds": 0, "events_in_a_minute": 0}
CODE_KEY = "a-key-for-the-codes-of-tests-alone"


def words(text: str) -> Screen:
    """A screen of one line."""
    return screen().para(text).build()


class Program:
    """One process's worth of the program; several may share a store and servers."""

    def __init__(
        self,
        database_url: str,
        *,
        telegram: TelegramServer | None = None,
        slack: SlackServer | None = None,
        api_base_url: str = "",
        **delivery: float,
    ) -> None:
        settings = Settings.model_validate(
            {
                "database": {"url": database_url},
                "delivery": {**NO_PACE, **delivery},
                "limits": NO_LIMITS,
                "security": {"code_key": CODE_KEY},
            }
        )
        self.clock = SystemClock()
        self.app = Application(settings, clock=self.clock, adapters=[], ticking=False)
        adapters: list[Adapter] = []
        if telegram is not None:
            adapters.append(
                TelegramAdapter(
                    token=telegram.token,
                    mode="polling",
                    api_base_url=api_base_url or telegram.base_url,
                    fetch=self.app.fetch_file,
                    now=self.clock.now,
                )
            )
        if slack is not None:
            adapters.append(
                SlackAdapter(
                    bot_token=slack.bot_token,
                    app_token=slack.app_token,
                    mode="socket",
                    api_base_url=slack.api_base_url,
                    fetch=self.app.fetch_file,
                    now=self.clock.now,
                )
            )
        self.app.adapters.extend(adapters)
        self.telegram = telegram
        self.slack = slack

    @classmethod
    @asynccontextmanager
    async def open(cls, database_url: str, *platforms: Platform, **delivery: float) -> AsyncIterator[Self]:
        """Start servers and the program before them."""
        async with AsyncExitStack() as stack:
            telegram = slack = None
            if Platform.TELEGRAM in platforms:
                telegram = await stack.enter_async_context(TelegramServer())
            if Platform.SLACK in platforms:
                slack = await stack.enter_async_context(SlackServer())
            program = cls(database_url, telegram=telegram, slack=slack, api_base_url="", **delivery)
            async with program.running():
                yield program

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Between start and stop."""
        try:
            await self.app.start()
            yield
        finally:
            await self.app.stop()

    @property
    def t(self) -> TelegramServer:
        """Telegram's stand-in."""
        assert self.telegram is not None
        return self.telegram

    @property
    def s(self) -> SlackServer:
        """Slack's stand-in."""
        assert self.slack is not None
        return self.slack

    def sender(self, platform: Platform = Platform.TELEGRAM) -> Sender:
        """The sender of a platform."""
        return next(sender for (where, _), sender in self.app.senders.items() if where is platform)

    def account(self, platform: Platform) -> str:
        """Our account there."""
        return next(account for where, account in self.app.senders if where is platform)

    # People

    async def person(self, **users: str) -> int:
        """A member with accounts, by platform; they acted last on the last one named."""
        now = self.clock.now()
        async with self.app.database.writing() as session:
            person = Person(
                status=PersonStatus.MEMBER,
                name="Anna Rossi",
                locale=Locale.ENGLISH,
                notice_version="2018-04",
                notice_accepted_at=now,
                joined_at=now,
                created_at=now,
            )
            session.add(person)
            await session.flush()
            for position, (name, user) in enumerate(users.items()):
                platform = Platform(name)
                session.add(
                    Account(
                        platform=platform,
                        account=TEAM_ID if platform is Platform.SLACK else self.account(platform),
                        user=user,
                        chat=user,
                        person_id=person.id,
                        last_acted_at=now - timedelta(hours=len(users) - position),
                    )
                )
            return person.id

    async def reachable(self, person_id: int) -> dict[Platform, bool]:
        """Which addresses of a person are on."""
        async with self.app.database.reading() as session:
            found = await session.execute(
                select(Account.platform, Account.reachable).where(Account.person_id == person_id)
            )
            return dict(found.all())

    def started(self, name: str = "Anna") -> str:
        """Somebody on Telegram who has started the bot; the id of their chat."""
        user = self.t.user(name)
        user.account.started = True
        return str(user.id)

    # The outbox

    def message(
        self,
        chat: str,
        text: str,
        *,
        priority: Priority = Priority.REMINDER,
        again: bool = True,
        platform: Platform = Platform.TELEGRAM,
        due: datetime | None = None,
        **fields: Any,
    ) -> NewMessage:
        """A row to be."""
        now = self.clock.now()
        return NewMessage(
            platform=platform,
            account=self.account(platform),
            chat=chat,
            kind=SCREEN,
            data={"screen": screen_to_json(words(text))},
            priority=priority,
            rank=PRIORITY_RANK[priority],
            due_at=due or now,
            created_at=now,
            policy_again=again,
            **fields,
        )

    async def queue(self, *rows: NewMessage) -> list[int]:
        """Commit rows and wake the senders."""
        async with self.app.database.writing() as session:
            ids = await outbox.queue(session, rows)
        self.app.wake()
        return ids

    async def reply(self, chat: str, *texts: str, platform: Platform = Platform.TELEGRAM, **fields: Any) -> list[int]:
        """Answer somebody, as the router and the receiver do it."""
        rows = [
            self.message(
                chat,
                text,
                priority=Priority.REPLY,
                platform=platform,
                state=OutboxState.SENDING,
                claim=self.app.claim,
                claimed_at=self.clock.now(),
                attempts=1,
                **fields,
            )
            for text in texts
        ]
        async with self.app.database.writing() as session:
            ids = await outbox.queue(session, rows)
        self.app.receiver.spawn(
            self.sender(platform).send_replies(list(zip(ids, rows, strict=True))), name="replies of a test"
        )
        return ids

    async def notice(self, person_id: int, kind: str, **data: object) -> None:
        """Queue a notice."""
        async with self.app.database.writing() as session:
            assert await notify(self._context(session), person_id, kind, data=data)
        self.app.wake()

    def _context(self, session: Any) -> ReadContext:
        return ReadContext(session, self.app.community, self.clock, None, frozenset(), Locale.ENGLISH)

    async def row(self, row_id: int) -> OutboxMessage:
        """A row as it is now."""
        async with self.app.database.reading() as session:
            return (await session.execute(select(OutboxMessage).where(OutboxMessage.id == row_id))).scalar_one()

    async def states(self) -> dict[OutboxState, int]:
        """How many rows are in each state."""
        async with self.app.database.reading() as session:
            found = await session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
            return dict(found.all())

    async def open_events(self) -> list[InboxEvent]:
        """What came in and is not handled."""
        async with self.app.database.reading() as session:
            found = await session.execute(select(InboxEvent).where(InboxEvent.closed_at.is_(None)))
            return list(found.scalars())

    # Cards

    async def event(self, title: str = "Tavola rotonda") -> int:
        """A published event."""
        now = self.clock.now()
        async with self.app.database.writing() as session:
            event = CommunityEvent(
                uid=uuid4().hex,
                title=title,
                zone="Europe/Rome",
                starts_wall="2099-04-19T17:30",
                ends_wall="2099-04-19T19:30",
                starts_at=now + timedelta(days=9),
                ends_at=now + timedelta(days=9, hours=2),
                language=Locale.ITALIAN,
                status=EventStatus.PUBLISHED,
                created_at=now,
                published_at=now,
            )
            session.add(event)
            await session.flush()
            return event.id

    async def renamed(self, event_id: int, title: str) -> None:
        """Change an event, and with it every copy of its card."""
        async with self.app.database.writing() as session:
            await session.execute(update(CommunityEvent).where(CommunityEvent.id == event_id).values(title=title))
            await refresh_card(self._context(session), CardKey("event", event_id))
        self.app.wake()

    async def copies(self) -> list[CardCopy]:
        """Every posted copy of a card."""
        async with self.app.database.reading() as session:
            return list((await session.execute(select(CardCopy).order_by(CardCopy.id))).scalars())

    # Waiting

    async def until(self, condition: Callable[[], Awaitable[bool] | bool], seconds: float = 8.0) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while True:
            found = condition()
            if found if isinstance(found, bool) else await found:
                return
            if time.monotonic() > end:
                raise AssertionError(f"it did not come within {seconds} s; rows: {await self.states()}")
            await asyncio.sleep(0.01)

    async def all_sent(self, ids: Sequence[int], seconds: float = 8.0) -> None:
        """Wait until rows are sent."""

        async def sent() -> bool:
            return all([(await self.row(row_id)).state is OutboxState.SENT for row_id in ids])

        await self.until(sent, seconds)

    async def came_to(self, row_id: int, state: OutboxState, seconds: float = 8.0) -> OutboxMessage:
        """Wait until a row is in this state."""

        async def there() -> bool:
            return (await self.row(row_id)).state is state

        await self.until(there, seconds)
        return await self.row(row_id)

    def texts(self, chat: str) -> list[str]:
        """What the bot wrote in a Telegram chat, in order."""
        return [message.text for message in self.t.state.chats[int(chat)].visible() if message.is_from_bot]

    def sent_at(self, chat: str) -> list[float]:
        """When messages were accepted for a Telegram chat (monotonic)."""
        return [call.at for call in self.t.sent if call.method == "sendmessage" and call.chat_id == int(chat)]
