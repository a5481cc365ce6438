"""What Telegram refuses in a text, a list of commands or a webhook address.

Limits: https://core.telegram.org/bots/api and python-telegram-bot's `telegram.constants` (buttons a row, entities).
Wording of refusals: the Bot API server's own source where it is public; where only the fact is known, a plain sentence.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from tests.standins.telegram.deep_links import deep_link_payload
from tests.standins.telegram.parameters import Parameters, listed, refuse_unknown_fields
from tests.standins.telegram.refusals import BadRequest
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
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
DELETABLE_SECONDS = 48 * 3600
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
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")


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


def reply_parameters(parameters: Parameters) -> tuple[int, bool] | None:
    """Message to reply to, and whether the message may go out without it."""
    value = parameters.structure("reply_parameters", "reply parameters")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadRequest("object expected as reply parameters")
    refuse_unknown_fields(value, _REPLY_FIELDS, "ReplyParameters")
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
    refuse_unknown_fields(value, _PREVIEW_FIELDS, "LinkPreviewOptions")
    return value


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
        refuse_unknown_fields(command, {"command", "description"}, "BotCommand")
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
    refuse_unknown_fields(scope, known, "BotCommandScope")
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
        refuse_unknown_fields(button, {"type"}, "MenuButton")
        return button
    if kind != "web_app":
        raise BadRequest("can't parse menu button: MenuButton has unsupported type")
    refuse_unknown_fields(button, {"type", "text", "web_app"}, "MenuButtonWebApp")
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
    kinds = parameters.structure("allowed_updates", "allowed updates")
    if kinds is None:
        return None
    if not isinstance(kinds, list):
        raise BadRequest("can't parse allowed_updates: expected an Array of String")
    unknown = set(kinds) - UPDATE_TYPES
    if unknown:
        raise BadRequest(f"unknown kind of update: {listed(unknown)} (Telegram would ignore it)")
    return frozenset(kinds) or UPDATE_TYPES_BY_DEFAULT


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
