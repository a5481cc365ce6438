"""Plain HTML elements whose text and attributes never pass through a parser.

NiceGUI's ``ui.html`` and ``.props("...")`` read strings; a name with a quote in it would end up as markup. Here text
is a text node and an attribute's value a value, so what people typed is shown as they typed it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from nicegui import events
from nicegui.element import Element

Attributes = Mapping[str, Any]

SAFE_SCHEMES = frozenset({"http", "https"})


class Node(Element):
    """An HTML element with classes, a text and attributes; attributes that are ``None`` are left out."""

    def __init__(self, tag: str, classes: str = "", text: str = "", attributes: Attributes | None = None) -> None:
        super().__init__(tag)
        if classes:
            self.classes(classes)
        if text:
            self._text = text
        for name, value in (attributes or {}).items():
            self.props.set_optional(name, value)

    def say(self, text: str) -> None:
        """Replace the text."""
        if text != (self._text or ""):
            self._text = text
            self.update()

    def listen(
        self, event: str, handler: Callable[[events.GenericEventArguments], Any] | None, javascript: str = ""
    ) -> Self:
        """Call ``handler`` on an event.

        ``javascript`` is a function of the event that may call ``emit``; without it the handler gets nothing.
        """
        return self.on(event, handler, js_handler=javascript or "() => emit(null)")


def icon(name: str) -> Node:
    """A picture drawn by the style sheet, for people who see."""
    return Node("span", f"icon icon-{name}", attributes={"aria-hidden": "true"})


def icon_button(name: str, label: str, classes: str = "") -> Node:
    """A button with a picture only; ``label`` is what a screen reader says and a pointer sees."""
    button = Node(
        "button", f"icon-button {classes}", attributes={"type": "button", "aria-label": label, "title": label}
    )
    with button:
        icon(name)
    return button


def avatar(key: str, name: str) -> Node:
    """A round mark with a person's initials, in a colour of their own."""
    words = [word for word in name.split() if word[0].isalnum()]
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
    tone = sum(key.encode()) % 6
    return Node("span", f"avatar tone-{tone}", initials or "?", {"aria-hidden": "true"})


def safe_url(url: str) -> str | None:
    """The address when it leads to the web, else ``None``: ``javascript:`` and its like lead nowhere."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme.lower() in SAFE_SCHEMES and parts.netloc else None
