"""Events that members propose, in the staff's inbox."""

from collections.abc import Mapping, Sequence

from handlers.conversation.context import ReadContext
from handlers.conversation.decisions import decisions
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from storage.queries import waiting


@decisions(
    "event", N_("Proposed events"), Permission.STAFF, verb="event.review", waiting=lambda _: waiting.proposed_events()
)
async def proposals(ctx: ReadContext, ids: Sequence[int]) -> Mapping[int, str]:
    """What is proposed, by whom."""
    found = await waiting.titles_of_events(ctx.session, ids)
    return {event: ctx.t("{name} proposes “{title}”", name=name, title=title) for event, title, name in found}
