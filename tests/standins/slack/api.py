"""The table of Web API methods: who may call each, with which arguments, and what it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .refusals import Json, SlackRefusalError, missing_argument

if TYPE_CHECKING:
    from .server import SlackServer

Run = Callable[["SlackServer", Json], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method.

    Attributes:
        scopes: any one of these is enough; empty means that no scope is needed.
        args: every argument that Slack knows; another one is a violation, since Slack would ignore it silently.
        app_token: it takes the app-level token (xapp-…) instead of the bot's (xoxb-…).
    """

    name: str
    scopes: tuple[str, ...]
    args: frozenset[str]
    run: Run
    app_token: bool = False


METHODS: dict[str, Method] = {}

_EVERYWHERE = ("token", "team_id")
"""Arguments that slack_sdk adds to any call."""


def method(name: str, args: str = "", *, scope: str = "", app_token: bool = False) -> Callable[[Run], Run]:
    """Register a method; ``args`` and ``scope`` are words with spaces between."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, tuple(scope.split()), frozenset([*args.split(), *_EVERYWHERE]), run, app_token)
        return run

    return register


def needed(args: Json, name: str) -> str:
    """An argument that must be there.

    Raises:
        SlackRefusalError: ``invalid_arguments`` when it is absent.
    """
    if name not in args or args[name] is None:
        raise missing_argument(name)
    return str(args[name])


def flag(args: Json, name: str, *, default: bool = False) -> bool:
    """A boolean argument, which a form sends as text."""
    value = args.get(name)
    if value is None:
        return default
    return value if isinstance(value, bool) else str(value).lower() in {"1", "true"}


def structured(args: Json, name: str, error: str) -> object:
    """An argument that is JSON, or JSON within a string, as both kinds of request body have it.

    Raises:
        SlackRefusalError: ``error`` when the string is not JSON.
    """
    value: object = args.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise SlackRefusalError(error) from None
    return value


def page(items: list[Json], args: Json, default: int, maximum: int = 1000) -> tuple[list[Json], Json]:
    """One page of a list and the ``response_metadata`` that leads to the next.

    Raises:
        SlackRefusalError: ``invalid_limit`` or ``invalid_cursor``.
    """
    try:
        limit = int(args.get("limit") or default)
    except ValueError:
        raise SlackRefusalError("invalid_limit") from None
    if not 0 < limit <= maximum:
        raise SlackRefusalError("invalid_limit")
    cursor = str(args.get("cursor") or "at:0")
    if not cursor.startswith("at:") or not cursor[3:].isdigit():
        raise SlackRefusalError("invalid_cursor")
    start = int(cursor[3:])
    following = f"at:{start + limit}" if start + limit < len(items) else ""
    return items[start : start + limit], {"next_cursor": following}
