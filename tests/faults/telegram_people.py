"""People on Telegram who go on with what they do whatever becomes of the bot: they wait, and look again."""

import asyncio
import random
from collections.abc import Callable

from handlers.conversation.texts import texts_for
from storage.enums import Answer, Locale
from tests.faults.town import CODE, Town
from tests.standins.telegram import Message, TelegramServer, TelegramUser

t = texts_for(Locale.ITALIAN)
PATIENCE_SECONDS = 150.0
"""How long somebody waits for the bot. In a run of kills that follow each other it may be away for as long."""

State = tuple[int, str, tuple[str, ...]]


class Somebody:
    """A person, by what they see in the private chat."""

    def __init__(self, server: TelegramServer, user: TelegramUser) -> None:
        self._server = server
        self.user = user

    async def sees(self, found: Callable[[Message], bool]) -> Message:
        """The newest message of which this is so, when it has come."""
        try:
            message = await self._server.wait_for(
                lambda: next((message for message in reversed(self.user.messages) if found(message)), None),
                timeout=PATIENCE_SECONDS,
            )
        except TimeoutError:
            seen = "\n---\n".join(f"{message.text}\n{message.labels}" for message in self.user.history[-6:])
            raise AssertionError(f"{self.user.first_name} waits in vain before:\n{seen}") from None
        assert message is not None
        return message

    def state(self) -> State:
        """The newest message as it looks now."""
        last = self.user.last
        return last.message_id, last.text, tuple(label for row in last.labels for label in row)


class Newcomer(Somebody):
    """Joins with an invitation: language, notice, and the profile question by question."""

    def __init__(self, server: TelegramServer, number: int) -> None:
        super().__init__(server, server.user(f"Nuova {number}"))
        self.name = f"Nuova Arrivata {chr(65 + number)}"
        self.role = f"Ricerca {number}"
        self.half_way = asyncio.Event()

    async def joins(self, pause: asyncio.Event | None = None) -> None:
        """All of it; with a pause, in the middle of the form until the event is set."""
        self.user.starts(CODE)
        language = await self.sees(lambda message: message.button("Italiano") is not None)
        self.user.presses("Italiano", language)
        agree = t("I agree, let's go")
        await self.sees(lambda message: message.button(agree) is not None)
        self.user.presses(agree)
        await self._fills({t("First and last name"): self.name, t("Your role there"): self.role}, pause)
        welcome = t("Welcome to {community}!", community="Cluster Lombardo Scienze della Vita")
        await self.sees(lambda message: welcome in message.text)

    async def _fills(self, answers: dict[str, str], pause: asyncio.Event | None) -> None:
        left = dict(answers)
        before: State | None = None
        while True:
            state = await self._changes(before)
            before = state
            number, text, labels = state
            message = next(one for one in self.user.messages if one.message_id == number)
            if t("Is everything right?") in text:
                assert not left, f"never asked: {list(left)}"
                self.user.presses(labels[0], message)
                return
            label = next((one for one in answers if f"· {one}" in text), None)
            if label is not None and label in left:
                self.user.says(left.pop(label))
                self.half_way.set()
                if pause is not None:
                    await pause.wait()
                    pause = None
            elif label is None:
                way_on = next((one for one in (t("Keep it"), t("Skip ›")) if one in labels), None)
                if way_on is not None:
                    self.user.presses(way_on, message)

    async def _changes(self, before: State | None) -> State:
        """What the newest message shows once that is something else."""

        def changed() -> State | None:
            now = self.state()
            return now if now != before and ("· " in now[1] or t("Is everything right?") in now[1]) else None

        try:
            found = await self._server.wait_for(changed, timeout=PATIENCE_SECONDS)
        except TimeoutError:
            raise AssertionError(f"{self.name} waits in vain before {self.state()}") from None
        assert found is not None
        return found


class Visitor(Somebody):
    """Looks at an event and changes their mind about it again and again."""

    async def answers(self, town: Town, over: asyncio.Event, chance: random.Random) -> Answer:
        """Until it is over; returns the last answer."""
        self.user.says("/eventi")
        title = "event.open:"
        listed = await self.sees(lambda message: self._button(message, title) != "")
        self.user.presses(self._button(listed, title), listed)
        card = await self.sees(lambda message: self._button(message, "event.rsvp:") != "")
        given = Answer.MAYBE
        while not over.is_set():
            given = chance.choice([one for one in (Answer.GOING, Answer.MAYBE, Answer.CANT) if one is not given])
            self.user.sends_callback(f"event.rsvp:{town.event_id}:{given}", card)
            await town.has_answered(str(self.user.id), given, PATIENCE_SECONDS)
            await asyncio.sleep(chance.uniform(0.05, 0.4))
        return given

    def _button(self, message: Message, data: str) -> str:
        """The data of the first button that begins so."""
        return next((one.data for row in message.buttons for one in row if one.data.startswith(data)), "")


class Talker(Somebody):
    """Writes things that the bot does not know, each answered once with its own words."""

    def __init__(self, server: TelegramServer, user: TelegramUser) -> None:
        super().__init__(server, user)
        self.said: list[str] = []

    async def talks(self, over: asyncio.Event, chance: random.Random) -> None:
        """Until it is over; waits for no answer."""
        while not over.is_set():
            word = f"qx{self.user.id}n{len(self.said)}"
            self.user.says(f"/{word}")
            self.said.append(word)
            await asyncio.sleep(chance.uniform(0.4, 1.2))
