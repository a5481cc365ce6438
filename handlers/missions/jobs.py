"""What is due for missions."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify_all
from handlers.missions.rules import REMINDED_BEFORE, reminder_is_news
from handlers.missions.service import leads
from storage.engine import Database, lock
from storage.models import Mission
from storage.queries import missions


async def deadlines_due(database: Database, community: Community, clock: Clock) -> int:
    """Remind those who have not applied, and those who decide, three days before a deadline. Returns how many.

    Once a deadline: the mission remembers for which one it was done, so a moved deadline is reminded of anew.
    """
    now = clock.now()
    async with database.reading() as session:
        due = await missions.deadlines_between(session, now, now + REMINDED_BEFORE)
    queued = 0
    for mission_id in due:
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            queued += await _remind(ctx, mission_id)
    return queued


async def _remind(ctx: ReadContext, mission_id: int) -> int:
    mission = await lock(ctx.session, Mission, Mission.id, mission_id)
    if mission is None or mission.reminded_for == mission.deadline:
        return 0
    mission.reminded_for = mission.deadline
    stamp = int(mission.deadline.timestamp())
    queued = 0
    if reminder_is_news(mission.deadline, mission.opened_at):
        queued += await notify_all(
            ctx,
            await missions.members_without_application(ctx.session, mission.id),
            "mission.deadline",
            dedup=lambda person: f"deadline:{mission.id}:{stamp}:{person}",
            data={"mission": mission.id},
        )
    if (await missions.heads(ctx.session, mission.id)).waiting:
        queued += await notify_all(
            ctx,
            await leads(ctx),
            "mission.undecided",
            dedup=lambda person: f"undecided:{mission.id}:{stamp}:{person}",
            data={"mission": mission.id},
        )
    return queued
