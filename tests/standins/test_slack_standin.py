"""The Slack stand-in, driven by the real slack_sdk and a small real Bolt app."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.standins.slack import DEFAULT_SCOPES, SlackServer

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Ciao", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(label: str = "Partecipo", value: str = "event.rsvp:1:yes", **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "value": value, "action_id": value, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(label: str, value: str = "") -> Json:
    return {"text": plain(label), "value": value or label}


def field_block(block_id: str, element: Json, label: str = "", **more: Any) -> Json:
    made = {"action_id": "v", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label or block_id), "element": made, **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", **more}


def modal(*blocks: Json, **more: Any) -> Json:
    base = {"type": "modal", "callback_id": "form", "title": plain("Nuovo evento"), "submit": plain("Salva")}
    return {**base, "blocks": list(blocks), **more}


@dataclass
class Bot:
    """A small Bolt app that does what each test asks of it."""

    app: AsyncApp
    client: AsyncWebClient
    heard: list[str] = field(default_factory=list)
    view: Json = field(default_factory=lambda: modal(field_block("title", text_input(), "Titolo")))
    answer: Json = field(default_factory=dict)
    submitted: list[Json] = field(default_factory=list)
    closed: int = 0
    pressed: list[Json] = field(default_factory=list)


def build_bot(server: SlackServer, session: aiohttp.ClientSession) -> Bot:
    client = AsyncWebClient(token=server.bot_token, base_url=server.api_base_url, session=session)
    app = AsyncApp(client=client, signing_secret=server.signing_secret)
    bot = Bot(app, client)

    @app.event("message")
    async def on_message(event: Json, say: Any) -> None:
        bot.heard.append(event["text"])
        row = actions(button(), button("No", "event.rsvp:1:no"))
        await say(
            text="Evento",
            blocks=[section("*Evento* &amp; <https://example.org|sito>"), row],
            unfurl_links=False,
            unfurl_media=False,
        )

    @app.event("app_mention")
    async def on_mention(event: Json) -> None:
        bot.heard.append(event["text"])

    @app.event("app_home_opened")
    async def on_home(event: Json) -> None:
        home = {"type": "home", "blocks": [section("Benvenuta"), actions(button("Eventi", "events"))]}
        await client.views_publish(user_id=event["user"], view=home)

    @app.command("/cluster")
    async def on_command(ack: Any, body: Json) -> None:
        bot.heard.append(body["text"])
        if body["text"] == "form":
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=bot.view)
        else:
            await ack(text="Ecco &amp; qui")

    @app.action(re.compile(".*"))
    async def on_action(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        bot.pressed.append(body)
        if body["actions"][0].get("value") == "event.rsvp:1:yes" and "response_url" in body:
            await respond(text="Ci vediamo!", replace_original=True)

    @app.view("form")
    async def on_submit(ack: Any, body: Json) -> None:
        bot.submitted.append(body["view"])
        await ack(**bot.answer)

    @app.view_closed("form")
    async def on_close(ack: Any) -> None:
        bot.closed += 1
        await ack()

    @app.shortcut("save_message")
    async def on_shortcut(ack: Any, body: Json) -> None:
        await ack()
        bot.heard.append(body["message"]["text"])

    return bot


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer(time_scale=0.001) as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def client(server: SlackServer, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(token=server.bot_token, base_url=server.api_base_url, session=session)


async def serve_http(server: SlackServer, app: web.Application) -> web.AppRunner:
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    return runner


@pytest.fixture(params=["socket", "http"])
async def bot(
    request: pytest.FixtureRequest, server: SlackServer, session: aiohttp.ClientSession
) -> AsyncIterator[Bot]:
    bot = build_bot(server, session)
    if request.param == "socket":
        handler = AsyncSocketModeHandler(bot.app, server.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await server.wait_for(lambda: server.sockets.connections)
        yield bot
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    else:
        runner = await serve_http(server, bot.app.web_app())
        yield bot
        await runner.cleanup()


async def error_of(call: Any) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value


# Talking to a real Bolt app, in both modes


async def test_a_direct_message_arrives_escaped_and_the_answer_is_seen(server: SlackServer, bot: Bot) -> None:
    anna = server.user("Anna Bianchi")
    await anna.says("hello <> & co")
    await server.wait_for(lambda: anna.messages)
    assert bot.heard == ["hello &lt;&gt; &amp; co"]
    assert anna.last.seen == "Evento & sito\n[Partecipo] [No]"
    assert [[each.label for each in row] for row in anna.last.buttons] == [["Partecipo", "No"]]
    assert [each.user for each in anna.conversation] == [anna.id, anna.last.user]
    assert server.deliveries[0].acked
    assert 0 < server.deliveries[0].seconds < 3
    assert (server.violations, server.warnings, server.mentions) == ([], [], [])


async def test_a_press_reaches_the_bot_and_the_response_url_redraws_the_message(server: SlackServer, bot: Bot) -> None:
    anna = server.user("Anna Bianchi")
    await anna.says("eventi")
    await server.wait_for(lambda: anna.messages)
    await anna.presses("Partecipo")
    await server.wait_for(lambda: anna.last.edited)
    assert anna.last.seen == "Ci vediamo!"
    body = bot.pressed[0]
    assert body["container"] == {
        "type": "message",
        "message_ts": anna.last.ts,
        "channel_id": anna.dm.id,
        "is_ephemeral": False,
    }
    assert body["actions"][0]["value"] == "event.rsvp:1:yes"
    with pytest.raises(AssertionError, match="no button 'Partecipo'"):
        await anna.presses("Partecipo")
    await anna.sends_action("staff.delete:7", anna.last)
    await server.wait_for(lambda: len(bot.pressed) == 2)
    assert bot.pressed[1]["actions"][0]["value"] == "staff.delete:7"
    assert server.violations == []


async def test_a_command_is_answered_at_once_to_one_person(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    run = await anna.runs("/cluster", "a & b")
    assert bot.heard == ["a &amp; b"]
    assert run.ack == {"text": "Ecco &amp; qui"}
    assert run.seconds < 3
    assert [message.seen for message in anna.ephemerals] == ["Ecco & qui"]
    assert anna.dm.messages == []


async def test_home_is_published_and_its_buttons_work(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    await anna.opens_home()
    home = await server.wait_for(lambda: anna.home)
    assert home.seen == "Benvenuta\n[Eventi]"
    await anna.presses("Eventi", home=True)
    await server.wait_for(lambda: bot.pressed)
    assert bot.pressed[0]["container"] == {"type": "view", "view_id": home.id}
    assert "response_url" not in bot.pressed[0]


async def test_mentions_of_the_bot_and_message_shortcuts_arrive(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    channel = server.channel("general", members=[anna])
    message = await anna.mentions_bot(channel, "aiuto?")
    await server.wait_for(lambda: len(bot.heard) == 1)
    assert bot.heard == ["<@U0000BOT01> aiuto?"]
    await anna.message_shortcut("save_message", message)
    await server.wait_for(lambda: len(bot.heard) == 2)
    assert server.violations == []


async def test_a_modal_with_every_kind_of_input_is_filled_and_submitted(server: SlackServer, bot: Bot) -> None:
    anna, marta = server.user("Anna"), server.user("Marta")
    choices = [option("Farmaci", "pharma"), option("Dispositivi & co", "devices")]
    bot.view = modal(
        field_block("title", text_input(max_length=20), "Titolo"),
        field_block("seats", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, "Posti"),
        field_block("sector", {"type": "static_select", "options": choices}, "Settore"),
        field_block("sectors", {"type": "multi_static_select", "options": choices}, "Settori"),
        field_block("days", {"type": "checkboxes", "options": choices}, "Giorni"),
        field_block("mode", {"type": "radio_buttons", "options": choices, "initial_option": choices[0]}, "Modo"),
        field_block("date", {"type": "datepicker"}, "Data"),
        field_block("time", {"type": "timepicker"}, "Ora"),
        field_block("moment", {"type": "datetimepicker"}, "Momento"),
        field_block("person", {"type": "users_select"}, "Persona"),
        field_block("file", {"type": "file_input", "filetypes": ["pdf"]}, "File"),
        field_block("note", text_input(multiline=True), "Nota", optional=True),
    )
    await anna.runs("/cluster", "form")
    view = await server.wait_for(lambda: anna.modal)
    assert view.title == "Nuovo evento"
    assert view.options("Settore") == ["Farmaci", "Dispositivi & co"]
    await anna.fills(
        {
            "Titolo": "Cena & visita",
            "Posti": 20,
            "sector": "Dispositivi & co",
            "Settori": ["pharma", "devices"],
            "Giorni": ["Farmaci"],
            "Data": dt.date(2018, 5, 14),
            "Ora": "18:30",
            "Momento": dt.datetime(2018, 5, 14, 16, 30, tzinfo=dt.UTC),
            "Persona": marta,
            "File": ("programma.pdf", b"%PDF"),
        }
    )
    await anna.submits()
    assert anna.modal is None
    values = {key: next(iter(inner.values())) for key, inner in bot.submitted[0]["state"]["values"].items()}
    assert values["title"] == {"type": "plain_text_input", "value": "Cena &amp; visita"}
    assert values["seats"] == {"type": "number_input", "value": "20"}
    assert values["sector"]["selected_option"]["value"] == "devices"
    assert values["sector"]["selected_option"]["text"]["text"] == "Dispositivi &amp; co"
    assert [each["value"] for each in values["sectors"]["selected_options"]] == ["pharma", "devices"]
    assert [each["value"] for each in values["days"]["selected_options"]] == ["pharma"]
    assert values["mode"]["selected_option"]["value"] == "pharma"
    assert values["date"] == {"type": "datepicker", "selected_date": "2018-05-14"}
    assert values["time"] == {"type": "timepicker", "selected_time": "18:30"}
    assert values["moment"] == {"type": "datetimepicker", "selected_date_time": 1526315400}
    assert values["person"] == {"type": "users_select", "selected_user": marta.id}
    assert values["file"]["files"][0]["name"] == "programma.pdf"
    assert values["note"] == {"type": "plain_text_input", "value": None}
    assert server.violations == []


async def test_the_client_refuses_bad_input_without_a_request(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    bot.view = modal(
        field_block("title", text_input(max_length=5), "Titolo"),
        field_block("seats", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, "Posti"),
        field_block("mail", {"type": "email_text_input"}, "Posta"),
        field_block("link", {"type": "url_text_input"}, "Sito", optional=True),
    )
    await anna.runs("/cluster", "form")
    await server.wait_for(lambda: anna.modal)
    before = len(server.deliveries)
    assert await anna.submits() is None
    assert set(anna.modal_errors) == {"Titolo", "Posti", "Posta"}
    await anna.fills({"Titolo": "troppo lungo", "Posti": 10, "Posta": "anna", "Sito": "ftp"})
    assert await anna.submits() is None
    assert anna.modal_errors["Titolo"] == "Please use at most 5 characters."
    assert anna.modal_errors["Posti"] == "Please enter a number of at most 9."
    assert set(anna.modal_errors) == {"Titolo", "Posti", "Posta", "Sito"}
    assert len(server.deliveries) == before
    with pytest.raises(AssertionError, match="no field 'Luogo'"):
        await anna.fills({"Luogo": "x"})


async def test_answers_to_a_submission_show_errors_update_push_and_clear(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    await anna.runs("/cluster", "form")
    await server.wait_for(lambda: anna.modal)
    await anna.fills({"Titolo": "Cena"})
    bot.answer = {"response_action": "errors", "errors": {"title": "Già preso"}}
    await anna.submits()
    assert anna.modal_errors == {"Titolo": "Già preso"}
    first = anna.modal
    assert first is not None
    bot.answer = {"response_action": "update", "view": modal(*bot.view["blocks"], title=plain("Ancora"))}
    before = first.hash
    await anna.submits()
    assert (first.title, first.hash != before, anna.modal_errors) == ("Ancora", True, {})
    assert first.values["title"]["v"]["value"] == "Cena"
    for depth in (2, 3):
        bot.answer = {"response_action": "push", "view": modal(section(f"Passo {depth}"))}
        await anna.submits()
        assert anna.modal is not None
        assert anna.modal.seen.endswith(f"Passo {depth}")
    assert server.violations == []
    with server.expects_refusal("push_limit_reached"):
        await anna.submits()
    bot.answer = {}
    await anna.submits()
    below = await server.wait_for(lambda: anna.modal)
    assert below.seen.endswith("Passo 2")
    bot.answer = {"response_action": "clear"}
    await anna.submits()
    assert anna.modal is None


async def test_an_answer_that_names_no_input_is_a_violation(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    await anna.runs("/cluster", "form")
    await server.wait_for(lambda: anna.modal)
    await anna.fills({"Titolo": "Cena"})
    bot.answer = {"response_action": "errors", "errors": {"titel": "Già preso"}}
    await anna.submits()
    assert "errors names 'titel'" in server.violations[0]


async def test_closing_a_modal_tells_the_bot_only_if_it_asked(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    for asked in (False, True):
        bot.view = modal(section(), notify_on_close=asked)
        await anna.runs("/cluster", "form")
        await server.wait_for(lambda: anna.modal)
        await anna.closes_modal()
        assert anna.modal is None
        assert bot.closed == int(asked)


async def test_an_event_can_be_delivered_twice_with_the_same_id(server: SlackServer, bot: Bot) -> None:
    anna = server.user()
    await anna.says("ciao")
    second = await server.redeliver_last_event()
    await server.wait_for(lambda: len(bot.heard) == 2)
    assert second.payload["event_id"] == server.deliveries[0].payload["event_id"]
    assert second.attempts[0].number == 1


async def test_own_messages_are_echoed_when_asked_and_bolt_ignores_them(server: SlackServer, bot: Bot) -> None:
    server.echo_own_messages = True
    anna = server.user()
    await anna.says("ciao")
    await server.wait_for(lambda: anna.messages)
    await server.wait_for(lambda: len(server.deliveries) == 2)
    await server.quiet()
    assert server.deliveries[1].payload["event"]["bot_id"] == "B0000LSC01"
    assert bot.heard == ["ciao"]


async def test_everything_else_that_people_do_reaches_the_bot(
    server: SlackServer, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """A bare listener that acknowledges all, so that the payloads are seen as sent."""
    app = AsyncWebClient(token=server.app_token, base_url=server.api_base_url, session=session)
    address = (await app.apps_connections_open(app_token=server.app_token))["url"]
    got: list[Json] = []

    async def listen() -> None:
        async with session.ws_connect(address) as socket:
            async for message in socket:
                envelope = message.json()
                if "envelope_id" in envelope:
                    got.append(envelope["payload"])
                    await socket.send_json({"envelope_id": envelope["envelope_id"]})

    task = asyncio.create_task(listen())
    anna = server.user("Anna Rossi")
    channel = server.channel("general")
    await anna.joins(channel)
    shared = await anna.uploads_file("cv.pdf", b"%PDF", text="ecco <qui>")
    await anna.global_shortcut("new_post")
    await anna.leaves(channel)
    await anna.deactivates()
    assert [each.get("event", each)["type"] for each in got] == [
        "member_joined_channel",
        "message",
        "shortcut",
        "member_left_channel",
        "user_change",
    ]
    assert (got[1]["event"]["subtype"], got[1]["event"]["channel_type"]) == ("file_share", "im")
    assert got[1]["event"]["text"] == "ecco &lt;qui&gt;"
    assert got[1]["event"]["files"][0]["id"] == shared.files[0].id
    with pytest.raises(AssertionError, match="cannot write"):
        await anna.says("ancora?")

    marta = server.user("Marta")
    got.clear()
    menu = {"type": "overflow", "action_id": "more", "options": [option("Modifica", "edit"), option("Chiudi", "close")]}
    picker = {"type": "static_select", "action_id": "topic", "options": [option("Farmaci & co", "pharma")]}
    date = {"type": "datepicker", "action_id": "day", "placeholder": plain("Giorno")}
    blocks = [section(accessory=menu), actions(picker, date), {"type": "context", "elements": [mrkdwn("_nota_")]}]
    await client.chat_postMessage(channel=marta.id, text="x", blocks=blocks)
    assert marta.last.seen == "Ciao\nModifica / Chiudi\nFarmaci & co Giorno\nnota"
    await marta.presses("Chiudi")
    await marta.chooses("topic", "Farmaci & co")
    await marta.chooses("Giorno", "2018-05-14")
    first, second, third = (each["actions"][0] for each in got)
    assert (first["type"], first["action_id"], first["selected_option"]["value"]) == ("overflow", "more", "close")
    assert (second["type"], second["selected_option"]["value"]) == ("static_select", "pharma")
    assert third["selected_date"] == "2018-05-14"
    assert got[2]["state"]["values"][third["block_id"]]["day"] == {"type": "datepicker", "selected_date": "2018-05-14"}
    with pytest.raises(AssertionError, match="no menu 'Luogo'; there are \\['topic', 'Giorno'\\]"):
        await marta.chooses("Luogo", "x")

    got.clear()
    trigger = server.workspace.new_trigger(marta.id)
    live = field_block("kind", {"type": "radio_buttons", "options": [option("A"), option("B")]}, dispatch_action=True)
    await client.views_open(trigger_id=trigger.id, view=modal(live))
    await marta.fills({"kind": "B"})
    assert got[0]["actions"][0]["selected_option"]["value"] == "B"
    assert got[0]["view"]["state"]["values"]["kind"]["v"]["selected_option"]["value"] == "B"
    assert server.violations == []
    await server.sockets.close()
    await task


async def test_an_ephemeral_message_is_seen_by_one_member_only(server: SlackServer, client: AsyncWebClient) -> None:
    anna, marta, luca = server.user("Anna"), server.user("Marta"), server.user("Luca")
    channel = server.channel("general", members=[anna, marta])
    posted = await client.chat_postEphemeral(channel=channel.id, user=anna.id, text="*solo* tu")
    assert [each.seen for each in anna.ephemerals] == ["solo tu"]
    assert (marta.ephemerals, channel.messages) == ([], [])
    for call, error in [
        (client.chat_postEphemeral(channel=channel.id, user=luca.id, text="x"), "user_not_in_channel"),
        (client.chat_update(channel=channel.id, ts=posted["message_ts"], text="x"), "message_not_found"),
    ]:
        with server.expects_refusal(error):
            assert (await error_of(call)).response["error"] == error


# HTTP mode


async def test_http_requests_are_signed_and_forgeries_are_refused_by_bolt(
    server: SlackServer, session: aiohttp.ClientSession
) -> None:
    runner = await serve_http(server, build_bot(server, session).app.web_app())
    event = {"type": "message", "text": "x", "channel": "D1", "user": "U1", "ts": "1.2"}
    assert await server.verify_url()
    for signature in ("wrong", "stale", "missing"):
        assert await server.forge_event(event, signature) == 401
    assert server.violations == []
    await runner.cleanup()


async def listener(server: SlackServer, answers: list[int], seconds: float = 0) -> tuple[web.AppRunner, list[Json]]:
    got: list[Json] = []

    async def handle(request: web.Request) -> web.Response:
        got.append({"headers": dict(request.headers), "body": await request.json()})
        await asyncio.sleep(seconds)
        return web.Response(status=answers.pop(0) if answers else 200)

    app = web.Application()
    app.router.add_post("/slack/events", handle)
    return await serve_http(server, app), got


async def test_an_event_is_sent_again_until_accepted(server: SlackServer) -> None:
    runner, got = await listener(server, [500, 503, 200])
    anna = server.user()
    with server.expects_unacked():
        await anna.says("ciao")
        await server.wait_for(lambda: server.deliveries[0].acked)
    assert [each["headers"].get("X-Slack-Retry-Num") for each in got] == [None, "1", "2"]
    assert got[2]["headers"]["X-Slack-Retry-Reason"] == "http_error"
    assert len({each["body"]["event_id"] for each in got}) == 1
    assert server.violations == []
    await runner.cleanup()


async def test_a_bot_can_ask_for_no_retries(server: SlackServer) -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    app = web.Application()
    app.router.add_post("/slack/events", handle)
    runner = await serve_http(server, app)
    anna = server.user()
    with server.expects_unacked(1):
        await anna.says("ciao")
    await runner.cleanup()
    with server.expects_unacked():
        await anna.says("c'è nessuno?")
        await server.wait_for(lambda: len(server.deliveries[1].attempts) == 4)
    assert len(server.deliveries[0].attempts) == 1
    assert {attempt.reason for attempt in server.deliveries[1].attempts} == {"connection_failed"}
    assert server.violations == []


async def test_an_acknowledgement_after_the_deadline_is_a_violation(server: SlackServer) -> None:
    server.ack_seconds = 0.05
    runner, got = await listener(server, [], seconds=0.15)
    await server.user().says("ciao")
    await server.wait_for(lambda: len(server.deliveries[0].attempts) == 4)
    await server.wait_for(lambda: len(server.violations) == 4)
    assert "not acknowledged (http_timeout)" in server.violations[0]
    assert len(got) >= 1
    await runner.cleanup()


# Socket Mode


async def test_an_envelope_that_nobody_acknowledges_is_a_violation(
    server: SlackServer, session: aiohttp.ClientSession
) -> None:
    server.ack_seconds = 0.05
    app = AsyncWebClient(token=server.app_token, base_url=server.api_base_url, session=session)
    address = (await app.apps_connections_open(app_token=server.app_token))["url"]
    async with session.ws_connect(address) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        anna = server.user()
        delivery = await anna.opens_home()
        assert delivery is not None
        assert not delivery.acked
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["retry_attempt"]) == ("events_api", 0)
        assert "app_home_opened: not acknowledged (http_timeout)" in server.violations[0]
        retried = await socket.receive_json()
        assert (retried["retry_attempt"], retried["payload"]) == (1, envelope["payload"])
        await socket.send_json({"envelope_id": "no-such-envelope"})
        await server.wait_for(lambda: any("unknown envelope" in each for each in server.violations))
    with server.expects_refusal("invalid_ticket"), pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(address)


async def test_bolt_reconnects_after_a_disconnect_and_after_a_network_cut(
    server: SlackServer, session: aiohttp.ClientSession
) -> None:
    bot = build_bot(server, session)
    handler = AsyncSocketModeHandler(bot.app, server.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    await server.wait_for(lambda: server.sockets.connections)
    first = server.sockets.connections[0]
    await server.disconnect_sockets()
    await server.wait_for(lambda: [each for each in server.sockets.connections if each is not first])
    await server.user().says("ancora qui?")
    await server.wait_for(lambda: bot.heard)
    server.goes_down()
    await server.wait_for(lambda: not server.sockets.connections)
    server.comes_back()
    await server.wait_for(lambda: server.sockets.connections, timeout=10)
    assert server.violations == []
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped


# Refusals of the Web API


async def test_tokens_scopes_and_methods_are_checked(server: SlackServer, session: aiohttp.ClientSession) -> None:
    base = server.api_base_url
    anna = server.user()

    async def refused(token: str, method: str, **args: Any) -> Json:
        answer = await error_of(AsyncWebClient(token=token, base_url=base, session=session).api_call(method, json=args))
        data = answer.response.data
        assert isinstance(data, dict)
        return data

    bot = server.bot_token
    assert (await refused("xoxb-wrong", "auth.test"))["error"] == "invalid_auth"
    assert (await refused(bot, "chat.postmessage"))["error"] == "unknown_method"
    assert (await refused(bot, "apps.connections.open"))["error"] == "not_allowed_token_type"
    assert (await refused(server.app_token, "auth.test"))["error"] == "not_allowed_token_type"
    missing = await refused(bot, "pins.add", channel="C1", timestamp="1.1")
    provided = ",".join(sorted(DEFAULT_SCOPES))
    assert missing == {"ok": False, "error": "missing_scope", "needed": "pins:write", "provided": provided}
    assert (await refused(bot, "conversations.info", channel=anna.dm.id))["needed"] == "im:read"
    server.uninstall()
    assert (await refused(bot, "auth.test"))["error"] == "account_inactive"
    async with session.post(f"{base}auth.test") as response:
        assert (await response.json())["error"] == "not_authed"
    async with session.post(f"{base}auth.test", json=["x"]) as response:
        assert (await response.json())["error"] == "json_not_object"
    assert len(server.violations) == 9


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": " \n"}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "channel": "C404"}, "channel_not_found"),
        ({"text": "x", "channel": "elsewhere"}, "not_in_channel"),
        ({"text": "x", "channel": "secret"}, "channel_not_found"),
        ({"text": "x", "channel": "old"}, "is_archived"),
        ({"text": "x", "channel": None}, "invalid_arguments"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
    ],
)
async def test_a_post_that_slack_refuses(server: SlackServer, client: AsyncWebClient, args: Json, error: str) -> None:
    server.channel("general")
    server.channel("elsewhere", bot=False)
    server.channel("secret", bot=False, private=True)
    server.archive(server.channel("old"))
    sent = {key: value for key, value in {"channel": "general", **args}.items() if value is not None}
    answer = await error_of(client.api_call("chat.postMessage", json=sent))
    assert answer.response["error"] == error
    assert len(server.violations) == 1
    assert server.violations[0].startswith(f"chat.postMessage: {error}")


SELECT = {"type": "static_select", "action_id": "s", "options": [option("a")]}


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0/type]"),
        (
            {"type": "section", "fields": [plain("x")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
        (
            {"type": "section", "fields": [plain("x" * 2001)]},
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        ({"type": "section", "text": None}, "must provide an object [json-pointer:/blocks/0/text]"),
        ({"type": "hero"}, "unsupported type: hero [json-pointer:/blocks/0/type]"),
        ({}, "missing required field: type [json-pointer:/blocks/0]"),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        ({"type": "header", "text": mrkdwn("x")}, "must be a valid enum value [json-pointer:/blocks/0/text/type]"),
        (
            {"type": "context", "elements": [plain("x")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            actions(*[button(value=str(number)) for number in range(26)]),
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (actions(), "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (actions(button("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        (
            actions(button(value="x" * 2001, action_id="a")),
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            actions(button(action_id="x" * 256)),
            "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
        ),
        (
            actions(button(url="https://x/" + "x" * 3000)),
            "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
        ),
        (
            actions(button(url="not an address")),
            "failed to match the required pattern [json-pointer:/blocks/0/elements/0/url]",
        ),
        (actions(button(style="default")), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
        (
            actions(button("A", "same"), button("B", "same")),
            '`action_id` "same" already exists [json-pointer:/blocks/0/elements/1/action_id]',
        ),
        (section(block_id="x" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
        (
            actions({**SELECT, "options": [option(str(number)) for number in range(101)]}),
            "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            actions({**SELECT, "options": [option("x" * 76, "v")]}),
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
        ),
        (
            actions({**SELECT, "options": [option("x", "v" * 151)]}),
            "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
        ),
        (
            actions({**SELECT, "placeholder": plain("x" * 151)}),
            "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]",
        ),
        (
            actions({"type": "overflow", "action_id": "o", "options": [option("a")]}),
            "no less than 2 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            actions({"type": "overflow", "action_id": "o", "options": [option(each) for each in "abcdef"]}),
            "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            actions({"type": "checkboxes", "action_id": "c", "options": [option(str(number)) for number in range(11)]}),
            "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            actions({"type": "radio_buttons", "action_id": "c", "options": [option(str(n)) for n in range(11)]}),
            "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            actions({**SELECT, "initial_option": option("b")}),
            "initial option must be one of the given options [json-pointer:/blocks/0/elements/0]",
        ),
        (
            actions(text_input(action_id="t")),
            "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            field_block("b", text_input(max_length=3001)),
            "must be less than 3001 [json-pointer:/blocks/0/element/max_length]",
        ),
        (
            field_block("b", text_input(), "x" * 2001),
            "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
        ),
        (
            field_block("b", text_input(), hint=plain("x" * 2001)),
            "must be less than 2001 characters [json-pointer:/blocks/0/hint/text]",
        ),
        (
            field_block("b", {"type": "file_input"}),
            "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
        ),
        (
            {"type": "image", "image_url": "https://x/y.png", "alt_text": "x" * 2001},
            "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]",
        ),
        (
            {"type": "markdown", "text": "x" * 12_001},
            "must be less than 12001 characters [json-pointer:/blocks/0/text]",
        ),
        ({"type": "table", "rows": [[]] * 101}, "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    ],
)
async def test_blocks_that_slack_refuses(
    server: SlackServer, client: AsyncWebClient, block: Json, message: str
) -> None:
    channel = server.channel("general")
    answer = await error_of(client.chat_postMessage(channel=channel.id, text="x", blocks=[block]))
    assert answer.response["error"] == "invalid_blocks"
    assert f"[ERROR] {message}" in answer.response["response_metadata"]["messages"]
    assert channel.messages == []


async def test_the_number_of_blocks_and_their_ids_are_limited(server: SlackServer, client: AsyncWebClient) -> None:
    channel = server.channel("general")
    divider = {"type": "divider"}
    await client.chat_postMessage(channel=channel.id, text="x", blocks=[divider] * 50)
    for blocks, message in [
        ([divider] * 51, "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"),
        ([section(block_id="a")] * 2, '[ERROR] `block_id` "a" already exists [json-pointer:/blocks/1/block_id]'),
    ]:
        with server.expects_refusal("invalid_blocks"):
            answer = await error_of(client.chat_postMessage(channel=channel.id, text="x", blocks=blocks))
        assert answer.response["response_metadata"]["messages"] == [message]
    assert server.violations == []


async def test_the_largest_of_everything_is_accepted(server: SlackServer, client: AsyncWebClient) -> None:
    channel = server.channel("general")
    options = [option(f"{number:075d}", f"{number:0150d}") for number in range(100)]
    blocks = [
        section("x" * 3000, block_id="b" * 255),
        {"type": "header", "text": plain("x" * 150)},
        {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
        {"type": "context", "elements": [plain("x")] * 10},
        actions(*[button("x" * 75, f"{number:02000d}", action_id=f"{number:0255d}") for number in range(25)]),
        actions({**SELECT, "options": options, "placeholder": plain("x" * 150)}),
        field_block("input", text_input(max_length=3000), "x" * 2000, hint=plain("x" * 2000)),
    ]
    await client.chat_postMessage(channel=channel.id, text="x" * 40_000, blocks=blocks)
    assert server.violations == []


async def test_what_slack_accepts_but_a_careful_bot_avoids_is_recorded(
    server: SlackServer, client: AsyncWebClient
) -> None:
    channel = server.channel("general")
    await client.chat_postMessage(channel=channel.id, text="vedi https://example.org")
    assert len(server.warnings) == 1
    await client.chat_postMessage(
        channel=channel.id, text="vedi https://example.org", unfurl_links=False, unfurl_media=False
    )
    assert len(server.warnings) == 1
    await client.api_call("chat.postMessage", json={"channel": channel.id, "blocks": [section()]})
    await client.chat_postMessage(channel=channel.id, text="x", unfurl_link=False)
    assert server.violations == [
        "chat.postMessage: blocks without top-level text, the notification would be empty",
        "chat.postMessage: unknown argument 'unfurl_link'",
    ]


async def test_mentions_are_recorded_unless_escaped(server: SlackServer, client: AsyncWebClient) -> None:
    channel = server.channel("general")
    await client.chat_postMessage(
        channel=channel.id,
        text="&lt;!channel&gt; &lt;@U123&gt; @here",
        blocks=[section("&lt;!here&gt;"), {"type": "header", "text": plain("<!channel>")}],
    )
    assert server.mentions == []
    assert channel.messages[0].seen == "<!here>\n<!channel>"
    await client.chat_postMessage(channel=channel.id, text="ciao <!channel>", blocks=[section("e <@U123|x>")])
    await client.chat_postMessage(channel=channel.id, text="ciao @here", link_names=True)
    assert [each.mention for each in server.mentions] == ["<!channel>", "<@U123|x>", "@here"]


async def test_messages_are_changed_and_deleted_only_by_their_author(
    server: SlackServer, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    anna = server.user()
    channel = server.channel("general", members=[anna])
    posted = await client.chat_postMessage(channel=channel.id, text="uno", blocks=[section("uno")])
    ts = posted["ts"]
    await client.chat_update(channel=channel.id, ts=ts, text="due")
    assert (channel.messages[0].notification, channel.messages[0].seen, channel.messages[0].edited) == ("due", "uno", 1)
    await client.chat_update(channel=channel.id, ts=ts, text="tre", blocks=[])
    assert channel.messages[0].seen == "tre"
    hers = await anna.says("mio", channel)
    for call, error in [
        (client.chat_update(channel=channel.id, ts="1.000001", text="x"), "message_not_found"),
        (client.chat_update(channel=channel.id, ts=hers.ts, text="x"), "cant_update_message"),
        (client.chat_update(channel=channel.id, ts=ts, text="x" * 4001), "msg_too_long"),
        (client.chat_delete(channel=channel.id, ts=hers.ts), "cant_delete_message"),
        (client.chat_delete(channel=channel.id, ts="1.000001"), "message_not_found"),
        (client.chat_getPermalink(channel=channel.id, message_ts="1.000001"), "message_not_found"),
        (client.reactions_add(channel=channel.id, name="tada", timestamp="1.000001"), "message_not_found"),
    ]:
        with server.expects_refusal(error):
            assert (await error_of(call)).response["error"] == error
    await client.reactions_add(channel=channel.id, name="tada", timestamp=hers.ts)
    assert list(hers.reactions) == ["tada"]
    link = (await client.chat_getPermalink(channel=channel.id, message_ts=ts))["permalink"]
    assert link.endswith(f"/{channel.id}/p{ts.replace('.', '')}")
    await client.chat_delete(channel=channel.id, ts=ts)
    assert [message.ts for message in channel.messages] == [hers.ts]
    assert server.violations == []


async def test_people_and_conversations_are_looked_up(server: SlackServer, client: AsyncWebClient) -> None:
    anna = server.user("Anna Bianchi", locale="it-IT", tz="Asia/Jerusalem")
    channel = server.channel("general", members=[anna])
    server.channel("secret", private=True, bot=False)
    user = (await client.users_info(user=anna.id))["user"]
    assert (user["tz"], user["tz_offset"] in (7200, 10800), "locale" in user) == ("Asia/Jerusalem", True, False)
    assert (await client.users_info(user=anna.id, include_locale=True))["user"]["locale"] == "it-IT"
    assert (await client.users_lookupByEmail(email=anna.account.email))["user"]["id"] == anna.id
    first = await client.users_list(limit=1)
    second = await client.users_list(limit=1, cursor=first["response_metadata"]["next_cursor"])
    assert (len(first["members"]), second["members"][0]["id"]) == (1, anna.id)
    assert second["response_metadata"]["next_cursor"] == ""
    opened = await client.conversations_open(users=anna.id)
    assert opened["channel"]["id"] == anna.dm.id
    assert (await client.conversations_info(channel=channel.id))["channel"]["is_member"] is True
    assert set((await client.conversations_members(channel=channel.id))["members"]) == {anna.id, "U0000BOT01"}
    assert [each["name"] for each in (await client.conversations_list())["channels"]] == ["general"]
    elsewhere = server.channel("elsewhere", bot=False)
    await client.conversations_join(channel=elsewhere.id)
    await client.chat_postMessage(channel=elsewhere.id, text="eccomi")
    assert (await client.auth_test())["bot_id"] == (await client.bots_info(bot="B0000LSC01"))["bot"]["id"]
    for call, error in [
        (client.users_info(user="U404"), "user_not_found"),
        (client.users_lookupByEmail(email="nobody@example.org"), "users_not_found"),
        (client.conversations_open(users="U404"), "user_not_found"),
        (client.team_info(), "missing_scope"),
    ]:
        with server.expects_refusal(error):
            assert (await error_of(call)).response["error"] == error
    assert server.violations == []


async def test_metadata_is_read_back_from_the_history(server: SlackServer, client: AsyncWebClient) -> None:
    anna = server.user()
    metadata = {"event_type": "outbox", "event_payload": {"key": "reminder:1:2"}}
    parent = await client.chat_postMessage(channel=anna.id, text="uno", metadata=metadata)
    await client.chat_postMessage(channel=anna.dm.id, text="due")
    await client.chat_postMessage(channel=anna.dm.id, text="risposta", thread_ts=parent["ts"])
    bare = await client.conversations_history(channel=anna.dm.id)
    assert [each["text"] for each in bare["messages"]] == ["due", "uno"]
    assert all("metadata" not in each for each in bare["messages"])
    full = await client.conversations_history(
        channel=anna.dm.id, include_all_metadata=True, oldest=parent["ts"], inclusive=True, limit=1
    )
    assert full["has_more"] is True
    rest = await client.conversations_history(
        channel=anna.dm.id,
        include_all_metadata=True,
        limit=1,
        cursor=full["response_metadata"]["next_cursor"],
    )
    assert rest["messages"][0]["metadata"] == metadata
    thread = await client.conversations_replies(channel=anna.dm.id, ts=parent["ts"])
    assert [each["text"] for each in thread["messages"]] == ["uno", "risposta"]
    assert server.violations == []


async def test_a_deactivated_person_cannot_be_reached(server: SlackServer, client: AsyncWebClient) -> None:
    anna = server.user()
    await client.chat_postMessage(channel=anna.id, text="ciao")
    server.subscriptions = frozenset()
    assert await anna.deactivates() is None
    server.expects_refusal("user_disabled")
    server.expects_refusal("channel_not_found")
    assert (await error_of(client.conversations_open(users=anna.id))).response["error"] == "user_disabled"
    for where in (anna.id, anna.dm.id):
        answer = await error_of(client.chat_postMessage(channel=where, text="x"))
        assert answer.response["error"] == "channel_not_found"
    assert (await client.users_info(user=anna.id))["user"]["deleted"] is True
    server.deactivated_dm_error = None
    await client.chat_postMessage(channel=anna.dm.id, text="x")
    server.messages_tab_enabled = False
    server.expects_refusal("messages_tab_disabled")
    answer = await error_of(client.chat_postMessage(channel=anna.dm.id, text="x"))
    assert answer.response["error"] == "messages_tab_disabled"
    assert server.violations == []


# Views


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(state={}), "invalid additional property: state [json-pointer:/view]"),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
        (
            {"type": "modal", "title": plain("x"), "blocks": [field_block("a", text_input())]},
            "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
        ),
        (
            modal(field_block("a", text_input()), field_block("a", text_input())),
            '`block_id` "a" already exists [json-pointer:/view/blocks/1/block_id]',
        ),
    ],
)
async def test_views_that_slack_refuses(server: SlackServer, client: AsyncWebClient, view: Json, message: str) -> None:
    anna = server.user()
    trigger = server.workspace.new_trigger(anna.id)
    answer = await error_of(client.views_open(trigger_id=trigger.id, view=view))
    assert answer.response["error"] == "invalid_arguments"
    assert f"[ERROR] {message}" in answer.response["response_metadata"]["messages"]
    assert anna.modal is None


async def test_triggers_open_one_view_within_seconds(server: SlackServer, client: AsyncWebClient) -> None:
    anna = server.user()
    trigger = server.workspace.new_trigger(anna.id)
    opened = await client.views_open(trigger_id=trigger.id, view=modal(section(), external_id="once"))
    late = server.workspace.new_trigger(anna.id)
    late.born -= 3.1
    loose = server.workspace.new_trigger(anna.id)
    for call, error in [
        (client.views_open(trigger_id=trigger.id, view=modal(section())), "exchanged_trigger_id"),
        (client.views_open(trigger_id=late.id, view=modal(section())), "expired_trigger_id"),
        (client.views_open(trigger_id="1.2.x", view=modal(section())), "invalid_trigger_id"),
        (client.views_push(trigger_id=loose.id, view=modal(section())), "not_found"),
        (client.views_update(view_id="V404", view=modal(section())), "not_found"),
        (client.views_update(view_id=opened["view"]["id"], hash="old", view=modal(section())), "hash_conflict"),
        (client.views_publish(user_id="U404", view={"type": "home", "blocks": []}), "user_not_found"),
    ]:
        with server.expects_refusal(error):
            assert (await error_of(call)).response["error"] == error
    updated = await client.views_update(
        view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=modal(section("Pronto"))
    )
    assert updated["view"]["hash"] != opened["view"]["hash"]
    assert anna.modal is not None
    assert anna.modal.seen == "Nuovo evento\nPronto"
    for expected in (None, None, "push_limit_reached"):
        trigger = server.workspace.new_trigger(anna.id, anna.modal.id)
        call = client.views_push(trigger_id=trigger.id, view=modal(section()))
        if expected is None:
            await call
        else:
            with server.expects_refusal(expected):
                await error_of(call)
    with server.expects_refusal("view_too_large"):
        fat = modal(*[section("x" * 3000)] * 90)
        trigger = server.workspace.new_trigger(anna.id)
        await error_of(client.views_open(trigger_id=trigger.id, view=fat))
    assert server.violations == []


# Response URLs and files


async def test_a_response_url_works_five_times_within_its_life(
    server: SlackServer, client: AsyncWebClient, session: aiohttp.ClientSession, bot: Bot
) -> None:
    anna = server.user()
    await client.chat_postMessage(channel=anna.id, text="x", blocks=[section(), actions(button("Vai", "go"))])
    url = (await anna.presses("Vai")).response_url
    message = anna.last

    async def use(body: Json) -> tuple[int, str]:
        async with session.post(url, json=body) as response:
            return response.status, await response.text()

    assert await use({"text": "solo per te"}) == (200, "ok")
    assert [each.seen for each in anna.ephemerals] == ["solo per te"]
    assert await use({"text": "per tutti", "response_type": "in_channel"}) == (200, "ok")
    assert await use({"replace_original": True, "text": "nuovo"}) == (200, "ok")
    assert message.seen == "nuovo"
    with server.expects_refusal("no_text"):
        assert (await use({"text": ""}))[0] == 200
    assert await use({"delete_original": True}) == (200, "ok")
    assert message.deleted
    assert message not in anna.messages
    assert await use({"text": "quinta"}) == (200, "ok")
    with server.expects_refusal("used_url"):
        assert (await use({"text": "sesta"}))[0] == 404
    server.response_url_seconds = 0
    with server.expects_refusal("expired_url"):
        assert (await use({"text": "tardi"}))[0] == 404


async def test_files_go_up_in_three_steps_and_come_down_with_the_token(
    server: SlackServer, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    anna = server.user()
    await client.files_upload_v2(
        content=b"BEGIN:VCALENDAR", filename="evento.ics", title="Evento", channel=anna.dm.id, initial_comment="Ecco"
    )
    assert (anna.last.seen, anna.last.files[0].content) == ("Ecco", b"BEGIN:VCALENDAR")
    ticket = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    with server.expects_refusal("upload_size_mismatch"):
        async with session.post(ticket["upload_url"], data=b"too long") as response:
            assert response.status == 400
    form = aiohttp.FormData({"note": "x"})
    form.add_field("file", b"abc", filename="a.txt")
    async with session.post(ticket["upload_url"], data=form) as response:
        assert await response.text() == "OK - 3"
    files = [{"id": ticket["file_id"], "title": "A"}]
    for where, error in [(anna.id, "channel_not_found"), ("C404", "channel_not_found")]:
        with server.expects_refusal(error):
            answer = await error_of(client.files_completeUploadExternal(files=files, channel_id=where))
            assert answer.response["error"] == error
    with server.expects_refusal("file_not_found"):
        await error_of(client.files_completeUploadExternal(files=[{"id": "F404", "title": "A"}]))
    server.subscriptions = frozenset()
    server.scopes -= {"files:read"}
    hers = (await anna.uploads_file("cv.pdf", b"%PDF")).files[0].as_json(server.base_url)
    headers = {"Authorization": f"Bearer {server.bot_token}"}
    with server.expects_refusal("file_not_readable"):
        async with session.get(hers["url_private"], headers=headers, allow_redirects=False) as response:
            assert response.status == 302
    server.scopes |= {"files:read"}
    async with session.get(hers["url_private_download"], headers=headers) as response:
        assert await response.read() == b"%PDF"
    assert (await client.files_info(file=hers["id"]))["file"]["name"] == "cv.pdf"
    assert server.violations == []


# Faults and rates


async def test_planned_failures_cuts_and_delays_happen_once_and_are_no_violations(
    server: SlackServer, client: AsyncWebClient
) -> None:
    client.retry_handlers.clear()
    first, other = server.channel("first"), server.channel("other")
    server.fail_next("chat.postMessage", retry_after=1, channel=first.id)
    await client.chat_postMessage(channel=other.id, text="x")
    answer = await error_of(client.chat_postMessage(channel=first.id, text="x"))
    assert (answer.response.status_code, answer.response.headers["Retry-After"]) == (429, "1")
    assert answer.response["error"] == "ratelimited"
    server.fail_next("chat.postMessage", status=503)
    with pytest.raises(SlackApiError, match="503"):
        await client.chat_postMessage(channel=other.id, text="x")
    server.fail_next("*", error="internal_error")
    assert (await error_of(client.auth_test())).response["error"] == "internal_error"
    server.drop_connection_next("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=other.id, text="lost")
    server.drop_connection_next("chat.postMessage", after_accepting=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=other.id, text="in doubt")
    assert [message.text for message in other.messages] == ["x", "in doubt"]
    server.delay("auth.test", 0.1, times=1)
    started = time.monotonic()
    await client.auth_test()
    assert time.monotonic() - started >= 0.1
    assert server.calls[-1].seconds is not None
    assert server.calls[-1].seconds >= 0.1
    assert server.violations == []


async def test_calling_before_retry_after_has_passed_is_a_violation(
    server: SlackServer, client: AsyncWebClient
) -> None:
    channel, other = server.channel("general"), server.channel("other")
    server.rates.grace = 0
    server.fail_next("chat.postMessage", retry_after=30, channel=channel.id)
    await error_of(client.chat_postMessage(channel=channel.id, text="x"))
    await client.chat_postMessage(channel=other.id, text="x")
    assert server.violations == []
    await client.chat_postMessage(channel=channel.id, text="x")
    assert "before Retry-After had passed" in server.violations[0]


async def test_rates_are_enforced_per_channel_and_per_method(server: SlackServer, client: AsyncWebClient) -> None:
    one, two = server.channel("one"), server.channel("two")
    server.enforce_rates(burst=2)
    for channel in (one, two):
        for _ in range(2):
            await client.chat_postMessage(channel=channel.id, text="x")
        answer = await error_of(client.chat_postMessage(channel=channel.id, text="x"))
        assert (answer.response.status_code, answer.response.headers["Retry-After"]) == (429, "1")
    for _ in range(20):
        await client.users_list()
    assert (await error_of(client.users_list())).response.headers["Retry-After"] == "3"
    assert len(server.rate_limited) == 3
    assert server.violations == []


# The harness itself


async def test_expectations_and_waits_fail_when_nothing_happens(server: SlackServer, client: AsyncWebClient) -> None:
    with pytest.raises(AssertionError, match="which never happened"), server.expects_refusal("no_text"):
        await client.auth_test()
    with pytest.raises(AssertionError, match="nothing of the kind"):
        await server.wait_for(lambda: False, timeout=0.05)
    server.delay("auth.test", 0.2)
    call = asyncio.create_task(client.auth_test())
    await server.wait_for(lambda: server.count("auth.test") == 2)
    with pytest.raises(AssertionError, match="not quiet"):
        await server.quiet(10, timeout=0.05)
    await call
    await server.quiet(10)


async def test_a_manifest_grants_exactly_what_it_asks_for(server: SlackServer, client: AsyncWebClient) -> None:
    manifest = {
        "features": {
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True},
            "slash_commands": [{"command": "/cluster"}],
            "shortcuts": [{"type": "message", "callback_id": "save"}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    server.install(manifest)
    anna = server.user()
    assert await anna.opens_home() is None
    await anna.says("ciao")
    assert server.warnings == ["the event message.im is not sent without the scope im:history"]
    assert server.deliveries == []
    with pytest.raises(AssertionError, match="not a command"):
        await anna.runs("/other")
    with server.expects_refusal("missing_scope"):
        await error_of(client.users_info(user=anna.id))
    with server.expects_refusal("not_enabled"):
        await error_of(client.views_publish(user_id=anna.id, view={"type": "home", "blocks": []}))


async def test_it_runs_as_a_process_and_says_where() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.standins.slack", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    base = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-standin-bot-token", base_url=f"{base}/api/", session=session)
        assert (await client.chat_postMessage(channel="general", text="ciao"))["ok"]
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0
