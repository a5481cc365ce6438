"""Rules of the interactive elements and composition objects of Block Kit.

Sources: the public type definitions of Slack's JavaScript SDK, the Block Kit reference and limits kept with the design.
"""

from __future__ import annotations

from .refusals import Json
from .shapes import (
    Check,
    anything,
    boolean,
    by_type,
    complain,
    integer,
    list_of,
    one_of,
    plain_text,
    shape,
    string,
    text_object,
)

ACTION_ID = string(255, 1)
BLOCK_ID = string(255)
URL = string(3000, 1, r"(?s)[a-zA-Z][a-zA-Z0-9+.-]*:.+")
PLACEHOLDER = plain_text(150)
DATE = string(10, 10, r"\d{4}-\d{2}-\d{2}")
TIME = string(5, 5, r"([01]\d|2[0-3]):[0-5]\d")
STYLE = one_of("primary", "danger")
MAX_OPTIONS = 100
MAX_CHOICES = 10

CONFIRM = shape(
    {"title": plain_text(100), "text": text_object(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": STYLE},
)


def _option(text: Check, *, with_url: bool = False) -> Check:
    extra: dict[str, Check] = {"description": text_object(75)}
    if with_url:
        extra["url"] = URL
    return shape({"text": text, "value": string(150, 1)}, extra)


SELECT_OPTION = _option(plain_text(75))
CHOICE_OPTION = _option(text_object(75))
OVERFLOW_OPTION = _option(plain_text(75), with_url=True)
OPTION_GROUP = shape({"label": plain_text(75), "options": list_of(SELECT_OPTION, MAX_OPTIONS)})


def all_options(element: Json) -> list[Json]:
    """The options of a select, overflow, checkboxes or radio element, groups flattened."""
    options: list[Json] = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options.extend(group["options"])
    return options


def _initial_choices(element: Json, pointer: str, problems: list[str]) -> None:
    offered = [(option["value"], option["text"]["text"]) for option in all_options(element)]
    values = [value for value, _ in offered]
    if len(set(values)) != len(values):
        complain(problems, "option values must be unique", f"{pointer}/options")
    chosen = list(element.get("initial_options") or [])
    if "initial_option" in element:
        chosen.append(element["initial_option"])
    for option in chosen:
        if (option["value"], option["text"]["text"]) not in offered:
            complain(problems, "initial option must be one of the given options", pointer)


def _select(element: Json, pointer: str, problems: list[str]) -> None:
    if ("options" in element) == ("option_groups" in element):
        complain(problems, "must define either `options` or `option_groups`", f"{pointer}/type")
        return
    _initial_choices(element, pointer, problems)


def _lengths(element: Json, pointer: str, problems: list[str]) -> None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if shortest > longest:
        complain(problems, "`min_length` must not exceed `max_length`", f"{pointer}/min_length")
    if len(element.get("initial_value", "")) > longest:
        complain(problems, f"must be less than {longest + 1} characters", f"{pointer}/initial_value")


_COMMON: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": boolean}
_TYPED: dict[str, Check] = {"action_id": ACTION_ID, "focus_on_load": boolean, "placeholder": PLACEHOLDER}
_DISPATCH = shape({}, {"trigger_actions_on": list_of(one_of("on_enter_pressed", "on_character_entered"), 2)})
_KIND: dict[str, Check] = {"type": anything}
_ID = string(50, 1)


def _pick(*, many: bool, initial: Check, name: str, extra: dict[str, Check] | None = None) -> Check:
    optional: dict[str, Check] = {**_COMMON, "placeholder": PLACEHOLDER, **(extra or {})}
    if many:
        optional[f"initial_{name}s"] = list_of(initial, MAX_OPTIONS)
        optional["max_selected_items"] = integer(1, MAX_OPTIONS)
    else:
        optional[f"initial_{name}"] = initial
    return shape(_KIND, optional)


_CHOICES: dict[str, Check] = {
    "options": list_of(SELECT_OPTION, MAX_OPTIONS),
    "option_groups": list_of(OPTION_GROUP, MAX_OPTIONS),
    "placeholder": PLACEHOLDER,
}
_CONVERSATION_EXTRA: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": anything}
_EXTERNAL_EXTRA: dict[str, Check] = {"min_query_length": integer(0, 255)}
_NUMBER = string(40, 1, r"-?\d+(\.\d+)?")

ELEMENTS: dict[str, Check] = {
    "button": shape(
        {**_KIND, "text": plain_text(75)},
        {
            "action_id": ACTION_ID,
            "confirm": CONFIRM,
            "url": URL,
            "value": string(2000),
            "style": STYLE,
            "accessibility_label": string(75),
        },
    ),
    "image": shape({**_KIND, "alt_text": string(2000, 1)}, {"image_url": URL, "slack_file": anything}),
    "overflow": shape(
        {**_KIND, "options": list_of(OVERFLOW_OPTION, 5, 2)},
        {"action_id": ACTION_ID, "confirm": CONFIRM},
        _initial_choices,
    ),
    "checkboxes": shape(
        {**_KIND, "options": list_of(CHOICE_OPTION, MAX_CHOICES)},
        {**_COMMON, "initial_options": list_of(CHOICE_OPTION, MAX_CHOICES)},
        _initial_choices,
    ),
    "radio_buttons": shape(
        {**_KIND, "options": list_of(CHOICE_OPTION, MAX_CHOICES)},
        {**_COMMON, "initial_option": CHOICE_OPTION},
        _initial_choices,
    ),
    "static_select": shape(_KIND, {**_COMMON, **_CHOICES, "initial_option": SELECT_OPTION}, _select),
    "multi_static_select": shape(
        _KIND,
        {
            **_COMMON,
            **_CHOICES,
            "initial_options": list_of(SELECT_OPTION, MAX_OPTIONS),
            "max_selected_items": integer(1, MAX_OPTIONS),
        },
        _select,
    ),
    "external_select": _pick(many=False, initial=SELECT_OPTION, name="option", extra=_EXTERNAL_EXTRA),
    "multi_external_select": _pick(many=True, initial=SELECT_OPTION, name="option", extra=_EXTERNAL_EXTRA),
    "users_select": _pick(many=False, initial=_ID, name="user"),
    "multi_users_select": _pick(many=True, initial=_ID, name="user"),
    "channels_select": _pick(many=False, initial=_ID, name="channel", extra={"response_url_enabled": boolean}),
    "multi_channels_select": _pick(many=True, initial=_ID, name="channel"),
    "conversations_select": _pick(
        many=False, initial=_ID, name="conversation", extra={**_CONVERSATION_EXTRA, "response_url_enabled": boolean}
    ),
    "multi_conversations_select": _pick(many=True, initial=_ID, name="conversation", extra=_CONVERSATION_EXTRA),
    "datepicker": shape(_KIND, {**_COMMON, "placeholder": PLACEHOLDER, "initial_date": DATE}),
    "timepicker": shape(
        _KIND, {**_COMMON, "placeholder": PLACEHOLDER, "initial_time": TIME, "timezone": string(100, 1)}
    ),
    "datetimepicker": shape(_KIND, {**_COMMON, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": shape(
        _KIND,
        {
            **_TYPED,
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            "dispatch_action_config": _DISPATCH,
        },
        _lengths,
    ),
    "number_input": shape(
        {**_KIND, "is_decimal_allowed": boolean},
        {
            **_TYPED,
            "initial_value": _NUMBER,
            "min_value": _NUMBER,
            "max_value": _NUMBER,
            "dispatch_action_config": _DISPATCH,
        },
    ),
    "email_text_input": shape(_KIND, {**_TYPED, "initial_value": string(3000), "dispatch_action_config": _DISPATCH}),
    "url_text_input": shape(_KIND, {**_TYPED, "initial_value": string(3000), "dispatch_action_config": _DISPATCH}),
    "file_input": shape(
        _KIND, {"action_id": ACTION_ID, "filetypes": list_of(string(20, 1), 100), "max_files": integer(1, 10)}
    ),
}

SINGLE_SELECTS = {"static_select", "external_select", "users_select", "channels_select", "conversations_select"}
MULTI_SELECTS = {f"multi_{kind}" for kind in SINGLE_SELECTS}
_ACTIVE = {"button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker"} | SINGLE_SELECTS
IN_SECTION = _ACTIVE | MULTI_SELECTS | {"image"}
IN_ACTIONS = _ACTIVE | MULTI_SELECTS | {"datetimepicker"}
INPUT_ONLY = {"plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input"}
IN_INPUT = (IN_ACTIONS | INPUT_ONLY) - {"button", "overflow"}

SECTION_ACCESSORY = by_type(ELEMENTS, IN_SECTION)
ACTIONS_ELEMENT = by_type(ELEMENTS, IN_ACTIONS)
INPUT_ELEMENT = by_type(ELEMENTS, IN_INPUT)
