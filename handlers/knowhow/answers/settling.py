"""What was reported is gone: the reports end by themselves, and whoever reported hears of it."""

from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, refresh_card
from storage.enums import ReportOutcome
from storage.models import ContentReport
from storage.queries import reporting

REPORT_CARD = "content_report"
"""The card on which the staff decide on a report."""


async def settle_gone(ctx: ReadContext, post_id: int, *, answer_id: int | None = None) -> None:
    """End the open reports about a post and all below it, or about one answer."""
    if answer_id is None:
        found = await reporting.open_at(ctx.session, post_id)
    else:
        found = await reporting.open_about(ctx.session, post_id, answer_id)
    for report in found:
        await reporting.settle(ctx.session, report, ReportOutcome.GONE, None, ctx.now)
        await tell_outcome(ctx, report)


async def tell_outcome(ctx: ReadContext, report: ContentReport) -> None:
    """Tell whoever reported, and redraw what the staff have of it."""
    await notify(
        ctx,
        report.by_person_id,
        "knowhow.report_settled",
        dedup=f"content-report-end:{report.id}",
        data={"content_report": report.id, "post": report.post_id},
    )
    await refresh_card(ctx, CardKey(REPORT_CARD, report.id))
