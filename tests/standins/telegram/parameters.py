"""The parameters of a request, whatever body carried them, and which of them each method knows.

A form carries text only and a JSON body carries types; both are read through `Parameters`.
Names are those of the Bot API 10 reference.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.standins.telegram.refusals import BadRequest

_SENDING = (
    "chat_id message_thread_id direct_messages_topic_id business_connection_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters"
)
_EDITING = "business_connection_id chat_id message_id inline_message_id reply_markup"

KNOWN_PARAMETERS: dict[str, frozenset[str]] = {
    method: frozenset(names.split())
    for method, names in {
        "getme": "",
        "logout": "",
        "close": "",
        "getupdates": "offset limit timeout allowed_updates",
        "setwebhook": "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
        "deletewebhook": "drop_pending_updates",
        "getwebhookinfo": "",
        "sendmessage": f"{_SENDING} text parse_mode entities link_preview_options reply_markup",
        "senddocument": f"{_SENDING} document thumbnail caption parse_mode caption_entities "
        "disable_content_type_detection reply_markup",
        "sendphoto": f"{_SENDING} photo caption parse_mode caption_entities show_caption_above_media has_spoiler "
        "reply_markup",
        "sendmediagroup": f"{_SENDING} media",
        "sendchataction": "business_connection_id chat_id message_thread_id action",
        "editmessagetext": f"{_EDITING} text parse_mode entities link_preview_options",
        "editmessagecaption": f"{_EDITING} caption parse_mode caption_entities show_caption_above_media",
        "editmessagereplymarkup": _EDITING,
        "deletemessage": "chat_id message_id",
        "deletemessages": "chat_id message_ids",
        "answercallbackquery": "callback_query_id text show_alert url cache_time",
        "getfile": "file_id",
        "setmycommands": "commands scope language_code",
        "getmycommands": "scope language_code",
        "deletemycommands": "scope language_code",
        "setmyname": "name language_code",
        "getmyname": "language_code",
        "setmydescription": "description language_code",
        "getmydescription": "language_code",
        "setmyshortdescription": "short_description language_code",
        "getmyshortdescription": "language_code",
        "setchatmenubutton": "chat_id menu_button",
        "getchatmenubutton": "chat_id",
        "getchat": "chat_id",
        "getchatmember": "chat_id user_id",
        "getchatmembercount": "chat_id",
        "getchatadministrators": "chat_id return_bots",
        "leavechat": "chat_id",
        "pinchatmessage": "business_connection_id chat_id message_id disable_notification",
        "unpinchatmessage": "business_connection_id chat_id message_id",
        "unpinallchatmessages": "chat_id",
    }.items()
}


@dataclass(slots=True)
class Upload:
    """One file of a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Parameters:
    """Values by name, and the uploaded files by the name of their part."""

    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def unknown(self, method: str) -> list[str]:
        """Names that the method does not have; files that a value points to with ``attach://`` are accounted for."""
        known = KNOWN_PARAMETERS[method]
        if self.values.keys() <= known and not self.uploads:
            return []
        wrong = [name for name in self.values if name not in known]
        if self.uploads:
            attached = json.dumps(self.values, default=str)
            wrong += [n for n in self.uploads if n not in known and f"attach://{n}" not in attached]
        return wrong

    def text(self, name: str) -> str:
        """The value as text; empty when absent, as the Bot API itself reads it."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        """The value as a whole number.

        Raises:
            BadRequest: it is there and is no number (Telegram would read it as 0).
        """
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise BadRequest(f'parameter "{name}" must be an Integer') from None

    def boolean(self, name: str) -> bool:
        """The value as a truth value.

        Raises:
            BadRequest: neither true nor false.
        """
        value = self.text(name).lower()
        if value in {"", "false", "0", "no"}:
            return False
        if value in {"true", "1", "yes"}:
            return True
        raise BadRequest(f'parameter "{name}" must be a Boolean')

    def structure(self, name: str, what: str) -> Any:
        """The value as parsed JSON, None when absent or empty.

        Raises:
            BadRequest: not JSON; `what` names it in the message as Telegram does.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise BadRequest(f"can't parse {what} JSON object") from None


def refuse_unknown_fields(value: dict[str, Any], known: frozenset[str] | set[str], what: str) -> None:
    """Refuse fields that the object does not have; Telegram would ignore them, and the mistake would go unseen."""
    unknown = value.keys() - known
    if unknown:
        raise BadRequest(f"unknown field in {what}: {listed(unknown)} (Telegram would ignore it)")


def listed(names: Iterable[str]) -> str:
    """Names in order, with commas."""
    return ", ".join(sorted(names))
