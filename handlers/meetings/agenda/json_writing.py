"""Writing JSON that people can read and compare line by line."""

import json
from typing import Any

VERSION = 1
"""Of the forms of problem, agenda and changes; it rises when files of the release before can no longer be read."""


def dump(values: dict[str, Any]) -> str:
    """JSON with one line for each slot, person, request …: short enough to read, and to compare line by line."""
    lines = []
    for key, value in values.items():
        if isinstance(value, list) and value:
            inner = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in value)
            lines.append(f"  {json.dumps(key)}: [\n{inner}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def filled(**values: Any) -> dict[str, Any]:
    """Without what is None: a missing key says the same."""
    return {key: value for key, value in values.items() if value is not None}


def in_row(ids: frozenset[str] | None) -> list[str] | None:
    """A set of ids in a fixed order; None stays None."""
    return None if ids is None else sorted(ids)
