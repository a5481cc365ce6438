"""How Slack says no: the exception every rule raises, and what a refused caller is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]


class SlackRefusalError(Exception):
    """A request that Slack would refuse.

    Attributes:
        error: Slack's error word, such as ``channel_not_found``.
        messages: the explanations of a schema failure, without the ``[ERROR]`` prefix.
        status: HTTP status; Slack answers 200 to nearly everything and 429 to too many requests.
        extra: further keys of the answer, such as ``needed`` and ``provided``.
        headers: further HTTP headers, such as ``Retry-After`` (whole seconds).
    """

    def __init__(
        self,
        error: str,
        messages: Sequence[str] = (),
        *,
        status: int = 200,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.messages = list(messages)
        self.status = status
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    def body(self) -> Json:
        """The JSON answer: ``errors`` and ``response_metadata.messages`` as Slack sends them for schema failures."""
        answer: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            if self.error == "invalid_blocks":
                answer["errors"] = self.messages
            answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return answer


def missing_argument(name: str) -> SlackRefusalError:
    """An argument that is absent: Slack tells it apart from one that names nothing."""
    return SlackRefusalError("invalid_arguments", [f"missing required field: {name} [json-pointer:/{name}]"])
