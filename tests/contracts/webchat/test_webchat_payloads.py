"""Reading what a browser sends: every shape is either an event or nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.webchat.payloads import (
    COMMUNITY,
    Speaker,
    event_of,
    file_payload,
    form_payload,
    presence_payload,
    press_payload,
    text_payload,
)
from handlers.conversation.event import Event, EventKind, FormSupport, IncomingFile
from handlers.conversation.form import Form, Values

NOA = Speaker("noa", "Noa Levin", "en")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    """id type user chat name locale message action command text form context values file replied_text
    """.split()  # noqa: SIM905 - fifteen quoted words would hide what they are
)
KINDS = st.sampled_from([kind.value for kind in EventKind])


@given(st.dictionaries(KEYS, JSON) | JSON, KINDS)
def test_any_shape_is_an_event_or_nothing(payload: Any, kind: str) -> None:
    assert isinstance(event_of(payload), Event | None)
    if isinstance(payload, dict):
        named = payload | {"id": "1", "user": "noa", "chat": "noa", "type": kind}
        event = event_of(named)
        assert event is None or (event.kind.value, event.user, event.address.chat) == (kind, "noa", "noa")


@given(st.dictionaries(KEYS, JSON))
def test_reading_changes_nothing(payload: dict[str, Any]) -> None:
    before = repr(payload)
    first, second = event_of(payload), event_of(payload)
    assert first == second
    assert repr(payload) == before


@given(st.text(max_size=300))
def test_every_typed_text_arrives_whole(text: str) -> None:
    event = event_of(text_payload(NOA, text, chat="noa"))
    if not text.strip():
        assert event is None
        return
    assert event is not None
    if event.kind is EventKind.TEXT:
        assert event.text == text
    else:
        assert event.kind is EventKind.COMMAND
        assert text.strip().lower().startswith(f"/{event.action}")
        assert text.strip().endswith(event.text)


def test_a_slash_alone_is_a_text() -> None:
    event = event_of(text_payload(NOA, "/", chat="noa"))
    assert event is not None
    assert (event.kind, event.text) == (EventKind.TEXT, "/")


def test_a_press_names_its_message() -> None:
    event = event_of(press_payload(NOA, chat=COMMUNITY, message="m7", action="event.rsvp:1:yes"))
    assert event is not None
    assert event.message is not None
    assert (event.action, event.message.message_id, event.message.address) == ("event.rsvp:1:yes", "m7", event.address)
    assert (event.private, event.forms, event.locale) == (False, FormSupport.NOW, "en")


def test_a_form_comes_back_with_name_context_and_values() -> None:
    form = Form("post", "Share", (), "Publish", {"post": "12"})
    values: Values = {"title": "A", "seats": 3, "sectors": ["ivd"], "slides": {"reference": "r"}, "when": None}
    for kind in (EventKind.SUBMIT, EventKind.ABANDON):
        event = event_of(form_payload(kind, NOA, chat="noa", form=form, values=values))
        assert event is not None
        assert (event.kind, event.form, event.form_context, event.values) == (kind, "post", {"post": "12"}, values)


def test_a_file_and_a_block_are_read() -> None:
    file = IncomingFile("0" * 32, "a.pdf", "application/pdf", 12)
    event = event_of(file_payload(NOA, file, chat="noa"))
    assert event is not None
    assert event.file == file
    for kind in (EventKind.JOINED, EventKind.LEFT):
        told = event_of(presence_payload(kind, NOA))
        assert told is not None
        assert told.kind is kind


def test_every_payload_has_an_id_of_its_own() -> None:
    ids = {text_payload(NOA, "ciao", chat="noa")["id"] for _ in range(50)}
    assert len(ids) == 50
