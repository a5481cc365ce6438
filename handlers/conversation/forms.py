"""Forms are put with what was answered before, and handed in after a doubt."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.conversation import answers
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.drafting import begin_draft, form_of, own_draft, spec_of
from handlers.conversation.event import Ask, Errors, Replies
from handlers.conversation.form import FieldKind, Form, Value
from storage.engine import lock
from storage.models import Draft

SURE = "sure"
"""In a form's context at submission: what was doubtful about it (:class:`Undecided`) has been shown and answered."""


async def build(ctx: Context, name: str, context: Mapping[str, str]) -> Ask:
    """Put a form: start or take up its draft, with what was answered before filled in."""
    spec = await spec_of(ctx, name)
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


async def hand_in(ctx: Context, name: str) -> Replies:
    """Hand in what was kept when a submission was answered with :class:`Undecided`; what is wrong by now is asked.

    Raises:
        Refusal: it was handed in or thrown away meanwhile.
    """
    spec = await spec_of(ctx, name)
    draft = await own_draft(ctx, name)
    draft = await lock(ctx.session, Draft, Draft.id, draft.id) if draft is not None else None
    if draft is None:
        raise Refusal(ctx.t("This form was already sent or cancelled."))
    form = await form_of(ctx, draft)
    good, wrong = answers.check(form, draft.values, t=ctx.t, now=ctx.now)
    sure = replace(form, context={**form.context, SURE: "yes"})
    replies: Replies = Errors(wrong) if wrong else await spec.submit(ctx, sure, good)
    if isinstance(replies, Errors):
        return await build(ctx, name, draft.context)
    await ctx.session.delete(draft)
    return replies
