"""The week in the community's channels."""

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.roundups import rules, screens, service


@card(service.CARD)
async def week(ctx: ReadContext, issue: int) -> Screen | None:
    """A week, the same for everybody."""
    moment = rules.moment_of(issue, ctx.community.roundups.channel_hour, ctx.community.zone)
    if moment is None:
        return None
    shown = await service.week_until(ctx, moment)
    return None if shown.is_empty else screens.week(shown, t=ctx.t)
