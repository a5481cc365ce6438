"""Slack's way of writing text: what comes in is decoded, what goes out is written so that nothing in it takes effect.

Rules: https://docs.slack.dev/messaging/formatting-message-text (only ``&``, ``<`` and ``>`` are entities; what stands
between angle brackets is a link, a mention or a command).
"""

import re

ELLIPSIS = "…"

_TOKEN = re.compile(r"<([^<>\n]*)>")
_AMBIGUOUS_AMPERSAND = re.compile(r"&(?=(?:amp|lt|gt);)")


def from_slack(text: str) -> str:
    """What a person typed, as plain text: links by label and address, mentions by name, entities decoded."""
    parts: list[str] = []
    position = 0
    for token in _TOKEN.finditer(text):
        parts += [decoded(text[position : token.start()]), decoded(_token_text(token.group(1)))]
        position = token.end()
    parts.append(decoded(text[position:]))
    return "".join(parts)


def without_mention(text: str, user: str) -> str:
    """The raw text without the mentions of one user, still in Slack's markup."""
    if not user:
        return text.strip()
    return re.sub(rf"[ \t]*<@{re.escape(user)}(?:\|[^<>\n]*)?>[ \t]*[,:]?[ \t]*", " ", text).strip()


def escaped(text: str) -> str:
    """Text for a place where Slack looks for links and mentions: it finds none."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def verbatim(text: str) -> str:
    """Text for a ``plain_text`` object, which Slack shows as it is, except that it decodes the three entities."""
    return _AMBIGUOUS_AMPERSAND.sub("&amp;", text)


def shortened(text: str, limit: int) -> str:
    """The text, cut with an ellipsis when it is longer than ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def plain_text(text: str, limit: int) -> dict[str, object]:
    """A ``plain_text`` object of at most ``limit`` characters, without emoji codes."""
    kept = shortened(text, limit)
    for length in range(limit, 0, -1):
        written = verbatim(kept)
        if len(written) <= limit:
            break
        # Entities grow when they are written: cut what is shown until what is sent fits.
        kept = shortened(text, length)
    return {"type": "plain_text", "text": written, "emoji": False}


def pieces(text: str, limit: int) -> list[str]:
    """The text in pieces of at most ``limit`` characters, nothing lost, cut after a line or a word where possible."""
    found: list[str] = []
    rest = text
    while len(rest) > limit:
        window = rest[:limit]
        cut = max(window.rfind("\n"), window.rfind(" ")) + 1
        # A cut very early would make many small pieces of a text with one long word.
        cut = cut if cut > limit // 2 else limit
        found.append(rest[:cut])
        rest = rest[cut:]
    if rest:
        found.append(rest)
    return found


def decoded(text: str) -> str:
    """Text whose three entities are characters again; Slack sends typed text with entities, in modals as well."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token_text(inner: str) -> str:
    target, _, label = inner.partition("|")
    if target.startswith(("@", "#")):
        return target[0] + (label.removeprefix(target[0]) or target[1:])
    if target.startswith("!date^"):
        return label
    if target.startswith("!subteam^"):
        return label or "@" + target.removeprefix("!subteam^")
    if target.startswith("!"):
        return "@" + target[1:].partition("^")[0]
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or _same_address(label, address):
        return address
    return f"{label} ({address})"


def _same_address(label: str, address: str) -> bool:
    """Whether Slack merely linked what was typed: ``example.org`` becomes ``<http://example.org|example.org>``."""
    return re.sub(r"^https?://", "", address).rstrip("/") == re.sub(r"^https?://", "", label).rstrip("/")
