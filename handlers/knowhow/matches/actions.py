"""Commands and buttons of what fits what somebody offers and seeks."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow.matches import lessons, pair_screens, pairs, screens, service


@command("matches", "affinita", N_("What fits what you offer and seek"), Permission.MEMBER)
async def matches(ctx: Context, _: str) -> Replies:
    """All of one's pairs, of posts and of profiles."""
    return Show(pair_screens.listed(await pairs.all_of(ctx), ctx.t))


@action("match.list", Permission.MEMBER)
async def listed(ctx: Context) -> Replies:
    """All of one's pairs, from a button."""
    return Show(pair_screens.listed(await pairs.all_of(ctx), ctx.t))


@action("match.open", Permission.MEMBER)
async def opened(ctx: Context, match: int) -> Replies:
    """One pair of two posts."""
    return Show(screens.told(await service.opened(ctx, match), ctx.t))


@action("match.see", Permission.MEMBER, acting=False)
async def see(ctx: Context, pair: int) -> Replies:
    """One pair with a profile."""
    return Show(pair_screens.told(await pairs.opened(ctx, pair), ctx.t))


@action("match.no", Permission.MEMBER)
async def refuse(ctx: Context, match: int) -> Replies:
    """A pair of two posts is nothing for them."""
    taught = await lessons.refuse_posts(ctx, match)
    return Show(pair_screens.refused(taught.words, ended=taught.ended, t=ctx.t))


@action("match.pass", Permission.MEMBER, acting=False)
async def refuse_pair(ctx: Context, pair: int) -> Replies:
    """A pair with a profile is nothing for them."""
    taught = await lessons.refuse_pair(ctx, pair)
    return Show(pair_screens.refused(taught.words, ended=taught.ended, t=ctx.t))
