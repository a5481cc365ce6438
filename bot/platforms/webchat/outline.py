"""What a screen becomes in the web chat, in words: one message, whatever its length."""

from collections.abc import Sequence

from bot.platforms.webchat.rendering import files_of
from handlers.conversation.context import Outline
from handlers.conversation.screen import Screen, plain


def outline(screen: Screen) -> Sequence[Outline]:
    """The one message, with its buttons and the names of its files."""
    rows = tuple(tuple(button.label for button in row) for row in screen.rows)
    return [Outline(plain(screen), rows, ", ".join(file.name for file in files_of(screen)))]
