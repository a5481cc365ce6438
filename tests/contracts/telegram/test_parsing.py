"""Updates as events; any JSON is read without an exception."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.telegram.parsing import parse, query_id, raw_update
from handlers.conversation.event import Address, Event, EventKind, FormSupport, IncomingFile, MessageRef
from storage.enums import Platform

Json = dict[str, Any]

ANNA: Json = {"id": 1001, "is_bot": False, "first_name": "Anna", "language_code": "it-IT"}
PRIVATE: Json = {"id": 1001, "type": "private", "first_name": "Anna"}
GROUP: Json = {"id": -1005, "type": "supergroup", "title": "Cluster"}


def read(payload: object) -> Event | None:
    return parse(payload, account="42", username="Cluster_Bot")


def message(**fields: object) -> Json:
    return {"update_id": 7, "message": {"message_id": 3, "date": 1, "chat": PRIVATE, "from": ANNA, **fields}}


def event_of(**fields: object) -> Event:
    event = read(message(**fields))
    assert event is not None
    return event


def test_a_text() -> None:
    assert read(message(text="Ciao")) == Event(
        EventKind.TEXT,
        "7",
        Address(Platform.TELEGRAM, "42", "1001"),
        "1001",
        "Anna",
        "it",
        private=True,
        text="Ciao",
        forms=FormSupport.TALK,
    )


@pytest.mark.parametrize(
    ("text", "action", "rest"),
    [
        ("/start", "start", ""),
        ("/start abc_-1", "start", "abc_-1"),
        ("/EVENTS@cluster_bot  oggi\ne domani ", "events", "oggi\ne domani"),
        ("/events\nsu due righe", "events", "su due righe"),
    ],
)
def test_commands(text: str, action: str, rest: str) -> None:
    event = event_of(text=text)
    assert (event.kind, event.action, event.text) == (EventKind.COMMAND, action, rest)


def test_another_bots_command_is_not_for_us() -> None:
    assert read(message(text="/start@other_bot", chat=GROUP)) is None


@pytest.mark.parametrize("text", ["/", "/però", "/a/b", "// commento", "non /start"])
def test_what_only_looks_like_a_command_is_text(text: str) -> None:
    assert event_of(text=text).kind is EventKind.TEXT


def test_a_reply_carries_what_it_replies_to() -> None:
    event = event_of(text="/share", chat=GROUP, reply_to_message={"message_id": 2, "text": "Il bando è uscito"})
    assert (event.kind, event.action, event.replied_text) == (EventKind.COMMAND, "share", "Il bando è uscito")
    assert event_of(text="x", reply_to_message={"caption": "foto"}).replied_text == "foto"
    assert event_of(text="x", quote={"text": "una riga"}).replied_text == "una riga"
    assert event_of(text="x", reply_to_message={"forum_topic_created": {}}).replied_text == ""


@pytest.mark.parametrize(
    ("fields", "file"),
    [
        (
            {"document": {"file_id": "D", "file_name": "a.pdf", "mime_type": "application/pdf", "file_size": 9}},
            IncomingFile("D", "a.pdf", "application/pdf", 9),
        ),
        ({"document": {"file_id": "D"}}, IncomingFile("D", "file", "application/octet-stream", 0)),
        (
            {
                "photo": [
                    {"file_id": "S", "width": 9, "height": 9},
                    {"file_id": "L", "width": 90, "height": 9, "file_size": 5},
                ]
            },
            IncomingFile("L", "photo.jpg", "image/jpeg", 5),
        ),
        ({"audio": {"file_id": "A", "mime_type": "audio/mp4"}}, IncomingFile("A", "audio.mp3", "audio/mp4", 0)),
        ({"video": {"file_id": "V", "file_name": "v.mov"}}, IncomingFile("V", "v.mov", "video/mp4", 0)),
        ({"voice": {"file_id": "O"}}, IncomingFile("O", "voice.ogg", "audio/ogg", 0)),
        ({"video_note": {"file_id": "N"}}, IncomingFile("N", "video.mp4", "video/mp4", 0)),
    ],
)
def test_files(fields: Json, file: IncomingFile) -> None:
    event = event_of(**fields, caption="Ecco")
    assert (event.kind, event.file, event.text) == (EventKind.FILE, file, "Ecco")


def press(**fields: object) -> Json:
    place = {"message_id": 3, "date": 1, "chat": PRIVATE, "text": "x"}
    return {
        "update_id": 8,
        "callback_query": {"id": "99", "from": ANNA, "data": "rsvp:1:yes", "message": place, **fields},
    }


def test_a_press() -> None:
    event = read(press())
    assert event is not None
    assert (event.kind, event.action, event.user, event.private) == (EventKind.PRESS, "rsvp:1:yes", "1001", True)
    assert event.message == MessageRef(Address(Platform.TELEGRAM, "42", "1001"), "3")
    assert query_id(press()) == "99"


def test_a_press_on_a_picture_or_file_says_so_in_the_id() -> None:
    for field, letter in (("photo", "p"), ("document", "d")):
        event = read(press(message={"message_id": 3, "chat": GROUP, field: [{}] if field == "photo" else {"a": 1}}))
        assert event is not None
        assert event.message is not None
        assert event.message.message_id == f"3{letter}"


def test_a_press_on_a_message_that_is_not_there_any_more() -> None:
    event = read(press(message={"message_id": 3, "date": 0, "chat": GROUP}))
    assert event is not None
    assert event.message is not None
    assert (event.message.message_id, event.private) == ("3", False)


def test_topics_are_threads_and_reply_chains_are_not() -> None:
    assert event_of(text="x", chat=GROUP, message_thread_id=12, is_topic_message=True).address.thread == "12"
    assert event_of(text="x", chat=GROUP, message_thread_id=12).address.thread == ""
    event = read(press(message={"message_id": 3, "chat": GROUP, "message_thread_id": 5, "is_topic_message": True}))
    assert event is not None
    assert event.address.thread == "5"


def membership(chat: Json, old: Json, new: Json) -> Event | None:
    return read(
        {"update_id": 9, "my_chat_member": {"chat": chat, "from": ANNA, "old_chat_member": old, "new_chat_member": new}}
    )


def test_blocking_and_coming_back() -> None:
    left = membership(PRIVATE, {"status": "member"}, {"status": "kicked"})
    assert left is not None
    assert (left.kind, left.user, left.private) == (EventKind.LEFT, "1001", True)
    joined = membership(PRIVATE, {"status": "kicked"}, {"status": "member"})
    assert joined is not None
    assert joined.kind is EventKind.JOINED


def test_added_to_and_removed_from_a_group() -> None:
    joined = membership(GROUP, {"status": "left"}, {"status": "administrator"})
    assert joined is not None
    assert (joined.kind, joined.private, joined.address.chat) == (EventKind.JOINED, False, "-1005")
    left = membership(GROUP, {"status": "restricted", "is_member": True}, {"status": "left"})
    assert left is not None
    assert left.kind is EventKind.LEFT
    assert membership(GROUP, {"status": "member"}, {"status": "administrator"}) is None


def test_both_sides_of_a_move_say_the_same() -> None:
    old = event_of(chat={"id": -5, "type": "group"}, migrate_to_chat_id=-1005)
    new = event_of(chat=GROUP, migrate_from_chat_id=-5)
    for event in (old, new):
        assert (event.kind, event.address.chat, event.new_chat) == (EventKind.MOVED, "-5", "-1005")


@pytest.mark.parametrize(
    "payload",
    [
        {"update_id": 1, "edited_message": message(text="x")["message"]},
        {"update_id": 1, "channel_post": message(text="x")["message"]},
        message(text="x", **{"from": {**ANNA, "is_bot": True}}),
        message(text="x", **{"from": {**ANNA, "id": 42}}),
        message(text="x", is_automatic_forward=True),
        message(text="x", **{"from": None}),
        message(sticker={"file_id": "s"}),
        message(new_chat_members=[ANNA]),
        press(data=None),
        press(message=None, inline_message_id="x"),
        press(**{"from": {**ANNA, "is_bot": True}}),
        {"message": message(text="x")["message"]},
        {"update_id": True, "message": message(text="x")["message"]},
        {},
        [],
        None,
    ],
)
def test_what_is_not_for_us(payload: object) -> None:
    assert read(payload) is None


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert event_of(text="a\ud83db").text == "a�b"


def test_a_number_too_long_to_be_written_is_no_id() -> None:
    assert read({**message(text="x"), "update_id": 10**5000}) is None
    assert raw_update({"update_id": 10**5000}) is None


def test_raw_updates_know_their_person() -> None:
    stored = raw_update(message(text="x", chat=GROUP))
    assert stored is not None
    assert (stored.id, stored.person) == ("7", "1001")
    post = raw_update({"update_id": 1, "channel_post": {"chat": GROUP}})
    assert post is not None
    assert post.person == "-1005"
    assert raw_update({"update_id": "1"}) is None
    assert raw_update("x") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(10**4000),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
known = st.sampled_from(
    (
        "update_id",
        "message",
        "callback_query",
        "my_chat_member",
        "chat",
        "from",
        "id",
        "type",
        "data",
        "message_id",
        "text",
        "caption",
        "photo",
        "document",
        "voice",
        "file_id",
        "file_size",
        "width",
        "height",
        "reply_to_message",
        "quote",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "is_topic_message",
        "message_thread_id",
        "old_chat_member",
        "new_chat_member",
        "status",
        "is_member",
        "first_name",
        "language_code",
        "is_bot",
    )
)
update_like = st.recursive(
    json_values,
    lambda inner: st.dictionaries(known, inner, max_size=8) | st.lists(inner, max_size=3),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(json_values, update_like, st.dictionaries(known, update_like).map(lambda d: {**d, "update_id": 5})))
def test_any_json_is_read_without_an_exception(payload: object) -> None:
    event = read(payload)
    assert event is None or (event.id and event.address.chat)
    raw_update(payload)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_to_a_real_update_is_survived(data: st.DataObject) -> None:
    update = data.draw(
        st.sampled_from(
            [message(text="/a b"), message(photo=[{"file_id": "a"}]), press(), message(migrate_to_chat_id=-3)]
        )
    )
    place: Any = next(value for key, value in update.items() if key != "update_id")
    damaged = dict(place)
    for key in data.draw(st.sets(st.sampled_from(sorted(damaged)))):
        damaged[key] = data.draw(json_values)
    event = read({key: damaged if value is place else value for key, value in update.items()})
    assert event is None or event.address.chat
