"""Screens as the web chat draws them: its own elements and its own style sheet, without a server behind them.

The elements go into a shadow tree each, so that neither the gallery's style nor theirs reaches the other.
"""

from collections.abc import Callable, Sequence

from nicegui import Client
from nicegui.element import Element
from nicegui.page import page

from bot.gallery.markup import EMBEDDED_BYTES, Html, data_url, element, joined, tag
from bot.platforms.webchat.dialog import FormDialog
from bot.platforms.webchat.elements import Node
from bot.platforms.webchat.rendering import FILES_PATH, ScreenRenderer, files_of
from bot.platforms.webchat.routes import STATIC_FOLDER
from handlers.conversation.event import Errors
from handlers.conversation.form import Form, Values
from handlers.conversation.screen import Button, File, Screen
from handlers.conversation.texts import Texts

HOST_RULES = """
:host { display: block; padding: 12px; border-radius: 12px; background: var(--ground); color: var(--ink);
  font: 400 15.5px/1.5 var(--sans); container-type: inline-size; }
.shell { display: block; }
.form-dialog[open] { position: static; width: 100%; max-width: 100%; max-height: none; margin: 0; }
.message { animation: none; }
"""
"""What the page around the chat says there, and the window of a form standing still."""
INITIAL = {"defaultValue": "value", "defaultChecked": "checked", "defaultSelected": "selected"}
"""What the browser's own attributes are called."""


def style_sheet() -> str:
    """The web chat's style sheet for a shadow tree."""
    sheet = (STATIC_FOLDER / "webchat.css").read_text(encoding="utf-8")
    return sheet.replace(":root", ":host") + HOST_RULES


def draw(shown: Screen) -> Html:
    """A screen."""

    def build() -> None:
        with Node("div", "bubble"):
            ScreenRenderer(shown, chat="gallery", message_id="sample", on_press=_pressed).draw()

    return _shadow("messages", "message theirs", build, files_of(shown))


def draw_form(form: Form, t: Texts) -> Html:
    """A form as its window."""

    def build() -> None:
        FormDialog(form, t, on_submit=_submitted, on_abandon=_abandoned)

    return _shadow("", "", build, [])


def _pressed(_button: Button, _element: Node) -> None:
    """Nobody is behind the page."""


async def _submitted(_form: Form, _values: Values) -> Errors | None:
    return None


async def _abandoned(_form: Form, _values: Values) -> None:
    return None


def _shadow(outer: str, inner: str, build: Callable[[], None], files: Sequence[File]) -> Html:
    client = Client(page("/gallery"), request=None)
    try:
        with client, Node("div", outer) as root, Node("div", inner):
            build()
        drawn = _html(root, files)
    finally:
        client.delete()
    inside = tag("div", "shell", drawn, id="app")
    return tag("div", "web-host", element("template", {"shadowrootmode": "open"}, inside))


def _html(node: Element, files: Sequence[File]) -> Html:
    """An element of NiceGUI's with all that is in it, as a browser would have it."""
    attributes: dict[str, object] = {"class": " ".join(node.classes) or None}
    text = str(node._text or "")  # noqa: SLF001 - NiceGUI has no way to read it
    if node.tag in {"input", "select", "textarea"}:
        attributes["id"] = node.html_id
    for name, value in node.props.items():
        if node.tag == "textarea" and name == "defaultValue":
            text = str(value)
        else:
            attributes[INITIAL.get(name, name)] = _without_server(name, value, files)
    if node.tag == "dialog":
        attributes["open"] = True
    if node.style:
        attributes["style"] = ";".join(f"{name}:{value}" for name, value in node.style.items())
    return element(
        node.tag, attributes, text or None, joined(*(_html(child, files) for child in node.default_slot.children))
    )


def _without_server(name: str, value: object, files: Sequence[File]) -> object:
    """What an element would fetch from its server: pictures become part of the page, the rest leads nowhere."""
    if name not in {"src", "href"} or not str(value).startswith("/"):
        return value
    path = str(value).partition("?")[0]
    if name == "src" and path.startswith(FILES_PATH):
        file = files[int(path.rpartition("/")[2])]
        if 0 < len(file.content) <= EMBEDDED_BYTES:
            return data_url(file.content, file.mime)
    return None
