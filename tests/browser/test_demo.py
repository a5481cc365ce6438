"""The demo as a visitor meets it: the real command, the sample community, a real browser."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.test_webchat_page import CHROMIUM, CHROMIUM_ARGS

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[2]
START_SECONDS = 60
PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The demo's address; it must stop cleanly on SIGTERM."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMMUNITY_BOT__")}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"],
        cwd=REPOSITORY,
        env={**environment, "PORT": "0", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            address = found.group()
            break
    assert address, "the demo does not say where it is"
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=15) == 0
    process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may not look elsewhere than at this machine, nor complain."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="it-IT")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    foreign: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda one: foreign.append(one.url) if urlsplit(one.url).hostname != "127.0.0.1" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert foreign == []
    assert errors == []


def pane(page: Page, chat: str) -> Locator:
    return page.locator(f"[data-pane][data-chat='{chat}']")


def say(page: Page, chat: str, text: str) -> None:
    field = pane(page, chat).locator("[data-message]")
    field.fill(text)
    field.press("Enter")


def press(page: Page, chat: str, label: str) -> None:
    pane(page, chat).get_by_role("button", name=label).last.click()


def test_a_newcomer_joins(demo: str, page: Page) -> None:
    page.goto(f"{demo}/it?with=ospite")
    say(page, "ospite", "FILANDE462")
    press(page, "ospite", "Italiano")
    expect(pane(page, "ospite")).to_contain_text("Finché non accetti, non si conserva nulla.", timeout=PATIENCE_MS)
    press(page, "ospite", "Accetto, cominciamo")
    window = page.locator("dialog[open]")
    window.get_by_label("Nome e cognome").fill("Lucia Brambati")
    window.get_by_role("button", name="Salva").click()
    expect(window).to_contain_text("Questo campo serve", timeout=PATIENCE_MS)
    window.get_by_label("Il tuo ruolo").fill("Responsabile qualità")
    window.get_by_role("button", name="Salva").click()
    expect(pane(page, "ospite")).to_contain_text("Lucia, ci sei.", timeout=PATIENCE_MS)


def test_a_newcomer_joins_by_a_work_address(demo: str, page: Page) -> None:
    """The code is in the page's mail drawer: the demo sends no e-mail."""
    page.goto(f"{demo}/it?with=ospite")
    page.get_by_role("button", name="Ricomincia").first.click()
    newcomer = page.locator("[data-pane]").first
    expect(newcomer).not_to_have_attribute("data-chat", "ospite", timeout=PATIENCE_MS)
    chat = newcomer.get_attribute("data-chat") or ""
    say(page, chat, "/start")
    press(page, chat, "Italiano")
    press(page, chat, "Accetto, cominciamo")
    press(page, chat, "Ho un'e-mail di lavoro")
    window = page.locator("dialog[open]")
    window.get_by_label("La tua e-mail di lavoro").fill("paola@lefilande.example")
    window.get_by_role("button", name="Mandami il codice").click()
    drawer = page.locator(".mailbox")
    expect(drawer.locator("summary")).to_contain_text("E-mail (1)", timeout=PATIENCE_MS)
    expect(drawer.locator(".mailbox-to").first).to_be_visible()
    expect(drawer).to_contain_text("paola@lefilande.example")
    found = re.search(r"\d{6}", drawer.locator(".mailbox-subject").first.inner_text())
    assert found is not None
    window.get_by_label("Le 6 cifre").fill(found.group())
    window.get_by_role("button", name="Ecco il codice").click()
    window.get_by_label("Nome e cognome").fill("Paola Villa")
    window.get_by_label("Il tuo ruolo").fill("Qualità")
    window.get_by_role("button", name="Salva").click()
    expect(pane(page, chat)).to_contain_text("Paola, ci sei.", timeout=PATIENCE_MS)


def test_two_people_see_one_card(demo: str, page: Page) -> None:
    page.goto(f"{demo}/it?with=marco,giulia")
    for chat in ("marco", "giulia"):
        say(page, chat, "/eventi")
        press(page, chat, "Dentro la camera bianca")
    before = pane(page, "giulia").locator("dd", has_text=re.compile(r"^\d+$")).all_inner_texts()
    press(page, "marco", "Forse")
    expect(pane(page, "marco")).to_contain_text("forse", timeout=PATIENCE_MS)
    press(page, "marco", "Partecipo")
    expect(pane(page, "marco")).to_contain_text("Partecipi", timeout=PATIENCE_MS)
    page.wait_for_function(
        "([before]) => JSON.stringify([...document.querySelectorAll(\"[data-chat='giulia'] dd\")]"
        ".map(one => one.innerText).filter(text => /^\\d+$/.test(text))) !== before",
        arg=[str(before).replace("'", '"').replace(", ", ",")],
    )


def test_the_clock_brings_what_is_due(demo: str, page: Page) -> None:
    page.goto(f"{demo}/en?with=james")
    say(page, "james", "/meetings")
    expect(pane(page, "james")).to_contain_text("My meetings", timeout=PATIENCE_MS)
    page.get_by_role("group", name="The demo’s clock").get_by_role("button", name="to Tue 15 May").click()
    expect(pane(page, "james")).to_contain_text("your meeting with", timeout=60_000)


def test_a_phone_has_no_sideways_scroll(demo: str, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="it-IT", is_mobile=True, has_touch=True
    )
    phone = context.new_page()
    phone.set_default_timeout(PATIENCE_MS)
    phone.goto(f"{demo}/it?with=sara")
    say(phone, "sara", "/missioni")
    press(phone, "sara", "MIXiii BIOMED 2018")
    expect(pane(phone, "sara")).to_contain_text("Tel Aviv", timeout=PATIENCE_MS)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_health(demo: str) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        with urllib.request.urlopen(demo + path, timeout=10) as answer:
            assert answer.status == 200
