"""One person, one ping: urgent and unread goes to the other platform, and an answer on one closes the other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import ReadContext
from handlers.conversation.second_ping import SECOND_PING, UNREAD_AFTER, unread_due
from storage.engine import Database
from storage.enums import Answer, Locale, MeetingStatus, OutboxOp, OutboxState, PartyAnswer, Platform, Role
from storage.models import Account, EventAnswer, Meeting, MeetingParty, OutboxMessage, SecondPing
from storage.queries import second_pings
from tests.journeys.people import PersonDriver, SlackPerson
from tests.journeys.test_events import TITLE, answers_to, published
from tests.journeys.test_jobs import applies, fair
from tests.journeys.two_platforms import TwoPlatformCommunity

TOMORROW = {"Starts": "2018-04-04T17:30", "Ends": "2018-04-04T19:00"}
NEXT_MONTH = {"Starts": "2018-05-04T17:30", "Ends": "2018-05-04T19:00"}


@dataclass
class Cast:
    """Marco is one person on both platforms and was on Telegram last; Sara has Telegram only; Zeno is nobody yet."""

    community: TwoPlatformCommunity
    giulia: PersonDriver
    marco: PersonDriver
    marco_slack: SlackPerson
    sara: PersonDriver
    zeno: SlackPerson


EACH_LANGUAGE_AND_DATABASE = (
    pytest.param((Locale.ITALIAN, "sqlite_url"), id="it-sqlite"),
    pytest.param((Locale.ENGLISH, "postgres_url"), id="en-postgres", marks=pytest.mark.postgres),
)


@pytest.fixture(params=EACH_LANGUAGE_AND_DATABASE)
def place(request: pytest.FixtureRequest) -> tuple[Locale, str]:
    """A language and an empty store."""
    locale, database = request.param
    return locale, request.getfixturevalue(database)


@pytest.fixture
async def cast(place: tuple[Locale, str], tmp_path: Path) -> AsyncIterator[Cast]:
    locale, url = place
    async with TwoPlatformCommunity.on_both(url, tmp_path) as community:
        await community.vocabulary()
        yield await _gathered(community, locale)


async def _gathered(both: TwoPlatformCommunity, locale: Locale) -> Cast:
    giulia = await both.member("Giulia Ferrandi", roles=(Role.OWNER,), locale=locale)
    marco = await both.member("Marco Colombani", locale=locale)
    sara = await both.member("Sara Bonavita", locale=locale)
    marco_slack = await both.links(marco)
    zeno = both.on_slack("Zeno", locale=locale)
    await zeno.says("ciao")
    await both.later(minutes=10)
    await marco.says("/home")
    return Cast(both, giulia, marco, marco_slack, sara, zeno)


async def going(cast: Cast, **details: str) -> int:
    """An event to which Marco and Sara said on Telegram that they come, some time ago."""
    event = await published(cast.giulia, **details)
    for one in (cast.marco, cast.sara):
        await one.sends_action(f"event.rsvp:{event}:going")
    await cast.community.later(minutes=5)
    return event


async def cancels(cast: Cast, event: int) -> str:
    """Staff cancel it; a sentence that stands in the notice alone, and not on the event's card."""
    t = cast.giulia.t
    await cast.giulia.sends_action(f"event.cancel:{event}")
    await cast.giulia.fills({t("Why?"): "Guasto alle camere bianche."})
    return t("The attached file takes it out of your calendar.")


def again(person: PersonDriver, platform: str) -> str:
    return person.t("I wrote this to you on {platform}; you may not have seen it there.", platform=platform)


async def pings(community: TwoPlatformCommunity) -> int:
    async with community.app.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(SecondPing))).scalar_one()


async def test_unread_for_a_quarter_of_an_hour_goes_to_the_other_platform_once(cast: Cast) -> None:
    event = await going(cast, **TOMORROW)
    news = await cancels(cast, event)
    assert [cast.marco.count(news), cast.marco_slack.count(news), cast.sara.count(news)] == [1, 0, 1]
    await cast.community.later(minutes=14)
    cast.marco_slack.sees_nothing_of(news)

    await cast.community.later(minutes=2)
    cast.marco_slack.sees(news, again(cast.marco_slack, "Telegram"))
    assert cast.marco_slack.messages()[-1].files, "the calendar file comes with it"
    for _ in range(3):
        await cast.community.later(minutes=20)
    assert [cast.marco.count(news), cast.marco_slack.count(news), cast.sara.count(news)] == [1, 1, 1]
    cast.zeno.sees_nothing_of(TITLE)
    assert await pings(cast.community) == 1


@pytest.mark.parametrize("just_before", [False, True])
async def test_who_did_anything_there_since_has_read_it(cast: Cast, *, just_before: bool) -> None:
    event = await going(cast, **TOMORROW)
    if just_before:
        # Within a minute "last acted" stays as it was: what they were answered since tells.
        await cast.marco.says("/home")
    news = await cancels(cast, event)
    await cast.marco.says("/home")
    await cast.community.later(minutes=20)
    cast.marco_slack.sees_nothing_of(news)
    assert await pings(cast.community) == 0


async def test_who_acted_just_before_it_came_has_not(cast: Cast) -> None:
    event = await going(cast, **TOMORROW)
    await cast.marco.says("/home")
    news = await cancels(cast, event)
    await cast.community.later(minutes=16)
    cast.marco_slack.sees(news)


async def test_acting_elsewhere_is_no_reading(cast: Cast) -> None:
    event = await going(cast, **TOMORROW)
    news = await cancels(cast, event)
    await cast.marco_slack.says("/home")
    await cast.community.later(minutes=16)
    cast.marco_slack.sees(news)


async def test_what_is_not_urgent_waits(cast: Cast) -> None:
    event = await going(cast, **NEXT_MONTH)
    news = await cancels(cast, event)
    await cast.community.later(minutes=16)
    await cast.community.later(minutes=16)
    cast.marco.sees(news)
    cast.marco_slack.sees_nothing_of(news)
    assert await pings(cast.community) == 0


async def test_a_platform_that_does_not_reach_them_is_none(cast: Cast) -> None:
    event = await going(cast, **TOMORROW)
    async with cast.community.app.database.writing() as session:
        found = await session.execute(select(Account).where(Account.user == cast.marco_slack.account))
        found.scalar_one().reachable = False
    await cancels(cast, event)
    await cast.community.later(minutes=16)
    assert await pings(cast.community) == 0


async def test_a_blocked_second_platform_does_not_send_it_back_to_the_first(cast: Cast) -> None:
    event = await going(cast, **TOMORROW)
    await cast.marco_slack.user.deactivates()
    news = await cancels(cast, event)
    await cast.community.later(minutes=16)
    await cast.community.later(minutes=16)
    assert cast.marco.count(news) == 1
    refused = cast.community.slack.violations
    assert refused == ["chat.postMessage: channel_not_found"], "tried once"
    refused.clear()
    async with cast.community.app.database.reading() as session:
        states = (await session.execute(select(OutboxMessage.state).where(OutboxMessage.kind == SECOND_PING))).scalars()
        assert set(states) == {OutboxState.SKIPPED}


async def test_after_a_long_pause_it_is_too_late(cast: Cast) -> None:
    event = await going(cast, **TOMORROW)
    news = await cancels(cast, event)
    await cast.community.later(hours=4)
    cast.marco_slack.sees_nothing_of(news)


async def test_read_between_the_tick_and_the_sending(cast: Cast) -> None:
    """The repetition is queued, and before it is drawn they are there."""
    event = await going(cast, **TOMORROW)
    news = await cancels(cast, event)
    async with cast.community.another_sends(Platform.SLACK):
        cast.community.clock.advance(UNREAD_AFTER + timedelta(minutes=1))
        await cast.community.app.tick()
        assert await pings(cast.community) == 1
        async with cast.community.app.database.writing() as session:
            found = await session.execute(select(Account).where(Account.user == cast.marco.account))
            found.scalar_one().last_acted_at = cast.community.clock.now()
    await cast.community.settle()
    cast.marco_slack.sees_nothing_of(news)


async def test_several_processes_look_at_the_same_moment(cast: Cast) -> None:
    event = await going(cast, **TOMORROW)
    news = await cancels(cast, event)
    app = cast.community.app
    cast.community.clock.advance(UNREAD_AFTER + timedelta(minutes=1))
    others = [Database(app.settings.database.url) for _ in range(3)]
    try:
        queued = await asyncio.gather(*(unread_due(one, app.community, app.clock) for one in others))
    finally:
        for one in others:
            await one.close()
    assert sum(queued) == 1
    app.wake()
    await cast.community.settle()
    assert cast.marco_slack.count(news) == 1
    assert await pings(cast.community) == 1


async def test_what_can_wait_keeps_nothing_that_is_urgent_waiting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_pings, "MOST", 1)
    later, soon = await going(cast, **NEXT_MONTH), await going(cast, **TOMORROW)
    news = await cancels(cast, later)
    await cancels(cast, soon)
    await cast.community.later(minutes=16)
    assert (cast.marco.count(news), cast.marco_slack.count(news)) == (2, 1)


async def test_an_answer_counts_although_the_other_copy_cannot_be_drawn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, label = await reminded(cast)

    async def broken(ctx: ReadContext, **data: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setitem(REGISTRY.notices, "event.reminder", replace(REGISTRY.notices["event.reminder"], render=broken))
    await cast.marco.presses(label)
    assert (await answers_to(cast.community, event))[cast.marco.id] is Answer.CANT


# Answering


async def reminded(cast: Cast) -> tuple[int, str]:
    """A reminder that Marco got on Telegram, did not read, and got on Slack; the event and the reminder's button."""
    event = await going(cast, **TOMORROW)
    starts = datetime(2018, 4, 4, 15, 30, tzinfo=UTC)
    async with cast.community.app.database.reading() as session:
        found = await session.execute(select(func.max(OutboxMessage.id)))
        before = found.scalar_one()
    cast.community.clock.to(starts - timedelta(hours=1, minutes=59))
    await cast.community.tick()
    await cast.community.later(minutes=16)
    async with cast.community.app.database.reading() as session:
        kinds = (await session.execute(select(OutboxMessage.kind).where(OutboxMessage.id > before))).scalars().all()
    assert "event.reminder" in kinds
    label = cast.marco.t("I can't come any more")
    assert label in cast.marco.button(label)
    assert label in cast.marco_slack.button(label)
    cast.marco_slack.sees(again(cast.marco_slack, "Telegram"))
    return event, label


def buttons_with(person: PersonDriver, words: str) -> list[tuple[str, ...]]:
    return [one.buttons for one in person.messages() if words in one.text]


async def test_an_answer_on_slack_closes_the_copy_on_telegram(cast: Cast) -> None:
    event, label = await reminded(cast)
    sent = len(cast.marco.messages())
    stale = f"event.rsvp:{event}:cant"
    await cast.marco_slack.presses(label)
    note = cast.marco.t("You answered this on {platform}: “{label}”.", platform="Slack", label=label)
    shown = cast.marco.sees(note, TITLE)
    assert shown.buttons == ()
    assert len(cast.marco.messages()) <= sent, "it is redrawn, nothing new comes"
    assert await answers_to(cast.community, event) == {cast.marco.id: Answer.CANT, cast.sara.id: Answer.GOING}

    await cast.marco.sends_action(stale)
    assert await answers_to(cast.community, event) == {cast.marco.id: Answer.CANT, cast.sara.id: Answer.GOING}
    await cast.community.later(minutes=20)
    assert await pings(cast.community) == 1
    assert label in cast.sara.button(label), "nobody else's copy is touched"


async def test_an_answer_on_telegram_closes_the_copy_on_slack(cast: Cast) -> None:
    event, label = await reminded(cast)
    await cast.marco.presses(label)
    note = cast.marco.t("You answered this on {platform}: “{label}”.", platform="Telegram", label=label)
    assert cast.marco_slack.sees(note, TITLE).buttons == ()
    assert (await answers_to(cast.community, event))[cast.marco.id] is Answer.CANT


async def test_looking_at_details_is_no_answer(cast: Cast) -> None:
    _, label = await reminded(cast)
    await cast.marco_slack.presses(cast.marco.t("Details"))
    assert label in cast.marco.button(label)
    cast.marco.sees_nothing_of("Slack:")


async def test_somebody_else_cannot_close_it(cast: Cast) -> None:
    event, label = await reminded(cast)
    await cast.sara.presses(label)
    await cast.zeno.sends_action(f"event.rsvp:{event}:cant")
    assert label in cast.marco.button(label)
    assert label in cast.marco_slack.button(label)
    assert (await answers_to(cast.community, event))[cast.marco.id] is Answer.GOING
    async with cast.community.app.database.reading() as session:
        assert (await session.execute(select(SecondPing.answered_at))).scalars().all() == [None]


async def test_answered_while_the_repetition_is_on_its_way(cast: Cast) -> None:
    """Slack is slow to take it; the answer on Telegram comes first, and the copy is closed as soon as it is there."""
    event, label = await reminded(cast)
    async with cast.community.app.database.writing() as session:
        ping = (await session.execute(select(SecondPing))).scalar_one()
        row = await session.get_one(OutboxMessage, ping.second_id)
        row.state, row.claim = OutboxState.SENDING, cast.community.app.claim
    await cast.marco.presses(label)
    assert label in cast.marco_slack.button(label)
    async with cast.community.app.database.writing() as session:
        row = await session.get_one(OutboxMessage, ping.second_id)
        row.state = OutboxState.SENT
    await cast.community.tick()
    assert buttons_with(cast.marco_slack, again(cast.marco_slack, "Telegram")) == []
    note = cast.marco.t("You answered this on {platform}: “{label}”.", platform="Telegram", label=label)
    assert cast.marco_slack.sees(note).buttons == ()
    assert (await answers_to(cast.community, event))[cast.marco.id] is Answer.CANT


async def test_a_copy_that_was_deleted_is_not_sent_again(cast: Cast) -> None:
    _, label = await reminded(cast)
    again_there = cast.marco_slack.sees(again(cast.marco_slack, "Telegram"))
    del cast.marco_slack.user.dm.store[again_there.id]
    before = len(cast.marco_slack.messages())
    await cast.marco.presses(label)
    await cast.community.later(minutes=5)
    assert len(cast.marco_slack.messages()) == before
    refused = cast.community.slack.violations
    assert refused == ["chat.update: message_not_found"], "tried once"
    refused.clear()
    async with cast.community.app.database.reading() as session:
        redrawn = await session.execute(
            select(OutboxMessage.state)
            .where(OutboxMessage.op == OutboxOp.EDIT, OutboxMessage.platform == Platform.SLACK)
            .order_by(OutboxMessage.id.desc())
        )
        assert redrawn.scalars().first() is OutboxState.SKIPPED


# Live cards


async def proposed(cast: Cast) -> PersonDriver:
    """A meeting for tomorrow, proposed to Marco, who did not read it on Telegram, and to James, who is returned."""
    community, locale = cast.community, cast.marco.locale
    await fair(community)
    elena = await community.member("Elena Maspero", roles=(Role.MISSION_LEAD,), locale=locale)
    james = await community.member("James Whitcombe", locale=locale)
    part = "Incontri B2B" if locale is Locale.ITALIAN else "B2B meetings"
    for one in (cast.marco, james):
        await applies(one, [part])
        await elena.presses(elena.t("Accept"), within=one.name)
    community.clock.to(datetime(2018, 5, 14, 9, 0, tzinfo=UTC))
    await community.tick()
    t = elena.t
    await elena.says("/meet")
    first = (await elena.options(t("Who?"), ["Marco Colombani"]))[0]
    second = (await elena.options(t("With whom?"), ["James Whitcombe"]))[0]
    await elena.fills({t("Who?"): first, t("With whom?"): second, t("What about?"): "CAR-T"})
    cast.marco.sees(t("We think you should meet {name}.", name="James Whitcombe"))
    await community.later(minutes=16)
    return james


async def answer_of(cast: Cast) -> PartyAnswer:
    async with cast.community.app.database.reading() as session:
        found = await session.execute(select(MeetingParty.answer).where(MeetingParty.person_id == cast.marco.id))
        return found.scalar_one()


async def test_a_meeting_confirmed_on_slack(cast: Cast) -> None:
    james = await proposed(cast)
    t = cast.marco.t
    cast.marco_slack.sees(again(cast.marco_slack, "Telegram"), "James Whitcombe")
    await cast.marco_slack.presses(t("Confirm"))
    assert await answer_of(cast) is PartyAnswer.YES
    note = t("You answered this on {platform}: “{label}”.", platform="Slack", label=t("Confirm"))
    closed = cast.marco.sees(note, "James Whitcombe")
    assert closed.buttons == ()

    await james.presses(t("Confirm"), within="Marco Colombani")
    still = next(one for one in cast.marco.messages() if one.id == closed.id)
    assert (still.buttons, note in still.text) == ((), True), "the card goes on telling the truth, without buttons"
    assert still.text != closed.text
    async with cast.community.app.database.reading() as session:
        assert (await session.execute(select(Meeting.status))).scalar_one() is MeetingStatus.CONFIRMED
    cast.marco_slack.button(t("Another time"))


async def test_another_time_asked_for_on_telegram(cast: Cast) -> None:
    """Two steps in one message: looking at the other times answers nothing yet, choosing one does."""
    await proposed(cast)
    t = cast.marco.t
    await cast.marco.presses(t("Another time"))
    assert t("Confirm") in cast.marco_slack.button(t("Confirm"))
    await cast.marco.presses("10:30")
    assert await answer_of(cast) is PartyAnswer.ANOTHER_TIME
    note = t("You answered this on {platform}.", platform="Telegram")
    assert cast.marco_slack.sees(note).buttons == ()


async def test_the_answers_of_two_platforms_at_the_same_moment_leave_one_copy_open(cast: Cast) -> None:
    event, label = await reminded(cast)
    await cast.community.at_once(cast.marco.taps(label), cast.marco_slack.taps(label))
    async with cast.community.app.database.reading() as session:
        given = (
            await session.execute(select(EventAnswer.answer).where(EventAnswer.person_id == cast.marco.id))
        ).scalars()
        assert list(given) == [Answer.CANT]
        ping = (await session.execute(select(SecondPing))).scalar_one()
    assert ping.answered_id in {ping.first_id, ping.second_id}
    assert (await answers_to(cast.community, event))[cast.sara.id] is Answer.GOING
