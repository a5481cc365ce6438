"""Members find each other as they wish to be found, and are introduced when both say yes."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, select, update

from storage.enums import ConsentPurpose, IntroductionStatus, Locale, OutboxState, PersonStatus, Platform, Role
from storage.models import (
    AuditEntry,
    Consent,
    DirectoryEntry,
    DirectoryWord,
    Introduction,
    Organisation,
    OutboxMessage,
    Person,
    PersonBlock,
    PersonReport,
    PersonSector,
    Sector,
)
from storage.queries import directory
from storage.queries.directory_index import out_of_step
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

ALL = ("organisation", "role", "sectors", "offers", "languages")


async def shows(
    community: CommunityUnderTest, who: PersonDriver, *fields: str, chosen: bool = True, **profile: str
) -> None:
    """They allow the directory and show these fields of this profile."""
    async with community.app.database.writing() as session:
        person = await session.get_one(Person, who.id)
        for name, value in profile.items():
            setattr(person, name, value)
        session.add(
            Consent(
                person_id=who.id, purpose=ConsentPurpose.DIRECTORY, given=True, text_version="1",
                locale=Locale.ITALIAN, platform=Platform.WEB, at=community.clock.now(),
            )
        )  # fmt: skip
        if chosen:
            entry = await directory.change_entry(session, who.id, community.clock.now())
            for field in ALL:
                setattr(entry, f"shows_{field}", field in fields)


async def words_of(community: CommunityUnderTest, who: PersonDriver) -> set[str]:
    async with community.app.database.reading() as session:
        found = await session.execute(select(DirectoryWord.word).where(DirectoryWord.person_id == who.id))
        return set(found.scalars())


async def requests(community: CommunityUnderTest) -> list[Introduction]:
    async with community.app.database.reading() as session:
        return list((await session.execute(select(Introduction).order_by(Introduction.id))).scalars())


async def asks(
    who: PersonDriver, other: PersonDriver, message: str = "Parliamo di chip?", contact: str = "marco@bio.example"
) -> None:
    await who.sends_action(f"intro.ask:{other.id}")
    await who.fills(answers(who, message, contact))


def answers(who: PersonDriver, message: str, contact: str) -> dict[str, str | list[str] | None]:
    return {who.t("Why would you like to meet?"): message, who.t("How may they reach you?"): contact}


class Cast:
    """Marco looks; Elena shows all, Luca little, Rita nothing; Zeno is nobody, Otto is suspended."""

    def __init__(self, community: CommunityUnderTest, people: Mapping[str, PersonDriver]) -> None:
        self.community = community
        self.marco, self.elena, self.luca = people["marco"], people["elena"], people["luca"]
        self.rita, self.otto, self.giulia = people["rita"], people["otto"], people["giulia"]


async def cast_of(community: CommunityUnderTest, locale: Locale = Locale.ITALIAN) -> Cast:
    people = {
        "marco": await community.member("Marco Colombani", locale=locale, organisation="Bioreattori Lombardi"),
        "elena": await community.member("Elena Marchetti", locale=locale, organisation="Politecnico"),
        "luca": await community.member("Luca Ferri", locale=locale, organisation="Segreti Industriali"),
        "rita": await community.member("Rita Zanetti", locale=locale, organisation="Politecnico"),
        "otto": await community.member("Otto Fuori", locale=locale, status=PersonStatus.SUSPENDED),
        "giulia": await community.member("Giulia Ferrandi", locale=locale, roles=(Role.STAFF,)),
    }
    await shows(
        community, people["elena"], *ALL, job_title="Professoressa di bioingegneria",
        offers="Delegazioni in laboratorio e chip microfluidici", seeks="Partner clinici",
    )  # fmt: skip
    await shows(community, people["luca"], job_title="Responsabile ricerca", offers="Chip segretissimi")
    await shows(community, people["otto"], *ALL, offers="Chip vietati")
    async with community.app.database.writing() as session:
        sector = (await session.execute(select(Sector.id).where(Sector.key == "devices"))).scalar_one()
        session.add_all(PersonSector(person_id=people[one].id, sector_id=sector) for one in ("elena", "luca", "rita"))
    return Cast(community, people)


# Who is found


@pytest.mark.parametrize("locale", list(Locale))
async def test_people_are_found_as_they_wish(community: CommunityUnderTest, locale: Locale) -> None:
    cast = await cast_of(community, locale)
    marco, t = cast.marco, cast.marco.t
    await marco.says("/home")
    await marco.presses(t("People"))
    marco.sees("Elena Marchetti", "Luca Ferri", t("You are not in here yourself: only who allows it can be found."))
    for hidden in ("Rita", "Otto", "Giulia"):
        marco.sees_nothing_of(hidden)

    # Inflected, without accents, from any field that is shown; never from one that is not.
    for words in ("delegazione", "CHIPS microfluidico", "politecnico", "marchet"):
        await marco.says(f"/people {words}")
        assert "Elena Marchetti" in marco.last.text, words
        assert "Luca" not in marco.last.text, words
    for words in ("segretissimi", "Segreti Industriali", "vietati", "zanetti", "!!!"):
        await marco.says(f"/people {words}")
        assert t("Nobody who wants to be found fits this. Try fewer words or another filter.") in marco.last.text, words

    await marco.says("/people elena")
    await marco.presses("Elena Marchetti")
    marco.sees("Politecnico", "Delegazioni in laboratorio", "Partner clinici")
    await marco.says("/people luca")
    await marco.presses("Luca Ferri")
    for secret in ("Segreti", "Responsabile", "segretissimi"):
        assert secret not in marco.last.text


async def test_filters_count_only_what_is_shown(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    marco = cast.marco
    await marco.says("/persone")
    await marco.presses("Settore")
    await marco.presses("(1)")
    assert "Elena Marchetti" in marco.last.text
    assert "Luca" not in marco.last.text
    await marco.presses("Organizzazione")
    assert "Segreti" not in " ".join(marco.last.buttons)
    await marco.presses("Politecnico (1)")
    assert "Elena Marchetti" in marco.last.text
    assert "Rita" not in marco.last.text


async def test_hidden_and_not_there_are_one_answer(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    marco, said = cast.marco, []
    for person in (cast.rita.id, cast.otto.id, cast.giulia.id, 9999, -1):
        for action in (f"people.open:{person}", f"intro.ask:{person}", f"people.block:{person}"):
            await marco.sends_action(action)
            marco.told("Questa persona non è nell'elenco.")
        await marco.starts(f"people_open_{person}")
        said.append(marco.last.text)
    assert len(set(said)) == 1
    for secret in ("Rita Zanetti", "Otto Fuori"):
        marco.sees_nothing_of(secret)
    assert await requests(community) == []


async def test_what_is_taken_back_is_gone_at_once(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    marco, elena = cast.marco, cast.elena
    await marco.sends_action(f"people.open:{elena.id}")
    marco.sees("Delegazioni in laboratorio")
    assert "chip" in await words_of(community, elena)

    await elena.sends_action("people.field:offers:0")
    assert not {"chip", "delegazioni"} & await words_of(community, elena)
    await marco.says("/persone delegazioni")
    assert "Elena" not in marco.last.text

    await elena.sends_action("privacy.set:directory:0")
    assert await words_of(community, elena) == set()
    await marco.sends_action(f"people.open:{elena.id}")
    marco.told("Questa persona non è nell'elenco.")
    await elena.sends_action("privacy.set:directory:1")
    assert "marchetti" in await words_of(community, elena)


async def test_the_index_follows_names_organisations_and_status(web_community: CommunityUnderTest) -> None:
    cast = await cast_of(web_community)
    elena = cast.elena
    database = web_community.app.database
    async with database.writing() as session:
        (await session.get_one(Person, elena.id)).name = "Elena Bianchi"
    assert {"bianchi"} <= await words_of(web_community, elena)
    assert "marchetti" not in await words_of(web_community, elena)
    async with database.writing() as session:
        house = (await session.execute(select(Organisation).where(Organisation.name == "Politecnico"))).scalar_one()
        house.name = "Ateneo"
    assert {"ateneo"} <= await words_of(web_community, elena)
    assert "politecnico" not in await words_of(web_community, elena)
    async with database.writing() as session:
        (await session.get_one(Person, elena.id)).status = PersonStatus.SUSPENDED
    assert await words_of(web_community, elena) == set()


async def test_what_was_changed_around_the_program_is_mended(web_community: CommunityUnderTest) -> None:
    cast = await cast_of(web_community)
    database = web_community.app.database
    async with database.connection() as connection:
        await connection.execute(delete(DirectoryWord).where(DirectoryWord.person_id == cast.luca.id))
        await connection.execute(update(Person).where(Person.id == cast.elena.id).values(status=PersonStatus.LEFT))
    async with database.reading() as session:
        assert set(await out_of_step(session, most=10)) == {cast.luca.id, cast.elena.id}
    await web_community.later(minutes=2)
    assert "ferri" in await words_of(web_community, cast.luca)
    assert await words_of(web_community, cast.elena) == set()


async def test_outsiders_find_nobody(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    guest = await community.member("Ospite Gentile", status=PersonStatus.GUEST)
    stranger = await community.stranger("Zeno")
    for one in (guest, cast.otto, stranger):
        await one.says("/persone")
        await one.says("/persone elena")
        for action in ("people.find:0", f"people.open:{cast.elena.id}", f"intro.ask:{cast.elena.id}", "people.mine",
                       "people.field:offers:1", "intro.list", "people.look:1", "people.settle:1"):  # fmt: skip
            await one.sends_action(action)
        one.sees_nothing_of("Elena")
    assert await requests(community) == []


async def test_choosing_what_shows(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani", organisation="Bioreattori Lombardi")
    anna = await community.member("Anna Rossi")
    await shows(community, marco, chosen=False, job_title="Ricercatore", offers="Bioreattori in affitto")
    await anna.says("/persone")
    assert "Bioreattori Lombardi" in anna.last.text
    assert "affitto" not in anna.last.text, "until they choose, the least shows"
    await marco.says("/persone")
    marco.sees("Di te per ora si vedono solo nome e organizzazione.")
    await marco.presses("Come appaio")
    await marco.presses("Che cosa offro e cerco")
    await marco.again()
    marco.sees("Bioreattori in affitto")
    await anna.says("/persone affitto")
    assert "Marco Colombani" in anna.last.text
    async with community.app.database.reading() as session:
        entry = await session.get_one(DirectoryEntry, marco.id)
    assert (entry.shows_organisation, entry.shows_offers, entry.shows_role) == (True, True, False)


async def test_pages(web_community: CommunityUnderTest) -> None:
    anna = await web_community.member("Anna Rossi")
    for one in await web_community.crowd(12):
        await shows(web_community, one)
    await anna.says("/persone")
    assert "Persone: 12" in anna.last.text
    assert sum(f"Persona{number:02}" in anna.last.text for number in range(12)) == 5
    await anna.presses("›")
    await anna.presses("›")
    assert sum(f"Persona{number:02}" in anna.last.text for number in range(12)) == 2
    await anna.sends_action("people.find:99")
    assert "Persone: 12" in anna.last.text


async def statements_of(community: CommunityUnderTest, who: PersonDriver, search: str) -> int:
    """How many statements a search costs; the least of three times, since the program may do something else, too."""
    return min([await _statements_once(community, who, search) for _ in range(3)])


async def _statements_once(community: CommunityUnderTest, who: PersonDriver, search: str) -> int:
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    engine = community.app.database._writer.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        await who.says(search)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return counted


async def test_more_people_cost_no_more_statements(web_community: CommunityUnderTest) -> None:
    anna = await web_community.member("Anna Rossi")
    first, *others = await web_community.crowd(5)
    await shows(web_community, first, *ALL, offers="Chip")
    await anna.says("/persone chip")
    one = await statements_of(web_community, anna, "/persone chip")
    for person in others:
        await shows(web_community, person, *ALL, offers="Chip")
    assert await statements_of(web_community, anna, "/persone chip") == one


# Introductions


@pytest.mark.parametrize("locale", list(Locale))
async def test_an_introduction_when_both_say_yes(community: CommunityUnderTest, locale: Locale) -> None:
    cast = await cast_of(community, locale)
    marco, elena, t = cast.marco, cast.elena, cast.marco.t
    await marco.sends_action(f"people.open:{elena.id}")
    await marco.presses(t("Ask for an introduction"))
    await marco.fills(answers(marco, "Parliamo di <b>chip*_?", "marco@bio.example"))
    marco.sees(t("I've asked {name}. If they say yes, you both get each other's contact.", name="Elena Marchetti"))
    elena.sees(t("{name} would like to meet you", name="Marco Colombani"), "Bioreattori Lombardi", "<b>chip*_?")
    elena.sees_nothing_of("marco@bio.example")
    marco.sees_nothing_of("elena@poli.example")

    await elena.presses(t("Yes, introduce us"))
    await elena.fills({t("How may they reach you?"): "elena@poli.example"})
    elena.sees(t("You and {name} are introduced", name="Marco Colombani"), "marco@bio.example")
    marco.sees(t("You and {name} are introduced", name="Elena Marchetti"), "elena@poli.example")
    assert marco.count("elena@poli.example") == 1
    elena.sees(t("✓ You said yes."))
    [row] = await requests(community)
    assert row.status is IntroductionStatus.ACCEPTED
    await marco.says("/introductions")
    await marco.presses(t("{name}: contact", name="Elena Marchetti"))
    assert "elena@poli.example" in marco.last.text


async def test_a_no_is_not_told(community: CommunityUnderTest) -> None:
    """Whoever asked cannot tell a no from silence, not by the list, nor by trying again, nor in the end."""
    cast = await cast_of(community)
    marco, elena, luca = cast.marco, cast.elena, cast.luca
    await asks(marco, elena)
    await asks(marco, luca)
    before = len(marco.messages())
    await elena.presses("No, grazie")
    elena.sees("Hai detto di no. Marco non lo viene a sapere.")
    assert len(marco.messages()) == before
    told = []
    for other in (elena, luca):
        await marco.sends_action(f"intro.ask:{other.id}")
        marco.told("Hai già chiesto.")
    await marco.says("/presentazioni")
    assert "Elena Marchetti" in marco.last.text
    assert "Luca Ferri" in marco.last.text
    await community.later(days=14, minutes=1)
    for name in ("Elena Marchetti", "Luca Ferri"):
        words = f"Questa volta la presentazione a {name} non è andata in porto."
        assert marco.count(words) == 1
        told.append(words)
    luca.sees("Il tempo per rispondere è finito.")
    for action in ("yes", "no", "later"):
        await elena.sends_action(f"intro.{action}:1")
    assert [one.status for one in await requests(community)] == [
        IntroductionStatus.DECLINED,
        IntroductionStatus.EXPIRED,
    ]
    await community.later(days=2)
    assert [marco.count(words) for words in told] == [1, 1]


async def test_not_now_comes_again_once(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    await asks(cast.marco, cast.elena)
    await cast.elena.presses("Non ora")
    await cast.elena.again()
    cast.elena.sees("Hai detto “non ora”.")
    await community.later(days=5, minutes=1)
    cast.elena.sees("A questa avevi detto “non ora”. Che ne dici adesso?")
    await community.later(days=5)
    assert cast.elena.count("Che ne dici adesso?") == 1
    await cast.elena.sends_action("intro.yes:1")
    await cast.elena.fills({"Come può contattarti?": "elena@poli.example"})
    cast.marco.sees("elena@poli.example")


async def test_both_ask_each_other_at_once(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    marco, elena = cast.marco, cast.elena
    await shows(community, marco)
    await marco.sends_action(f"intro.ask:{elena.id}")
    await elena.sends_action(f"intro.ask:{marco.id}")
    await asyncio.gather(
        marco.fills(answers(marco, "Ciao Elena", "marco@bio.example")),
        elena.fills(answers(elena, "Ciao Marco", "elena@poli.example")),
    )
    await community.settle()
    [row] = await requests(community)
    assert row.status is IntroductionStatus.ACCEPTED
    marco.sees("elena@poli.example")
    elena.sees("marco@bio.example")


async def test_many_at_once_on_each_database(web_community: CommunityUnderTest) -> None:
    """Both ask, decline, put off and block at the same time: there is one request, and it ends in one way."""
    cast = await cast_of(web_community)
    marco, elena = cast.marco, cast.elena
    await shows(web_community, marco)
    for one, other in ((marco, elena), (elena, marco)):
        await one.sends_action(f"intro.ask:{other.id}")
    await web_community.at_once(
        marco.fills(answers(marco, "Ciao Elena", "marco@bio.example")),
        elena.fills(answers(elena, "Ciao Marco", "elena@poli.example")),
        *(elena.slips_in("intro.no:1") for _ in range(20)),
        *(elena.slips_in("intro.later:1") for _ in range(10)),
        *(elena.slips_in(f"people.block:{marco.id}") for _ in range(5)),
    )
    found = await requests(web_community)
    assert len(found) <= 2, "one each, where the other's was over before"
    assert sum(one.status is IntroductionStatus.OPEN for one in found) <= 1
    async with web_community.app.database.reading() as session:
        made = (
            await session.execute(select(func.count()).where(OutboxMessage.kind == "introduction.made"))
        ).scalar_one()
    assert made == sum(one.status is IntroductionStatus.ACCEPTED for one in found) <= 1


async def test_only_the_one_who_was_asked_answers(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    await asks(cast.marco, cast.elena)
    for nosy in (cast.marco, cast.luca, cast.giulia, cast.otto):
        for action in ("intro.yes:1", "intro.no:1", "intro.later:1", "intro.report:1", "intro.open:1",
                       "intro.contact:1"):  # fmt: skip
            await nosy.sends_action(action)
        if nosy is not cast.marco:
            await nosy.sends_action("intro.withdraw:1")
            nosy.sees_nothing_of("marco@bio.example")
            nosy.sees_nothing_of("Parliamo di chip?")
    [row] = await requests(community)
    assert (row.status, row.remind_at) == (IntroductionStatus.OPEN, None)


async def test_limits(web_community: CommunityUnderTest) -> None:
    marco = await web_community.member("Marco Colombani")
    people = await web_community.crowd(7)
    for one in people:
        await shows(web_community, one)
    for one in people[:5]:
        await asks(marco, one)
    await marco.sends_action(f"intro.ask:{people[5].id}")
    marco.told("5 tue richieste aspettano una risposta.")
    await marco.sends_action(f"intro.ask:{marco.id}")
    assert len(await requests(web_community)) == 5
    # A no frees nothing before its time, or it could be told from silence.
    await people[0].sends_action("intro.no:1")
    await marco.sends_action(f"intro.ask:{people[5].id}")
    marco.told("5 tue richieste aspettano una risposta.")
    await marco.sends_action("intro.withdraw:2")
    people[1].sees("Marco ha ritirato la richiesta.")
    await asks(marco, people[5])
    assert len(await requests(web_community)) == 6
    await marco.sends_action(f"intro.ask:{people[1].id}")
    marco.told("Hai già chiesto.")
    await web_community.later(days=30, minutes=1)
    await asks(marco, people[1])
    assert len(await requests(web_community)) == 7


async def test_blocking_goes_both_ways_and_is_not_told(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    marco, elena = cast.marco, cast.elena
    await shows(community, marco)
    await asks(marco, elena)
    before = len(marco.messages())
    await elena.sends_action(f"people.block:{marco.id}")
    await elena.again()
    elena.sees("Fatto: tu e Marco Colombani qui non vi vedete più.")
    assert len(marco.messages()) == before
    await marco.sends_action(f"people.open:{elena.id}")
    marco.told("Questa persona non è nell'elenco.")
    await marco.says("/persone elena")
    assert "Marchetti" not in marco.last.text
    await elena.says("/persone marco")
    assert "Colombani" not in elena.last.text
    await elena.presses("Come appaio")
    await elena.presses("Persone bloccate")
    await elena.presses("Marco Colombani")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(PersonBlock))).first() is None
    await marco.sends_action(f"people.open:{elena.id}")
    marco.sees("Delegazioni in laboratorio")


async def test_a_report_reaches_the_staff(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    marco, elena, giulia = cast.marco, cast.elena, cast.giulia
    await asks(marco, elena, message="Compra il mio corso!")
    await elena.presses("Segnala alla segreteria")
    await elena.fills({"Che cosa non va?": "È pubblicità."})
    giulia.sees("Marco Colombani ha ricevuto una segnalazione", "È pubblicità.", "Compra il mio corso!")
    marco.sees_nothing_of("È pubblicità.")
    for nosy in (marco, elena, cast.otto):
        await nosy.sends_action("people.settle:1")
        await nosy.sends_action("people.look:1")
        if nosy is not elena:
            nosy.sees_nothing_of("È pubblicità.")
    await giulia.says("/segnalazioni")
    await giulia.presses("Marco Colombani")
    await giulia.presses("È sistemata")
    await giulia.again()
    giulia.sees("✓ Sistemata da Giulia Ferrandi.")
    async with community.app.database.reading() as session:
        [report] = (await session.execute(select(PersonReport))).scalars()
        audit = await session.execute(select(func.count()).where(AuditEntry.action == "report.settle"))
        assert audit.scalar_one() == 1
    assert report.settled_by == giulia.id


async def test_a_request_whose_time_is_over_stands_in_nobody_s_way(web_community: CommunityUnderTest) -> None:
    """Also before the tick has looked at it."""
    cast = await cast_of(web_community)
    await shows(web_community, cast.marco)
    await asks(cast.marco, cast.elena)
    web_community.clock.advance(timedelta(days=15))
    await asks(cast.elena, cast.marco, contact="elena@poli.example")
    assert [one.status for one in await requests(web_community)] == [
        IntroductionStatus.EXPIRED,
        IntroductionStatus.OPEN,
    ]
    cast.marco.sees("Elena Marchetti vorrebbe conoscerti")
    await web_community.tick()
    cast.marco.sees("Questa volta la presentazione a Elena Marchetti non è andata in porto.")


async def test_who_left_meanwhile_gets_and_gives_nothing(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    await asks(cast.marco, cast.elena)
    async with community.app.database.writing() as session:
        (await session.get_one(Person, cast.marco.id)).status = PersonStatus.SUSPENDED
    await cast.elena.sends_action("intro.yes:1")
    cast.elena.told("Questa richiesta non c'è più.")
    cast.elena.sees_nothing_of("marco@bio.example")


async def test_levels_hold_for_introductions_too(community: CommunityUnderTest) -> None:
    cast = await cast_of(community)
    await cast.elena.sends_action("prefs.level:_introductions:digest")
    await asks(cast.marco, cast.elena)
    cast.elena.sees_nothing_of("vorrebbe conoscerti")
    async with community.app.database.reading() as session:
        [row] = (
            await session.execute(select(OutboxMessage).where(OutboxMessage.kind == "introduction.asked"))
        ).scalars()
    assert row.state is OutboxState.SKIPPED
    await cast.elena.sends_action("digest.now")
    await community.later(minutes=2)
    await cast.elena.sends_action("digest.now")
    cast.elena.sees("Marco Colombani vorrebbe conoscerti")
    await cast.elena.says("/home")
    cast.elena.sees("1 persona vorrebbe conoscerti")
