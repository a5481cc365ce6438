"""Publishing, proposing, changing, cancelling: by whom, and who is told what."""

import asyncio
from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import select

from handlers.conversation.event import FormSupport
from handlers.conversation.screen import plain
from storage.enums import Answer, EventStatus, OutboxOp, Role
from storage.models import AuditEntry
from storage.queries import events
from tests.handlers.events.town import Somebody, Town, filled, of_kind, published


async def audited(town: Town) -> list[tuple[str, str]]:
    async with town.database.reading() as session:
        rows = (await session.execute(select(AuditEntry).order_by(AuditEntry.id))).scalars().all()
        return [(row.action, row.reason) for row in rows]


async def test_publishing_posts_the_card_and_invites_the_members(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    await staff.says("nuovoevento")
    await staff.submits(filled(capacity=20, link="https://cluster.example/lab"))
    assert "I'm telling 2 members" in staff.words
    event = await town.event()
    assert event.starts_at == datetime(2018, 4, 19, 15, 30, tzinfo=UTC)
    assert event.status is EventStatus.PUBLISHED
    delivered = await town.deliver()
    posted = [one for one in delivered if one.kind == "card"]
    assert [(one.person_id, one.card) for one in posted] == [(None, f"event:{event.id}")]
    invited = of_kind(delivered, "event.invitation")
    assert set(invited) == {anna.id, bruno.id}
    screen = invited[bruno.id]
    assert screen is not None
    assert "Ci sarai?" in plain(screen)
    assert [button.label for button in screen.buttons][:3] == ["Partecipo", "Forse", "Non posso"]
    assert await audited(town) == [("event.publish", "")]
    async with town.database.reading() as session:
        assert await events.reminders_of(session, event.id) == [1440, 120]


async def test_an_invitation_is_not_sent_to_who_has_answered_meanwhile(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    await staff.says("newevent")
    await staff.submits(filled())
    await anna.presses(f"event.rsvp:{(await town.event()).id}:cant")
    assert of_kind(await town.deliver(), "event.invitation") == {anna.id: None}


async def test_what_is_wrong_is_said_by_field_and_nothing_is_published(town: Town, staff: Somebody) -> None:
    await staff.says("newevent")
    await staff.submits(filled(ends="2018-04-19T16:30", link="www"))
    assert staff.outcome.errors is not None
    assert set(staff.outcome.errors.by_field) == {"ends", "link"}
    assert await town.deliver() == []


async def test_a_double_tap_on_publish_publishes_once(town: Town, staff: Somebody, anna: Somebody) -> None:
    await staff.says("newevent")
    form = staff.outcome.form
    twin = Somebody(town, staff.id, staff.user, staff.chat, staff.outcome)
    await asyncio.gather(staff.submits(filled()), twin.submits(filled()))
    assert form is not None
    assert len(of_kind(await town.deliver(), "event.invitation")) == 1
    assert await audited(town) == [("event.publish", "")]


async def test_times_are_those_of_the_chosen_zone(town: Town, staff: Somebody) -> None:
    await published(staff, zone="Asia/Jerusalem", starts="2018-05-15T08:00", ends="2018-05-15T09:00")
    event = await town.event()
    assert event.starts_at == datetime(2018, 5, 15, 5, 0, tzinfo=UTC)
    assert (event.starts_wall, event.zone) == ("2018-05-15T08:00", "Asia/Jerusalem")


async def test_on_a_platform_without_windows_the_form_is_a_talk(town: Town, staff: Somebody, anna: Somebody) -> None:
    staff.forms = FormSupport.TALK
    await staff.says("newevent")
    for words in ("Breakfast", "Before the fair.", "Hotel lobby, Tel Aviv"):
        await staff.writes(words)
    assert "Starts" in staff.words
    await staff.writes("15 May at 8:00")
    await staff.writes("15 May at 9:00")
    await staff.writes("12")
    await staff.presses(staff.action("Skip ›"))
    assert "Is everything right?" in staff.words
    await staff.presses(staff.action("Change: Time zone"))
    await staff.presses(staff.action("Jerusalem"))
    await staff.presses(staff.action("Publish"))
    assert "I'm telling 1 member" in staff.words
    event = await town.event()
    assert (event.starts_at, event.zone) == (datetime(2018, 5, 15, 5, 0, tzinfo=UTC), "Asia/Jerusalem")
    assert (event.capacity, event.title) == (12, "Breakfast")


async def test_a_talk_asks_again_only_what_is_wrong(town: Town, staff: Somebody) -> None:
    staff.forms = FormSupport.TALK
    await staff.says("newevent")
    for words in ("Breakfast", "Before the fair.", "Tel Aviv", "15 May at 9:00", "15 May at 8:00", "12"):
        await staff.writes(words)
    await staff.presses(staff.action("Skip ›"))
    await staff.presses(staff.action("Publish"))
    assert "The end must come after the start." in staff.words
    await staff.writes("15 May at 10:00")
    await staff.presses(staff.action("Publish"))
    assert (await town.event()).ends_wall == "2018-05-15T10:00"


async def test_a_half_filled_form_survives_the_end_of_its_event(town: Town, staff: Somebody) -> None:
    staff.forms = FormSupport.TALK
    event = await published_by_window(staff)
    await staff.presses(f"event.cancel:{event}")
    assert "Why?" in staff.words
    town.clock.to(datetime(2018, 4, 20, 12, 0, tzinfo=UTC))
    # Neither the answer nor another command gets stuck in the draft.
    await staff.writes("The speaker is ill.")
    await staff.presses(staff.action("Cancel the event"))
    assert "has started" in staff.words
    await staff.says("events")
    assert "Upcoming events" in staff.words


async def published_by_window(staff: Somebody) -> int:
    """An event published by a form in a window, whatever the platform of the person."""
    usual, staff.forms = staff.forms, FormSupport.NOW
    event = await published(staff)
    staff.forms = usual
    return event


STAFF_ONLY = [
    "event.new",
    "event.manage:{}",
    "event.edit:{}",
    "event.reminders:{}",
    "event.clone:{}",
    "event.cancel:{}",
    "event.proposals",
    "event.review:{}",
    "event.approve:{}",
    "event.decline:{}",
]


@pytest.mark.parametrize("action", STAFF_ONLY)
async def test_staff_actions_are_refused_to_members_and_outsiders(
    town: Town, staff: Somebody, anna: Somebody, outsider: Somebody, action: str
) -> None:
    event = await published(staff)
    before = await audited(town)
    await anna.presses(action.format(event))
    assert anna.words == "Only the staff can do this."
    assert anna.outcome.form is None
    await outsider.presses(action.format(event))
    assert outsider.outcome.form is None
    assert "Laboratorio" not in outsider.words
    assert await audited(town) == before


async def test_the_form_is_refused_at_its_submission_too(town: Town, staff: Somebody, anna: Somebody) -> None:
    await staff.says("newevent")
    anna.outcome = staff.outcome
    await anna.submits(filled())
    assert "can't fill in this form" in anna.words
    assert await town.deliver() == []


async def test_moving_an_event_tells_old_and_new_to_those_it_concerns(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff)
    channel = await town.copy(event, "channel", None)
    carla, dario = await town.person("Carla"), await town.person("Dario")
    for one, answer in ((anna, "going"), (bruno, "maybe"), (carla, "cant")):
        await one.presses(f"event.rsvp:{event}:{answer}")
    await town.deliver()
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled(starts="2018-04-20T17:30", ends="2018-04-20T19:30", place="Milano"))
    assert "I'm telling 2 people" in staff.words
    delivered = await town.deliver()
    changed = of_kind(delivered, "event.changed")
    assert set(changed) == {anna.id, bruno.id}
    assert dario.id not in changed
    screen = changed[anna.id]
    assert screen is not None
    assert "Thursday 19 April, 17:30–19:30 → Friday 20 April, 17:30–19:30" in plain(screen)
    assert "Aula Golgi, Pavia → Milano" in plain(screen)
    assert b"SEQUENCE:1\r\n" in screen.files[0].content
    edits = {one.target: one.screen for one in delivered if one.op is OutboxOp.EDIT}
    assert "venerdì 20 aprile" in plain(edits[channel])  # type: ignore[arg-type]  # a card is always drawn
    uid = Calendar.from_ical(screen.files[0].content).walk("VEVENT")[0]["uid"]
    assert uid == (await town.event()).uid


async def test_saving_without_a_change_tells_nobody(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled())
    assert await town.deliver() == []
    assert (await town.event()).sequence == 0


async def test_news_that_was_overtaken_before_it_left_is_not_sent(town: Town, staff: Somebody, anna: Somebody) -> None:
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    for place in ("Milano", "Aula Golgi, Pavia"):
        await staff.presses(f"event.edit:{event}")
        await staff.submits(filled(place=place))
    first, second = [one.screen for one in await town.deliver() if one.kind == "event.changed"]
    assert first is None
    assert second is not None
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled(place="Lodi"))
    await anna.presses(f"event.rsvp:{event}:cant")
    assert of_kind(await town.deliver(), "event.changed") == {anna.id: None}


async def test_more_places_take_in_those_who_wait_in_their_order(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    carla, dario = await town.person("Carla"), await town.person("Dario")
    for one in (anna, bruno, carla, dario):
        await one.presses(f"event.rsvp:{event}:going")
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled(capacity=3))
    assert await town.answers(event) == {
        anna.id: Answer.GOING,
        bruno.id: Answer.GOING,
        carla.id: Answer.GOING,
        dario.id: Answer.WAITING,
    }
    delivered = await town.deliver()
    assert set(of_kind(delivered, "event.promoted")) == {bruno.id, carla.id}
    changed = of_kind(delivered, "event.changed")
    assert set(changed) == {dario.id}
    assert "Places: 1 → 3" in plain(changed[dario.id])  # type: ignore[arg-type]  # there is something to say
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled())
    assert (await town.answers(event))[dario.id] is Answer.GOING


async def test_places_cannot_be_fewer_than_those_who_come(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff)
    for one in (anna, bruno):
        await one.presses(f"event.rsvp:{event}:going")
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled(capacity=1))
    assert staff.outcome.errors is not None
    assert "2 people" in staff.outcome.errors.by_field["capacity"]
    assert (await town.event()).capacity == 0


async def test_an_event_that_has_started_can_no_longer_be_changed(town: Town, staff: Somebody) -> None:
    event = await published(staff)
    await staff.presses(f"event.edit:{event}")
    open_form = staff.outcome
    town.clock.to(datetime(2018, 4, 19, 15, 30, tzinfo=UTC))
    for action in ("edit", "cancel", "reminders"):
        await staff.presses(f"event.{action}:{event}")
        assert "started" in staff.words
    staff.outcome = open_form
    await staff.submits(filled(starts="2018-05-20T17:30", ends="2018-05-20T19:30"))
    assert "started" in staff.words
    assert (await town.event()).starts_wall == "2018-04-19T17:30"


async def test_cancelling_says_why_and_closes_the_card(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    event = await published(staff, capacity=1)
    channel = await town.copy(event, "channel", None)
    for one in (anna, bruno):
        await one.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    await staff.presses(f"event.cancel:{event}")
    await staff.submits({"reason": "The speaker is ill."})
    assert "I'm telling 2 people" in staff.words
    delivered = await town.deliver()
    told = of_kind(delivered, "event.cancelled")
    assert set(told) == {anna.id, bruno.id}
    screen = told[anna.id]
    assert screen is not None
    assert "The speaker is ill." in plain(screen)
    assert b"STATUS:CANCELLED" in screen.files[0].content
    edits = {one.target: one.screen for one in delivered if one.op is OutboxOp.EDIT}
    shown = edits[channel]
    assert shown is not None
    assert "Evento annullato" in plain(shown)
    await anna.presses(f"event.rsvp:{event}:cant")
    assert "was cancelled" in anna.words
    await staff.presses(f"event.cancel:{event}")
    assert "cancelled already" in staff.words
    assert ("event.cancel", "The speaker is ill.") in await audited(town)
    await anna.says("events")
    assert "Laboratorio" not in anna.words
    await anna.says("mine")
    assert "Laboratorio (called off)" in anna.words


async def test_two_colleagues_cancel_at_once_and_people_are_told_once(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    other = await town.person("Oscar", Role.OWNER)
    event = await published(staff)
    await anna.presses(f"event.rsvp:{event}:going")
    await town.deliver()
    for one in (staff, other):
        await one.presses(f"event.cancel:{event}")
    await asyncio.gather(*(one.submits({"reason": "Snow."}) for one in (staff, other)))
    assert len([one for one in await town.deliver() if one.kind == "event.cancelled"]) == 1


async def test_a_model_fills_in_everything_but_the_date(town: Town, staff: Somebody) -> None:
    event = await published(staff, capacity=12)
    await staff.presses(f"event.clone:{event}")
    form = staff.outcome.form
    assert form is not None
    assert form.field("title").initial == "Laboratorio"
    assert form.field("capacity").initial == 12
    assert form.field("starts").initial is None
    await staff.submits(filled(starts="2018-05-19T17:30", ends="2018-05-19T19:30"))
    assert (await town.event()).id != event


async def test_a_member_proposes_and_the_staff_publish_with_a_tap(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    await anna.says("proposeevent")
    await anna.submits(filled(title="Colazione"))
    assert "with the staff" in anna.words
    event = (await town.event()).id
    asked = of_kind(await town.deliver(), "event.proposal")
    assert set(asked) == {staff.id}
    assert [button.label for button in asked[staff.id].buttons] == ["Publish", "Edit", "Don't publish"]  # type: ignore[union-attr]  # drawn
    # Nobody else sees it before.
    await bruno.presses(f"event.open:{event}")
    assert "non c'è più" in bruno.words
    await bruno.presses(f"event.rsvp:{event}:going")
    assert await town.answers(event) == {}
    await staff.presses(f"event.approve:{event}")
    assert "✓ Published." in staff.words
    delivered = await town.deliver()
    assert set(of_kind(delivered, "event.approved")) == {anna.id}
    assert set(of_kind(delivered, "event.invitation")) == {bruno.id}
    assert [one.card for one in delivered if one.person_id is None] == [f"event:{event}"]
    await staff.presses(f"event.approve:{event}")
    assert "already published" in staff.words
    assert await town.deliver() == []


async def test_the_card_of_a_proposal_is_edited_for_the_other_colleagues(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    other = await town.person("Oscar", Role.STAFF)
    await anna.says("proponievento")
    await anna.submits(filled())
    event = (await town.event()).id
    await town.deliver()
    copy = await town.copy(event, other.chat, other.id, kind="event_proposal")
    await staff.presses(f"event.approve:{event}")
    edits = {one.target: one.screen for one in await town.deliver() if one.op is OutboxOp.EDIT}
    assert "✓ Published." in plain(edits[copy])  # type: ignore[arg-type]  # a card is always drawn


async def test_a_declined_proposal_says_why_and_can_be_sent_again(town: Town, staff: Somebody, anna: Somebody) -> None:
    await anna.says("proposeevent")
    await anna.submits(filled())
    event = (await town.event()).id
    await town.deliver()
    await staff.presses(f"event.decline:{event}")
    await staff.submits({"reason": "That evening is taken."})
    told = of_kind(await town.deliver(), "event.declined")
    assert "That evening is taken." in plain(told[anna.id])  # type: ignore[arg-type]  # there is something to say
    await anna.presses(f"event.repropose:{event}")
    assert anna.outcome.form is not None
    assert anna.outcome.form.field("title").initial == "Laboratorio"
    await staff.presses(f"event.approve:{event}")
    assert "already declined" in staff.words


async def test_a_proposal_whose_date_has_passed_needs_a_new_one_first(
    town: Town, staff: Somebody, anna: Somebody
) -> None:
    await anna.says("proposeevent")
    await anna.submits(filled())
    event = (await town.event()).id
    await town.deliver()
    town.clock.to(datetime(2018, 4, 20, 12, 0, tzinfo=UTC))
    await staff.presses(f"event.approve:{event}")
    assert "new date" in staff.words
    await staff.presses(f"event.edit:{event}")
    await staff.submits(filled(starts="2018-05-20T17:30", ends="2018-05-20T19:30"))
    await staff.presses(f"event.approve:{event}")
    assert "✓ Published." in staff.words


async def test_a_proposal_cannot_be_cancelled_into_the_open(
    town: Town, staff: Somebody, anna: Somebody, bruno: Somebody
) -> None:
    await anna.says("proposeevent")
    await anna.submits(filled())
    event = (await town.event()).id
    await staff.presses(f"event.cancel:{event}")
    if staff.outcome.form is not None:
        await staff.submits({"reason": "No."})
    assert (await town.event()).status is EventStatus.PROPOSED
