"""Job 3: staff create an event, members answer on one live card, places hold, reminders come at their time."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event
from sqlalchemy import func, select

from handlers.conversation.event import Address
from handlers.conversation.notify import CARD
from handlers.conversation.screen import Screen, plain
from storage.enums import Answer, Locale, OutboxState, Platform, Role
from storage.models import (
    AuditEntry,
    CardCopy,
    CommunityEvent,
    EventAnswer,
    EventReminder,
    InboxEvent,
    OutboxMessage,
)
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import Answers, PersonDriver

TITLE = "Visita al laboratorio <b>*_["
STARTS = datetime(2018, 4, 19, 15, 30, tzinfo=UTC)
"""17:30 in Rome, where the clocks are two hours ahead of UTC in April."""
NEW_STARTS = datetime(2018, 4, 23, 8, 0, tzinfo=UTC)


def details(person: PersonDriver, **changes: str | list[str] | None) -> Answers:
    """What staff answer to the form of an event, by the question's label."""
    t = person.t
    answers: dict[str, str | list[str] | None] = {
        t("Title"): TITLE,
        t("What is it about?"): "Bioreattori e camere bianche.",
        t("Where?"): "Bresso, via Meucci 3",
        t("Starts"): "2018-04-19T17:30",
        t("Ends"): "2018-04-19T19:00",
        t("Places"): "2",
    }
    answers |= {t(label): answer for label, answer in changes.items()}
    return answers


async def published(staff: PersonDriver, **changes: str | list[str] | None) -> int:
    """An event that staff created by its form; its id."""
    await staff.says("/nuovoevento" if staff.locale is Locale.ITALIAN else "/newevent")
    await staff.fills(details(staff, **changes))
    staff.sees(TITLE, staff.t("Organised by"))
    async with staff.community.app.database.reading() as session:
        return (await session.execute(select(func.max(CommunityEvent.id)))).scalar_one()


async def answers_to(community: CommunityUnderTest, event: int) -> dict[int, Answer]:
    async with community.app.database.reading() as session:
        rows = await session.execute(
            select(EventAnswer.person_id, EventAnswer.answer).where(EventAnswer.event_id == event)
        )
    return dict(rows.all())


async def waiting(community: CommunityUnderTest, event: int) -> list[int]:
    """Who waits, in their order."""
    async with community.app.database.reading() as session:
        rows = await session.execute(
            select(EventAnswer.person_id)
            .where(EventAnswer.event_id == event, EventAnswer.answer == Answer.WAITING)
            .order_by(EventAnswer.asked_at, EventAnswer.id)
        )
    return list(rows.scalars())


def entry(file: bytes) -> Event:
    """The one entry of a calendar file."""
    [found] = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(found, Event)
    return found


async def to(community: CommunityUnderTest, moment: datetime) -> None:
    """Let time pass until then, and do what is due."""
    await community.later(seconds=(moment - community.clock.now()).total_seconds())


@pytest.mark.parametrize("locale", list(Locale))
async def test_from_the_form_to_the_live_card(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), locale=locale)
    marco = await community.member("Marco Colombani", locale=locale)
    anna = await community.member("Anna Rossi", locale=locale)
    t = marco.t
    await published(giulia)
    giulia.sees(t.n("Published. I'm telling {n} member.", "Published. I'm telling {n} members.", 2))
    assert giulia.count(TITLE) == 1
    for member in (marco, anna):
        member.sees(t("New in the calendar. Will you come?"), TITLE, "17:30", "19:00", "Bresso, via Meucci 3")
        assert member.count(TITLE) == 1
    assert sum(TITLE in text for text in community.channel_texts()) == 1
    in_channel = community.channel_post(TITLE)
    assert "Partecipo" in " ".join(in_channel.buttons), "the channel speaks the community's language"

    await marco.presses(t("Going"))
    marco.told(t("You're going. See you there!"))
    marco.sees(TITLE, t("✅ You're going."), f"{t('People going')}: 1")
    anna.sees(TITLE, f"{t('People going')}: 1", f"{t('Places left')}: 1")
    giulia.sees(TITLE, f"{t('People going')}: 1")
    assert "Partecipano: 1" in community.channel_post(TITLE).text
    assert "✅" not in community.channel_post(TITLE).text, "nobody's own answer stands in the channel"

    await anna.presses(t("Maybe"))
    anna.sees(TITLE, t("🤔 You said maybe."))
    await giulia.presses_in_channel("Partecipo", within=TITLE)
    giulia.sees(TITLE, t("✅ You're going."), f"{t('People going')}: 2")
    anna.sees(TITLE, t("none, it is full"))
    assert "Posti liberi: nessuno, è al completo" in community.channel_post(TITLE).text

    await anna.presses(t("Join the waiting list"))
    anna.sees(TITLE, t("⏳ You're number {n} on the waiting list.", n="1"))
    await marco.presses(t("Can't come"))
    marco.sees(TITLE, t("You said you can't come."))
    anna.sees(t("There is a place for you: {title}", title=TITLE))
    assert anna.count(t("There is a place for you: {title}", title=TITLE)) == 1
    anna.sees(t("Organised by"), t("✅ You're going."), f"{t('People going')}: 2")
    for person in (giulia, marco, anna):
        assert person.count(t("Organised by")) == 1, "the card is edited, never posted again"


@pytest.mark.parametrize("platform", [Platform.TELEGRAM], ids=str, indirect=True)
async def test_on_telegram_with_the_calendar(community: CommunityUnderTest) -> None:
    """Elsewhere dates are picked in the window."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await giulia.says("/nuovoevento")
    await giulia.says(TITLE)
    await giulia.presses("Salta")
    await giulia.says("online")
    giulia.sees("Inizio", "Scegli un giorno")
    await giulia.presses("›")
    giulia.sees("Inizio")
    assert any("maggio" in one for one in giulia.last.buttons)
    await giulia.presses("‹")
    await giulia.presses("19")
    giulia.sees("giovedì 19 aprile", "a che ora?")
    await giulia.presses("17:30")
    giulia.sees("· Fine")
    await giulia.says("dopodomani")
    giulia.sees("giovedì 5 aprile", "a che ora?")
    await giulia.presses("Indietro")
    giulia.sees("· Inizio", "19 aprile 2018, 17:30")
    await giulia.presses("Lascia così")
    await giulia.says("19 aprile alle 19")
    giulia.sees("· Posti")
    await giulia.says("molti")
    giulia.sees("⚠️", "· Posti")
    await giulia.presses("Salta")
    await giulia.presses("Salta")
    giulia.sees("È tutto giusto?", "17:30", "19:00")
    await giulia.presses("Pubblica")
    giulia.sees(TITLE, "17:30", "19:00", "online")
    async with community.app.database.reading() as session:
        event = (await session.execute(select(CommunityEvent))).scalar_one()
    assert (event.starts_at, event.ends_at) == (STARTS, datetime(2018, 4, 19, 17, 0, tzinfo=UTC))
    assert (event.capacity, event.zone, event.place) == (0, "Europe/Rome", "online")


async def test_errors_ask_only_what_is_wrong(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await giulia.says("/nuovoevento")
    await giulia.fills(details(giulia, Ends="2018-04-19T16:00"))
    assert len(giulia.errors) == 1, giulia.errors
    assert next(iter(giulia.errors)).startswith("Fine")
    assert "La fine deve venire dopo l'inizio" in " ".join(giulia.errors.values())
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(CommunityEvent))).scalar_one() == 0
    await giulia.fills({"Fine": "2018-04-19T19:00"})
    giulia.sees(TITLE, "19:00", "A cura di")


async def all_press(people: list[PersonDriver], label: str, within: str) -> None:
    """All at once, none waiting for another."""
    await people[0].community.at_once(*(person.taps(label, within=within) for person in people))


async def twenty_seats_hold(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    people = await community.crowd(50)
    by_id = {person.id: person for person in people}
    event = await published(giulia, Places="20")
    async with community.app.database.reading() as session:
        before = (await session.execute(select(func.max(InboxEvent.id)))).scalar_one()

    await all_press(people, "Partecipo", TITLE)

    given = await answers_to(community, event)
    going = [one for one, answer in given.items() if answer is Answer.GOING]
    queue = await waiting(community, event)
    assert (len(going), len(queue), len(given)) == (20, 30, 50)
    for place, waits in enumerate(queue, 1):
        by_id[waits].sees(TITLE, f"Sei al numero {place} della lista d'attesa.")
    for goes in going:
        by_id[goes].sees(TITLE, "✅ Partecipi")
    for person in people:
        person.sees(TITLE, "Partecipano: 20", "In lista d'attesa: 30")
        assert person.count(TITLE) == 1
    assert "In lista d'attesa: 30" in community.channel_post(TITLE).text
    if community.app.database.is_sqlite:
        async with community.app.database.reading() as session:
            came = await session.execute(
                select(InboxEvent.person).where(InboxEvent.id > before).order_by(InboxEvent.id)
            )
            order = [community.person_of(user) for user in came.scalars()]
        assert (sorted(order[:20]), order[20:]) == (sorted(going), queue), "in the order in which they came"

    first, second = by_id[queue[0]], by_id[queue[1]]
    await by_id[going[0]].presses("Non posso", within=TITLE)
    assert first.count("C'è posto per te") == 1
    assert sum(person.count("C'è posto per te") for person in people) == 1
    second.sees(TITLE, "Sei al numero 1 della lista d'attesa.")
    given = await answers_to(community, event)
    assert list(given.values()).count(Answer.GOING) == 20
    await community.later(minutes=2)
    assert sum(person.count("C'è posto per te") for person in people) == 1, "and told once"


async def test_fifty_taps_for_twenty_seats(community: CommunityUnderTest) -> None:
    await twenty_seats_hold(community)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_fifty_taps_on_postgresql(web_community: CommunityUnderTest) -> None:
    """Where writers do not follow each other by themselves; SQLite is in the test before this one."""
    await twenty_seats_hold(web_community)


async def test_a_copy_on_its_way_misses_no_change(
    community: CommunityUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answers come while the last invitations are still being sent."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco, anna = await community.member("Marco Colombani"), await community.member("Anna Rossi")
    adapter, arrived, answered = community.app.adapters[0], asyncio.Event(), asyncio.Event()
    send = adapter.send

    async def slowly(address: Address, shown: Screen, *, token: str) -> str:
        message = await send(address, shown, token=token)
        if address.chat == anna.account and TITLE in plain(shown):
            arrived.set()
            await answered.wait()
        return message

    monkeypatch.setattr(adapter, "send", slowly)
    publishing = asyncio.create_task(published(giulia))
    async with asyncio.timeout(10):
        await arrived.wait()
    await until(lambda: copies(community, marco))
    await community.look()
    await marco.taps("Partecipo", within=TITLE)
    await until(lambda: answers_to(community, 1))
    answered.set()
    await publishing
    await community.settle()
    anna.sees(TITLE, "Partecipano: 1")


async def until(found: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await found():  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)


async def copies(community: CommunityUnderTest, person: PersonDriver) -> int:
    async with community.app.database.reading() as session:
        found = await session.execute(select(func.count()).where(CardCopy.person_id == person.id))
    return found.scalar_one()


async def test_two_leave_at_once_and_two_move_up(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    people = await community.crowd(5)
    event = await published(giulia, Places="2")
    for person in people:
        await person.presses(
            "Forse" if person is people[4] else "Partecipo" if person in people[:2] else "Lista d'attesa"
        )
    assert await waiting(community, event) == [people[2].id, people[3].id]
    await all_press(people[:2], "Non posso", TITLE)
    given = await answers_to(community, event)
    assert [given[person.id] for person in people] == [
        Answer.CANT,
        Answer.CANT,
        Answer.GOING,
        Answer.GOING,
        Answer.MAYBE,
    ]
    assert [person.count("C'è posto per te") for person in people] == [0, 0, 1, 1, 0]


async def test_more_places_take_in_those_who_wait(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco, anna = await community.member("Marco Colombani"), await community.member("Anna Rossi")
    await published(giulia, Places="1")
    await marco.presses("Partecipo")
    await anna.presses("Lista d'attesa")
    await giulia.presses("Gestisci")
    await giulia.presses("Modifica")
    await giulia.fills({"Posti": "5"})
    anna.sees("C'è posto per te")
    assert marco.count("Cosa cambia") == 0, "more places are no news for who has one"


@pytest.mark.parametrize("locale", list(Locale))
async def test_reminders_follow_the_event(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani", locale=locale)
    anna = await community.member("Anna Rossi", locale=locale)
    bea = await community.member("Bea Longoni", locale=locale)
    t = marco.t
    event = await published(giulia, Places="10")
    await marco.presses(t("Going"))
    await anna.presses(t("Maybe"))
    await bea.presses(t("Can't come"))
    soon = t("In {duration}: {title}", duration=t.duration(timedelta(hours=24)), title=TITLE)

    await to(community, STARTS - timedelta(days=1, minutes=1))
    assert marco.count(soon) == 0
    await giulia.says("/eventi")
    await giulia.presses("Visita")
    await giulia.presses("Gestisci")
    await giulia.presses("Modifica")
    await giulia.fills({"Inizio": "2018-04-23T10:00", "Fine": "2018-04-23T12:00"})
    marco.sees(t("What changed: {title}", title=TITLE), "17:30", "10:00", "→")
    anna.sees(t("What changed: {title}", title=TITLE), t("🤔 You said maybe."))
    bea.sees_nothing_of(t("What changed: {title}", title=TITLE))

    await to(community, STARTS - timedelta(hours=1, minutes=30))
    await to(community, STARTS + timedelta(hours=1))
    hours = t("In {duration}: {title}", duration=t.duration(timedelta(hours=2)), title=TITLE)
    assert [person.count(soon) + person.count(hours) for person in (marco, anna, bea)] == [0, 0, 0]

    await to(community, NEW_STARTS - timedelta(days=1))
    assert [person.count(soon) for person in (marco, anna, bea)] == [1, 1, 0]
    await community.tick()
    await community.later(minutes=20)
    assert [person.count(soon) for person in (marco, anna, bea)] == [1, 1, 0], "once"
    anna.sees(soon, t("You said maybe. Can you tell us now?"))

    await marco.presses(t("I can't come any more"), within=soon)
    assert (await answers_to(community, event))[marco.id] is Answer.CANT
    await anna.presses(t("Going"), within=soon)
    await to(community, NEW_STARTS - timedelta(hours=2))
    assert [person.count(hours) for person in (marco, anna, bea)] == [0, 1, 0]
    await to(community, NEW_STARTS + timedelta(minutes=5))
    await anna.presses(t("I can't come any more"), within=hours)
    anna.told(t("This event has already started, so answers are closed."))
    assert (await answers_to(community, event))[anna.id] is Answer.GOING


async def test_after_a_pause_only_the_nearest_reminder(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await published(giulia)
    await marco.presses("Partecipo")
    await community.restart()
    await to(community, STARTS - timedelta(minutes=50))
    assert marco.count(f"Tra 50 minuti: {TITLE}") == 1
    assert marco.count("Tra 24 ore") + marco.count("Tra 2 ore") == 0
    await community.restart()
    await community.later(minutes=10)
    assert marco.count(": " + TITLE) == 1


async def test_the_calendar_file(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await published(giulia)
    await marco.presses("Partecipo")
    await marco.presses("File calendario")
    first = entry(await marco.downloads())
    start = first.decoded("dtstart")
    assert start == STARTS
    assert first["dtstart"].params["TZID"] == "Europe/Rome"
    assert start.astimezone(ZoneInfo("Europe/Rome")).hour == 17
    assert first.decoded("dtend") == datetime(2018, 4, 19, 17, 0, tzinfo=UTC)
    assert str(first["summary"]) == TITLE
    assert (first["sequence"], first["status"]) == (0, "CONFIRMED")

    await giulia.presses("Gestisci")
    await giulia.presses("Modifica")
    await giulia.fills({"Dove?": "Milano"})
    marco.sees("Cosa cambia", "Milano")
    second = entry(await marco.downloads())
    assert second["uid"] == first["uid"]
    assert (second["sequence"], str(second["location"])) == (1, "Milano")

    await giulia.presses("Gestisci")
    await giulia.presses("Annulla l'evento")
    await giulia.fills({"Perché?": "Manca la corrente."})
    marco.sees("Evento annullato", "Manca la corrente.")
    third = entry(await marco.downloads())
    assert third["uid"] == first["uid"]
    assert (third["sequence"], third["status"]) == (2, "CANCELLED")


async def test_cancelled_everywhere(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco, anna = await community.member("Marco Colombani"), await community.member("Anna Rossi")
    event = await published(giulia)
    await marco.presses("Partecipo")
    await giulia.presses("Gestisci")
    await giulia.presses("Annulla l'evento")
    await giulia.fills({"Perché?": "Sciopero dei treni."})
    marco.sees("Evento annullato", "Sciopero dei treni.", "Il file allegato")
    anna.sees("Evento annullato", "Questo evento non si terrà")
    anna.sees_nothing_of("Il file allegato")
    assert "Evento annullato" in community.channel_post(TITLE).text
    assert "Partecipo" not in " ".join(community.channel_post(TITLE).buttons)
    await anna.sends_action(f"event.rsvp:{event}:going")
    anna.told("annullato")
    await giulia.sends_action(f"event.cancel:{event}")
    giulia.told("già annullato")
    await to(community, STARTS - timedelta(hours=1))
    marco.sees_nothing_of("Tra")


STAFF_ACTIONS = ("manage", "edit", "reminders", "clone", "cancel", "approve", "review", "decline")


async def test_only_the_staff(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco, stranger = await community.member("Marco Colombani"), await community.stranger("Charlie")
    event = await published(giulia)
    await stranger.starts()
    for verb in STAFF_ACTIONS:
        await marco.sends_action(f"event.{verb}:{event}")
        marco.told("Questo può farlo solo la segreteria.")
        await stranger.sends_action(f"event.{verb}:{event}")
    for action in (f"event.rsvp:{event}:going", "event.new", "event.proposals", f"event.open:{event}"):
        await stranger.sends_action(action)
        stranger.sees_nothing_of(TITLE)
    await marco.says("/nuovoevento")
    marco.told("Questo può farlo solo la segreteria.")
    assert await answers_to(community, event) == {}
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(AuditEntry))).scalar_one() == 1


async def test_once_however_often_it_comes(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await giulia.says("/nuovoevento")
    await giulia.fills(details(giulia))
    for _ in range(2):
        await giulia.again()
    async with community.app.database.reading() as session:
        [event] = (await session.execute(select(CommunityEvent.id))).scalars()
        assert (await session.execute(select(func.count()).select_from(EventReminder))).scalar_one() == 2
    assert marco.count(TITLE) == 1
    assert sum(TITLE in text for text in community.channel_texts()) == 1

    await community.at_once(*(marco.taps("Partecipo", within=TITLE) for _ in range(3)))
    assert await answers_to(community, event) == {marco.id: Answer.GOING}
    marco.sees(TITLE, "✅ Partecipi", "Partecipano: 1")
    assert marco.count(TITLE) == 1

    await marco.presses("Non posso", within=TITLE)
    await marco.again()
    assert await answers_to(community, event) == {marco.id: Answer.CANT}
    assert "Partecipano: 0" in community.channel_post(TITLE).text

    await giulia.presses("Gestisci")
    await giulia.presses("Annulla l'evento")
    await giulia.fills({"Perché?": "Sciopero."})
    await giulia.again()
    async with community.app.database.reading() as session:
        audited = (await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars().all()
    assert audited == ["event.publish", "event.cancel"]


async def test_a_member_proposes(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    tommaso = await community.member("Tommaso Brivio", roles=(Role.STAFF,))
    marco, anna = await community.member("Marco Colombani"), await community.member("Anna Rossi")
    await marco.says("/proponievento")
    await marco.fills(details(marco))
    marco.sees("Grazie!", TITLE)
    anna.sees_nothing_of(TITLE)
    giulia.sees("Proposta: ", TITLE, "Marco Colombani")
    await giulia.presses("Pubblica", within=TITLE)
    tommaso.sees("✓ Pubblicato.")
    await tommaso.sends_action("event.approve:1")
    tommaso.told("già")
    marco.sees("Il tuo evento è pubblicato")
    assert anna.count(TITLE) == 1
    assert sum(TITLE in text for text in community.channel_texts()) == 1


async def test_nothing_is_left_on_its_way(community: CommunityUnderTest) -> None:
    """After a whole evening every row of the outbox is settled, and each copy of the card is known once."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    people = await community.crowd(4)
    event = await published(giulia)
    for person, label in zip(people, itertools.cycle(["Partecipo", "Forse"]), strict=False):
        await person.presses(label, within=TITLE)
    await to(community, STARTS - timedelta(hours=1))
    async with community.app.database.reading() as session:
        states = set((await session.execute(select(OutboxMessage.state).distinct())).scalars())
        copies = (await session.execute(select(CardCopy).where(CardCopy.card == f"event:{event}"))).scalars().all()
        edits = await session.execute(
            select(func.count()).where(OutboxMessage.kind == CARD, OutboxMessage.state == OutboxState.FAILED)
        )
        assert edits.scalar_one() == 0
    assert states <= {OutboxState.SENT, OutboxState.SKIPPED}
    assert len(copies) == len(people) + 2, "each member, the author, the channel"
