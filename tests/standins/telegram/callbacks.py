"""Presses of inline buttons: what the bot must answer, once and soon."""

import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from tests.standins.telegram.changes import Changes
from tests.standins.telegram.refusals import QUERY_TOO_OLD, BadRequest
from tests.standins.telegram.state import Account, Message

LIFETIME_SECONDS = 15.0
"""How long a press may go unanswered. Telegram gives no figure; bot authors see 10 to 20 seconds."""


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the person sees after a press: a toast, or an alert to close, or nothing when `text` is empty."""

    text: str
    show_alert: bool
    url: str = ""


@dataclass(slots=True)
class Press:
    """One press; `await press.answer` gives what the bot answered.

    Attributes:
        answered: the answer, None as long as there is none.
    """

    query_id: str
    update_id: int
    account: Account
    message: Message
    data: str
    asked_at: float
    changes: Changes
    answered: CallbackAnswer | None = None

    @property
    def answer(self) -> Coroutine[Any, Any, CallbackAnswer]:
        """Wait up to 5 seconds for the bot's answer."""
        return self.answer_within(5.0)

    async def answer_within(self, seconds: float) -> CallbackAnswer:
        """Wait for the bot's answer.

        Raises:
            TimeoutError: none came; in Telegram the button would go on spinning.
        """
        return await self.changes.wait_for(self._require, seconds)

    def _require(self) -> CallbackAnswer:
        if self.answered is None:
            raise AssertionError(f"the press of {self.data!r} was not answered")
        return self.answered

    def expire(self) -> None:
        """Let its time run out now."""
        self.asked_at = float("-inf")


class CallbackQueries:
    """The presses so far.

    Attributes:
        lifetime: seconds in which a press can be answered.
    """

    def __init__(self) -> None:
        self.lifetime = LIFETIME_SECONDS
        self.by_id: dict[str, Press] = {}

    def answer(self, query_id: str, answer: CallbackAnswer) -> None:
        """Accept the first answer in time.

        Raises:
            BadRequest: unknown, answered before, or too old; Telegram does not tell these apart.
        """
        press = self.by_id.get(query_id)
        if press is None or press.answered is not None or time.monotonic() - press.asked_at > self.lifetime:
            raise BadRequest(QUERY_TOO_OLD)
        press.answered = answer
