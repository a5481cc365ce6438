"""Inviting the people of an organisation."""

from handlers.conversation.actions import command, form
from handlers.conversation.auditing import record
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Bold, Screen, UrlButton, screen
from handlers.conversation.texts import N_, Texts
from handlers.staff import people_forms  # noqa: F401 - registers its forms
from handlers.staff.service import INVITE_DAYS, INVITE_USES, create_invite
from storage.enums import Platform, SubjectKind
from storage.models import Organisation
from storage.queries import identity


async def make_invite(ctx: Context, _: Form, values: Values) -> Replies:
    """A code for that organisation."""
    organisation = await ctx.session.get_one(Organisation, int(str(values["organisation"])))
    code = await create_invite(ctx.session, organisation.id, by=ctx.me.id, uses=int(str(values["uses"])), now=ctx.now)
    record(ctx, "organisation.invite", SubjectKind.ORGANISATION, organisation.id, str(values["uses"]))
    telegram = ctx.community.deep_links.get(Platform.TELEGRAM)
    return Tell(invite_screen(organisation.name, code, telegram(code) if telegram else "", t=ctx.t))


@form("staff.invite", Permission.STAFF, submit=make_invite)
async def invite_form(ctx: Context) -> Form:
    """Which organisation, how many people."""
    organisations = [Option(str(one.id), one.name[:75]) for one in await identity.organisations(ctx.session)]
    return build_invite_form(organisations, t=ctx.t)


def build_invite_form(organisations: list[Option], *, t: Texts) -> Form:
    """The form's questions."""
    return Form(
        "staff.invite",
        t("Invite an organisation"),
        (
            Field("organisation", t("Organisation"), FieldKind.PERSON, options=tuple(organisations)),
            Field(
                "uses",
                t("For how many people?"),
                FieldKind.NUMBER,
                minimum=1,
                maximum=500,
                initial=INVITE_USES,
            ),
        ),
        t("Make the code"),
    )


def invite_screen(organisation: str, code: str, link: str, *, t: Texts) -> Screen:
    """The code to hand on. It is shown this once: only its digest is kept."""
    out = (
        screen(summary=t("Invitation for {organisation}", organisation=organisation))
        .heading(t("Invitation for {organisation}", organisation=organisation))
        .para(t("Their people write this code to me and are members at once:"))
        .para(Bold(code))
        .para(t("Valid for {days}. Keep it: I show it only now.", days=t.n("{n} day", "{n} days", INVITE_DAYS)))
    )
    if link:
        out.row(UrlButton(t("Open the invitation"), link))
    return out.build()


@command("invite", "invita", N_("Invite the people of an organisation"), Permission.STAFF, opens_form=True)
async def invite(ctx: Context, _: str) -> Replies:
    """Make an invitation."""
    return await ctx.ask("staff.invite")
