"""Half-filled forms: whose they are, where they are answered, and which form they belong to.

A form that is being filled in is one row (:class:`~storage.models.Draft`). The row is also the right to hand the form
in: submitting uses it up, so a second tap on "Send" finds nothing and does nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.conversation.actions import REGISTRY, FormSpec
from handlers.conversation.answers import clean
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Address, Event, IncomingFile
from handlers.conversation.form import Form
from storage.models import Draft
from storage.queries import drafts
from storage.queries.acting import DRAFT_MARK


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


def form_name(draft: Draft) -> str:
    """The name of the form that a draft belongs to."""
    return draft.form.partition(DRAFT_MARK)[0]


def is_own(ctx: ReadContext, draft: Draft) -> bool:
    """Whether it is a draft of whoever fills in forms here."""
    return draft.person_id == _keeper(ctx) and draft.form == _kept_as(ctx, form_name(draft))


async def own_draft(ctx: ReadContext, name: str) -> Draft | None:
    """The draft of that form of whoever fills it in."""
    return await drafts.draft_of(ctx.session, _keeper(ctx), _kept_as(ctx, name))


async def own_drafts(ctx: ReadContext) -> list[Draft]:
    """All half-filled forms that belong here, the one touched last first."""
    return [one for one in await drafts.drafts_of(ctx.session, _keeper(ctx)) if is_own(ctx, one)]


async def begin_draft(ctx: Context, name: str, context: Mapping[str, str]) -> Draft:
    """The draft of that form; answers given for another subject are not carried over."""
    return await drafts.start_draft(ctx.session, _keeper(ctx), _kept_as(ctx, name), dict(context), ctx.now)


async def open_here(ctx: Context) -> Draft | None:
    """The draft that typed text in this chat answers."""
    draft = await drafts.open_draft(ctx.session, _keeper(ctx), chat_key(ctx.event))
    return draft if draft is not None and is_own(ctx, draft) else None


async def rest(ctx: Context) -> None:
    """Typed text in this chat answers no draft any more; the drafts stay."""
    await drafts.rest_drafts(ctx.session, _keeper(ctx), chat_key(ctx.event))


async def spec_of(ctx: Context, name: str) -> FormSpec:
    """What is registered under a form's name.

    Raises:
        Refusal: nothing is any more, or this person may not fill it in.
    """
    spec = REGISTRY.forms.get(name)
    if spec is None:
        raise Refusal(ctx.t("This form is no longer in use. Please start again from the menu."))
    if not spec.fits(ctx.acting):
        raise Refusal(ctx.t("Only {name} can do this, not somebody who acts for them.", name=ctx.me.name))
    if not ctx.may(spec.permission):
        raise Refusal(ctx.t("You can't fill in this form any more."))
    return spec


async def form_of(ctx: Context, draft: Draft) -> Form:
    """A draft's form, built anew.

    Raises:
        Refusal: it is no longer in use, or this person may not fill it in.
    """
    name = form_name(draft)
    spec = await spec_of(ctx, name)
    form: Form = await spec.build(ctx, **draft.context)
    return replace(form, name=name, context=dict(draft.context))


async def title_of(ctx: Context, draft: Draft) -> str:
    """What a half-filled form is called; empty when this person cannot go on with it (any more)."""
    try:
        return (await form_of(ctx, draft)).title
    except Refusal:
        return ""


def file_value(address: Address, file: IncomingFile) -> dict[str, Any]:
    """A file that came to that address, as the answer to a FILE field."""
    return {
        "platform": address.platform.value,
        "account": address.account,
        "reference": file.reference,
        "name": clean(file.name, lines=False)[:200] or "file",
        "mime": file.mime,
        "size": file.size,
    }
