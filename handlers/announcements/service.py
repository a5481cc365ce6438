"""Announcements: written, aimed and sent; how far they got; held, let go, stopped and sent again."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.announcements import rules
from handlers.announcements.progress_screens import NAMES_A_PAGE, ROWS_A_PAGE, Listed, Results
from handlers.announcements.screens import (
    Aim,
    Choice,
    Chosen,
    category_name,
    group_name,
    language_name,
    platform_name,
    wordings,
)
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify_all, refresh_card
from handlers.conversation.permissions import Permission
from storage.audience import WORDS, Facet, Group, Mark, Segment, SegmentError
from storage.engine import lock
from storage.enums import (
    PRIORITY_RANK,
    AnnouncementStatus,
    Locale,
    OrganisationCategory,
    OutboxState,
    Platform,
    Priority,
    SubjectKind,
)
from storage.models import Announcement, AuditEntry, CommunityEvent, Mission, Sector
from storage.queries import announcements as stored
from storage.queries.outbox import NewMessage, queue

NOTICE = "announcement"
TEST = "announcement_test"
TEST_USEFUL_FOR = timedelta(hours=1)
TEST_PAUSE = timedelta(seconds=10)
"""A second press of "Test to me" within this is the same press."""
DRAFTS_SHOWN = 10


def card_of(announcement_id: int) -> CardKey:
    """The live card of an announcement."""
    return CardKey("announcement", announcement_id)


def _audit(ctx: Context, action: str, row: Announcement, reason: str = "") -> None:
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.me.id,
            action=f"announcement.{action}",
            subject_kind=SubjectKind.ANNOUNCEMENT,
            subject_id=row.id,
            reason=reason,
        )
    )


async def find(ctx: ReadContext, announcement_id: int) -> Announcement:
    """The announcement.

    Raises:
        Refusal: it is gone.
    """
    row = await ctx.session.get(Announcement, announcement_id)
    if row is None:
        raise Refusal(ctx.t("This announcement no longer exists. The others are under /announcements."))
    return row


async def locked(ctx: ReadContext, announcement_id: int) -> Announcement:
    """The announcement, held until the end of the transaction.

    Raises:
        Refusal: it is gone.
    """
    row = await lock(ctx.session, Announcement, Announcement.id, announcement_id)
    if row is None:
        raise Refusal(ctx.t("This announcement no longer exists. The others are under /announcements."))
    return row


async def draft(ctx: ReadContext, announcement_id: int) -> Announcement:
    """The announcement while it can still be changed, held until the end of the transaction.

    Raises:
        Refusal: it is gone, or was sent.
    """
    row = await locked(ctx, announcement_id)
    if row.status is not AnnouncementStatus.DRAFT:
        raise Refusal(ctx.t("It was sent already and can't be changed any more. Write a new one: /announce."))
    return row


# Writing


async def write(
    ctx: Context, announcement_id: int, both: rules.Wordings, *, fallback: Locale, promotional: bool
) -> Announcement:
    """Keep what was written, as a new draft (``announcement_id`` 0) or in place of the old text."""
    italian, english = both[Locale.ITALIAN], both[Locale.ENGLISH]
    if announcement_id:
        row = await draft(ctx, announcement_id)
    else:
        row = Announcement(
            author_id=ctx.me.id, status=AnnouncementStatus.DRAFT, audience={}, shown={}, created_at=ctx.now
        )
        ctx.session.add(row)
    row.title_it, row.text_it = italian.title, italian.text
    row.title_en, row.text_en = english.title, english.text
    row.fallback, row.promotional = fallback, promotional
    await ctx.session.flush()
    return row


async def discard(ctx: Context, announcement_id: int) -> None:
    """Throw a draft away; one that is gone already is fine.

    Raises:
        Refusal: it was sent.
    """
    row = await lock(ctx.session, Announcement, Announcement.id, announcement_id)
    if row is not None:
        await ctx.session.delete(await draft(ctx, announcement_id))


# Aiming


async def mark(ctx: Context, announcement_id: int, facet: Facet, value: str, made: Mark) -> Announcement:
    """Change one mark of a draft's audience.

    Raises:
        Refusal: no such value, or too many marks.
    """
    row = await draft(ctx, announcement_id)
    try:
        row.audience = Segment.from_json(row.audience).marked(facet, value, made).to_json()
    except SegmentError as error:
        raise Refusal(ctx.t("This can't be part of an audience. Please choose from the list.")) from error
    return row


async def aim(ctx: ReadContext, row: Announcement) -> Aim:
    """Whom it would reach now, counted, with names for what was chosen."""
    segment = Segment.from_json(row.audience)
    reach = await stored.reach(ctx.session, segment, promotional=row.promotional)
    return Aim(row, await _chosen(ctx, segment), reach)


async def _chosen(ctx: ReadContext, segment: Segment) -> list[Chosen]:
    found = []
    for facet in Facet:
        wanted, unwanted = segment.values(facet, Mark.IN), segment.values(facet, Mark.OUT)
        if wanted or unwanted:
            names = await _names(ctx, facet, [*wanted, *unwanted])
            found.append(Chosen(facet, [names[one] for one in wanted], [names[one] for one in unwanted]))
    return found


async def _names(ctx: ReadContext, facet: Facet, values: Sequence[str]) -> dict[str, str]:
    if facet in WORDS:
        return {value: _word(ctx, facet, value) for value in values}
    ids = [int(value) for value in values]
    match facet:
        case Facet.SECTOR:
            rows = await stored.titles(ctx.session, Sector, ids)
            labels = {key: ctx.t.of(row, "name") for key, row in rows.items()}
        case Facet.EVENT:
            rows = await stored.titles(ctx.session, CommunityEvent, ids)
            labels = {key: row.title for key, row in rows.items()}
        case _:
            rows = await stored.titles(ctx.session, Mission, ids)
            labels = {key: row.title for key, row in rows.items()}
    return {value: labels.get(int(value), ctx.t("no longer there")) for value in values}


def _word(ctx: ReadContext, facet: Facet, value: str) -> str:
    match facet:
        case Facet.GROUP:
            return group_name(Group(value), ctx.t)
        case Facet.CATEGORY:
            return category_name(OrganisationCategory(value), ctx.t)
        case Facet.LANGUAGE:
            return language_name(Locale(value), ctx.t)
        case _:
            return platform_name(Platform(value), ctx.t)


async def choices(ctx: ReadContext, row: Announcement, facet: Facet) -> list[Choice]:
    """The values of a facet, each with its mark."""
    segment = Segment.from_json(row.audience)
    if facet in WORDS:
        labels = [(value.value, _word(ctx, facet, value.value)) for value in WORDS[facet]]
    elif facet is Facet.SECTOR:
        labels = [(str(one.id), ctx.t.of(one, "name")) for one in await stored.sectors(ctx.session)]
    elif facet is Facet.EVENT:
        labels = [(str(one.id), one.title) for one in await stored.events(ctx.session, ctx.now)]
    else:
        labels = [(str(one.id), one.title) for one in await stored.missions(ctx.session, ctx.now)]
    return [Choice(value, label, segment.mark(facet, value)) for value, label in labels]


# Testing and sending


async def test_to_author(ctx: Context, announcement_id: int) -> int:
    """Send the real thing to whoever presses: on every platform they have, in every language it is read in.

    Returns how many messages are on their way; 0 for a second press of the same.
    """
    row = await draft(ctx, announcement_id)
    prefix = f"anntest:{row.id}:{ctx.me.id}:"
    if await stored.lately_queued(ctx.session, prefix, since=ctx.now - TEST_PAUSE):
        return 0
    both = wordings(row)
    readers = {rules.language_for(both, row.fallback, reader) for reader in Locale}
    messages = [
        NewMessage(
            platform=account.platform,
            account=account.account,
            chat=account.chat,
            person_id=ctx.me.id,
            kind=TEST,
            data={"announcement": row.id, "reader": reader.value},
            priority=Priority.REPLY,
            rank=PRIORITY_RANK[Priority.REPLY],
            due_at=ctx.now,
            expires_at=ctx.now + TEST_USEFUL_FOR,
            dedup_key=f"{prefix}{account.id}:{reader.value}:{int(ctx.now.timestamp())}",
            created_at=ctx.now,
        )
        for account in await stored.reachable_accounts(ctx.session, ctx.me.id)
        for reader in sorted(readers)
    ]
    return len(await queue(ctx.session, messages))


async def send(ctx: Context, announcement_id: int, expected: int) -> tuple[Announcement, Aim | None]:
    """Queue it for everybody in its audience, if they are still as many as the button said.

    Returns the announcement, and, when the number has changed and nothing was queued, whom it would reach now. Once
    it was sent this changes nothing, so a second tap sends nothing.

    Raises:
        Refusal: the text is not whole, or nobody would get it.
    """
    row = await locked(ctx, announcement_id)
    if row.status is not AnnouncementStatus.DRAFT:
        return row, None
    if rules.flaws(wordings(row), row.fallback):
        raise Refusal(ctx.t("The text is not complete yet. Please change it before sending."))
    segment = Segment.from_json(row.audience)
    people = await stored.recipients(ctx.session, segment, promotional=row.promotional)
    if len(people) != expected:
        return row, await aim(ctx, row)
    if not people:
        raise Refusal(ctx.t("Nobody would get it. Please choose another audience."))
    row.recipients = await notify_all(
        ctx,
        people,
        NOTICE,
        dedup=lambda person: f"ann:{row.id}:{person}",
        announcement_id=row.id,
        data={"announcement": row.id},
    )
    row.status = AnnouncementStatus.SENDING
    row.started_at = row.resumed_at = ctx.now
    _audit(ctx, "sent", row, f"{row.recipients}")
    return row, None


# How far it got


async def totals(session: AsyncSession, announcement_id: int) -> rules.Totals:
    """What became of the recipients so far."""
    return rules.totals(await stored.counts(session, announcement_id))


async def time_left(ctx: ReadContext, row: Announcement, result: rules.Totals) -> timedelta | None:
    """How long the rest takes, where that can be said."""
    if row.status is not AnnouncementStatus.SENDING:
        return None
    since = max(ctx.now - rules.PACE_WINDOW, row.resumed_at or ctx.now)
    pace = await stored.pace(ctx.session, row.id, since=since)
    return rules.time_left(result.waiting, pace.settled, pace.first, pace.last)


async def results(ctx: ReadContext, row: Announcement, page: int) -> Results:
    """What became of every recipient, with a page of those not reached."""
    counts = await stored.counts(ctx.session, row.id)
    unreached = sum(counts.get(state, 0) for state in stored.NOT_REACHED)
    pages = max(1, -(-unreached // NAMES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    names = await stored.not_reached(ctx.session, row.id, offset=page * NAMES_A_PAGE, most=NAMES_A_PAGE)
    worth = await stored.count_worth_retrying(ctx.session, row.id) if counts.get(OutboxState.FAILED) else 0
    return Results(row, rules.totals(counts), names, page, pages, worth)


async def listed(ctx: ReadContext, page: int) -> Listed:
    """A page of announcements, with the latest drafts."""
    number = await stored.count_announcements(ctx.session, drafts=False)
    pages = max(1, -(-number // ROWS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    return Listed(
        await stored.announcements(ctx.session, drafts=True, most=DRAFTS_SHOWN),
        await stored.announcements(ctx.session, drafts=False, offset=page * ROWS_A_PAGE, most=ROWS_A_PAGE),
        page,
        pages,
    )


# Holding, going on, stopping, sending again


async def pause(ctx: Context, announcement_id: int) -> Announcement:
    """Hold back what is not on its way yet."""
    row = await locked(ctx, announcement_id)
    if row.status is AnnouncementStatus.SENDING:
        await stored.hold(ctx.session, row.id)
        row.status = AnnouncementStatus.PAUSED
        _audit(ctx, "paused", row)
        await _everywhere(ctx, row)
    return row


async def resume(ctx: Context, announcement_id: int) -> Announcement:
    """Go on with what was held back."""
    row = await locked(ctx, announcement_id)
    if row.status is AnnouncementStatus.PAUSED:
        await stored.release(ctx.session, row.id, now=ctx.now)
        row.status = AnnouncementStatus.SENDING
        row.resumed_at = ctx.now
        _audit(ctx, "resumed", row)
        await _everywhere(ctx, row)
    return row


async def stop(ctx: Context, announcement_id: int) -> Announcement:
    """Never send what is not on its way yet."""
    row = await locked(ctx, announcement_id)
    if row.status in {AnnouncementStatus.SENDING, AnnouncementStatus.PAUSED}:
        number = await stored.cancel_waiting(ctx.session, row.id, now=ctx.now)
        row.status = AnnouncementStatus.STOPPED
        _audit(ctx, "stopped", row, f"{number}")
        await _everywhere(ctx, row)
    return row


async def _send_again(ctx: Context, announcement_id: int, state: OutboxState) -> tuple[Announcement, int]:
    row = await locked(ctx, announcement_id)
    if row.status not in {AnnouncementStatus.SENDING, AnnouncementStatus.DONE}:
        raise Refusal(ctx.t("It is paused or stopped. Resume it first, or write a new one."))
    if state is OutboxState.FAILED:
        number = await stored.requeue_failed(ctx.session, row.id, now=ctx.now)
    else:
        number = await stored.requeue_uncertain(ctx.session, row.id, now=ctx.now)
    if number:
        row.status = AnnouncementStatus.SENDING
        row.resumed_at, row.finished_at = ctx.now, None
        _audit(ctx, "retried" if state is OutboxState.FAILED else "resent", row, f"{number}")
        await _everywhere(ctx, row)
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


async def _everywhere(ctx: Context, row: Announcement) -> None:
    await ctx.session.flush()
    await refresh_card(ctx, card_of(row.id), but=ctx.event.message)


# Reading


async def readable(ctx: ReadContext, announcement_id: int) -> Announcement:
    """An announcement that was sent, for somebody whom it is for.

    Raises:
        Refusal: there is no such one for this reader.
    """
    row = await ctx.session.get(Announcement, announcement_id)
    refusal = Refusal(ctx.t("This announcement is not for you, or no longer exists."))
    if row is None or row.status is AnnouncementStatus.DRAFT:
        raise refusal
    if ctx.may(Permission.STAFF):
        return row
    if await stored.was_sent_to(ctx.session, row.id, ctx.me.id):
        return row
    if row.status is not AnnouncementStatus.STOPPED and await stored.meant_for(ctx.session, row, [ctx.me.id]):
        return row
    raise refusal
