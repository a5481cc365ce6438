"""People who use the bot, the same words on every platform: ``says``, ``presses``, ``fills``, ``sees``."""

import abc
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.platforms.webchat.payloads import COMMUNITY, Speaker, form_payload, press_payload
from handlers.conversation.event import EventKind, IncomingFile, Outcome
from handlers.conversation.form import FieldKind, Form, Value
from handlers.conversation.screen import Button, Screen, plain
from handlers.conversation.texts import Texts, texts_for
from storage.enums import Locale, Platform
from tests.standins.slack import SlackServer
from tests.standins.slack.delivery import Delivery
from tests.standins.telegram import TelegramServer

if TYPE_CHECKING:
    from tests.journeys.community import CommunityUnderTest

WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
"""How a moment is answered in tests: all platforms read it."""
Answers = Mapping[str, str | list[str] | None]
"""What to answer to a form: by the question's label in the person's language; choices by their labels."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as a person sees it."""

    id: str
    text: str
    buttons: tuple[str, ...]
    files: tuple[str, ...] = ()


class PersonDriver(abc.ABC):
    """Somebody in front of a screen."""

    def __init__(self, community: "CommunityUnderTest", name: str, locale: Locale) -> None:
        self.community = community
        self.name = name
        self.locale = locale
        self.id = 0
        self.toast = ""

    @property
    @abc.abstractmethod
    def account(self) -> str:
        """The platform's id of this person, and here also that of their private chat."""

    @property
    def t(self) -> Texts:
        """The texts in this person's language."""
        return texts_for(self.locale)

    # What they do

    async def starts(self, payload: str = "") -> None:
        """Open the chat for the first time, perhaps by a link with a payload."""
        await self._do(self._starts(payload))

    async def says(self, text: str) -> None:
        """Type something; a command begins with a slash."""
        await self._do(self._says(text))

    async def presses(self, label: str, *, within: str = "") -> None:
        """Press the newest button whose label holds these words (in a message that holds ``within``)."""
        await self._do(self._presses(label, within))

    async def taps(self, label: str, *, within: str = "") -> None:
        """Press, and wait for nothing that follows: for many at once (see ``CommunityUnderTest.at_once``)."""
        await self._presses(label, within)

    async def slips_in(self, action: str) -> None:
        """As ``sends_action``, and wait for nothing that follows."""
        await self._sends_action(action)

    async def blurts(self, text: str) -> None:
        """As ``says``, and wait for nothing that follows: for many at once."""
        await self._says(text)

    async def presses_in_channel(self, label: str, *, within: str = "") -> None:
        """Press such a button in the community's channel, where everybody reads the message."""
        await self._do(self._presses_in_channel(label, within))

    async def sends_action(self, action: str) -> None:
        """Press a button that is not there: what an attacker's client can send."""
        await self._do(self._sends_action(action))

    async def again(self) -> None:
        """What they did last is delivered once more, as platforms do when an acknowledgement was lost."""
        await self._do(self._again())

    async def fills(self, answers: Answers) -> None:
        """Answer the form that is open, and hand it in."""
        await self._do(self._fills(answers))

    async def hands_in(self, question: str, name: str, content: bytes, mime: str) -> None:
        """Answer the open form's only question with a file, and hand it in."""
        await self._do(self._hands_in(question, name, content, mime))

    async def closes(self, answers: Answers) -> None:
        """Fill in the window that is open, as far as said, and close it; where forms are a talk, just stop there."""
        await self._do(self._closes(answers))

    async def options(self, question: str, wanted: list[str]) -> list[str]:
        """The options of a question that begin with these words; they may carry more, like places left."""
        offered = await self._offered(question)
        return [next((one for one in offered if one.startswith(word)), word) for word in wanted]

    async def _offered(self, question: str) -> list[str]:
        """What a question offers; where questions come one by one, what the newest message offers."""
        del question
        return list(self.last.buttons)

    @abc.abstractmethod
    async def blocks_bot(self) -> None:
        """Block it."""

    @abc.abstractmethod
    async def unblocks_bot(self) -> None:
        """Let it write again."""

    @property
    @abc.abstractmethod
    def errors(self) -> Mapping[str, str]:
        """What is wrong with the form that was handed in, by the question's label."""

    @abc.abstractmethod
    async def downloads(self, within: str = "") -> bytes:
        """The file of the newest message that has one (and holds these words)."""

    async def _do(self, work: Awaitable[None]) -> None:
        self.toast = ""
        await work
        await self.community.settle()

    # What they see

    @abc.abstractmethod
    def messages(self) -> list[Seen]:
        """What the bot wrote in private, oldest first, as it looks now."""

    @property
    def last(self) -> Seen:
        """The newest message of the bot."""
        found = self.messages()
        assert found, f"{self.name} has no message"
        return found[-1]

    def sees(self, *words: str) -> Seen:
        """The newest message that holds all these words."""
        for message in reversed(self.messages()):
            if all(word in message.text for word in words):
                return message
        shown = "\n---\n".join(message.text for message in self.messages()[-4:])
        raise AssertionError(f"{self.name} does not see {words} in:\n{shown}\n(toast: {self.toast!r})")

    def sees_nothing_of(self, words: str) -> None:
        """No message holds these words."""
        for message in self.messages():
            assert words not in message.text, f"{self.name} sees {words!r} in {message.text!r}"

    def told(self, words: str) -> None:
        """A toast or the newest message holds these words."""
        newest = self.messages()[-1].text if self.messages() else ""
        assert words in self.toast or words in newest, (
            f"{self.name} was told {self.toast!r} / {newest!r}, not {words!r}"
        )

    def count(self, words: str) -> int:
        """How many messages hold these words."""
        return sum(words in message.text for message in self.messages())

    def button(self, label: str) -> str:
        """The newest button's whole label that holds these words."""
        for message in reversed(self.messages()):
            for one in message.buttons:
                if label in one:
                    return one
        raise AssertionError(f"{self.name} has no button {label!r}: {[m.buttons for m in self.messages()[-3:]]}")

    # What each platform does in its own way

    @abc.abstractmethod
    async def _starts(self, payload: str) -> None: ...

    @abc.abstractmethod
    async def _says(self, text: str) -> None: ...

    @abc.abstractmethod
    async def _presses(self, label: str, within: str) -> None: ...

    @abc.abstractmethod
    async def _presses_in_channel(self, label: str, within: str) -> None: ...

    @abc.abstractmethod
    async def _sends_action(self, action: str) -> None: ...

    @abc.abstractmethod
    async def _again(self) -> None: ...

    @abc.abstractmethod
    async def _closes(self, answers: Answers) -> None: ...

    @abc.abstractmethod
    async def _fills(self, answers: Answers) -> None: ...

    @abc.abstractmethod
    async def _hands_in(self, question: str, name: str, content: bytes, mime: str) -> None: ...


@dataclass
class WebDriver:
    """What a web person needs beside the others: the window that is open and its errors."""

    form: Form | None = None
    errors: dict[str, str] = field(default_factory=dict)
    entered: dict[str, Value] = field(default_factory=dict)


class WebPerson(PersonDriver):
    """Somebody in the web chat, through the adapter that its page calls."""

    def __init__(
        self, community: "CommunityUnderTest", name: str, locale: Locale, adapter: WebChatAdapter, key: str
    ) -> None:
        super().__init__(community, name, locale)
        self.adapter = adapter
        self.speaker = Speaker(key, name, locale.value)
        self.window = WebDriver()
        self._kept: list[Seen] = []
        self._screens: list[tuple[str, Screen]] = []
        self._sent: dict[str, object] = {}

    @property
    def account(self) -> str:
        return self.speaker.key

    def looks(self, screens: list[tuple[str, Screen]]) -> None:
        """Look at the chat: the bot's messages by id, oldest first."""
        if screens == self._screens:
            return
        self._screens = screens
        self._kept = [
            Seen(
                message_id,
                plain(shown),
                tuple(button.label for button in shown.buttons),
                tuple(file.name for file in shown.files),
            )
            for message_id, shown in self._screens
        ]

    def messages(self) -> list[Seen]:
        return self._kept

    async def blocks_bot(self) -> None:
        await self.adapter.block(self.speaker)
        await self.community.settle()

    async def unblocks_bot(self) -> None:
        await self.adapter.unblock(self.speaker)
        await self.community.settle()

    @property
    def errors(self) -> Mapping[str, str]:
        assert self.window.form is not None
        labels = {one.name: one.label for one in self.window.form.fields}
        return {labels[name]: text for name, text in self.window.errors.items()}

    async def downloads(self, within: str = "") -> bytes:
        for _, shown in reversed(self._screens):
            if shown.files and within in plain(shown):
                return await self.adapter.content_of(shown.files[0])
        raise AssertionError(f"{self.name} has no file")

    async def _starts(self, payload: str) -> None:
        await self._says(f"/start {payload}".strip())

    async def _says(self, text: str) -> None:
        self._take(await self.adapter.say(self.speaker, text, chat=self.speaker.key))

    async def _presses(self, label: str, within: str) -> None:
        for message_id, shown in reversed(self._screens):
            if within not in plain(shown):
                continue
            for button in shown.buttons:
                if isinstance(button, Button) and label in button.label:
                    await self._press(message_id, button.action)
                    return
        raise AssertionError(f"{self.name} has no button {label!r}: {[m.buttons for m in self._kept[-3:]]}")

    async def _press(self, message_id: str, action: str, chat: str = "") -> None:
        await self._submitted(
            press_payload(self.speaker, chat=chat or self.speaker.key, message=message_id, action=action)
        )

    async def _presses_in_channel(self, label: str, within: str) -> None:
        message_id, action = self.community.channel_button(label, within)
        await self._press(message_id, action, COMMUNITY)

    async def _sends_action(self, action: str) -> None:
        message_id = self._kept[-1].id if self._kept else "none"
        await self._press(message_id, action)

    async def _again(self) -> None:
        await self.adapter.submit(self._sent)

    async def _offered(self, question: str) -> list[str]:
        return [option.label for one in self._open_form().fields if one.label == question for option in one.options]

    async def _fills(self, answers: Answers) -> None:
        await self._submitted(self.payload_of(answers))

    async def _hands_in(self, question: str, name: str, content: bytes, mime: str) -> None:
        form = self._open_form()
        field = next(one for one in form.fields if one.label == question)
        file = await self.adapter.uploads.save(content, name=name, mime=mime)
        value: Value = {
            "platform": Platform.WEB.value, "account": self.adapter.account, "reference": file.reference,
            "name": file.name, "mime": file.mime, "size": file.size,
        }  # fmt: skip
        await self._submitted(self._submission(form, {**self._filled(form, {}), field.name: value}))

    def payload_of(self, answers: Answers) -> dict[str, object]:
        """What the page sends when the open form is handed in so."""
        form = self._open_form()
        return self._submission(form, self._filled(form, answers))

    async def _closes(self, answers: Answers) -> None:
        form = self._open_form()
        self.window.form = None
        await self._submitted(
            form_payload(
                EventKind.ABANDON, self.speaker, chat=self.speaker.key, form=form, values=self._filled(form, answers)
            )
        )

    def _open_form(self) -> Form:
        assert self.window.form is not None, f"{self.name} has no form open"
        return self.window.form

    def _filled(self, form: Form, answers: Answers) -> dict[str, Value]:
        values: dict[str, Value] = {}
        unknown = set(answers) - {one.label for one in form.fields}
        assert not unknown, f"no question {unknown}; there are {[one.label for one in form.fields]}"
        for one in form.fields:
            given = answers.get(one.label, self.window.entered.get(one.name, one.initial))
            if one.label in answers and one.kind in {FieldKind.CHOICE, FieldKind.PERSON}:
                given = next(option.value for option in one.options if option.label == given)
            elif one.label in answers and isinstance(given, list):
                given = [option.value for option in one.options if option.label in given]
            if given is not None:
                values[one.name] = given
        self.window.entered = values
        return values

    def _submission(self, form: Form, values: dict[str, Value]) -> dict[str, object]:
        return form_payload(EventKind.SUBMIT, self.speaker, chat=self.speaker.key, form=form, values=values)

    async def _submitted(self, payload: dict[str, object]) -> None:
        self._sent = payload
        self._take(await self.adapter.submit(payload))

    def _take(self, outcome: Outcome) -> None:
        self.toast = outcome.toast.text if outcome.toast else ""
        self.window.errors = dict(outcome.errors.by_field) if outcome.errors else {}
        if outcome.errors is None:
            self.window.form, self.window.entered = outcome.form, {}

    async def sends_file(self, name: str, content: bytes, mime: str) -> None:
        """Send a file."""
        file = await self.adapter.uploads.save(content, name=name, mime=mime)
        await self._do(self._sent_file(file))

    async def _sent_file(self, file: IncomingFile) -> None:
        self._take(await self.adapter.send_file(self.speaker, file, chat=self.speaker.key))


class TelegramPerson(PersonDriver):
    """Somebody with Telegram, through python-telegram-bot and a strict stand-in of its server."""

    def __init__(
        self,
        community: "CommunityUnderTest",
        name: str,
        locale: Locale,
        adapter: TelegramAdapter,
        server: TelegramServer,
    ) -> None:
        super().__init__(community, name, locale)
        self.adapter = adapter
        self.server = server
        self.user = server.user(first_name=name, language_code=locale.value)

    @property
    def account(self) -> str:
        return str(self.user.id)

    def messages(self) -> list[Seen]:
        return [
            Seen(
                str(message.message_id),
                message.text,
                tuple(label for row in self.user.keyboard(message) for label in row),
                (message.document.name,) if message.document else (),
            )
            for message in self.user.messages
        ]

    async def blocks_bot(self) -> None:
        self.user.blocks_bot()
        await self.community.settle()

    async def unblocks_bot(self) -> None:
        self.user.unblocks_bot()
        await self.community.settle()

    @property
    def errors(self) -> Mapping[str, str]:
        text = self.last.text
        return dict.fromkeys(re.findall(r"\d+/\d+ · (.+)", text), text) if "⚠️" in text else {}

    async def downloads(self, within: str = "") -> bytes:
        for message in reversed(self.user.messages):
            if message.file is not None and within in message.text:
                return self.user.downloads(message)
        raise AssertionError(f"{self.name} has no file")

    async def _starts(self, payload: str) -> None:
        self.user.starts(payload)

    async def _says(self, text: str) -> None:
        self.user.says(text)

    async def _presses(self, label: str, within: str) -> None:
        for message in reversed(self.user.messages):
            if within not in message.text:
                continue
            for row in self.user.keyboard(message):
                for one in row:
                    if label in one:
                        answer = await self.user.presses(one, message).answer
                        self.toast = answer.text
                        return
        raise AssertionError(f"{self.name} has no button {label!r}: {[m.buttons for m in self.messages()[-3:]]}")

    async def _presses_in_channel(self, label: str, within: str) -> None:
        group = self.community.telegram_group
        message = next(one for one in reversed(group.messages) if within in one.text)
        whole = next(one for row in message.labels for one in row if label in one)
        answer = await self.user.presses(whole, message, group).answer
        self.toast = answer.text

    async def _sends_action(self, action: str) -> None:
        answer = await self.user.sends_callback(action, self.user.last).answer
        self.toast = answer.text

    async def _again(self) -> None:
        self.server.redeliver_last()

    async def _closes(self, answers: Answers) -> None:
        left = dict(answers)
        while left:
            label = next((one for one in left if f"· {one}" in self.last.text), None)
            if label is None:
                await self._presses_first(self.t("Keep it"), self.t("Skip ›"))
            else:
                await self._answer(left.pop(label))
            await self.community.settle()

    async def _fills(self, answers: Answers) -> None:
        left = dict(answers)
        for _ in range(60):
            last = self.last
            if self.t("Is everything right?") in last.text:
                change = next((one for one in left if self._change(one) in last.buttons), None)
                assert change is not None or not left, f"never asked: {list(left)}"
                if change is not None:
                    await self._presses(self._change(change), "")
                    await self.community.settle()
                    continue
                answer = await self.user.presses(last.buttons[0], self.user.last).answer
                self.toast = answer.text
                return
            label = next((one for one in left if f"· {one}" in last.text), None)
            if label is not None:
                await self._answer(left.pop(label))
            else:
                await self._presses_first(self.t("Keep it"), self.t("Skip ›"))
            await self.community.settle()
        raise AssertionError("the form does not end")

    async def _hands_in(self, question: str, name: str, content: bytes, mime: str) -> None:
        assert question in self.last.text
        if mime.startswith("image/"):
            self.user.sends_photo(content)
        else:
            self.user.sends_document(name, content, mime)
        await self.community.settle()
        answer = await self.user.presses(self.last.buttons[0], self.user.last).answer
        self.toast = answer.text

    def _change(self, label: str) -> str:
        shown = label if len(label) <= 28 else label[:27].rstrip() + "…"
        return self.t("Change: {field}", field=shown)

    async def _answer(self, given: str | list[str] | None) -> None:
        if given is None:
            await self._presses(self.t("Skip ›"), "")
        elif isinstance(given, list):
            for one in given:
                await self._presses(one, "")
                await self.community.settle()
            await self._presses(self.t("Done"), "")
        elif any(given == label.removeprefix("☑️ ") for label in self.last.buttons):
            await self._presses(given, "")
        else:
            await self._says(given)

    async def _presses_first(self, *labels: str) -> None:
        for label in labels:
            if any(label in one for one in self.last.buttons):
                await self._presses(label, "")
                return
        raise AssertionError(f"cannot pass {self.last.text!r}")


class SlackPerson(PersonDriver):
    """Somebody in Slack, through Bolt and a strict stand-in of its server."""

    def __init__(
        self, community: "CommunityUnderTest", name: str, locale: Locale, adapter: SlackAdapter, server: SlackServer
    ) -> None:
        super().__init__(community, name, locale)
        self.adapter = adapter
        self.server = server
        self.user = server.user(name=name, locale="it-IT" if locale is Locale.ITALIAN else "en-GB", tz="Europe/Rome")
        self._sent: Delivery | None = None

    @property
    def account(self) -> str:
        return self.user.id

    def messages(self) -> list[Seen]:
        return [
            Seen(message.ts, message.seen, tuple(message.labels), tuple(file.name for file in message.files))
            for message in self.user.messages
        ]

    async def blocks_bot(self) -> None:
        await self.user.deactivates()
        await self.community.settle()

    async def unblocks_bot(self) -> None:
        self.user.account.deleted = False
        await self.community.settle()

    @property
    def errors(self) -> Mapping[str, str]:
        return self.user.modal_errors

    async def downloads(self, within: str = "") -> bytes:
        for message in reversed(self.user.messages):
            if message.files and within in message.seen:
                content = message.files[0].content
                assert content is not None
                return content
        raise AssertionError(f"{self.name} has no file")

    async def _do(self, work: Awaitable[None]) -> None:
        before = len(self.user.ephemerals)
        await super()._do(work)
        fresh = self.user.ephemerals[before:]
        self.toast = fresh[-1].seen if fresh else ""

    async def _starts(self, payload: str) -> None:
        self._sent = await self.user.runs(self.community.slash_command, f"start {payload}".strip())

    async def _says(self, text: str) -> None:
        if text.startswith("/"):
            self._sent = await self.user.runs(self.community.slash_command, text[1:])
        else:
            await self.user.says(text)
            self._sent = None

    async def _presses(self, label: str, within: str) -> None:
        for message in reversed(self.user.messages):
            if within not in message.seen:
                continue
            for one in message.labels:
                if label in one:
                    self._sent = await self.user.presses(one, message)
                    return
        raise AssertionError(f"{self.name} has no button {label!r}: {[m.buttons for m in self.messages()[-3:]]}")

    async def _presses_in_channel(self, label: str, within: str) -> None:
        channel = self.community.slack_channel
        channel.members.add(self.user.id)
        message = next(one for one in reversed(channel.messages) if within in one.seen)
        whole = next(one for one in message.labels if label in one)
        self._sent = await self.user.presses(whole, message)

    async def _sends_action(self, action: str) -> None:
        if not self.user.messages:
            await self.user.runs(self.community.slash_command, "")
            await self.community.settle()
        self._sent = await self.user.sends_action(action, self.user.last)

    @property
    def delivery(self) -> Delivery:
        """What they did last, as Slack delivered it."""
        assert self._sent is not None
        return self._sent

    async def _again(self) -> None:
        if self._sent is None:
            await self.server.redeliver_last_event()
        else:
            await self.server.courier.deliver(self._sent, number=1, reason="http_timeout")

    async def _offered(self, question: str) -> list[str]:
        await self.community.until(lambda: self.user.modal is not None and bool(self.user.modal.fields))
        assert self.user.modal is not None
        return self.user.modal.options(question)

    async def _fills(self, answers: Answers) -> None:
        await self._enters(answers)
        self._sent = await self.user.submits()

    async def _hands_in(self, question: str, name: str, content: bytes, mime: str) -> None:
        del mime  # Slack takes it from the name
        await self.community.until(lambda: self.user.modal is not None and bool(self.user.modal.fields))
        await self.user.fills({question: (name, content)})
        self._sent = await self.user.submits()

    async def _closes(self, answers: Answers) -> None:
        await self._enters(answers)
        self._sent = await self.user.closes_modal()

    async def _enters(self, answers: Answers) -> None:
        await self.community.until(lambda: self.user.modal is not None and bool(self.user.modal.fields))
        assert self.user.modal is not None
        given: dict[str, object] = {}
        for label, answer in answers.items():
            if answer is None:
                continue
            if isinstance(answer, str) and WALL.fullmatch(answer) and label not in self.user.modal.fields:
                day, hour = answer.split("T")
                found = [one for one in self.user.modal.fields if one.startswith(label)]
                given |= dict(zip(found, (day, hour), strict=False))
            else:
                given[label] = answer
        await self.user.fills(given)


PLATFORMS = (Platform.TELEGRAM, Platform.SLACK, Platform.WEB)
