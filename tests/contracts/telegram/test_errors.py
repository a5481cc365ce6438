"""Every refusal and every broken connection as the failure that delivery acts on."""

from datetime import UTC, datetime, timedelta

import pytest
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
from telegram.warnings import PTBDeprecationWarning

from bot.platforms.base import Failure, Scope, SendError
from bot.platforms.telegram.errors import LimitScope, send_error
from bot.platforms.telegram.transport import NoAnswerError, NotSentError, ServerTroubleError

TOKEN = "123:abc"


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def failed(error: Exception, *, chat: str = "1", repeatable: bool = False) -> SendError:
    return send_error(error, token=TOKEN, limits=LimitScope(Hands()), chat=chat, repeatable=repeatable)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Failure.UNREACHABLE),
        (Forbidden("Forbidden: user is deactivated"), Failure.UNREACHABLE),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Failure.UNREACHABLE),
        (BadRequest("Bad Request: chat not found"), Failure.UNREACHABLE),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Failure.UNREACHABLE),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), Failure.UNREACHABLE),
        (BadRequest("Bad Request: message is not modified: specified new message content"), Failure.UNCHANGED),
        (BadRequest("Bad Request: message to edit not found"), Failure.GONE),
        (BadRequest("Bad Request: message can't be edited"), Failure.GONE),
        (BadRequest("Bad Request: message to delete not found"), Failure.GONE),
        (BadRequest("Bad Request: message can't be deleted for everyone"), Failure.GONE),
        (BadRequest("Bad Request: there is no text in the message to edit"), Failure.GONE),
        (BadRequest("Bad Request: can't parse entities: unsupported start tag"), Failure.REFUSED),
        (BadRequest("Bad Request: message is too long"), Failure.REFUSED),
        (InvalidToken("Unauthorized"), Failure.REFUSED),
        (Conflict("Conflict: terminated by other getUpdates request"), Failure.TEMPORARY),
        (NotSentError("no connection"), Failure.TEMPORARY),
        (ServerTroubleError(500), Failure.TEMPORARY),
        (ServerTroubleError(503), Failure.TEMPORARY),
    ],
)
def test_failures(error: Exception, failure: Failure) -> None:
    assert failed(error).failure is failure
    assert failed(error, repeatable=True).failure is failure


@pytest.mark.parametrize(
    "error",
    [
        NoAnswerError("no answer"),
        TimedOut(),
        NetworkError("something in between"),
        ServerTroubleError(502),
        ServerTroubleError(504),
        TelegramError("the answer is not the Bot API's"),
        KeyError("message_id"),
    ],
)
def test_a_doubt_is_only_one_where_a_second_time_would_do_harm(error: Exception) -> None:
    assert failed(error).failure is Failure.IN_DOUBT
    assert failed(error, repeatable=True).failure is Failure.TEMPORARY


@pytest.mark.parametrize("wait", [7, timedelta(seconds=7)])
def test_waits_in_either_form(wait: int | timedelta) -> None:
    error = failed(RetryAfter(wait))
    assert (error.failure, error.retry_after, error.scope) == (Failure.WAIT, 7.0, Scope.CHAT)


def test_waits_without_the_librarys_newer_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    with pytest.warns(PTBDeprecationWarning, match="retry_after"):
        assert failed(RetryAfter(7)).retry_after == 7.0


def test_the_scope_of_a_wait() -> None:
    hands = Hands()
    limits = LimitScope(hands)
    assert limits.of("1") is Scope.CHAT
    assert limits.of("1") is Scope.CHAT
    hands.time += timedelta(seconds=0.9)
    assert limits.of("2") is Scope.TOKEN
    assert limits.of("-3") is Scope.CHAT, "a group's limit is its own"
    assert limits.of("-4") is Scope.CHAT
    hands.time += timedelta(seconds=1)
    assert limits.of("1") is Scope.CHAT
    assert limits.of("") is Scope.TOKEN


def test_a_moved_group() -> None:
    error = failed(ChatMigrated(-1005))
    assert (error.failure, error.new_chat) == (Failure.MOVED, "-1005")


def test_the_token_is_in_no_description() -> None:
    for error in (
        InvalidToken(f"The token `{TOKEN}` was rejected by the server."),
        NetworkError(f"https://api.telegram.org/bot{TOKEN}/sendMessage"),
        BadRequest(f"wrong {TOKEN}"),
        ValueError(TOKEN),
    ):
        assert TOKEN not in str(failed(error))
    assert "404" in failed(InvalidToken("Not Found")).description
