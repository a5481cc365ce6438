"""Members read about a mission, apply, change their mind, withdraw."""

from datetime import timedelta

import pytest

from handlers.conversation.screen import plain
from storage.enums import ApplicationStatus, ComponentKind, MissionStatus, PersonStatus, PlaceStatus
from storage.models import Meeting, MissionQuestion, ProgrammeItem
from tests.handlers.events.town import Somebody, Town, of_kind
from tests.handlers.missions.delegation import (
    DEADLINE,
    application,
    b2b,
    both_stores,
    delegate,
    mission,
    part,
    places,
    queued,
)


async def applies(who: Somebody, mission_id: int, *components: int, objectives: str = "Meet people") -> None:
    await who.presses(f"mission.apply:{mission_id}")
    await who.submits({"components": [str(one) for one in components], "objectives": objectives})


async def test_the_list_and_the_pages(town: Town, anna: Somebody) -> None:
    number = await mission(town)
    fair = await part(town, number, seats=3)
    async with town.database.writing() as session:
        question = MissionQuestion(
            mission_id=number, question_it="Visto?", question_en="Visa?", answer_it="No.", answer_en="No need."
        )
        session.add(question)
        session.add(
            ProgrammeItem(
                mission_id=number,
                component_id=fair,
                title_it="Ritrovo",
                title_en="Meeting point",
                starts_at=DEADLINE,
                ends_at=DEADLINE + timedelta(hours=1),
            )
        )
    await anna.says("missioni")
    assert "MIXiii" in anna.words
    await anna.presses(anna.action("MIXiii"))
    assert "Apply by: Friday 20 April, 18:00" in anna.words
    assert "Fair · 3 places left" in anna.words
    await anna.presses(anna.action("Parts"))
    assert "(Jerusalem time; 08:00 where you are)" in anna.words
    await anna.presses(f"mission.show:{number}:programme")
    assert "Meeting point" in anna.words
    await anna.presses(f"mission.show:{number}:questions")
    await anna.presses(anna.action("Visa?"))
    assert "No need." in anna.words
    await anna.presses(f"mission.show:{number}:who")
    assert "Nobody is accepted yet" in anna.words


async def test_pages_pressed_in_the_channel_come_in_private(town: Town, anna: Somebody) -> None:
    number = await mission(town)
    await part(town, number)
    await anna.presses(f"mission.show:{number}:parts", group="channel")
    assert "in private" in anna.words
    assert [row.chat for _, row in anna.outcome.replies] == [anna.chat]


async def test_applying_tells_the_leads_and_shows_where_it_stands(town: Town, anna: Somebody, lead: Somebody) -> None:
    number = await mission(town)
    fair, visit = await part(town, number), await part(town, number, ComponentKind.VISIT, title="Visit", seats=1)
    await applies(anna, number, fair, visit, objectives="- A sensor\n- A partner")
    assert "The staff are reading your application." in anna.words
    row = await application(town, number, anna)
    assert (row.status, row.objectives) == (ApplicationStatus.WAITING, ["A sensor", "A partner"])
    assert await places(town, visit) == {anna.id: PlaceStatus.ASKED}
    told = of_kind(await town.deliver(), "mission.application")
    assert set(told) == {lead.id}
    shown = told[lead.id]
    assert shown is not None
    assert "Anna Member for MIXiii" in plain(shown)


async def test_applying_again_changes_the_application_and_tells_nobody_twice(
    town: Town, anna: Somebody, lead: Somebody
) -> None:
    number = await mission(town)
    fair, visit = await part(town, number), await part(town, number, ComponentKind.VISIT, title="Visit")
    await applies(anna, number, fair)
    await anna.presses(f"mission.apply:{number}")
    form = anna.outcome.form
    assert form is not None
    assert form.field("components").initial == [str(fair)]
    assert form.field("objectives").initial == "Meet people"
    await anna.submits({"components": [str(visit)], "objectives": "Something else"})
    assert "changed" in anna.words
    assert await places(town, fair) == {}
    assert await places(town, visit) == {anna.id: PlaceStatus.ASKED}
    assert len(await queued(town, "mission.application")) == 1


@pytest.mark.parametrize("objectives", ["", "a\nb\nc\nd", "x" * 201])
async def test_objectives_are_one_to_three_short_lines(town: Town, anna: Somebody, objectives: str) -> None:
    number = await mission(town)
    fair = await part(town, number)
    await applies(anna, number, fair, objectives=objectives)
    assert anna.outcome.errors is not None
    assert list(anna.outcome.errors.by_field) == ["objectives"]
    await anna.presses(f"mission.show:{number}:mine")
    assert "not applied" in anna.words


async def test_the_option_says_how_many_places_are_left(town: Town, anna: Somebody, bruno: Somebody) -> None:
    number = await mission(town)
    fair = await part(town, number, title="F" * 120, seats=1)
    await delegate(town, number, bruno, [fair])
    await anna.presses(f"mission.apply:{number}")
    form = anna.outcome.form
    assert form is not None
    label = form.field("components").options[0].label
    assert label.endswith("(full, waiting list)")
    assert len(label) <= 75


async def test_after_the_deadline_and_when_closed_the_refusal_is_kind(town: Town, anna: Somebody) -> None:
    number = await mission(town)
    fair = await part(town, number)
    await anna.presses(f"mission.apply:{number}")
    town.clock.to(DEADLINE)
    await anna.submits({"components": [str(fair)], "objectives": "Meet people"})
    assert "deadline has passed" in anna.words
    await anna.presses(f"mission.apply:{number}")
    assert "deadline has passed" in anna.words
    assert anna.outcome.form is None
    closed = await mission(town, status=MissionStatus.CLOSED)
    await anna.presses(f"mission.apply:{closed}")
    assert "closed" in anna.words


async def test_a_draft_is_for_staff_only(town: Town, anna: Somebody, lead: Somebody) -> None:
    number = await mission(town, status=MissionStatus.DRAFT, title="Secret")
    await anna.says("missions")
    assert "Secret" not in anna.words
    await anna.presses(f"mission.show:{number}")
    assert "no longer here" in anna.words
    await lead.says("missions")
    assert "Secret" in lead.words


async def test_guests_and_outsiders_cannot_apply(town: Town, outsider: Somebody) -> None:
    number = await mission(town)
    await part(town, number)
    guest = await town.person("Noa Guest", status=PersonStatus.GUEST)
    await guest.presses(f"mission.apply:{number}")
    assert "Only members" in guest.words
    await guest.presses(f"mission.show:{number}")
    assert "MIXiii" in guest.words
    for action in (f"mission.apply:{number}", f"mission.show:{number}", f"mission.withdrawn:{number}"):
        await outsider.presses(action)
        assert "MIXiii" not in outsider.words
        assert outsider.outcome.form is None


@both_stores
async def test_withdrawing_frees_places_and_promotes_in_order(
    town: Town, anna: Somebody, bruno: Somebody, lead: Somebody
) -> None:
    number = await mission(town)
    visit = await part(town, number, ComponentKind.VISIT, title="Visit", seats=1)
    carla = await town.person("Carla Member")
    await delegate(town, number, anna, [visit])
    await delegate(town, number, bruno, [visit], place=PlaceStatus.WAITING)
    await delegate(town, number, carla, [visit], place=PlaceStatus.WAITING)
    await anna.presses(f"mission.withdraw:{number}")
    assert "Withdraw from MIXiii?" in anna.words
    await anna.presses(anna.action("Yes, withdraw"))
    assert await places(town, visit) == {
        anna.id: PlaceStatus.RELEASED,
        bruno.id: PlaceStatus.CONFIRMED,
        carla.id: PlaceStatus.WAITING,
    }
    delivered = await town.deliver()
    told = of_kind(delivered, "mission.promoted")
    assert set(told) == {bruno.id}
    promoted = told[bruno.id]
    assert promoted is not None
    assert "C'è un posto per te" in plain(promoted)
    assert set(of_kind(delivered, "mission.withdrawn")) == {lead.id}
    await anna.presses(f"mission.withdrawn:{number}")
    assert "nothing to withdraw" in anna.words
    assert await town.deliver() == []


async def test_who_withdrew_can_apply_again(town: Town, anna: Somebody, lead: Somebody) -> None:
    number = await mission(town)
    fair = await part(town, number)
    await applies(anna, number, fair)
    await anna.presses(f"mission.withdrawn:{number}")
    town.clock.advance(timedelta(minutes=5))
    await applies(anna, number, fair)
    assert (await application(town, number, anna)).status is ApplicationStatus.WAITING
    assert await places(town, fair) == {anna.id: PlaceStatus.ASKED}
    assert len(await queued(town, "mission.application")) == 2


async def test_giving_up_the_b2b_part_calls_off_the_meetings_and_tells_the_others(
    town: Town, anna: Somebody, bruno: Somebody, lead: Somebody
) -> None:
    number = await mission(town)
    fair, tables = await part(town, number), await b2b(town, number)
    for who in (anna, bruno):
        await delegate(town, number, who, [fair, tables])
    await lead.says("meet")
    await lead.submits({"one": str(anna.id), "other": str(bruno.id), "topic": "Sensors"})
    await town.deliver()
    await anna.presses(f"mission.release:{tables}")
    assert "cancels 1 meeting" in anna.words
    await anna.presses(anna.action("Yes, give it up"))
    assert await places(town, tables) == {anna.id: PlaceStatus.RELEASED, bruno.id: PlaceStatus.CONFIRMED}
    assert await places(town, fair) == {anna.id: PlaceStatus.CONFIRMED, bruno.id: PlaceStatus.CONFIRMED}
    told = of_kind(await town.deliver(), "meeting.cancelled")
    assert set(told) == {bruno.id}
    assert told[bruno.id] is not None
    async with town.database.reading() as session:
        meeting = await session.get(Meeting, 1)
        assert meeting is not None
        assert (meeting.status.value, meeting.sequence) == ("cancelled", 2)


async def test_the_pages_are_in_italian_too(town: Town, bruno: Somebody) -> None:
    number = await mission(town)
    await part(town, number, seats=1)
    await bruno.presses(f"mission.show:{number}")
    assert "Quattro giorni." in bruno.words
    assert "Fair (it) · 1 posto libero" in bruno.words
    assert "Candidature entro: venerdì 20 aprile, 18:00" in bruno.words
