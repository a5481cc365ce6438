"""A screen as Slack's Block Kit; pure. Text goes into ``rich_text`` blocks, where nothing in it takes effect.

Limits: https://docs.slack.dev/reference/block-kit/blocks and the published type definitions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.platforms.slack.markup import ELLIPSIS, escaped, pieces, plain_text, shortened
from bot.platforms.slack.rich_text import BLOCK_TEXT, BlockJson, bullet_list, is_web_address, rich_text
from handlers.conversation.screen import (
    AnyButton,
    Block,
    Bold,
    Bullets,
    Button,
    Facts,
    File,
    Heading,
    Para,
    Picture,
    Progress,
    Row,
    Screen,
    Span,
    Style,
    UrlButton,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
HEADER = 150
BUTTON_LABEL = 75
ACTIONS_PER_BLOCK = 25
FALLBACK = 600
"""Characters of a notification line; five times that, if each needs an entity, still fit chat.update's 4,000."""
MESSAGE_CHARACTERS = 12_000
"""Characters of all blocks of one message; Slack publishes this total for its ``markdown`` block only and refuses
larger ones of any kind with ``msg_blocks_too_long`` somewhere above it."""

OPENS_FORM = "form"
ACTS = "act"
LEADS_AWAY = "link"
"""What stands before the colon of an ``action_id``: how the press is answered. The number behind it keeps ids apart."""

BAR_CELLS = 10


@dataclass(frozen=True, slots=True)
class Message:
    """One Slack message. ``text`` is what notifications show and screen readers say."""

    text: str
    blocks: tuple[BlockJson, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A screen for Slack: messages in order, then files to hand over after them."""

    messages: tuple[Message, ...]
    files: tuple[File, ...] = ()


def render(screen: Screen) -> Rendered:
    """The screen as messages; a long one becomes several, and nothing is left out.

    Pictures follow the message as files, with their words on the file and in the message.
    """
    parts = _packed(_blocks(screen))
    summary = _fallback(screen)
    messages = tuple(
        Message(summary if index == 0 else _first_words(blocks, summary), tuple(blocks))
        for index, blocks in enumerate(parts)
    )
    return Rendered(messages, _files(screen))


def render_home(screen: Screen) -> BlockJson:
    """The screen as an App Home view.

    App Home takes no files: of a picture its words are shown.

    Raises:
        ValueError: it needs more than the 100 blocks that App Home holds.
    """
    blocks = _blocks(screen)
    if len(blocks) > VIEW_BLOCKS:
        raise ValueError(f"{len(blocks)} blocks, App Home holds {VIEW_BLOCKS}")
    return {"type": "home", "blocks": blocks}


def _blocks(screen: Screen) -> list[BlockJson]:
    blocks = [made for block in screen.blocks for made in _block(block)]
    blocks += _rows(screen.rows)
    return blocks or rich_text((screen.summary or ELLIPSIS,))


def _block(block: Block) -> list[BlockJson]:
    match block:
        case Heading(text):
            return _heading(text)
        case Para(spans):
            return rich_text(spans)
        case Facts(rows):
            return _facts(rows)
        case Bullets(items):
            return bullet_list(items)
        case Picture(file, alt):
            return rich_text((f"🖼 {alt or file.name}",))
        case Progress(done, total, label):
            return rich_text((_bar(done, total, label),))
    assert_never(block)


def _heading(text: str) -> list[BlockJson]:
    line = " ".join(text.split())
    if not line:
        return []
    header = plain_text(line, HEADER)
    if str(header["text"]).endswith(ELLIPSIS) and not line.endswith(ELLIPSIS):
        return rich_text((Bold(line),))
    return [{"type": "header", "text": header}]


def _facts(rows: Sequence[tuple[str, str]]) -> list[BlockJson]:
    blocks: list[BlockJson] = []
    spans: list[Span] = []
    room = BLOCK_TEXT
    for label, value in rows:
        size = len(label) + len(value) + len(":  ")
        if spans and size > room:
            blocks += rich_text(spans)
            spans, room = [], BLOCK_TEXT
        spans += ["\n"] if spans else []
        spans += [Bold(f"{label}:"), f" {value}"]
        room -= size
    return blocks + rich_text(spans)


def _bar(done: int, total: int, label: str) -> str:
    share = min(max(done / total, 0.0), 1.0) if total > 0 else 0.0
    # Full only when all is done, empty only when nothing is: rounding must not claim either.
    cells = int(share * BAR_CELLS) or (1 if done > 0 and total > 0 else 0)
    bar = "█" * cells + "░" * (BAR_CELLS - cells)
    return (f"{label}\n" if label else "") + f"{bar} {done}/{total}"


def _rows(rows: Sequence[Row]) -> list[BlockJson]:
    blocks: list[BlockJson] = []
    index = 0
    for row in rows:
        elements: list[BlockJson] = []
        for button in row:
            made = _button(button, index)
            index += 1
            if made is None:
                blocks += _actions(elements) + _unusable(button)
                elements = []
            elif len(button.label) > BUTTON_LABEL:
                blocks += _actions(elements) + _labelled(button.label, made)
                elements = []
            else:
                elements.append(made)
        blocks += _actions(elements)
    return blocks


def _actions(elements: Sequence[BlockJson]) -> list[BlockJson]:
    return [
        {"type": "actions", "elements": list(elements[start : start + ACTIONS_PER_BLOCK])}
        for start in range(0, len(elements), ACTIONS_PER_BLOCK)
    ]


def _button(button: AnyButton, index: int) -> BlockJson | None:
    """The element, or ``None`` for an address that Slack would refuse."""
    made: BlockJson = {"type": "button", "text": plain_text(button.label, BUTTON_LABEL)}
    match button:
        case Button(_, action, style, opens_form):
            made["action_id"] = f"{OPENS_FORM if opens_form else ACTS}:{index}"
            made["value"] = action
            if style is not Style.PLAIN:
                made["style"] = style.value
        case UrlButton(label, url):
            if not is_web_address(url) or not label.strip():
                return None
            made["action_id"] = f"{LEADS_AWAY}:{index}"
            made["url"] = url
        case _:
            assert_never(button)
    return made


def _labelled(label: str, button: BlockJson) -> list[BlockJson]:
    """A button whose words do not fit on it: the whole label beside it, its beginning on it."""
    *before, last = pieces(label, BLOCK_TEXT)
    section = {"type": "section", "text": plain_text(last, BLOCK_TEXT), "accessory": button}
    return [made for piece in before for made in rich_text((piece,))] + [section]


def _unusable(button: AnyButton) -> list[BlockJson]:
    url = button.url if isinstance(button, UrlButton) else ""
    return rich_text((f"{button.label} {url}".strip(),)) if button.label.strip() or url else []


def _packed(blocks: Sequence[BlockJson]) -> list[list[BlockJson]]:
    """The blocks shared out to messages, within both limits of a message."""
    parts: list[list[BlockJson]] = []
    room = 0
    for block in blocks:
        size = _characters(block)
        if not parts or len(parts[-1]) == MESSAGE_BLOCKS or size > room:
            parts.append([])
            room = MESSAGE_CHARACTERS
        parts[-1].append(block)
        room -= size
    return parts


def _characters(value: object) -> int:
    """The characters of all texts, labels, values and addresses inside."""
    if isinstance(value, dict):
        return sum(_characters(inner) for key, inner in value.items() if key not in {"type", "action_id", "style"})
    if isinstance(value, list):
        return sum(_characters(inner) for inner in value)
    return len(value) if isinstance(value, str) else 0


def _fallback(screen: Screen) -> str:
    line = screen.line.strip() or next((button.label for button in screen.buttons), "") or ELLIPSIS
    return escaped(shortened(line, FALLBACK))


def _first_words(blocks: Sequence[BlockJson], otherwise: str) -> str:
    for block in blocks:
        if block["type"] == "rich_text":
            words = "".join(str(element["text"]) for element in _leaves(block)).strip()
            if words:
                return escaped(shortened(words.splitlines()[0], FALLBACK))
    return otherwise


def _leaves(block: BlockJson) -> list[BlockJson]:
    if "elements" not in block:
        return [block]
    return [leaf for inner in block["elements"] for leaf in _leaves(inner)]


def _files(screen: Screen) -> tuple[File, ...]:
    pictures = tuple(block.file for block in screen.blocks if isinstance(block, Picture))
    return pictures + screen.files
