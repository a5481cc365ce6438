"""The web chat's page in a real browser, against a small bot of its own.

Every test also fails for a request that leaves the machine, an error in the browser's console, and a dialog that
markup in somebody's text opened.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Playwright, expect, sync_playwright

from tests.contracts.webchat.harness import HOSTILE

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPOSITORY = Path(__file__).parents[2]
PHONE = (390, 844)
DESKTOP = (1280, 800)


class Site:
    """A running page; it can be restarted on the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.contracts.webchat.harness", str(self._folder), str(self.port)]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        ready = self._process.stdout.readline().split()
        assert ready[:1] == ["ready"], "the page did not start"
        self.port = int(ready[1])

    def stop(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def call(self, method: str, path: str, data: dict[str, str] | None = None) -> None:
        body = json.dumps(data).encode() if data is not None else None
        request = Request(self.url(path), body, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=10) as answer:
            assert answer.status == 200

    def bot_writes(self, chat: str, text: str) -> None:
        self.call("POST", f"/harness/{chat}", {"text": text})


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("webchat"))
    site.start()
    yield site
    site.stop()


@pytest.fixture
def site(running: Site) -> Site:
    running.call("DELETE", "/harness")
    return running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
    yield browser
    browser.close()


class Visitor:
    """Somebody at a browser, with what went wrong there."""

    def __init__(self, browser: Browser, site: Site, size: tuple[int, int]) -> None:
        self._site = site
        self.problems: list[str] = []
        width, height = size
        self.context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, locale="it-IT")
        self.context.on("request", lambda request: self._check_url(request.url))
        self.context.on("dialog", self._refuse_dialog)
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("websocket", lambda socket: self._check_url(socket.url))
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        return page

    def _refuse_dialog(self, dialog: Dialog) -> None:
        self.problems.append("a dialog")
        dialog.dismiss()

    def _check_url(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            self.problems.append(f"a request to {url}")

    def opens(self, path: str, page: Page | None = None) -> Page:
        page = page or self.page
        page.goto(self._site.url(path))
        expect(page.locator("[data-message]").first).to_be_visible()
        page.wait_for_function("window.did_handshake === true")
        return page

    def says(self, text: str, chat: str = "giulia", page: Page | None = None) -> None:
        box = self.box(chat, page)
        box.fill(text)
        box.press("Enter")

    def pane(self, chat: str = "giulia", page: Page | None = None) -> Locator:
        return (page or self.page).locator(f"[data-chat={chat}]")

    def box(self, chat: str = "giulia", page: Page | None = None) -> Locator:
        return self.pane(chat, page).locator("[data-message]")

    def messages(self, chat: str = "giulia", page: Page | None = None) -> Locator:
        return self.pane(chat, page).locator("[data-message-id]")


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    visitor = Visitor(browser, site, DESKTOP)
    yield visitor
    visitor.context.close()
    assert visitor.problems == []


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Visitor]:
    visitor = Visitor(browser, site, PHONE)
    yield visitor
    visitor.context.close()
    assert visitor.problems == []


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


# --- chat


def test_a_pressed_card_changes_in_its_place(visitor: Visitor) -> None:
    visitor.opens("/it?with=giulia")
    visitor.says("/eventi")
    card = visitor.messages().last
    expect(card).to_contain_text("23/40")
    card_id = card.get_attribute("data-message-id")
    card.get_by_role("button", name="Ci sarò").click()
    expect(card).to_contain_text("24/40")
    expect(card).to_contain_text("aggiornato")
    expect(card.get_by_role("button", name="✓ Ci sarò")).to_be_visible()
    expect(visitor.pane().locator(".toast")).to_have_text("Segnato.")
    expect(visitor.messages()).to_have_count(2)
    assert visitor.messages().last.get_attribute("data-message-id") == card_id


def test_a_deleted_message_goes(visitor: Visitor) -> None:
    visitor.opens("/it?with=giulia")
    visitor.says("/eventi")
    visitor.messages().last.get_by_role("button", name="Annulla evento").click()
    expect(visitor.messages()).to_have_count(1)


def test_every_part_of_a_screen_is_drawn(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    visitor.says("/home")
    card = visitor.messages().last
    expect(card.get_by_role("heading", level=3)).to_have_text("Buongiorno Giulia")
    expect(card.get_by_role("listitem")).to_have_count(3)
    link = card.get_by_role("link", name="MIXiii BIOMED")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    picture = card.get_by_role("img", name="Iscritti per mese")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
    card.get_by_role("button", name="Eventi").click()
    event = visitor.messages().last
    expect(event.get_by_role("definition")).to_have_count(3)
    bar = event.get_by_role("progressbar", name="Posti presi")
    expect(bar).to_have_attribute("aria-valuenow", "23")
    with page.expect_download() as download:
        event.get_by_role("link", name="terapie-avanzate.ics").click()
    assert download.value.suggested_filename == "terapie-avanzate.ics"


def test_an_alert_waits_to_be_read(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    visitor.says("/home")
    visitor.messages().last.get_by_role("button", name="Avviso").click()
    alert = page.get_by_role("alertdialog")
    expect(alert).to_contain_text("Le iscrizioni chiudono venerdì.")
    alert.get_by_role("button", name="OK").click()
    expect(alert).to_have_count(0)


def test_hostile_words_are_shown_as_they_are(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    visitor.says("/ostile")
    card = visitor.messages().last
    for part in ("h3", "strong", "dt", "dd", ".bullets li", ".button-row button", ".file-name", ".progress-words span"):
        expect(card.locator(part).first).to_have_text(HOSTILE, use_inner_text=False)
    assert HOSTILE in card.locator(".para").first.inner_text()
    visitor.says(HOSTILE)
    expect(visitor.messages().nth(2).locator(".para")).to_have_text(HOSTILE)
    expect(visitor.messages().last).to_contain_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    page.reload()
    expect(visitor.messages()).to_have_count(4)
    assert page.locator("img[src=x]").count() == 0


def test_a_sent_file_comes_back_as_a_download(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    attach = visitor.pane().locator("[data-attach]")
    attach.set_input_files({"name": "così è.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"})
    expect(visitor.messages()).to_have_count(2)
    expect(visitor.messages().last).to_contain_text("Ricevuto: così è.html, 25 byte.")
    with page.expect_download() as download:
        visitor.messages().last.get_by_role("link", name="così è.html").click()
    assert Path(download.value.path()).read_bytes() == b"<script>alert(1)</script>"


def test_reading_above_is_left_in_peace(visitor: Visitor, site: Site) -> None:
    for number in range(30):
        site.bot_writes("giulia", f"riga {number}\nancora\nancora")
    page = visitor.opens("/it?with=giulia")
    log = visitor.pane().locator("[data-log]")
    at_bottom = "log => log.scrollHeight - log.scrollTop - log.clientHeight < 80"
    assert log.evaluate(at_bottom)
    log.evaluate("log => { log.scrollTop = 200 }")
    page.wait_for_timeout(100)
    site.bot_writes("giulia", "arrivata ora")
    jump = visitor.pane().locator("[data-jump]")
    expect(jump).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 200
    jump.click()
    expect(jump).to_be_hidden()
    assert log.evaluate(at_bottom)
    site.bot_writes("giulia", "e questa si segue")
    expect(visitor.messages().last).to_be_in_viewport()


def test_earlier_messages_are_a_press_away(visitor: Visitor, site: Site) -> None:
    for number in range(65):
        site.bot_writes("giulia", f"riga {number}")
    visitor.opens("/it?with=giulia")
    expect(visitor.messages()).to_have_count(60)
    visitor.pane().get_by_role("button", name="Mostra i messaggi precedenti").click()
    expect(visitor.messages()).to_have_count(65)
    expect(visitor.messages().first).to_contain_text("riga 0")
    expect(visitor.pane().get_by_role("button", name="Mostra i messaggi precedenti")).to_be_hidden()


# --- forms


def test_a_form_shows_its_errors_and_loses_nothing(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    visitor.says("/modulo")
    form = page.get_by_role("dialog")
    form.get_by_label("Che cosa hai imparato?").fill("Prima riga\nseconda")
    form.get_by_label("Posti").fill("12")
    form.get_by_label("Diagnostica").nth(1).check()
    form.get_by_label("Dove").select_option(label="Pavia")
    form.get_by_label("Quando").fill("2018-04-19T17:30")
    form.get_by_label("Iscrizioni entro").fill("2018-04-12")
    form.get_by_role("combobox", name="Con chi").fill("bell")
    form.get_by_role("option", name="Marco Bellandi").click()
    form.locator("input[type=file]").set_input_files(
        {"name": "dati.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    )
    expect(form.get_by_text("dati.csv")).to_be_visible()
    form.get_by_role("button", name="Pubblica").click()

    expect(form.get_by_role("alert")).to_have_text("2 risposte sono da rivedere.")
    title = form.get_by_label("Titolo")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_have_accessible_description(re.compile("Scrivi un titolo: basta una riga."))
    expect(form.get_by_label("Che cosa hai imparato?")).to_have_value("Prima riga\nseconda")
    expect(form.get_by_role("combobox", name="Con chi")).to_have_value("Marco Bellandi, Adda Biosensori")

    title.fill("Validare un saggio")
    form.get_by_label("Terapie avanzate").first.check()
    form.get_by_role("button", name="Pubblica").click()
    expect(form).to_have_count(0)
    told = visitor.messages().last
    expect(told).to_contain_text("Pubblicato")
    for line in (
        "title = 'Validare un saggio'",
        r"story = 'Prima riga\nseconda'",
        "topic = 'atmp'",
        "sectors = ['ivd']",
        "town = 'pavia'",
        "seats = 12",
        "when = '2018-04-19T17:30'",
        "deadline = '2018-04-12T00:00'",
        "with = 'marco'",
        "'name': 'dati.csv'",
    ):
        expect(told).to_contain_text(line)


def test_a_closed_form_keeps_its_draft(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=marco")
    visitor.says("/modulo", "marco")
    form = page.get_by_role("dialog")
    form.get_by_label("Titolo").fill("Metà strada")
    form.get_by_label("Terapie avanzate").first.check()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(visitor.pane("marco").locator(".toast")).to_have_text("Bozza conservata.")
    visitor.says("/modulo", "marco")
    expect(form.get_by_label("Titolo")).to_have_value("Metà strada")
    expect(form.get_by_label("Terapie avanzate").first).to_be_checked()


def test_an_untouched_form_closes_without_a_word(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=davide")
    visitor.says("/modulo", "davide")
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Annulla").click()
    expect(form).to_have_count(0)
    expect(visitor.pane("davide").locator(".toast")).to_have_count(0)


def test_a_reload_in_the_middle_of_a_form_keeps_the_draft(visitor: Visitor) -> None:
    page = visitor.opens("/en?with=noa")
    visitor.says("/form", "noa")
    form = page.get_by_role("dialog")
    form.get_by_label("Titolo").fill("Half way")
    page.wait_for_timeout(600)
    page.reload()
    page.wait_for_function("window.did_handshake === true")
    visitor.says("/form", "noa")
    expect(form.get_by_label("Titolo")).to_have_value("Half way")


# --- keyboard and screen readers


def test_everything_can_be_done_with_the_keyboard(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Vai alla chat")).to_be_focused()
    page.keyboard.press("Enter")
    box = visitor.box()
    for _ in range(12):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    page.keyboard.type("/ev")
    expect(visitor.pane().get_by_role("option", name="/eventi")).to_be_visible()
    expect(visitor.pane().get_by_role("option", name="/home")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    button = visitor.messages().last.get_by_role("button", name="Ci sarò")
    expect(button).to_be_visible()
    for _ in range(14):
        page.keyboard.press("Shift+Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    assert button.evaluate("button => parseFloat(getComputedStyle(button).outlineWidth)") >= 2
    page.keyboard.press("Space")
    expect(visitor.messages().last).to_contain_text("24/40")
    page.wait_for_function("document.activeElement.closest('[data-message-id]') !== null")

    box.focus()
    page.keyboard.type("/modulo")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    expect(form.get_by_label("Titolo")).to_be_focused()
    form.get_by_role("combobox", name="Con chi").focus()
    page.keyboard.type("levin")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(form.get_by_role("combobox", name="Con chi")).to_have_value("Noa Levin, Haifa Cell Works")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(box).to_be_focused()


def test_new_messages_are_announced(visitor: Visitor, site: Site) -> None:
    page = visitor.opens("/it?with=giulia")
    site.bot_writes("giulia", "Il bando scade venerdì.")
    expect(page.locator("[aria-live=polite]")).to_have_text("Bot: Il bando scade venerdì.")


def test_every_control_has_a_name(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia,community")
    visitor.says("/home")
    visitor.says("/modulo")
    expect(page.get_by_role("dialog")).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('#app :is(button, a, input, select, textarea)')]
            .filter((one) => one.type !== 'hidden' && !one.closest('[hidden]'))
            .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length))
            .map((one) => one.outerHTML)"""
    )
    assert nameless == []


# --- the page around the chats


def test_two_chats_side_by_side_are_live(visitor: Visitor, site: Site) -> None:
    page = visitor.opens("/it?with=giulia,marco")
    site.bot_writes("marco", "Per Marco")
    expect(visitor.messages("marco").last).to_contain_text("Per Marco")
    expect(visitor.messages("giulia")).to_have_count(0)
    visitor.says("/eventi", "giulia")
    expect(visitor.messages("giulia")).to_have_count(2)
    page.get_by_role("button", name="Apri Noa Levin accanto").click()
    expect(page.locator("[data-pane]")).to_have_count(3)
    page.wait_for_url("**/it?with=giulia,marco,noa")
    page.get_by_role("button", name="Chiudi la chat di Marco Bellandi").click()
    expect(page.locator("[data-pane]")).to_have_count(2)
    page.wait_for_url("**/it?with=giulia,noa")
    page.go_back()
    expect(page.locator("[data-pane]")).to_have_count(3)


def test_another_window_sees_the_same_chat(visitor: Visitor) -> None:
    visitor.opens("/it?with=community")
    other = visitor.opens("/en?with=community", visitor.new_page())
    visitor.says("Chi viene giovedì?", "community")
    theirs = visitor.messages("community", other).last
    expect(theirs).to_contain_text("Chi viene giovedì?")
    visitor.pane("community", other).get_by_label("Write as").select_option("marco")
    expect(theirs).to_contain_text("Giulia Ferraris")
    visitor.says("Io!", "community", other)
    expect(visitor.messages("community").last).to_contain_text("Marco Bellandi")


def test_unseen_messages_are_counted_until_the_chat_is_opened(visitor: Visitor, site: Site) -> None:
    page = visitor.opens("/it?with=giulia")
    site.bot_writes("marco", "uno")
    site.bot_writes("marco", "due")
    marco = page.locator("[data-chat-link=marco]")
    expect(marco.locator(".badge")).to_have_text("2")
    expect(marco).to_contain_text("2 messaggi nuovi")
    marco.click()
    expect(visitor.messages("marco")).to_have_count(2)
    expect(marco.locator(".badge")).to_be_hidden()
    page.wait_for_url("**/it?with=marco")


def test_a_newcomer_can_start_afresh(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=ospite")
    visitor.says("ciao", "ospite")
    expect(visitor.messages("ospite")).to_have_count(2)
    page.get_by_role("button", name="Ricomincia come persona nuova").click()
    fresh = page.locator("[data-pane]")
    expect(fresh).to_have_attribute("data-chat", re.compile(r"ospite-\d+"))
    expect(fresh.locator("[data-message-id]")).to_have_count(0)


def test_the_demo_clock_goes_forward_only(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    clock = page.get_by_role("group", name="L’orologio della demo")
    before = clock.locator(".clock-words").inner_text()
    clock.get_by_role("button", name="+1 giorno").click()
    expect(clock.locator(".clock-words")).not_to_have_text(before)
    clock.locator("[data-clock-toggle]").click()
    clock.get_by_label("Data e ora").fill("2017-01-01T09:00")
    clock.get_by_role("button", name="Vai").click()
    expect(page.locator(".page-toasts")).to_contain_text("Questo orologio va solo avanti.")
    clock.get_by_role("button", name="a dom 13 mag").click()
    expect(clock.locator(".clock-words")).to_have_text("domenica 13 maggio 2018, 09:00")


def test_the_page_speaks_two_languages(visitor: Visitor) -> None:
    page = visitor.opens("/?with=giulia,marco")
    page.wait_for_url("**/it?with=giulia,marco")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en?with=giulia,marco")
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.get_by_role("heading", name="Who are you now?")).to_be_visible()
    expect(visitor.pane().locator(".messages")).to_have_attribute("lang", "it")


def test_staff_see_their_own_commands(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=giulia")
    rail = page.get_by_role("complementary", name="Comandi")
    expect(rail.get_by_role("button", name="/eventi")).to_be_visible()
    expect(rail.get_by_role("button", name="/avviso")).to_have_count(0)
    page.locator("[data-chat-link=chiara]").click()
    rail.get_by_role("button", name="/avviso").click()
    expect(visitor.messages("chiara").last).to_contain_text("Un avviso")


def test_a_persona_can_block_the_bot(visitor: Visitor) -> None:
    page = visitor.opens("/it?with=noa")
    block = page.get_by_role("button", name="Blocca il bot")
    block.click()
    expect(block).to_have_attribute("aria-pressed", "true")
    block.click()
    expect(block).to_have_attribute("aria-pressed", "false")


def test_a_reload_and_a_restart_show_the_same_chat(visitor: Visitor, site: Site) -> None:
    page = visitor.opens("/it?with=giulia")
    visitor.says("ricordatelo")
    expect(visitor.messages()).to_have_count(2)
    page.reload()
    expect(visitor.messages()).to_have_count(2)
    site.stop()
    site.start()
    page.wait_for_event("load", timeout=30_000)  # the page finds the server again by itself
    expect(visitor.messages().first).to_contain_text("ricordatelo")
    expect(visitor.messages().last).to_contain_text("Hai scritto: ricordatelo")
    page.wait_for_function("window.did_handshake === true")
    visitor.problems.clear()  # the browser says in its console that the server was away


# --- on a phone


def test_nothing_scrolls_sideways_on_a_phone(phone: Visitor) -> None:
    page = phone.opens("/it?with=giulia,marco")
    for text in ("/home", "/eventi", "/ostile", "parola" * 60):
        phone.says(text)
    expect(phone.messages()).to_have_count(8)
    assert overflow(page) == 0
    assert phone.pane().locator("[data-log]").evaluate("log => log.scrollWidth - log.clientWidth") == 0
    page.locator("[data-clock-toggle]").click()
    controls = page.locator(".clock-controls").bounding_box()
    assert controls is not None
    assert controls["x"] >= 0
    assert controls["x"] + controls["width"] <= PHONE[0]
    phone.says("/modulo")
    form = page.get_by_role("dialog")
    expect(form).to_be_visible()
    box = form.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, *PHONE)
    assert overflow(page) == 0
    assert form.locator(".form-body").evaluate("body => body.scrollWidth - body.clientWidth") == 0


def test_buttons_are_large_enough_for_a_thumb(phone: Visitor) -> None:
    phone.opens("/it?with=giulia")
    phone.says("/eventi")
    buttons = phone.messages().last.locator(".button")
    expect(buttons).to_have_count(5)
    for number in range(5):
        box = buttons.nth(number).bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_the_personas_are_in_a_drawer_on_a_phone(phone: Visitor) -> None:
    page = phone.opens("/it?with=giulia")
    marco = page.locator("[data-chat-link=marco]")
    expect(marco).to_be_hidden()
    page.get_by_role("button", name="Mostra le persone").click()
    expect(page.locator("[data-chat-link=giulia]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(marco).to_be_hidden()
    page.get_by_role("button", name="Mostra le persone").click()
    marco.click()
    expect(phone.box("marco")).to_be_visible()
    expect(marco).to_be_hidden()
    assert overflow(page) == 0


def test_one_chat_at_a_time_is_in_front_on_a_phone(phone: Visitor) -> None:
    page = phone.opens("/it?with=giulia,marco")
    expect(phone.pane("giulia")).to_be_visible()
    expect(phone.pane("marco")).to_be_hidden()
    page.get_by_role("group", name="Chat aperte").get_by_role("button", name="Marco Bellandi").click()
    expect(phone.pane("marco")).to_be_visible()
    expect(phone.pane("giulia")).to_be_hidden()
