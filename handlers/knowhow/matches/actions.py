"""Commands and buttons of offers and requests that fit each other."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow.matches import screens, service


@command("matches", "affinita", N_("What fits your offers and requests"), Permission.MEMBER)
async def matches(ctx: Context, _: str) -> Replies:
    """All pairs of one's posts."""
    return Show(screens.listed(await service.all_of(ctx), ctx.t))


@action("match.list", Permission.MEMBER)
async def listed(ctx: Context) -> Replies:
    """All pairs of one's posts, from a button."""
    return Show(screens.listed(await service.all_of(ctx), ctx.t))


@action("match.open", Permission.MEMBER)
async def opened(ctx: Context, match: int) -> Replies:
    """One pair."""
    return Show(screens.told(await service.opened(ctx, match), ctx.t))


@action("match.no", Permission.MEMBER)
async def refuse(ctx: Context, match: int) -> Replies:
    """It is nothing for them."""
    await service.refuse(ctx, match)
    return Show(screens.refused(ctx.t))
