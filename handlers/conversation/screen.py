"""A screen: structured text, buttons and files, in the words of no platform.

Handlers build screens; platforms render them. There is no markup in here: a renderer escapes what it writes,
so a company called ``<b>*_[`` breaks nothing and mentions nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

MAX_ACTION_BYTES = 64
"""Telegram's limit on ``callback_data`` (Bot API, InlineKeyboardButton), the narrowest of the platforms."""


@dataclass(frozen=True, slots=True)
class Bold:
    """Text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a web address (http or https)."""

    text: str
    url: str


Span = str | Bold | Link


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a screen or of a part of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. Line breaks inside the text are kept."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values, one a line."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short items."""

    items: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file that a platform keeps for us, fetched on demand.

    ``reference`` is what that platform calls it (a Telegram ``file_id``, a Slack file id, a web upload's id).
    """

    platform: str
    account: str
    reference: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over: either its bytes, or a platform's reference to it."""

    name: str
    mime: str
    content: bytes = b""
    reference: FileReference | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words that stand for it."""

    file: File
    alt: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A bar: ``done`` of ``total``."""

    done: int
    total: int
    label: str = ""


Block = Heading | Para | Facts | Bullets | Picture | Progress


def one_line(text: str, length: int) -> str:
    """The text on one line, cut with an ellipsis to so many characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"


class Style(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


class ActionTooLongError(ValueError):
    """An action's text is longer than the narrowest platform carries."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button. ``action`` is an action's text (see :func:`press`).

    ``opens_form`` says that the answer is a form: Slack must open a window within three seconds of the press,
    so its adapter opens one before the handler has run.

    Raises:
        ActionTooLongError: the action's text is over 64 bytes.
        ValueError: the label or the action is empty.
    """

    label: str
    action: str
    style: Style = Style.PLAIN
    opens_form: bool = False

    def __post_init__(self) -> None:
        if not self.label.strip() or not self.action:
            raise ValueError(f"a button needs a label and an action: {self.label!r} {self.action!r}")
        if len(self.action.encode()) > MAX_ACTION_BYTES:
            raise ActionTooLongError(f"{len(self.action.encode())} bytes, at most {MAX_ACTION_BYTES}: {self.action!r}")


@dataclass(frozen=True, slots=True)
class UrlButton:
    """A button that opens a web address."""

    label: str
    url: str


AnyButton = Button | UrlButton
Row = tuple[AnyButton, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees in one message.

    Attributes:
        blocks: the content, in order.
        rows: the buttons, row by row.
        files: handed over with the message.
        summary: one plain line for notifications and screen readers; the first heading or paragraph when empty.
        name: lets a platform render this one screen in its own way (Slack's App Home).
    """

    blocks: tuple[Block, ...]
    rows: tuple[Row, ...] = ()
    files: tuple[File, ...] = ()
    summary: str = ""
    name: str = ""

    @property
    def line(self) -> str:
        """The summary, or the first words of the content."""
        if self.summary:
            return self.summary
        for block in self.blocks:
            text = plain_block(block)
            if text:
                return text.splitlines()[0]
        return ""

    @property
    def buttons(self) -> list[AnyButton]:
        """All buttons, left to right, top to bottom."""
        return [button for row in self.rows for button in row]

    def with_rows(self, *rows: Sequence[AnyButton]) -> "Screen":
        """The same screen with further rows of buttons below."""
        return replace(self, rows=self.rows + tuple(tuple(row) for row in rows if row))

    def with_blocks(self, *blocks: Block) -> "Screen":
        """The same screen with further content below."""
        return replace(self, blocks=self.blocks + blocks)

    def preceded_by(self, *blocks: Block) -> "Screen":
        """The same screen with content above."""
        return replace(self, blocks=blocks + self.blocks)


@dataclass(slots=True)
class ScreenBuilder:
    """Collects a screen line by line, so that a ``screens`` module reads like what it draws."""

    blocks: list[Block] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    summary: str = ""
    name: str = ""

    def heading(self, text: str) -> "ScreenBuilder":
        """Add a heading."""
        self.blocks.append(Heading(text))
        return self

    def para(self, *spans: Span) -> "ScreenBuilder":
        """Add a paragraph; empty ones are left out."""
        kept = tuple(span for span in spans if span)
        if kept:
            self.blocks.append(Para(kept))
        return self

    def facts(self, *rows: tuple[str, str | None]) -> "ScreenBuilder":
        """Add labelled values; rows without a value are left out."""
        kept = tuple((label, value) for label, value in rows if value)
        if kept:
            self.blocks.append(Facts(kept))
        return self

    def bullets(self, items: Iterable[Span | Sequence[Span]]) -> "ScreenBuilder":
        """Add a list; nothing when it is empty."""
        kept = tuple((item,) if isinstance(item, str | Bold | Link) else tuple(item) for item in items)
        if kept:
            self.blocks.append(Bullets(kept))
        return self

    def block(self, block: Block) -> "ScreenBuilder":
        """Add any block."""
        self.blocks.append(block)
        return self

    def row(self, *buttons: AnyButton | None) -> "ScreenBuilder":
        """Add a row of buttons; ``None`` stands for a button that is not there."""
        kept = tuple(button for button in buttons if button is not None)
        if kept:
            self.rows.append(kept)
        return self

    def file(self, file: File) -> "ScreenBuilder":
        """Hand over a file."""
        self.files.append(file)
        return self

    def build(self) -> Screen:
        """The screen."""
        return Screen(tuple(self.blocks), tuple(self.rows), tuple(self.files), self.summary, self.name)


def screen(*, summary: str = "", name: str = "") -> ScreenBuilder:
    """Start a screen."""
    return ScreenBuilder(summary=summary, name=name)


def press(verb: str, *args: object) -> str:
    """The text of an action: the verb, then its arguments, joined by colons.

    An argument may hold no colon; an empty one is kept, so positions stay.

    Raises:
        ValueError: an argument holds a colon.
        ActionTooLongError: the text is over 64 bytes.
    """
    words = [verb, *(str(arg) for arg in args)]
    if any(":" in word for word in words):
        raise ValueError(f"an action's words hold no colon: {words}")
    text = ":".join(words)
    if len(text.encode()) > MAX_ACTION_BYTES:
        raise ActionTooLongError(f"{len(text.encode())} bytes, at most {MAX_ACTION_BYTES}: {text!r}")
    return text


def plain_span(span: Span) -> str:
    """The words of a span alone."""
    return span if isinstance(span, str) else span.text


def plain_block(block: Block) -> str:
    """The words of a block alone, for logs of the story, summaries and tests."""
    match block:
        case Heading(text):
            return text
        case Para(spans):
            return "".join(plain_span(span) for span in spans)
        case Facts(rows):
            return "\n".join(f"{label}: {value}" for label, value in rows)
        case Bullets(items):
            return "\n".join("• " + "".join(plain_span(span) for span in item) for item in items)
        case Picture(_, alt):
            return alt
        case Progress(done, total, label):
            return f"{label} {done}/{total}".strip()


def plain(shown: Screen) -> str:
    """The words of a screen alone, blocks parted by an empty line."""
    return "\n\n".join(text for text in (plain_block(block) for block in shown.blocks) if text)
