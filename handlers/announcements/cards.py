"""The live cards of an announcement: how far it got, the request for approval, and the announcement as it stands."""

from handlers.announcements import service
from handlers.announcements.progress_screens import progress_card
from handlers.announcements.reader_screens import Reader, as_read_by
from handlers.announcements.showing import review_screen_of
from handlers.announcements.watching import shown
from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from storage.models import Announcement
from storage.queries import announcements as stored
from storage.queries.announcements import UNSENT


@card("announcement")
async def announcement_card(ctx: ReadContext, announcement_id: int) -> Screen | None:
    """How far it got; nothing for somebody who is no longer staff."""
    row = await ctx.session.get(Announcement, announcement_id)
    if row is None or row.status in UNSENT or not ctx.may(Permission.STAFF):
        return None
    return progress_card(await shown(ctx, row), t=ctx.t)


@card("announcement_review")
async def review_card(ctx: ReadContext, announcement_id: int) -> Screen | None:
    """The request for approval, or that it was decided; nothing for somebody who is no longer staff."""
    row = await ctx.session.get(Announcement, announcement_id)
    if row is None or not ctx.may(Permission.STAFF):
        return None
    return await review_screen_of(ctx, row)


@card("announced")
async def announced_card(ctx: ReadContext, announcement_id: int) -> Screen | None:
    """The announcement as its reader has it: corrected, confirmed or withdrawn. In a channel it is nobody's own."""
    row = await ctx.session.get(Announcement, announcement_id)
    if row is None or row.status in UNSENT:
        return None
    confirmed = False
    if row.asks_ack and ctx.person is not None:
        confirmed = await stored.acknowledged(ctx.session, row.id, ctx.person.id)
    topic = await service.topic_of(ctx, row) if row.promotional and ctx.person is not None else None
    reader = Reader(ctx.locale, ctx.zone, topic, confirmed, directly=ctx.person is not None)
    return as_read_by(row, reader, community=ctx.community.name, t=ctx.t)
