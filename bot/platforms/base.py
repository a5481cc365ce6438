"""The port that every platform implements: what it can do, how it sends, how it fails.

A platform's folder turns raw updates into :class:`~handlers.conversation.event.Event` and screens into what its API
takes. It decides nothing: rules live in ``handlers``, retries and pacing in ``bot.delivery``.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from handlers.conversation.event import Address, Event, MessageRef, Outcome, Payload
from handlers.conversation.screen import FileReference, Screen
from storage.enums import Locale, Platform


class Scope(StrEnum):
    """What a "wait" from a platform stops."""

    CHAT = "chat"
    TOKEN = "token"  # noqa: S105 - a scope, not a secret


class Failure(StrEnum):
    """Why a call failed, as far as delivery must know."""

    WAIT = "wait"  # rate limit: again after ``retry_after`` seconds
    TEMPORARY = "temporary"  # 5xx, time-out, connection: again later
    IN_DOUBT = "in_doubt"  # the request went out, no answer came: it may or may not have happened
    UNREACHABLE = "unreachable"  # blocked, deactivated, kicked, channel archived: the address is of no use
    MOVED = "moved"  # the chat has a new id
    GONE = "gone"  # the message to edit or delete is not there, or too old
    UNCHANGED = "unchanged"  # the edit would change nothing
    REFUSED = "refused"  # our request was wrong; another try would be refused as well


class SendError(Exception):
    """A call that the platform did not carry out.

    Attributes:
        failure: why, and so what delivery does next.
        retry_after: seconds to wait, for WAIT.
        scope: what must wait, for WAIT.
        new_chat: the chat's new id, for MOVED.
    """

    def __init__(
        self,
        failure: Failure,
        description: str,
        *,
        retry_after: float = 0.0,
        scope: Scope = Scope.CHAT,
        new_chat: str = "",
    ) -> None:
        super().__init__(f"{failure}: {description}")
        self.failure = failure
        self.description = description
        self.retry_after = retry_after
        self.scope = scope
        self.new_chat = new_chat

    @property
    def permanent(self) -> bool:
        """Whether another try makes no sense."""
        return self.failure in {Failure.UNREACHABLE, Failure.GONE, Failure.UNCHANGED, Failure.REFUSED}


@dataclass(frozen=True, slots=True)
class Pace:
    """What a platform allows one token to send; delivery holds to it.

    Attributes:
        per_second: messages a second over all chats; 0 means no limit.
        chat_seconds: seconds between two messages in one chat; 0 means no limit.
        group_per_minute: messages a minute in one group; 0 means no limit.
        in_flight: calls at the same time.
        unrepeatable_in_flight: those of them that may be in doubt after a crash, since they are not sent again.
        edits_per_minute: redrawn messages a minute over all chats, where the platform counts them by themselves; 0
            means no limit.
    """

    per_second: float
    chat_seconds: float
    group_per_minute: int
    in_flight: int
    unrepeatable_in_flight: int = 1
    edits_per_minute: int = 0


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One command as the platform's menu lists it.

    Attributes:
        names: in both languages.
        descriptions: in both languages.
        staff: listed for the staff only.
        groups: listed in groups as well, since it answers there.
    """

    names: Mapping[Locale, str]
    descriptions: Mapping[Locale, str]
    staff: bool
    groups: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """An update or event as it came.

    Attributes:
        id: unique on the platform and account.
        person: who sent it; orders it.
        at: when it was sent by the platform's clock, in seconds since 1970; ``None`` where the platform does not say.
    """

    id: str
    payload: Payload
    person: str
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored event that has not been handled. ``inbox_id`` is its row."""

    inbox_id: int
    raw: Raw
    platform: Platform
    account: str


NextTurn = Callable[[str], AbstractAsyncContextManager[None]]
"""Entered before a call that the platform counts as one more message in that chat, left when it is answered."""


def at_once(chat: str) -> AbstractAsyncContextManager[None]:  # noqa: ARG001 - the signature of a NextTurn
    """No turn to wait for: nobody paces this adapter yet."""
    return nullcontext()


class Receiver(Protocol):
    """What a platform hands events to: first stored, then acknowledged by the platform, then handled."""

    async def store(self, platform: Platform, account: str, raws: Sequence[Raw]) -> list[Accepted]:
        """Write events down in one commit and return those not seen before.

        When this returns they are safe; acknowledge them, then call :meth:`handle` for each.
        """
        ...

    async def handle(self, accepted: Accepted) -> Outcome:
        """Carry out a stored event, after earlier ones of the same person.

        Never raises for what a person did: they are told. Replies are on their way when this returns; what is only
        of the moment is in the outcome, for the platform to do at once.
        """
        ...

    def spawn(self, work: Awaitable[None], *, name: str) -> None:
        """Run work in the background; an orderly stop waits for it."""
        ...


class Adapter(Protocol):
    """One platform with one token.

    ``account`` is known once :meth:`open` has returned. Whoever calls :meth:`send` and :meth:`edit` has waited for the
    turn of one message; for each further one of the same screen the adapter waits for ``next_turn``.
    """

    platform: Platform
    account: str
    pace: Pace
    next_turn: NextTurn

    async def open(self, menu: Sequence[MenuEntry]) -> None:
        """Connect, learn who we are, register the commands.

        Raises:
            SendError: the platform refuses the token or cannot be reached.
        """
        ...

    async def listen(self, receiver: Receiver) -> None:
        """Receive until cancelled; returns at once where events come over HTTP. Survives lost connections."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...

    @property
    def healthy(self) -> bool:
        """Whether it is connected and receiving, for the readiness page."""
        ...

    def parse(self, payload: Payload) -> Event | None:
        """The event in a raw update; ``None`` when there is nothing in it for us (our own messages among others).

        Pure, and tolerant of any shape: what cannot be read is ``None``.
        """
        ...

    async def send(self, address: Address, screen: Screen, *, token: str) -> str:
        """Send a screen and return the message's id (ids joined by commas when it took several).

        ``token`` names this very delivery; a platform that can, stores it with the message, so that
        :meth:`find_sent` finds it.

        Raises:
            SendError: it was not sent, or that is in doubt.
        """
        ...

    async def edit(self, message: MessageRef, screen: Screen) -> str:
        """Redraw a message and return its id (or ids) afterwards.

        Raises:
            SendError: it was not edited.
        """
        ...

    async def delete(self, message: MessageRef) -> None:
        """Delete a message.

        Raises:
            SendError: it was not deleted.
        """
        ...

    async def ping(self) -> None:
        """Ask the platform something that changes nothing, to learn whether it answers.

        Raises:
            SendError: it does not (TEMPORARY), or it answered with a refusal.
        """
        ...

    async def find_sent(self, address: Address, token: str) -> str | None:
        """The id of the message that carries this token; ``None`` when there is none or the platform cannot tell."""
        ...

    @property
    def resolves_doubt(self) -> bool:
        """Whether :meth:`find_sent` can tell for sure that a message was not sent."""
        ...

    async def private_address(self, user: str) -> Address:
        """Where this person is written to in private.

        Raises:
            SendError: they cannot be reached.
        """
        ...

    def is_group(self, address: Address) -> bool:
        """Whether several people read there."""
        ...

    async def download(self, reference: FileReference) -> bytes:
        """The bytes of a file that this platform keeps.

        Raises:
            SendError: it is gone, too large for the platform to hand out, or cannot be fetched now.
        """
        ...


FetchFile = Callable[[FileReference], Awaitable[bytes]]
"""Fetches a file from whichever platform keeps it; given to adapters for files that another platform keeps."""
