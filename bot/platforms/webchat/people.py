"""Who can be played on the page, and the clock they live by."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.platforms.webchat.payloads import COMMUNITY, Speaker
from handlers.conversation.texts import Texts
from storage.enums import Locale


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody the demo's visitor can be.

    Attributes:
        key: user and private chat at once; letters, digits, dashes.
        name: their full name.
        role: what they are, in the page's languages ("staff", "delegate").
        organisation: where they work.
        locale: the language their browser asks for.
        staff: whether the menu lists staff's commands for them.
        stranger: whether the bot is not told their name.
    """

    key: str
    name: str
    role: Mapping[Locale, str]
    organisation: str
    locale: Locale
    staff: bool = False
    stranger: bool = False

    @property
    def speaker(self) -> Speaker:
        """Them, as the adapter knows whoever acts."""
        return Speaker(self.key, "" if self.stranger else self.name, self.locale.value)


Personas = Callable[[], Awaitable[list[Persona]]]


class DemoClock(Protocol):
    """The clock that the whole program lives by; moving it makes due what is due by then."""

    def now(self) -> datetime:
        """The instant it shows, aware."""
        ...

    async def advance(self, span: timedelta) -> None:
        """Move it on by that much.

        Raises:
            ValueError: the span is negative.
        """
        ...

    async def to(self, instant: datetime) -> None:
        """Move it on to that instant.

        Raises:
            ValueError: the instant is past.
        """
        ...


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who can be played at this moment."""

    personas: tuple[Persona, ...]
    newcomer: Persona

    def find(self, key: str) -> Persona | None:
        """The persona of that key."""
        return next((one for one in (*self.personas, self.newcomer) if one.key == key), None)

    def name_of(self, key: str) -> str:
        """A persona's name; the key where nobody has it (a newcomer who started afresh since)."""
        found = self.find(key)
        return found.name if found else key


async def cast_of(personas: Personas, newcomer_key: str, t: Texts) -> Cast:
    """Everybody, with the newcomer by their name if they have joined meanwhile."""
    known = await personas()
    joined = next((one for one in known if one.key == newcomer_key), None)
    newcomer = joined or Persona(
        newcomer_key, t("Newcomer"), {t.locale: t("has never met the bot")}, "", t.locale, stranger=True
    )
    return Cast(tuple(one for one in known if one.key != newcomer_key), newcomer)


MAX_PANES = 3


def chosen_panes(query: str, cast: Cast) -> list[str]:
    """The chats that an address asks for (``?with=giulia,marco``): known ones, each once, three at most."""
    asked = dict.fromkeys(word.strip() for word in query.split(","))
    known = [key for key in asked if key == COMMUNITY or cast.find(key)]
    first = cast.personas[0] if cast.personas else cast.newcomer
    return known[:MAX_PANES] or [first.key]
