"""Commands and buttons around posts and answers."""

from datetime import timedelta

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow.answers import report_screens, reports, screens, service, showing
from handlers.knowhow.answers.settling import REPORT_CARD
from storage.queries import answering

EITHER = -1
"""Turns over what is there: what a button that everybody sees can say."""


def _wanted(word: int) -> bool | None:
    return None if word == EITHER else bool(word)


# Posts


@action("post.useful", Permission.MEMBER)
async def useful(ctx: Context, post_id: int, wanted: int = EITHER) -> Replies:
    """Find a post useful, or no longer."""
    now = await service.vote_post(ctx, post_id, _wanted(wanted))
    said = ctx.t("Thank you: this helps others find it.") if now else ctx.t("Taken back.")
    return await showing.post_again(ctx, post_id, said, private=ctx.event.private)


@action("post.save", Permission.MEMBER)
async def save(ctx: Context, post_id: int, wanted: int = EITHER) -> Replies:
    """Put a post aside, or no longer."""
    now = await service.save(ctx, post_id, _wanted(wanted))
    said = ctx.t("Saved: you find it under /saved.") if now else ctx.t("No longer saved.")
    return await showing.post_again(ctx, post_id, said, private=ctx.event.private)


@command("saved", "salvati", N_("The posts you saved"), Permission.MEMBER)
async def saved(ctx: Context, _: str) -> Replies:
    """What I put aside."""
    return Show(await showing.saved_page(ctx, 0))


@action("post.saved", Permission.MEMBER)
async def saved_page(ctx: Context, page: int) -> Replies:
    """A page of it."""
    return Show(await showing.saved_page(ctx, page))


@action("post.later", Permission.MEMBER)
async def later(ctx: Context, post_id: int) -> Replies:
    """When to be reminded?"""
    post = await service.published(ctx, post_id)
    standing = await answering.standing(ctx.session, post_id, ctx.me.id)
    return Show(screens.choose_day(post.title, post_id, standing.remind_on, ctx.t))


@action("post.remind", Permission.MEMBER)
async def remind(ctx: Context, post_id: int, days: int) -> Replies:
    """In so many days."""
    if not 1 <= days <= service.LATEST.days:
        raise Refusal(ctx.t("That day is not ahead of us: tomorrow is the first."))
    day = service.today(ctx) + timedelta(days=days)
    post = await service.remind(ctx, post_id, day)
    return Show(screens.will_remind(post.title, post_id, day, ctx.t))


@action("post.day", Permission.MEMBER)
async def another_day(ctx: Context, post_id: int) -> Replies:
    """On another day."""
    return await ctx.ask("knowhow.remind", post=post_id)


@action("post.unremind", Permission.MEMBER)
async def unremind(ctx: Context, post_id: int) -> Replies:
    """Not at all."""
    await answering.forget_reminder(ctx.session, post_id, ctx.me.id)
    return await showing.post_again(ctx, post_id, ctx.t("I won't remind you."), private=ctx.event.private)


@command("reminders", "promemoria", N_("The posts you want to be reminded of"), Permission.MEMBER)
async def all_reminders(ctx: Context, _: str) -> Replies:
    """Of what I want to be reminded."""
    return Show(await showing.reminders_page(ctx, 0))


@action("post.reminders", Permission.MEMBER)
async def reminders_page(ctx: Context, page: int) -> Replies:
    """A page of it."""
    return Show(await showing.reminders_page(ctx, page))


@action("post.forget", Permission.MEMBER)
async def forget(ctx: Context, post_id: int, page: int) -> Replies:
    """Cancel a reminder, from the list."""
    await answering.forget_reminder(ctx.session, post_id, ctx.me.id)
    return Show(await showing.reminders_page(ctx, page)), Toast(ctx.t("I won't remind you."))


@action("post.report", Permission.MEMBER, acting=False)
async def report_post(ctx: Context, post_id: int) -> Replies:
    """Something is wrong with this post."""
    return await ctx.ask("knowhow.report", post=post_id, answer=0)


# Answers


@action("answer.open", Permission.MEMBER, answers=False)
async def open_answer(ctx: Context, answer_id: int) -> Replies:
    """One answer by itself."""
    one = await service.below(ctx, answer_id)
    return Show(screens.answer(await showing.one_answer(ctx, one), ctx.t))


@action("answer.useful", Permission.MEMBER)
async def useful_answer(ctx: Context, answer_id: int, wanted: int) -> Replies:
    """Find an answer useful, or no longer."""
    one = await service.vote_answer(ctx, answer_id, wanted=bool(wanted))
    return Show(screens.answer(await showing.one_answer(ctx, one), ctx.t))


@action("answer.edit", Permission.MEMBER)
async def edit(ctx: Context, answer_id: int) -> Replies:
    """Write my answer anew."""
    return await ctx.ask("knowhow.edit_answer", answer=answer_id)


@action("answer.delete", Permission.MEMBER)
async def delete(ctx: Context, answer_id: int) -> Replies:
    """Do I mean it?"""
    one = await service.own_answer(ctx, answer_id)
    return Show(screens.confirm_delete(await showing.one_answer(ctx, one), ctx.t))


@action("answer.drop", Permission.MEMBER)
async def drop(ctx: Context, answer_id: int) -> Replies:
    """I do."""
    post = await service.delete(ctx, answer_id)
    return Show(screens.deleted(post.id, ctx.t))


@action("answer.report", Permission.MEMBER, acting=False)
async def report_answer(ctx: Context, answer_id: int) -> Replies:
    """Something is wrong with this answer."""
    one = await service.below(ctx, answer_id)
    return await ctx.ask("knowhow.report", post=one.post.id, answer=answer_id)


# Solved


@action("solved.by", Permission.MEMBER)
async def solved_by(ctx: Context, answer_id: int) -> Replies:
    """This answer solved it."""
    one = await service.solve(ctx, answer_id)
    said = ctx.t("Marked as the solution, and its author is told. Thank you!")
    return await showing.post_again(ctx, one.post.id, said, private=ctx.event.private)


@action("solved.undo", Permission.MEMBER)
async def open_again(ctx: Context, post_id: int) -> Replies:
    """It is open again."""
    await service.open_again(ctx, post_id)
    said = ctx.t("Your question is open again.")
    return await showing.post_again(ctx, post_id, said, private=ctx.event.private)


@action("solved.later", Permission.MEMBER)
async def not_yet(ctx: Context, post_id: int) -> Replies:
    """Nothing has helped yet."""
    post = await service.own_question(ctx, post_id)
    return Show(screens.not_yet(post.title, post_id, ctx.t))


@action("solved.close", Permission.MEMBER)
async def close(ctx: Context, post_id: int) -> Replies:
    """I need no more answers."""
    await service.close(ctx, post_id)
    said = ctx.t("Closed. You can open it again below the post.")
    return await showing.post_again(ctx, post_id, said, private=ctx.event.private)


# Deciding on reports


@action("reported.look", Permission.MODERATE)
async def look(ctx: Context, report_id: int) -> Replies:
    """A report, as a card of its own: it is redrawn when a colleague decides."""
    view = await reports.view_of(ctx, report_id)
    if view is None:
        raise reports.gone(ctx)
    return Tell(report_screens.report(view, ctx.t), CardKey(REPORT_CARD, report_id), privately=True)


@action("reported.dismiss", Permission.MODERATE)
async def dismiss(ctx: Context, report_id: int) -> Replies:
    """It can stay."""
    first = await reports.dismiss(ctx, report_id)
    view = await reports.view_of(ctx, report_id)
    if view is None:
        raise reports.gone(ctx)
    said = ctx.t("Noted: it stays.") if first else ctx.t("Somebody has dealt with it already.")
    return Show(report_screens.report(view, ctx.t), CardKey(REPORT_CARD, report_id)), Toast(said, alert=not first)


@action("reported.remove", Permission.MODERATE)
async def remove(ctx: Context, report_id: int) -> Replies:
    """It goes: why?"""
    await reports.check_open(ctx, report_id)
    return await ctx.ask("knowhow.remove_reported", report=report_id)
