"""Forms under real conditions: interrupted, half-filled, closed, wrong, sent twice, and across a restart."""

import asyncio

import pytest
from sqlalchemy import select

from handlers.conversation.form import Value
from storage.enums import Locale, Platform, Role
from storage.models import CommunityEvent, Draft
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver, SlackPerson, TelegramPerson, WebPerson

BEGUN = {"Titolo": "Visita al laboratorio", "Dove?": "Bresso"}
REST = {"Inizio": "2018-04-19T17:30", "Fine": "2018-04-19T19:00"}


async def event_titles(community: CommunityUnderTest) -> list[str]:
    async with community.app.database.reading() as session:
        return list((await session.execute(select(CommunityEvent.title))).scalars())


async def draft(community: CommunityUnderTest) -> Draft | None:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Draft))).scalar_one_or_none()


async def kept(community: CommunityUnderTest) -> dict[str, Value]:
    """The answers in the only draft."""
    row = await draft(community)
    assert row is not None
    return dict(row.values)


async def begins(person: PersonDriver) -> None:
    """Half of the form of an event, then the window is closed."""
    await person.says("/nuovoevento")
    await person.closes(BEGUN)


async def staff(community: CommunityUnderTest) -> PersonDriver:
    return await community.member("Giulia Ferrandi", roles=(Role.STAFF,))


async def test_interrupted_by_a_command_and_continued(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await begins(giulia)
    await giulia.says("/eventi")
    giulia.sees("Prossimi eventi")
    await giulia.says("buongiorno")
    assert (await kept(community))["title"] == "Visita al laboratorio", "words answer nothing while the form rests"
    await giulia.says("/eventi")
    await giulia.says("/menu")
    await giulia.presses("Continua: Nuovo evento")
    await giulia.fills(REST)
    assert await event_titles(community) == ["Visita al laboratorio"]
    assert await draft(community) is None
    giulia.sees("Visita al laboratorio", "17:30", "Bresso")


async def test_interrupted_by_another_form(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await begins(giulia)
    await giulia.says("/proponievento")
    await giulia.closes({"Titolo": "Un altro"})
    await giulia.says("/menu")
    giulia.button("Continua: Proponi un evento")
    await giulia.presses("Continua: Nuovo evento")
    await giulia.fills(REST)
    assert await event_titles(community) == ["Visita al laboratorio"]
    await giulia.says("/menu")
    await giulia.presses("Continua: Proponi un evento")
    await giulia.fills({"Dove?": "online", **REST})
    assert await event_titles(community) == ["Visita al laboratorio", "Un altro"]


async def test_a_restart_in_the_middle(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await giulia.says("/nuovoevento")
    if isinstance(giulia, TelegramPerson):
        await giulia.closes(BEGUN)
    await community.restart()
    if isinstance(giulia, TelegramPerson):
        await giulia.fills(REST)
    else:
        # The window stayed open in the person's app all the while.
        await giulia.fills({**BEGUN, **REST})
    assert await event_titles(community) == ["Visita al laboratorio"]
    assert await draft(community) is None


async def test_a_restart_after_the_window_was_closed(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await begins(giulia)
    await community.restart()
    await community.later(days=2)
    await giulia.says("/menu")
    await giulia.presses("Continua: Nuovo evento")
    await giulia.fills(REST)
    giulia.sees("Visita al laboratorio", "17:30", "Bresso")


async def test_forgotten_after_a_month(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await begins(giulia)
    await community.later(days=29)
    assert await draft(community) is not None
    await community.later(days=2)
    assert await draft(community) is None
    await giulia.sends_action("form.resume:1")
    giulia.told("Questo modulo è già stato inviato o annullato.")


async def test_closed_half_filled_and_taken_up_again(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await giulia.says("/nuovoevento")
    await giulia.closes(BEGUN)
    assert {"title": "Visita al laboratorio", "place": "Bresso"}.items() <= (await kept(community)).items()
    await giulia.says("/nuovoevento")
    if isinstance(giulia, WebPerson):
        assert giulia.window.form is not None
        filled = {one.name: one.initial for one in giulia.window.form.fields}
        assert (filled["title"], filled["place"], filled["link"]) == ("Visita al laboratorio", "Bresso", None)
    if isinstance(giulia, SlackPerson):
        assert giulia.user.modal is not None
        assert giulia.user.modal.values["title"]["value"]["value"] == "Visita al laboratorio"
    await giulia.fills(REST)
    assert await event_titles(community) == ["Visita al laboratorio"]


async def test_an_answer_taken_back_stays_taken_back(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await giulia.says("/nuovoevento")
    await giulia.closes({**BEGUN, "Di che cosa si tratta?": "Da rivedere."})
    await giulia.says("/nuovoevento")
    if isinstance(giulia, TelegramPerson):
        await giulia.presses("Indietro")
        for _ in range(10):
            if "Di che cosa si tratta?" in giulia.last.text:
                break
            await giulia.presses("Indietro")
        await giulia.presses("Salta")
    else:
        await giulia.closes({"Di che cosa si tratta?": ""})
    assert "description" not in await kept(community)


async def test_only_what_is_wrong_is_asked_again(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await giulia.says("/nuovoevento")
    await giulia.fills({**BEGUN, "Inizio": "2018-04-19T17:30", "Fine": "2018-04-19T16:00", "Pagina web": "nessuna"})
    wrong = set(giulia.errors)
    assert {one.partition(":")[0] for one in wrong} <= {"Fine", "Pagina web"}
    assert len(wrong) == (1 if community.platform is Platform.TELEGRAM else 2)
    assert await event_titles(community) == []
    assert (await kept(community))["title"] == "Visita al laboratorio"
    await giulia.fills({"Fine": "2018-04-19T19:00", "Pagina web": "https://example.org/visita"})
    assert await event_titles(community) == ["Visita al laboratorio"]


async def test_sent_twice_and_done_once(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    marco = await community.member("Marco Colombani")
    await giulia.says("/nuovoevento")
    match giulia:
        case TelegramPerson():
            await giulia.closes({**BEGUN, **REST, "Pagina web": None})
            giulia.sees("È tutto giusto?")
            await community.at_once(*(giulia.taps("Pubblica", within="È tutto giusto?") for _ in range(3)))
        case SlackPerson():
            await giulia.fills({**BEGUN, **REST})
            sent = giulia.delivery
            # Two clicks make two submissions: another trigger and another hash, so another event.
            again = {**sent.payload, "trigger_id": "1.2.3", "view": {**sent.payload["view"], "hash": "another"}}
            await giulia.server.deliver("interactive", again)
            await community.settle()
        case WebPerson():
            form = giulia.window.form
            await giulia.fills({**BEGUN, **REST})
            giulia.window.form = form
            await giulia.fills({**BEGUN, **REST})
            giulia.told("Questo modulo è già stato inviato.")
    assert await event_titles(community) == ["Visita al laboratorio"]
    assert marco.count("Visita al laboratorio") == 1


async def test_two_windows_at_once(web_community: CommunityUnderTest) -> None:
    """Both databases: of two submissions at the same time one finds the draft."""
    giulia = await staff(web_community)
    assert isinstance(giulia, WebPerson)
    await giulia.says("/nuovoevento")
    payloads = [giulia.payload_of({**BEGUN, **REST}) for _ in range(2)]
    await asyncio.gather(*(giulia.adapter.submit(payload) for payload in payloads))
    await web_community.settle()
    assert await event_titles(web_community) == ["Visita al laboratorio"]


async def test_thrown_away(community: CommunityUnderTest) -> None:
    giulia = await staff(community)
    await begins(giulia)
    await giulia.says("/annulla")
    giulia.sees("Nuovo evento", "annullato")
    assert await draft(community) is None
    await giulia.says("/annulla")
    giulia.sees("Non c'è nulla da annullare")
    await giulia.says("/menu")
    assert not any("Continua" in one for one in giulia.last.buttons)


@pytest.mark.parametrize("platform", [Platform.TELEGRAM], ids=str, indirect=True)
@pytest.mark.parametrize("locale", list(Locale))
async def test_step_by_step_on_telegram(community: CommunityUnderTest, locale: Locale) -> None:
    """Back, skip, keep, change from the summary, cancel: all by buttons. Elsewhere a form is a window."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), locale=locale)
    t = giulia.t
    await giulia.says("/newevent")
    giulia.sees("1/9", t("Title"))
    assert not any(t("Skip ›") in one or t("‹ Back") in one for one in giulia.last.buttons)
    await giulia.says("\u200b")
    giulia.sees("1/9", t("I need a few words here."))
    await giulia.says("x" * 121)
    giulia.sees("⚠️", "121", "120")
    await giulia.says("Visita")
    giulia.sees("2/9", t("What is it about?"))
    await giulia.presses(t("‹ Back"))
    giulia.sees("1/9", t("So far: {value}", value="Visita"))
    await giulia.says("Visita al laboratorio")
    await giulia.presses(t("Skip ›"))
    await giulia.says("Bresso")
    giulia.sees("5/9", t("Starts"))
    await giulia.says("2018-04-19T17:30")
    await giulia.says("19/4/2018 19:00")
    giulia.sees("7/9", t("Places"))
    await giulia.says("tre")
    giulia.sees("⚠️", "7/9")
    await giulia.says("30")
    giulia.sees("9/9")
    await giulia.presses(t("Skip ›"))
    giulia.sees(t("Is everything right?"), "Visita al laboratorio", "30", "Bresso")
    await giulia.presses(t("Change: {field}", field=t("Places")))
    giulia.sees("7/9", t("So far: {value}", value="30"))
    await giulia.says("40")
    giulia.sees(t("Is everything right?"), "40")
    await giulia.presses(t("Change: {field}", field=t("Places")))
    await giulia.presses(t("Keep it"))
    giulia.sees(t("Is everything right?"), "40")
    await giulia.presses(t("Cancel"))
    giulia.sees(t("“{form}” is cancelled. Nothing was sent.", form=t("New event")))
    assert await draft(community) is None
    assert await event_titles(community) == []
