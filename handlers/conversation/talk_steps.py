"""A form as a talk: one question after the other, with buttons; and its summary, from which it is sent."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.conversation import answers, talk
from handlers.conversation.actions import action
from handlers.conversation.answers import Problem
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.drafting import (
    chat_key,
    file_value,
    form_name,
    form_of,
    is_own,
    open_here,
    own_draft,
    spec_of,
)
from handlers.conversation.event import Errors, FormSupport, Replies, Show, Tell, Undecided
from handlers.conversation.form import Field, FieldKind, Form, Value
from handlers.conversation.forms import build
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen, screen
from storage.engine import lock
from storage.models import Draft


async def begin(ctx: Context, form: Form, draft: Draft) -> Screen:
    """The first question of a form, or its summary where it came filled in, such as an event to be changed."""
    draft.open_in = chat_key(ctx.event)
    begun = bool(draft.values)
    _take_initial(draft, form)
    filled = draft.values and all(one.name in draft.values for one in form.fields if one.required)
    draft.step = "" if filled and not begun else _next_step(form, draft, after=None)
    return await _ask_now(ctx, form, draft)


def _take_initial(draft: Draft, form: Form) -> None:
    filled = {one.name: one.initial for one in form.fields if one.initial not in (None, "", [])}
    draft.values = {**filled, **draft.values}


def _next_step(form: Form, draft: Draft, *, after: Field | None) -> str:
    """The next field without an answer; "" when the summary is next. Fields in ``fixing`` come first."""
    to_fix = [name for name in draft.fixing.get("fields", []) if after is None or name != after.name]
    if draft.fixing.get("fields"):
        return to_fix[0] if to_fix else ""
    start = form.fields.index(after) + 1 if after else 0
    skipped = set(draft.fixing.get("skipped", []))
    for field in form.fields[start:]:
        if field.name not in draft.values and field.name not in skipped:
            return field.name
    for field in form.fields:
        if field.required and field.name not in draft.values:
            return field.name
    return ""


def _today(ctx: ReadContext, field: Field) -> date:
    return ctx.now.astimezone(ZoneInfo(field.zone)).date()


async def _ask_now(
    ctx: Context,
    form: Form,
    draft: Draft,
    *,
    problem: Problem | None = None,
    month: date | None = None,
    page: int = 0,
) -> Screen:
    draft.touched_at = ctx.now
    known = {field.name for field in form.fields}
    if draft.step and draft.step in known:
        field = form.field(draft.step)
        if problem is None and field.name in draft.fixing.get("errors", {}):
            problem = Problem(draft.fixing["errors"][field.name])
        return talk.question(
            form,
            field,
            draft.values,
            draft=draft.id,
            t=ctx.t,
            today=_today(ctx, field),
            problem=problem,
            month=month,
            page=page,
        )
    draft.step = ""
    return talk.summary(form, draft.values, draft=draft.id, t=ctx.t)


async def _accept(ctx: Context, form: Form, draft: Draft, field: Field, value: Value) -> Screen:
    draft.values = {**draft.values, field.name: value}
    return await _go_on(ctx, form, draft, field)


async def _go_on(ctx: Context, form: Form, draft: Draft, field: Field) -> Screen:
    """Past a field that is settled: leave it out of what must be fixed, and ask the next."""
    was_fixing = bool(draft.fixing.get("fields"))
    fixing = dict(draft.fixing)
    fixing["fields"] = [name for name in fixing.get("fields", []) if name != field.name]
    fixing["errors"] = {name: text for name, text in fixing.get("errors", {}).items() if name != field.name}
    fixing.pop("day", None)
    draft.fixing = fixing
    draft.step = (
        fixing["fields"][0] if fixing["fields"] else ("" if was_fixing else _next_step(form, draft, after=field))
    )
    return await _ask_now(ctx, form, draft)


async def answer_open(ctx: Context) -> Replies:
    """Take typed text or a file as the answer to the form that is open in this chat; ``None`` when none is."""
    draft = await open_here(ctx)
    if draft is None:
        return None
    form = await form_of(ctx, draft)
    if not draft.step or draft.step not in {field.name for field in form.fields}:
        draft.open_in = ""
        return None
    field = form.field(draft.step)
    if ctx.event.file is not None:
        return Tell(await _take_file(ctx, form, draft, field))
    day = date.fromisoformat(draft.fixing["day"]) if "day" in draft.fixing else None
    value = answers.read(field, ctx.event.text, t=ctx.t, now=ctx.now, day=day)
    if isinstance(value, Problem):
        draft.fixing = {**draft.fixing, "day": value.day.isoformat()} if value.day else draft.fixing
        return Tell(await _ask_now(ctx, form, draft, problem=value))
    return Tell(await _accept(ctx, form, draft, field, value))


async def _take_file(ctx: Context, form: Form, draft: Draft, field: Field) -> Screen:
    if field.kind is not FieldKind.FILE or ctx.event.file is None:
        text = ctx.t("I can't use a file here. Please answer the question in words.")
        return await _ask_now(ctx, form, draft, problem=Problem(text))
    return await _accept(ctx, form, draft, field, file_value(ctx.event.address, ctx.event.file))


async def _own(ctx: Context, draft_id: int) -> tuple[Form, Draft]:
    draft = await ctx.session.get(Draft, draft_id)
    if draft is None or not is_own(ctx, draft):
        raise Refusal(ctx.t("This form was already sent or cancelled."))
    if ctx.event.forms is FormSupport.TALK:
        draft.open_in = chat_key(ctx.event)
    return await form_of(ctx, draft), draft


async def _at(ctx: Context, draft_id: int, position: int) -> tuple[Form, Draft, Field]:
    form, draft = await _own(ctx, draft_id)
    if not 0 <= position < len(form.fields):
        raise Refusal(ctx.t("The form has changed meanwhile. Please go on from its last question."))
    field = form.fields[position]
    draft.step = field.name
    return form, draft, field


@action("form.pick", Permission.PERSON, acting=True)
async def pick(ctx: Context, draft: int, position: int, option: int) -> Replies:
    """Choose one of the options."""
    form, row, field = await _at(ctx, draft, position)
    if not 0 <= option < len(field.options):
        raise Refusal(ctx.t("The form has changed meanwhile. Please go on from its last question."))
    return Show(await _accept(ctx, form, row, field, field.options[option].value))


@action("form.toggle", Permission.PERSON, acting=True)
async def toggle(ctx: Context, draft: int, position: int, option: int) -> Replies:
    """Tick or untick one of several options."""
    form, row, field = await _at(ctx, draft, position)
    if not 0 <= option < len(field.options):
        raise Refusal(ctx.t("The form has changed meanwhile. Please go on from its last question."))
    before = row.values.get(field.name)
    ticked = list(before) if isinstance(before, list) else []
    value = field.options[option].value
    ticked = [one for one in ticked if one != value] if value in ticked else [*ticked, value]
    row.values = {**row.values, field.name: ticked}
    return Show(await _ask_now(ctx, form, row, page=option // talk.OPTIONS_A_PAGE))


@action("form.done", Permission.PERSON, acting=True)
async def done(ctx: Context, draft: int, position: int) -> Replies:
    """Enough ticked."""
    form, row, field = await _at(ctx, draft, position)
    if field.required and not row.values.get(field.name):
        return Show(await _ask_now(ctx, form, row, problem=Problem(ctx.t("Please choose at least one."))))
    return Show(await _go_on(ctx, form, row, field))


@action("form.page", Permission.PERSON, acting=True)
async def turn(ctx: Context, draft: int, position: int, page: int) -> Replies:
    """Turn the page of a long list."""
    form, row, field = await _at(ctx, draft, position)
    last = max(0, (len(field.options) - 1) // talk.OPTIONS_A_PAGE)
    return Show(await _ask_now(ctx, form, row, page=min(max(page, 0), last)))


@action("form.month", Permission.PERSON, acting=True)
async def month(ctx: Context, draft: int, position: int, year_month: str) -> Replies:
    """Turn the calendar's page."""
    form, row, _ = await _at(ctx, draft, position)
    try:
        first = datetime.strptime(year_month, "%Y%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError as error:
        raise Refusal(ctx.t("The form has changed meanwhile. Please go on from its last question.")) from error
    return Show(await _ask_now(ctx, form, row, month=first))


@action("form.day", Permission.PERSON, acting=True)
async def day(ctx: Context, draft: int, position: int, when: str) -> Replies:
    """Choose a day of the calendar (20180419), or a day with its time (20180419T1730)."""
    form, row, field = await _at(ctx, draft, position)
    try:
        wall = datetime.strptime(when, "%Y%m%dT%H%M" if "T" in when else "%Y%m%d")  # noqa: DTZ007 - wall time
    except ValueError as error:
        raise Refusal(ctx.t("The form has changed meanwhile. Please go on from its last question.")) from error
    if "T" not in when and not field.date_only:
        row.fixing = {**row.fixing, "day": wall.date().isoformat()}
        problem = Problem(ctx.t("{day}: at what time?", day=ctx.t.day(wall.date())), (), wall.date())
        return Show(await _ask_now(ctx, form, row, problem=problem))
    value = answers.read(
        field, wall.strftime("%Y-%m-%d" if field.date_only else "%Y-%m-%d %H:%M"), t=ctx.t, now=ctx.now
    )
    if isinstance(value, Problem):
        return Show(await _ask_now(ctx, form, row, problem=value))
    return Show(await _accept(ctx, form, row, field, value))


@action("form.keep", Permission.PERSON, acting=True)
async def keep(ctx: Context, draft: int, position: int) -> Replies:
    """Leave an answer as it is."""
    form, row, field = await _at(ctx, draft, position)
    if field.name not in row.values:
        return Show(await _ask_now(ctx, form, row))
    return Show(await _go_on(ctx, form, row, field))


@action("form.skip", Permission.PERSON, acting=True)
async def skip(ctx: Context, draft: int, position: int) -> Replies:
    """Leave a question unanswered."""
    form, row, field = await _at(ctx, draft, position)
    if field.required:
        return Show(
            await _ask_now(ctx, form, row, problem=Problem(ctx.t("This one is needed. A few words are enough.")))
        )
    row.values = {name: value for name, value in row.values.items() if name != field.name}
    row.fixing = {**row.fixing, "skipped": [*row.fixing.get("skipped", []), field.name]}
    return Show(await _go_on(ctx, form, row, field))


@action("form.rest", Permission.PERSON, acting=True)
async def leave_rest(ctx: Context, draft: int, position: int) -> Replies:
    """Leave this question and all that follow unanswered, but those that are needed."""
    form, row, _ = await _at(ctx, draft, position)
    left = [one.name for one in form.fields[position:] if not one.required and one.name not in row.values]
    row.fixing = {**row.fixing, "skipped": [*row.fixing.get("skipped", []), *left]}
    row.step = next((one.name for one in form.fields if one.required and one.name not in row.values), "")
    return Show(await _ask_now(ctx, form, row))


@action("form.back", Permission.PERSON, acting=True)
async def back(ctx: Context, draft: int, position: int) -> Replies:
    """Return to the question before."""
    form, row, _ = await _at(ctx, draft, position)
    row.step = form.fields[max(position - 1, 0)].name
    return Show(await _ask_now(ctx, form, row))


@action("form.edit", Permission.PERSON, acting=True)
async def edit(ctx: Context, draft: int, position: int) -> Replies:
    """Answer one question again, then return to the summary."""
    form, row, field = await _at(ctx, draft, position)
    row.fixing = {**row.fixing, "fields": [field.name]}
    return Show(await _ask_now(ctx, form, row))


@action("form.cancel", Permission.PERSON, acting=True)
async def cancel(ctx: Context, draft: int) -> Replies:
    """Throw the draft away."""
    form, row = await _own(ctx, draft)
    await ctx.session.delete(row)
    return Show(screen().para(ctx.t("“{form}” is cancelled. Nothing was sent.", form=form.title)).build())


@action("form.resume", Permission.PERSON, acting=True)
async def resume(ctx: Context, draft: int) -> Replies:
    """Go on with a form left half-filled."""
    _, row = await _own(ctx, draft)
    return await build(ctx, form_name(row), row.context)


@action("form.send", Permission.PERSON, acting=True)
async def send(ctx: Context, draft: int) -> Replies:
    """Hand in the form from its summary; what is wrong is asked again, and only that."""
    await lock(ctx.session, Draft, Draft.id, draft)  # two taps at once must not both find it
    form, row = await _own(ctx, draft)
    spec = await spec_of(ctx, form_name(row))
    good, wrong = answers.check(form, row.values, t=ctx.t, now=ctx.now)
    replies: Replies = Errors(wrong) if wrong else await spec.submit(ctx, form, good)
    if isinstance(replies, Errors):
        bad = [field.name for field in form.fields if field.name in replies.by_field]
        row.fixing = {"fields": bad, "errors": dict(replies.by_field)}
        row.step = bad[0] if bad else ""
        return Show(await _ask_now(ctx, form, row))
    if isinstance(replies, Undecided):
        row.open_in = ""
        return Show(replies.screen)
    await ctx.session.delete(row)
    sent = Show(talk_sent(ctx, form))
    after = replies if isinstance(replies, tuple) else (replies,) if replies is not None else ()
    return (sent, *(Tell(one.screen, one.card) if isinstance(one, Show) else one for one in after))


def talk_sent(ctx: ReadContext, form: Form) -> Screen:
    """What becomes of the summary once it was sent: its buttons are gone."""
    return screen(summary=form.title).para(ctx.t("✓ Sent: {form}", form=form.title)).build()


@action("form.open", Permission.PERSON, acting=True)
async def open_by_name(ctx: Context, name: str) -> Replies:
    """Open a form whose window could not be opened at first."""
    row = await own_draft(ctx, name)
    if row is None:
        raise Refusal(ctx.t("This form was already sent or cancelled."))
    return await build(ctx, form_name(row), row.context)
