"""Somebody goes: what the staff have of reports about or by them is drawn anew."""

from collections.abc import Sequence

from handlers.conversation.actions import Departure, departure
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.knowhow.answers.settling import REPORT_CARD
from storage.queries import reporting


@departure
async def leave_reports(ctx: ReadContext, leaving: Departure) -> Sequence[CardKey]:
    """The cards of reports that name them."""
    return [CardKey(REPORT_CARD, one) for one in await reporting.touching(ctx.session, leaving.person_id)]
