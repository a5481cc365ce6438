"""What is new to one person, exactly once a period, and what becomes of it until it is read."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import ColumnElement, and_, case, event, literal, null, select, true, update

from handlers.announcements import drafting, sending
from handlers.announcements.rules import Wording
from handlers.conversation.actions import REGISTRY
from handlers.conversation.screen import Button, Screen, plain
from handlers.digests import rules, service
from handlers.digests.jobs import digests_due
from handlers.knowhow import service as knowhow
from storage.engine import Database
from storage.enums import (
    Answer,
    ApplicationStatus,
    DigestFrequency,
    EventStatus,
    Locale,
    MeetingStatus,
    MissionStatus,
    OutboxState,
    PartyAnswer,
    PersonStatus,
    PostStatus,
    Role,
)
from storage.models import (
    Account,
    Application,
    CommunityEvent,
    EventAnswer,
    Meeting,
    MeetingParty,
    Mission,
    OutboxMessage,
    Person,
    Post,
    PostKind,
    PostReading,
    Slot,
)
from storage.queries import digest_posts
from storage.queries.announcements import end_trial
from storage.queries.digests import reschedule, schedule_first
from tests.handlers.announcements.factories import COMMUNITY, START, acting, add_person, reading, still_clock

MONDAY = datetime.fromisoformat("2018-04-09T06:00+00:00")
"""The first Monday after START, 08:00 in Rome."""
WEEK = timedelta(days=7)


class Library:
    """A community with something to read, and a member who wants a weekly digest."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = still_clock()
        self.reader = 0
        self.author = 0
        self._kind = 0

    @classmethod
    async def open(cls, database: Database) -> "Library":
        library = cls(database)
        async with database.writing() as session:
            kind = PostKind(key="practice", name_it="Buona pratica", name_en="Best practice")
            session.add(kind)
            author = await add_person(session, "Autrice", roles=(Role.STAFF,))
            author.digest_frequency = DigestFrequency.OFF
            reader = await add_person(session, "Lettore")
            schedule_first(reader, START)
            await session.flush()
            library.reader, library.author, library._kind = reader.id, author.id, kind.id
        return library

    async def post(self, title: str, *, at: datetime = START, by: int = 0) -> int:
        async with self.database.writing() as session:
            row = Post(
                author_id=by or self.author, kind_id=self._kind, title=title, body="…", language=Locale.ITALIAN,
                status=PostStatus.PUBLISHED, created_at=at, published_at=at,
            )  # fmt: skip
            session.add(row)
            await session.flush()
            return row.id

    async def event(self, title: str, *, starts: datetime, organiser: int | None = None) -> int:
        async with self.database.writing() as session:
            row = CommunityEvent(
                uid=title, title=title, zone="Europe/Rome", starts_wall="-", ends_wall="-", starts_at=starts,
                ends_at=starts + timedelta(hours=2), language=Locale.ITALIAN, status=EventStatus.PUBLISHED,
                created_at=START, published_at=START, organiser_id=organiser,
            )  # fmt: skip
            session.add(row)
            await session.flush()
            return row.id

    async def mission(self, title: str, *, deadline: datetime, status: MissionStatus = MissionStatus.OPEN) -> int:
        async with self.database.writing() as session:
            row = Mission(
                title=title, place="Tel Aviv", first_day=date(2018, 7, 14), last_day=date(2018, 7, 17),
                zone="Asia/Jerusalem", deadline=deadline, status=status, created_at=START,
            )  # fmt: skip
            session.add(row)
            await session.flush()
            return row.id

    async def answers(self, event: int, answer: Answer) -> None:
        async with self.database.writing() as session:
            session.add(EventAnswer(event_id=event, person_id=self.reader, answer=answer, asked_at=self.clock.now()))

    async def person(self) -> Person:
        async with self.database.reading() as session:
            person = await session.get(Person, self.reader)
            assert person is not None
            return person

    async def tick(self) -> int:
        return await digests_due(self.database, COMMUNITY, self.clock)

    async def at(self, moment: datetime) -> int:
        self.clock.to(moment)
        return await self.tick()

    async def rows(self) -> Sequence[OutboxMessage]:
        async with self.database.reading() as session:
            statement = select(OutboxMessage).where(OutboxMessage.kind == service.NOTICE).order_by(OutboxMessage.id)
            return (await session.execute(statement)).scalars().all()

    async def drawn(self, row: OutboxMessage) -> Screen | None:
        """The digest as the sender would draw it now."""
        async with self.database.reading() as session:
            person = await session.get(Person, row.person_id)
            assert person is not None
            ctx = await reading(session, person, self.clock)
            shown = await REGISTRY.notices[service.NOTICE].render(ctx, **row.data)
            assert shown is None or isinstance(shown, Screen)
            return shown

    async def read(self) -> str:
        """The words of the newest digest."""
        shown = await self.drawn((await self.rows())[-1])
        return plain(shown) if shown else ""


@pytest.fixture
async def library(database: Database) -> Library:
    return await Library.open(database)


async def test_nothing_comes_before_its_time_and_one_when_it_has(library: Library) -> None:
    await library.post("Dalla cella al letto")
    assert (await library.person()).next_digest_at == MONDAY
    assert await library.at(MONDAY - timedelta(seconds=1)) == 0
    assert await library.at(MONDAY) == 1
    assert await library.tick() == 0
    row = (await library.rows())[0]
    assert (row.dedup_key, row.policy_again) == (f"digest:{library.reader}:2018-04-09T06:00Z", False)
    assert row.expires_at == MONDAY + timedelta(days=1)
    assert set(row.data) == {"posts", "events", "missions", "announcements", "more_posts", "kept", "until"}
    assert "Dalla cella" not in str(row.data), "ids only: it is drawn when it is sent"
    assert "Dalla cella al letto" in await library.read()
    assert (await library.person()).next_digest_at == MONDAY + WEEK


async def test_what_was_told_is_not_told_again(library: Library) -> None:
    await library.post("Primo")
    await library.event("Aperitivo", starts=MONDAY + 5 * WEEK)
    await library.mission("MIXiii", deadline=MONDAY + 5 * WEEK)
    assert await library.at(MONDAY) == 1
    first = await library.read()
    assert all(word in first for word in ("Primo", "Aperitivo", "MIXiii"))
    assert await library.at(MONDAY + WEEK) == 0, "nothing is new: nothing comes"
    assert (await library.person()).next_digest_at == MONDAY + 2 * WEEK, "and the period goes by"
    await library.post("Secondo", at=MONDAY + WEEK + timedelta(days=1))
    assert await library.at(MONDAY + 2 * WEEK) == 1
    second = await library.read()
    assert "Secondo" in second
    assert not any(word in second for word in ("Primo", "Aperitivo", "MIXiii"))


async def test_own_things_opened_and_answered_ones_are_not_news(library: Library) -> None:
    opened = await library.post("Aperto")
    await library.post("Mio", by=library.reader)
    await library.event("Mio evento", starts=MONDAY + WEEK * 5, organiser=library.reader)
    answered = await library.event("Risposto", starts=MONDAY + WEEK * 5)
    applied = await library.mission("Candidato", deadline=MONDAY + WEEK * 5)
    await library.mission("Bozza", deadline=MONDAY + WEEK * 5, status=MissionStatus.DRAFT)
    await library.mission("Scaduta", deadline=START)
    await library.answers(answered, Answer.CANT)
    async with library.database.writing() as session:
        session.add(PostReading(post_id=opened, person_id=library.reader, at=START))
        session.add(
            Application(
                mission_id=applied, person_id=library.reader, status=ApplicationStatus.WAITING, applied_at=START
            )
        )
    assert await library.at(MONDAY) == 0
    assert await library.rows() == []


async def test_what_is_opened_or_answered_until_it_is_sent_is_dropped(library: Library) -> None:
    post = await library.post("Letto intanto")
    event = await library.event("Risposto intanto", starts=MONDAY + 5 * WEEK)
    await library.post("Ancora nuovo")
    await library.at(MONDAY)
    async with library.database.writing() as session:
        session.add(PostReading(post_id=post, person_id=library.reader, at=MONDAY))
    await library.answers(event, Answer.GOING)
    text = await library.read()
    assert "Ancora nuovo" in text
    assert "intanto" not in text
    async with library.database.writing() as session:
        await session.execute(update(Post).values(status=PostStatus.REMOVED))
    assert await library.drawn((await library.rows())[0]) is None, "nothing is left to say"


async def test_after_a_long_stop_one_comes_and_not_several(library: Library) -> None:
    await library.post("Vecchio", at=START)
    await library.post("Nuovo", at=START + 3 * WEEK)
    assert await library.at(MONDAY + 5 * WEEK + timedelta(hours=3)) == 1
    text = await library.read()
    assert "Vecchio" in text
    assert "Nuovo" in text
    assert (await library.person()).next_digest_at == MONDAY + 6 * WEEK
    assert await library.tick() == 0


async def test_processes_that_look_at_the_same_time_send_one(library: Library) -> None:
    await library.post("Uno solo")
    library.clock.to(MONDAY)
    found = await asyncio.gather(*(library.tick() for _ in range(8)))
    assert sum(found) == 1
    assert len(await library.rows()) == 1


async def test_a_change_of_settings_in_between_wins(library: Library) -> None:
    await library.post("Novità")
    library.clock.to(MONDAY)
    async with library.database.reading() as session:
        person = await session.get(Person, library.reader)
        assert person is not None
        plans = await service.plan(session, [person], library.clock.now())
    async with library.database.writing() as session:
        person = await session.get(Person, library.reader)
        assert person is not None
        person.digest_hour = 18
        reschedule(person, library.clock.now())
    async with library.database.writing() as session:
        person = await session.get(Person, library.reader)
        assert person is not None
        ctx = await reading(session, person, library.clock)
        assert not await service.carry_out(ctx, plans)
    assert await library.rows() == []
    assert (await library.person()).next_digest_at == MONDAY + timedelta(hours=10)


async def test_what_is_published_while_it_is_gathered_comes_with_the_next(library: Library) -> None:
    await library.post("Prima")
    await library.post("Nell'ultimo mezzo minuto", at=MONDAY - timedelta(seconds=30))
    await library.at(MONDAY)
    assert "mezzo minuto" not in await library.read()
    assert await library.at(MONDAY + WEEK) == 1
    text = await library.read()
    assert "mezzo minuto" in text
    assert "Prima" not in text


async def test_who_cannot_be_reached_loses_nothing(library: Library) -> None:
    await library.post("Aspetta")
    async with library.database.writing() as session:
        await session.execute(update(Account).where(Account.person_id == library.reader).values(reachable=False))
    assert await library.at(MONDAY) == 0
    person = await library.person()
    assert (person.next_digest_at, person.last_digest_at) == (MONDAY + WEEK, None)
    async with library.database.writing() as session:
        await session.execute(update(Account).where(Account.person_id == library.reader).values(reachable=True))
    assert await library.at(MONDAY + WEEK) == 1
    assert "Aspetta" in await library.read()


@pytest.mark.parametrize("status", [PersonStatus.SUSPENDED, PersonStatus.LEFT, PersonStatus.GUEST])
async def test_only_members_get_one(library: Library, status: PersonStatus) -> None:
    await library.post("Per i soci")
    async with library.database.writing() as session:
        await session.execute(update(Person).where(Person.id == library.reader).values(status=status))
    assert await library.at(MONDAY) == 0


async def test_deadlines_alone_come_when_their_time_has_come(library: Library) -> None:
    await library.mission("Missione", deadline=MONDAY + WEEK + timedelta(days=2))
    assert await library.at(MONDAY) == 1
    assert "Missione" in await library.read()
    # A week later nothing is new, but the deadline passes before the next digest.
    assert await library.at(MONDAY + WEEK) == 1
    assert "candidature entro" in await library.read()
    assert await library.at(MONDAY + 2 * WEEK) == 0


async def test_meetings_to_confirm_and_maybes_are_listed_beside_news(library: Library) -> None:
    mission = await library.mission("Fiera", deadline=START)
    maybe = await library.event("Forse", starts=MONDAY + timedelta(days=9))
    await library.answers(maybe, Answer.MAYBE)
    async with library.database.writing() as session:
        slot = Slot(mission_id=mission, starts_at=MONDAY + timedelta(days=10), ends_at=MONDAY + timedelta(days=11))
        session.add(slot)
        await session.flush()
        for status, at, mine in (
            (MeetingStatus.SCHEDULED, slot.id, PartyAnswer.PENDING),
            (MeetingStatus.PROPOSED, None, PartyAnswer.PENDING),
            (MeetingStatus.SCHEDULED, slot.id, PartyAnswer.YES),
            (MeetingStatus.CANCELLED, slot.id, PartyAnswer.PENDING),
        ):
            meeting = Meeting(mission_id=mission, status=status, slot_id=at, created_at=START)
            session.add(meeting)
            await session.flush()
            session.add(MeetingParty(meeting_id=meeting.id, person_id=library.reader, answer=mine))
            session.add(MeetingParty(meeting_id=meeting.id, person_id=library.author, answer=PartyAnswer.YES))
    assert await library.at(MONDAY) == 0, "none of them passes within the week"
    await library.post("Una novità", at=MONDAY + timedelta(days=1))
    assert await library.at(MONDAY + WEEK) == 1
    text = await library.read()
    assert "Forse" in text
    assert text.count("Autrice") == 2


async def test_missed_announcements_come_with_it(library: Library) -> None:
    async with library.database.writing() as session:
        author = await session.get(Person, library.author)
        assert author is not None
        ctx = await acting(session, author, library.clock)
        await end_trial(session, None, library.clock.now())
        both = {Locale.ITALIAN: Wording("Avviso", "Testo"), Locale.ENGLISH: Wording()}
        missed = await drafting.write(ctx, 0, both, fallback=Locale.ITALIAN, promotional=False)
        await sending.send(ctx, missed.id, 2)
        got = await drafting.write(ctx, 0, both, fallback=Locale.ITALIAN, promotional=False)
        got.title_it = "Arrivato"
        await sending.send(ctx, got.id, 2)
        sent = (await session.execute(select(OutboxMessage).order_by(OutboxMessage.id))).scalars().all()
        for row in sent:
            row.state = OutboxState.FAILED if row.announcement_id == missed.id else OutboxState.SENT
    assert await library.at(MONDAY) == 1
    text = await library.read()
    assert "Avviso" in text
    assert "Arrivato" not in text
    assert await library.at(MONDAY + WEEK) == 0


async def test_many_posts_are_cut_and_it_says_so(library: Library) -> None:
    for number in range(12):
        await library.post(f"Post {number}", at=START + timedelta(hours=number))
    await library.at(MONDAY)
    text = await library.read()
    assert text.count("Post ") == 8
    assert "Ce ne sono altri" in text


async def test_every_line_has_a_button_that_some_feature_answers(library: Library) -> None:
    await library.post("Post")
    await library.event("Evento", starts=MONDAY + 5 * WEEK)
    await library.mission("Missione", deadline=MONDAY + 5 * WEEK)
    await library.at(MONDAY)
    shown = await library.drawn((await library.rows())[0])
    assert shown is not None
    pressed = [button.action for button in shown.buttons if isinstance(button, Button)]
    inner = [text.removeprefix("digest.go:") for text in pressed if text.startswith("digest.go:")]
    assert {text.split(":")[0] for text in inner} == {
        "post.open", "event.rsvp", "event.open", "mission.apply", "mission.show",
    }  # fmt: skip
    for text in [*pressed, *inner]:
        REGISTRY.action(text)


async def test_members_without_a_moment_are_given_one(library: Library) -> None:
    await library.post("Novità")
    async with library.database.writing() as session:
        added = await add_person(session, "Importata")
        await add_person(session, "Ospite", status=PersonStatus.GUEST)
    assert await library.tick() == 0
    async with library.database.reading() as session:
        person = await session.get(Person, added.id)
        assert person is not None
        assert person.next_digest_at == MONDAY


async def test_more_people_than_a_batch(library: Library) -> None:
    await library.post("Per tutti")
    async with library.database.writing() as session:
        for _ in range(449):
            schedule_first(await add_person(session), START)
    assert await library.at(MONDAY) == 450
    assert await library.tick() == 0
    assert len({row.person_id for row in await library.rows()}) == 450


async def test_the_first_digest_comes_at_the_hour_of_the_persons_own_zone(database: Database) -> None:
    async with database.writing() as session:
        person = await add_person(session)
        person.timezone = "Asia/Jerusalem"
        schedule_first(person, START)
        assert person.next_digest_at == datetime.fromisoformat("2018-04-09T05:00+00:00")
        person.digest_frequency = DigestFrequency.OFF
        reschedule(person, START)
        assert person.next_digest_at is None


async def test_a_kill_between_advancing_and_queueing_leaves_neither(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.post("Una volta sola")
    library.clock.to(MONDAY)

    async def killed(*_: object) -> set[int]:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(service, "notify_each", killed)
        with pytest.raises(RuntimeError, match="killed"):
            await library.tick()
    assert (await library.person()).next_digest_at == MONDAY
    assert await library.rows() == []
    assert await library.tick() == 1
    assert await library.tick() == 0


async def test_more_people_take_no_more_statements(library: Library) -> None:
    async def statements() -> int:
        asked = 0

        def count(*_: object) -> None:
            nonlocal asked
            asked += 1

        engines = {id(one): one.sync_engine for one in (library.database._reader, library.database._writer)}
        for engine in engines.values():
            event.listen(engine, "before_cursor_execute", count)
        await library.tick()
        for engine in engines.values():
            event.remove(engine, "before_cursor_execute", count)
        return asked

    await library.post("Per tutti")
    library.clock.to(MONDAY)
    alone = await statements()
    async with library.database.writing() as session:
        for number in range(30):
            schedule_first(await add_person(session, f"Socia {number}"), START)
    await library.post("Un altro per tutti", at=MONDAY + timedelta(days=1))
    library.clock.to(MONDAY + WEEK)
    assert await statements() <= alone + 1
    assert len(await library.rows()) == 32


async def test_who_has_read_nearly_everything_still_finds_the_rest(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_LOOKED_AT", 3)
    older = await library.post("Più indietro", at=START)
    for number in range(4):
        opened = await library.post(f"Aperto {number}", at=START + timedelta(hours=number + 1))
        async with library.database.writing() as session:
            session.add(PostReading(post_id=opened, person_id=library.reader, at=START + timedelta(days=1)))
    assert await library.at(MONDAY) == 1
    assert (await library.rows())[-1].data["posts"] == [older]


async def test_what_somebody_may_not_read_is_not_in_their_digest(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = await library.post("Non per tutti")
    shown = await library.post("Per tutti")
    reader = library.reader

    def readable(person: ColumnElement[int] | int) -> ColumnElement[bool]:
        """As where a post has an audience: unknown for one post and one reader, which is not yes."""
        who = literal(person) if isinstance(person, int) else person
        secret = and_(Post.id == hidden, who == reader)
        return case((secret, null()), else_=true())

    monkeypatch.setattr(digest_posts, "readable_by", readable)
    assert await library.at(MONDAY) == 1
    assert (await library.rows())[-1].data["posts"] == [shown]


async def test_who_answers_a_post_has_read_it(library: Library) -> None:
    post = await library.post("Con risposta")
    async with library.database.writing() as session:
        person = await session.get_one(Person, library.reader)
        await knowhow.answer(await reading(session, person, library.clock), post, "Io sì")
    assert await library.at(MONDAY) == 0
