"""What the sender does with each thing that goes wrong at Telegram."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers.conversation.context import Channel
from handlers.conversation.event import CardKey
from handlers.conversation.notify import post_card
from storage.enums import OutboxOp, OutboxState, Platform, Priority
from storage.models import Account
from tests.bot.delivery.program import Program

ANNOUNCEMENT: dict[str, Any] = {"priority": Priority.ANNOUNCEMENT, "again": False}


@pytest.mark.parametrize("reply", [True, False])
async def test_a_wait_stops_that_chat_only_and_is_honoured(telegram: Program, *, reply: bool) -> None:
    anna, marco = telegram.started("Anna"), telegram.started("Marco")
    telegram.t.fail_next("sendMessage", status=429, retry_after=2, chat=int(anna))
    told = time.monotonic()
    if reply:
        ids = await telegram.reply(anna, "1", "2", "3")
    else:
        ids = await telegram.queue(*(telegram.message(anna, text) for text in "123"))
    await telegram.until(lambda: telegram.t.faults.injected == 1)
    others = await telegram.queue(*(telegram.message(marco, f"for Marco {number}") for number in range(5)))
    await telegram.all_sent(others, seconds=1.5)
    assert telegram.texts(anna) == []
    await telegram.all_sent(ids)
    assert telegram.sent_at(anna)[0] - told >= 2.0
    assert telegram.texts(anna) == ["1", "2", "3"], "the order is kept"


async def test_a_wait_that_names_no_chat_stops_all(telegram: Program) -> None:
    """Two chats told to wait within a second: it is the token's limit."""
    chats = [telegram.started(f"Persona {number}") for number in range(6)]
    telegram.t.fail_next("sendMessage", times=2, status=429, retry_after=2)
    told = time.monotonic()
    ids = await telegram.queue(*(telegram.message(chat, "ciao") for chat in chats[:2]))
    await telegram.until(lambda: telegram.t.faults.injected == 2)
    ids += await telegram.queue(*(telegram.message(chat, "ciao") for chat in chats[2:]))
    ids += await telegram.reply(chats[5], "a reply")
    await asyncio.sleep(1.0)
    assert telegram.t.counts["sendmessage"] == 0
    await telegram.all_sent(ids)
    assert min(at for chat in chats for at in telegram.sent_at(chat)) - told >= 2.0


async def test_trouble_at_the_server_passes(telegram: Program) -> None:
    anna = telegram.started()
    telegram.t.fail_next("sendMessage", status=500)
    (row,) = await telegram.queue(telegram.message(anna, "ciao", **ANNOUNCEMENT))
    await telegram.all_sent([row])
    assert telegram.texts(anna) == ["ciao"]
    assert (await telegram.row(row)).attempts == 2


@pytest.mark.parametrize("reply", [True, False])
async def test_what_failed_keeps_its_place(telegram: Program, *, reply: bool) -> None:
    anna = telegram.started()
    telegram.t.fail_next("sendMessage", status=503)
    if reply:
        ids = await telegram.reply(anna, "1", "2")
        await telegram.until(lambda: telegram.t.faults.injected == 1)
        ids += await telegram.reply(anna, "3")
    else:
        ids = await telegram.queue(*(telegram.message(anna, text) for text in "123"))
    await telegram.all_sent(ids)
    assert telegram.texts(anna) == ["1", "2", "3"]


async def test_a_reply_does_not_wait_for_a_reminder_that_failed(telegram: Program) -> None:
    anna = telegram.started()
    telegram.t.fail_next("sendMessage", status=503)
    late = await telegram.queue(telegram.message(anna, "reminder"))
    await telegram.until(lambda: telegram.t.faults.injected == 1)
    reply = await telegram.reply(anna, "reply")
    await telegram.all_sent([*reply, *late])
    assert telegram.texts(anna) == ["reply", "reminder"]


async def test_cut_before_it_was_accepted(telegram: Program) -> None:
    anna = telegram.started()
    telegram.t.drop_connection_next("sendMessage", after_accepting=False)
    (row,) = await telegram.queue(telegram.message(anna, "ciao"))
    await telegram.all_sent([row])
    assert telegram.texts(anna) == ["ciao"]


@pytest.mark.parametrize("priority", [Priority.REPLY, Priority.REMINDER])
async def test_cut_after_it_was_accepted_is_repeated_where_that_is_the_policy(
    telegram: Program, priority: Priority
) -> None:
    anna = telegram.started()
    telegram.t.drop_connection_next("sendMessage", after_accepting=True)
    if priority is Priority.REPLY:
        ids = await telegram.reply(anna, "ciao")
    else:
        ids = await telegram.queue(telegram.message(anna, "ciao"))
    await telegram.all_sent(ids)
    assert telegram.texts(anna) == ["ciao", "ciao"]


@pytest.mark.parametrize("after_accepting", [True, False])
async def test_an_announcement_in_doubt_is_said_to_be_uncertain(telegram: Program, *, after_accepting: bool) -> None:
    anna, marco = telegram.started("Anna"), telegram.started("Marco")
    telegram.t.drop_connection_next("sendMessage", after_accepting=after_accepting, chat=int(anna))
    first, second = await telegram.queue(
        telegram.message(anna, "news", **ANNOUNCEMENT), telegram.message(marco, "news", **ANNOUNCEMENT)
    )
    doubtful = await telegram.came_to(first, OutboxState.UNCERTAIN)
    assert doubtful.failure
    await telegram.all_sent([second])
    await asyncio.sleep(0.3)
    assert telegram.texts(anna) == (["news"] if after_accepting else [])
    assert telegram.texts(marco) == ["news"]


async def test_one_announcement_in_doubt_at_a_time(telegram: Program) -> None:
    """A kill must leave one doubt at most, so such messages go one after the other whatever the pace."""
    chats = [telegram.started(f"Persona {number}") for number in range(6)]
    telegram.t.latency = 0.05
    ids = await telegram.queue(*(telegram.message(chat, "news", **ANNOUNCEMENT) for chat in chats))
    most = 0
    while (await telegram.states()).get(OutboxState.SENT, 0) < len(ids):
        most = max(most, (await telegram.states()).get(OutboxState.SENDING, 0))
        await asyncio.sleep(0.005)
    assert most == 1


async def test_who_blocked_the_bot_is_not_written_to(telegram: Program) -> None:
    anna = telegram.started()
    person = await telegram.person(telegram=anna)
    telegram.t.state.accounts[int(anna)].blocked = True
    with_refusal = telegram.t.expects_refusal("bot was blocked")
    await telegram.notice(person, "identity.joined")
    await telegram.until(lambda: with_refusal.count == 1)
    await telegram.came_to(1, OutboxState.FAILED)
    assert await telegram.reachable(person) == {Platform.TELEGRAM: False}


async def test_and_is_reached_on_the_other_platform(sqlite_url: str) -> None:
    async with Program.open(sqlite_url, Platform.TELEGRAM, Platform.SLACK) as program:
        anna = program.s.user("Anna Rossi")
        chat = program.started()
        person = await program.person(slack=anna.id, telegram=chat)
        program.t.state.accounts[int(chat)].blocked = True
        program.t.expects_refusal("bot was blocked")
        await program.notice(person, "identity.joined")
        await program.s.wait_for(lambda: "Anna" in anna.last.seen)
        await program.all_sent([1])
        assert (await program.row(1)).platform is Platform.SLACK
        assert await program.reachable(person) == {Platform.TELEGRAM: False, Platform.SLACK: True}
        assert len(anna.messages) == 1
        assert program.t.violations == []
        assert program.s.violations == []


async def test_a_group_that_moves_is_followed_everywhere(telegram: Program) -> None:
    group = telegram.t.group("Comunità", kind="group")
    group.add_bot(admin=True)
    old = str(group.id)
    account = telegram.account(Platform.TELEGRAM)
    telegram.app.community.channels.append(Channel(Platform.TELEGRAM, account, old))
    event = await telegram.event()
    await post(telegram, event, old)
    # The announcement of the move is lost, and the next message meets it.
    telegram.t.fail_next("getUpdates", times=1000, status=502)
    new = str(group.migrate())
    telegram.t.expects_refusal("group chat was upgraded")
    first, second = await telegram.queue(telegram.message(old, "uno"), telegram.message(old, "due"))
    await telegram.all_sent([first, second])
    assert telegram.texts(new)[-2:] == ["uno", "due"]
    assert [copy.chat for copy in await telegram.copies()] == [new]
    assert {(await telegram.row(row)).chat for row in (first, second)} == {new}
    assert [channel.chat for channel in telegram.app.community.channels] == [new]
    telegram.t.faults.clear()


async def post(program: Program, event: int, chat: str) -> int:
    """Post an event's card and wait until it stands there."""
    async with program.app.database.writing() as session:
        channel = Channel(Platform.TELEGRAM, program.account(Platform.TELEGRAM), chat)
        await post_card(program._context(session), CardKey("event", event), channel)
    program.app.wake()

    async def there() -> bool:
        return any(copy.chat == chat for copy in await program.copies())

    await program.until(there)
    return (await program.copies())[-1].id


async def test_a_reply_whose_message_is_gone_comes_as_a_new_one(telegram: Program) -> None:
    anna = telegram.started()
    event = await telegram.event()
    await post(telegram, event, anna)
    shown = telegram.t.state.chats[int(anna)]
    (first,) = telegram.t.state.private_chat(telegram.t.state.accounts[int(anna)]).messages.values()
    del shown.messages[first.message_id]
    refused = telegram.t.expects_refusal("message to edit not found")
    ids = await telegram.reply(anna, "anew", op=OutboxOp.EDIT, target=str(first.message_id), card=f"event:{event}")
    await telegram.all_sent(ids)
    assert refused.count == 1
    assert telegram.texts(anna) == ["anew"]
    (copy,) = await telegram.copies()
    assert copy.message_id == (await telegram.row(ids[0])).message_id != str(first.message_id)


async def test_a_card_that_was_deleted_is_forgotten(telegram: Program) -> None:
    anna = telegram.started()
    event = await telegram.event()
    await post(telegram, event, anna)
    telegram.t.state.chats[int(anna)].messages.clear()
    telegram.t.expects_refusal("message to edit not found")
    await telegram.renamed(event, "Altro titolo")

    async def forgotten() -> bool:
        return await telegram.copies() == []

    await telegram.until(forgotten)
    await telegram.until(lambda: telegram.app.senders[Platform.TELEGRAM, telegram.account(Platform.TELEGRAM)].idle)
    assert (await telegram.states()).get(OutboxState.QUEUED, 0) == 0


async def test_an_edit_that_changes_nothing_is_done(telegram: Program) -> None:
    anna = telegram.started()
    (first,) = await telegram.reply(anna, "the same")
    await telegram.all_sent([first])
    telegram.t.expects_refusal("message is not modified")
    (again,) = await telegram.reply(anna, "the same", op=OutboxOp.EDIT, target=(await telegram.row(first)).message_id)
    await telegram.all_sent([again])
    assert telegram.texts(anna) == ["the same"]


async def test_what_came_too_late_is_not_sent(telegram: Program) -> None:
    anna = telegram.started()
    now = telegram.clock.now()
    (late,) = await telegram.queue(telegram.message(anna, "too late", expires_at=now - timedelta(seconds=1)))
    await telegram.came_to(late, OutboxState.EXPIRED)
    (in_time,) = await telegram.queue(telegram.message(anna, "in time", expires_at=now + timedelta(hours=1)))
    await telegram.all_sent([in_time])
    assert telegram.texts(anna) == ["in time"]


async def test_what_is_not_due_waits(telegram: Program) -> None:
    anna = telegram.started()
    due = telegram.clock.now() + timedelta(seconds=1.2)
    (row,) = await telegram.queue(telegram.message(anna, "later", due=due))
    await asyncio.sleep(0.8)
    assert telegram.texts(anna) == []
    await telegram.all_sent([row])
    assert telegram.clock.now() >= due


async def test_what_cannot_be_drawn_fails_alone(telegram: Program) -> None:
    anna = telegram.started()
    bad = telegram.message(anna, "x")
    bad.data = {"screen": {"blocks": [["unheard of"]]}}
    ids = await telegram.queue(bad, telegram.message(anna, "after it"))
    await telegram.came_to(ids[0], OutboxState.FAILED)
    await telegram.all_sent(ids[1:])


async def test_a_refused_message_fails_alone(telegram: Program) -> None:
    anna = telegram.started()
    telegram.t.fail_next("sendMessage", status=400, description="Bad Request: can't parse entities")
    ids = await telegram.reply(anna, "1", "2")
    refused = await telegram.came_to(ids[0], OutboxState.FAILED)
    assert "parse entities" in refused.failure
    await telegram.all_sent(ids[1:])
    assert telegram.texts(anna) == ["2"]


async def test_nobody_is_reachable_by_an_account_of_another(telegram: Program) -> None:
    """An address is switched off for its own platform, account and chat only."""
    anna, marco = telegram.started("Anna"), telegram.started("Marco")
    first, second = await telegram.person(telegram=anna), await telegram.person(telegram=marco)
    telegram.t.state.accounts[int(anna)].blocked = True
    telegram.t.expects_refusal("bot was blocked")
    await telegram.notice(first, "identity.joined")
    await telegram.notice(second, "identity.joined")
    await telegram.all_sent([2])
    await telegram.came_to(1, OutboxState.FAILED)
    async with telegram.app.database.reading() as session:
        found = await session.execute(select(Account.chat, Account.reachable))
        assert dict(found.all()) == {anna: False, marco: True}
