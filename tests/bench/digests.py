"""Figure: personal digests composed and queued for many, from few and from many posts."""

import random
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event, insert, select

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.digests.jobs import digests_due
from handlers.router import load_features
from handlers.staff.vocabulary import ensure_vocabulary
from storage.engine import Database, count
from storage.enums import (
    DigestFrequency,
    Locale,
    OrganisationCategory,
    PersonStatus,
    Platform,
    PostStatus,
    SubjectKind,
    TopicLevel,
)
from storage.migrations import upgrade
from storage.models import (
    Account,
    Organisation,
    OutboxMessage,
    Person,
    PersonSector,
    PersonTopic,
    Post,
    PostKind,
    PostReading,
    SearchEntry,
    Sector,
)
from storage.post_topics import topic_of_author, topic_of_word
from tests.bench.generated_posts import generate
from tests.bench.postgres import cluster
from tests.bench.tables import Table, progress

QUICK = (1_000, (1_000, 10_000))
FULL = (10_000, (10_000, 100_000))
"""How many people, and how many posts there are for them."""
ROWS_AT_ONCE = 5_000
HOUSES = 100
NOW = datetime(2018, 4, 9, 6, 0, tzinfo=UTC)
"""Monday, 08:00 in Rome: when everybody's weekly digest is due."""
YEARS = timedelta(days=2 * 365)
"""Over how long the posts were published."""
READ = 20
"""Posts that each has opened of late."""


async def measure(folder: Path, extent: tuple[int, tuple[int, ...]]) -> list[Table]:
    """For each number of posts, on both databases."""
    load_features()
    people, posts = extent
    table = Table(
        f"{people:,} weekly digests at once",
        (
            "",
            "composed and queued in s",
            "CPU s",
            "digests/s",
            "statements a digest",
            "most memory MB",
            "new posts in the week",
        ),
    )
    table.note(
        "One call of the tick that sends digests, all of them due at once: what is new is gathered, ranked and "
        "queued, and each period advanced with it. Posts are spread over two years; everybody follows two sectors, a "
        f"topic and an author, and has opened {READ} posts of the week. Statements are counted at the driver; "
        "CPU is this process's own, without PostgreSQL's; "
        "memory is what Python allocated during a run of its own, at its highest."
    )
    async with cluster(folder) as server:
        for number in posts:
            for store in ("SQLite", "PostgreSQL"):
                progress(f"digests: {people} people, {number} posts on {store}")
                name = f"digests_{number}"
                url = f"sqlite:///{folder / name}.sqlite3" if store == "SQLite" else await server.create(name)
                table.rows.append((f"{number:,} posts, {store}", *await _one(url, people, number)))
    return [table]


async def _one(url: str, people: int, posts: int) -> tuple[str, ...]:
    database, clock, community = Database(url), MovableClock(NOW), Community("Banco di prova")
    await upgrade(database)
    in_week = await _filled(database, people, posts)
    statements = 0

    def counted(*_: object) -> None:
        nonlocal statements
        statements += 1

    engines = {id(one): one for one in (database._reader, database._writer)}.values()
    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", counted)
    began, used = time.perf_counter(), time.process_time()
    queued = await digests_due(database, community, clock)
    seconds, busy = time.perf_counter() - began, time.process_time() - used
    for engine in engines:
        event.remove(engine.sync_engine, "before_cursor_execute", counted)
    async with database.reading() as session:
        rows = await count(session, OutboxMessage.kind == "digest", of=OutboxMessage)
    if not queued == rows == people:
        raise RuntimeError(f"{queued} queued and {rows} rows for {people} people")
    each = statements / people
    # Watching the memory slows everything down, so it has the next week to itself.
    clock.to(NOW + timedelta(days=7))
    await _more_posts(database, in_week)
    tracemalloc.start()
    again = await digests_due(database, community, clock)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    if again != people:
        raise RuntimeError(f"{again} queued a week later for {people} people")
    await database.close()
    return (
        f"{seconds:.1f}",
        f"{busy:.1f}",
        f"{people / seconds:,.0f}",
        f"{each:.2f}",
        f"{peak / 1e6:.0f}",
        f"{in_week:,}",
    )


async def _more_posts(database: Database, posts: int) -> None:
    """As many posts as in the week before, a week later."""
    async with database.writing() as session:
        newest = select(Post).order_by(Post.published_at.desc(), Post.id.desc()).limit(posts)
        rows = [
            {
                "author_id": one.author_id,
                "kind_id": one.kind_id,
                "sector_id": one.sector_id,
                "title": one.title,
                "body": one.body,
                "topics": one.topics,
                "language": one.language,
                "status": one.status,
                "created_at": one.created_at + timedelta(days=7),
                "published_at": one.published_at + timedelta(days=7) if one.published_at else None,
            }
            for one in (await session.execute(newest)).scalars()
        ]
        await session.execute(insert(Post), rows)


async def _filled(database: Database, people: int, posts: int) -> int:
    """The community, and how many of its posts are of the last week."""
    chance = random.Random(20180409)
    async with database.writing() as session:
        await ensure_vocabulary(session)
        houses = [
            Organisation(name=f"Ente {number}", category=OrganisationCategory.COMPANY) for number in range(HOUSES)
        ]
        session.add_all(houses)
        await session.flush()
        sectors = list((await session.execute(select(Sector.id).order_by(Sector.id))).scalars())
        kind = (await session.execute(select(PostKind.id).order_by(PostKind.id))).scalars().first()
        members = [
            {
                "status": PersonStatus.MEMBER,
                "name": f"Persona {number}",
                "organisation_id": houses[number % HOUSES].id,
                "locale": Locale.ITALIAN if number % 3 else Locale.ENGLISH,
                "notice_version": NOTICE_VERSION,
                "notice_accepted_at": NOW - YEARS,
                "created_at": NOW - YEARS,
                "joined_at": NOW - YEARS,
                "digest_frequency": DigestFrequency.WEEKLY,
                "next_digest_at": NOW,
                "last_digest_at": NOW - timedelta(days=7),
            }
            for number in range(people)
        ]
        for start in range(0, people, ROWS_AT_ONCE):
            await session.execute(insert(Person), members[start : start + ROWS_AT_ONCE])
        ids = list((await session.execute(select(Person.id).order_by(Person.id))).scalars())
    await _published(database, posts, ids, sectors, int(kind or 0), chance)
    async with database.writing() as session:
        week = select(Post.id, Post.topics).where(Post.published_at > NOW - timedelta(days=7))
        fresh = [(one, topics) for one, topics in await session.execute(week)]
        for start in range(0, people, ROWS_AT_ONCE):
            some = ids[start : start + ROWS_AT_ONCE]
            await session.execute(insert(Account), [_account(one) for one in some])
            chosen = [(one, sector) for one in some for sector in chance.sample(sectors, 2)]
            await session.execute(
                insert(PersonSector), [{"person_id": one, "sector_id": sector} for one, sector in chosen]
            )
            follows = [
                {"person_id": one, "topic": topic, "level": TopicLevel.DIGEST, "at": NOW - YEARS}
                for one in some
                for topic in (topic_of_author(chance.choice(ids)), topic_of_word(chance.choice(fresh)[1][0]))
            ]
            await session.execute(insert(PersonTopic), follows)
            readings = [
                {"person_id": one, "post_id": post, "at": NOW - timedelta(hours=1)}
                for one in some
                for post, _ in chance.sample(fresh, min(READ, len(fresh) // 2))
            ]
            await session.execute(insert(PostReading), readings)
        return len(fresh)


def _account(person: int) -> dict[str, object]:
    who = str(person)
    return {
        "platform": Platform.TELEGRAM,
        "account": "1",
        "user": who,
        "chat": who,
        "person_id": person,
        "last_acted_at": NOW,
    }


async def _published(
    database: Database, posts: int, authors: list[int], sectors: list[int], kind: int, chance: random.Random
) -> None:
    rows: list[dict[str, object]] = []
    for number, draft in enumerate(generate(posts, 7)):
        at = NOW - timedelta(minutes=2) - YEARS * (number / posts)
        rows.append(
            {
                "author_id": chance.choice(authors),
                "kind_id": kind,
                "sector_id": chance.choice(sectors),
                "title": draft.title,
                "body": draft.body,
                "topics": draft.topics,
                "language": draft.language,
                "status": PostStatus.PUBLISHED,
                "created_at": at,
                "published_at": at,
            }
        )
    for start in range(0, posts, ROWS_AT_ONCE):
        async with database.writing() as session:
            await session.execute(insert(Post), rows[start : start + ROWS_AT_ONCE])
    async with database.writing() as session:
        found = (await session.execute(select(Post.id, Post.published_at, Post.sector_id))).all()
    for start in range(0, posts, ROWS_AT_ONCE):
        entries = [
            {
                "kind": SubjectKind.POST,
                "subject_id": post,
                "audience": "members",
                "version": 1,
                "subkind": kind,
                "sectors": f",{sector},",
                "at": at,
                "useful": chance.choice((0, 0, 0, 1, 2, 5)),
                "title": "",
                "topics": "",
                "body": "",
            }
            for post, at, sector in found[start : start + ROWS_AT_ONCE]
        ]
        async with database.writing() as session:
            await session.execute(insert(SearchEntry), entries)
