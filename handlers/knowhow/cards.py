"""Live cards of posts, and the moderators' line on the home screen."""

from handlers.conversation.actions import card, home_line
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow import reading, screens
from handlers.knowhow.service import POST_CARD, REVIEW_CARD
from storage.enums import PostStatus
from storage.queries import posts


@card(POST_CARD)
async def post_card(ctx: ReadContext, post_id: int) -> Screen | None:
    """A post in the channel: what is published, or that it was removed."""
    post = await posts.find_post(ctx.session, post_id)
    if post is None or post.status not in {PostStatus.PUBLISHED, PostStatus.REMOVED}:
        return None
    return screens.card(await reading.view_of(ctx, post), ctx.t)


@card(REVIEW_CARD)
async def review_card(ctx: ReadContext, post_id: int) -> Screen | None:
    """A post to decide on, and who has decided."""
    post = await posts.find_post(ctx.session, post_id)
    if post is None or not ctx.may(Permission.MODERATE):
        return None
    return screens.review(await reading.view_of(ctx, post), ctx.t)


@home_line
async def waiting_line(ctx: ReadContext) -> str | None:
    """How many posts wait for a moderator."""
    if not ctx.may(Permission.MODERATE):
        return None
    waiting = await posts.count_waiting(ctx.session)
    return (
        ctx.t.n("{n} post is waiting for you: /review", "{n} posts are waiting for you: /review", waiting)
        if waiting
        else None
    )
