"""Sending once, holding back, going on, stopping, sending again, and pausing by itself."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select

from handlers.announcements import correcting, drafting, sending, service, watching
from handlers.announcements.jobs import progress_due, runs_due
from handlers.announcements.notices import PAUSED
from handlers.announcements.rules import Wording
from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import Refusal
from handlers.conversation.screen import Screen, plain
from storage.audience import Facet, Mark
from storage.engine import Database
from storage.enums import (
    AnnouncementStatus,
    ConsentPurpose,
    Locale,
    OutboxState,
    PersonStatus,
    Platform,
    Role,
    SubjectKind,
)
from storage.models import Account, Announcement, AuditEntry, CardCopy, Consent, OutboxMessage, Person
from storage.queries import outbox
from storage.queries.announcements import end_trial
from tests.handlers.announcements.factories import COMMUNITY, START, acting, add_person, reading, still_clock

MODULES = (sending, watching, correcting, drafting)
BOTH = {Locale.ITALIAN: Wording("Titolo", "Testo"), Locale.ENGLISH: Wording("Title", "Text")}


class Office:
    """A member of the staff with an announcement, and those who will get it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = still_clock()
        self.author = 0
        self.id = 0
        self.people: list[int] = []

    @classmethod
    async def open(cls, database: Database, people: int, *, promotional: bool = False) -> "Office":
        office = cls(database)
        async with database.writing() as session:
            author = await add_person(session, "Giulia", roles=(Role.STAFF,), reachable=False)
            office.author = author.id
            office.people = [(await add_person(session)).id for _ in range(people)]
            ctx = await acting(session, author, office.clock)
            await end_trial(session, None, office.clock.now())
            row = await drafting.write(ctx, 0, BOTH, fallback=Locale.ITALIAN, promotional=promotional)
            office.id = row.id
        return office

    async def does(self, what: str, *args: object) -> object:
        """The author presses a button."""
        async with self.database.writing() as session:
            author = await session.get(Person, self.author)
            assert author is not None
            module = next(one for one in MODULES if hasattr(one, what))
            return await getattr(module, what)(await acting(session, author, self.clock), self.id, *args)

    async def send(self) -> None:
        await self.does("send", len(self.people))

    async def row(self) -> Announcement:
        async with self.database.reading() as session:
            row = await session.get(Announcement, self.id)
            assert row is not None
            return row

    async def states(self) -> dict[OutboxState, int]:
        async with self.database.reading() as session:
            found = await session.execute(
                select(OutboxMessage.state, func.count())
                .where(OutboxMessage.announcement_id == self.id)
                .group_by(OutboxMessage.state)
            )
            return {OutboxState(state): number for state, number in found}

    async def set_states(self, wanted: Sequence[OutboxState]) -> None:
        """Settle the first rows as the sender would have, one a second."""
        async with self.database.writing() as session:
            rows = await session.execute(
                select(OutboxMessage).where(OutboxMessage.announcement_id == self.id).order_by(OutboxMessage.id)
            )
            for number, (row, state) in enumerate(zip(rows.scalars(), wanted, strict=False)):
                row.state = state
                row.attempts = 1
                row.finished_at = (
                    self.clock.now() + timedelta(milliseconds=number) if state is not OutboxState.SENDING else None
                )

    async def due(self) -> int:
        async with self.database.reading() as session:
            return len(
                await outbox.candidates(
                    session, Platform.TELEGRAM, "bot", now=self.clock.now() + timedelta(days=400), most=1000
                )
            )

    async def looks(self) -> int:
        return await progress_due(self.database, COMMUNITY, self.clock)


async def test_everybody_gets_one_row_and_a_second_tap_adds_none(database: Database) -> None:
    office = await Office.open(database, 5)
    await office.send()
    await office.send()
    await office.does("send", 77)
    assert await office.states() == {OutboxState.QUEUED: 5}
    row = await office.row()
    assert (row.status, row.recipients) == (AnnouncementStatus.SENDING, 5)
    async with database.reading() as session:
        entries = (await session.execute(select(AuditEntry.action))).scalars().all()
    assert entries == ["announcement.sent"]


async def test_fifty_taps_at_once_send_once(database: Database) -> None:
    office = await Office.open(database, 20)
    await asyncio.gather(*(office.send() for _ in range(50)))
    assert await office.states() == {OutboxState.QUEUED: 20}


async def test_another_number_than_on_the_button_sends_nothing_and_says_the_new_one(database: Database) -> None:
    office = await Office.open(database, 3)
    async with database.writing() as session:
        await add_person(session)
    outcome = await office.does("send", 3)
    assert isinstance(outcome, tuple)
    assert outcome[1].aim.reach.people == 4
    assert await office.states() == {}
    assert (await office.row()).status is AnnouncementStatus.DRAFT


async def test_nobody_and_half_a_text_are_refused(database: Database) -> None:
    office = await Office.open(database, 0)
    with pytest.raises(Refusal):
        await office.does("send", 0)
    office = await Office.open(database, 1)
    async with database.writing() as session:
        row = await session.get(Announcement, office.id)
        assert row is not None
        row.text_en = ""
    with pytest.raises(Refusal):
        await office.does("send", 1)


async def test_what_was_sent_is_no_draft_any_more(database: Database) -> None:
    office = await Office.open(database, 1)
    await office.send()
    for what, args in (
        ("mark", (Facet.GROUP, "staff", Mark.IN)),
        ("test_to_author", ()),
        ("discard", ()),
    ):
        with pytest.raises(Refusal):
            await office.does(what, *args)
    assert (await office.row()).status is AnnouncementStatus.SENDING


async def test_ten_thousand_at_one_press(database: Database) -> None:
    office = await Office.open(database, 0)
    async with database.writing() as session:
        for start in range(0, 10_000, 1000):
            ids = range(100_000 + start, 100_000 + start + 1000)
            await session.execute(
                insert(Person),
                [
                    {"id": one, "status": PersonStatus.MEMBER, "name": f"P{one}", "locale": Locale.ITALIAN,
                     "notice_version": "1", "notice_accepted_at": START, "created_at": START, "languages": []}
                    for one in ids
                ],
            )  # fmt: skip
            await session.execute(
                insert(Account),
                [
                    {"platform": Platform.TELEGRAM, "account": "bot", "user": str(one), "chat": str(one),
                     "person_id": one, "last_acted_at": START}
                    for one in ids
                ],
            )  # fmt: skip
    statements: list[str] = []

    @event.listens_for(database._writer.sync_engine, "before_cursor_execute")
    def note(*told: object) -> None:
        statements.append(str(told[2]))

    await office.does("send", 10_000)
    assert sum((await office.states()).values()) == 1999, "the press queues one batch; its sender can't be reached"
    await runs_due(database, COMMUNITY, office.clock)
    event.remove(database._writer.sync_engine, "before_cursor_execute", note)
    assert await office.states() == {OutboxState.QUEUED: 10_000}
    assert len(statements) < 90, "2,000 people a statement, not one by one"


async def test_paused_means_that_the_sender_sees_nothing(database: Database) -> None:
    office = await Office.open(database, 6)
    await office.send()
    await office.set_states([OutboxState.SENT, OutboxState.SENDING])
    await office.does("pause")
    await office.does("pause")
    assert await office.due() == 0
    assert await office.states() == {OutboxState.SENT: 1, OutboxState.SENDING: 1, OutboxState.HELD: 4}
    # The one on its way must be tried again: the platform was busy. It is held back too.
    await office.set_states([OutboxState.SENT, OutboxState.QUEUED])
    assert await office.looks() == 1
    assert await office.due() == 0
    await office.does("resume")
    assert await office.due() == 5
    assert (await office.row()).status is AnnouncementStatus.SENDING
    async with database.reading() as session:
        entries = (await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars().all()
    assert entries == ["announcement.sent", "announcement.paused", "announcement.resumed"]


async def test_stopped_is_for_good(database: Database) -> None:
    office = await Office.open(database, 4)
    await office.send()
    await office.set_states([OutboxState.SENT, OutboxState.SENDING])
    await office.does("stop")
    assert await office.states() == {OutboxState.SENT: 1, OutboxState.SENDING: 1, OutboxState.CANCELLED: 2}
    await office.looks()
    assert (await office.row()).finished_at is None, "one is still on its way"
    await office.does("resume")
    assert (await office.row()).status is AnnouncementStatus.STOPPED
    with pytest.raises(Refusal):
        await office.does("retry_failed")
    await office.set_states([OutboxState.SENT, OutboxState.QUEUED])
    await office.looks()
    assert await office.states() == {OutboxState.SENT: 1, OutboxState.CANCELLED: 3}
    assert (await office.row()).finished_at is not None
    async with database.reading() as session:
        person = await session.get(Person, office.people[-1])
        assert person is not None
        ctx = await reading(session, person, office.clock)
        assert await REGISTRY.notices[service.NOTICE].render(ctx, announcement=office.id) is None


async def test_the_card_is_edited_only_when_something_changed_and_closed_at_the_end(database: Database) -> None:
    office = await Office.open(database, 2)
    await office.send()
    async with database.writing() as session:
        session.add(
            CardCopy(
                card=f"announcement:{office.id}", platform=Platform.TELEGRAM, account="bot", chat="giulia",
                message_id="1", person_id=office.author, posted_at=START,
            )
        )  # fmt: skip

    async def edits() -> int:
        async with database.writing() as session:
            rows = (await session.execute(select(OutboxMessage).where(OutboxMessage.kind == "card"))).scalars().all()
            for row in rows:
                await session.delete(row)
            return len(rows)

    assert (await office.looks(), await edits()) == (1, 1)
    assert (await office.looks(), await edits()) == (0, 0)
    await office.set_states([OutboxState.SENT])
    assert (await office.looks(), await edits()) == (1, 1)
    await office.set_states([OutboxState.SENT, OutboxState.SENT])
    assert (await office.looks(), await edits()) == (1, 1)
    row = await office.row()
    assert row.status is AnnouncementStatus.DONE
    assert row.finished_at == office.clock.now()
    assert (await office.looks(), await edits()) == (0, 0)


async def test_it_pauses_by_itself_tells_the_author_once_and_can_go_on(database: Database) -> None:
    office = await Office.open(database, 60)
    async with database.writing() as session:
        session.add(
            Account(
                platform=Platform.WEB, account="web", user="giulia", chat="giulia", person_id=office.author,
                last_acted_at=START,
            )
        )  # fmt: skip
    await office.does("send", 61)
    await office.set_states([OutboxState.SENT] * 20 + [OutboxState.FAILED] * 19)
    await office.looks()
    assert (await office.row()).status is AnnouncementStatus.SENDING
    await office.set_states([OutboxState.SENT] * 20 + [OutboxState.FAILED] * 20)
    await office.looks()
    await office.looks()
    assert (await office.row()).status is AnnouncementStatus.PAUSED
    assert await office.due() == 0
    async with database.reading() as session:
        told = (await session.execute(select(OutboxMessage).where(OutboxMessage.kind == PAUSED))).scalars().all()
        assert [(one.person_id, one.data["failed"]) for one in told] == [(office.author, 20)]
        author = await session.get(Person, office.author)
        assert author is not None
        ctx = await reading(session, author, office.clock)
        shown = await REGISTRY.notices[PAUSED].render(ctx, announcement=office.id, failed=20)
        assert isinstance(shown, Screen)
        assert "20" in plain(shown)
    office.clock.advance(timedelta(minutes=5))
    await office.does("resume")
    await office.set_states([OutboxState.SENT] * 20 + [OutboxState.FAILED] * 20)  # settled before, in the test's order
    async with database.writing() as session:
        rows = (await session.execute(select(OutboxMessage).where(OutboxMessage.state == OutboxState.FAILED))).scalars()
        for row in rows:
            row.finished_at = START
    await office.looks()
    assert (await office.row()).status is AnnouncementStatus.SENDING


async def test_only_an_explicit_press_sends_again(database: Database) -> None:
    office = await Office.open(database, 6)
    await office.send()
    failed, uncertain, sent = OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.SENT
    await office.set_states([failed, failed, uncertain, uncertain, uncertain, sent])
    async with database.writing() as session:
        blocked = (await session.execute(select(Account).where(Account.person_id == office.people[0]))).scalar_one()
        blocked.reachable = False
        session.add(
            Account(
                platform=Platform.SLACK, account="T1", user="U1", chat="D1", person_id=office.people[1],
                last_acted_at=START,
            )
        )  # fmt: skip
    await office.looks()
    assert (await office.row()).status is AnnouncementStatus.DONE
    assert await office.due() == 0
    await office.does("resend_uncertain")
    await office.does("resend_uncertain")
    assert await office.states() == {failed: 2, OutboxState.QUEUED: 3, sent: 1}
    await office.does("retry_failed")
    assert await office.states() == {failed: 1, OutboxState.QUEUED: 4, sent: 1}
    row = await office.row()
    assert (row.status, row.finished_at) == (AnnouncementStatus.SENDING, None)
    async with database.reading() as session:
        moved = (
            await session.execute(select(OutboxMessage).where(OutboxMessage.person_id == office.people[1]))
        ).scalar_one()
        assert (moved.platform, moved.account, moved.chat, moved.attempts) == (Platform.SLACK, "T1", "D1", 0)
        reasons = await session.execute(
            select(AuditEntry.action, AuditEntry.reason, AuditEntry.subject_kind).order_by(AuditEntry.id)
        )
        assert list(reasons)[1:] == [
            ("announcement.resent", "3", SubjectKind.ANNOUNCEMENT),
            ("announcement.retried", "1", SubjectKind.ANNOUNCEMENT),
        ]


async def test_the_results_name_those_not_reached_page_by_page(database: Database) -> None:
    office = await Office.open(database, 40)
    await office.send()
    await office.set_states([OutboxState.FAILED] * 17 + [OutboxState.SENT] * 23)
    seen: list[str] = []
    for page in range(3):
        async with database.reading() as session:
            author = await session.get(Person, office.author)
            row = await session.get(Announcement, office.id)
            assert author is not None
            assert row is not None
            shown = await watching.results(await reading(session, author, office.clock), row, page)
        assert shown.pages == 2
        if page < 2:
            seen += [one.name for one in shown.names]
        else:
            assert shown.page == 1, "a page beyond the last is the last"
    assert len(seen) == len(set(seen)) == 17


async def test_a_test_goes_to_every_platform_in_every_language_once_a_tap(database: Database) -> None:
    office = await Office.open(database, 1)
    async with database.writing() as session:
        session.add_all(
            Account(
                platform=platform, account="a", user="giulia", chat="giulia", person_id=office.author,
                last_acted_at=START,
            )
            for platform in (Platform.SLACK, Platform.WEB)
        )  # fmt: skip
    numbers = await asyncio.gather(*(office.does("test_to_author") for _ in range(5)))
    assert sorted(str(number) for number in numbers) == ["0", "0", "0", "0", "4"]
    async with database.reading() as session:
        rows = (await session.execute(select(OutboxMessage))).scalars().all()
        assert {(row.platform, row.data["reader"]) for row in rows} == {
            (platform, reader) for platform in (Platform.SLACK, Platform.WEB) for reader in ("it", "en")
        }
        assert all(row.announcement_id is None for row in rows), "a test is no recipient"
        author = await session.get(Person, office.author)
        assert author is not None
        ctx = await reading(session, author, office.clock)
        shown = await REGISTRY.notices[service.TEST].render(ctx, announcement=office.id, reader="en")
        assert isinstance(shown, Screen)
        assert "Title" in plain(shown)
    office.clock.advance(timedelta(seconds=11))
    assert await office.does("test_to_author") == 4


async def test_promotional_news_is_dropped_at_the_last_moment_for_who_says_no(database: Database) -> None:
    office = await Office.open(database, 2, promotional=True)

    async def says(person: int, *, yes: bool) -> None:
        async with database.writing() as session:
            session.add(
                Consent(
                    person_id=person, purpose=ConsentPurpose.NEWS, given=yes, text_version="1",
                    locale=Locale.ITALIAN, platform=Platform.TELEGRAM, at=START,
                )
            )  # fmt: skip

    async def gets(person_id: int) -> bool:
        async with database.reading() as session:
            person = await session.get(Person, person_id)
            assert person is not None
            ctx = await reading(session, person, office.clock)
            return await REGISTRY.notices[service.NOTICE].render(ctx, announcement=office.id) is not None

    first, second = office.people
    await says(first, yes=True)
    await office.does("send", 1)
    assert await gets(first)
    assert not await gets(second)
    await says(first, yes=False)
    assert not await gets(first)
