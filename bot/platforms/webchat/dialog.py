"""A form as a window over the page."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui.events import GenericEventArguments

from bot.platforms.webchat.elements import Node, icon_button
from bot.platforms.webchat.forms import FieldInput, initial_values, read_values
from handlers.conversation.event import Errors
from handlers.conversation.form import Form, Values
from handlers.conversation.texts import Texts

OnSubmit = Callable[[Form, Values], Awaitable[Errors | None]]
OnAbandon = Callable[[Form, Values], Awaitable[None]]

COLLECT = "(event) => emit(webchat.values(event.target.closest('dialog')))"
TYPING_SECONDS = 0.3
"""How often a half-filled form is reported while somebody types, so that closing the tab keeps the draft too."""


class FormDialog:
    """An open form. The browser holds what is typed; here is the last that it told us.

    ``on_submit`` returns the errors to show, or ``None`` when the window is to close. ``on_abandon`` gets the values
    when it is closed with something in it that was not there at first.
    """

    def __init__(self, form: Form, t: Texts, *, on_submit: OnSubmit, on_abandon: OnAbandon) -> None:
        self.form = form
        self.t = t
        self._on_submit = on_submit
        self._on_abandon = on_abandon
        self._latest: Values = initial_values(form)
        self._busy = False
        self._closed = False
        self._inputs: dict[str, FieldInput] = {}
        self._dialog = self._draw()

    @property
    def unsaved(self) -> Values | None:
        """What would be lost if the page went away now."""
        if self._closed or self._latest == initial_values(self.form):
            return None
        return self._latest

    def close(self) -> None:
        """Take the window off the page."""
        if not self._closed:
            self._closed = True
            self._dialog.delete()

    def show_errors(self, errors: Errors) -> None:
        """Say what is wrong, field by field, and go to the first of them. What was typed stays."""
        for name, field in self._inputs.items():
            field.show_error(errors.by_field.get(name, ""))
        elsewhere = [text for name, text in errors.by_field.items() if name not in self._inputs]
        count = len(errors.by_field) - len(elsewhere)
        words = [self.t.n("One answer needs a second look.", "{n} answers need a second look.", count)] if count else []
        self._summary.say(" ".join(words + elsewhere))
        self._dialog.client.run_javascript(f"webchat.focusError('{self._dialog.html_id}')")

    def _draw(self) -> Node:
        t, form = self.t, self.form
        dialog = Node("dialog", "form-dialog", attributes={"data-modal": "", "lang": t.locale.value})
        dialog.listen("cancel", self._abandon, f"(event) => {{ event.preventDefault(); ({COLLECT})(event) }}")
        dialog.listen("close", self._abandon, COLLECT)
        with dialog, Node("form", "form", attributes={"novalidate": True}) as body:
            with Node("header", "form-head"):
                title = Node("h2", "form-title", form.title)
                icon_button("close", t("Close")).listen("click", self._abandon, COLLECT)
            with Node("div", "form-body"):
                self._summary = Node("p", "form-summary", attributes={"role": "alert"})
                if form.intro:
                    Node("p", "form-intro", form.intro)
                for field in form.fields:
                    self._inputs[field.name] = FieldInput(field, t)
            with Node("footer", "form-foot"):
                Node("button", "button button-plain", t("Cancel"), {"type": "button"}).listen(
                    "click", self._abandon, COLLECT
                )
                self._submit = Node("button", "button button-primary", form.submit, {"type": "submit"})
        dialog.props["aria-labelledby"] = title.html_id
        body.listen("submit", self._send, f"(event) => {{ event.preventDefault(); ({COLLECT})(event) }}")
        body.on("input", self._remember, js_handler=COLLECT, throttle=TYPING_SECONDS, leading_events=False)
        return dialog

    def _remember(self, event: GenericEventArguments) -> None:
        self._latest = read_values(self.form, event.args)

    async def _send(self, event: GenericEventArguments) -> None:
        if self._busy or self._closed:
            return
        self._busy = True
        self._submit.classes(add="busy")
        self._latest = read_values(self.form, event.args)
        try:
            errors = await self._on_submit(self.form, self._latest)
        finally:
            self._busy = False
            self._submit.classes(remove="busy")
        if errors is None:
            self.close()
        else:
            self.show_errors(errors)

    async def _abandon(self, event: GenericEventArguments) -> None:
        if self._busy or self._closed:
            return
        self._latest = read_values(self.form, event.args)
        values = self.unsaved
        self.close()
        if values is not None:
            await self._on_abandon(self.form, values)


def show_alert(text: str, t: Texts) -> None:
    """A word that must be acknowledged."""
    dialog = Node("dialog", "alert-dialog", attributes={"data-modal": "", "role": "alertdialog"})
    gone: list[Any] = []

    def close(_: GenericEventArguments) -> None:
        if not gone:
            gone.append(True)
            dialog.delete()

    dialog.listen("close", close)
    with dialog:
        words = Node("p", text=text)
        Node("button", "button button-primary", t("OK"), {"type": "button"}).listen("click", close)
    dialog.props["aria-labelledby"] = words.html_id
