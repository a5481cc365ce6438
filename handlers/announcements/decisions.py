"""Announcements that wait for a second person, and deliveries in doubt, in the staff's inbox."""

from collections.abc import Mapping, Sequence

from handlers.announcements.names import title_of
from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from storage.queries import waiting


@decisions(
    "approval",
    N_("Announcements to approve"),
    Permission.STAFF,
    verb="announce.show",
    waiting=lambda ctx: waiting.announcements_to_approve(ctx.me.id),
)
async def approvals(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """What is to go out."""
    found = await waiting.announcements_named(ctx.session, ids)
    return {one.id: ctx.t("“{title}” needs your approval", title=title_of(one, ctx.t)) for one in found}


@decisions(
    "doubt",
    N_("Deliveries in doubt"),
    Permission.STAFF,
    verb="announce.show",
    waiting=lambda _: waiting.uncertain_deliveries(),
)
async def doubts(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """What may not have arrived."""
    found = await waiting.announcements_named(ctx.session, ids)
    return {one.id: ctx.t("“{title}”: some may not have received it", title=title_of(one, ctx.t)) for one in found}
