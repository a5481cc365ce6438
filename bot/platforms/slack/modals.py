"""A form as a Slack modal, and the small windows around it; pure.

Limits: https://docs.slack.dev/reference/views/modal-views and the element pages of the Block Kit reference.
"""

import copy
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from bot.platforms.slack.markup import ELLIPSIS, decoded, plain_text, shortened
from bot.platforms.slack.rendering import VIEW_BLOCKS
from bot.platforms.slack.rich_text import BlockJson, rich_text
from handlers.conversation.form import Field, FieldKind, Form, Option, Value
from handlers.conversation.screen import Bold, Span
from handlers.conversation.texts import Texts

ViewJson = dict[str, Any]

CALLBACK = "form"
"""``callback_id`` of every form. The other windows have another: what happens in them is of no interest."""
NOTICE = "notice"

ACTION = "value"
"""``action_id`` of every input; the block's id is the field's name."""
DATE_SUFFIX = ".date"
TIME_SUFFIX = ".time"

TITLE = 24
PRIVATE_METADATA = 3000
LABEL = 2000
HEADER = 150
INPUT_TEXT = 3000
OPTION_LABEL = 75
OPTION_VALUE = 150
LISTED = 10
"""Radio buttons and checkboxes hold ten options, a select a hundred (or a hundred groups of them)."""
SELECTABLE = 100

_WHEN = re.compile(r"(\d{4}-\d{2}-\d{2})?(?:T(\d{2}:\d{2}))?")


def form_view(
    form: Form, t: Texts, *, channel: str = "", problems: Sequence[str] = (), values: Mapping[str, Value] | None = None
) -> ViewJson:
    """The form as a modal.

    Args:
        form: what to ask.
        t: the reader's language, for the words that are not the form's.
        channel: where a short answer to it is shown, when that is not the private chat.
        problems: what was wrong with an earlier try, shown at the top.
        values: filled in instead of the fields' initial values.

    Raises:
        ValueError: the form is larger than a modal can be.
    """
    blocks: list[BlockJson] = _problem_blocks(problems)
    title = " ".join(form.title.split()) or ELLIPSIS
    if len(title) > TITLE:
        blocks.append({"type": "header", "text": plain_text(title, HEADER)})
    blocks += rich_text((form.intro,)) if form.intro else []
    for field in form.fields:
        filled = values[field.name] if values and field.name in values else field.initial
        blocks += _inputs(field, filled, t)
    metadata = private_metadata(form.name, form.context, channel)
    if len(blocks) > VIEW_BLOCKS or len(metadata) > PRIVATE_METADATA:
        raise ValueError(f"form {form.name!r}: {len(blocks)} blocks, {len(metadata)} characters of context")
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text(title, TITLE),
        "submit": plain_text(form.submit.strip() or t("Send"), TITLE),
        "close": plain_text(t("Cancel"), TITLE),
        "notify_on_close": True,
        "private_metadata": metadata,
        "blocks": blocks,
    }


def waiting_view(t: Texts) -> ViewJson:
    """What stands in a window until its content is known."""
    return notice_view(t, t("Just a moment…"))


def notice_view(t: Texts, *lines: str) -> ViewJson:
    """A window that only says something."""
    spans: list[Span] = ["\n".join(line for line in lines if line) or ELLIPSIS]
    return {
        "type": "modal",
        "callback_id": NOTICE,
        "title": plain_text(t("Community"), TITLE),
        "close": plain_text(t("Close"), TITLE),
        "blocks": rich_text(spans),
    }


def refilled(view: Mapping[str, Any], problems: Sequence[str]) -> ViewJson:
    """A submitted modal as it was sent in, filled in as it was, with what is wrong at the top.

    Files cannot be filled in again by Slack's rules; their fields come back empty.

    Args:
        view: the ``view`` of a ``view_submission``.
        problems: one line each.
    """
    state = view.get("state", {}).get("values", {})
    blocks: list[BlockJson] = []
    for block in view.get("blocks", []):
        kept = copy.deepcopy(block)
        if kept.get("block_id", "").startswith(PROBLEMS):
            continue
        if kept.get("type") == "input":
            element = kept["element"]
            entered = state.get(kept.get("block_id", ""), {}).get(element.get("action_id", ""), {})
            _fill(element, entered)
        blocks.append(kept)
    kept_keys = ("type", "callback_id", "title", "submit", "close", "notify_on_close", "private_metadata")
    filled = {key: view[key] for key in kept_keys if view.get(key) is not None}
    return {**filled, "blocks": (_problem_blocks(problems) + blocks)[:VIEW_BLOCKS]}


PROBLEMS = "problems"
"""``block_id`` of what is wrong, so that it can be taken away."""


def private_metadata(name: str, context: Mapping[str, str], channel: str = "") -> str:
    """Which form a window shows, in the text that Slack keeps with it."""
    known: dict[str, Any] = {"form": name}
    if context:
        known["context"] = dict(context)
    if channel:
        known["channel"] = channel
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))


def _problem_blocks(problems: Sequence[str]) -> list[BlockJson]:
    if not problems:
        return []
    blocks = rich_text((Bold("\n".join(f"⚠ {problem}" for problem in problems)),))
    return [{**block, "block_id": f"{PROBLEMS}.{index}"} for index, block in enumerate(blocks)]


def _fill(element: BlockJson, entered: Mapping[str, Any]) -> None:
    """Make what was entered the initial value of an input."""
    pairs = {
        "plain_text_input": ("value", "initial_value"),
        "number_input": ("value", "initial_value"),
        "datepicker": ("selected_date", "initial_date"),
        "timepicker": ("selected_time", "initial_time"),
        "radio_buttons": ("selected_option", "initial_option"),
        "static_select": ("selected_option", "initial_option"),
        "checkboxes": ("selected_options", "initial_options"),
        "multi_static_select": ("selected_options", "initial_options"),
    }
    if element.get("type") not in pairs:
        return
    source, target = pairs[element["type"]]
    element.pop(target, None)
    value = entered.get(source)
    if isinstance(value, Mapping):
        chosen = _offered(element, [value])
        value = chosen[0] if chosen else None
    elif isinstance(value, list):
        value = _offered(element, value)
    elif isinstance(value, str):
        value = decoded(value)
    if value:
        element[target] = value


def _offered(element: BlockJson, chosen: Sequence[Mapping[str, Any]]) -> list[BlockJson]:
    """The options of the element that were chosen: Slack takes an initial option only in exactly its own words."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    values = {option.get("value") for option in chosen}
    return [option for option in options if option["value"] in values]


def _inputs(field: Field, filled: Value, t: Texts) -> list[BlockJson]:
    match field.kind:
        case FieldKind.LINE | FieldKind.TEXT:
            return [_input(field, _typed(field, str(filled or ""), multiline=field.kind is FieldKind.TEXT))]
        case FieldKind.NUMBER:
            return [_input(field, _number(field, filled))]
        case FieldKind.WHEN:
            return _when(field, filled, t)
        case FieldKind.CHOICE | FieldKind.PERSON:
            return [_choice(field, filled, t)]
        case FieldKind.CHOICES:
            return [_choices(field, filled, t)]
        case FieldKind.FILE:
            return [_input(field, {"type": "file_input", "max_files": 1})]
    assert_never(field.kind)


def _input(field: Field, element: BlockJson, *, suffix: str = "", label: str = "", hint: str = "") -> BlockJson:
    block: BlockJson = {
        "type": "input",
        "block_id": field.name + suffix,
        "label": plain_text(label or field.label or field.name, LABEL),
        "element": {**element, "action_id": ACTION},
        "optional": not field.required,
    }
    words = "\n".join(line for line in (field.hint, hint) if line)
    if words:
        block["hint"] = plain_text(words, LABEL)
    return block


def _typed(field: Field, filled: str, *, multiline: bool = False, limit: int = 0) -> BlockJson:
    # What is already there is kept even when it is longer than allowed: the form's rules say so, Slack would refuse.
    filled = filled[:INPUT_TEXT]
    longest = min(max(limit or field.length_limit, len(filled), 1), INPUT_TEXT)
    element: BlockJson = {"type": "plain_text_input", "multiline": multiline, "max_length": longest}
    if filled:
        element["initial_value"] = filled
    return element


def _number(field: Field, filled: Value) -> BlockJson:
    element: BlockJson = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(field.minimum),
        "max_value": str(field.maximum),
    }
    if isinstance(filled, int) and not isinstance(filled, bool):
        element["initial_value"] = str(filled)
    elif isinstance(filled, str) and re.fullmatch(r"-?\d{1,15}", filled):
        element["initial_value"] = filled
    return element


def _when(field: Field, filled: Value, t: Texts) -> list[BlockJson]:
    match = _WHEN.fullmatch(filled) if isinstance(filled, str) else None
    day, hour = match.groups() if match else (None, None)
    date: BlockJson = {"type": "datepicker"} | ({"initial_date": day} if day else {})
    if field.date_only:
        return [_input(field, date, suffix=DATE_SUFFIX)]
    time: BlockJson = {"type": "timepicker"} | ({"initial_time": hour} if hour else {})
    return [
        _input(field, date, suffix=DATE_SUFFIX, label=t("{question}: day", question=field.label)),
        _input(field, time, suffix=TIME_SUFFIX, label=t("{question}: time", question=field.label)),
    ]


def _choice(field: Field, filled: Value, t: Texts) -> BlockJson:
    options = _options(field.options, SELECTABLE)
    if options is None:
        words = field.label_of(filled) if isinstance(filled, str) and filled else ""
        return _input(field, _typed(field, words), hint=t("Type the name, or part of it."))
    listed = len(options) <= LISTED and field.kind is FieldKind.CHOICE
    element: BlockJson = {"type": "radio_buttons" if listed else "static_select", "options": options}
    initial = [option for option in options if option["value"] == filled]
    if initial:
        element["initial_option"] = initial[0]
    return _input(field, element)


def _choices(field: Field, filled: Value, t: Texts) -> BlockJson:
    options = _options(field.options, SELECTABLE * SELECTABLE)
    if options is None:
        chosen = [field.label_of(value) for value in filled] if isinstance(filled, list) else []
        return _input(
            field, _typed(field, ", ".join(chosen), limit=INPUT_TEXT), hint=t("Type the names, with commas between.")
        )
    if len(options) <= LISTED:
        element: BlockJson = {"type": "checkboxes", "options": options}
    elif len(options) <= SELECTABLE:
        element = {"type": "multi_static_select", "options": options}
    else:
        element = {"type": "multi_static_select", "option_groups": _groups(options)}
    initial = [option for option in options if isinstance(filled, list) and option["value"] in filled]
    if initial:
        element["initial_options"] = initial[:SELECTABLE]
    return _input(field, element)


def _options(options: Sequence[Option], limit: int) -> list[BlockJson] | None:
    """The options as Slack takes them; ``None`` when it cannot, so that the answer is typed."""
    values = [option.value for option in options]
    fit = all(0 < len(value) <= OPTION_VALUE for value in values) and len(set(values)) == len(values)
    if not options or len(options) > limit or not fit:
        return None
    return [
        {"text": plain_text(option.label.strip() or option.value, OPTION_LABEL), "value": option.value}
        for option in options
    ]


def _groups(options: Sequence[BlockJson]) -> list[BlockJson]:
    groups: list[BlockJson] = []
    for start in range(0, len(options), SELECTABLE):
        some = list(options[start : start + SELECTABLE])
        first, last = (shortened(str(option["text"]["text"]), OPTION_LABEL // 2 - 2) for option in (some[0], some[-1]))
        groups.append({"label": plain_text(f"{first} – {last}", OPTION_LABEL), "options": some})
    return groups
