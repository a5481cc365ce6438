"""When and where meetings can be held: a mission's slots and tables."""

from collections.abc import Sequence

from handlers.conversation.context import Context
from handlers.meetings.rules import MOST_SLOTS, Span
from storage.engine import lock
from storage.models import MeetingTable, Mission, Slot
from storage.queries import meetings


async def add_times(ctx: Context, mission: Mission, spans: Sequence[Span], tables: int) -> int:
    """Add slots that overlap none, and tables up to that many. Returns how many slots were added."""
    await lock(ctx.session, Mission, Mission.id, mission.id)
    room = max(0, MOST_SLOTS - len(await meetings.slots_of(ctx.session, mission.id)))
    added = list(spans)[:room]
    ctx.session.add_all(Slot(mission_id=mission.id, starts_at=first, ends_at=last) for first, last in added)
    there = await meetings.tables_of(ctx.session, mission.id)
    labels = {table.label for table in there}
    position = max((table.position for table in there), default=0)
    number = 0
    while len(labels) < tables:
        number += 1
        if str(number) in labels:
            continue
        position += 1
        labels.add(str(number))
        ctx.session.add(MeetingTable(mission_id=mission.id, label=str(number), position=position))
    await ctx.session.flush()
    return len(added)
