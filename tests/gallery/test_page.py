"""The gallery's page: complete, in one piece, and without a way for a text to become markup."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.gallery import platforms_that_can_be_drawn, render_gallery, write_gallery
from bot.gallery.markup import VOID
from bot.gallery.page import CannotBeDrawnError
from handlers.conversation.actions import REGISTRY, Example
from handlers.conversation.form import Field, FieldKind, Form, Option
from handlers.conversation.screen import (
    Bold,
    Button,
    File,
    FileReference,
    Link,
    Picture,
    Progress,
    Screen,
    UrlButton,
    screen,
)
from handlers.conversation.texts import Texts
from storage.enums import Locale, Platform

HOSTILE = "</div></template><script>alert(1)</script><img src=x onerror=alert(2)> \"' <b>*_[` & {{7*7}} </b>"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Page(HTMLParser):
    """Collects what a page is made of and checks that every element is closed."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.cells: set[tuple[str, str, str]] = set()
        self.article = ""
        self.text: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        known = dict(attrs)
        if tag == "article":
            self.article = known["id"] or ""
        if "data-locale" in known:
            self.cells.add((self.article, known["data-locale"] or "", known["data-platform"] or ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def source() -> str:
    return render_gallery(list(Locale), list(Platform))


def test_every_example_is_there_in_every_language_on_every_platform(source: str) -> None:
    wanted = {(name, locale.value, one.value) for name in REGISTRY.examples for locale in Locale for one in Platform}
    assert Page(source).cells == wanted


def test_nothing_is_loaded_from_anywhere(source: str) -> None:
    page = Page(source)
    assert not {"link", "iframe", "object", "embed"} & set(page.tags)
    fetched = [value for _, name, value in page.attributes if name in {"src", "srcset", "action", "data", "poster"}]
    assert all(value.startswith("data:") for value in fetched)
    policy = next(value for tag, name, value in page.attributes if tag == "meta" and value.startswith("default-src"))
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_no_name_is_given_twice(source: str) -> None:
    names = [value for tag, name, value in Page(source).attributes if name == "id" and tag in {"article", "section"}]
    assert len(names) == len(set(names))


def test_it_can_be_written_to_a_folder_that_is_not_there_yet(tmp_path: Path, source: str) -> None:
    path = tmp_path / "build" / "gallery.html"
    assert write_gallery(path) == len(REGISTRY.examples)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>\n<html")


def test_one_language_on_one_platform_is_enough(source: str) -> None:
    page = Page(render_gallery([Locale.ENGLISH], [Platform.TELEGRAM]))
    assert page.cells == {(name, "en", "telegram") for name in REGISTRY.examples}


def test_without_nicegui_the_web_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gallery.importlib.util.find_spec", lambda _: None)
    assert list(platforms_that_can_be_drawn()) == [Platform.TELEGRAM, Platform.SLACK]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> dict[str, Example]:
    """A registry with the test's own examples alone."""
    examples: dict[str, Example] = {}
    monkeypatch.setattr(REGISTRY, "examples", examples)
    return examples


def hostile_screen(_: Texts) -> Screen:
    """Every part of a screen, all of them hostile."""
    kept = File(HOSTILE, "application/pdf", reference=FileReference("web", "web", "x"))
    return (
        screen(summary=HOSTILE)
        .heading(HOSTILE)
        .para(
            HOSTILE, Bold(HOSTILE), Link(HOSTILE, "https://example.org/?a=<b>&c='d'"), Link("no", "javascript:alert(3)")
        )
        .facts((HOSTILE, HOSTILE))
        .bullets([HOSTILE, [Bold(HOSTILE)]])
        .block(Progress(3, 7, HOSTILE))
        .block(Picture(File("dot.png", "image/png", PIXEL), HOSTILE))
        .block(Picture(File("gone.png", "image/png"), HOSTILE))
        .row(
            Button(HOSTILE, "event.show:1"), UrlButton(HOSTILE, "https://example.org/"), UrlButton("x", "javascript:x")
        )
        .file(kept)
        .build()
    )


def hostile_form(_: Texts) -> Form:
    """Every kind of field, all of them hostile."""
    options = tuple(Option(f"o{number}", f"{number} {HOSTILE}"[:75]) for number in range(12))
    fields = [
        Field(f"{kind}{length}", HOSTILE, kind, hint=HOSTILE, options=options[:length], required=length == 3)
        for kind in FieldKind
        for length in (3, 12)
    ]
    filled = Field("filled", "Filled", FieldKind.TEXT, initial=HOSTILE)
    return Form("test.form", HOSTILE, (*fields, filled), HOSTILE[:24], intro=HOSTILE)


def test_no_text_becomes_markup(only: dict[str, Example]) -> None:
    hostile_screen.__module__ = hostile_form.__module__ = "handlers.test.examples"
    only["test.screen"] = Example("test.screen", hostile_screen)
    only["test.form"] = Example("test.form", hostile_form)
    source = render_gallery(list(Locale), list(Platform))
    page = Page(source)
    assert page.tags["script"] == 2  # the page's own, and the style sheet of the web chat
    assert not [one for one in page.attributes if one[1].startswith("on")]
    assert not [one for one in page.attributes if one[2].strip().lower().startswith("javascript:")]
    assert {value[:22] for tag, name, value in page.attributes if tag == "img" and name == "src"} == {
        "data:image/png;base64,"
    }
    assert "".join(page.text).count("<script>alert(1)</script>") > 40


def test_an_example_that_cannot_be_drawn_is_named(only: dict[str, Example]) -> None:
    def too_large(_: Texts) -> Form:
        fields = tuple(Field(f"f{number}", "Question") for number in range(101))
        return Form("test.large", "Large", fields, "Send")

    too_large.__module__ = "handlers.test.examples"
    only["test.large"] = Example("test.large", too_large)
    with pytest.raises(CannotBeDrawnError, match=r"test\.large in it on slack: .*101 blocks"):
        render_gallery(list(Locale), list(Platform))
