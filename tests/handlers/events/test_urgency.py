"""Which news of an event may go to a second platform when it is not read: what is soon and changes where to be when."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.conversation.actions import REGISTRY
from handlers.conversation.clock import MovableClock
from handlers.conversation.context import ReadContext
from handlers.conversation.second_ping import is_soon
from storage.enums import Locale
from storage.models import OutboxMessage
from tests.handlers.events.town import DAY, HOUR, START, Somebody, Town, filled, published

STARTS = datetime.fromisoformat("2018-04-19T15:30+00:00")


@pytest.mark.parametrize(
    ("starts_in", "soon"),
    [(-HOUR, False), (timedelta(0), False), (timedelta(minutes=1), True), (DAY, True), (DAY + HOUR, False)],
)
def test_soon_is_still_to_come_and_within_the_span(starts_in: timedelta, *, soon: bool) -> None:
    assert is_soon(START + starts_in, START, DAY) is soon


async def urgent(town: Town, kind: str) -> bool:
    """Whether the newest notice of that kind is urgent now."""
    async with town.database.reading() as session:
        found = await session.execute(
            select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc()).limit(1)
        )
        row = found.scalar_one()
        assert row.urgent, "marked where it was queued, so that it is found"
        rule = REGISTRY.notices[kind].urgent
        assert not isinstance(rule, bool)
        ctx = ReadContext(session, town.community, town.clock, None, frozenset(), Locale.ENGLISH)
        return await rule(ctx, **row.data)


@pytest.mark.parametrize(
    ("before", "changes", "expected"),
    [
        (HOUR, {"place": "Aula Volta"}, True),
        (HOUR, {"starts": "2018-04-19T18:30"}, True),
        (HOUR, {"starts": "2018-05-19T17:30", "ends": "2018-05-19T19:30"}, True),  # who leaves now would be there alone
        (3 * DAY, {"starts": "2018-04-17T17:30", "ends": "2018-04-17T19:30"}, True),  # brought forward
        (HOUR, {"title": "Laboratorio aperto"}, False),
        (5 * DAY, {"place": "Aula Volta"}, False),
    ],
)
async def test_a_change_is_urgent_when_it_sends_people_elsewhere_soon(
    town: Town,
    clock: MovableClock,
    staff: Somebody,
    anna: Somebody,
    before: timedelta,
    changes: dict[str, str],
    *,
    expected: bool,
) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    clock.to(STARTS - before)
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled(**changes))
    assert await urgent(town, "event.changed") is expected


@pytest.mark.parametrize(("before", "expected"), [(HOUR, True), (3 * DAY, False)])
async def test_a_cancellation_is_urgent_shortly_before(
    town: Town, clock: MovableClock, staff: Somebody, anna: Somebody, before: timedelta, *, expected: bool
) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    clock.to(STARTS - before)
    await staff.presses(f"event.cancel:{event}")
    await staff.submits({"reason": "Guasto."})
    assert await urgent(town, "event.cancelled") is expected


async def test_an_invitation_is_never_repeated(town: Town, staff: Somebody, anna: Somebody) -> None:
    await published(staff)
    async with town.database.reading() as session:
        found = await session.execute(select(OutboxMessage.urgent).where(OutboxMessage.person_id == anna.id))
        assert found.scalars().all() == [False]
