"""Queueing for many people, batch by batch: the announcement, its reminders, its corrections and its withdrawal.

What begins here is a row (:class:`~storage.models.AnnouncementRun`) and its first batch; a tick does the others, each
in a short transaction of its own, so that a kill loses none and nobody who presses a button waits.
"""

from datetime import timedelta

from handlers.announcements import rules
from handlers.announcements.service import CHASE, CORRECTED, NOTICE, audit, copy_of
from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import ReadContext
from handlers.conversation.notify import CARD, post_card
from storage.engine import lock
from storage.enums import AnnouncementStatus, ChannelPost, Priority, RunPurpose
from storage.models import Announcement, AnnouncementRun
from storage.queries import announcements as stored
from storage.queries import fan_out
from storage.queries.announcements import tapped_before, to_be_chased
from storage.queries.audience import Target, audience
from storage.queries.fan_out import Batch, Condition, Mailing
from storage.queries.outbox import edit_key

OVER = frozenset({AnnouncementStatus.STOPPED, AnnouncementStatus.WITHDRAWN})
"""Nothing more is queued of these."""


def mailing(kind: str, row: Announcement, dedup: str, *, counted: bool = False) -> Mailing:
    """What is queued of a notice about an announcement; ``counted``: the rows are its recipients' results."""
    spec = REGISTRY.notices[kind]
    return Mailing(
        kind=kind,
        data={"announcement": row.id},
        priority=spec.priority,
        again=spec.again,
        useful_for=spec.useful_for,
        dedup=dedup,
        announcement_id=row.id if counted else None,
    )


def announcing(row: Announcement) -> Mailing:
    """The announcement itself; its key is the person's, so nobody gets it twice, late joiners included."""
    return mailing(NOTICE, row, f"ann:{row.id}:", counted=True)


def _redrawing(row: Announcement) -> Mailing:
    """An edit of a copy: of the rank of announcements, so that replies and reminders overtake a correction."""
    return Mailing(
        kind=CARD,
        data={"card": str(copy_of(row.id))},
        priority=Priority.ANNOUNCEMENT,
        again=True,
        useful_for=None,
        dedup=edit_key(0).removesuffix("0"),
    )


def withdrawal_mark(announcement_id: int) -> str:
    """What the rows that delete an announcement carry, by which they are counted."""
    return f"withdrawn:{announcement_id}"


async def begin_sending(ctx: ReadContext, row: Announcement, people: int) -> None:
    """Queue an announcement: the first batch in this transaction, the others by the tick."""
    row.trial = await stored.in_trial(ctx.session)
    row.status = AnnouncementStatus.SENDING
    row.recipients = people
    row.started_at = row.resumed_at = ctx.now
    audit(ctx, "sent", row, f"{people}")
    await ctx.session.flush()
    if row.channel is not ChannelPost.NONE and not row.trial:
        for channel in ctx.community.channels:
            key = f"annchannel:{row.id}:{channel.platform}:{channel.chat}"
            await post_card(ctx, copy_of(row.id), channel, dedup=key[:80])
    await carry_on(ctx, await stored.begin_run(ctx.session, row.id, RunPurpose.SEND, now=ctx.now), row)


async def begin(ctx: ReadContext, row: Announcement, purpose: RunPurpose, number: int) -> None:
    """Begin another run, with its first batch."""
    await ctx.session.flush()
    await carry_on(ctx, await stored.begin_run(ctx.session, row.id, purpose, number=number, now=ctx.now), row)


async def carry_on(ctx: ReadContext, run: AnnouncementRun, row: Announcement) -> bool:
    """Do the next batch of a run. Returns whether there may be another one now."""
    if run.finished_at is not None:
        return False
    match run.purpose:
        case RunPurpose.SEND:
            return await _send(ctx, run, row)
        case RunPurpose.CHASE:
            dedup = f"annchase:{row.id}:{run.number}:"
            conditions = to_be_chased(row.id)
            return await _people(ctx, run, conditions, mailing(CHASE, row, dedup))
        case RunPurpose.NOTE:
            dedup = f"annfixed:{row.id}:{run.number}:"
            conditions = [tapped_before(row.id, run.number)]
            return await _people(ctx, run, conditions, mailing(CORRECTED, row, dedup))
        case RunPurpose.COPIES:
            return await _copies(ctx, run, row)
        case RunPurpose.CORRECT:
            card = str(copy_of(row.id))
            batch = await fan_out.redraw_copies(ctx.session, _redrawing(row), card, after=run.cursor, now=ctx.now)
            return _note(ctx, run, batch)
        case RunPurpose.WITHDRAW:
            return await _withdraw(ctx, run, row)


def _note(ctx: ReadContext, run: AnnouncementRun, batch: Batch) -> bool:
    run.cursor = batch.last
    run.queued += batch.queued
    if not batch.more:
        run.finished_at = ctx.now
    return batch.more


async def _people(ctx: ReadContext, run: AnnouncementRun, conditions: list[Condition], what: Mailing) -> bool:
    batch = await fan_out.queue_for_people(ctx.session, conditions, what, after=run.cursor, now=ctx.now)
    return _note(ctx, run, batch)


async def _send(ctx: ReadContext, run: AnnouncementRun, row: Announcement) -> bool:
    if row.status in OVER:
        run.finished_at = ctx.now
        return False
    if row.status is AnnouncementStatus.PAUSED:
        return False  # goes on when it does
    more = await _people(ctx, run, audience(Target.of(row)), announcing(row))
    if not more or run.queued > row.recipients:
        row.recipients = run.queued
    return more


async def _copies(ctx: ReadContext, run: AnnouncementRun, row: Announcement) -> bool:
    """Note where it was sent with the text of before; what is on its way with that text is waited for."""
    drawn = run.started_at + rules.DRAWN_LATE
    if run.cursor == 0 and await fan_out.on_their_way(ctx.session, row.id, claimed_by=drawn):
        return False
    card = str(copy_of(row.id))
    batch = await fan_out.record_copies(ctx.session, row.id, NOTICE, card, claimed_by=drawn, after=run.cursor)
    more = _note(ctx, run, batch)
    if not more:
        after = RunPurpose.WITHDRAW if row.status is AnnouncementStatus.WITHDRAWN else RunPurpose.CORRECT
        await begin(ctx, row, after, run.number)
    return more


async def _withdraw(ctx: ReadContext, run: AnnouncementRun, row: Announcement) -> bool:
    mark = withdrawal_mark(row.id)
    deletion = Mailing(
        kind=CARD,
        data={"card": str(copy_of(row.id))},
        priority=Priority.REMINDER,
        again=True,
        useful_for=timedelta(days=2),
        dedup=f"anndel:{row.id}:",
    )
    done = await fan_out.remove_copies(
        ctx.session,
        deletion,
        _redrawing(row),
        card=str(copy_of(row.id)),
        mark=mark,
        after=run.cursor,
        now=ctx.now,
        keeps=rules.TELEGRAM_DELETES_WITHIN,
    )
    run.skipped += done.redrawn
    return _note(ctx, run, Batch(done.last, done.deleted, done.more))


async def continue_run(ctx: ReadContext, run_id: int) -> bool:
    """Do the next batch of a run in this transaction. Returns whether there may be another one now."""
    run = await lock(ctx.session, AnnouncementRun, AnnouncementRun.id, run_id)
    if run is None:
        return False
    row = await lock(ctx.session, Announcement, Announcement.id, run.announcement_id)
    return row is not None and await carry_on(ctx, run, row)
