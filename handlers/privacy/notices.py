"""What is told unasked about personal data."""

from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.screen import Screen
from handlers.privacy.my_data_screens import copy_screen
from handlers.privacy.purge_screens import going_screen
from handlers.privacy.slip_reading import view_of
from handlers.privacy.slip_screens import list_file_screen, slip_card, withdrawn_screen
from handlers.privacy.slips import SLIP_CARD, as_file, is_open
from handlers.sheets.writing import SheetForm
from storage.enums import Priority
from storage.models import DataExport, Disclosure, DisclosureAnswer, DisclosureExport, Person, RetentionNotice
from storage.queries import retention


@notice(
    "privacy.export",
    priority=Priority.REPLY,
    again=True,
    useful_for=timedelta(days=2),
    to_participants=False,
    topic=None,
    quiet=Quiet.BREAKS,
)
async def export_notice(ctx: ReadContext, export: int) -> Screen | None:
    """The copy of the reader's data; nothing when it was thrown away meanwhile."""
    row = await ctx.session.get(DataExport, export)
    if row is None or row.content is None or ctx.person is None or row.person_id != ctx.person.id:
        return None
    day = ctx.now.astimezone(ctx.zone).date().isoformat()
    return copy_screen(row.content, ctx.t("my-data-{day}.zip", day=day), t=ctx.t)


@notice(
    "privacy.going",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=6),
    to_participants=False,
    topic=None,
    quiet=Quiet.WAITS,
)
async def going_notice(ctx: ReadContext, person: int) -> Screen | None:
    """That their data goes in a week; nothing when they have been here since."""
    row = await ctx.session.get(RetentionNotice, person)
    if row is None or ctx.person is None or ctx.person.id != person:
        return None
    seen = await retention.last_acted(ctx.session, person)
    if seen > row.told_at:
        return None
    return going_screen(seen, row.erase_at, zone=ctx.zone, t=ctx.t)


@notice(
    "privacy.slip", priority=Priority.REMINDER, again=True, useful_for=timedelta(days=14), topic=None, quiet=Quiet.WAITS
)
async def slip_notice(ctx: ReadContext, slip: int) -> Tell | None:
    """The question to one whom a slip concerns; nothing when they have answered or it is over."""
    row = await ctx.session.get(Disclosure, slip)
    if row is None or ctx.person is None or not is_open(row, ctx.now):
        return None
    own = await ctx.session.get(DisclosureAnswer, (slip, ctx.person.id))
    if own is None or own.answer is not None:
        return None
    return Tell(slip_card(await view_of(ctx, row, own), t=ctx.t), CardKey(SLIP_CARD, slip))


@notice(
    "privacy.slip_list",
    priority=Priority.REPLY,
    again=True,
    useful_for=timedelta(hours=12),
    topic=None,
    quiet=Quiet.BREAKS,
)
async def list_notice(ctx: ReadContext, export: int) -> Screen | None:
    """The list of yeses for who asked for it, as they are now; nothing when the slip is over."""
    row = await ctx.session.get(DisclosureExport, export)
    slip = await ctx.session.get(Disclosure, row.disclosure_id) if row is not None else None
    if row is None or slip is None or ctx.person is None or row.by_person_id != ctx.person.id:
        return None
    if not is_open(slip, ctx.now):
        return None
    return list_file_screen(await view_of(ctx, slip), await as_file(ctx, slip, SheetForm(row.form)), t=ctx.t)


@notice(
    "privacy.slip_withdrawn",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def withdrawn_notice(ctx: ReadContext, slip: int, person: int, handed: str) -> Screen | None:
    """Somebody took back a yes after the list was handed out."""
    row, who = await ctx.session.get(Disclosure, slip), await ctx.session.get(Person, person)
    if row is None or who is None:
        return None
    return withdrawn_screen(await view_of(ctx, row), who.name, datetime.fromisoformat(handed), t=ctx.t)
