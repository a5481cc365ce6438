"""A form where its reader is: as a window that hands it in whole, a button that opens one, or a talk."""

from collections.abc import Mapping, Sequence

from handlers.conversation import answers, talk_steps
from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.drafting import begin_draft, form_of, own_draft, rest, spec_of
from handlers.conversation.event import Ask, Errors, FormSupport, Replies, Tell, Toast, Undecided
from handlers.conversation.form import FieldKind, Form, Value
from handlers.conversation.screen import Button, Screen, Style, press, screen
from storage.engine import lock
from storage.models import Draft

FILE_KEYS = frozenset({"platform", "account", "reference", "name", "mime", "size"})
"""What of a FILE value is kept."""


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
            return None, await talk_steps.begin(ctx, form, draft)


def opener(ctx: ReadContext, form: Form, draft: Draft) -> Screen:
    """A message whose button opens the form."""
    return screen(summary=form.title).heading(form.title).para(form.intro).row(_opens(ctx, draft)).build()


def _opens(ctx: ReadContext, draft: Draft) -> Button:
    return Button(ctx.t("Open the form"), press("form.resume", draft.id), Style.PRIMARY, opens_form=True)


async def opener_with(ctx: Context, name: str, problems: Sequence[str]) -> Screen:
    """What was wrong with a form that was handed in, and the button that opens it again with what was filled in."""
    out = screen()
    for problem in problems:
        out.para(problem)
    draft = await own_draft(ctx, name)
    if draft is not None:
        out.row(_opens(ctx, draft))
    return out.build()


async def submit(ctx: Context, name: str, context: Mapping[str, str], values: Mapping[str, Value]) -> Replies:
    """Carry out a form that a window handed in: all errors at once, by field, and the draft kept until it is right."""
    spec = await spec_of(ctx, name)
    draft = await own_draft(ctx, name)
    # The draft is the right to hand the form in: two taps at once must not both find it.
    draft = await lock(ctx.session, Draft, Draft.id, draft.id) if draft is not None else None
    if draft is None or draft.context != dict(context):
        return Toast(ctx.t("This form was already sent."))
    form = await form_of(ctx, draft)
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


async def abandon(ctx: Context, name: str, context: Mapping[str, str], values: Mapping[str, Value]) -> Replies:
    """Keep what was filled in when a window was closed."""
    draft = await own_draft(ctx, name)
    if draft is not None and draft.context == dict(context) and name in REGISTRY.forms:
        try:
            form = await form_of(ctx, draft)
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
