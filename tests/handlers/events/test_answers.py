"""Going, maybe, can't; places, the waiting list and the live card."""

import asyncio
from datetime import UTC, datetime

import pytest

from handlers.conversation.context import ReadContext
from handlers.conversation.screen import plain
from handlers.events.cards import next_event
from handlers.events.jobs import waiting_lists_due
from storage.enums import Answer, Locale, OutboxOp, PersonStatus
from storage.models import Person
from storage.queries import events
from tests.handlers.events.town import HOUR, Somebody, Town, of_kind, published


async def test_a_member_opens_an_event_and_says_yes(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff, capacity=20)
    await anna.says("events")
    assert "Laboratorio" in anna.words
    await anna.presses(anna.action("Laboratorio"))
    assert "Aula Golgi, Pavia" in anna.words
    assert "Places left: 20" in anna.words
    await anna.presses(anna.action("Going"))
    assert anna.outcome.toast is not None
    assert "✅ You're going." in anna.words
    assert "Places left: 19" in anna.words
    assert "✓ Going" in anna.labels
    assert await town.answers(event) == {anna.id: Answer.GOING}


async def test_an_answer_is_changed_until_the_start_and_refused_afterwards(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    event = await published(staff)
    for answer in (Answer.GOING, Answer.MAYBE, Answer.CANT, Answer.GOING):
        await anna.presses(f"event.rsvp:{event}:{answer}")
        assert await town.answers(event) == {anna.id: answer}
    town.clock.to(datetime(2018, 4, 19, 15, 30, tzinfo=UTC))
    await anna.presses(f"event.rsvp:{event}:cant")
    assert "already started" in anna.words
    assert await town.answers(event) == {anna.id: Answer.GOING}


async def test_a_double_tap_does_one_thing(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await asyncio.gather(*(anna.presses(f"event.rsvp:{event}:going") for _ in range(2)))
    assert await town.answers(event) == {anna.id: Answer.GOING}


async def test_fifty_taps_for_twenty_places(town: Town, staff: Somebody) -> None:
    event = await published(staff, capacity=20)
    people = [await town.person(f"Member {number}") for number in range(50)]
    await asyncio.gather(*(one.presses(f"event.rsvp:{event}:going") for one in people))
    answers = await town.answers(event)
    going = {person for person, answer in answers.items() if answer is Answer.GOING}
    waiting = [one for one in people if answers[one.id] is Answer.WAITING]
    assert len(going) == 20
    assert len(waiting) == 30
    positions = sorted(int(one.words.split("number ")[1].split(" ")[0]) for one in waiting)
    assert positions == list(range(1, 31))
    # The list that the database keeps is the one that each was told.
    async with town.database.reading() as session:
        order = [row.person_id for row in await events.first_waiting(session, event, 50)]
    told = sorted(waiting, key=lambda one: int(one.words.split("number ")[1].split(" ")[0]))
    assert order == [one.id for one in told]


async def test_the_first_who_waits_moves_up_and_is_told(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    carla = await town.person("Carla")
    for one in (anna, bruno, carla):
        await one.presses(f"event.rsvp:{event}:going")
    assert "number 2" in carla.words
    await anna.presses(f"event.rsvp:{event}:cant")
    assert await town.answers(event) == {anna.id: Answer.CANT, bruno.id: Answer.GOING, carla.id: Answer.WAITING}
    told = of_kind(await town.deliver(), "event.promoted")
    assert set(told) == {bruno.id}
    screen = told[bruno.id]
    assert screen is not None
    assert "C'è posto per te" in plain(screen)
    assert screen.files[0].name == "laboratorio.ics"
    await carla.presses(f"event.open:{event}")
    assert "number 1" in carla.words


async def test_the_same_person_can_move_up_twice(town: Town, staff: Somebody, anna: Somebody, bruno: Somebody) -> None:
    event = await published(staff, capacity=1)
    for _ in range(2):
        await anna.presses(f"event.rsvp:{event}:going")
        await bruno.presses(f"event.rsvp:{event}:going")
        await anna.presses(f"event.rsvp:{event}:cant")
        assert set(of_kind(await town.deliver(), "event.promoted")) == {bruno.id}
        await bruno.presses(f"event.rsvp:{event}:cant")


async def test_who_gives_up_the_place_before_the_news_is_not_told(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    await anna.presses(f"event.rsvp:{event}:going")
    await bruno.presses(f"event.rsvp:{event}:going")
    await anna.presses(f"event.rsvp:{event}:cant")
    await bruno.presses(f"event.rsvp:{event}:cant")
    assert of_kind(await town.deliver(), "event.promoted") == {bruno.id: None}


async def test_leaving_the_waiting_list_and_coming_back_means_its_end(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    carla = await town.person("Carla")
    for one in (anna, bruno, carla):
        await one.presses(f"event.rsvp:{event}:going")
    await bruno.presses(f"event.open:{event}")
    await bruno.presses(bruno.action("Lascia la lista d'attesa"))
    await bruno.presses(f"event.rsvp:{event}:going")
    assert "numero 2" in bruno.words
    await anna.presses(f"event.rsvp:{event}:maybe")
    assert (await town.answers(event))[carla.id] is Answer.GOING


async def test_asking_for_the_waiting_list_by_hand_takes_a_free_place(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    event = await published(staff, capacity=1)
    await anna.presses(f"event.rsvp:{event}:waiting")
    assert await town.answers(event) == {anna.id: Answer.GOING}


async def test_every_copy_of_the_card_is_edited_but_the_pressed_one(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=20)
    channel = await town.copy(event, "channel", None)
    own = await town.copy(event, anna.chat, anna.id)
    other = await town.copy(event, bruno.chat, bruno.id)
    await anna.presses(f"event.rsvp:{event}:going", message=own)
    edits = {one.target: one.screen for one in await town.deliver() if one.op is OutboxOp.EDIT}
    assert set(edits) == {channel, other}
    shown = edits[channel]
    assert shown is not None
    assert "Posti liberi: 19" in plain(shown)
    assert "✓" not in plain(shown)
    assert all("✓" not in button.label for button in shown.buttons)


async def test_a_press_in_the_channel_redraws_it_for_everybody_and_answers_one(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    event = await published(staff, capacity=1)
    channel = await town.copy(event, "channel", None)
    await anna.presses(f"event.rsvp:{event}:going", message=channel, group="channel")
    assert anna.outcome.toast is not None
    assert anna.outcome.toast.text == "You're going. See you there!"
    assert anna.screens == []
    delivered = await town.deliver()
    assert [(one.target, one.op) for one in delivered] == [(channel, OutboxOp.EDIT)]
    assert "nessuno, è al completo" in plain(delivered[0].screen)  # type: ignore[arg-type]  # a card is always drawn


async def test_the_calendar_file_asked_for_in_the_channel_arrives_in_private(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    event = await published(staff)
    await anna.presses(f"event.ics:{event}", group="channel")
    ((_, row),) = anna.outcome.replies
    assert row.chat == anna.chat
    assert anna.screens[0].files[0].content.startswith(b"BEGIN:VCALENDAR")


async def test_who_else_is_a_count_without_names(town: Town, staff: Somebody, anna: Somebody, bruno: Somebody) -> None:
    event = await published(staff)
    await bruno.presses(f"event.rsvp:{event}:going")
    await anna.presses(f"event.who:{event}")
    assert "Going 1" in anna.words
    assert "Bruno" not in anna.words


@pytest.mark.parametrize("action", ["event.open:{}", "event.rsvp:{}:going", "event.ics:{}", "event.who:{}"])
async def test_an_event_that_is_gone_is_answered_kindly(town: Town, anna: Somebody, action: str) -> None:
    await anna.presses(action.format(4711))
    assert "no longer here" in anna.words


@pytest.mark.parametrize("verb", ["event.open:{}", "event.rsvp:{}:going", "event.list", "event.mine", "event.ics:{}"])
async def test_an_outsider_gets_nothing(town: Town, staff: Somebody, outsider: Somebody, verb: str) -> None:
    event = await published(staff)
    await outsider.presses(verb.format(event))
    assert "Laboratorio" not in outsider.words
    assert await town.answers(event) == {}


async def test_somebody_whose_request_is_open_cannot_answer(town: Town, staff: Somebody) -> None:
    waiting = await town.person("Wanda", status=PersonStatus.WAITING)
    event = await published(staff)
    await waiting.presses(f"event.rsvp:{event}:going")
    assert await town.answers(event) == {}


async def test_the_hour_is_shown_where_it_takes_place_and_where_the_reader_is(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    event = await published(
        staff, zone="Asia/Jerusalem", starts="2018-05-15T08:00", ends="2018-05-15T09:00", language="en"
    )
    await anna.presses(f"event.open:{event}")
    assert "Tuesday 15 May, 08:00–09:00 (Jerusalem time; 07:00 where you are)" in anna.words
    local = await town.person("Lior", timezone="Asia/Jerusalem")
    await local.presses(f"event.open:{event}")
    assert "Tuesday 15 May, 08:00–09:00\n" in local.words


async def test_lists_are_paged_and_a_strange_page_is_the_nearest(town: Town, staff: Somebody, anna: Somebody) -> None:
    for day in range(10, 20):
        await published(staff, title=f"Event {day}", starts=f"2018-04-{day}T10:00", ends=f"2018-04-{day}T11:00")
    await anna.says("eventi")
    assert [label for label in anna.labels if label.startswith("Event ")] == [f"Event {day}" for day in range(10, 18)]
    await anna.presses(anna.action("Later ›"))
    assert [label for label in anna.labels if label.startswith("Event ")] == ["Event 18", "Event 19"]
    assert "Later ›" not in anna.labels
    await anna.presses("event.list:999999999")
    assert "Event 19" in anna.labels
    await anna.presses("event.list:-3")
    assert "Event 10" in anna.labels


async def test_my_events_are_those_i_think_of_coming_to(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    one, two = await published(staff, title="One"), await published(staff, title="Two", capacity=1)
    three = await published(staff, title="Three")
    await bruno.presses(f"event.rsvp:{two}:going")
    for event, answer in ((one, "maybe"), (two, "going"), (three, "cant")):
        await anna.presses(f"event.rsvp:{event}:{answer}")
    await anna.says("mine")
    assert "One (maybe)" in anna.words
    assert "Two (waiting list)" in anna.words
    assert "Three" not in anna.words


async def test_places_of_those_who_left_the_community_go_to_who_waits(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    await anna.presses(f"event.rsvp:{event}:going")
    await bruno.presses(f"event.rsvp:{event}:going")
    assert await waiting_lists_due(town.database, town.community, town.clock) == 0
    async with town.database.writing() as session:
        person = await session.get(Person, anna.id)
        assert person is not None
        person.status = PersonStatus.LEFT
    assert await waiting_lists_due(town.database, town.community, town.clock) == 1
    assert await town.answers(event) == {bruno.id: Answer.GOING}
    assert set(of_kind(await town.deliver(), "event.promoted")) == {bruno.id}
    assert await waiting_lists_due(town.database, town.community, town.clock) == 0


async def test_a_suspended_person_who_waits_is_passed_over(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    carla = await town.person("Carla", locale=Locale.ITALIAN)
    for one in (anna, bruno, carla):
        await one.presses(f"event.rsvp:{event}:going")
    async with town.database.writing() as session:
        person = await session.get(Person, bruno.id)
        assert person is not None
        person.status = PersonStatus.SUSPENDED
    await anna.presses(f"event.rsvp:{event}:cant")
    assert (await town.answers(event))[carla.id] is Answer.GOING


async def test_the_home_screen_tells_the_next_event(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    assert await _home(town, anna) is None
    await anna.presses(f"event.rsvp:{event}:going")
    assert await _home(town, anna) == "Your next event: Laboratorio, Thursday 19 April, 17:30"
    town.clock.to(datetime(2018, 4, 19, 13, 30, tzinfo=UTC))
    assert await _home(town, anna) == "In 2 hours: Laboratorio"
    town.clock.advance(3 * HOUR)
    assert await _home(town, anna) == "Now: Laboratorio"
    town.clock.advance(3 * HOUR)
    assert await _home(town, anna) is None


async def _home(town: Town, somebody: Somebody) -> str | None:
    async with town.database.reading() as session:
        person = await session.get(Person, somebody.id)
        ctx = ReadContext(session, town.community, town.clock, person, frozenset(), Locale.ENGLISH)
        return await next_event(ctx)
