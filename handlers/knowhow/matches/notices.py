"""What is told of what fits, in posts and in profiles, looked at again when it is sent."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.knowhow.matches import pair_screens, pairs, screens, service
from storage.enums import NoticeTopic, Priority
from storage.models import PostMatch, ProfileMatch


@notice(
    "knowhow.match",
    priority=Priority.ANNOUNCEMENT,
    again=False,
    useful_for=timedelta(days=14),
    topic=NoticeTopic.MATCHES,
    quiet=Quiet.WAITS,
)
async def match(ctx: ReadContext, match: int) -> Screen | None:
    """To one of the two authors; not once either post is closed, hidden from them, or was turned down."""
    row = await ctx.session.get(PostMatch, match)
    view = await service.view_of(ctx, row) if row is not None else None
    return screens.told(view, ctx.t) if view is not None else None


@notice(
    "knowhow.pair",
    priority=Priority.ANNOUNCEMENT,
    again=False,
    useful_for=timedelta(days=14),
    topic=NoticeTopic.MATCHES,
    quiet=Quiet.WAITS,
)
async def pair(ctx: ReadContext, pair: int) -> Screen | None:
    """To one of the two; not once a side is no longer shown to the other, no longer fits, or was turned down."""
    row = await ctx.session.get(ProfileMatch, pair)
    view = await pairs.view_of(ctx, row, ctx.me.id) if row is not None else None
    return pair_screens.told(view, ctx.t) if view is not None else None
