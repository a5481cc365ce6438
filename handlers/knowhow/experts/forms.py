"""The form in which somebody who is asked names somebody else."""

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show
from handlers.conversation.form import Field, Form, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.knowhow.experts import screens, service
from handlers.knowhow.experts.rules import NAME_LENGTH


def name_questions(t: Texts, title: str) -> Form:
    """Who may know."""
    return Form(
        "expert.name",
        t("I know somebody"),
        (
            Field(
                "name",
                t("Who may know?"),
                max_length=NAME_LENGTH,
                hint=t("Name and surname of a member. They read that it was you who thought of them."),
            ),
        ),
        t("Have them asked"),
        intro=t("For “{title}”.", title=title),
    )


async def submit_name(ctx: Context, form: Form, values: Values) -> Replies:
    """Have them asked next."""
    one = await service.mine(ctx, int(form.context["ask"]))
    found = await service.namesakes(ctx, one.post, str(values["name"]))
    if not found:
        return Errors(
            {"name": ctx.t("I find nobody of that name in the members' directory. You can also tell them yourself.")}
        )
    if len(found) > 1:
        return Errors({"name": ctx.t("Several people are called that: please write name, surname and organisation.")})
    (person,) = found
    await service.refer(ctx, one.ask.id, person.person_id)
    return Show(screens.referred(person.name, one.post.id, ctx.t))


@form("expert.name", Permission.MEMBER, submit=submit_name)
async def name_somebody(ctx: Context, ask: str) -> Form:
    """Name somebody."""
    one = await service.mine(ctx, int(ask))
    return name_questions(ctx.t, one.post.title)
