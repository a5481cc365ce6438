"""How well the search answers written questions with known right answers, on both databases, beside plain search."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Database
from storage.migrations import upgrade
from tests.bench.postgres import cluster
from tests.bench.search import POSTGRESQL, SQLITE
from tests.bench.tables import Table, progress
from tests.search_quality.judged import (
    MADE_UP,
    Asking,
    Question,
    by_the_baseline,
    by_the_program,
    fill,
    judge,
    prepare_baseline,
    questions,
)

QUICK_MADE_UP = 600
"""Made-up posts in a quick run."""


async def measure(folder: Path, *, quick: bool) -> list[Table]:
    """Fill both databases with the same things, ask both the same questions, and return the table."""
    made_up = QUICK_MADE_UP if quick else MADE_UP
    asked = questions()
    ways: tuple[tuple[str, Asking], ...] = (("search", by_the_program), ("plain search", by_the_baseline))
    table = Table(
        "Questions with known answers",
        ("", "questions", *(f"{name}, {what}" for name, _ in ways for what in ("MRR", "recall@5"))),
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(cluster(folder))
        for name, url in (
            (SQLITE, f"sqlite:///{folder / 'quality.sqlite3'}"),
            (POSTGRESQL, await server.create("quality")),
        ):
            progress(f"search quality: {made_up:,} made-up posts on {name}")
            database = Database(url)
            stack.push_async_callback(database.close)
            await upgrade(database)
            await fill(database, made_up)
            await prepare_baseline(database)
            async with database.reading() as session:
                table.rows.append(await _row(session, f"**{name}, all**", asked, ways))
                for how in sorted({question.how for question in asked}):
                    some = [question for question in asked if question.how == how]
                    table.rows.append(await _row(session, how, some, ways))
                missed = (await judge(session, asked, by_the_program)).missed
            table.note(f"{name}: {len(missed)} without a right answer on the first page.")
    table.note(
        f"Over the sample community and {made_up:,} made-up posts; one sentence in ten of these is the community's. "
        "MRR: the mean of 1 / the rank of the first right answer; recall@5: the share of right answers on the first "
        "page. Plain search: FTS5 with any of the words and bm25 on SQLite, ILIKE with as many of them as possible on "
        "PostgreSQL."
    )
    return [table]


async def _row(
    session: AsyncSession, label: str, asked: Sequence[Question], ways: Sequence[tuple[str, Asking]]
) -> list[str]:
    cells = [label, str(len(asked))]
    for _, asking in ways:
        figures = await judge(session, asked, asking)
        cells += [f"{figures.reciprocal_rank:.2f}", f"{figures.recall:.2f}"]
    return cells
