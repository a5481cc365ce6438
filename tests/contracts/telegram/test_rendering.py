"""Screens as Telegram messages: what is seen, and that no limit is ever passed."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.platforms.telegram.layout import clean, is_visible, paginate
from bot.platforms.telegram.rendering import POINTER, Part, PartKind, is_linkable, markup, render
from handlers.conversation.screen import (
    AnyButton,
    Block,
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
    Span,
    Style,
    UrlButton,
    plain,
    screen,
)
from tests.standins.telegram import rules
from tests.standins.telegram.keyboards import reply_markup
from tests.standins.telegram.parameters import Parameters
from tests.standins.telegram.text_entities import parse_html, utf16_length

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (40).to_bytes(4) + (30).to_bytes(4)
HOSTILE = '<b>*_[x](y) & "q" `z` {n} </a> &lt; \u202eRTL שלום \u0000 🧬👩‍🔬'


def html_of(*blocks: Block) -> str:
    parts = render(Screen(blocks))
    assert len(parts) == 1
    return parts[0].html


def words(part: Part) -> str:
    return parse_html(part.html)[0]


def all_words(parts: list[Part]) -> str:
    return "\n".join(words(part) for part in parts)


def check_limits(parts: list[Part]) -> None:
    """What the stand-in, and Telegram, check of each message."""
    assert parts
    for part in parts:
        if part.kind is PartKind.TEXT:
            _, entities = rules.message_text(Parameters({"text": part.html, "parse_mode": "HTML"}))
        else:
            assert part.file is not None
            _, entities = rules.caption(Parameters({"caption": part.html, "parse_mode": "HTML"}))
        assert len(entities) <= 100
        keyboard = markup(part.keyboard).to_json()
        reply_markup(Parameters({"reply_markup": keyboard}), is_private=True)


# What is seen


def test_each_block_has_its_look() -> None:
    assert html_of(Heading("Serata di networking"), Para(("Ci vediamo ", Bold("giovedì"), "!"))) == (
        "<b>Serata di networking</b>\nCi vediamo <b>giovedì</b>!"
    )
    assert html_of(Facts((("Quando", "17:30"), ("Dove:", "Milano"), ("Vieni?", "Sì")))) == (
        "<b>Quando:</b> 17:30\n<b>Dove:</b> Milano\n<b>Vieni?</b> Sì"
    )
    assert html_of(Bullets((("uno",), ("due ", Link("qui", "https://example.org/?a=1&b=2"))))) == (
        '• uno\n• due <a href="https://example.org/?a=1&amp;b=2">qui</a>'
    )


@pytest.mark.parametrize(
    ("done", "total", "bar"),
    [
        (0, 10, "░░░░░░░░░░ 0/10"),
        (1, 1000, "█░░░░░░░░░ 1/1000"),
        (5, 10, "█████░░░░░ 5/10"),
        (999, 1000, "█████████░ 999/1000"),
        (10, 10, "██████████ 10/10"),
        (12, 10, "██████████ 12/10"),
        (0, 0, "░░░░░░░░░░ 0/0"),
        (-1, 3, "░░░░░░░░░░ -1/3"),
    ],
)
def test_progress_is_full_only_when_all_is_done(done: int, total: int, bar: str) -> None:
    assert html_of(Progress(done, total)) == bar
    assert html_of(Progress(done, total, "Posti")) == f"Posti\n{bar}"


def test_blocks_are_parted_by_an_empty_line_and_headings_stay_with_what_follows() -> None:
    assert html_of(Para(("a",)), Heading("T"), Heading("U"), Para(("b",)), Para(("c",))) == (
        "a\n\n<b>T</b>\n\n<b>U</b>\nb\n\nc"
    )


def test_line_breaks_are_kept() -> None:
    assert html_of(Para(("a\r\n\nb ", Bold("c\nd")))) == "a\n\nb <b>c</b>\n<b>d</b>"


def test_hostile_text_stays_text_in_every_place() -> None:
    shown = (
        screen()
        .heading(HOSTILE)
        .para(HOSTILE, Bold(HOSTILE), Link(HOSTILE, "https://example.org/'\"<>&"))
        .facts((HOSTILE, HOSTILE))
        .bullets([HOSTILE])
        .block(Progress(1, 2, HOSTILE))
        .row(Button(HOSTILE, "a"), UrlButton(HOSTILE, "https://example.org"))
        .build()
    )
    parts = render(shown)
    check_limits(parts)
    text, entities = parse_html(parts[0].html)
    assert text.count('<b>*_[x](y) & "q" `z` {n} </a> &lt; RTL שלום  🧬👩‍🔬') == 8
    assert {entity["type"] for entity in entities} == {"bold", "text_link"}
    assert [e["url"] for e in entities if e["type"] == "text_link"] == ["https://example.org/'\"<>&"]
    assert "\u202e" not in parts[0].keyboard[0][0].label or "\u202e" not in markup(parts[0].keyboard).to_json()


def test_a_link_that_telegram_would_drop_shows_its_address() -> None:
    assert html_of(Para((Link("la demo", "http://localhost:8080/x"),))) == "la demo (http://localhost:8080/x)"
    assert html_of(Para((Link("scrivi", "javascript:alert(1)"),))) == "scrivi (javascript:alert(1))"
    long = "https://example.org/" + "x" * 2000
    assert long in html_of(Para((Link("lungo", long),)))


@pytest.mark.parametrize(
    ("url", "linkable"),
    [
        ("https://example.org", True),
        ("http://127.0.0.1:8080/a?b#c", True),
        ("http://[::1]:80/", True),
        ("https://t.me/bot?start=x", True),
        ("http://localhost/", False),
        ("ftp://example.org", False),
        ("https://", False),
        ("https://.org", False),
        ("https://example.org:99999/", False),
        ("https://[broken", False),
        ("https://example.org/a b", False),
        ("", False),
    ],
)
def test_linkable_addresses(url: str, linkable: bool) -> None:
    assert is_linkable(url) is linkable
    if linkable:
        reply_markup(
            Parameters({"reply_markup": markup(((UrlButton("x", url),),)).to_json()}),
            is_private=True,
        )


def test_a_button_that_telegram_would_refuse_becomes_a_line() -> None:
    shown = screen().para("a").row(UrlButton("Calendario", "http://localhost:8080/c"), Button("Sì", "y")).build()
    (part,) = render(shown)
    assert part.html == "a\n\nCalendario: http://localhost:8080/c"
    assert [[b.label for b in row] for row in part.keyboard] == [["Sì"]]


# Never empty, never too much


def test_a_message_always_has_something_to_see() -> None:
    for blocks in ((), (Para(("\u200b \n",)),), (Heading(""),), (Bullets(()),), (Para(("\u2800",)),)):
        (part,) = render(Screen(blocks, rows=((Button("Sì", "y"),),)))
        assert part.html == POINTER
    (part,) = render(Screen((), summary="Un riepilogo"))
    assert part.html == "Un riepilogo"
    (part,) = render(Screen(()))
    assert part.html == POINTER


def test_invisible_blocks_leave_no_gap() -> None:
    assert html_of(Para(("a",)), Para(("\u200b",)), Para(("b",))) == "a\n\nb"


def test_a_file_alone_needs_no_text() -> None:
    (part,) = render(Screen((), files=(File("a.ics", "text/calendar", b"x"),)))
    assert (part.kind, part.html) == (PartKind.DOCUMENT, "")


@pytest.mark.parametrize("char", ["a", "à", "&", "🧬", "<"])
@pytest.mark.parametrize("length", [4095, 4096, 4097, 9000])
def test_the_limit_is_used_to_the_last_character(char: str, length: int) -> None:
    per_message = 4096 // utf16_length(char)
    parts = render(Screen((Para((char * length,)),)))
    check_limits(parts)
    assert [len(words(part)) for part in parts] == [
        min(per_message, length - start) for start in range(0, length, per_message)
    ]


def test_long_screens_are_split_between_blocks_first() -> None:
    blocks = tuple(Para((f"{number} " + "parola " * 200,)) for number in range(9))
    parts = render(Screen(blocks))
    check_limits(parts)
    assert len(parts) == 5
    for part in parts:
        for text in words(part).split("\n\n"):
            assert text.split()[1:] == ["parola"] * 200


def test_then_between_lines() -> None:
    parts = render(Screen((Bullets(tuple((f"{n} " + "x" * 98,) for n in range(60))),)))
    check_limits(parts)
    assert len(parts) == 2
    assert all(line.startswith("• ") and len(line) >= 102 for part in parts for line in words(part).split("\n"))


def test_then_between_words_and_no_word_is_lost() -> None:
    text = " ".join(f"parola{n}" for n in range(2000))
    parts = render(Screen((Para((text,)),)))
    check_limits(parts)
    assert " ".join(words(part) for part in parts).split() == text.split()


def test_a_link_is_not_taken_apart() -> None:
    link = Link("una parola o due o tre", "https://example.org/x")
    parts = render(Screen((Para(("y " * 2040, link, " fine")),)))
    check_limits(parts)
    assert len(parts) == 2
    assert parts[1].html.startswith('<a href="https://example.org/x">una parola o due o tre</a> fine')


def test_a_bold_text_longer_than_a_message_stays_bold_throughout() -> None:
    parts = render(Screen((Heading("titolo " * 1000),)))
    check_limits(parts)
    assert len(parts) == 2
    assert all(
        part.html.startswith("<b>") and part.html.endswith("</b>") and part.html.count("<b>") == 1 for part in parts
    )


def test_signs_that_are_drawn_as_one_are_not_cut() -> None:
    sign = "👩🏽‍🔬"
    parts = render(Screen((Para((sign * 900,)),)))
    check_limits(parts)
    assert "".join(words(part) for part in parts) == sign * 900
    assert all(words(part).startswith("👩") for part in parts)


def test_at_most_a_hundred_formatted_stretches() -> None:
    facts = Facts(tuple((f"L{n}", f"v{n}") for n in range(250)))
    parts = render(Screen((facts,)))
    check_limits(parts)
    assert [words(part).count("\n") + 1 for part in parts] == [100, 100, 50]


def test_what_telegram_marks_by_itself_counts_too() -> None:
    spans: list[Span] = []
    for number in range(80):
        spans += [f" @utente{number} #tag{number} ", Bold("x")]
    parts = render(Screen((Para(tuple(spans)),)))
    check_limits(parts)
    assert len(parts) >= 3
    for part in parts:
        _, entities = rules.message_text(Parameters({"text": part.html, "parse_mode": "HTML"}))
        assert len(entities) <= 100


def test_long_addresses_do_not_pass_the_limit_of_the_source() -> None:
    link = Link("x", "https://example.org/" + "&" * 1900)
    parts = render(Screen((Bullets(tuple((link,) for _ in range(20))),)))
    check_limits(parts)
    assert sum(part.html.count("<a ") for part in parts) == 20


# Buttons


def labels(part: Part) -> list[list[str]]:
    return [[button.label for button in row] for row in part.keyboard]


def test_a_wide_row_is_split_evenly() -> None:
    row: tuple[AnyButton, ...] = tuple(Button(str(n), f"a:{n}") for n in range(9))
    (part,) = render(Screen((Para(("x",)),), (row,)))
    assert [len(row) for row in part.keyboard] == [4, 5]
    check_limits([part])


def test_more_than_a_hundred_buttons_go_on_in_further_messages() -> None:
    rows = tuple((Button(f"{n}", f"a:{n}"), Button(f"{n}b", f"b:{n}")) for n in range(120))
    parts = render(Screen((Para(("x",)),), rows))
    check_limits(parts)
    assert [part.html for part in parts] == ["x", POINTER, POINTER]
    assert [sum(map(len, part.keyboard)) for part in parts] == [100, 100, 40]
    assert [b for part in parts for row in part.keyboard for b in row] == [b for row in rows for b in row]


def test_buttons_are_below_the_last_text_and_above_the_files() -> None:
    shown = Screen(
        (Para(("parola " * 1000,)),), ((Button("Sì", "y"),),), files=(File("a.pdf", "application/pdf", b"%PDF"),)
    )
    parts = render(shown)
    assert [part.kind for part in parts] == [PartKind.TEXT, PartKind.TEXT, PartKind.DOCUMENT]
    assert [labels(part) for part in parts] == [[], [["Sì"]], []]


def test_styles_and_long_labels() -> None:
    row = (Button("a" * 300, "a", Style.PRIMARY), Button("b", "b", Style.DANGER), Button("c", "c"))
    keyboard = markup((row,)).to_dict()["inline_keyboard"][0]
    assert [button.get("style") for button in keyboard] == ["primary", "danger", None]
    assert keyboard[0]["text"] == "a" * 300
    check_limits([Part(PartKind.TEXT, "x", keyboard=(row,))])


def test_no_buttons_is_a_keyboard_without_rows() -> None:
    assert markup(()) == InlineKeyboardMarkup([])


# Pictures


def picture(alt: str = "Il grafico", mime: str = "image/png", content: bytes = PNG) -> Picture:
    return Picture(File("grafico.png", mime, content), alt)


def test_a_short_text_is_the_caption_of_its_picture() -> None:
    (part,) = render(Screen((Heading("Iscritti"), picture(), Para(("Bene!",))), ((Button("Sì", "y"),),)))
    assert (part.kind, part.html) == (PartKind.PHOTO, "<b>Iscritti</b>\nIl grafico\n\nBene!")
    assert labels(part) == [["Sì"]]


def test_words_that_stand_for_a_picture_are_not_said_twice() -> None:
    (part,) = render(Screen((Para(("Ecco Il grafico di maggio",)), picture())))
    assert part.html == "Ecco Il grafico di maggio"


def test_a_long_text_stays_around_its_picture() -> None:
    parts = render(Screen((Para(("prima " * 200,)), picture(), Para(("dopo",))), ((Button("Sì", "y"),),)))
    assert [part.kind for part in parts] == [PartKind.TEXT, PartKind.PHOTO, PartKind.TEXT]
    assert parts[1].html == "Il grafico"
    assert [labels(part) for part in parts] == [[], [], [["Sì"]]]
    check_limits(parts)


def test_several_pictures_keep_their_order() -> None:
    parts = render(Screen((Para(("a",)), picture("uno"), Para(("b",)), picture("due"))))
    assert [(part.kind, part.html) for part in parts] == [
        (PartKind.TEXT, "a"),
        (PartKind.PHOTO, "uno"),
        (PartKind.TEXT, "b"),
        (PartKind.PHOTO, "due"),
    ]


def test_words_too_long_for_a_caption_follow_the_picture() -> None:
    parts = render(Screen((picture("parola " * 300), picture("due"))))
    assert [part.kind for part in parts] == [PartKind.PHOTO, PartKind.TEXT, PartKind.PHOTO]
    assert parts[0].html == ""
    assert words(parts[1]).split() == ["parola"] * 300
    check_limits(parts)


def test_what_is_no_picture_to_telegram_goes_as_a_file() -> None:
    for odd in (picture(mime="image/svg+xml"), picture(content=PNG + bytes(10 << 20))):
        (part,) = render(Screen((odd,)))
        assert (part.kind, part.html) == (PartKind.DOCUMENT, "Il grafico")


# Whatever comes

text = st.text(max_size=400) | st.sampled_from(
    [HOSTILE, "x" * 5000, "a b " * 1500, "🧬" * 3000, "@a #b " * 120, "\n" * 50]
)
spans = st.one_of(
    text, text.map(Bold), st.builds(Link, text, st.sampled_from(["https://e.org/?a&b", "bad", "http://x"]))
)
blocks = st.one_of(
    text.map(Heading),
    st.lists(spans, max_size=6).map(lambda items: Para(tuple(items))),
    st.lists(st.tuples(text, text), max_size=4).map(lambda rows: Facts(tuple(rows))),
    st.lists(st.lists(spans, max_size=3).map(tuple), max_size=4).map(lambda items: Bullets(tuple(items))),
    text.map(picture),
    st.builds(Progress, st.integers(-5, 500), st.integers(-5, 500), text),
)
buttons = st.one_of(
    st.builds(lambda label, style: Button(label, "a:1", style), text.filter(str.strip), st.sampled_from(Style)),
    st.builds(UrlButton, text, st.sampled_from(["https://example.org", "http://localhost", "nonsense"])),
)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(blocks, max_size=6),
    st.lists(st.lists(buttons, max_size=20).map(tuple), max_size=10),
)
def test_any_screen_is_within_every_limit_and_loses_no_word(
    made: list[Block], rows: list[tuple[AnyButton, ...]]
) -> None:
    shown = Screen(tuple(made), tuple(rows))
    parts = render(shown)
    check_limits(parts)
    seen = "".join(all_words(parts).split())
    said = Counter(
        filter(str.isalnum, plain(replace(shown, blocks=tuple(b for b in made if not isinstance(b, Picture)))))
    )
    assert said <= Counter(seen)
    for block in made:
        if isinstance(block, Picture):
            assert "".join(clean(block.alt).split()) in seen or not is_visible(block.alt)
    for row in rows:
        for button in row:
            if isinstance(button, UrlButton) and not is_linkable(button.url):
                assert button.url in seen
    kept = sum(len(row) for part in parts for row in part.keyboard)
    assert kept == sum(not isinstance(b, UrlButton) or is_linkable(b.url) for row in rows for b in row)


def test_nothing_shown_is_no_page() -> None:
    assert paginate([]) == []
