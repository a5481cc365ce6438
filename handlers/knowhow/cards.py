"""Live cards of posts, and the moderators' line on the home screen."""

from handlers.conversation.actions import card, home_line
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow import reading, screens
from handlers.knowhow.news import news_of
from handlers.knowhow.service import NEWS_CARD, POST_CARD, REVIEW_CARD, is_readable
from storage.enums import IN_CHANNELS, PostStatus
from storage.queries import posts


@card(POST_CARD)
async def post_card(ctx: ReadContext, post_id: int) -> Screen | None:
    """A post in the channel: what is published, closed or removed; of one that is for fewer now, nothing."""
    post = await posts.find_post(ctx.session, post_id)
    if post is None or post.status not in {PostStatus.PUBLISHED, PostStatus.CLOSED, PostStatus.REMOVED}:
        return None
    if post.visibility not in IN_CHANNELS:
        return screens.card_withdrawn(ctx.t)
    return screens.card(await reading.view_of(ctx, post), ctx.t)


@card(NEWS_CARD)
async def news_card(ctx: ReadContext, post_id: int) -> Screen | None:
    """The message of a new post, as the post is now."""
    post = await posts.find_post(ctx.session, post_id)
    if post is None or post.status is not PostStatus.PUBLISHED or not await is_readable(ctx, post):
        return screens.card_withdrawn(ctx.t)
    return await news_of(ctx, post)


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
