"""The form runner: keeps what was answered, asks what is missing, and hands in what is complete.

A form that is being filled in is one row (:class:`~storage.models.Draft`). The row is also the right to hand the form
in: submitting uses it up, so a second tap on "Send" finds nothing and does nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.conversation import answers, talk
from handlers.conversation.actions import REGISTRY, FormSpec, action
from handlers.conversation.answers import Problem
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import (
    Address,
    Ask,
    Errors,
    Event,
    FormSupport,
    IncomingFile,
    Replies,
    Show,
    Tell,
    Toast,
    Undecided,
)
from handlers.conversation.form import Field, FieldKind, Form, Value
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Button, Screen, Style, press, screen
from storage.engine import lock
from storage.models import Draft
from storage.queries import drafts
from storage.queries.acting import DRAFT_MARK

SURE = "sure"
"""In a form's context at submission: what was doubtful about it (:class:`Undecided`) has been shown and answered."""
FILE_KEYS = frozenset({"platform", "account", "reference", "name", "mime", "size"})
"""What of a FILE value is kept."""


def chat_key(event: Event) -> str:
    """The chat in which typed text answers a form."""
    address = event.address
    return f"{address.platform}:{address.account}:{address.chat}:{address.thread}"


def _kept_as(ctx: ReadContext, name: str) -> str:
    """Under which name a form's draft is kept: a session of acting for somebody has drafts of its own."""
    return f"{name}{DRAFT_MARK}{ctx.acting.id}" if ctx.acting else name


def _keeper(ctx: ReadContext) -> int:
    """Whose draft it is: who fills in the form, which while acting is one of the staff."""
    return ctx.acting.staff.id if ctx.acting else ctx.me.id


def _form_name(draft: Draft) -> str:
    return draft.form.partition(DRAFT_MARK)[0]


def _is_own(ctx: ReadContext, draft: Draft) -> bool:
    return draft.person_id == _keeper(ctx) and draft.form == _kept_as(ctx, _form_name(draft))


async def own_draft(ctx: ReadContext, name: str) -> Draft | None:
    """The draft of that form of whoever fills it in."""
    return await drafts.draft_of(ctx.session, _keeper(ctx), _kept_as(ctx, name))


async def own_drafts(ctx: ReadContext) -> list[Draft]:
    """All half-filled forms that belong here, the one touched last first."""
    return [one for one in await drafts.drafts_of(ctx.session, _keeper(ctx)) if _is_own(ctx, one)]


async def begin_draft(ctx: Context, name: str, context: Mapping[str, str]) -> Draft:
    """The draft of that form; answers given for another subject are not carried over."""
    return await drafts.start_draft(ctx.session, _keeper(ctx), _kept_as(ctx, name), dict(context), ctx.now)


async def open_here(ctx: Context) -> Draft | None:
    """The draft that typed text in this chat answers."""
    draft = await drafts.open_draft(ctx.session, _keeper(ctx), chat_key(ctx.event))
    return draft if draft is not None and _is_own(ctx, draft) else None


async def rest(ctx: Context) -> None:
    """Typed text in this chat answers no draft any more; the drafts stay."""
    await drafts.rest_drafts(ctx.session, _keeper(ctx), chat_key(ctx.event))


async def _spec(ctx: Context, name: str) -> FormSpec:
    spec = REGISTRY.forms.get(name)
    if spec is None:
        raise Refusal(ctx.t("This form is no longer in use. Please start again from the menu."))
    if not spec.fits(ctx.acting):
        raise Refusal(ctx.t("Only {name} can do this, not somebody who acts for them.", name=ctx.me.name))
    if not ctx.may(spec.permission):
        raise Refusal(ctx.t("You can't fill in this form any more."))
    return spec


async def build(ctx: Context, name: str, context: Mapping[str, str]) -> Ask:
    """Put a form: start or take up its draft, with what was answered before filled in."""
    spec = await _spec(ctx, name)
    form = await spec.build(ctx, **context)
    form = replace(form, name=name, context=dict(context))
    draft = await begin_draft(ctx, name, context)
    return Ask(_saying_its_files(ctx, with_values(form, draft.values)))


def _saying_its_files(ctx: ReadContext, form: Form) -> Form:
    """The form, in which a file that is kept is named: a window cannot show it otherwise."""
    fields = tuple(
        replace(one, hint=ctx.t("Attached: {name}. Another one takes its place.", name=str(one.initial.get("name"))))
        if one.kind is FieldKind.FILE and isinstance(one.initial, dict) and one.initial
        else one
        for one in form.fields
    )
    return replace(form, fields=fields)


def with_values(form: Form, values: Mapping[str, Value]) -> Form:
    """The form with these answers filled in at first."""
    return replace(
        form,
        fields=tuple(replace(one, initial=values[one.name]) if one.name in values else one for one in form.fields),
    )


async def present(ctx: Context, ask: Ask) -> tuple[Form | None, Screen | None]:
    """How a form is put where the event came from: as a window, a button that opens one, or the first question."""
    form = ask.form
    draft = await begin_draft(ctx, form.name, form.context)
    match ctx.event.forms:
        case FormSupport.NOW:
            return form, None
        case FormSupport.BUTTON:
            return None, opener(ctx, form, draft)
        case FormSupport.TALK:
            await rest(ctx)
            draft.open_in = chat_key(ctx.event)
            begun = bool(draft.values)
            _take_initial(draft, form)
            # What comes filled in, such as an event to be changed, begins with its summary.
            filled = draft.values and all(one.name in draft.values for one in form.fields if one.required)
            draft.step = "" if filled and not begun else _next_step(form, draft, after=None)
            return None, await _ask_now(ctx, form, draft)


def opener(ctx: ReadContext, form: Form, draft: Draft) -> Screen:
    """A message whose button opens the form."""
    return (
        screen(summary=form.title)
        .heading(form.title)
        .para(form.intro)
        .row(Button(ctx.t("Open the form"), press("form.resume", draft.id), Style.PRIMARY, opens_form=True))
        .build()
    )


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


async def _form_of(ctx: Context, draft: Draft) -> Form:
    name = _form_name(draft)
    spec = await _spec(ctx, name)
    form: Form = await spec.build(ctx, **draft.context)
    return replace(form, name=name, context=dict(draft.context))


async def title_of(ctx: Context, draft: Draft) -> str:
    """What a half-filled form is called; empty when this person cannot go on with it (any more)."""
    try:
        return (await _form_of(ctx, draft)).title
    except Refusal:
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
    form = await _form_of(ctx, draft)
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


def file_value(address: Address, file: IncomingFile) -> dict[str, Any]:
    """A file that came to that address, as the answer to a FILE field."""
    return {
        "platform": address.platform.value,
        "account": address.account,
        "reference": file.reference,
        "name": answers.clean(file.name, lines=False)[:200] or "file",
        "mime": file.mime,
        "size": file.size,
    }


async def _take_file(ctx: Context, form: Form, draft: Draft, field: Field) -> Screen:
    if field.kind is not FieldKind.FILE or ctx.event.file is None:
        text = ctx.t("I can't use a file here. Please answer the question in words.")
        return await _ask_now(ctx, form, draft, problem=Problem(text))
    return await _accept(ctx, form, draft, field, file_value(ctx.event.address, ctx.event.file))


async def submit(ctx: Context, name: str, context: Mapping[str, str], values: Mapping[str, Value]) -> Replies:
    """Carry out a form that a window handed in: all errors at once, by field, and the draft kept until it is right."""
    spec = await _spec(ctx, name)
    draft = await own_draft(ctx, name)
    # The draft is the right to hand the form in: two taps at once must not both find it.
    draft = await lock(ctx.session, Draft, Draft.id, draft.id) if draft is not None else None
    if draft is None or draft.context != dict(context):
        return Toast(ctx.t("This form was already sent."))
    form = await _form_of(ctx, draft)
    draft.values = _with_window(form, draft, values)
    draft.touched_at = ctx.now
    good, wrong = answers.check(form, dict(values) | _files_kept(form, draft, values), t=ctx.t, now=ctx.now)
    if wrong:
        return Errors(wrong)
    replies = await spec.submit(ctx, form, good)
    if isinstance(replies, Errors):
        return replies
    if isinstance(replies, Undecided):
        return Tell(replies.screen)
    await ctx.session.delete(draft)
    return replies


async def hand_in(ctx: Context, name: str) -> Replies:
    """Hand in what was kept when a submission was answered with :class:`Undecided`; what is wrong by now is asked.

    Raises:
        Refusal: it was handed in or thrown away meanwhile.
    """
    spec = await _spec(ctx, name)
    draft = await own_draft(ctx, name)
    draft = await lock(ctx.session, Draft, Draft.id, draft.id) if draft is not None else None
    if draft is None:
        raise Refusal(ctx.t("This form was already sent or cancelled."))
    form = await _form_of(ctx, draft)
    good, wrong = answers.check(form, draft.values, t=ctx.t, now=ctx.now)
    sure = replace(form, context={**form.context, SURE: "yes"})
    replies: Replies = Errors(wrong) if wrong else await spec.submit(ctx, sure, good)
    if isinstance(replies, Errors):
        return await build(ctx, name, draft.context)
    await ctx.session.delete(draft)
    return replies


async def abandon(ctx: Context, name: str, context: Mapping[str, str], values: Mapping[str, Value]) -> Replies:
    """Keep what was filled in when a window was closed."""
    draft = await own_draft(ctx, name)
    if draft is not None and draft.context == dict(context) and name in REGISTRY.forms:
        try:
            form = await _form_of(ctx, draft)
        except Refusal:
            return None  # they may not fill it in any more; the draft stays as it was
        draft.values = _with_window(form, draft, values)
        draft.touched_at = ctx.now
    return None


def _with_window(form: Form, draft: Draft, values: Mapping[str, Value]) -> dict[str, Value]:
    """The draft's answers and those of a window, in which a field that was emptied is an answer taken back.

    A file is not: a window that is drawn again cannot show it, and comes back without it.
    """
    emptied = {
        one.name
        for one in form.fields
        if one.kind is not FieldKind.FILE and one.name in values and values[one.name] in (None, "", [])
    }
    return {name: value for name, value in draft.values.items() if name not in emptied} | _kept(form, values)


def _files_kept(form: Form, draft: Draft, values: Mapping[str, Value]) -> dict[str, Value]:
    """The files of the draft that a window, which cannot show them, comes back without; it said that they are there."""
    return {
        one.name: draft.values[one.name]
        for one in form.fields
        if one.kind is FieldKind.FILE and not values.get(one.name) and draft.values.get(one.name)
    }


def _kept(form: Form, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values worth keeping in a draft: those of the form's fields, texts cut to a size that a row bears."""
    names = {field.name: field for field in form.fields}
    kept: dict[str, Value] = {}
    for name, value in values.items():
        if name not in names or value in (None, "", []):
            continue
        if isinstance(value, str):
            kept[name] = answers.clean(value, lines=names[name].kind is FieldKind.TEXT)[: names[name].length_limit]
        elif isinstance(value, dict):
            kept[name] = {key: one for key, one in value.items() if key in FILE_KEYS}
        else:
            kept[name] = value
    return kept


async def _own(ctx: Context, draft_id: int) -> tuple[Form, Draft]:
    draft = await ctx.session.get(Draft, draft_id)
    if draft is None or not _is_own(ctx, draft):
        raise Refusal(ctx.t("This form was already sent or cancelled."))
    if ctx.event.forms is FormSupport.TALK:
        draft.open_in = chat_key(ctx.event)
    return await _form_of(ctx, draft), draft


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
    return await build(ctx, _form_name(row), row.context)


@action("form.send", Permission.PERSON, acting=True)
async def send(ctx: Context, draft: int) -> Replies:
    """Hand in the form from its summary; what is wrong is asked again, and only that."""
    await lock(ctx.session, Draft, Draft.id, draft)  # two taps at once must not both find it
    form, row = await _own(ctx, draft)
    spec = await _spec(ctx, _form_name(row))
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
    return await build(ctx, _form_name(row), row.context)
