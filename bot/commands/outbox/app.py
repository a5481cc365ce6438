"""The commands of `community-bot outbox`.

Exit codes: 0 done, also when there was nothing to do; 1 the settings or the store cannot be used; 2 the options make
no sense together; 3 not confirmed, so nothing was changed.
"""

from typing import Annotated

import typer

from bot.command_line import ConfigOption
from storage.enums import OutboxState, Platform

LISTED = 50
"""Rows that `outbox list` shows unless told otherwise."""

outbox_app = typer.Typer(
    help="What waits to be sent, what failed, what is in doubt; try again or give up. May run beside the bot.",
    invoke_without_command=True,
)

JsonOption = Annotated[bool, typer.Option("--json", help="For scripts.")]
StateOption = Annotated[
    list[OutboxState] | None, typer.Option("--state", help="In this state; may be given several times.")
]
KindOption = Annotated[
    list[str] | None, typer.Option("--kind", help="Of this kind, like event.reminder; several times for several.")
]
PlatformOption = Annotated[
    list[Platform] | None, typer.Option("--platform", help="For this platform; several times for several.")
]
AgeOption = Annotated[
    str, typer.Option("--older-than", metavar="AGE", help="Written longer ago than this: 90s, 30m, 2h, 7d.")
]
AnnouncementOption = Annotated[int | None, typer.Option("--announcement", help="Of the announcement with this id.")]
IdOption = Annotated[list[int] | None, typer.Option("--id", help="The row with this id; several times for several.")]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many, the oldest first.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, for scripts.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the audit log.")]


@outbox_app.callback()
def outbox(context: typer.Context, config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """What waits to be sent, what failed, what is in doubt; try again or give up. May run beside the bot."""
    if context.invoked_subcommand is None:
        show(config, as_json=as_json)


@outbox_app.command()
def show(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Show for each token what is queued and how late, what failed and why, what is uncertain or held."""
    from bot.commands.outbox import work

    work.show(config, as_json=as_json)


@outbox_app.command(name="list")
def list_rows(
    config: ConfigOption = None,
    *,
    state: StateOption = None,
    kind: KindOption = None,
    platform: PlatformOption = None,
    older_than: AgeOption = "",
    announcement: AnnouncementOption = None,
    row_id: IdOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the oldest first.")] = LISTED,
    as_json: JsonOption = False,
) -> None:
    """List rows: ids, kind, person's id, state, reason, ages; never a name or a word of what they say."""
    from bot.commands.outbox import work

    work.list_rows(
        config,
        state=state,
        kind=kind,
        platform=platform,
        older_than=older_than,
        announcement=announcement,
        row_id=row_id,
        limit=limit,
        as_json=as_json,
    )


@outbox_app.command()
def retry(
    config: ConfigOption = None,
    *,
    state: StateOption = None,
    kind: KindOption = None,
    platform: PlatformOption = None,
    older_than: AgeOption = "",
    announcement: AnnouncementOption = None,
    row_id: IdOption = None,
    limit: LimitOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
) -> None:
    """Queue rows again, due at once: failed ones; with --state uncertain ones, or queued ones that failed before."""
    from bot.commands.outbox import work

    work.retry(
        config,
        state=state,
        kind=kind,
        platform=platform,
        older_than=older_than,
        announcement=announcement,
        row_id=row_id,
        limit=limit,
        yes=yes,
        dry_run=dry_run,
        reason=reason,
    )


@outbox_app.command()
def drop(
    config: ConfigOption = None,
    *,
    state: StateOption = None,
    kind: KindOption = None,
    platform: PlatformOption = None,
    older_than: AgeOption = "",
    announcement: AnnouncementOption = None,
    row_id: IdOption = None,
    limit: LimitOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
) -> None:
    """Give up rows that are queued, held, failed or uncertain. What is being sent is never touched."""
    from bot.commands.outbox import work

    work.drop(
        config,
        state=state,
        kind=kind,
        platform=platform,
        older_than=older_than,
        announcement=announcement,
        row_id=row_id,
        limit=limit,
        yes=yes,
        dry_run=dry_run,
        reason=reason,
    )
