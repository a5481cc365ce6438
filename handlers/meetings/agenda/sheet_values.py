"""What people write into the cells of a fair: lists, numbers, and words for priorities and states in two languages."""

import re
from collections.abc import Mapping
from typing import TypeVar

from handlers.meetings.agenda.problem import Priority, State
from handlers.sheets.cells import CellValue, plain, text_of

Meaning = TypeVar("Meaning")

DECLINED = frozenset({"no", "no thanks", "no thank you", "no grazie"})
"""A request that is on the list and not wished for."""
ANY = frozenset(
    {"any", "any time", "all", "all day", "qualsiasi", "indifferente", "sempre", "tutte", "tutto il giorno"}
)
PRIORITIES: Mapping[str, Priority] = {
    **dict.fromkeys(("must", "must meet", "indispensabile", "obbligatorio", "deve", "alta", "high"), Priority.MUST),
    **dict.fromkeys(
        ("want", "meet", "would like", "vorrei", "desiderato", "volentieri", "interessante", "normale", "normal"),
        Priority.WANT,
    ),
}
STATES: Mapping[str, State] = {
    **dict.fromkeys(("requested", "richiesto", "richiesta"), State.REQUESTED),
    **dict.fromkeys(("proposed", "proposto", "proposta"), State.PROPOSED),
    **dict.fromkeys(("confirmed", "confermato", "confermata"), State.CONFIRMED),
}
MORNINGS = frozenset({"morning", "mattina", "mattino", "am"})
AFTERNOONS = frozenset({"afternoon", "pomeriggio", "pm"})


def items(value: CellValue) -> list[str]:
    """The parts of a list in one cell, separated by ``;`` or line ends where there are any, else by commas."""
    if not isinstance(value, str):
        return [text_of(value)] if value is not None else []
    parts = re.split(r"[;\r\n]" if re.search(r"[;\r\n]", value) else ",", value)
    return [text_of(part) for part in parts if part.strip()]


def whole(value: CellValue) -> int:
    """A whole number, also as ``2,0`` or ``2.0``. Raises ValueError."""
    text = text_of(value)
    if re.fullmatch(r"-?\d{1,9}(?:[.,]0+)?", text) is None:
        raise ValueError(f"{text!r} is not a whole number")
    return int(re.split(r"[.,]", text)[0])


def priority(value: CellValue) -> Priority:
    """Must or want, in either language. Raises ValueError."""
    return _meaning(value, PRIORITIES)


def state(value: CellValue) -> State:
    """How firmly a meeting stands, in either language. Raises ValueError."""
    return _meaning(value, STATES)


def _meaning(value: CellValue, words: Mapping[str, Meaning]) -> Meaning:
    text = text_of(value)
    try:
        return words[plain(text)]
    except KeyError:
        raise ValueError(f"{text!r} is none of {', '.join(words)}") from None


def same_session(written: str, known: str) -> bool:
    """Whether two names mean the same part of the event: ``Mattina`` is ``morning``."""
    one, other = plain(written), plain(known)
    return one == other or any(one in names and other in names for names in (MORNINGS, AFTERNOONS))
