"""Sending, redrawing, deleting and files, through the real library and real HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.delivery.pacing import Pacer
from bot.platforms.base import Adapter, Failure, Scope, SendError
from bot.platforms.telegram import TelegramAdapter
from bot.platforms.telegram.client import PollingBot
from bot.platforms.telegram.transport import AiohttpRequest, NoAnswerError
from handlers.conversation.event import Address, EventKind, MessageRef
from handlers.conversation.screen import Button, File, FileReference, Para, Picture, Screen, Style, UrlButton, screen
from storage.enums import Locale, Platform
from tests.contracts.telegram.harness import House, Wall, failure_of, make_adapter, running
from tests.standins.telegram import RateLimits, TelegramServer, TelegramUser

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (40).to_bytes(4) + (30).to_bytes(4)
OTHER_PNG = PNG + b"!"
TOO_WIDE = b"\x89PNG\r\n\x1a\n" + bytes(8) + (9000).to_bytes(4) + (30).to_bytes(4)
LONG = "parola " * 1000


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


def address(house: House, chat: int, thread: str = "") -> Address:
    return Address(Platform.TELEGRAM, house.adapter.account, str(chat), thread)


def text(words: str, *labels: str) -> Screen:
    row = tuple(Button(label, f"a:{number}") for number, label in enumerate(labels))
    return Screen((Para((words,)),), (row,) if row else ())


async def send(house: House, chat: int, shown: Screen, token: str = "t1") -> MessageRef:
    place = address(house, chat)
    return MessageRef(place, await house.adapter.send(place, shown, token=token))


# Opening


async def test_it_is_an_adapter_that_knows_itself(house: House) -> None:
    adapter: Adapter = house.adapter
    assert (adapter.account, house.adapter.username) == ("123456789", "cluster_test_bot")
    assert adapter.resolves_doubt is False
    assert await adapter.find_sent(address(house, 1), "t") is None
    assert await adapter.private_address("77") == address(house, 77)
    assert [adapter.is_group(address(house, chat)) for chat in (77, -5, -1005)] == [False, True, True]
    assert adapter.is_group(Address(Platform.TELEGRAM, "1", "@channel"))
    pace = make_adapter(house.server).__class__.pace
    assert (pace.per_second, pace.chat_seconds, pace.group_per_minute, pace.in_flight) == (30, 1, 20, 8)


async def test_commands_are_registered_by_language_and_scope(house: House) -> None:
    commands = house.server.state.commands
    assert [c["command"] for c in commands["all_private_chats", 0, 0, ""]] == ["events", "share"]
    assert [c["command"] for c in commands["all_private_chats", 0, 0, "it"]] == ["eventi", "condividi"]
    assert commands["all_group_chats", 0, 0, "it"] == [{"command": "condividi", "description": "Condividi know-how"}]
    short = house.server.state.profile
    assert "community" in short["short_description", ""]
    assert "scienze della vita" in short["short_description", "it"]


async def test_staff_see_their_entries_in_their_chat_only(house: House, anna: TelegramUser) -> None:
    commands = house.server.state.commands
    await house.adapter.show_staff_menu(str(anna.id), Locale.ITALIAN)
    assert [c["command"] for c in commands["chat", anna.id, 0, ""]] == ["eventi", "condividi", "annuncia"]
    await house.adapter.hide_staff_menu(str(anna.id))
    assert ("chat", anna.id, 0, "") not in commands


async def test_whether_telegram_answers(house: House) -> None:
    await house.adapter.ping()
    await house.server.goes_down()
    assert (await failure_of(house.adapter.ping())).failure is Failure.TEMPORARY
    await house.server.comes_back()
    await house.adapter.ping()


async def test_a_wrong_token_is_refused_without_naming_it(server: TelegramServer) -> None:
    token = "123456789:wrong-token-for-this-bot"
    adapter = make_adapter(server, token=token)
    with server_refusals(server):
        error = await failure_of(adapter.open(()))
    assert error.failure is Failure.REFUSED
    assert "token" in error.description
    assert error.__cause__ is None
    assert error.__context__ is None
    assert token not in str(error)
    assert (await failure_of(adapter.send(Address(Platform.TELEGRAM, "", "1"), text("x"), token="t"))).failure is (
        Failure.TEMPORARY
    )
    await adapter.close()
    assert not adapter.healthy


class server_refusals:  # noqa: N801 - reads as a statement
    """Refusals in this block are expected whatever they say."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server

    def __enter__(self) -> None:
        self.before = list(self.server.violations)

    def __exit__(self, *_: object) -> None:
        self.server.violations[:] = self.before


async def test_menus_that_fail_do_not_keep_the_bot_from_starting(
    server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("setMyCommands", times=4, status=429, retry_after=300)
    async with running(server) as house:
        assert house.adapter.account
    assert caplog.text.count("menu is not up to date") == 4


async def test_pending_updates_survive_a_start(server: TelegramServer) -> None:
    anna = server.user()
    anna.says("mentre dormivi")
    async with running(server) as house:
        assert (await house.receiver.event()).text == "mentre dormivi"


def test_settings_that_cannot_work_are_refused() -> None:
    server = TelegramServer(token="1:a")
    for url, secret in (("https://example.org", ""), ("", "s"), ("https://example.org", "è"), ("x", "s" * 257)):
        with pytest.raises(ValueError, match="secret"):
            make_adapter(server, mode="webhook", webhook_url=url, webhook_secret=secret)
    for token, address in (("", "https://api.telegram.org"), ("1:a", "api.telegram.org"), ("1:a", "ftp://x.org")):
        with pytest.raises(ValueError, match=r"token|api_base_url"):
            TelegramAdapter(
                token=token, mode="polling", api_base_url=address, fetch=Wall(), now=lambda: datetime.now(UTC)
            )


async def test_deep_links(house: House, anna: TelegramUser) -> None:
    link = house.adapter.deep_link("invito_1-A")
    assert link == "https://t.me/cluster_test_bot?start=invito_1-A"
    anna.opens(link)
    event = await house.receiver.event(2)
    assert (event.kind, event.action, event.text) == (EventKind.COMMAND, "start", "invito_1-A")
    assert house.adapter.deep_link("") == "https://t.me/cluster_test_bot"
    for payload in ("a b", "x" * 65, "è"):
        with pytest.raises(ValueError, match="deep link"):
            house.adapter.deep_link(payload)


# Sending


async def test_a_screen_arrives_as_it_was_meant(house: House, anna: TelegramUser) -> None:
    shown = (
        screen()
        .heading("<b>*_[ & Co.")
        .para("Ciao \u202eשלום 🧬 https://example.org")
        .row(Button("Sì", "rsvp:1:yes", Style.PRIMARY), Button("No", "rsvp:1:no", Style.DANGER))
        .row(UrlButton("Mappa", "https://example.org/?a=1&b=2"))
        .build()
    )
    sent = await send(house, anna.id, shown)
    assert sent.message_id == str(anna.last.message_id)
    assert anna.last.text == "<b>*_[ & Co.\nCiao שלום 🧬 https://example.org"
    assert anna.last.labels == [["Sì", "No"], ["Mappa"]]
    assert anna.last.markup is not None
    assert [b.get("style") for b in anna.last.markup["inline_keyboard"][0]] == ["primary", "danger"]
    assert anna.last.preview == {"is_disabled": True}


async def test_a_long_screen_is_several_messages_in_order(house: House, anna: TelegramUser) -> None:
    sent = await send(house, anna.id, text(LONG, "Sì"))
    assert sent.message_id == ",".join(str(m.message_id) for m in anna.messages)
    assert [m.labels for m in anna.messages] == [[], [["Sì"]]]
    assert " ".join(m.text for m in anna.messages).split() == LONG.split()


async def test_messages_of_one_screen_keep_the_pace(server: TelegramServer) -> None:
    server.limits = server._messages.limits = RateLimits(chat_interval=0.2)
    async with running(server) as house:
        anna = server.user()
        anna.starts()
        pacer = Pacer(replace(house.adapter.pace, chat_seconds=0.2))
        first = pacer.take(str(anna.id), group=False)

        @asynccontextmanager
        async def next_turn(chat: str) -> AsyncIterator[None]:
            pacer.done(first)
            call = await pacer.turn(chat, group=False)
            yield
            pacer.done(call)

        house.adapter.next_turn = next_turn
        await send(house, anna.id, text(LONG * 2))
        assert len(anna.messages) == 4
        assert server.limits.refused == 0


async def test_a_screen_that_stopped_half_way_goes_on_from_there(house: House, anna: TelegramUser) -> None:
    shown = text(LONG * 2, "Sì")
    house.server.expects_refusal("Too Many Requests")
    # The third message in two seconds is one too many, and is told to wait.
    house.server.limits = house.server._messages.limits = RateLimits(chat_burst=2, chat_interval=2)
    assert (await failure_of(send(house, anna.id, shown))).failure is Failure.WAIT
    assert len(anna.messages) == 2
    house.server.limits = house.server._messages.limits = None
    sent = await send(house, anna.id, shown)
    assert len(anna.messages) == 4
    assert sent.message_id == ",".join(str(m.message_id) for m in anna.messages)
    assert " ".join(m.text for m in anna.messages).split() == (LONG * 2).split()
    await send(house, anna.id, shown)
    assert len(anna.messages) == 8


@pytest.mark.parametrize("paid", [False, True])
async def test_above_the_free_rate_only_what_may_be_paid_for_is_taken(server: TelegramServer, *, paid: bool) -> None:
    server.limits = server._messages.limits = RateLimits(overall_per_second=1)
    async with running(server, paid_broadcast=paid) as house:
        people = [server.user() for _ in range(4)]
        for person in people:
            person.starts()
        photo = Picture(File("foto.png", "image/png", PNG), "una foto")
        document = File("note.pdf", "application/pdf", b"%PDF-1.7")
        shown = (text("uno"), screen().para("due").build(), Screen((photo,)), Screen((), files=(document,)))
        sent = [await house.adapter.send(address(house, people[0].id), shown[0], token="0")]
        for person, one in zip(people[1:], shown[1:], strict=True):
            sending = house.adapter.send(address(house, person.id), one, token=str(person.id))
            if paid:
                sent.append(await sending)
            else:
                server.expects_refusal("Too Many Requests")
                assert (await failure_of(sending)).failure is Failure.WAIT
        assert len(sent) == (4 if paid else 1)


@pytest.mark.parametrize("result", [True, {}, {"message_id": "7"}, [7]])
async def test_an_answer_without_the_messages_id_is_a_doubt(result: object) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": result})

    application = web.Application()
    application.router.add_post("/bot1:a/sendMessage", answer)
    request = AiohttpRequest()
    async with TestServer(application, host="127.0.0.1") as far:
        bot = PollingBot("1:a", base_url=f"{far.make_url('/')}bot", request=request, get_updates_request=request)
        await request.initialize()
        try:
            with pytest.raises(NoAnswerError):
                await bot.send_text(1, "ciao", thread=None, keyboard="", paid=False)
        finally:
            await request.shutdown()


async def test_topics(house: House, anna: TelegramUser) -> None:
    group = house.server.group("Cluster", [anna], forum=True)
    group.add_bot()
    place = address(house, group.id, "17")
    await house.adapter.send(place, text("qui"), token="t")
    assert group.last.thread_id == 17
    await house.adapter.send(replace(place, thread="1"), text("nel generale"), token="t")
    assert group.last.thread_id is None


async def test_words_for_a_deleted_topic_still_arrive(house: House, anna: TelegramUser) -> None:
    plain_group = house.server.group("Cluster", [anna])
    plain_group.add_bot()
    with server_refusals(house.server):
        await house.adapter.send(address(house, plain_group.id, "17"), text("qui"), token="t")
    assert (plain_group.last.text, plain_group.last.thread_id) == ("qui", None)


# Redrawing


async def test_an_edit_keeps_or_takes_the_buttons_it_says(house: House, anna: TelegramUser) -> None:
    sent = await send(house, anna.id, text("uno", "Sì"))
    assert await house.adapter.edit(sent, text("due", "No")) == sent.message_id
    assert (anna.last.text, anna.last.labels) == ("due", [["No"]])
    assert await house.adapter.edit(sent, text("due")) == sent.message_id
    assert anna.last.labels == []
    assert len(anna.messages) == 1


async def test_an_edit_that_changes_nothing(house: House, anna: TelegramUser) -> None:
    house.server.expects_refusal("message is not modified")
    sent = await send(house, anna.id, text("uno", "Sì"))
    assert (await failure_of(house.adapter.edit(sent, text("uno", "Sì")))).failure is Failure.UNCHANGED
    long = await send(house, anna.id, text(LONG, "Sì"))
    assert (await failure_of(house.adapter.edit(long, text(LONG, "Sì")))).failure is Failure.UNCHANGED
    assert await house.adapter.edit(long, text(LONG, "No")) == long.message_id


async def test_a_screen_that_grows_and_shrinks(house: House, anna: TelegramUser) -> None:
    sent = await send(house, anna.id, text("corto", "Sì"))
    grown = replace(sent, message_id=await house.adapter.edit(sent, text(LONG, "Sì")))
    assert [m.labels for m in anna.messages] == [[], [["Sì"]]]
    assert grown.message_id == ",".join(str(m.message_id) for m in anna.messages)
    shrunk = await house.adapter.edit(grown, text("di nuovo corto"))
    assert shrunk == sent.message_id
    assert [m.text for m in anna.messages] == ["di nuovo corto"]


async def test_a_press_below_a_long_screen_redraws_all_of_it(house: House, anna: TelegramUser) -> None:
    await send(house, anna.id, text(LONG, "Sì"))
    anna.presses("Sì")
    event = await house.receiver.event(2)
    assert event.message is not None
    await house.adapter.edit(event.message, text("fatto"))
    assert [m.text for m in anna.messages] == ["fatto"]


async def test_a_press_leaves_handed_over_files_alone(house: House, anna: TelegramUser) -> None:
    shown = replace(text("evento", "Sì"), files=(File("evento.ics", "text/calendar", b"BEGIN"),))
    sent = await send(house, anna.id, shown)
    assert [(m.text, m.labels) for m in anna.messages] == [("evento", [["Sì"]]), ("", [])]
    anna.presses("Sì")
    event = await house.receiver.event(2)
    assert event.message is not None
    await house.adapter.edit(event.message, text("ci sei"))
    assert [m.text for m in anna.messages] == ["ci sei", ""]
    # Somebody who knows all of the screen's messages redraws all of them: the same file stays, another one replaces it.
    assert await house.adapter.edit(sent, shown) == sent.message_id
    house.server.expects_refusal("message is not modified")
    other = replace(shown, files=(File("evento.ics", "text/calendar", b"MOVED"),))
    moved = await house.adapter.edit(sent, other)
    assert moved != sent.message_id
    assert [anna.downloads(m) for m in anna.messages if m.file] == [b"MOVED"]


async def test_pictures_are_redrawn_by_their_caption_or_replaced(house: House, anna: TelegramUser) -> None:
    def shown(content: bytes, words: str) -> Screen:
        return Screen((Picture(File("g.png", "image/png", content), words),), ((Button("Sì", "y"),),))

    sent = await send(house, anna.id, shown(PNG, "uno"))
    assert anna.last.photo is not None
    assert await house.adapter.edit(sent, shown(PNG, "due")) == sent.message_id
    assert (anna.last.text, anna.last.labels, len(anna.messages)) == ("due", [["Sì"]], 1)
    replaced = replace(sent, message_id=await house.adapter.edit(sent, shown(OTHER_PNG, "tre")))
    assert [anna.downloads(m) for m in anna.messages] == [OTHER_PNG]
    await house.adapter.edit(replaced, text("solo parole"))
    assert [(m.text, m.file) for m in anna.messages] == [("solo parole", None)]


async def test_gone_messages(house: House, anna: TelegramUser) -> None:
    for fragment in ("not found", "can't be deleted", "there is no text"):
        house.server.expects_refusal(fragment)
    sent = await send(house, anna.id, text("uno"))
    await house.adapter.delete(sent)
    assert anna.messages == []
    assert (await failure_of(house.adapter.delete(sent))).failure is Failure.GONE
    assert (await failure_of(house.adapter.edit(sent, text("due")))).failure is Failure.GONE
    old = await send(house, anna.id, text("vecchio"))
    house.server.advance(49 * 3600)
    assert (await failure_of(house.adapter.delete(old))).failure is Failure.GONE
    photo = await send(house, anna.id, Screen((Picture(File("g.png", "image/png", PNG), "g"),)))
    pressed = replace(photo, message_id=photo.message_id.partition("p")[0])
    assert (await failure_of(house.adapter.edit(pressed, text("x")))).failure is Failure.GONE
    assert (await failure_of(house.adapter.edit(replace(sent, message_id="a,b"), text("x")))).failure is Failure.GONE


async def test_deleting_a_screen_of_several_messages(house: House, anna: TelegramUser) -> None:
    house.server.expects_refusal("not found")
    sent = await send(house, anna.id, text(LONG))
    await house.adapter.delete(replace(sent, message_id=sent.message_id.split(",")[0]))
    await house.adapter.delete(sent)
    assert anna.messages == []


# Failing


async def test_people_and_groups_that_cannot_be_reached(house: House, anna: TelegramUser) -> None:
    house.server.expects_refusal("Forbidden")
    house.server.expects_refusal("chat not found")
    never = house.server.user("Never")
    assert (await failure_of(send(house, never.id, text("x")))).failure is Failure.UNREACHABLE
    assert (await failure_of(send(house, 424242, text("x")))).failure is Failure.UNREACHABLE
    anna.blocks_bot()
    assert (await failure_of(send(house, anna.id, text("x")))).failure is Failure.UNREACHABLE
    anna.deactivates()
    assert (await failure_of(send(house, anna.id, text("x")))).failure is Failure.UNREACHABLE
    group = house.server.group("G", [anna])
    group.add_bot()
    group.kick_bot()
    assert (await failure_of(send(house, group.id, text("x")))).failure is Failure.UNREACHABLE


async def test_a_group_that_moved(house: House, anna: TelegramUser) -> None:
    house.server.expects_refusal("upgraded to a supergroup")
    group = house.server.group("G", [anna], kind="group")
    group.add_bot()
    old = group.id
    new = group.migrate()
    error = await failure_of(send(house, old, text("x")))
    assert (error.failure, error.new_chat) == (Failure.MOVED, str(new))


async def test_rate_limits_tell_how_long_and_for_whom(house: House, anna: TelegramUser) -> None:
    house.server.fail_next("sendMessage", times=2, status=429, retry_after=17)
    error = await failure_of(send(house, anna.id, text("x")))
    assert (error.failure, error.retry_after, error.scope) == (Failure.WAIT, 17.0, Scope.CHAT)
    error = await failure_of(send(house, 9999, text("x")))
    assert (error.failure, error.scope) == (Failure.WAIT, Scope.TOKEN)


@pytest.mark.parametrize(
    ("status", "failure"), [(500, Failure.TEMPORARY), (502, Failure.IN_DOUBT), (504, Failure.IN_DOUBT)]
)
async def test_servers_in_trouble(house: House, anna: TelegramUser, status: int, failure: Failure) -> None:
    house.server.fail_next("sendMessage", status=status)
    assert (await failure_of(send(house, anna.id, text("x")))).failure is failure
    sent = await send(house, anna.id, text("x"))
    house.server.fail_next("editMessageText", status=status)
    assert (await failure_of(house.adapter.edit(sent, text("y")))).failure is Failure.TEMPORARY


@pytest.mark.parametrize("after_accepting", [True, False])
async def test_a_connection_cut_after_the_request_is_a_doubt(
    house: House, anna: TelegramUser, after_accepting: bool
) -> None:
    house.server.drop_connection_next("sendMessage", after_accepting=after_accepting)
    assert (await failure_of(send(house, anna.id, text("x")))).failure is Failure.IN_DOUBT
    assert len(anna.messages) == int(after_accepting)


async def test_nobody_listening_is_no_doubt(server: TelegramServer) -> None:
    async with running(server, listen=False) as house:
        place = address(house, 1)
        await server.close()
        await asyncio.sleep(0.1)  # until the kept connections are seen to be closed: what is written to one is in doubt
        assert (await failure_of(house.adapter.send(place, text("x"), token="t"))).failure is Failure.TEMPORARY


async def test_no_log_ever_names_the_token(server: TelegramServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(server) as house:
        anna = server.user()
        anna.starts()
        await house.receiver.event()
        await send(house, anna.id, text("parole di Anna"))
        server.fail_next("sendMessage", status=401)
        await failure_of(send(house, anna.id, text("x")))
        server.drop_connection_next("getUpdates", after_accepting=False, times=2)
        anna.says("sveglia")
        await server.wait_for(lambda: server.faults.planned == 0)
        await house.receiver.event(2)
        await server.close()
        await failure_of(send(house, anna.id, text("x")))
        await asyncio.sleep(0.1)
    assert caplog.records
    assert server.token.partition(":")[2] not in caplog.text
    assert "parole di Anna" not in caplog.text


# Files


async def test_a_file_goes_out_with_its_name_and_bytes(house: House, anna: TelegramUser) -> None:
    name = 'Programma "finale" è/qui.pdf'
    content = bytes(range(256)) * 4000
    await send(house, anna.id, replace(text("ecco"), files=(File(name, "application/pdf", content),)))
    document = anna.last.document
    assert document is not None
    assert (document.name, document.mime) == ("Programma _finale_ è_qui.pdf", "application/pdf")
    assert anna.downloads(anna.last) == content


@pytest.mark.parametrize("name", ["", "  ", "\n", "x" * 500 + ".pdf", "è" * 300 + ".pdf", "..\\a\x00.pdf"])
async def test_any_file_name_goes_through(house: House, anna: TelegramUser, name: str) -> None:
    await send(house, anna.id, Screen((), files=(File(name, "not a type", b"x"),)))
    assert anna.last.document is not None
    assert anna.last.document.name.endswith(".pdf" if ".pdf" in name else "file") or name == "\n"


async def test_a_file_comes_in_and_goes_on_by_its_reference(house: House, anna: TelegramUser) -> None:
    anna.sends_document("dati.csv", b"a;b", "text/csv", caption="Ecco")
    event = await house.receiver.event(2)
    assert event.file is not None
    reference = FileReference("telegram", house.adapter.account, event.file.reference)
    assert await house.adapter.download(reference) == b"a;b"
    await send(house, anna.id, Screen((), files=(File("dati.csv", "text/csv", reference=reference),)))
    assert anna.last.document is not None
    assert anna.last.document.file_id == event.file.reference


async def test_a_file_that_another_platform_keeps_is_fetched(house: House, anna: TelegramUser) -> None:
    house.wall.files["F1"] = b"da Slack"
    there = FileReference("slack", "T1", "F1")
    await send(house, anna.id, Screen((), files=(File("a.txt", "text/plain", reference=there),)))
    assert anna.downloads(anna.last) == b"da Slack"
    for failure, expected in ((Failure.UNREACHABLE, Failure.REFUSED), (Failure.IN_DOUBT, Failure.TEMPORARY)):
        house.wall.failure = SendError(failure, "there")
        shown = Screen((), files=(File("b.txt", "text/plain", reference=there),))
        assert (await failure_of(send(house, anna.id, shown))).failure is expected


@pytest.mark.parametrize("kept_elsewhere", [True, False])
async def test_a_file_is_uploaded_once_and_not_to_each_reader(house: House, *, kept_elsewhere: bool) -> None:
    reference = FileReference("web", "web", "F1") if kept_elsewhere else None
    house.wall.files["F1"] = PNG
    file = File("foto.png", "image/png", b"" if kept_elsewhere else PNG, reference)
    people = [house.server.user() for _ in range(3)]
    for person in people:
        person.starts()
        await send(house, person.id, Screen((Picture(file, "una foto"),), files=(file,)), token=str(person.id))
    house.wall.files.clear()
    photos = [next(m for m in person.messages if m.photo) for person in people]
    assert len({message.photo.file_id for message in photos if message.photo}) == 1
    documents = [next(m for m in person.messages if m.document) for person in people]
    assert len({message.document.file_id for message in documents if message.document}) == 1
    assert people[2].downloads(documents[2]) == PNG
    # As another file of the same name, and as the same one when Telegram knows it no more.
    other = replace(file, content=OTHER_PNG, reference=None)
    await send(house, people[0].id, Screen((), files=(other,)))
    assert people[0].downloads(people[0].last) == OTHER_PNG
    house.server.fail_next(
        "sendDocument", status=400, description="Bad Request: wrong remote file identifier specified"
    )
    await send(house, people[1].id, Screen((), files=(other,)))
    assert people[1].downloads(people[1].last) == OTHER_PNG


async def test_a_picture_that_telegram_does_not_show_goes_as_a_file(house: House, anna: TelegramUser) -> None:
    house.server.expects_refusal("PHOTO_INVALID_DIMENSIONS")
    shown = Screen((Picture(File("g.png", "image/png", TOO_WIDE), "largo"),))
    sent = await send(house, anna.id, shown)
    assert (anna.last.text, anna.last.photo, anna.downloads(anna.last)) == ("largo", None, TOO_WIDE)
    again = Screen((Picture(File("g.png", "image/png", TOO_WIDE), "molto largo"),))
    assert await house.adapter.edit(sent, again) == sent.message_id
    assert anna.last.text == "molto largo"


async def test_a_reference_that_telegram_does_not_take_is_uploaded_anew(house: House, anna: TelegramUser) -> None:
    anna.sends_photo(PNG)
    event = await house.receiver.event(2)
    assert event.file is not None
    house.server.fail_next(
        "sendDocument", status=400, description="Bad Request: can't use file of type Photo as Document"
    )
    reference = FileReference("telegram", house.adapter.account, event.file.reference)
    await send(house, anna.id, Screen((), files=(File("foto.png", "image/png", reference=reference),)))
    assert anna.last.document is not None
    assert (anna.last.document.name, anna.downloads(anna.last)) == ("foto.png", PNG)


async def test_files_that_cannot_be_had(house: House, anna: TelegramUser) -> None:
    house.server.expects_refusal("file is too big")
    house.server.expects_refusal("invalid file_id")
    anna.sends_document("grande.zip", b"x", size=21 << 20)
    event = await house.receiver.event(2)
    assert event.file is not None
    assert event.file.size == 21 << 20
    own = house.adapter.account
    for reference in (
        FileReference("telegram", own, event.file.reference),
        FileReference("telegram", own, "nonsense"),
        FileReference("telegram", "1", event.file.reference),
        FileReference("slack", own, "F"),
    ):
        assert (await failure_of(house.adapter.download(reference))).failure is Failure.REFUSED
