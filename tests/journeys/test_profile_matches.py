"""What members write in their profiles that they offer and seek: pairs of it, told to both, as far as they show it."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from storage.enums import ConsentPurpose, Locale, PersonStatus, PostVisibility, Role
from storage.models import (
    Consent,
    Introduction,
    MatchRefusal,
    Person,
    PersonBlock,
    Post,
    PostMatch,
    ProfileCompared,
    ProfileMatch,
)
from storage.personal.terms import Whose
from storage.queries import directory
from storage.queries.erasure import erase
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_blind_posts import AUTHOR, HOUSE, shares_blind
from tests.journeys.test_experts import writes
from tests.journeys.test_matches import kinds

DRYER = "Liofilizzatore pilota per idrogel e proteine."
WANTED = "Cerco un liofilizzatore pilota per un idrogel. Partner clinici a Brescia."


async def consents(
    community: CommunityUnderTest, who: PersonDriver, *, given: bool, version: str = directory.POINTED_OUT_SINCE
) -> None:
    async with community.app.database.writing() as session:
        session.add(
            Consent(
                person_id=who.id, purpose=ConsentPurpose.DIRECTORY, given=given, text_version=version,
                locale=who.locale, platform=community.platform, at=community.clock.now(),
            )
        )  # fmt: skip


async def writes_profile(community: CommunityUnderTest, who: PersonDriver, **said: str) -> None:
    """What they offer and seek, without a word on who may see it."""
    async with community.app.database.writing() as session:
        person = await session.get_one(Person, who.id)
        for name, text in said.items():
            setattr(person, name, text)


async def shows(community: CommunityUnderTest, who: PersonDriver, **said: str) -> None:
    """They allow the directory and show there what they offer and seek."""
    await writes_profile(community, who, **said)
    await consents(community, who, given=True)
    async with community.app.database.writing() as session:
        (await directory.change_entry(session, who.id, community.clock.now())).shows_offers = True


async def test_who_agreed_to_an_earlier_text_is_pointed_out_only_after_the_new_one(
    community: CommunityUnderTest,
) -> None:
    sara, chiara = await two(community)
    await consents(community, chiara, given=True, version="2018-04")
    await community.later(minutes=2)
    assert offered(sara) == sought(chiara) == 0
    assert not await pairs(community)
    # In the directory they are as before: the earlier text said so.
    await sara.says(f"/find {DRYER.split()[0]}")
    sara.sees("Chiara Rossi")

    t = chiara.t
    await chiara.says("/privacy")
    await chiara.presses(t("Agree to the new text: {what}", what=t("directory")))
    chiara.told(t("Noted: you allow it."))
    await community.later(minutes=2)
    assert offered(sara) == sought(chiara) == 1


async def pairs(community: CommunityUnderTest) -> Sequence[ProfileMatch]:
    async with community.app.database.reading() as session:
        return (await session.execute(select(ProfileMatch).order_by(ProfileMatch.id))).scalars().all()


async def two(community: CommunityUnderTest, locale: Locale = Locale.ITALIAN) -> tuple[PersonDriver, PersonDriver]:
    """Sara seeks what Chiara offers; both show it."""
    sara = await community.member("Sara Bonavita", locale=locale, organisation="Uno")
    chiara = await community.member("Chiara Rossi", locale=locale, organisation="Politecnico")
    await shows(community, sara, seeks=WANTED)
    await shows(community, chiara, offers=DRYER)
    return sara, chiara


def offered(who: PersonDriver) -> int:
    """How often they were told that somebody offers what they seek."""
    return who.count(who.t("Somebody offers what you seek"))


def sought(who: PersonDriver) -> int:
    """How often they were told that somebody seeks what they offer."""
    return who.count(who.t("Somebody seeks what you offer"))


@pytest.mark.parametrize("locale", list(Locale))
async def test_two_profiles_that_fit_are_told_and_introduced(community: CommunityUnderTest, locale: Locale) -> None:
    sara, chiara = await two(community, locale)
    olga = await community.member("Olga Altrove", locale=locale, organisation="Tre")
    outsider = await community.stranger("Zeno", locale=locale)
    await outsider.starts()
    await community.later(minutes=2)
    t = sara.t
    words = "liofilizzatore pilota, idrogel"
    theirs = "Liofilizzatore pilota, idrogel"
    sara.sees(t("You seek {mine}; {who} offers {theirs}.", mine=words, who="Chiara Rossi, Politecnico", theirs=theirs))
    chiara.sees(t("You offer {mine}; {who} seeks {theirs}.", mine=theirs, who="Sara Bonavita, Uno", theirs=words))
    await community.later(hours=1)
    assert offered(sara) == sought(chiara) == 1, "told once"
    assert offered(olga) == sought(olga) == offered(chiara) == sought(sara) == 0

    (pair,) = await pairs(community)
    for nosy in (olga, outsider):
        await nosy.sends_action(f"match.see:{pair.id}")
        await nosy.sends_action(f"match.pass:{pair.id}")
        nosy.sees_nothing_of("Liofilizzatore pilota")
    (pair,) = await pairs(community)
    assert pair.seeker_refused_at is pair.offerer_refused_at is None

    await sara.presses(t("See the profile"))
    sara.sees("Chiara Rossi", DRYER)
    await sara.presses(t("Ask for an introduction"), within=t("Somebody offers what you seek"))
    await sara.fills(
        {t("Why would you like to meet?"): "Per il liofilizzatore", t("How may they reach you?"): "sara@uno.example"}
    )
    chiara.sees("Per il liofilizzatore")
    async with community.app.database.reading() as session:
        (asked,) = (await session.execute(select(Introduction))).scalars()
    assert (asked.asker_id, asked.asked_id) == (sara.id, chiara.id), "it happens when both say yes"


async def test_a_post_and_a_profile_that_fit(community: CommunityUnderTest) -> None:
    await kinds(community)
    sara = await community.member("Sara Bonavita", organisation="Uno")
    james = await community.member("James Smith", locale=Locale.ENGLISH, organisation="Due")
    chiara = await community.member("Chiara Rossi", organisation="Tre")
    await shows(community, james, offers="Pilot freeze dryer, hydrogel formulation and sterile filling.")
    await shows(community, chiara, seeks="Sequenziamento nanopore su campioni di sepsi.")
    await writes(community, sara, "Hydrogel formulation e sterile filling", kind="request", body="Da giugno.")
    await writes(community, sara, "Sequenziamento nanopore", kind="offer", body="Campioni di sepsi in tre giorni.")
    await community.later(minutes=2)
    james.sees("Somebody seeks what you offer", "Sara Bonavita, Uno seeks Hydrogel formulation", "sterile filling")
    chiara.sees("Qualcuno offre quello che cerchi", "Sara Bonavita, Uno offre Sequenziamento nanopore")
    sara.sees("Tu cerchi Hydrogel formulation, sterile filling; James Smith, Due offre")
    sara.sees("Tu offri Sequenziamento nanopore, Campioni, sepsi; Chiara Rossi, Tre cerca")
    assert "Ask for an introduction" not in " ".join(james.last.buttons), "Sara is not in the directory"
    await james.presses("See the post")
    james.sees("Da giugno.")
    await sara.presses("Vedi il profilo", within="James Smith")
    sara.sees("Pilot freeze dryer")


async def test_only_what_is_shown_to_the_other_is_compared(web_community: CommunityUnderTest) -> None:
    """Not who did not allow it or hides it, no colleague, nobody blocked or suspended, nobody shut out of a post."""
    community = web_community
    await kinds(community)
    chiara = await community.member("Chiara Rossi", organisation="Politecnico")
    await shows(community, chiara, offers=DRYER)
    names = ("Rita Riservata", "Nora Nasconde", "Carla Collega", "Bruno Bloccato", "Bice Blocca", "Sergio Sospeso")
    people = [await community.member(name, organisation="Politecnico" if "Collega" in name else name) for name in names]
    silent, hides, _, blocked, blocks, suspended = people
    for one in people:
        await shows(community, one, seeks=WANTED)
    await consents(community, silent, given=False)
    async with community.app.database.writing() as session:
        (await directory.change_entry(session, hides.id, community.clock.now())).shows_offers = False
        session.add(PersonBlock(person_id=chiara.id, blocked_id=blocked.id, at=community.clock.now()))
        session.add(PersonBlock(person_id=blocks.id, blocked_id=chiara.id, at=community.clock.now()))
        (await session.get_one(Person, suspended.id)).status = PersonStatus.SUSPENDED
    staff = await community.member("Irma Interna", roles=(Role.STAFF,), organisation="Quattro")
    secret = await writes(community, staff, "Liofilizzatore pilota per idrogel", kind="request")
    async with community.app.database.writing() as session:
        (await session.get_one(Post, secret)).visibility = PostVisibility.STAFF
    await community.later(minutes=3)
    assert await pairs(community) == []
    assert sought(chiara) == 0
    assert [offered(one) for one in people] == [0] * len(people)

    await consents(community, silent, given=True)
    await community.later(minutes=2)
    assert offered(silent) == sought(chiara) == 1, "what is allowed anew is compared anew"


async def test_what_is_taken_back_is_gone_at_once_and_not_told_twice(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara, chiara = await two(community)
    luca = await community.member("Luca Terzo", organisation="Tre")
    await community.later(minutes=2)
    await shows(community, luca, seeks="Liofilizzatore pilota, proteine")
    async with community.app.database.writing() as session:
        session.add(ProfileMatch(
            key="untold", seeker_id=luca.id, offerer_id=chiara.id, percent=80, words=["liofilizzatore"],
            found_at=community.clock.now(),
        ))  # fmt: skip
    await consents(community, chiara, given=False)
    (left,) = await pairs(community)
    assert (left.seeker_id, left.percent, left.words) == (sara.id, 0, []), "that they were told, and nothing else"
    await sara.sends_action(f"match.see:{left.id}")
    sara.told("Questo abbinamento non c'è più.")
    await sara.says("/matches")
    sara.told("Ancora niente.")
    await consents(community, chiara, given=True)
    await community.later(days=8)
    assert offered(sara) == 1, "told of Chiara already"
    assert offered(luca) == 1
    await sara.says("/matches")
    sara.sees("Che cosa combacia", "Chiara Rossi, Politecnico")
    await writes_profile(community, chiara, offers="Consulenza regolatoria.")
    await community.later(minutes=2)
    assert {one.percent for one in await pairs(community)} == {0}


async def test_the_same_pair_again_only_after_three_months_and_for_something_new(
    web_community: CommunityUnderTest,
) -> None:
    community = web_community
    sara, chiara = await two(community)
    await community.later(minutes=2)
    await writes_profile(community, chiara, offers=f"{DRYER} Partner clinici a Brescia.")
    await community.later(minutes=2)
    assert (await pairs(community))[0].percent == 100
    await community.later(days=20)
    assert offered(sara) == sought(chiara) == 1, "not within three months, whatever the texts say"
    await community.later(days=80)
    assert offered(sara) == 1, "nothing new since"
    await writes_profile(community, sara, seeks="Cerco un liofilizzatore pilota per idrogel e proteine.")
    await writes_profile(community, chiara, offers="Liofilizzatore pilota, idrogel, proteine.")
    await community.later(minutes=2)
    assert offered(sara) == sought(chiara) == 2


async def test_two_a_week_of_all_kinds_together(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    sara = await community.member("Sara Bonavita", organisation="Uno")
    await shows(community, sara, seeks=WANTED)
    await writes(community, sara, "Cerchiamo un liofilizzatore pilota", kind="request")
    for number in range(2):
        one = await community.member(f"Profilo{number}", organisation=f"Profilo {number}")
        await shows(community, one, offers=f"Liofilizzatore pilota per idrogel, linea {number}.")
        other = await community.member(f"Autore{number}", organisation=f"Autore {number}")
        await writes(community, other, f"Liofilizzatore pilota libero {number}", kind="offer")
    await community.later(minutes=3)
    async with community.app.database.reading() as session:
        of_posts = len((await session.execute(select(PostMatch))).scalars().all())
    assert of_posts == 2
    assert len(await pairs(community)) == 6, "her profile with two profiles and two posts, her post with two profiles"
    assert offered(sara) == 2
    await community.later(days=6)
    assert offered(sara) == 2
    await community.later(days=2)
    assert offered(sara) == 4, "of each of the four once: the same words of the same person are not said twice"
    await community.later(days=8)
    assert offered(sara) == 4
    await sara.says("/matches")
    sara.sees("Che cosa combacia con quello che offri e cerchi", "Profilo0", "Autore1", "Liofilizzatore pilota libero")
    await sara.presses("Profilo1")
    sara.sees("Profilo1, Profilo 1 offre")


async def test_nothing_for_me_teaches(community: CommunityUnderTest) -> None:
    sara, chiara = await two(community)
    await community.later(minutes=2)
    await sara.presses("Non fa per me")
    sara.sees("Per tre mesi cercherò meno:", "liofilizzatore", "pilota", "idrogel")
    (pair,) = await pairs(community)
    await sara.sends_action(f"match.pass:{pair.id}")
    async with community.app.database.reading() as session:
        (refusal,) = (await session.execute(select(MatchRefusal))).scalars()
    assert (refusal.person_id, refusal.other_id) == (sara.id, chiara.id)

    # The same words from somebody else weigh less, for posts as for profiles; other words do not.
    await kinds(community)
    luca = await community.member("Luca Terzo", organisation="Tre")
    await shows(community, luca, offers="Liofilizzatore pilota, idrogel.")
    await writes(community, luca, "Liofilizzatore pilota per idrogel", kind="offer")
    mara = await community.member("Mara Quarta", organisation="Quattro")
    await shows(community, mara, offers="Partner clinici a Brescia e a Bergamo.")
    await community.later(minutes=2)
    assert offered(sara) == 1
    sara.sees_nothing_of("Luca")
    assert "Mara Quarta" in sara.last.text
    assert sought(luca) == 1, "to him it says as much as before"
    await sara.says("/matches")
    text = sara.last.text
    assert -1 < text.index("Mara Quarta") < text.index("Luca Terzo"), "last in the list, and there"
    assert "Chiara" not in text
    await community.later(days=95)
    sara.sees("Luca Terzo, Tre offre")


async def test_after_the_second_refusal_nothing_more_of_the_same_person(web_community: CommunityUnderTest) -> None:
    community = web_community
    await kinds(community)
    sara, chiara = await two(community)
    await writes(community, chiara, "Partner clinici a Brescia", kind="offer")
    await community.later(minutes=2)
    assert offered(sara) == 2
    for number, pair in enumerate(await pairs(community)):
        await sara.sends_action(f"match.pass:{pair.id}")
        assert ("Me l'avevi già detto per la stessa persona" in sara.last.text) is (number == 1)
    before = offered(sara)
    await writes(community, chiara, "Sequenziamento nanopore", kind="offer", body="Campioni di sepsi.")
    await writes(community, sara, "Cerchiamo sequenziamento nanopore", kind="request", body="Per la sepsi.")
    await writes(community, sara, "Liofilizzatore pilota per proteine", kind="request")
    await community.later(days=8)
    async with community.app.database.reading() as session:
        assert (await session.execute(select(PostMatch))).scalars().all(), "they fit"
    assert offered(sara) == before
    assert sought(chiara) == 2
    await sara.says("/matches")
    assert "Chiara" not in sara.last.text
    assert "nanopore" not in sara.last.text


async def test_an_erased_person_leaves_no_pair_and_no_lesson(web_community: CommunityUnderTest) -> None:
    community = web_community
    sara, chiara = await two(community)
    await community.later(minutes=2)
    (pair,) = await pairs(community)
    await sara.sends_action(f"match.pass:{pair.id}")
    async with community.app.database.writing() as session:
        await erase(session, Whose(chiara.id), "Chiara Rossi", keep_posts=True, now=community.clock.now())
    assert await pairs(community) == []
    async with community.app.database.reading() as session:
        assert (await session.execute(select(MatchRefusal))).scalars().all() == []
        compared = (await session.execute(select(ProfileCompared.person_id))).scalars().all()
    assert compared == [sara.id]


async def test_who_may_not_be_told_of_takes_nobodys_turn(web_community: CommunityUnderTest) -> None:
    """The two best pairs of posts are with somebody blocked: the third is told, at once."""
    community = web_community
    await kinds(community)
    sara = await community.member("Sara Bonavita", organisation="Uno")
    bruno = await community.member("Bruno Bloccato", organisation="Due")
    chiara = await community.member("Chiara Rossi", organisation="Tre")
    async with community.app.database.writing() as session:
        session.add(PersonBlock(person_id=bruno.id, blocked_id=sara.id, at=community.clock.now()))
    await writes(community, sara, "Sequenziamento nanopore sepsi", kind="request")
    for number in range(2):
        await writes(community, bruno, f"Sequenziamento nanopore sepsi {number}", kind="offer")
    await shows(community, chiara, offers="Sequenziamento nanopore.")
    await community.later(minutes=2)
    assert offered(sara) == 1
    assert "Chiara Rossi" in sara.last.text


async def test_a_post_fits_old_ones_too(web_community: CommunityUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the newest, which are all compared, the index names what may fit."""
    community = web_community
    await kinds(community)
    sara = await community.member("Sara Bonavita", organisation="Uno")
    bruno = await community.member("Bruno Neri", organisation="Due")
    monkeypatch.setattr("storage.queries.matching.MOST_COMPARED", 1)
    old = await writes(community, bruno, "Sequenziamento nanopore", kind="offer")
    await community.later(minutes=2)
    await writes(community, bruno, "Riempimento sterile", kind="offer")
    await community.later(minutes=2)
    await writes(community, sara, "Cerchiamo sequenziamento nanopore", kind="request")
    await community.later(minutes=2)
    async with community.app.database.reading() as session:
        (match,) = (await session.execute(select(PostMatch))).scalars()
    assert match.offer_id == old


async def test_a_post_without_a_name_fits_a_profile(community: CommunityUnderTest) -> None:
    """Its reader is told without a name; neither a block nor a refusal says whose it is."""
    await kinds(community)
    author = await community.member(AUTHOR, roles=(Role.MODERATOR,), organisation=HOUSE)
    chiara = await community.member("Chiara Rossi", organisation="Politecnico")
    await shows(community, chiara, offers=DRYER)
    await shares_blind(author, title="Cerchiamo un liofilizzatore pilota", body="Per un idrogel, sei settimane.")
    await community.later(minutes=2)
    author.sees("Chiara Rossi, Politecnico")
    told = chiara.sees(chiara.t("Somebody seeks what you offer"), "Qualcuno del cluster")
    assert chiara.t("I'm interested") in told.buttons
    assert chiara.t("Ask for an introduction") not in told.buttons
    async with community.app.database.writing() as session:
        session.add(PersonBlock(person_id=chiara.id, blocked_id=author.id, at=community.clock.now()))
        for number in (1, 2):  # pairs under the author's name, refused before
            session.add(
                MatchRefusal(
                    person_id=chiara.id, other_id=author.id, pair=f"post:{number}", words=[], at=community.clock.now()
                )
            )
    await chiara.says("/matches")
    assert "Cerchiamo un liofilizzatore pilota" in chiara.last.text
    await chiara.presses(chiara.t("Nothing for me"), within=chiara.t("Somebody seeks what you offer"))
    chiara.sees("Per tre mesi")
    chiara.sees_nothing_of("stessa persona")
    async with community.app.database.reading() as session:
        (learned,) = (
            await session.execute(select(MatchRefusal).where(MatchRefusal.pair.startswith("profile")))
        ).scalars()
    assert learned.other_id is None
    chiara.sees_nothing_of(AUTHOR.split()[1])
    chiara.sees_nothing_of(HOUSE)
