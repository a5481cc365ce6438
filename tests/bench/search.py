"""Figure 4: the search over a hundred thousand posts on both databases, against looking through all texts."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, or_, select

from bot.demo import seed
from handlers.conversation.codes import CodeKeeper
from storage.engine import Database
from storage.enums import PostStatus, SubjectKind
from storage.migrations import upgrade
from storage.models import Person, Post, PostKind
from storage.queries.search import search
from storage.queries.search_index import reindex
from storage.queries.search_kinds import Reader
from tests.bench.generated_posts import KINDS, Draft, Query, generate, queries
from tests.bench.measure import percentile
from tests.bench.postgres import cluster
from tests.bench.tables import Table, milliseconds, per_second, progress, times

SEED = 2018
BATCH = 2_000
"""Posts a transaction, as an import would do."""
PAGE = 5
"""Hits that a page shows."""
WARM_UP = 10
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured.

    Attributes:
        posts: in each database.
        queries: asked of each; fewer when the time is up.
        seconds: time for all queries.
        scans: queries that look through all texts.
        added: posts that are added one by one.
    """

    posts: int
    seconds: float
    queries: int
    scans: int
    added: int


FULL = Extent(posts=100_000, seconds=100, queries=300, scans=12, added=100)
QUICK = Extent(posts=10_000, seconds=20, queries=100, scans=6, added=30)


@dataclass(slots=True)
class Library:
    """One database full of posts.

    Attributes:
        build_seconds: how long it took to write and index all posts.
        latencies: seconds by kind of query.
        hits: found posts by kind of query, all pages.
        scans: seconds of each look through all texts.
        added: seconds to write, index and commit one more post.
    """

    name: str
    database: Database
    build_seconds: float = 0.0
    latencies: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    hits: dict[str, list[int]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    scans: list[float] = field(default_factory=list)
    added: list[float] = field(default_factory=list)
    reader: Reader = field(default_factory=Reader)

    @property
    def all_latencies(self) -> list[float]:
        """Of all kinds."""
        return [one for kind in self.latencies.values() for one in kind]

    async def build(self, extent: Extent) -> None:
        """Write the sample community and so many more posts, each with its entry in the index."""
        await upgrade(self.database)
        async with self.database.writing() as session:
            await seed.fill(session, codes=CodeKeeper())
            author = (await session.execute(select(Person.id).limit(1))).scalar_one()
            kind = (await session.execute(select(PostKind.id).limit(1))).scalar_one()
            first = (await session.execute(select(func.max(Post.id)))).scalar_one() + 1
        self.reader = Reader(person_id=author, member=True, participant=True)
        drafts = generate(extent.posts, SEED)
        while batch := list(islice(drafts, BATCH)):
            began = time.perf_counter()
            posts = [_post(draft, first + number, author, kind) for number, draft in enumerate(batch)]
            async with self.database.writing() as session:
                await session.execute(insert(Post), posts)
                await reindex(session, SubjectKind.POST, [post["id"] for post in posts])
            # Making up the posts is not part of it.
            self.build_seconds += time.perf_counter() - began
            first += len(batch)
        await self._add_some(extent, author, kind)

    async def _add_some(self, extent: Extent, author: int, kind: int) -> None:
        """Publish more posts as the program does, one commit each."""
        async with self.database.writing() as session:
            if not self.database.is_sqlite:
                # Ids were given by hand above.
                sequence = func.pg_get_serial_sequence("posts", "id")
                await session.execute(select(func.setval(sequence, select(func.max(Post.id)).scalar_subquery())))
        for draft in islice(generate(extent.added, SEED + 1), extent.added):
            began = time.perf_counter()
            async with self.database.writing() as session:
                values = _post(draft, 0, author, kind)
                del values["id"]
                post = Post(**values)
                session.add(post)
                await session.flush()
                await reindex(session, SubjectKind.POST, [post.id])
            self.added.append(time.perf_counter() - began)

    async def search(self, query: Query) -> tuple[int, float]:
        """How many posts there are, and seconds."""
        began = time.perf_counter()
        async with self.database.reading() as session:
            found = await search(session, query.words, reader=self.reader, now=seed.START, limit=PAGE)
        return found.total, time.perf_counter() - began

    async def scan(self, query: Query) -> float:
        """Seconds to find a piece of text by looking through all posts."""
        began = time.perf_counter()
        async with self.database.reading() as session:
            holds = or_(Post.title.icontains(query.words), Post.body.icontains(query.words))
            page = select(Post.id, func.count().over()).where(holds).order_by(Post.published_at.desc()).limit(PAGE)
            (await session.execute(page)).all()
        return time.perf_counter() - began


def _post(draft: Draft, post_id: int, author: int, kind: int) -> dict[str, Any]:
    published = seed.START - timedelta(days=1000) + timedelta(minutes=10 * post_id)
    return {
        "id": post_id,
        "author_id": author,
        "kind_id": kind,
        "title": draft.title,
        "body": draft.body,
        "topics": draft.topics,
        "language": draft.language,
        "status": PostStatus.PUBLISHED,
        "created_at": published,
        "published_at": published,
    }


async def measure(folder: Path, extent: Extent) -> list[Table]:
    """Build both libraries, ask both the same questions in turn, and return the tables."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(cluster(folder))
        url = await server.create("search")
        libraries: list[Library] = []
        for name, address, after in (
            (SQLITE, f"sqlite:///{folder / 'search.sqlite3'}", None),
            (POSTGRESQL, url, server.vacuum),
        ):
            database = Database(address)
            stack.push_async_callback(database.close)
            libraries.append(await _built(Library(name, database), extent, address, after))
        await _ask(libraries, queries(extent.queries, extent.posts, SEED), extent)
        return [_latencies(libraries, extent), _building(libraries, extent)]


async def _built(library: Library, extent: Extent, url: str, after: Callable[[str], Awaitable[None]] | None) -> Library:
    progress(f"search: {extent.posts:,} posts on {library.name}")
    await library.build(extent)
    if after is not None:
        began = time.perf_counter()
        await after(url)
        library.build_seconds += time.perf_counter() - began
    return library


async def _ask(libraries: Sequence[Library], asked: Sequence[Query], extent: Extent) -> None:
    progress(f"search: {len(asked)} queries")
    for query in asked[:WARM_UP]:
        for library in libraries:
            await library.search(query)
    end = time.monotonic() + extent.seconds
    for query in asked:
        if time.monotonic() > end:
            break
        for library in libraries:
            hits, seconds = await library.search(query)
            library.latencies[query.kind].append(seconds)
            library.hits[query.kind].append(hits)
    for query in [one for one in asked if one.kind == "one word"][: extent.scans]:
        for library in libraries:
            library.scans.append(await library.scan(query))


def _latencies(libraries: Sequence[Library], extent: Extent) -> Table:
    columns = [f"{library.name} {what}" for library in libraries for what in ("p50 ms", "p99 ms")]
    table = Table(f"Search over {extent.posts:,} posts", ("", "posts found, p50", *columns))
    for kind in KINDS:
        cells = [
            milliseconds(percentile(library.latencies[kind], share)) for library in libraries for share in (0.5, 0.99)
        ]
        table.rows.append((kind, per_second(percentile(libraries[0].hits[kind], 0.5)), *cells))
    everything = [
        milliseconds(percentile(library.all_latencies, share)) for library in libraries for share in (0.5, 0.99)
    ]
    scans = [milliseconds(percentile(library.scans, share)) for library in libraries for share in (0.5, 0.99)]
    ratios = [
        times(percentile(library.all_latencies, share) / percentile(library.scans, share))
        for library in libraries
        for share in (0.5, 0.99)
    ]
    table.rows += [
        ("**all queries**", "", *everything),
        ("baseline: through all texts", "", *scans),
        ("search / baseline", "", *ratios),
    ]
    table.note(
        f"{len(libraries[0].all_latencies)} queries, each asked of both databases in turn: the first page of {PAGE}, "
        f"with excerpts, and the number of all hits. Baseline: {extent.scans} of the single words with LIKE or ILIKE "
        "over all texts."
    )
    return table


def _building(libraries: Sequence[Library], extent: Extent) -> Table:
    table = Table("Building the index", ("", "all posts s", "posts/s", "one more post, p50 ms", "p99 ms"))
    for library in libraries:
        table.rows.append(
            (
                library.name,
                f"{library.build_seconds:.1f}",
                per_second(extent.posts / library.build_seconds),
                milliseconds(percentile(library.added, 0.5)),
                milliseconds(percentile(library.added, 0.99)),
            )
        )
    table.note(
        f"{extent.posts:,} posts written and indexed, {BATCH:,} a transaction (PostgreSQL: with VACUUM ANALYZE); then "
        f"{extent.added} more as the program publishes them, one commit each."
    )
    return table
