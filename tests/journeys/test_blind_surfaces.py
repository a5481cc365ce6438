"""Every surface on which a post is shown, found, told or handed over: of a blind one none says whose it is."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.web.feed import AtomFeed
from handlers.conversation.acting import mark
from storage.enums import Locale, Platform, Role, SubjectKind, TopicLevel
from storage.models import AuditEntry, OutboxMessage, Person, PersonSector, SearchEntry, Sector
from storage.post_topics import topic_of_author, topic_of_organisation, topic_of_word
from storage.queries.posts import public_posts
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_blind_posts import AUTHOR, HOUSE, interests, is_interested, kind_for, shares_blind
from tests.journeys.test_directory import shows
from tests.journeys.test_following import follow
from tests.journeys.test_matches import kinds, offers
from tests.journeys.test_posts import post_values
from tests.journeys.test_roundups import EVERY_MONDAY, MONDAY, to
from tests.journeys.test_staff_acting import begins

TITLE, BODY = "Cerchiamo un liofilizzatore pilota", "Per un idrogel, sei settimane."
TELLING = (*AUTHOR.split(), HOUSE, "Arboreto")


@pytest.fixture
async def weekly(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path, digests=EVERY_MONDAY) as opened:
        await opened.vocabulary()
        await kinds(opened)
        yield opened


@pytest.fixture
async def weekly_web(database_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    async with CommunityUnderTest.open(Platform.WEB, database_url, tmp_path, digests=EVERY_MONDAY) as opened:
        await opened.vocabulary()
        await kinds(opened)
        yield opened


async def nothing_tells(community: CommunityUnderTest, *people: PersonDriver) -> None:
    """What these people see, what the channel shows, what the feed hands out, what waits to be sent to them."""
    for one in people:
        for word in TELLING:
            one.sees_nothing_of(word)
    for text in community.channel_texts():
        assert not any(word in text for word in TELLING), text
    async with community.app.database.reading() as session:
        feed = AtomFeed("Prova", Locale.ITALIAN, "https://prova.example").document(await public_posts(session, 50))
        rows = await session.execute(
            select(OutboxMessage).where(OutboxMessage.person_id.in_([one.id for one in people]))
        )
        queued = [json.dumps(row.data, default=str) for row in rows.scalars()]
    assert TITLE in feed.decode()
    assert not any(word in feed.decode() for word in TELLING)
    assert not any(word in text for word in TELLING for text in queued)


async def copy_of(community: CommunityUnderTest, person: PersonDriver) -> str:
    """All that the copy of somebody's data says."""
    await person.says("/mydata")
    await person.presses(person.t("Send me a copy"))
    await community.later(seconds=10)
    with zipfile.ZipFile(io.BytesIO(await person.downloads())) as packed:
        return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


async def walk(community: CommunityUnderTest) -> None:
    async with community.app.database.reading() as session:
        pharma = (await session.execute(select(Sector.id).where(Sector.key == "pharma"))).scalar_one()
    author = await community.member(AUTHOR, organisation=HOUSE, roles=(Role.MODERATOR,))
    elena = await community.member("Elena Marchetti", organisation="Politecnico", roles=(Role.MODERATOR,))
    fan = await community.member("Fulvio Seguace", organisation="Due")
    reader = await community.member("Olga Altrove", organisation="Tre")
    james = await community.member("James Smith", organisation="Four", locale=Locale.ENGLISH)
    owner = await community.member("Ornella Capo", organisation="Segreteria", roles=(Role.OWNER, Role.STAFF))
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    everybody = (elena, fan, reader, james, owner, outsider)
    await follow(community, fan, topic_of_author(author.id), TopicLevel.NOW)

    async with community.app.database.writing() as session:
        of = (await session.get_one(Person, author.id)).organisation_id
        assert of is not None
        session.add(PersonSector(person_id=james.id, sector_id=pharma))
    await shows(community, author, "organisation")  # whoever looks for them by name finds them, and nothing blind
    await follow(community, fan, topic_of_organisation(of), TopicLevel.NOW)
    await follow(community, reader, topic_of_word("idrogeli"), TopicLevel.NOW)

    post = await shares_blind(
        author, title=TITLE, body=BODY, topics="idrogeli", sector="Farmaceutica e terapie avanzate",
        readers=author.t("Everybody, outside the community too"),
    )  # fmt: skip
    assert fan.count(TITLE) == 0, "who follows its author does not get it as theirs"
    reader.sees("Novità in Farmaceutica e terapie avanzate", TITLE, "Qualcuno del cluster")
    assert any(TITLE in text and "Qualcuno del cluster" in text for text in community.channel_texts())
    await nothing_tells(community, *everybody)

    # Read, listed, found.
    for one in everybody:
        await one.sends_action(f"post.open:{post}")
        await one.sends_action(f"post.history:{post}:0")
        await one.sends_action(f"follow.post:{post}")
        await one.says("/knowhow")
        await one.says("/search liofilizzatore pilota")
        await one.sends_action("post.mine:0")
    reader.sees(TITLE, "Qualcuno del cluster")
    james.sees(TITLE, "A member of the cluster")
    async with community.app.database.reading() as session:
        owners = (await session.execute(select(SearchEntry.owner_id).where(SearchEntry.kind == SubjectKind.POST))).all()
        assert [one for (one,) in owners] == [None]
        indexed = select(SearchEntry.title, SearchEntry.topics, SearchEntry.body)
        rows = (await session.execute(indexed.where(SearchEntry.kind != SubjectKind.PERSON))).all()
        assert not any(word.casefold()[:6] in " ".join(row) for row in rows for word in TELLING)
    await author.says("/myposts")
    author.sees(TITLE)
    for one, found in ((author, True), (reader, False)):
        await one.says("/search liofilizzatore pilota")
        await one.presses("Solo i miei")
        assert (TITLE in one.last.text) is found

    # Put aside, reminded, similar.
    await reader.sends_action(f"post.save:{post}:1")
    await reader.says("/saved")
    reader.sees(TITLE)
    await reader.sends_action(f"post.day:{post}:1")
    await fan.says("/share")
    await fan.fills(post_values(fan, title="Un liofilizzatore pilota cerchiamo", kind=kind_for(fan), body="Presto."))
    fan.sees("Qualcuno l'ha già scritto?", TITLE)
    await fan.says("/cancel")
    await nothing_tells(community, *everybody)

    # Answers, also its author's own.
    await reader.sends_action(f"post.answer:{post}")
    await reader.fills({author.t("Your answer"): "Ne ha uno il Politecnico."})
    author.sees("Olga Altrove", TITLE)
    await author.sends_action(f"post.answer:{post}")
    await author.fills({author.t("Your answer"): "Grazie, lo sapevo."})
    for one in everybody:
        await one.sends_action(f"post.open:{post}")
        await one.sends_action(f"post.answers:{post}:0")
        await one.sends_action("answer.open:2")
        await one.says("/search lo sapevo")
    reader.sees("Chi ha scritto il post", "Grazie, lo sapevo.")
    await nothing_tells(community, *everybody)

    # Matches: who offers reads no name and can say that they are interested.
    await offers(elena, "Liofilizzatore pilota libero sei settimane", "Da mezzo metro quadro.")
    await community.later(minutes=2)
    told = elena.sees("Qualcuno cerca quello che offri", TITLE, "Qualcuno del cluster")
    assert "Mi interessa" in told.buttons
    assert elena.t("Ask for an introduction") not in told.buttons
    await elena.says("/matches")
    author.sees("Qualcuno offre quello che cerchi", "Elena Marchetti")

    # Reported, looked at by the staff, written into the log.
    for what in (f"post.report:{post}", "answer.report:2"):
        await reader.sends_action(what)
        await reader.fills({reader.t("What is wrong?"): "Non capisco chi sia."})
    owner.sees("Qualcuno del cluster", TITLE)
    for asked in ("/inbox", "/review", "/audit", "/attention", "/digest", "/home"):
        await owner.says(asked)
    await owner.sends_action(f"post.review:{post}")
    await begins(owner, AUTHOR)
    before = len(owner.messages())
    for asked in ("/myposts", "/matches"):
        await owner.says(asked)
        assert TITLE not in owner.last.text, asked
    await owner.says("/search liofilizzatore pilota")
    await owner.presses("Solo i miei")
    assert TITLE not in owner.last.text
    for action in (f"post.open:{post}", "answer.open:2", "post.mine:0"):
        await owner.sends_action(mark(action, 1))
        assert "Stai agendo per" in owner.last.text
        for seen in owner.messages()[before:]:
            assert not {"Modifica", "Elimina", "Chiudi", "Metti il mio nome"} & {*seen.buttons}, seen
    await owner.presses("Smetti di agire")
    async with community.app.database.reading() as session:
        log = (await session.execute(select(AuditEntry.by_person_id, AuditEntry.subject_id))).all()
    assert (author.id, post) not in [tuple(row) for row in log]
    rest = (elena, fan, reader, james, outsider)  # the owner chose the author's name to act for them
    await nothing_tells(community, *rest)

    # Days go by: reminders, digests, the week in the channel and for the staff.
    await to(community, MONDAY)
    await community.tick()
    await community.later(hours=2)
    assert any("La settimana della community" in text and TITLE in text for text in community.channel_texts())
    for one in (fan, reader, james):
        await one.sends_action("digest.now")
    reader.sees(TITLE)
    await nothing_tells(community, *rest)

    # Both say yes: these two see the names, and nobody else does.
    elena_told = elena.count(TITLE)
    await elena.presses("Mi interessa", within="Qualcuno cerca quello che offri")
    await elena.fills(
        {
            elena.t("Who are you, without your name?"): "Un ateneo",
            elena.t("How may they reach you?"): "elena@example.org",
        }
    )
    await is_interested(james, post, about="A company", message=None)
    await nothing_tells(community, *rest)
    await author.presses("Sì, presentaci", within="Un ateneo")
    await author.fills({author.t("How may they reach you?"): "l@example.org"})
    assert elena.count(TITLE) > elena_told
    elena.sees(f"{AUTHOR}, {HOUSE}")
    author.sees("Elena Marchetti, Politecnico")
    author.sees_nothing_of("James")
    assert len(await interests(community)) == 2
    await author.sends_action("solved.by:1")
    reader.sees("Qualcuno del cluster", TITLE)
    await community.later(minutes=2)
    james.sees("Nothing came of your interest")
    await nothing_tells(community, fan, reader, james, outsider)
    for one in (reader, james):
        said = await copy_of(community, one)
        assert TITLE in said
        assert not any(word in said for word in TELLING)
    await reader.says("/search Pervincari")
    assert TITLE not in reader.last.text


async def test_no_surface_says_whose_it_is(weekly: CommunityUnderTest) -> None:
    await walk(weekly)


async def test_on_both_databases(weekly_web: CommunityUnderTest) -> None:
    await walk(weekly_web)
