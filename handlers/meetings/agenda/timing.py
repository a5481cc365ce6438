"""Which slots exclude one another, for a person and for a table."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.meetings.agenda.problem import Person, Slot


def over_before(one: Slot, rank: int, other: Slot, other_rank: int, minutes: int = 0) -> bool:
    """Whether a slot ends at least so many minutes before another begins; without times, whether it comes earlier."""
    if one.end is None or other.start is None:
        return rank < other_rank
    return one.end + timedelta(minutes=minutes) <= other.start


def starts_by(one: Slot, rank: int, other: Slot, other_rank: int) -> bool:
    """Whether a slot begins when another does, or earlier."""
    if one.start is None or other.start is None:
        return rank <= other_rank
    return one.start <= other.start


def clashes(slots: Sequence[Slot], minutes: int) -> list[tuple[int, ...]]:
    """The largest groups of slots (as indexes) of which only one can be used, keeping so many minutes in between.

    Slots with their minutes are intervals, so two exclude each other exactly when some group has both: intervals that
    meet have a moment in common, and the last to begin begins in it.
    """
    groups: list[frozenset[int]] = []
    for moment, slot in enumerate(slots):
        group = frozenset(
            index
            for index, one in enumerate(slots)
            if starts_by(one, index, slot, moment) and not over_before(one, index, slot, moment, minutes)
        )
        groups.append(group)
    largest = [one for one in groups if not any(one < other for other in groups)]
    return sorted({tuple(sorted(one)) for one in largest})


def away(person: Person, slot: Slot) -> bool:
    """Whether a person cannot meet in a slot: unavailable, or away with the travel before and after."""
    if slot.id in person.unavailable:
        return True
    if slot.start is None or slot.end is None:
        return False
    for block in person.blocks:
        travel = timedelta(minutes=block.travel_minutes)
        if slot.start < block.end + travel and block.start - travel < slot.end:
            return True
    return False
