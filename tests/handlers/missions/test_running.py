"""Those who run missions: writing one, deciding, the limits under simultaneous taps, and who may."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from handlers.conversation.form import Values
from handlers.conversation.screen import plain
from handlers.missions.jobs import deadlines_due
from storage.enums import ApplicationStatus, ComponentKind, MissionStatus, PersonStatus, PlaceStatus, Role
from storage.models import Mission
from tests.handlers.events.town import Delivered, Somebody, Town, of_kind
from tests.handlers.missions.delegation import (
    DEADLINE,
    application,
    audit,
    b2b,
    both_stores,
    delegate,
    mission,
    part,
    places,
    queued,
)

FILLED: Values = {
    "title": "BIO 2018",
    "place": "Boston",
    "first_day": "2018-06-04T00:00",
    "last_day": "2018-06-07T00:00",
    "zone": "Boston",
    "deadline": "2018-05-10T18:00",
    "summary_it": "Quattro giorni.",
    "sectors": [],
}
PART: Values = {
    "kind": "fair",
    "title_it": "Fiera",
    "title_en": "Fair",
    "place": "Convention Center",
    "starts": "2018-06-04T09:00",
    "ends": "2018-06-07T17:00",
    "seats": 20,
}


def shown(delivered: list[Delivered], kind: str, who: Somebody) -> str:
    one = of_kind(delivered, kind)[who.id]
    assert one is not None
    return plain(one)


async def test_a_mission_is_written_opened_and_told(town: Town, lead: Somebody, anna: Somebody) -> None:
    await lead.says("newmission")
    await lead.submits(dict(FILLED))
    assert "draft, only the staff see it" in lead.words
    assert "Add at least one part" in lead.words
    await lead.presses("mission.open:1")
    assert "Add at least one part" in lead.words
    await lead.presses("mission.part:1")
    await lead.submits(dict(PART))
    assert "Fair (Fair) · 20 places left" in lead.words
    await lead.presses(lead.action("Open it and tell 2 members"))
    assert "open for applications" in lead.words
    delivered = await town.deliver()
    assert set(of_kind(delivered, "mission.opened")) == {lead.id, anna.id}
    cards = [one for one in delivered if one.kind == "card"]
    assert [one.card for one in cards] == ["mission:1"]
    assert cards[0].screen is not None
    assert "Candidature entro: giovedì 10 maggio, 18:00" in plain(cards[0].screen)
    await lead.presses("mission.open:1")
    assert "open already" in lead.words
    await lead.presses("mission.close:1")
    await lead.presses("mission.open:1")
    assert await town.deliver() == []
    assert [action for action, _, _ in await audit(town)] == [
        "mission.create",
        "mission.part",
        "mission.open",
        "mission.close",
        "mission.open",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Atlantis"}, "zone"),
        ({"last_day": "2018-06-01T00:00"}, "last_day"),
        ({"last_day": "2018-08-01T00:00"}, "last_day"),
        ({"deadline": "2018-06-20T18:00"}, "deadline"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    town: Town, lead: Somebody, change: dict[str, str], field: str
) -> None:
    await lead.says("newmission")
    await lead.submits({**FILLED, **change})
    assert lead.outcome.errors is not None
    assert list(lead.outcome.errors.by_field) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends": "2018-06-04T08:00"}, "ends"),
        ({"starts": "2018-06-03T08:00"}, "starts"),
        ({"ends": "2018-06-09T08:00"}, "ends"),
    ],
)
async def test_a_part_lies_within_the_mission(town: Town, lead: Somebody, change: dict[str, str], field: str) -> None:
    await lead.says("newmission")
    await lead.submits(dict(FILLED))
    await lead.presses("mission.part:1")
    await lead.submits({**PART, **change})
    assert lead.outcome.errors is not None
    assert list(lead.outcome.errors.by_field) == [field]


async def test_lines_questions_and_guests(town: Town, lead: Somebody) -> None:
    number = await mission(town)
    tables = await b2b(town, number)
    await lead.presses(f"mission.guest:{number}")
    assert "no guest to add" in lead.words
    noa = await town.person("Noa Guest", status=PersonStatus.GUEST)
    await lead.presses(f"mission.item:{number}")
    item = {"component": "all", "title_it": "Ritrovo", "title_en": "Meeting point"}
    await lead.submits({**item, "starts": "2018-05-14T09:00", "ends": "2018-05-14T10:00"})
    await lead.presses(f"mission.faq:{number}")
    await lead.submits({"question_it": "Visto?", "answer_it": "No."})
    await lead.presses(f"mission.guest:{number}")
    form = lead.outcome.form
    assert form is not None
    assert form.field("components").initial == [str(tables)]
    await lead.submits({"person": str(noa.id), "components": [str(tables)]})
    assert "Guests: 1" in lead.words
    assert "Lines of the programme: 1" in lead.words
    assert "Questions: 1" in lead.words
    assert await places(town, tables) == {noa.id: PlaceStatus.CONFIRMED}


@both_stores
async def test_accepting_gives_places_or_turns_and_tells(
    town: Town, lead: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    number = await mission(town)
    fair = await part(town, number)
    visit = await part(town, number, ComponentKind.VISIT, title="Visit", seats=1)
    await delegate(town, number, bruno, [visit])
    waiting = await delegate(town, number, anna, [fair, visit], status=ApplicationStatus.WAITING)
    await lead.says("applications")
    await lead.presses(lead.action("Anna Member"))
    await lead.presses(lead.action("Accept"))
    assert "State: accepted" in lead.words
    assert "Decided by: Elena Lead" in lead.words
    assert "Accept" not in lead.labels
    told = shown(await town.deliver(), "mission.accepted", anna)
    assert "Fair · ✅ your place is confirmed" in told
    assert "Visit · ⏳ number 1 on the waiting list" in told
    await lead.presses(f"mission.accept:{waiting}")
    assert "Somebody was faster: this application is accepted." in lead.words
    await lead.presses(f"mission.decline:{waiting}")
    assert lead.outcome.form is None
    assert await audit(town) == [("mission.accepted", lead.id, "")]
    assert len(await queued(town, "mission.accepted")) == 1


async def test_every_lead_reads_the_same_card(town: Town, lead: Somebody, anna: Somebody) -> None:
    other = await town.person("Sara Staff", Role.STAFF)
    number = await mission(town)
    waiting = await delegate(town, number, anna, [await part(town, number)], status=ApplicationStatus.WAITING)
    mine = await town.copy(waiting, lead.chat, lead.id, kind="application")
    theirs = await town.copy(waiting, other.chat, other.id, kind="application")
    nobody = await town.copy(waiting, anna.chat, anna.id, kind="application")
    await lead.presses(f"mission.reserve:{waiting}", message=mine)
    edits = {one.target: one for one in await town.deliver() if one.card == f"application:{waiting}"}
    assert set(edits) == {theirs, nobody}
    assert edits[nobody].screen is None  # a copy that somebody without the right holds is never redrawn
    redrawn = edits[theirs].screen
    assert redrawn is not None
    assert "on the reserve list" in plain(redrawn)


async def test_not_this_time_carries_its_reason(town: Town, lead: Somebody, anna: Somebody) -> None:
    number = await mission(town)
    fair = await part(town, number)
    waiting = await delegate(town, number, anna, [fair], status=ApplicationStatus.WAITING)
    await lead.presses(f"mission.reserve:{waiting}")
    assert "reserve list" in shown(await town.deliver(), "mission.reserved", anna)
    await lead.presses(f"mission.decline:{waiting}")
    await lead.submits({"reason": "The seminar is full."})
    told = shown(await town.deliver(), "mission.declined", anna)
    assert "The seminar is full." in told
    assert await places(town, fair) == {anna.id: PlaceStatus.RELEASED}
    await anna.presses(f"mission.apply:{number}")
    assert "not this time" in anna.words
    assert [(action, reason) for action, _, reason in await audit(town)] == [
        ("mission.reserve", ""),
        ("mission.declined", "The seminar is full."),
    ]


async def test_a_full_mission_takes_nobody_more(town: Town, lead: Somebody, anna: Somebody, bruno: Somebody) -> None:
    number = await mission(town, seats=1)
    fair = await part(town, number)
    await delegate(town, number, bruno, [fair])
    waiting = await delegate(town, number, anna, [fair], status=ApplicationStatus.WAITING)
    await lead.presses(f"mission.accept:{waiting}")
    assert "seat of this mission is taken" in lead.words
    assert (await application(town, number, anna)).status is ApplicationStatus.WAITING


@both_stores
async def test_fifty_simultaneous_accepts_for_twenty_places(town: Town, lead: Somebody) -> None:
    number = await mission(town)
    visit = await part(town, number, ComponentKind.VISIT, title="Visit", seats=20)
    people = [await town.person(f"Member {index}") for index in range(50)]
    ids = [await delegate(town, number, one, [visit], status=ApplicationStatus.WAITING) for one in people]
    leads = [Somebody(town, lead.id, lead.user, lead.chat) for _ in ids]
    await asyncio.gather(*(one.presses(f"mission.accept:{row}") for one, row in zip(leads, ids, strict=True)))
    counted = Counter((await places(town, visit)).values())
    assert counted == {PlaceStatus.CONFIRMED: 20, PlaceStatus.WAITING: 30}
    assert len(await queued(town, "mission.accepted")) == 50


@both_stores
async def test_the_same_tap_by_two_leads_decides_once(town: Town, lead: Somebody, anna: Somebody) -> None:
    other = await town.person("Sara Staff", Role.STAFF)
    number = await mission(town)
    waiting = await delegate(town, number, anna, [await part(town, number)], status=ApplicationStatus.WAITING)
    await asyncio.gather(lead.presses(f"mission.accept:{waiting}"), other.presses(f"mission.reserve:{waiting}"))
    # Whoever comes first: from the reserve list one can still be accepted, never the other way round.
    assert (await application(town, number, anna)).status is ApplicationStatus.ACCEPTED
    assert [action for action, _, _ in await audit(town)].count("mission.accepted") == 1
    assert "Somebody was faster" not in lead.words


ACTIONS = (
    "mission.new",
    "mission.manage:{m}",
    "mission.part:{m}",
    "mission.item:{m}",
    "mission.faq:{m}",
    "mission.guest:{m}",
    "mission.open:{m}",
    "mission.close:{m}",
    "mission.queue:0",
    "mission.review:{a}",
    "mission.next:{a}",
    "mission.accept:{a}",
    "mission.reserve:{a}",
    "mission.decline:{a}",
)


@pytest.mark.parametrize("action", ACTIONS)
async def test_members_and_outsiders_run_no_mission(
    town: Town, anna: Somebody, outsider: Somebody, action: str
) -> None:
    number = await mission(town)
    waiting = await delegate(town, number, anna, [await part(town, number)], status=ApplicationStatus.WAITING)
    for who in (anna, outsider):
        await who.presses(action.format(m=number, a=waiting))
        assert who.outcome.form is None
        assert "Anna Member" not in who.words
    assert "Only the staff" in anna.words
    async with town.database.reading() as session:
        row = await session.get(Mission, number)
        assert row is not None
        assert row.status is MissionStatus.OPEN
    assert (await application(town, number, anna)).status is ApplicationStatus.WAITING
    assert await audit(town) == []


@pytest.mark.parametrize("command", ["newmission", "applications", "meet"])
async def test_commands_of_the_staff_refuse_others(anna: Somebody, outsider: Somebody, command: str) -> None:
    await anna.says(command)
    assert "Only the staff" in anna.words
    await outsider.says(command)
    assert outsider.outcome.form is None


@pytest.mark.parametrize("action", [*ACTIONS, "mission.show:{m}", "mission.withdrawn:{m}", "mission.released:{m}"])
async def test_rows_that_are_gone_are_answered_in_words(town: Town, lead: Somebody, action: str) -> None:
    await lead.presses(action.format(m=404, a=404))
    assert lead.words or lead.outcome.form
    assert "Something went wrong" not in lead.words


# The deadline


async def due(town: Town) -> int:
    return await deadlines_due(town.database, town.community, town.clock)


@both_stores
async def test_the_deadline_is_told_once_three_days_before(
    town: Town, lead: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    number = await mission(town)
    await delegate(town, number, bruno, [await part(town, number)], status=ApplicationStatus.WAITING)
    town.clock.to(DEADLINE - timedelta(days=3, seconds=1))
    assert await due(town) == 0
    town.clock.advance(timedelta(seconds=1))
    assert await due(town) == 3
    assert await due(town) == 0
    delivered = await town.deliver()
    assert set(of_kind(delivered, "mission.deadline")) == {anna.id, lead.id}
    assert "3 days left to apply: MIXiii" in shown(delivered, "mission.deadline", anna)
    assert "1 application is still to decide" in shown(delivered, "mission.undecided", lead)
    async with town.database.writing() as session:
        row = await session.get(Mission, number)
        assert row is not None
        row.deadline = DEADLINE + timedelta(days=7)
    town.clock.to(DEADLINE + timedelta(days=4))
    assert await due(town) == 3  # a moved deadline is told anew


async def test_who_applied_meanwhile_is_not_reminded(town: Town, anna: Somebody) -> None:
    number = await mission(town)
    fair = await part(town, number)
    town.clock.to(DEADLINE - timedelta(days=2))
    assert await due(town) == 1
    await delegate(town, number, anna, [fair], status=ApplicationStatus.WAITING)
    assert of_kind(await town.deliver(), "mission.deadline") == {anna.id: None}


async def test_who_was_just_told_of_the_mission_is_not_reminded(town: Town, anna: Somebody) -> None:
    await mission(town, opened_at=DEADLINE - timedelta(days=2))
    town.clock.to(DEADLINE - timedelta(days=1))
    assert await due(town) == 0
    assert await queued(town, "mission.deadline") == []
