"""Erasing on request needs its reason; the forms of slips are beside."""

from handlers.conversation.actions import form
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Tell
from handlers.conversation.form import Field, FieldKind, Form, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.privacy import my_data_screens, slip_forms  # noqa: F401 - it registers its forms
from handlers.privacy.erasing import LastOwnerError, NobodyError, erase_person
from handlers.privacy.my_data_actions import person_to_erase


async def erase_on_request(ctx: Context, form: Form, values: Values) -> Replies:
    """Erase somebody for the reason given."""
    try:
        done = await erase_person(
            ctx,
            int(form.context["person"]),
            keep_posts=form.context["keep"] == "1",
            action="person.erase_on_request",
            by=ctx.me.id,
            reason=str(values["reason"]),
        )
    except LastOwnerError as error:
        raise Refusal(ctx.t("One of the last two owners: make somebody else an owner first.")) from error
    except NobodyError as error:
        raise Refusal(ctx.t("Somebody has erased them already.")) from error
    return Tell(my_data_screens.done_on_request(done.number, t=ctx.t))


@form("privacy.onrequest", Permission.STAFF, submit=erase_on_request)
async def on_request_form(ctx: Context, person: str, keep: str) -> Form:
    """Why, and by it: yes."""
    found = await person_to_erase(ctx, int(person))
    return build_on_request(found.name, keep_posts=keep == "1", t=ctx.t)


def build_on_request(name: str, *, keep_posts: bool, t: Texts) -> Form:
    """The form's questions."""
    stays = (
        t("Published posts and answers stay, without the name. All else goes, for good.")
        if keep_posts
        else t("Everything goes, posts too, for good.")
    )
    return Form(
        "privacy.onrequest",
        t("Erase on request"),  # no name: the title stays in the chat when the form was sent
        (
            Field(
                "reason",
                t("Why? (letter or ticket, without the name)"),
                FieldKind.TEXT,
                max_length=500,
                hint=t("It stays in the audit log."),
            ),
        ),
        t("Erase for good"),
        intro=f"{name}: {stays}",
    )
