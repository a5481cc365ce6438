"""Who can be played: the list of chats beside the open ones."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui.events import GenericEventArguments

from bot.platforms.webchat.elements import Node, avatar, icon, icon_button
from bot.platforms.webchat.live import LiveChats
from bot.platforms.webchat.payloads import COMMUNITY
from bot.platforms.webchat.people import Cast, Persona
from handlers.conversation.texts import Texts

OpenChats = Callable[[list[str]], Awaitable[None]]

PLAIN_CLICK = (
    "(event) => { if (event.metaKey || event.ctrlKey || event.shiftKey) return;"
    " event.preventDefault(); webchat.closeDrawer(); emit(null) }"
)
"""A click with a key held opens the link as the browser does: in a new tab or window."""


class Sidebar:
    """The list, redrawn by :meth:`draw` and kept up to date by :meth:`refresh_unread`."""

    def __init__(
        self,
        element: Node,
        *,
        t: Texts,
        live: LiveChats,
        open_chats: OpenChats,
        start_afresh: Callable[[], Awaitable[None]],
    ) -> None:
        self._element = element
        self.t = t
        self._live = live
        self._open_chats = open_chats
        self._start_afresh = start_afresh
        self._badges: dict[str, tuple[Node, Node]] = {}

    def draw(self, cast: Cast, shown: Sequence[str]) -> None:
        """Draw everything anew."""
        t = self.t
        self._badges.clear()
        self._element.clear()
        with self._element:
            with Node("div", "sidebar-head"):
                Node("h2", "sidebar-title", t("Who are you now?"))
                icon_button("close", t("Close the list"), "drawer-close").props["data-drawer-close"] = ""
            with Node("ul", "people"):
                for persona in cast.personas:
                    self._person(persona, shown)
                self._person(cast.newcomer, shown, newcomer=True)
            Node("h2", "sidebar-title", t("Together"))
            with Node("ul", "people"), Node("li", "person-row"):
                with self._link(COMMUNITY, t("Community"), shown):
                    with Node("span", "avatar avatar-channel"):
                        icon("channel")
                    with Node("span", "person-words"):
                        Node("span", "person-name", t("Community"))
                        Node("span", "person-role", t("The channel of all"))
                    self._badge(COMMUNITY)
                self._beside(COMMUNITY, t("Community"), shown)
        self.refresh_unread()

    def refresh_unread(self) -> None:
        """Show how many messages nobody has seen, chat by chat."""
        for chat, (badge, words) in self._badges.items():
            count = self._live.unread(chat)
            badge.props["hidden"] = not count
            badge.say(str(count) if count else "")
            words.say(self.t.n("{n} new message", "{n} new messages", count) if count else "")

    def _person(self, persona: Persona, shown: Sequence[str], *, newcomer: bool = False) -> None:
        t = self.t
        with Node("li", "person-row"):
            with self._link(persona.key, persona.name, shown):
                avatar(persona.key, "?" if newcomer and persona.stranger else persona.name)
                with Node("span", "person-words"):
                    Node("span", "person-name", persona.name)
                    role = persona.role.get(t.locale, "")
                    parts = [part for part in (role, persona.organisation) if part]
                    Node("span", "person-role", " · ".join(parts))
                self._badge(persona.key)
            if newcomer:
                again = icon_button("again", t("Start afresh as somebody new"), "beside")
                again.listen("click", lambda _: self._start_afresh())
            self._beside(persona.key, persona.name, shown)

    def _link(self, chat: str, name: str, shown: Sequence[str]) -> Node:
        current = "page" if chat in shown else None
        link = Node(
            "a",
            "person",
            attributes={"href": f"?with={chat}", "aria-current": current, "title": name, "data-chat-link": chat},
        )

        async def follow(_: GenericEventArguments) -> None:
            await self._open_chats([chat])

        return link.listen("click", follow, PLAIN_CLICK)

    def _beside(self, chat: str, name: str, shown: Sequence[str]) -> None:
        if chat in shown:
            return
        button = icon_button("beside", self.t("Open {name} side by side", name=name), "beside wide-only")

        async def add(_: GenericEventArguments) -> None:
            await self._open_chats([*shown, chat])

        button.listen("click", add)

    def _badge(self, chat: str) -> None:
        badge = Node("span", "badge", attributes={"aria-hidden": "true"})
        self._badges[chat] = (badge, Node("span", "unseen"))
