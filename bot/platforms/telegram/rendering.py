"""Screens as Telegram messages. Pure: what is sent depends on the screen alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import assert_never
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.platforms.telegram.layout import (
    CAPTION_LIMIT,
    Line,
    Run,
    Section,
    clean,
    is_visible,
    paginate,
)
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
    Row,
    Screen,
    Span,
    Style,
    UrlButton,
    plain_block,
)

BUTTONS_IN_ROW = 8
BUTTONS_IN_KEYBOARD = 100
"""What Telegram shows of an inline keyboard (python-telegram-bot's InlineKeyboardMarkupLimit)."""
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What Telegram makes a picture of; anything else goes as a file."""
PHOTO_BYTES = 10 << 20
"""Bot API, sendPhoto."""
LONGEST_URL = 2000
"""Telegram forgets a link with a longer address and keeps its words."""
BAR_CELLS = 10
POINTER = "👇"
"""What a message says that has only buttons: a message needs a text, and a sign needs no translation."""

Keyboard = tuple[Row, ...]


class PartKind(StrEnum):
    """By which method a part is sent."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Part:
    """One message.

    Attributes:
        kind: what it is.
        html: its text or caption, in Telegram's HTML; only a caption may be empty.
        file: of a photo or document.
        keyboard: its buttons.
    """

    kind: PartKind
    html: str
    file: File | None = None
    keyboard: Keyboard = ()


def render(screen: Screen) -> list[Part]:
    """The messages that show a screen, at least one.

    Buttons are below the last text or picture; handed-over files follow as messages of their own, so that a press
    redraws the text and leaves the files alone. Whatever Telegram would drop or refuse is shown in another way: an
    address that it does not link, a button too many, a picture of a kind it does not show.
    """
    rows, unlinked = _usable_rows(screen.rows)
    body = _body((*screen.blocks, *unlinked))
    documents = [Part(PartKind.DOCUMENT, "", file) for file in screen.files]
    if not body and (rows or not documents):
        body = [Part(PartKind.TEXT, _one_page(screen.summary) or POINTER)]
    keyboards = _keyboards(rows)
    if keyboards:
        body[-1] = replace(body[-1], keyboard=keyboards[0])
        body += [Part(PartKind.TEXT, POINTER, keyboard=keyboard) for keyboard in keyboards[1:]]
    return body + documents


def _one_page(text: str) -> str:
    pages = paginate([((Run(clean(text)),),)])
    return pages[0] if pages else ""


# Text and pictures


def _body(blocks: tuple[Block, ...]) -> list[Part]:
    pictures = [block for block in blocks if isinstance(block, Picture)]
    if len(pictures) == 1:
        caption = _caption(blocks, pictures[0])
        if caption is not None:
            return [_picture_part(pictures[0], caption)]
    parts: list[Part] = []
    pending: list[Block] = []
    for block in blocks:
        if not isinstance(block, Picture):
            pending.append(block)
            continue
        parts += _texts(pending)
        captions = paginate([_alt(block)], CAPTION_LIMIT)
        parts.append(_picture_part(block, captions[0] if len(captions) == 1 else ""))
        # Too long for a caption: it follows as text.
        pending = [Para((block.alt,))] if len(captions) > 1 else []
    return parts + _texts(pending)


def _caption(blocks: tuple[Block, ...], picture: Picture) -> str | None:
    """All of the text, if it fits below the one picture."""
    others = [block for block in blocks if block is not picture]
    said = any(picture.alt in plain_block(block) for block in others)
    pages = paginate(_sections(others if said else blocks), CAPTION_LIMIT)
    return pages[0] if len(pages) == 1 else None if pages else ""


def _picture_part(picture: Picture, caption: str) -> Part:
    file = picture.file
    is_photo = file.mime in PHOTO_TYPES and len(file.content) <= PHOTO_BYTES
    return Part(PartKind.PHOTO if is_photo else PartKind.DOCUMENT, caption, file)


def _texts(blocks: list[Block]) -> list[Part]:
    return [Part(PartKind.TEXT, page) for page in _pages(tuple(blocks))]


@lru_cache(maxsize=64)
def _pages(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """Kept for a while, since a broadcast shows the same to many."""
    return tuple(paginate(_sections(blocks)))


def _sections(blocks: Iterable[Block]) -> Iterator[Section]:
    """Blocks as sections; a heading goes with what it stands above."""
    heading: tuple[Line, ...] = ()
    for block in blocks:
        if isinstance(block, Heading):
            if heading:
                yield heading
            heading = _lines(block)
        else:
            lines = _lines(block)
            if lines:
                yield heading + lines
                heading = ()
    if heading:
        yield heading


def _alt(picture: Picture) -> Section:
    return _typed_lines((picture.alt,))


def _lines(block: Block) -> Section:
    match block:
        case Heading(text):
            return _typed_lines((Bold(text),))
        case Para(spans):
            return _typed_lines(spans)
        case Facts(rows):
            return tuple(line for label, value in rows for line in _fact(label, value))
        case Bullets(items):
            return tuple(line for item in items for line in _typed_lines(("• ", *item)))
        case Picture():
            return _alt(block)
        case Progress(done, total, label):
            return _progress(done, total, label)
    assert_never(block)


def _fact(label: str, value: str) -> Section:
    words = label.rstrip()
    return _typed_lines((Bold(words if words.endswith((":", "?")) else f"{words}:"), f" {value}"))


def _progress(done: int, total: int, label: str) -> Section:
    share = min(max(done / total, 0.0), 1.0) if total > 0 else 0.0
    # Something that has begun shows, and a bar is full only when all is done.
    cells = min(max(int(share * BAR_CELLS), 1), BAR_CELLS) if share > 0 else 0
    bar = "█" * cells + "░" * (BAR_CELLS - cells)
    return (*(_typed_lines((label,)) if label else ()), (Run(f"{bar} {done}/{total}"),))


def _typed_lines(spans: Iterable[Span]) -> Section:
    """Spans as lines, parted where a line break was typed."""
    lines: list[list[Run]] = [[]]
    for span in spans:
        for run in _runs(span):
            first, *others = run.text.split("\n")
            if first:
                lines[-1].append(run.with_text(first))
            lines.extend([run.with_text(text)] if text else [] for text in others)
    section = tuple(tuple(line) for line in lines)
    return section if any(is_visible(run.text) for line in section for run in line) else ()


def _runs(span: Span) -> list[Run]:
    match span:
        case str():
            return [Run(clean(span))]
        case Bold(text):
            return [Run(clean(text), bold=True)]
        case Link(text, url):
            words, address = clean(text), clean(url).strip()
            if is_linkable(address):
                return [Run(words if is_visible(words) else address, url=address)]
            return [Run(f"{words} ({address})" if is_visible(words) else address)]
    assert_never(span)


def is_linkable(url: str) -> bool:
    """Whether Telegram makes a link of it: http or https, and a host with a dot or an IPv6 address.

    It would drop any other link and keep its words, and refuse a whole message with such a button.
    """
    if len(url) > LONGEST_URL or any(char.isspace() for char in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    dotted = "." in host.strip(".") and not host.endswith(".")
    return parts.scheme in {"http", "https"} and (dotted or ":" in host) and port != 0


# Buttons


def _usable_rows(rows: tuple[Row, ...]) -> tuple[list[Row], list[Block]]:
    """Rows of at most eight buttons, and paragraphs in place of buttons that Telegram would refuse."""
    usable: list[Row] = []
    refused: list[Block] = []
    for row in rows:
        kept: list[AnyButton] = []
        for button in row:
            if isinstance(button, UrlButton) and not is_linkable(button.url):
                refused.append(Para((f"{button.label}: {button.url}",)))
            else:
                kept.append(button)
        usable += _split_row(tuple(kept))
    return usable, refused


def _split_row(row: Row) -> list[Row]:
    """The row in rows of nearly the same length, rather than eight buttons and a lonely one."""
    if not row:
        return []
    count = -(-len(row) // BUTTONS_IN_ROW)
    bounds = [round(len(row) * index / count) for index in range(count + 1)]
    return [row[start:end] for start, end in pairwise(bounds)]


def _keyboards(rows: list[Row]) -> list[Keyboard]:
    keyboards: list[Keyboard] = []
    current: list[Row] = []
    for row in rows:
        if sum(len(one) for one in current) + len(row) > BUTTONS_IN_KEYBOARD:
            keyboards.append(tuple(current))
            current = []
        current.append(row)
    return [*keyboards, tuple(current)] if current else keyboards


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup:
    """The buttons as Telegram takes them; an empty keyboard takes buttons away."""
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in keyboard])


@lru_cache(maxsize=256)
def keyboard_json(keyboard: Keyboard) -> str:
    """The same as JSON, empty for no buttons; kept for a while, since a broadcast shows the same to many."""
    return markup(keyboard).to_json() if keyboard else ""


def _button(button: AnyButton) -> InlineKeyboardButton:
    match button:
        case Button(label, action, style):
            return InlineKeyboardButton(_label(label, "…"), callback_data=action, style=_style(style))
        case UrlButton(label, url):
            return InlineKeyboardButton(_label(label, url), url=url)
    assert_never(button)


def _label(label: str, otherwise: str) -> str:
    words = " ".join(clean(label).split())
    return words if is_visible(words) else otherwise


def _style(style: Style) -> str | None:
    match style:
        case Style.PLAIN:
            return None
        case Style.PRIMARY:
            return KeyboardButtonStyle.PRIMARY.value
        case Style.DANGER:
            return KeyboardButtonStyle.DANGER.value
    assert_never(style)
