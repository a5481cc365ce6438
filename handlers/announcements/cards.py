"""The live card of an announcement, in the staff's chats."""

from handlers.announcements import service
from handlers.announcements.progress_screens import progress_card
from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from storage.enums import AnnouncementStatus
from storage.models import Announcement


@card("announcement")
async def announcement_card(ctx: ReadContext, announcement_id: int) -> Screen | None:
    """How far it got; nothing for somebody who is no longer staff."""
    row = await ctx.session.get(Announcement, announcement_id)
    if row is None or row.status is AnnouncementStatus.DRAFT or not ctx.may(Permission.STAFF):
        return None
    result = await service.totals(ctx.session, row.id)
    return progress_card(row, result, await service.time_left(ctx, row, result), t=ctx.t)
