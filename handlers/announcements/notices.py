"""What goes out: the announcement and its test, reminders and corrections, and what staff are told unasked."""

import asyncio
from datetime import datetime, timedelta

from handlers.announcements import approval_screens, reader_screens, sending, service
from handlers.announcements.exporting import sheet
from handlers.announcements.names import title_of
from handlers.announcements.progress_screens import exported, paused_by_itself
from handlers.announcements.reader_screens import Reader, as_read_by
from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import texts_for
from handlers.sheets.writing import SheetForm
from storage.enums import READ_ANNOUNCEMENTS, AnnouncementStatus, ConsentPurpose, Locale, Priority
from storage.models import Announcement, AnnouncementPlan, Person
from storage.queries import announcements as stored
from storage.queries import consents
from storage.queries.outbox_results import export_rows

PAUSED = "announcement_paused"
GETS_NONE = frozenset({AnnouncementStatus.STOPPED, AnnouncementStatus.WITHDRAWN})
"""What has not been sent of these is not sent any more."""


async def _topic(ctx: ReadContext, announcement: int) -> str | None:
    """The topic of promotional news; nothing else can be turned down."""
    row = await ctx.session.get(Announcement, announcement)
    return row.topic or None if row is not None and row.promotional and not row.trial else None


async def _at_any_hour(ctx: ReadContext, announcement: int) -> datetime | None:
    """At once, where the office sent it outside its hours on purpose; promotional news can always wait."""
    row = await ctx.session.get(Announcement, announcement)
    plan = await ctx.session.get(AnnouncementPlan, announcement)
    return ctx.now if row is not None and plan is not None and plan.any_time and not row.promotional else None


async def _allows(ctx: ReadContext, row: Announcement, person: Person) -> bool:
    """Whether somebody still allows promotional news."""
    if not row.promotional or row.trial:
        return True
    return (await consents.given(ctx.session, person.id))[ConsentPurpose.NEWS]


async def _reader(ctx: ReadContext, row: Announcement, *, acknowledged: bool = False) -> Reader:
    topic = await service.topic_of(ctx, row) if row.promotional and row.topic else None
    return Reader(ctx.locale, ctx.zone, topic, acknowledged, directly=ctx.person is not None)


@notice(
    service.NOTICE,
    priority=Priority.ANNOUNCEMENT,
    again=False,
    useful_for=None,
    topic=_topic,
    quiet=Quiet.WAITS,
    known_by=_at_any_hour,
    listed=True,
)
async def announcement(ctx: ReadContext, announcement: int) -> Screen | None:
    """The announcement; nothing once it was stopped, or for who said no to news since."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status in GETS_NONE or ctx.person is None:
        return None
    if not await _allows(ctx, row, ctx.person):
        return None
    return as_read_by(row, await _reader(ctx, row), community=ctx.community.name, t=ctx.t)


@notice(
    service.TEST,
    priority=Priority.REPLY,
    again=True,
    useful_for=sending.TEST_USEFUL_FOR,
    topic=None,
    quiet=Quiet.BREAKS,
)
async def test(ctx: ReadContext, announcement: int, reader: str) -> Screen | None:
    """The announcement as readers of one language get it, sent to whoever wrote it."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None:
        return None
    locale = Locale(reader)
    topic = await service.topic_of(ctx, row) if row.promotional else None
    return as_read_by(row, Reader(locale, ctx.zone, topic), community=ctx.community.name, t=texts_for(locale))


@notice(
    service.CHASE,
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=2),
    topic=_topic,
    quiet=Quiet.WAITS,
    listed=True,
)
async def chase(ctx: ReadContext, announcement: int) -> Screen | None:
    """The reminder to confirm; nothing for who has done so since."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status not in READ_ANNOUNCEMENTS or ctx.person is None or not row.asks_ack:
        return None
    if await stored.acknowledged(ctx.session, row.id, ctx.person.id):
        return None
    return reader_screens.chase(row, t=ctx.t)


@notice(
    service.CORRECTED,
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=2),
    topic=None,
    quiet=Quiet.WAITS,
)
async def corrected(ctx: ReadContext, announcement: int) -> Screen | None:
    """That something they had confirmed was corrected."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status not in READ_ANNOUNCEMENTS:
        return None
    return reader_screens.corrected(row, t=ctx.t)


@notice(PAUSED, priority=Priority.REMINDER, again=True, useful_for=timedelta(days=1), topic=None, quiet=Quiet.WAITS)
async def paused(ctx: ReadContext, announcement: int, failed: int) -> Screen | None:
    """That it paused by itself; nothing once somebody has dealt with it."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status is not AnnouncementStatus.PAUSED:
        return None
    return paused_by_itself(row, failed, t=ctx.t)


@notice(
    service.APPROVAL,
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=None,
    quiet=Quiet.WAITS,
)
async def approval(ctx: ReadContext, announcement: int) -> Tell | None:
    """What waits for a second person; nothing once it was decided, or for who may not."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status is not AnnouncementStatus.APPROVAL or not ctx.may(Permission.STAFF):
        return None
    shown = approval_screens.review(await sending.review(ctx, row), zone=ctx.community.zone, t=ctx.t)
    return Tell(shown, card=service.review_card_of(row.id))


@notice(
    service.SENT_BACK,
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=None,
    quiet=Quiet.WAITS,
)
async def sent_back(ctx: ReadContext, announcement: int, reason: str, by: int) -> Screen | None:
    """That a second person has not approved it; nothing once it goes on."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status is not AnnouncementStatus.DRAFT or not ctx.may(Permission.STAFF):
        return None
    colleague = await ctx.session.get(Person, by)
    return approval_screens.sent_back(row, colleague.name if colleague else "", reason, t=ctx.t)


@notice(
    service.UNPLANNED,
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=None,
    quiet=Quiet.WAITS,
)
async def unplanned(ctx: ReadContext, announcement: int) -> Screen | None:
    """That a planned one does not go out; nothing once it goes on."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status is not AnnouncementStatus.DRAFT or not ctx.may(Permission.STAFF):
        return None
    return approval_screens.unplanned(row, t=ctx.t)


@notice(
    service.EXPORT, priority=Priority.REPLY, again=True, useful_for=timedelta(hours=1), topic=None, quiet=Quiet.BREAKS
)
async def export(ctx: ReadContext, announcement: int, form: str) -> Screen | None:
    """Every result as a file; nothing for somebody who is no longer staff."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or not ctx.may(Permission.STAFF):
        return None
    rows = [one async for one in export_rows(ctx.session, row.id)]
    t, zone = ctx.t, ctx.community.zone
    # A hundred thousand rows take seconds, in which everybody else is to be answered.
    file = await asyncio.to_thread(sheet, rows, SheetForm(form), name=t("results-{n}", n=row.id), zone=zone, t=t)
    return exported(title_of(row, t), len(rows), file, t=t)
