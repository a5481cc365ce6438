"""A refusal on its way from where it is found to where suggestions can be made of it."""

from collections.abc import Sequence
from datetime import date, datetime

from .results import Hint, Reason, Understood


class Refused(Exception):  # noqa: N818 - not an error of the program but an answer of the grammar
    """A reading that cannot be accepted.

    Attributes:
        reason: Why.
        days: Days to suggest instead, to be joined with the time of the phrase.
        walls: Wall-clock times to suggest instead, complete.
        suggestions: Suggestions that are complete already.
        day: The day that the refusal is about.
        hint: A likely cause.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        days: Sequence[date] = (),
        walls: Sequence[datetime] = (),
        suggestions: Sequence[Understood] = (),
        day: date | None = None,
        hint: Hint | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.days = tuple(days)
        self.walls = tuple(walls)
        self.suggestions = tuple(suggestions)
        self.day = day
        self.hint = hint
