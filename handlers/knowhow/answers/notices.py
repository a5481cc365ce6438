"""What is sent unasked around answers, saved posts and reports, looked at again when it is sent."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow import reading
from handlers.knowhow.answers import report_screens, reports, screens
from handlers.knowhow.answers.settling import REPORT_CARD
from handlers.knowhow.bylines import byline_of_post, wrote
from storage.enums import NoticeTopic, PostStatus, Priority, ReportOutcome, SubjectKind
from storage.queries import answering, posts, reporting


@notice(
    "knowhow.solved",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=NoticeTopic.ANSWERS,
    quiet=Quiet.WAITS,
)
async def solved(ctx: ReadContext, answer: int, person: int) -> Screen | None:
    """To who wrote the answer; unless whoever asked has changed their mind."""
    row = await posts.find_answer(ctx.session, answer)
    post = await posts.find_post(ctx.session, row.post_id) if row is not None else None
    if row is None or post is None or not await answering.is_readable(ctx.session, post.id, ctx.me.id):
        return None
    standing = await answering.standing(ctx.session, post.id, ctx.me.id)
    if standing.solved_by != answer or person not in {0, post.author_id}:
        return None
    return screens.told_solved(post.title, byline_of_post(post, ctx.t), post.id, ctx.t)


@notice(
    "knowhow.helped",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def helped(ctx: ReadContext, post: int) -> Screen | None:
    """To who asked: did this help? Not once it is solved, closed or gone."""
    row = await posts.find_post(ctx.session, post)
    if row is None or row.status is not PostStatus.PUBLISHED or not wrote(ctx, row):
        return None
    standing = await answering.standing(ctx.session, post, ctx.me.id)
    total = await posts.count_answers(ctx.session, post)
    if standing.solved_by is not None or standing.closed or not total:
        return None
    some = await posts.answers(ctx.session, post, offset=0, most=screens.ANSWERS_ASKED)
    views = [reading.answer_view(ctx, one) for one in some]
    return screens.did_this_help(row.title, post, views, total, ctx.t)


@notice(
    "knowhow.reminder",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=None,
    quiet=Quiet.WAITS,
)
async def reminder(ctx: ReadContext, post: int) -> Screen | None:
    """The day has come; unless the post is no longer there for its reader."""
    row = await posts.find_post(ctx.session, post)
    if row is None or not await answering.is_readable(ctx.session, post, ctx.me.id):
        return None
    return screens.told_reminder(row.title, row.body, post, ctx.t)


@notice("knowhow.reported", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def reported(ctx: ReadContext, content_report: int) -> Tell | None:
    """To those who decide; unless a colleague has."""
    view = await reports.view_of(ctx, content_report)
    if view is None or view.outcome is not None or not ctx.may(Permission.MODERATE):
        return None
    return Tell(report_screens.report(view, ctx.t), CardKey(REPORT_CARD, content_report))


@notice(
    "knowhow.report_settled",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def report_settled(ctx: ReadContext, content_report: int, post: int) -> Screen | None:
    """To whoever reported: what became of it."""
    row = await reporting.find(ctx.session, content_report)
    if row is None or row.post_id != post or row.outcome is None or row.by_person_id != ctx.me.id:
        return None
    is_answer = row.kind is SubjectKind.ANSWER
    return report_screens.told_outcome(row.post.title, row.outcome, is_answer=is_answer, t=ctx.t)


@notice(
    "knowhow.answer_removed",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def answer_removed(ctx: ReadContext, content_report: int, post: int) -> Screen | None:
    """To who wrote an answer that the staff removed, and why; never who reported it."""
    row = await reporting.find(ctx.session, content_report)
    if row is None or row.post_id != post or row.outcome is not ReportOutcome.REMOVED:
        return None
    if row.about_person_id != ctx.me.id:
        return None
    return report_screens.told_answer_removed(row.post.title, row.note, ctx.t)
