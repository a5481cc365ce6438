"""Days without a break: all of a person's meetings one after another, and which of them could then be where.

Meetings that are wanted in the morning and meetings that are wanted in the afternoon leave few slots to begin with. A
search would find that out one contradiction at a time, since it is a matter of counting: so many meetings, each with
slots of its own, in just as many slots. A matching tells at once.
"""

from collections.abc import Collection, Sequence


def ways_to_fill(slots: Collection[int], wanted: Sequence[Collection[int]]) -> list[set[int]] | None:
    """Give each meeting one of these slots, all different: which ones are left to each, whatever the others take?

    A meeting can be in a slot in some way exactly if the matched meetings can be passed on from that slot's back to it:
    Régin, "A filtering algorithm for constraints of difference in CSPs" (AAAI 1994).

    Args:
        slots: as many as there are meetings.
        wanted: for each meeting the slots that it can be held in, of these and of others.

    Returns:
        For each meeting its slots, at least one; None if there is no way at all.
    """
    here = [sorted(slot for slot in one if slot in slots) for one in wanted]
    meeting_in: dict[int, int] = {}
    if not all(_find_slot(meeting, here, meeting_in, set()) for meeting in range(len(wanted))):
        return None
    # Bit by bit: the meetings to which one can be led, each going where the next one is.
    reached = [0] * len(wanted)
    for meeting, slots_here in enumerate(here):
        for slot in slots_here:
            reached[meeting] |= 1 << meeting_in[slot]
    for via in range(len(wanted)):
        for meeting in range(len(wanted)):
            if reached[meeting] >> via & 1:
                reached[meeting] |= reached[via]
    return [
        {slot for slot in slots_here if reached[meeting_in[slot]] >> meeting & 1}
        for meeting, slots_here in enumerate(here)
    ]


def _find_slot(meeting: int, here: Sequence[Sequence[int]], meeting_in: dict[int, int], seen: set[int]) -> bool:
    """Give the meeting a slot, others making room where they can; whether it worked."""
    for slot in here[meeting]:
        if slot not in seen:
            seen.add(slot)
            if slot not in meeting_in or _find_slot(meeting_in[slot], here, meeting_in, seen):
                meeting_in[slot] = meeting
                return True
    return False
