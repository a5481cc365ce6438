"""Staying after a warning, and what the staff see of the purge."""

from sqlalchemy import delete

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.privacy.my_data_actions import check_known
from handlers.privacy.purge_screens import kept_screen, retention_screen
from handlers.privacy.purging import counted_due
from storage.models import RetentionNotice
from storage.queries import retention


@action("privacy.keep", Permission.ANYONE)
async def keep(ctx: Context) -> Replies:
    """Keep my data: pressing is being here, and the warning is forgotten."""
    check_known(ctx)
    await ctx.session.execute(delete(RetentionNotice).where(RetentionNotice.person_id == ctx.me.id))
    return Show(kept_screen(t=ctx.t))


@command("retention", "conservazione", N_("What data goes next, and what went last"), Permission.STAFF)
async def show(ctx: Context, _: str) -> Replies:
    """A dry run of the purge."""
    last = await retention.last_run(ctx.session)
    due = await counted_due(ctx.session, ctx.community, ctx.now)
    return Show(
        retention_screen(due, last.counts if last else {}, last.finished_at if last else None, zone=ctx.zone, t=ctx.t)
    )
