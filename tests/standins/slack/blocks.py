"""Rules of Block Kit blocks and of views (modals and App Home), in Slack's words.

Blocks that only newer Slack surfaces know (video, card, carousel, plan and their like) are refused as unsupported:
support for one is added here before the bot may use it.
"""

from __future__ import annotations

import json
import secrets

from .elements import (
    ACTIONS_ELEMENT,
    BLOCK_ID,
    ELEMENTS,
    INPUT_ELEMENT,
    SECTION_ACCESSORY,
    URL,
)
from .refusals import Json, SlackRefusalError
from .shapes import (
    Check,
    anything,
    boolean,
    by_type,
    complain,
    every_object,
    integer,
    list_of,
    one_of,
    plain_text,
    shape,
    string,
    text_object,
)

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_VIEW_BYTES = 250_000
MAX_MARKDOWN = 12_000


def _section(block: Json, pointer: str, problems: list[str]) -> None:
    if "text" not in block and "fields" not in block:
        complain(problems, "must define either `text` or `fields`", f"{pointer}/type")


def _image(block: Json, pointer: str, problems: list[str]) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        complain(problems, "must define either `image_url` or `slack_file`", f"{pointer}/type")


_BASE: dict[str, Check] = {"type": anything}
_ID: dict[str, Check] = {"block_id": BLOCK_ID}

_RICH_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean))
_RICH_INLINE = by_type(
    {
        "text": shape({**_BASE, "text": string(3000, 1)}, {"style": _RICH_STYLE}),
        "link": shape({**_BASE, "url": URL}, {"text": string(3000), "style": _RICH_STYLE, "unsafe": boolean}),
        "emoji": shape({**_BASE, "name": string(100, 1)}, {"unicode": string(100), "style": _RICH_STYLE}),
        "user": shape({**_BASE, "user_id": string(50, 1)}, {"style": _RICH_STYLE}),
        "usergroup": shape({**_BASE, "usergroup_id": string(50, 1)}, {"style": _RICH_STYLE}),
        "channel": shape({**_BASE, "channel_id": string(50, 1)}, {"style": _RICH_STYLE}),
        "broadcast": shape({**_BASE, "range": one_of("here", "channel", "everyone")}, {"style": _RICH_STYLE}),
        "date": shape(
            {**_BASE, "timestamp": integer(0, 9_999_999_999), "format": string(100, 1)},
            {"url": URL, "fallback": string(3000), "style": _RICH_STYLE},
        ),
    }
)
_RICH_SECTION = shape({**_BASE, "elements": list_of(_RICH_INLINE, 1000, 0)})
_RICH_QUOTED = shape({**_BASE, "elements": list_of(_RICH_INLINE, 1000, 0)}, {"border": integer(0, 1)})
_RICH_LIST = shape(
    {
        **_BASE,
        "style": one_of("bullet", "ordered"),
        "elements": list_of(by_type({"rich_text_section": _RICH_SECTION}), 1000),
    },
    {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
)
_RICH_TEXT = shape(
    {
        **_BASE,
        "elements": list_of(
            by_type(
                {
                    "rich_text_section": _RICH_SECTION,
                    "rich_text_list": _RICH_LIST,
                    "rich_text_preformatted": _RICH_QUOTED,
                    "rich_text_quote": _RICH_QUOTED,
                }
            ),
            1000,
        ),
    },
    _ID,
)
_CELL = by_type({"raw_text": shape({**_BASE, "text": string(3000, 1)}), "rich_text": _RICH_TEXT})
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})

BLOCKS: dict[str, Check] = {
    "section": shape(
        _BASE,
        {
            **_ID,
            "text": text_object(3000),
            "fields": list_of(text_object(2000), 10),
            "accessory": SECTION_ACCESSORY,
            "expand": boolean,
        },
        _section,
    ),
    "divider": shape(_BASE, _ID),
    "header": shape({**_BASE, "text": plain_text(150)}, _ID),
    "context": shape(
        {
            **_BASE,
            "elements": list_of(
                by_type(
                    {
                        "image": ELEMENTS["image"],
                        "plain_text": text_object(3000),
                        "mrkdwn": text_object(3000),
                    }
                ),
                10,
            ),
        },
        _ID,
    ),
    "actions": shape({**_BASE, "elements": list_of(ACTIONS_ELEMENT, 25)}, _ID),
    "image": shape(
        {**_BASE, "alt_text": string(2000, 1)},
        {**_ID, "image_url": URL, "slack_file": anything, "title": plain_text(2000)},
        _image,
    ),
    "input": shape(
        {**_BASE, "label": plain_text(2000), "element": INPUT_ELEMENT},
        {**_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": shape({**_BASE, "text": string(MAX_MARKDOWN, 1)}, _ID),
    "rich_text": _RICH_TEXT,
    "table": shape(
        {**_BASE, "rows": list_of(list_of(_CELL, 20), 100)}, {**_ID, "column_settings": list_of(_COLUMN, 20, 0)}
    ),
}
_BLOCK = by_type(BLOCKS)


def elements_of(block: Json) -> list[tuple[str, Json]]:
    """The elements of a block that carry an action_id, each with its path inside the block."""
    kind = block.get("type")
    if kind == "actions":
        return [(f"elements/{index}", element) for index, element in enumerate(block["elements"])]
    if kind == "input":
        return [("element", block["element"])]
    if kind == "section" and block.get("accessory", {}).get("type", "image") != "image":
        return [("accessory", block["accessory"])]
    return []


def _unique_ids(blocks: list[Json], pointer: str, problems: list[str]) -> None:
    seen_blocks: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id:
            if block_id in seen_blocks:
                complain(problems, f'`block_id` "{block_id}" already exists', f"{pointer}/{index}/block_id")
            seen_blocks.add(block_id)
        seen_actions: set[str] = set()
        for path, element in elements_of(block):
            focused += bool(element.get("focus_on_load"))
            action_id = element.get("action_id")
            if action_id is None:
                continue
            if action_id in seen_actions:
                where = f"{pointer}/{index}/{path}/action_id"
                complain(problems, f'`action_id` "{action_id}" already exists', where)
            seen_actions.add(action_id)
    if focused > 1:
        complain(problems, "only one element may set `focus_on_load`", pointer)


def _check_blocks(blocks: object, pointer: str, maximum: int, problems: list[str], *, minimum: int = 0) -> None:
    list_of(_BLOCK, maximum, minimum)(blocks, pointer, problems)
    if problems or not isinstance(blocks, list):
        return
    _unique_ids(blocks, pointer, problems)
    kinds = [block["type"] for block in blocks]
    if kinds.count("table") > 1:
        complain(problems, "only one table is allowed", pointer)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MAX_MARKDOWN:
        complain(problems, f"markdown blocks must be less than {MAX_MARKDOWN + 1} characters together", pointer)


def check_message_blocks(blocks: object) -> list[Json]:
    """Check the blocks of a message and give each its ids, as Slack does for those that have none.

    Raises:
        SlackRefusalError: ``invalid_blocks_format`` when it is not a list, else ``invalid_blocks`` with reasons.
    """
    if not isinstance(blocks, list):
        raise SlackRefusalError("invalid_blocks_format")
    problems: list[str] = []
    _check_blocks(blocks, "/blocks", MAX_MESSAGE_BLOCKS, problems)
    for index, block in enumerate(blocks if not problems else []):
        if block["type"] == "input" and block["element"]["type"] == "file_input":
            complain(problems, "unsupported type: file_input", f"/blocks/{index}/element/type")
    if problems:
        raise SlackRefusalError("invalid_blocks", problems)
    complete_ids(blocks)
    return blocks


_VIEW_COMMON: dict[str, Check] = {
    "callback_id": string(255),
    "external_id": string(255),
    "private_metadata": string(3000),
}
_MODAL = shape(
    {**_BASE, "title": plain_text(24), "blocks": anything},
    {
        **_VIEW_COMMON,
        "close": plain_text(24),
        "submit": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = shape({**_BASE, "blocks": anything}, _VIEW_COMMON)


def check_view(view: object, kind: str) -> Json:
    """Check a modal (``kind`` "modal") or App Home view ("home").

    Raises:
        SlackRefusalError: ``invalid_arguments`` with reasons, or ``view_too_large`` above 250 kB.
    """
    problems: list[str] = []
    if not isinstance(view, dict):
        raise SlackRefusalError("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    if len(json.dumps(view)) > MAX_VIEW_BYTES:
        raise SlackRefusalError("view_too_large")
    by_type({"modal": _MODAL} if kind == "modal" else {"home": _HOME})(view, "/view", problems)
    if "blocks" in view:
        inner: list[str] = []
        _check_blocks(view["blocks"], "/view/blocks", MAX_VIEW_BLOCKS, inner)
        problems.extend(inner)
    if not problems:
        for index, block in enumerate(view["blocks"]):
            if block["type"] == "table":
                complain(problems, "unsupported type: table", f"/view/blocks/{index}/type")
            if block["type"] == "input" and kind == "modal" and "submit" not in view:
                message = "must define `submit` to use an `input` block in modals"
                complain(problems, message, f"/view/blocks/{index}/input")
            if kind == "home" and block["type"] == "input" and block["element"]["type"] == "file_input":
                complain(problems, "unsupported type: file_input", f"/view/blocks/{index}/element/type")
    if problems:
        raise SlackRefusalError("invalid_arguments", problems)
    complete_ids(view["blocks"])
    return view


def complete_ids(blocks: list[Json]) -> None:
    """Give random ids to blocks and elements without one, and echo plain text escaped, as Slack does in payloads."""
    for block in blocks:
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)
        for _, element in elements_of(block):
            if "action_id" not in element:
                element["action_id"] = secrets.token_urlsafe(4)
    for each in every_object(blocks):
        if each.get("type") == "plain_text" and isinstance(each.get("text"), str):
            each["text"] = _echo(each["text"])
            each.setdefault("emoji", True)


def _echo(text: str) -> str:
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
