"""Posts among what a search found."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.finding import ResultLine, results
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import press
from handlers.conversation.texts import N_
from handlers.knowhow.answers.marks import outcome_word
from handlers.knowhow.bylines import byline_of_answer
from handlers.knowhow.reading import about
from handlers.knowhow.service import is_readable
from storage.enums import PostStatus, SubjectKind
from storage.queries import answering, posts


@results(SubjectKind.POST, N_("Know-how"))
async def post_lines(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, ResultLine]:
    """Kind, author and day; pressing opens the post."""
    shown = {}
    settled = await answering.outcomes(ctx.session, ids)
    for post in await posts.posts_in_order(ctx.session, ids):
        if post.status is not PostStatus.PUBLISHED or not (ctx.may(Permission.MEMBER) and await is_readable(ctx, post)):
            continue
        line = about(ctx, post)
        if post.id in settled:
            line += f" · {outcome_word(solved=settled[post.id], t=ctx.t)}"
        shown[post.id] = ResultLine(post.title, line, post.body, press("post.open", post.id))
    return shown


@results(SubjectKind.ANSWER, N_("Answers"))
async def answer_lines(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, ResultLine]:
    """The post that it answers, by whom and when; pressing opens it there."""
    shown: dict[int, ResultLine] = {}
    if not ctx.may(Permission.MEMBER):
        return shown
    for answer, title in await posts.answers_with_titles(ctx.session, ids, ctx.me.id):
        line = ctx.t(
            "Answer, {author}, {day}",
            author=byline_of_answer(answer, ctx.t),
            day=ctx.t.short_day(answer.created_at.astimezone(ctx.zone).date()),
        )
        shown[answer.id] = ResultLine(title, line, answer.body, press("answer.open", answer.id))
    return shown
