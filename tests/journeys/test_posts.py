"""Posts from the first word to the last day: drafts, similar ones, moderation, who reads them, changes, validity."""

from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.conversation.context import KnowhowPolicy
from storage.enums import (
    ApplicationStatus,
    Locale,
    Moderation,
    Platform,
    PostStatus,
    PostVisibility,
    Role,
    TopicLevel,
)
from storage.models import (
    Application,
    AuditEntry,
    GroupMember,
    PersonSector,
    Post,
    PostKind,
    PostReading,
    PostRevision,
    Sector,
)
from storage.queries.preferences import set_level, topic_of_sector
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_jobs import fair
from tests.journeys.two_platforms import TwoPlatformCommunity

TITLE, BODY = "Bioreattori monouso in reparto", "Li laviamo il meno possibile, e annotiamo ogni lotto."


async def shares(person: PersonDriver, **answers: str | None) -> None:
    """Share a post; the answers by the names of :func:`post_values`."""
    await person.says("/share")
    await person.fills(post_values(person, **answers))


def post_values(person: PersonDriver, **answers: str | None) -> dict[str, str | None]:
    t = person.t
    labels = {
        "title": t("Title"),
        "kind": t("What kind of post is it?"),
        "body": t("Text"),
        "sector": t("Sector"),
        "topics": t("Topics"),
        "deadline": t("Deadline"),
        "readers": t("Who can read it?"),
    }
    kind = "Buona pratica" if person.locale is Locale.ITALIAN else "Best practice"
    given: dict[str, str | None] = {"title": TITLE, "kind": kind, "body": BODY, **answers}
    return {labels[name]: value for name, value in given.items()}


async def newest(community: CommunityUnderTest) -> Post:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Post).order_by(Post.id.desc()).limit(1))).scalar_one()


def moderated(community: CommunityUnderTest, moderation: Moderation, *, first_posts: int = 3) -> None:
    community.app.community.knowhow = KnowhowPolicy(moderation, first_posts)


# Sharing


async def test_a_post_in_five_steps(community: CommunityUnderTest) -> None:
    """Where questions come one by one, those that nobody needs to answer are left out with one tap."""
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    if community.platform is not Platform.TELEGRAM:
        await shares(sara)
    else:
        await sara.says("/condividi")
        await sara.says(TITLE)
        await sara.presses("Buona pratica")
        await sara.says(BODY)
        await sara.presses("Basta così")
        await sara.presses("Invia")
    sara.sees("Pubblicato", TITLE)
    assert (await newest(community)).visibility is PostVisibility.COMMUNITY


async def test_a_draft_goes_on_after_another_command_and_on_another_platform(sqlite_url: str, tmp_path: Path) -> None:
    async with TwoPlatformCommunity.on_both(sqlite_url, tmp_path) as community:
        await community.vocabulary()
        anna = await community.member("Anna Autrice", roles=(Role.MODERATOR,))
        there = await community.links(anna)
        await anna.says("/condividi")
        await anna.says(TITLE)
        await anna.presses("Buona pratica")
        await anna.says("/eventi")
        await there.says("/share")
        await there.fills({"Testo": BODY})
        assert (await newest(community)).title == TITLE
        there.sees("Pubblicato", TITLE)


async def test_who_may_say_the_same_is_shown_first(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    marco = await community.member("Marco Colombani")
    await shares(sara)
    await shares(marco, title="Un bioreattore monouso per il reparto", body="Il nostro.")
    marco.sees("Qualcuno l'ha già scritto?", TITLE)
    assert (await newest(community)).title == TITLE, "nothing is handed in before they say so"
    await marco.presses("Il mio è nuovo")
    marco.sees("in segreteria", "Un bioreattore monouso per il reparto")
    assert (await newest(community)).title == "Un bioreattore monouso per il reparto"
    await marco.sends_action("post.new")
    marco.told("già stato inviato")
    async with community.app.database.reading() as session:
        assert len((await session.execute(select(Post))).all()) == 2, "a second tap shares nothing twice"


async def test_similar_posts_are_only_those_one_may_read(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await shares(sara, readers="La segreteria")
    await shares(marco, title="Un bioreattore monouso per il reparto")
    marco.sees_nothing_of(TITLE)
    assert (await newest(community)).title == "Un bioreattore monouso per il reparto"


# Moderation


@pytest.mark.parametrize("locale", list(Locale))
async def test_a_change_is_asked_for_and_nothing_is_lost(community: CommunityUnderTest, locale: Locale) -> None:
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,), locale=locale)
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,), locale=locale)
    anna = await community.member("Anna Autrice", locale=locale)
    marco = await community.member("Marco Colombani", locale=locale)
    t = anna.t
    await shares(anna, topics="MDR")
    post = await newest(community)
    for nosy in (anna, marco):
        await nosy.sends_action(f"post.mend:{post.id}")
    assert (await newest(community)).status is PostStatus.PENDING
    await sara.presses(t("Ask for a change"))
    await sara.fills({t("What should be changed? The author reads this."): "Togli il nome del reparto."})
    anna.sees(t("The staff ask you to change “{title}”.", title=TITLE), "Togli il nome del reparto.")
    giulia.sees(t("{name} asks for a change: {reason}", name="Sara Bonavita", reason="Togli il nome del reparto."))
    await giulia.sends_action(f"post.approve:{post.id}")
    assert (await newest(community)).status is PostStatus.CHANGES
    await marco.sends_action(f"post.edit:{post.id}")
    await anna.presses(t("Change it and send it"))
    if community.platform is Platform.TELEGRAM:
        await anna.presses(t("Change: {field}", field=t("Title")))
        await anna.says("Bioreattori monouso")
        await anna.presses(t("Save"))
    else:
        await anna.fills({t("Title"): "Bioreattori monouso"})
    changed = await newest(community)
    assert (changed.id, changed.status, changed.title, changed.body, changed.topics) == (
        post.id, PostStatus.PENDING, "Bioreattori monouso", BODY, ["MDR"],
    )  # fmt: skip
    giulia.sees(t("To review: {title}", title="Bioreattori monouso"))
    await giulia.presses(t("Approve"))
    assert (await newest(community)).status is PostStatus.PUBLISHED
    async with community.app.database.reading() as session:
        decided = [entry.action for entry in (await session.execute(select(AuditEntry))).scalars()]
    assert decided[-2:] == ["post.change", "post.publish"]


async def test_only_the_first_posts_are_looked_at(web_community: CommunityUnderTest) -> None:
    community = web_community
    moderated(community, Moderation.FIRST, first_posts=1)
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    anna = await community.member("Anna Autrice")
    await shares(anna)
    assert (await newest(community)).status is PostStatus.PENDING
    await sara.presses("Approva")
    await shares(anna, title="Contratti quadro")
    assert (await newest(community)).status is PostStatus.PUBLISHED
    sara.sees_nothing_of("Contratti quadro")


async def test_after_publishing_a_moderator_looks(community: CommunityUnderTest) -> None:
    moderated(community, Moderation.AFTER)
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    anna = await community.member("Anna Autrice")
    marco = await community.member("Marco Colombani")
    await shares(anna)
    post = await newest(community)
    assert (post.status, post.to_check) == (PostStatus.PUBLISHED, True)
    await marco.sends_action(f"post.fine:{post.id}")
    assert (await newest(community)).to_check
    await sara.says("/revisione")
    sara.sees(TITLE)
    await sara.presses("Va bene così")
    sara.told("resta così com'è")
    assert not (await newest(community)).to_check
    await shares(anna, title="Contratti quadro")
    await sara.presses("Togli", within="Contratti quadro")
    await sara.fills({"Perché? Lo legge chi l'ha scritto.": "È pubblicità."})
    assert (await newest(community)).status is PostStatus.REMOVED
    anna.sees("È pubblicità.")


async def test_nobody_looks_where_the_community_wants_it_so(web_community: CommunityUnderTest) -> None:
    moderated(web_community, Moderation.NONE)
    sara = await web_community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    anna = await web_community.member("Anna Autrice")
    await shares(anna)
    post = await newest(web_community)
    assert (post.status, post.to_check) == (PostStatus.PUBLISHED, False)
    sara.sees_nothing_of(TITLE)


# Who reads it


@pytest.fixture(params=list(PostVisibility))
def visibility(request: pytest.FixtureRequest) -> PostVisibility:
    return PostVisibility(request.param)


async def test_who_may_read_it_wherever_it_can_show_itself(
    web_community: CommunityUnderTest, visibility: PostVisibility
) -> None:
    """Lists, search, the post, its answers and file, the digest, a notice and the channel."""
    community = web_community
    anna = await community.member("Anna Autrice", roles=(Role.STAFF,))
    insider = await community.member("Ida Insider")
    other = await community.member("Olga Altrove")
    mission = await fair(community)
    await anna.says("/gruppi")
    await anna.presses("Nuovo gruppo")
    await anna.fills({"Nome": "Regolatorio"})
    await anna.presses("Aggiungi soci")
    await anna.fills({"Quali soci?": "ida insider"})
    insider.sees("Ora fai parte del gruppo Regolatorio")
    now = community.clock.now()
    async with community.app.database.writing() as session:
        sector = (await session.execute(select(Sector.id).where(Sector.key == "ict"))).scalar_one()
        session.add(PersonSector(person_id=insider.id, sector_id=sector))
        session.add(
            Application(mission_id=mission.id, person_id=insider.id, status=ApplicationStatus.ACCEPTED, applied_at=now)
        )
        for one in (insider, other):
            await set_level(session, one.id, topic_of_sector(sector), TopicLevel.NOW, now)
    label = {
        PostVisibility.PUBLIC: "Tutti, anche fuori dalla comunità",
        PostVisibility.COMMUNITY: "Tutti i soci",
        PostVisibility.SECTOR: "Chi è del suo settore",
        PostVisibility.GROUP: "Il gruppo Regolatorio",
        PostVisibility.MISSION: "I delegati di MIXiii BIOMED 2018",
        PostVisibility.STAFF: "La segreteria",
    }[visibility]
    await shares(anna, readers=label, sector="ICT per la salute")
    post = await newest(community)
    assert (post.status, post.visibility) == (PostStatus.PUBLISHED, visibility)
    for_all = visibility in {PostVisibility.PUBLIC, PostVisibility.COMMUNITY}
    readers = {insider: visibility is not PostVisibility.STAFF, other: for_all}
    await community.tick()
    assert (TITLE in "".join(community.channel_texts())) is for_all
    for person, may in readers.items():
        assert (person.count(f"Novità in ICT per la salute: «{TITLE}»") == 1) is may, person.name
        before = len(person.messages())
        for action in (f"post.open:{post.id}", f"post.answers:{post.id}:0", f"post.answer:{post.id}"):
            await person.sends_action(action)
        await person.says("/knowhow")
        await person.says("bioreattore")
        await person.says("/digest")
        shown = "".join(one.text for one in person.messages()[before:])
        assert (TITLE in shown) is may, person.name
    async with community.app.database.reading() as session:
        read = set((await session.execute(select(PostReading.person_id))).scalars())
    assert read == {person.id for person, may in readers.items() if may}


async def test_a_smaller_circle_takes_it_out_of_the_channel(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await shares(sara)
    post = await newest(community)
    await sara.sends_action(f"post.open:{post.id}")
    await sara.presses("Modifica")
    if community.platform is Platform.TELEGRAM:
        await sara.presses("Cambia: Chi può leggerlo?")
        await sara.presses("La segreteria")
        await sara.presses("Salva")
    else:
        await sara.fills({"Chi può leggerlo?": "La segreteria"})
    assert (await newest(community)).visibility is PostVisibility.STAFF
    if community.platform is not Platform.WEB:
        assert TITLE not in "".join(community.channel_texts())
        assert "non si vede più qui" in "".join(community.channel_texts())
    await marco.sends_action(f"post.open:{post.id}")
    marco.sees_nothing_of(TITLE)


# Changes


async def test_a_change_reaches_every_card_and_keeps_what_was(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    anna = await community.member("Anna Autrice")
    marco = await community.member("Marco Colombani")
    async with community.app.database.writing() as session:
        sector = (await session.execute(select(Sector.id).where(Sector.key == "ict"))).scalar_one()
        await set_level(session, marco.id, topic_of_sector(sector), TopicLevel.NOW, community.clock.now())
    await shares(anna, sector="ICT per la salute")
    await sara.presses("Approva")
    post = await newest(community)
    marco.sees(f"Novità in ICT per la salute: «{TITLE}»")
    await community.later(hours=1)
    await anna.sends_action(f"post.open:{post.id}")
    await anna.presses("Modifica")
    if community.platform is Platform.TELEGRAM:
        await anna.presses("Cambia: Titolo")
        await anna.says("Bioreattori lavabili")
        await anna.presses("Salva")
    else:
        await anna.fills({"Titolo": "Bioreattori lavabili"})
    anna.sees("Modificato: «Bioreattori lavabili»")
    marco.sees("Novità in ICT per la salute: «Bioreattori lavabili»")
    marco.sees_nothing_of(TITLE)
    if community.platform is not Platform.WEB:
        assert [text for text in community.channel_texts() if "Bioreattori lavabili" in text]
        assert not [text for text in community.channel_texts() if TITLE in text]
    await marco.says("lavabili")
    marco.sees("Bioreattori lavabili", "risultato")
    sara.sees("È pubblicato. Guarda per favore che cosa è cambiato.")
    await sara.presses("Che cosa è cambiato")
    sara.sees(f"Titolo, prima: {TITLE}", "Anna Autrice")
    await marco.sends_action(f"post.history:{post.id}:0")
    marco.sees_nothing_of("prima:")
    await marco.sends_action(f"post.edit:{post.id}")
    assert (await newest(community)).title == "Bioreattori lavabili"
    await sara.presses("Va bene così")
    assert not (await newest(community)).to_check


async def test_the_history_goes_with_its_author(web_community: CommunityUnderTest) -> None:
    community = web_community
    anna = await community.member("Anna Autrice", roles=(Role.MODERATOR,))
    await shares(anna)
    post = await newest(community)
    await anna.sends_action(f"post.edit:{post.id}")
    await anna.fills({"Titolo": "Bioreattori lavabili"})
    async with community.app.database.writing() as session:
        assert (await session.execute(select(PostRevision.was))).scalar_one() == {"title": TITLE}
    await anna.says("/privacy")
    await anna.sends_action("privacy.erase")
    await anna.presses("Cancella")
    for _ in range(3):
        if "Cancella" in "".join(anna.last.buttons) or "cancella" in "".join(anna.last.buttons):
            await anna.presses("ancella")
    async with community.app.database.reading() as session:
        left = (await session.execute(select(PostRevision))).all()
    assert left == [], "no earlier wording is left"


# Validity


async def test_does_it_still_hold(community: CommunityUnderTest) -> None:
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind).where(PostKind.key == "practice"))).scalar_one()
        kind.valid_months = 1
    anna = await community.member("Anna Autrice", roles=(Role.MODERATOR,))
    marco = await community.member("Marco Colombani")
    await shares(anna)
    post = await newest(community)
    await community.later(days=17)
    assert anna.count("vale ancora?") == 1
    await community.later(days=1)
    assert anna.count("vale ancora?") == 1, "asked once"
    for action in (f"post.valid:{post.id}", f"post.close:{post.id}"):
        await marco.sends_action(action)
    assert (await newest(community)).asked_at is not None
    await anna.presses("Sì, vale")
    renewed = await newest(community)
    assert renewed.asked_at is None
    assert renewed.valid_until is not None
    assert post.valid_until is not None
    assert renewed.valid_until > post.valid_until
    assert anna.count("vale ancora?") == 0, "what was answered is redrawn"
    await community.later(days=20)
    assert anna.count("vale ancora?") == 1
    await community.later(days=20)
    assert (await newest(community)).status is PostStatus.CLOSED
    anna.sees(f"Ho chiuso «{TITLE}»")
    await marco.says("bioreattore")
    marco.sees_nothing_of(BODY)
    await marco.sends_action(f"post.open:{post.id}")
    marco.sees("non vale più", TITLE)
    await marco.sends_action(f"post.answer:{post.id}")
    marco.told("non prende altre risposte")
    if community.platform is not Platform.WEB:
        assert "non vale più" in community.channel_post(TITLE).text
    await anna.presses("Vale di nuovo", within="Ho chiuso")
    assert (await newest(community)).status is PostStatus.PUBLISHED
    await marco.says("bioreattore")
    marco.sees("«bioreattore»", TITLE)


# Groups


@pytest.mark.parametrize("locale", list(Locale))
async def test_a_working_group(community: CommunityUnderTest, locale: Locale) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,), locale=locale)
    marco = await community.member("Marco Colombani", locale=locale)
    outsider = await community.stranger("Zeno", locale=locale)
    await outsider.starts()
    t = giulia.t
    await marco.sends_action("group.new")
    await giulia.says("/groups")
    await giulia.presses(t("New group"))
    await giulia.fills({t("Name"): "MDR", t("What is it about?"): "Dispositivi."})
    giulia.sees("MDR", "Giulia Ferrandi")
    await marco.says("/groups")
    await marco.presses("MDR")
    marco.sees_nothing_of("Giulia Ferrandi")
    await marco.presses(t("Join"))
    marco.told(t("Welcome to {name}!", name="MDR"))
    marco.sees("MDR", "Giulia Ferrandi", "Marco Colombani")
    group = (await _members(community))[0][0]
    await outsider.sends_action(f"group.join:{group}")
    await outsider.sends_action(f"group.open:{group}")
    outsider.sees_nothing_of("Dispositivi.")
    assert [person for _, person in await _members(community)] == [giulia.id, marco.id]
    await marco.presses(t("Leave the group"))
    await marco.sends_action(f"group.retire:{group}")
    await giulia.sends_action(f"group.edit:{group}")
    await giulia.fills({t("Name"): "MDR", t("Who can belong to it?"): t("Those whom the staff add")}) if (
        community.platform is not Platform.TELEGRAM
    ) else await _closes_group(giulia)
    await marco.sends_action(f"group.join:{group}")
    marco.told(t("The staff add its members. Would you like to belong to it? Write to them."))
    await giulia.sends_action(f"group.add:{group}")
    await giulia.fills({t("Which members?"): "Marco Colombani\nNessuno Cosi"})
    assert [person for _, person in await _members(community)] == [giulia.id], "all or none"


async def _closes_group(giulia: PersonDriver) -> None:
    t = giulia.t
    await giulia.presses(t("Change: {field}", field=t("Who can belong to it?")))
    await giulia.presses(t("Those whom the staff add"))
    await giulia.presses(t("Save"))


async def _members(community: CommunityUnderTest) -> list[tuple[int, int]]:
    async with community.app.database.reading() as session:
        found = await session.execute(
            select(GroupMember.group_id, GroupMember.person_id).order_by(GroupMember.person_id)
        )
        return [(group, person) for group, person in found]
