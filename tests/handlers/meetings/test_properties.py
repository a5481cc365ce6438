"""Whatever people tap in whatever order: nobody twice in a slot, no table twice, states only along the arrows."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.conversation.clock import MovableClock
from handlers.conversation.context import Community
from handlers.conversation.screen import Button
from handlers.router import Router
from storage.engine import Database
from storage.enums import Role
from storage.models import Base
from tests.handlers.events.town import START, Somebody, Town
from tests.handlers.meetings.encounters import brings_together, check_everything
from tests.handlers.missions.delegation import b2b, delegate, mission

PEOPLE = 4
MEETINGS = 3
SLOTS = 3

Tap = tuple[str, int, int, int]
"""What, whose finger (the last one is the staff's), which meeting, which of the buttons or slots."""

STALE = ("yes", "offer", "accept", "keep", "schedule")
"""Old buttons, pressed whatever the card shows now."""
TAPS = st.lists(
    st.tuples(
        # Mostly the buttons that a card shows: what is drawn at random is refused more often than not.
        st.sampled_from(["card"] * 8 + ["propose", "withdraw", *STALE]),
        st.integers(0, PEOPLE),
        st.integers(1, MEETINGS),
        st.integers(0, 11),
    ),
    min_size=6,
    max_size=16,
)
ELSEWHERE = ("meeting.calendar", "meeting.mine", "meeting.overview", "meeting.back", "meeting.open")
"""Buttons that change nothing."""


async def _follows(who: Somebody, choice: int) -> None:
    """Press one of the buttons on the screen, and of the screens that it leads to; fill in what is asked."""
    for _ in range(3):
        actions = [
            button.action
            for one in who.screens
            for button in one.buttons
            if isinstance(button, Button) and not button.action.startswith(ELSEWHERE)
        ]
        if not actions:
            return
        choice, chosen = divmod(choice, len(actions))
        await who.presses(actions[chosen])
        if who.outcome.form is not None:
            await who.submits({"reason": "x"} if who.outcome.form.name == "meeting.call_off" else {})
            return
        if not any(one.summary.startswith(("Another time with", "Another time, or")) for one in who.screens):
            return


async def _do(tap: Tap, hands: list[Somebody], trip: int) -> None:
    what, finger, meeting, choice = tap
    who, lead = hands[finger], hands[-1]
    slot = choice % SLOTS + 1
    match what:
        case "card":
            await who.presses(f"meeting.open:{meeting}")
            await _follows(who, choice)
        case "propose":
            one, other = finger % PEOPLE, (finger + slot) % PEOPLE
            await brings_together(lead, trip, hands[one], hands[other])
        case "withdraw":
            await who.presses(f"mission.withdrawn:{trip}")
        case "schedule":
            await lead.presses(f"meeting.schedule:{meeting}")
        case stale:
            await who.presses(f"meeting.{stale}:{meeting}:{slot}")
    for hand in (who, lead):
        assert "Something went wrong" not in hand.words


@dataclass(frozen=True)
class Scene:
    """A mission with four delegates and two meetings, prepared once and copied for every example."""

    path: Path
    trip: int
    lead: tuple[int, str, str]
    people: list[tuple[int, str, str]]

    def hands(self, town: Town) -> list[Somebody]:
        """Those who tap: the delegates, then the staff; each with a screen of their own."""
        return [Somebody(town, *one) for one in (*self.people, self.lead)]


def _town(path: Path) -> Town:
    database = Database(f"sqlite:///{path}")
    community, clock = Community("Cluster"), MovableClock(START, running=False)
    return Town(database, community, clock, Router(database, community, clock, claim="test"))


async def _prepare(path: Path) -> Scene:
    town = _town(path)
    async with town.database.connection() as connection:
        await connection.run_sync(Base.metadata.create_all)
    lead = await town.person("Lead", Role.STAFF)
    trip = await mission(town)
    tables = await b2b(town, trip, slots=SLOTS, tables=1)
    people = [await town.person(f"Person {index}") for index in range(PEOPLE)]
    for one in people:
        await delegate(town, trip, one, [tables])
    await brings_together(lead, trip, people[0], people[1])
    await brings_together(lead, trip, people[1], people[2])
    await town.database.close()
    return Scene(path, trip, (lead.id, lead.user, lead.chat), [(one.id, one.user, one.chat) for one in people])


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return asyncio.run(_prepare(tmp_path_factory.mktemp("scene") / "town.sqlite3"))


@asynccontextmanager
async def _stage(scene: Scene) -> AsyncIterator[Town]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.sqlite3"
        shutil.copy(scene.path, path)
        town = _town(path)
        try:
            yield town
        finally:
            await town.database.close()


async def _one_after_the_other(scene: Scene, taps: list[Tap]) -> None:
    async with _stage(scene) as town:
        hands = scene.hands(town)
        for tap in taps:
            await _do(tap, hands, scene.trip)
            await check_everything(town)


async def _all_at_once(scene: Scene, taps: list[Tap]) -> None:
    async with _stage(scene) as town:
        await asyncio.gather(*(_do(tap, scene.hands(town), scene.trip) for tap in taps))
        await check_everything(town)


RULES = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@given(TAPS)
@RULES
def test_any_sequence_of_taps(scene: Scene, taps: list[Tap]) -> None:
    asyncio.run(_one_after_the_other(scene, taps))


@given(TAPS)
@RULES
def test_all_taps_at_once(scene: Scene, taps: list[Tap]) -> None:
    asyncio.run(_all_at_once(scene, taps))
