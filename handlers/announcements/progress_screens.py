"""What staff see while an announcement is being sent and afterwards, and the list of all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.announcements.exporting import reason
from handlers.announcements.names import clipped, platform_name, status_name, title_of
from handlers.announcements.rules import Failures, Totals
from handlers.conversation.screen import Bold, Button, File, Progress, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.sheets.writing import SheetForm
from storage.enums import AnnouncementStatus, OutboxState, RunPurpose
from storage.models import Announcement
from storage.queries.outbox_results import NotReached

NAMES_A_PAGE = 15
ROWS_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that the live card says.

    Attributes:
        failed: the failures by reason.
        left: how long the rest takes, where that can be said.
        to_queue: recipients who are not in the queue yet.
        confirmed: how many have confirmed that they read it.
        follow_up: by correction and withdrawal, how many copies were redrawn or deleted, and how many could not be.
    """

    row: Announcement
    result: Totals
    failed: Failures = field(default_factory=Failures)
    left: timedelta | None = None
    to_queue: int = 0
    confirmed: int = 0
    follow_up: Mapping[RunPurpose, tuple[int, int]] = field(default_factory=dict)


def _headline(shown: Shown, t: Texts) -> str:
    row, left = shown.row, shown.left
    match row.status:
        case AnnouncementStatus.PAUSED:
            return t("Paused. Nothing more goes out until you resume.")
        case AnnouncementStatus.STOPPED:
            return t("Stopped. Whoever had not got it will not get it.")
        case AnnouncementStatus.WITHDRAWN:
            return t("Withdrawn. Whoever had not got it will not get it.")
        case AnnouncementStatus.DONE:
            return t("All sent.")
        case _ if left is not None and shown.result.waiting + shown.to_queue:
            return t("Sending: about {time} left.", time=t.duration(max(left, timedelta(minutes=1))))
        case _:
            return t("Sending…")


def progress_card(shown: Shown, *, t: Texts) -> Screen:
    """The live card: how far it got, and the buttons to hold, go on and stop."""
    row, result = shown.row, shown.result
    title = title_of(row, t)
    everybody = result.all + shown.to_queue
    out = screen(summary=t("{title}: {done} of {total}", title=title, done=t.number(result.settled),
                           total=t.number(everybody)))  # fmt: skip
    out.heading(title).para(Bold(_headline(shown, t)))
    if row.trial:
        out.para(t("Trial: it goes to the staff only."))
    out.block(Progress(result.settled - result.cancelled, everybody))
    out.facts(*_facts(result, shown.failed, t, to_queue=shown.to_queue))
    if row.asks_ack:
        out.facts((t("Have confirmed"), t.number(shown.confirmed)))
    for line in _follow_up(shown, t):
        out.para(line)
    if row.status is AnnouncementStatus.SENDING:
        out.row(
            Button(t("Pause"), press("announce.pause", row.id)),
            Button(t("Stop"), press("announce.stop", row.id), Style.DANGER),
        )
    elif row.status is AnnouncementStatus.PAUSED:
        out.row(
            Button(t("Resume"), press("announce.resume", row.id), Style.PRIMARY),
            Button(t("Stop"), press("announce.stop", row.id), Style.DANGER),
        )
    if row.status is not AnnouncementStatus.WITHDRAWN:
        out.row(
            Button(t("Correct"), press("announce.correct", row.id), opens_form=True),
            Button(t("Withdraw it"), press("announce.withdraw", row.id), Style.DANGER),
        )
    return out.row(
        Button(t("Results"), press("announce.results", row.id)),
        Button(t("Who has not confirmed"), press("announce.unread", row.id)) if row.asks_ack else None,
        Button(t("All announcements"), press("announce.all")),
    ).build()


def _follow_up(shown: Shown, t: Texts) -> list[str]:
    lines = []
    corrected = shown.follow_up.get(RunPurpose.CORRECT)
    if corrected is not None and shown.row.status is not AnnouncementStatus.WITHDRAWN:
        lines.append(t.n("Corrected in {n} message.", "Corrected in {n} messages.", corrected[0]))
    withdrawn = shown.follow_up.get(RunPurpose.WITHDRAW)
    if withdrawn is not None:
        lines.append(t.n("Deleting it in {n} message.", "Deleting it in {n} messages.", withdrawn[0]))
        if withdrawn[1]:
            lines.append(
                t.n(
                    "{n} is on Telegram for more than 48 hours and can't be deleted: it now says that it was "
                    "withdrawn.",
                    "{n} are on Telegram for more than 48 hours and can't be deleted: they now say that it was "
                    "withdrawn.",
                    withdrawn[1],
                )
            )
    return lines


def _facts(result: Totals, failed: Failures, t: Texts, *, to_queue: int = 0) -> list[tuple[str, str | None]]:
    def shown(number: int) -> str | None:
        return t.number(number) if number else None

    return [
        (t("Arrived"), t.number(result.sent)),
        (t("Blocked the bot"), shown(failed.blocked)),
        (t("Not found on the platform"), shown(failed.not_found)),
        (t("Failed"), shown(failed.other)),
        (t("Unclear whether it arrived"), shown(result.uncertain)),
        (t("Still to go"), shown(result.waiting + to_queue)),
        (t("No longer take part"), shown(result.skipped)),
        (t("Not sent, stopped"), shown(result.cancelled)),
    ]


@dataclass(frozen=True, slots=True)
class Results:
    """An announcement's outcome and a page of those not reached. ``page`` counts from 0."""

    row: Announcement
    totals: Totals
    names: Sequence[NotReached] = field(default_factory=list)
    page: int = 0
    pages: int = 1
    worth_retrying: int = 0
    failed: Failures = field(default_factory=Failures)


def why_not(one: NotReached, t: Texts) -> str:
    """Why somebody was not reached, in a few words; what the platform said is kept for the office."""
    match one.state:
        case OutboxState.UNCERTAIN:
            return t("unclear whether it arrived")
        case OutboxState.CANCELLED:
            return t("stopped before their turn")
        case OutboxState.EXPIRED:
            return t("too late")
        case _:
            return reason(OutboxState.FAILED, one.failure, t)


def results(shown: Results, *, t: Texts) -> Screen:
    """What became of every recipient, and what can still be done."""
    row, result = shown.row, shown.totals
    out = screen(summary=t("Results"))
    out.heading(t("Results: {title}", title=title_of(row, t)))
    out.facts(
        (t("Status"), status_name(row.status, t)),
        (t("Recipients"), t.number(result.all)),
        *_facts(result, shown.failed, t),
    )
    if shown.names:
        out.para(Bold(t("Not surely reached")))
        out.bullets(
            t(
                "{name} ({platform}): {reason}",
                name=one.name or t("somebody who left"),
                platform=platform_name(one.platform, t),
                reason=why_not(one, t),
            )
            for one in shown.names
        )
    elif result.waiting == 0:
        out.para(t("It reached everybody it was meant for."))
    _repairs(out, shown, t)
    out.row(
        Button("‹", press("announce.page", row.id, shown.page - 1)) if shown.page > 0 else None,
        Button("›", press("announce.page", row.id, shown.page + 1)) if shown.page + 1 < shown.pages else None,
    )
    out.row(
        Button(t("All results as XLSX"), press("announce.export", row.id, SheetForm.XLSX)),
        Button(t("as CSV"), press("announce.export", row.id, SheetForm.CSV)),
    )
    return out.row(
        Button(t("Progress"), press("announce.show", row.id)),
        Button(t("All announcements"), press("announce.all")),
    ).build()


def _repairs(out: ScreenBuilder, shown: Results, t: Texts) -> None:
    row, result = shown.row, shown.totals
    if row.status in {AnnouncementStatus.PAUSED, AnnouncementStatus.STOPPED, AnnouncementStatus.WITHDRAWN}:
        return
    if shown.worth_retrying:
        label = t.n("Retry the {n} that failed", "Retry the {n} that failed", shown.worth_retrying)
        out.row(Button(label, press("announce.retry", row.id)))
    elif result.failed:
        out.para(t("Those who blocked the bot can be tried again once they write to it."))
    if result.uncertain:
        out.para(t("The program ended in the middle of a message: it may have arrived, or not."))
        label = t.n("Send to this one again", "Send to these {n} again", result.uncertain)
        out.row(Button(label, press("announce.doubt", row.id)))


def ask_to_resend(row: Announcement, uncertain: int, *, t: Texts) -> Screen:
    """Before it is sent again to those who may have it already."""
    return (
        screen(summary=t("Send it again?"))
        .heading(t("Send it again?"))
        .para(Bold(title_of(row, t)))
        .para(
            t.n(
                "{n} person may have it already, and would then read it twice.",
                "{n} people may have it already, and would then read it twice.",
                uncertain,
            )
        )
        .row(
            Button(t("Yes, send it again"), press("announce.resend", row.id), Style.PRIMARY),
            Button(t("No"), press("announce.page", row.id, 0)),
        )
        .build()
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of announcements, and those that wait to be sent, which are on every page. ``page`` counts from 0."""

    unsent: Sequence[Announcement]
    rows: Sequence[Announcement]
    page: int = 0
    pages: int = 1
    trial: bool = False


SIGN = {AnnouncementStatus.DRAFT: "✏️", AnnouncementStatus.APPROVAL: "👀", AnnouncementStatus.PLANNED: "🕗"}


def all_announcements(listed: Listed, *, zone: ZoneInfo, owner: bool, t: Texts) -> Screen:
    """Every announcement with its state."""
    out = screen(summary=t("Announcements"))
    out.heading(t("Announcements"))
    if listed.trial:
        out.para(Bold(t("Trial mode: announcements go to the staff only, until an owner ends it.")))
    if not listed.rows and not listed.unsent:
        out.para(t("There is none yet."))
    if listed.unsent:
        out.para(t.n("{n} waits to be sent", "{n} wait to be sent", len(listed.unsent)))
        for row in listed.unsent:
            label = f"{SIGN[row.status]} {clipped(title_of(row, t))}"
            out.row(Button(label, press("announce.show", row.id)))
    out.bullets(
        t(
            "{title}: {status}, {when}, {people}",
            title=title_of(row, t),
            status=status_name(row.status, t),
            when=t.stamp(row.started_at or row.created_at, zone),
            people=t.n("{n} recipient", "{n} recipients", row.recipients),
        )
        for row in listed.rows
    )
    for row in listed.rows:
        out.row(Button(clipped(title_of(row, t)), press("announce.show", row.id)))
    out.row(
        Button(t("‹ Newer"), press("announce.list", listed.page - 1)) if listed.page > 0 else None,
        Button(t("Older ›"), press("announce.list", listed.page + 1)) if listed.page + 1 < listed.pages else None,
    )
    out.row(Button(t("What goes out when?"), press("announce.outlook", 0)))
    if listed.trial and owner:
        out.row(Button(t("End the trial"), press("announce.trial")))
    return out.row(Button(t("New announcement"), press("announce.new"), Style.PRIMARY, opens_form=True)).build()


def paused_by_itself(row: Announcement, failed: int, *, t: Texts) -> Screen:
    """The notice to the author that sending stopped by itself."""
    title = title_of(row, t)
    return (
        screen(summary=t("“{title}” is paused", title=title))
        .heading(t("“{title}” is paused", title=title))
        .para(
            t.n(
                "I stopped by myself: {n} of the last messages failed for good. Please look before going on.",
                "I stopped by myself: {n} of the last messages failed for good. Please look before going on.",
                failed,
            )
        )
        .row(
            Button(t("Results"), press("announce.results", row.id)),
            Button(t("Resume"), press("announce.resume", row.id)),
            Button(t("Stop"), press("announce.stop", row.id), Style.DANGER),
        )
        .build()
    )


def exported(title: str, rows: int, file: File, *, t: Texts) -> Screen:
    """The message that hands over the table of results."""
    return (
        screen(summary=t("Results: {title}", title=title))
        .heading(t("Results: {title}", title=title))
        .para(t.n("{n} recipient, with the reason where it did not arrive.",
                  "{n} recipients, with the reason where it did not arrive.", rows))
        .para(t("It names people: keep it no longer than you need it."))
        .file(file)
        .build()
    )  # fmt: skip
