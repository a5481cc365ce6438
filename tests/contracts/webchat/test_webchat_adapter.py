"""What delivery and the receiver may rely on from the web chat."""

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.platforms.base import Accepted, Adapter, Failure, Raw, SendError
from bot.platforms.webchat.adapter import NEWCOMER, NotListeningError, WebChatAdapter
from bot.platforms.webchat.history import StoredMessage
from bot.platforms.webchat.live import Change, ChangeKind
from bot.platforms.webchat.payloads import COMMUNITY, Speaker, press_payload
from handlers.conversation.event import Address, EventKind, MessageRef, Outcome, Payload, Toast
from handlers.conversation.screen import File, FileReference, Screen, screen
from storage.enums import Platform
from tests.contracts.webchat.harness import event_card, gallery, hostile
from tests.contracts.webchat.memory_history import FileHistory, MemoryHistory

NOON = datetime(2018, 4, 3, 10, 0, tzinfo=UTC)
GIULIA = Speaker("giulia", "Giulia Ferraris", "it")
HER_CHAT = Address(Platform.WEB, "web", "giulia")
HELLO = screen().para("Ciao!").build()


class RecordingReceiver:
    """Keeps what it gets, and knows what it had before."""

    def __init__(self) -> None:
        self.payloads: list[Payload] = []
        self.spawned: list[str] = []
        self._seen: set[str] = set()

    async def store(self, platform: Platform, account: str, raws: Sequence[Raw]) -> list[Accepted]:
        fresh = [raw for raw in raws if raw.id not in self._seen]
        self._seen.update(raw.id for raw in fresh)
        return [Accepted(1, raw, platform, account) for raw in fresh]

    async def handle(self, accepted: Accepted) -> Outcome:
        self.payloads.append(accepted.raw.payload)
        return Outcome(toast=Toast("fatto"))

    def spawn(self, work: Awaitable[None], *, name: str) -> None:
        self.spawned.append(name)
        work.close()  # type: ignore[attr-defined]  # a coroutine: it must not be left behind unawaited


async def fetch_elsewhere(reference: FileReference) -> bytes:
    return f"from {reference.platform}".encode()


@pytest.fixture
def history() -> MemoryHistory:
    return MemoryHistory()


@pytest.fixture
def receiver() -> RecordingReceiver:
    return RecordingReceiver()


@pytest.fixture
async def web(history: MemoryHistory, receiver: RecordingReceiver, tmp_path: Path) -> WebChatAdapter:
    adapter = WebChatAdapter(history=history, now=lambda: NOON, fetch=fetch_elsewhere, uploads=tmp_path / "uploads")
    await adapter.open([])
    await adapter.listen(receiver)
    return adapter


async def failure_of(work: Awaitable[object]) -> Failure:
    with pytest.raises(SendError) as caught:
        await work
    return caught.value.failure


def test_it_is_an_adapter(web: WebChatAdapter) -> None:
    port: Adapter = web
    assert (port.platform, port.account, port.resolves_doubt) == (Platform.WEB, "web", True)


async def test_it_is_healthy_from_listening_to_closing(history: MemoryHistory, tmp_path: Path) -> None:
    web = WebChatAdapter(history=history, now=lambda: NOON, fetch=fetch_elsewhere, uploads=tmp_path)
    seen = [web.healthy]
    await web.open([])
    seen.append(web.healthy)
    await web.listen(RecordingReceiver())
    seen.append(web.healthy)
    await web.close()
    seen.append(web.healthy)
    assert seen == [False, False, True, False]


# --- messages out


@pytest.mark.parametrize("shown", [gallery(), hostile(), event_card("", going=3)], ids=["gallery", "hostile", "event"])
async def test_every_screen_comes_back_from_history_as_it_was_sent(
    web: WebChatAdapter, history: MemoryHistory, shown: Screen
) -> None:
    message_id = await web.send(HER_CHAT, shown, token="t1")
    kept = await history.get("giulia", message_id)
    assert kept is not None
    assert kept.shown == shown
    assert not kept.mine
    assert kept.at == NOON


async def test_an_edit_keeps_id_and_place(web: WebChatAdapter, history: MemoryHistory) -> None:
    first = await web.send(HER_CHAT, HELLO, token="t1")
    second = await web.send(HER_CHAT, HELLO, token="t2")
    assert await web.edit(MessageRef(HER_CHAT, first), gallery()) == first
    listed = await history.latest("giulia", 10)
    assert [(one.id, one.shown) for one in listed] == [(first, gallery()), (second, HELLO)]


async def test_an_edit_that_changes_nothing_says_so(web: WebChatAdapter) -> None:
    sent = await web.send(HER_CHAT, HELLO, token="t1")
    assert await failure_of(web.edit(MessageRef(HER_CHAT, sent), HELLO)) is Failure.UNCHANGED


async def test_what_is_not_there_is_gone(web: WebChatAdapter) -> None:
    sent = await web.send(HER_CHAT, HELLO, token="t1")
    await web.delete(MessageRef(HER_CHAT, sent))
    for message_id in (sent, "never"):
        assert await failure_of(web.edit(MessageRef(HER_CHAT, message_id), gallery())) is Failure.GONE
        assert await failure_of(web.delete(MessageRef(HER_CHAT, message_id))) is Failure.GONE


async def test_the_bot_cannot_touch_what_a_persona_wrote(web: WebChatAdapter, history: MemoryHistory) -> None:
    await web.say(GIULIA, "ciao", chat="giulia")
    (hers,) = history.messages
    assert await failure_of(web.edit(MessageRef(HER_CHAT, hers.id), HELLO)) is Failure.GONE
    assert await failure_of(web.delete(MessageRef(HER_CHAT, hers.id))) is Failure.GONE


async def test_a_message_of_another_chat_is_not_found(web: WebChatAdapter) -> None:
    sent = await web.send(HER_CHAT, HELLO, token="t1")
    elsewhere = Address(Platform.WEB, "web", "marco")
    assert await failure_of(web.edit(MessageRef(elsewhere, sent), gallery())) is Failure.GONE


async def test_a_delivery_in_doubt_is_found_by_its_token(web: WebChatAdapter) -> None:
    sent = await web.send(HER_CHAT, HELLO, token="delivery-7")
    await web.send(HER_CHAT, HELLO, token="")
    assert await web.find_sent(HER_CHAT, "delivery-7") == sent
    assert await web.find_sent(HER_CHAT, "delivery-8") is None
    assert await web.find_sent(HER_CHAT, "") is None
    assert await web.find_sent(Address(Platform.WEB, "web", "marco"), "delivery-7") is None


async def test_a_redrawn_message_is_still_found_by_its_token(web: WebChatAdapter) -> None:
    sent = await web.send(HER_CHAT, HELLO, token="delivery-7")
    await web.edit(MessageRef(HER_CHAT, sent), gallery())
    assert await web.find_sent(HER_CHAT, "delivery-7") == sent


async def test_who_blocked_the_bot_is_unreachable_until_they_let_it_in(
    web: WebChatAdapter, receiver: RecordingReceiver
) -> None:
    sent = await web.send(HER_CHAT, HELLO, token="t1")
    await web.block(GIULIA)
    assert await failure_of(web.send(HER_CHAT, HELLO, token="t2")) is Failure.UNREACHABLE
    assert await failure_of(web.edit(MessageRef(HER_CHAT, sent), gallery())) is Failure.UNREACHABLE
    assert await failure_of(web.private_address("giulia")) is Failure.UNREACHABLE
    await web.send(Address(Platform.WEB, "web", "marco"), HELLO, token="t3")
    await web.unblock(GIULIA)
    assert await web.private_address("giulia") == HER_CHAT
    await web.send(HER_CHAT, HELLO, token="t4")
    kinds = [event.kind for payload in receiver.payloads if (event := web.parse(payload))]
    assert kinds == [EventKind.LEFT, EventKind.JOINED]


def test_only_the_community_is_a_group(web: WebChatAdapter) -> None:
    assert web.is_group(Address(Platform.WEB, "web", COMMUNITY))
    assert not web.is_group(HER_CHAT)


async def test_a_restart_shows_the_same_chat(tmp_path: Path, receiver: RecordingReceiver) -> None:
    def start() -> WebChatAdapter:
        history = FileHistory(tmp_path / "history.json")
        return WebChatAdapter(history=history, now=lambda: NOON, fetch=fetch_elsewhere, uploads=tmp_path)

    before = start()
    await before.open([])
    await before.listen(receiver)
    await before.say(GIULIA, "ciao", chat="giulia")
    await before.send(HER_CHAT, gallery(), token="t1")
    after = start()
    await after.open([])
    listed = await after.history.latest("giulia", 10)
    assert [(one.author, one.text, one.shown) for one in listed] == [("giulia", "ciao", None), ("", "", gallery())]


# --- events in


async def test_what_is_typed_is_kept_then_handled(
    web: WebChatAdapter, history: MemoryHistory, receiver: RecordingReceiver
) -> None:
    outcome = await web.say(GIULIA, "/Eventi domani  sera", chat="giulia")
    assert outcome.toast == Toast("fatto")
    assert [(one.author, one.text) for one in history.messages] == [("giulia", "/Eventi domani  sera")]
    event = web.parse(receiver.payloads[0])
    assert event is not None
    assert (event.kind, event.action, event.text) == (EventKind.COMMAND, "eventi", "domani  sera")
    assert (event.user, event.user_name, event.locale) == ("giulia", "Giulia Ferraris", "it")
    assert (event.address, event.private) == (HER_CHAT, True)


async def test_the_same_payload_is_handled_once(web: WebChatAdapter, receiver: RecordingReceiver) -> None:
    payload = press_payload(GIULIA, chat="giulia", message="m1", action="event.rsvp:1:yes")
    assert (await web.submit(payload)).toast == Toast("fatto")
    assert (await web.submit(payload)).toast is None
    assert len(receiver.payloads) == 1


async def test_in_the_community_the_bot_hears_commands_only(
    web: WebChatAdapter, history: MemoryHistory, receiver: RecordingReceiver
) -> None:
    await web.say(GIULIA, "Chi viene domani?", chat=COMMUNITY)
    assert receiver.payloads == []
    await web.say(GIULIA, "/condividi", chat=COMMUNITY, replied_text="Abbiamo validato il saggio.")
    event = web.parse(receiver.payloads[0])
    assert event is not None
    assert (event.kind, event.private) == (EventKind.COMMAND, False)
    assert event.replied_text == "Abbiamo validato il saggio."
    assert len(history.messages) == 2


async def test_nothing_is_kept_while_nobody_receives(web: WebChatAdapter, history: MemoryHistory) -> None:
    await web.close()
    with pytest.raises(NotListeningError):
        await web.say(GIULIA, "ciao", chat="giulia")
    with pytest.raises(NotListeningError):
        await web.block(GIULIA)
    assert history.messages == []
    assert web.blocked == set()


async def test_a_newcomer_starts_afresh_and_stays_so_after_a_restart(
    web: WebChatAdapter, history: MemoryHistory, tmp_path: Path
) -> None:
    assert web.newcomer == NEWCOMER
    second = web.start_afresh()
    await web.say(Speaker(second), "/start", chat=second)
    again = WebChatAdapter(history=history, now=lambda: NOON, fetch=fetch_elsewhere, uploads=tmp_path)
    await again.open([])
    assert again.newcomer == second == "ospite-2"


# --- files


async def test_a_file_is_kept_and_can_be_fetched(web: WebChatAdapter, receiver: RecordingReceiver) -> None:
    kept = await web.uploads.save(b"%PDF", name="../../etc/ricetta\n.pdf", mime="Application/PDF; charset=x")
    assert (kept.name, kept.mime, kept.size) == ("ricetta.pdf", "application/pdf", 4)
    await web.send_file(GIULIA, kept, chat="giulia")
    event = web.parse(receiver.payloads[0])
    assert event is not None
    assert event.file == kept
    assert await web.download(FileReference("web", "web", kept.reference)) == b"%PDF"


@pytest.mark.parametrize("reference", ["", "../secret", "a" * 31, "g" * 32, "0" * 32])
async def test_a_made_up_reference_names_no_file(web: WebChatAdapter, tmp_path: Path, reference: str) -> None:
    (tmp_path / "secret").write_text("x")
    assert await failure_of(web.download(FileReference("web", "web", reference))) is Failure.GONE


async def test_files_of_other_platforms_are_fetched_from_them(web: WebChatAdapter) -> None:
    theirs = FileReference("telegram", "42", "AgAD")
    assert await web.content_of(File("a.pdf", "application/pdf", reference=theirs)) == b"from telegram"
    assert await web.content_of(File("a.txt", "text/plain", b"here")) == b"here"
    assert await failure_of(web.download(theirs)) is Failure.REFUSED


# --- live pages


async def test_open_pages_are_told_and_closed_ones_counted(web: WebChatAdapter) -> None:
    changes: list[Change] = []
    stop = web.live.watch(changes.append)
    leave = web.live.read("giulia")
    first = await web.send(HER_CHAT, HELLO, token="t1")
    await web.edit(MessageRef(HER_CHAT, first), gallery())
    assert web.live.unread("giulia") == 0
    leave()
    leave()
    await web.send(HER_CHAT, HELLO, token="t2")
    await web.send(HER_CHAT, HELLO, token="t3")
    assert web.live.unread("giulia") == 2
    stop()
    await web.delete(MessageRef(HER_CHAT, first))
    assert [change.kind for change in changes] == [
        ChangeKind.ADDED,
        ChangeKind.REPLACED,
        ChangeKind.ADDED,
        ChangeKind.ADDED,
    ]
    web.live.read("giulia")
    assert web.live.unread("giulia") == 0


async def test_a_page_that_is_gone_still_gets_its_draft_handled(
    web: WebChatAdapter, receiver: RecordingReceiver
) -> None:
    web.submit_later(press_payload(GIULIA, chat="giulia", message="m", action="a"))
    assert receiver.spawned == ["webchat-submit"]
    await web.close()
    web.submit_later(press_payload(GIULIA, chat="giulia", message="m", action="a"))
    assert receiver.spawned == ["webchat-submit"]


def test_a_damaged_screen_is_no_screen() -> None:
    assert StoredMessage("1", "giulia", "", NOON, screen={"v": 99}).shown is None
    assert StoredMessage("1", "giulia", "", NOON, screen={"v": 1}).shown is None
