"""HTML that is put together from values: text is escaped where it enters, and nowhere else."""

import base64
import html
from collections.abc import Mapping
from urllib.parse import urlsplit

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
EMBEDDED_BYTES = 300_000
"""Pictures up to this size are part of the page; of larger ones the name is shown."""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | Html | None


def escaped(text: str) -> Html:
    """Any text as HTML."""
    return text if isinstance(text, Html) else Html(html.escape(text))


def joined(*children: Child) -> Html:
    """Children one after the other; ``None`` stands for a child that is not there."""
    return Html("".join(escaped(child) for child in children if child is not None))


def tag(name: str, classes: str = "", *children: Child, **attributes: str | bool | int | None) -> Html:
    """An element. An attribute that is ``None`` or ``False`` is left out; a ``_`` in its name stands for a dash."""
    given: dict[str, object] = {"class": classes or None, **{key.rstrip("_"): one for key, one in attributes.items()}}
    return element(name, {key.replace("_", "-"): value for key, value in given.items()}, *children)


def element(name: str, attributes: Mapping[str, object], *children: Child) -> Html:
    """An element whose attributes have any names."""
    written = "".join(
        f" {key}" if value is True else f' {key}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{written}>" if name in VOID else f"<{name}{written}>{joined(*children)}</{name}>")


def link(url: str, classes: str = "", *children: Child) -> Html:
    """A link to the web in a tab of its own; only its words where the address is of another kind."""
    if urlsplit(url).scheme not in {"http", "https"}:
        return tag("span", classes, *children)
    return tag("a", classes, *children, href=url, target="_blank", rel="noopener noreferrer")


def picture(content: bytes, mime: str, alt: str, classes: str) -> Html:
    """A picture inside the page, or its words."""
    if not content or len(content) > EMBEDDED_BYTES or not mime.startswith("image/"):
        return tag("div", f"{classes} no-picture", f"🖼 {alt}")
    return tag("img", classes, src=data_url(content, mime), alt=alt)


def data_url(content: bytes, mime: str) -> str:
    """The bytes as an address that holds them."""
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def size(count: int) -> str:
    """Bytes for people."""
    return (
        f"{count} B" if count < 1024 else f"{count / 1024:.0f} kB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"
    )
