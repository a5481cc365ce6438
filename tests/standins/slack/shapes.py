"""The small checks that Block Kit rules are written with.

A check looks at one value and adds what is wrong to a list, in Slack's words and with a JSON pointer. Rules become
tables of checks (see ``elements`` and ``blocks``). Wording was observed in published error reports; where none was
found, the sentence is in the same style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from .refusals import Json

Check = Callable[[object, str, list[str]], None]


def complain(problems: list[str], message: str, pointer: str) -> None:
    """Add one explanation, addressed by JSON pointer."""
    problems.append(f"{message} [json-pointer:{pointer}]")


def string(maximum: int, minimum: int = 0, pattern: str | None = None) -> Check:
    """A string of ``minimum`` to ``maximum`` characters (code points), perhaps of a given form."""
    compiled = re.compile(pattern) if pattern else None

    def check(value: object, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, str):
            complain(problems, "must provide a string", pointer)
        elif len(value) > maximum:
            complain(problems, f"must be less than {maximum + 1} characters", pointer)
        elif len(value) < minimum:
            complain(problems, f"must be more than {minimum - 1} characters", pointer)
        elif compiled and not compiled.fullmatch(value):
            complain(problems, "failed to match the required pattern", pointer)

    return check


def boolean(value: object, pointer: str, problems: list[str]) -> None:
    """True or false and nothing that resembles them."""
    if not isinstance(value, bool):
        complain(problems, "must provide a boolean", pointer)


def integer(minimum: int, maximum: int) -> Check:
    """A whole number within both bounds."""

    def check(value: object, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            complain(problems, "must provide an integer", pointer)
        elif value < minimum:
            complain(problems, f"must be greater than {minimum - 1}", pointer)
        elif value > maximum:
            complain(problems, f"must be less than {maximum + 1}", pointer)

    return check


def one_of(*allowed: str) -> Check:
    """One word of a fixed list."""

    def check(value: object, pointer: str, problems: list[str]) -> None:
        if value not in allowed:
            complain(problems, "must be a valid enum value", pointer)

    return check


def list_of(item: Check, maximum: int, minimum: int = 1) -> Check:
    """A list of ``minimum`` to ``maximum`` items that each pass ``item``."""

    def check(value: object, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, list):
            complain(problems, "must provide an array", pointer)
            return
        if len(value) > maximum:
            complain(problems, f"no more than {maximum} items allowed", pointer)
        if len(value) < minimum:
            complain(problems, f"no less than {minimum} items allowed", pointer)
        for index, each in enumerate(value[:maximum]):
            item(each, f"{pointer}/{index}", problems)

    return check


def shape(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    also: Callable[[Json, str, list[str]], None] | None = None,
) -> Check:
    """An object with exactly these keys; ``also`` states what the keys must mean together."""
    known: dict[str, Check] = {**required, **(optional or {})}

    def check(value: object, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            complain(problems, "must provide an object", pointer)
            return
        before = len(problems)
        for key in required:
            if key not in value:
                complain(problems, f"missing required field: {key}", pointer)
        for key, each in value.items():
            rule = known.get(key)
            if rule is None:
                complain(problems, f"invalid additional property: {key}", pointer)
            else:
                rule(each, f"{pointer}/{key}", problems)
        if also is not None and len(problems) == before:
            also(value, pointer, problems)

    return check


def by_type(kinds: Mapping[str, Check], allowed: Collection[str] | None = None) -> Check:
    """An object whose ``type`` picks the rule; a type unknown here, or not allowed here, is refused."""

    def check(value: object, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            complain(problems, "must provide an object", pointer)
            return
        kind = value.get("type")
        if kind is None:
            complain(problems, "missing required field: type", pointer)
            return
        rule = kinds.get(kind) if isinstance(kind, str) and (allowed is None or kind in allowed) else None
        if rule is None:
            complain(problems, f"unsupported type: {kind}", f"{pointer}/type")
        else:
            rule(value, pointer, problems)

    return check


_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def text_object(maximum: int, kinds: Sequence[str] = ("plain_text", "mrkdwn"), minimum: int = 1) -> Check:
    """A text object; empty text is refused unless ``minimum`` is 0. Source: text object reference."""
    words = string(maximum, minimum)

    def check(value: object, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            complain(problems, "must provide an object", pointer)
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            if kind is None:
                complain(problems, "missing required field: type", pointer)
            else:
                complain(problems, "must be a valid enum value", f"{pointer}/type")
            return
        inner: list[str] = []
        for key in value:
            if key not in _TEXT_KEYS[kind]:
                complain(inner, f"invalid additional property: {key}", pointer)
        if "text" not in value:
            complain(inner, "missing required field: text", pointer)
        else:
            words(value["text"], f"{pointer}/text", inner)
        for flag in ("emoji", "verbatim"):
            if flag in value:
                boolean(value[flag], f"{pointer}/{flag}", inner)
        if inner and len(kinds) > 1:
            complain(problems, "failed to match all allowed schemas", pointer)
        problems.extend(inner)

    return check


def plain_text(maximum: int) -> Check:
    """A plain_text object of 1 to ``maximum`` characters."""
    return text_object(maximum, ("plain_text",))


def every_object(value: object) -> Iterator[Json]:
    """Every JSON object inside a value, outermost first."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from every_object(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_object(each)


def anything(value: Any, pointer: str, problems: list[str]) -> None:
    """No rule: Slack ignores the content."""
