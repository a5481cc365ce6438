"""Meetings without a time, in the inbox of those who run the mission."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select

from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from storage.queries import waiting


def _without_time(ctx: ReadContext) -> Select[int, datetime]:
    return waiting.meetings_without_time(ctx.now, lead_id=None if ctx.may(Permission.STAFF) else ctx.me.id)


@decisions("meeting", N_("Meetings without a time"), Permission.MISSION, verb="meeting.open", waiting=_without_time)
async def meetings(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """What about, on which mission."""
    found = await waiting.titles_of_meetings(ctx.session, ids)
    return {
        one: ctx.t("Meeting without a time: “{topic}”, {mission}", topic=topic[:80] or "–", mission=mission)
        for one, topic, mission in found
    }
