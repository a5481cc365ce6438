"""What Telegram refuses in a keyboard, https://core.telegram.org/bots/api#inlinekeyboardmarkup."""

from typing import Any

from tests.standins.telegram.deep_links import deep_link_payload
from tests.standins.telegram.parameters import Parameters, listed, refuse_unknown_fields
from tests.standins.telegram.refusals import BadRequest
from tests.standins.telegram.text_entities import is_web_address

MAX_CALLBACK_DATA_BYTES = 64
MAX_BUTTONS = 100
MAX_BUTTONS_IN_ROW = 8
MAX_COPY_TEXT = 256
MAX_PLACEHOLDER = 64

_BUTTON_ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
_BUTTON_FIELDS = _BUTTON_ACTIONS | {"text", "style", "icon_custom_emoji_id"}
_BUTTON_STYLES = frozenset({"danger", "success", "primary"})
_REPLY_BUTTON_FIELDS = frozenset(
    [
        "text",
        "style",
        "icon_custom_emoji_id",
        "request_users",
        "request_chat",
        "request_contact",
        "request_location",
        "request_poll",
        "web_app",
        "request_managed_bot",
    ]
)
_MARKUP_FIELDS = {
    "inline_keyboard": frozenset({"inline_keyboard"}),
    "keyboard": frozenset(
        {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"}
    ),
    "remove_keyboard": frozenset({"remove_keyboard", "selective"}),
    "force_reply": frozenset({"force_reply", "input_field_placeholder", "selective"}),
}

Markup = dict[str, Any]


def reply_markup(parameters: Parameters, *, is_private: bool, inline_only: bool = False) -> Markup | None:
    """The keyboard of a message, None for none; rows without buttons are dropped.

    Args:
        parameters: of the request.
        is_private: whether the chat is a private one, where alone web_app buttons may stand.
        inline_only: an edit takes no other kind.
    """
    if "reply_markup" not in parameters.values:
        return None
    markup = parameters.structure("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise BadRequest("object expected as reply markup")
    if not markup:
        return None
    kinds = [kind for kind in _MARKUP_FIELDS if kind in markup]
    if len(kinds) != 1:
        raise BadRequest("reply markup must be exactly one kind of keyboard")
    kind = kinds[0]
    refuse_unknown_fields(markup, _MARKUP_FIELDS[kind], kind)
    if kind == "inline_keyboard":
        return _inline_keyboard(markup["inline_keyboard"], is_private=is_private)
    if inline_only:
        raise BadRequest("inline keyboard expected")
    if kind == "keyboard":
        _check_reply_keyboard(markup["keyboard"])
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= MAX_PLACEHOLDER:
        raise BadRequest("input field placeholder must be of 1-64 characters")
    return markup


def _inline_keyboard(rows: Any, *, is_private: bool) -> Markup | None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise BadRequest("reply markup is too long")
    for row in rows:
        if len(row) > MAX_BUTTONS_IN_ROW:
            raise BadRequest(f"inline keyboard row has {len(row)} buttons, at most {MAX_BUTTONS_IN_ROW} are shown")
        for button in row:
            _check_inline_button(button, is_private=is_private)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_inline_button(button: Any, *, is_private: bool) -> None:
    if not isinstance(button, dict):
        raise BadRequest("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadRequest("can't parse inline keyboard button: button text must be non-empty")
    if not button.keys() <= _BUTTON_FIELDS:
        refuse_unknown_fields(button, _BUTTON_FIELDS, "InlineKeyboardButton")
    if button.get("style", "primary") not in _BUTTON_STYLES:
        raise BadRequest("can't parse inline keyboard button: invalid button style specified")
    actions = _BUTTON_ACTIONS & button.keys()
    if len(actions) > 1:
        raise BadRequest("can't parse inline keyboard button: exactly one action is allowed, found " + listed(actions))
    action = next(iter(actions), None)
    if action == "callback_data":
        _check_callback_data(button["callback_data"])
    elif action is None or button[action] in (None, ""):
        if action not in {"switch_inline_query", "switch_inline_query_current_chat"}:
            raise BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    elif action == "url":
        _check_button_address(button["url"])
    elif action == "copy_text":
        copied = button["copy_text"].get("text") if isinstance(button["copy_text"], dict) else None
        if not isinstance(copied, str) or not 1 <= len(copied) <= MAX_COPY_TEXT:
            raise BadRequest("BUTTON_COPY_TEXT_INVALID")
    elif action in {"web_app", "login_url"}:
        _check_page(action, button[action], is_private=is_private)


def _check_page(action: str, page: Any, *, is_private: bool) -> None:
    address = page.get("url", "") if isinstance(page, dict) else ""
    if not (address.startswith("https://") and is_web_address(address)):
        raise BadRequest(f"inline keyboard button {action} URL '{address}' is invalid: only HTTPS links are allowed")
    if action == "web_app" and not is_private:
        raise BadRequest("BUTTON_TYPE_INVALID")


def _check_callback_data(data: Any) -> None:
    if not isinstance(data, str) or not data:
        raise BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    # A character takes at most four bytes, so a short one needs no count.
    if 4 * len(data) > MAX_CALLBACK_DATA_BYTES and len(data.encode()) > MAX_CALLBACK_DATA_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")


def _check_button_address(address: Any) -> None:
    if not isinstance(address, str):
        raise BadRequest('can\'t parse inline keyboard button: field "url" must be of type String')
    if is_web_address(address) and address.split(":", 1)[0].lower() in {"http", "https", "tg", "ton"}:
        deep_link_payload(address)
        return
    known = address.startswith(("http://", "https://", "tg://", "ton://"))
    reason = "Wrong HTTP URL" if known or ":" not in address else "Unsupported URL protocol"
    raise BadRequest(f"inline keyboard button URL '{address}' is invalid: {reason}")


def _check_reply_keyboard(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequest('field "keyboard" must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        fields = {"text": button} if isinstance(button, str) else button
        if not isinstance(fields, dict):
            raise BadRequest("can't parse keyboard button: KeyboardButton must be a String or an Object")
        refuse_unknown_fields(fields, _REPLY_BUTTON_FIELDS, "KeyboardButton")
        if not isinstance(fields.get("text"), str) or not fields["text"].strip():
            raise BadRequest("can't parse keyboard button: button text must be non-empty")
