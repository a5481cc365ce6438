"""What Telegram refuses in a message, a keyboard, a list of commands or a webhook address.

Limits: https://core.telegram.org/bots/api and python-telegram-bot's `telegram.constants` (buttons a row, entities).
Wording of refusals: the Bot API server's own source where it is public; where only the fact is known, a plain sentence.
"""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.telegram.parameters import Parameters, Upload
from tests.standins.telegram.refusals import BadRequest, Refusal
from tests.standins.telegram.text_entities import (
    MAX_ENTITIES,
    Entity,
    detect_entities,
    is_web_address,
    parse_html,
    trim,
    utf16_length,
)

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_ANSWER = 200
MAX_RAW_TEXT_BYTES = 1 << 15
MAX_CALLBACK_DATA_BYTES = 64
MAX_BUTTONS = 100
MAX_BUTTONS_IN_ROW = 8
MAX_COPY_TEXT = 256
MAX_PLACEHOLDER = 64
MAX_UPLOAD_BYTES = 50 << 20
MAX_PHOTO_BYTES = 10 << 20
MAX_DOWNLOAD_BYTES = 20 << 20
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
DELETABLE_SECONDS = 48 * 3600
ALBUM_SIZES = range(2, 11)
MAX_BULK_MESSAGES = 100

CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
UPDATE_TYPES = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "guest_message",
    ]
)
UPDATE_TYPES_BY_DEFAULT = UPDATE_TYPES - {"chat_member", "message_reaction", "message_reaction_count"}
COMMAND_SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)
WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})

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
_REPLY_FIELDS = frozenset(
    [
        "message_id",
        "chat_id",
        "allow_sending_without_reply",
        "quote",
        "quote_parse_mode",
        "quote_entities",
        "quote_position",
        "checklist_task_id",
        "poll_option_id",
    ]
)
_PREVIEW_FIELDS = frozenset({"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"})
_MEDIA_FIELDS = frozenset(
    [
        "type",
        "media",
        "caption",
        "parse_mode",
        "caption_entities",
        "thumbnail",
        "disable_content_type_detection",
        "has_spoiler",
        "show_caption_above_media",
    ]
)
_DEEP_LINK_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HTTP_LINK_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})
_IMAGE_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")

Markup = dict[str, Any]


# Text


def message_text(parameters: Parameters) -> tuple[str, list[Entity]]:
    """Text and entities of a message, of 1 to 4096 characters after its markup is parsed."""
    source = parameters.text("text")
    if not source:
        raise BadRequest("message text is empty")
    text, entities = _formatted(source, parameters, "entities")
    if not text:
        raise BadRequest("text must be non-empty")
    if _too_long(text, MAX_TEXT):
        raise BadRequest("message is too long")
    return text, entities


def caption(parameters: Parameters) -> tuple[str, list[Entity]]:
    """Caption and entities, of 0 to 1024 characters after parsing."""
    source = parameters.text("caption")
    if not source:
        return "", []
    text, entities = _formatted(source, parameters, "caption_entities")
    if _too_long(text, MAX_CAPTION):
        raise BadRequest("message caption is too long")
    return text, entities


def callback_answer(parameters: Parameters) -> str:
    """The words of a toast or an alert, 0 to 200 characters."""
    text = parameters.text("text")
    if _too_long(text, MAX_CALLBACK_ANSWER):
        raise BadRequest("MESSAGE_TOO_LONG")
    return text


def _too_long(text: str, limit: int) -> bool:
    # Whether the limit counts code points or UTF-16 units is not documented. The second is never the smaller number,
    # so what fits it fits both.
    return len(text) > limit or (2 * len(text) > limit and utf16_length(text) > limit)


def _formatted(source: str, parameters: Parameters, entities_name: str) -> tuple[str, list[Entity]]:
    if len(source) > MAX_RAW_TEXT_BYTES // 4 and len(source.encode("utf-8", "replace")) > MAX_RAW_TEXT_BYTES:
        raise BadRequest("text is too long")
    if "\x00" in source or not _encodable(source):
        raise BadRequest("strings must be encoded in UTF-8")
    mode = parameters.text("parse_mode").lower()
    given = parameters.structure(entities_name, "message entities")
    if mode and given:
        raise BadRequest("parse_mode and entities exclude each other")
    if mode == "html":
        text, entities = parse_html(source)
    elif mode in {"", "none"}:
        text, entities = source, _given_entities(source, given)
    elif mode in {"markdown", "markdownv2"}:
        raise BadRequest("the stand-in does not read Markdown: this project speaks HTML to Telegram")
    else:
        raise BadRequest("unsupported parse_mode")
    _check_links(entities)
    text, entities = trim(text, entities)
    found = detect_entities(text)
    if found:
        entities = _with_detected(entities, found)
    return text, entities


def _encodable(source: str) -> bool:
    if source.isascii():
        return True
    try:
        source.encode()
    except UnicodeEncodeError:
        return False
    return True


def _given_entities(text: str, given: Any) -> list[Entity]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise BadRequest("can't parse entities: expected an Array of MessageEntity")
    size = utf16_length(text)
    for entity in given:
        if not isinstance(entity, dict) or not {"type", "offset", "length"} <= entity.keys():
            raise BadRequest("can't parse MessageEntity: expected an Object with type, offset and length")
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > size:
            raise BadRequest("can't parse entities: entity beyond the end of the text")
    return sorted(given, key=lambda entity: (entity["offset"], -entity["length"]))


def _with_detected(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """Marks of Telegram's own never lie over a link or code that the sender made."""
    closed = [e for e in entities if e["type"] in {"text_link", "code", "pre", "custom_emoji"}]
    free = [
        f
        for f in found
        if all(f["offset"] + f["length"] <= c["offset"] or c["offset"] + c["length"] <= f["offset"] for c in closed)
    ]
    return sorted([*entities, *free], key=lambda entity: (entity["offset"], -entity["length"]))


def kept_entities(entities: list[Entity]) -> tuple[list[Entity], int]:
    """The first hundred entities, and how many Telegram drops without a word."""
    return entities[:MAX_ENTITIES], max(0, len(entities) - MAX_ENTITIES)


def _check_links(entities: list[Entity]) -> None:
    for entity in entities:
        if entity["type"] == "text_link":
            deep_link_payload(entity.get("url", ""))


def deep_link_payload(address: str) -> str | None:
    """What a link to a bot carries in ``start`` or ``startgroup``, None for any other address.

    Raises:
        BadRequest: more than 64 characters, or others than A-Z a-z 0-9 _ -. Telegram takes such a link and the app then
            opens the bot without it; here it is refused, since it can only be a mistake.
    """
    if "start" not in address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    is_app_link = parts.scheme == "tg" and parts.netloc == "resolve"
    if (parts.hostname or "") not in _HTTP_LINK_HOSTS and not is_app_link:
        return None
    arguments = parse_qs(parts.query, keep_blank_values=True)
    payload = next(iter(arguments.get("start") or arguments.get("startgroup") or ()), None)
    if payload and not is_deep_link_payload(payload):
        raise BadRequest("deep link payload must be 1-64 characters of A-Z, a-z, 0-9, _ and -")
    return payload


def is_deep_link_payload(payload: str) -> bool:
    """Whether a payload survives in a ``?start=`` link."""
    return _DEEP_LINK_PAYLOAD.fullmatch(payload) is not None


# Keyboards


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
    _refuse_unknown_fields(markup, _MARKUP_FIELDS[kind], kind)
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
        _refuse_unknown_fields(button, _BUTTON_FIELDS, "InlineKeyboardButton")
    if button.get("style", "primary") not in _BUTTON_STYLES:
        raise BadRequest("can't parse inline keyboard button: invalid button style specified")
    actions = _BUTTON_ACTIONS & button.keys()
    if len(actions) > 1:
        raise BadRequest("can't parse inline keyboard button: exactly one action is allowed, found " + _listed(actions))
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
        _refuse_unknown_fields(fields, _REPLY_BUTTON_FIELDS, "KeyboardButton")
        if not isinstance(fields.get("text"), str) or not fields["text"].strip():
            raise BadRequest("can't parse keyboard button: button text must be non-empty")


def reply_parameters(parameters: Parameters) -> tuple[int, bool] | None:
    """Message to reply to, and whether the message may go out without it."""
    value = parameters.structure("reply_parameters", "reply parameters")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadRequest("object expected as reply parameters")
    _refuse_unknown_fields(value, _REPLY_FIELDS, "ReplyParameters")
    message_id = value.get("message_id")
    if not isinstance(message_id, int) or isinstance(message_id, bool):
        raise BadRequest('can\'t parse reply parameters: field "message_id" must be a Number')
    return message_id, bool(value.get("allow_sending_without_reply"))


def link_preview(parameters: Parameters) -> dict[str, Any] | None:
    """LinkPreviewOptions, checked for fields that do not exist."""
    if "link_preview_options" not in parameters.values:
        return None
    value = parameters.structure("link_preview_options", "link preview options")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadRequest("object expected as link preview options")
    _refuse_unknown_fields(value, _PREVIEW_FIELDS, "LinkPreviewOptions")
    return value


def _refuse_unknown_fields(value: dict[str, Any], known: frozenset[str] | set[str], what: str) -> None:
    unknown = value.keys() - known
    if unknown:
        raise BadRequest(f"unknown field in {what}: {_listed(unknown)} (Telegram would ignore it)")


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))


# Files


def uploaded_document(upload: Upload) -> None:
    """A file of 1 byte to 50 MB with a name that a person can read.

    Raises:
        Refusal: 413 above the limit; 400 for an empty file, or a name that is missing or holds a path (Telegram would
            make one up or cut it; here it is a mistake of the sender).
    """
    if not upload.data:
        raise BadRequest("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    name = upload.name
    if not name or name != name.strip() or any(c in name for c in "/\\\0\r\n") or len(name.encode()) > 255:
        raise BadRequest("file name is missing or unusable")


def uploaded_photo(upload: Upload) -> tuple[int, int]:
    """Width and height in pixels of a picture of at most 10 MB."""
    uploaded_document(upload)
    if len(upload.data) > MAX_PHOTO_BYTES:
        raise BadRequest("file is too big")
    is_webp = upload.data[:4] == b"RIFF" and upload.data[8:12] == b"WEBP"
    if not upload.data.startswith(_IMAGE_SIGNATURES) and not is_webp:
        raise BadRequest("IMAGE_PROCESS_FAILED")
    width, height = picture_size(upload.data)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise BadRequest("PHOTO_INVALID_DIMENSIONS")
    return width, height


def album(parameters: Parameters) -> list[dict[str, Any]]:
    """The InputMedia of an album: 2-10 pictures, or 2-10 files, not mixed."""
    media = parameters.structure("media", "media")
    if not isinstance(media, list) or not all(isinstance(item, dict) for item in media):
        raise BadRequest("expected an Array of InputMedia")
    if len(media) not in ALBUM_SIZES:
        raise BadRequest("media group must contain 2-10 items")
    for item in media:
        _refuse_unknown_fields(item, _MEDIA_FIELDS, "InputMedia")
    if {item.get("type") for item in media} not in ({"photo"}, {"document"}):
        raise BadRequest("can't use the media of the specified type in the album")
    return media


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels from the header of a PNG, GIF or JPEG; 1 by 1 where the header is of another kind."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(b"GIF8") and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    position = 2
    while data.startswith(b"\xff\xd8") and position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = (
                int.from_bytes(data[position + 5 : position + 7]),
                int.from_bytes(data[position + 7 : position + 9]),
            )
            return max(1, width), max(1, height)
        position += 2 + int.from_bytes(data[position + 2 : position + 4])
    return 1, 1


# The bot's own description


def language(parameters: Parameters) -> str:
    """A two-letter ISO 639-1 code, or empty for everyone else."""
    code = parameters.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise BadRequest("invalid language code specified")
    return code


def commands(parameters: Parameters) -> list[dict[str, str]]:
    """At most a hundred commands of 1-32 characters [a-z0-9_] with descriptions of 1-256."""
    listed = parameters.structure("commands", "commands")
    if not isinstance(listed, list):
        raise BadRequest("expected an Array of BotCommand")
    if len(listed) > MAX_COMMANDS:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    for command in listed:
        if not isinstance(command, dict):
            raise BadRequest("can't parse BotCommand: expected an Object")
        _refuse_unknown_fields(command, {"command", "description"}, "BotCommand")
        name, description = command.get("command"), command.get("description")
        if not isinstance(name, str) or not _COMMAND.fullmatch(name):
            raise BadRequest("BOT_COMMAND_INVALID")
        if (
            not isinstance(description, str)
            or not description.strip()
            or _too_long(description, MAX_COMMAND_DESCRIPTION)
        ):
            raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    names = [command["command"] for command in listed]
    if len(set(names)) != len(names):
        raise BadRequest("BOT_COMMAND_INVALID: a command is listed twice")
    return listed


def command_scope(parameters: Parameters) -> tuple[str, int, int]:
    """Kind, chat id and user id of a scope; zeros where the kind has none."""
    scope = parameters.structure("scope", "BotCommandScope")
    if scope is None:
        return "default", 0, 0
    if not isinstance(scope, dict):
        raise BadRequest("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in COMMAND_SCOPES:
        raise BadRequest("can't parse BotCommandScope: Unsupported type specified")
    has_chat = kind in {"chat", "chat_administrators", "chat_member"}
    known = {"type"} | ({"chat_id"} if has_chat else set()) | ({"user_id"} if kind == "chat_member" else set())
    _refuse_unknown_fields(scope, known, "BotCommandScope")
    try:
        chat_id = int(scope.get("chat_id") or 0)
        user_id = int(scope.get("user_id") or 0)
    except (TypeError, ValueError):
        raise BadRequest("can't parse BotCommandScope: Invalid chat_id specified") from None
    if has_chat and not chat_id:
        raise BadRequest("can't parse BotCommandScope: Empty chat_id specified")
    if kind == "chat_member" and user_id <= 0:
        raise BadRequest("can't parse BotCommandScope: Invalid user_id specified")
    return str(kind), chat_id, user_id


def profile_text(parameters: Parameters, name: str, limit: int) -> str:
    """The bot's name or description, within its limit."""
    text = parameters.text(name)
    if _too_long(text, limit):
        raise BadRequest(f"bot {name.replace('_', ' ')} is too long, at most {limit} characters")
    return text


def menu_button(parameters: Parameters) -> dict[str, Any]:
    """MenuButton, the default one when absent."""
    button = parameters.structure("menu_button", "menu button")
    if button is None:
        return {"type": "default"}
    if not isinstance(button, dict):
        raise BadRequest("can't parse menu button: MenuButton must be an Object")
    kind = button.get("type")
    if kind in {"default", "commands"}:
        _refuse_unknown_fields(button, {"type"}, "MenuButton")
        return button
    if kind != "web_app":
        raise BadRequest("can't parse menu button: MenuButton has unsupported type")
    _refuse_unknown_fields(button, {"type", "text", "web_app"}, "MenuButtonWebApp")
    address = button.get("web_app", {}).get("url", "")
    if not address.startswith("https://") or not button.get("text"):
        raise BadRequest("can't parse menu button: a text and an HTTPS address are needed")
    return button


# Receiving


def allowed_updates(parameters: Parameters) -> frozenset[str] | None:
    """The kinds of update to receive from now on, None to leave the setting as it is.

    Raises:
        BadRequest: a kind that does not exist; Telegram ignores it, and the bot would wait for ever.
    """
    listed = parameters.structure("allowed_updates", "allowed updates")
    if listed is None:
        return None
    if not isinstance(listed, list):
        raise BadRequest("can't parse allowed_updates: expected an Array of String")
    unknown = set(listed) - UPDATE_TYPES
    if unknown:
        raise BadRequest(f"unknown kind of update: {_listed(unknown)} (Telegram would ignore it)")
    return frozenset(listed) or UPDATE_TYPES_BY_DEFAULT


def webhook_address(address: str) -> None:
    """HTTPS on one of four ports; plain HTTP is let through to this machine itself, so tests need no certificate."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise BadRequest("invalid webhook URL specified") from None
    if parts.hostname in {"127.0.0.1", "::1", "localhost"} and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https" or not is_web_address(address):
        raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
    if port is not None and port not in WEBHOOK_PORTS:
        raise BadRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def secret_token(parameters: Parameters) -> str:
    """1-256 characters A-Z a-z 0-9 _ -, or empty."""
    token = parameters.text("secret_token")
    if len(token) > 256:
        raise BadRequest("secret token is too long")
    if token and not _SECRET_TOKEN.fullmatch(token):
        raise BadRequest("secret token contains unallowed characters")
    return token
