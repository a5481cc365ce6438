"""Somebody goes: their places in what is still to come go to those who wait."""

from collections.abc import Sequence

from handlers.conversation.actions import Departure, departure
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.events.service import PROPOSAL_CARD, card_key, promote
from storage.engine import lock
from storage.enums import Answer
from storage.models import CommunityEvent
from storage.queries import departures, events


@departure
async def leave_events(ctx: ReadContext, leaving: Departure) -> Sequence[CardKey]:
    """Give up places; name the cards of these events and of those that they organise."""
    to_come = await departures.events_to_come(ctx.session, leaving.person_id, ctx.now)
    for event_id in to_come:
        event = await lock(ctx.session, CommunityEvent, CommunityEvent.id, event_id)
        own = await events.answer_of(ctx.session, event_id, leaving.person_id)
        if event is None or own is None:
            continue
        went = own.answer is Answer.GOING
        await ctx.session.delete(own)
        await ctx.session.flush()
        if went:
            await promote(ctx, event)
    organised = await departures.events_organised(ctx.session, leaving.person_id)
    return [card_key(one) for one in sorted({*to_come, *organised})] + [
        CardKey(PROPOSAL_CARD, one) for one in organised
    ]
