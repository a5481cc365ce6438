"""Every line of a digest says why it is there and can be acted on; what is unwanted changes the next one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage.enums import Answer, EventStatus, Locale, PersonStatus, PostStatus, TopicLevel
from storage.models import CommunityEvent, DigestLesson, EventAnswer, Post, PostKind, PostReading, Sector
from storage.post_topics import handle_of, topic_of_author, topic_of_sector, topic_of_word
from tests.journeys.community import START, CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_following import follow
from tests.journeys.test_my_data import erases

MONDAY = datetime.fromisoformat("2018-04-09T06:00+00:00")
"""When the weekly digest comes, 08:00 in Rome."""


async def post(
    community: CommunityUnderTest, author: PersonDriver, title: str, *, topics: tuple[str, ...] = (), days: float = 1,
    deadline: datetime | None = None, sector: bool = False, status: PostStatus = PostStatus.PUBLISHED
) -> int:  # fmt: skip
    at = community.clock.now() - timedelta(days=days)
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind.id).order_by(PostKind.id))).scalars().first()
        place = (await session.execute(select(Sector.id).order_by(Sector.id))).scalars().first()
        row = Post(
            author_id=author.id, kind_id=kind, sector_id=place if sector else None, title=title, body="Testo.",
            topics=list(topics), language=Locale.ITALIAN, status=status, created_at=at, published_at=at,
            deadline=deadline,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        return row.id


async def event(community: CommunityUnderTest, title: str) -> int:
    now = community.clock.now()
    async with community.app.database.writing() as session:
        row = CommunityEvent(
            uid=title, title=title, zone="Europe/Rome", starts_wall="2018-04-26T18:00", ends_wall="2018-04-26T20:00",
            starts_at=now + timedelta(days=23), ends_at=now + timedelta(days=23, hours=2), language=Locale.ITALIAN,
            status=EventStatus.PUBLISHED, created_at=now, published_at=now,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        return row.id


async def lessons(community: CommunityUnderTest) -> set[str]:
    async with community.app.database.reading() as session:
        return set((await session.execute(select(DigestLesson.topic))).scalars())


async def to_monday(community: CommunityUnderTest) -> None:
    await community.tick()  # gives new members the moment of their first digest
    await community.later(seconds=(MONDAY - community.clock.now()).total_seconds())


@pytest.mark.parametrize("locale", list(Locale))
async def test_lines_say_why_they_are_there_and_are_acted_on(community: CommunityUnderTest, locale: Locale) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani", locale=locale)
    t = marco.t
    await follow(community, marco, topic_of_word("CAR-T"), TopicLevel.DIGEST)
    opened = await post(community, sara, "Celle in nove giorni", topics=("CAR-T",), days=-1)
    await post(community, sara, "Altro", days=-1)
    gathering = await event(community, "Aperitivo di aprile")
    await to_monday(community)
    marco.sees(t("Your digest"), t("because you follow {name}", name="CAR-T"), t("new in the community"))
    marco.sees(t("you have not answered yet"), "Aperitivo di aprile")
    assert marco.last.text.index("Celle in nove giorni") < marco.last.text.index("Altro")

    await marco.presses(f"1 · {t('Read it')}")
    marco.sees("Testo.")
    await marco.presses(t("Can't come"), within=t("Your digest"))
    async with community.app.database.reading() as session:
        answer = (await session.execute(select(EventAnswer).where(EventAnswer.event_id == gathering))).scalars().one()
        assert (answer.person_id, answer.answer) == (marco.id, Answer.CANT)
        assert await session.get(PostReading, (opened, marco.id)) is not None


@pytest.mark.parametrize("locale", list(Locale))
async def test_less_like_this_changes_the_next_digest_and_is_undone(
    community: CommunityUnderTest, locale: Locale
) -> None:
    sara = await community.member("Sara Bonavita")
    paolo = await community.member("Paolo Brambilla")
    marco = await community.member("Marco Colombani", locale=locale)
    t = marco.t
    unwanted = await post(community, sara, "Sterilizzazione uno", topics=("Sterilità",), days=-1)
    await to_monday(community)
    await marco.presses(t("Less like this"), within=t("Your digest"))
    await marco.again()
    marco.sees(t("Topic: {name}", name="Sterilità"), t("Author: {name}", name="Sara Bonavita"))
    assert await lessons(community) == {topic_of_word("Sterilità"), topic_of_author(sara.id)}

    await community.later(days=1)
    await post(community, sara, "Sterilizzazione due", topics=("sterilità",), days=0)
    await post(community, paolo, "Un'altra cosa", days=0)
    await community.later(days=6)
    marco.sees("Un'altra cosa")
    marco.sees_nothing_of("Sterilizzazione due")

    await marco.says("/digest")
    await marco.presses(t("What I've learnt"))
    await marco.presses(t("Author: {name}", name="Sara Bonavita"))
    assert await lessons(community) == {topic_of_word("Sterilità")}
    await marco.sends_action(f"digest.unless:{unwanted}")
    assert await lessons(community) == set()
    await community.later(days=1)
    await post(community, sara, "Sterilizzazione tre", topics=("Sterilità",), days=0)
    await community.later(days=6)
    marco.sees("Sterilizzazione tre")


@pytest.mark.parametrize("locale", list(Locale))
async def test_calls_that_end_soon_are_named_to_whom_they_matter(community: CommunityUnderTest, locale: Locale) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani", locale=locale)
    paolo = await community.member("Paolo Brambilla", locale=locale)
    t = marco.t
    async with community.app.database.reading() as session:
        sector = (await session.execute(select(Sector.id).order_by(Sector.id))).scalars().first()
    assert sector is not None
    await follow(community, marco, topic_of_sector(sector), TopicLevel.DIGEST)
    soon = MONDAY + timedelta(days=5)
    followed = await post(community, sara, "Bando seguito", sector=True, days=40, deadline=soon)
    looked = await post(community, sara, "Bando guardato", days=40, deadline=soon + timedelta(days=1))
    await post(community, sara, "Bando lontano", sector=True, days=40, deadline=MONDAY + timedelta(days=15))
    await post(community, sara, "Bando passato", sector=True, days=40, deadline=MONDAY - timedelta(hours=1))
    await post(community, sara, "Bando da approvare", sector=True, days=40, deadline=soon, status=PostStatus.PENDING)
    async with community.app.database.writing() as session:
        session.add(PostReading(post_id=looked, person_id=marco.id, at=START))
    await to_monday(community)
    marco.sees(t("Waiting for you"), "Bando seguito", "Bando guardato")
    marco.sees(t("you have looked at it"))
    for title in ("Bando lontano", "Bando passato", "Bando da approvare"):
        marco.sees_nothing_of(title)
    paolo.sees_nothing_of("Bando")
    await marco.presses(f"1 · {t('Read it')}")
    async with community.app.database.reading() as session:
        assert await session.get(PostReading, (followed, marco.id)) is not None


async def test_what_is_muted_has_no_deadline_either(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    await follow(community, marco, topic_of_word("Horizon"), TopicLevel.NOW)
    await follow(community, marco, topic_of_author(sara.id), TopicLevel.MUTED)
    await post(community, sara, "Bando", topics=("Horizon",), days=40, deadline=MONDAY + timedelta(days=2))
    await to_monday(community)
    marco.sees_nothing_of("Bando")


async def test_outsiders_teach_nothing(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    stranger = await community.stranger("Zeno")
    shut_out = await community.member("Otto Fuori", status=PersonStatus.SUSPENDED)
    number = await post(community, sara, "Un post", topics=("MDR",))
    hidden = await post(community, sara, "Nascosto", topics=("MDR",), status=PostStatus.PENDING)
    for one in (stranger, shut_out):
        await one.says("/riepilogo")
        for action in (f"digest.less:{number}", "digest.learnt", f"digest.forget:{handle_of(topic_of_word('MDR'))}"):
            await one.sends_action(action)
        one.sees_nothing_of("Che cosa ho imparato")
    for action in (f"digest.less:{hidden}", "digest.less:999", "digest.unless:999", "digest.forget:zz"):
        await marco.says("/riepilogo")
        await marco.sends_action(action)
    marco.sees_nothing_of("Nascosto")
    assert await lessons(community) == set()


async def test_nobody_keeps_less_of_somebody_who_is_erased(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    number = await post(community, sara, "Un post", topics=("MDR",))
    await marco.says("/riepilogo")
    await marco.sends_action(f"digest.less:{number}")
    assert topic_of_author(sara.id) in await lessons(community)
    await erases(marco, "Cancella tutto")
    assert await lessons(community) == set()
