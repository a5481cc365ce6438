"""Reminders: at their time, moving with the event, never twice, only while they are useful."""

import asyncio
from datetime import UTC, datetime, timedelta

from handlers.conversation.screen import plain
from handlers.events.jobs import reminders_due
from storage.models import CommunityEvent
from tests.handlers.events.town import DAY, HOUR, Somebody, Town, filled, of_kind, published

STARTS = datetime(2018, 4, 19, 15, 30, tzinfo=UTC)


async def tick(town: Town) -> int:
    return await reminders_due(town.database, town.community, town.clock)


async def move(staff: Somebody, event: int, starts: str, ends: str) -> None:
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled(starts=starts, ends=ends))
    assert staff.outcome.errors is None, staff.outcome.errors


async def test_those_who_come_are_reminded_a_day_and_two_hours_before(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=2)
    carla, dario, elio = [await town.person(name) for name in ("Carla", "Dario", "Elio")]
    for one, answer in ((anna, "going"), (bruno, "maybe"), (carla, "cant"), (dario, "going"), (elio, "going")):
        await one.presses(f"event.rsvp:{event}:{answer}")
    await town.deliver()
    town.clock.to(STARTS - DAY - timedelta(minutes=1))
    assert await tick(town) == 0
    town.clock.to(STARTS - DAY)
    assert await tick(town) == 3
    assert await tick(town) == 0
    told = of_kind(await town.deliver(), "event.reminder")
    assert set(told) == {anna.id, bruno.id, dario.id}
    going, maybe = told[anna.id], told[bruno.id]
    assert going is not None
    assert maybe is not None
    assert "In 24 hours: Laboratorio" in plain(going)
    assert going.files[0].name == "laboratorio.ics"
    assert [button.label for button in going.buttons] == ["I can't come any more", "Details"]
    assert "Ora riesci a dirci se vieni?" in plain(maybe)
    assert [button.label for button in maybe.buttons] == ["Lista d'attesa", "Non posso", "Dettagli"]
    town.clock.to(STARTS - 2 * HOUR)
    assert await tick(town) == 3
    town.clock.to(STARTS)
    assert await tick(town) == 0


async def test_a_tap_on_the_reminder_gives_the_place_away(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    for one in (anna, bruno):
        await one.presses(f"event.rsvp:{event}:going")
    town.clock.to(STARTS - DAY)
    await tick(town)
    screen = of_kind(await town.deliver(), "event.reminder")[anna.id]
    assert screen is not None
    (cant,) = [button for button in screen.buttons if button.label == "I can't come any more"]
    await anna.presses(cant.action)  # type: ignore[union-attr]  # a pressable button
    delivered = await town.deliver()
    assert set(of_kind(delivered, "event.promoted")) == {bruno.id}
    # Who has just been told of the place is not reminded of it in the same minute, but before the start.
    assert await tick(town) == 0
    town.clock.to(STARTS - 2 * HOUR)
    assert await tick(town) == 1
    assert set(of_kind(await town.deliver(), "event.reminder")) == {bruno.id}


async def test_after_a_pause_only_the_nearest_is_sent(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    town.clock.to(STARTS - HOUR)
    assert await tick(town) == 1
    screen = of_kind(await town.deliver(), "event.reminder")[anna.id]
    assert "In 60 minutes" in plain(screen) or "In 1 hour" in plain(screen)  # type: ignore[arg-type]  # drawn
    assert await tick(town) == 0


async def test_nothing_is_sent_once_it_has_begun(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    town.clock.to(STARTS + timedelta(minutes=1))
    assert await tick(town) == 0


async def test_reminders_move_with_the_event(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    town.clock.to(STARTS - DAY)
    assert await tick(town) == 1
    await town.deliver()
    await move(staff, event, "2018-04-26T17:30", "2018-04-26T19:30")
    await town.deliver()
    town.clock.to(STARTS - 2 * HOUR)
    assert await tick(town) == 0
    town.clock.to(STARTS + 6 * DAY)
    assert await tick(town) == 1
    screen = of_kind(await town.deliver(), "event.reminder")[anna.id]
    assert "Thursday 26 April" in plain(screen)  # type: ignore[arg-type]  # there is something to say


async def test_moved_away_and_back_it_is_not_repeated_for_the_same_start(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    town.clock.to(STARTS - DAY)
    assert await tick(town) == 1
    await move(staff, event, "2018-04-20T12:00", "2018-04-20T13:00")
    await tick(town)
    await move(staff, event, "2018-04-19T17:30", "2018-04-19T19:30")
    assert await tick(town) == 0
    town.clock.to(STARTS - 2 * HOUR)
    assert await tick(town) == 1


async def test_a_start_moved_nearer_is_told_by_the_change_alone(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    town.clock.to(STARTS - 3 * DAY)
    await move(staff, event, "2018-04-17T12:00", "2018-04-17T13:00")
    assert await tick(town) == 0
    delivered = await town.deliver()
    assert set(of_kind(delivered, "event.changed")) == {anna.id}
    town.clock.to(datetime(2018, 4, 17, 8, 0, tzinfo=UTC))
    assert await tick(town) == 1


async def test_a_queued_reminder_is_dropped_when_it_no_longer_holds(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff)
    for one in (anna, bruno):
        await one.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    town.clock.to(STARTS - DAY)
    assert await tick(town) == 2
    await bruno.presses(f"event.rsvp:{event}:cant")
    await move(staff, event, "2018-04-26T17:30", "2018-04-26T19:30")
    assert of_kind(await town.deliver(), "event.reminder") == {anna.id: None, bruno.id: None}


async def test_a_cancelled_event_reminds_nobody(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    town.clock.to(STARTS - DAY)
    assert await tick(town) == 1
    await staff.presses(f"event.cancel:{event}")
    await staff.submits({"reason": "Snow."})
    assert of_kind(await town.deliver(), "event.reminder") == {anna.id: None}
    town.clock.to(STARTS - 2 * HOUR)
    assert await tick(town) == 0


async def test_two_replicas_remind_once(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    town.clock.to(STARTS - DAY)
    assert sorted(await asyncio.gather(tick(town), tick(town))) == [0, 1]


async def test_who_answers_after_the_moment_is_not_reminded_at_once(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    event = await published(staff)
    town.clock.to(STARTS - 20 * HOUR)
    await anna.presses(f"event.rsvp:{event}:going")
    assert await tick(town) == 0
    town.clock.to(STARTS - 2 * HOUR)
    assert await tick(town) == 1


async def test_the_staff_choose_when_to_remind(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    await staff.presses(f"event.reminders:{event}")
    assert staff.outcome.form is not None
    assert staff.outcome.form.field("reminders").initial == ["1440", "120"]
    await staff.submits({"reminders": ["4320", "120"]})
    assert "Reminders: 3 days before and 2 hours before" in staff.words
    town.clock.to(STARTS - 3 * DAY)
    assert await tick(town) == 1
    await staff.presses(f"event.reminders:{event}")
    await staff.submits({})
    assert "no reminders" in staff.words
    assert of_kind(await town.deliver(), "event.reminder") == {anna.id: None}
    town.clock.to(STARTS - HOUR)
    assert await tick(town) == 0


async def test_the_reminder_is_in_the_events_zone_on_the_day_the_clocks_change(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    # Clocks go back in Rome on 28 October 2018 at 03:00: from noon to noon that day there are 25 hours.
    event = await published(staff, starts="2018-10-28T12:00", ends="2018-10-28T13:00")
    await anna.presses(f"event.rsvp:{event}:going")
    starts = datetime(2018, 10, 28, 11, 0, tzinfo=UTC)
    async with town.database.reading() as session:
        row = await session.get(CommunityEvent, event)
        assert row is not None
        assert row.starts_at == starts
    town.clock.to(starts - DAY - timedelta(minutes=1))
    assert await tick(town) == 0
    town.clock.to(starts - DAY)
    assert await tick(town) == 1
