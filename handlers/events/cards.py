"""Live cards of events, and the line on the home screen."""

from handlers.conversation.actions import card, home_line
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.events import notice_screens, screens, staff_screens
from handlers.events.service import EVENT_CARD, OPEN_TO_ALL, PROPOSAL_CARD, card_of
from storage.queries import events


@card(EVENT_CARD)
async def event_card(ctx: ReadContext, event_id: int) -> Screen | None:
    """An event, for one reader or for a channel."""
    event = await events.find_event(ctx.session, event_id)
    if event is None or (ctx.person is None and event.status not in OPEN_TO_ALL):
        return None
    return screens.event_card(await card_of(ctx, event), ctx.t)


@card(PROPOSAL_CARD)
async def proposal_card(ctx: ReadContext, event_id: int) -> Screen | None:
    """A proposal, for the staff."""
    event = await events.find_event(ctx.session, event_id)
    if event is None or not ctx.may(Permission.STAFF):
        return None
    return staff_screens.proposal(await card_of(ctx, event), ctx.t)


@home_line
async def next_event(ctx: ReadContext) -> str | None:
    """The next event that the reader is going to."""
    if ctx.person is None:
        return None
    event = await events.next_going(ctx.session, ctx.person.id, ctx.now)
    return notice_screens.soon(event, ctx.now, ctx.t, ctx.zone) if event else None
