"""Staff bring two people together: the first free time, why there is none, and who may."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import delete, update

from handlers.conversation.form import Values
from handlers.conversation.screen import plain
from handlers.missions.rules import instant_of
from storage.enums import ApplicationStatus, ComponentKind, MeetingStatus, PartyAnswer, PlaceStatus, Role
from storage.models import Account, ApplicationPlace, MeetingTable, PersonRole, Slot
from tests.handlers.events.town import START, Somebody, Town, of_kind
from tests.handlers.meetings.encounters import brings_together, check_everything, seats, stand, steps
from tests.handlers.missions.delegation import b2b, both_stores, delegate, mission, part, queued


@both_stores
async def test_the_first_free_time_is_theirs_and_both_are_asked(
    town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int
) -> None:
    await brings_together(lead, trip, anna, noa)
    assert "Proposed. Both are asked." in lead.words
    assert "Anna Delegate and Noa Guest" in lead.words
    now = await stand(town)
    assert (now.status, now.slot, now.table, now.sequence) == (MeetingStatus.SCHEDULED, 1, 1, 1)
    assert await seats(town) == {(1, anna.id), (1, noa.id)}
    assert [(one.was, one.became, one.by_person_id) for one in await steps(town)] == [
        (None, MeetingStatus.PROPOSED, lead.id),
        (MeetingStatus.PROPOSED, MeetingStatus.SCHEDULED, lead.id),
    ]
    told = of_kind(await town.deliver(), "meeting.proposed")
    assert set(told) == {anna.id, noa.id}
    shown = told[anna.id]
    assert shown is not None
    words = plain(shown)
    assert "We think you should meet Noa Guest." in words
    assert "Tuesday 15 May, 09:30–09:50 (Jerusalem time; 08:30 where you are)" in words
    assert "table 1, Hall" in words
    assert [button.label for button in shown.buttons][:3] == ["Confirm", "Another time", "Can't"]
    at_home = told[noa.id]
    assert at_home is not None
    assert "where you are" not in plain(at_home)


async def test_the_command_asks_for_the_mission_where_there_are_several(
    town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int
) -> None:
    await lead.says("incontro")
    assert lead.outcome.form is not None
    other = await mission(town, title="BIO 2018")
    await b2b(town, other)
    await lead.says("meet")
    assert "on which mission" in lead.words
    await lead.presses(lead.action("BIO 2018"))
    assert "Nobody to bring together yet" in lead.words


async def test_visits_block_their_time_and_the_fair_does_not(
    town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int
) -> None:
    carla = await town.person("Carla Delegate")
    tables = 1
    fair = await part(town, trip)
    visit = await part(
        town, trip, ComponentKind.VISIT, title="Visit", starts="2018-05-15T09:00", ends="2018-05-15T10:30"
    )
    await delegate(town, trip, carla, [tables, fair, visit])
    await brings_together(lead, trip, carla, noa)
    assert (await stand(town)).slot == 3  # 10:30, when the visit is over


async def test_a_waiting_place_in_a_visit_blocks_nothing(town: Town, lead: Somebody, noa: Somebody, trip: int) -> None:
    carla = await town.person("Carla Delegate")
    visit = await part(
        town, trip, ComponentKind.VISIT, title="Visit", starts="2018-05-15T09:00", ends="2018-05-15T10:30"
    )
    row = await delegate(town, trip, carla, [1])
    async with town.database.writing() as session:
        session.add(
            ApplicationPlace(application_id=row, component_id=visit, status=PlaceStatus.WAITING, asked_at=START)
        )
    await brings_together(lead, trip, carla, noa)
    assert (await stand(town)).slot == 1


async def test_without_a_time_the_meeting_waits_and_staff_read_why(
    town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int
) -> None:
    async with town.database.writing() as session:
        await session.execute(delete(MeetingTable))
    await brings_together(lead, trip, anna, noa)
    assert "all tables are taken" in lead.words
    assert (await stand(town)).status is MeetingStatus.PROPOSED
    assert await town.deliver() == []
    await lead.presses("meeting.schedule:1")
    assert "all tables are taken" in lead.words
    async with town.database.writing() as session:
        session.add(MeetingTable(mission_id=trip, label="9"))
    await lead.presses(lead.action("Find a time"))
    assert "Both are asked" in lead.words
    assert (await stand(town)).status is MeetingStatus.SCHEDULED
    assert set(of_kind(await town.deliver(), "meeting.proposed")) == {anna.id, noa.id}
    await lead.presses("meeting.schedule:1")
    assert "not waiting for a time" in lead.words


async def test_no_times_at_all(town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int) -> None:
    async with town.database.writing() as session:
        await session.execute(delete(Slot))
    await brings_together(lead, trip, anna, noa)
    assert "no times left" in lead.words


async def test_who_cannot_meet(town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int) -> None:
    await brings_together(lead, trip, anna, anna)
    assert lead.outcome.errors is not None
    reserve = await town.person("Rita Reserve")
    await delegate(town, trip, reserve, [1], status=ApplicationStatus.RESERVE)
    await lead.presses(f"meeting.new:{trip}")
    form = lead.outcome.form
    assert form is not None
    assert [option.value for option in form.field("one").options] == [str(anna.id), str(noa.id)]
    await lead.submits({"one": str(anna.id), "other": str(reserve.id), "topic": "x"})
    assert lead.outcome.errors is not None
    await brings_together(lead, trip, anna, noa)
    await brings_together(lead, trip, noa, anna)
    assert lead.outcome.errors is not None
    assert "a meeting already" in lead.outcome.errors.by_field["other"]


@both_stores
async def test_simultaneous_proposals_never_book_twice(town: Town, lead: Somebody, trip: int, tables: int) -> None:
    hub = await town.person("Hub Delegate")
    await delegate(town, trip, hub, [tables])
    others = [await town.person(f"Guest {index}") for index in range(8)]
    for one in others:
        await delegate(town, trip, one, [tables])
    staff = [await town.person(f"Staff {index}") for index in range(8)]
    async with town.database.writing() as session:
        session.add_all(PersonRole(person_id=one.id, role=Role.STAFF, granted_at=START) for one in staff)
    await asyncio.gather(*(one.presses(f"meeting.new:{trip}") for one in staff))
    await asyncio.gather(
        *(
            who.submits({"one": str(hub.id), "other": str(other.id), "topic": "x"})
            for who, other in zip(staff, others, strict=True)
        )
    )
    stands = [await stand(town, number) for number in range(1, 9)]
    assert Counter(one.status for one in stands) == {MeetingStatus.SCHEDULED: 4, MeetingStatus.PROPOSED: 4}
    assert {one.slot for one in stands if one.slot} == {1, 2, 3, 4}
    await check_everything(town)


async def test_staff_answer_for_who_is_not_on_the_bot(
    town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int
) -> None:
    async with town.database.writing() as session:
        await session.execute(update(Account).where(Account.person_id == noa.id).values(reachable=False))
    await brings_together(lead, trip, anna, noa)
    assert "not on the bot" in lead.words
    await lead.presses(lead.action("Yes: Noa Guest"))
    assert (await stand(town)).answers == {anna.id: PartyAnswer.PENDING, noa.id: PartyAnswer.YES}
    last = (await steps(town))[-1]
    assert (last.by_person_id, last.for_person_id) == (lead.id, noa.id)
    assert await queued(town, "meeting.answered_for") == []
    await lead.presses(lead.action("Yes: Anna Delegate"))
    assert (await stand(town)).status is MeetingStatus.CONFIRMED
    told = of_kind(await town.deliver(), "meeting.answered_for")
    assert set(told) == {anna.id}
    shown = told[anna.id]
    assert shown is not None
    assert "Elena Lead of the staff answered for you." in plain(shown)


async def test_staff_call_a_meeting_off(town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int) -> None:
    await brings_together(lead, trip, anna, noa)
    await town.deliver()
    await lead.presses(lead.action("Call it off"))
    await lead.submits({"reason": "Flight cancelled"})
    now = await stand(town)
    assert (now.status, await seats(town)) == (MeetingStatus.CANCELLED, set())
    assert (await steps(town))[-1].reason == "Flight cancelled"
    told = of_kind(await town.deliver(), "meeting.cancelled")
    assert set(told) == {anna.id, noa.id}
    await lead.presses("meeting.call_off:1")
    assert lead.outcome.form is None
    assert "called off" in lead.words


async def test_whether_they_met(town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int) -> None:
    await brings_together(lead, trip, anna, noa)
    await lead.presses("meeting.held:1:yes")
    assert "Only a confirmed meeting" in lead.words
    await anna.presses("meeting.yes:1:1")
    await noa.presses("meeting.yes:1:1")
    await lead.presses("meeting.held:1:yes")
    assert "not begun" in lead.words
    town.clock.to(instant_of("2018-05-15T09:55", "Asia/Jerusalem"))
    await lead.presses("meeting.open:1")
    await lead.presses(lead.action("They did not meet"))
    assert (await stand(town)).status is MeetingStatus.NOT_HELD
    await lead.presses("meeting.held:1:yes")
    assert (await stand(town)).status is MeetingStatus.NOT_HELD


@both_stores
async def test_the_list_of_a_mission(
    town: Town, lead: Somebody, anna: Somebody, noa: Somebody, bruno: Somebody, trip: int
) -> None:
    await brings_together(lead, trip, anna, noa)
    await brings_together(lead, trip, anna, bruno)
    await lead.says("meetings")
    await lead.presses(lead.action("All meetings of MIXiii"))
    assert "waiting for answers: 2" in lead.words
    assert "Tue 15 May, 10:00 · Anna Delegate and Bruno Delegato" in lead.words
    await lead.presses(f"meeting.all:{trip}:confirmed")
    assert "Anna Delegate" not in lead.words
    await lead.presses(f"meeting.all:{trip}:open:99")
    assert "Anna Delegate" in lead.words


async def test_times_and_tables_by_form(town: Town, lead: Somebody, trip: int, tables: int) -> None:
    await lead.presses(f"meeting.grid:{trip}")
    values: Values = {"first": "2018-05-15T10:00", "last": "2018-05-15T15:00", "length": 20, "pause": 10, "tables": 5}
    await lead.submits(values)
    # 10:00–15:00 holds ten; those at 10:00, 10:30 and 11:00 are there already.
    assert "7 times added." in lead.words
    assert "Times: 11" in lead.words
    assert "Tables: 5" in lead.words
    wrong: list[tuple[Values, str]] = [
        ({"last": "2018-05-15T09:00"}, "last"),
        ({"last": "2018-05-17T09:00"}, "last"),
        ({"last": "2018-05-15T10:10"}, "last"),
        ({"tables": 4}, "tables"),
    ]
    for change, field in wrong:
        await lead.presses(f"meeting.grid:{trip}")
        await lead.submits({**values, **change})
        assert lead.outcome.errors is not None
        assert list(lead.outcome.errors.by_field) == [field]


STAFF_ACTIONS = (
    "meeting.new:{m}",
    "meeting.all:{m}",
    "meeting.overview:{m}",
    "meeting.grid:{m}",
    "meeting.schedule:1",
    "meeting.call_off:1",
    "meeting.held:1:yes",
)


@pytest.mark.parametrize("action", STAFF_ACTIONS)
async def test_delegates_guests_and_outsiders_run_no_meetings(
    town: Town, lead: Somebody, anna: Somebody, noa: Somebody, outsider: Somebody, trip: int, action: str
) -> None:
    await brings_together(lead, trip, anna, noa)
    before = await stand(town)
    for who in (anna, noa, outsider):
        await who.presses(action.format(m=trip))
        assert who.outcome.form is None
        assert "Anna Delegate and" not in who.words
    assert "Only the staff" in anna.words
    assert await stand(town) == before


@pytest.mark.parametrize(
    "action",
    [
        "meeting.yes:1:1",
        "meeting.another:1",
        "meeting.offer:1:2",
        "meeting.accept:1:2",
        "meeting.keep:1:2",
        "meeting.cant:1",
        "meeting.decline:1",
        "meeting.calendar:1",
        "meeting.open:1",
        "meeting.back:1",
        "meeting.yes:1:1:{anna}",
        "meeting.cant:1:{anna}",
        "meeting.decline:1:{anna}",
        "meeting.another:1:{anna}",
    ],
)
async def test_other_peoples_meetings_are_nobodys_business(
    town: Town,
    lead: Somebody,
    anna: Somebody,
    noa: Somebody,
    bruno: Somebody,
    outsider: Somebody,
    trip: int,
    action: str,
) -> None:
    await brings_together(lead, trip, anna, noa)
    before = await stand(town)
    for who in (bruno, outsider):
        await who.presses(action.format(anna=anna.id))
        assert who.outcome.form is None
        assert "Noa" not in who.words
    assert "non è tuo" in bruno.words
    assert await stand(town) == before


@pytest.mark.parametrize("action", [*STAFF_ACTIONS, "meeting.yes:404:1", "meeting.open:404", "meeting.decline:404"])
async def test_rows_that_are_gone_are_answered_in_words(lead: Somebody, action: str) -> None:
    await lead.presses(action.format(m=404))
    assert lead.words
    assert "Something went wrong" not in lead.words
