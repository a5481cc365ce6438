"""What is due for the staff: the daily note, and what somebody has had for too long."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify_all
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.staff.acting_actions import tell
from handlers.staff.rules import HOLD_LASTS
from storage.engine import Database
from storage.queries import acting, people, waiting
from storage.queries.waiting import known_keys

SATURDAY = 5
"""As ``date.weekday`` counts."""


async def notes_due(database: Database, community: Community, clock: Clock) -> int:
    """Queue the daily note for everybody who decides on something, once a working day. Returns for how many.

    Whether anything has waited for long is asked when it is sent: where nothing has, nothing comes.
    """
    local = clock.now().astimezone(community.zone)
    if local.weekday() >= SATURDAY or local.time() < community.staff.note_at:
        return 0
    day = local.date().isoformat()
    async with database.reading() as session:
        readers = await people.people_with(session, sorted(ROLES_FOR[Permission.DECIDE]))
        keys = {person: f"staffnote:{day}:{person}" for person in readers}
        known = await known_keys(session, list(keys.values()))
    due = [person for person, key in keys.items() if key not in known]
    if not due:
        return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        return await notify_all(ctx, due, "staff.note", dedup=keys.get)


async def holds_due(database: Database, _: Community, clock: Clock) -> int:
    """What somebody has had for a day is everybody's again; nobody is told. Returns 0: nothing is queued."""
    async with database.writing() as session:
        await waiting.release(session, clock.now() - HOLD_LASTS)
    return 0


async def acted_due(database: Database, community: Community, clock: Clock) -> int:
    """Tell people what was done for them, when the quarter of an hour is over. Returns how many were told."""
    async with database.reading() as session:
        if not await acting.untold(session, clock.now(), most=1):
            return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        return len(await tell(ctx))
