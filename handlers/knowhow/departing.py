"""Somebody goes: their posts and answers lose the name wherever a card shows them."""

from collections.abc import Sequence

from handlers.conversation.actions import Departure, departure
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey
from handlers.knowhow.service import NEWS_CARD, POST_CARD, REVIEW_CARD
from storage.queries import departures


@departure
async def leave_posts(ctx: ReadContext, leaving: Departure) -> Sequence[CardKey]:
    """The cards of what they wrote, answered or decided on."""
    touched = await departures.posts_touched(ctx.session, leaving.person_id)
    return [CardKey(kind, post_id) for post_id in touched for kind in (POST_CARD, NEWS_CARD, REVIEW_CARD)]
