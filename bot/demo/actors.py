"""Playing people: a platform made of memory, and actors who type and press on it.

Everything between is the real program: inbox, router, forms, outbox, sender. Only the far platform is missing, so the
story plays in seconds and without a network.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.app import Application
from bot.platforms.base import Failure, MenuEntry, NextTurn, Pace, Raw, Receiver, SendError, at_once
from handlers.conversation.context import Channel
from handlers.conversation.event import (
    Address,
    Event,
    EventKind,
    FormSupport,
    MessageRef,
    Outcome,
    Payload,
)
from handlers.conversation.form import FieldKind, Form, Value
from handlers.conversation.screen import Button, FileReference, Screen, Style, plain, press
from handlers.conversation.texts import Texts, texts_for
from storage.enums import Locale, Platform

CHANNEL = "community"
ACCOUNT = "web"
SETTLE_SECONDS = 120.0


class StoryError(Exception):
    """A step of the story did not happen."""


def stage_channel(platform: Platform) -> Channel:
    """The channel of all."""
    return Channel(platform, ACCOUNT, CHANNEL)


@dataclass(slots=True)
class Line:
    """A message on the stage."""

    id: str
    screen: Screen
    token: str


Watch = Callable[[str, Screen, bool], None]
"""Told of every message: chat, screen, whether it was redrawn."""


@dataclass
class StagePlatform:
    """Implements :class:`bot.platforms.base.Adapter` in memory, with the habits of a given platform."""

    platform: Platform
    watch: Watch
    account: str = ACCOUNT
    pace: Pace = field(default_factory=lambda: Pace(0, 0, 0, 8))
    chats: dict[str, list[Line]] = field(default_factory=dict)
    receiver: Receiver | None = None

    def __post_init__(self) -> None:
        """Nobody paces yet."""
        self.next_turn: NextTurn = at_once

    @property
    def forms(self) -> FormSupport:
        """Telegram asks field by field, the others open a window."""
        return FormSupport.TALK if self.platform is Platform.TELEGRAM else FormSupport.NOW

    async def open(self, menu: Sequence[MenuEntry]) -> None:
        """Nothing to connect to."""

    async def listen(self, receiver: Receiver) -> None:
        """Events come from the actors."""
        self.receiver = receiver

    async def close(self) -> None:
        """Nothing to close."""
        self.receiver = None

    @property
    def healthy(self) -> bool:
        """Whether somebody listens."""
        return self.receiver is not None

    def parse(self, payload: Payload) -> Event | None:
        """The event that an actor made."""
        address = Address(self.platform, self.account, payload["chat"])
        message = payload.get("message", "")
        return Event(
            EventKind(payload["kind"]),
            payload["id"],
            address,
            payload["user"],
            locale=payload["locale"],
            private=payload["chat"] != CHANNEL,
            action=payload.get("action", ""),
            text=payload.get("text", ""),
            values=payload.get("values", {}),
            form=payload.get("form", ""),
            form_context=payload.get("context", {}),
            message=MessageRef(address, message) if message else None,
            forms=self.forms,
        )

    async def send(self, address: Address, screen: Screen, *, token: str) -> str:
        """Put a message on the stage."""
        line = Line(uuid.uuid4().hex, screen, token)
        self.chats.setdefault(address.chat, []).append(line)
        self.watch(address.chat, screen, False)  # noqa: FBT003 - one flag, named in Watch
        return line.id

    async def edit(self, message: MessageRef, screen: Screen) -> str:
        """Redraw a message.

        Raises:
            SendError: GONE or UNCHANGED.
        """
        for line in self.chats.get(message.address.chat, []):
            if line.id == message.message_id:
                if line.screen == screen:
                    raise SendError(Failure.UNCHANGED, "the same screen")
                line.screen = screen
                self.watch(message.address.chat, screen, True)  # noqa: FBT003 - as above
                return line.id
        raise SendError(Failure.GONE, "no such message")

    async def delete(self, message: MessageRef) -> None:
        """Take a message away."""
        lines = self.chats.get(message.address.chat, [])
        self.chats[message.address.chat] = [line for line in lines if line.id != message.message_id]

    def texts(self, chat: str) -> list[str]:
        """What stands in a chat."""
        return [plain(line.screen) for line in self.chats.get(chat, [])]

    async def ping(self) -> None:
        """It is part of this program, and always there."""

    async def find_sent(self, address: Address, token: str) -> str | None:
        """The message of a delivery."""
        return next((line.id for line in self.chats.get(address.chat, []) if line.token == token), None)

    @property
    def resolves_doubt(self) -> bool:
        """Nothing is ever in doubt here."""
        return True

    async def private_address(self, user: str) -> Address:
        """A chat of their own."""
        return Address(self.platform, self.account, user)

    def is_group(self, address: Address) -> bool:
        """Whether it is the channel."""
        return address.chat == CHANNEL

    async def download(self, reference: FileReference) -> bytes:
        """No files here.

        Raises:
            SendError: always.
        """
        raise SendError(Failure.GONE, reference.reference)


class Actor:
    """Somebody on the stage."""

    def __init__(
        self,
        stage: StagePlatform,
        app: Application,
        key: str,
        name: str,
        locale: Locale,
        *,
        says: Callable[[str, str], None],
    ) -> None:
        self._stage = stage
        self._app = app
        self._key = key
        self.name = name
        self._locale = locale
        self._says = says
        self._form: Form | None = None
        self.toast = ""

    @property
    def t(self) -> Texts:
        """The texts in the actor's language."""
        return texts_for(self._locale)

    async def writes(self, text: str) -> None:
        """Type something; a command begins with a slash."""
        self._says(self.name, text)
        if text.startswith("/"):
            word, _, rest = text[1:].partition(" ")
            await self._does(EventKind.COMMAND, action=word, text=rest)
        else:
            await self._does(EventKind.TEXT, text=text)

    async def presses(self, label: str, *, within: str = "", chat: str = "") -> None:
        """Press the newest button whose label holds these words.

        Raises:
            StoryError: there is none.
        """
        for line in reversed(self._stage.chats.get(chat or self._key, [])):
            if within not in plain(line.screen):
                continue
            for button in line.screen.buttons:
                if isinstance(button, Button) and label in button.label:
                    self._says(self.name, f"[ {button.label} ]")
                    await self._does(EventKind.PRESS, action=button.action, message=line.id, chat=chat)
                    return
        raise StoryError(f"{self.name} has no button {label!r}")

    async def fills(self, answers: Mapping[str, str | list[str]]) -> None:
        """Answer the form that is open, by the labels of its questions, and send it.

        Raises:
            StoryError: no form is open, or it is not taken.
        """
        if self._stage.forms is FormSupport.TALK:
            await self._talks(dict(answers))
            return
        form = self._form
        if form is None:
            raise StoryError(f"{self.name} has no form open")
        unknown = set(answers) - {one.label for one in form.fields}
        if unknown:
            raise StoryError(f"no question {sorted(unknown)}; there are {[one.label for one in form.fields]}")
        values: dict[str, Value] = {}
        for one in form.fields:
            given: Value = answers.get(one.label, one.initial)
            if one.label in answers and one.kind in {FieldKind.CHOICE, FieldKind.PERSON}:
                given = next(option.value for option in one.options if option.label == given)
            elif one.label in answers and isinstance(given, list):
                given = [option.value for option in one.options if option.label in given]
            if given is not None:
                values[one.name] = given
        self._says(self.name, f"[ {form.submit} ] " + " · ".join(_short(answer) for answer in answers.values()))
        await self._does(EventKind.SUBMIT, form=form.name, context=dict(form.context), values=values)

    async def _talks(self, left: dict[str, str | list[str]]) -> None:
        for _ in range(60):
            screen = self._last()
            text = plain(screen)
            labels = [button.label for button in screen.buttons]
            if self.t("Is everything right?") in text:
                await self.presses(labels[0])
                return
            asked = next((label for label in left if f"· {label}" in text), None)
            if asked is None:
                way = next((one for one in (self.t("Keep it"), self.t("Skip ›")) if one in labels), None)
                if way is None:
                    raise StoryError(f"{self.name} cannot answer {text!r}")
                await self.presses(way)
                continue
            given = left.pop(asked)
            if isinstance(given, list):
                for one in given:
                    await self.presses(one)
                await self.presses(self.t("Done"))
            elif given in labels:
                await self.presses(given)
            else:
                await self.writes(given)
        raise StoryError(f"the form of {self.name} does not end")

    def _last(self) -> Screen:
        lines = self._stage.chats.get(self._key, [])
        if not lines:
            raise StoryError(f"{self.name} has no message")
        return lines[-1].screen

    async def chooses_language(self) -> None:
        """Speak the story's language from now on, without a word of it in the transcript."""
        await self._does(EventKind.PRESS, action=press("home.language", self._locale))

    async def presses_choice(self, number: int) -> None:
        """Press the button with that number, from 0, of the newest message."""
        await self.presses(self._last().buttons[number].label)

    async def presses_primary(self, *, within: str) -> None:
        """Press the button that leads on, in the newest message with these words.

        Raises:
            StoryError: there is none.
        """
        for button in self.sees(within).buttons:
            if isinstance(button, Button) and button.style is Style.PRIMARY:
                await self.presses(button.label, within=within)
                return
        raise StoryError(f"{self.name} has nothing to go on with")

    def options_starting(self, label: str, wanted: Sequence[str]) -> list[str]:
        """The options of a question that begin with these words; they may carry more, like places left.

        Raises:
            StoryError: there is none for one of them.
        """
        offered: list[str] = []
        if self._form is not None:
            offered = [option.label for one in self._form.fields if one.label == label for option in one.options]
        else:
            offered = [button.label for button in self._last().buttons]
        found = [next((one for one in offered if one.startswith(word)), "") for word in wanted]
        if self._form is None:
            return [one or word for one, word in zip(found, wanted, strict=True)]
        if not all(found):
            raise StoryError(f"{label!r} does not offer {list(wanted)}, but {offered}")
        return found

    def sees(self, *words: str, chat: str = "") -> Screen:
        """The newest message that holds all these words.

        Raises:
            StoryError: there is none.
        """
        for line in reversed(self._stage.chats.get(chat or self._key, [])):
            text = plain(line.screen) + " ".join(button.label for button in line.screen.buttons)
            if all(word in text for word in words):
                return line.screen
        raise StoryError(f"{self.name} does not see {words}")

    def count(self, words: str) -> int:
        """How many messages hold these words."""
        return sum(words in plain(line.screen) for line in self._stage.chats.get(self._key, []))

    async def _does(self, kind: EventKind, *, chat: str = "", **payload: object) -> None:
        receiver = self._stage.receiver
        if receiver is None:
            raise StoryError("the program does not listen")
        event: Payload = {
            "id": uuid.uuid4().hex,
            "kind": kind.value,
            "user": self._key,
            "chat": chat or self._key,
            "locale": self._locale.value,
            **payload,
        }
        outcome = Outcome()
        for accepted in await receiver.store(
            self._stage.platform, self._stage.account, [Raw(event["id"], event, self._key)]
        ):
            outcome = await receiver.handle(accepted)
        if outcome.errors is not None:
            raise StoryError(f"the form of {self.name} is refused: {dict(outcome.errors.by_field)}")
        self._form = outcome.form
        self.toast = outcome.toast.text if outcome.toast else ""
        if self.toast:
            self._says("·", self.toast)
        await settle(self._app)


async def settle(app: Application) -> None:
    """Wait until everything that came in is handled and everything due was sent.

    Raises:
        StoryError: that takes too long.
    """
    end = time.monotonic() + SETTLE_SECONDS
    while not await app.settled():
        if time.monotonic() > end:
            raise StoryError("something does not get sent")
        await asyncio.sleep(0.002)


def _short(answer: str | list[str]) -> str:
    text = ", ".join(answer) if isinstance(answer, list) else answer
    return text if len(text) <= 60 else text[:59] + "…"
