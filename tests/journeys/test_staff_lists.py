"""A list comes in as a file in the chat, is looked at, taken over, and goes out again; on every platform."""

import io

from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from handlers.sheets.cells import text_of
from storage.enums import Role
from storage.models import ImportRun, Invite, MemberRecord, Organisation, Person
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

HOUSES = "Nome;Categoria;Città\nBiofilande;azienda;Lecco\nOspedale della Martesana;ospedale;Gorgonzola\n"
PEOPLE = "Nome;E-mail;Azienda;Ruolo\nTom Reed;tom@biofilande.example;Biofilande;CTO\n"


async def sends(person: PersonDriver, kind: str, text: str) -> None:
    """Answer the form of a list."""
    await person.says("/importa")
    await person.presses(kind)
    await person.hands_in("Il file (CSV o XLSX)", "elenco.csv", text.encode(), "text/csv")
    await person.community.tick()


async def rows(community: CommunityUnderTest, model: type[Organisation | MemberRecord | Invite | ImportRun]) -> int:
    async with community.app.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(model))).scalar_one()


async def test_organisations_and_their_people(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await sends(giulia, "Organizzazioni", HOUSES)
    giulia.sees("Organizzazioni: che cosa cambierebbe il file", "Biofilande", "Ospedale della Martesana")
    assert await rows(community, Organisation) == 1, "nothing happens before they say so"
    await giulia.presses("Importa 2 modifiche")
    giulia.sees("✓ Organizzazioni: importati")
    assert await rows(community, Organisation) == 3

    await sends(giulia, "Organizzazioni", HOUSES.replace("Lecco", "Como"))
    giulia.sees("Biofilande · Città: Lecco → Como")
    await giulia.presses("Scarta")
    giulia.sees("Scartato")

    await sends(giulia, "Soci", PEOPLE)
    giulia.sees("Soci: che cosa cambierebbe il file", "Tom Reed", "I nuovi sono invitati")
    await giulia.presses("Importa 1 modifica")
    giulia.sees("✓ Soci: importati")
    assert (await rows(community, MemberRecord), await rows(community, Invite)) == (1, 1)
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Person))).scalar_one() == 1
    await giulia.again()
    assert await rows(community, MemberRecord) == 1


async def test_the_invited_join_by_their_own_code(web_community: CommunityUnderTest) -> None:
    community = web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await sends(giulia, "Organizzazioni", HOUSES)
    await giulia.presses("Importa 2 modifiche")
    await sends(giulia, "Soci", PEOPLE)
    await giulia.presses("Importa 1 modifica")
    book = CalamineWorkbook.from_filelike(io.BytesIO(await giulia.downloads("Soci: importati")))
    [_, row] = book.get_sheet_by_index(0).to_python()
    code = text_of(row[3])

    tom = await community.stranger("Tom")
    await tom.starts(code)
    await tom.presses("Italiano")
    tom.sees("Biofilande")
    await tom.presses("Accetto")
    await tom.fills({"Il tuo ruolo": "CTO"})
    async with community.app.database.reading() as session:
        person = (await session.execute(select(Person).where(Person.name == "Tom Reed"))).scalar_one()
        assert person.job_title == "CTO"
    other = await community.stranger("Altro")
    await other.starts(code)
    await other.presses("Italiano")
    other.sees_nothing_of("Biofilande")
    await sends(giulia, "Soci", PEOPLE)
    giulia.sees("Soci: che cosa cambierebbe il file", "Come prima: 1", "Non c'è nulla da fare.")


async def test_what_is_wrong_is_said_by_row_and_nothing_happens(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await sends(giulia, "Soci", "Nome;E-mail;Azienda\nAnna Rossi;anna;Ignota\n")
    giulia.sees("il file non si può importare", "Riga 2, E-mail: «anna» non è un indirizzo", "Riga 2, Azienda")
    assert await rows(community, MemberRecord) == 0
    await giulia.sends_action("list.apply:1:abc")
    giulia.told("è già stato importato o scartato")


async def test_only_staff(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    tommaso = await community.member("Tommaso Brivio", roles=(Role.STAFF,))
    mario = await community.member("Mario Rossi", roles=(Role.MODERATOR,))
    stranger = await community.stranger("Zeno")
    await sends(giulia, "Organizzazioni", HOUSES)
    for person in (mario, stranger):
        await person.says("/importa")
        await person.says("/esporta")
        await person.sends_action("list.apply:1:abc")
        person.sees_nothing_of("Biofilande")
    await tommaso.sends_action("list.apply:1:abc")
    tommaso.told("è già stato importato o scartato")
    assert await rows(community, Organisation) == 1


async def test_what_has_changed_meanwhile_is_shown_again(web_community: CommunityUnderTest) -> None:
    community = web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await sends(giulia, "Organizzazioni", HOUSES)
    async with community.app.database.writing() as session:
        session.add(Organisation(name="Biofilande", category="company", city="Varese"))
    await giulia.presses("Importa 2 modifiche")
    giulia.sees("Biofilande · Città: Varese → Lecco")
    assert await rows(community, Organisation) == 2
    await giulia.presses("Importa 2 modifiche")
    giulia.sees("✓ Organizzazioni: importati")
    assert await rows(community, Organisation) == 3


async def test_a_list_goes_out(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await community.member("=Anna Rossi")
    await giulia.says("/esporta")
    await giulia.fills({"Un elenco di che cosa?": "Soci", "In che formato?": "CSV"})
    content = (await giulia.downloads()).decode("utf-8-sig")
    assert "'=Anna Rossi" in content
    assert content.splitlines()[0].startswith("Numero nel bot,Codice esterno,Nome e cognome")


async def test_what_nobody_decides_is_forgotten(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await sends(giulia, "Organizzazioni", HOUSES)
    assert await rows(web_community, ImportRun) == 1
    await web_community.later(hours=25)
    assert await rows(web_community, ImportRun) == 0
    await giulia.presses("Importa 2 modifiche")
    giulia.told("è già stato importato o scartato")
