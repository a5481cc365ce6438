"""The commands ``community-bot import`` and ``export``: members and organisations from and to CSV and XLSX files.

Exit codes of ``import``: 0 done, or a dry run without faults; 1 the file has faults, and nothing was changed; 2 the
file is not there, or a library that reads it.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line import ConfigOption, run_async, settings_of
from storage.enums import ListKind, Locale

if TYPE_CHECKING:
    from handlers.staff.list_changes import Differences
    from handlers.staff.list_reading import ListContent
    from handlers.staff.lists import Invitation

FAULTY, UNUSABLE = 1, 2
"""Exit codes."""

KindArgument = Annotated[ListKind, typer.Argument(help="members or organisations")]


def import_list(
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .xlsx file; columns in any order.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change and what is wrong.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    invitations: Annotated[
        Path | None,
        typer.Option(help="Write the personal codes of new members to this .csv or .xlsx file instead of the screen."),
    ] = None,
    lang: Annotated[Locale, typer.Option(help="The language of faults, and of people whose own is not said.")] = (
        Locale.ENGLISH
    ),
    config: ConfigOption = None,
) -> None:
    """Bring in members or organisations: all of the file in one transaction, or nothing of it."""
    if not file.is_file():
        typer.echo(f"{file}: there is no such file. Nothing was changed.", err=True)
        raise typer.Exit(UNUSABLE)
    if invitations is not None and invitations.suffix.lower() not in {".csv", ".xlsx"}:
        typer.echo(f"{invitations}: give it the ending .csv or .xlsx. Nothing was changed.", err=True)
        raise typer.Exit(UNUSABLE)
    content, found, made = run_async(_carry_out(config, kind, file, lang, dry_run=dry_run))
    if made and invitations is not None:
        _write_invitations(made, invitations, lang)
    if as_json:
        typer.echo(json.dumps(_as_json(content, found, made, dry_run=dry_run), indent=2, ensure_ascii=False))
    else:
        _tell(content, found, [] if invitations is not None else made, lang, dry_run=dry_run)
    if found.faults:
        raise typer.Exit(FAULTY)


def export_list(
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .csv or .xlsx file to write.")],
    *,
    lang: Annotated[Locale, typer.Option(help="The language of the column names.")] = Locale.ENGLISH,
    config: ConfigOption = None,
) -> None:
    """Write members or organisations into a file that `import` reads back without a change."""
    from handlers.conversation.clock import SystemClock
    from handlers.sheets.writing import SheetForm, table
    from handlers.staff import lists

    if file.suffix.lower() not in {".csv", ".xlsx"}:
        typer.echo(f"{file}: give it the ending .csv or .xlsx. Nothing was written.", err=True)
        raise typer.Exit(UNUSABLE)

    async def work() -> tuple[list[str], list[list[str]]]:
        from storage.engine import Database

        database = Database(settings_of(config).database.url)
        try:
            async with database.reading() as session:
                return await lists.table_of(session, kind, lang, SystemClock().now())
        finally:
            await database.close()

    header, rows = run_async(work())
    file.write_bytes(table(header, rows, SheetForm(file.suffix.lower().removeprefix("."))))
    typer.echo(f"{len(rows)} rows in {file}")


async def _carry_out(
    config: Path | None, kind: ListKind, file: Path, lang: Locale, *, dry_run: bool
) -> "tuple[ListContent, Differences, list[Invitation]]":
    from bot.code_key import code_key
    from handlers.conversation.clock import SystemClock
    from handlers.conversation.codes import CodeKeeper
    from handlers.sheets.faults import MissingExtra
    from handlers.staff import lists
    from handlers.staff.list_reading import read_file
    from storage.engine import Database
    from storage.migrations import upgrade

    settings = settings_of(config)
    codes = CodeKeeper(code_key(settings))
    database = Database(settings.database.url)
    try:
        await upgrade(database)
        now = SystemClock().now()
        async with database.reading() as session:
            words = await lists.vocabulary(session)
        try:
            content = read_file(kind, file, words)
        except MissingExtra as error:
            typer.echo(f"{error}. Nothing was changed.", err=True)
            raise typer.Exit(UNUSABLE) from None
        if dry_run:
            async with database.reading() as session:
                return content, await lists.differences(session, kind, content, now), []
        async with database.writing() as session:
            found = await lists.differences(session, kind, content, now)
            if found.faults or not (found.new or found.changed):
                return content, found, []
            made = await lists.apply(session, kind, found, codes=codes, by=None, locale=lang, now=now, reason=file.name)
            return content, found, made
    finally:
        await database.close()


def _write_invitations(made: "list[Invitation]", path: Path, lang: Locale) -> None:
    from handlers.sheets.writing import SheetForm, table
    from handlers.staff.lists import invitation_table

    form = SheetForm(path.suffix.lower().removeprefix("."))
    path.write_bytes(table(*invitation_table(made, lang, None), form))


def _as_json(
    content: "ListContent", found: "Differences", made: "list[Invitation]", *, dry_run: bool
) -> dict[str, Any]:
    return {
        "done": not dry_run and not found.faults,
        "new": [{"row": row.number, **row.values} for row in found.new],
        "changed": [
            {
                "row": one.row,
                "id": one.known.id,
                "fields": {name: {"old": old, "new": new} for name, (old, new) in one.fields.items()},
            }
            for one in found.changed
        ],
        "unchanged": found.unchanged,
        "missing": found.missing,
        "ignored_columns": content.ignored,
        "faults": [
            {"row": one.row or None, "column": one.column or None, "code": one.code, "value": one.value}
            for one in found.faults
        ],
        "invitations": [{"name": one.name, "work_email": one.work_email, "code": one.code} for one in made],
    }


def _tell(
    content: "ListContent", found: "Differences", made: "list[Invitation]", lang: Locale, *, dry_run: bool
) -> None:
    from handlers.conversation.texts import texts_for

    if found.faults:
        for fault in found.faults:
            typer.echo(fault.text(texts_for(lang)), err=True)
        typer.echo(f"{len(found.faults)} faults. Nothing was changed.", err=True)
        return
    for row in found.new:
        typer.echo(f"row {row.number}: new: {row.values.get('name', '')}")
    for one in found.changed:
        for name, (old, new) in one.fields.items():
            typer.echo(f"row {one.row}: {one.known.values.get('name', '')}: {name}: {old or '–'} → {new or '–'}")
    if content.ignored:
        typer.echo(f"columns left out: {', '.join(content.ignored)}")
    counts = f"{len(found.new)} new, {len(found.changed)} changed, {found.unchanged} as before"
    typer.echo(f"{counts}, {len(found.missing)} not in the file (they stay)")
    for invitation in made:
        typer.echo(f"{invitation.code}  {invitation.name} <{invitation.work_email}>")
    if dry_run:
        typer.echo("A dry run: nothing was changed.")
