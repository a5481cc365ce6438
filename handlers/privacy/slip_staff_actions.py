"""Making slips, watching them, handing out the yeses."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.privacy import slips
from handlers.privacy.slip_reading import view_of
from handlers.privacy.slip_screens import list_screen, progress_screen
from handlers.sheets.writing import SheetForm
from storage.models import Disclosure
from storage.queries import disclosures
from storage.queries.disclosures import Tally

LISTED = 8


async def _list(ctx: Context) -> Screen:
    rows = await disclosures.latest(ctx.session, LISTED)
    return list_screen([await view_of(ctx, one) for one in rows], t=ctx.t)


@command("slips", "liberatorie", N_("Ask for consent before handing data to a fair or host"), Permission.MISSION)
async def slips_command(ctx: Context, _: str) -> Replies:
    """The newest slips."""
    return Show(await _list(ctx))


@action("privacy.sliplist", Permission.MISSION)
async def all_slips(ctx: Context) -> Replies:
    """The newest slips."""
    return Show(await _list(ctx))


@action("privacy.newslip", Permission.MISSION)
async def new(ctx: Context) -> Replies:
    """Make one."""
    return await ctx.ask("privacy.newslip")


async def progress(ctx: Context, slip: Disclosure) -> Screen:
    """How far a slip is."""
    said = await disclosures.tally(ctx.session, slip.id) if slip.emptied_at is None else Tally(**slip.counts)
    handed = [(one.at, name, one.people) for one, name in await disclosures.exports_of(ctx.session, slip.id)]
    return progress_screen(await view_of(ctx, slip), said, handed, t=ctx.t)


@action("privacy.slipview", Permission.MISSION)
async def view(ctx: Context, slip_id: int) -> Replies:
    """How far it is."""
    slip = await slips.slip_for(ctx, slip_id)
    slips.check_may_run(ctx, slip)
    return Show(await progress(ctx, slip))


@action("privacy.slipremind", Permission.MISSION)
async def remind(ctx: Context, slip_id: int) -> Replies:
    """Ask those again who are silent."""
    number = await slips.remind(ctx, slip_id)
    return Toast(ctx.t.n("{n} person is asked again.", "{n} people are asked again.", number))


@action("privacy.slipsheet", Permission.MISSION)
async def sheet(ctx: Context, slip_id: int, form: SheetForm) -> Replies:
    """The yeses as a file, which comes as a message of its own."""
    number = await slips.hand_out(ctx, slip_id, form)
    return Toast(
        ctx.t.n("The list of {n} person comes in a moment.", "The list of {n} people comes in a moment.", number)
    )


@action("privacy.slipclose", Permission.MISSION)
async def close(ctx: Context, slip_id: int) -> Replies:
    """End it now."""
    slip = await slips.close(ctx, slip_id)
    return (Show(await progress(ctx, slip)), Tell(await _list(ctx)))
