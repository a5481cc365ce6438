"""The reminder before a deadline, looked at again when it is sent."""

from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.knowhow.calls import screens, showing
from handlers.knowhow.calls.standing import is_open
from storage.enums import Priority
from storage.queries import answering, calls, posts


async def _deadline(ctx: ReadContext, post: int, deadline: str) -> datetime | None:  # noqa: ARG001 - the notice's data
    """Until when one can apply."""
    row = await posts.find_post(ctx.session, post)
    return row.deadline if row is not None else None


@notice(
    "knowhow.deadline",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=2),
    topic=None,
    quiet=Quiet.WAITS,
    known_by=_deadline,
)
async def deadline(ctx: ReadContext, post: int, deadline: str) -> Screen | None:
    """To who follows it; not once it was moved, is over, is not theirs to read, or is followed no longer."""
    row = await posts.find_post(ctx.session, post)
    if row is None or not is_open(ctx, row) or row.deadline != datetime.fromisoformat(deadline):
        return None
    if not await answering.is_readable(ctx.session, post, ctx.me.id):
        return None
    if not await calls.does_follow(ctx.session, ctx.me.id, row):
        return None
    partners = await calls.count_partners(ctx.session, post, ctx.me.id)
    return screens.told_deadline(showing.line_of(ctx, row), ctx.t.of(row.kind, "name"), partners, ctx.t)
