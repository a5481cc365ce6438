"""The ticks of announcements: what is planned, what is queued batch by batch, what is on its way, who is reminded."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.announcements import rules, service
from handlers.announcements.correcting import remind
from handlers.announcements.drafting import aim
from handlers.announcements.notices import PAUSED
from handlers.announcements.running import announcing, begin_sending, continue_run
from handlers.announcements.sending import ask_for_approval, moment_of, open_from
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify, refresh_card
from storage.engine import Database, lock
from storage.enums import AnnouncementStatus, EventStatus, OutboxState, SubjectKind
from storage.models import Announcement, AuditEntry, CommunityEvent
from storage.queries import announcements as stored
from storage.queries import fan_out, outbox_results
from storage.queries.audience import Target, audience

PUNCTUAL = timedelta(minutes=15)
"""What goes out later than this looks at the sending window again."""
MOST_BATCHES = 200
"""Batches of one run in one tick, so that a long one lets the others have their turn."""


def _context(session: AsyncSession, community: Community, clock: Clock) -> ReadContext:
    return ReadContext(session, community, clock, None, frozenset(), community.locale)


# Batches


async def runs_due(database: Database, community: Community, clock: Clock) -> int:
    """Queue the next batches of whatever is being queued for many, and hold back or call off what still waits.

    Returns how many batches.
    """
    await _hold_back(database, community, clock)
    async with database.reading() as session:
        found = await stored.open_runs(session)
    done = 0
    for run_id in found:
        for _ in range(MOST_BATCHES):
            async with database.writing() as session:
                more = await continue_run(_context(session, community, clock), run_id)
            done += more
            if not more:
                break
    return done


WRONG: Mapping[AnnouncementStatus, Sequence[OutboxState]] = {
    AnnouncementStatus.SENDING: [OutboxState.HELD],
    AnnouncementStatus.PAUSED: [OutboxState.QUEUED],
    AnnouncementStatus.STOPPED: outbox_results.WAITING,
    AnnouncementStatus.WITHDRAWN: outbox_results.WAITING,
}
"""The states that a recipient must not be in for long while the announcement has a status."""


async def _hold_back(database: Database, community: Community, clock: Clock) -> None:
    """What a press on pause, resume or stop began with the first rows is done with the others."""
    async with database.reading() as session:
        found = [
            row.id
            for row in await stored.unfinished(session)
            if await outbox_results.any_in(session, row.id, WRONG.get(row.status, ()))
        ]
    for announcement_id in found:
        moved = outbox_results.MOVED_AT_ONCE
        while moved == outbox_results.MOVED_AT_ONCE:
            async with database.writing() as session:
                ctx = _context(session, community, clock)
                row = await lock(session, Announcement, Announcement.id, announcement_id)
                moved = await _put_right(ctx, row) if row is not None else 0


async def _put_right(ctx: ReadContext, row: Announcement) -> int:
    match row.status:
        case AnnouncementStatus.SENDING:
            return await outbox_results.release(ctx.session, row.id, now=ctx.now)
        case AnnouncementStatus.PAUSED:
            return await outbox_results.hold(ctx.session, row.id)
        case AnnouncementStatus.STOPPED | AnnouncementStatus.WITHDRAWN:
            return await outbox_results.cancel_waiting(ctx.session, row.id, now=ctx.now)
        case _:
            return 0


# Plans


async def plans_due(database: Database, community: Community, clock: Clock) -> int:
    """Send what has come to its moment, and move what goes by an event that has moved. Returns how many."""
    async with database.reading() as session:
        found = [row.id for row, _, _ in await stored.planned(session)]
    changed = 0
    for announcement_id in found:
        async with database.writing() as session:
            changed += await _look_at_plan(_context(session, community, clock), announcement_id)
    return changed


async def _look_at_plan(ctx: ReadContext, announcement_id: int) -> bool:
    row = await lock(ctx.session, Announcement, Announcement.id, announcement_id)
    if row is None or row.status is not AnnouncementStatus.PLANNED:
        return False
    plan = await stored.plan_of(ctx.session, row.id)
    before = plan.send_at
    if plan.event_id is not None:
        event = await ctx.session.get(CommunityEvent, plan.event_id)
        too_late = event is not None and plan.event_minutes < 0 and event.starts_at <= ctx.now
        if event is None or event.status is not EventStatus.PUBLISHED or too_late:
            await _unplan(ctx, row)
            return True
        plan.send_at = (await moment_of(ctx, row, plan)).at
    elif plan.send_at is not None and not plan.any_time and ctx.now - plan.send_at > PUNCTUAL:
        # The program was not running at that moment: late, but not in the night.
        plan.send_at = await open_from(ctx, row, ctx.now)
    if plan.send_at is None or plan.send_at > ctx.now:
        return plan.send_at != before
    reach = (await aim(ctx, row)).reach
    people = reach.people
    if not reach.readers:
        await _unplan(ctx, row)
        return True
    above = ctx.community.announcing.second_approval_above
    in_trial = await stored.in_trial(ctx.session)
    if not in_trial and rules.needs_approval(reach.readers, above=above, approved_for=plan.approved_for):
        plan.send_at = None
        await ask_for_approval(ctx, row, plan, people)
    else:
        await begin_sending(ctx, row, people)
    return True


async def _unplan(ctx: ReadContext, row: Announcement) -> None:
    """Nobody is left to get it, or its event is off: a draft again, and its sender is told."""
    plan = await stored.plan_of(ctx.session, row.id)
    row.status, plan.send_at = AnnouncementStatus.DRAFT, None
    service.audit(ctx, "unplanned", row)
    await notify(
        ctx,
        plan.asked_by_id or row.author_id,
        service.UNPLANNED,
        dedup=f"annunplan:{row.id}:{int(ctx.now.timestamp())}",
        data={"announcement": row.id},
    )


# Reminders to confirm, and those who join later


async def chases_due(database: Database, community: Community, clock: Clock) -> int:
    """Remind, once and by itself, those who have not confirmed in time. Returns for how many announcements."""
    async with database.reading() as session:
        found = await stored.to_chase_by_itself(session, clock.now())
    for announcement_id in found:
        async with database.writing() as session:
            ctx = _context(session, community, clock)
            row = await lock(session, Announcement, Announcement.id, announcement_id)
            if row is not None and row.chases == 0 and row.status is not AnnouncementStatus.WITHDRAWN:
                await remind(ctx, row)
    return len(found)


async def late_joiners_due(database: Database, community: Community, clock: Clock) -> int:
    """Send to those who have joined since what still matters. Returns to how many."""
    async with database.reading() as session:
        found = [row.id for row in await stored.still_welcoming(session, clock.now())]
    queued = 0
    for announcement_id in found:
        cursor = 0
        while True:
            async with database.writing() as session:
                ctx = _context(session, community, clock)
                row = await lock(session, Announcement, Announcement.id, announcement_id)
                if row is None or row.started_at is None or row.joins_until is None:
                    break
                conditions = [
                    *audience(Target.of(row)),
                    *stored.joined_since(row.id, row.started_at, row.joins_until),
                ]
                batch = await fan_out.queue_for_people(session, conditions, announcing(row), after=cursor, now=ctx.now)
                if batch.queued:
                    row.recipients += batch.queued
                    row.status, row.finished_at = AnnouncementStatus.SENDING, None
            queued += batch.queued
            if not batch.more:
                break
            cursor = batch.last
    return queued


# Progress


async def progress_due(database: Database, community: Community, clock: Clock) -> int:
    """Look at every announcement that is not settled.

    Its cards are edited where something changed; what a retry put into the queue while it was paused is held back;
    where too much fails it is paused; and when nothing is left it is closed. Returns how many had changed.
    """
    async with database.reading() as session:
        changed = [
            row.id
            for row in await stored.unfinished(session)
            if _seen(row.status, await outbox_results.counts(session, row.id)) != row.shown
        ]
    for announcement_id in changed:
        async with database.writing() as session:
            await _look(_context(session, community, clock), announcement_id)
    return len(changed)


def _seen(status: AnnouncementStatus, counts: dict[OutboxState, int]) -> dict[str, object]:
    return {"status": status.value, **{state.value: number for state, number in sorted(counts.items())}}


async def _look(ctx: ReadContext, announcement_id: int) -> None:
    row = await lock(ctx.session, Announcement, Announcement.id, announcement_id)
    if row is None or row.finished_at is not None:
        return
    if row.status is AnnouncementStatus.SENDING:
        await _pause_if_failing(ctx, row)
    if row.status is not AnnouncementStatus.SENDING:
        await _put_right(ctx, row)
    counts = await outbox_results.counts(ctx.session, row.id)
    result = rules.totals(counts)
    row.status = rules.status_now(row.status, result, queueing=await stored.is_queueing(ctx.session, row.id))
    if rules.is_finished(row.status, result):
        row.finished_at = ctx.now
    row.shown = _seen(row.status, counts)
    await ctx.session.flush()
    await refresh_card(ctx, service.card_of(row.id))


async def _pause_if_failing(ctx: ReadContext, row: Announcement) -> None:
    since = row.resumed_at or row.created_at
    latest = await outbox_results.latest_results(ctx.session, row.id, since=since, most=rules.FAILURE_WINDOW)
    if not rules.pauses_itself(latest):
        return
    held = await outbox_results.hold(ctx.session, row.id)
    if not held and not await stored.is_queueing(ctx.session, row.id):
        return  # nothing is left to hold back
    failed = sum(state is OutboxState.FAILED for state in latest)
    row.status = AnnouncementStatus.PAUSED
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=None,
            action="announcement.paused",
            subject_kind=SubjectKind.ANNOUNCEMENT,
            subject_id=row.id,
            reason=f"{failed} of the last {len(latest)} failed",
        )
    )
    await notify(
        ctx,
        row.author_id,
        PAUSED,
        dedup=f"annpause:{row.id}:{int(since.timestamp())}",
        data={"announcement": row.id, "failed": failed},
    )
