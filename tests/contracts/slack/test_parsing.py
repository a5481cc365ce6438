from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.parsing import Identity, kind_of, parse, person_of, stored, unique_id
from handlers.conversation.event import Address, Event, EventKind, FormSupport, IncomingFile, MessageRef
from storage.enums import Platform

US = Identity("T1", "UBOT")


def at(chat: str, thread: str = "") -> Address:
    return Address(Platform.SLACK, "T1", chat, thread)


def event(**inner: Any) -> Event | None:
    body = {"type": "event_callback", "event_id": "Ev1", "token": "secret", "event": inner}
    return parse(stored(body, "it"), US)


def interaction(**body: Any) -> Event | None:
    return parse(stored({"user": {"id": "U1", "name": "anna"}, "trigger_id": "1.2.3", **body}, "it"), US)


def message(**changes: Any) -> Event | None:
    return event(**{"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "ciao", **changes})


def test_a_direct_message() -> None:
    assert message(text="a &lt;b&gt; <https://e.org|e.org> <@U2|leo> <#C1|gen>") == Event(
        EventKind.TEXT,
        "Ev1",
        at("U1"),
        "U1",
        locale="it",
        text="a <b> https://e.org @leo #gen",
        forms=FormSupport.BUTTON,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"user": None},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": ["file_share"]},
        {"hidden": True},
        {"channel_type": "channel", "channel": "C1"},
        {"text": "   "},
        {"text": None},
    ],
)
def test_what_is_no_message_to_us(changes: dict[str, Any]) -> None:
    assert message(**changes) is None


def test_a_message_in_a_thread_of_the_private_chat_is_one_of_that_chat() -> None:
    found = message(thread_ts="1.0")
    assert found is not None
    assert found.address == at("U1")


def test_a_file_comes_with_its_words() -> None:
    file = {"id": "F1", "name": "a.pdf", "mimetype": "application/pdf", "size": 7, "mode": "hosted"}
    found = message(subtype="file_share", text="ecco", files=[{"id": "F0", "mode": "tombstone"}, file])
    assert found is not None
    assert (found.kind, found.text, found.file) == (
        EventKind.FILE,
        "ecco",
        IncomingFile("F1", "a.pdf", "application/pdf", 7),
    )


def test_a_mention() -> None:
    assert event(
        type="app_mention", user="U1", channel="C1", text="<@UBOT> cerca &amp; trova", thread_ts="5.1"
    ) == Event(
        EventKind.TEXT,
        "Ev1",
        at("C1", "5.1"),
        "U1",
        locale="it",
        private=False,
        text="cerca & trova",
        forms=FormSupport.BUTTON,
    )
    assert event(type="app_mention", user="U1", channel="D1", text="<@UBOT> x") is None
    assert event(type="app_mention", user="UBOT", channel="C1", text="<@UBOT> x") is None


def test_app_home() -> None:
    assert event(type="app_home_opened", user="U1", channel="D1", tab="home") == Event(
        EventKind.COMMAND, "Ev1", at("home:U1"), "U1", locale="it", action="home", forms=FormSupport.BUTTON
    )
    assert event(type="app_home_opened", user="U1", channel="D1", tab="messages") is None


def test_the_bot_comes_and_goes() -> None:
    joined = event(type="member_joined_channel", user="UBOT", channel="C1", inviter="U1")
    assert joined == Event(EventKind.JOINED, "Ev1", at("C1"), "U1", locale="it", private=False)
    for inner in (
        {"type": "member_left_channel", "user": "UBOT", "channel": "C1"},
        {"type": "channel_left", "channel": "C1"},
        {"type": "group_left", "channel": "C1"},
    ):
        left = event(**inner)
        assert left is not None
        assert (left.kind, left.address) == (EventKind.LEFT, at("C1"))
    assert event(type="member_joined_channel", user="U7", channel="C1") is None
    assert event(type="team_join", user={"id": "U7"}) is None


@pytest.mark.parametrize(
    ("text", "action", "rest"),
    [
        ("", "home", ""),
        ("  ", "home", ""),
        ("Eventi", "eventi", ""),
        ("/search  bio &lt;x&gt; payload", "search", "bio <x> payload"),
        ("/", "home", ""),
    ],
)
def test_a_command(text: str, action: str, rest: str) -> None:
    body = {"command": "/cluster", "text": text, "user_id": "U1", "user_name": "anna", "trigger_id": "1", "token": "t"}
    found = parse(stored(body, "it"), US)
    assert found is not None
    assert (found.kind, found.action, found.text) == (EventKind.COMMAND, action, rest)
    assert (found.address, found.user_name, found.forms) == (at("U1"), "anna", FormSupport.NOW)


def press(**changes: Any) -> Event | None:
    body: dict[str, Any] = {
        "type": "block_actions",
        "container": {"type": "message", "message_ts": "9.1", "channel_id": "C1"},
        "channel": {"id": "C1"},
        "actions": [{"action_id": "act:0", "value": "event.rsvp:1:yes", "action_ts": "9.2"}],
    }
    return interaction(**{**body, **changes})


def test_a_press_in_a_channel() -> None:
    found = press()
    assert found is not None
    assert (found.kind, found.action, found.private, found.address) == (
        EventKind.PRESS,
        "event.rsvp:1:yes",
        False,
        at("C1"),
    )
    assert found.message == MessageRef(at("C1"), "9.1")
    assert found.forms is FormSupport.NOW


def test_a_press_in_the_private_chat_and_in_a_thread() -> None:
    private = press(channel={"id": "D1"}, container={"message_ts": "9.1", "channel_id": "D1"})
    assert private is not None
    assert (private.private, private.message) == (True, MessageRef(at("U1"), "9.1"))
    threaded = press(container={"message_ts": "9.1", "channel_id": "C1", "thread_ts": "8.0"})
    assert threaded is not None
    assert threaded.message == MessageRef(at("C1", "8.0"), "9.1")


def test_a_press_in_app_home() -> None:
    body: dict[str, Any] = {"container": {"type": "view"}, "channel": None, "view": {"type": "home", "id": "V1"}}
    found = press(**body)
    assert found is not None
    assert (found.address, found.message) == (at("U1"), MessageRef(at("home:U1"), "home"))


@pytest.mark.parametrize(
    "actions",
    [
        [],
        None,
        "x",
        [7],
        [{"action_id": "link:1", "value": "x"}],
        [{"action_id": "act:1"}],
        [{"action_id": "act:1", "value": 7}],
    ],
)
def test_presses_without_anything_to_do(actions: Any) -> None:
    assert press(actions=actions) is None


def test_an_action_that_an_attacker_made_up_is_still_an_event() -> None:
    found = press(actions=[{"action_id": "whatever", "value": "staff.approve:1"}])
    assert found is not None
    assert found.action == "staff.approve:1"


def test_the_shortcut() -> None:
    found = interaction(
        type="message_action", callback_id="share", channel={"id": "C1"}, message={"ts": "1.1", "text": "un &amp; due"}
    )
    assert found is not None
    assert (found.kind, found.action, found.replied_text, found.forms, found.address) == (
        EventKind.COMMAND,
        "share",
        "un & due",
        FormSupport.NOW,
        at("U1"),
    )
    assert interaction(type="message_action", callback_id="other", message={"text": "x"}) is None


def window(kind: str, **changes: Any) -> Event | None:
    view = {
        "id": "V1",
        "callback_id": "form",
        "private_metadata": '{"form":"share","context":{"mission":"7"}}',
        "state": {"values": {"title": {"value": {"type": "plain_text_input", "value": "Ciao"}}}},
        **changes,
    }
    return interaction(type=kind, view=view)


def test_windows() -> None:
    submitted, closed = window("view_submission"), window("view_closed")
    assert submitted is not None
    assert closed is not None
    assert (submitted.kind, closed.kind) == (EventKind.SUBMIT, EventKind.ABANDON)
    for found in (submitted, closed):
        assert (found.form, found.form_context, found.values) == ("share", {"mission": "7"}, {"title": "Ciao"})
    assert window("view_closed", callback_id="notice") is None
    assert window("view_submission", private_metadata="") is None


def test_what_is_stored_holds_no_secrets_and_the_same_event() -> None:
    body = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/x",
        "token": "legacy",
        "view": {"id": "V1", "blocks": [{}]},
        "message": {"ts": "9.1", "blocks": [{}]},
        "actions": [{"action_id": "act:0", "value": "x", "action_ts": "9.2"}],
        "channel": {"id": "C1"},
    }
    payload = stored(body, "en")
    assert {"token", "trigger_id", "response_url"}.isdisjoint(payload["body"])
    assert payload["body"]["view"] == {"id": "V1"}
    assert payload["body"]["message"] == {"ts": "9.1"}
    found = parse(payload, US)
    assert found is not None
    assert (found.id, found.locale) == (unique_id(body), "en")


def test_ids_are_stable_and_tell_interactions_apart() -> None:
    first = {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "1", "actions": [{"action_ts": "1"}]}
    assert unique_id(first) == unique_id(dict(first))
    others = [
        {**first, "trigger_id": "2"},
        {**first, "actions": [{"action_ts": "2"}]},
        {**first, "user": {"id": "U2"}},
        {**first, "type": "view_closed"},
    ]
    assert len({unique_id(body) for body in [first, *others]}) == 5
    assert unique_id({"event_id": "Ev9", "type": "event_callback"}) == "Ev9"
    closed = {"type": "view_closed", "user": {"id": "U1"}, "view": {"id": "V1", "hash": "1"}}
    assert unique_id(closed) != unique_id({**closed, "view": {"id": "V2", "hash": "1"}})


def test_events_are_kept_in_order_by_person() -> None:
    assert person_of({"event": {"user": "U1", "channel": "C1"}}) == "U1"
    assert person_of({"event": {"user": {"id": "U1"}}}) == "U1"
    assert person_of({"user": {"id": "U2"}}) == "U2"
    assert person_of({"user_id": "U3"}) == "U3"
    assert person_of({"event": {"channel": "C1"}}) == "C1"
    assert person_of({}) == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=15,
)
KEYS = (
    "type",
    "user",
    "channel",
    "text",
    "ts",
    "files",
    "bot_id",
    "subtype",
    "channel_type",
    "tab",
    "thread_ts",
    "hidden",
)
WORDS = (
    *("message", "app_mention", "app_home_opened", "member_joined_channel", "block_actions", "message_action"),
    *("view_submission", "view_closed", "event_callback", "im", "home", "D1", "U1", "UBOT", "form", "share"),
)
plausible = st.one_of(st.sampled_from(WORDS), json_values, st.fixed_dictionaries({}, optional={"id": json_values}))
inner = st.dictionaries(st.sampled_from(KEYS), plausible)
bodies = st.fixed_dictionaries(
    {},
    optional={
        "type": plausible,
        "event": st.one_of(inner, json_values),
        "event_id": json_values,
        "user": plausible,
        "user_id": json_values,
        "command": json_values,
        "text": json_values,
        "channel": plausible,
        "container": st.one_of(json_values, st.dictionaries(st.sampled_from(["message_ts", "channel_id"]), plausible)),
        "message": st.one_of(inner, json_values),
        "actions": st.one_of(
            json_values, st.lists(st.dictionaries(st.sampled_from(["action_id", "value", "action_ts"]), plausible))
        ),
        "callback_id": plausible,
        "view": st.one_of(
            json_values,
            st.dictionaries(st.sampled_from(["id", "type", "callback_id", "private_metadata", "state"]), plausible),
        ),
    },
)


@given(json_values)
def test_any_json_is_none_or_an_event(payload: Any) -> None:
    assert parse(payload, US) is None or isinstance(parse(payload, US), Event)


@given(st.sampled_from(["events_api", "interactive", "slash_commands"]), bodies)
def test_any_body_is_none_or_an_event(kind: str, body: dict[str, Any]) -> None:
    found = parse({"type": kind, "body": body, "locale": "it"}, US)
    assert found is None or isinstance(found, Event)
    kind_of(body)
    assert isinstance(stored(body, "")["id"], str)
    assert isinstance(person_of(body), str)
