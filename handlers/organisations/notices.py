"""What is told unasked about organisations, and about who leaves them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.organisations import leaving_screens, screens
from handlers.organisations.cards import handover_screen
from handlers.organisations.leaving import HANDOVER_CARD, words_of
from storage.enums import HandoverState, Priority
from storage.models import Handover, Organisation, Person
from storage.queries import handovers, organisations


@notice(
    "organisations.contact",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def contact(ctx: ReadContext, organisation: int) -> Screen | None:
    """To a new contact person."""
    if ctx.person is None or await organisations.speaks_for(ctx.session, ctx.person) != organisation:
        return None
    row = await ctx.session.get_one(Organisation, organisation)
    return screens.now_contact(row.name, t=ctx.t)


@notice(
    "organisations.left",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def left(ctx: ReadContext, organisation: str, by: str) -> Screen:
    """To somebody of whom the staff noted that they have left."""
    return leaving_screens.told(organisation, by, t=ctx.t)


@notice(
    "organisations.handover",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def handover(ctx: ReadContext, handover: int) -> Tell | None:
    """To a colleague: would you take over?"""
    row = await ctx.session.get(Handover, handover)
    if row is None or row.state is not HandoverState.OFFERED:
        return None
    shown = await handover_screen(ctx, handover)
    return Tell(shown, CardKey(HANDOVER_CARD, handover)) if shown else None


@notice(
    "organisations.handed_over",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def handed_over(
    ctx: ReadContext,
    person: int,
    organisation: int,
    colleague: int,
    *,
    contact: bool,
    applications: list[int],
    meetings: list[int],
) -> Screen | None:
    """To the staff: what became of what somebody held."""
    gone = await ctx.session.get(Person, person)
    house = await ctx.session.get(Organisation, organisation)
    if gone is None or house is None or not ctx.may(Permission.STAFF):
        return None
    successor = await ctx.session.get(Person, colleague) if colleague else None
    held = await handovers.holdings(ctx.session, successor.id if successor else gone.id, ctx.now)
    kept = handovers.Holdings(
        [one for one in held.applications if one.id in applications],
        [one for one in held.meetings if one.id in meetings],
    )
    things = words_of(kept, house.name if contact else "", reader=ctx)
    return leaving_screens.answered(gone.name, house.name, successor.name if successor else "", things, t=ctx.t)


@notice(
    "organisations.substitute",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def substitute(ctx: ReadContext, gone: str, colleague: str, starts_at: str, zone: str) -> Screen:
    """To the other side of a meeting: somebody else comes."""
    when = ctx.t.moment(datetime.fromisoformat(starts_at), ZoneInfo(zone), reader=ctx.zone) if starts_at else ""
    return leaving_screens.substitute(gone, colleague, when, t=ctx.t)
