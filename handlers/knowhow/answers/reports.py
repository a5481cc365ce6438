"""Reports to the staff about posts and answers: one each, decided on once, and whoever reported is told."""

from handlers.conversation.auditing import record
from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.notify import notify, notify_all
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.knowhow import service as knowhow
from handlers.knowhow.answers.report_screens import ReportView
from handlers.knowhow.answers.service import below, published, remove
from handlers.knowhow.answers.settling import tell_outcome
from handlers.knowhow.bylines import unnamed
from storage.enums import PostStatus, ReportOutcome, SubjectKind
from storage.models import ContentReport, Person
from storage.queries import posts, reporting
from storage.queries.people import people_with


async def check_reportable(ctx: ReadContext, post_id: int, answer_id: int | None) -> tuple[str, int]:
    """The title of what the reader is about to report, and who wrote it.

    Raises:
        Refusal: it is gone, their own, or they have reported it already.
    """
    if answer_id is None:
        post = await published(ctx, post_id)
        author_id = post.author_id
    else:
        one = await below(ctx, answer_id)
        post, author_id = one.post, one.answer.author_id
    if author_id == ctx.me.id:
        raise Refusal(ctx.t("It's yours: if something is wrong with it, change it or take it away."))
    if await reporting.by_person(ctx.session, ctx.me.id, post.id, answer_id) is not None:
        raise Refusal(ctx.t("You have reported this already. I'll tell you what the staff decide."))
    return post.title, author_id


async def report(ctx: ReadContext, post_id: int, answer_id: int | None, reason: str) -> ContentReport:
    """Report a post or an answer to the staff.

    Raises:
        Refusal: as in :func:`check_reportable`.
    """
    if answer_id is not None:
        post_id = (await below(ctx, answer_id, held=True)).post.id
    else:
        await published(ctx, post_id, held=True)
    _, author_id = await check_reportable(ctx, post_id, answer_id)
    row = ContentReport(
        kind=SubjectKind.POST if answer_id is None else SubjectKind.ANSWER,
        post_id=post_id,
        answer_id=answer_id,
        by_person_id=ctx.me.id,
        about_person_id=author_id,
        reason=reason,
        at=ctx.now,
    )
    ctx.session.add(row)
    await ctx.session.flush()
    deciding = await people_with(ctx.session, sorted(ROLES_FOR[Permission.MODERATE]))
    await notify_all(
        ctx,
        [one for one in deciding if one not in {author_id, ctx.me.id}],
        "knowhow.reported",
        dedup=lambda person: f"content-report:{row.id}:{person}",
        data={"content_report": row.id},
    )
    return row


def gone(ctx: ReadContext) -> Refusal:
    """The reply to a button of a report that is not there, or that is about the reader."""
    return Refusal(ctx.t("This report is no longer there."))


async def view_of(ctx: ReadContext, report_id: int) -> ReportView | None:
    """A report as those who decide see it; ``None`` when it is gone or about themselves."""
    row = await reporting.find(ctx.session, report_id)
    if row is None or (ctx.person is not None and row.about_person_id == ctx.person.id):
        return None
    text = ""
    if row.outcome is None and row.post.status is PostStatus.PUBLISHED:
        answer = await posts.find_answer(ctx.session, row.answer_id) if row.answer_id is not None else None
        text = answer.body if answer is not None else row.post.body if row.kind is SubjectKind.POST else ""
    decider = await ctx.session.get(Person, row.settled_by) if row.settled_by is not None else None
    others = [one for one in await reporting.open_about(ctx.session, row.post_id, row.answer_id) if one.id != row.id]
    return ReportView(
        id=row.id,
        post_id=row.post_id,
        is_answer=row.kind is SubjectKind.ANSWER,
        title=row.post.title,
        text=text,
        author=_author(ctx, row),
        reporter=_named(ctx, row.by_person),
        reason=row.reason,
        others=tuple(one.reason for one in others) if row.outcome is None else (),
        outcome=row.outcome,
        decided_by=_named(ctx, decider) if decider is not None else "",
        note=row.note,
    )


def _author(ctx: ReadContext, report: ContentReport) -> str:
    """Who wrote what was reported, as far as those who decide learn it: never who wrote a blind post."""
    if report.post.blind and report.post.author_id == report.about_person_id:
        return unnamed(ctx.t)
    return _named(ctx, report.about_person)


def _named(ctx: ReadContext, person: Person) -> str:
    """Somebody's name."""
    return person.name or ctx.t("a former member")


async def _held(ctx: ReadContext, report_id: int) -> ContentReport:
    """A report with its post held, as it is now.

    Raises:
        Refusal: it is gone, or about the reader.
    """
    seen = await reporting.find(ctx.session, report_id)
    if seen is None or seen.about_person_id == ctx.me.id:
        raise gone(ctx)
    await knowhow.locked(ctx, seen.post_id)
    row = await reporting.find(ctx.session, report_id)
    if row is None:
        raise gone(ctx)
    return row


async def check_open(ctx: ReadContext, report_id: int) -> ContentReport:
    """A report that the reader can decide on.

    Raises:
        Refusal: it is gone, decided on, or about the reader.
    """
    row = await _held(ctx, report_id)
    if row.outcome is not None:
        raise Refusal(ctx.t("Somebody has dealt with it already."))
    return row


async def dismiss(ctx: ReadContext, report_id: int) -> bool:
    """It may stay. All open reports about the same thing end with it. Returns whether this was the decision."""
    row = await _held(ctx, report_id)
    if row.outcome is not None:
        return False
    record(ctx, "report.dismiss", row.kind, row.answer_id or row.post_id)
    for one in await reporting.open_about(ctx.session, row.post_id, row.answer_id):
        await reporting.settle(ctx.session, one, ReportOutcome.DISMISSED, ctx.me.id, ctx.now)
        await tell_outcome(ctx, one)
    return True


async def take_down(ctx: ReadContext, report_id: int, reason: str) -> None:
    """It goes, and its author reads why. All open reports about the same thing end with it.

    Raises:
        Refusal: it is gone or decided on already, or the reader wrote it.
    """
    row = await check_open(ctx, report_id)
    answer_id, post_id = row.answer_id, row.post_id
    for one in await reporting.open_about(ctx.session, post_id, answer_id):
        await reporting.settle(ctx.session, one, ReportOutcome.REMOVED, ctx.me.id, ctx.now, note=reason)
        await tell_outcome(ctx, one)
    if row.kind is SubjectKind.POST:
        await knowhow.take_down(ctx, post_id, reason)
        return
    if answer_id is None:
        raise gone(ctx)
    record(ctx, "answer.remove", SubjectKind.ANSWER, answer_id, reason)
    await remove(ctx, await below(ctx, answer_id))
    await notify(
        ctx,
        row.about_person_id,
        "knowhow.answer_removed",
        dedup=f"answer-removed:{answer_id}",
        data={"content_report": report_id, "post": post_id},
    )
