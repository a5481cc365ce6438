"""Queueing for many in batches: nobody twice, nobody lost, whatever stops it half-way."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from handlers.announcements.jobs import progress_due, runs_due
from handlers.announcements.rules import Wording
from storage.engine import Database
from storage.enums import AnnouncementStatus, Locale, OutboxOp, OutboxState, Platform, RunPurpose
from storage.models import AnnouncementRun, CardCopy, OutboxMessage
from storage.queries import fan_out, outbox_results
from tests.handlers.announcements.factories import COMMUNITY, START
from tests.handlers.announcements.test_sending import Office

NEW = {Locale.ITALIAN: Wording("Nuovo", "Testo"), Locale.ENGLISH: Wording("New", "Text")}


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_out, "BATCH", 3)
    monkeypatch.setattr(outbox_results, "MOVED_AT_ONCE", 4)


async def run(office: Office) -> AnnouncementRun:
    async with office.database.reading() as session:
        return (
            await session.execute(select(AnnouncementRun).where(AnnouncementRun.purpose == RunPurpose.SEND))
        ).scalar_one()


async def persons(office: Office) -> list[int]:
    async with office.database.reading() as session:
        statement = select(OutboxMessage.person_id).where(OutboxMessage.announcement_id == office.id)
        return sorted(one for one in (await session.execute(statement)).scalars() if one is not None)


async def test_the_press_queues_one_batch_and_the_tick_the_others(database: Database) -> None:
    office = await Office.open(database, 10)
    await office.send()
    assert 0 < len(await persons(office)) <= 3
    assert await progress_due(database, COMMUNITY, office.clock) == 1
    assert (await office.row()).status is AnnouncementStatus.SENDING, "not done while some are not queued"
    await runs_due(database, COMMUNITY, office.clock)
    assert await persons(office) == sorted(office.people)
    assert (await run(office)).finished_at is not None
    assert (await office.row()).recipients == 10


async def test_two_processes_at_once_and_a_kill_between_batches_queue_nobody_twice(database: Database) -> None:
    office = await Office.open(database, 20)
    await office.send()
    await asyncio.gather(*(runs_due(database, COMMUNITY, office.clock) for _ in range(4)))
    assert await persons(office) == sorted(office.people)
    # As if the commit of the cursor had been lost, with rows in the queue.
    async with database.writing() as session:
        await session.execute(update(AnnouncementRun).values(cursor=0, finished_at=None))
    await runs_due(database, COMMUNITY, office.clock)
    assert await persons(office) == sorted(office.people)


async def test_paused_it_queues_no_further(database: Database) -> None:
    office = await Office.open(database, 12)
    await office.send()
    first = len(await persons(office))
    await office.does("pause")
    await runs_due(database, COMMUNITY, office.clock)
    assert len(await persons(office)) == first
    await office.does("resume")
    await runs_due(database, COMMUNITY, office.clock)
    assert await office.states() == {OutboxState.QUEUED: 12}


async def test_stopped_it_queues_nobody_else(database: Database) -> None:
    office = await Office.open(database, 12)
    await office.send()
    await office.does("stop")
    await runs_due(database, COMMUNITY, office.clock)
    assert set(await office.states()) == {OutboxState.CANCELLED}
    assert len(await persons(office)) <= 3
    assert (await run(office)).finished_at is not None


async def test_many_are_held_let_go_and_called_off_in_steps(database: Database) -> None:
    office = await Office.open(database, 15)
    await office.send()
    await runs_due(database, COMMUNITY, office.clock)
    await office.does("pause")
    assert await office.states() == {OutboxState.HELD: 4, OutboxState.QUEUED: 11}
    async with database.reading() as session:
        held = select(func.max(OutboxMessage.id)).where(OutboxMessage.state == OutboxState.HELD)
        queued = select(func.min(OutboxMessage.id)).where(OutboxMessage.state == OutboxState.QUEUED)
        assert (await session.execute(held)).scalar_one() < (await session.execute(queued)).scalar_one()
    await runs_due(database, COMMUNITY, office.clock)
    assert await office.states() == {OutboxState.HELD: 15}
    await office.does("resume")
    await runs_due(database, COMMUNITY, office.clock)
    assert await office.states() == {OutboxState.QUEUED: 15}
    await office.does("stop")
    await runs_due(database, COMMUNITY, office.clock)
    assert await office.states() == {OutboxState.CANCELLED: 15}


async def settle(office: Office, state: OutboxState, *, but: int = 0) -> None:
    """As the sender would have it, one left on its way where asked for."""
    async with office.database.writing() as session:
        rows = await session.execute(
            select(OutboxMessage).where(OutboxMessage.announcement_id == office.id).order_by(OutboxMessage.id)
        )
        for number, row in enumerate(rows.scalars()):
            on_its_way = number < but
            row.state = OutboxState.SENDING if on_its_way else state
            row.claimed_at = office.clock.now()
            row.message_id = "" if on_its_way else f"m{row.id}"
            row.finished_at = None if on_its_way else office.clock.now()


async def edits(office: Office) -> int:
    async with office.database.reading() as session:
        statement = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.op == OutboxOp.EDIT)
        return (await session.execute(statement)).scalar_one()


async def test_a_correction_waits_for_what_was_drawn_before_it(database: Database) -> None:
    office = await Office.open(database, 7)
    await office.send()
    await runs_due(database, COMMUNITY, office.clock)
    await settle(office, OutboxState.SENT, but=1)
    office.clock.advance(timedelta(minutes=2))
    await office.does("correct", NEW)
    await runs_due(database, COMMUNITY, office.clock)
    assert await edits(office) == 0
    async with database.writing() as session:
        await session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == OutboxState.SENDING)
            .values(state=OutboxState.SENT, message_id="late", finished_at=office.clock.now())
        )
    for _ in range(3):
        await runs_due(database, COMMUNITY, office.clock)
    assert await edits(office) == 7
    await office.does("correct", {**NEW, Locale.ENGLISH: Wording("Newer", "Text")})
    for _ in range(3):
        await runs_due(database, COMMUNITY, office.clock)
    assert await edits(office) == 7, "a copy has one edit waiting at most"
    async with database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(CardCopy))).scalar_one() == 7


async def test_a_withdrawal_deletes_what_is_young_and_redraws_what_is_old(database: Database) -> None:
    office = await Office.open(database, 8)
    await office.send()
    await runs_due(database, COMMUNITY, office.clock)
    await settle(office, OutboxState.SENT)
    async with database.writing() as session:
        rows = (await session.execute(select(OutboxMessage).order_by(OutboxMessage.id))).scalars().all()
        for row in rows[:3]:
            row.finished_at = START - timedelta(hours=49)
        rows[4].platform = Platform.WEB
        rows[4].finished_at = START - timedelta(days=30)
    await office.does("withdraw")
    for _ in range(3):
        await runs_due(database, COMMUNITY, office.clock)
    async with database.reading() as session:
        found = await session.execute(select(OutboxMessage.op, func.count()).group_by(OutboxMessage.op))
        assert dict(found.all()) == {OutboxOp.SEND: 8, OutboxOp.DELETE: 5, OutboxOp.EDIT: 3}


async def test_reminders_go_to_who_has_it_and_has_not_confirmed(database: Database) -> None:
    office = await Office.open(database, 8)
    async with database.writing() as session:
        row = await session.get_one(type(await office.row()), office.id)
        row.asks_ack = True
    await office.send()
    await runs_due(database, COMMUNITY, office.clock)
    await office.set_states([OutboxState.SENT] * 4 + [OutboxState.FAILED] * 2 + [OutboxState.UNCERTAIN] * 2)
    assert (await office.does("chase", 0))[1] is True  # type: ignore[index]  # the announcement, and whether
    assert (await office.does("chase", 0))[1] is False  # type: ignore[index]  # as above
    await runs_due(database, COMMUNITY, office.clock)
    async with database.reading() as session:
        reminded = select(func.count()).where(OutboxMessage.kind == "announcement_chase")
        assert (await session.execute(reminded)).scalar_one() == 6
