"""Somebody goes: they withdraw from missions that are not over; what they did on past ones stays counted."""

from collections.abc import Sequence

from handlers.conversation.actions import Departure, departure
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.missions.withdrawing import withdraw
from storage.queries import departures


@departure
async def leave_missions(ctx: ReadContext, leaving: Departure) -> Sequence[CardKey]:
    """Withdraw; name the cards of their applications, and of missions that they lead."""
    today = ctx.now.astimezone(ctx.community.zone).date()
    for mission_id in await departures.missions_to_come(ctx.session, leaving.person_id, today):
        await withdraw(ctx, mission_id)
    applications = await departures.applications_touched(ctx.session, leaving.person_id)
    led = await departures.missions_led(ctx.session, leaving.person_id)
    return [CardKey("application", one) for one in applications] + [CardKey("mission", one) for one in led]
