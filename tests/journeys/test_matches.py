"""An offer and a request that fit each other: both sides are told, with the reason, twice a week at most."""

import pytest
from sqlalchemy import select

from storage.enums import Locale, NoticeTopic, Role, TopicLevel
from storage.models import PersonBlock, PostKind, PostMatch
from storage.queries.preferences import set_level
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_posts import shares


async def kinds(community: CommunityUnderTest) -> None:
    """The two kinds that can fit each other, beside the others."""
    async with community.app.database.writing() as session:
        for place, (key, italian, english) in enumerate(
            (
                ("offer", "Offerta di tecnologia", "Technology offer"),
                ("request", "Richiesta di tecnologia", "Technology request"),
            ),
            10,
        ):
            session.add(PostKind(key=key, name_it=italian, name_en=english, position=place))


async def new(person: PersonDriver, **answers: str) -> None:
    """Share it, also where something similar is shown first."""
    await shares(person, **answers)
    mine = person.t("Mine is new: send it")
    if mine in person.last.buttons:
        await person.presses(mine)


async def offers(person: PersonDriver, title: str, body: str = "Scrivetemi.", **more: str) -> None:
    kind = "Offerta di tecnologia" if person.locale is Locale.ITALIAN else "Technology offer"
    await new(person, title=title, body=body, kind=kind, **more)


async def seeks(person: PersonDriver, title: str, body: str = "Scrivetemi.", **more: str) -> None:
    kind = "Richiesta di tecnologia" if person.locale is Locale.ITALIAN else "Technology request"
    await new(person, title=title, body=body, kind=kind, **more)


async def pairs(community: CommunityUnderTest) -> list[PostMatch]:
    async with community.app.database.reading() as session:
        return list((await session.execute(select(PostMatch).order_by(PostMatch.id))).scalars())


@pytest.mark.parametrize("locale", list(Locale))
async def test_both_sides_are_told_and_why(community: CommunityUnderTest, locale: Locale) -> None:
    await kinds(community)
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,), locale=locale, organisation="Uno")
    marco = await community.member("Marco Colombani", roles=(Role.MODERATOR,), locale=locale, organisation="Due")
    olga = await community.member("Olga Altrove", locale=locale, organisation="Tre")
    outsider = await community.stranger("Zeno", locale=locale)
    await outsider.starts()
    t = sara.t
    await offers(sara, "Liofilizzatore pilota libero sei settimane", "Da mezzo metro quadro.")
    await seeks(marco, "Cerchiamo un liofilizzatore pilota", "Per un idrogel.")
    await community.later(minutes=2)
    sara.sees(t("Somebody seeks what you offer"), "Cerchiamo un liofilizzatore pilota", "Marco Colombani", "pilota")
    marco.sees(t("Somebody offers what you seek"), "Liofilizzatore pilota libero", "Sara Bonavita")
    olga.sees_nothing_of(t("Somebody offers what you seek"))
    await community.later(hours=1)
    assert marco.count(t("Somebody offers what you seek")) == 1, "told once"
    (pair,) = await pairs(community)
    for nosy in (olga, outsider):
        await nosy.sends_action(f"match.open:{pair.id}")
        await nosy.sends_action(f"match.no:{pair.id}")
        nosy.sees_nothing_of("Liofilizzatore pilota")
    assert (await pairs(community))[0].request_refused_at is None
    await marco.says("/matches")
    marco.sees(t("What fits what you offer and seek"), "Liofilizzatore pilota libero")
    await marco.presses(t("Nothing for me"), within=t("Somebody offers what you seek"))
    assert (await pairs(community))[0].request_refused_at is not None
    await marco.says("/matches")
    assert "Liofilizzatore pilota libero" not in marco.last.text
    await sara.says("/matches")
    sara.sees(t("What fits what you offer and seek"), "Cerchiamo un liofilizzatore pilota")


async def test_two_a_week_the_best_first_and_the_rest_later(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,), organisation="Uno")
    await seeks(sara, "Cerchiamo un liofilizzatore pilota")
    for number, more in enumerate(("a Pavia", "con colleghi", "per idrogel", "vicino a Lodi")):
        one = await community.member(f"Persona{number}", roles=(Role.MODERATOR,), organisation=f"Casa {number}")
        await offers(one, f"Liofilizzatore pilota {more}", "Sì.")
    await community.later(minutes=2)
    assert len(await pairs(community)) == 4
    assert sara.count("Qualcuno offre quello che cerchi") == 2
    await community.later(days=3)
    assert sara.count("Qualcuno offre quello che cerchi") == 2
    await community.later(days=5)
    assert sara.count("Qualcuno offre quello che cerchi") == 4


async def test_whom_nobody_is_told_of(web_community: CommunityUnderTest) -> None:
    """Colleagues, those who blocked each other, who may not read the post, and who wants none of it."""
    community = web_community
    await kinds(community)
    sara = await community.member("Sara Bonavita", roles=(Role.STAFF,), organisation="Uno")
    colleague = await community.member("Carla Collega", roles=(Role.MODERATOR,), organisation="Uno")
    blocked = await community.member("Bruno Bloccato", roles=(Role.MODERATOR,), organisation="Due")
    muted = await community.member("Mara Muta", roles=(Role.MODERATOR,), organisation="Tre")
    hidden = await community.member("Irma Interna", roles=(Role.STAFF,), organisation="Quattro")
    now = community.clock.now()
    async with community.app.database.writing() as session:
        session.add(PersonBlock(person_id=sara.id, blocked_id=blocked.id, at=now))
        await set_level(session, muted.id, NoticeTopic.MATCHES, TopicLevel.MUTED, now)
    await offers(sara, "Liofilizzatore pilota libero")
    for number, one in enumerate((colleague, blocked, muted)):
        await seeks(one, f"Serve un liofilizzatore pilota {number}", "Presto.")
    await seeks(hidden, "Liofilizzatore pilota urgente", readers="La segreteria")
    await community.later(minutes=3)
    for one in (colleague, blocked, muted):
        one.sees_nothing_of("Qualcuno offre quello che cerchi")
    assert sara.count("Qualcuno cerca quello che offri") == 2, "of Mara's and of the staff's own"
    hidden.sees("Qualcuno offre quello che cerchi")


async def test_what_has_little_in_common_is_no_pair(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    sara = await community.member("Sara Bonavita", roles=(Role.MODERATOR,), organisation="Uno")
    marco = await community.member("Marco Colombani", roles=(Role.MODERATOR,), organisation="Due")
    await offers(sara, "Liofilizzatore pilota libero", "A Pavia.")
    await seeks(marco, "Cerchiamo sieri per la sepsi", "A Pavia, con un pilota.")
    await community.later(minutes=2)
    assert await pairs(community) == []
