"""The gallery: every screen and form with example data, in each language, as each platform shows it, on one page.

The page is made by the platforms' own renderers, so that it shows what people will see, and needs nothing but a
browser: no server, no network.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from bot.gallery.page import render_gallery
from handlers.conversation.actions import REGISTRY
from handlers.router import load_features
from storage.enums import Locale, Platform

__all__ = ["platforms_that_can_be_drawn", "render_gallery", "write_gallery"]


def platforms_that_can_be_drawn() -> Sequence[Platform]:
    """All platforms; without the extra ``console`` all but the web, which NiceGUI draws."""
    return [one for one in Platform if one is not Platform.WEB or importlib.util.find_spec("nicegui")]


def write_gallery(path: Path) -> int:
    """Write the page to a file, making its folder when it is missing; returns how many screens and forms it shows.

    Raises:
        OSError: it cannot be written.
    """
    load_features()
    page = render_gallery(list(Locale), platforms_that_can_be_drawn())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return len(REGISTRY.examples)
