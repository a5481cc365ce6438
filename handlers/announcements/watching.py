"""How far an announcement got; held, let go, stopped, sent again; and the export of every result."""

from handlers.announcements import rules
from handlers.announcements.progress_screens import NAMES_A_PAGE, ROWS_A_PAGE, Listed, Results, Shown
from handlers.announcements.service import EXPORT, audit, find, locked, refresh
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.notify import notify
from storage.enums import BEGUN_ANNOUNCEMENTS, AnnouncementStatus, OutboxState, RunPurpose
from storage.models import Announcement
from storage.queries import announcements as stored
from storage.queries import outbox_results
from storage.queries.announcements import UNSENT

UNSENT_SHOWN = 10


async def shown(ctx: ReadContext, row: Announcement) -> Shown:
    """Everything that the live card says: one statement, and another where something failed."""
    sending = row.status is AnnouncementStatus.SENDING
    since = max(ctx.now - rules.PACE_WINDOW, row.resumed_at or ctx.now) if sending else None
    progress = await outbox_results.progress(ctx.session, row.id, since=since)
    result = rules.totals(progress.counts)
    to_queue = 0
    if row.status in BEGUN_ANNOUNCEMENTS and await stored.is_queueing(ctx.session, row.id):
        to_queue = max(0, row.recipients - result.all)
    left = None
    if sending:
        left = rules.time_left(result.waiting + to_queue, progress.settled, progress.first, progress.last)
    failed = rules.failures(await outbox_results.failures(ctx.session, row.id)) if result.failed else rules.Failures()
    confirmed = 0
    if row.asks_ack:
        confirmed = await stored.count_people(ctx.session, [stored.tapped(row.id)])
    return Shown(row, result, failed, left, to_queue, confirmed, await _follow_up(ctx, row))


async def _follow_up(ctx: ReadContext, row: Announcement) -> dict[RunPurpose, tuple[int, int]]:
    """How many copies were corrected or deleted, and how many could not be deleted any more."""
    found: dict[RunPurpose, tuple[int, int]] = {}
    for purpose in (RunPurpose.CORRECT, RunPurpose.WITHDRAW):
        if (row.version and purpose is RunPurpose.CORRECT) or row.status is AnnouncementStatus.WITHDRAWN:
            run = await stored.run_of(ctx.session, row.id, purpose)
            if run is not None:
                found[purpose] = (run.queued, run.skipped)
    return found


async def results(ctx: ReadContext, row: Announcement, page: int) -> Results:
    """What became of every recipient, with a page of those not reached."""
    counts = await outbox_results.counts(ctx.session, row.id)
    unreached = sum(counts.get(state, 0) for state in outbox_results.NOT_REACHED)
    pages = max(1, -(-unreached // NAMES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    names = await outbox_results.not_reached(ctx.session, row.id, offset=page * NAMES_A_PAGE, most=NAMES_A_PAGE)
    failed = counts.get(OutboxState.FAILED)
    worth = await outbox_results.count_worth_retrying(ctx.session, row.id) if failed else 0
    reasons = rules.failures(await outbox_results.failures(ctx.session, row.id)) if failed else rules.Failures()
    return Results(row, rules.totals(counts), names, page, pages, worth_retrying=worth, failed=reasons)


async def begun(ctx: ReadContext, announcement_id: int) -> Announcement:
    """An announcement that has begun to go out.

    Raises:
        Refusal: it is gone, or has not.
    """
    row = await find(ctx, announcement_id)
    if row.status in UNSENT:
        raise Refusal(ctx.t("It has not been sent yet."))
    return row


async def listed(ctx: ReadContext, page: int) -> Listed:
    """A page of announcements, with the latest of those that wait to be sent."""
    number = await stored.count_announcements(ctx.session, unsent=False)
    pages = max(1, -(-number // ROWS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    return Listed(
        await stored.announcements(ctx.session, unsent=True, most=UNSENT_SHOWN),
        await stored.announcements(ctx.session, unsent=False, offset=page * ROWS_A_PAGE, most=ROWS_A_PAGE),
        page,
        pages,
        trial=await stored.in_trial(ctx.session),
    )


# Holding, going on, stopping, sending again


async def pause(ctx: Context, announcement_id: int) -> Announcement:
    """Hold back what is not on its way yet."""
    row = await locked(ctx, announcement_id)
    if row.status is AnnouncementStatus.SENDING:
        await outbox_results.hold(ctx.session, row.id)
        row.status = AnnouncementStatus.PAUSED
        audit(ctx, "paused", row)
        await refresh(ctx, row)
    return row


async def resume(ctx: Context, announcement_id: int) -> Announcement:
    """Go on with what was held back."""
    row = await locked(ctx, announcement_id)
    if row.status is AnnouncementStatus.PAUSED:
        await outbox_results.release(ctx.session, row.id, now=ctx.now)
        row.status = AnnouncementStatus.SENDING
        row.resumed_at = ctx.now
        audit(ctx, "resumed", row)
        await refresh(ctx, row)
    return row


async def stop(ctx: Context, announcement_id: int) -> Announcement:
    """Never send what is not on its way yet."""
    row = await locked(ctx, announcement_id)
    if row.status in {AnnouncementStatus.SENDING, AnnouncementStatus.PAUSED}:
        number = await outbox_results.count_waiting(ctx.session, row.id)
        await outbox_results.cancel_waiting(ctx.session, row.id, now=ctx.now)
        row.status = AnnouncementStatus.STOPPED
        audit(ctx, "stopped", row, f"{number}")
        await refresh(ctx, row)
    return row


async def _send_again(ctx: Context, announcement_id: int, state: OutboxState) -> tuple[Announcement, int]:
    row = await locked(ctx, announcement_id)
    if row.status not in {AnnouncementStatus.SENDING, AnnouncementStatus.DONE}:
        raise Refusal(ctx.t("It is paused, stopped or withdrawn. Resume it first, or write a new one."))
    if state is OutboxState.FAILED:
        number = await outbox_results.requeue_failed(ctx.session, row.id, now=ctx.now)
    else:
        number = await outbox_results.requeue_uncertain(ctx.session, row.id, now=ctx.now)
    if number:
        row.status = AnnouncementStatus.SENDING
        row.resumed_at, row.finished_at = ctx.now, None
        audit(ctx, "retried" if state is OutboxState.FAILED else "resent", row, f"{number}")
        await refresh(ctx, row)
    return row, number


async def retry_failed(ctx: Context, announcement_id: int) -> tuple[Announcement, int]:
    """Try again where it failed and an address reaches the person now. Returns for how many.

    Raises:
        Refusal: it is paused or stopped.
    """
    return await _send_again(ctx, announcement_id, OutboxState.FAILED)


async def resend_uncertain(ctx: Context, announcement_id: int) -> tuple[Announcement, int]:
    """Send to those of whom nobody knows whether it arrived. Returns to how many.

    Raises:
        Refusal: it is paused or stopped.
    """
    return await _send_again(ctx, announcement_id, OutboxState.UNCERTAIN)


async def export(ctx: Context, announcement_id: int, form: str) -> Announcement:
    """Have every result written into a file, which comes as a message of its own; noted, since it names people."""
    row = await begun(ctx, announcement_id)
    audit(ctx, "exported", row, form)
    await notify(
        ctx,
        ctx.me.id,
        EXPORT,
        dedup=f"annexport:{row.id}:{ctx.me.id}:{form}:{int(ctx.now.timestamp()) // 10}",
        data={"announcement": row.id, "form": form},
    )
    return row
