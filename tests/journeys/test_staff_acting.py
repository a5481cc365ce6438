"""Staff act for somebody: as that person, marked, bounded, written down, and told once."""

from sqlalchemy import func, select

from handlers.conversation.actions import REGISTRY
from handlers.conversation.permissions import Permission
from storage.enums import Answer, PersonStatus, Platform, Role
from storage.models import ActingSession, AuditEntry, Consent, Draft, EventAnswer, Person, Post
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_events import TITLE, answers_to, published

WHY = "Perché? Anna Rossi lo leggerà."
BANNER = "Stai agendo per Anna Rossi"


async def begins(giulia: PersonDriver, name: str = "Anna Rossi") -> None:
    await giulia.says(f"/soci {name}")
    await giulia.presses(f"Guarda {name}")
    await giulia.presses(f"Agisci per {name}")
    await giulia.fills({f"Perché? {name} lo leggerà.": "Me l'ha chiesto al telefono."})


async def entries(community: CommunityUnderTest, action: str) -> list[tuple[int | None, int, str]]:
    async with community.app.database.reading() as session:
        rows = await session.execute(
            select(AuditEntry.by_person_id, AuditEntry.subject_id, AuditEntry.reason)
            .where(AuditEntry.action == action)
            .order_by(AuditEntry.id)
        )
        return [(by, about, reason) for by, about, reason in rows]


async def test_for_a_quarter_of_an_hour_as_that_person(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    anna = await community.member("Anna Rossi")
    event = await published(giulia)
    await begins(giulia)
    giulia.sees(BANNER, "Per 15 minuti")

    await giulia.says("/eventi")
    giulia.sees(BANNER, TITLE)
    await giulia.presses(TITLE[:12])
    await giulia.presses("Partecipo")
    giulia.sees(BANNER, "Partecipi")
    assert await answers_to(community, event) == {anna.id: Answer.GOING}
    anna.sees_nothing_of("ha agito per te")

    await giulia.presses("Smetti di agire")
    giulia.told("Ora agisci di nuovo per te")
    told = anna.sees("Giulia Ferrandi della segreteria ha agito per te", "Me l'ha chiesto al telefono.", "Partecipo")
    assert anna.count("ha agito per te") == 1
    assert "<b>*_[" in told.text
    did = await entries(community, "acting.did")
    assert [(by, about) for by, about, _ in did] == [(giulia.id, anna.id)]
    assert [(by, about) for by, about, _ in await entries(community, "acting.begin")] == [(giulia.id, anna.id)]
    assert len(await entries(community, "acting.looked")) == 2, "what was only looked at is written down as well"

    await giulia.says("/eventi")
    assert BANNER not in giulia.last.text


async def test_what_was_drawn_while_acting_does_nothing_afterwards(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await community.member("Anna Rossi")
    event = await published(giulia)
    await begins(giulia)
    await giulia.says("/eventi")
    await giulia.presses(TITLE[:12])
    await community.later(minutes=16)
    await giulia.presses("Partecipo", within=BANNER)
    giulia.told("Non stai più agendo per nessuno")
    assert await answers_to(community, event) == {}, "neither for Anna nor for Giulia"
    await giulia.says("/eventi")
    assert BANNER not in giulia.last.text


async def test_it_ends_by_itself_and_is_told_once(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    anna = await community.member("Anna Rossi")
    await begins(giulia)
    await giulia.says("/eventi")
    await community.later(minutes=16)
    anna.sees("ha agito per te", "Ha solo guardato")
    await community.later(minutes=16)
    assert anna.count("ha agito per te") == 1
    await giulia.sends_action("staff.stop")
    giulia.told("Non stai agendo per nessuno")


async def test_ones_own_buttons_stay_ones_own(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await community.member("Anna Rossi")
    event = await published(giulia)
    await giulia.says("/eventi")
    await giulia.presses(TITLE[:12])
    own = giulia.last.text
    assert BANNER not in own
    await begins(giulia)
    await giulia.sends_action(f"event.rsvp:{event}:going")
    assert await answers_to(community, event) == {giulia.id: Answer.GOING}


async def test_a_form_is_sent_as_that_person_and_never_mixes_with_ones_own(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    anna = await community.member("Anna Rossi")
    await anna.says("/condividi Segreto di Anna")
    await giulia.says("/condividi Appunto di Giulia")
    await giulia.says("/menu")
    await begins(giulia)
    await giulia.says("/menu")
    giulia.sees(BANNER)
    giulia.sees_nothing_of("Segreto di Anna")
    await giulia.says("/condividi")
    giulia.sees_nothing_of("Segreto di Anna")
    await giulia.fills(await answers_of_sharing(giulia))
    async with community.app.database.reading() as session:
        [post] = (await session.execute(select(Post))).scalars()
        kept = {one.form: one for one in (await session.execute(select(Draft))).scalars()}
    assert (post.author_id, post.title) == (anna.id, "Catena del freddo")
    assert {one.person_id for one in kept.values()} <= {anna.id, giulia.id}
    mine = next(one for one in kept.values() if one.person_id == giulia.id)
    assert mine.values["title"] == "Appunto di Giulia"


async def answers_of_sharing(person: PersonDriver) -> dict[str, str | list[str] | None]:
    """What the form of a post asks for."""
    t = person.t
    return {
        t("What kind of post is it?"): "Buona pratica",
        t("Title"): "Catena del freddo",
        t("Text"): "Dieci passi.",
        t("Sector"): "ICT per la salute",
    }


async def test_what_only_they_can_do(community: CommunityUnderTest) -> None:
    """Consents, privacy, the profile, linking, roles and staff's own things: by command, by button, by any button."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    anna = await community.member("Anna Rossi")
    await begins(giulia)
    for words in ("/privacy", "/profilo", "/collega", "/lingua", "/start", "/ruoli", "/soci anna", "/registro"):
        await giulia.says(words)
        giulia.told("Questo può farlo solo Anna Rossi")
    async with community.app.database.reading() as session:
        number = (await session.execute(select(ActingSession.id))).scalar_one()
    for action in ("privacy.set:news:1", "profile.edit", "link.new", f"staff.role:{anna.id}:owner:give"):
        await giulia.sends_action(f"as:{number}:{action}")
        giulia.told("Questo può farlo solo Anna Rossi")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Consent))).scalar_one() == 0


def test_nothing_below_or_above_a_members_rights_is_done_for_others() -> None:
    beyond = {
        name
        for name, spec in (
            [(one.verb, one) for one in REGISTRY.actions.values()]
            + [(f"/{one.key}", one) for one in REGISTRY.command_list()]
            + [(one.name, one) for one in REGISTRY.forms.values()]
        )
        if spec.while_acting and spec.permission not in {Permission.PARTICIPANT, Permission.MEMBER}
    }
    forms = {one for one in beyond if one.startswith("form.")}
    assert beyond - forms == {"/home", "/help", "/cancel", "home.show", "home.help", "home.run"}


async def test_for_whom_one_may_not(web_community: CommunityUnderTest) -> None:
    community = web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    tommaso = await community.member("Tommaso Brivio", roles=(Role.STAFF,))
    sara = await community.member("Sara Verdi", status=PersonStatus.SUSPENDED)
    marco = await community.member("Marco Colombani")
    for person, words in ((tommaso, "solo un proprietario"), (sara, "non è tra i soci"), (giulia, "Su te stesso")):
        await giulia.sends_action(f"staff.act:{person.id}")
        giulia.told(words)
    await marco.sends_action(f"staff.act:{giulia.id}")
    marco.told("solo la segreteria")
    await marco.sends_action("as:1:event.list:0")
    marco.told("Non stai più agendo per nessuno")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(ActingSession))).scalar_one() == 0


async def test_it_is_over_when_the_role_is_gone_or_the_person_is(web_community: CommunityUnderTest) -> None:
    community = web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    olga = await community.member("Olga Neri", roles=(Role.OWNER,))
    anna = await community.member("Anna Rossi")
    await begins(giulia)
    await olga.sends_action(f"staff.role:{giulia.id}:staff:take")
    await olga.fills({"Perché? Giulia Ferrandi lo leggerà.": "Prova."})
    await giulia.says("/eventi")
    assert BANNER not in giulia.last.text

    await begins(olga)
    olga.sees(BANNER)
    async with community.app.database.writing() as session:
        (await session.get_one(Person, anna.id)).status = PersonStatus.LEFT
    await olga.says("/eventi")
    assert BANNER not in olga.last.text


async def test_another_account_and_the_channel_stay_ones_own(web_community: CommunityUnderTest) -> None:
    community = web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await community.member("Anna Rossi")
    event = await published(giulia)
    await begins(giulia)
    await giulia.presses_in_channel("Partecipo", within=TITLE)
    async with community.app.database.reading() as session:
        answered = (await session.execute(select(EventAnswer.person_id))).scalars().all()
    assert answered == [giulia.id]
    assert community.platform is Platform.WEB
    assert event


async def test_a_window_left_open_is_nobodys(web_community: CommunityUnderTest) -> None:
    community = web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await community.member("Anna Rossi")
    await begins(giulia)
    await giulia.says("/condividi")
    await community.later(minutes=16)
    await giulia.fills(await answers_of_sharing(giulia))
    giulia.told("Non stai più agendo per nessuno")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Post))).scalar_one() == 0
