"""What the Bot API answers when it refuses, with the wording of its server."""

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TERMINATED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"


class Refusal(Exception):  # noqa: N818 - an answer of the server, not a fault in it
    """A request that is answered with ``ok: false``.

    Attributes:
        code: HTTP status and ``error_code``.
        description: the whole sentence, prefix included.
        parameters: ``ResponseParameters``: retry_after in seconds, or migrate_to_chat_id.
        injected: whether a test asked for this refusal, so that it is not held against the bot.
    """

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None, *, injected: bool = False
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters
        self.injected = injected


class BadRequest(Refusal):
    """400; the reason is given without its prefix."""

    def __init__(self, reason: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(400, f"Bad Request: {reason}", parameters)


class Forbidden(Refusal):
    """403; the reason is given without its prefix."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, f"Forbidden: {reason}")


class TooManyRequests(Refusal):
    """429 with the whole seconds to wait."""

    def __init__(self, retry_after: int, *, injected: bool = False) -> None:
        super().__init__(
            429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}, injected=injected
        )
        self.retry_after = retry_after
