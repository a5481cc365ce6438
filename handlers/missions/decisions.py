"""Applications to missions, in the inbox of those who run them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select

from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from storage.queries import waiting


def _undecided(ctx: ReadContext) -> Select[int, datetime]:
    """Staff see all of them, a lead those of their missions."""
    return waiting.applications(ctx.now, lead_id=None if ctx.may(Permission.STAFF) else ctx.me.id)


@decisions("application", N_("Applications to missions"), Permission.MISSION, verb="mission.review", waiting=_undecided)
async def applications(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """Who applies, to what."""
    found = await waiting.titles_of_applications(ctx.session, ids)
    return {
        one: ctx.t("{name} would like to come to “{mission}”", name=name, mission=mission)
        for one, name, mission in found
    }
