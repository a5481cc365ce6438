"""Once a week the community's news in its channel, and to the staff what needs them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.roundups.jobs import weeks_due
from storage.enums import (
    Locale,
    MeetingStatus,
    MissionStatus,
    OutboxState,
    PartyAnswer,
    PersonStatus,
    Platform,
    PostStatus,
    Role,
)
from storage.models import CommunityEvent, Meeting, MeetingParty, Mission, OutboxMessage, Post, PostAnswer, PostKind
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_digest_lines import event, post
from tests.journeys.test_my_data import erases

MONDAY = datetime.fromisoformat("2018-04-09T07:00+00:00")
"""09:00 in Rome."""
EVERY_MONDAY: dict[str, object] = {"channel_day": "monday", "staff_day": "monday", "staff_hour": 10}


@pytest.fixture
async def weekly(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """Every platform in turn, with both roundups on Mondays."""
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path, digests=EVERY_MONDAY) as opened:
        await opened.vocabulary()
        yield opened


@pytest.fixture
async def weekly_web(database_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """The web chat on each database in turn."""
    async with CommunityUnderTest.open(Platform.WEB, database_url, tmp_path, digests=EVERY_MONDAY) as opened:
        await opened.vocabulary()
        yield opened


async def to(community: CommunityUnderTest, moment: datetime) -> None:
    await community.later(seconds=(moment - community.clock.now()).total_seconds())


async def weeks(community: CommunityUnderTest) -> list[OutboxMessage]:
    async with community.app.database.reading() as session:
        rows = select(OutboxMessage).where(OutboxMessage.card.startswith("week:"))
        return list((await session.execute(rows)).scalars())


async def test_the_week_comes_to_the_channel_once(weekly: CommunityUnderTest) -> None:
    community = weekly
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    outsider = await community.stranger("Zeno")
    await post(community, sara, "Celle in nove giorni", days=-1)
    await post(community, sara, "Vecchio", days=40)
    await post(community, sara, "Da approvare", days=-1, status=PostStatus.PENDING)
    await event(community, "Lontano")
    await to(community, MONDAY - timedelta(minutes=1))
    assert not any("La settimana" in text for text in community.channel_texts())
    await to(community, MONDAY)
    await community.tick()
    texts = [text for text in community.channel_texts() if "La settimana della community" in text]
    assert len(texts) == 1
    assert "Celle in nove giorni" in texts[0]
    for absent in ("Vecchio", "Da approvare", "Lontano"):
        assert absent not in texts[0]
    await marco.says("/home")
    await marco.sends_action("digest.go:post.open:1")
    marco.sees("Testo.")
    await outsider.says("/start")
    await outsider.sends_action("digest.go:post.open:1")
    outsider.sees_nothing_of("Testo.")
    await community.later(days=7)
    shown = [text for text in community.channel_texts() if "La settimana della community" in text]
    assert len(shown) == 2, "the event comes nearer"
    assert "Lontano" in shown[1]
    assert "Celle" not in shown[1]


async def test_an_empty_week_says_nothing(weekly_web: CommunityUnderTest) -> None:
    community = weekly_web
    sara = await community.member("Sara Bonavita")
    await post(community, sara, "Vecchio", days=40)
    await to(community, MONDAY)
    # What is published after the moment belongs to the next week, even while the last one could be caught up with.
    await post(community, sara, "Dopo", days=0)
    await community.later(hours=5)
    assert await weeks(community) == []
    await to(community, MONDAY + timedelta(days=7))
    assert len(await weeks(community)) == 1


async def test_processes_and_stops_make_neither_two_nor_none(
    weekly_web: CommunityUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    community = weekly_web
    sara = await community.member("Sara Bonavita")
    await post(community, sara, "Celle", days=-1)
    app = community.app
    community.clock.advance(MONDAY + timedelta(days=3) - community.clock.now())

    async def killed(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("handlers.roundups.jobs.post_card", killed)
        with pytest.raises(RuntimeError, match="killed"):
            await weeks_due(app.database, app.community, app.clock)
    assert await weeks(community) == []
    await asyncio.gather(*(weeks_due(app.database, app.community, app.clock) for _ in range(6)))
    await community.tick()
    assert len(await weeks(community)) == 1, "three days late, and once"


async def needs_attention(community: CommunityUnderTest, author: PersonDriver, silent: PersonDriver) -> None:
    """A post to review, a silent delegate, a failed message and a question without an answer."""
    now = community.clock.now()
    await post(community, author, "Da guardare", days=0, status=PostStatus.PENDING)
    async with community.app.database.writing() as session:
        question = (await session.execute(select(PostKind.id).where(PostKind.key == "question"))).scalar_one()
        for name, answered in (("Chi ha una cappa?", False), ("Chi ha un tunnel?", True)):
            row = Post(
                author_id=author.id, kind_id=question, title=name, body="…", language=Locale.ITALIAN,
                status=PostStatus.PUBLISHED, created_at=now, published_at=now,
            )  # fmt: skip
            session.add(row)
            await session.flush()
            if answered:
                session.add(PostAnswer(post_id=row.id, author_id=silent.id, body="Io", created_at=now))
        mission = Mission(
            title="MIXiii", place="Tel Aviv", first_day=date(2018, 5, 14), last_day=date(2018, 5, 17),
            zone="Asia/Jerusalem", deadline=now - timedelta(days=1), status=MissionStatus.CLOSED, created_at=now,
        )  # fmt: skip
        session.add(mission)
        await session.flush()
        meeting = Meeting(mission_id=mission.id, status=MeetingStatus.SCHEDULED, created_at=now)
        session.add(meeting)
        await session.flush()
        session.add(MeetingParty(meeting_id=meeting.id, person_id=silent.id, answer=PartyAnswer.PENDING))
        session.add(MeetingParty(meeting_id=meeting.id, person_id=author.id, answer=PartyAnswer.YES))
        session.add(
            OutboxMessage(
                platform=community.platform,
                account="1",
                chat="x",
                person_id=silent.id,
                kind="digest",
                data={},
                priority="announcement",
                rank=2,
                state=OutboxState.FAILED,
                due_at=now,
                created_at=now,
                finished_at=now + timedelta(days=1),
            )
        )  # fmt: skip


@pytest.mark.parametrize("locale", list(Locale))
async def test_the_staff_get_what_needs_them_and_turn_it_off(weekly: CommunityUnderTest, locale: Locale) -> None:
    community = weekly
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), locale=locale)
    chiara = await community.member("Chiara Mezzabarbi", roles=(Role.MODERATOR,), locale=locale)
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    t = giulia.t
    await needs_attention(community, sara, marco)
    await to(community, MONDAY + timedelta(hours=1))
    await community.tick()
    giulia.sees(
        t("What needs you"),
        t(
            "{what}: {n}, the oldest {age}", what=t("Posts to review"), n="1",
            age="da 6 giorni" if locale is Locale.ITALIAN else "for 6 days",
        ),
        "MIXiii",
        "Chi ha una cappa?",
        "1 messaggio non è arrivato" if locale is Locale.ITALIAN else "1 message did not arrive",
    )  # fmt: skip
    giulia.sees_nothing_of("Chi ha un tunnel?")
    chiara.sees(t("What needs you"), "Chi ha una cappa?")
    chiara.sees_nothing_of("MIXiii")
    marco.sees_nothing_of(marco.t("What needs you"))

    await giulia.presses(t("Don't send it any more"))
    giulia.sees(t("It doesn't come by itself: you turned it off."))
    before = giulia.count(t("What needs you"))
    chiaras = chiara.count(t("What needs you"))
    await community.later(days=7)
    assert giulia.count(t("What needs you")) == before
    assert chiara.count(t("What needs you")) == chiaras + 1
    await giulia.says("/attention")
    await giulia.presses(t("Send it every week"))
    giulia.sees(t("It comes once a week."))


async def test_where_nothing_needs_them_nothing_comes(weekly_web: CommunityUnderTest) -> None:
    community = weekly_web
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await to(community, MONDAY + timedelta(hours=1))
    await community.tick()
    giulia.sees_nothing_of("Che cosa ti aspetta")
    await giulia.says("/attenzione")
    giulia.sees("Niente: è tutto deciso, risposto e consegnato.")


async def test_outsiders_see_nothing_of_it(weekly: CommunityUnderTest) -> None:
    community = weekly
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    shut_out = await community.member("Otto Fuori", status=PersonStatus.SUSPENDED, roles=(Role.STAFF,))
    stranger = await community.stranger("Zeno")
    await needs_attention(community, sara, marco)
    await to(community, MONDAY + timedelta(hours=1))
    await community.tick()
    for one in (marco, shut_out, stranger):
        await one.says("/attenzione")
        await one.sends_action("roundup.want:0")
        one.sees_nothing_of("Che cosa ti aspetta")
        one.sees_nothing_of("Da guardare")


async def test_the_posted_week_follows_what_it_names(weekly: CommunityUnderTest) -> None:
    """A title that was changed, a post that was taken away, an event that is off, an author who was erased."""
    community = weekly
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    zeno = await community.member("Zenobia Via")
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    celle = await post(community, sara, "Celle in nove giorni", days=-1)
    banco = await post(community, sara, "Banco da prestare", days=-1)
    await post(community, zeno, "Un tunnel per tutti", days=-1)
    await to(community, MONDAY)
    near = await event(community, "Aperitivo al parco")
    async with community.app.database.writing() as session:
        row = await session.get_one(CommunityEvent, near)
        row.starts_at, row.published_at = MONDAY + timedelta(days=4), MONDAY - timedelta(days=1)
        row.ends_at = row.starts_at + timedelta(hours=2)
    await community.tick()

    def week() -> str:
        (shown,) = [text for text in community.channel_texts() if "La settimana della community" in text]
        return shown

    for named in ("Celle in nove giorni", "Banco da prestare", "Un tunnel per tutti"):
        assert named in week()
    await sara.sends_action(f"post.edit:{celle}")
    await sara.fills({"Titolo": "Celle in otto giorni"})
    await community.tick()
    assert "Celle in otto giorni" in week()
    assert "nove" not in week()
    assert "Aperitivo al parco" in week()
    await sara.sends_action(f"post.drop:{banco}")
    await community.tick()
    assert "Banco" not in week()
    await giulia.sends_action(f"event.cancel:{near}")
    await giulia.fills({"Perché?": "Piove."})
    await community.tick()
    assert "Aperitivo" not in week()
    await erases(zeno, zeno.t("Erase me and my posts"))
    await community.tick()
    assert "tunnel" not in week()
    await sara.sends_action(f"post.drop:{celle}")
    await community.tick()
    assert not [text for text in community.channel_texts() if "La settimana della community" in text]
    assert any("Quello che c'era qui" in text for text in community.channel_texts()), "nothing is left to name"
