"""What stands in a modal's fields, as a form's values; pure, and tolerant of any shape."""

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.markup import decoded
from bot.platforms.slack.modals import ACTION, DATE_SUFFIX, TIME_SUFFIX
from handlers.conversation.form import Value, Values
from storage.enums import Platform


def form_of(view: Mapping[str, Any]) -> tuple[str, dict[str, str], str]:
    """Name and context of the form in a view, and the channel it was opened from; empty where it says nothing."""
    try:
        known = json.loads(view.get("private_metadata") or "{}")
    except (TypeError, ValueError):
        return "", {}, ""
    if not isinstance(known, dict):
        return "", {}, ""
    context = known.get("context")
    kept = {key: value for key, value in context.items() if isinstance(value, str)} if isinstance(context, dict) else {}
    name, channel = known.get("form"), known.get("channel")
    return name if isinstance(name, str) else "", kept, channel if isinstance(channel, str) else ""


def values_of(view: Mapping[str, Any], account: str) -> Values:
    """The values by field name.

    A WHEN of which only one half is filled in is that half: ``2018-04-19`` or ``T17:30``; neither is a valid answer,
    both can be filled in again.

    Args:
        view: the ``view`` of a submission or of a closed window.
        account: our workspace, which keeps the files.
    """
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, Mapping) else None
    values: Values = {}
    if not isinstance(blocks, Mapping):
        return values
    for block_id, actions in blocks.items():
        entered = actions.get(ACTION) if isinstance(actions, Mapping) else None
        if not isinstance(block_id, str) or not isinstance(entered, Mapping):
            continue
        if block_id.endswith(TIME_SUFFIX):
            continue
        if block_id.endswith(DATE_SUFFIX):
            name = block_id.removesuffix(DATE_SUFFIX)
            values[name] = _when(_text(entered.get("selected_date")), blocks.get(name + TIME_SUFFIX))
        else:
            values[block_id] = _value(entered, account)
    return values


def error_blocks(view: Mapping[str, Any], by_field: Mapping[str, str]) -> dict[str, str]:
    """Errors by block instead of by field.

    What belongs to no field of the window stands at its first one, since Slack shows errors at inputs only. Empty when
    the window has no input.
    """
    blocks = view.get("blocks")
    inputs = [
        str(block.get("block_id"))
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, Mapping) and block.get("type") == "input"
    ]
    found: dict[str, str] = {}
    for name, text in by_field.items():
        place = next((one for one in (name, name + DATE_SUFFIX) if one in inputs), inputs[0] if inputs else None)
        if place is not None:
            found[place] = f"{found[place]} {text}" if place in found else text
    return found


def _value(entered: Mapping[str, Any], account: str) -> Value:
    match entered.get("type"):
        case "number_input":
            typed = decoded(_text(entered.get("value")))
            return int(typed) if re.fullmatch(r"-?\d{1,15}", typed) else typed or None
        case "radio_buttons" | "static_select":
            return _option(entered.get("selected_option"))
        case "checkboxes" | "multi_static_select":
            chosen = entered.get("selected_options")
            found = [_option(option) for option in chosen] if isinstance(chosen, list) else []
            return [value for value in found if value is not None]
        case "file_input":
            return _file(entered.get("files"), account)
        case _:
            return decoded(_text(entered.get("value"))) or None


def _option(option: object) -> str | None:
    value = option.get("value") if isinstance(option, Mapping) else None
    return value if isinstance(value, str) else None


def _file(files: object, account: str) -> dict[str, Any] | None:
    first = files[0] if isinstance(files, list) and files else None
    if not isinstance(first, Mapping) or not isinstance(first.get("id"), str):
        return None
    size = first.get("size")
    return {
        "platform": Platform.SLACK.value,
        "account": account,
        "reference": first["id"],
        "name": _text(first.get("name")),
        "mime": _text(first.get("mimetype")),
        "size": size if isinstance(size, int) and not isinstance(size, bool) else 0,
    }


def _when(day: str, time_block: object) -> str | None:
    if time_block is None:  # the field asks for a day only
        return f"{day}T00:00" if day else None
    entered = time_block.get(ACTION) if isinstance(time_block, Mapping) else None
    hour = _text(entered.get("selected_time")) if isinstance(entered, Mapping) else ""
    if not day and not hour:
        return None
    return day + (f"T{hour}" if hour else "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
