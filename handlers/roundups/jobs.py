"""The ticks that post the week in the channels, and send the staff what needs them."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify_all, post_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.roundups import rules, service
from storage.engine import Database
from storage.queries import people
from storage.queries.waiting import known_keys


async def weeks_due(database: Database, community: Community, clock: Clock) -> int:
    """Queue the week for each channel, once a week. Returns for how many.

    After a pause of the program the last one is caught up with, and no earlier one. The row's key makes it one,
    whoever looks and however often; what it says is read up to the moment at which it was due, so that an empty week
    stays one.
    """
    policy = community.roundups
    moment = rules.last_moment(clock.now(), policy.channel_weekday, policy.channel_hour, community.zone)
    if moment is None or not community.channels:
        return 0
    issue = rules.issue_of(moment, community.zone)
    keys = {f"week:{issue}:{one.platform}:{one.chat}:{one.thread}"[:80]: one for one in community.channels}
    async with database.reading() as session:
        known = await known_keys(session, list(keys))
        due = {key: channel for key, channel in keys.items() if key not in known}
        if not due:
            return 0
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        if (await service.week_until(ctx, moment)).is_empty:
            return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        for key, channel in due.items():
            await post_card(ctx, CardKey(service.CARD, issue), channel, dedup=key)
    return len(due)


async def attention_due(database: Database, community: Community, clock: Clock) -> int:
    """Queue what needs them for everybody who decides on something, once a week. Returns for how many.

    Whether anything does is asked when it is sent: where nothing does, nothing comes.
    """
    now, policy = clock.now(), community.roundups
    moment = rules.last_moment(now, policy.staff_weekday, policy.staff_hour, community.zone)
    if moment is None or now - moment >= rules.STAFF_CATCH_UP:
        return 0
    issue = rules.issue_of(moment, community.zone)
    async with database.reading() as session:
        readers = await people.people_with(session, sorted(ROLES_FOR[Permission.DECIDE]))
        keys = {person: f"attention:{issue}:{person}" for person in readers}
        known = await known_keys(session, list(keys.values()))
    due = [person for person, key in keys.items() if key not in known]
    if not due:
        return 0
    async with database.writing() as session:
        ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
        return await notify_all(ctx, due, service.NOTICE, dedup=keys.get)
