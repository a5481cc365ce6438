"""The profile part by part, one person on several platforms, and the lists that staff keep."""

from datetime import timedelta

from sqlalchemy import func, select

from storage.enums import PersonStatus, Platform, Role
from storage.models import Account, AuditEntry, LinkCode, Person, PersonInterest, Sector, Topic
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver


async def test_every_part_of_the_profile_on_its_own(community: CommunityUnderTest) -> None:
    await community.topics()
    marco = await community.member("Marco Colombani")
    await marco.says("/profilo")
    await marco.presses("Modifica")
    for part, question, answer in (
        ("Nome", "Nome e cognome", "Marco Colombani <b>*_["),
        ("Ruolo", "Il tuo ruolo", "CTO"),
        ("Settori", "I settori in cui lavori", ["ICT per la salute"]),
        ("Argomenti", "Argomenti che ti interessano", ["Bandi"]),
        ("Offre", "Che cosa puoi offrire?", "Un laboratorio"),
        ("Cerca", "Che cosa cerchi?", "Partner"),
        ("Lingue", "Lingue che parli", ["italiano", "inglese"]),
    ):
        await marco.sends_action("profile.edit")
        await marco.presses(part)
        await marco.fills({question: answer})
    marco.sees(
        "Marco Colombani <b>*_[", "CTO", "ICT per la salute", "Bandi", "Un laboratorio", "Partner", "italiano, inglese"
    )
    async with community.app.database.reading() as session:
        who = await session.get_one(Person, marco.id)
        assert (who.languages, who.offers, who.status) == (["it", "en"], "Un laboratorio", PersonStatus.MEMBER)
        assert (await session.execute(select(func.count()).select_from(PersonInterest))).scalar_one() == 1
    await marco.sends_action("profile.field:status")
    marco.told("Ecco il menu com'è oggi.")


async def elsewhere(community: CommunityUnderTest, marco: PersonDriver) -> int:
    """Marco has an account on another platform too; returns its id."""
    other = Platform.SLACK if community.platform is not Platform.SLACK else Platform.TELEGRAM
    async with community.app.database.writing() as session:
        account = Account(
            platform=other,
            account="other",
            user="77",
            chat="77",
            person_id=marco.id,
            last_acted_at=community.clock.now() - timedelta(days=9),
        )
        session.add(account)
        await session.flush()
        return account.id


async def test_unlinking_an_account(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    carla = await community.member("Carla Fumagalli")
    async with community.app.database.reading() as session:
        own = (await session.execute(select(Account.id).where(Account.person_id == marco.id))).scalar_one()
        hers = (await session.execute(select(Account.id).where(Account.person_id == carla.id))).scalar_one()
    await marco.sends_action(f"link.parted:{own}")
    marco.told("È l'unico posto in cui ti conosco")

    other = await elsewhere(community, marco)
    for account in (hers, 10**6):
        await marco.sends_action(f"link.parted:{account}")
        marco.told("Quell'account non è più collegato a te.")
    await carla.sends_action(f"link.parted:{other}")
    carla.told("Quell'account non è più collegato a te.")
    await marco.says("/profilo")
    await marco.presses("Dove ti conosco")
    name = "Slack" if community.platform is not Platform.SLACK else "Telegram"
    await marco.presses(f"Scollega {name}")
    marco.sees(f"Su {name} non ti conoscerò più")
    await marco.presses(f"Scollega {name}")
    marco.sees(f"{name} non è più collegato al tuo profilo")
    async with community.app.database.reading() as session:
        rows = select(Account.id).where(Account.person_id == marco.id)
        assert list((await session.execute(rows)).scalars()) == [own]


async def test_unlinking_the_account_one_writes_from(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    await elsewhere(community, marco)
    async with community.app.database.reading() as session:
        rows = select(Account.id).where(Account.person_id == marco.id, Account.platform == community.platform)
        own = (await session.execute(rows)).scalar_one()
    await marco.sends_action(f"link.parted:{own}")
    marco.sees("non è più collegato al tuo profilo", "Non eri tu")
    await marco.says("/profilo")
    marco.sees("In che lingua parliamo?")


async def test_a_linking_code_is_kept_under_a_key_and_dies_with_its_owner(web_community: CommunityUnderTest) -> None:
    marco = await web_community.member("Marco Colombani")
    await marco.says("/collega")
    code = marco.last.text.split("link ")[1].split()[0]
    async with web_community.app.database.reading() as session:
        kept = (await session.execute(select(LinkCode.code_hash))).scalar_one()
    assert code not in kept
    assert kept == web_community.app.community.codes.digest(code)
    async with web_community.app.database.writing() as session:
        (await session.get_one(Person, marco.id)).status = PersonStatus.SUSPENDED
    other = await web_community.stranger("Marco altrove")
    await other.says(f"/collega {code}")
    other.told("Questo codice non è valido")
    other.sees_nothing_of("Marco Colombani")


async def test_the_shut_out_press_old_buttons(community: CommunityUnderTest) -> None:
    """Suspended, refused or gone: every button is answered with one sentence and does nothing."""
    gone = "Non fai più parte di questa comunità"
    sentences = {
        PersonStatus.SUSPENDED: "Il tuo accesso è sospeso",
        PersonStatus.REFUSED: gone,
        PersonStatus.LEFT: gone,
    }
    for number, (status, sentence) in enumerate(sentences.items()):
        who = await community.member(f"Persona{number}", status=status, roles=(Role.STAFF,))
        for action in (
            "join.lang:it",
            "join.accept:it::2018-04",
            "join.renew:2018-04",
            "join.take:FILANDE462",
            "profile.show",
            "home.show",
            "org.list:0",
            "link.new",
        ):
            await who.sends_action(action)
            who.told(sentence)
        for words in ("/start", "/entra FILANDE462", "/menu", "allarme"):
            await who.says(words)
            who.told(sentence)
    async with community.app.database.reading() as session:
        assert set((await session.execute(select(Person.status))).scalars()) == {
            PersonStatus.SUSPENDED,
            PersonStatus.REFUSED,
            PersonStatus.LEFT,
        }


async def test_the_erased_are_strangers_to_their_old_buttons(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    await marco.says("/profilo")
    async with community.app.database.writing() as session:
        await session.delete(await session.get_one(Person, marco.id))
    await marco.presses("Modifica")
    marco.sees("In che lingua parliamo?")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Person))).scalar_one() == 0


async def test_staff_keep_the_lists(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await giulia.says("/liste")
    await giulia.presses("Settori")
    await giulia.presses("Aggiungi")
    await giulia.fills({"Il nome in italiano": "Nutraceutica", "Il nome in inglese": "Nutraceuticals & food"})
    assert "Nutraceutica" in giulia.last.buttons
    await giulia.presses("Nutraceutica")
    await giulia.presses("↑ Su")
    await giulia.presses("↑ Su")
    async with community.app.database.reading() as session:
        rows = (await session.execute(select(Sector).order_by(Sector.position))).scalars().all()
    assert [row.key for row in rows] == ["pharma", "nutraceuticals_food", "devices", "ict"]

    await giulia.presses("Rinomina")
    await giulia.fills({"Il nome in italiano": "Cibo e salute", "Il nome in inglese": "Food and health"})
    await marco.sends_action("profile.field:sectors")
    await marco.fills({"I settori in cui lavori": ["Cibo e salute"]})
    marco.sees("Marco Colombani", "Cibo e salute")

    await giulia.presses("Cibo e salute")
    giulia.sees("Usata 1 volta.")
    await giulia.presses("Metti a riposo")
    giulia.sees("A riposo: chi la usa resta com'è")
    await marco.says("/profilo")
    marco.sees("Cibo e salute")
    await giulia.presses("Riattiva")
    await giulia.presses("‹ Indietro")
    await giulia.presses("Aggiungi")
    await giulia.fills({"Il nome in italiano": "cibo E salute", "Il nome in inglese": "Another"})
    giulia.told("Cibo e salute è già nella lista")
    async with community.app.database.reading() as session:
        actions = select(AuditEntry.action).order_by(AuditEntry.id)
        assert list((await session.execute(actions)).scalars()) == [
            "sectors.new", "sectors.reorder", "sectors.reorder", "sectors.rename", "sectors.retire", "sectors.restore",
        ]  # fmt: skip


async def test_topics_and_kinds_are_lists_too(web_community: CommunityUnderTest) -> None:
    giulia = await web_community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await giulia.sends_action("list.show:topics")
    giulia.sees("È vuota.")
    await giulia.presses("Aggiungi")
    await giulia.fills({"Il nome in italiano": "Bandi", "Il nome in inglese": "Calls"})
    async with web_community.app.database.reading() as session:
        assert (await session.execute(select(Topic.key))).scalar_one() == "calls"
    await giulia.sends_action("list.add:kinds")
    await giulia.fills(
        {"Il nome in italiano": "Premio", "Il nome in inglese": "Prize", "I suoi contributi hanno una scadenza?": "Sì"}
    )
    await giulia.presses("Premio")
    giulia.sees("I contributi di questo tipo hanno una scadenza.")
    for action in ("list.retire:kinds:1", "list.retire:kinds:2", "list.retire:kinds:3", "list.retire:kinds:4"):
        await giulia.sends_action(action)
    giulia.told("È l'ultima della lista")
