"""Joining by a code that is sent to a work address, on every platform, through a real mail server."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from handlers.conversation.invitations import create_invite
from storage.enums import Locale, MailState, OrganisationCategory, PersonStatus, Platform, Role
from storage.models import AddressCode, InboxEvent, Mail, Organisation, Person
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.standins.mail import MailServer, mail_server

LANGUAGE = {Locale.ITALIAN: "Italiano", Locale.ENGLISH: "English"}


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def community(
    platform: Platform, sqlite_url: str, tmp_path: Path, mails: MailServer
) -> AsyncIterator[CommunityUnderTest]:
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path, mail=mails.settings()) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture
async def web_community(database_url: str, tmp_path: Path, mails: MailServer) -> AsyncIterator[CommunityUnderTest]:
    async with CommunityUnderTest.open(Platform.WEB, database_url, tmp_path, mail=mails.settings()) as opened:
        await opened.vocabulary()
        yield opened


async def house(community: CommunityUnderTest, name: str = "Biofilande", **more: object) -> int:
    """An organisation with an address domain."""
    async with community.app.database.writing() as session:
        row = Organisation(name=name, category=OrganisationCategory.COMPANY, domains=["biofilande.example"], **more)
        session.add(row)
        await session.flush()
        return row.id


async def person(community: CommunityUnderTest, name: str) -> Person:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Person).where(Person.name == name))).scalar_one()


async def agrees(anna: PersonDriver) -> None:
    await anna.starts()
    await anna.presses(LANGUAGE[anna.locale])
    await anna.presses(anna.t("I agree, let's go"))


async def asks_for_code(anna: PersonDriver, address: str) -> None:
    t = anna.t
    await anna.presses(t("I have a work address"))
    await anna.fills({t("Your e-mail address at work"): address})


def code_in(mails: MailServer, address: str) -> str:
    found = re.match(r"(\d{6}) ", mails.to(address)[-1]["Subject"])
    assert found is not None
    return found[1]


async def types(anna: PersonDriver, digits: str) -> None:
    await anna.fills({anna.t("The {n} digits", n=6): digits})


async def fills_profile(anna: PersonDriver, **more: str) -> None:
    t = anna.t
    answers: dict[str, str | list[str] | None] = {t("First and last name"): anna.name, **more}
    await anna.fills({**answers, t("Your role there"): "CTO"})


@pytest.mark.parametrize("locale", list(Locale))
async def test_by_work_address(community: CommunityUnderTest, mails: MailServer, locale: Locale) -> None:
    await house(community)
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    anna = await community.stranger("Anna Rossi", locale=locale)
    t = anna.t
    await agrees(anna)
    anna.sees(t("Which organisation are you from?"))
    await asks_for_code(anna, "Anna.Rossi@Lab.Biofilande.example")
    anna.sees(t("Look at your e-mail"))
    (mail,) = mails.to("anna.rossi@lab.biofilande.example")
    digits = code_in(mails, "anna.rossi@lab.biofilande.example")
    assert digits in mail.get_content()
    assert t("your code for {community} is:", community=community.app.community.name) in mail.get_content()
    assert mail.get_content_type() == "text/plain"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == locale.value

    await types(anna, digits)
    anna.sees("Biofilande")
    await fills_profile(anna)
    anna.sees(t("Welcome to {community}!", community=community.app.community.name))
    giulia.sees_nothing_of("Anna Rossi")
    who = await person(community, "Anna Rossi")
    assert (who.status, who.work_address) == (PersonStatus.MEMBER, "anna.rossi@lab.biofilande.example")
    async with community.app.database.reading() as session:
        row = (await session.execute(select(Mail))).scalar_one()
    assert (row.state, row.address, row.data) == (MailState.SENT, "", {}), "what was sent is not kept"


async def test_an_unknown_domain_looks_the_same_and_goes_to_the_staff(
    community: CommunityUnderTest, mails: MailServer
) -> None:
    await house(community)
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    anna, bea = await community.stranger("Anna Rossi"), await community.stranger("Bea Bianchi")
    answers = []
    for who, address in ((anna, "x@biofilande.example"), (bea, "x@clinica-nuova.example")):
        await agrees(who)
        await asks_for_code(who, address)
        answers.append([one.text.replace(address.partition("@")[2], "…") for one in who.messages()[-2:]])
    assert answers[0] == answers[1], "before the code is typed nothing tells known and unknown domains apart"

    await types(bea, code_in(mails, "x@clinica-nuova.example"))
    bea.sees("Il tuo indirizzo è confermato", "clinica-nuova.example")
    t = bea.t
    await bea.fills(
        {
            t("First and last name"): "Bea Bianchi",
            t("Organisation"): t("It's not in the list"),
            t("If it's not in the list, its name"): "Clinica Nuova",
            t("Your role there"): "Fisica",
        }
    )
    bea.sees("La tua richiesta è alla segreteria")
    giulia.sees("Bea Bianchi chiede di entrare", "Clinica Nuova", "Indirizzo confermato", "x@clinica-nuova.example")


async def test_free_mail_and_nonsense_are_refused_kindly(community: CommunityUnderTest, mails: MailServer) -> None:
    anna = await community.stranger("Anna Rossi")
    await agrees(anna)
    await asks_for_code(anna, "anna.rossi@gmail.com")
    assert "gmail.com" in anna.errors["La tua e-mail di lavoro"]
    await anna.fills({"La tua e-mail di lavoro": "anna chiocciola rossi"})
    assert "Non sembra un indirizzo" in anna.errors["La tua e-mail di lavoro"]
    assert mails.inbox == []


async def test_a_code_works_once_for_a_quarter_of_an_hour(web_community: CommunityUnderTest, mails: MailServer) -> None:
    community = web_community
    await house(community)
    anna, bea = await community.stranger("Anna Rossi"), await community.stranger("Bea Bianchi")
    for who in (anna, bea):
        await agrees(who)
        await asks_for_code(who, f"{who.name.split()[0].lower()}@biofilande.example")
    old = code_in(mails, "anna@biofilande.example")
    await types(bea, old)
    assert "Non è questo" in bea.errors["Le 6 cifre"], "a code is its own person's"

    await community.later(minutes=16)
    await types(anna, old)
    assert "non vale più" in anna.errors["Le 6 cifre"]
    await anna.presses("Un altro indirizzo")
    await anna.fills({"La tua e-mail di lavoro": "anna@biofilande.example"})
    new = code_in(mails, "anna@biofilande.example")
    await types(anna, new)
    anna.sees("✓ Fai parte di Biofilande")
    # The right one again: it was used.
    await anna.presses("Scrivi il codice")
    await types(anna, new)
    assert "non vale più" in anna.errors["Le 6 cifre"]


async def test_five_wrong_guesses_end_a_code(web_community: CommunityUnderTest, mails: MailServer) -> None:
    await house(web_community)
    anna = await web_community.stranger("Anna Rossi")
    await agrees(anna)
    await asks_for_code(anna, "anna@biofilande.example")
    right = code_in(mails, "anna@biofilande.example")
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for left in ("4 volte", "3 volte", "2 volte", "1 volta"):
        await types(anna, wrong)
        assert left in anna.errors["Le 6 cifre"]
    await types(anna, wrong)
    assert "non vale più" in anna.errors["Le 6 cifre"]
    await types(anna, right)
    assert "non vale più" in anna.errors["Le 6 cifre"], "the right one comes too late"


async def test_a_code_used_twice_at_once_works_once(web_community: CommunityUnderTest, mails: MailServer) -> None:
    """The same answer handed in by 20 windows at the same time."""
    await house(web_community)
    anna = await web_community.stranger("Anna Rossi")
    await agrees(anna)
    await asks_for_code(anna, "anna@biofilande.example")
    payloads = [anna.payload_of({"Le 6 cifre": code_in(mails, "anna@biofilande.example")}) for _ in range(20)]  # type: ignore[attr-defined]  # a person on the web
    outcomes = await asyncio.gather(*(anna.adapter.submit(one) for one in payloads))  # type: ignore[attr-defined]  # same
    await web_community.settle(60)
    assert sum(outcome.form is not None for outcome in outcomes) == 1, "one of them goes on to the profile"
    async with web_community.app.database.reading() as session:
        codes = (await session.execute(select(AddressCode))).scalars().all()
    assert [code.used_at is not None for code in codes] == [True]


async def test_how_many_codes_an_account_and_an_address_get(
    web_community: CommunityUnderTest, mails: MailServer
) -> None:
    people = [await web_community.stranger(f"Persona{number}") for number in range(3)]
    for who in people:
        await agrees(who)
    for who in people:
        await asks_for_code(who, "direzione@clinica.example")
    assert len(mails.to("direzione@clinica.example")) == 3
    anna = await web_community.stranger("Anna Rossi")
    await agrees(anna)
    await asks_for_code(anna, "Direzione+1@clinica.example")
    assert "Ho già mandato parecchi codici" in anna.errors["La tua e-mail di lavoro"], "an address gets three an hour"
    for number in range(5):
        await anna.fills({"La tua e-mail di lavoro": f"a{number}@clinica.example"})
        await anna.presses("Un altro indirizzo")
    await anna.fills({"La tua e-mail di lavoro": "a6@clinica.example"})
    assert "Ho già mandato parecchi codici" in anna.errors["La tua e-mail di lavoro"], "an account asks five times"
    await web_community.later(minutes=61)
    await anna.fills({"La tua e-mail di lavoro": "a6@clinica.example"})
    assert len(mails.to("a6@clinica.example")) == 1


async def test_an_address_is_one_profile(web_community: CommunityUnderTest, mails: MailServer) -> None:
    """Somebody who has a profile already is not made twice, and nothing is merged silently."""
    await house(web_community)
    marco = await web_community.member("Marco Colombani", organisation="Biofilande")
    async with web_community.app.database.writing() as session:
        await session.execute(
            update(Person).where(Person.id == marco.id).values(work_address="marco@biofilande.example")
        )
    again = await web_community.stranger("Marco altrove")
    await agrees(again)
    await asks_for_code(again, "marco@biofilande.example")
    again.sees_nothing_of("C'è già un profilo")
    await types(again, code_in(mails, "marco@biofilande.example"))
    again.sees("C'è già un profilo con questo indirizzo", "/collega")
    async with web_community.app.database.reading() as session:
        joining = select(func.count()).select_from(Person).where(Person.status == PersonStatus.JOINING)
        assert (await session.execute(joining)).scalar_one() == 1


async def test_the_last_place_goes_to_one_and_the_other_asks(
    web_community: CommunityUnderTest, mails: MailServer
) -> None:
    giulia = await web_community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    await house(web_community, seats=1)
    anna, bea = await web_community.stranger("Anna Rossi"), await web_community.stranger("Bea Bianchi")
    for who in (anna, bea):
        await agrees(who)
        address = f"{who.name.split()[0].lower()}@biofilande.example"
        await asks_for_code(who, address)
        await types(who, code_in(mails, address))
        who.sees("✓ Fai parte di Biofilande")
    answers = {anna.t("Your role there"): "CTO"}
    payloads = [
        (who, who.payload_of({anna.t("First and last name"): who.name, **answers}))  # type: ignore[attr-defined]  # on the web
        for who in (anna, bea)
    ]
    await asyncio.gather(*(who.adapter.submit(payload) for who, payload in payloads))  # type: ignore[attr-defined]  # same
    await web_community.settle()
    statuses = sorted([(await person(web_community, who.name)).status for who in (anna, bea)])
    assert statuses == [PersonStatus.MEMBER, PersonStatus.WAITING]
    last = anna if (await person(web_community, "Anna Rossi")).status is PersonStatus.WAITING else bea
    last.sees("i posti di Biofilande sono tutti occupati")
    giulia.sees(f"{last.name} chiede di entrare", "1 occupati su 1")
    await giulia.presses("Accetta")
    last.sees("Ti diamo il benvenuto")


async def test_without_a_mail_server_there_is_no_such_button(sqlite_url: str, tmp_path: Path) -> None:
    async with CommunityUnderTest.open(Platform.WEB, sqlite_url, tmp_path) as community:
        anna = await community.stranger("Anna Rossi")
        await agrees(anna)
        await anna.sends_action("join.address")
        anna.told("non posso mandare e-mail")
        outsider = await community.stranger("Bea Bianchi")
        await outsider.sends_action("join.address")
        outsider.sees("In che lingua parliamo?")


async def test_a_member_moves_by_an_address(community: CommunityUnderTest, mails: MailServer) -> None:
    await house(community)
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    marco = await community.member("Marco Colombani", organisation="Clinica di Prima")
    await marco.says("/profilo")
    await marco.presses("Modifica")
    await marco.presses("Organizzazione")
    marco.sees("Clinica di Prima")
    await asks_for_code(marco, "marco@biofilande.example")
    await types(marco, code_in(mails, "marco@biofilande.example"))
    marco.sees("Ora fai parte di Biofilande")
    await marco.says("/profilo")
    marco.sees("Organizzazione: Biofilande", "marco@biofilande.example")
    giulia.sees_nothing_of("Marco Colombani")


async def steps(community: CommunityUnderTest, before: int = 0) -> int:
    """How many times somebody has pressed, typed or handed in."""
    async with community.app.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(InboxEvent))).scalar_one() - before


async def test_joining_takes_few_steps(community: CommunityUnderTest, mails: MailServer) -> None:
    """Under a minute: with windows a handful of steps, in a talk one for each question as well."""
    house_id = await house(community)
    async with community.app.database.writing() as session:
        codes, now = community.app.community.codes, community.clock.now()
        code = await create_invite(session, house_id, codes=codes, by=None, uses=5, now=now)
    before = await steps(community)
    anna = await community.stranger("Anna Rossi")
    await anna.starts(code)
    await anna.presses("Italiano")
    await anna.presses("Accetto")
    await fills_profile(anna)
    anna.sees("Ti diamo il benvenuto")
    by_invitation = await steps(community, before)

    before = await steps(community)
    bea = await community.stranger("Bea Bianchi")
    await agrees(bea)
    await asks_for_code(bea, "bea@biofilande.example")
    await types(bea, code_in(mails, "bea@biofilande.example"))
    await fills_profile(bea)
    bea.sees("Ti diamo il benvenuto")
    by_address = await steps(community, before)
    most = {Platform.TELEGRAM: (10, 15), Platform.SLACK: (4, 7), Platform.WEB: (4, 7)}[community.platform]
    assert by_invitation <= most[0]
    assert by_address <= most[1]
