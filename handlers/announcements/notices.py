"""What goes out: the announcement, its test, and the word that it paused by itself."""

from datetime import timedelta

from handlers.announcements import service
from handlers.announcements.progress_screens import paused_by_itself
from handlers.announcements.screens import as_read_by
from handlers.conversation.actions import notice
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.conversation.texts import texts_for
from storage.enums import AnnouncementStatus, ConsentPurpose, Locale, Priority
from storage.models import Announcement
from storage.queries import consents

PAUSED = "announcement_paused"


@notice(service.NOTICE, priority=Priority.ANNOUNCEMENT, again=False, useful_for=None)
async def announcement(ctx: ReadContext, announcement: int) -> Screen | None:
    """The announcement; nothing once it was stopped, or for who said no to news since."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status is AnnouncementStatus.STOPPED or ctx.person is None:
        return None
    if row.promotional and not (await consents.given(ctx.session, ctx.person.id))[ConsentPurpose.NEWS]:
        return None
    return as_read_by(row, ctx.locale, community=ctx.community.name, t=ctx.t)


@notice(service.TEST, priority=Priority.REPLY, again=True, useful_for=service.TEST_USEFUL_FOR)
async def test(ctx: ReadContext, announcement: int, reader: str) -> Screen | None:
    """The announcement as readers of one language get it, sent to whoever wrote it."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None:
        return None
    locale = Locale(reader)
    return as_read_by(row, locale, community=ctx.community.name, t=texts_for(locale))


@notice(PAUSED, priority=Priority.REMINDER, again=True, useful_for=timedelta(days=1))
async def paused(ctx: ReadContext, announcement: int, failed: int) -> Screen | None:
    """That it paused by itself; nothing once somebody has dealt with it."""
    row = await ctx.session.get(Announcement, announcement)
    if row is None or row.status is not AnnouncementStatus.PAUSED:
        return None
    return paused_by_itself(row, failed, t=ctx.t)
