"""Reading the audit log, and having it as a file. Nothing here changes an entry, and nothing could."""

import asyncio
from datetime import timedelta

from handlers.conversation.actions import Quiet, action, command, notice
from handlers.conversation.auditing import record
from handlers.conversation.context import Context, ReadContext
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.notify import notify
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import File, Screen
from handlers.conversation.texts import N_
from handlers.sheets.writing import SheetForm, table
from handlers.staff.audit_screens import (
    ENTRIES_A_PAGE,
    EVERY_KIND,
    MOST_EXPORTED,
    PERIOD_LENGTH,
    LogView,
    Period,
    cells,
    file_screen,
    headings,
    log,
)
from storage.enums import Priority, SubjectKind
from storage.models import Person
from storage.queries import audit
from storage.queries.audit import AuditFilter


def _filter(ctx: ReadContext, kind: str, period: Period, person_id: int) -> AuditFilter:
    length = PERIOD_LENGTH.get(period)
    return AuditFilter(
        person_id=person_id or None,
        kind=SubjectKind(kind) if kind in set(SubjectKind) else None,
        since=ctx.now - length if length else None,
    )


async def _log(ctx: ReadContext, kind: str, period: Period, person_id: int, page: int) -> Screen:
    which = _filter(ctx, kind, period, person_id)
    total = await audit.count(ctx.session, which)
    pages = max(1, -(-total // ENTRIES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    lines = await audit.lines(ctx.session, which, offset=page * ENTRIES_A_PAGE, most=ENTRIES_A_PAGE)
    person = await ctx.session.get(Person, person_id) if person_id else None
    shown = kind if kind in set(SubjectKind) else EVERY_KIND
    view = LogView(lines, shown, period, person_id, person.name if person else "", page, pages, total)
    return log(view, zone=ctx.zone, t=ctx.t)


@command("audit", "registro", N_("What the staff decided, when and why"), Permission.OWNER)
async def read_log(ctx: Context, _: str) -> Replies:
    """The last month."""
    return Show(await _log(ctx, EVERY_KIND, Period.MONTH, 0, 0))


@action("audit.show", Permission.OWNER)
async def show(ctx: Context, kind: str, period: Period, person_id: int, page: int) -> Replies:
    """A page of a choice."""
    return Show(await _log(ctx, kind, period, person_id, page))


@action("staff.log", Permission.OWNER)
async def person_log(ctx: Context, person_id: int) -> Replies:
    """What somebody decided, and what was decided about them."""
    return Tell(await _log(ctx, EVERY_KIND, Period.EVER, person_id, 0), privately=True)


@action("audit.file", Permission.OWNER)
async def ask_for_file(ctx: Context, kind: str, period: Period, person_id: int, form: SheetForm) -> Replies:
    """The same as a file, made when it is sent."""
    record(ctx, "audit.export", SubjectKind.PERSON, person_id or ctx.me.id, f"{kind} {period} {form}")
    await notify(
        ctx,
        ctx.me.id,
        "staff.audit_file",
        data={"kind": kind, "period": period.value, "person": person_id, "form": form.value},
    )
    return Toast(ctx.t("The file is on its way."))


@notice(
    "staff.audit_file",
    priority=Priority.REPLY,
    again=True,
    useful_for=timedelta(hours=1),
    topic=None,
    quiet=Quiet.WAITS,
)
async def file(ctx: ReadContext, kind: str, period: str, person: int, form: str) -> Screen | None:
    """The file; nothing for somebody who is no longer an owner."""
    if not ctx.may(Permission.OWNER):
        return None
    which = _filter(ctx, kind, Period(period), person)
    lines = await audit.lines(ctx.session, which, most=MOST_EXPORTED + 1)
    t, zone = ctx.t, ctx.zone
    rows = [cells(line, zone, t) for line in lines[:MOST_EXPORTED]]
    # Thousands of rows take a second, in which everybody else is to be answered.
    content = await asyncio.to_thread(table, headings(t), rows, SheetForm(form))
    name = t("decisions")  # a line of its own: what stands in an f-string is not found for translation
    sheet = File(f"{name}.{form}", SheetForm(form).mime, content)
    return file_screen(len(rows), sheet, cut=len(lines) > MOST_EXPORTED, t=t)
