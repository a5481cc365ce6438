"""What is said in the community's channel becomes a post, posts show themselves there, and the open feed."""

import xml.etree.ElementTree as ET

import aiohttp
import pytest
from sqlalchemy import select

from bot.serving import public_feed
from bot.web.feed import ATOM
from bot.web.server import WebServer, build_web
from handlers.conversation.context import Channel
from storage.enums import Platform, PostStatus, Role
from storage.models import Post
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import SlackPerson, TelegramPerson
from tests.journeys.test_posts import BODY, TITLE, newest, shares

SAID = "Il saggio regge anche a 40 gradi: ecco la tabella."


async def test_a_group_message_becomes_a_post(community: CommunityUnderTest) -> None:
    """With its file and a word about whose it is; the form comes in private, and nobody reads it in the group."""
    if community.platform is Platform.WEB:
        pytest.skip("nobody writes files into the web chat's community room")
    anna = await community.member("Anna Autrice", roles=(Role.MODERATOR,))
    marco = await community.member("Marco Colombani")
    outsider = await community.stranger("Zeno")
    if isinstance(anna, TelegramPerson):
        group = community.telegram_group
        assert isinstance(marco, TelegramPerson)
        assert isinstance(outsider, TelegramPerson)
        for one in (anna, marco, outsider):
            group.joins(one.user)
        said = marco.user.sends_document("tabella.csv", b"40;ok\n", "text/csv", chat=group, caption=SAID)
        outsider.user.says("/share", chat=group, reply_to=said)
        anna.user.says("/share", chat=group, reply_to=said)
        await community.settle()
        await anna.says("Un saggio a 40 gradi")
        await anna.presses("Buona pratica")
        await anna.presses("Basta così")
        anna.sees("tabella.csv", SAID)
        await anna.presses("Invia")
    else:
        assert isinstance(anna, SlackPerson)
        assert isinstance(marco, SlackPerson)
        assert isinstance(outsider, SlackPerson)
        channel = community.slack_channel
        for person in (anna, marco, outsider):
            channel.members.add(person.user.id)
        said_there = await marco.user.uploads_file("tabella.csv", b"40;ok\n", channel=channel, text=SAID)
        await outsider.user.message_shortcut("share", said_there)
        await anna.user.message_shortcut("share", said_there)
        await community.settle()
        await anna.fills({"Titolo": "Un saggio a 40 gradi", "Che tipo di post è?": "Buona pratica"})
    anna.sees("Condividi parole di Marco Colombani")
    post = await newest(community)
    assert (post.title, post.body, post.author_id) == ("Un saggio a 40 gradi", SAID, anna.id)
    assert post.attachment["name"] == "tabella.csv"
    await marco.sends_action(f"post.file:{post.id}")
    assert await marco.downloads() == b"40;ok\n"
    async with community.app.database.reading() as session:
        assert len((await session.execute(select(Post))).all()) == 1, "an outsider shares nothing"


async def test_a_sector_has_a_channel_of_its_own(community: CommunityUnderTest) -> None:
    """Its posts are shown there and not in the other one; all other posts where they always are."""
    if community.platform is not Platform.SLACK:
        pytest.skip("on Telegram a topic of the same group; see the next one")
    from tests.standins.slack import SlackServer

    server = community.server
    assert isinstance(server, SlackServer)
    own = server.channel("ict", members=[], bot=True)
    account = community.app.adapters[0].account
    community.app.community.sector_channels["ict"] = [Channel(Platform.SLACK, account, own.id)]
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    await shares(sara, sector="ICT per la salute")
    await shares(sara, title="Contratti quadro", body="Bastano quattro clausole.")
    shown = "".join(message.seen for message in own.messages)
    assert TITLE in shown
    assert "Contratti quadro" not in shown
    assert TITLE not in "".join(community.channel_texts())
    assert "Contratti quadro" in "".join(community.channel_texts())
    post = await newest(community)
    await sara.sends_action(f"post.edit:{post.id}")
    await sara.fills({"Settore": "ICT per la salute"})
    assert "".join(message.seen for message in own.messages).count("Contratti quadro") == 0, "it stays where it is"
    assert "".join(community.channel_texts()).count("Contratti quadro") == 1


def test_where_sectors_go_by_the_settings(sqlite_url: str) -> None:
    from bot.app import Application
    from bot.config import Settings
    from handlers.conversation.clock import SystemClock

    settings = Settings.model_validate(
        {
            "database": {"url": sqlite_url},
            "telegram": {"community_chat": "-100", "sector_topics": {"ict": 12}},
            "slack": {"sector_channels": {"pharma": "C1"}},
        }
    )
    app = Application(settings, clock=SystemClock(), adapters=[])
    assert app._sector_channels(Platform.TELEGRAM, "-100") == {"ict": ("-100", "12")}
    assert app._sector_channels(Platform.TELEGRAM, "") == {}
    assert app._sector_channels(Platform.SLACK, "") == {"pharma": ("C1", "")}
    assert app._sector_channels(Platform.WEB, "community") == {}


async def test_the_open_feed(web_community: CommunityUnderTest) -> None:
    """Only what its author shares with everybody, with stable ids; unchanged it is not sent again, removed it goes."""
    community = web_community
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,))
    await shares(sara, readers="Tutti, anche fuori dalla comunità", topics="MDR, dati")
    await shares(sara, title="Contratti quadro", body="Bastano quattro clausole.")
    app = community.app
    server = WebServer(build_web(app, extra_routes=[public_feed(app)]), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{await server.start()}/feed.atom"
    try:
        async with aiohttp.ClientSession() as reader:
            async with reader.get(url) as answer:
                assert answer.headers["content-type"].startswith("application/atom+xml")
                tag, document = answer.headers["etag"], await answer.read()
            feed = ET.fromstring(document)
            entries = feed.findall(f"{{{ATOM}}}entry")
            (entry,) = entries
            assert _of(entry, "title") == TITLE
            assert _of(entry, "content") == BODY
            assert _of(entry, "author/name".replace("/", f"/{{{ATOM}}}")) == "Sara Bonavita, Istituto di Prova"
            assert [one.get("term") for one in entry.findall(f"{{{ATOM}}}category")] == ["practice", "MDR", "dati"]
            assert _of(entry, "id").startswith("tag:")
            async with reader.get(url, headers={"If-None-Match": tag}) as answer:
                assert answer.status == 304
            first = _of(entry, "id")
            await community.later(hours=1)
            async with app.database.reading() as session:
                public = (await session.execute(select(Post).where(Post.title == TITLE))).scalar_one()
            await sara.sends_action(f"post.edit:{public.id}")
            await sara.fills({"Titolo": "Bioreattori & <b>lavabili</b>"})
            async with reader.get(url, headers={"If-None-Match": tag}) as answer:
                assert answer.status == 200
                (changed,) = ET.fromstring(await answer.read()).findall(f"{{{ATOM}}}entry")
            assert (_of(changed, "id"), _of(changed, "title")) == (first, "Bioreattori & <b>lavabili</b>")
            assert _of(changed, "updated") > _of(changed, "published")
            await sara.sends_action(f"post.drop:{public.id}")
            async with reader.get(url) as answer:
                assert ET.fromstring(await answer.read()).findall(f"{{{ATOM}}}entry") == []
    finally:
        await server.stop()
    async with app.database.reading() as session:
        assert (await session.get_one(Post, public.id)).status is PostStatus.REMOVED


def _of(entry: ET.Element, path: str) -> str:
    found = entry.find(f"{{{ATOM}}}{path}")
    assert found is not None
    return found.text or ""
