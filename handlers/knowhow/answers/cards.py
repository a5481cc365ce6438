"""The live card on which a report is decided."""

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow.answers import report_screens, reports
from handlers.knowhow.answers.settling import REPORT_CARD


@card(REPORT_CARD)
async def report_card(ctx: ReadContext, report_id: int) -> Screen | None:
    """A report, and what was decided."""
    if not ctx.may(Permission.MODERATE):
        return None
    view = await reports.view_of(ctx, report_id)
    return report_screens.report(view, ctx.t) if view is not None else None
