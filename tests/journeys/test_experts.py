"""A question is passed on to those who may know: a few at a time, none too often, seen by who asks alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.enums import (
    ConsentPurpose,
    ExpertState,
    Locale,
    NoticeTopic,
    PersonStatus,
    PostStatus,
    PostVisibility,
    Role,
    TopicLevel,
)
from storage.models import (
    AuditEntry,
    Consent,
    ExpertAsk,
    ExpertRound,
    Person,
    PersonBlock,
    Post,
    PostAnswer,
    PostKind,
    PostOutcome,
)
from storage.queries import directory
from storage.queries.preferences import set_level
from storage.queries.search_index import index_all
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

TITLE = "Come si sterilizza un idrogel?"


async def knows(community: CommunityUnderTest, who: PersonDriver, offers: str, *, shown: bool = True) -> None:
    """They allow the directory and show what they offer there, or do not."""
    async with community.app.database.writing() as session:
        (await session.get_one(Person, who.id)).offers = offers
        session.add(
            Consent(
                person_id=who.id, purpose=ConsentPurpose.DIRECTORY, given=shown, text_version="1",
                locale=who.locale, platform=community.platform, at=community.clock.now(),
            )
        )  # fmt: skip
        (await directory.change_entry(session, who.id, community.clock.now())).shows_offers = True


async def writes(
    community: CommunityUnderTest, author: PersonDriver, title: str = TITLE, *, kind: str = "question", body: str = "?"
) -> int:
    """A published post."""
    now = community.clock.now()
    async with community.app.database.writing() as session:
        of_kind = (await session.execute(select(PostKind.id).where(PostKind.key == kind))).scalar_one()
        post = Post(
            author_id=author.id, kind_id=of_kind, title=title, body=body, language=Locale.ITALIAN,
            status=PostStatus.PUBLISHED, created_at=now, published_at=now,
        )  # fmt: skip
        session.add(post)
        await session.flush()
        await index_all(session)
        return post.id


async def asks(community: CommunityUnderTest) -> dict[int, ExpertAsk]:
    """By the person asked."""
    async with community.app.database.reading() as session:
        return {one.person_id: one for one in (await session.execute(select(ExpertAsk))).scalars()}


def asked(*people: PersonDriver) -> list[str]:
    """The first names of those to whom the question was put."""
    return [one.name.split()[0] for one in people if one.count("Tu lo sai?") or one.count("Do you know?")]


async def test_those_who_may_know_are_asked_and_why(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani", organisation="Salodini")
    james = await community.member("James Smith", locale=Locale.ENGLISH)
    anna = await community.member("Anna Rossi")
    olga = await community.member("Olga Ferrari")
    seeker = await community.member("Silvia Cerca")
    hidden = await community.member("Ugo Nascosto")
    guest = await community.member("Guido Ospite", status=PersonStatus.GUEST)
    moderator = await community.member("Mara Moderna", roles=(Role.MODERATOR,))
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    await knows(community, marco, "Sterilizzazione di idrogel e bende")
    await knows(community, guest, "Sterilizzazione di idrogel")
    await knows(community, hidden, "Sterilizzare idrogel", shown=False)
    await writes(community, james, "Sterilising hydrogels", kind="practice", body="Sterilizzare idrogel con i raggi X.")
    await writes(community, seeker, "Idrogel da sterilizzare", body="Chi lo sa?")
    before = await writes(community, olga, "Idrogel: sterilizzazione a vapore?")
    async with community.app.database.writing() as session:
        session.add(PostAnswer(post_id=before, author_id=anna.id, body="Mai.", created_at=community.clock.now()))
    post = await writes(community, sara, body="Con i raggi gamma si rovina.")

    for nosy in (marco, guest, outsider):
        await nosy.sends_action(f"expert.begin:{post}")
        await nosy.sends_action(f"expert.show:{post}")
        await nosy.sends_action(f"expert.stop:{post}")
        nosy.sees_nothing_of("A chi l'ho chiesto")
    assert await asks(community) == {}
    await marco.sends_action(f"post.open:{post}")
    assert not any("se ne intende" in label for label in marco.last.buttons)

    await sara.sends_action(f"post.open:{post}")
    await sara.presses("Chiedi a chi se ne intende")
    seen = sara.sees("A chi l'ho chiesto", "Marco Colombani, Salodini", "nel profilo: Sterilizzazione, idrogel")
    assert "ha scritto «Sterilising hydrogels»" in seen.text
    assert "ha risposto a «Idrogel: sterilizzazione a vapore?»" in seen.text
    everybody = (sara, marco, james, anna, olga, seeker, hidden, guest, moderator, outsider)
    assert asked(*everybody) == ["Marco", "James", "Anna"]
    marco.sees(TITLE, "Sara Bonavita", "raggi gamma", "Nel tuo profilo c'è: Sterilizzazione, idrogel.")
    james.sees("Do you know?", "You wrote “Sterilising hydrogels”.")
    anna.sees("Hai risposto a «Idrogel: sterilizzazione a vapore?».")

    await sara.sends_action(f"expert.begin:{post}")
    assert marco.count("Tu lo sai?") == 1
    await moderator.sends_action(f"expert.show:{post}")
    moderator.sees("A chi l'ho chiesto", "James Smith")
    for nosy in (marco, guest, outsider):
        await nosy.sends_action(f"expert.show:{post}")
        nosy.sees_nothing_of("James Smith")


async def test_can_somebody_else_and_not_me(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    james = await community.member("James Smith", locale=Locale.ENGLISH)
    olga = await community.member("Olga Ferrari", organisation="Uno")
    other = await community.member("Olga Ferrari", organisation="Due")
    anna = await community.member("Anna Rossi")
    for one in (marco, james, anna):
        await knows(community, one, "Sterilizzare idrogel")
    for one in (olga, other):
        await knows(community, one, "Vino")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    post = await writes(community, sara)
    await sara.sends_action(f"expert.begin:{post}")
    found = await asks(community)

    for nosy in (james, outsider):
        for verb in ("can", "know", "not"):
            await nosy.sends_action(f"expert.{verb}:{found[marco.id].id}")
    james.told("This question was not put to you.")
    assert {one.state for one in (await asks(community)).values()} == {ExpertState.WAITING}

    await marco.presses("So rispondere")
    sara.sees("Marco Colombani", "vuole rispondere a", TITLE)
    await marco.sends_action(f"expert.can:{found[marco.id].id}")
    assert sara.count("vuole rispondere a «") == 1
    await marco.fills({"La tua risposta": "Con il vapore."})
    sara.sees("Con il vapore.")
    await sara.sends_action(f"expert.show:{post}")
    sara.sees("Marco Colombani", "✓ ha risposto")

    await james.presses("I know somebody")
    await james.fills({"Who may know?": "Nessuno Davvero"})
    assert "I find nobody" in "".join(james.errors.values()) + james.last.text
    await james.fills({"Who may know?": "Olga Ferrari"})
    assert "Several people" in "".join(james.errors.values()) + james.last.text
    await james.fills({"Who may know?": "Olga Ferrari Due"})
    james.sees("Olga Ferrari is next")
    assert asked(olga) == []
    other.sees(f"Tu lo sai? «{TITLE}»", "James Smith dice che forse tu lo sai.")
    await sara.sends_action(f"expert.show:{post}")
    sara.sees("Olga Ferrari, Due", "il nome l'ha fatto James Smith")

    await anna.presses("Non io")
    anna.told("chiedo a qualcun altro")
    await anna.sends_action(f"expert.not:{found[anna.id].id}")
    await sara.sends_action(f"expert.show:{post}")
    assert sara.last.text.count("stavolta non può") == 2, "who declined and who named somebody look alike"


async def test_five_at_a_time_and_the_next_after_two_days(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    crowd = await community.crowd(8)
    for one in crowd:
        await knows(community, one, "Sterilizzare idrogel")
    post = await writes(community, sara)
    await sara.sends_action(f"expert.begin:{post}")
    first = asked(*crowd)
    assert len(first) == 5
    chosen = [one for one in crowd if one.name in first]
    await chosen[0].presses("Non io")
    assert len(await asks(community)) == 6, "whoever declines makes room at once"
    await chosen[1].presses("So rispondere")
    await community.later(hours=47)
    assert len(await asks(community)) == 6
    await community.later(hours=2)
    assert len(await asks(community)) == 8
    assert len(asked(*crowd)) == 7, "all but who declined, where that stands now"
    found = await asks(community)
    silent = [one for one in chosen if found[one.id].state is ExpertState.SILENT]
    assert silent == chosen[2:]
    late = silent[0]
    await late.presses("So rispondere")
    await late.fills({"La tua risposta": "Eccomi."})
    sara.sees("Eccomi.")


async def test_nobody_twice_a_week_more_whoever_asks(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    await knows(community, marco, "Sterilizzare idrogel")
    for number in range(4):
        author = await community.member(f"Autrice{number} Prova")
        post = await writes(community, author, f"Sterilizzare idrogel, domanda {number}")
        await author.sends_action(f"expert.begin:{post}")
        if number >= 2:
            author.sees("non trovo nessuno")
    assert marco.count("Tu lo sai?") == 2
    await community.later(days=7, hours=1)
    assert marco.count("Tu lo sai?") == 4, "the others when the week is over"


async def test_it_ends_when_it_is_solved_closed_removed_or_enough(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    moderator = await community.member("Mara Moderna", roles=(Role.MODERATOR,))
    post = await writes(community, sara)
    await moderator.sends_action(f"expert.begin:{post}")
    moderator.sees("non trovo nessuno")
    async with community.app.database.reading() as session:
        (entry,) = (await session.execute(select(AuditEntry))).scalars()
        assert (entry.action, entry.by_person_id, entry.subject_id) == ("question.pass_on", moderator.id, post)
    await sara.sends_action(f"expert.stop:{post}")
    sara.sees("Non lo chiedo a nessun altro.")
    await knows(community, marco, "Sterilizzare idrogel")
    await community.later(days=2)
    assert asked(marco) == []

    await sara.presses("Chiedi ad altri")
    marco.sees("Tu lo sai?")
    number = (await asks(community))[marco.id].id
    async with community.app.database.writing() as session:
        session.add(PostOutcome(post_id=post, answer_id=None, at=community.clock.now()))
    for verb in ("can", "know", "not"):
        await marco.sends_action(f"expert.{verb}:{number}")
        marco.told("non servono altre risposte")
    await community.later(days=3)
    async with community.app.database.reading() as session:
        assert (await session.get_one(ExpertRound, post)).stopped_at is not None
    await sara.sends_action(f"expert.begin:{post}")
    sara.told("Si può far girare solo una domanda ancora aperta.")

    removed = await writes(community, sara, "Sterilizzare idrogel a freddo")
    await sara.sends_action(f"post.drop:{removed}")
    await sara.sends_action(f"expert.begin:{removed}")
    async with community.app.database.reading() as session:
        assert await session.get(ExpertRound, removed) is None


@pytest.mark.parametrize("reason", ["none", "muted", "blocked", "blocks", "answered", "left", "not for them"])
async def test_who_cannot_or_will_not_be_asked_is_left_alone(web_community: CommunityUnderTest, reason: str) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    await knows(community, marco, "Sterilizzare idrogel")
    post = await writes(community, sara)
    now = community.clock.now()
    async with community.app.database.writing() as session:
        match reason:
            case "muted":
                await set_level(session, marco.id, NoticeTopic.EXPERTS, TopicLevel.MUTED, now)
            case "blocked":
                session.add(PersonBlock(person_id=sara.id, blocked_id=marco.id, at=now))
            case "blocks":
                session.add(PersonBlock(person_id=marco.id, blocked_id=sara.id, at=now))
            case "answered":
                session.add(PostAnswer(post_id=post, author_id=marco.id, body="Sì.", created_at=now))
            case "left":
                (await session.get_one(Person, marco.id)).status = PersonStatus.SUSPENDED
            case "not for them":
                (await session.get_one(Post, post)).visibility = PostVisibility.STAFF
    await sara.sends_action(f"expert.begin:{post}")
    async with community.app.database.reading() as session:
        assert await session.get(ExpertRound, post) is not None
    assert list(await asks(community)) == ([marco.id] if reason == "none" else [])
    assert asked(marco) == (["Marco"] if reason == "none" else [])


async def test_in_quiet_hours_it_waits_and_so_does_their_time(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    await knows(community, marco, "Sterilizzare idrogel")
    post = await writes(community, sara)
    await community.later(hours=14)
    at = community.clock.now()
    await sara.sends_action(f"expert.begin:{post}")
    assert asked(marco) == []
    until = (await asks(community))[marco.id].until
    assert until is not None
    assert until > at + timedelta(days=2, hours=6)
    await community.later(hours=10)
    assert asked(marco) == ["Marco"]


async def test_two_who_ask_at_once_ask_nobody_too_often(web_community: CommunityUnderTest) -> None:
    community = web_community
    marco = await community.member("Marco Colombani")
    await knows(community, marco, "Sterilizzare idrogel")
    authors = [await community.member(f"Autrice{number} Prova") for number in range(6)]
    posts = [await writes(community, one, f"Sterilizzare idrogel, domanda {one.id}") for one in authors]
    await community.at_once(
        *(one.slips_in(f"expert.begin:{post}") for one, post in zip(authors, posts, strict=True)),
        *(one.slips_in(f"expert.begin:{post}") for one, post in zip(authors, posts, strict=True)),
    )
    async with community.app.database.reading() as session:
        assert len((await session.execute(select(ExpertAsk))).scalars().all()) == 2
        assert len((await session.execute(select(ExpertRound))).scalars().all()) == 6
    assert marco.count("Tu lo sai?") == 2
