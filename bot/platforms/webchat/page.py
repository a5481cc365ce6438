"""The web chat's page: header with the clock, list of personas, chats side by side."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from json import dumps
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from nicegui import Client, ui
from nicegui.events import GenericEventArguments

from bot.platforms.base import MenuEntry
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.platforms.webchat.clockbar import ClockBar
from bot.platforms.webchat.elements import Node, icon, icon_button
from bot.platforms.webchat.live import Change
from bot.platforms.webchat.mailbox import Mailbox, MailDrawer
from bot.platforms.webchat.messages import PaneSettings
from bot.platforms.webchat.pane import TOAST_SECONDS, ChatPane
from bot.platforms.webchat.people import MAX_PANES, DemoClock, Personas, cast_of, chosen_panes
from bot.platforms.webchat.routes import STATIC_FOLDER, add_routes, static_url
from bot.platforms.webchat.sidebar import Sidebar
from handlers.conversation.texts import Texts, texts_for
from storage.enums import Locale

ROME = ZoneInfo("Europe/Rome")

RECONNECT_SECONDS = 20.0
"""How long a page that lost its connection is kept, with what is typed in it."""

PAGE_LANGUAGES: dict[Locale, Literal["it", "en-GB"]] = {Locale.ITALIAN: "it", Locale.ENGLISH: "en-GB"}

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'"
)
"""Nothing from elsewhere, whatever a page part might ask for. Vue compiles in the browser, hence ``unsafe-eval``."""


@dataclass(frozen=True, slots=True)
class ChatSite:
    """What every page is made from; see :func:`mount`."""

    adapter: WebChatAdapter
    personas: Personas
    menu: Sequence[MenuEntry]
    clock: DemoClock
    title: str
    zone: ZoneInfo
    milestones: Sequence[datetime]
    path: str
    mailbox: Mailbox | None


def mount(
    app: FastAPI,
    adapter: WebChatAdapter,
    *,
    personas: Personas,
    menu: Sequence[MenuEntry],
    clock: DemoClock,
    title: str,
    zone: ZoneInfo = ROME,
    milestones: Sequence[datetime] = (),
    path: str = "/",
    mailbox: Mailbox | None = None,
) -> None:
    """Put the web chat on an application; once in a process, after every other route, before it starts.

    NiceGUI takes what is left below ``/`` and starts and stops with the application's own lifespan, so the server
    must run that. It leaves signals alone, keeps no session and fetches nothing from elsewhere. The pages are
    ``{path}it`` and ``{path}en``; ``path`` itself leads to the one that the browser prefers.
    Whoever can open the page can be anybody: only a demo may call this.

    Args:
        app: the application of our own server.
        adapter: the web chat's adapter.
        personas: who can be played now, asked for at every page and every change of chat.
        menu: the commands, in both languages.
        clock: the demo's clock.
        title: the community's name.
        zone: in which the clock and the times beside messages are told.
        milestones: instants that get a button of their own beside the clock.
        path: where the pages are, with a slash at the end.
        mailbox: where e-mail is caught instead of being sent; without one the page shows none.
    """
    site = ChatSite(adapter, personas, menu, clock, title, zone, milestones, path, mailbox)
    add_routes(app, adapter)

    async def choose_language(request: Request) -> RedirectResponse:
        locale = preferred_locale(request.headers.get("Accept-Language", ""))
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{path}{locale.value}{query}", status_code=307)

    app.add_api_route(path, choose_language, methods=["GET"], include_in_schema=False)
    for locale, language in PAGE_LANGUAGES.items():
        ui.page(f"{path}{locale.value}", title=title, language=language)(_page_builder(site, locale))
    ui.run_with(
        app,
        title=title,
        favicon=STATIC_FOLDER / "mark.svg",
        dark=False,
        reconnect_timeout=RECONNECT_SECONDS,
        tailwind=False,
        show_welcome_message=False,
    )


def preferred_locale(header: str) -> Locale:
    """The first language of ours in an ``Accept-Language`` header; Italian where there is none."""
    for part in header.split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in set(Locale):
            return Locale(code)
    return Locale.ITALIAN


def _page_builder(site: ChatSite, locale: Locale) -> Callable[[Client, Request], Awaitable[None]]:
    async def build(client: Client, request: Request) -> None:
        await ChatPage(site, texts_for(locale), client).build(request.query_params.get("with", ""))

    return build


class ChatPage:
    """One open page."""

    def __init__(self, site: ChatSite, t: Texts, client: Client) -> None:
        self._site = site
        self.t = t
        self._client = client
        self._panes: list[ChatPane] = []
        self._shown: list[str] = []
        self._language_links: dict[Locale, Node] = {}
        self._close_mail: Callable[[], None] = _nothing

    async def build(self, query: str) -> None:
        """Draw the page with the chats that its address asks for."""
        t = self.t
        ui.add_head_html(
            f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">'
            f'<link rel="stylesheet" href="{static_url("webchat.css")}">'
            f'<script defer src="{static_url("webchat.js")}"></script>'
        )
        _leave_the_landmarks_to_us(self._client)
        Node("a", "skip", t("Skip to the chat"), {"href": "#chat"})
        self._draw_top()
        with Node("div", "shell"):
            Node("div", "backdrop", attributes={"data-drawer-close": ""})
            nav = Node("nav", "sidebar", attributes={"id": "people", "aria-label": t("Personas and channels")})
            with Node("main", "stage", attributes={"id": "chat", "tabindex": -1}):
                self._tabs = Node("div", "tabs", attributes={"role": "group", "aria-label": t("Open chats")})
                self._stage = Node("div", "panes", attributes={"data-front": 0})
            self._rail = Node("aside", "rail", attributes={"aria-label": t("Commands")})
        self._notes = Node("div", "toasts page-toasts", attributes={"role": "status"})
        self._announcer = Node("div", "unseen", attributes={"aria-live": "polite"})
        self._sidebar = Sidebar(
            nav, t=t, live=self._site.adapter.live, open_chats=self.open_chats, start_afresh=self._start_afresh
        )
        await self._draw_chats(query.split(","))
        stop_watching = self._site.adapter.live.watch(self._on_change)
        self._client.on_connect(self._connected)
        self._client.on_disconnect(self._disconnected)
        self._client.on_delete(partial(self._gone, stop_watching))
        self._client.on_exception(lambda: self._complain(t("Something went wrong. Try again.")))

    def _draw_top(self) -> None:
        t = self.t
        with Node("header", "top"):
            menu = icon_button("menu", t("Show the personas"), "drawer-open")
            menu.props["data-drawer-open"] = ""
            menu.props["aria-controls"] = "people"
            menu.props["aria-expanded"] = "false"
            with Node("div", "brand"):
                with Node("span", "brand-mark", attributes={"aria-hidden": "true"}):
                    icon("helix")
                Node("h1", "brand-name", self._site.title)
                Node("span", "brand-tag", t("demo"))
            ClockBar(
                self._site.clock,
                t=t,
                zone=self._site.zone,
                milestones=self._site.milestones,
                complain=self._complain,
            ).draw()
            if self._site.mailbox is not None:
                self._close_mail = MailDrawer(self._site.mailbox, t=t, zone=self._site.zone).draw()
            with Node("nav", "languages", attributes={"aria-label": t("Language of this page")}):
                for locale, name in ((Locale.ITALIAN, "Italiano"), (Locale.ENGLISH, "English")):
                    attributes = {
                        "lang": locale.value,
                        "hreflang": locale.value,
                        "aria-current": "true" if locale is t.locale else None,
                        "aria-label": name,
                    }
                    self._language_links[locale] = Node("a", "language", locale.value.upper(), attributes)

    # --- chats

    async def open_chats(self, keys: Sequence[str]) -> None:
        """Show these chats instead; of more than three the last three."""
        await self._draw_chats(list(dict.fromkeys(keys))[-MAX_PANES:])
        address = self._address(self.t.locale)
        self._client.run_javascript(f"history.pushState(null, '', {dumps(address)}); webchat.entered()")

    async def _draw_chats(self, keys: Sequence[str]) -> None:
        cast = await cast_of(self._site.personas, self._site.adapter.newcomer, self.t)
        self._shown = chosen_panes(",".join(keys), cast)
        for pane in self._panes:
            pane.close()
        self._stage.clear()
        self._stage.props["data-front"] = 0
        settings = PaneSettings(self.t, self._site.zone, self._announcer.say)
        self._panes = [ChatPane(self._site.adapter, cast, key, settings, self._site.menu) for key in self._shown]
        several = len(self._panes) > 1
        with self._stage:
            for pane in self._panes:
                pane.draw(closable=partial(self._close_chat, pane.chat) if several else None)
        for pane in self._panes:
            await pane.fill()
            if self._client.has_socket_connection:
                pane.look()
        self._sidebar.draw(cast, self._shown)
        self._draw_tabs()
        self._draw_rail()
        for locale, link in self._language_links.items():
            link.props["href"] = self._address(locale)

    async def _close_chat(self, chat: str) -> None:
        await self.open_chats([key for key in self._shown if key != chat])

    async def _start_afresh(self) -> None:
        old = self._site.adapter.newcomer
        new = self._site.adapter.start_afresh()
        await self.open_chats([new if key == old else key for key in self._shown] if old in self._shown else [new])

    def _address(self, locale: Locale) -> str:
        return f"{self._site.path}{locale.value}?{urlencode({'with': ','.join(self._shown)}, safe=',')}"

    def _draw_tabs(self) -> None:
        self._tabs.clear()
        self._tabs.props["hidden"] = len(self._panes) < 2
        with self._tabs:
            for number, pane in enumerate(self._panes):
                tab = Node(
                    "button", "tab", pane.title, {"type": "button", "aria-pressed": "false" if number else "true"}
                )
                tab.listen("click", partial(self._to_front, number))

    def _to_front(self, number: int, _: GenericEventArguments) -> None:
        self._stage.props["data-front"] = number
        for position, tab in enumerate(self._tabs):
            tab.props["aria-pressed"] = "true" if position == number else "false"

    def _draw_rail(self) -> None:
        self._rail.clear()
        self._rail.props["hidden"] = len(self._panes) > 1
        pane = self._panes[0]
        with self._rail:
            Node("h2", "rail-title", self.t("Commands"))
            with Node("ul", "rail-list", attributes={"lang": pane.speaker.locale.value}):
                for name, description in pane.commands:
                    with Node("li"), Node("button", "rail-command", attributes={"type": "button"}) as button:
                        Node("span", "command-name", f"/{name}")
                        Node("span", "command-words", description)
                    button.listen("click", self._commander(pane, name))

    @staticmethod
    def _commander(pane: ChatPane, name: str) -> Callable[[GenericEventArguments], Awaitable[None]]:
        async def send(_: GenericEventArguments) -> None:
            await pane.say(f"/{name}")

        return send

    # --- what happens meanwhile

    def _on_change(self, _: Change) -> None:
        if not self._client.is_deleted:
            self._sidebar.refresh_unread()

    def _complain(self, text: str) -> None:
        with self._notes:
            note = Node("p", "toast", text)
            with note:
                ui.timer(TOAST_SECONDS, note.delete, once=True)

    def _connected(self) -> None:
        for pane in self._panes:
            pane.look()
        self._sidebar.refresh_unread()

    def _disconnected(self) -> None:
        # The page is kept for a while in case its browser returns. That is no reason to hold a draft back, or to take
        # for read what comes now.
        for pane in self._panes:
            pane.save_draft()
            if not self._client.has_socket_connection:
                pane.look_away()

    def _gone(self, stop_watching: Callable[[], None]) -> None:
        stop_watching()
        self._close_mail()
        for pane in self._panes:
            pane.close()


def _nothing() -> None:
    """There is no drawer to close."""


def _leave_the_landmarks_to_us(client: Client) -> None:
    # Quasar's page is a <main> around everything; ours is around the chats, and there may be one only.
    slot = client.content.parent_slot
    if slot is not None:
        slot.parent.props["role"] = "none"
