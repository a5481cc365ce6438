"""How the audit log looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.conversation.screen import AnyButton, Bold, Button, File, Screen, press, screen
from handlers.conversation.texts import Texts
from handlers.sheets.writing import SheetForm
from handlers.staff.names import subject_name
from storage.enums import SubjectKind
from storage.queries.audit import AuditLine

ENTRIES_A_PAGE = 10
MOST_EXPORTED = 20_000
"""Entries of one file; a narrower choice gives the rest."""
REASON_SHOWN = 200
"""Characters of a reason in the list; the file has all of it."""
EVERY_KIND = "all"


class Period(StrEnum):
    """How far back the log is shown."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


PERIOD_LENGTH = {Period.WEEK: timedelta(days=7), Period.MONTH: timedelta(days=31), Period.YEAR: timedelta(days=366)}


@dataclass(frozen=True, slots=True)
class LogView:
    """A page of the log.

    Attributes:
        lines: the entries of the page, the newest first.
        kind: the kind that is shown, or :data:`EVERY_KIND`.
        period: how far back.
        person_id: about or by whom; 0 for everybody.
        person: their name.
        page, pages: which page of how many.
        total: how many entries fit the choice.
    """

    lines: Sequence[AuditLine]
    kind: str
    period: Period
    person_id: int
    person: str
    page: int
    pages: int
    total: int

    def turned(self, *, kind: str | None = None, period: Period | None = None, page: int = 0) -> str:
        """The action that shows another choice."""
        return press("audit.show", kind or self.kind, period or self.period, self.person_id, page)


def _period_name(period: Period, t: Texts) -> str:
    match period:
        case Period.WEEK:
            return t("Last 7 days")
        case Period.MONTH:
            return t("Last 31 days")
        case Period.YEAR:
            return t("Last year")
        case Period.EVER:
            return t("Ever")


def subject_of(line: AuditLine, t: Texts) -> str:
    """About what or whom, in words."""
    if line.about:
        return line.about
    return f"{subject_name(line.entry.subject_kind, t)} {line.entry.subject_id}"


def who_decided(line: AuditLine, t: Texts) -> str:
    """Who, and for whom."""
    who = line.by or (t("somebody who left") if line.entry.anonymised else t("the program, or somebody who left"))
    return t("{name} for {other}", name=who, other=line.acting_for) if line.acting_for else who


def log(view: LogView, *, zone: ZoneInfo, t: Texts) -> Screen:
    """A page of the log, with the choices below."""
    title = t("What was decided: {person}", person=view.person) if view.person else t("What was decided")
    out = screen(summary=title).heading(title)
    kind = subject_name(SubjectKind(view.kind), t) if view.kind != EVERY_KIND else t("Everything")
    out.para(f"{kind} · {_period_name(view.period, t)} · {t.n('{n} entry', '{n} entries', view.total)}")
    for line in view.lines:
        entry = line.entry
        head = f"{t.stamp(entry.at, zone)} · {who_decided(line, t)}\n"
        reason = f"\n{entry.reason[:REASON_SHOWN]}" if entry.reason else ""
        out.para(head, Bold(entry.action), f" · {subject_of(line, t)}{reason}")
    out.row(
        Button(t("Newer"), view.turned(page=view.page - 1)) if view.page else None,
        Button(t("Older"), view.turned(page=view.page + 1)) if view.page + 1 < view.pages else None,
    )
    out.row(*(Button(_period_name(one, t), view.turned(period=one)) for one in Period if one is not view.period))
    kinds: list[AnyButton] = [
        Button(subject_name(one, t), view.turned(kind=one)) for one in SubjectKind if one != view.kind
    ]
    if view.kind != EVERY_KIND:
        kinds.append(Button(t("Everything"), view.turned(kind=EVERY_KIND)))
    for start in range(0, len(kinds), 3):
        out.row(*kinds[start : start + 3])
    if view.total:
        labels = {SheetForm.XLSX: t("Send as XLSX"), SheetForm.CSV: t("Send as CSV")}
        out.row(
            *(
                Button(label, press("audit.file", view.kind, view.period, view.person_id, form))
                for form, label in labels.items()
            )
        )
    return out.build()


def headings(t: Texts) -> list[str]:
    """The columns of the file."""
    return [t("When"), t("Who"), t("Action"), t("Kind"), t("Number"), t("Concerns"), t("Reason"), t("Anonymised")]


def cells(line: AuditLine, zone: ZoneInfo, t: Texts) -> list[str]:
    """An entry as a row of the file."""
    entry = line.entry
    return [
        entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        who_decided(line, t),
        entry.action,
        subject_name(entry.subject_kind, t),
        str(entry.subject_id),
        line.about,
        entry.reason,
        t("yes") if entry.anonymised else "",
    ]


def file_screen(entries: int, file: File, *, cut: bool, t: Texts) -> Screen:
    """The file."""
    out = screen(summary=t("What was decided")).para(t.n("{n} entry", "{n} entries", entries))
    if cut:
        out.para(t("These are the newest; choose a kind or a shorter time for the others."))
    return out.file(file).build()
