"""Searching, asking, saying yes, reporting."""

from handlers.conversation.actions import form
from handlers.conversation.contacts import contact_field, contact_in, has_account
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Tell, Toast
from handlers.conversation.form import Field, FieldKind, Form, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.directory import introduction_screens, screens, service
from handlers.directory.rules import MESSAGE_LENGTH, REASON_LENGTH
from handlers.directory.showing import people_page
from storage.enums import IntroductionStatus
from storage.queries import directory


async def search(ctx: Context, _: Form, values: Values) -> Replies:
    """What was found."""
    return Tell(await people_page(ctx, screens.Search(str(values["words"]))))


@form("directory.search", Permission.MEMBER, submit=search, acting=False)
async def search_form(ctx: Context) -> Form:
    """Which words."""
    return search_questions(ctx.t)


def search_questions(t: Texts) -> Form:
    """The form's question."""
    hint = t("A name, an organisation, a role, or what they offer or seek.")
    return Form("directory.search", t("Search people"), (Field("words", t("Words"), hint=hint, max_length=100),),
                t("Search"))  # fmt: skip


async def ask(ctx: Context, form: Form, values: Values) -> Replies:
    """Send the request, or find that the other one has asked as well."""
    person_id = int(form.context["person"])
    message = str(values["message"]).strip()
    if not message:
        return Errors({"message": ctx.t("Please say in a line why you would like to meet.")})
    row = await service.ask(ctx, person_id, message, contact_in(values))
    if row.status is IntroductionStatus.ACCEPTED:
        other, contact = await service.contact_for(ctx, row)
        shown = introduction_screens.made(other.name, service.about(other), contact, both_asked=True, t=ctx.t)
        return Tell(shown, privately=True)
    return Tell(introduction_screens.sent(row.asked.name, row.expires_at, zone=ctx.zone, t=ctx.t), privately=True)


@form("directory.ask", Permission.MEMBER, submit=ask, acting=False)
async def ask_form(ctx: Context, person: str) -> Form:
    """Why, and how to be reached."""
    shown = await service.may_ask(ctx, int(person))
    entry = await directory.entry_of(ctx.session, ctx.me.id)
    return ask_questions(
        int(person),
        shown.name,
        known=entry.contact if entry else "",
        has_account=await has_account(ctx, ctx.me.id),
        t=ctx.t,
    )


def ask_questions(person_id: int, name: str, *, known: str, has_account: bool, t: Texts) -> Form:
    """The form's questions."""
    return Form(
        "directory.ask",
        t("Ask for an introduction"),
        (
            Field(
                "message",
                t("Why would you like to meet?"),
                FieldKind.TEXT,
                hint=t("They see your name, role and organisation, and this."),
                max_length=MESSAGE_LENGTH,
            ),
            contact_field(t, known=known, has_account=has_account),
        ),
        t("Ask"),
        context={"person": str(person_id)},
        intro=t("To {name}. If both of you say yes, you get each other's contact.", name=name),
    )


async def accept(ctx: Context, form: Form, values: Values) -> Replies:
    """Both said yes."""
    row = await service.accept(ctx, int(form.context["introduction"]), contact_in(values))
    other, contact = await service.contact_for(ctx, row)
    shown = introduction_screens.made(other.name, service.about(other), contact, both_asked=False, t=ctx.t)
    return Tell(shown, privately=True)


@form("directory.accept", Permission.MEMBER, submit=accept, acting=False)
async def accept_form(ctx: Context, introduction: str) -> Form:
    """How to be reached."""
    row = await service.can_answer(ctx, int(introduction))
    entry = await directory.entry_of(ctx.session, ctx.me.id)
    return accept_questions(
        row.id,
        row.asker.name,
        known=entry.contact if entry else "",
        has_account=await has_account(ctx, ctx.me.id),
        t=ctx.t,
    )


def accept_questions(introduction_id: int, name: str, *, known: str, has_account: bool, t: Texts) -> Form:
    """The form's question."""
    return Form(
        "directory.accept",
        t("Say yes to {name}", name=name),
        (contact_field(t, known=known, has_account=has_account),),
        t("Yes, introduce us"),
        context={"introduction": str(introduction_id)},
    )


async def report(ctx: Context, form: Form, values: Values) -> Replies:
    """The staff look into it."""
    name = await service.report(ctx, int(form.context["introduction"]), str(values["reason"]).strip())
    text = ctx.t("Thank you: the staff look into it. You and {name} no longer see each other here.", name=name)
    return Toast(text, alert=True)


@form("directory.report", Permission.MEMBER, submit=report, acting=False)
async def report_form(ctx: Context, introduction: str) -> Form:
    """What is wrong with it."""
    row = await service.mine_to_answer(ctx, int(introduction))
    return report_questions(row.id, row.asker.name, ctx.t)


def report_questions(introduction_id: int, name: str, t: Texts) -> Form:
    """The form's question."""
    reason = Field("reason", t("What is wrong?"), FieldKind.TEXT, hint=t("Only the staff read this."),
                   max_length=REASON_LENGTH)  # fmt: skip
    return Form(
        "directory.report",
        t("Report {name}", name=name),
        (reason,),
        t("Report"),
        context={"introduction": str(introduction_id)},
    )


async def save_contact(ctx: Context, _: Form, values: Values) -> Replies:
    """What is handed over from now on."""
    await service.set_contact(ctx, contact_in(values))
    return Toast(ctx.t("Noted."))


@form("directory.contact", Permission.MEMBER, submit=save_contact, acting=False)
async def contact_form(ctx: Context) -> Form:
    """How to be reached."""
    entry = await directory.entry_of(ctx.session, ctx.me.id)
    known = entry.contact if entry else ""
    return contact_questions(known=known, has_account=await has_account(ctx, ctx.me.id), t=ctx.t)


def contact_questions(*, known: str, has_account: bool, t: Texts) -> Form:
    """The form's question."""
    field = contact_field(t, known=known, has_account=has_account)
    return Form("directory.contact", t("My contact"), (field,), t("Save"))
