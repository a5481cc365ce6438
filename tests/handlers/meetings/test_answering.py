"""Both sides answer in one tap; the old time holds until a new one is accepted; old buttons are answered politely."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from handlers.conversation.screen import plain
from handlers.meetings.jobs import reminders_due
from handlers.missions.rules import instant_of
from storage.enums import MeetingStatus, PartyAnswer
from tests.handlers.events.town import Delivered, Somebody, Town, of_kind
from tests.handlers.meetings.encounters import brings_together, check_everything, seats, stand, steps
from tests.handlers.missions.delegation import both_stores, queued

ZONE = "Asia/Jerusalem"
FIRST = instant_of("2018-05-15T09:30", ZONE)
PENDING, YES, NO, ANOTHER = PartyAnswer.PENDING, PartyAnswer.YES, PartyAnswer.NO, PartyAnswer.ANOTHER_TIME


@pytest.fixture(autouse=True)
async def met(town: Town, lead: Somebody, anna: Somebody, noa: Somebody, trip: int) -> None:
    """Anna and Noa are asked for 09:30 at table 1."""
    await brings_together(lead, trip, anna, noa)
    await town.deliver()


def told(delivered: list[Delivered], kind: str, who: Somebody) -> str:
    shown = of_kind(delivered, kind)[who.id]
    assert shown is not None
    return plain(shown)


async def test_confirmed_takes_two_and_both_know(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.yes:1:1")
    assert "You have confirmed. We're waiting for Noa Guest." in anna.words
    assert (await stand(town)).status is MeetingStatus.SCHEDULED
    await anna.presses("meeting.yes:1:1")
    assert "confirmed already" in anna.words
    await noa.presses("meeting.yes:1:1")
    assert "Confirmed by both" in noa.words
    now = await stand(town)
    assert (now.status, now.sequence) == (MeetingStatus.CONFIRMED, 1)
    assert "Noa Guest has confirmed: your meeting is on." in told(await town.deliver(), "meeting.confirmed", anna)
    assert len(await steps(town)) == 4
    await check_everything(town)


async def test_every_message_with_the_meeting_is_redrawn(
    town: Town, anna: Somebody, noa: Somebody, lead: Somebody
) -> None:
    pressed = await town.copy(1, anna.chat, anna.id, kind="meeting")
    theirs = await town.copy(1, noa.chat, noa.id, kind="meeting")
    staff = await town.copy(1, lead.chat, lead.id, kind="meeting")
    await anna.presses("meeting.yes:1:1", message=pressed)
    edits = {one.target: one.screen for one in await town.deliver() if one.card == "meeting:1"}
    assert set(edits) == {theirs, staff}
    noas, staffs = edits[theirs], edits[staff]
    assert noas is not None
    assert staffs is not None
    assert "Anna Delegate has confirmed. Can you make it?" in plain(noas)
    assert "Anna Delegate: yes" in plain(staffs)


@both_stores
async def test_another_time_holds_both_until_it_is_accepted(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.another:1")
    assert [label for label in anna.labels if label.startswith("Tue")] == [
        "Tue 15 May, 10:00",
        "Tue 15 May, 10:30",
        "Tue 15 May, 11:00",
    ]
    await anna.presses(anna.action("Tue 15 May, 10:30"))
    assert "The old time holds until Noa Guest answers." in anna.words
    now = await stand(town)
    assert (now.status, now.slot, now.offered) == (MeetingStatus.SCHEDULED, 1, 3)
    assert await seats(town) == {(1, anna.id), (1, noa.id), (3, anna.id), (3, noa.id)}
    assert "asks for another time: Tuesday 15 May, 10:30" in told(await town.deliver(), "meeting.asked", noa)
    await noa.presses("meeting.accept:1:3")
    now = await stand(town)
    assert (now.status, now.slot, now.sequence, now.offered) == (MeetingStatus.CONFIRMED, 3, 2, None)
    assert now.answers == {anna.id: YES, noa.id: YES}
    assert await seats(town) == {(3, anna.id), (3, noa.id)}
    assert "your meeting has moved" in told(await town.deliver(), "meeting.moved", anna)
    await noa.presses("meeting.accept:1:3")
    assert "time already" in noa.words
    await anna.presses("meeting.yes:1:1")
    assert "The time has changed meanwhile" in anna.words
    await check_everything(town)


async def test_the_old_time_can_be_kept(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.offer:1:3")
    await noa.presses("meeting.keep:1:3")
    now = await stand(town)
    assert (now.status, now.slot, now.offered) == (MeetingStatus.SCHEDULED, 1, None)
    assert now.answers == {anna.id: PENDING, noa.id: YES}
    assert await seats(town) == {(1, anna.id), (1, noa.id)}
    assert "Noa Guest can't at the new time: the old one stands." in told(await town.deliver(), "meeting.kept", anna)
    await noa.presses("meeting.accept:1:3")
    assert "no longer on the table" in noa.words
    await check_everything(town)


async def test_a_confirmed_meeting_stays_confirmed_while_another_time_is_asked(
    town: Town, anna: Somebody, noa: Somebody
) -> None:
    for who in (anna, noa):
        await who.presses("meeting.yes:1:1")
    await anna.presses("meeting.offer:1:2")
    now = await stand(town)
    assert (now.status, now.answers) == (MeetingStatus.CONFIRMED, {anna.id: ANOTHER, noa.id: YES})
    await noa.presses("meeting.keep:1:2")
    now = await stand(town)
    assert (now.status, now.answers) == (MeetingStatus.CONFIRMED, {anna.id: YES, noa.id: YES})
    await check_everything(town)


async def test_who_asked_can_take_it_back(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.offer:1:2")
    await anna.presses("meeting.accept:1:2")
    assert "the other side answers" in anna.words
    await anna.presses("meeting.offer:1:4")
    assert await seats(town) == {(1, anna.id), (1, noa.id), (4, anna.id), (4, noa.id)}
    await noa.presses("meeting.accept:1:2")
    assert "no longer on the table" in noa.words
    await anna.presses(anna.action("Keep the old time after all"))
    now = await stand(town)
    assert (now.status, now.offered, now.answers) == (MeetingStatus.SCHEDULED, None, {anna.id: YES, noa.id: PENDING})
    delivered = await town.deliver()
    assert "can make the old time after all" in told(delivered, "meeting.stays", noa)
    assert [one.screen for one in delivered if one.kind == "meeting.asked"] == [None, None]
    await check_everything(town)


async def test_one_question_at_a_time(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.offer:1:2")
    for action in ("meeting.another:1", "meeting.offer:1:3"):
        await noa.presses(action)
        assert "answer that first" in noa.words
    await noa.presses("meeting.yes:1:1")  # a yes to the old time keeps it
    assert (await stand(town)).offered is None
    await check_everything(town)


async def test_a_time_that_was_taken_meanwhile_is_refused(
    town: Town, anna: Somebody, noa: Somebody, bruno: Somebody, lead: Somebody, trip: int
) -> None:
    await anna.presses("meeting.another:1")
    await brings_together(lead, trip, noa, bruno)
    await anna.presses("meeting.offer:1:2")
    assert "no longer free" in anna.words
    await anna.presses("meeting.offer:1:404")
    assert "no longer free" in anna.words
    await check_everything(town)


async def test_not_at_all_comes_after_another_time(town: Town, anna: Somebody, noa: Somebody, lead: Somebody) -> None:
    await anna.presses("meeting.cant:1")
    assert "Another time, or not at all?" in anna.words
    assert (await stand(town)).status is MeetingStatus.SCHEDULED
    await anna.presses(anna.action("Not at all"))
    await anna.submits({"why": "busy", "note": "Another fair"})
    now = await stand(town)
    assert (now.status, now.answers) == (MeetingStatus.CANCELLED, {anna.id: NO, noa.id: PENDING})
    assert await seats(town) == set()
    delivered = await town.deliver()
    kind = told(delivered, "meeting.cancelled", noa)
    assert "I'm sorry: your meeting with Anna Delegate is off." in kind
    assert "Another fair" not in kind
    assert "Reason: I have no time that day: Another fair" in told(delivered, "meeting.lost", lead)
    await check_everything(town)


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
    ],
)
async def test_old_buttons_of_a_cancelled_meeting(town: Town, anna: Somebody, noa: Somebody, action: str) -> None:
    await anna.presses("meeting.decline:1")
    await anna.submits({})
    before = await stand(town)
    await noa.presses(action)
    assert "over or was called off" in noa.words
    assert noa.outcome.form is None
    assert await stand(town) == before


async def test_after_it_began_answers_are_closed(town: Town, anna: Somebody, noa: Somebody) -> None:
    town.clock.to(FIRST)
    for action in ("meeting.yes:1:1", "meeting.another:1", "meeting.offer:1:2"):
        await anna.presses(action)
        assert "has begun" in anna.words
    assert "Confirm" not in anna.labels


async def test_a_later_time_can_be_accepted_after_the_old_one_passed(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.offer:1:4")
    town.clock.to(FIRST + timedelta(minutes=25))
    assert await due(town) == 0  # the meeting is not let go while a later time is on the table
    await noa.presses("meeting.keep:1:4")
    assert "has begun" in noa.words
    await noa.presses(noa.action("Accept the new time"))
    assert (await stand(town)).slot == 4
    await check_everything(town)


async def test_my_meetings_and_the_calendar_file(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.says("incontri")
    assert "Tue 15 May, 09:30 · Noa Guest · your answer, please" in anna.words
    await anna.presses(anna.action("Tue 15 May, 09:30: Noa Guest"))
    await anna.presses(anna.action("Calendar file"))
    (event,) = Calendar.from_ical(anna.screens[0].files[0].content).walk("VEVENT")
    assert (event["status"], event["sequence"], event.decoded("dtstart")) == ("TENTATIVE", 1, FIRST)
    await noa.says("meetings")
    assert "Anna Delegate" in noa.words


async def test_the_home_screen_counts_what_waits(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("home.show")
    assert "1 meeting waits for your answer" in anna.words
    await anna.presses("meeting.yes:1:1")
    await anna.presses("home.show")
    assert "waits for your answer" not in anna.words


# Reminders


async def due(town: Town) -> int:
    return await reminders_due(town.database, town.community, town.clock)


async def test_reminders_come_an_hour_and_ten_minutes_before(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.yes:1:1")
    town.clock.to(FIRST - timedelta(minutes=61))
    assert await due(town) == 0
    town.clock.to(FIRST - timedelta(minutes=60))
    assert await due(town) == 2
    assert await due(town) == 0
    delivered = await town.deliver()
    assert told(delivered, "meeting.reminder", anna).startswith("In 1 hour: your meeting with Noa Guest.\n")
    assert "Please confirm." in told(delivered, "meeting.reminder", noa)
    town.clock.to(FIRST - timedelta(minutes=10))
    assert await due(town) == 2
    assert await due(town) == 0


@both_stores
async def test_a_moved_meeting_is_reminded_of_anew(town: Town, anna: Somebody, noa: Somebody) -> None:
    town.clock.to(FIRST - timedelta(minutes=59))
    assert await due(town) == 2
    await anna.presses("meeting.offer:1:4")  # from 09:30 to 11:00
    await noa.presses("meeting.accept:1:4")
    stale = [one for one in await town.deliver() if one.kind == "meeting.reminder"]
    assert [one.screen for one in stale] == [None, None]
    town.clock.to(FIRST + timedelta(minutes=30))
    assert await due(town) == 2


async def test_only_the_nearest_reminder_is_sent_after_a_pause(town: Town, anna: Somebody) -> None:
    town.clock.to(FIRST - timedelta(minutes=5))
    assert await due(town) == 2
    assert len(await queued(town, "meeting.reminder")) == 2


async def test_nobody_is_reminded_of_what_has_begun_or_is_off(town: Town, anna: Somebody, noa: Somebody) -> None:
    town.clock.to(FIRST - timedelta(minutes=10))
    assert await due(town) == 2
    town.clock.to(FIRST)
    assert [one.screen for one in await town.deliver() if one.kind == "meeting.reminder"] == [None, None]


async def test_what_nobody_confirmed_expires(town: Town, anna: Somebody, noa: Somebody) -> None:
    await anna.presses("meeting.yes:1:1")
    town.clock.to(FIRST + timedelta(minutes=19))
    assert await due(town) == 0
    town.clock.to(FIRST + timedelta(minutes=20))
    assert await due(town) == 1
    assert (await stand(town)).status is MeetingStatus.EXPIRED
    assert (await steps(town))[-1].by_person_id is None
    assert await due(town) == 0
    await check_everything(town)


async def test_a_confirmed_meeting_does_not_expire(town: Town, anna: Somebody, noa: Somebody) -> None:
    for who in (anna, noa):
        await who.presses("meeting.yes:1:1")
    town.clock.to(FIRST + timedelta(days=30))
    assert await due(town) == 0
    assert (await stand(town)).status is MeetingStatus.CONFIRMED
