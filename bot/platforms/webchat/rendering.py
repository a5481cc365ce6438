"""A screen as HTML elements."""

import zlib
from collections.abc import Callable, Sequence
from typing import assert_never
from urllib.parse import quote

from bot.platforms.webchat.elements import Node, icon, safe_url
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
    UrlButton,
)

FILES_PATH = "/webchat/files"

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
"""What a browser draws in an ``img``; scripts inside an SVG do not run there."""

OnPress = Callable[[Button, Node], None]
"""Called when a button is pressed, with what it says and the element itself."""


def files_of(screen: Screen) -> list[File]:
    """All files of a screen in the order in which :func:`file_url` counts them: pictures, then attachments."""
    return [block.file for block in screen.blocks if isinstance(block, Picture)] + list(screen.files)


def file_url(chat: str, message_id: str, index: int, file: File) -> str:
    """Where the page fetches a file of a message. It changes with the file, so a redrawn picture is fetched anew."""
    version = zlib.crc32(file.content or repr(file.reference).encode())
    return f"{FILES_PATH}/{quote(chat, safe='')}/{quote(message_id, safe='')}/{index}?v={version:x}"


class ScreenRenderer:
    """Draws one screen into the element that is open."""

    def __init__(self, screen: Screen, *, chat: str, message_id: str, on_press: OnPress) -> None:
        self._screen = screen
        self._chat = chat
        self._message_id = message_id
        self._on_press = on_press
        self._files = files_of(screen)
        self._next_file = 0
        self._headings = 0

    def draw(self) -> None:
        """Draw everything: blocks, then files, then buttons."""
        for block in self._screen.blocks:
            self._block(block)
        if self._screen.files:
            with Node("ul", "files"):
                for file in self._screen.files:
                    self._attachment(file)
        if self._screen.rows:
            with Node("div", "button-rows"):
                for row in self._screen.rows:
                    self._row(row)

    def _block(self, block: Block) -> None:
        match block:
            case Heading(text):
                self._headings += 1
                Node("h3" if self._headings == 1 else "h4", "heading", text)
            case Para(spans):
                with Node("p", "para"):
                    draw_spans(spans)
            case Facts(rows):
                with Node("dl", "facts"):
                    for label, value in rows:
                        with Node("div", "fact"):
                            Node("dt", text=label)
                            Node("dd", text=value)
            case Bullets(items):
                with Node("ul", "bullets"):
                    for item in items:
                        with Node("li"):
                            draw_spans(item)
            case Picture(file, alt):
                self._picture(file, alt)
            case Progress(done, total, label):
                draw_progress(done, total, label)
            case _:
                assert_never(block)

    def _url(self, file: File) -> str:
        url = file_url(self._chat, self._message_id, self._next_file, file)
        self._next_file += 1
        return url

    def _picture(self, file: File, alt: str) -> None:
        url = self._url(file)
        if file.mime not in PICTURES:
            with Node("p", "para"):
                Node("a", "link", alt or file.name, attributes={"href": url, "download": file.name})
            return
        with Node("figure", "picture"):
            Node("img", attributes={"src": url, "alt": alt, "loading": "lazy"})

    def _attachment(self, file: File) -> None:
        # Attachments come after the pictures in files_of, and blocks are drawn first, so the count goes on.
        with (
            Node("li"),
            Node("a", "file", attributes={"href": self._url(file), "download": file.name}),
        ):
            icon("file")
            with Node("span", "file-words"):
                Node("span", "file-name", file.name)
                Node("span", "file-kind", _kind_of(file))
            icon("download")

    def _row(self, row: Sequence[AnyButton]) -> None:
        with Node("div", "button-row"):
            for button in row:
                match button:
                    case Button():
                        self._button(button)
                    case UrlButton(label, url):
                        draw_link(label, url, "button button-plain")
                    case _:
                        assert_never(button)

    def _button(self, button: Button) -> None:
        element = Node("button", f"button button-{button.style.value}", button.label, {"type": "button"})
        element.listen("click", lambda _: self._on_press(button, element))


def draw_spans(spans: Sequence[Span]) -> None:
    """Draw running text."""
    for span in spans:
        match span:
            case str():
                Node("span", text=span)
            case Bold(text):
                Node("strong", text=text)
            case Link(text, url):
                draw_link(text, url, "link")
            case _:
                assert_never(span)


def draw_link(label: str, url: str, classes: str) -> None:
    """Draw a link to the web in a new tab; only its words where the address is of another kind."""
    href = safe_url(url)
    if href is None:
        Node("span", classes, label, {"aria-disabled": "true"})
        return
    attributes = {"href": href, "target": "_blank", "rel": "noopener noreferrer"}
    Node("a", f"{classes} leads-out", label, attributes)


def draw_progress(done: int, total: int, label: str) -> None:
    """Draw a bar with its numbers."""
    shown = max(0, min(done, total))
    attributes = {
        "role": "progressbar",
        "aria-valuemin": 0,
        "aria-valuemax": total,
        "aria-valuenow": shown,
        "aria-label": label or f"{done}/{total}",
    }
    with Node("div", "progress"):
        with Node("div", "progress-words"):
            Node("span", text=label)
            Node("span", "progress-count", f"{done}/{total}")
        with Node("div", "progress-track", attributes=attributes):
            width = 100 * shown / total if total > 0 else 0
            Node("div", "progress-bar").style(f"width: {width:.1f}%")


def _kind_of(file: File) -> str:
    suffix = file.name.rpartition(".")[2] if "." in file.name else file.mime.partition("/")[2]
    size = len(file.content)
    return f"{suffix.upper()[:8]} · {_size(size)}" if size else suffix.upper()[:8]


def _size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size / 1024:.0f} kB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"
