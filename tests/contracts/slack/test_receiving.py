import asyncio
import io
import logging
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from handlers.conversation.event import EventKind, FormSupport, MessageRef, Outcome
from handlers.conversation.screen import Button, UrlButton, screen
from tests.contracts.slack.conftest import Wired, listening
from tests.standins.slack import SlackServer

HELLO: dict[str, Any] = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "ciao"}


async def test_what_people_do_arrives(slack: Wired) -> None:
    server, receiver = slack.server, slack.receiver
    anna = server.user(locale="it-IT")
    channel = server.channel("generale", members=[anna])
    await anna.says("cerca <b> & *x*")
    await anna.mentions_bot(channel, "che c'è di nuovo?")
    await anna.runs("/cluster", "search bio payload", channel=anna.dm)
    await anna.opens_home()
    await anna.uploads_file("cv.pdf", b"%PDF", text="eccolo")
    await slack.settled()
    found = [(event.kind, event.address.chat, event.action, event.text, event.private) for event in receiver.events]
    assert found == [
        (EventKind.TEXT, anna.id, "", "cerca <b> & *x*", True),
        (EventKind.TEXT, channel.id, "", "che c'è di nuovo?", False),
        (EventKind.COMMAND, anna.id, "search", "bio payload", True),
        (EventKind.COMMAND, f"home:{anna.id}", "home", "", True),
        (EventKind.FILE, anna.id, "", "eccolo", True),
    ]
    assert {event.locale for event in receiver.events} == {"it"}
    assert receiver.events[-1].file is not None
    assert server.count("users.info") == 1
    assert server.count("auth.test") == 1
    assert all(event.id in receiver.stored for event in receiver.events)


async def test_a_press_in_a_channel_and_in_app_home(slack: Wired) -> None:
    anna = slack.server.user()
    channel = slack.server.channel("generale", members=[anna])
    shown = (
        screen().para("Vieni?").row(Button("Sì", "event.rsvp:1:yes"), UrlButton("Sito", "https://example.org")).build()
    )
    ts = await slack.adapter.send(slack.at(channel.id), shown, token="t")
    await slack.adapter.send(slack.at(f"home:{anna.id}"), shown, token="h")
    await anna.presses("Sì", channel.store[ts])
    await anna.presses("Sito", channel.store[ts])
    await anna.presses("Sì", home=True)
    await slack.settled()
    first, second = slack.receiver.events
    assert (first.kind, first.action, first.forms) == (EventKind.PRESS, "event.rsvp:1:yes", FormSupport.NOW)
    assert first.message == MessageRef(slack.at(channel.id), ts)
    assert second.message == MessageRef(slack.at(f"home:{anna.id}"), "home")
    assert second.address == slack.at(anna.id)


async def test_the_shortcut_carries_the_message(slack: Wired) -> None:
    anna = slack.server.user()
    channel = slack.server.channel("generale", members=[anna])
    message = await anna.says("un trucco & due", channel)
    await anna.message_shortcut("share", message)
    await slack.settled()
    event = slack.receiver.events[-1]
    assert (event.kind, event.action, event.replied_text) == (EventKind.COMMAND, "share", "un trucco & due")


async def test_the_bot_does_not_hear_itself(slack: Wired) -> None:
    slack.server.echo_own_messages = True
    anna = slack.server.user()
    await slack.adapter.send(slack.at(anna.id), screen().para("x").build(), token="t")
    await slack.settled()
    assert slack.receiver.store_calls == 0


async def test_what_is_of_no_interest_is_acknowledged_and_not_stored(slack: Wired) -> None:
    for event in (
        {"type": "team_join", "user": {"id": "U9"}},
        {**HELLO, "subtype": "message_changed"},
        {"type": "message"},
        {"type": "reaction_added", "user": "U1"},
    ):
        delivery = await slack.server.deliver("events_api", slack.server.event_payload(event))
        assert delivery.acked
    assert slack.receiver.store_calls == 0


async def test_a_redelivery_is_acknowledged_and_handled_once(slack: Wired) -> None:
    anna = slack.server.user()
    await anna.says("ciao")
    again = await slack.server.redeliver_last_event(1, "http_timeout")
    assert again.acked
    third = await slack.server.redeliver_last_event(2, "http_error")
    assert third.acked
    await slack.settled()
    assert [event.text for event in slack.receiver.events] == ["ciao"]
    assert len(slack.receiver.stored) == 1


async def test_an_interaction_delivered_twice_is_handled_once(slack: Wired) -> None:
    anna = slack.server.user()
    ts = await slack.adapter.send(slack.at(anna.id), screen().row(Button("Sì", "a:1")).build(), token="t")
    delivery = await anna.presses("Sì", anna.dm.store[ts])
    assert (await slack.server.deliver("interactive", delivery.payload)).acked
    await anna.presses("Sì", anna.dm.store[ts])
    await slack.settled()
    assert len(slack.receiver.events) == 2


async def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(slack: Wired) -> None:
    slack.server.ack_seconds = 0.3
    slack.receiver.store_errors = 1
    anna = slack.server.user()
    with slack.server.expects_unacked():
        await anna.says("ciao")
        await slack.server.wait_for(lambda: slack.receiver.events)
    await slack.settled()
    assert [event.text for event in slack.receiver.events] == ["ciao"]
    assert [attempt.reason != "" for attempt in slack.server.deliveries[0].attempts] == [True, False]


async def test_a_press_that_cannot_be_stored_is_not_acknowledged(slack: Wired) -> None:
    slack.server.ack_seconds = 0.3
    anna = slack.server.user()
    ts = await slack.adapter.send(slack.at(anna.id), screen().row(Button("Sì", "a:1")).build(), token="t")
    slack.receiver.store_errors = 1
    with slack.server.expects_unacked(times=1):
        assert not (await anna.presses("Sì", anna.dm.store[ts])).acked
    await slack.settled()
    assert slack.receiver.events == []


async def test_the_acknowledgement_waits_for_the_store_and_for_nothing_else(slack: Wired) -> None:
    slack.receiver.store_seconds = 0.4
    slack.receiver.answers(Outcome(), after=3.0)
    anna = slack.server.user()
    started = time.monotonic()
    await anna.says("ciao")
    took = time.monotonic() - started
    assert 0.4 <= took < 3.0
    assert slack.receiver.stored


async def test_a_hundred_presses_at_once_are_acknowledged_in_time(slack: Wired) -> None:
    slack.receiver.store_seconds = 0.05
    slack.receiver.answers(Outcome(), after=1.5)
    channel = slack.server.channel("generale")
    people = [slack.server.user(f"Persona {number}") for number in range(100)]
    channel.members.update(person.id for person in people)
    ts = await slack.adapter.send(slack.at(channel.id), screen().row(Button("Sì", "a:1")).build(), token="t")
    slack.server.delay("users.info", 2.0)
    deliveries = await asyncio.gather(*(person.presses("Sì", channel.store[ts]) for person in people))
    assert all(delivery.acked for delivery in deliveries)
    assert max(delivery.seconds for delivery in deliveries) < 3.0
    await slack.receiver.drain()
    assert len({event.user for event in slack.receiver.events}) == 100
    slack.server.delay("users.info", 0)
    await slack.server.quiet(timeout=5)


async def test_without_the_language_events_go_on(slack: Wired) -> None:
    slack.server.fail_next("users.info", retry_after=30)
    anna, leo = slack.server.user(), slack.server.user("Leo Neri", locale="en-GB")
    await anna.says("ciao")
    await leo.says("hello")
    await slack.settled()
    assert [event.locale for event in slack.receiver.events] == ["", ""]
    assert slack.server.count("users.info") == 1


async def test_a_persons_events_stay_in_order(slack: Wired) -> None:
    anna = slack.server.user()
    slack.server.delay("users.info", 0.3)
    payloads = [
        slack.server.event_payload({**HELLO, "channel": anna.dm.id, "user": anna.id, "text": f"riga {number}"})
        for number in range(10)
    ]
    tasks = []
    for payload in payloads:
        tasks.append(asyncio.create_task(slack.server.deliver("events_api", payload)))
        await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
    await slack.settled()
    assert [event.text for event in slack.receiver.events] == [f"riga {number}" for number in range(10)]


async def test_nothing_of_what_people_write_is_logged(slack: Wired, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    slack.server.ack_seconds = 0.3
    anna = slack.server.user("Anna Segreta")
    slack.receiver.store_errors = 1
    with slack.server.expects_unacked():
        await anna.says("parola-segreta")
        await slack.server.wait_for(lambda: slack.receiver.events)
    await slack.settled()
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("bot.", "slack_")))
    assert "an event was not stored: ConnectionError" in ours
    for secret in ("parola-segreta", "Segreta", slack.server.bot_token, slack.server.app_token, "ticket="):
        assert secret not in ours


async def test_the_request_url_is_verified(server: SlackServer) -> None:
    async with listening(server, "http") as wired:
        assert wired.adapter.healthy
        assert await server.verify_url()


@pytest.mark.parametrize("signature", ["wrong", "stale", "missing"])
async def test_forged_requests_are_refused(server: SlackServer, signature: Any) -> None:
    async with listening(server, "http") as wired:
        assert await server.forge_event(HELLO, signature) == 401
        assert wired.receiver.store_calls == 0


async def test_a_signed_request_is_not_taken_twice_for_two(server: SlackServer) -> None:
    async with listening(server, "http") as wired:
        body, content_type = b'{"type": "event_callback"}', "application/json"
        headers = {**server.courier.signed(body, "right"), "Content-Type": content_type}
        assert (await server.courier.post(body, headers))[0] == 200
        assert (await server.courier.post(body + b" ", headers))[0] == 401
        assert wired.receiver.store_calls == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"payload=%7B", 400),
        (b"[" * 100_000, 400),
        (b"", 401),
        (b"x=" + b"y" * 3_000_000, 413),
    ],
)
async def test_any_bytes_get_a_short_answer(server: SlackServer, body: bytes, status: int) -> None:
    async with listening(server, "http") as wired, aiohttp.ClientSession() as session:
        headers = {"Content-Type": "application/json"} if body[:1] in b"{[" and body else {}
        async with session.post(server.request_url, data=io.BytesIO(body), headers=headers) as response:
            assert response.status == status
            assert len(await response.read()) < 200
        assert wired.receiver.store_calls == 0


async def test_a_command_with_any_words_is_read_whole(server: SlackServer) -> None:
    async with listening(server, "http") as wired:
        anna = server.user()
        for text in ("payload", "cerca payload=1&x", "{", "search {payload}"):
            await anna.runs("/cluster", text)
        await wired.settled()
        assert [(event.action, event.text) for event in wired.receiver.events] == [
            ("payload", ""),
            ("cerca", "payload=1&x"),
            ("{", ""),
            ("search", "{payload}"),
        ]
        body = urlencode({"ssl_check": "1", "token": "x"}).encode()
        assert (await server.courier.post(body, {"Content-Type": "application/x-www-form-urlencoded"}))[0] == 200


async def test_before_listening_slack_is_told_to_come_again(server: SlackServer) -> None:
    async with listening(server, "http") as wired:
        assert wired.adapter._inbound is not None
        wired.adapter._inbound.receiver = None
        assert not wired.adapter.healthy
        anna = server.user()
        with server.expects_unacked():
            await anna.says("presto")
            wired.adapter._inbound.receiver = wired.receiver
            await server.wait_for(lambda: wired.receiver.events)
        await wired.settled()


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_connection_that_slack_renews(server: SlackServer, reason: Any) -> None:
    async with listening(server, "socket") as wired:
        before = server.count("apps.connections.open")
        await server.disconnect_sockets(reason)
        await server.wait_for(lambda: server.count("apps.connections.open") > before)
        await server.wait_for(lambda: wired.adapter.healthy and server.sockets.connections)
        await server.user().says("ciao")
        await wired.settled()
        assert [event.text for event in wired.receiver.events] == ["ciao"]
        await server.wait_for(lambda: len(server.sockets.connections) == 1)


async def test_a_network_that_goes_and_comes_back(server: SlackServer) -> None:
    async with listening(server, "socket") as wired:
        server.goes_down()
        await server.wait_for(lambda: not wired.adapter.healthy)
        await asyncio.sleep(0.3)
        server.comes_back()
        await server.wait_for(lambda: wired.adapter.healthy, timeout=15)
        await server.user().says("ciao")
        await wired.settled()
        assert [event.text for event in wired.receiver.events] == ["ciao"]


async def test_connections_are_not_asked_for_in_a_hurry(server: SlackServer) -> None:
    async with listening(server, "socket") as wired:
        server.fail_next("apps.connections.open", times=100, error="internal_error")
        server.sockets.cut()
        await server.wait_for(lambda: not wired.adapter.healthy)
        before = server.count("apps.connections.open")
        await asyncio.sleep(2.5)
        assert server.count("apps.connections.open") - before <= 3
        server.faults.failures.clear()


async def test_a_rate_limit_on_connections_is_obeyed(server: SlackServer) -> None:
    async with listening(server, "socket") as wired:
        server.fail_next("apps.connections.open", retry_after=3)
        server.sockets.cut()
        await server.wait_for(lambda: wired.adapter.healthy and server.rate_limited, timeout=15)
    assert server.violations == []
