"""What the sender does with each thing that goes wrong at Slack: nothing is ever there twice."""

import asyncio
import time

import pytest

from storage.enums import OutboxState, Platform, Priority
from tests.bot.delivery.program import Program
from tests.standins.slack import Person

POST = "chat.postMessage"


def texts(person: Person) -> list[str]:
    return [message.seen for message in person.messages]


@pytest.mark.parametrize("priority", list(Priority))
async def test_cut_after_it_was_accepted_is_found_and_not_repeated(slack: Program, priority: Priority) -> None:
    anna = slack.s.user()
    slack.s.drop_connection_next(POST, after_accepting=True)
    if priority is Priority.REPLY:
        ids = await slack.reply(anna.id, "ciao", platform=Platform.SLACK)
    else:
        again = priority is Priority.REMINDER
        ids = await slack.queue(slack.message(anna.id, "ciao", platform=Platform.SLACK, priority=priority, again=again))
    await slack.all_sent(ids)
    assert texts(anna) == ["ciao"]
    assert (await slack.row(ids[0])).message_id == anna.last.ts


async def test_cut_before_it_was_accepted_is_sent_again(slack: Program) -> None:
    anna = slack.s.user()
    slack.s.drop_connection_next(POST, after_accepting=False)
    ids = await slack.queue(
        slack.message(anna.id, "ciao", platform=Platform.SLACK, priority=Priority.ANNOUNCEMENT, again=False)
    )
    await slack.all_sent(ids)
    assert texts(anna) == ["ciao"]


@pytest.mark.parametrize("trouble", ["conversations.history", "conversations.open"])
async def test_a_doubt_stays_one_until_the_conversation_can_be_read(slack: Program, trouble: str) -> None:
    anna = slack.s.user()
    slack.s.drop_connection_next(POST, after_accepting=True)
    slack.s.fail_next(trouble, times=2, status=503)
    ids = await slack.queue(slack.message(anna.id, "ciao", platform=Platform.SLACK))
    await slack.all_sent(ids, seconds=15)
    assert texts(anna) == ["ciao"]


async def test_where_nothing_can_be_read_the_policy_decides(slack: Program) -> None:
    anna, marco = slack.s.user("Anna Rossi"), slack.s.user("Marco Colombani")
    for person in (anna, marco):
        slack.s.drop_connection_next(POST, after_accepting=True, channel=person.id)
    slack.s.fail_next("conversations.history", times=2, error="missing_scope")
    (again,) = await slack.queue(slack.message(anna.id, "reminder", platform=Platform.SLACK))
    await slack.all_sent([again])
    (once,) = await slack.queue(
        slack.message(marco.id, "news", platform=Platform.SLACK, priority=Priority.ANNOUNCEMENT, again=False)
    )
    await slack.came_to(once, OutboxState.UNCERTAIN)
    assert texts(anna) == ["reminder", "reminder"]
    assert texts(marco) == ["news"]


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_trouble_at_the_server_passes(slack: Program, status: int) -> None:
    anna = slack.s.user()
    slack.s.fail_next(POST, status=status)
    ids = await slack.reply(anna.id, "1", "2", platform=Platform.SLACK)
    await slack.all_sent(ids)
    assert texts(anna) == ["1", "2"]


async def test_a_wait_stops_that_chat_only_and_is_honoured(slack: Program) -> None:
    anna, marco = slack.s.user("Anna Rossi"), slack.s.user("Marco Colombani")
    slack.s.fail_next(POST, retry_after=2, channel=anna.id)
    told = time.monotonic()
    ids = await slack.reply(anna.id, "1", "2", platform=Platform.SLACK)
    await slack.until(lambda: len(slack.s.rate_limited) == 1)
    others = await slack.queue(
        *(slack.message(marco.id, f"for Marco {number}", platform=Platform.SLACK) for number in range(3))
    )
    await slack.all_sent(others, seconds=1.5)
    assert texts(anna) == []
    await slack.all_sent(ids)
    assert texts(anna) == ["1", "2"]
    accepted = [call.at for call in slack.s.calls_of(POST) if call.channel == anna.id and call.error is None]
    assert min(accepted) - told >= 2.0


async def test_a_thread_that_is_gone_does_not_swallow_the_message(slack: Program) -> None:
    channel = slack.s.channel("community")
    slack.s.fail_next(POST, error="thread_not_found")
    ids = await slack.queue(slack.message(channel.id, "ciao", platform=Platform.SLACK, thread="1522740000.000100"))
    await slack.all_sent(ids)
    assert [message.seen for message in channel.messages] == ["ciao"]
    assert slack.s.count(POST) == 2


async def test_a_message_that_belongs_to_nothing_fails_at_once(slack: Program) -> None:
    anna = slack.s.user()
    slack.s.fail_next(POST, times=50, error="thread_not_found")
    (row,) = await slack.queue(slack.message(anna.id, "ciao", platform=Platform.SLACK))
    await slack.came_to(row, OutboxState.FAILED)
    await asyncio.sleep(0.2)
    assert slack.s.count(POST) == 1


async def test_the_network_away_for_a_while(slack: Program) -> None:
    anna = slack.s.user()
    slack.s.expects_unacked()
    slack.s.goes_down()
    ids = await slack.reply(anna.id, "1", "2", platform=Platform.SLACK)
    ids += await slack.queue(slack.message(anna.id, "3", platform=Platform.SLACK))
    await asyncio.sleep(1.0)
    slack.s.comes_back()
    await slack.all_sent(ids, seconds=15)
    assert sorted(texts(anna)) == ["1", "2", "3"]
    assert [text for text in texts(anna) if text != "3"] == ["1", "2"]
