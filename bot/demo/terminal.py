"""Drawing in the terminal what a platform would show, from what its own renderer makes of a screen."""

import html
import re
from typing import Any

from bot.platforms.slack.rendering import render as render_for_slack
from bot.platforms.telegram.rendering import render as render_for_telegram
from handlers.conversation.screen import Screen, plain
from storage.enums import Platform

TAG = re.compile(r"<[^>]+>")


def lines_of(screen: Screen, platform: Platform) -> list[str]:
    """The text and buttons of a screen, a line each, as this platform shows them."""
    match platform:
        case Platform.TELEGRAM:
            return _telegram(screen)
        case Platform.SLACK:
            return _slack(screen)
        case Platform.WEB:
            return _web(screen)


def _buttons(labels: list[str]) -> str:
    return " ".join(f"[ {label} ]" for label in labels)


def _files(screen: Screen) -> list[str]:
    return [f"📎 {file.name}" for file in screen.files]


def _web(screen: Screen) -> list[str]:
    return [
        *plain(screen).splitlines(),
        *(_buttons([button.label for button in row]) for row in screen.rows),
        *_files(screen),
    ]


def _telegram(screen: Screen) -> list[str]:
    lines: list[str] = []
    for part in render_for_telegram(screen):
        lines += html.unescape(TAG.sub("", part.html)).splitlines()
        lines += [_buttons([button.label for button in row]) for row in part.keyboard]
    return [*lines, *_files(screen)]


def _slack(screen: Screen) -> list[str]:
    lines: list[str] = []
    rendered = render_for_slack(screen)
    for message in rendered.messages:
        for block in message.blocks:
            if block["type"] == "actions":
                lines.append(_buttons([element["text"]["text"] for element in block["elements"]]))
            else:
                lines += _words(block).splitlines()
    return [*lines, *_files(screen)]


def _words(part: Any) -> str:
    """The words in a piece of Block Kit, in reading order."""
    match part:
        case {"type": "rich_text", "elements": elements}:
            return "\n".join(_words(element) for element in elements)
        case {"type": "rich_text_list", "elements": elements}:
            return "\n".join("• " + _words(element) for element in elements)
        case {"type": "section", "fields": fields}:
            return "\n".join(_words(one).replace("\n", ": ", 1) for one in fields)
        case {"elements": elements}:
            return "".join(_words(element) for element in elements)
        case {"text": str(text)}:
            return html.unescape(text).replace("*", "")
        case {"text": inner}:
            return _words(inner)
        case {"url": str(url)}:
            return url
    return ""
