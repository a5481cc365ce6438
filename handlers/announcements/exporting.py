"""An announcement's results as a table: CSV or XLSX, in which no name becomes a formula. Pure but for the libraries."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.announcements.names import platform_name
from handlers.announcements.rules import Reason, reason_of
from handlers.conversation.screen import File
from handlers.conversation.texts import Texts
from handlers.sheets.writing import SheetForm, table
from storage.enums import OutboxState
from storage.queries.outbox_results import ResultRow


def outcome(state: OutboxState, t: Texts) -> str:
    """What became of one recipient."""
    match state:
        case OutboxState.SENT:
            return t("Arrived")
        case OutboxState.FAILED:
            return t("Failed")
        case OutboxState.UNCERTAIN:
            return t("Unclear whether it arrived")
        case OutboxState.CANCELLED:
            return t("Not sent, stopped")
        case OutboxState.EXPIRED:
            return t("Too late")
        case OutboxState.SKIPPED:
            return t("No longer takes part")
        case OutboxState.QUEUED | OutboxState.HELD | OutboxState.SENDING:
            return t("Still to go")


def reason(state: OutboxState, failure: str, t: Texts) -> str:
    """Why it did not arrive, in a few words; empty where it did."""
    if state is not OutboxState.FAILED:
        return ""
    match reason_of(failure):
        case Reason.BLOCKED:
            return t("blocked the bot")
        case Reason.NOT_FOUND:
            return t("not found on the platform")
        case Reason.OTHER:
            return failure or t("it failed")


def headings(t: Texts) -> list[str]:
    """The columns."""
    return [
        t("Name"),
        t("Organisation"),
        t("Platform"),
        t("Result"),
        t("Reason"),
        t("When"),
        t("Confirmed"),
    ]


def line(row: ResultRow, zone: ZoneInfo, t: Texts) -> list[str]:
    """One recipient."""
    return [
        row.name or t("somebody who left"),
        row.organisation,
        platform_name(row.platform, t),
        outcome(row.state, t),
        reason(row.state, row.failure, t),
        _stamp(row.at, zone),
        _stamp(row.acknowledged_at, zone),
    ]


def _stamp(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def sheet(rows: Sequence[ResultRow], form: SheetForm, *, name: str, zone: ZoneInfo, t: Texts) -> File:
    """The file. Slow for many rows: run it in a thread."""
    lines = [line(row, zone, t) for row in rows]
    return File(f"{name}.{form}", form.mime, table(headings(t), lines, form))
