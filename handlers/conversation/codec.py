"""Screens as JSON and back, for the outbox and the web chat's history.

Short keys, and a version: rows written by an older release are read by a newer one.
"""

import base64
from typing import Any, assert_never

from handlers.conversation.screen import (
    AnyButton,
    Block,
    Bold,
    Bullets,
    Button,
    Facts,
    File,
    FileReference,
    Heading,
    Link,
    Para,
    Picture,
    Progress,
    Screen,
    Span,
    Style,
    UrlButton,
)

VERSION = 1


class CodecError(ValueError):
    """The JSON is not a screen that this release can read."""


def screen_to_json(screen: Screen) -> dict[str, Any]:
    """The screen in JSON's types."""
    return {
        "v": VERSION,
        "blocks": [_block_out(block) for block in screen.blocks],
        "rows": [[_button_out(button) for button in row] for row in screen.rows],
        "files": [_file_out(file) for file in screen.files],
        "summary": screen.summary,
        "name": screen.name,
    }


def screen_from_json(data: dict[str, Any]) -> Screen:
    """The screen that :func:`screen_to_json` wrote.

    Raises:
        CodecError: the data is of another version or damaged.
    """
    if data.get("v") != VERSION:
        raise CodecError(f"a screen of version {data.get('v')!r}, not {VERSION}")
    try:
        return Screen(
            tuple(_block_in(block) for block in data["blocks"]),
            tuple(tuple(_button_in(button) for button in row) for row in data["rows"]),
            tuple(_file_in(file) for file in data["files"]),
            data["summary"],
            data["name"],
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise CodecError(f"not a screen: {error!r}") from error


def _span_out(span: Span) -> Any:
    match span:
        case str():
            return span
        case Bold(text):
            return {"b": text}
        case Link(text, url):
            return {"a": text, "url": url}
    assert_never(span)


def _span_in(data: Any) -> Span:
    if isinstance(data, str):
        return data
    return Bold(data["b"]) if "b" in data else Link(data["a"], data["url"])


def _file_out(file: File) -> dict[str, Any]:
    out: dict[str, Any] = {"name": file.name, "mime": file.mime}
    if file.content:
        out["base64"] = base64.b64encode(file.content).decode()
    if file.reference:
        out["at"] = [file.reference.platform, file.reference.account, file.reference.reference]
    return out


def _file_in(data: dict[str, Any]) -> File:
    return File(
        data["name"],
        data["mime"],
        base64.b64decode(data.get("base64", "")),
        FileReference(*data["at"]) if "at" in data else None,
    )


def _block_out(block: Block) -> list[Any]:
    match block:
        case Heading(text):
            return ["heading", text]
        case Para(spans):
            return ["para", [_span_out(span) for span in spans]]
        case Facts(rows):
            return ["facts", [list(row) for row in rows]]
        case Bullets(items):
            return ["bullets", [[_span_out(span) for span in item] for item in items]]
        case Picture(file, alt):
            return ["picture", _file_out(file), alt]
        case Progress(done, total, label):
            return ["progress", done, total, label]
    assert_never(block)


def _block_in(data: list[Any]) -> Block:
    kind = data[0]
    match kind:
        case "heading":
            return Heading(data[1])
        case "para":
            return Para(tuple(_span_in(span) for span in data[1]))
        case "facts":
            return Facts(tuple((row[0], row[1]) for row in data[1]))
        case "bullets":
            return Bullets(tuple(tuple(_span_in(span) for span in item) for item in data[1]))
        case "picture":
            return Picture(_file_in(data[1]), data[2])
        case "progress":
            return Progress(data[1], data[2], data[3])
    raise CodecError(f"an unknown block: {kind!r}")


def _button_out(button: AnyButton) -> dict[str, Any]:
    match button:
        case Button(label, action, style, opens_form):
            return {"label": label, "action": action, "style": style.value, "form": opens_form}
        case UrlButton(label, url):
            return {"label": label, "url": url}
    assert_never(button)


def _button_in(data: dict[str, Any]) -> AnyButton:
    if "url" in data:
        return UrlButton(data["label"], data["url"])
    return Button(data["label"], data["action"], Style(data["style"]), data["form"])
