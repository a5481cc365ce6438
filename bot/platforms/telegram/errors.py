"""What python-telegram-bot raises, as the failures that delivery knows.

The wording that is looked for is that of the Bot API server (``fail_query_with_error`` in telegram-bot-api's
Client.cpp); the library takes off the "Bad Request: " in front and capitalises what is left.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.platforms.base import Failure, Scope, SendError
from bot.platforms.telegram.transport import NoAnswerError, NotSentError, ServerTroubleError

TWO_CHATS_WITHIN = timedelta(seconds=1)

_UNCHANGED = ("message is not modified",)
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "message_id_invalid",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)
_UNREACHABLE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights in the channel",
    "group chat was deactivated",
    "bot was kicked",
    "bot is not a member",
    "channel_private",
)


class LimitScope:
    """Whether a 429 is for one chat or for the whole token, which Telegram does not say.

    A 429 to a call about a chat counts for that chat: in groups and private chats alike the limit of the chat is by far
    the more frequent. It counts for the token where the call has no chat, or where another private chat was limited
    less than a second before. A group's limit is its own (20 a minute), however many groups reach it at the same time.

    Args:
        now: the present.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last: tuple[str, datetime] | None = None

    def of(self, chat: str) -> Scope:
        """The scope of a 429 that came now; ``chat`` is empty for a call about none."""
        if not chat:
            return Scope.TOKEN
        if chat.startswith(("-", "@")):
            return Scope.CHAT
        now, last = self._now(), self._last
        self._last = (chat, now)
        if last is not None and last[0] != chat and now - last[1] < TWO_CHATS_WITHIN:
            return Scope.TOKEN
        return Scope.CHAT


def send_error(
    error: Exception, *, token: str, limits: LimitScope, chat: str = "", repeatable: bool = False
) -> SendError:
    """The failure that an error of python-telegram-bot, or of the transport below it, stands for.

    What is decided here and not by Telegram: 502 and 504 come from a gateway that may have passed the message on, so a
    send is in doubt after them; other 5xx are Telegram's own and mean that it did not happen.

    Args:
        error: what was raised.
        token: taken out of the description, should it be there.
        limits: remembers which chats were limited.
        chat: the chat that the call was about; empty for none.
        repeatable: that the call may be made twice without harm (an edit, a delete, a question), so that a doubt is
            merely a reason to try again.
    """
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        return SendError(Failure.WAIT, "Telegram's rate limit", retry_after=max(seconds, 0.0), scope=limits.of(chat))
    if isinstance(error, ChatMigrated):
        return SendError(Failure.MOVED, "the group has become a supergroup", new_chat=str(error.new_chat_id))
    if isinstance(error, InvalidToken):
        # The library puts the token into some of these messages, so none is repeated.
        return SendError(
            Failure.REFUSED,
            "Telegram does not accept the bot's token (401), or does not know the method (404: the library reports "
            "that as an invalid token too); check the token and the API address",
        )
    description = _without(token, str(error))
    failure = _of_network(error, repeatable=repeatable)
    if failure is None:
        failure = _of_refusal(error, description.lower())
    if failure is None:
        # Neither network nor refusal: an answer came that nobody can read, so the call may have been carried out.
        failure = Failure.TEMPORARY if repeatable else Failure.IN_DOUBT
        description = f"the answer cannot be read ({type(error).__name__})"
    return SendError(failure, description)


def _of_network(error: Exception, *, repeatable: bool) -> Failure | None:
    doubt = Failure.TEMPORARY if repeatable else Failure.IN_DOUBT
    if isinstance(error, NotSentError):
        return Failure.TEMPORARY
    if isinstance(error, ServerTroubleError):
        gateway = error.status in {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
        return doubt if gateway else Failure.TEMPORARY
    if isinstance(error, NoAnswerError | TimedOut):
        return doubt
    return doubt if isinstance(error, NetworkError) and not isinstance(error, BadRequest) else None


def _of_refusal(error: Exception, words: str) -> Failure | None:
    if isinstance(error, Forbidden):
        return Failure.UNREACHABLE
    if isinstance(error, Conflict):
        return Failure.TEMPORARY
    if not isinstance(error, BadRequest):
        return None
    for failure, sentences in (
        (Failure.UNCHANGED, _UNCHANGED),
        (Failure.GONE, _GONE),
        (Failure.UNREACHABLE, _UNREACHABLE),
    ):
        if any(sentence in words for sentence in sentences):
            return failure
    return Failure.REFUSED


def _without(token: str, text: str) -> str:
    return text.replace(token, "<token>") if token else text


UNREADABLE: tuple[type[Exception], ...] = (TelegramError, KeyError, TypeError, ValueError, AttributeError)
"""What a call can raise: the library's errors, and what its reader meets in an answer of a shape it does not know."""
