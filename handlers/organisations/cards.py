"""What a colleague is offered when somebody leaves: answered once, it says so everywhere."""

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.organisations import leaving_screens
from handlers.organisations.leaving import HANDOVER_CARD, words_of
from storage.enums import HandoverState
from storage.models import Handover, Organisation, Person
from storage.queries import handovers


@card(HANDOVER_CARD)
async def handover_screen(ctx: ReadContext, handover_id: int) -> Screen | None:
    """The offer, with what its owner holds now, or with the answer."""
    row = await ctx.session.get(Handover, handover_id)
    if row is None:
        return None
    person = await ctx.session.get_one(Person, row.from_person_id)
    organisation = await ctx.session.get_one(Organisation, row.organisation_id)
    decided, things = "", []
    match row.state:
        case HandoverState.OFFERED:
            held = await handovers.holdings(ctx.session, person.id, ctx.now)
            things = words_of(held, organisation.name if row.contact else "", reader=ctx)
        case HandoverState.ACCEPTED:
            decided = ctx.t("✓ You have taken over.")
        case HandoverState.DECLINED:
            decided = ctx.t("✗ You can't; the staff know.")
    return leaving_screens.offer(row.id, person.name, organisation.name, things, decided, t=ctx.t)
