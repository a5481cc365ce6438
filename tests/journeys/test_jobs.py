"""Know-how, a mission, a meeting, an announcement and a digest, end to end on every platform in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from storage.enums import Locale, MeetingStatus, OutboxState, PlaceStatus, Platform, PostStatus, Role
from storage.models import (
    ApplicationPlace,
    Component,
    Meeting,
    MeetingTable,
    Mission,
    OutboxMessage,
    Post,
    SeatBooking,
    Slot,
    TableBooking,
)
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

pytestmark = pytest.mark.parametrize("locale", list(Locale))


async def test_know_how(community: CommunityUnderTest, locale: Locale) -> None:
    """Shared by form, approved with a tap, a card in the channel, found in another inflection."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,), locale=locale)
    chiara = await community.member("Chiara Mezzabarbi", roles=(Role.MODERATOR,), locale=locale)
    sara = await community.member("Sara Bonavita", locale=locale)
    marco = await community.member("Marco Colombani", locale=locale)
    outsider = await community.stranger("Zeno", locale=locale)
    await outsider.starts()
    t = sara.t
    title, body, words = (
        ("Accordi di riservatezza brevi", "Bastano quattro clausole per ogni delegazione.", "accordo delegazioni")
        if locale is Locale.ITALIAN
        else ("Short confidentiality agreements", "Four clauses are enough for a delegation.", "agreement delegations")
    )
    kind = "Buona pratica" if locale is Locale.ITALIAN else "Best practice"
    await sara.says("/share")
    await sara.fills({t("Title"): title, t("What kind of post is it?"): kind, t("Text"): body})
    giulia.sees(title, body)
    chiara.sees(title, body)
    marco.sees_nothing_of(title)
    assert community.channel_texts() == []

    async with community.app.database.reading() as session:
        post = (await session.execute(select(Post))).scalar_one()
    for nosy in (marco, outsider):
        await nosy.sends_action(f"post.approve:{post.id}")
    async with community.app.database.reading() as session:
        assert (await session.get_one(Post, post.id)).status is PostStatus.PENDING

    await marco.says(words)
    marco.sees_nothing_of(body)
    await chiara.presses(t("Approve"))
    giulia.sees(title, t("✓ Approved by {name}", name="Chiara Mezzabarbi"))
    sara.sees(title)
    if community.platform is not Platform.WEB:
        assert any(title in text for text in community.channel_texts())
    await giulia.sends_action(f"post.approve:{post.id}")
    if community.platform is not Platform.WEB:
        assert sum(title in text for text in community.channel_texts()) == 1, "a second yes publishes nothing twice"

    await marco.says(words)
    marco.sees(title)
    await marco.sends_action(f"post.open:{post.id}")
    marco.sees(title, body)


async def fair(community: CommunityUnderTest) -> Mission:
    """An open mission with a fair, B2B meetings and a visit with one seat."""
    now = community.clock.now()
    async with community.app.database.writing() as session:
        mission = Mission(
            title="MIXiii BIOMED 2018",
            place="Tel Aviv",
            first_day=datetime(2018, 5, 14, tzinfo=UTC).date(),
            last_day=datetime(2018, 5, 17, tzinfo=UTC).date(),
            zone="Asia/Jerusalem",
            deadline=now + timedelta(days=17),
            summary_it="Quattro giorni di fiera.",
            summary_en="Four days of fair.",
            status="open",
            created_at=now,
            opened_at=now,
        )
        session.add(mission)
        await session.flush()
        for kind, italian, english, day, hours, seats in (
            ("fair", "Fiera", "Fair", 14, (6, 15), 0),
            ("b2b", "Incontri B2B", "B2B meetings", 15, (6, 14), 0),
            ("visit", "Visita al Technion", "Technion visit", 17, (7, 10), 1),
        ):
            start = datetime(2018, 5, day, hours[0], tzinfo=UTC)
            end = datetime(2018, 5, day, hours[1], tzinfo=UTC)
            session.add(
                Component(
                    mission_id=mission.id,
                    kind=kind,
                    title_it=italian,
                    title_en=english,
                    starts_wall=f"2018-05-{day}T{hours[0] + 3:02}:00",
                    ends_wall=f"2018-05-{day}T{hours[1] + 3:02}:00",
                    starts_at=start,
                    ends_at=end,
                    seats=seats,
                )
            )
        for number in range(4):
            start = datetime(2018, 5, 15, 7, 0, tzinfo=UTC) + timedelta(minutes=30 * number)
            session.add(Slot(mission_id=mission.id, starts_at=start, ends_at=start + timedelta(minutes=20)))
        session.add(MeetingTable(mission_id=mission.id, label="1"))
    return mission


async def applies(person: PersonDriver, parts: list[str]) -> None:
    """Apply for parts of the mission."""
    t = person.t
    await person.says("/missions")
    await person.presses("MIXiii BIOMED 2018")
    await person.presses(t("Apply"))
    question = t("Which parts would you like?")
    await person.fills(
        {question: await person.options(question, parts), t("What do you want to bring home?"): "Partner"}
    )


async def test_a_mission(community: CommunityUnderTest, locale: Locale) -> None:
    """Two apply for a visit with one seat; both are accepted, one waits; the delegate sees the programme."""
    mission = await fair(community)
    elena = await community.member("Elena Maspero", roles=(Role.MISSION_LEAD,), locale=locale)
    sara = await community.member("Sara Bonavita", locale=locale)
    marco = await community.member("Marco Colombani", locale=locale)
    t = sara.t
    titles = ["Fiera", "Visita al Technion"] if locale is Locale.ITALIAN else ["Fair", "Technion visit"]
    await applies(sara, titles)
    await applies(marco, titles)
    for nosy in (sara, marco):
        await nosy.sends_action("mission.accept:1")
    assert await places(community) == {PlaceStatus.ASKED: 4}

    await elena.presses(t("Accept"), within="Sara Bonavita")
    await elena.presses(t("Accept"), within="Marco Colombani")
    assert await places(community) == {PlaceStatus.CONFIRMED: 3, PlaceStatus.WAITING: 1}
    sara.sees(mission.title)

    await sara.says("/programme")
    sara.sees(mission.title)
    sara.sees(titles[0])
    await sara.sends_action(f"mission.withdrawn:{mission.id}")
    assert (await places(community)).get(PlaceStatus.WAITING, 0) == 0, "the one who waited moves up"


async def places(community: CommunityUnderTest) -> dict[PlaceStatus, int]:
    async with community.app.database.reading() as session:
        found = await session.execute(
            select(ApplicationPlace.status, func.count())
            .where(ApplicationPlace.status != PlaceStatus.RELEASED)
            .group_by(ApplicationPlace.status)
        )
        return dict(found.all())


async def test_a_meeting(community: CommunityUnderTest, locale: Locale) -> None:
    """Proposed into the first free slot, one says yes, the other another time, which is accepted; then a reminder."""
    await fair(community)
    elena = await community.member("Elena Maspero", roles=(Role.MISSION_LEAD,), locale=locale)
    marco = await community.member("Marco Colombani", locale=locale)
    james = await community.member("James Whitcombe", locale=locale)
    sara = await community.member("Sara Bonavita", locale=locale)
    t = elena.t
    part = "Incontri B2B" if locale is Locale.ITALIAN else "B2B meetings"
    for one in (marco, james):
        await applies(one, [part])
        await elena.presses(t("Accept"), within=one.name)
    await elena.says("/meet")
    first = (await elena.options(t("Who?"), ["Marco Colombani"]))[0]
    second = (await elena.options(t("With whom?"), ["James Whitcombe"]))[0]
    await elena.fills({t("Who?"): first, t("With whom?"): second, t("What about?"): "CAR-T"})
    marco.sees(t("We think you should meet {name}.", name="James Whitcombe"))
    james.sees(t("We think you should meet {name}.", name="Marco Colombani"))

    await sara.sends_action("meeting.yes:1")
    assert (await meeting(community)).status is MeetingStatus.SCHEDULED
    was = (await meeting(community)).slot_id

    await marco.presses(t("Confirm"))
    await james.presses(t("Another time"))
    assert (await meeting(community)).slot_id == was, "the old time holds until the new one is accepted"
    await james.presses("10:30")
    await marco.presses(t("Accept the new time"))
    now = await meeting(community)
    assert (now.status, now.slot_id != was) == (MeetingStatus.CONFIRMED, True)
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(SeatBooking))).scalar_one() == 2
        assert (await session.execute(select(func.count()).select_from(TableBooking))).scalar_one() == 1
        start = (await session.get_one(Slot, now.slot_id)).starts_at
    community.clock.to(start - timedelta(minutes=9))
    await community.tick()
    await community.tick()
    for one, other in ((marco, "James Whitcombe"), (james, "Marco Colombani")):
        ahead = t.duration(timedelta(minutes=9))
        assert one.count(t("In {duration}: your meeting with {name}.", duration=ahead, name=other)) == 1


async def meeting(community: CommunityUnderTest) -> Meeting:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Meeting))).scalar_one()


async def test_an_announcement(community: CommunityUnderTest, locale: Locale) -> None:
    """Written in two languages, counted, previewed, tested, sent with its number on the button, each gets their own."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), locale=locale)
    marco = await community.member("Marco Colombani", locale=Locale.ITALIAN)
    james = await community.member("James Whitcombe", locale=Locale.ENGLISH)
    t = giulia.t
    for nosy in (marco, james):
        await nosy.says("/announce")
        nosy.told(nosy.t("Only the staff can do this."))
    await giulia.says("/announce")
    await giulia.fills(
        {
            t("Title in Italian"): "Sede chiusa venerdì",
            t("Text in Italian"): "Torniamo lunedì.",
            t("Title in English"): "Office closed on Friday",
            t("Text in English"): "We are back on Monday.",
            t("Kind of message"): t("Service: what members need to know"),
        }
    )
    giulia.sees("3")
    await giulia.presses(t("Preview"))
    await giulia.presses(t("Test to me"))
    giulia.sees("Sede chiusa venerdì")
    giulia.sees("Office closed on Friday")
    marco.sees_nothing_of("Sede chiusa")
    await giulia.presses(t("Go on"))
    await giulia.presses(t.n("Send to {n} person", "Send to {n} people", 3))
    await community.later(seconds=5)
    assert (marco.count("Sede chiusa venerdì"), marco.count("Office closed")) == (1, 0)
    assert (james.count("Office closed on Friday"), james.count("Sede chiusa")) == (1, 0)
    async with community.app.database.reading() as session:
        sent = await session.execute(
            select(func.count())
            .select_from(OutboxMessage)
            .where(OutboxMessage.announcement_id.is_not(None), OutboxMessage.state == OutboxState.SENT)
        )
        assert sent.scalar_one() == 3


async def test_a_digest(community: CommunityUnderTest, locale: Locale) -> None:
    """At the member's hour, only what is new to them, exactly once, and nothing when there is nothing."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,), locale=locale)
    marco = await community.member("Marco Colombani", locale=locale)
    t = marco.t
    await marco.says("/digest")
    await marco.presses(t("Every week"))
    await community.later(days=7)
    assert marco.count(t("New know-how")) == 0, "nothing new: nothing comes"

    for number in (1, 2):
        await giulia.says("/share")
        title = f"Prova {number}"
        kind = "Buona pratica" if locale is Locale.ITALIAN else "Best practice"
        await giulia.fills({t("Title"): title, t("What kind of post is it?"): kind, t("Text"): "Abbastanza lungo."})
    async with community.app.database.reading() as session:
        first = (await session.execute(select(Post.id).order_by(Post.id).limit(1))).scalar_one()
    await marco.sends_action(f"post.open:{first}")
    before = marco.count("Prova 1")
    await community.later(days=7)
    await community.tick()
    digest = marco.sees(t("New know-how"), "Prova 2")
    assert "Prova 1" not in digest.text, "what was opened is left out"
    assert marco.count(t("New know-how")) == 1
    assert marco.count("Prova 1") == before
