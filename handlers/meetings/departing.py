"""Somebody goes: meetings that are still to come are called off, and the other sides are told."""

from collections.abc import Sequence

from handlers.conversation.actions import Departure, departure
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify
from storage.engine import lock
from storage.enums import MeetingStatus
from storage.models import Mission
from storage.queries import departures, meetings
from storage.queries.meetings import Step


@departure
async def leave_meetings(ctx: ReadContext, leaving: Departure) -> Sequence[CardKey]:
    """Call off what is to come; name the cards of all their meetings."""
    for meeting in await departures.meetings_to_come(ctx.session, leaving.person_id, ctx.now):
        await lock(ctx.session, Mission, Mission.id, meeting.mission_id)
        step = Step(by=leaving.person_id, at=ctx.now, reason="no longer takes part")
        await meetings.end(ctx.session, meeting, MeetingStatus.CANCELLED, step)
        for party in await meetings.parties_of(ctx.session, meeting.id):
            if party.person_id != leaving.person_id:
                await notify(
                    ctx,
                    party.person_id,
                    "meeting.cancelled",
                    dedup=f"meeting:{meeting.id}:cancelled:{party.person_id}",
                    data={"meeting": meeting.id},
                )
    return [CardKey("meeting", one) for one in await departures.meetings_of(ctx.session, leaving.person_id)]
