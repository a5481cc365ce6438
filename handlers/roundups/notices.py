"""What needs the staff, once a week."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.roundups import screens, service
from storage.enums import Priority


async def _topic(_: ReadContext) -> str | None:
    return service.TOPIC


@notice(
    service.NOTICE,
    priority=Priority.REMINDER,
    again=False,
    useful_for=timedelta(days=2),
    topic=_topic,
    quiet=Quiet.WAITS,
)
async def attention(ctx: ReadContext) -> Screen | None:
    """To whoever decides on something; nothing where nothing needs them."""
    if not ctx.may(Permission.DECIDE):
        return None
    shown = await service.attention_for(ctx)
    return None if shown.is_empty else screens.attention(shown, t=ctx.t)
