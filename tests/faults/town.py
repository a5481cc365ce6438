"""A community before the killings: members, an event, an invitation; and what the store says of them afterwards."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select

from handlers.conversation.clock import SystemClock
from handlers.conversation.codec import screen_to_json
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.invitations import create_invite
from handlers.conversation.notify import SCREEN
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.conversation.screen import screen
from storage.engine import Database, count
from storage.enums import (
    PRIORITY_RANK,
    Answer,
    DigestFrequency,
    EventStatus,
    Locale,
    OrganisationCategory,
    OutboxState,
    PersonStatus,
    Platform,
    Priority,
)
from storage.migrations import upgrade
from storage.models import (
    Account,
    CommunityEvent,
    Draft,
    EventAnswer,
    InboxEvent,
    Invite,
    Organisation,
    OutboxMessage,
    Person,
)
from storage.queries import outbox
from storage.queries.outbox import NewMessage

CODE = "FILANDE462"
CODE_KEY = "a-key-for-the-codes-of-tests-alone"
"""The program gets it too, so that it knows the invitation."""
INVITATIONS = 50
SETTLED = frozenset(OutboxState) - {OutboxState.QUEUED, OutboxState.SENDING}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A store of today's schema, seen from beside the program."""
    database = Database(url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


@dataclass(frozen=True)
class Town:
    """The store, seen from beside the program."""

    database: Database
    platform: Platform
    account: str
    event_id: int

    @classmethod
    async def found(cls, database: Database, platform: Platform, account: str, members: dict[str, str]) -> "Town":
        """Write the community down; members by their id on the platform."""
        now = SystemClock().now()
        async with database.writing() as session:
            house = Organisation(name="Biofilande", category=OrganisationCategory.COMPANY)
            session.add(house)
            await session.flush()
            await create_invite(
                session, house.id, codes=CodeKeeper(CODE_KEY.encode()), by=None, uses=INVITATIONS, now=now, code=CODE
            )
            for user, name in members.items():
                person = Person(
                    status=PersonStatus.MEMBER,
                    name=name,
                    organisation_id=house.id,
                    locale=Locale.ITALIAN,
                    notice_version=NOTICE_VERSION,
                    notice_accepted_at=now,
                    joined_at=now,
                    created_at=now,
                    digest_frequency=DigestFrequency.OFF,
                )
                session.add(person)
                await session.flush()
                session.add(
                    Account(
                        platform=platform,
                        account=account,
                        user=user,
                        chat=user,
                        person_id=person.id,
                        last_acted_at=now,
                    )
                )
            event = CommunityEvent(
                uid=uuid4().hex,
                title="Tavola rotonda",
                zone="Europe/Rome",
                starts_wall="2099-04-19T17:30",
                ends_wall="2099-04-19T19:30",
                starts_at=now + timedelta(days=30),
                ends_at=now + timedelta(days=30, hours=2),
                language=Locale.ITALIAN,
                status=EventStatus.PUBLISHED,
                created_at=now,
                published_at=now,
            )
            session.add(event)
            await session.flush()
        return cls(database, platform, account, event.id)

    async def queue(self, chats: Sequence[str], text: str, *, again: bool) -> None:
        """Queue something for each of these chats: a reminder, or an announcement that may not be repeated."""
        priority = Priority.REMINDER if again else Priority.ANNOUNCEMENT
        now = SystemClock().now()
        rows = [
            NewMessage(
                platform=self.platform,
                account=self.account,
                chat=chat,
                kind=SCREEN,
                data={"screen": screen_to_json(screen().para(text).build())},
                priority=priority,
                rank=PRIORITY_RANK[priority],
                due_at=now,
                created_at=now,
                policy_again=again,
            )
            for chat in chats
        ]
        async with self.database.writing() as session:
            await outbox.queue(session, rows)

    async def chats_in(self, state: OutboxState) -> set[str]:
        """Whose messages ended so."""
        async with self.database.reading() as session:
            found = await session.execute(select(OutboxMessage.chat).where(OutboxMessage.state == state))
            return set(found.scalars())

    async def answer_of(self, user: str) -> Answer | None:
        """What somebody said to the event."""
        async with self.database.reading() as session:
            found = await session.execute(
                select(EventAnswer.answer)
                .join(Account, Account.person_id == EventAnswer.person_id)
                .where(Account.user == user, EventAnswer.event_id == self.event_id)
            )
            return found.scalar_one_or_none()

    async def has_answered(self, user: str, answer: Answer, seconds: float) -> None:
        """Wait until the store has somebody's answer.

        Raises:
            TimeoutError: it does not get it.
        """
        async with asyncio.timeout(seconds):
            while await self.answer_of(user) is not answer:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)

    async def settled(self, seconds: float) -> None:
        """Wait until all that came in is handled and all that was to be sent is settled.

        Raises:
            AssertionError: it is not.
        """
        try:
            async with asyncio.timeout(seconds):
                while await self.open_events() or not (await self.states()).keys() <= SETTLED:  # noqa: ASYNC110 - same
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"{await self.states()}, {await self.open_events()} events open") from None

    async def profile(self, user: str) -> Person | None:
        """Who that is."""
        async with self.database.reading() as session:
            found = await session.execute(
                select(Person).join(Account, Account.person_id == Person.id).where(Account.user == user)
            )
            return found.scalar_one_or_none()

    async def invitations_used(self) -> int:
        """How often the code was used."""
        async with self.database.reading() as session:
            return INVITATIONS - (await session.execute(select(Invite.uses_left))).scalar_one()

    async def drafts(self) -> int:
        """How many half-filled forms there are."""
        async with self.database.reading() as session:
            return await count(session, of=Draft)

    async def states(self) -> dict[OutboxState, int]:
        """How many rows of the outbox are in each state."""
        async with self.database.reading() as session:
            found = await session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
            return dict(found.all())

    async def open_events(self) -> int:
        """How many updates were stored and not handled."""
        async with self.database.reading() as session:
            return await count(session, InboxEvent.closed_at.is_(None), of=InboxEvent)
