"""How warnings and the purge look."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import N_, Texts
from handlers.privacy.purging import PEOPLE_ERASED, PEOPLE_WARNED

KINDS: Mapping[str, str] = {
    "drafts": N_("Half-filled forms"),
    "inbox": N_("Ids of handled events"),
    "outbox": N_("Messages sent"),
    "results": N_("Who got announcements"),
    "attempts": N_("Wrong codes"),
    "codes": N_("Codes that have run out"),
    "audit": N_("Decisions in the audit log"),
    "web_messages": N_("Web chat history"),
    "readings": N_("What was read"),
    "applications": N_("Texts of past applications"),
    "channel_members": N_("Who was seen in channels"),
    "exports": N_("Copies of one's data"),
    "slips": N_("Answers to consent slips"),
    PEOPLE_WARNED: N_("People told that their data goes"),
    PEOPLE_ERASED: N_("People erased"),
}


def going_screen(last_seen: datetime, erase_at: datetime, *, zone: ZoneInfo, t: Texts) -> Screen:
    """Told a week before: one tap and everything stays."""
    return (
        screen(summary=t("Shall I keep your data?"))
        .heading(t("Shall I keep your data?"))
        .para(
            t(
                "You were last here on {day}. We keep nobody's data longer than needed: on {end} I erase yours.",
                day=t.day(last_seen.astimezone(zone).date(), year=True),
                end=t.day(erase_at.astimezone(zone).date(), year=True),
            )
        )
        .row(Button(t("Keep me"), press("privacy.keep"), Style.PRIMARY))
        .row(Button(t("Your data"), press("privacy.data")))
        .build()
    )


def kept_screen(*, t: Texts) -> Screen:
    """They stay."""
    return (
        screen(summary=t("Glad you stay"))
        .para(t("✓ Glad you stay. Everything is as it was."))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def retention_screen(
    due: Mapping[str, int], last: Mapping[str, int], last_at: datetime | None, *, zone: ZoneInfo, t: Texts
) -> Screen:
    """For the staff: what the next purge would do, and what the last one did."""
    out = screen(summary=t("What goes next")).heading(t("What goes next"))
    out.para(t("Every morning after three I let go of what is too old. Today it would be:"))
    lines = [(Bold(t(KINDS[name])), f": {t.number(number)}") for name, number in due.items() if number]
    out.bullets(lines)
    if not lines:
        out.para(t("Nothing is too old."))
    if last_at is not None:
        out.heading(t("Last time: {moment}", moment=t.stamp(last_at, zone)))
        out.bullets([(Bold(t(KINDS[name])), f": {t.number(number)}") for name, number in last.items() if number])
        if not any(last.values()):
            out.para(t("Nothing was too old."))
    return out.row(Button(t("Menu"), press("home.show"))).build()
