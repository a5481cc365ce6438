"""Posts to moderate, in the staff's inbox."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow.bylines import unnamed
from storage.queries import waiting


@decisions("post", N_("Posts to review"), Permission.MODERATE, verb="post.review", waiting=lambda _: waiting.posts())
async def posts(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """What is shared, by whom."""
    found = await waiting.titles_of_posts(ctx.session, ids)
    return {
        post: ctx.t("{name} shares “{title}”", name=name or unnamed(ctx.t), title=title) for post, title, name in found
    }


@decisions(
    "post_check",
    N_("Published posts to look at"),
    Permission.MODERATE,
    verb="post.review",
    waiting=lambda _: waiting.posts_to_check(),
)
async def posts_to_check(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """What was published or changed, by whom."""
    found = await waiting.titles_of_posts(ctx.session, ids)
    return {
        post: ctx.t("{name} has published “{title}”", name=name or unnamed(ctx.t), title=title)
        for post, title, name in found
    }
