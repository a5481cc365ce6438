"""The member's own settings, "show me now", and answering from a line, as people do it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.enums import Answer, DigestFrequency, EventStatus, Locale, PersonStatus
from storage.models import CommunityEvent, EventAnswer, Person
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver


async def settings_of(community: CommunityUnderTest, who: PersonDriver) -> tuple[DigestFrequency, int, int]:
    async with community.app.database.reading() as session:
        person = await session.get(Person, who.id)
        assert person is not None
        return person.digest_frequency, person.digest_weekday, person.digest_hour


async def add_event(community: CommunityUnderTest, title: str) -> None:
    starts = community.clock.now() + timedelta(days=30)
    async with community.app.database.writing() as session:
        session.add(
            CommunityEvent(
                uid=title, title=title, zone="Europe/Rome", starts_wall="2018-05-03T18:00",
                ends_wall="2018-05-03T20:00", starts_at=starts, ends_at=starts + timedelta(hours=2),
                language=Locale.ITALIAN, status=EventStatus.PUBLISHED, created_at=starts, published_at=starts,
            )
        )  # fmt: skip


async def test_one_tap_each(web_community: CommunityUnderTest) -> None:
    anna = await web_community.member("Anna")
    await anna.says("/riepilogo")
    anna.sees("Ogni settimana, lunedì alle 08:00.")
    await anna.presses("Ogni mese")
    await anna.sends_action("digest.weekday:3")
    anna.button("✓ gio")
    await anna.presses("17")
    anna.sees("Una volta al mese, giovedì fra l'1 e il 7, alle 17:00.")
    anna.sees("giovedì 5 aprile, 17:00")
    assert await settings_of(web_community, anna) == (DigestFrequency.MONTHLY, 3, 17)
    await anna.presses("Ogni giorno")
    anna.sees("Ogni giorno alle 17:00.", "martedì 3 aprile, 17:00")
    await anna.presses("Mai")
    anna.sees("Spento")
    async with web_community.app.database.reading() as session:
        person = await session.get(Person, anna.id)
        assert person is not None
        assert person.next_digest_at is None


@pytest.mark.parametrize("action", ["digest.weekday:7", "digest.weekday:-1", "digest.hour:5", "digest.hour:23",
                                    "digest.frequency:hourly", "digest.go:home.run:1", "digest.go:announce.send:1:2",
                                    "digest.go:event.rsvp:1:perhaps", "digest.go:event.open:999"])  # fmt: skip
async def test_what_no_button_says_changes_nothing(web_community: CommunityUnderTest, action: str) -> None:
    anna = await web_community.member("Anna")
    await anna.says("/riepilogo")
    await anna.sends_action(action)
    assert anna.toast
    assert await settings_of(web_community, anna) == (DigestFrequency.WEEKLY, 0, 8)


async def test_guests_and_strangers_have_none(web_community: CommunityUnderTest) -> None:
    guest = await web_community.member("Ospite", status=PersonStatus.GUEST)
    stranger = await web_community.stranger("Estranea")
    for who in (guest, stranger):
        await who.says("/riepilogo")
        for message in who.messages():
            assert "Ogni settimana" not in message.text
    guest.told(guest.t("Only members can do this."))


async def test_what_did_i_miss(web_community: CommunityUnderTest) -> None:
    anna = await web_community.member("Anna")
    await anna.says("/riepilogo")
    await anna.presses("Fammelo vedere adesso")
    anna.sees("Niente di nuovo per te")
    await add_event(web_community, "Aperitivo")
    for _ in range(2):
        await anna.presses("Fammelo vedere adesso")
        anna.sees("Aperitivo", "In arrivo")
    assert anna.count("In arrivo") == 2, "looking does not count as told"


async def test_the_weekly_digest_arrives_once_and_stays_when_a_line_is_answered(community: CommunityUnderTest) -> None:
    anna = await community.member("Anna")
    await community.tick()
    await add_event(community, "Aperitivo")
    await community.later(days=5, hours=22)
    anna.sees_nothing_of("Aperitivo")
    await community.later(hours=1, minutes=1)  # Monday 9 April, 08:01
    await community.tick()
    assert anna.count("Aperitivo") == 1
    await anna.presses("Ci vado", within="Il tuo riepilogo")
    anna.sees("Il tuo riepilogo", "Aperitivo")
    async with community.app.database.reading() as session:
        answer = (await session.execute(select(EventAnswer.answer))).scalar_one()
    assert answer is Answer.GOING
    await community.later(days=7)
    assert anna.count("Il tuo riepilogo") == 1
