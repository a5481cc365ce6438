"""Looking somebody up, and the reasons for what is decided about them."""

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Tell, Toast
from handlers.conversation.form import Field, FieldKind, Form, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.staff import standing
from handlers.staff.names import role_name
from handlers.staff.people_reading import found, shown
from handlers.staff.rules import Change, Turn
from storage.enums import Role

REASON_LENGTH = 500
"""Characters of a reason: it is read on a phone."""


async def submit_search(ctx: Context, _: Form, values: Values) -> Replies:
    """Those whom the words fit."""
    return Tell(await found(ctx, str(values["words"])))


@form("staff.find", Permission.STAFF, submit=submit_search)
async def search_form(ctx: Context) -> Form:
    """Whom to look up."""
    return search_questions(t=ctx.t)


def search_questions(*, t: Texts) -> Form:
    """The form's question."""
    return Form(
        "staff.find",
        t("Look somebody up"),
        (Field("words", t("Name or organisation"), max_length=80, hint=t("A part of it is enough.")),),
        t("Search"),
    )


async def submit_role(ctx: Context, form: Form, values: Values) -> Replies:
    """Give or take the role."""
    person = int(form.context["person"])
    role, turn = Role(form.context["role"]), Turn(form.context["turn"])
    said = await standing.change_role(ctx, person, role, turn, str(values["reason"]))
    return Toast(said), Tell(await shown(ctx, person))


@form("staff.role", Permission.OWNER, submit=submit_role)
async def role_form(ctx: Context, person: str, role: str, turn: str) -> Form:
    """Why a role is given or taken."""
    who = await standing.find(ctx, int(person))
    return role_questions(who.name, Role(role), Turn(turn), t=ctx.t)


def role_questions(name: str, role: Role, turn: Turn, *, t: Texts) -> Form:
    """The form's question."""
    word = role_name(role, t)
    if turn is Turn.GIVE:
        title, submit = t("Make {name} {role}", name=name, role=word), t("Give the role")
    else:
        title, submit = t("{name}: no longer {role}", name=name, role=word), t("Take the role")
    return Form("staff.role", title, (_reason(t("Why? {name} will read it.", name=name), t),), submit)


async def submit_change(ctx: Context, form: Form, values: Values) -> Replies:
    """Suspend, restore or remove."""
    person, change = int(form.context["person"]), Change(form.context["change"])
    said = await standing.change_standing(ctx, person, change, str(values["reason"]))
    return Toast(said), Tell(await shown(ctx, person))


@form("staff.change", Permission.STAFF, submit=submit_change)
async def change_form(ctx: Context, person: str, change: str) -> Form:
    """Why somebody is suspended, restored or removed."""
    who = await standing.find(ctx, int(person))
    return change_questions(who.name, Change(change), t=ctx.t)


def change_questions(name: str, change: Change, *, t: Texts) -> Form:
    """The form's question."""
    match change:
        case Change.SUSPEND:
            title, submit = t("Suspend {name}", name=name), t("Suspend")
            intro = t("The bot no longer answers and writes to them, until you let them back in.")
        case Change.RESTORE:
            title, submit = t("Let {name} back in", name=name), t("Let back in")
            intro = t("Everything works for them again as before.")
        case Change.REMOVE:
            title, submit = t("Remove {name}", name=name), t("Remove from the community")
            intro = t("Their places at events and on missions go to others, their meetings are called off.")
    return Form("staff.change", title, (_reason(t("Why? {name} will read it.", name=name), t),), submit, intro=intro)


def _reason(label: str, t: Texts) -> Field:
    hint = t("It also stays in the staff's log.")
    return Field("reason", label, FieldKind.TEXT, max_length=REASON_LENGTH, hint=hint)
