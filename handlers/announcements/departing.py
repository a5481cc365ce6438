"""Somebody goes: announcements stay, since they are the community's; their cards lose the name."""

from collections.abc import Sequence

from handlers.conversation.actions import Departure, departure
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from storage.queries import departures


@departure
async def leave_announcements(ctx: ReadContext, leaving: Departure) -> Sequence[CardKey]:
    """The cards of what they wrote, confirmed or approved."""
    touched = await departures.announcements_touched(ctx.session, leaving.person_id)
    return [CardKey(kind, one) for one in touched for kind in ("announcement", "announcement_review")]
