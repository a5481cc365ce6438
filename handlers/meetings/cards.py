"""The meeting's live card: every message that shows a meeting is redrawn when it changes."""

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.meetings.reading import card_screen, views_of
from storage.queries import meetings


@card("meeting")
async def meeting(ctx: ReadContext, meeting_id: int) -> Screen | None:
    """A meeting as its reader sees it; nothing for those it does not concern."""
    found = await meetings.find_meeting(ctx.session, meeting_id)
    views = await views_of(ctx, [found]) if found is not None else []
    return card_screen(ctx, views[0]) if views else None
