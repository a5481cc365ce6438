"""What becomes of a notice that is about to be sent, by what its reader wishes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.wishes import Elsewhere, Later, Posted, Unwanted, Verdict, verdict_on, wishes_of
from storage.engine import Database
from storage.enums import EventStatus, Locale, NoticeTopic, PersonStatus, Platform, QuietChoice, TopicLevel
from storage.models import Account, CommunityEvent, Person, PersonTopic
from storage.quiet_hours import QuietHours

NIGHT = datetime(2018, 4, 3, 20, tzinfo=UTC)
"""22:00 in Rome."""
MORNING = datetime(2018, 4, 4, 5, 30, tzinfo=UTC)
"""07:30 in Rome, when the quiet hours end."""
NOON = datetime(2018, 4, 3, 10, tzinfo=UTC)


class Reader:
    """Somebody on Telegram and, longer ago, on the web."""

    def __init__(self, database: Database, event: int) -> None:
        self.database = database
        self.event = event

    @classmethod
    async def come(cls, database: Database) -> "Reader":
        async with database.writing() as session:
            person = Person(
                id=1, status=PersonStatus.MEMBER, name="Anna", locale=Locale.ITALIAN, notice_version="1",
                notice_accepted_at=NOON, created_at=NOON,
            )  # fmt: skip
            session.add(person)
            await session.flush()
            for platform, hours in ((Platform.TELEGRAM, 1), (Platform.WEB, 5)):
                session.add(
                    Account(
                        platform=platform, account="us", user="anna", chat="anna", person_id=1,
                        last_acted_at=NOON - timedelta(hours=hours),
                    )
                )  # fmt: skip
            event = CommunityEvent(
                organiser_id=1, uid="visit", title="Visita", description="", place="Bresso", zone="Europe/Rome",
                language=Locale.ITALIAN,
                starts_at=MORNING + timedelta(minutes=45), ends_at=MORNING + timedelta(hours=3),
                starts_wall="2018-04-04T08:15", ends_wall="2018-04-04T10:30",
                status=EventStatus.PUBLISHED, created_at=NOON,
            )  # fmt: skip
            session.add(event)
            await session.flush()
            return cls(database, event.id)

    async def changes(self, **values: object) -> None:
        async with self.database.writing() as session:
            person = await session.get_one(Person, 1)
            for name, value in values.items():
                setattr(person, name, value)

    async def wants(self, topic: str, level: TopicLevel) -> None:
        async with self.database.writing() as session:
            session.add(PersonTopic(person_id=1, topic=topic, level=level, at=NOON))

    async def verdict(self, kind: str, now: datetime, **changes: Any) -> Verdict:
        posted = Posted(kind, {"event": self.event}, (Platform.TELEGRAM, "us", "anna"), None, True, False)
        posted = replace(posted, **changes)
        community = Community("Cluster", quiet_hours=QuietHours())
        async with self.database.reading() as session:
            person = await session.get_one(Person, 1)
            clock = MovableClock(now, running=False)
            ctx = ReadContext(session, community, clock, person, frozenset(), person.locale, posted.address[0])
            wishes = await wishes_of(session, [person], community, now)
            return await verdict_on(ctx, posted, wishes[1])


@pytest.fixture
async def anna(database: Database) -> Reader:
    return await Reader.come(database)


async def test_by_day_it_goes(anna: Reader) -> None:
    assert await anna.verdict("event.approved", NOON) is None


async def test_at_night_it_waits(anna: Reader) -> None:
    assert await anna.verdict("event.approved", NIGHT) == Later(MORNING)
    await anna.changes(quiet=QuietChoice.OFF)
    assert await anna.verdict("event.approved", NIGHT) is None


async def test_an_answer_comes_at_any_hour(anna: Reader) -> None:
    assert await anna.verdict("identity.joined", NIGHT, data={}) is None


async def test_what_is_over_in_the_morning_comes_at_once_or_is_missed(anna: Reader) -> None:
    soon = {"expires_at": NIGHT + timedelta(hours=2)}
    assert await anna.verdict("event.approved", NIGHT, **soon) is None
    assert await anna.verdict("event.invitation", NIGHT, **soon) == Later(MORNING), "where it expires"


async def test_what_begins_early_in_the_morning_is_told_before(anna: Reader) -> None:
    assert await anna.verdict("event.cancelled", NIGHT) is None
    async with anna.database.writing() as session:
        (await session.get_one(CommunityEvent, anna.event)).starts_at = MORNING + timedelta(hours=2)
    assert await anna.verdict("event.cancelled", NIGHT) == Later(MORNING)


async def test_levels(anna: Reader) -> None:
    await anna.wants(NoticeTopic.EVENTS, TopicLevel.DIGEST)
    assert await anna.verdict("event.invitation", NOON) == Unwanted("its reader wants _events in the digest")
    await anna.wants(NoticeTopic.ANSWERS, TopicLevel.DIGEST)
    kept = await anna.verdict("knowhow.answered", NOON, data={"answer": 1})
    assert kept == Unwanted("its reader wants _answers in the digest", keep=True)
    await anna.wants(NoticeTopic.EVENT_REMINDERS, TopicLevel.MUTED)
    assert await anna.verdict("event.reminder", NOON) == Unwanted("its reader has muted _event_reminders")
    assert await anna.verdict("event.cancelled", NOON) is None, "what they take part in cannot be turned down"


async def test_who_gets_no_digest_gets_it_at_once(anna: Reader) -> None:
    await anna.wants(NoticeTopic.EVENTS, TopicLevel.DIGEST)
    await anna.changes(status=PersonStatus.GUEST)
    assert await anna.verdict("event.invitation", NOON) is None


async def test_what_is_urgent_does_not_wait_for_a_digest(anna: Reader) -> None:
    """A reminder of what begins within two days, by a level that an old button may have set."""
    await anna.wants(NoticeTopic.EVENT_REMINDERS, TopicLevel.DIGEST)
    assert await anna.verdict("event.reminder", NOON) is None
    assert isinstance(await anna.verdict("event.reminder", NOON - timedelta(days=5)), Unwanted)


async def test_one_platform_always(anna: Reader) -> None:
    assert await anna.verdict("event.approved", NOON) is None
    await anna.changes(channel=Platform.WEB)
    moved = await anna.verdict("event.approved", NOON)
    assert isinstance(moved, Elsewhere)
    assert moved.account.platform is Platform.WEB
    assert await anna.verdict("event.approved", NOON, may_move=False) is None, "it may have arrived there already"
    assert await anna.verdict("announcement_test", NOON, data={}) is None, "it comes where it was asked for"
    async with anna.database.writing() as session:
        (await session.get_one(Account, 2)).reachable = False
    assert await anna.verdict("event.approved", NOON) is None, "there is no other way"


async def test_the_wishes_of_many_cost_one_look(database: Database) -> None:
    """A broadcast asks for each of its readers."""
    async with database.writing() as session:
        people = [
            Person(
                status=PersonStatus.MEMBER, name=f"Persona {number}", locale=Locale.ITALIAN, notice_version="1",
                notice_accepted_at=NOON, created_at=NOON,
            )
            for number in range(20)
        ]  # fmt: skip
        session.add_all(people)
    counted: list[object] = []
    async with database.reading() as session:
        sync = session.sync_session
        event.listen(sync, "do_orm_execute", counted.append)
        for several in (people[:1], people):
            counted.clear()
            found = await wishes_of(session, several, Community("Cluster"), NOON)
            assert len(found) == len(several)
            assert len(counted) == 1
