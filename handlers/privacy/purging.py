"""Letting go of what is too old: once a day, in small steps, never in the hour that some days have twice or not at all.

Rows go by age. People who have not been here for years are told a week before, and stay with one tap.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import notify
from handlers.privacy.erasing import LastOwnerError, NobodyError, erase_person
from storage.engine import Database
from storage.models import RetentionNotice
from storage.queries import disclosures, retention

log = logging.getLogger(__name__)

FROM_HOUR = 3
"""The community's clock: after the hour in which clocks are changed."""
STUCK_AFTER = timedelta(hours=1)
"""A purge that began so long ago and has not ended was killed, and is begun anew."""
PEOPLE_ERASED = "people"
PEOPLE_WARNED = "warned"


def lengths(community: Community) -> Mapping[str, timedelta]:
    """The settings as the queries take them."""
    return asdict(community.retention)


def context(session: AsyncSession, community: Community, clock: Clock) -> ReadContext:
    """Nobody's: what the program does by itself."""
    return ReadContext(session, community, clock, None, frozenset(), community.locale)


async def counted_due(session: AsyncSession, community: Community, now: datetime) -> dict[str, int]:
    """What a purge would do at that moment, by kind; nothing is changed."""
    kept, found = lengths(community), Counter[str]()
    for rule in retention.rules():
        found[rule.name] += await retention.count_due(session, rule, now, kept)
    found["slips"] = await disclosures.count_over(session, now)
    found[PEOPLE_WARNED] = await retention.count(session, retention.to_warn(now, kept))
    found[PEOPLE_ERASED] = await retention.count(session, retention.to_erase(now, kept))
    return dict(found)


async def purge_rows(
    database: Database, community: Community, clock: Clock, names: Collection[str] = ()
) -> dict[str, int]:
    """Delete rows that are too old, of these kinds or all; returns how many of each."""
    now, kept, done = clock.now(), lengths(community), Counter[str]()
    for rule in retention.rules(names):
        number = retention.BATCH
        while number == retention.BATCH:
            async with database.writing() as session:
                number = await retention.carry_out(session, rule, now, kept)
            done[rule.name] += number
            await asyncio.sleep(0)  # whoever taps meanwhile gets their turn
    return dict(done)


async def purge_people(database: Database, community: Community, clock: Clock) -> dict[str, int]:
    """Warn those whose data goes in a week, and erase those whose time is over."""
    now, kept, done = clock.now(), lengths(community), Counter[str]()
    async with database.writing() as session:
        await retention.forget_notices_of_the_returned(session)
    async with database.reading() as session:
        warned = await retention.ids(session, retention.to_warn(now, kept))
        gone = await retention.ids(session, retention.to_erase(now, kept))
    for person_id in warned:
        async with database.writing() as session:
            erase_at = now + community.retention.warning
            session.add(RetentionNotice(person_id=person_id, told_at=now, erase_at=erase_at))
            await session.flush()
            day = int(now.timestamp())
            await notify(
                context(session, community, clock),
                person_id,
                "privacy.going",
                dedup=f"going:{person_id}:{day}",
                data={"person": person_id},
            )
        done[PEOPLE_WARNED] += 1
    for person_id in gone:
        async with database.writing() as session:
            try:
                await erase_person(
                    context(session, community, clock), person_id, keep_posts=True, action="person.erase_unused"
                )
            except (LastOwnerError, NobodyError):
                continue
        done[PEOPLE_ERASED] += 1
    return dict(done)


async def purge(database: Database, community: Community, clock: Clock) -> dict[str, int]:
    """The whole purge; returns how many of each kind."""
    done = await purge_rows(database, community, clock) | await purge_people(database, community, clock)
    await database.forget_old_pages()
    return {name: number for name, number in done.items() if number}


async def purge_due(database: Database, community: Community, clock: Clock) -> int:
    """Purge once a day, from three in the morning on the community's clock. Returns how many rows and people went."""
    now = clock.now()
    local = now.astimezone(community.zone)
    if local.hour < FROM_HOUR:
        return 0
    async with database.writing() as session:
        if not await retention.begin_run(session, local.date(), now, stuck_before=now - STUCK_AFTER):
            return 0
    done = await purge(database, community, clock)
    async with database.writing() as session:
        await retention.end_run(session, local.date(), clock.now(), done)
    log.info("purged", extra={"rows": sum(done.values())})
    return sum(done.values())
