"""Following topics, authors, organisations and sectors from a post and from the settings."""

import pytest
from sqlalchemy import select

from storage.enums import Locale, PersonStatus, Role, TopicLevel
from storage.models import Organisation, OutboxMessage, Person, PersonTopic, Post, PostKind, Sector
from storage.post_topics import topic_of_author, topic_of_organisation, topic_of_sector, topic_of_word
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_my_data import erases

TITLE = "Un lotto in nove giorni"


async def shares(
    community: CommunityUnderTest, author: PersonDriver, *, title: str = TITLE, topics: tuple[str, ...] = ("CAR-T",),
    sector: bool = True
) -> int:  # fmt: skip
    """A post of the author, published as the moderators publish it."""
    now = community.clock.now()
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind).order_by(PostKind.id))).scalars().first()
        place = (await session.execute(select(Sector).order_by(Sector.id))).scalars().first()
        assert kind is not None
        assert place is not None
        post = Post(
            author_id=author.id, kind_id=kind.id, sector_id=place.id if sector else None, title=title,
            body="Come si fa.", topics=list(topics), language=Locale.ITALIAN, status="pending", created_at=now,
        )  # fmt: skip
        session.add(post)
        await session.flush()
        return post.id


async def published(community: CommunityUnderTest, moderator: PersonDriver, post: int) -> int:
    await moderator.sends_action(f"post.approve:{post}")
    await community.later(minutes=2)
    return post


async def levels(community: CommunityUnderTest, who: PersonDriver) -> dict[str, TopicLevel]:
    async with community.app.database.reading() as session:
        rows = await session.execute(
            select(PersonTopic.topic, PersonTopic.level).where(PersonTopic.person_id == who.id)
        )
        return {row.topic: row.level for row in rows}


async def follow(community: CommunityUnderTest, who: PersonDriver, topic: str, level: TopicLevel) -> None:
    async with community.app.database.writing() as session:
        session.add(PersonTopic(person_id=who.id, topic=topic, level=level, at=community.clock.now()))


async def notices(community: CommunityUnderTest, who: PersonDriver) -> list[OutboxMessage]:
    async with community.app.database.reading() as session:
        rows = select(OutboxMessage).where(OutboxMessage.kind == "knowhow.published", OutboxMessage.person_id == who.id)
        return list((await session.execute(rows)).scalars())


@pytest.mark.parametrize("locale", list(Locale))
async def test_a_topic_is_followed_from_the_post_and_the_next_post_comes_at_once(
    community: CommunityUnderTest, locale: Locale
) -> None:
    chiara = await community.member("Chiara Mezzabarbi", roles=(Role.MODERATOR,))
    sara = await community.member("Sara Bonavita", organisation="Officina Cellulare")
    marco = await community.member("Marco Colombani", locale=locale)
    paolo = await community.member("Paolo Brambilla", locale=locale)
    t = marco.t
    post = await published(community, chiara, await shares(community, sara))
    await marco.sends_action(f"post.open:{post}")
    await marco.presses(t("Follow…"))
    marco.sees(t("Follow what?"), TITLE)
    labels = " ".join(marco.last.buttons)
    assert all(word in labels for word in ("CAR-T", "Sara Bonavita", "Officina Cellulare"))
    await marco.presses("CAR-T")
    marco.sees(t("You don't follow it: it comes as everything else does."))
    await marco.presses(t("Follow: at once"))
    await marco.again()
    assert await levels(community, marco) == {topic_of_word("car-t"): TopicLevel.NOW}
    marco.sees(t("You follow it: I write to you as soon as there is something new."))

    await published(community, chiara, await shares(community, sara, title="Il secondo lotto", topics=("car-t", "GMP")))
    marco.sees("Il secondo lotto", t("because you follow {name}", name="CAR-T"))
    paolo.sees_nothing_of("Il secondo lotto")

    await marco.says("/settings")
    await marco.presses(t("What you get"))
    await marco.presses(t("What you follow"))
    await marco.presses("CAR-T")
    await marco.presses(t("Nothing in particular"))
    assert await levels(community, marco) == {}
    marco.sees(t("You follow nothing yet. Open a post and tap “Follow…”: its topics, its author, who they work for."))
    await published(community, chiara, await shares(community, sara, title="Il terzo lotto"))
    marco.sees_nothing_of("Il terzo lotto")


async def test_however_many_follows_match_one_notice_comes_and_muted_wins(community: CommunityUnderTest) -> None:
    chiara = await community.member("Chiara Mezzabarbi", roles=(Role.MODERATOR,))
    sara = await community.member("Sara Bonavita", organisation="Officina Cellulare")
    keen = await community.member("Marco Colombani")
    torn = await community.member("Paolo Brambilla")
    async with community.app.database.reading() as session:
        house = (await session.get_one(Person, sara.id)).organisation_id
        sector = (await session.execute(select(Sector.id).order_by(Sector.id))).scalars().first()
    assert house is not None
    assert sector is not None
    topics = (
        topic_of_author(sara.id), topic_of_organisation(house), topic_of_word("CAR-T"), topic_of_sector(sector)
    )  # fmt: skip
    for topic in topics:
        await follow(community, keen, topic, TopicLevel.NOW)
        await follow(community, sara, topic, TopicLevel.NOW)
    for topic in topics[1:]:
        await follow(community, torn, topic, TopicLevel.NOW)
    await follow(community, torn, topics[0], TopicLevel.MUTED)
    await published(community, chiara, await shares(community, sara))
    keen.sees(TITLE)
    assert len(await notices(community, keen)) == 1
    assert await notices(community, torn) == []
    assert await notices(community, sara) == [], "nobody is told of their own post"
    torn.sees_nothing_of(TITLE)
    await community.later(days=7)
    torn.sees_nothing_of(TITLE)


async def test_what_is_muted_before_it_is_sent_is_not_sent(web_community: CommunityUnderTest) -> None:
    community = web_community
    chiara = await community.member("Chiara Mezzabarbi", roles=(Role.MODERATOR,))
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    await follow(community, marco, topic_of_author(sara.id), TopicLevel.NOW)
    await community.later(hours=13)
    post = await shares(community, sara)
    await chiara.sends_action(f"post.approve:{post}")
    marco.sees_nothing_of(TITLE)
    await marco.says("/seguiti")
    await marco.presses("Sara Bonavita")
    await marco.presses("Silenzia")
    await community.later(hours=11)
    marco.sees_nothing_of(TITLE)
    rows = await notices(community, marco)
    assert [one.failure for one in rows] == [f"its reader has muted {topic_of_author(sara.id)}"]


async def test_followed_posts_stand_first_in_the_digest(web_community: CommunityUnderTest) -> None:
    community = web_community
    chiara = await community.member("Chiara Mezzabarbi", roles=(Role.MODERATOR,))
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    await follow(community, marco, topic_of_word("CAR-T"), TopicLevel.DIGEST)
    await published(community, chiara, await shares(community, sara))
    await community.later(days=1)
    await published(community, chiara, await shares(community, sara, title="Più nuovo", topics=(), sector=False))
    marco.sees_nothing_of(TITLE)
    await marco.sends_action("digest.now")
    text = marco.last.text
    assert 0 < text.index(TITLE) < text.index("Più nuovo")


async def test_outsiders_follow_nothing(community: CommunityUnderTest) -> None:
    chiara = await community.member("Chiara Mezzabarbi", roles=(Role.MODERATOR,))
    sara = await community.member("Sara Bonavita")
    guest = await community.member("Ospite", status=PersonStatus.GUEST)
    shut_out = await community.member("Otto Fuori", status=PersonStatus.SUSPENDED)
    stranger = await community.stranger("Zeno")
    hidden = await shares(community, sara, title="Ancora da approvare")
    post = await published(community, chiara, await shares(community, sara))
    for one in (guest, shut_out, stranger):
        await one.says("/seguiti")
        for action in (f"follow.post:{post}", "follow.list:0"):
            await one.sends_action(action)
        one.sees_nothing_of("Che cosa segui")
        one.sees_nothing_of("Che cosa vuoi seguire?")
    marco = await community.member("Marco Colombani")
    for action in (f"follow.post:{hidden}", "follow.post:999", f"follow.set:{post}:000000000000:now",
                   "follow.set:0:000000000000:muted"):  # fmt: skip
        await marco.sends_action(action)
        marco.sees_nothing_of("Ancora da approvare")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(PersonTopic))).first() is None


async def test_who_is_erased_is_followed_by_nobody(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    await follow(community, marco, topic_of_author(sara.id), TopicLevel.NOW)
    await follow(community, marco, topic_of_word("CAR-T"), TopicLevel.NOW)
    await erases(sara, "Cancella tutto")
    assert list(await levels(community, marco)) == [topic_of_word("CAR-T")]


async def test_names_that_are_gone_are_left_out(web_community: CommunityUnderTest) -> None:
    community = web_community
    marco = await community.member("Marco Colombani")
    async with community.app.database.writing() as session:
        house = (await session.execute(select(Organisation))).scalars().one()
    await follow(community, marco, topic_of_organisation(house.id), TopicLevel.MUTED)
    await follow(community, marco, topic_of_organisation(house.id + 1), TopicLevel.MUTED)
    await marco.says("/seguiti")
    assert sum(house.name in label for label in marco.last.buttons) == 1
    assert sum("🔕" in label for label in marco.last.buttons) == 1
