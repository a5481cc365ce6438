"""The staff take the community's offers and requests to the Enterprise Europe Network."""

from handlers.conversation.actions import action, command
from handlers.conversation.auditing import record
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Toast
from handlers.conversation.notify import notify
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow.partnering import screens
from handlers.sheets.writing import SheetForm
from storage.enums import SubjectKind
from storage.queries.partnering import count_partnering_posts


@command("een", "een", N_("Offers and requests for the Enterprise Europe Network"), Permission.STAFF)
async def een(ctx: Context, _: str) -> Replies:
    """How many there are."""
    return Show(screens.offered(await count_partnering_posts(ctx.session, ctx.now), t=ctx.t))


@action("een.file", Permission.STAFF)
async def ask_for_file(ctx: Context, form: SheetForm) -> Replies:
    """All of them as a file, made when it is sent."""
    record(ctx, "een.export", SubjectKind.LIST, 0, form.value)
    await notify(ctx, ctx.me.id, "knowhow.een_file", data={"form": form.value})
    return Toast(ctx.t("The file is on its way."))
