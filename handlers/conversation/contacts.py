"""How somebody wants to be reached by whom they are introduced to: the question that several features ask."""

from handlers.conversation.context import ReadContext
from handlers.conversation.form import Field, Values
from handlers.conversation.texts import Texts
from storage.enums import Platform
from storage.queries import directory, identity

CONTACT_LENGTH = 200


async def has_account(ctx: ReadContext, person_id: int) -> bool:
    """Whether somebody has an account to which a link leads (Slack: https://docs.slack.dev, deep linking)."""
    accounts = await identity.accounts_of(ctx.session, person_id)
    return any(one.platform is Platform.SLACK for one in accounts)


def contact_field(t: Texts, *, known: str, has_account: bool) -> Field:
    """How the other one may reach who fills this in, once both said yes."""
    hint = t("An address, a number, your @name: they see it only when you have both said yes.")
    if has_account:
        hint = t("Left empty, they get a link to your Slack account. They see it only when you have both said yes.")
    return Field(
        "contact",
        t("How may they reach you?"),
        required=not has_account,
        hint=hint,
        max_length=CONTACT_LENGTH,
        initial=known or None,
    )


async def own_contact_field(ctx: ReadContext) -> Field:
    """The same, for the reader, with what they said before."""
    entry = await directory.entry_of(ctx.session, ctx.me.id)
    known = entry.contact if entry else ""
    return contact_field(ctx.t, known=known, has_account=await has_account(ctx, ctx.me.id))


def contact_in(values: Values) -> str:
    """What was answered, on one line."""
    return " ".join(str(values.get("contact") or "").split())
