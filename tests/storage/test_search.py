"""Full-text search on both databases: the same questions, the same answers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Database
from storage.enums import Locale, OrganisationCategory, PersonStatus, PostStatus, SubjectKind
from storage.models import Organisation, Person, PersonSector, Post, PostKind, SearchWord, Sector
from storage.personal.terms import Whose
from storage.queries.erasure import erase
from storage.queries.posts import new_posts_for, record_reading
from storage.queries.search import NO_FILTERS, Filters, Found, search, telling_words
from storage.queries.search_index import index_all, missed, reindex, unindex
from storage.queries.search_kinds import Reader
from storage.search_excerpts import excerpt, marked
from storage.search_query import Looked, concepts
from storage.search_schema import create_search, drop_search
from storage.search_words import fold, pieces, terms, words

NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
MEMBER = Reader(person_id=1, member=True, participant=True)
GUEST = Reader(person_id=2, participant=True)


class Library:
    """Makes posts with as little as a test says of them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.made = 0

    @classmethod
    async def open(cls, session: AsyncSession) -> "Library":
        house = Organisation(name="Istituto Aurora", category=OrganisationCategory.COMPANY)
        session.add(house)
        await session.flush()
        session.add_all(
            [
                *(
                    Person(
                        id=number,
                        status=PersonStatus.MEMBER,
                        name=name,
                        organisation_id=house.id,
                        locale=Locale.ITALIAN,
                        notice_version="1",
                        notice_accepted_at=NOW,
                        created_at=NOW,
                    )
                    for number, name in ((1, "Anna Bianchi"), (2, "Bruno Conti"))
                ),
                Sector(id=1, key="pharma", name_it="Farmaceutica", name_en="Pharma"),
                Sector(id=2, key="ict", name_it="ICT", name_en="ICT"),
                PostKind(id=1, key="practice", name_it="Buona pratica", name_en="Best practice"),
                PostKind(id=2, key="question", name_it="Domanda", name_en="Question"),
            ]
        )
        await session.flush()
        return cls(session)

    async def post(
        self,
        title: str,
        body: str = "Testo.",
        *,
        language: Locale = Locale.ITALIAN,
        status: PostStatus = PostStatus.PUBLISHED,
        days_old: float = 1,
        topics: list[str] | None = None,
        sector_id: int | None = None,
        kind_id: int = 1,
        author_id: int = 1,
    ) -> Post:
        post = Post(
            author_id=author_id,
            kind_id=kind_id,
            sector_id=sector_id,
            title=title,
            body=body,
            topics=topics or [],
            language=language,
            status=status,
            created_at=NOW - timedelta(days=days_old),
            published_at=NOW - timedelta(days=days_old),
        )
        self.session.add(post)
        await self.index(post)
        return post

    async def index(self, post: Post) -> None:
        await self.session.flush()
        await reindex(self.session, SubjectKind.POST, [post.id])


async def search_posts(
    session: AsyncSession,
    query: str,
    *,
    limit: int,
    offset: int = 0,
    filters: Filters = NO_FILTERS,
    reader: Reader = MEMBER,
) -> Found:
    return await search(session, query, reader=reader, now=NOW, filters=filters, limit=limit, offset=offset)


def ids(found: Found) -> list[int]:
    return [hit.subject_id for hit in found.hits]


@pytest.mark.parametrize(
    ("title", "language", "query"),
    [
        ("La delegazione parte lunedì", Locale.ITALIAN, "Delegazioni"),
        ("Le delegazioni partono", Locale.ITALIAN, "delegazione"),
        ("A clinical trial in two hospitals", Locale.ENGLISH, "clinical trials"),
        ("Clinical trials in hospital", Locale.ENGLISH, "trial clinical"),
        ("Ecco perché funziona", Locale.ITALIAN, "perche"),
        ("Ecco perche funziona", Locale.ITALIAN, "PERCHÉ"),
        ("La qualità dei dati", Locale.ITALIAN, "qualita dei dati"),
        ("Un trial clinico multicentrico", Locale.ITALIAN, "trials"),
        ("Trials registered abroad", Locale.ENGLISH, "trial"),
        ("Marcatura CE secondo l'allegato IX", Locale.ITALIAN, "dell'allegato"),
        ("Dati FHIR dal laboratorio", Locale.ITALIAN, "come i dati FHIR"),
        ("Sequenziamento RNA-seq", Locale.ITALIAN, "rna-seq"),
        ("ISO 13485:2016 in practice", Locale.ENGLISH, "13485:2016"),
        ("Non-small cell lung cancer", Locale.ENGLISH, "the lungs of the non-small cell"),
        ("Ricerca e sviluppo", Locale.ITALIAN, "svilup"),
        ("Straße der Moleküle", Locale.ENGLISH, "STRASSE molekule"),
    ],
)
async def test_finds_other_forms_of_a_word(database: Database, title: str, language: Locale, query: str) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        wanted = await library.post(title, language=language)
        await library.post("Qualcosa di diverso", "Niente a che vedere.")
        assert ids(await search_posts(session, query, limit=5)) == [wanted.id]


async def test_asks_for_all_words_in_title_topics_and_text_together(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        both = await library.post("Validazione del software", "Per un dispositivo medico.", topics=["IEC 62304"])
        await library.post("Validazione del metodo analitico")
        assert ids(await search_posts(session, "validazione 62304 dispositivi", limit=5)) == [both.id]
        assert (await search_posts(session, "validazione astronave", limit=5)).total == 0


async def test_title_weighs_more_than_topics_and_these_more_than_text(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        filler = "Una frase che parla di altro e riempie la pagina. " * 4
        body = await library.post("Primo", filler + "Un biosensore in prova.", days_old=1)
        topic = await library.post("Secondo", filler, topics=["biosensore"], days_old=2)
        title = await library.post("Un biosensore", filler, days_old=3)
        for number in range(12):
            await library.post(f"Altro numero {number}", filler)
        assert ids(await search_posts(session, "biosensori", limit=5)) == [title.id, topic.id, body.id]


async def test_the_newer_of_two_that_fit_as_well_comes_first(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        old = await library.post("Bando europeo", days_old=300)
        new = await library.post("Bando europeo", days_old=3)
        middle = await library.post("Bando europeo", days_old=30)
        assert ids(await search_posts(session, "bandi", limit=5)) == [new.id, middle.id, old.id]


async def test_only_published_posts_are_found(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        shown = await library.post("Farmacovigilanza")
        for status in (PostStatus.PENDING, PostStatus.REJECTED, PostStatus.REMOVED):
            await library.post("Farmacovigilanza", status=status)
        assert ids(await search_posts(session, "farmacovigilanza", limit=5)) == [shown.id]
        shown.status = PostStatus.REMOVED
        await session.flush()
        assert (await search_posts(session, "farmacovigilanza", limit=5)).total == 0


async def test_filters_by_sector_kind_topic_language_validity_and_owner(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        first = await library.post("Registry data", language=Locale.ENGLISH, sector_id=1, kind_id=2, topics=["Esiti"])
        second = await library.post("Registry data", language=Locale.ENGLISH, sector_id=2, kind_id=1, author_id=2)
        third = await library.post("Dati del registry", sector_id=1, kind_id=1)
        third.deadline = NOW - timedelta(days=1)
        await library.index(third)
        topic = (await session.execute(text("SELECT id FROM search_topics"))).scalar_one()

        async def found(**filters: object) -> set[int]:
            wanted = Filters(**filters)  # type: ignore[arg-type]  # by name
            return set(ids(await search_posts(session, "registry", limit=5, filters=wanted)))

        assert await found() == {first.id, second.id, third.id}
        assert await found(sector_id=1) == {first.id, third.id}
        assert await found(subkind=1, kind=SubjectKind.POST) == {second.id, third.id}
        assert await found(kind=SubjectKind.EVENT) == set()
        assert await found(sector_id=1, subkind=1) == {third.id}
        assert await found(language=Locale.ITALIAN) == {third.id}
        assert await found(still_open=True) == {first.id, second.id}
        assert await found(mine=True) == {first.id, third.id}
        assert await found(topic_id=topic) == {first.id}
        assert await found(topic_id=topic + 1) == set()


async def test_pages_hold_every_post_once_and_the_whole_count(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        made = [(await library.post("Terapia genica", days_old=number)).id for number in range(1, 13)]
        pages = [await search_posts(session, "terapie geniche", limit=5, offset=offset) for offset in (0, 5, 10, 15)]
        assert [one for page in pages for one in ids(page)] == made
        assert [page.total for page in pages] == [12, 12, 12, 12]
        assert pages[3].hits == ()


async def test_more_can_leave_the_index_at_once_than_a_statement_takes(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        posts = [await library.post(f"Stent {number}") for number in range(3)]
        others = range(posts[-1].id + 1, posts[-1].id + 40_000)
        await unindex(session, SubjectKind.POST, [posts[0].id, *others, posts[2].id])
        assert ids(await search_posts(session, "stent", limit=5)) == [posts[1].id]


async def test_index_follows_changes_and_removals(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        post = await library.post("Ossigenoterapia")
        post.title, post.language = "Stents in practice", Locale.ENGLISH
        await library.index(post)
        assert (await search_posts(session, "ossigenoterapia", limit=5)).total == 0
        assert ids(await search_posts(session, "stent", limit=5)) == [post.id]
        await unindex(session, SubjectKind.POST, [post.id])
        await unindex(session, SubjectKind.POST, [post.id])
        assert (await search_posts(session, "stent", limit=5)).total == 0
        assert (await session.execute(select(SearchWord))).all() == []
        await library.index(post)
        assert ids(await search_posts(session, "stent", limit=5)) == [post.id]
        await session.execute(delete(Post).where(Post.id == post.id))
        assert (await search_posts(session, "stent", limit=5)).total == 0
        await index_all(session)
        assert (await session.execute(text("SELECT count(*) FROM search_entries"))).scalar_one() == 0
        assert (await session.execute(select(SearchWord))).all() == []
        if database.is_sqlite:
            check = "INSERT INTO search_entries_fts(search_entries_fts) VALUES ('integrity-check')"
            await session.execute(text(check))


async def test_the_wording_of_the_erased_goes_and_is_learnt_anew(database: Database) -> None:
    stem = "deleg"

    async def wording() -> str:
        async with database.reading() as session:
            known = select(SearchWord.example).where(SearchWord.stem == stem)
            return (await session.execute(known)).scalar_one()

    async with database.writing() as session:
        library = await Library.open(session)
        await library.post("Delegazioni", author_id=1)
        await library.post("Delegazione", author_id=2)
    assert await wording() == "delegazioni"
    async with database.writing() as session:
        await erase(session, Whose(1), "Anna Bianchi", keep_posts=False, now=NOW)
    assert await wording() == stem
    async with database.writing() as session:
        await Library(session).post("Una delegazione", author_id=2)
        found = await search_posts(session, "delegazioni", limit=5)
    assert await wording() == "delegazione"
    assert len(found.hits) == 2


async def test_search_is_dropped_and_made_again_with_what_is_there(database: Database) -> None:
    async with database.writing() as session:
        post = await (await Library.open(session)).post("Radiofarmaci")

    def columns(connection: Connection) -> list[str]:
        return [column["name"] for column in inspect(connection).get_columns("search_entries")]

    async with database.connection() as connection:
        await connection.run_sync(drop_search)
        await connection.run_sync(drop_search)
        assert "document" not in await connection.run_sync(columns)
        await connection.run_sync(create_search)
    async with database.reading() as session:
        assert ids(await search_posts(session, "radiofarmaco", limit=5)) == [post.id]


NASTY = [
    "",
    " ",
    "\x00",
    "a\x00b",
    '"',
    "'",
    "''''",
    '""*"',
    "*",
    "dati*",
    "*dati",
    "^dati",
    "title:dati",
    "dati:*",
    "(dati",
    "dati)",
    "dati AND",
    "OR OR OR",
    "NOT dati",
    "dati NEAR(x, 2)",
    "dati & | !",
    "<->",
    "a <2> b",
    "\\",
    "\\'",
    "'; DROP TABLE posts; --",
    "%_%",
    "{dati} + -dati",
    ":param $1 ? %s",
    "🧬",
    "🧬 dati",
    "\ud800 dati",
    "\u200b\u202e",
    "e\u0301",
    "ß ﬁ ½ ² Ⅷ",
    "日本語のテキスト",
    "بحث سريري",
    "ক্লিনিক্যাল",
    "٣٤٥",
    "1e5 0x1f 1.5e-3 -7 +8 2018-04-03T10:00",
    "https://user:pw@example.org:80/a?b=c#d e@mail.example",
    "la il di e",
    "the of and",
    "d'",
    "dati " * 800,
    "x" * 4000,
    "è" * 4000,
    "日" * 4000,
    " ".join(f"parola{number}" for number in range(700)),
]


async def test_any_text_is_safe_to_ask_and_to_store(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        for language in Locale:
            await library.post("Dati", "Dati clinici.", language=language)
        for query in NASTY:
            before = await search_posts(session, query, limit=100)
            assert before.total == len(before.hits), query
            kept = query.replace("\x00", "").encode("utf-8", "ignore").decode()  # what a database can hold as text
            await library.post(kept[:250] or "–", kept, topics=[kept[:30]], language=Locale.ENGLISH)
            after = await search_posts(session, query, limit=100)
            assert after.total == len(after.hits), query
            assert (after.total > 0) >= (before.total > 0), query


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
async def test_no_text_at_all_is_an_error(hypothesis_session: AsyncSession, query: str) -> None:
    answer = await search_posts(hypothesis_session, query, limit=3)
    assert len(answer.hits) <= answer.total


@pytest.fixture
async def hypothesis_session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.writing() as session:
        library = await Library.open(session)
        await library.post("Dati clinici", "Un testo con 0 1 2 e alcune lettere: a b c d è ü 日.")
        yield session


async def test_a_query_of_stop_words_alone_finds_nothing_strange(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        wanted = await library.post("Come si fa la marcatura", "Del dispositivo.")
        found = await search_posts(session, "come si fa la marcatura del dispositivo?", limit=5)
        assert ids(found) == [wanted.id]


@pytest.mark.parametrize("query", ["contro i tumori", "tumori contro", "against tumours", "tumour against"])
async def test_stop_words_of_one_language_hide_nothing_in_the_other(database: Database, query: str) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        italian = await library.post("Contro i tumori")
        english = await library.post("Against tumours", language=Locale.ENGLISH)
        expected = italian if "contro" in query else english
        assert ids(await search_posts(session, query, limit=5))[0] == expected.id


async def test_excerpt_shows_where_the_words_are(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        body = "Una premessa lunga. " * 20 + "Qui le delegazioni incontrano i partner. " + "Poi altro. " * 30
        await library.post("Titolo", body)
        found = await search_posts(session, "delegazione partner", limit=5)
        assert found.total == 1
        shown = excerpt(body, found.looked)
        assert [part.text for part in shown if part.found] == ["delegazioni", "partner"]
        whole = "".join(part.text for part in shown)
        assert whole.startswith("…")
        assert whole.endswith("…")
        assert len(whole) <= 162
        assert "Qui le delegazioni incontrano i partner." in whole


def test_excerpt_of_a_text_without_the_word_is_its_beginning() -> None:
    parts = excerpt("Breve testo.", Looked(concepts("altro")))
    assert [(part.text, part.found) for part in parts] == [("Breve testo.", False)]
    assert excerpt("", Looked(concepts("altro"))) == ()


@given(body=st.text(max_size=400), query=st.text(max_size=40))
def test_an_excerpt_is_a_piece_of_the_text(body: str, query: str) -> None:
    import unicodedata

    whole = "".join(part.text for part in excerpt(body, Looked(concepts(query))))
    flat = " ".join(unicodedata.normalize("NFC", body).split())
    assert whole.removeprefix("…").removesuffix("…") in flat or whole in flat


@given(st.text(max_size=200))
def test_words_are_folded_once_and_for_all(typed: str) -> None:
    for word in words(typed):
        assert word.isalnum()
        assert len(word) <= 40
        assert words(word) == [word] or fold(word) != word  # some scripts fold in two steps


def test_terms_leave_out_what_says_nothing() -> None:
    assert terms("Come si valida il software, il SOFTWARE?") == ["valida", "software"]
    assert terms("perché") == ["perche"]
    assert terms("il la") == ["il", "la"]
    assert len(terms(" ".join(f"p{number}" for number in range(50)))) == 12


async def test_new_posts_for_leaves_out_own_and_opened_ones_and_puts_followed_sectors_first(
    database: Database,
) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        reader = await session.get_one(Person, 2)
        session.add(PersonSector(person_id=2, sector_id=1))
        plain = await library.post("Senza settore", days_old=1)
        followed = await library.post("Seguito", days_old=3, sector_id=1)
        other = await library.post("Altro settore", days_old=2, sector_id=2)
        await library.post("Mio", author_id=2)
        await library.post("Vecchio", days_old=9)
        await library.post("In attesa", status=PostStatus.PENDING)
        opened = await library.post("Letto")
        await record_reading(session, opened.id, 2, NOW)
        await record_reading(session, opened.id, 2, NOW)
        assert len((await session.execute(text("SELECT 1 FROM post_readings"))).all()) == 1
        found = await new_posts_for(session, reader, NOW - timedelta(days=7), 10)
        assert [post.id for post in found] == [followed.id, plain.id, other.id]
        assert found[0].author.organisation is not None
        assert (found[0].author.organisation.name, found[0].kind.key) == ("Istituto Aurora", "practice")
        assert found[0].sector is not None
        assert found[1].sector is None
        assert len(await new_posts_for(session, reader, NOW - timedelta(days=7), 2)) == 2


async def test_two_processes_index_the_same_post_without_a_second_row(database: Database) -> None:
    async with database.writing() as session:
        post_id = (await (await Library.open(session)).post("Contesa")).id

    async def again() -> None:
        async with database.writing() as session:
            await reindex(session, SubjectKind.POST, [post_id])

    await asyncio.gather(*(again() for _ in range(8)))
    async with database.reading() as session:
        assert len((await session.execute(text("SELECT 1 FROM search_entries"))).all()) == 1
        counted = (await session.execute(select(SearchWord.stem, SearchWord.documents))).all()
        assert {number for _, number in counted} == {1}


async def test_of_a_very_common_word_the_best_are_ranked_and_the_rest_is_said_to_be_there(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        titled = await library.post("Dati", days_old=400)
        rows = [
            {
                "author_id": 1,
                "kind_id": 1,
                "title": f"Nota {number}",
                "body": "Dati.",
                "topics": [],
                "link": "",
                "attachment": {},
                "reason": "",
                "language": Locale.ITALIAN,
                "status": PostStatus.PUBLISHED,
                "created_at": NOW,
                "published_at": NOW - timedelta(days=1) + timedelta(seconds=number),
            }
            for number in range(1000)
        ]
        await session.execute(Post.__table__.insert(), rows)  # type: ignore[attr-defined]  # Table, typed as FromClause
        await index_all(session)
    async with database.reading() as session:
        found = await search_posts(session, "dati", limit=5)
        assert found.more
        assert 400 <= found.total < 1001
        assert ids(found)[0] == titled.id


def slips() -> list[tuple[str, str]]:
    return [
        ("bioreatore", "bioreattore"),
        ("bioreattorre", "bioreattore"),
        ("bioraettore", "bioreattore"),
        ("bioreattpre", "bioreattore"),
        ("biioreattori", "bioreattori"),
    ]


@pytest.mark.parametrize(("typed", "meant"), slips())
async def test_one_wrong_letter_still_finds_it(database: Database, typed: str, meant: str) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        wanted = await library.post("Un bioreattore monouso")
        found = await search_posts(session, f"{typed} monouso", limit=5)
        assert ids(found) == [wanted.id]
        assert found.corrected == ((typed, meant),)
        assert (await search_posts(session, "xxreattore", limit=5)).total == 0


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("A medical device", "dispositivi medici"),
        ("Terapia genica per la retina", "gene therapies"),
        ("Diagnostica in vitro", "IVD"),
        ("Nuovi IVD", "test diagnostici"),
        ("Soluzioni di e-health", "ehealth"),
        ("Soluzioni ehealth", "e-health"),
        ("Test per SARS-CoV-2", "sarscov2"),
        ("Test per SARS-CoV-2", "SARS-CoV"),
        ("Incontri B2B", "b2b"),
        ("Qualità ISO13485", "ISO 13485"),
        ("Qualità ISO 13485", "iso13485"),
        ("L’innovazione dell’ospedale", "innovazione ospedaliera ospedale"),
        ("Artificial intelligence", "IA"),
        ("Esperienze sull'innovazione", "l'innovazione"),
    ],
)
async def test_finds_other_names_of_the_same_thing(database: Database, title: str, query: str) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        wanted = await library.post(title)
        await library.post("Qualcosa di diverso", "Ai soci piace, niente a che vedere.")
        assert ids(await search_posts(session, query, limit=5)) == [wanted.id]


async def test_a_long_question_finds_what_has_most_of_it(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        wanted = await library.post("Convalida del lavaggio", "Reattori in acciaio, residui di tensioattivi.")
        await library.post("Reattori nuovi")
        question = "Buongiorno, qualcuno sa come convalidare il lavaggio di reattori smaltati con residui?"
        found = await search_posts(session, question, limit=5)
        assert ids(found)[0] == wanted.id
        assert found.partly == found.total


async def test_what_a_reader_may_not_see_is_neither_found_nor_counted_nor_suggested(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        shown = (await library.post("Biosensori indossabili")).id
        hidden = (await library.post("Radiofarmaci indossabili", topics=["Segretissimo"])).id
        # Hidden around the program: the index still knows it.
        await session.execute(text("UPDATE posts SET status = 'removed' WHERE id = :id"), {"id": hidden})
        session.expire_all()
        found = await search_posts(session, "indossabili", limit=5)
        assert (ids(found), found.total) == ([shown], 1)
        for query in ("radiofarmaci", "radiofarmaco", "radiofarmazi", "segretissimo"):
            found = await search_posts(session, query, limit=5)
            assert (found.total, found.corrected, found.more) == (0, (), False), query
        for reader in (GUEST, Reader(), Reader(person_id=1)):
            found = await search_posts(session, "biosensori", limit=5, reader=reader)
            assert (found.total, found.corrected) == (0, ())
        found = await search_posts(session, "biosensoti", limit=5, reader=GUEST)
        assert (found.total, found.corrected) == (0, ())
        assert (await missed(session)) != []
        await index_all(session)
        assert (await missed(session)) == []
        assert "radiofarmac" not in (await session.execute(select(SearchWord.stem))).scalars().all()
        assert (await session.execute(text("SELECT count(*) FROM search_topics"))).scalar_one() == 0


async def test_what_an_older_analysis_made_is_made_anew(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        post = (await library.post("Biosensori")).id
        await session.execute(text("UPDATE search_entries SET version = 0, title = 'altro'"))
        session.expire_all()
        assert (await search_posts(session, "biosensori", limit=5)).total == 0
        await index_all(session)
        assert ids(await search_posts(session, "biosensori", limit=5)) == [post]


async def test_the_most_telling_words_are_carried_by_buttons(database: Database) -> None:
    async with database.writing() as session:
        library = await Library.open(session)
        for number in range(5):
            await library.post(f"Dispositivo e software {number}")
        await library.post("Crioconservazione dei follicoli")
        words_carried, shortened = await telling_words(
            session, "dispositivo software per la crioconservazione di follicoli", 32
        )
        assert (words_carried, shortened) == ("crioconservazione follicoli", True)
        assert await telling_words(session, "crioconservazione", 32) == ("crioconservazione", False)
        assert await telling_words(session, "", 32) == ("", False)


@given(query=st.text(max_size=200), most=st.integers(8, 60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_question_fits_where_it_must(hypothesis_session: AsyncSession, query: str, most: int) -> None:
    carried, _ = await telling_words(hypothesis_session, query, most)
    assert len(carried.encode()) <= most
    assert await telling_words(hypothesis_session, carried, most) == (carried, False) or not terms(carried)


def test_compounds_are_words_of_their_own() -> None:
    found = [(piece.word, piece.parts) for piece in pieces("SARS-CoV-2, e\u2011health, ISO13485 e B2B")]
    assert found == [
        ("sarscov2", ("sars", "cov", "2")),
        ("ehealth", ("e", "health")),
        ("iso13485", ("iso", "13485")),
        ("e", ()),
        ("b2b", ()),
    ]


def test_words_found_are_marked_in_a_title() -> None:
    shown = marked("Un dispositivo per i medici", Looked(concepts("dispositivi")))
    assert [(one.text, one.found) for one in shown] == [
        ("Un ", False),
        ("dispositivo", True),
        (" per i medici", False),
    ]
