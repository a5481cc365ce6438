"""The tick that watches announcements on their way."""

from handlers.announcements import rules, service
from handlers.announcements.notices import PAUSED
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify, refresh_card
from storage.engine import Database, lock
from storage.enums import AnnouncementStatus, OutboxState, SubjectKind
from storage.models import Announcement, AuditEntry
from storage.queries import announcements as stored


async def progress_due(database: Database, community: Community, clock: Clock) -> int:
    """Look at every announcement that is not settled.

    Its cards are edited where something changed; what a retry put into the queue while it was paused is held back;
    where too much fails it is paused; and when nothing is left it is closed. Returns how many had changed.
    """
    async with database.reading() as session:
        changed = [
            row.id
            for row in await stored.unfinished(session)
            if _seen(row.status, await stored.counts(session, row.id)) != row.shown
        ]
    for announcement_id in changed:
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            await _look(ctx, announcement_id)
    return len(changed)


def _seen(status: AnnouncementStatus, counts: dict[OutboxState, int]) -> dict[str, object]:
    return {"status": status.value, **{state.value: number for state, number in sorted(counts.items())}}


async def _look(ctx: ReadContext, announcement_id: int) -> None:
    row = await lock(ctx.session, Announcement, Announcement.id, announcement_id)
    if row is None or row.finished_at is not None:
        return
    if row.status is AnnouncementStatus.SENDING:
        await _pause_if_failing(ctx, row)
    if row.status is AnnouncementStatus.PAUSED:
        await stored.hold(ctx.session, row.id)
    elif row.status is AnnouncementStatus.STOPPED:
        await stored.cancel_waiting(ctx.session, row.id, now=ctx.now)
    counts = await stored.counts(ctx.session, row.id)
    result = rules.totals(counts)
    row.status = rules.status_now(row.status, result)
    if rules.is_finished(row.status, result):
        row.finished_at = ctx.now
    row.shown = _seen(row.status, counts)
    await ctx.session.flush()
    await refresh_card(ctx, service.card_of(row.id))


async def _pause_if_failing(ctx: ReadContext, row: Announcement) -> None:
    since = row.resumed_at or row.created_at
    latest = await stored.latest_results(ctx.session, row.id, since=since, most=rules.FAILURE_WINDOW)
    if not rules.pauses_itself(latest):
        return
    held = await stored.hold(ctx.session, row.id)
    if not held:
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
