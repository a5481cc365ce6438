"""Who gets an announcement: every segment, and a count that says why others do not."""

from datetime import UTC, date, datetime

import pytest

from storage.enums import (
    Answer,
    ApplicationStatus,
    EventStatus,
    Locale,
    MissionStatus,
    PersonStatus,
    Role,
)
from storage.models import Application, CommunityEvent, EventAnswer, Mission
from tests.journeys.announcing import PROMOTIONAL, allows_news, refused, send, unreachable, write
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

EVENING = datetime(2018, 4, 12, 15, 30, tzinfo=UTC)


async def an_event(community: CommunityUnderTest, answers: dict[PersonDriver, Answer]) -> int:
    async with community.app.database.writing() as session:
        event = CommunityEvent(
            uid="e1", title="Aperitivo", zone="Europe/Rome", starts_wall="2018-04-12T17:30",
            ends_wall="2018-04-12T19:30", starts_at=EVENING, ends_at=EVENING.replace(hour=17),
            language=Locale.ITALIAN, status=EventStatus.PUBLISHED, created_at=community.clock.now(),
        )  # fmt: skip
        session.add(event)
        await session.flush()
        for who, answer in answers.items():
            asked = community.clock.now()
            session.add(EventAnswer(event_id=event.id, person_id=who.id, answer=answer, asked_at=asked))
        return event.id


async def a_mission(community: CommunityUnderTest, applied: dict[PersonDriver, ApplicationStatus]) -> int:
    async with community.app.database.writing() as session:
        now = community.clock.now()
        mission = Mission(
            title="MIXiii BIOMED", place="Tel Aviv", first_day=date(2018, 5, 14), last_day=date(2018, 5, 17),
            zone="Asia/Jerusalem", deadline=now, status=MissionStatus.CLOSED, created_at=now,
        )  # fmt: skip
        session.add(mission)
        await session.flush()
        for who, status in applied.items():
            session.add(Application(mission_id=mission.id, person_id=who.id, status=status, applied_at=now))
        return mission.id


@pytest.mark.parametrize("locale", list(Locale))
async def test_the_people_of_an_event_by_what_they_answered(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await community.member("Anna")
    bruno = await community.member("Bruno")
    carla = await community.member("Carla")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    event = await an_event(community, {anna: Answer.GOING, bruno: Answer.MAYBE, carla: Answer.WAITING})
    row = await write(giulia)
    await giulia.presses(t("People of an event"))
    await giulia.presses("Aperitivo")
    await giulia.presses(t("Those who come"))
    giulia.sees(t.n("{n} person will get it.", "{n} people will get it.", 1))
    await giulia.presses(t("On the waiting list"))
    giulia.sees(t.n("{n} person will get it.", "{n} people will get it.", 2))
    for nosy in (bruno, outsider):
        await refused(f"announce.part:{row.id}:event:{event}", nosy)
        await refused(f"announce.mark:{row.id}:event:{event}.maybe:in", nosy)
    await giulia.presses(t("Back to the audience"))
    giulia.sees("Aperitivo", t("Those who come"))
    await send(giulia, 2)
    assert (anna.count("Sede chiusa"), bruno.count("Sede chiusa"), carla.count("Sede chiusa")) == (1, 0, 1)


async def test_all_or_any_of_it_and_some_left_out(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    john = await web_community.member("John", locale=Locale.ENGLISH)
    eva = await web_community.member("Eva", status=PersonStatus.GUEST)
    await an_event(web_community, {anna: Answer.GOING, john: Answer.CANT})
    mission = await a_mission(
        web_community,
        {john: ApplicationStatus.ACCEPTED, eva: ApplicationStatus.WAITING, anna: ApplicationStatus.DECLINED},
    )
    row = await write(giulia)
    await giulia.sends_action(f"announce.mark:{row.id}:mission:{mission}:in")
    giulia.sees("Lo riceverà 1 persona", "MIXiii")
    await giulia.sends_action(f"announce.mark:{row.id}:mission:{mission}.applied:in")
    giulia.sees("Lo riceveranno 3 persone")
    await giulia.sends_action(f"announce.mark:{row.id}:event:1.going:in")
    giulia.sees("Lo riceverà 1 persona", "Aperitivo")
    await giulia.sends_action(f"announce.audience:{row.id}")
    giulia.sees("chi rientra in tutte")
    await giulia.presses("Ne basta una")
    giulia.sees("chi rientra in almeno una", "Lo riceveranno 3 persone")
    await giulia.sends_action(f"announce.mark:{row.id}:group:guests:out")
    await giulia.sends_action(f"announce.audience:{row.id}")
    giulia.sees("Lo riceveranno 2 persone", "esclusi")
    await send(giulia, 2)
    assert (anna.count("Sede chiusa"), john.count("Sede chiusa"), eva.count("Sede chiusa")) == (1, 1, 0)


async def test_the_count_explains_itself(web_community: CommunityUnderTest) -> None:
    await web_community.topics()
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    yes, no, muted, digest, gone = [
        await web_community.member(name) for name in ("Sì", "No", "Muto", "Riepilogo", "Via")
    ]
    await allows_news(web_community, yes, muted, digest, gone)
    await muted.sends_action("announce.level:funding:muted")
    muted.button("Bandi: per niente")
    await digest.sends_action("announce.level:funding:digest")
    await unreachable(web_community, gone)
    await write(giulia, kind=PROMOTIONAL, topic="Bandi")
    shown = giulia.sees("Chi lo riceve?").text
    assert "Lo riceverà 1 persona." in shown
    assert "2 non hanno detto sì alle novità" in shown, "Giulia and No"
    assert "2 non vogliono questo argomento" in shown
    assert "1 non si può raggiungere" in shown
    await send(giulia, 1)
    assert [one.count("Sede chiusa") for one in (yes, no, muted, digest, gone)] == [1, 0, 0, 0, 0]


async def test_those_who_follow_a_topic(web_community: CommunityUnderTest) -> None:
    await web_community.topics()
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    await anna.says("/argomenti")
    anna.sees("I miei argomenti")
    await anna.presses("Bandi: subito")
    await anna.presses("Bandi: nel riepilogo")
    anna.button("Bandi: per niente")
    row = await write(giulia)
    await giulia.presses("Argomenti che seguono")
    await giulia.presses("Bandi")
    giulia.sees("Lo riceverà 1 persona")
    await giulia.sends_action(f"announce.mark:{row.id}:topic:bad key!:in")
    giulia.told("non può stare fra i destinatari")
