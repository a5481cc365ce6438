"""Figure 4: an announcement queued for many, looked at while it is going out, and stopped."""

import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from handlers.announcements import running
from handlers.conversation.clock import SystemClock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.privacy_notice import NOTICE_VERSION
from handlers.router import load_features
from handlers.staff.vocabulary import ensure_vocabulary
from storage.engine import Database, count
from storage.enums import (
    AnnouncementStatus,
    DigestFrequency,
    Locale,
    OrganisationCategory,
    OutboxState,
    PersonStatus,
    Platform,
)
from storage.migrations import upgrade
from storage.models import Account, Announcement, Organisation, OutboxMessage, Person
from storage.queries import announcements as stored
from storage.queries import outbox_results
from tests.bench.measure import percentile
from tests.bench.postgres import cluster
from tests.bench.tables import Table, milliseconds, progress

QUICK = (2_000,)
FULL = (10_000, 100_000)
ROWS_AT_ONCE = 5_000
LOOKS = 50


async def measure(folder: Path, extent: tuple[int, ...]) -> list[Table]:
    """For each number of recipients, on both databases."""
    load_features()
    table = Table(
        "An announcement to many",
        (
            "",
            "queued in s",
            "people/s",
            "longest transaction ms",
            "progress p50 ms",
            "progress p99 ms",
            "stopping, longest transaction ms",
            "stopped in ms",
        ),
    )
    table.note(
        "Queued batch by batch, each in a transaction of its own; the first belongs to the press on the button. "
        f"Progress is what the live card asks, {LOOKS} times. Stopping cancels all that waits, "
        f"{outbox_results.MOVED_AT_ONCE:,} in a transaction."
    )
    async with cluster(folder) as server:
        for people in extent:
            for store in ("SQLite", "PostgreSQL"):
                progress(f"fan-out: {people} people on {store}")
                name = f"fan_out_{people}"
                url = f"sqlite:///{folder / name}.sqlite3" if store == "SQLite" else await server.create(name)
                table.rows.append((f"{people:,} people, {store}", *await _one(url, people)))
    return [table]


async def _one(url: str, people: int) -> tuple[str, ...]:
    database, clock, community = Database(url), SystemClock(), Community("Banco di prova")
    await upgrade(database)
    announcement_id = await _filled(database, people)
    longest, began = 0.0, time.perf_counter()
    async with database.writing() as session:
        row = await session.get_one(Announcement, announcement_id)
        ctx = ReadContext(session, community, clock, None, frozenset(), Locale.ITALIAN)
        await running.begin_sending(ctx, row, people)
    longest = time.perf_counter() - began
    while True:
        batch = time.perf_counter()
        async with database.reading() as session:
            runs = await stored.open_runs(session)
        if not runs:
            break
        await _batch(database, community, clock, runs[0])
        longest = max(longest, time.perf_counter() - batch)
    seconds = time.perf_counter() - began
    async with database.reading() as session:
        queued = await count(session, OutboxMessage.state == OutboxState.QUEUED, of=OutboxMessage)
    if queued != people:
        raise RuntimeError(f"{queued} rows for {people} people")
    looks: list[float] = []
    for _ in range(LOOKS):
        look = time.perf_counter()
        async with database.reading() as session:
            await outbox_results.progress(session, announcement_id)
        looks.append(time.perf_counter() - look)
    stopped, longest_stop = await _stopped(database, clock, announcement_id, people)
    await database.close()
    return (
        f"{seconds:.2f}",
        f"{people / seconds:,.0f}",
        milliseconds(longest),
        milliseconds(percentile(looks, 0.5)),
        milliseconds(percentile(looks, 0.99)),
        milliseconds(longest_stop),
        milliseconds(stopped),
    )


async def _stopped(database: Database, clock: SystemClock, announcement_id: int, people: int) -> tuple[float, float]:
    """Seconds until nothing waits any more, and of the longest of its transactions: as a press and the tick do it."""
    cancelled, longest, began = 0, 0.0, time.perf_counter()
    while cancelled < people:
        batch = time.perf_counter()
        async with database.writing() as session:
            moved = await outbox_results.cancel_waiting(session, announcement_id, now=clock.now())
        longest = max(longest, time.perf_counter() - batch)
        if not moved:
            raise RuntimeError(f"{cancelled} of {people} rows cancelled")
        cancelled += moved
    return time.perf_counter() - began, longest


async def _batch(database: Database, community: Community, clock: SystemClock, run_id: int) -> None:
    """One batch, as the tick does it."""
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), Locale.ITALIAN)
        await running.continue_run(ctx, run_id)


async def _filled(database: Database, people: int) -> int:
    now = datetime.now(UTC)
    async with database.writing() as session:
        await ensure_vocabulary(session)
        house = Organisation(name="Banco di prova", category=OrganisationCategory.COMPANY)
        session.add(house)
        await session.flush()
        for start in range(0, people, ROWS_AT_ONCE):
            numbers = range(start, min(start + ROWS_AT_ONCE, people))
            rows = [
                {
                    "status": PersonStatus.MEMBER,
                    "name": f"Persona {number}",
                    "organisation_id": house.id,
                    "locale": Locale.ITALIAN if number % 3 else Locale.ENGLISH,
                    "notice_version": NOTICE_VERSION,
                    "notice_accepted_at": now,
                    "created_at": now,
                    "joined_at": now,
                    "digest_frequency": DigestFrequency.OFF,
                }
                for number in numbers
            ]
            await session.execute(insert(Person), rows)
        ids = (await session.execute(select(Person.id).order_by(Person.id))).scalars().all()
        for start in range(0, len(ids), ROWS_AT_ONCE):
            accounts = [
                {
                    "platform": Platform.TELEGRAM,
                    "account": "1",
                    "user": str(one),
                    "chat": str(one),
                    "person_id": one,
                    "last_acted_at": now,
                }
                for one in ids[start : start + ROWS_AT_ONCE]
            ]
            await session.execute(insert(Account), accounts)
        await stored.end_trial(session, None, now)
        row = Announcement(
            author_id=ids[0],
            title_it="Missione a Tel Aviv",
            text_it="Domani alle 9 si aprono le iscrizioni.",
            fallback=Locale.ITALIAN,
            status=AnnouncementStatus.DRAFT,
            created_at=now,
        )
        session.add(row)
        await session.flush()
        return row.id
