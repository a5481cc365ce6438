"""Whatever people tap in whatever order: nobody twice in a slot, no table twice, states only along the arrows."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community
from handlers.router import Router
from storage.engine import Database
from storage.enums import Role
from storage.models import Base
from tests.handlers.events.town import START, Somebody, Town
from tests.handlers.meetings.encounters import brings_together, check_everything
from tests.handlers.missions.delegation import b2b, delegate, mission

PEOPLE = 4
MEETINGS = 5
SLOTS = 3

Tap = tuple[str, int, int, int]
"""What, which meeting, whose finger, which slot."""

TAPS = st.lists(
    st.tuples(
        st.sampled_from(["propose", "yes", "offer", "accept", "keep", "decline", "schedule", "call_off", "withdraw"]),
        st.integers(1, MEETINGS),
        st.integers(0, PEOPLE - 1),
        st.integers(1, SLOTS),
    ),
    min_size=4,
    max_size=18,
)


async def _declines(who: Somebody, meeting: int) -> None:
    await who.presses(f"meeting.decline:{meeting}")
    if who.outcome.form is not None:
        await who.submits({})


async def _calls_off(lead: Somebody, meeting: int) -> None:
    await lead.presses(f"meeting.call_off:{meeting}")
    if lead.outcome.form is not None:
        await lead.submits({"reason": "x"})


async def _do(tap: Tap, lead: Somebody, people: list[Somebody], trip: int) -> None:
    what, meeting, finger, slot = tap
    who = people[finger]
    ways: dict[str, Callable[[], Awaitable[object]]] = {
        "propose": lambda: brings_together(lead, trip, who, people[(finger + slot) % PEOPLE]),
        "yes": lambda: who.presses(f"meeting.yes:{meeting}:{slot}"),
        "offer": lambda: who.presses(f"meeting.offer:{meeting}:{slot}"),
        "accept": lambda: who.presses(f"meeting.accept:{meeting}:{slot}"),
        "keep": lambda: who.presses(f"meeting.keep:{meeting}:{slot}"),
        "decline": lambda: _declines(who, meeting),
        "schedule": lambda: lead.presses(f"meeting.schedule:{meeting}"),
        "call_off": lambda: _calls_off(lead, meeting),
        "withdraw": lambda: who.presses(f"mission.withdrawn:{trip}"),
    }
    await ways[what]()
    for one in (who, lead):
        assert "Something went wrong" not in one.words


async def _play(folder: Path, taps: list[Tap], *, together: bool) -> None:
    database = Database(f"sqlite:///{folder / 'town.sqlite3'}")
    async with database.connection() as connection:
        await connection.run_sync(Base.metadata.create_all)
    community, clock = Community("Cluster"), MovableClock(START, running=False)
    town = Town(database, community, clock, Router(database, community, clock, claim="test"))
    try:
        lead = await town.person("Lead", Role.STAFF)
        trip = await mission(town)
        tables = await b2b(town, trip, slots=SLOTS, tables=1)
        people = [await town.person(f"Person {index}") for index in range(PEOPLE)]
        for one in people:
            await delegate(town, trip, one, [tables])
        # Something to tap at: two meetings of the four.
        await brings_together(lead, trip, people[0], people[1])
        await brings_together(lead, trip, people[1], people[2])
        if together:
            fingers = [
                (
                    [Somebody(town, one.id, one.user, one.chat) for one in people],
                    Somebody(town, lead.id, lead.user, lead.chat),
                )
                for _ in taps
            ]
            calm = [tap for tap in taps if tap[0] in {"yes", "offer", "accept", "keep", "schedule", "withdraw"}]
            await asyncio.gather(
                *(_do(tap, staff, hands, trip) for tap, (hands, staff) in zip(calm, fingers, strict=False))
            )
            await check_everything(town)
            return
        for tap in taps:
            await _do(tap, lead, people, trip)
            await check_everything(town)
    finally:
        await database.close()


RULES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@given(TAPS)
@RULES
def test_any_sequence_of_taps(taps: list[Tap]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(Path(folder), taps, together=False))


@given(TAPS)
@RULES
def test_all_taps_at_once(taps: list[Tap]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(Path(folder), taps, together=True))
