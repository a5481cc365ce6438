"""What a person sees: mrkdwn and blocks as plain text, buttons as rows, and what in a text pings people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .elements import all_options
from .refusals import Json
from .shapes import every_object

Naming = Callable[[str], str]

_TOKEN = re.compile(r"<([^<>\n]+)>")
_STYLES = [
    re.compile(r"(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])"),
    re.compile(r"(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])"),
    re.compile(r"(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])"),
    re.compile(r"(?<!`)`([^`\n]+)`(?!`)"),
]
_MENTION = re.compile(r"<(?:!(?:channel|here|everyone|subteam\^[A-Z0-9]+)|@[UW][A-Z0-9]+)(?:\|[^<>\n]*)?>")
_BARE_MENTION = re.compile(r"(?<![\w/.])@(?:channel|here|everyone)\b")
_LINK = re.compile(r"https?://|<mailto:", re.IGNORECASE)


def escape(text: str) -> str:
    """What Slack does to text that people type: only these three characters are entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The inverse of ``escape``."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(inner: str, naming: Naming) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("!date^"):
        return label
    if target.startswith(("@", "#")):
        return target[0] + (label or naming(target[1:]))
    if target.startswith("!subteam^"):
        return label or "@" + target[len("!subteam^") :]
    if target.startswith("!"):
        return "@" + target[1:]
    return label or target.removeprefix("mailto:")


def mrkdwn_as_seen(text: str, naming: Naming) -> str:
    """Marked-up text as a reader sees it: links by their label, styles without their marks, entities decoded."""
    parts: list[str] = []
    position = 0
    for token in _TOKEN.finditer(text):
        parts += [_unstyled(text[position : token.start()]), _token(token.group(1), naming)]
        position = token.end()
    parts.append(_unstyled(text[position:]))
    return unescape("".join(parts))


def _unstyled(text: str) -> str:
    for style in _STYLES:
        text = style.sub(r"\1", text)
    return text


def text_as_seen(value: Json, naming: Naming) -> str:
    """A text object as seen."""
    text: str = value["text"]
    return mrkdwn_as_seen(text, naming) if value.get("type") == "mrkdwn" else unescape(text)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a button, or one line of an overflow menu.

    Attributes:
        label: the words on it.
        value: what the press sends; empty for a button without a value.
        element: the element as stored, with ``action_id``.
        option: the chosen option when it is a line of an overflow menu.
    """

    label: str
    value: str
    action_id: str
    block_id: str
    url: str | None
    style: str | None
    element: Json
    option: Json | None = None


def _buttons(element: Json, block_id: str) -> list[Button]:
    if element["type"] == "button":
        return [
            Button(
                label=unescape(element["text"]["text"]),
                value=element.get("value", ""),
                action_id=element["action_id"],
                block_id=block_id,
                url=element.get("url"),
                style=element.get("style"),
                element=element,
            )
        ]
    if element["type"] == "overflow":
        return [
            Button(
                label=unescape(option["text"]["text"]),
                value=option["value"],
                action_id=element["action_id"],
                block_id=block_id,
                url=option.get("url"),
                style=None,
                element=element,
                option=option,
            )
            for option in element["options"]
        ]
    return []


def button_rows(blocks: list[Json]) -> list[list[Button]]:
    """The buttons as rows: one row per actions block or section accessory, empty rows left out."""
    rows: list[list[Button]] = []
    for block in blocks:
        if block["type"] == "actions":
            rows.append([button for element in block["elements"] for button in _buttons(element, block["block_id"])])
        elif block["type"] == "section" and "accessory" in block:
            rows.append(_buttons(block["accessory"], block["block_id"]))
    return [row for row in rows if row]


def _rich(value: object, naming: Naming) -> str:
    parts: list[str] = []
    for each in every_object(value):
        kind = each.get("type")
        if kind in {"text", "raw_text"}:
            parts.append(each["text"])
        elif kind == "link":
            parts.append(each.get("text") or each["url"])
        elif kind in {"user", "channel"}:
            parts.append(("@" if kind == "user" else "#") + naming(each[f"{kind}_id"]))
        elif kind == "broadcast":
            parts.append("@" + each["range"])
        elif kind == "emoji":
            parts.append(f":{each['name']}:")
        elif kind == "date":
            parts.append(each.get("fallback", ""))
        elif kind in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"} and parts:
            parts.append("\n")
    return "".join(parts)


def _element_as_seen(element: Json, naming: Naming) -> str:
    kind = element["type"]
    if kind in {"plain_text", "mrkdwn"}:
        return text_as_seen(element, naming)
    if kind == "button":
        return f"[{unescape(element['text']['text'])}]"
    if kind == "image":
        return f"({element['alt_text']})"
    lines = [unescape(option["text"]["text"]) for option in all_options(element)]
    if "placeholder" in element:
        lines.insert(0, unescape(element["placeholder"]["text"]))
    return " / ".join(lines)


def _section(block: Json, naming: Naming) -> Iterator[str]:
    if "text" in block:
        yield text_as_seen(block["text"], naming)
    for field in block.get("fields", []):
        yield text_as_seen(field, naming)
    if "accessory" in block:
        yield _element_as_seen(block["accessory"], naming)


def _titled(block: Json, naming: Naming) -> Iterator[str]:
    for key in ("title", "label"):
        if key in block:
            yield text_as_seen(block[key], naming)
    if "element" in block:
        yield _element_as_seen(block["element"], naming)
    if "alt_text" in block:
        yield f"({block['alt_text']})"
    if "hint" in block:
        yield text_as_seen(block["hint"], naming)


def _lines(block: Json, naming: Naming) -> Iterator[str]:
    match block["type"]:
        case "section":
            yield from _section(block, naming)
        case "header":
            yield text_as_seen(block["text"], naming)
        case "context" | "actions":
            yield " ".join(_element_as_seen(element, naming) for element in block["elements"])
        case "image" | "input":
            yield from _titled(block, naming)
        case "markdown":
            yield unescape(block["text"])
        case "rich_text":
            yield _rich(block["elements"], naming)
        case "table":
            for row in block["rows"]:
                yield " | ".join(_rich(cell, naming) for cell in row)
        case _:
            return


def blocks_as_seen(blocks: list[Json], naming: Naming) -> str:
    """Blocks as plain text, one line each, empty lines left out."""
    return "\n".join(line for block in blocks for line in _lines(block, naming) if line)


def spoken_texts(text: str, blocks: list[Json]) -> Iterator[str]:
    """Every text in which Slack parses marks: the top-level text, mrkdwn objects and markdown blocks."""
    yield text
    for each in every_object(blocks):
        if each.get("type") in {"mrkdwn", "markdown"} and isinstance(each.get("text"), str):
            yield each["text"]


def mentions_in(text: str, blocks: list[Json], *, linked_names: bool) -> list[str]:
    """What in a message pings people: ``<!channel>``, ``<@U…>``, user groups and their rich-text forms.

    With ``linked_names`` (``link_names`` or ``parse=full``) a bare ``@channel`` counts too.
    """
    found = [match.group(0) for spoken in spoken_texts(text, blocks) for match in _MENTION.finditer(spoken)]
    if linked_names:
        found += [match.group(0) for spoken in spoken_texts(text, blocks) for match in _BARE_MENTION.finditer(spoken)]
    for each in every_object(blocks):
        if each.get("type") == "broadcast":
            found.append(f"<!{each.get('range')}>")
        elif each.get("type") == "user" and "user_id" in each:
            found.append(f"<@{each['user_id']}>")
    return found


def has_link(text: str, blocks: list[Json]) -> bool:
    """Whether Slack would look for something to unfurl."""
    return any(_LINK.search(spoken) for spoken in spoken_texts(text, blocks))
