"""What the commands of `community-bot outbox` do."""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from bot.command_line import console, fail, run_async, settings_of
from bot.commands.outbox import report
from bot.commands.outbox.report import StoreNotReadyError, counted, row_as_json, span, standing_as_json
from bot.config import Settings
from handlers.conversation.clock import SystemClock
from storage.engine import Database
from storage.enums import OutboxState, Platform
from storage.queries import outbox_care
from storage.queries.outbox_care import DROPPABLE, RETRIABLE, LeftOut, Retried, Selection

WRONG_OPTIONS = 2
NOT_CONFIRMED = 3
AGE = re.compile(r"(\d{1,6}) ?(s|m|min|h|d)")
UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
WHY_LEFT_OUT = {
    LeftOut.STOPPED: "of stopped announcements",
    LeftOut.EXPIRED: "expired: too late to be useful",
    LeftOut.SUPERSEDED: "edits that a newer one replaces, or whose message is gone",
    LeftOut.UNREACHABLE: "whose person cannot be reached now",
    LeftOut.NOT_TRIED: "queued and not tried yet",
}

Result = TypeVar("Result")


def _with_store(settings: Settings, work: Callable[[Database], Awaitable[Result]]) -> Result:
    # Asking for the schema's revision is not worth two lines above every table.
    logging.getLogger("alembic").setLevel(logging.WARNING)

    async def run() -> Result:
        async with report.opened(settings) as database:
            return await work(database)

    try:
        result: Result = run_async(run())
    except StoreNotReadyError as error:
        fail(str(error))
    return result


def _wrong(message: str) -> NoReturn:
    fail(message, WRONG_OPTIONS)


def _selection(
    *,
    states: list[OutboxState] | None,
    kinds: list[str] | None,
    platforms: list[Platform] | None,
    older_than: str,
    announcement: int | None,
    ids: list[int] | None,
) -> Selection:
    written_before = None
    if older_than:
        parsed = AGE.fullmatch(older_than.strip())
        if parsed is None:
            _wrong(f"--older-than is a number with s, m, h or d, like 2h, not {older_than!r}.")
        written_before = SystemClock().now() - timedelta(seconds=int(parsed[1]) * UNITS[parsed[2]])
    return Selection(
        states=tuple(states or ()),
        kinds=tuple(kinds or ()),
        platforms=tuple(platforms or ()),
        written_before=written_before,
        announcement_id=announcement,
        ids=tuple(ids or ()),
    )


def _filters(selection: Selection, older_than: str) -> str:
    """The filters in words, for the audit log; empty without any."""
    parts = [
        *(f"state={one.value}" for one in selection.states),
        *(f"kind={one}" for one in selection.kinds),
        *(f"platform={one.value}" for one in selection.platforms),
        *([f"older-than={older_than}"] if older_than else []),
        *([f"announcement={selection.announcement_id}"] if selection.announcement_id is not None else []),
        *([f"{len(selection.ids)} ids"] if selection.ids else []),
    ]
    return " ".join(parts)


def _only(selection: Selection, allowed: tuple[OutboxState, ...], default: tuple[OutboxState, ...]) -> Selection:
    """The same within the states that a command may change; without ``--state`` those that it changes by default."""
    wrong = [one.value for one in selection.states if one not in allowed]
    if wrong:
        _wrong(f"This is only for {', '.join(one.value for one in allowed)} rows, not for {', '.join(wrong)}.")
    return Selection(
        states=selection.states or default,
        kinds=selection.kinds,
        platforms=selection.platforms,
        written_before=selection.written_before,
        announcement_id=selection.announcement_id,
        ids=selection.ids,
    )


def _confirmed(question: str, *, yes: bool) -> None:
    if yes:
        return
    try:
        agreed = typer.confirm(question, default=False)
    except typer.Abort:
        agreed = False
    if not agreed:
        fail("Nothing was changed.", NOT_CONFIRMED)


# Looking


def show(config: Path | None, *, as_json: bool) -> None:
    """Show for each token what is queued and how late, what failed and why, what is uncertain or held."""
    now = SystemClock().now()

    async def work(database: Database) -> list[outbox_care.TokenStanding]:
        async with database.reading() as session:
            return await outbox_care.standing(session, now)

    tokens = _with_store(settings_of(config), work)
    if as_json:
        typer.echo(json.dumps(standing_as_json(tokens, now), ensure_ascii=False, indent=2))
        return
    if not tokens:
        typer.echo("Nothing waits, nothing failed, nothing is in doubt.")
        return
    table = Table("platform", "token of")
    for name in ("due", "late", "oldest", "later", "sending", "held", "failed", "uncertain"):
        table.add_column(name, justify="right")
    for one, shown in zip(tokens, _tokens(tokens, now), strict=True):
        failed = sum(one.failed.values())
        table.add_row(
            one.platform, escape(one.account), str(one.due), span(shown["late_seconds"]), span(shown["oldest_seconds"]),
            *(str(number) for number in (one.later, one.sending, one.held, failed, one.uncertain)),
        )  # fmt: skip
    console.print(table)
    reasons = Table("platform", "why it failed", "rows")
    for one, shown in zip(tokens, _tokens(tokens, now), strict=True):
        for reason, number in shown["failed"].items():
            reasons.add_row(one.platform, escape(reason) or "–", str(number))
    if reasons.row_count:
        console.print(reasons)


def _tokens(tokens: list[outbox_care.TokenStanding], now: Any) -> list[dict[str, Any]]:
    shown: Any = standing_as_json(tokens, now)["tokens"]
    return list(shown)


def list_rows(
    config: Path | None,
    *,
    state: list[OutboxState] | None,
    kind: list[str] | None,
    platform: list[Platform] | None,
    older_than: str,
    announcement: int | None,
    row_id: list[int] | None,
    limit: int,
    as_json: bool,
) -> None:
    """List rows: ids, kind, person's id, state, reason, ages; never a name or a word of what they say."""
    now = SystemClock().now()
    selection = _selection(
        states=state, kinds=kind, platforms=platform, older_than=older_than, announcement=announcement, ids=row_id
    )

    async def work(database: Database) -> tuple[list[dict[str, Any]], int]:
        async with database.reading() as session:
            found = await outbox_care.rows(session, selection, most=limit)
            in_all = sum((await outbox_care.count_by_state(session, selection)).values())
            return [row_as_json(row, now) for row in found], in_all

    listed, in_all = _with_store(settings_of(config), work)
    if as_json:
        typer.echo(json.dumps({"at": now.isoformat(), "rows": listed, "in_all": in_all}, ensure_ascii=False, indent=2))
        return
    table = Table("id", "platform", "kind", "person", "state", "age", "late", "tries", "reason")
    for row in listed:
        table.add_row(
            str(row["id"]), row["platform"], escape(row["kind"]), str(row["person"] or "–"), row["state"],
            span(row["age_seconds"]), span(row["late_seconds"]), str(row["attempts"]), escape(row["reason"]),
        )  # fmt: skip
    if listed:
        console.print(table)
    typer.echo(f"{len(listed)} of {in_all}." if in_all else "No such row.")


# Doing


def _sentences(done: Retried) -> list[str]:
    lines = [f"{number} left out: {WHY_LEFT_OUT[why]}." for why, number in sorted(done.left_out.items())]
    if done.held:
        lines.append(f"{done.held} wait until their paused announcement goes on.")
    return lines


def retry(
    config: Path | None,
    *,
    state: list[OutboxState] | None,
    kind: list[str] | None,
    platform: list[Platform] | None,
    older_than: str,
    announcement: int | None,
    row_id: list[int] | None,
    limit: int | None,
    yes: bool,
    dry_run: bool,
    reason: str,
) -> None:
    """Queue rows again, due at once: failed ones; with --state uncertain ones, or queued ones that failed before."""
    now = SystemClock().now()
    asked = _selection(
        states=state, kinds=kind, platforms=platform, older_than=older_than, announcement=announcement, ids=row_id
    )
    filters = _filters(asked, older_than)
    if not filters:
        _wrong("Say which rows: --state, --kind, --platform, --older-than, --announcement or --id.")
    selection = _only(asked, RETRIABLE, (OutboxState.FAILED,))
    settings = settings_of(config)
    planned = _with_store(settings, lambda database: report.would_retry(database, selection, most=limit, now=now))
    typer.echo(f"To be tried again: {counted(planned.queued)}.")
    for line in _sentences(planned):
        typer.echo(line)
    if uncertain := planned.queued[OutboxState.UNCERTAIN]:
        typer.echo(
            f"Nobody knows whether the {uncertain} uncertain arrived: on Telegram some people may get them twice. "
            "On Slack and the web chat I look first and send only what is not there."
        )
    if dry_run or not planned.queued.total():
        return
    _confirmed(f"Try {planned.queued.total()} again?", yes=yes)
    done = _with_store(
        settings,
        lambda database: report.retry(
            database, selection, most=limit, now=SystemClock().now(), filters=filters, reason=reason
        ),
    )
    typer.echo(f"Queued again: {counted(done.queued)}.")


def drop(
    config: Path | None,
    *,
    state: list[OutboxState] | None,
    kind: list[str] | None,
    platform: list[Platform] | None,
    older_than: str,
    announcement: int | None,
    row_id: list[int] | None,
    limit: int | None,
    yes: bool,
    dry_run: bool,
    reason: str,
) -> None:
    """Give up rows that are queued, held, failed or uncertain. What is being sent is never touched."""
    asked = _selection(
        states=state, kinds=kind, platforms=platform, older_than=older_than, announcement=announcement, ids=row_id
    )
    filters = _filters(asked, older_than)
    if not filters:
        _wrong("Say which rows: --state, --kind, --platform, --older-than, --announcement or --id.")
    selection = _only(asked, DROPPABLE, DROPPABLE)
    settings = settings_of(config)
    planned = _with_store(settings, lambda database: report.would_drop(database, selection, most=limit))
    typer.echo(f"To be dropped for good: {counted(planned)}.")
    if dry_run or not planned.total():
        return
    _confirmed(f"Drop {planned.total()} for good?", yes=yes)
    done = _with_store(
        settings,
        lambda database: report.drop(
            database, selection, most=limit, now=SystemClock().now(), filters=filters, reason=reason
        ),
    )
    typer.echo(f"Dropped: {counted(done)}.")
