"""Events among what a search found."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from handlers.conversation.context import ReadContext
from handlers.conversation.finding import ResultLine, results
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import press
from handlers.conversation.texts import N_
from storage.enums import EventStatus, SubjectKind
from storage.queries import events


@results(SubjectKind.EVENT, N_("Events"))
async def event_lines(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, ResultLine]:
    """When and where; pressing opens the event."""
    shown = {}
    for event in await events.by_ids(ctx.session, ids):
        if event.status is not EventStatus.PUBLISHED or not ctx.may(Permission.PARTICIPANT):
            continue
        when = ctx.t.moment(event.starts_at, ZoneInfo(event.zone), reader=ctx.zone)
        if event.ends_at <= ctx.now:
            about = ctx.t("Event, it was on {when}", when=when)
        elif event.place:
            about = ctx.t("Event, {when}, {place}", when=when, place=event.place)
        else:
            about = ctx.t("Event, {when}", when=when)
        shown[event.id] = ResultLine(event.title, about, event.description, press("event.open", event.id))
    return shown
