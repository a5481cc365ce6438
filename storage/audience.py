"""Whom an announcement is for: a segment as plain values, and as the JSON that an announcement keeps.

Pure: the screens draw it and ``storage.queries.audience`` turns it into one select.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    EVENT = "event"  # going, maybe, or waiting for a place; values are ids, perhaps with a part: "12.going"
    MISSION = "mission"  # accepted delegates; values are ids, perhaps with a part: "12.applied"
    TOPIC = "topic"  # those who want its news at once; values are the topics' keys


class Group(StrEnum):
    """What somebody is to the community."""

    MEMBERS = "members"
    GUESTS = "guests"
    DELEGATES = "delegates"  # accepted on any mission that was not cancelled
    STAFF = "staff"


class EventPart(StrEnum):
    """Which of an event's people."""

    GOING = "going"
    MAYBE = "maybe"
    WAITING = "waiting"
    CANT = "cant"


class MissionPart(StrEnum):
    """Which of a mission's people; without a part it is the accepted delegates."""

    APPLIED = "applied"  # everybody who applied and has not withdrawn
    WAITING = "waiting"
    RESERVE = "reserve"
    DECLINED = "declined"


class Match(StrEnum):
    """How the wanted values of several facets go together."""

    ALL = "all"
    ANY = "any"


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

PARTS: Mapping[Facet, type[StrEnum]] = {Facet.EVENT: EventPart, Facet.MISSION: MissionPart}
"""The facets whose ids may be followed by a dot and a part."""

MOST_MARKS = 60
"""Marks that a segment may have; nobody reads a longer list."""
MOST_DIGITS = 18
"""Of an id: databases count to 2**63."""
TOPIC_KEY = re.compile(r"[a-z0-9_-]{1,20}")
"""What a topic's key may be: short, since a button carries it."""


class SegmentError(ValueError):
    """The values are not a segment."""


def subject_of(value: str) -> int:
    """The id in the value of an event or a mission."""
    return int(value.partition(".")[0])


def part_of(value: str) -> str:
    """The part in the value of an event or a mission; empty for none."""
    return value.partition(".")[2]


def _checked(facet: Facet, value: str) -> str:
    words = WORDS.get(facet)
    if words is not None:
        if value not in set(words):
            raise SegmentError(f"{facet} has no {value!r}")
        return value
    if facet is Facet.TOPIC:
        if not TOPIC_KEY.fullmatch(value):
            raise SegmentError(f"not a topic's key: {value!r}")
        return value
    number, dot, part = value.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS):
        raise SegmentError(f"{facet} takes an id, not {value!r}")
    if dot and (facet not in PARTS or part not in set(PARTS[facet])):
        raise SegmentError(f"{facet} has no part {part!r}")
    return value


@dataclass(frozen=True, slots=True)
class Segment:
    """Everybody, unless marks say otherwise.

    Within a facet any wanted value will do; all facets with wanted values must be met, or one of them, as ``match``
    says; whoever has any unwanted value is left out.

    Attributes:
        marks: facet and value to IN or OUT, in the order in which they were made.
        match: whether all facets with wanted values must be met.
    """

    marks: tuple[tuple[Facet, str, Mark], ...] = ()
    match: Match = Match.ALL

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
        return replace(self, marks=kept)

    def matching(self, match: Match) -> "Segment":
        """The same marks, going together otherwise."""
        return replace(self, match=match)

    @property
    def wanted_facets(self) -> int:
        """How many facets have wanted values; with fewer than two ``match`` makes no difference."""
        return len({facet for facet, _, mark in self.marks if mark is Mark.IN})

    def to_json(self) -> dict[str, Any]:
        """In JSON's types; empty for everybody."""
        if not self.marks:
            return {}
        data: dict[str, Any] = {"marks": [[facet.value, value, mark.value] for facet, value, mark in self.marks]}
        return data if self.match is Match.ALL else {**data, "match": self.match.value}

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
            segment = segment.matching(Match(data.get("match", Match.ALL)))
        except (TypeError, ValueError, AttributeError) as error:
            raise SegmentError(f"not a segment: {error}") from error
        if unknown := set(data) - {"marks", "match"}:
            raise SegmentError(f"unknown keys: {sorted(unknown)}")
        return segment
