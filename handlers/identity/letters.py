"""The e-mail that brings a code."""

from handlers.conversation.actions import letter
from handlers.conversation.codes import ADDRESS_LIFE
from handlers.conversation.context import ReadContext
from handlers.conversation.letters import Letter
from handlers.conversation.texts import Texts
from handlers.identity.work_address import LETTER
from storage.models import AddressCode


@letter(LETTER)
async def address_code(ctx: ReadContext, address: str, code: int) -> Letter | None:
    """The code, as long as it works and is the newest."""
    row = await ctx.session.get(AddressCode, code)
    if row is None or row.used_at is not None or row.expires_at <= ctx.now or row.address != address:
        return None
    return letter_with(ctx.community.codes.digits(row.nonce, row.address), ctx.community.name, t=ctx.t)


def letter_with(digits: str, community: str, *, t: Texts) -> Letter:
    """The e-mail. The code stands in the subject too: that is all that a telephone shows."""
    paragraphs = [
        t("Hello,"),
        t("your code for {community} is:", community=community),
        f"    {digits}",
        t("Type it where you asked for it, within {time}. It works once.", time=t.duration(ADDRESS_LIFE)),
        t("You didn't ask for a code? Then somebody has mistyped their address: there is nothing you need to do."),
        community,
    ]
    return Letter(
        t("{digits} is your code for {community}", digits=digits, community=community),
        "\n\n".join(paragraphs) + "\n",
    )
