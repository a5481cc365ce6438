import pytest

from bot.platforms.base import Adapter, Failure, Scope, SendError
from handlers.conversation.event import MessageRef
from handlers.conversation.screen import Button, File, FileReference, Picture, Screen, screen
from storage.enums import Platform
from tests.contracts.slack.conftest import Wired, new_adapter
from tests.standins.slack import SlackServer

HOSTILE = "<!channel> <@U1> *_~`x`~_* &lt;"


def simple(text: str = "Ciao") -> Screen:
    return screen().para(text).build()


def long_screen(messages: int) -> Screen:
    built = screen(summary="Lungo")
    for number in range(50 * (messages - 1) + 1):
        built.para(f"riga {number}")
    return built.build()


async def test_it_is_an_adapter(sender: Wired) -> None:
    port: Adapter = sender.adapter
    assert port.account == "T0000LSC01"
    assert port.platform is Platform.SLACK
    assert port.resolves_doubt
    assert not port.is_group(sender.at("U1"))
    assert not port.is_group(sender.at("home:U1"))
    assert not port.is_group(sender.at("D1"))
    assert port.is_group(sender.at("C1"))
    assert await port.private_address("U1") == sender.at("U1")


async def test_a_wrong_token_is_refused_with_how_to_mend_it(server: SlackServer) -> None:
    adapter = new_adapter(server, "socket", bot_token="xoxb-wrong")
    with server.expects_refusal("invalid_auth"), pytest.raises(SendError, match="token") as caught:
        await adapter.open([])
    assert caught.value.failure is Failure.REFUSED
    await adapter.close()


async def test_no_server_is_a_passing_trouble(server: SlackServer) -> None:
    adapter = new_adapter(server, "socket", api_base_url="http://127.0.0.1:1/api/")
    with pytest.raises(SendError) as caught:
        await adapter.open([])
    assert caught.value.failure is Failure.TEMPORARY
    await adapter.close()


@pytest.mark.parametrize("options", [{"mode": "socket", "app_token": ""}, {"mode": "http", "signing_secret": ""}])
def test_what_a_mode_needs_is_asked_for(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="needs the"):
        new_adapter(SlackServer(), **options)  # type: ignore[arg-type]  # the point of the test


async def test_a_screen_to_a_person(sender: Wired) -> None:
    anna = sender.server.user()
    ts = await sender.adapter.send(sender.at(anna.id), simple(HOSTILE), token="t1")
    assert anna.last.ts == ts
    assert anna.last.seen == HOSTILE
    assert anna.last.notification.startswith("<!channel> <@U1> ")
    call = sender.server.calls_of("chat.postMessage")[0]
    assert str(call.args["unfurl_links"]).lower() in {"0", "false"}
    assert str(call.args["unfurl_media"]).lower() in {"0", "false"}


async def test_editing_and_deleting_go_to_the_conversation_that_posting_revealed(sender: Wired) -> None:
    anna = sender.server.user()
    where = sender.at(anna.id)
    ts = await sender.adapter.send(where, simple("prima"), token="t1")
    assert await sender.adapter.edit(MessageRef(where, ts), simple("dopo")) == ts
    assert anna.last.seen == "dopo"
    await sender.adapter.delete(MessageRef(where, ts))
    assert anna.messages == []
    assert sender.server.count("conversations.open") == 0


async def test_after_a_restart_the_conversation_is_asked_for_once(sender: Wired) -> None:
    anna = sender.server.user()
    where = sender.at(anna.id)
    ts = await sender.adapter.send(where, simple("prima"), token="t1")
    fresh = new_adapter(sender.server, "socket")
    await fresh.open([])
    await fresh.edit(MessageRef(where, ts), simple("a"))
    await fresh.edit(MessageRef(where, ts), simple("b"))
    await fresh.close()
    assert anna.last.seen == "b"
    assert sender.server.count("conversations.open") == 1


async def test_a_long_screen_grows_and_shrinks(sender: Wired) -> None:
    anna = sender.server.user()
    where = sender.at(anna.id)
    ids = await sender.adapter.send(where, long_screen(3), token="t1")
    assert len(ids.split(",")) == len(anna.messages) == 3
    fewer = await sender.adapter.edit(MessageRef(where, ids), simple("breve"))
    assert fewer == ids.split(",")[0]
    assert [message.seen for message in anna.messages] == ["breve"]
    more = await sender.adapter.edit(MessageRef(where, fewer), long_screen(2))
    assert more.split(",")[0] == fewer
    assert len(anna.messages) == 2
    await sender.adapter.delete(MessageRef(where, more))
    assert anna.messages == []


async def test_files_follow_their_message(sender: Wired) -> None:
    anna = sender.server.user()
    calendar = File("evento.ics", "text/calendar", b"BEGIN:VCALENDAR")
    foreign = File("foto.png", "image/png", reference=FileReference("telegram", "1", "abc"))
    shown = screen().para("Ecco").file(calendar).block(Picture(foreign, "La sala")).build()
    await sender.adapter.send(sender.at(anna.id), shown, token="t1")
    text, files = anna.messages
    assert text.seen == "Ecco\n🖼 La sala"
    assert [(file.name, file.content, file.title) for file in files.files] == [
        ("foto.png", b"from another platform: abc", "La sala"),
        ("evento.ics", b"BEGIN:VCALENDAR", "evento.ics"),
    ]


async def test_a_large_file(sender: Wired) -> None:
    anna = sender.server.user()
    content = bytes(3_000_000)
    await sender.adapter.send(sender.at(anna.id), screen().file(File("a.bin", "x/y", content)).build(), token="t1")
    file = anna.last.files[0]
    assert file.content == content
    assert await sender.adapter.download(FileReference("slack", sender.adapter.account, file.id)) == content


async def test_a_file_that_slack_does_not_take_leaves_no_half_message(sender: Wired) -> None:
    anna = sender.server.user()
    shown = screen().para("Ecco").file(File("a.ics", "text/calendar", b"x")).build()
    sender.server.fail_next("files.getUploadURLExternal", error="internal_error")
    with pytest.raises(SendError) as caught:
        await sender.adapter.send(sender.at(anna.id), shown, token="t1")
    assert caught.value.failure is Failure.TEMPORARY
    assert anna.messages == []
    with pytest.raises(SendError, match="0 bytes"):
        await sender.adapter.send(sender.at(anna.id), screen().file(File("a", "b")).build(), token="t2")


async def test_a_second_try_sends_only_what_is_missing(sender: Wired) -> None:
    anna = sender.server.user()
    where = sender.at(anna.id)
    shown = Screen(long_screen(2).blocks, files=(File("a.ics", "text/calendar", b"x"),))
    sender.server.fail_next("files.completeUploadExternal", retry_after=1)
    with pytest.raises(SendError) as caught:
        await sender.adapter.send(where, shown, token="t1")
    assert (caught.value.failure, caught.value.scope) == (Failure.WAIT, Scope.TOKEN)
    assert len(anna.messages) == 2
    sender.server.rates._muted.clear()
    await sender.adapter.send(where, shown, token="t1")
    assert len(anna.messages) == 3
    assert sender.server.count("files.getUploadURLExternal") == 1


async def test_a_rate_limit_is_for_the_chat_and_to_the_second(sender: Wired) -> None:
    anna = sender.server.user()
    sender.server.fail_next("chat.postMessage", retry_after=17, channel=anna.id)
    with pytest.raises(SendError) as caught:
        await sender.adapter.send(sender.at(anna.id), simple(), token="t1")
    assert (caught.value.failure, caught.value.retry_after, caught.value.scope) == (Failure.WAIT, 17.0, Scope.CHAT)
    assert len(sender.server.rate_limited) == 1


async def test_a_public_channel_is_entered_when_needed(sender: Wired) -> None:
    channel = sender.server.channel("generale", bot=False)
    with sender.server.expects_refusal("not_in_channel", times=1):
        await sender.adapter.send(sender.at(channel.id), simple(), token="t1")
    assert [message.seen for message in channel.messages] == ["Ciao"]
    assert sender.server.count("conversations.join") == 1


async def test_where_nobody_can_be_reached(sender: Wired) -> None:
    server = sender.server
    archived = server.channel("vecchio")
    server.archive(archived)
    private = server.channel("segreto", bot=False, private=True)
    gone = server.user("Leo Neri")
    await gone.deactivates()
    for chat, word in [
        (archived.id, "is_archived"),
        (private.id, "channel_not_found"),
        ("C99", "channel_not_found"),
        (gone.id, "channel_not_found"),
    ]:
        with server.expects_refusal(word), pytest.raises(SendError, match=word) as caught:
            await sender.adapter.send(sender.at(chat), simple(), token=chat)
        assert caught.value.failure is Failure.UNREACHABLE


async def test_a_message_that_is_gone(sender: Wired) -> None:
    anna = sender.server.user()
    where = sender.at(anna.id)
    ts = await sender.adapter.send(where, simple(), token="t1")
    await sender.adapter.delete(MessageRef(where, ts))
    for call in (
        sender.adapter.edit(MessageRef(where, ts), simple("x")),
        sender.adapter.delete(MessageRef(where, ts)),
    ):
        with sender.server.expects_refusal("message_not_found"), pytest.raises(SendError) as caught:
            await call
        assert caught.value.failure is Failure.GONE
    with pytest.raises(SendError) as caught:
        await sender.adapter.edit(MessageRef(where, ""), simple("x"))
    assert caught.value.failure is Failure.GONE


async def test_whether_slack_answers(sender: Wired) -> None:
    await sender.adapter.ping()
    sender.server.expects_unacked()
    sender.server.goes_down()
    with pytest.raises(SendError) as caught:
        await sender.adapter.ping()
    assert caught.value.failure is Failure.TEMPORARY
    sender.server.comes_back()
    await sender.adapter.ping()


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_doubt_is_resolved_by_reading(sender: Wired, accepted: bool) -> None:
    anna = sender.server.user()
    where = sender.at(anna.id)
    sender.server.drop_connection_next("chat.postMessage", after_accepting=accepted)
    with pytest.raises(SendError) as caught:
        await sender.adapter.send(where, simple(), token="t1")
    assert caught.value.failure is Failure.IN_DOUBT
    found = await sender.adapter.find_sent(where, "t1")
    assert found == (anna.last.ts if accepted else None)
    assert await sender.adapter.find_sent(where, "t2") is None


async def test_a_doubt_in_a_channel_and_in_a_thread(sender: Wired) -> None:
    channel = sender.server.channel("generale")
    first = await sender.adapter.send(sender.at(channel.id), simple(), token="t1")
    thread = sender.at(channel.id, first)
    reply = await sender.adapter.send(thread, simple("risposta"), token="t2")
    assert channel.store[reply].thread_ts == first
    assert await sender.adapter.find_sent(sender.at(channel.id), "t1") == first
    assert await sender.adapter.find_sent(thread, "t2") == reply


async def test_half_of_a_long_screen_is_completed_after_a_restart(sender: Wired) -> None:
    anna = sender.server.user()
    where = sender.at(anna.id)
    shown = long_screen(3)
    fresh = new_adapter(sender.server, "socket")
    await fresh.open([])
    post = fresh._sender._posted

    calls = 0

    async def dies_after_two(*args: object) -> str:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise SendError(Failure.IN_DOUBT, "killed")
        return await post(*args)  # type: ignore[arg-type]  # passed on as they came

    fresh._sender._posted = dies_after_two  # type: ignore[method-assign, assignment]  # a kill between two messages
    with pytest.raises(SendError):
        await fresh.send(where, shown, token="t1")
    await fresh.close()
    assert len(anna.messages) == 2
    assert await sender.adapter.find_sent(where, "t1") is None
    ids = await sender.adapter.send(where, shown, token="t1")
    assert ids.split(",") == [message.ts for message in anna.messages]
    assert len(anna.messages) == 3
    assert await sender.adapter.find_sent(where, "t1") == ids


async def test_server_errors(sender: Wired) -> None:
    anna = sender.server.user()
    for status, failure in [(500, Failure.IN_DOUBT), (503, Failure.TEMPORARY), (502, Failure.IN_DOUBT)]:
        sender.server.fail_next("chat.postMessage", status=status)
        with pytest.raises(SendError) as caught:
            await sender.adapter.send(sender.at(anna.id), simple(), token=f"t{status}")
        assert caught.value.failure is failure
    sender.server.fail_next("chat.postMessage", status=200)
    with pytest.raises(SendError) as caught:
        await sender.adapter.send(sender.at(anna.id), simple(), token="t200")
    assert caught.value.failure is Failure.IN_DOUBT
    assert anna.messages == []


async def test_app_home(sender: Wired) -> None:
    anna = sender.server.user()
    where = sender.at(f"home:{anna.id}")
    shown = screen(name="home").heading("Ciao Anna").row(Button("Eventi", "event.list")).build()
    assert await sender.adapter.send(where, shown, token="t1") == "home"
    assert anna.home is not None
    assert anna.home.labels == ["Eventi"]
    await sender.adapter.edit(MessageRef(where, "home"), simple("Nuovo"))
    assert anna.home.seen == "Nuovo"
    assert await sender.adapter.find_sent(where, "t1") is None
    with pytest.raises(SendError) as caught:
        await sender.adapter.delete(MessageRef(where, "home"))
    assert caught.value.failure is Failure.GONE
    with pytest.raises(SendError, match="100") as caught:
        await sender.adapter.send(where, long_screen(3), token="t2")
    assert caught.value.failure is Failure.REFUSED


async def test_a_file_is_fetched_with_our_token_and_only_from_slack(sender: Wired) -> None:
    anna = sender.server.user()
    file = anna.new_file("cv.pdf", b"%PDF")
    reference = FileReference("slack", sender.adapter.account, file.id)
    assert await sender.adapter.download(reference) == b"%PDF"
    with sender.server.expects_refusal("file_not_found"), pytest.raises(SendError) as caught:
        await sender.adapter.download(FileReference("slack", sender.adapter.account, "F404"))
    assert caught.value.failure is Failure.GONE
    calls = sender.adapter._calls
    assert calls._is_slacks("https://files.slack.com/files-pri/T1-F1/x")
    assert calls._is_slacks(sender.server.base_url + "/files-pri/T1-F1/x")
    for elsewhere in (
        "https://evil.example/files-pri/x",
        "https://slack.com.evil.example/x",
        "https://evilslack.com/x",
        "http://files.slack.com/x",
        "",
    ):
        assert not calls._is_slacks(elsewhere)


async def test_a_file_of_ours_is_sent_on(sender: Wired) -> None:
    anna, leo = sender.server.user(), sender.server.user("Leo Neri")
    file = anna.new_file("cv.pdf", b"%PDF")
    reference = FileReference("slack", sender.adapter.account, file.id)
    shown = screen().para("Il CV").file(File("cv.pdf", "application/pdf", reference=reference)).build()
    await sender.adapter.send(sender.at(leo.id), shown, token="t1")
    assert leo.last.files[0].content == b"%PDF"


async def test_one_session_and_no_retry_of_the_library(sender: Wired) -> None:
    client = sender.adapter._calls.client
    assert client.session is sender.adapter._inbound.app.client.session  # type: ignore[union-attr]  # open by now
    assert client.retry_handlers == []
    assert sender.server.count("auth.test") == 1
