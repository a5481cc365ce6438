"""Slack's refusals in the words that delivery understands.

Error words are those of the method reference (https://docs.slack.dev/reference/methods); what an HTTP status or a lost
connection leaves in doubt follows from whether the request may have been carried out.
"""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platforms.base import Failure, Scope, SendError

NOT_REPEATABLE = frozenset(
    {
        "chat.postMessage",
        "chat.postEphemeral",
        "files.completeUploadExternal",
        "views.open",
    }
)
"""Methods that do a second thing when they are called a second time; a lost answer leaves these in doubt."""

_RATE = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

_UNREACHABLE = {
    "cannot_dm_bot": "a bot cannot be written to",
    "channel_not_found": "no such conversation, or the bot is not in it",
    "ekm_access_denied": "the workspace's key management forbids it",
    "is_archived": "the channel is archived",
    "is_inactive": "the conversation is closed",
    "messages_tab_disabled": "the app's Messages tab is off; switch it on in the app's settings (App Home)",
    "not_in_channel": "the bot is not in the channel; invite it",
    "restricted_action": "the workspace does not let the bot write there",
    "restricted_action_non_threadable_channel": "the channel takes no threads",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes threads only",
    "user_disabled": "the person is deactivated",
    "user_not_found": "no such person in this workspace",
    "user_not_visible": "the person is not visible to the bot",
    "users_not_found": "no such person in this workspace",
}

_GONE = {
    "cant_delete_message": "the message cannot be deleted",
    "cant_update_message": "the message cannot be changed",
    "edit_window_closed": "the message is too old to be changed",
    "file_deleted": "the file was deleted",
    "file_not_found": "there is no such file",
    "message_not_found": "the message is not there",
    "not_found": "the window is closed",
    "thread_not_found": "the thread is not there",
}

_TOKEN = {
    "access_denied": "the workspace denies access",
    "account_inactive": "the bot's account is deactivated; install the app again",
    "app_missing_action_url": "the app has no address for interactivity; use the printed manifest",
    "invalid_auth": "the token is wrong; copy the bot token again",
    "missing_scope": "the app lacks a permission; install it again with the printed manifest",
    "no_permission": "the token may not do this",
    "not_allowed_token_type": "a token of another type is needed (bot: xoxb-, app: xapp-)",
    "not_authed": "no token was sent",
    "org_login_required": "the workspace is being moved to an organisation",
    "token_expired": "the token has expired",
    "token_revoked": "the token was revoked; install the app again",
}

_IN_DOUBT = frozenset({"fatal_error", "internal_error"})
"""The reference says of both that some of it may have been done before the error came."""

_LATER = frozenset({"request_timeout", "service_unavailable", "team_added_to_org", "accesslimited"})


def error_word(error: BaseException) -> str:
    """Slack's own word for what went wrong; empty when there is none."""
    return str(_body(error).get("error") or "") if isinstance(error, SlackApiError) else ""


def to_send_error(method: str, error: BaseException) -> SendError:
    """What a failed call of ``method`` means for delivery.

    Args:
        method: the Web API method, such as ``chat.postMessage``.
        error: what slack_sdk or aiohttp raised.
    """
    if isinstance(error, SendError):
        return error
    if isinstance(error, SlackApiError):
        return _refused(method, error)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return SendError(Failure.TEMPORARY, f"{method}: no connection ({type(error).__name__})")
    return _unanswered(method, type(error).__name__)


def _refused(method: str, error: SlackApiError) -> SendError:
    word, status = error_word(error), _status(error)
    scope = Scope.CHAT if method == "chat.postMessage" else Scope.TOKEN
    if word in _RATE or status == 429:
        return SendError(Failure.WAIT, f"{method}: rate limit", retry_after=_retry_after(error), scope=scope)
    if word in _IN_DOUBT or (not word and status in {500, 502, 504}):
        return _unanswered(method, word or f"HTTP {status}")
    if word in _LATER or (not word and status >= 500):
        return SendError(Failure.TEMPORARY, f"{method}: {word or f'HTTP {status}'}")
    if word in _TOKEN:
        return SendError(Failure.REFUSED, f"{method}: {word}: {_TOKEN[word]}{_needed(error)}")
    if word in _UNREACHABLE:
        return SendError(Failure.UNREACHABLE, f"{method}: {word}: {_UNREACHABLE[word]}")
    if word in _GONE:
        return SendError(Failure.GONE, f"{method}: {word}: {_GONE[word]}")
    if not word and status == 200:
        return _unanswered(method, "an answer that is not JSON")
    return SendError(Failure.REFUSED, f"{method}: {word or f'HTTP {status}'}{_reasons(error)}")


def _unanswered(method: str, why: str) -> SendError:
    failure = Failure.IN_DOUBT if method in NOT_REPEATABLE else Failure.TEMPORARY
    return SendError(failure, f"{method}: {why}")


def _body(error: SlackApiError) -> Mapping[str, Any]:
    # The response is slack_sdk's own, or aiohttp's when the body was not JSON.
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, Mapping) else {}


def _status(error: SlackApiError) -> int:
    for name in ("status_code", "status"):
        value = getattr(error.response, name, None)
        if isinstance(value, int):
            return value
    return 200


def _retry_after(error: SlackApiError) -> float:
    """Seconds to wait. A refusal without the header gets a minute, the window in which Slack counts."""
    headers = getattr(error.response, "headers", None) or {}
    for name, value in headers.items():
        if str(name).lower() == "retry-after":
            try:
                return max(1.0, float(value))
            except (TypeError, ValueError):
                break
    return 60.0


def _needed(error: SlackApiError) -> str:
    needed = _body(error).get("needed")
    return f" (needed: {needed})" if isinstance(needed, str) and needed else ""


def _reasons(error: SlackApiError) -> str:
    """Slack's explanations of a request that breaks a rule; they name places in it, not what it holds."""
    metadata = _body(error).get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    if not isinstance(messages, list) or not messages:
        return ""
    return ": " + "; ".join(str(message) for message in messages[:3])
