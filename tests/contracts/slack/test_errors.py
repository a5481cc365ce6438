import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from yarl import URL

from bot.platforms.base import Failure, Scope, SendError
from bot.platforms.slack.errors import error_word, to_send_error


class Answer:
    def __init__(self, data: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.data = data
        self.status_code = status
        self.headers = headers or {}


def api_error(answer: Answer) -> SlackApiError:
    return SlackApiError("refused", answer)  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped


def refused(method: str, word: str = "", status: int = 200, **headers: str) -> SendError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data: object = {"ok": False, "error": word} if word else "upstream error"
    return to_send_error(method, api_error(Answer(data, status, named)))


@pytest.mark.parametrize(
    ("word", "failure"),
    [
        ("channel_not_found", Failure.UNREACHABLE),
        ("is_archived", Failure.UNREACHABLE),
        ("not_in_channel", Failure.UNREACHABLE),
        ("user_not_found", Failure.UNREACHABLE),
        ("cannot_dm_bot", Failure.UNREACHABLE),
        ("messages_tab_disabled", Failure.UNREACHABLE),
        ("user_disabled", Failure.UNREACHABLE),
        ("message_not_found", Failure.GONE),
        ("cant_update_message", Failure.GONE),
        ("edit_window_closed", Failure.GONE),
        ("invalid_auth", Failure.REFUSED),
        ("account_inactive", Failure.REFUSED),
        ("token_revoked", Failure.REFUSED),
        ("missing_scope", Failure.REFUSED),
        ("invalid_blocks", Failure.REFUSED),
        ("msg_too_long", Failure.REFUSED),
        ("something_new", Failure.REFUSED),
        ("service_unavailable", Failure.TEMPORARY),
        ("internal_error", Failure.IN_DOUBT),
        ("fatal_error", Failure.IN_DOUBT),
    ],
)
def test_slacks_words(word: str, failure: Failure) -> None:
    error = refused("chat.postMessage", word)
    assert error.failure is failure
    assert word in error.description


def test_what_can_be_done_twice_is_never_in_doubt() -> None:
    assert refused("chat.update", "internal_error").failure is Failure.TEMPORARY
    assert to_send_error("views.publish", TimeoutError()).failure is Failure.TEMPORARY
    assert to_send_error("chat.postMessage", TimeoutError()).failure is Failure.IN_DOUBT


@pytest.mark.parametrize(
    ("method", "scope"), [("chat.postMessage", Scope.CHAT), ("chat.update", Scope.TOKEN), ("views.open", Scope.TOKEN)]
)
def test_rate_limits_say_how_long_and_for_what(method: str, scope: Scope) -> None:
    error = refused(method, "ratelimited", 429, Retry_After="30")
    assert (error.failure, error.retry_after, error.scope) == (Failure.WAIT, 30.0, scope)
    bare = refused(method, "", 429, retry_after="7")
    assert (bare.failure, bare.retry_after) == (Failure.WAIT, 7.0)
    assert refused(method, "ratelimited", 429).retry_after == 60.0
    assert refused(method, "ratelimited", 429, Retry_After="soon").retry_after == 60.0


@pytest.mark.parametrize(
    ("status", "failure"),
    [(500, Failure.IN_DOUBT), (502, Failure.IN_DOUBT), (504, Failure.IN_DOUBT), (503, Failure.TEMPORARY)],
)
def test_bare_server_errors(status: int, failure: Failure) -> None:
    assert refused("chat.postMessage", "", status).failure is failure
    assert refused("chat.delete", "", status).failure is Failure.TEMPORARY


def test_a_connection_that_was_never_made_leaves_no_doubt() -> None:
    key = aiohttp.client_reqrep.ConnectionKey("h", 1, False, True, None, None, None)
    assert to_send_error("chat.postMessage", aiohttp.ClientConnectorError(key, OSError())).failure is Failure.TEMPORARY
    assert to_send_error("chat.postMessage", aiohttp.ConnectionTimeoutError()).failure is Failure.TEMPORARY
    assert to_send_error("chat.postMessage", aiohttp.InvalidURL(URL("x"))).failure is Failure.TEMPORARY
    assert to_send_error("chat.postMessage", aiohttp.ServerDisconnectedError()).failure is Failure.IN_DOUBT


def test_descriptions_say_how_to_mend_it() -> None:
    needs = api_error(Answer({"ok": False, "error": "missing_scope", "needed": "files:read"}))
    assert "files:read" in to_send_error("files.info", needs).description
    reasons = {
        "ok": False,
        "error": "invalid_blocks",
        "response_metadata": {"messages": ["[ERROR] too long /blocks/0"]},
    }
    assert "/blocks/0" in to_send_error("chat.postMessage", api_error(Answer(reasons))).description


def test_an_answer_that_is_no_dictionary_has_no_word() -> None:
    assert error_word(api_error(Answer("nothing"))) == ""
    assert error_word(ValueError()) == ""


def test_a_send_error_stays_itself() -> None:
    error = SendError(Failure.GONE, "x")
    assert to_send_error("chat.update", error) is error
