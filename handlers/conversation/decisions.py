"""What waits for somebody's decision, of every feature: a feature says how to find it, to name it and to open it.

The inbox of the staff is made of what is registered here and knows no feature.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission

Waiting = Callable[[ReadContext], Select[int, datetime]]
"""Selects what waits for this reader: ``subject_id`` and ``since``, the moment from which its age is counted."""
Lines = Callable[[ReadContext, Sequence[int]], Awaitable[Mapping[int, str]]]
"""Names some of them, a line each, in the reader's language."""

MAX_KIND = 20
"""Characters of a kind: it travels in the actions of buttons."""


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """A registered kind of thing that waits.

    Attributes:
        kind: its short name; letters and underscores.
        label: what they are called, an English sentence with its Italian in the catalogue.
        permission: who decides on them.
        verb: the action that opens one, with its number as the only argument.
        waiting: finds them.
        lines: names them.
    """

    kind: str
    label: str
    permission: Permission
    verb: str
    waiting: Waiting
    lines: Lines


DECISIONS: dict[str, DecisionSpec] = {}
"""All kinds, in the order of registration. Filled while features are imported and only read afterwards."""


def decisions(
    kind: str, label: str, permission: Permission, *, verb: str, waiting: Waiting
) -> Callable[[Lines], Lines]:
    """Register a kind of thing that waits: the decorated function names some of them by their numbers.

    Raises:
        ValueError: the kind is registered already, or its name does not fit into a button's action.
    """
    if kind in DECISIONS or not kind.replace("_", "").isalpha() or len(kind) > MAX_KIND:
        raise ValueError(f"{kind!r} is registered twice, or is no short word")

    def register(lines: Lines) -> Lines:
        DECISIONS[kind] = DecisionSpec(kind, label, permission, verb, waiting, lines)
        return lines

    return register
