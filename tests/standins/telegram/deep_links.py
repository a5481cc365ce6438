"""Links that start the bot with a payload, https://core.telegram.org/bots/features#deep-linking."""

import re
from urllib.parse import parse_qs, urlsplit

from tests.standins.telegram.refusals import BadRequest

_DEEP_LINK_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HTTP_LINK_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})


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
