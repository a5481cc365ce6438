"""A post without a name: who is interested says so, and only these two learn who the other is, when both say yes."""

import asyncio

import pytest
from sqlalchemy import func, select

from storage.enums import (
    InterestState,
    IntroductionStatus,
    Locale,
    Moderation,
    PersonStatus,
    PostStatus,
    Role,
)
from storage.models import AuditEntry, BlindInterest, Draft, Introduction, Person, PersonBlock, Post
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_matches import kinds
from tests.journeys.test_my_data import erases
from tests.journeys.test_posts import moderated, newest, post_values
from tests.journeys.test_staff_acting import begins

TITLE, BODY = "Riempimento asettico per tre lotti", "Cinquemila flaconi a lotto, da settembre."
AUTHOR, HOUSE = "Ludmilla Pervincari", "Arboreto Chimico"


def kind_for(person: PersonDriver, key: str = "request") -> str:
    names = {
        "offer": ("Offerta di tecnologia", "Technology offer"),
        "request": ("Richiesta di tecnologia", "Technology request"),
    }
    return names[key][person.locale is Locale.ENGLISH]


async def writes_blind(person: PersonDriver, *, kind: str = "request", **answers: str | None) -> None:
    """Up to the last look before it goes out."""
    given = {"title": TITLE, "body": BODY, "kind": kind_for(person, kind), **answers}
    values = post_values(person, **given)
    values[person.t("With your name?")] = person.t("No: names only when both say yes")
    await person.says("/share")
    await person.fills(values)


async def shares_blind(person: PersonDriver, *, kind: str = "request", **answers: str | None) -> int:
    """And out it goes. Returns its id."""
    await writes_blind(person, kind=kind, **answers)
    await person.presses(person.t("Send it without my name"))
    return (await newest(person.community)).id


async def is_interested(
    person: PersonDriver, post: int, *, message: str | None = "Abbiamo una linea libera.", **answers: str | None
) -> None:
    """They say so."""
    t = person.t
    await person.sends_action(f"blind.want:{post}")
    await person.fills(
        {
            t("Who are you, without your name?"): answers.get("about", "Una media impresa del farmaco"),
            t("A word to them"): message,
            t("May they read your name at once?"): answers.get("name", t("No, when they say yes")),
            t("How may they reach you?"): answers.get("contact", f"{person.name.split()[0].lower()}@example.org"),
        }
    )


async def says_yes(person: PersonDriver, contact: str = "scrivi@example.org") -> None:
    await person.presses(person.t("Yes, introduce us"))
    await person.fills({person.t("How may they reach you?"): contact})


async def interests(community: CommunityUnderTest) -> list[BlindInterest]:
    async with community.app.database.reading() as session:
        return list((await session.execute(select(BlindInterest).order_by(BlindInterest.id))).scalars())


async def introductions(community: CommunityUnderTest) -> list[Introduction]:
    async with community.app.database.reading() as session:
        return list((await session.execute(select(Introduction))).scalars())


def hides(*people: PersonDriver) -> None:
    """None of them reads who wrote it."""
    for one in people:
        for word in (*AUTHOR.split(), HOUSE):
            one.sees_nothing_of(word)


@pytest.mark.parametrize("locale", list(Locale))
async def test_names_appear_when_both_say_yes(community: CommunityUnderTest, locale: Locale) -> None:
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, locale=locale, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico", locale=locale)
    other = await community.member("Olga Altrove", organisation="Tre", locale=locale)
    outsider = await community.stranger("Zeno", locale=locale)
    await outsider.starts()
    t = author.t

    await writes_blind(author, body=f"{BODY} Lo dice {HOUSE}.")
    author.sees(t("Before it goes out without your name"), TITLE, HOUSE, t("A member of the cluster"))
    await author.presses(t("Send it without my name"))
    post = (await newest(community)).id
    assert (await newest(community)).blind
    # What they wrote themselves is theirs to mend: here they take it out.
    await author.sends_action(f"post.edit:{post}")
    await author.fills({t("Text"): BODY})

    await elena.sends_action(f"post.open:{post}")
    elena.sees(TITLE, t("A member of the cluster"), t("A blind post: names appear only when both say yes."))
    await elena.presses(t("I'm interested"))
    await elena.fills(
        {
            t("Who are you, without your name?"): "Un gruppo accademico",
            t("A word to them"): "Una linea in isolatore.",
            t("How may they reach you?"): "elena@example.org",
        }
    )
    elena.sees(t("They read"), "Un gruppo accademico")
    assert "Elena" not in elena.last.text
    author.sees("Un gruppo accademico", "Una linea in isolatore.", TITLE)
    for one in (author, other):
        one.sees_nothing_of("Elena")
        one.sees_nothing_of("Politecnico")
    hides(elena, other, outsider)

    (interest,) = await interests(community)
    for nosy in (elena, other, outsider):
        for action in ("yes", "no", "open"):
            await nosy.sends_action(f"blind.{action}:{interest.id}")
        await nosy.sends_action(f"blind.unveil:{post}")
        await nosy.sends_action(f"blind.name:{post}")
    for nosy in (author, other, outsider):
        await nosy.sends_action(f"blind.withdraw:{interest.id}")
    assert (await interests(community))[0].state is InterestState.OPEN
    assert (await newest(community)).blind
    hides(elena, other, outsider)
    for nosy in (other, outsider):
        nosy.sees_nothing_of("Una linea in isolatore.")
        nosy.sees_nothing_of(t("Yes, introduce us"))

    await author.says("/interests")
    author.sees(t("Interest in blind posts"), TITLE, "Un gruppo accademico")
    await author.presses(t("Answer no. {n}", n="1"))
    await says_yes(author, "ludmilla@example.org")
    author.sees(t("✓ You both said yes."), "Elena Marchetti, Politecnico")
    await author.presses(t("How to reach them"))
    author.sees("elena@example.org")
    elena.sees(t("You are introduced: {name}", name=f"{AUTHOR}, {HOUSE}"), TITLE)
    await elena.presses(t("How to reach them"))
    elena.sees("ludmilla@example.org")
    hides(other, outsider)
    assert [one.status for one in await introductions(community)] == [IntroductionStatus.ACCEPTED]

    await elena.sends_action(f"blind.want:{post}")
    elena.told(t("You two are introduced already: see /introductions."))
    await author.sends_action(f"blind.yes:{interest.id}")
    await author.sends_action(f"blind.no:{interest.id}")
    assert [one.state for one in await interests(community)] == [InterestState.ACCEPTED]
    await other.sends_action(f"post.open:{post}")
    hides(other)


async def test_no_is_said_kindly_and_without_names(community: CommunityUnderTest) -> None:
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    post = await shares_blind(author)
    await is_interested(elena, post)
    await author.presses("No, grazie")
    author.sees("Hai detto di no.")
    elena.sees(f"Per «{TITLE}» questa volta non se ne fa niente.")
    hides(elena)
    author.sees_nothing_of("Elena")
    assert await introductions(community) == []
    await elena.sends_action(f"blind.want:{post}")
    elena.told("Per questa volta ha detto di no.")
    await author.sends_action("blind.no:1")
    assert elena.count("questa volta non se ne fa niente") == 1


async def test_who_is_interested_keeps_or_shows_their_name(community: CommunityUnderTest) -> None:
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    marco = await community.member("Marco Colombani", organisation="Salodini")
    post = await shares_blind(author)
    await elena.sends_action(f"blind.want:{post}")
    await elena.fills(
        {
            elena.t("Who are you, without your name?"): "Un ateneo",
            elena.t("A word to them"): "Un saluto da Elena",
            elena.t("How may they reach you?"): "elena@example.org",
        }
    )
    assert "C'è scritto «Elena»" in " ".join(elena.errors.values())
    assert await interests(community) == [], "signed against their will, it does not leave"
    author.sees_nothing_of("Elena")
    await is_interested(marco, post, name=marco.t("Yes, with my organisation"), message="Sono Marco")
    author.sees("Marco Colombani, Salodini", "Sono Marco")
    hides(marco, elena)


async def test_a_time_to_answer_a_reminder_and_an_end(community: CommunityUnderTest) -> None:
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    olga = await community.member("Olga Altrove", organisation="Tre")
    post = await shares_blind(author)
    await is_interested(elena, post)
    await is_interested(olga, post)
    title = f"A qualcuno interessa «{TITLE}»"
    assert author.count(title) == 2
    await olga.sends_action(f"post.open:{post}")
    await olga.presses("Non mi interessa più")
    olga.sees("Ritirato")
    author.sees("Ci ha ripensato.")
    await olga.sends_action(f"blind.want:{post}")
    olga.told("L'avevi già detto. Lo puoi ridire da")
    await community.later(days=6)
    assert author.count(title) == 3, "reminded once, of what still waits"
    await community.later(days=2)
    assert author.count(title) == 3
    await community.later(days=7)
    elena.sees(f"Per «{TITLE}» non se n'è fatto niente")
    assert olga.count("non se n'è fatto niente") == 0
    author.sees(author.t("The time for an answer is over."))
    (first, _) = await interests(community)
    await author.sends_action(f"blind.yes:{first.id}")
    author.told("Qui la risposta c'è già, o il tempo è finito.")
    hides(elena, olga)


@pytest.mark.parametrize("how", ["closed", "removed", "solved", "suspended", "erased", "erased with their posts"])
async def test_what_is_open_ends_with_the_post(web_community: CommunityUnderTest, how: str) -> None:
    community = web_community
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    late = await community.member("Lara Tardi", organisation="Tre")
    post = await shares_blind(author)
    await is_interested(elena, post)
    (interest,) = await interests(community)
    match how:
        case "closed":
            await author.sends_action(f"post.close:{post}")
        case "removed":
            await author.sends_action(f"post.drop:{post}")
        case "solved":
            await author.sends_action(f"solved.close:{post}")
        case "suspended":
            async with community.app.database.writing() as session:
                (await session.get_one(Person, author.id)).status = PersonStatus.SUSPENDED
        case "erased":
            await erases(author, author.t("Erase me, leave my posts without my name"))
        case _:
            await erases(author, author.t("Erase me and my posts"))
    await author.sends_action(f"blind.yes:{interest.id}")
    await late.sends_action(f"blind.want:{post}")
    await community.later(minutes=2)
    assert [one.state for one in await interests(community)] == [InterestState.ENDED]
    elena.sees("non se n'è fatto niente")
    await author.sends_action(f"blind.yes:{interest.id}")
    assert await introductions(community) == []
    hides(elena, late)


async def test_many_taps_at_once_introduce_once(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    post = await shares_blind(author)
    await is_interested(elena, post)
    (interest,) = await interests(community)
    await author.presses("Sì, presentaci")
    payload = author.payload_of({author.t("How may they reach you?"): "x@y.it"})  # type: ignore[attr-defined]  # the web's driver
    await asyncio.gather(
        *(author.adapter.submit(payload) for _ in range(6)),  # type: ignore[attr-defined]  # same
        *(author.slips_in(f"blind.no:{interest.id}") for _ in range(3)),
        *(elena.slips_in(f"blind.withdraw:{interest.id}") for _ in range(3)),
    )
    await community.settle()
    (after,) = await interests(community)
    made = await introductions(community)
    assert len(made) == (after.state is InterestState.ACCEPTED)
    assert after.state in {InterestState.ACCEPTED, InterestState.DECLINED, InterestState.WITHDRAWN}
    if after.state is not InterestState.ACCEPTED:
        hides(elena)
        author.sees_nothing_of("Elena")


async def test_a_yes_while_its_author_is_erased_leaves_nothing_of_them(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    await is_interested(elena, await shares_blind(author))
    await author.presses("Sì, presentaci")
    payload = author.payload_of({author.t("How may they reach you?"): "x@y.it"})  # type: ignore[attr-defined]  # the web's driver
    await author.says("/mydata")
    await author.presses(author.t("Erase my data …"))
    await author.presses(author.t("Erase me and my posts"))
    await asyncio.gather(
        author.taps(author.t("Yes, erase for good")),
        *(author.adapter.submit(payload) for _ in range(4)),  # type: ignore[attr-defined]  # same
    )
    await community.settle()
    await community.later(minutes=3)
    async with community.app.database.reading() as session:
        assert (await session.get_one(Person, author.id)).status is PersonStatus.ERASED
        assert (await session.execute(select(func.count()).select_from(Introduction))).scalar_one() == 0
    elena.sees_nothing_of("x@y.it")


async def test_who_has_blocked_the_other_is_not_told(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    async with community.app.database.writing() as session:
        session.add(PersonBlock(person_id=author.id, blocked_id=elena.id, at=community.clock.now()))
    post = await shares_blind(author)
    await is_interested(elena, post)
    elena.sees("L'ho detto a chi ha scritto"), "to them nothing looks different"
    author.sees_nothing_of("A qualcuno interessa")
    await author.says("/interests")
    author.told("Non c'è niente in attesa.")
    await author.says("/start")
    author.sees_nothing_of("interessa un tuo post")
    await author.sends_action("blind.yes:1")
    assert await introductions(community) == []


async def test_only_so_many_wait_at_a_time(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    titles = ("Anticorpi monoclonali", "Bende riassorbibili", "Centrifuga", "Droni sanitari", "Enzimi", "Fluorescenza")
    numbers = [await shares_blind(author, title=title, body=f"Di {title.lower()}.") for title in titles]
    for number in numbers[:5]:
        await is_interested(elena, number)
    await elena.sends_action(f"blind.want:{numbers[5]}")
    elena.told("Hai già 5 interessi in attesa di risposta.")
    await elena.says("/interests")
    await elena.presses("Ritira il n. 1")
    await is_interested(elena, numbers[5])
    assert author.count("A qualcuno interessa") == 6
    assert [one.state for one in await interests(community)].count(InterestState.OPEN) == 5


async def test_two_who_know_each_other_are_introduced_by_the_contact_of_now(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    for title, contact in (("Anticorpi monoclonali", "prima@example.org"), ("Bende riassorbibili", "dopo@example.org")):
        post = await shares_blind(author, title=title)
        await is_interested(elena, post)
        await says_yes(author, contact)
    assert len(await introductions(community)) == 1
    await elena.presses("Come contattare l'altra persona")
    elena.sees("dopo@example.org")


async def test_what_can_be_blind_and_what_not(community: CommunityUnderTest) -> None:
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    values = post_values(author, title=TITLE, kind="Buona pratica", body=BODY)
    values["Con il tuo nome?"] = "No: i nomi solo se siamo d'accordo tutti e due"
    await author.says("/share")
    await author.fills(values)
    assert "questo è «Buona pratica»" in " ".join(author.errors.values())


async def test_a_file_that_came_along_is_left_out(community: CommunityUnderTest) -> None:
    """Such as that of a message in the channel of which a post is made."""
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    await author.says("/share")
    async with community.app.database.writing() as session:
        draft = (await session.execute(select(Draft).where(Draft.person_id == author.id))).scalar_one()
        draft.values = {
            **draft.values,
            "file": {
                "platform": community.platform.value, "account": community.app.adapters[0].account,
                "reference": "F1", "name": "ludmilla.pdf", "mime": "application/pdf", "size": 3,
            },
        }  # fmt: skip
    values = post_values(author, title=TITLE, kind=kind_for(author), body=BODY)
    values["Con il tuo nome?"] = "No: i nomi solo se siamo d'accordo tutti e due"
    await author.says("/share")
    await author.fills(values)
    author.sees("«ludmilla.pdf» resta fuori: un file porta scritto chi l'ha fatto.")
    await author.presses("Invia senza il mio nome")
    post = await newest(community)
    assert post.attachment == {}


async def test_staff_share_nothing_blind_for_somebody(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    await community.member("Anna Rossi")
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await begins(giulia)
    await writes_blind(giulia)
    assert giulia.errors["Con il tuo nome?"] == "Senza nome può condividere solo la persona stessa."
    await giulia.sends_action("post.new")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Post))).scalar_one() == 0


async def test_a_named_post_stays_named_and_a_blind_one_can_get_its_name(community: CommunityUnderTest) -> None:
    await kinds(community)
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico")
    await author.says("/share")
    await author.fills(post_values(author, title="Con il nome sopra", kind=kind_for(author), body=BODY))
    named = (await newest(community)).id
    await author.sends_action(f"post.edit:{named}")
    await author.fills({"Con il tuo nome?": "No: i nomi solo se siamo d'accordo tutti e due"})
    assert "L'hai inviato con il tuo nome" in " ".join(author.errors.values())
    await author.says("/cancel")
    assert not (await newest(community)).blind

    post = await shares_blind(author)
    await author.sends_action(f"post.edit:{post}")
    await author.fills({"Testo": f"Siamo {HOUSE}."})
    assert f"C'è scritto «{HOUSE}»" in " ".join(author.errors.values())
    await author.says("/cancel")
    await elena.sends_action(f"post.open:{post}")
    await author.sends_action(f"post.open:{post}")
    assert author.last.text.count(AUTHOR) == 0, "not even on their own screen"
    await author.presses("Metti il mio nome")
    author.sees("Metto il tuo nome su", f"«{AUTHOR}, {HOUSE}»")
    elena.sees_nothing_of(AUTHOR)
    await author.presses("Sì, con il mio nome")
    author.sees("adesso c'è il tuo nome")
    assert not (await newest(community)).blind
    assert any(AUTHOR in one for one in community.channel_texts() if TITLE in one)
    await elena.sends_action(f"post.open:{post}")
    elena.sees(TITLE, f"{AUTHOR}, {HOUSE}")
    await elena.says("/cerca riempimento asettico")
    elena.sees(TITLE, AUTHOR)
    await elena.sends_action(f"blind.want:{post}")
    elena.told("Questo post adesso ha il nome di chi l'ha scritto")


async def test_a_moderator_decides_without_learning_the_name(community: CommunityUnderTest) -> None:
    await kinds(community)
    moderated(community, Moderation.ALL)
    author = await community.member(AUTHOR, organisation=HOUSE)
    moderator = await community.member("Mara Moderna", organisation="Segreteria", roles=(Role.MODERATOR, Role.STAFF))
    post = await shares_blind(author)
    moderator.sees(TITLE, "Qualcuno del cluster")
    await moderator.says("/inbox")
    moderator.sees(TITLE)
    await moderator.sends_action(f"post.mend:{post}")
    await moderator.fills({moderator.t("What should be changed? The author reads this."): "Più breve"})
    moderator.sees("Qualcuno del cluster legge")
    await author.presses(author.t("Change it and send it"))
    await author.fills({"Testo": "Breve."})
    await moderator.sends_action(f"post.approve:{post}")
    await moderator.sends_action(f"post.history:{post}:0")
    moderator.sees("Qualcuno del cluster")
    assert (await newest(community)).status is PostStatus.PUBLISHED
    async with community.app.database.reading() as session:
        audit = (await session.execute(select(AuditEntry.by_person_id))).scalars().all()
    assert author.id not in audit
    hides(moderator)
    assert not any(word in text for text in community.channel_texts() for word in (AUTHOR, HOUSE))
