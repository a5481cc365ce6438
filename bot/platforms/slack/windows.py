"""What follows an interaction at once: windows that open, change and close, and words of the moment.

Slack's clocks rule here: a trigger opens one window within three seconds, a submission is answered within three.
Source: https://docs.slack.dev/interactivity/handling-user-interaction and /surfaces/modals.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.base import Accepted, Failure, Receiver, SendError
from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.markup import escaped
from bot.platforms.slack.modals import ViewJson, form_view, notice_view, refilled, waiting_view
from bot.platforms.slack.sending import ScreenSender
from bot.platforms.slack.view_state import error_blocks
from handlers.conversation.event import Address, Outcome
from handlers.conversation.form import Form
from handlers.conversation.screen import Button, Screen, Style, press, screen
from handlers.conversation.texts import N_, Texts, texts_for
from storage.enums import Locale, Platform

TRIGGER_SECONDS = 2.5
"""After this long a trigger is not worth a try: it lives for three seconds, and the call itself takes time."""
SUBMISSION_SECONDS = 2.3
"""How long a submission's outcome is waited for before the window says "Just a moment…"."""
ACK_SETTLES_SECONDS = 0.5
"""Between such an answer and the update that follows it, so that Slack does not apply them the wrong way round."""
ATTEMPTS = 3
LONGEST_WAIT = 5.0

OPEN_FORM = "form.open"
"""The router's action that shows the form of that name from the person's draft."""

SAID_IN_PRIVATE = N_("I answered you in our private chat.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an interaction came from, as far as it matters for the moment; never stored.

    Attributes:
        user: the person.
        locale: their language, ISO 639-1, or empty.
        came: when it arrived, on the event loop's clock, in seconds.
        trigger: opens one window.
        channel: the shared channel it was made in; empty for private chats, App Home and windows.
        thread: the thread there.
        opens_form: the button said that a form follows.
        response_url: answers a command where it was run.
        view: the window that was submitted.
    """

    user: str
    locale: str
    came: float
    trigger: str = ""
    channel: str = ""
    thread: str = ""
    opens_form: bool = False
    response_url: str = ""
    view: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A window that is open: its id, and the hash of what it shows now (empty when not known)."""

    id: str
    hash: str = ""


class Windows:
    """Carries out outcomes in the moment of the interaction that brought them."""

    def __init__(self, calls: SlackCalls, sender: ScreenSender, account: str) -> None:
        self._calls = calls
        self._sender = sender
        self._account = account

    async def interaction(self, receiver: Receiver, accepted: Accepted, origin: Origin) -> None:
        """Handle a press, command or shortcut and show what comes of it."""
        t = texts_for(origin.locale)
        opening: asyncio.Task[Opened | None] | None = None
        if origin.opens_form and origin.trigger:
            opening = asyncio.create_task(self._open(origin, waiting_view(t)), name="slack views.open")
        outcome = await self._outcome(receiver, accepted)
        window = await opening if opening is not None else None
        await self._show(outcome, origin, window)

    async def submission(self, receiver: Receiver, accepted: Accepted, origin: Origin) -> dict[str, Any]:
        """Handle a submitted window; returns the payload with which Slack is answered.

        When the outcome takes long, the window waits and is changed afterwards.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome | None] = loop.create_future()
        too_late = False

        async def work() -> None:
            outcome = await self._outcome(receiver, accepted)
            if not too_late:
                done.set_result(outcome)
                return
            await asyncio.sleep(max(0.0, answered + ACK_SETTLES_SECONDS - loop.time()))
            await self._show(outcome, origin, Opened(str(origin.view.get("id", ""))))

        answered = loop.time()
        receiver.spawn(work(), name="slack submission")
        await asyncio.wait({done}, timeout=max(0.05, origin.came + SUBMISSION_SECONDS - loop.time()))
        if not done.done():
            too_late = True
            answered = loop.time()
            return {"response_action": "update", "view": waiting_view(texts_for(origin.locale))}
        return self._answer(done.result(), origin, receiver)

    async def _outcome(self, receiver: Receiver, accepted: Accepted) -> Outcome | None:
        """The outcome; ``None`` when handling failed, which is logged here and told to the person by the caller."""
        try:
            return await receiver.handle(accepted)
        except Exception:
            log.exception("handling of inbox row %s failed", accepted.inbox_id)
            return None

    def _answer(self, outcome: Outcome | None, origin: Origin, receiver: Receiver) -> dict[str, Any]:
        t = texts_for(origin.locale)
        by_field = {"": t("Something went wrong. Please try again.")} if outcome is None else {}
        if outcome is not None and outcome.errors is not None:
            by_field = dict(outcome.errors.by_field)
        toast = outcome.toast if outcome is not None else None
        if toast is not None:
            receiver.spawn(self._say(origin, toast.text), name="slack toast")
        if by_field:
            errors = error_blocks(origin.view, by_field)
            if errors:
                return {"response_action": "errors", "errors": errors}
            return {"response_action": "update", "view": refilled(origin.view, list(by_field.values()))}
        if outcome is not None and outcome.form is not None:
            return {"response_action": "update", "view": self._form(outcome.form, origin, t)}
        return {"response_action": "clear"}

    async def _show(self, outcome: Outcome | None, origin: Origin, window: Opened | None) -> None:
        t = texts_for(origin.locale)
        toast = outcome.toast.text if outcome is not None and outcome.toast is not None else ""
        problems = _problems(outcome, t)
        form = outcome.form if outcome is not None else None
        if form is not None:
            await self._show_form(form, problems, origin, window, t)
            if toast:
                await self._say(origin, toast)
        elif window is not None:
            view = notice_view(t, *problems, toast or ("" if problems else t("Done.")))
            if problems and origin.view:
                view = refilled(origin.view, problems)
            if not await self._update(window, view) and (toast or problems):
                await self._say(origin, "\n".join([*problems, toast]).strip())
        elif toast or problems:
            await self._say(origin, "\n".join([*problems, toast]).strip())
        elif origin.response_url:
            await self._tell_where(origin)

    async def _show_form(
        self, form: Form, problems: list[str], origin: Origin, window: Opened | None, t: Texts
    ) -> None:
        view = self._form(form, origin, t, problems)
        if window is not None:
            # A window that cannot be changed was closed by its reader, who will not want the form any more; what was
            # wrong with a submitted one must still reach them.
            if not await self._update(window, view) and problems:
                await self._offer(form, origin, problems, t)
            return
        age = asyncio.get_running_loop().time() - origin.came
        if origin.trigger and age < TRIGGER_SECONDS and await self._open(origin, view) is not None:
            return
        await self._offer(form, origin, problems, t)

    def _form(self, form: Form, origin: Origin, t: Texts, problems: list[str] | None = None) -> ViewJson:
        try:
            return form_view(form, t, channel=origin.channel, problems=problems or ())
        except ValueError:
            log.exception("a form too large for a window")
            return notice_view(t, t("Something went wrong. Please try again."))

    async def _open(self, origin: Origin, view: ViewJson) -> Opened | None:
        client = self._calls.client
        try:
            answer = await self._calls.run("views.open", client.views_open(trigger_id=origin.trigger, view=view))
        except SendError as error:
            log.info("no window: %s", error.description)
            return None
        opened = answer.get("view") or {}
        return Opened(str(opened.get("id", "")), str(opened.get("hash", "")))

    async def _update(self, window: Opened, view: ViewJson) -> bool:
        """Change a window; ``False`` when it is not there any more."""
        client = self._calls.client

        async def call() -> None:
            request = client.views_update(view_id=window.id, hash=window.hash or None, view=view)
            await self._calls.run("views.update", request)

        try:
            await _patiently(call)
        except SendError as error:
            log.info("window not changed: %s", error.description)
            return False
        return True

    async def _offer(self, form: Form, origin: Origin, problems: list[str], t: Texts) -> None:
        """Where no window can be opened: a button that does, in the private chat."""
        built = screen(summary=t("One more step: open the form."))
        for problem in problems:
            built.para(problem)
        built.para(t("One more step: open the form."))
        built.row(Button(t("Open the form"), press(OPEN_FORM, form.name), Style.PRIMARY, opens_form=True))
        await self._send_private(origin.user, built.build())

    async def _say(self, origin: Origin, text: str) -> None:
        """A word of the moment: to this person alone where they are, else in the private chat."""
        shown = screen().para(text).build()
        if origin.channel:
            try:
                await self._sender.ephemeral(origin.channel, origin.user, shown, origin.thread)
            except SendError as error:
                log.info("nothing shown in the channel: %s", error.description)
            else:
                return
        await self._send_private(origin.user, shown)

    async def _tell_where(self, origin: Origin) -> None:
        """After a command in a channel: that the answer is elsewhere."""
        if origin.locale:
            text = texts_for(origin.locale)(SAID_IN_PRIVATE)
        else:
            text = "\n".join(texts_for(locale)(SAID_IN_PRIVATE) for locale in Locale)
        try:
            await self._calls.respond(origin.response_url, escaped(text))
        except SendError as error:
            log.info("no word about the private chat: %s", error.description)

    async def _send_private(self, user: str, shown: Screen) -> None:
        if not user:
            return
        address = Address(Platform.SLACK, self._account, user)
        token = secrets.token_hex(8)

        async def call() -> None:
            await self._sender.send(address, shown, token)

        try:
            await _patiently(call)
        except SendError as error:
            log.warning("a reply of the moment was not sent: %s", error.description)


def _problems(outcome: Outcome | None, t: Texts) -> list[str]:
    if outcome is None:
        return [t("Something went wrong. Please try again.")]
    if outcome.errors is None:
        return []
    if outcome.form is not None:
        labels = {one.name: one.label for one in outcome.form.fields}
        return [f"{labels[name]}: {text}" if name in labels else text for name, text in outcome.errors.by_field.items()]
    return list(outcome.errors.by_field.values())


async def _patiently(call: Callable[[], Awaitable[None]]) -> None:
    """Try again after what passes quickly; a doubt or a refusal ends it.

    Raises:
        SendError: it did not succeed.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await call()
        except SendError as error:
            passing = error.failure in {Failure.TEMPORARY, Failure.WAIT}
            wait = error.retry_after if error.failure is Failure.WAIT else 0.3 * attempt
            if not passing or attempt == ATTEMPTS or wait > LONGEST_WAIT:
                raise
            await asyncio.sleep(wait)
        else:
            return
