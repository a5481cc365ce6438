"""Updates on their way in, by polling and by webhook: stored before confirmed, handled once, answered once."""

import asyncio
import io
import json
import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.platforms.telegram import receiving
from bot.platforms.telegram.receiving import shortened
from handlers.conversation.event import Event, EventKind, Outcome, Toast
from handlers.conversation.screen import Button, Para, Screen
from storage.enums import Platform
from tests.contracts.telegram.harness import MENU, House, MemoryReceiver, Wall, make_adapter, running
from tests.standins.telegram import TelegramServer, TelegramUser
from tests.standins.telegram.text_entities import utf16_length

SECRET = "a-good_secret-1"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def house(server: TelegramServer) -> AsyncIterator[House]:
    async with running(server) as house:
        yield house


@pytest.fixture
async def anna(house: House) -> TelegramUser:
    anna = house.server.user("Anna")
    anna.starts()
    await house.receiver.event()
    return anna


async def show_button(house: House, anna: TelegramUser) -> None:
    address = await house.adapter.private_address(str(anna.id))
    await house.adapter.send(address, Screen((Para(("Vieni?",)),), ((Button("Sì", "rsvp:1:yes"),),)), token="t")


# Polling


async def test_a_whole_batch_is_stored_at_once_and_before_it_is_confirmed(server: TelegramServer) -> None:
    anna = server.user()
    for number in range(5):
        anna.says(f"messaggio {number}")
    async with running(server) as house:
        unconfirmed: list[int] = []
        house.receiver.on_store = lambda: unconfirmed.append(len(server.updates.unconfirmed))
        await house.receiver.event(5)
        assert unconfirmed == [5]
        assert house.receiver.batches == [5]
        await server.wait_for(lambda: not server.updates.has_unconfirmed)
        assert [event.text for event in house.receiver.events] == [f"messaggio {number}" for number in range(5)]
        assert {row.raw.person for row in house.receiver.rows.values()} == {str(anna.id)}
        assert house.adapter.healthy


async def test_what_cannot_be_stored_is_not_confirmed_and_comes_again(
    server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server) as house:
        await server.wait_for(lambda: house.adapter.healthy)
        house.receiver.store_fails = 1
        server.user().says("da non perdere")
        await server.wait_for(lambda: house.receiver.store_fails == 0)
        assert len(server.updates.unconfirmed) == 1
        assert (await house.receiver.event()).text == "da non perdere"
        await server.wait_for(lambda: not server.updates.has_unconfirmed)
    assert "could not be stored" in caplog.text


async def test_a_redelivered_update_is_handled_once(house: House, anna: TelegramUser) -> None:
    anna.says("una volta")
    await house.receiver.event(2)
    house.server.redeliver_last()
    house.server.redeliver_last()
    anna.says("dopo")
    await house.receiver.event(3)
    assert [event.text for event in house.receiver.events[1:]] == ["una volta", "dopo"]


async def test_a_stored_update_is_not_lost_when_handling_raises(
    house: House, anna: TelegramUser, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: Event | None) -> Outcome:
        raise RuntimeError("a bug")

    house.receiver.answer = fail
    anna.says("la prima")
    await house.server.wait_for(lambda: len(house.receiver.open_rows) == 1)
    await house.receiver.settle()
    house.receiver.answer = None
    anna.says("la seconda")
    assert (await house.receiver.event(2)).text == "la seconda"
    await house.server.wait_for(lambda: not house.server.updates.has_unconfirmed)
    assert "was not handled; it stays stored" in caplog.text
    # As at the next start: what is open is handled from what was stored, without Telegram.
    (left,) = house.receiver.open_rows
    assert left.platform is Platform.TELEGRAM
    await house.receiver.handle(left)
    assert (await house.receiver.event(3)).text == "la prima"
    assert house.receiver.open_rows == []


async def test_update_numbers_may_begin_anew(house: House, anna: TelegramUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "POLL_SECONDS", 0)
    anna.says("prima della pausa")
    await house.receiver.event(2)
    await house.server.wait_for(lambda: not house.server.updates.has_unconfirmed)
    house.server.updates.jump(7)
    anna.says("dopo una settimana")
    assert (await house.receiver.event(3)).id == "7"


async def test_an_update_of_an_unknown_shape_stops_nothing(house: House, anna: TelegramUser) -> None:
    odd: dict[str, Any]
    for odd in (
        {"message": 5},
        {"message": {"message_id": "x", "chat": [], "from": None}},
        {"callback_query": {"id": 5, "from": "x"}},
        {"my_chat_member": {"chat": {"id": 1}, "new_chat_member": {"status": 5}}},
        {"something_new": {"from": {"id": 1}}},
        {},
    ):
        house.server.push_update(odd)
    anna.says("e poi")
    assert (await house.receiver.event(2)).text == "e poi"
    await house.receiver.settle()
    assert house.receiver.open_rows == []


async def test_another_poller_is_named_and_waited_for(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.server.expects_refusal("terminated by other getUpdates")
    await house.server.wait_for(lambda: house.server.updates.is_polled and house.adapter.healthy)
    await house.server.updates.poll(0, 100, 0)
    await house.server.wait_for(lambda: not house.adapter.healthy)
    assert "another program receives for this Telegram bot" in caplog.text
    await house.server.wait_for(lambda: house.adapter.healthy)


async def test_a_cut_network_is_survived(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await house.server.wait_for(lambda: house.server.updates.is_polled and house.adapter.healthy)
    house.server.drop_connection_next("getUpdates", after_accepting=False, times=1)
    house.server.user("Bea").says("ci sei?")
    assert (await house.receiver.event()).text == "ci sei?"
    await house.server.wait_for(lambda: house.server.faults.planned == 0)
    await house.server.wait_for(lambda: not house.adapter.healthy)
    await house.server.wait_for(lambda: house.adapter.healthy)
    assert "cannot be reached" in caplog.text
    assert "again" in caplog.text


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "token"), (400, "refuses the polls"), (429, "limits the polls"), (500, "cannot be reached")],
)
async def test_refused_polls_say_why(
    server: TelegramServer, caplog: pytest.LogCaptureFixture, status: int, words: str
) -> None:
    server.fail_next("getUpdates", status=status, retry_after=1 if status == 429 else None)
    async with running(server) as house:
        await server.wait_for(lambda: words in caplog.text)
        assert not house.adapter.healthy
        await server.wait_for(lambda: house.adapter.healthy)


async def test_listening_ends_when_it_is_cancelled(server: TelegramServer) -> None:
    adapter = make_adapter(server)
    await adapter.open(MENU)
    listening = asyncio.ensure_future(adapter.listen(MemoryReceiver(adapter.parse)))
    await server.wait_for(lambda: server.updates.is_polled)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    await adapter.close()
    assert not adapter.healthy
    await adapter.close()


# What people do


async def test_presses_files_replies_and_departures_arrive(house: House, anna: TelegramUser) -> None:
    group = house.server.group("Cluster", [anna])
    group.add_bot()
    joined = await house.receiver.event(2)
    assert (joined.kind, joined.private, joined.address.chat) == (EventKind.JOINED, False, str(group.id))
    told = group.chat.messages[max(group.chat.messages)]
    anna.says("/share@cluster_test_bot", chat=group, reply_to=told)
    assert (await house.receiver.event(3)).action == "share"
    group.kick_bot()
    assert (await house.receiver.event(4)).kind is EventKind.LEFT
    anna.blocks_bot()
    left = await house.receiver.event(5)
    assert (left.kind, left.private, left.user) == (EventKind.LEFT, True, str(anna.id))
    anna.unblocks_bot()
    assert (await house.receiver.event(6)).kind is EventKind.JOINED


async def test_a_reply_in_a_group_brings_what_was_said(house: House, anna: TelegramUser) -> None:
    bea = house.server.user("Bea")
    group = house.server.group("Cluster", [anna, bea])
    group.add_bot(admin=True)
    said = bea.says("Il bando scade giovedì", chat=group)
    anna.says("/share", chat=group, reply_to=said)
    event = await house.receiver.event(4)
    assert (event.kind, event.action, event.replied_text) == (EventKind.COMMAND, "share", "Il bando scade giovedì")


async def test_a_migrating_group_is_told_twice_alike(house: House, anna: TelegramUser) -> None:
    group = house.server.group("G", [anna], kind="group")
    group.add_bot()
    await house.receiver.event(2)
    old = str(group.id)
    new = str(group.migrate())
    moves = [await house.receiver.event(3), await house.receiver.event(4)]
    assert {(move.kind, move.address.chat, move.new_chat) for move in moves} == {(EventKind.MOVED, old, new)}


async def test_edited_messages_are_nothing_new(house: House, anna: TelegramUser) -> None:
    message = anna.says("uno")
    await house.receiver.event(2)
    assert anna.edits(message, "due") == 0
    house.server.push_update({"edited_message": message.api()})
    anna.says("tre")
    assert (await house.receiver.event(3)).text == "tre"


# Presses are answered


async def test_a_quick_toast_is_the_answer(house: House, anna: TelegramUser) -> None:
    async def answer(_: Event | None) -> Outcome:
        return Outcome(toast=Toast("Ci sei! <b>", alert=True))

    house.receiver.answer = answer
    await show_button(house, anna)
    press = anna.presses("Sì")
    answered = await press.answer
    assert (answered.text, answered.show_alert) == ("Ci sei! <b>", True)
    await house.receiver.settle()
    assert house.server.counts["answercallbackquery"] == 1
    event = house.receiver.events[-1]
    assert (event.kind, event.action) == (EventKind.PRESS, "rsvp:1:yes")
    assert event.message is not None
    assert event.message.message_id == str(anna.last.message_id)


async def test_a_slow_press_is_answered_empty_in_time_and_only_once(house: House, anna: TelegramUser) -> None:
    async def answer(_: Event | None) -> Outcome:
        await asyncio.sleep(1.2)
        return Outcome(toast=Toast("tardi"))

    house.receiver.answer = answer
    await show_button(house, anna)
    begin = time.monotonic()
    answered = await anna.presses("Sì").answer
    assert answered.text == ""
    assert time.monotonic() - begin > 0.7
    assert len(house.receiver.events) == 1
    await house.receiver.settle()
    assert house.receiver.events[-1].kind is EventKind.PRESS
    assert house.server.counts["answercallbackquery"] == 1
    assert [message.text for message in anna.messages[1:]] == ["tardi"], "what was too late for the press is a message"


async def test_a_press_is_answered_even_when_handling_raises(house: House, anna: TelegramUser) -> None:
    async def fail(_: Event | None) -> Outcome:
        raise RuntimeError("a bug")

    house.receiver.answer = fail
    await show_button(house, anna)
    assert (await anna.presses("Sì").answer).text == ""
    await house.receiver.settle()
    assert len(house.receiver.open_rows) == 1


async def test_a_press_that_is_too_old_is_still_handled(house: House, anna: TelegramUser) -> None:
    async def answer(_: Event | None) -> Outcome:
        return Outcome(toast=Toast("Posti esauriti"))

    expected = house.server.expects_refusal("query is too old")
    await show_button(house, anna)
    house.receiver.answer = answer
    anna.presses("Sì").expire()
    await house.receiver.event(2)
    await house.receiver.settle()
    assert expected.count == 1
    assert anna.last.text == "Posti esauriti", "said all the same"
    assert house.receiver.open_rows == []


async def test_a_redelivered_press_is_answered_once(house: House, anna: TelegramUser) -> None:
    await show_button(house, anna)
    press = anna.presses("Sì")
    await press.answer
    house.server.redeliver(press.update_id)
    anna.says("dopo")
    await house.receiver.event(3)
    await house.receiver.settle()
    assert house.server.counts["answercallbackquery"] == 1


async def test_a_press_on_a_message_that_was_deleted(house: House, anna: TelegramUser) -> None:
    await show_button(house, anna)
    shown = anna.last
    shown.deleted = True
    press = anna.sends_callback("rsvp:1:yes", shown)
    await press.answer
    event = await house.receiver.event(2)
    assert event.message is not None
    assert (event.kind, event.message.message_id) == (EventKind.PRESS, str(shown.message_id))


async def test_a_toast_without_a_press_is_a_message(house: House, anna: TelegramUser) -> None:
    async def answer(_: Event | None) -> Outcome:
        return Outcome(toast=Toast("Salvato <3"))

    house.receiver.answer = answer
    anna.says("ciao")
    await house.receiver.event(2)
    await house.receiver.settle()
    assert anna.sees() == "Salvato <3"


@pytest.mark.parametrize("words", ["", " \n", "\u200b", "x" * 200, "x" * 201, "🧬" * 100, "🧬" * 101, "a\u202eb"])
def test_toasts_fit(words: str) -> None:
    short = shortened(words)
    assert utf16_length(short) <= 200
    assert (short == "") == (words in {"", " \n", "\u200b"})
    assert short.endswith("…") == (utf16_length(words) > 200)


# By webhook


@asynccontextmanager
async def webhook(server: TelegramServer, *, listen: bool = True) -> AsyncIterator[tuple[House, str]]:
    """The adapter's route in a real web server, registered at the stand-in."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/telegram/webhook"
        adapter = make_adapter(server, mode="webhook", webhook_url=url, webhook_secret=SECRET)
        receiver = MemoryReceiver(adapter.parse)
        app = Starlette(routes=adapter.routes())
        web = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        serving = asyncio.ensure_future(web.serve(sockets=[listening]))
        await adapter.open(MENU)
        if listen:
            await asyncio.wait_for(adapter.listen(receiver), 1)
        try:
            yield House(server, adapter, receiver, Wall()), url
            await receiver.settle()
        finally:
            await server.updates.close()
            web.should_exit = True
            await serving
            await adapter.close()
    assert server.violations == []


async def post(url: str, body: bytes, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as response,
    ):
        return response.status


def update(number: int, words: str = "ciao") -> bytes:
    person: dict[str, Any] = {"id": 5, "is_bot": False, "first_name": "Eva"}
    chat = {"id": 5, "type": "private", "first_name": "Eva"}
    return json.dumps(
        {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": words}}
    ).encode()


async def test_updates_come_by_webhook(server: TelegramServer) -> None:
    async with webhook(server) as (house, _):
        assert house.adapter.healthy
        assert server.updates.webhook is not None
        assert server.updates.allowed == {"message", "callback_query", "my_chat_member"}
        anna = server.user()
        anna.says("dal webhook")
        assert (await house.receiver.event()).text == "dal webhook"
        await show_button(house, anna)
        assert (await anna.presses("Sì").answer).text == ""


async def test_the_answer_comes_when_it_is_stored_not_when_it_is_handled(server: TelegramServer) -> None:
    async with webhook(server) as (house, url):
        release = asyncio.Event()

        async def answer(_: Event | None) -> Outcome:
            await release.wait()
            return Outcome()

        house.receiver.answer = answer
        assert await post(url, update(1)) == 200
        assert len(house.receiver.open_rows) == 1
        assert await post(url, update(1)) == 200
        assert len(house.receiver.rows) == 1
        release.set()
        await house.receiver.event()


async def test_a_failing_store_makes_telegram_come_again(server: TelegramServer) -> None:
    server.updates.webhook_time_scale = 0.01
    async with webhook(server) as (house, _):
        house.receiver.store_fails = 2
        server.user().says("insisti")
        assert (await house.receiver.event()).text == "insisti"
        await server.wait_for(lambda: [s for _, s in server.updates.webhook_attempts] == [503, 503, 200])


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "è", "a-good_secret-0"])
async def test_only_telegram_knows_the_secret(server: TelegramServer, secret: str | None) -> None:
    async with webhook(server) as (house, url):
        assert await post(url, update(1), secret) == 403
        assert house.receiver.rows == {}


async def test_bodies_that_are_no_update(server: TelegramServer) -> None:
    async with webhook(server) as (house, url):
        for body in (b"", b"{", b"\xff\xfe", b"[]", b"5", b'{"message": {}}', b'{"update_id": "1"}', b"[" * 200_000):
            assert await post(url, body) == 400
        assert await post(url, b'{"update_id": 1, "x": "' + b"a" * (1 << 20) + b'"}') == 413
        assert house.receiver.rows == {}
        assert await post(url, b'{"update_id": 1, "something_new": {}}') == 200


async def test_as_long_as_nobody_receives_telegram_shall_come_again(server: TelegramServer) -> None:
    async with webhook(server, listen=False) as (house, url):
        assert not house.adapter.healthy
        assert await post(url, update(1)) == 503


async def test_a_stale_secret_stops_counting_after_a_new_start(server: TelegramServer) -> None:
    async with webhook(server) as (_, url):
        server.updates.webhook_time_scale = 0.01
        assert server.updates.webhook is not None
        server.updates.webhook.secret_token = "the-secret-of-last-year"
        server.user().says("con il segreto vecchio")
        await server.wait_for(lambda: (server.updates.webhook_attempts or [(0, 0)])[0][1] == 403)
        assert await post(url, update(1)) == 200


def test_polling_needs_no_route() -> None:
    assert make_adapter(TelegramServer(token="1:a")).routes() == []
