"""Reports about requests to be introduced, in the staff's inbox."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from storage.queries import waiting


@decisions("report", N_("Reports"), Permission.STAFF, verb="people.look", waiting=lambda _: waiting.reports())
async def reports(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """About whom."""
    found = await waiting.reported(ctx.session, ids)
    return {number: ctx.t("{name} was reported", name=name) for number, name in found}
