"""What staff see while an announcement is being sent and afterwards, and the list of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.announcements.rules import Totals
from handlers.announcements.screens import clipped, platform_name, status_name, title_of
from handlers.conversation.screen import Bold, Button, Progress, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import AnnouncementStatus, OutboxState
from storage.models import Announcement
from storage.queries.announcements import NotReached

NAMES_A_PAGE = 15
ROWS_A_PAGE = 8


def _headline(row: Announcement, result: Totals, left: timedelta | None, t: Texts) -> str:
    match row.status:
        case AnnouncementStatus.PAUSED:
            return t("Paused. Nothing more goes out until you resume.")
        case AnnouncementStatus.STOPPED:
            return t("Stopped. Whoever had not got it will not get it.")
        case AnnouncementStatus.DONE:
            return t("All sent.")
        case _ if left is not None and result.waiting:
            return t("Sending: about {time} left.", time=t.duration(max(left, timedelta(minutes=1))))
        case _:
            return t("Sending…")


def progress_card(row: Announcement, result: Totals, left: timedelta | None, *, t: Texts) -> Screen:
    """The live card: how far it got, and the buttons to hold, go on and stop."""
    title = title_of(row, t)
    out = screen(summary=t("{title}: {done} of {total}", title=title, done=t.number(result.settled),
                           total=t.number(result.all)))  # fmt: skip
    out.heading(title).para(Bold(_headline(row, result, left, t)))
    out.block(Progress(result.settled - result.cancelled, result.all))
    out.facts(*_facts(result, t))
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
    return out.row(
        Button(t("Results"), press("announce.results", row.id)),
        Button(t("All announcements"), press("announce.all")),
    ).build()


def _facts(result: Totals, t: Texts) -> list[tuple[str, str | None]]:
    def shown(number: int) -> str | None:
        return t.number(number) if number else None

    return [
        (t("Arrived"), t.number(result.sent)),
        (t("Blocked or failed"), shown(result.failed)),
        (t("Unclear whether it arrived"), shown(result.uncertain)),
        (t("Still to go"), shown(result.waiting)),
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


def why_not(one: NotReached, t: Texts) -> str:
    """Why somebody was not reached, in a few words; what the platform said is kept for the office."""
    match one.state:
        case OutboxState.UNCERTAIN:
            return t("unclear whether it arrived")
        case OutboxState.CANCELLED:
            return t("stopped before their turn")
        case OutboxState.EXPIRED:
            return t("too late")
        case _ if one.failure:
            return one.failure
        case _:
            return t("it failed")


def results(shown: Results, *, t: Texts) -> Screen:
    """What became of every recipient, and what can still be done."""
    row, result = shown.row, shown.totals
    out = screen(summary=t("Results"))
    out.heading(t("Results: {title}", title=title_of(row, t)))
    out.facts((t("Status"), status_name(row.status, t)), (t("Recipients"), t.number(result.all)), *_facts(result, t))
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
    return out.row(
        Button(t("Progress"), press("announce.show", row.id)),
        Button(t("All announcements"), press("announce.all")),
    ).build()


def _repairs(out: ScreenBuilder, shown: Results, t: Texts) -> None:
    row, result = shown.row, shown.totals
    if row.status in {AnnouncementStatus.PAUSED, AnnouncementStatus.STOPPED}:
        return
    if shown.worth_retrying:
        label = t.n("Retry the {n} that failed", "Retry the {n} that failed", shown.worth_retrying)
        out.row(Button(label, press("announce.retry", row.id)))
    elif result.failed:
        out.para(t("Those who blocked the bot can be tried again once they write to it."))
    if result.uncertain:
        out.para(t("The program ended in the middle of a message: it may have arrived, or not."))
        label = t.n("Send to this one again", "Send to these {n} again", result.uncertain)
        out.row(Button(label, press("announce.resend", row.id)))


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of announcements, and the drafts, which are on every page. ``page`` counts from 0."""

    drafts: Sequence[Announcement]
    rows: Sequence[Announcement]
    page: int = 0
    pages: int = 1


def all_announcements(listed: Listed, *, zone: ZoneInfo, t: Texts) -> Screen:
    """Every announcement with its state."""
    out = screen(summary=t("Announcements"))
    out.heading(t("Announcements"))
    if not listed.rows and not listed.drafts:
        out.para(t("There is none yet."))
    if listed.drafts:
        out.para(t.n("{n} draft", "{n} drafts", len(listed.drafts)))
        for row in listed.drafts:
            out.row(Button(f"✏️ {clipped(title_of(row, t))}", press("announce.show", row.id)))
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
