"""The message of a new post: drawn when it is sent, and anew when the post changes."""

from handlers.conversation.context import ReadContext
from handlers.conversation.followed import because_followed, topic_names
from handlers.conversation.screen import Screen
from handlers.knowhow import notice_screens, reading
from storage.models import Post
from storage.queries import follows, posts


async def followed_topic(ctx: ReadContext, post: int) -> str | None:
    """What of the post decides how much its reader wants of it."""
    row = await posts.find_post(ctx.session, post)
    return await follows.deciding_topic(ctx.session, ctx.me.id, row) or None if row is not None else None


async def news_of(ctx: ReadContext, post: Post) -> Screen:
    """A post that is new to its reader, read with all it is shown with, and why it comes to them."""
    topic = await follows.deciding_topic(ctx.session, ctx.me.id, post)
    name = (await topic_names(ctx, [topic])).get(topic)
    view = await reading.view_of(ctx, post)
    return notice_screens.told_published(view, ctx.t, because=because_followed(name, ctx.t) if name else "")
