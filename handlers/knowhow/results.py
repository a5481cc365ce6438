"""Posts among what a search found."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.finding import ResultLine, results
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import press
from handlers.conversation.texts import N_
from handlers.knowhow.reading import byline
from handlers.knowhow.service import is_readable
from storage.enums import PostStatus, SubjectKind
from storage.queries import posts


@results(SubjectKind.POST, N_("Know-how"))
async def post_lines(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, ResultLine]:
    """Kind, author and day; pressing opens the post."""
    shown = {}
    for post in await posts.posts_in_order(ctx.session, ids):
        if post.status is not PostStatus.PUBLISHED or not (ctx.may(Permission.MEMBER) and await is_readable(ctx, post)):
            continue
        when = (post.published_at or post.created_at).astimezone(ctx.zone).date()
        about = ctx.t(
            "{kind}, {author}, {day}",
            kind=ctx.t.of(post.kind, "name"),
            author=byline(post.author, ctx),
            day=ctx.t.short_day(when),
        )
        shown[post.id] = ResultLine(post.title, about, post.body, press("post.open", post.id))
    return shown
