"""Spans as ``rich_text`` blocks; pure.

Slack parses nothing in ``rich_text``, so a name such as ``<!channel>`` or ``*_~`` is shown and copied letter by letter,
mentions nobody and formats nothing. (In ``mrkdwn`` there is no escape for ``* _ ~`` and the backtick; invisible
characters between them would end up in every code and address that somebody copies.)
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from bot.platforms.slack.markup import pieces
from handlers.conversation.screen import Bold, Link, Span

BLOCK_TEXT = 3000
"""Characters of one block: the documented limit of a section's text, kept for this block too."""
URL = 3000

BlockJson = dict[str, Any]

_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}…»”’"


def rich_text(spans: Iterable[Span]) -> list[BlockJson]:
    """Spans as ``rich_text`` blocks of at most 3,000 characters each."""
    blocks: list[BlockJson] = []
    elements: list[BlockJson] = []
    room = BLOCK_TEXT
    for element in _elements(spans):
        size = _size(element)
        if elements and size > room:
            blocks.append(_rich([_section(elements)]))
            elements, room = [], BLOCK_TEXT
        elements.append(element)
        room -= size
    if elements:
        blocks.append(_rich([_section(elements)]))
    return blocks


def bullet_list(items: Sequence[Sequence[Span]]) -> list[BlockJson]:
    """Items as bulleted lists."""
    blocks: list[BlockJson] = []
    sections: list[BlockJson] = []
    room = BLOCK_TEXT
    for item in items:
        for section in _item_sections(item):
            size = sum(_size(element) for element in section["elements"])
            if sections and size > room:
                blocks.append(_rich([_list(sections)]))
                sections, room = [], BLOCK_TEXT
            sections.append(section)
            room -= size
    if sections:
        blocks.append(_rich([_list(sections)]))
    return blocks


def is_web_address(url: str) -> bool:
    """Whether Slack takes it as the target of a link or button."""
    return len(url) <= URL and re.fullmatch(r"https?://[^\s<>|]+", url, re.IGNORECASE) is not None


def _item_sections(item: Sequence[Span]) -> list[BlockJson]:
    """One item as a section; an item beyond 3,000 characters goes on in the next."""
    return [block["elements"][0] for block in rich_text(item)]


def _elements(spans: Iterable[Span]) -> list[BlockJson]:
    found: list[BlockJson] = []
    for span in spans:
        match span:
            case str():
                found += _texts_and_addresses(span)
            case Bold(text):
                found += [_text(piece, bold=True) for piece in pieces(text, BLOCK_TEXT)]
            case Link(text, url):
                found += _link(text, url)
            case _:
                assert_never(span)
    return found


def _texts_and_addresses(text: str) -> list[BlockJson]:
    """Plain text, in which typed web addresses can be followed."""
    found: list[BlockJson] = []
    position = 0
    for match in _ADDRESS.finditer(text):
        url = match.group(0).rstrip(_TRAILING)
        if not is_web_address(url):
            continue
        found += [_text(piece) for piece in pieces(text[position : match.start()], BLOCK_TEXT)]
        found.append({"type": "link", "url": url, "text": url})
        position = match.start() + len(url)
    found += [_text(piece) for piece in pieces(text[position:], BLOCK_TEXT)]
    return found


def _text(text: str, *, bold: bool = False) -> BlockJson:
    element: BlockJson = {"type": "text", "text": text}
    if bold:
        element["style"] = {"bold": True}
    return element


def _link(text: str, url: str) -> list[BlockJson]:
    if not is_web_address(url):
        return [_text(piece) for piece in pieces(f"{text} ({url})" if url else text, BLOCK_TEXT)]
    return [{"type": "link", "url": url, "text": piece} for piece in pieces(text or url, BLOCK_TEXT)]


def _section(elements: list[BlockJson]) -> BlockJson:
    return {"type": "rich_text_section", "elements": elements}


def _list(sections: list[BlockJson]) -> BlockJson:
    return {"type": "rich_text_list", "style": "bullet", "elements": sections}


def _rich(elements: list[BlockJson]) -> BlockJson:
    return {"type": "rich_text", "elements": elements}


def _size(element: BlockJson) -> int:
    return len(str(element["text"]))
