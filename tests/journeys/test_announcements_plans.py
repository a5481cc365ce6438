"""When it goes out: at a time, by an event that moves, in the sending window, not on holidays; taken back before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage.enums import AnnouncementStatus, ApplicationStatus, EventStatus, Locale, Role
from storage.models import AnnouncementPlan, CommunityEvent
from tests.journeys.announcing import go_on, newest, refused, write
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_announcements_audience import a_mission, an_event


async def plan(community: CommunityUnderTest) -> AnnouncementPlan:
    async with community.app.database.reading() as session:
        return await session.get_one(AnnouncementPlan, (await newest(community)).id)


async def until(community: CommunityUnderTest, moment: datetime) -> None:
    await community.later(seconds=(moment - community.clock.now()).total_seconds())
    await community.later(seconds=5)


async def at_hour(who: PersonDriver, wall: str) -> None:
    """On the last question: another moment."""
    t = who.t
    await who.presses(t("Send it when?"))
    await who.presses(t("At a day and hour"))
    await who.fills({t("When?"): wall})


@pytest.mark.parametrize("locale", list(Locale))
async def test_at_a_time(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await community.member("Anna")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await go_on(giulia)
    await at_hour(giulia, "2018-04-05T10:30")
    await giulia.presses(t.n("Plan for {n} person", "Plan for {n} people", 2))
    giulia.sees(t("Planned: {title}", title=giulia.t.of(row, "title")), "10:30")
    assert (await newest(community)).status is AnnouncementStatus.PLANNED
    for nosy in (anna, outsider):
        await refused(f"announce.unplan:{row.id}", nosy)
        await refused(f"announce.look:{row.id}", nosy)
    assert (await newest(community)).status is AnnouncementStatus.PLANNED
    await until(community, datetime(2018, 4, 5, 8, 29, tzinfo=UTC))
    assert anna.count("Sede chiusa") == 0
    await until(community, datetime(2018, 4, 5, 8, 30, tzinfo=UTC))
    assert anna.count("Sede chiusa") == 1
    await community.later(days=1)
    assert anna.count("Sede chiusa") == 1


async def test_it_is_taken_back_changed_and_sent_at_once(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    await write(giulia)
    await go_on(giulia)
    await at_hour(giulia, "2018-04-05T10:30")
    await giulia.presses("Programma per 2 persone")
    await giulia.presses("Ritiralo in bozza")
    giulia.sees("Chi lo riceve?")
    await community.later(days=3)
    assert anna.count("Sede chiusa") == 0
    await go_on(giulia)
    giulia.sees("Quando: subito")
    await giulia.presses("Invia a 2 persone")
    await community.later(seconds=5)
    assert anna.count("Sede chiusa") == 1


async def test_before_an_event_it_moves_with_it(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    event_id = await an_event(community, {})
    await write(giulia)
    await go_on(giulia)
    await giulia.presses("Quando mandarlo?")
    await giulia.presses("Rispetto a un evento")
    await giulia.fills({"Evento": "Aperitivo · gio 12 apr", "Quando?": "1 giorno prima"})
    giulia.sees("mercoledì 11 aprile, 17:30", "Aperitivo", "si sposta con lui")
    await giulia.presses("Programma per 2 persone")
    async with community.app.database.writing() as session:
        event = await session.get_one(CommunityEvent, event_id)
        event.starts_wall, event.starts_at = "2018-04-13T11:00", datetime(2018, 4, 13, 9, tzinfo=UTC)
    await community.tick()
    assert (await plan(community)).send_at == datetime(2018, 4, 12, 9, tzinfo=UTC)
    await until(community, datetime(2018, 4, 11, 16, tzinfo=UTC))
    assert anna.count("Sede chiusa") == 0
    await until(community, datetime(2018, 4, 12, 9, 1, tzinfo=UTC))
    assert anna.count("Sede chiusa") == 1


async def test_an_event_that_is_called_off_takes_it_along(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    event_id = await an_event(community, {})
    row = await write(giulia)
    await go_on(giulia)
    await giulia.sends_action(f"announce.when:{row.id}")
    await giulia.presses("Rispetto a un evento")
    await giulia.fills({"Evento": "Aperitivo · gio 12 apr", "Quando?": "2 giorni prima"})
    await giulia.presses("Programma per 2 persone")
    async with community.app.database.writing() as session:
        (await session.get_one(CommunityEvent, event_id)).status = EventStatus.CANCELLED
    await community.later(seconds=30)
    giulia.sees("Non inviato: Sede chiusa")
    await community.later(days=12)
    assert anna.count("Sede chiusa") == 0
    assert (await newest(community)).status is AnnouncementStatus.DRAFT


async def test_outside_the_window_it_waits_for_the_morning_or_is_sent_all_the_same(
    web_community: CommunityUnderTest,
) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    await until(web_community, datetime(2018, 4, 3, 20, tzinfo=UTC))  # 22:00 in Rome
    await write(giulia)
    await go_on(giulia)
    giulia.sees("È fuori dall'orario di invio.", "mercoledì 4 aprile, 08:00")
    await giulia.presses("Programma per 2 persone")
    await web_community.later(hours=1)
    assert anna.count("Sede chiusa") == 0
    await until(web_community, datetime(2018, 4, 4, 6, 0, tzinfo=UTC))
    assert anna.count("Sede chiusa") == 1
    await until(web_community, datetime(2018, 4, 4, 21, tzinfo=UTC))
    await write(giulia, title="Urgente")
    await go_on(giulia)
    await giulia.presses("Allora lo stesso, a 2 persone")
    await web_community.later(seconds=5)
    assert anna.count("Urgente") == 1


async def test_holidays_are_spared_those_of_the_missions_country_too(web_community: CommunityUnderTest) -> None:

    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    mission = await a_mission(web_community, {anna: ApplicationStatus.ACCEPTED})
    await write(giulia)
    await go_on(giulia)
    await at_hour(giulia, "2018-04-25T10:00")
    giulia.sees("È festa: Anniversario della Liberazione.", "giovedì 26 aprile, 08:00")
    await at_hour(giulia, "2018-04-29T10:00")
    giulia.sees("È domenica.", "lunedì 30 aprile, 08:00")
    await at_hour(giulia, "2018-04-19T10:00")
    giulia.sees("Quando: giovedì 19 aprile, 10:00")
    row = await newest(web_community)
    await giulia.sends_action(f"announce.mark:{row.id}:mission:{mission}:in")
    await giulia.sends_action(f"announce.confirm:{row.id}")
    giulia.sees("È festa", "venerdì 20 aprile, 08:00")


async def test_a_plan_that_has_grown_too_large_asks_for_approval(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    laura = await web_community.member("Laura", roles=(Role.STAFF,))

    web_community.app.community.announcing = replace(web_community.app.community.announcing, second_approval_above=3)
    await write(giulia)
    await go_on(giulia)
    await at_hour(giulia, "2018-04-05T10:30")
    await giulia.presses("Programma per 2 persone")
    crowd = await web_community.crowd(4)
    await until(web_community, datetime(2018, 4, 5, 8, 31, tzinfo=UTC))
    assert (await newest(web_community)).status is AnnouncementStatus.APPROVAL
    assert crowd[0].count("Sede chiusa") == 0
    await laura.presses("Approva per 6 persone")
    await web_community.later(seconds=5)
    assert [one.count("Sede chiusa") for one in crowd] == [1, 1, 1, 1]


async def test_what_will_go_out_at_a_time(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    await anna.says("/riepilogo")
    await write(giulia)
    await go_on(giulia)
    await at_hour(giulia, "2018-04-05T10:30")
    await giulia.presses("Programma per 2 persone")
    await giulia.says("/annunci")
    await giulia.presses("Che cosa parte e quando?")
    await giulia.presses("Un altro orario")
    await giulia.fills({"Quando?": "2018-04-05T10:00"})
    giulia.sees("giovedì 5 aprile, 10:00–11:00", "10:30 Sede chiusa: 2 persone", "Al massimo 2 messaggi.")
    await giulia.presses("Un'ora dopo ›")
    giulia.sees("11:00–12:00", "Niente, per quel che si sa ora.")
    await refused("announce.outlook:0", anna)
    await giulia.sends_action("announce.outlook:99999999999999")
    giulia.sees("Che cosa parte e quando?", "martedì 3 aprile")


async def test_the_last_question_says_how_much_these_people_had_of_late(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    await web_community.member("Anna")
    for number in range(4):
        row = await write(giulia, title=f"Avviso {number}")
        await giulia.sends_action(f"announce.confirm:{row.id}")
        if number == 0:
            giulia.sees_nothing_of("Annunci già arrivati a testa")
        await giulia.presses("Invia a 2 persone")
        await web_community.later(seconds=5)
    row = await write(giulia, title="Un altro")
    await giulia.sends_action(f"announce.confirm:{row.id}")
    giulia.sees("4 in 7 giorni (al massimo 4), 4 in 30 giorni (al massimo 4)", "Sono tanti.")
    await web_community.later(days=8)
    await giulia.sends_action(f"announce.confirm:{row.id}")
    giulia.sees("0 in 7 giorni (al massimo 0), 4 in 30 giorni (al massimo 4)")
    assert "Sono tanti." not in giulia.last.text
