"""The gallery's page in a real browser: drawn, searchable, and nothing asked of the network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.gallery import write_gallery
from handlers.conversation.actions import REGISTRY

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("gallery") / "gallery.html"
    write_gallery(path)
    return path.as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda one: None if one.url.startswith(("file:", "data:")) else troubles.append(one.url))
    opened.on("dialog", lambda dialog: troubles.append(dialog.message))
    opened.goto(address)
    yield opened
    context.close()
    assert troubles == []


def test_the_web_chats_own_style_is_at_work(page: Page) -> None:
    colour = page.evaluate(
        "getComputedStyle(document.querySelector('[id=\"home.help\"] .web-host').shadowRoot.querySelector('.bubble'))"
        ".backgroundColor"
    )
    assert colour == "rgb(255, 255, 255)"


def test_search_finds_words_and_names_without_minding_accents(page: Page) -> None:
    expect(page.locator("#count")).to_have_text(str(len(REGISTRY.examples)))
    page.keyboard.press("/")
    page.keyboard.type("identity.profile rubrica")
    expect(page.locator("article:visible")).not_to_have_count(0)
    names = page.locator("article:visible").evaluate_all("all => all.map((one) => one.id)")
    assert "identity.profile" in names
    assert len(names) < 10
    page.fill("#search", "cosi non lo dice nessuno")
    expect(page.locator("article:visible")).to_have_count(0)
    expect(page.locator(".nothing")).to_be_visible()
    page.fill("#search", "")
    expect(page.locator("#count")).to_have_text(str(len(REGISTRY.examples)))


def test_languages_and_platforms_can_be_left_out(page: Page) -> None:
    article = page.locator("article").first
    expect(article.locator(".cell:visible")).to_have_count(6)
    page.uncheck(".switch input[value=slack]")
    page.uncheck(".switch input[value=en]")
    expect(article.locator(".cell:visible")).to_have_count(2)
    page.check(".switch input[value=slack]")
    expect(article.locator(".cell:visible")).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_without_scrolling_sideways(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844})
    # Without this, what is off the screen is not laid out, and could not be too wide.
    page.add_style_tag(content="article { content-visibility: visible !important; }")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
