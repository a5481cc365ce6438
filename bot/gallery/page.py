"""The page: features one below the other, and for each screen a cell for every language and platform."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from bot.gallery.markup import Html, element, joined, tag
from handlers.conversation.actions import REGISTRY, Example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts, texts_for
from storage.enums import Locale, Platform

TITLE = "Every screen"
APP_NAME = "Cluster Lombardo Scienze della Vita"
NAMES: Mapping[Locale | Platform, str] = {
    Locale.ITALIAN: "Italiano",
    Locale.ENGLISH: "English",
    Platform.TELEGRAM: "Telegram",
    Platform.SLACK: "Slack",
    Platform.WEB: "Web",
}
# What the page may load: nothing but what is in it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

Drawer = Callable[[Screen | Form, Texts], Html]


class CannotBeDrawnError(RuntimeError):
    """An example fails on a platform; the message names both."""


def render_gallery(locales: Sequence[Locale], platforms: Sequence[Platform]) -> str:
    """The page, with all examples that are registered now.

    Args:
        locales: the languages, in order.
        platforms: the platforms, in order; the web needs the extra ``console``.

    Raises:
        CannotBeDrawnError: an example cannot be built or drawn.
    """
    drawers = {platform: _drawer(platform) for platform in platforms}
    examples = sorted(REGISTRY.examples.values(), key=_feature)
    sections = [_section(feature, list(group), locales, drawers) for feature, group in groupby(examples, key=_feature)]
    features = sorted({_feature(example) for example in examples})
    head = joined(
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("title", {}, f"{TITLE} · {APP_NAME}"),
        element("style", {}, _own("page.css")),
    )
    body = joined(
        _top(len(examples), features, locales, platforms),
        element("main", {}, *sections, tag("p", "nothing", "Nothing here has these words.", hidden=True)),
        element("script", {"type": "text/plain", "id": "web-style"}, _web_style())
        if Platform.WEB in platforms
        else None,
        element("script", {}, _own("page.js")),
    )
    return "<!doctype html>\n" + element("html", {"lang": "en"}, element("head", {}, head), element("body", {}, body))


def _feature(example: Example) -> str:
    """The feature that registered it: ``handlers.<feature>.examples``."""
    return example.build.__module__.split(".")[1]


def _own(name: str) -> Html:
    return Html((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _web_style() -> Html:
    from bot.gallery.web import style_sheet

    return Html(style_sheet())


def _drawer(platform: Platform) -> Drawer:
    """How a platform draws an example. Each is imported when it is wanted: the web's may not be installed."""
    match platform:
        case Platform.TELEGRAM:
            from bot.gallery import telegram

            return lambda made, t: telegram.draw_form(made, t) if isinstance(made, Form) else telegram.draw(made)
        case Platform.SLACK:
            from bot.gallery import slack

            return lambda made, t: slack.draw_form(made, t) if isinstance(made, Form) else slack.draw(made, APP_NAME)
        case Platform.WEB:
            from bot.gallery import web

            return lambda made, t: web.draw_form(made, t) if isinstance(made, Form) else web.draw(made)


def _top(count: int, features: Sequence[str], locales: Sequence[Locale], platforms: Sequence[Platform]) -> Html:
    choices: list[Locale | Platform] = [*locales, *platforms]
    switches = [
        tag("label", "switch", element("input", {"type": "checkbox", "value": one.value, "checked": True}), NAMES[one])
        for one in choices
    ]
    links = [tag("a", "", feature, href=f"#{feature}") for feature in features]
    search = {"type": "search", "id": "search", "placeholder": "Find a screen or words in it", "aria-label": "Find"}
    return element(
        "header",
        {},
        tag("div", "line", tag("h1", "", TITLE), tag("span", "count", f"{count}", id="count")),
        tag("div", "line", element("input", search), tag("span", "switches", *switches)),
        element("nav", {"aria-label": "Features"}, *links),
    )


def _section(
    feature: str, examples: Sequence[Example], locales: Sequence[Locale], drawers: Mapping[Platform, Drawer]
) -> Html:
    articles = [_article(example, locales, drawers) for example in examples]
    return element("section", {"id": feature}, tag("h2", "", feature), *articles)


def _article(example: Example, locales: Sequence[Locale], drawers: Mapping[Platform, Drawer]) -> Html:
    cells = []
    is_form = False
    for locale in locales:
        made = example.build(texts_for(locale))
        is_form = isinstance(made, Form)
        cells += [_cell(example, made, locale, platform, drawer) for platform, drawer in drawers.items()]
    title = tag("h3", "", tag("a", "", example.name, href=f"#{example.name}"))
    about = (example.build.__doc__ or "").strip().partition("\n")[0]
    return element(
        "article",
        {"id": example.name},
        tag("div", "about", title, tag("span", "kind", "form") if is_form else None, tag("p", "", about)),
        tag("div", "cells", *cells),
    )


def _cell(example: Example, made: Screen | Form, locale: Locale, platform: Platform, drawer: Drawer) -> Html:
    try:
        drawn = drawer(made, texts_for(locale))
    except Exception as error:
        raise CannotBeDrawnError(f"{example.name} in {locale} on {platform}: {error!r}") from error
    label = tag("div", "cell-name", f"{NAMES[platform]} · {NAMES[locale]}")
    attributes = {"class": "cell", "lang": locale.value, "data-locale": locale.value, "data-platform": platform.value}
    return element("div", attributes, label, tag("div", f"screen {platform.value}", drawn))
