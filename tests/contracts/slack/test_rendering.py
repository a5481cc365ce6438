from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from bot.platforms.slack.rendering import Message, render, render_home
from bot.platforms.slack.rich_text import rich_text
from handlers.conversation.screen import (
    Bold,
    Bullets,
    Button,
    Facts,
    File,
    Heading,
    Link,
    Para,
    Picture,
    Progress,
    Screen,
    Style,
    UrlButton,
    screen,
)
from tests.standins.slack.blocks import check_message_blocks, check_view
from tests.standins.slack.rendering import blocks_as_seen, button_rows, mentions_in

HOSTILE = "<!channel> <@U1> *_~`bold`~_* &lt; & > :smile: \n> quote https://example.org/a?b=1&c"


def checked(shown: Screen) -> tuple[Message, ...]:
    """The messages, each looked over by the stand-in's rules and by slack_sdk's models."""
    messages = render(shown).messages
    for message in messages:
        blocks = list(message.blocks)
        check_message_blocks([dict(block) for block in blocks])
        for model in SdkBlock.parse_all(blocks):
            model.validate_json()
        assert message.text.strip()
        assert mentions_in(message.text, blocks, linked_names=True) == []
    return messages


def seen(messages: tuple[Message, ...]) -> str:
    return "\n".join(blocks_as_seen(list(message.blocks), str) for message in messages)


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def test_every_block_is_drawn() -> None:
    shown = Screen(
        (
            Heading("Fiera di Tel Aviv"),
            Para(("Ciao ", Bold("Anna"), ", vedi ", Link("il sito", "https://example.org"))),
            Facts((("Dove", "Tel Aviv"), ("Quando", "14 maggio"))),
            Bullets((("uno",), (Bold("due"), " e mezzo"))),
            Picture(File("map.png", "image/png", b"x"), "La mappa"),
            Progress(3, 10, "Invio"),
        ),
        ((Button("Vengo", "event.rsvp:1:yes", Style.PRIMARY), Button("No", "event.rsvp:1:no", Style.DANGER)),),
    )
    (message,) = checked(shown)
    assert kinds(message) == ["header"] + ["rich_text"] * 5 + ["actions"]
    assert seen((message,)).splitlines() == [
        "Fiera di Tel Aviv",
        "Ciao Anna, vedi il sito",
        "Dove: Tel Aviv",
        "Quando: 14 maggio",
        "uno",
        "due e mezzo",
        "🖼 La mappa",
        "Invio",
        "███░░░░░░░ 3/10",
        "[Vengo] [No]",
    ]
    assert render(shown).files == (File("map.png", "image/png", b"x"),)


def test_hostile_text_is_shown_letter_by_letter_and_pings_nobody() -> None:
    (message,) = checked(
        screen()
        .heading("<!here> *x*")
        .para(HOSTILE, Bold(HOSTILE))
        .facts((HOSTILE, HOSTILE))
        .bullets([HOSTILE])
        .build()
    )
    text = seen((message,))
    assert text.count(HOSTILE) == 5
    assert "<!here> *x*" in text
    assert all(block["type"] in {"header", "rich_text"} for block in message.blocks)


def test_the_notification_line_is_the_summary_and_pings_nobody() -> None:
    (message,) = checked(screen(summary="<!channel> & co").para("x").build())
    assert message.text == "&lt;!channel&gt; &amp; co"


@given(st.text(max_size=200))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    blocks = rich_text((text,))
    assert blocks_as_seen(blocks, str) == text


@pytest.mark.parametrize("length", [3000, 3001, 12_001, 40_000])
def test_long_texts_are_split_and_not_cut(length: int) -> None:
    text = "".join(f"{number:06d} " for number in range(length // 7 + 1))[:length]
    messages = checked(screen().para(text).para(Bold(text)).build())
    joined = "".join(
        element["text"]
        for message in messages
        for block in message.blocks
        for section in block["elements"]
        for element in section["elements"]
    )
    assert joined == text * 2


def test_many_blocks_become_several_messages_with_the_buttons_on_the_last() -> None:
    built = screen(summary="Elenco")
    for number in range(120):
        built.para(f"riga {number}")
    messages = checked(built.row(Button("Avanti", "page:2")).build())
    assert [len(message.blocks) for message in messages] == [50, 50, 21]
    assert [message.text for message in messages] == ["Elenco", "riga 50", "riga 100"]
    assert kinds(messages[-1])[-1] == "actions"


def test_many_facts_and_bullets_are_all_there() -> None:
    facts = tuple((f"chiave {number}", "v" * 900) for number in range(40))
    bullets = tuple((f"voce {number} " + "w" * 2990,) for number in range(8))
    text = seen(checked(Screen((Facts(facts), Bullets(bullets)))))
    assert all(f"chiave {number}: " in text for number in range(40))
    assert all(f"voce {number} " in text for number in range(8))
    assert text.count("v") >= 40 * 900


def test_more_than_twenty_five_buttons_in_a_row_are_kept() -> None:
    row = tuple(Button(f"B{number}", f"b:{number}") for number in range(60))
    (message,) = checked(Screen((Para(("x",)),), (row,)))
    buttons = [
        button for line in button_rows([dict(block) | {"block_id": "x"} for block in message.blocks]) for button in line
    ]
    assert [button.value for button in buttons] == [f"b:{number}" for number in range(60)]
    assert len({button.action_id for button in buttons}) == 60


def test_a_label_that_does_not_fit_is_written_beside_its_button() -> None:
    label = "Conferma la partecipazione alla visita tecnica del Technion di Haifa per tutti i delegati"
    (message,) = checked(Screen((), ((Button(label, "x:1"), Button("No", "x:2")),)))
    section, actions = message.blocks
    assert section["text"]["text"] == label
    assert section["accessory"]["text"]["text"] == label[:74].rstrip() + "…"
    assert section["accessory"]["value"] == "x:1"
    assert actions["elements"][0]["value"] == "x:2"
    assert message.text.startswith("Conferma")


def test_buttons_say_how_they_are_answered() -> None:
    (message,) = checked(
        Screen(
            (),
            (
                (
                    Button("Modulo", "form.open:x", opens_form=True),
                    Button("Azione", "a"),
                    UrlButton("Sito", "https://e.org"),
                ),
            ),
        )
    )
    form, act, link = message.blocks[0]["elements"]
    assert [form["action_id"], act["action_id"], link["action_id"]] == ["form:0", "act:1", "link:2"]
    assert link["url"] == "https://e.org"
    assert "value" not in link


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "https://e.org/" + "x" * 3000, "https://e .org"])
def test_an_address_that_slack_would_refuse_is_written_out(url: str) -> None:
    messages = checked(Screen((Para((Link("qui", url),)),), ((UrlButton("Apri", url),),)))
    text = seen(messages)
    assert "qui" in text
    assert "Apri" in text
    assert all(block["type"] == "rich_text" for message in messages for block in message.blocks)
    assert url.strip() in text.replace("\n", "")


def test_typed_addresses_can_be_followed() -> None:
    (message,) = checked(screen().para("vedi https://example.org/x, oppure (http://e.org).").build())
    elements = message.blocks[0]["elements"][0]["elements"]
    assert [element.get("url") for element in elements] == [
        None,
        "https://example.org/x",
        None,
        "http://e.org",
        None,
    ]


@pytest.mark.parametrize(
    ("done", "total", "bar"),
    [
        (0, 10, "░░░░░░░░░░ 0/10"),
        (1, 1000, "█░░░░░░░░░ 1/1000"),
        (999, 1000, "█████████░ 999/1000"),
        (10, 10, "██████████ 10/10"),
        (0, 0, "░░░░░░░░░░ 0/0"),
        (12, 10, "██████████ 12/10"),
    ],
)
def test_a_bar_claims_neither_start_nor_end_before_time(done: int, total: int, bar: str) -> None:
    assert seen(checked(Screen((Progress(done, total),)))) == bar


def test_a_screen_with_nothing_but_a_name_is_still_a_message() -> None:
    (message,) = checked(Screen((), summary="Fatto"))
    assert seen((message,)) == "Fatto"


def test_a_long_heading_is_whole() -> None:
    title = "Delegazione " * 20
    (message,) = checked(screen().heading(title).build())
    assert seen((message,)) == title.strip()


def test_home_is_one_view() -> None:
    built = screen(name="home")
    for number in range(90):
        built.para(f"riga {number}")
    view = render_home(built.row(Button("Eventi", "event.list")).build())
    check_view(view, "home")
    assert len(view["blocks"]) == 91
    with pytest.raises(ValueError, match="100"):
        render_home(screen().build().with_blocks(*[Para((str(n),)) for n in range(101)]))


spans = st.one_of(
    st.text(max_size=80),
    st.builds(Bold, st.text(max_size=80)),
    st.builds(Link, st.text(max_size=80), st.text(max_size=80).map(lambda text: "https://e.org/" + text)),
)
blocks = st.one_of(
    st.builds(Heading, st.text(max_size=300)),
    st.builds(Para, st.lists(spans, max_size=5).map(tuple)),
    st.builds(Facts, st.lists(st.tuples(st.text(max_size=50), st.text(max_size=3100)), max_size=4).map(tuple)),
    st.builds(Bullets, st.lists(st.lists(spans, max_size=3).map(tuple), max_size=6).map(tuple)),
    st.builds(Progress, st.integers(-5, 200), st.integers(-5, 200), st.text(max_size=30)),
)
labels = st.text(min_size=1, max_size=120).filter(lambda text: bool(text.strip()))
buttons: st.SearchStrategy[Any] = st.one_of(
    st.builds(Button, labels, st.just("a:1"), st.sampled_from(Style), st.booleans()),
    st.builds(UrlButton, st.text(max_size=90), st.just("https://e.org")),
)


@given(
    st.builds(
        Screen,
        st.lists(blocks, max_size=6).map(tuple),
        st.lists(st.lists(buttons, min_size=1, max_size=4).map(tuple), max_size=4).map(tuple),
        summary=st.text(max_size=200),
    )
)
def test_any_screen_is_one_that_slack_takes(shown: Screen) -> None:
    messages = checked(shown)
    assert messages
    values = [
        element["value"]
        for message in messages
        for block in message.blocks
        for element in [*(block.get("elements") or []), block.get("accessory") or {}]
        if element.get("value")
    ]
    assert len(values) == sum(isinstance(button, Button) for button in shown.buttons)
