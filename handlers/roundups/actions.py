"""The staff's roundup: to look at now, and to turn off."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.roundups import screens, service


@command("attention", "attenzione", N_("What needs the staff, with its age"), Permission.DECIDE)
async def attention(ctx: Context, _: str) -> Replies:
    """What needs me now."""
    return Show(screens.attention(await service.attention_for(ctx), t=ctx.t))


@action("roundup.want", Permission.DECIDE)
async def want(ctx: Context, wanted: int) -> Replies:
    """Whether it comes by itself."""
    await service.want(ctx, wanted=bool(wanted))
    return Show(screens.attention(await service.attention_for(ctx), t=ctx.t))
