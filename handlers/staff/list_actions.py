"""Lists in the chat: a file comes, its differences are shown, one press takes them over; and the lists as files."""

import asyncio
from datetime import timedelta
from typing import Any

from handlers.conversation.actions import Quiet, action, command, form, notice
from handlers.conversation.auditing import record
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.notify import notify
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import File, Screen
from handlers.conversation.texts import N_, Texts
from handlers.sheets.writing import SheetForm, table
from handlers.staff import list_screens, lists
from handlers.staff.list_changes import Differences
from handlers.staff.list_faults import ListFault
from handlers.staff.list_reading import ListContent, ListRow
from storage.engine import lock
from storage.enums import ImportState, ListKind, Platform, Priority, SubjectKind
from storage.models import ImportRun

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes; a list of 5,000 members is a tenth of it."""


def content_of(run: ImportRun) -> ListContent:
    """What was read from a file, from the row."""
    kept: dict[str, Any] = run.content
    return ListContent(
        [ListRow(number, values) for number, values in kept.get("rows", [])],
        dict(kept.get("titles", {})),
        list(kept.get("ignored", [])),
        [ListFault(*fault) for fault in kept.get("faults", [])],
    )


def kept_content(content: ListContent) -> dict[str, Any]:
    """The same, for the row."""
    return {
        "rows": [[row.number, dict(row.values)] for row in content.rows],
        "titles": content.titles,
        "ignored": content.ignored,
        "faults": [[fault.row, fault.column, fault.code, fault.value] for fault in content.faults],
    }


# In


async def submit_import(ctx: Context, form: Form, values: Values) -> Replies:
    """A file has come: it is fetched and read outside the transaction, by the next tick."""
    file = values["file"]
    if not isinstance(file, dict):
        raise Refusal(ctx.t("Please send the file itself, or skip this step."))
    if int(file.get("size") or 0) > LARGEST_FILE:
        raise Refusal(ctx.t("The file is too large; up to {n} MB fit.", n=LARGEST_FILE // 2**20))
    ctx.session.add(
        ImportRun(
            kind=ListKind(form.context["kind"]),
            by_person_id=ctx.me.id,
            file=file,
            content={},
            state=ImportState.RECEIVED,
            created_at=ctx.now,
        )
    )
    return Tell(list_screens.reading(t=ctx.t))


@form("list.import", Permission.STAFF, submit=submit_import)
async def import_form(ctx: Context, kind: str) -> Form:
    """The file."""
    return import_questions(ListKind(kind), t=ctx.t)


def import_questions(kind: ListKind, *, t: Texts) -> Form:
    """The form's question."""
    return Form(
        "list.import",
        t("{kind}: bring in a list", kind=list_screens.kind_name(kind, t)),
        (
            Field(
                "file",
                t("The file (CSV or XLSX)"),
                FieldKind.FILE,
                hint=t("Column names in Italian or English, in any order. /export gives a file to begin with."),
            ),
        ),
        t("Look at the differences"),
        intro=t("First I show what would change. Nothing happens before you say so."),
    )


@command("import", "importa", N_("Bring in members or organisations from a file"), Permission.STAFF)
async def import_list(ctx: Context, _: str) -> Replies:
    """Which list."""
    return Show(list_screens.choose(t=ctx.t))


@action("list.import", Permission.STAFF)
async def import_of(ctx: Context, kind: ListKind) -> Replies:
    """Ask for the file."""
    return await ctx.ask("list.import", kind=kind)


async def _screen(ctx: ReadContext, run: ImportRun, found: Differences) -> Screen:
    content = content_of(run)
    if found.faults:
        rows = [[str(one.row or ""), one.column, one.words(ctx.t)] for one in found.faults]
        header = [ctx.t("Row"), ctx.t("Column"), ctx.t("What is wrong")]
        file = None
        if len(rows) > list_screens.FAULTS_SHOWN:
            file = await _file(header, rows, ctx.t("errors"))
        return list_screens.wrong(run.kind, found.faults, file, t=ctx.t)
    file = None
    if found.new or found.changed:
        header, rows = lists.difference_table(found, run.kind, ctx.locale)
        file = await _file(header, rows, ctx.t("differences"))
    return list_screens.differences(run.kind, found, content.ignored, run.id, file, t=ctx.t)


async def _file(header: list[str], rows: list[list[str]], name: str, form: SheetForm = SheetForm.XLSX) -> File:
    # Thousands of rows take a second, in which everybody else is to be answered.
    return File(f"{name}.{form}", form.mime, await asyncio.to_thread(table, header, rows, form))


@notice(
    "staff.list_read",
    priority=Priority.REPLY,
    again=True,
    useful_for=timedelta(hours=12),
    topic=None,
    quiet=Quiet.WAITS,
)
async def list_read(ctx: ReadContext, run: int) -> Screen | None:
    """What the file would change, as it is now; nothing once it was decided."""
    row = await ctx.session.get(ImportRun, run)
    if row is None or row.state not in {ImportState.READ, ImportState.REFUSED} or not ctx.may(Permission.STAFF):
        return None
    return await _screen(ctx, row, await lists.differences(ctx.session, row.kind, content_of(row), ctx.now))


async def _held(ctx: Context, run_id: int) -> ImportRun:
    run = await lock(ctx.session, ImportRun, ImportRun.id, run_id)
    if run is None or run.by_person_id != ctx.me.id or run.state is not ImportState.READ:
        raise Refusal(ctx.t("This file was taken over or thrown away already. /import takes another one."))
    return run


@action("list.apply", Permission.STAFF)
async def apply(ctx: Context, run_id: int, fingerprint: str) -> Replies:
    """Take it over, if it still changes what was shown; otherwise show it again."""
    run = await _held(ctx, run_id)
    found = await lists.differences(ctx.session, run.kind, content_of(run), ctx.now)
    if found.faults or found.fingerprint != fingerprint:
        again = ctx.t("Something has changed meanwhile. Please look once more.")
        return Toast(again, alert=True), Tell(await _screen(ctx, run, found))
    name = str(run.file.get("name", ""))
    invitations = await lists.apply(
        ctx.session,
        run.kind,
        found,
        codes=ctx.community.codes,
        by=ctx.me.id,
        locale=ctx.community.locale,
        now=ctx.now,
        reason=name,
    )
    run.state, run.content = ImportState.DONE, {}
    file = None
    if invitations:
        link = ctx.community.deep_links.get(Platform.TELEGRAM)
        header, rows = lists.invitation_table(invitations, ctx.locale, link)
        file = await _file(header, rows, ctx.t("invitations"))
    return Show(list_screens.done(run.kind, len(found.new), len(found.changed), file, t=ctx.t))


@action("list.discard", Permission.STAFF)
async def discard(ctx: Context, run_id: int) -> Replies:
    """Throw it away."""
    run = await _held(ctx, run_id)
    run.state, run.content = ImportState.DISCARDED, {}
    record(ctx, "list.discard", SubjectKind.LIST, 0, run.kind)
    return Show(list_screens.discarded(t=ctx.t))


# Out


async def submit_export(ctx: Context, _: Form, values: Values) -> Replies:
    """The list is written when it is sent."""
    kind, form = ListKind(str(values["kind"])), SheetForm(str(values["form"]))
    record(ctx, "list.export", SubjectKind.LIST, 0, f"{kind} {form}")
    await notify(ctx, ctx.me.id, "staff.list_file", data={"kind": kind.value, "form": form.value})
    return Toast(ctx.t("The file is on its way."))


@form("list.export", Permission.STAFF, submit=submit_export)
async def export_form(ctx: Context) -> Form:
    """Which list, as what."""
    return export_questions(t=ctx.t)


def export_questions(*, t: Texts) -> Form:
    """The form's questions."""
    kinds = tuple(Option(kind, list_screens.kind_name(kind, t)) for kind in ListKind)
    forms = (Option(SheetForm.XLSX, t("Excel (XLSX)")), Option(SheetForm.CSV, t("CSV")))
    return Form(
        "list.export",
        t("A list as a file"),
        (
            Field("kind", t("A list of what?"), FieldKind.CHOICE, options=kinds),
            Field("form", t("As what?"), FieldKind.CHOICE, options=forms, initial=SheetForm.XLSX),
        ),
        t("Send it to me"),
    )


@command("export", "esporta", N_("Members or organisations as a file"), Permission.STAFF, opens_form=True)
async def export_list(ctx: Context, _: str) -> Replies:
    """Ask which."""
    return await ctx.ask("list.export")


@notice(
    "staff.list_file", priority=Priority.REPLY, again=True, useful_for=timedelta(hours=1), topic=None, quiet=Quiet.WAITS
)
async def list_file(ctx: ReadContext, kind: str, form: str) -> Screen | None:
    """The list; nothing for somebody who is no longer staff."""
    if not ctx.may(Permission.STAFF):
        return None
    which = ListKind(kind)
    header, rows = await lists.table_of(ctx.session, which, ctx.locale, ctx.now)
    file = await _file(header, rows, list_screens.kind_name(which, ctx.t).lower(), SheetForm(form))
    return list_screens.exported(which, len(rows), file, t=ctx.t)
