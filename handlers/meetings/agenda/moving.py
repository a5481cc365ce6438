"""What it costs to move a meeting that people already count on."""

from datetime import datetime

from handlers.meetings.agenda.problem import Slot, State

BY_STATE = {State.REQUESTED: 1, State.PROPOSED: 2, State.CONFIRMED: 3}
"""A confirmed meeting is in two diaries, a proposed one has been read, a requested one has been shown to nobody."""
SOON_DAYS = 7
TODAY, SOON, LATER = 4, 2, 1
"""By how much the price rises for a meeting of today (or earlier), within a week, and after that."""
GIVEN_UP = 2
"""How many times the price of moving it costs to give a meeting up that could still be held."""


def move_price(state: State, slot: Slot, now: datetime | None) -> int:
    """The price of moving a meeting out of a slot into another: 1 to 12. Without ``now`` or times all days are far."""
    price = BY_STATE[state]
    if now is None or slot.start is None:
        return price * LATER
    days = (slot.start.date() - now.astimezone(slot.start.tzinfo).date()).days
    if days <= 0:
        return price * TODAY
    return price * (SOON if days < SOON_DAYS else LATER)
