"""Which profiles and posts may fit, which pairs are told, and what is left of them: the same on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Database
from storage.enums import ConsentPurpose, Locale, OrganisationCategory, PersonStatus, Platform, PostStatus
from storage.models import (
    Consent,
    DirectoryEntry,
    MatchRefusal,
    Organisation,
    Person,
    PersonBlock,
    Post,
    PostKind,
    PostMatch,
    ProfileCompared,
    ProfileMatch,
)
from storage.queries import directory, directory_index, match_lessons, matching, profile_matching, retention
from storage.queries.profile_matching import OFFERER, SEEKER, FoundPair, key_of
from storage.queries.search_index import index_all
from storage.search_query import concepts
from storage.search_words import stems_of_text

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
ANNA, BRUNO, CARLA, DINO, EVA = range(1, 6)
INDEXES = directory_index.follow_changes
"""The words of profiles follow by the commit, once this is imported."""


async def fill(database: Database, *, offers: str = "Liofilizzatore pilota per idrogel") -> None:
    """Five members who show that they offer the same."""
    async with database.writing() as session:
        session.add_all(
            [PostKind(key="offer", name_it="O", name_en="O"), PostKind(key="request", name_it="R", name_en="R")]
        )
        session.add(Organisation(id=1, name="Casa", category=OrganisationCategory.COMPANY))
        await session.flush()
        for number in (ANNA, BRUNO, CARLA, DINO, EVA):
            session.add(
                Person(
                    id=number, status=PersonStatus.MEMBER, name=f"Persona {number}", organisation_id=1,
                    locale=Locale.ITALIAN, notice_version="1", notice_accepted_at=NOW, created_at=NOW, offers=offers,
                )
            )  # fmt: skip
        await session.flush()
        for number in (ANNA, BRUNO, CARLA, DINO, EVA):
            consents(session, number, given=True)
            session.add(DirectoryEntry(person_id=number, shows_offers=True, changed_at=NOW))


def consents(session: AsyncSession, person: int, *, given: bool) -> None:
    session.add(
        Consent(
            person_id=person, purpose=ConsentPurpose.DIRECTORY, given=given, text_version=directory.POINTED_OUT_SINCE,
            locale=Locale.ITALIAN, platform=Platform.WEB, at=NOW,
        )
    )  # fmt: skip


async def post(session: AsyncSession, title: str, kind: str, author: int = ANNA) -> int:
    of_kind = (await session.execute(select(PostKind.id).where(PostKind.key == kind))).scalar_one()
    row = Post(
        author_id=author, kind_id=of_kind, title=title, body="Testo.", language=Locale.ITALIAN,
        status=PostStatus.PUBLISHED, created_at=NOW, published_at=NOW,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id


def pair(seeker: int, offerer: int, percent: int = 80, **more: int) -> FoundPair:
    return FoundPair(seeker_id=seeker, offerer_id=offerer, percent=percent, words=("pilota", "idrogel"), **more)


async def stored(database: Database) -> list[ProfileMatch]:
    async with database.reading() as session:
        return list((await session.execute(select(ProfileMatch).order_by(ProfileMatch.id))).scalars())


async def test_profiles_wait_to_be_compared_when_they_are_shown_or_change(database: Database) -> None:
    await fill(database)

    async def waiting() -> list[int]:
        async with database.reading() as session:
            return list(await profile_matching.to_compare(session, 10))

    assert await waiting() == [ANNA, BRUNO, CARLA, DINO, EVA]
    async with database.writing() as session:
        for number in (ANNA, BRUNO, CARLA, DINO, EVA):
            await profile_matching.note_compared(session, number, NOW)
    assert await waiting() == []
    async with database.writing() as session:
        (await session.get_one(Person, ANNA)).seeks = "Sensori"
        (await session.get_one(Person, BRUNO)).locale = Locale.ENGLISH
        consents(session, CARLA, given=False)
        (await session.get_one(DirectoryEntry, DINO)).shows_offers = False
        (await session.get_one(Person, EVA)).status = PersonStatus.SUSPENDED
    assert await waiting() == [ANNA], "who is no longer shown is not compared"
    async with database.writing() as session:
        consents(session, CARLA, given=True)
    assert await waiting() == [ANNA, CARLA]


async def test_likely_profiles_hold_most_of_the_words(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        (await session.get_one(Person, BRUNO)).offers = "Un pilota"
        (await session.get_one(Person, CARLA)).offers = "Partner clinici"
    async with database.reading() as session:
        words = stems_of_text("liofilizzatore pilota sensori idrogel")[0]
        found = await profile_matching.likely_profiles(session, words, EVA)
    assert found == [DINO, ANNA, BRUNO]


async def test_likely_posts_hold_two_of_the_things_and_are_of_the_kind(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        both = await post(session, "Liofilizzatore pilota", "offer")
        await post(session, "Liofilizzatore pilota", "request")
        await post(session, "Un pilota libero", "offer")
        newer = await post(session, "Idrogel con liofilizzatori", "offer")
        await index_all(session)
    async with database.reading() as session:
        things = concepts("liofilizzatore pilota idrogel")
        assert await profile_matching.likely_posts(session, "offer", things) == [newer, both]
        assert await profile_matching.likely_posts(session, "offer", things[:1]) == []
        assert await profile_matching.likely_posts(session, "nothing", things) == []
        assert await profile_matching.likely_posts(session, "offer", concepts("' OR 1=1 -- & | *")) == []


async def test_a_profile_is_read_as_its_viewer_may(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        session.add(PersonBlock(person_id=BRUNO, blocked_id=ANNA, at=NOW))
        session.add(PersonBlock(person_id=ANNA, blocked_id=CARLA, at=NOW))
        (await session.get_one(DirectoryEntry, DINO)).shows_offers = False
    async with database.reading() as session:
        everybody = [ANNA, BRUNO, CARLA, DINO, EVA]
        shown = await profile_matching.profiles(session, ANNA, everybody)
        assert {one.person_id for one in shown} == {ANNA, EVA}
        assert await profile_matching.blocked_with(session, ANNA) == {BRUNO, CARLA}
        assert await profile_matching.blocked_with(session, EVA) == set()


async def test_a_pair_is_kept_once(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        number = await post(session, "Liofilizzatore", "offer", BRUNO)
        for percent in (80, 40):
            await profile_matching.add(
                session, [pair(ANNA, BRUNO, percent), pair(ANNA, BRUNO, percent, offer_id=number)], NOW
            )
    assert [(one.key, one.percent) for one in await stored(database)] == [
        (key_of(ANNA, BRUNO), 80),
        (key_of(ANNA, BRUNO, offer_id=number), 80),
    ]


async def test_who_is_to_be_told_the_best_first_and_of_each_a_few(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        found = [pair(ANNA, BRUNO, 50), pair(CARLA, BRUNO, 90), pair(ANNA, DINO, 70), pair(EVA, DINO, 60)]
        await profile_matching.add(session, found, NOW)
        last = (await profile_matching.pairs_where(session, ProfileMatch.seeker_id == EVA))[0]
        last.seeker_refused_at = NOW
        told = (await profile_matching.pairs_where(session, ProfileMatch.seeker_id == CARLA))[0]
        told.offerer_told_at = NOW
    async with database.reading() as session:
        sides = await profile_matching.untold(session, 10, but=[])
        assert [(one.side, one.person_id, one.percent) for one in sides] == [
            (SEEKER, CARLA, 90),
            (SEEKER, ANNA, 70),
            (SEEKER, ANNA, 50),
            (OFFERER, DINO, 70),
            (OFFERER, BRUNO, 50),
        ]
        full = await profile_matching.untold(session, 10, but=[ANNA, DINO])
        assert [one.person_id for one in full] == [CARLA, BRUNO]
        assert await profile_matching.told_since(session, NOW - timedelta(days=1)) == {BRUNO: 1}
        assert await profile_matching.told_since(session, NOW) == {}
        assert [one.percent for one in await profile_matching.pairs_of(session, DINO, 9)] == [70, 60]
        assert await profile_matching.pairs_of(session, EVA, 9) == []
    async with database.writing() as session:
        number = await post(session, "Liofilizzatore", "offer", BRUNO)
        await profile_matching.add(session, [pair(EVA, BRUNO, 55, offer_id=number)], NOW)
    async with database.reading() as session:
        assert [one.percent for one in await profile_matching.pairs_of(session, EVA, 9)] == [55]
    async with database.writing() as session:
        (await session.get_one(Post, number)).status = PostStatus.CLOSED
    async with database.reading() as session:
        assert await profile_matching.pairs_of(session, EVA, 9) == []


async def test_many_pairs_of_one_person_leave_the_others_their_turn(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        posts = [
            await post(session, f"Offerta {number}", "offer", BRUNO) for number in range(profile_matching.OF_ONE + 5)
        ]
        await profile_matching.add(session, [pair(ANNA, BRUNO, 99, offer_id=number) for number in posts], NOW)
        await profile_matching.add(session, [pair(CARLA, DINO, 41)], NOW)
    async with database.reading() as session:
        sides = await profile_matching.untold(session, profile_matching.OF_ONE + 1, but=[])
    assert [one.person_id for one in sides if one.side == SEEKER] == [ANNA] * profile_matching.OF_ONE + [CARLA]


async def test_what_is_taken_back_goes_with_the_same_commit(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        number = await post(session, "Liofilizzatore", "offer", ANNA)
        found = [pair(BRUNO, ANNA), pair(CARLA, ANNA), pair(ANNA, DINO), pair(EVA, ANNA, offer_id=number)]
        await profile_matching.add(session, found, NOW)
        await session.execute(
            update(ProfileMatch).where(ProfileMatch.seeker_id == BRUNO).values(offerer_told_at=NOW - timedelta(days=9))
        )
    async with database.writing() as session:
        consents(session, ANNA, given=False)
    left = await stored(database)
    assert [(one.seeker_id, one.percent, one.words) for one in left] == [
        (BRUNO, 0, []),
        (EVA, 80, ["pilota", "idrogel"]),
    ], "that Anna was told of Bruno, and what she wrote in a post"
    async with database.reading() as session:
        assert [one.person_id for one in await profile_matching.untold(session, 9, but=[])] == [EVA, ANNA]

    (rule,) = [one for one in retention.RULES if one.model is ProfileMatch]
    kept = {"readings": timedelta(days=30)}
    async with database.reading() as session:
        assert await retention.count_due(session, rule, NOW, kept) == 0
        assert await retention.count_due(session, rule, NOW + timedelta(days=31), kept) == 1


async def test_lessons_count_once_and_their_words_for_a_time(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        for name, other, at in (("post:1", BRUNO, NOW), ("post:1", BRUNO, NOW), ("profile:1", BRUNO, NOW)):
            number = await match_lessons.learn(
                session, person_id=ANNA, other_id=other, pair=name, words=["liofilizzatori"], now=at
            )
        assert number == 2
        await match_lessons.learn(session, person_id=CARLA, other_id=ANNA, pair="post:1", words=["sepsi"], now=NOW)
    async with database.reading() as session:
        lessons = await match_lessons.lessons_of(session, [ANNA, BRUNO], NOW - timedelta(days=1))
        assert lessons[ANNA].refusals == {BRUNO: 2}
        assert lessons[ANNA].stems == set(stems_of_text("liofilizzatori")[0])
        assert (lessons[BRUNO].refusals, lessons[BRUNO].stems) == ({}, set())
        later = await match_lessons.lessons_of(session, [ANNA], NOW)
        assert (later[ANNA].refusals, later[ANNA].stems) == ({BRUNO: 2}, set())
    (rule,) = [one for one in retention.RULES if one.model is MatchRefusal]
    async with database.reading() as session:
        assert await retention.count_due(session, rule, NOW + timedelta(days=31), {"readings": timedelta(days=30)}) == 3


async def test_of_what_somebody_was_told_whatever_the_kind(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        offer, request = await post(session, "O", "offer", BRUNO), await post(session, "R", "request", ANNA)
        session.add(
            PostMatch(
                offer_id=offer, request_id=request, percent=80, words=["sepsi"], found_at=NOW, request_told_at=NOW
            )
        )
        await profile_matching.add(session, [pair(ANNA, BRUNO)], NOW)
        await session.execute(update(ProfileMatch).values(seeker_told_at=NOW))
    async with database.reading() as session:
        since = NOW - timedelta(days=1)
        told = await match_lessons.words_told(session, [ANNA, BRUNO], since)
        assert told == {(ANNA, BRUNO): ["sepsi", "pilota", "idrogel"]}
        assert await match_lessons.words_told(session, [BRUNO], since) == {}
        assert await match_lessons.words_told(session, [ANNA, BRUNO], NOW) == {}
        assert [one.person_id for one in await matching.untold(session, 9)] == [BRUNO]
        assert await matching.untold(session, 9, but=[BRUNO]) == []


async def test_a_changed_profile_is_marked_where_it_was_compared(database: Database) -> None:
    await fill(database)
    async with database.writing() as session:
        await profile_matching.note_compared(session, ANNA, NOW)
        await profile_matching.note_compared(session, BRUNO, NOW)
    async with database.writing() as session:
        (await session.get_one(Person, ANNA)).offers = "Altro"
        (await session.get_one(Person, BRUNO)).locale = Locale.ENGLISH
    async with database.reading() as session:
        rows = (await session.execute(select(ProfileCompared).order_by(ProfileCompared.person_id))).scalars().all()
    assert [(one.person_id, one.at) for one in rows] == [(ANNA, None), (BRUNO, NOW)]
