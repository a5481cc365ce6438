"""Job 1: a newcomer presses Start and is a member a minute later, on every platform and in both languages."""

import aiohttp
import pytest
from sqlalchemy import delete, func, select

from handlers.conversation.invitations import create_invite
from storage.enums import ConsentPurpose, Locale, OrganisationCategory, PersonStatus, Platform, Role
from storage.models import Account, AuditEntry, CodeAttempt, Consent, InboxEvent, Organisation, Person, PersonRole
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import TelegramPerson

LANGUAGE = {Locale.ITALIAN: "Italiano", Locale.ENGLISH: "English"}


async def invited(community: CommunityUnderTest, name: str = "Biofilande", *, uses: int = 5) -> str:
    """A code for an organisation."""
    async with community.app.database.writing() as session:
        house = Organisation(name=name, category=OrganisationCategory.COMPANY)
        session.add(house)
        await session.flush()
        return await create_invite(
            session,
            house.id,
            codes=community.app.community.codes,
            by=None,
            uses=uses,
            now=community.clock.now(),
            code="FILANDE462",
        )


async def people(community: CommunityUnderTest) -> int:
    async with community.app.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(Person))).scalar_one()


@pytest.mark.parametrize("locale", list(Locale))
async def test_by_invitation(community: CommunityUnderTest, locale: Locale) -> None:
    code = await invited(community)
    anna = await community.stranger("Anna", locale=locale)
    t = anna.t

    await anna.starts(code)
    anna.sees("Ciao!", "Hello!")
    await anna.presses(LANGUAGE[locale])
    anna.sees(t("How your data is used"))
    anna.sees("Biofilande")
    assert await people(community) == 0, "nothing is kept before they agree"

    await anna.presses(t("I agree, let's go"))
    await anna.fills(
        {
            t("First and last name"): "Anna Rossi",
            t("Your role there"): "CTO",
            t("Sectors you work in"): [t("ICT for health")],
            t("What can you offer?"): None if community.platform is Platform.TELEGRAM else "",
            t("What you allow"): [t("Send me news and invitations")],
        }
    )
    anna.sees(t("Welcome to {community}!", community=community.app.community.name))

    async with community.app.database.reading() as session:
        person = (await session.execute(select(Person))).scalar_one()
        assert (person.status, person.name, person.locale) == (PersonStatus.MEMBER, "Anna Rossi", locale)
        assert person.notice_version == "2018-04"
        given = {row.purpose: row.given for row in (await session.execute(select(Consent))).scalars()}
    assert given == {ConsentPurpose.DIRECTORY: False, ConsentPurpose.NEWS: True, ConsentPurpose.SHARING: False}


@pytest.mark.parametrize("locale", list(Locale))
async def test_by_the_staff(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    tommaso = await community.member("Tommaso Brivio", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    anna = await community.stranger("Anna", locale=locale)
    t = anna.t
    await anna.starts()
    await anna.presses(LANGUAGE[locale])
    await anna.presses(t("I agree, let's go"))
    await anna.fills(
        {
            t("First and last name"): "Anna Rossi",
            t("Organisation"): t("It's not in the list"),
            t("If it's not in the list, its name"): "Clinica <b>*_[",
            t("Your role there"): "CTO",
        }
    )
    anna.sees(t("Your request is with the staff"))

    giulia.sees("Anna Rossi chiede di entrare", "Clinica <b>*_[")
    tommaso.sees("Anna Rossi chiede di entrare")
    marco.sees_nothing_of("Anna Rossi")

    person = await only_waiting(community)
    await marco.sends_action(f"join.approve:{person}")
    marco.told("Questo può farlo solo la segreteria.")
    await anna.sends_action(f"join.approve:{person}")
    assert await only_waiting(community) == person, "nobody lets themselves in"

    await giulia.presses("Accetta")
    anna.sees(t("Welcome to {community}!", community=community.app.community.name))
    giulia.sees("✓ Accettata da Giulia Ferrandi")
    tommaso.sees("✓ Accettata da Giulia Ferrandi")
    await tommaso.sends_action(f"join.approve:{person}")
    tommaso.told("A questa richiesta ha già risposto qualcuno.")
    assert anna.count(t("Welcome to {community}!", community=community.app.community.name)) == 1

    async with community.app.database.reading() as session:
        assert [entry.action for entry in (await session.execute(select(AuditEntry))).scalars()] == ["join.approve"]


async def only_waiting(community: CommunityUnderTest) -> int:
    async with community.app.database.reading() as session:
        found = await session.execute(select(Person.id).where(Person.status == PersonStatus.WAITING))
        return found.scalar_one()


async def test_refused_with_a_reason(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    anna = await community.stranger("Anna")
    await anna.starts()
    await anna.presses("Italiano")
    await anna.presses("Accetto")
    await anna.fills(
        {
            "Nome e cognome": "Anna Rossi",
            "Organizzazione": "Non è nella lista",
            "Se non è nella lista, come si chiama": "Nessuna",
            "Il tuo ruolo": "Curiosa",
        }
    )
    await giulia.presses("Non stavolta")
    await giulia.fills({"Perché? Anna Rossi lo leggerà.": "Non sei ancora socia."})
    anna.sees("non ha potuto accogliere", "Non sei ancora socia.")
    await anna.says("/eventi")
    anna.told("Non fai più parte")


async def test_declining_leaves_no_trace(community: CommunityUnderTest) -> None:
    anna = await community.stranger("Anna")
    await anna.starts()
    await anna.presses("Italiano")
    await anna.presses("No, grazie")
    anna.sees("di te non ho conservato nulla")
    assert await people(community) == 0
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Account))).scalar_one() == 0
        payloads = (await session.execute(select(InboxEvent.payload))).scalars().all()
    assert all(payload == {} for payload in payloads), "what came in is emptied once it was handled"


async def test_a_stranger_reaches_nothing(community: CommunityUnderTest) -> None:
    anna = await community.stranger("Anna")
    for words in ("/eventi", "/richieste", "ciao", "/annuncio"):
        await anna.says(words)
        anna.sees("In che lingua parliamo?")
    assert await people(community) == 0


async def test_one_person_on_two_platforms(web_community: CommunityUnderTest) -> None:
    """Linking by code, within one platform's rules: the second account has another user there."""
    community = web_community
    marco = await community.member("Marco Colombani")
    await marco.says("/collega")
    code = marco.last.text.split("link ")[1].split()[0]
    assert len(code) == 8

    other = await community.stranger("Marco altrove")
    await other.says(f"/collega {code}")
    other.told("è già collegato a quel profilo con un altro account")

    await other.says("/collega ABCDEFGH")
    other.told("Questo codice non è valido")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(CodeAttempt))).scalar_one() == 1

    await community.later(minutes=16)
    await other.says(f"/collega {code}")
    other.told("Questo codice non è valido")


async def test_too_many_wrong_codes(web_community: CommunityUnderTest) -> None:
    anna = await web_community.stranger("Anna")
    for number in range(5):
        await anna.says(f"/link WRONG{number}AA")
        anna.told("Questo codice non è valido")
    await anna.says("/link WRONG9AA")
    anna.told("Troppi codici sbagliati")
    await web_community.later(minutes=61)
    await anna.says("/link WRONG9AA")
    anna.told("Questo codice non è valido")


async def test_an_invitation_runs_out(web_community: CommunityUnderTest) -> None:
    code = await invited(web_community, uses=1)
    codes = web_community.app.community.codes
    assert codes.digest(code) == codes.digest("filande-462")
    anna = await web_community.stranger("Anna")
    await anna.says(code)
    await anna.presses("Italiano")
    anna.sees("Biofilande")
    await anna.presses("Accetto")
    bea = await web_community.stranger("Bea")
    await bea.says(code)
    await bea.presses("Italiano")
    bea.sees_nothing_of("Biofilande")


async def test_the_staff_see_their_commands(telegram_community: CommunityUnderTest) -> None:
    """Telegram's menu lists staff's commands in staff's own chats only, and no longer once the role is gone."""
    community = telegram_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    marco = await community.member("Marco Colombani")
    assert isinstance(giulia, TelegramPerson)
    assert isinstance(marco, TelegramPerson)
    await community.tick()
    assert "richieste" in await menu_of(giulia)
    assert await menu_of(marco) == []
    async with community.app.database.writing() as session:
        await session.execute(delete(PersonRole).where(PersonRole.person_id == giulia.id))
    await community.tick()
    assert await menu_of(giulia) == []


async def menu_of(person: TelegramPerson) -> list[str]:
    """The commands that Telegram lists in this person's chat alone."""
    token, base = person.server.token, person.server.base_url
    scope = {"type": "chat", "chat_id": person.user.id}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{base}/bot{token}/getMyCommands", json={"scope": scope}) as answer,
    ):
        return [one["command"] for one in (await answer.json())["result"]]
