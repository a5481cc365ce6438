"""One chat on the page: messages, typing box, commands."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from bot.platforms.base import MenuEntry
from bot.platforms.webchat.adapter import NotListeningError, WebChatAdapter
from bot.platforms.webchat.dialog import FormDialog, show_alert
from bot.platforms.webchat.elements import Node, avatar, icon, icon_button
from bot.platforms.webchat.live import Change
from bot.platforms.webchat.messages import MessageList, PaneSettings
from bot.platforms.webchat.payloads import COMMUNITY, form_payload, press_payload
from bot.platforms.webchat.people import Cast, Persona
from handlers.conversation.event import Errors, EventKind, IncomingFile, Outcome, Toast
from handlers.conversation.form import Form, Values
from handlers.conversation.screen import Button
from handlers.conversation.texts import texts_for
from storage.enums import Locale

TOAST_SECONDS = 5.0
"""How long a word of the moment stays; it holds at most 200 characters."""


class ChatPane:
    """A chat that is open. ``speaker`` is who presses and types in it."""

    def __init__(
        self, adapter: WebChatAdapter, cast: Cast, chat: str, settings: PaneSettings, menu: Sequence[MenuEntry]
    ) -> None:
        self._adapter = adapter
        self._cast = cast
        self.chat = chat
        self.t = settings.t
        self._menu = menu
        self.speaker: Persona = cast.find(chat) or (cast.personas[0] if cast.personas else cast.newcomer)
        self._log = MessageList(
            adapter.history,
            cast,
            chat,
            settings,
            viewer=self.speaker.key,
            on_press=self._pressed,
            on_reply=self._answer_to,
        )
        self._form: FormDialog | None = None
        self._saved: Values | None = None
        self._reply_to = ""
        self._busy: set[str] = set()
        self._leave: Callable[[], None] | None = None
        self._stop_watching = adapter.live.watch(self._changed)
        self._closed = False

    # --- drawing

    def draw(self, *, closable: Callable[[], Awaitable[None]] | None) -> None:
        """Draw the frame into the element that is open; :meth:`fill` puts the messages in."""
        t = self.t
        self.element = Node(
            "section", "pane", attributes={"aria-label": self.title, "data-chat": self.chat, "data-pane": ""}
        )
        with self.element:
            self._draw_head(closable)
            self._log.draw(self._locale.value)
            Node("button", "jump", t("New messages"), {"type": "button", "data-jump": "", "hidden": True})
            self._toasts = Node("div", "toasts", attributes={"role": "status"})
            self._draw_composer()
            self._overlay = Node("div")

    @property
    def title(self) -> str:
        """What the chat is called on the page."""
        return self.t("Community") if self.chat == COMMUNITY else self._cast.name_of(self.chat)

    @property
    def _locale(self) -> Locale:
        return self.t.locale if self.chat == COMMUNITY else self.speaker.locale

    def _draw_head(self, closable: Callable[[], Awaitable[None]] | None) -> None:
        t = self.t
        with Node("header", "pane-head"):
            if self.chat == COMMUNITY:
                with Node("span", "avatar avatar-channel", attributes={"aria-hidden": "true"}):
                    icon("channel")
            else:
                avatar(self.chat, self.title)
            with Node("div", "pane-words"):
                Node("h2", "pane-title", self.title)
                Node("p", "pane-subtitle", self._subtitle())
            if self.chat == COMMUNITY:
                self._draw_speaker_choice()
            else:
                self._draw_block_switch()
            if closable is not None:
                close = closable
                icon_button("close", t("Close {name}’s chat", name=self.title)).listen("click", lambda _: close())

    def _subtitle(self) -> str:
        if self.chat == COMMUNITY:
            return self.t("Everybody reads this channel")
        role = self.speaker.role.get(self.t.locale, "")
        return " · ".join(part for part in (role, self.speaker.organisation) if part)

    def _draw_speaker_choice(self) -> None:
        t = self.t
        with Node("label", "speaker"):
            Node("span", text=t("as"))
            with Node("select", "input", attributes={"aria-label": t("Write as")}) as select:
                for one in (*self._cast.personas, self._cast.newcomer):
                    Node("option", text=one.name, attributes={"value": one.key})
        select.listen("change", self._speak_as, "(event) => emit(event.target.value)")

    def _draw_block_switch(self) -> None:
        t = self.t
        label = t("Block the bot, as a member can at any time")
        self._block = icon_button("block", label)
        self._block.props["aria-pressed"] = "true" if self._blocked else "false"
        self._block.listen("click", self._toggle_block)

    @property
    def _blocked(self) -> bool:
        return self.chat in self._adapter.blocked

    def _draw_composer(self) -> None:
        t = self.t
        with Node("div", "composer"):
            self._draw_commands()
            self._replying = Node("div", "replying", attributes={"hidden": True})
            with self._replying:
                icon("reply")
                self._replying_words = Node("span", "replying-words")
                icon_button("close", t("Do not reply")).listen("click", lambda _: self._answer_to(""))
            with Node("form", "composer-row") as form:
                toggle = icon_button("commands", t("Commands"))
                toggle.props["data-commands-toggle"] = ""
                toggle.props["aria-expanded"] = "false"
                toggle.props["aria-controls"] = self._commands.html_id
                with Node("label", "icon-button attach", attributes={"title": t("Send a file")}):
                    attributes = {"type": "file", "aria-label": t("Send a file"), "data-attach": ""}
                    attach = Node("input", "unseen", attributes=attributes)
                    icon("attach")
                attach.listen("change", self._send_file, "(event) => webchat.attach(event.target, emit)")
                with Node("label", "unseen-label"):
                    Node("span", "unseen", t("Message"))
                    Node(
                        "textarea",
                        "message-box",
                        attributes={
                            "rows": 1,
                            "maxlength": 4000,
                            "placeholder": t("Write, or type /"),
                            "data-message": "",
                            "aria-controls": self._commands.html_id,
                        },
                    )
                with Node("button", "send", attributes={"type": "submit", "aria-label": t("Send"), "title": t("Send")}):
                    icon("send")
            form.listen("submit", self._send_text, "(event) => webchat.send(event, emit)")

    def _draw_commands(self) -> None:
        with Node("div", "commands", attributes={"data-commands": "", "hidden": True}) as self._commands:
            Node("p", "commands-title", self.t("Commands"))
            self._command_list = Node("ul", "listbox-flat", attributes={"role": "listbox"})
            self._command_list.props["aria-label"] = self.t("Commands")
            self._fill_commands()

    def _fill_commands(self) -> None:
        self._command_list.clear()
        with self._command_list:
            for name, description in self.commands:
                with Node("li", "command", attributes={"role": "option", "data-command": f"/{name}"}) as option:
                    Node("span", "command-name", f"/{name}")
                    Node("span", "command-words", description)
                option.listen("click", self._command_sender(name))

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Names and descriptions of the commands of whoever speaks, in their language."""
        locale = self.speaker.locale
        return [
            (entry.names[locale], entry.descriptions[locale])
            for entry in self._menu
            if self.speaker.staff or not entry.staff
        ]

    def _command_sender(self, name: str) -> Callable[[GenericEventArguments], Awaitable[None]]:
        async def send(_: GenericEventArguments) -> None:
            await self.say(f"/{name}")

        return send

    # --- messages

    async def fill(self) -> None:
        """Put the messages in."""
        await self._log.fill()

    def _changed(self, change: Change) -> None:
        if change.message.chat == self.chat and not self._closed:
            self._log.apply(change)

    # --- what the persona does

    def _pressed(self, message_id: str, button: Button, element: Node) -> None:
        background_tasks.create(self._press(message_id, button, element), name="webchat press")

    async def _press(self, message_id: str, button: Button, element: Node) -> None:
        key = f"{message_id} {button.action}"
        if key in self._busy:
            return
        self._busy.add(key)
        element.classes(add="busy")
        payload = press_payload(self.speaker.speaker, chat=self.chat, message=message_id, action=button.action)
        try:
            await self._do_or_say(self._adapter.submit(payload))
        finally:
            self._busy.discard(key)
            if not element.is_deleted:
                element.classes(remove="busy")

    async def say(self, text: str) -> None:
        """Send what was typed, or a command."""
        replied, self._reply_to = self._reply_to, ""
        self._answer_to("")
        await self._do_or_say(self._adapter.say(self.speaker.speaker, text, chat=self.chat, replied_text=replied))

    async def _send_text(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, str) and event.args.strip():
            await self.say(event.args)

    async def _send_file(self, event: GenericEventArguments) -> None:
        file = _uploaded(event.args)
        if file is None:
            self._toast(Toast(self.t("That did not work. The file may be too large (at most 20 MB).")))
            return
        await self._do_or_say(self._adapter.send_file(self.speaker.speaker, file, chat=self.chat))

    def _answer_to(self, text: str) -> None:
        self._reply_to = text
        self._replying_words.say(text)
        self._replying.props["hidden"] = not text

    def _speak_as(self, event: GenericEventArguments) -> None:
        chosen = self._cast.find(str(event.args))
        if chosen is None:
            return
        self.speaker = chosen
        self._log.see_as(chosen.key)
        self._fill_commands()

    async def _toggle_block(self, _: GenericEventArguments) -> None:
        who = self.speaker.speaker
        await self._do_or_say(self._adapter.unblock(who) if self._blocked else self._adapter.block(who))
        self._block.props["aria-pressed"] = "true" if self._blocked else "false"
        name = self.speaker.name
        words = (
            self.t("{name} has blocked the bot. It cannot write to them now.", name=name)
            if self._blocked
            else self.t("The bot can write to {name} again.", name=name)
        )
        self._toast(Toast(words))

    # --- what comes of it

    async def _do(self, work: Awaitable[Outcome]) -> Outcome | None:
        try:
            outcome = await work
        except NotListeningError:
            return None
        if not self._closed:
            self._show(outcome)
        return outcome

    async def _do_or_say(self, work: Awaitable[Outcome]) -> None:
        if await self._do(work) is None:
            self._toast(Toast(self.t("The bot is starting. Try again in a moment.")))

    def _show(self, outcome: Outcome) -> None:
        if outcome.toast is not None:
            self._toast(outcome.toast)
        if outcome.form is not None:
            self._open_form(outcome.form)
        elif outcome.errors is not None and self._form is None:
            self._toast(Toast(" ".join(outcome.errors.by_field.values()), alert=True))

    def _toast(self, toast: Toast) -> None:
        if toast.alert:
            with self._overlay:
                show_alert(toast.text, texts_for(self.speaker.locale))
            return
        with self._toasts:
            note = Node("p", "toast", toast.text)
            with note:
                ui.timer(TOAST_SECONDS, note.delete, once=True)

    def _open_form(self, form: Form) -> None:
        if self._form is not None:
            self._form.close()
        with self._overlay:
            self._form = FormDialog(
                form, texts_for(self.speaker.locale), on_submit=self._submit_form, on_abandon=self._abandon_form
            )

    async def _submit_form(self, form: Form, values: Values) -> Errors | None:
        payload = form_payload(EventKind.SUBMIT, self.speaker.speaker, chat=self.chat, form=form, values=values)
        opened = self._form
        outcome = await self._do(self._adapter.submit(payload))
        if outcome is None:
            return Errors({"": self.t("The bot is starting. Try again in a moment.")})
        if outcome.errors is None and self._form is opened:
            self._form = None
        return outcome.errors

    async def _abandon_form(self, form: Form, values: Values) -> None:
        self._form = None
        payload = form_payload(EventKind.ABANDON, self.speaker.speaker, chat=self.chat, form=form, values=values)
        await self._do_or_say(self._adapter.submit(payload))

    def look(self) -> None:
        """Somebody has it before their eyes: what comes is not counted as new."""
        if self._leave is None and not self._closed:
            self._leave = self._adapter.live.read(self.chat)

    def look_away(self) -> None:
        """The browser is gone, perhaps for good."""
        if self._leave is not None:
            self._leave()
            self._leave = None

    def save_draft(self) -> None:
        """Have a half-filled form kept, since the page may not come back. Once for the same values."""
        values = self._form.unsaved if self._form else None
        if self._form is None or values is None or values == self._saved:
            return
        self._saved = values
        who = self.speaker.speaker
        self._adapter.submit_later(
            form_payload(EventKind.ABANDON, who, chat=self.chat, form=self._form.form, values=values)
        )

    def close(self) -> None:
        """The page goes away, or shows another chat: keep a half-filled form, stop listening."""
        if self._closed:
            return
        self._closed = True
        self.look_away()
        self._stop_watching()
        self.save_draft()


def _uploaded(data: Any) -> IncomingFile | None:
    if not isinstance(data, dict) or not isinstance(data.get("reference"), str):
        return None
    size = data.get("size")
    return IncomingFile(
        data["reference"], str(data.get("name", "")), str(data.get("mime", "")), size if isinstance(size, int) else 0
    )
