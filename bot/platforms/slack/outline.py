"""Which messages a screen becomes on Slack, in words: from the blocks that would be sent."""

from collections.abc import Iterator, Sequence

from bot.platforms.slack.rendering import render
from bot.platforms.slack.rich_text import BlockJson
from handlers.conversation.context import Outline
from handlers.conversation.screen import Screen


def outline(screen: Screen) -> Sequence[Outline]:
    """The messages in order, then the files, which Slack shows as messages of their own."""
    rendered = render(screen)
    messages = [
        Outline(
            "\n".join(text for block in message.blocks if (text := _text(block))),
            tuple(labels for block in message.blocks if (labels := tuple(_labels(block)))),
        )
        for message in rendered.messages
    ]
    return [*messages, *(Outline("", (), file.name) for file in rendered.files)]


def _text(block: BlockJson) -> str:
    match block.get("type"):
        case "header" | "section":
            return str(block["text"]["text"])
        case "rich_text":
            return "\n".join(_rich(element) for element in block["elements"])
        case _:
            return ""


def _rich(element: BlockJson) -> str:
    if element.get("type") == "rich_text_list":
        return "\n".join("• " + _rich(one) for one in element["elements"])
    return "".join(str(one.get("text") or one.get("url") or "") for one in element.get("elements", []))


def _labels(block: BlockJson) -> Iterator[str]:
    elements = block["elements"] if block.get("type") == "actions" else [block.get("accessory")]
    for element in elements:
        if isinstance(element, dict) and element.get("type") == "button":
            yield str(element["text"]["text"])
