"""One search over posts, events and missions, for members, guests and those outside, on every platform."""

from datetime import date, timedelta

from sqlalchemy import select

from storage.enums import (
    ConsentPurpose,
    EventStatus,
    Locale,
    MissionStatus,
    PersonStatus,
    PostStatus,
    Role,
    SubjectKind,
)
from storage.models import CommunityEvent, Consent, Mission, Person, Post, PostKind, SearchEntry
from storage.queries.directory import block, change_entry, unblock
from storage.queries.search_index import index_all
from tests.journeys.community import CommunityUnderTest


async def library(community: CommunityUnderTest, author: int) -> None:
    """Things of every kind about bioreactors, and some that not everybody may see."""
    now = community.clock.now()
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind.id).where(PostKind.key == "practice"))).scalar_one()
        question = (await session.execute(select(PostKind.id).where(PostKind.key == "question"))).scalar_one()

        def post(title: str, body: str, **more: object) -> Post:
            values: dict[str, object] = {
                "author_id": author,
                "kind_id": kind,
                "title": title,
                "body": body,
                "topics": ["Fermentazione"],
                "language": Locale.ITALIAN,
                "status": PostStatus.PUBLISHED,
                "created_at": now,
                "published_at": now,
            }
            return Post(**{**values, **more})

        session.add_all(
            [
                post("Bioreattori monouso", "Come abbiamo pulito il meno possibile."),
                post("Un bioreattore da due litri", "Chi lo presta?", kind_id=question, topics=[]),
                post("Gene therapy in practice", "What we learnt.", language=Locale.ENGLISH, topics=[]),
                post("Bioreattori nascosti", "Zanzibar.", status=PostStatus.PENDING, published_at=None),
                CommunityEvent(
                    uid="visita",
                    title="Visita ai bioreattori",
                    description="Si entra a gruppi.",
                    place="Pavia",
                    zone="Europe/Rome",
                    starts_wall="2018-04-19T17:30",
                    ends_wall="2018-04-19T19:30",
                    starts_at=now + timedelta(days=16),
                    ends_at=now + timedelta(days=16, hours=2),
                    language=Locale.ITALIAN,
                    status=EventStatus.PUBLISHED,
                    created_at=now,
                    published_at=now,
                ),
                *(
                    Mission(
                        title=title,
                        place="Boston",
                        first_day=date(2018, 6, 4),
                        last_day=date(2018, 6, 7),
                        zone="America/New_York",
                        deadline=now + timedelta(days=30),
                        summary_it="Tra i bioreattori.",
                        summary_en="Among bioreactors.",
                        status=status,
                        created_at=now,
                    )
                    for title, status in (("BIO 2018", MissionStatus.OPEN), ("Zanzibar 2019", MissionStatus.DRAFT))
                ),
            ]
        )
        await session.flush()
        await index_all(session)


async def test_one_search_finds_things_of_every_kind_and_narrows_them_down(community: CommunityUnderTest) -> None:
    anna = await community.member("Anna Autrice")
    bruno = await community.member("Bruno Lettore")
    assert anna.id is not None
    await library(community, anna.id)
    await bruno.says("/cerca bioreattore")
    bruno.sees("«bioreattore»: 4 risultati", "Bioreattori monouso", "Visita ai bioreattori", "BIO 2018", "Pavia")
    bruno.sees_nothing_of("Zanzibar")
    bruno.sees_nothing_of("nascosti")
    await bruno.presses("Tipo")
    await bruno.presses("Eventi")
    seen = bruno.sees("«bioreattore»: 1 risultato", "Solo: Eventi", "Visita ai bioreattori")
    assert "BIO 2018" not in seen.text
    await bruno.presses("Solo i miei")
    bruno.sees("non c'è ancora niente", "Così invece qualcosa si trova")
    await bruno.presses("Senza «miei» (1)")
    bruno.sees("Visita ai bioreattori")
    await bruno.presses("Tipo: Eventi")
    await bruno.presses("Tutti i tipi")
    await bruno.presses("Tema")
    await bruno.presses("Fermentazione (1)")
    bruno.sees("Solo: Fermentazione", "Bioreattori monouso")
    await bruno.presses("Bioreattori monouso")
    bruno.sees("Come abbiamo pulito")


async def test_slips_and_the_other_language_are_understood(community: CommunityUnderTest) -> None:
    anna = await community.member("Anna Autrice")
    bruno = await community.member("Bruno Lettore")
    mary = await community.member("Mary Reader", locale=Locale.ENGLISH)
    assert anna.id is not None
    await library(community, anna.id)
    await bruno.says("biorettori")
    bruno.sees("«biorettori» non c'è da nessuna parte", "«bioreattori»", "Bioreattori monouso")
    await bruno.says("Terapie geniche")
    bruno.sees("Gene therapy in practice")
    await mary.says("/search zanzibar")
    seen = mary.sees("Nothing yet on “zanzibar”")
    assert "Ask the community" in seen.buttons
    await mary.says("zanzibat")
    assert "zanzibar" not in mary.last.text
    await mary.says("/find")
    mary.sees("What are you looking for?")


async def test_everyone_finds_what_they_may_see(community: CommunityUnderTest) -> None:
    anna = await community.member("Anna Autrice")
    guest = await community.member("Guido Ospite", status=PersonStatus.GUEST)
    lead = await community.member("Luca Missioni", roles=(Role.MISSION_LEAD,))
    outsider = await community.stranger("Nessuno")
    assert anna.id is not None
    await library(community, anna.id)
    await guest.says("bioreattori")
    seen = guest.sees("«bioreattori»: 2 risultati", "Visita ai bioreattori", "BIO 2018")
    assert "monouso" not in seen.text
    await guest.sends_action("find.go:0:p:monouso")
    guest.sees_nothing_of("Bioreattori monouso")
    await guest.sends_action("find.by:t::monouso")
    guest.sees_nothing_of("Fermentazione")
    await lead.says("zanzibar")
    lead.sees("Zanzibar 2019")
    lead.sees_nothing_of("nascosti")
    await outsider.says("bioreattori")
    outsider.sees_nothing_of("monouso")
    await outsider.sends_action("find.go:0::bioreattori")
    outsider.sees_nothing_of("monouso")


async def test_people_who_allow_it_are_found_beside_what_they_write(community: CommunityUnderTest) -> None:
    """By what they show there; not before they allow it, not by who is blocked, not once they take it back."""
    anna = await community.member("Anna Autrice")
    marco = await community.member("Marco Colombani")
    guest = await community.member("Guido Ospite", status=PersonStatus.GUEST)
    async with community.app.database.writing() as session:
        person = await session.get_one(Person, anna.id)
        person.offers = "Consulenza sulla liofilizzazione"
    await marco.says("liofilizzazione")
    marco.sees_nothing_of("Anna Autrice")
    async with community.app.database.writing() as session:
        now = community.clock.now()
        session.add(
            Consent(
                person_id=anna.id,
                purpose=ConsentPurpose.DIRECTORY,
                given=True,
                text_version="1",
                locale=Locale.ITALIAN,
                platform=community.platform,
                at=now,
            )
        )
        entry = await change_entry(session, anna.id, now)
        entry.shows_offers = True
    await marco.says("liofilizzazione")
    marco.sees("Anna Autrice", "Istituto di Prova", "liofilizzazione")
    await marco.presses("Anna Autrice")
    marco.sees("Anna Autrice", "Consulenza sulla liofilizzazione")
    await guest.says("liofilizzazione")
    guest.sees_nothing_of("Anna Autrice")
    async with community.app.database.writing() as session:
        await block(session, anna.id, marco.id, now)
    before = len(marco.messages())
    await marco.says("liofilizzazione")
    assert "Anna Autrice" not in "".join(one.text for one in marco.messages()[before:])
    async with community.app.database.writing() as session:
        await unblock(session, anna.id, marco.id)
        session.add(
            Consent(
                person_id=anna.id,
                purpose=ConsentPurpose.DIRECTORY,
                given=False,
                text_version="1",
                locale=Locale.ITALIAN,
                platform=community.platform,
                at=now,
            )
        )
    async with community.app.database.reading() as session:
        left = (await session.execute(select(SearchEntry).where(SearchEntry.kind == SubjectKind.PERSON))).all()
    assert left == []
