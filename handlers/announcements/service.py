"""What every part of announcements needs: finding one, holding it, noting who did what, and who may read it."""

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import refresh_card
from handlers.conversation.permissions import Permission
from storage.engine import lock
from storage.enums import READ_ANNOUNCEMENTS, AnnouncementStatus, SubjectKind
from storage.models import Announcement, AuditEntry, Topic
from storage.queries import announcements as stored
from storage.queries import audience
from storage.queries.outbox_results import was_sent_to

NOTICE = "announcement"
TEST = "announcement_test"
CHASE = "announcement_chase"
CORRECTED = "announcement_corrected"
APPROVAL = "announcement_approval"
UNPLANNED = "announcement_unplanned"
SENT_BACK = "announcement_sent_back"
EXPORT = "announcement_export"


def card_of(announcement_id: int) -> CardKey:
    """The live card of an announcement, in the staff's chats: how far it got."""
    return CardKey("announcement", announcement_id)


def review_card_of(announcement_id: int) -> CardKey:
    """The live card by which a second person approves."""
    return CardKey("announcement_review", announcement_id)


def copy_of(announcement_id: int) -> CardKey:
    """The announcement as its readers have it, once it must be redrawn."""
    return CardKey("announced", announcement_id)


def audit(ctx: ReadContext, action: str, row: Announcement, reason: str = "") -> None:
    """Note a decision; without a person it was the program's."""
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.person.id if ctx.person else None,
            action=f"announcement.{action}",
            subject_kind=SubjectKind.ANNOUNCEMENT,
            subject_id=row.id,
            reason=reason,
        )
    )


def _gone(ctx: ReadContext) -> Refusal:
    return Refusal(ctx.t("This announcement no longer exists. The others are under /announcements."))


async def find(ctx: ReadContext, announcement_id: int) -> Announcement:
    """The announcement.

    Raises:
        Refusal: it is gone.
    """
    row = await ctx.session.get(Announcement, announcement_id)
    if row is None:
        raise _gone(ctx)
    return row


async def locked(ctx: ReadContext, announcement_id: int) -> Announcement:
    """The announcement, held until the end of the transaction.

    Raises:
        Refusal: it is gone.
    """
    row = await lock(ctx.session, Announcement, Announcement.id, announcement_id)
    if row is None:
        raise _gone(ctx)
    return row


async def draft(ctx: ReadContext, announcement_id: int) -> Announcement:
    """The announcement while it can still be changed, held until the end of the transaction.

    Raises:
        Refusal: it is gone, was sent, or waits for its moment or an approval.
    """
    row = await locked(ctx, announcement_id)
    match row.status:
        case AnnouncementStatus.DRAFT:
            return row
        case AnnouncementStatus.APPROVAL | AnnouncementStatus.PLANNED:
            raise Refusal(ctx.t("It is already on its way out. Take it back first, then change it."))
        case _:
            raise Refusal(ctx.t("It was sent already. You can still correct it: open it under /announcements."))


async def refresh(ctx: Context, row: Announcement) -> None:
    """Redraw every other copy of the live card."""
    await ctx.session.flush()
    await refresh_card(ctx, card_of(row.id), but=ctx.event.message)


async def topic_of(ctx: ReadContext, row: Announcement) -> Topic | None:
    """What an announcement is about."""
    return await audience.topic(ctx.session, row.topic)


async def readable(ctx: ReadContext, announcement_id: int) -> Announcement:
    """An announcement that was sent, for somebody whom it is for.

    Raises:
        Refusal: there is no such one for this reader.
    """
    row = await ctx.session.get(Announcement, announcement_id)
    refusal = Refusal(ctx.t("This announcement is not for you, or no longer exists."))
    if row is None or row.status not in READ_ANNOUNCEMENTS:
        raise refusal
    if ctx.may(Permission.STAFF):
        return row
    if await was_sent_to(ctx.session, row.id, ctx.me.id):
        return row
    if row.status is not AnnouncementStatus.STOPPED and await audience.meant_for(ctx.session, row, [ctx.me.id]):
        return row
    raise refusal


async def acknowledge(ctx: Context, announcement_id: int) -> tuple[Announcement, bool]:
    """Note that its reader has read it. Returns whether that is news.

    Raises:
        Refusal: it is not for them, or asks for no confirmation.
    """
    row = await readable(ctx, announcement_id)
    if not row.asks_ack:
        raise Refusal(ctx.t("This announcement needs no confirmation any more."))
    fresh = await stored.acknowledge(ctx.session, row.id, ctx.me.id, row.version, ctx.now)
    return row, fresh
