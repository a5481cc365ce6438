"""The staff take offers and requests to the Enterprise Europe Network: what is public and open, and no names."""

import csv
import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from storage.enums import Locale, PartneringProfile, PersonStatus, PostStatus, PostVisibility, Role
from storage.models import AuditEntry, Person, Post, PostKind, PostOutcome
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.test_matches import kinds, new

AUTHOR, HOUSE = "Sara Bonavita", "Valseria Biologics"
TITLE, BODY = "Due campagne libere in suite di classe B", "=A giugno e a settembre; in più: un'aliquota di prova."


async def community_with_kinds(community: CommunityUnderTest) -> None:
    """The kind of offers goes to the network; that of requests does not yet."""
    await kinds(community)
    async with community.app.database.writing() as session:
        offer = (await session.execute(select(PostKind).where(PostKind.key == "offer"))).scalar_one()
        offer.profile = PartneringProfile.TECHNOLOGY_OFFER


async def offers(person: PersonDriver, title: str = TITLE, **answers: str) -> Post:
    english = person.locale is Locale.ENGLISH
    kind = answers.pop("kind", "Technology offer" if english else "Offerta di tecnologia")
    await new(person, title=title, body=BODY, kind=kind, **answers)
    async with person.community.app.database.reading() as session:
        return (await session.execute(select(Post).order_by(Post.id.desc()).limit(1))).scalar_one()


async def change(community: CommunityUnderTest, post: Post, **values: object) -> None:
    async with community.app.database.writing() as session:
        row = await session.get_one(Post, post.id)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize("locale", list(Locale))
async def test_what_is_public_goes_out_without_names(community: CommunityUnderTest, locale: Locale) -> None:
    await community_with_kinds(community)
    sara = await community.member(AUTHOR, roles=(Role.MODERATOR,), locale=locale, organisation=HOUSE)
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,), locale=locale)
    await giulia.says("/een")
    giulia.sees(giulia.t("No open offer or request is shared with everybody yet, so there is nothing to pass on."))
    public = await offers(sara, readers=sara.t("Everybody, outside the community too"))
    await offers(sara, "Solo per la comunità, un'altra offerta")
    await giulia.says("/een")
    giulia.sees("1 offerta o richiesta aperta" if locale is Locale.ITALIAN else "1 open offer or request")

    await giulia.presses("CSV")
    await community.tick()
    content = (await giulia.downloads()).decode("utf-8-sig")
    [header, row] = list(csv.reader(io.StringIO(content)))
    assert header[:3] == (
        ["Profilo", "Riferimento", "Titolo"] if locale is Locale.ITALIAN else ["Profile", "Reference", "Title"]
    )
    assert row[:4] == ["TO", str(public.id), TITLE, f"'{BODY}"], "a text that begins like a formula stays a text"
    assert row[6] == locale.value
    assert AUTHOR not in content
    assert HOUSE not in content

    await giulia.says("/een")
    await giulia.presses("XLSX")
    await community.tick()
    book = CalamineWorkbook.from_filelike(io.BytesIO(await giulia.downloads()))
    assert book.get_sheet_by_index(0).to_python()[1][3] == BODY
    async with community.app.database.reading() as session:
        found = await session.execute(select(AuditEntry.action).where(AuditEntry.action == "een.export"))
        assert len(found.all()) == 2


async def test_only_what_somebody_could_still_answer(web_community: CommunityUnderTest) -> None:
    community = web_community
    await community_with_kinds(community)
    sara = await community.member(AUTHOR, roles=(Role.MODERATOR,), organisation=HOUSE)
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    public = sara.t("Everybody, outside the community too")
    open_one = await offers(sara, readers=public)
    now = community.app.clock.now()

    async def passed_on() -> bool:
        await giulia.says("/een")
        return "1 offerta" in giulia.last.text

    assert await passed_on()
    for hidden, shown in (
        ({"valid_until": now - timedelta(days=1)}, {"valid_until": None}),
        ({"deadline": now - timedelta(days=1)}, {"deadline": None}),
        ({"status": PostStatus.CLOSED}, {"status": PostStatus.PUBLISHED}),
        ({"visibility": PostVisibility.COMMUNITY}, {"visibility": PostVisibility.PUBLIC}),
    ):
        await change(community, open_one, **hidden)
        assert not await passed_on(), hidden
        await change(community, open_one, **shown)
        assert await passed_on(), shown
    async with community.app.database.writing() as session:
        (await session.get_one(Person, sara.id)).status = PersonStatus.SUSPENDED
    assert not await passed_on(), "nobody would answer"
    async with community.app.database.writing() as session:
        (await session.get_one(Person, sara.id)).status = PersonStatus.MEMBER
        session.add(PostOutcome(post_id=open_one.id, at=now))
    assert not await passed_on(), "it is settled"


async def test_the_staff_say_which_kinds_go_there(community: CommunityUnderTest) -> None:
    await community_with_kinds(community)
    sara = await community.member(AUTHOR, roles=(Role.MODERATOR,), organisation=HOUSE)
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await offers(sara, readers=sara.t("Everybody, outside the community too"), kind="Richiesta di tecnologia")
    await giulia.says("/liste")
    await giulia.presses("Tipi di contributo")
    await giulia.presses("Richiesta di tecnologia")
    giulia.sees_nothing_of("Enterprise Europe Network")
    await giulia.presses("Rinomina")
    await giulia.fills(
        {"Con quale profilo i suoi contributi vanno alla Enterprise Europe Network?": "Richiesta di tecnologia (TR)"}
    )
    await giulia.presses("Richiesta di tecnologia")
    giulia.sees("Enterprise Europe Network", "Richiesta di tecnologia (TR)")
    await giulia.says("/een")
    giulia.sees("1 offerta o richiesta aperta")


async def test_it_is_the_staffs(community: CommunityUnderTest) -> None:
    await community_with_kinds(community)
    olga = await community.member("Olga Altrove")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    for person in (olga, outsider):
        before = len(person.messages())
        await person.says("/een")
        await person.sends_action("een.file:csv")
        await community.tick()
        person.sees_nothing_of("Enterprise Europe Network")
        assert not any(message.files for message in person.messages()[before:])
