"""The inbox: what waits, and who takes care of it."""

from handlers.conversation.actions import action, command, form, home_line
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.decisions import DECISIONS
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_, Texts
from handlers.staff import inbox
from handlers.staff.inbox_screens import EVERY_KIND, Whose, item_screen
from handlers.staff.inbox_screens import inbox as inbox_screen


@command(
    "inbox",
    "dadecidere",
    N_("Everything that waits for a decision of yours"),
    Permission.DECIDE,
    home=N_("To decide"),
    home_order=58,
)
async def open_inbox(ctx: Context, _: str) -> Replies:
    """Everything that waits."""
    return Show(inbox_screen(await inbox.look(ctx, EVERY_KIND, Whose.ALL, 0), t=ctx.t))


@action("inbox.show", Permission.DECIDE)
async def show(ctx: Context, kind: str, whose: Whose, page: int) -> Replies:
    """A page of a choice."""
    return Show(inbox_screen(await inbox.look(ctx, kind, whose, page), t=ctx.t))


async def _item(ctx: Context, kind: str, subject_id: int) -> Screen:
    view = await inbox.item(ctx, kind, subject_id)
    return item_screen(view, DECISIONS[kind].label, inbox.opens(kind, subject_id), t=ctx.t)


@action("inbox.item", Permission.DECIDE)
async def item(ctx: Context, kind: str, subject_id: int) -> Replies:
    """One item."""
    return Show(await _item(ctx, kind, subject_id))


@action("inbox.take", Permission.DECIDE)
async def take(ctx: Context, kind: str, subject_id: int) -> Replies:
    """I take care of it."""
    said = await inbox.take(ctx, kind, subject_id)
    return Show(await _item(ctx, kind, subject_id)), Toast(said)


@action("inbox.put", Permission.DECIDE)
async def put_back(ctx: Context, kind: str, subject_id: int) -> Replies:
    """I don't, after all."""
    said = await inbox.put_back(ctx, kind, subject_id)
    return Show(await _item(ctx, kind, subject_id)), Toast(said)


@action("inbox.hand", Permission.DECIDE)
async def hand(ctx: Context, kind: str, subject_id: int) -> Replies:
    """Ask to whom."""
    await inbox.item(ctx, kind, subject_id)
    return await ctx.ask("inbox.hand", kind=kind, subject=subject_id)


async def submit_hand(ctx: Context, form: Form, values: Values) -> Replies:
    """Hand it to a colleague."""
    kind, subject = form.context["kind"], int(form.context["subject"])
    said = await inbox.hand(ctx, kind, subject, int(str(values["colleague"])))
    return Toast(said), Tell(await _item(ctx, kind, subject))


@form("inbox.hand", Permission.DECIDE, submit=submit_hand)
async def hand_form(ctx: Context, kind: str, subject: str) -> Form:
    """To whom it is handed."""
    view = await inbox.item(ctx, kind, int(subject))
    found = await inbox.colleagues(ctx, kind)
    if not found:
        raise Refusal(ctx.t("There is no colleague who decides on this."))
    return hand_questions(view.line, [Option(str(one.id), one.name[:75] or "–") for one in found], t=ctx.t)


def hand_questions(line: str, colleagues: list[Option], *, t: Texts) -> Form:
    """The form's question."""
    return Form(
        "inbox.hand",
        t("Hand to a colleague"),
        (Field("colleague", t("Who takes care of it?"), FieldKind.PERSON, options=tuple(colleagues)),),
        t("Hand it over"),
        intro=line,
    )


@home_line
async def waiting_line(ctx: ReadContext) -> str | None:
    """How much waits for a decision of the reader."""
    if not inbox.decides(ctx):
        return None
    number = await inbox.count_waiting(ctx)
    return ctx.t.n("{n} thing waits for a decision", "{n} things wait for a decision", number) if number else None
