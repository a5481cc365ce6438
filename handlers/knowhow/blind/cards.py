"""The live card of an interest, and the line on the home screen."""

from handlers.conversation.actions import card, home_line
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.knowhow.blind import screens, service
from handlers.knowhow.bylines import wrote
from storage.queries import blind


@card(service.INTEREST_CARD)
async def interest_card(ctx: ReadContext, interest_id: int) -> Screen | None:
    """An interest, for who wrote the post alone."""
    row = await blind.find(ctx.session, interest_id)
    if row is None or not wrote(ctx, row.post):
        return None
    return screens.asked(service.shown_to_author(row), zone=ctx.zone, t=ctx.t)


@home_line
async def waiting_interests(ctx: ReadContext) -> str | None:
    """How many wait for the reader's answer."""
    if ctx.person is None or ctx.acting is not None or not ctx.may(Permission.MEMBER):
        return None
    number = await blind.count_to_answer(ctx.session, ctx.person.id)
    if not number:
        return None
    return ctx.t.n(
        "{n} is interested in a blind post of yours: /interests",
        "{n} are interested in blind posts of yours: /interests",
        number,
    )
