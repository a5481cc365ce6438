"""What is told of an offer and a request that fit each other, looked at again when it is sent."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.knowhow.matches import screens, service
from storage.enums import NoticeTopic, Priority
from storage.models import PostMatch


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
