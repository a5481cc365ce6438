"""What Slack's client does with the inputs of a view: their state, what may be typed, what it refuses by itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from .blocks import elements_of
from .elements import all_options
from .refusals import Json
from .rendering import escape, unescape

_T = TypeVar("_T")

FilledValues = dict[str, dict[str, Json]]

_TEXT_KINDS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
_STATE_KEY = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "file_input": "files",
    **dict.fromkeys(_TEXT_KINDS, "value"),
}
"""The key under which ``view.state.values`` holds what was chosen. Source: the view_submission payload reference."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WEB = re.compile(r"https?://\S+")
REQUIRED = "Please complete this required field."


def state_key(kind: str) -> str | None:
    """The key that holds the value of an element of this kind, or None for one without state."""
    return _STATE_KEY.get(kind)


def blank(element: Json) -> Json:
    """The state of an element that nobody has touched: its initial value, or nothing."""
    kind: str = element["type"]
    key = _STATE_KEY[kind]
    many = key.endswith("s")
    initial = element.get("initial_value") if key == "value" else element.get(key.replace("selected_", "initial_"))
    if initial is None:
        initial = [] if many else None
    return {"type": kind, key: initial}


def starting_values(blocks: list[Json], kept: FilledValues) -> FilledValues:
    """The state of a view as it opens; ``kept`` holds what survives an update (same block_id, action_id, type)."""
    values: FilledValues = {}
    for block in blocks:
        for _, element in elements_of(block):
            if element["type"] not in _STATE_KEY:
                continue
            before = kept.get(block["block_id"], {}).get(element["action_id"])
            same = before is not None and before["type"] == element["type"]
            state = before if same and before is not None else blank(element)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def is_empty(state: Json) -> bool:
    """Whether nothing is typed or chosen."""
    return state[_STATE_KEY[state["type"]]] in (None, "", [])


def _option(element: Json, wanted: object) -> Json:
    for option in all_options(element):
        if wanted in (option["value"], unescape(option["text"]["text"])):
            return {"text": option["text"], "value": option["value"]}
    offered = [unescape(option["text"]["text"]) for option in all_options(element)]
    raise AssertionError(f"no option {wanted!r}; there are {offered}")


def _many(value: object) -> Iterable[object]:
    return value if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _identifier(value: object) -> str:
    return str(getattr(value, "id", value))


def _date(value: object) -> str:
    return (dt.date.fromisoformat(value) if isinstance(value, str) else _expect(value, dt.date)).isoformat()[:10]


def _time(value: object) -> str:
    moment = dt.time.fromisoformat(value) if isinstance(value, str) else _expect(value, dt.time)
    return moment.strftime("%H:%M")


def _moment(value: object) -> int:
    if isinstance(value, int):
        return value
    moment = _expect(value, dt.datetime)
    if moment.tzinfo is None:
        raise AssertionError("a moment needs its time zone")
    return int(moment.timestamp())


def _expect(value: object, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise AssertionError(f"a {kind.__name__} is needed here, not {value!r}")  # noqa: TRY004 - a test's own mistake
    return value


def filled(element: Json, value: object, upload: Callable[[object], Json], *, escaped: bool) -> Json:
    """The state of an element after a person has filled it; None empties it.

    ``value`` is text or a number for text inputs; an option's words or its value for choices; a date, time or aware
    datetime (or its ISO text, or Unix seconds) for pickers; a person, channel or id; what ``upload`` takes for files.

    Raises:
        AssertionError: the element does not offer this.
    """
    kind: str = element["type"]
    key = _STATE_KEY[kind]
    if value is None:
        return {"type": kind, key: [] if key.endswith("s") else None}
    state: object
    match kind:
        case "plain_text_input" | "number_input" | "email_text_input" | "url_text_input":
            typed = str(value)
            if kind == "plain_text_input" and not element.get("multiline"):
                typed = " ".join(typed.splitlines())
            state = (escape(typed) if escaped else typed) or None
        case "static_select" | "radio_buttons":
            state = _option(element, value)
        case "multi_static_select" | "checkboxes":
            state = [_option(element, each) for each in _many(value)]
        case "datepicker":
            state = _date(value)
        case "timepicker":
            state = _time(value)
        case "datetimepicker":
            state = _moment(value)
        case "users_select" | "channels_select" | "conversations_select":
            state = _identifier(value)
        case "multi_users_select" | "multi_channels_select" | "multi_conversations_select":
            state = [_identifier(each) for each in _many(value)]
        case "file_input":
            state = [upload(each) for each in (value if isinstance(value, list) else [value])]
        case _:
            raise AssertionError(f"this stand-in cannot fill a {kind}")
    return {"type": kind, key: state}


def _number_problem(element: Json, typed: str) -> str | None:
    try:
        number = Decimal(typed)
    except InvalidOperation:
        return "Please enter a valid number."
    if not number.is_finite() or (not element["is_decimal_allowed"] and number != number.to_integral_value()):
        return "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and number < Decimal(low):
        return f"Please enter a number of at least {low}."
    if high is not None and number > Decimal(high):
        return f"Please enter a number of at most {high}."
    return None


def _text_problem(element: Json, typed: str) -> str | None:
    kind = element["type"]
    if kind == "number_input":
        return _number_problem(element, typed)
    if kind == "email_text_input" and not _EMAIL.fullmatch(typed):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _WEB.fullmatch(typed):
        return "Please enter a valid URL."
    if len(typed) > element.get("max_length", 3000):
        return f"Please use at most {element.get('max_length', 3000)} characters."
    if len(typed) < element.get("min_length", 0):
        return f"Please use at least {element['min_length']} characters."
    return None


def client_problem(block: Json, state: Json) -> str | None:
    """Why Slack's client itself refuses to submit this input, or None. No request leaves the client then."""
    element = block["element"]
    if is_empty(state):
        return None if block.get("optional") else REQUIRED
    if element["type"] in _TEXT_KINDS:
        return _text_problem(element, unescape(state["value"]))
    if element["type"] == "file_input":
        if len(state["files"]) > element.get("max_files", 10):
            return f"Please add at most {element.get('max_files', 10)} files."
        allowed = [name.lower() for name in element.get("filetypes", [])]
        if allowed and any(file["filetype"] not in allowed for file in state["files"]):
            return f"Please add files of these types: {', '.join(allowed)}."
    if len(state.get("selected_options", [])) > element.get("max_selected_items", 100):
        return f"Please choose at most {element['max_selected_items']}."
    return None
