"""After it was sent: corrected where it stands, withdrawn, and those who have not confirmed it reminded."""

from dataclasses import dataclass
from datetime import datetime

from handlers.announcements import rules
from handlers.announcements.running import begin, withdrawal_mark
from handlers.announcements.service import audit, locked, refresh
from handlers.conversation.context import Context, ReadContext, Refusal
from storage.enums import AnnouncementStatus, Locale, OutboxState, RunPurpose
from storage.models import Announcement
from storage.queries import announcements as stored
from storage.queries import outbox_results

NAMES_A_PAGE = 20
CORRECTABLE = frozenset(
    {AnnouncementStatus.SENDING, AnnouncementStatus.PAUSED, AnnouncementStatus.STOPPED, AnnouncementStatus.DONE}
)


async def correctable(ctx: ReadContext, announcement_id: int) -> Announcement:
    """An announcement that was sent and not withdrawn, held until the end of the transaction.

    Raises:
        Refusal: it is another one.
    """
    row = await locked(ctx, announcement_id)
    if row.status not in CORRECTABLE:
        raise Refusal(ctx.t("This one can't be corrected: it was not sent, or was withdrawn."))
    return row


async def correct(ctx: Context, announcement_id: int, both: rules.Wordings) -> Announcement:
    """Put another text in the place of the one that was sent.

    What was sent is redrawn, what waits goes out with the new text, and those who had confirmed the old one are told.
    The same text again changes nothing.

    Raises:
        Refusal: it cannot be corrected.
    """
    row = await correctable(ctx, announcement_id)
    italian, english = both[Locale.ITALIAN], both[Locale.ENGLISH]
    new = (italian.title, italian.text, english.title, english.text)
    if new == (row.title_it, row.text_it, row.title_en, row.text_en):
        return row
    audit(ctx, "corrected", row, _before(row))
    row.title_it, row.text_it, row.title_en, row.text_en = new
    row.version += 1
    row.corrected_at = ctx.now
    await begin(ctx, row, RunPurpose.COPIES, row.version)
    await begin(ctx, row, RunPurpose.NOTE, row.version)
    await refresh(ctx, row)
    return row


def _before(row: Announcement) -> str:
    """The titles that were replaced: what the audit must show without repeating whole texts."""
    return " / ".join(one for one in (row.title_it, row.title_en) if one)


async def withdraw(ctx: Context, announcement_id: int) -> Announcement:
    """Delete what was sent, as far as the platforms let us, and never send the rest. Once is enough."""
    row = await locked(ctx, announcement_id)
    if row.status is AnnouncementStatus.WITHDRAWN:
        return row
    row = await correctable(ctx, announcement_id)
    number = await outbox_results.count_waiting(ctx.session, row.id)
    await outbox_results.cancel_waiting(ctx.session, row.id, now=ctx.now)
    row.status = AnnouncementStatus.WITHDRAWN
    row.finished_at = None
    audit(ctx, "withdrawn", row, f"{number} not sent")
    row.version += 1
    await begin(ctx, row, RunPurpose.COPIES, row.version)
    await refresh(ctx, row)
    return row


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of the copies of a withdrawn announcement.

    Attributes:
        deleted: gone.
        waiting: still to be deleted.
        failed: the platform refused.
        too_old: on Telegram for more than 48 hours: they say that it was withdrawn instead.
    """

    deleted: int = 0
    waiting: int = 0
    failed: int = 0
    too_old: int = 0


async def removed(ctx: ReadContext, row: Announcement) -> Removed:
    """How far a withdrawal got."""
    states = await outbox_results.card_states(ctx.session, withdrawal_mark(row.id))
    run = await stored.run_of(ctx.session, row.id, RunPurpose.WITHDRAW)
    waiting = sum(states.get(state, 0) for state in outbox_results.NOT_SENT)
    failed = sum(states.get(state, 0) for state in (OutboxState.FAILED, OutboxState.EXPIRED))
    return Removed(states.get(OutboxState.SENT, 0), waiting, failed, run.skipped if run else 0)


# Those who have not confirmed


@dataclass(frozen=True, slots=True)
class Unread:
    """Who has not confirmed an announcement. ``page`` counts from 0; ``next_at`` is when they may be reminded again."""

    row: Announcement
    confirmed: int
    missing: int
    names: list[str]
    page: int = 0
    pages: int = 1
    may_chase: bool = False
    next_at: datetime | None = None


async def unread(ctx: ReadContext, row: Announcement, page: int) -> Unread:
    """A page of those who have it and have not confirmed it."""
    conditions = stored.to_be_chased(row.id)
    missing = await stored.count_people(ctx.session, conditions)
    pages = max(1, -(-missing // NAMES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    may = rules.may_chase(row.chases, row.chased_at, ctx.now)
    next_at = None
    if not may and row.chases < rules.MOST_CHASES and row.chased_at is not None:
        next_at = row.chased_at + rules.CHASE_PAUSE
    return Unread(
        row,
        await stored.count_people(ctx.session, [stored.tapped(row.id)]),
        missing,
        await stored.names_of(ctx.session, conditions, offset=page * NAMES_A_PAGE, most=NAMES_A_PAGE),
        page,
        pages,
        may,
        next_at,
    )


async def asks(ctx: ReadContext, announcement_id: int) -> Announcement:
    """An announcement that was sent and asks for a confirmation.

    Raises:
        Refusal: it is another one.
    """
    row = await correctable(ctx, announcement_id)
    if not row.asks_ack:
        raise Refusal(ctx.t("This announcement asks for no confirmation."))
    return row


async def chase(ctx: Context, announcement_id: int, seen: int) -> tuple[Announcement, bool]:
    """Remind those who have not confirmed.

    Args:
        ctx: of who presses.
        announcement_id: which.
        seen: how often they had been reminded when the button was drawn, so that a double tap reminds once.

    Returns the announcement and whether they are reminded.

    Raises:
        Refusal: it asks for no confirmation, or they were reminded often or lately enough.
    """
    row = await asks(ctx, announcement_id)
    if row.chases != seen:
        return row, False
    if not rules.may_chase(row.chases, row.chased_at, ctx.now):
        raise Refusal(ctx.t("They were reminded often enough. Perhaps a call helps more."))
    await remind(ctx, row)
    return row, True


async def remind(ctx: ReadContext, row: Announcement) -> None:
    """Queue a reminder for everybody who has it and has not confirmed it."""
    row.chases += 1
    row.chased_at = ctx.now
    audit(ctx, "chased", row, f"{row.chases}")
    await begin(ctx, row, RunPurpose.CHASE, row.chases)
