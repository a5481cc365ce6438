"""Whom an announcement is for: a segment as plain values, and as the JSON that an announcement keeps.

Pure: the screens draw it and ``storage.queries.announcements`` turns it into one select.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.enums import Locale, OrganisationCategory, Platform


class Facet(StrEnum):
    """By what people are told apart."""

    SECTOR = "sector"  # the sectors that they follow; values are ids
    GROUP = "group"
    CATEGORY = "category"  # of their organisation
    LANGUAGE = "lang"
    PLATFORM = "platform"  # where they are written to now: where they acted last
    EVENT = "event"  # going, maybe, or waiting for a place; values are ids
    MISSION = "mission"  # accepted delegates; values are ids


class Group(StrEnum):
    """What somebody is to the community."""

    MEMBERS = "members"
    GUESTS = "guests"
    DELEGATES = "delegates"  # accepted on any mission that was not cancelled
    STAFF = "staff"


class Mark(StrEnum):
    """What a segment says of one value of a facet."""

    IN = "in"
    OUT = "out"
    OFF = "off"


WORDS: Mapping[Facet, type[StrEnum]] = {
    Facet.GROUP: Group,
    Facet.CATEGORY: OrganisationCategory,
    Facet.LANGUAGE: Locale,
    Facet.PLATFORM: Platform,
}
"""The facets whose values are words; those of the others are ids."""

MOST_MARKS = 60
"""Marks that a segment may have; nobody reads a longer list."""
MOST_DIGITS = 18
"""Of an id: databases count to 2**63."""


class SegmentError(ValueError):
    """The values are not a segment."""


def _checked(facet: Facet, value: str) -> str:
    words = WORDS.get(facet)
    if words is not None:
        if value not in set(words):
            raise SegmentError(f"{facet} has no {value!r}")
    elif not (value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS):
        raise SegmentError(f"{facet} takes an id, not {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class Segment:
    """Everybody, unless marks say otherwise.

    Within a facet any wanted value will do; all facets with wanted values must be met; whoever has any unwanted value
    is left out.

    Attributes:
        marks: facet and value to IN or OUT, in the order in which they were made.
    """

    marks: tuple[tuple[Facet, str, Mark], ...] = ()

    def mark(self, facet: Facet, value: str) -> Mark:
        """What is said of a value."""
        return next((mark for one, other, mark in self.marks if (one, other) == (facet, value)), Mark.OFF)

    def values(self, facet: Facet, mark: Mark) -> list[str]:
        """The values of a facet with that mark."""
        return [value for one, value, other in self.marks if one is facet and other is mark]

    def marked(self, facet: Facet, value: str, mark: Mark) -> "Segment":
        """The same segment with one mark changed; OFF takes it away.

        Raises:
            SegmentError: the facet has no such value, or there are too many marks.
        """
        _checked(facet, value)
        kept = tuple(one for one in self.marks if one[:2] != (facet, value))
        if mark is not Mark.OFF:
            kept = (*kept, (facet, value, mark))
        if len(kept) > MOST_MARKS:
            raise SegmentError(f"more than {MOST_MARKS} marks")
        return Segment(kept)

    def to_json(self) -> dict[str, Any]:
        """In JSON's types; empty for everybody."""
        return {"marks": [[facet.value, value, mark.value] for facet, value, mark in self.marks]} if self.marks else {}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Segment":
        """What :meth:`to_json` wrote.

        Raises:
            SegmentError: the JSON is not a segment. To read it as everybody would send to people nobody chose.
        """
        segment = cls()
        try:
            for facet, value, mark in data.get("marks", []):
                if mark == Mark.OFF:
                    raise SegmentError("a mark that says nothing")
                segment = segment.marked(Facet(facet), str(value), Mark(mark))
        except (TypeError, ValueError, AttributeError) as error:
            raise SegmentError(f"not a segment: {error}") from error
        if data and set(data) != {"marks"}:
            raise SegmentError(f"unknown keys: {sorted(set(data) - {'marks'})}")
        return segment
