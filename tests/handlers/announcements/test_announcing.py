"""From the first word to the last recipient, as the staff do it; and as others cannot."""

import asyncio

import pytest
from sqlalchemy import func, select

from handlers.announcements import service
from handlers.conversation.actions import REGISTRY
from handlers.conversation.permissions import Permission
from storage.enums import AnnouncementStatus, Locale, OutboxState, PersonStatus, Platform, Role
from storage.models import Account, Announcement, Consent, OutboxMessage
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

FOR_READERS = {"announce.read", "announce.mute", "announce.ack", "announce.less", "announce.level", "announce.topics"}
FOR_OWNERS = {"announce.trial", "announce.golive"}
ARGUMENTS = {"announcement": "1", "facet": "group", "value": "staff", "made": "in", "page": "0", "reader": "it",
             "people": "3", "platform": "web", "how": "window", "match": "any", "subject": "1", "part": "picture",
             "position": "0", "channel": "also", "hours": "24", "person": "1", "form": "csv", "seen": "0",
             "stamp": "0"}  # fmt: skip


def skipped(who: PersonDriver) -> str | None:
    """How a question is left unanswered: by a button in a talk, by an empty field in a window."""
    return None if who.community.platform is Platform.TELEGRAM else ""


async def written(
    who: PersonDriver, *, english: bool = False, kind: str = "Service: what members need to know"
) -> None:
    t = who.t
    await who.says("/announce")
    if who.community.platform is Platform.SLACK:
        await who.community.settle()
    texts = {t("Title in Italian"): "Posti al Technion", t("Text in Italian"): "Restano quattro posti."}
    if english:
        texts |= {t("Title in English"): "Places at the Technion", t("Text in English"): "Four places are left."}
    else:
        texts |= {t("Title in English"): skipped(who), t("Text in English"): skipped(who)}  # type: ignore[dict-item]
    await who.fills({**texts, t("Kind of message"): t(kind)})


async def the_announcement(community: CommunityUnderTest) -> Announcement:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Announcement))).scalar_one()


async def rows_of(community: CommunityUnderTest) -> int:
    async with community.app.database.reading() as session:
        return (
            await session.execute(
                select(func.count()).select_from(OutboxMessage).where(OutboxMessage.announcement_id.is_not(None))
            )
        ).scalar_one()


async def test_the_whole_way(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia", roles=(Role.STAFF,))
    anna = await community.member("Anna")
    john = await community.member("John", locale=Locale.ENGLISH)
    guest = await community.member("Ospite", status=PersonStatus.GUEST)
    left = await community.member("Franco", status=PersonStatus.LEFT)

    await written(giulia, english=True)
    giulia.sees("Chi lo riceve?", "Lo riceveranno 4 persone")
    await giulia.presses("Ruoli")
    await giulia.presses("Ospiti di una missione")
    giulia.sees("Lo riceverà 1 persona")
    await giulia.presses("✓ Ospiti di una missione")
    giulia.sees("Lo riceveranno 3 persone")
    await giulia.presses("Torna ai destinatari")
    giulia.sees("Ruoli, esclusi", "Ospiti di una missione")

    await giulia.presses("Anteprima")
    giulia.sees("Anteprima", "Restano quattro posti.")
    await giulia.presses("inglese")
    giulia.sees("Anteprima", "Four places are left.")
    await giulia.presses("Prova a me")
    await community.tick()
    giulia.sees("Posti al Technion", "Dalla segreteria")
    giulia.sees("Places at the Technion")
    anna.sees_nothing_of("Technion")

    await giulia.presses("Avanti")
    assert giulia.button("Invia a") == "Invia a 3 persone"
    await giulia.presses("Invia a 3 persone")
    await community.tick()
    anna.sees("Posti al Technion", "Restano quattro posti.")
    john.sees("Places at the Technion", "Four places are left.")
    assert anna.count("Technion") == john.count("Technion") == 1
    for who in (guest, left):
        who.sees_nothing_of("Technion")
    row = await the_announcement(community)
    assert (row.status, row.recipients) == (AnnouncementStatus.DONE, 3)
    await community.tick()
    giulia.sees("Invio finito.", "3")
    await giulia.presses("Risultati")
    giulia.sees("È arrivato a tutti")


async def test_the_number_is_checked_again_at_the_press(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    await written(giulia)
    await giulia.presses("Anteprima")
    await giulia.presses("Avanti")
    late = await web_community.member("Arrivata dopo")
    await giulia.presses("Invia a 1 persona")
    giulia.sees("Non è partito niente", "da 1 a 2")
    late.sees_nothing_of("Technion")
    assert await rows_of(web_community) == 0
    await giulia.presses("Invia a 2 persone")
    await web_community.tick()
    late.sees("Posti al Technion")


async def test_a_hurried_finger_sends_once(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    await written(giulia)
    row = await the_announcement(web_community)
    await asyncio.gather(*(giulia.sends_action(f"announce.send:{row.id}:2") for _ in range(20)))
    await web_community.tick()
    assert await rows_of(web_community) == 2
    assert anna.count("Technion") == 1


async def test_readers_of_the_missing_language_are_named_and_get_the_other(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    john = await web_community.member("John", locale=Locale.ENGLISH)
    await written(giulia)
    giulia.sees("1 persona legge in inglese e il testo inglese manca: riceve l'italiano.")
    await giulia.sends_action(f"announce.send:{(await the_announcement(web_community)).id}:2")
    await web_community.tick()
    john.sees("Posti al Technion")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({}, "Scrivi un titolo e un testo in almeno una lingua."),
        ({"Titolo in inglese": "Only a title"}, "In questa lingua c'è il titolo ma manca il testo."),
        ({"Titolo in inglese": "A", "Testo in inglese": "B"}, "Non hai scritto niente in italiano."),
    ],
)
async def test_an_incomplete_text_is_asked_again(
    web_community: CommunityUnderTest, answers: dict[str, str], error: str
) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    await giulia.says("/annuncio")
    await giulia.fills({**answers, "Tipo di messaggio": "Di servizio: quello che i soci devono sapere"})
    errors = giulia.window.errors.values()  # type: ignore[attr-defined]  # this community is on the web
    assert any(error in one for one in errors)
    async with web_community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Announcement))).scalar_one() == 0


async def test_a_draft_waits_is_changed_and_thrown_away(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    await written(giulia)
    await giulia.says("/annunci")
    giulia.sees("1 da inviare")
    await giulia.presses("Posti al Technion")
    await giulia.presses("Cambia il testo")
    await giulia.fills({"Titolo in italiano": "Posti a Haifa"})
    giulia.sees("Chi lo riceve?", "Posti a Haifa")
    assert (await the_announcement(web_community)).text_it == "Restano quattro posti."
    await giulia.presses("Elimina la bozza")
    giulia.sees("Elimino la bozza?")
    await giulia.presses("Sì, elimina")
    await giulia.sends_action("announce.discard:1")
    await giulia.sends_action("announce.show:1")
    giulia.told("Questo annuncio non c'è più.")
    async with web_community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Announcement))).scalar_one() == 0
    await giulia.says("/home")
    giulia.sees(web_community.app.community.name)


async def test_promotional_news_can_be_declined_from_below_it(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    async with web_community.app.database.writing() as session:
        session.add(
            Consent(
                person_id=anna.id, purpose="news", given=True, text_version="1", locale=Locale.ITALIAN,
                platform=Platform.WEB, at=web_community.clock.now(),
            )
        )  # fmt: skip
    await written(giulia, kind="Promotional: only those who said yes to news")
    giulia.sees("Lo riceverà 1 persona", "solo chi ha detto sì")
    row = await the_announcement(web_community)
    await giulia.sends_action(f"announce.send:{row.id}:1")
    await web_community.tick()
    await anna.presses("Non mandarmi più novità così")
    anna.sees("Posti al Technion")
    anna.sees("niente più novità promozionali")
    await anna.presses("Non mandarmi più novità così")
    async with web_community.app.database.reading() as session:
        given = (await session.execute(select(Consent.given).order_by(Consent.id))).scalars().all()
    assert given == [True, False]


async def test_who_blocked_the_bot_is_counted_named_to_staff_and_can_be_retried(
    web_community: CommunityUnderTest,
) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna Bloccante")
    await written(giulia)
    row = await the_announcement(web_community)
    await giulia.sends_action(f"announce.send:{row.id}:2")
    await web_community.tick()
    async with web_community.app.database.writing() as session:
        sent = (
            await session.execute(select(OutboxMessage).where(OutboxMessage.person_id == anna.id,
                                                              OutboxMessage.announcement_id == row.id))
        ).scalar_one()  # fmt: skip
        sent.state = OutboxState.FAILED
        sent.failure = "bot was blocked by the user"
        account = (await session.execute(select(Account).where(Account.person_id == anna.id))).scalar_one()
        account.reachable = False
    await giulia.sends_action(f"announce.results:{row.id}")
    giulia.sees("Anna Bloccante", "ha bloccato il bot", "appena gli riscrive")
    await anna.says("/home")
    await giulia.sends_action(f"announce.results:{row.id}")
    await giulia.presses("Riprova con quello non riuscito")
    await web_community.tick()
    assert anna.count("Technion") == 2
    await web_community.tick()
    assert (await the_announcement(web_community)).status is AnnouncementStatus.DONE


async def test_every_staff_button_refuses_members_and_strangers(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    stranger = await web_community.stranger("Estranea")
    await written(giulia)
    row = await the_announcement(web_community)
    before = row.audience, row.status
    verbs = [spec for verb, spec in REGISTRY.actions.items() if verb.startswith("announce.")]
    assert len(verbs) > 15
    await anna.says("/home")
    await stranger.says("/home")
    for spec in verbs:
        if spec.verb in FOR_READERS:
            continue
        assert spec.permission is (Permission.OWNER if spec.verb in FOR_OWNERS else Permission.STAFF), spec.verb
        words = [ARGUMENTS[name] for name, _, _ in spec.parameters]
        text = ":".join([spec.verb, *words]).replace(":1", f":{row.id}", 1)
        for who in (anna, stranger):
            await who.sends_action(text)
            who.sees_nothing_of("Technion")
        await anna.sends_action(text)
        assert anna.toast == anna.t("Only the staff can do this."), spec.verb
    assert REGISTRY.forms["announce.write"].permission is Permission.STAFF
    for name in ("announce", "announcements"):
        spec_of = REGISTRY.command(name)
        assert spec_of is not None
        assert spec_of.permission is Permission.STAFF
        await anna.says(f"/{name}")
        anna.told(anna.t("Only the staff can do this."))
    row = await the_announcement(web_community)
    assert (row.audience, row.status) == before
    assert await rows_of(web_community) == 0


async def test_an_announcement_is_read_only_by_those_it_is_for(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    await written(giulia)
    row = await the_announcement(web_community)
    await anna.says("/home")
    await anna.sends_action(f"announce.read:{row.id}")
    anna.told("Questo annuncio non è per te")
    await giulia.sends_action(f"announce.mark:{row.id}:group:staff:in")
    await giulia.sends_action(f"announce.send:{row.id}:1")
    await web_community.tick()
    await anna.sends_action(f"announce.read:{row.id}")
    anna.told("Questo annuncio non è per te")
    anna.sees_nothing_of("Technion")
    await giulia.sends_action(f"announce.read:{row.id}")
    giulia.sees("Restano quattro posti.")


async def test_the_card_pauses_and_goes_on(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia", roles=(Role.STAFF,))
    anna = await web_community.member("Anna")
    await written(giulia)
    row = await the_announcement(web_community)
    async with web_community.another_sends():
        await giulia._sends_action(f"announce.send:{row.id}:2")
        await giulia._sends_action(f"announce.pause:{row.id}")
        await web_community.settle()
        giulia.sees("In pausa", "Da inviare: 2")
    await web_community.tick()
    anna.sees_nothing_of("Technion")
    await giulia.presses("Riprendi")
    await web_community.tick()
    await web_community.tick()
    anna.sees("Posti al Technion")
    giulia.sees("Invio finito.")
    assert giulia.count("Invio finito.") == 1, "one card, edited where it is"


def test_the_service_names_its_notices() -> None:
    assert {service.NOTICE, service.TEST} <= set(REGISTRY.notices)
