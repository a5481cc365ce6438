"""What one profile seeks and offers, compared with thousands of others and of posts, against reading them all."""

import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import func, insert, select

from bot.demo import seed
from handlers.conversation.clock import SystemClock
from handlers.conversation.codes import CodeKeeper
from handlers.conversation.consent_texts import CURRENT
from handlers.conversation.context import Community, ReadContext
from handlers.knowhow.matches import comparing
from storage.engine import Database
from storage.enums import ConsentPurpose, Locale, PersonStatus, Platform, PostStatus, SubjectKind
from storage.migrations import upgrade
from storage.models import Consent, DirectoryEntry, Person, Post, PostKind, ProfileMatch
from storage.queries import directory_index, profile_matching
from storage.queries.matching import OFFER, REQUEST
from storage.queries.search_index import reindex
from storage.search_words import stems_of_text
from tests.bench.generated_posts import Draft, generate
from tests.bench.measure import percentile
from tests.bench.postgres import cluster
from tests.bench.tables import Table, milliseconds, progress, times

SEED = 2018
BATCH = 1_000
FIRST_PERSON, FIRST_POST = 100_000, 100_000
"""Ids from here on, beyond the sample community's."""
LOCAL = Community("Banco di prova")


@dataclass(frozen=True, slots=True)
class Extent:
    """How many profiles and posts there are, how many profiles are compared, how often all are read."""

    people: int
    posts: int
    compared: int
    scans: int


FULL = Extent(people=5_000, posts=10_000, compared=200, scans=5)
QUICK = Extent(people=1_000, posts=2_000, compared=50, scans=3)


@dataclass(slots=True)
class Store:
    """One database; seconds of each comparison and of each reading of all profiles, pairs that were found."""

    name: str
    database: Database
    compared: list[float] = field(default_factory=list)
    scans: list[float] = field(default_factory=list)
    pairs: int = 0

    async def build(self, extent: Extent) -> None:
        """Write the sample community, and as many members and posts more, each in its index."""
        await upgrade(self.database)
        async with self.database.writing() as session:
            await seed.fill(session, codes=CodeKeeper())
        drafts = generate(2 * extent.people + extent.posts, SEED)
        for start in range(0, extent.people, BATCH):
            await self._add_people(start, list(islice(drafts, 2 * min(BATCH, extent.people - start))))
        for start in range(0, extent.posts, BATCH):
            await self._add_posts(start, list(islice(drafts, min(BATCH, extent.posts - start))), extent.people)

    async def _add_people(self, start: int, drafts: Sequence[Draft]) -> None:
        ids = [FIRST_PERSON + start + number for number in range(len(drafts) // 2)]
        said = zip(ids, drafts[::2], drafts[1::2], strict=True)
        async with self.database.writing() as session:
            await session.execute(
                insert(Person),
                [
                    {
                        "id": one, "status": PersonStatus.MEMBER, "name": f"Persona {one}", "locale": Locale.ITALIAN,
                        "notice_version": "2018-04", "notice_accepted_at": seed.START, "created_at": seed.START,
                        "offers": f"{offered.title}. {offered.body}"[:600], "seeks": f"{sought.title}."[:600],
                    }
                    for one, offered, sought in said
                ],
            )  # fmt: skip
            given = {
                "purpose": ConsentPurpose.DIRECTORY, "given": True, "text_version": CURRENT,
                "locale": Locale.ITALIAN, "platform": Platform.WEB, "at": seed.START,
            }  # fmt: skip
            await session.execute(insert(Consent), [{"person_id": one, **given} for one in ids])
            shown = {"shows_offers": True, "changed_at": seed.START}
            await session.execute(insert(DirectoryEntry), [{"person_id": one, **shown} for one in ids])
            await directory_index.index_people(session, ids)

    async def _add_posts(self, start: int, drafts: Sequence[Draft], people: int) -> None:
        async with self.database.writing() as session:
            kinds = dict((await session.execute(select(PostKind.key, PostKind.id))).all())
            posts = [
                {
                    "id": FIRST_POST + start + number, "author_id": FIRST_PERSON + (start + number) % people,
                    "kind_id": kinds[OFFER if number % 2 else REQUEST], "title": draft.title, "body": draft.body,
                    "topics": draft.topics, "language": draft.language, "status": PostStatus.PUBLISHED,
                    "created_at": seed.START, "published_at": seed.START - timedelta(minutes=start + number),
                }
                for number, draft in enumerate(drafts)
            ]  # fmt: skip
            await session.execute(insert(Post), posts)
            await reindex(session, SubjectKind.POST, [FIRST_POST + start + number for number in range(len(drafts))])

    async def compare(self, person_id: int) -> None:
        """As the tick does it: one profile, one transaction."""
        began = time.perf_counter()
        async with self.database.writing() as session:
            context = ReadContext(session, LOCAL, SystemClock(), None, frozenset(), LOCAL.locale)
            await comparing.compare_profile(context, person_id)
        self.compared.append(time.perf_counter() - began)

    async def scan(self, people: int) -> None:
        """What comparing without an index begins with: read what all show, and find the words' stems."""
        began = time.perf_counter()
        async with self.database.reading() as session:
            ids = range(FIRST_PERSON, FIRST_PERSON + people)
            shown = await profile_matching.profiles(session, 0, ids)
        for one in shown:
            stems_of_text(one.offers)
            stems_of_text(one.seeks)
        self.scans.append(time.perf_counter() - began)


@asynccontextmanager
async def stores(folder: Path, extent: Extent) -> AsyncIterator[list[Store]]:
    """Both databases, filled."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(cluster(folder))
        url = await server.create("matches")
        found = []
        for name, address in (("SQLite", f"sqlite:///{folder / 'matches.sqlite3'}"), ("PostgreSQL", url)):
            progress(f"profile matches: {extent.people:,} profiles and {extent.posts:,} posts on {name}")
            database = Database(address)
            stack.push_async_callback(database.close)
            found.append(Store(name, database))
            await found[-1].build(extent)
        await server.vacuum(url)
        yield found


async def measure(folder: Path, extent: Extent) -> list[Table]:
    """Compare the same profiles on both databases in turn, and read all profiles in between."""
    async with stores(folder, extent) as both:
        chosen = random.Random(SEED).sample(range(FIRST_PERSON, FIRST_PERSON + extent.people), extent.compared)
        for number, person in enumerate(chosen):
            for store in both:
                await store.compare(person)
                if number < extent.scans:
                    await store.scan(extent.people)
        for store in both:
            async with store.database.reading() as session:
                store.pairs = (await session.execute(select(func.count(ProfileMatch.id)))).scalar_one()
    table = Table(
        f"One profile against {extent.people:,} profiles and {extent.posts:,} posts",
        ("", "p50 ms", "p99 ms", "pairs found", "reading all profiles, p50 ms", "p50 / reading all"),
    )
    for store in both:
        half = percentile(store.compared, 0.5)
        scan = percentile(store.scans, 0.5)
        table.rows.append(
            (
                store.name,
                milliseconds(half),
                milliseconds(percentile(store.compared, 0.99)),
                str(store.pairs),
                milliseconds(scan),
                times(half / scan),
            )
        )
    table.note(
        f"{extent.compared} profiles, each with its commit, on both databases in turn. The baseline reads what "
        "everybody shows and finds the stems, which comparing without an index begins with; it compares nothing."
    )
    return [table]
