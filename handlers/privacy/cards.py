"""The slip as a live card: redrawn wherever it stands when it is answered, and when it is over."""

from handlers.conversation.actions import card
from handlers.conversation.context import ReadContext
from handlers.conversation.screen import Screen
from handlers.privacy.slip_reading import view_of
from handlers.privacy.slip_screens import slip_card
from handlers.privacy.slips import SLIP_CARD
from storage.models import Disclosure, DisclosureAnswer


@card(SLIP_CARD)
async def slip(ctx: ReadContext, slip_id: int) -> Screen | None:
    """The slip for one whom it concerns; nothing for anybody else."""
    row = await ctx.session.get(Disclosure, slip_id)
    if row is None or ctx.person is None:
        return None
    own = await ctx.session.get(DisclosureAnswer, (slip_id, ctx.person.id))
    if own is None and row.emptied_at is None:
        return None
    return slip_card(await view_of(ctx, row, own), t=ctx.t)
