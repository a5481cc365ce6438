"""Pages that commands, buttons and forms show alike."""

from handlers.conversation.contacts import has_account
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.directory import screens, service


async def people_page(ctx: ReadContext, search: screens.Search) -> Screen:
    """A page of the directory."""
    search = await service.named(ctx, search)
    found = await service.find(ctx, search)
    return screens.people(search, found.people, found.total, await service.standing(ctx), t=ctx.t)


async def my_page(ctx: ReadContext) -> Screen:
    """How the reader appears."""
    shown, entry = await service.me_as_shown(ctx)
    return screens.mine(
        shown,
        service.fields_shown(entry),
        entry.contact if entry else "",
        is_in=(await service.standing(ctx)).is_in,
        has_account=await has_account(ctx, ctx.me.id),
        t=ctx.t,
    )
