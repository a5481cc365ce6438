"""Ticks: requests whose time is over or comes again, and an index that is out of step."""

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, refresh_card
from handlers.directory import service
from storage.engine import Database
from storage.enums import IntroductionStatus
from storage.queries import introductions
from storage.queries.directory_index import index_people, out_of_step

BATCH = 50
"""People indexed by one transaction: few enough that nobody who presses a button waits for it."""


async def introductions_due(database: Database, community: Community, clock: Clock) -> int:
    """End what nobody answered and tell whoever asked; remind who said "not now". Returns how many."""
    now = clock.now()
    async with database.reading() as session:
        over, again = await introductions.ended(session, now), await introductions.to_remind(session, now)
    for introduction_id in over:
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            await _end(ctx, introduction_id)
    for introduction_id in again:
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            await _remind(ctx, introduction_id)
    return len(over) + len(again)


async def _end(ctx: ReadContext, introduction_id: int) -> None:
    row = await introductions.find(ctx.session, introduction_id, hold=True)
    if row is None or row.told_at is not None or row.status not in introductions.ENDS:
        return
    if row.status is IntroductionStatus.OPEN:
        row.status = IntroductionStatus.EXPIRED
    row.told_at, row.remind_at = ctx.now, None
    await ctx.session.flush()
    await notify(ctx, row.asker_id, "introduction.ended", dedup=f"intro-end:{row.id}", data={"introduction": row.id})
    await refresh_card(ctx, CardKey(service.REQUEST_CARD, row.id))


async def _remind(ctx: ReadContext, introduction_id: int) -> None:
    row = await introductions.find(ctx.session, introduction_id, hold=True)
    if row is None or row.status is not IntroductionStatus.OPEN or row.remind_at is None or row.remind_at > ctx.now:
        return
    row.remind_at = None
    await ctx.session.flush()
    data = {"introduction": row.id}
    await notify(ctx, row.asked_id, "introduction.reminder", dedup=f"intro-again:{row.id}", data=data)


async def directory_due(database: Database, _: Community, __: Clock) -> int:
    """Index who was changed around the program's own ways, such as by an import. Returns how many."""
    done, before = 0, set[int]()
    while True:
        async with database.reading() as session:
            people = await out_of_step(session, most=BATCH)
        if not people or before == set(people):
            return done  # a name without a letter or digit in it has no words to be found by
        before = set(people)
        async with database.writing() as session:
            await index_people(session, people)
        done += len(people)
