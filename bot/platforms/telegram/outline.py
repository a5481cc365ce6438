"""Which messages a screen becomes on Telegram, in words: from the parts that would be sent."""

from collections.abc import Sequence
from html.parser import HTMLParser

from bot.platforms.telegram.rendering import render
from handlers.conversation.context import Outline
from handlers.conversation.screen import Screen


class _Words(HTMLParser):
    """The text of Telegram's HTML without its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)


def _words(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.words)


def outline(screen: Screen) -> Sequence[Outline]:
    """The messages in order, each with its text or caption, its buttons and its file."""
    return [
        Outline(
            _words(part.html),
            tuple(tuple(button.label for button in row) for row in part.keyboard),
            part.file.name if part.file else "",
        )
        for part in render(screen)
    ]
