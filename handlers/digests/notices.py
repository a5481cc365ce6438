"""The digest as it goes out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.digests import rules, service
from handlers.digests.rules import News
from handlers.digests.screens import digest as digest_screen
from storage.enums import Priority


@notice(
    service.NOTICE,
    priority=Priority.ANNOUNCEMENT,
    again=False,
    useful_for=timedelta(days=1),
    topic=None,
    quiet=Quiet.BREAKS,
)
async def digest(
    ctx: ReadContext,
    posts: list[int],
    events: list[int],
    missions: list[int],
    announcements: list[int],
    more_posts: bool = False,  # noqa: FBT001, FBT002 - a value of the row's JSON, passed by name
    until: str = "",
    kept: Sequence[int] = (),
) -> Screen | None:
    """The digest, without what its reader opened or answered since; nothing when that leaves nothing to say."""
    if ctx.person is None:
        return None
    shown = await service.draw(ctx, News(posts, events, missions, announcements, more_posts, list(kept)))
    deadlines = [one.at for one in shown.deadlines]
    next_one = datetime.fromisoformat(until) if until else None
    if not rules.worth_sending(is_new=shown.is_new, deadlines=deadlines, until=next_one):
        return None
    return digest_screen(shown, t=ctx.t)
