"""Somebody goes: the cards of their request to join, and of requests that they answered, lose the name."""

from collections.abc import Sequence

from handlers.conversation.actions import Departure, departure
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.identity.service import REQUEST_CARD
from storage.queries import departures


@departure
async def leave_requests(ctx: ReadContext, leaving: Departure) -> Sequence[CardKey]:
    """Name those cards."""
    decided = await departures.requests_decided(ctx.session, leaving.person_id)
    return [CardKey(REQUEST_CARD, one) for one in sorted({leaving.person_id, *decided})]
