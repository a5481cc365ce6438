"""What each reader is shown of an answer, of what they saved and of what they want to be reminded of."""

from dataclasses import replace

from handlers.conversation.context import ReadContext
from handlers.conversation.event import Replies, Show, Toast
from handlers.conversation.screen import Screen
from handlers.knowhow import reading, screens
from handlers.knowhow.answers.screens import REMINDERS_A_PAGE, OneAnswer, ReminderLine, reminders, saved
from handlers.knowhow.answers.service import Below, is_question
from handlers.knowhow.bylines import wrote
from handlers.knowhow.list_screens import POSTS_A_PAGE, PostList
from storage.queries import answering


async def one_answer(ctx: ReadContext, one: Below) -> OneAnswer:
    """An answer for its reader."""
    answer, post = one.answer, one.post
    marks = (await answering.answer_standings(ctx.session, [answer.id], ctx.me.id))[answer.id]
    standing = await answering.standing(ctx.session, post.id, ctx.me.id)
    view = replace(reading.answer_view(ctx, answer), useful=marks.useful, solves=standing.solved_by == answer.id)
    return OneAnswer(
        post_id=post.id,
        title=post.title,
        view=view,
        mine=one.is_own(ctx),
        asked=wrote(ctx, post) and is_question(post),
        voted=marks.voted,
    )


async def post_again(ctx: ReadContext, post_id: int, said: str, *, private: bool) -> Replies:
    """The post as it is now, and a word on what was done; where everybody reads only the word."""
    if not private:
        return Toast(said)
    return Show(screens.post(await reading.opened(ctx, post_id), ctx.t)), Toast(said)


async def saved_page(ctx: ReadContext, page: int) -> Screen:
    """A page of what the reader saved; one that is not there gives the nearest."""
    total = await answering.count_saved(ctx.session, ctx.me.id)
    page = min(max(page, 0), max(0, (total - 1) // POSTS_A_PAGE))
    found = await answering.saved(ctx.session, ctx.me.id, offset=page * POSTS_A_PAGE, most=POSTS_A_PAGE)
    lines = await reading.with_outcomes(ctx, [reading.line_of(ctx, post) for post in found])
    return saved(PostList(lines=lines, total=total, page=page), ctx.t)


async def reminders_page(ctx: ReadContext, page: int) -> Screen:
    """A page of the reader's reminders; one that is not there gives the nearest."""
    total = await answering.count_reminders(ctx.session, ctx.me.id)
    page = min(max(page, 0), max(0, (total - 1) // REMINDERS_A_PAGE))
    rows = await answering.reminders(ctx.session, ctx.me.id, offset=page * REMINDERS_A_PAGE, most=REMINDERS_A_PAGE)
    return reminders([ReminderLine(*row) for row in rows], page, total, ctx.t)
