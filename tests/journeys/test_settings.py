"""What people prefer holds for all that comes unasked: hours, place, language, and how much of each topic."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.enums import (
    Locale,
    NoticeTopic,
    OutboxState,
    PersonStatus,
    Platform,
    PostStatus,
    QuietChoice,
    Role,
    TopicLevel,
)
from storage.models import DigestItem, OutboxMessage, Person, PersonTopic, Post, PostKind, Sector
from storage.queries.preferences import IN_QUIET_HOURS, topic_of_sector
from tests.journeys.announcing import PROMOTIONAL, allows_news, newest, send, states, write
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_events import TITLE, published
from tests.journeys.test_second_ping import TOMORROW, again
from tests.journeys.two_platforms import TwoPlatformCommunity

EARLY_TOMORROW = {"Starts": "2018-04-04T08:00", "Ends": "2018-04-04T09:00"}


async def person(community: CommunityUnderTest, who: PersonDriver) -> Person:
    async with community.app.database.reading() as session:
        return await session.get_one(Person, who.id)


async def rows_to(community: CommunityUnderTest, who: PersonDriver, kind: str) -> list[OutboxMessage]:
    async with community.app.database.reading() as session:
        found = await session.execute(
            select(OutboxMessage)
            .where(OutboxMessage.person_id == who.id, OutboxMessage.kind == kind)
            .order_by(OutboxMessage.id)
        )
        return list(found.scalars())


async def to_night(community: CommunityUnderTest) -> None:
    """From nine in the morning to ten in the evening, in Rome."""
    await community.later(hours=13)


async def to_morning(community: CommunityUnderTest) -> None:
    """From ten in the evening to a quarter to eight."""
    await community.later(hours=9, minutes=45)


# Choosing


@pytest.mark.parametrize("locale", list(Locale))
async def test_everything_is_chosen_from_one_screen(community: CommunityUnderTest, locale: Locale) -> None:
    marco = await community.member("Marco Colombani", locale=locale)
    t = marco.t
    await marco.says("/home")
    await marco.presses(t("Settings"))
    marco.sees(t("Your settings"), t("Quiet hours"), "21:00", "07:30", t("where you last wrote to me"))

    await marco.presses(t("Time zone"))
    await marco.presses(t("Search by city or country"))
    await marco.fills({t("City or country"): "Giappone"})
    marco.sees("Tokyo" if locale is Locale.ENGLISH else "Tokio" if "Tokio" in marco.last.text else "Tokyo", "16:00")
    assert (await person(community, marco)).timezone == "Asia/Tokyo"

    await marco.says("/settings")
    await marco.presses(t("Quiet hours"))
    await marco.presses(t("My own"))
    await marco.presses(t("From when to when?"))
    await marco.fills({t("Quiet from"): "22.15", t("Quiet until"): "6"})
    marco.sees("22:15", "06:00")
    await marco.presses(t("All Saturday and Sunday"))
    found = await person(community, marco)
    assert (found.quiet, found.quiet_from, found.quiet_until) == (QuietChoice.OWN, 22 * 60 + 15, 6 * 60)
    assert found.quiet_weekends

    await marco.presses(t("Back to the settings"))
    await marco.presses(t("What you get"))
    await marco.presses(t("{topic}: {level}", topic=t("New events"), level=t("at once")))
    marco.sees(t("What you get"))
    assert t("{topic}: {level}", topic=t("New events"), level=t("in the digest")) in " ".join(marco.last.buttons)

    await marco.says("/settings")
    await marco.presses(t("Language"))
    other = Locale.ENGLISH if locale is Locale.ITALIAN else Locale.ITALIAN
    await marco.presses("English" if other is Locale.ENGLISH else "Italiano")
    marco.sees("Your settings" if other is Locale.ENGLISH else "Le tue impostazioni")
    assert (await person(community, marco)).locale is other


async def test_what_is_no_time_is_asked_again(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    await marco.says("/impostazioni")
    await marco.presses("Ore di silenzio")
    await marco.presses("Le mie")
    await marco.presses("Da che ora a che ora?")
    await marco.fills({"Silenzio dalle": "sera", "Silenzio fino alle": "7"})
    assert "Scrivi un orario, per esempio 21:30." in f"{marco.errors} {marco.last.text}"
    assert (await person(community, marco)).quiet_from == 21 * 60


async def test_a_double_tap_does_one_thing(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    await marco.says("/impostazioni")
    await marco.presses("Che cosa ricevi")
    await marco.presses("Nuovi eventi: subito")
    await marco.again()
    async with community.app.database.reading() as session:
        levels = (await session.execute(select(PersonTopic.topic, PersonTopic.level))).all()
    assert [tuple(one) for one in levels] == [(NoticeTopic.EVENTS, TopicLevel.DIGEST)]


@pytest.mark.parametrize("status", [PersonStatus.SUSPENDED, PersonStatus.WAITING])
async def test_outsiders_choose_nothing(community: CommunityUnderTest, status: PersonStatus) -> None:
    outsider = await community.member("Otto Fuori", status=status)
    stranger = await community.stranger("Zeno")
    for one in (outsider, stranger):
        await one.says("/impostazioni")
        one.sees_nothing_of("Le tue impostazioni")
    for action in ("prefs.zone:Asia/Tokyo", "prefs.hush:off", "prefs.write:web", "prefs.level:_events:muted"):
        await outsider.sends_action(action)
        await stranger.sends_action(action)
    found = await person(community, outsider)
    assert (found.timezone, found.quiet, found.channel) == ("Europe/Rome", QuietChoice.DEFAULT, None)
    async with community.app.database.reading() as session:
        assert (await session.execute(select(PersonTopic))).first() is None


async def test_what_was_made_up_changes_nothing(community: CommunityUnderTest) -> None:
    marco = await community.member("Marco Colombani")
    elsewhere = Platform.WEB if community.platform is Platform.SLACK else Platform.SLACK
    for action, why in (
        ("prefs.zone:Europe/Atlantis", "Non conosco questo fuso orario. Scegline un altro."),
        ("prefs.day:9:1", marco.t("There is no such day. Please choose one of the buttons.")),
        (f"prefs.write:{elsewhere}", "Lì non ti conosco ancora."),
        ("prefs.write:pigeon", "Lì non ti conosco ancora."),
        ("prefs.level:nothing:muted", marco.t("There is no such topic any more.")),
        (f"prefs.level:{topic_of_sector(99)}:muted", marco.t("There is no such topic any more.")),
        ("prefs.level:_meeting_reminders:digest", "Questo può arrivare subito oppure mai."),
    ):
        await marco.sends_action(action)
        marco.told(why)
    found = await person(community, marco)
    assert (found.timezone, found.quiet_days, found.channel) == ("Europe/Rome", "0123456", None)
    async with community.app.database.reading() as session:
        assert (await session.execute(select(PersonTopic))).first() is None


# Quiet hours


async def test_what_comes_at_night_waits_for_the_morning(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    awake = await community.member("Sara Bonavita")
    await awake.sends_action("prefs.hush:off")
    await to_night(community)
    await published(giulia)
    marco.sees_nothing_of(TITLE)
    assert awake.count(TITLE) == 1
    [held] = await rows_to(community, marco, "event.invitation")
    assert (held.state, held.failure) == (OutboxState.QUEUED, IN_QUIET_HOURS)
    assert held.due_at == datetime(2018, 4, 4, 5, 30, tzinfo=UTC)
    assert held.attempts == 0

    await marco.says("/eventi")
    marco.sees(TITLE)  # what they ask for comes at any hour
    news = marco.t("New in the calendar. Will you come?")
    assert marco.count(news) == 0
    await to_morning(community)
    assert [marco.count(news), awake.count(news)] == [1, 1]


async def test_a_held_message_goes_when_its_reader_is_awake_after_all(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await to_night(community)
    await published(giulia)
    marco.sees_nothing_of(TITLE)
    await marco.says("/impostazioni")
    await marco.presses("Ore di silenzio")
    await marco.presses("Nessuna: scrivimi sempre")
    await community.settle()
    await community.tick()
    marco.sees(TITLE)


async def test_quiet_hours_are_those_of_their_own_clock(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    tokyo = await community.member("Kenji Mori")
    await tokyo.sends_action("prefs.zone:Asia/Tokyo")
    await community.later(hours=6)  # three in the afternoon in Rome, ten in the evening in Tokyo
    await published(giulia)
    tokyo.sees_nothing_of(TITLE)
    await community.later(hours=9, minutes=45)
    tokyo.sees(TITLE)


async def test_what_would_be_learnt_too_late_comes_at_night(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    early = await published(giulia, **EARLY_TOMORROW)
    later = await published(giulia, Title="Cena", Starts="2018-04-04T20:00", Ends="2018-04-04T22:00")
    for event in (early, later):
        await marco.sends_action(f"event.rsvp:{event}:going")
    await to_night(community)
    for event in (early, later):
        await giulia.sends_action(f"event.cancel:{event}")
        await giulia.fills({giulia.t("Why?"): "Guasto."})
    states = {int(row.data["event"]): row.state for row in await rows_to(community, marco, "event.cancelled")}
    assert states == {early: OutboxState.SENT, later: OutboxState.QUEUED}
    await to_morning(community)
    states = {int(row.data["event"]): row.state for row in await rows_to(community, marco, "event.cancelled")}
    assert states == {early: OutboxState.SENT, later: OutboxState.SENT}


# Topics


async def test_muted_is_skipped_and_says_why(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await marco.sends_action("prefs.level:_events:muted")
    event = await published(giulia)
    marco.sees_nothing_of(TITLE)
    [row] = await rows_to(community, marco, "event.invitation")
    assert (row.state, row.failure) == (OutboxState.SKIPPED, "its reader has muted _events")
    await marco.sends_action("digest.now")
    marco.sees_nothing_of(TITLE)
    # What they take part in comes all the same.
    await marco.sends_action(f"event.rsvp:{event}:going")
    await giulia.sends_action(f"event.cancel:{event}")
    await giulia.fills({giulia.t("Why?"): "Guasto."})
    [told] = await rows_to(community, marco, "event.cancelled")
    assert told.state is OutboxState.SENT


async def test_what_is_wanted_in_the_digest_is_in_the_next_one(community: CommunityUnderTest) -> None:
    """One kind that a digest finds by itself, and one that has to be kept for it."""
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    sara = await community.member("Sara Bonavita")
    for topic in (NoticeTopic.EVENTS, NoticeTopic.ANSWERS):
        await marco.sends_action(f"prefs.level:{topic}:digest")
    await marco.sends_action("digest.frequency:daily")
    post = await community_post(community, marco)
    await published(giulia)
    await sara.sends_action(f"post.answer:{post}")
    await sara.fills({sara.t("Your answer"): "Prova con il fornitore di Bresso."})
    marco.sees_nothing_of(TITLE)
    marco.sees_nothing_of("Sara Bonavita")
    [row] = await rows_to(community, marco, "knowhow.answered")
    assert (row.state, row.failure) == (OutboxState.SKIPPED, "its reader wants _answers in the digest")
    await community.later(hours=23, minutes=30)  # over the eight o'clock of the next morning
    marco.sees("Il tuo riepilogo", TITLE, "Sara Bonavita")
    assert marco.count("Sara Bonavita") == 1
    await marco.presses("Apri")
    marco.sees("Prova con il fornitore di Bresso.")
    await community.later(hours=24)
    digests = await rows_to(community, marco, "digest")
    assert [one.state for one in digests] == [OutboxState.SENT], "and in no other"
    async with community.app.database.reading() as session:
        assert all(one.told_at is not None for one in (await session.execute(select(DigestItem))).scalars())


async def community_post(community: CommunityUnderTest, author: PersonDriver) -> int:
    """A published question of theirs, in the first sector."""
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind.id).where(PostKind.key == "question"))).scalar_one()
        sector = (await session.execute(select(Sector.id).where(Sector.key == "pharma"))).scalar_one()
        post = Post(
            author_id=author.id, kind_id=kind, sector_id=sector, title="Chi produce bioreattori?", body="Cerco.",
            language=Locale.ITALIAN, status=PostStatus.PUBLISHED, created_at=community.clock.now(),
            published_at=community.clock.now(),
        )  # fmt: skip
        session.add(post)
        await session.flush()
        return post.id


async def test_the_know_how_of_a_sector(community: CommunityUnderTest) -> None:
    moderator = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    eager = await community.member("Marco Colombani")
    usual = await community.member("Sara Bonavita")
    bored = await community.member("Anna Rossi")
    async with community.app.database.reading() as session:
        sector = (await session.execute(select(Sector).where(Sector.key == "pharma"))).scalar_one()
    await eager.sends_action(f"prefs.sector:{sector.id}:now")
    await bored.sends_action(f"prefs.sector:{sector.id}:muted")
    await moderator.says("/share")
    t = moderator.t
    await moderator.fills(
        {
            t("Title"): "Bioreattori in affitto",
            t("What kind of post is it?"): "Domanda",
            t("Text"): "Da maggio, a Bresso.",
            t("Sector"): sector.name_it,
            t("In which language is it?"): "Italiano",
        }
    )
    eager.sees("Novità in Farmaceutica e terapie avanzate", "Bioreattori in affitto")
    usual.sees_nothing_of("Bioreattori in affitto")
    bored.sees_nothing_of("Bioreattori in affitto")
    assert await rows_to(community, usual, "knowhow.published") == []
    await community.later(minutes=2)
    for one in (usual, bored):
        await one.sends_action("digest.now")
    usual.sees("Bioreattori in affitto")
    bored.sees_nothing_of("Bioreattori in affitto")


async def test_a_topic_of_the_announcements_is_the_same_everywhere(web_community: CommunityUnderTest) -> None:
    """What was turned down below an announcement is what the settings show, and what the sender asks."""
    community = web_community
    await community.topics()
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await allows_news(community, marco)
    await marco.says("/impostazioni")
    await marco.presses("Che cosa ricevi")
    await marco.presses("Annunci, per argomento")
    await marco.presses("Bandi: subito")
    async with community.app.database.reading() as session:
        [level] = (await session.execute(select(PersonTopic))).scalars()
    assert (level.topic, level.level) == ("funding", TopicLevel.DIGEST)
    await marco.sends_action("prefs.level:funding:now")
    await write(giulia, "Un bando nuovo", topic=giulia.t("Funding") if giulia.locale is Locale.ENGLISH else "Bandi",
                kind=PROMOTIONAL)  # fmt: skip
    await send(giulia, 1)
    marco.sees("Un bando nuovo")
    await marco.presses(marco.t("No more about: {topic}", topic="Bandi"))
    async with community.app.database.reading() as session:
        [level] = (await session.execute(select(PersonTopic))).scalars()
    assert level.level is TopicLevel.MUTED
    assert (await states(community, (await newest(community)).id)) == {OutboxState.SENT: 1}


@pytest.mark.parametrize("status", [PersonStatus.GUEST])
async def test_a_guest_has_no_digest_to_put_things_into(
    web_community: CommunityUnderTest, status: PersonStatus
) -> None:
    guest = await web_community.member("Ospite Gentile", status=status)
    await guest.says("/impostazioni")
    await guest.presses("Che cosa ricevi")
    await guest.presses("Richieste di incontro: subito")
    async with web_community.app.database.reading() as session:
        [level] = (await session.execute(select(PersonTopic))).scalars()
    assert level.level is TopicLevel.MUTED
    await guest.sends_action("prefs.level:_meetings:digest")
    guest.told("Questo può arrivare subito oppure mai.")


# Where


@pytest.fixture
async def both(database_url: str, tmp_path: Path) -> AsyncIterator[TwoPlatformCommunity]:
    async with TwoPlatformCommunity.on_both(database_url, tmp_path) as community:
        await community.vocabulary()
        yield community


async def test_always_on_one_platform(both: TwoPlatformCommunity) -> None:
    giulia = await both.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await both.member("Marco Colombani")
    on_slack = await both.links(marco)
    await on_slack.says("/impostazioni")
    await on_slack.presses("Dove ti scrivo")
    await on_slack.presses("Sempre Slack")
    await both.later(minutes=5)
    await marco.says("/home")  # now he was on Telegram last
    await published(giulia)
    on_slack.sees(TITLE)
    marco.sees_nothing_of(TITLE)

    await on_slack.sends_action("prefs.write:anywhere")
    await both.later(minutes=5)
    await marco.says("/home")
    await published(giulia, Title="Cena sociale")
    marco.sees("Cena sociale")
    on_slack.sees_nothing_of("Cena sociale")


async def test_what_waited_for_the_morning_goes_where_they_are_then(both: TwoPlatformCommunity) -> None:
    giulia = await both.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await both.member("Marco Colombani")
    on_slack = await both.links(marco)
    await both.later(minutes=5)
    await marco.says("/home")
    await both.later(hours=12, minutes=55)
    await published(giulia)
    await both.later(hours=9)
    await on_slack.says("/home")
    await both.later(minutes=45)
    on_slack.sees(TITLE)
    marco.sees_nothing_of(TITLE)


async def test_where_the_platform_they_want_is_lost_the_other_is_used(both: TwoPlatformCommunity) -> None:
    giulia = await both.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await both.member("Marco Colombani")
    on_slack = await both.links(marco)
    await on_slack.sends_action("prefs.write:telegram")
    await marco.blocks_bot()
    await published(giulia)
    await both.later(minutes=1)
    on_slack.sees(TITLE)


async def test_one_platform_only_means_no_second_ping(both: TwoPlatformCommunity) -> None:
    giulia = await both.member("Giulia Ferrandi", roles=(Role.OWNER,))
    marco = await both.member("Marco Colombani")
    on_slack = await both.links(marco)
    event = await published(giulia, **TOMORROW)
    await marco.sends_action(f"event.rsvp:{event}:going")
    await marco.sends_action("prefs.write:telegram")
    await both.later(minutes=5)
    await giulia.sends_action(f"event.cancel:{event}")
    await giulia.fills({giulia.t("Why?"): "Guasto."})
    for _ in range(3):
        await both.later(minutes=16)
    on_slack.sees_nothing_of(again(on_slack, "Telegram"))
    repeated = await rows_to(both, marco, "second_ping")
    assert [(one.state, one.failure) for one in repeated] == [
        (OutboxState.SKIPPED, "its reader wants one platform only")
    ]


async def test_a_second_ping_waits_for_the_morning_too(both: TwoPlatformCommunity) -> None:
    """Cancelled at ten to nine in the evening and not read: at five past nine it is quiet, and it can wait."""
    giulia = await both.member("Giulia Ferrandi", roles=(Role.OWNER,))
    marco = await both.member("Marco Colombani")
    on_slack = await both.links(marco)
    event = await published(giulia, **TOMORROW)
    await both.later(minutes=5)
    await marco.sends_action(f"event.rsvp:{event}:going")
    await both.later(hours=11, minutes=45)
    await giulia.sends_action(f"event.cancel:{event}")
    await giulia.fills({giulia.t("Why?"): "Guasto."})
    await both.later(minutes=16)
    on_slack.sees_nothing_of(again(on_slack, "Telegram"))
    repeated = await rows_to(both, marco, "second_ping")
    assert {(one.state, one.failure) for one in repeated} == {(OutboxState.QUEUED, IN_QUIET_HOURS)}
    await both.later(hours=10, minutes=30)
    on_slack.sees(again(on_slack, "Telegram"))
