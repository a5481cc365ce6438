"""Whether a call is open, and how it stands for its reader."""

from handlers.conversation.context import ReadContext
from handlers.knowhow.calls.marks import CallStanding
from storage.models import Post
from storage.queries import calls


def is_open(ctx: ReadContext, post: Post) -> bool:
    """Whether a post, read with its kind, is a call that one can still apply to."""
    return post.kind.has_deadline and post.deadline is not None and post.deadline > ctx.now


async def call_standing(ctx: ReadContext, post: Post) -> CallStanding | None:
    """How an open call stands for its reader; ``None`` for everything else, and where everybody reads."""
    if ctx.person is None or not is_open(ctx, post):
        return None
    return CallStanding(
        followed=await calls.does_follow(ctx.session, ctx.me.id, post),
        partners=await calls.count_partners(ctx.session, post.id, ctx.me.id),
    )
