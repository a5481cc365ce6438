"""The forms around posts and answers: write an answer anew, choose a day, report, remove what was reported."""

from datetime import date, datetime

from handlers.conversation.actions import form
from handlers.conversation.answers import WALL
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show, Tell
from handlers.conversation.form import Field, FieldKind, Form, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.knowhow.answers import report_screens, reports, screens, service, showing
from handlers.knowhow.forms import ANSWER_LENGTH, REASON_LENGTH
from storage.enums import SubjectKind


def edit_questions(t: Texts, title: str, body: str) -> Form:
    """One's own answer anew."""
    return Form(
        "knowhow.edit_answer",
        t("Edit your answer"),
        (Field("body", t("Your answer"), FieldKind.TEXT, max_length=ANSWER_LENGTH, initial=body),),
        t("Save"),
        intro=t("To “{title}”.", title=title),
    )


async def submit_edit(ctx: Context, form: Form, values: Values) -> Replies:
    """Change the answer."""
    one = await service.edit(ctx, int(form.context["answer"]), str(values["body"]))
    return Show(screens.answer(await showing.one_answer(ctx, one), ctx.t))


@form("knowhow.edit_answer", Permission.MEMBER, submit=submit_edit)
async def edit_answer(ctx: Context, answer: str) -> Form:
    """Write one's own answer anew."""
    one = await service.own_answer(ctx, int(answer))
    return edit_questions(ctx.t, one.post.title, one.answer.body)


def day_questions(t: Texts, title: str, zone: str) -> Form:
    """On which day to be reminded."""
    return Form(
        "knowhow.remind",
        t("Remind me on …"),
        (Field("day", t("Which day?"), FieldKind.WHEN, date_only=True, zone=zone),),
        t("Remind me"),
        intro=t("Of “{title}”, at 9:00 in the morning.", title=title),
    )


async def submit_day(ctx: Context, form: Form, values: Values) -> Replies:
    """Note the day."""
    day = _day(str(values["day"]))
    if problem := service.day_problem(ctx, day):
        return Errors({"day": problem})
    post = await service.remind(ctx, int(form.context["post"]), day)
    return Show(screens.will_remind(post.title, post.id, day, ctx.t))


def _day(typed: str) -> date:
    return datetime.strptime(typed, WALL).date()  # noqa: DTZ007 - wall time has no zone by definition


@form("knowhow.remind", Permission.MEMBER, submit=submit_day)
async def remind(ctx: Context, post: str) -> Form:
    """Choose a day."""
    row = await service.published(ctx, int(post))
    return day_questions(ctx.t, row.title, ctx.zone.key)


def report_questions(t: Texts, title: str, *, is_answer: bool) -> Form:
    """What is wrong with a post or an answer."""
    return Form(
        "knowhow.report",
        t("Report it"),
        (
            Field(
                "reason",
                t("What is wrong?"),
                FieldKind.TEXT,
                hint=t("Only the staff read this."),
                max_length=REASON_LENGTH,
            ),
        ),
        t("Report"),
        intro=t("An answer to “{title}”.", title=title) if is_answer else t("The post “{title}”.", title=title),
    )


async def submit_report(ctx: Context, form: Form, values: Values) -> Replies:
    """Pass it on to the staff."""
    answer = int(form.context["answer"]) or None
    await reports.report(ctx, int(form.context["post"]), answer, str(values["reason"]))
    return Tell(report_screens.reported(ctx.t), privately=True)


@form("knowhow.report", Permission.MEMBER, submit=submit_report, acting=False)
async def report(ctx: Context, post: str, answer: str) -> Form:
    """Say what is wrong."""
    title, _ = await reports.check_reportable(ctx, int(post), int(answer) or None)
    return report_questions(ctx.t, title, is_answer=answer != "0")


def remove_questions(t: Texts, title: str, *, is_answer: bool) -> Form:
    """Why what was reported is removed."""
    return Form(
        "knowhow.remove_reported",
        t("Remove it"),
        (Field("reason", t("Why? The author reads this."), FieldKind.TEXT, max_length=REASON_LENGTH),),
        t("Remove it"),
        intro=report_screens.headline(title, is_answer=is_answer, t=t),
    )


async def submit_remove(ctx: Context, form: Form, values: Values) -> Replies:
    """Remove it."""
    await reports.take_down(ctx, int(form.context["report"]), str(values["reason"]))
    return Tell(report_screens.removed(ctx.t))


@form("knowhow.remove_reported", Permission.MODERATE, submit=submit_remove)
async def remove_reported(ctx: Context, report: str) -> Form:
    """Say why it goes."""
    row = await reports.check_open(ctx, int(report))
    return remove_questions(ctx.t, row.post.title, is_answer=row.kind is SubjectKind.ANSWER)
