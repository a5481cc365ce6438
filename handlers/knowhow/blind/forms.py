"""The forms of blind posts: to say that one is interested, and to say yes."""

from handlers.conversation.actions import form
from handlers.conversation.contacts import contact_in, own_contact_field
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.knowhow.blind import screens, service
from handlers.knowhow.blind.rules import ABOUT_LENGTH, MESSAGE_LENGTH
from handlers.knowhow.screens import clipped
from storage.enums import OrganisationCategory
from storage.models import Organisation
from storage.queries import identity

HIDDEN, SHOWN = "hidden", "shown"


def interest_questions(t: Texts, title: str, about: str, contact: Field) -> Form:
    """What the post's author learns before both say yes."""
    return Form(
        "knowhow.interest",
        t("I'm interested"),
        (
            Field(
                "about",
                t("Who are you, without your name?"),
                max_length=ABOUT_LENGTH,
                hint=t("This is all they learn of you until they say yes. Change it as you like."),
                initial=about or None,
            ),
            Field(
                "message",
                t("A word to them"),
                FieldKind.TEXT,
                required=False,
                max_length=MESSAGE_LENGTH,
                hint=t("What you have in mind. Don't sign it."),
            ),
            Field(
                "name",
                t("May they read your name at once?"),
                FieldKind.CHOICE,
                required=False,
                options=(
                    Option(HIDDEN, t("No, when they say yes")),
                    Option(SHOWN, t("Yes, with my organisation")),
                ),
                hint=t("Left out: no."),
            ),
            contact,
        ),
        t("Send"),
        intro=t("In “{title}”. Names appear to both when both say yes.", title=clipped(title, screens.TITLE_SHOWN)),
    )


def kind_of_house(category: OrganisationCategory, t: Texts) -> str:
    """What sort of organisation somebody works for, in a description without its name."""
    match category:
        case OrganisationCategory.COMPANY:
            return t("A company")
        case OrganisationCategory.UNIVERSITY:
            return t("A university")
        case OrganisationCategory.HOSPITAL:
            return t("A hospital")
        case OrganisationCategory.RESEARCH:
            return t("A research institute")
        case OrganisationCategory.AGENCY:
            return t("An agency or public body")


async def described(ctx: Context) -> str:
    """The reader without their name, as a proposal: what sort of organisation, in which sectors."""
    house = await ctx.session.get(Organisation, ctx.me.organisation_id) if ctx.me.organisation_id is not None else None
    parts = [kind_of_house(house.category, ctx.t)] if house is not None else []
    parts += [ctx.t.of(one, "name") for one in await identity.sectors_of(ctx.session, ctx.me.id)]
    return ", ".join(parts)[:ABOUT_LENGTH]


async def submit_interest(ctx: Context, form: Form, values: Values) -> Replies:
    """Tell the post's author, unless what they would read is signed against the writer's will."""
    about, message = str(values["about"]).strip(), str(values.get("message") or "").strip()
    shows_name = values.get("name") == SHOWN
    wrong: dict[str, str] = {}
    if not about:
        wrong["about"] = ctx.t("A few words, please: it is what they go by.")
    for field, text in (("about", about), ("message", message)):
        found = [] if shows_name else await service.named_in(ctx, text)
        if found:
            wrong[field] = ctx.t("It says “{name}”, which gives you away. Leave that out.", name=found[0])
    if wrong:
        return Errors(wrong)
    post = int(form.context["post"])
    row = await service.say_so(ctx, post, about, message, contact_in(values), shows_name=shows_name)
    shown = service.shown_to_author(row)  # what they read of the one who is interested
    return Tell(screens.sent(shown, zone=ctx.zone, t=ctx.t), privately=True)


@form("knowhow.interest", Permission.MEMBER, submit=submit_interest, acting=False)
async def interest(ctx: Context, post: str) -> Form:
    """Say that one is interested."""
    row = await service.open_to(ctx, int(post))
    return interest_questions(ctx.t, row.title, await described(ctx), await own_contact_field(ctx))


def yes_questions(t: Texts, title: str, about: str, contact: Field) -> Form:
    """How the other one may reach the author."""
    return Form(
        "knowhow.interest_yes",
        t("Yes, introduce us"),
        (contact,),
        t("Yes, introduce us"),
        intro=t(
            "To “{about}”, about “{title}”. They get your name, organisation and contact, and you get theirs.",
            about=about,
            title=clipped(title, screens.TITLE_SHOWN),
        ),
    )


async def submit_yes(ctx: Context, form: Form, values: Values) -> Replies:
    """Both said yes."""
    interest_id = int(form.context["interest"])
    row = await service.accept(ctx, interest_id, contact_in(values), pressed=ctx.event.message)
    return Tell(screens.asked(service.shown_to_author(row), zone=ctx.zone, t=ctx.t), privately=True)


@form("knowhow.interest_yes", Permission.MEMBER, submit=submit_yes, acting=False)
async def say_yes(ctx: Context, interest: str) -> Form:
    """Say yes to somebody who is interested."""
    row = await service.can_answer(ctx, int(interest))
    return yes_questions(ctx.t, row.post.title, row.about, await own_contact_field(ctx))
