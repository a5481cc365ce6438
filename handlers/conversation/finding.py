"""How what a search found is shown: each feature says it for its own kind of thing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.conversation.context import ReadContext
from storage.enums import SubjectKind


@dataclass(frozen=True, slots=True)
class ResultLine:
    """Something found, in a list.

    Attributes:
        title: as it was written.
        about: what it is, whose and when, in the reader's language.
        text: that in which the words found are shown.
        press: the action that opens it.
    """

    title: str
    about: str
    text: str
    press: str


ResultLines = Callable[[ReadContext, Sequence[int]], Awaitable[Mapping[int, ResultLine]]]
"""The lines of these things, by id; what is gone or not for this reader is left out."""


@dataclass(frozen=True, slots=True)
class ResultKind:
    """A kind of thing that a search shows. ``name``: an English sentence with its Italian in the catalogue."""

    name: str
    lines: ResultLines


RESULT_KINDS: dict[SubjectKind, ResultKind] = {}
"""Filled while features are imported and only read afterwards."""


def results(kind: SubjectKind, name: str) -> Callable[[ResultLines], ResultLines]:
    """Register how things of one kind are shown among the results; ``name`` is what a filter calls them.

    What of them is searched, and who may see it, is said with :func:`storage.queries.search_kinds.add_kind`.
    """

    def register(lines: ResultLines) -> ResultLines:
        if kind in RESULT_KINDS:
            raise ValueError(f"results of {kind} are registered twice")
        RESULT_KINDS[kind] = ResultKind(name, lines)
        return lines

    return register
