"""What is told unasked about personal data."""

from datetime import timedelta

from handlers.conversation.actions import notice
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.privacy.my_data_screens import copy_screen
from handlers.privacy.purge_screens import going_screen
from storage.enums import Priority
from storage.models import DataExport, RetentionNotice
from storage.queries import retention


@notice("privacy.export", priority=Priority.REPLY, again=True, useful_for=timedelta(days=2), to_participants=False)
async def export_notice(ctx: ReadContext, export: int) -> Screen | None:
    """The copy of the reader's data; nothing when it was thrown away meanwhile."""
    row = await ctx.session.get(DataExport, export)
    if row is None or row.content is None or ctx.person is None or row.person_id != ctx.person.id:
        return None
    day = ctx.now.astimezone(ctx.zone).date().isoformat()
    return copy_screen(row.content, ctx.t("my-data-{day}.zip", day=day), t=ctx.t)


@notice("privacy.going", priority=Priority.REMINDER, again=True, useful_for=timedelta(days=6), to_participants=False)
async def going_notice(ctx: ReadContext, person: int) -> Screen | None:
    """That their data goes in a week; nothing when they have been here since."""
    row = await ctx.session.get(RetentionNotice, person)
    if row is None or ctx.person is None or ctx.person.id != person:
        return None
    seen = await retention.last_acted(ctx.session, person)
    if seen > row.told_at:
        return None
    return going_screen(seen, row.erase_at, zone=ctx.zone, t=ctx.t)
