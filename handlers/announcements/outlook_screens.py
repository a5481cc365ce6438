"""The screen of what will go out at a time."""

from zoneinfo import ZoneInfo

from handlers.announcements.outlook import STRETCH, Outlook
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, press, screen
from handlers.conversation.texts import Texts
from storage.queries.outlook import Due


def outlook(shown: Outlook, *, zone: ZoneInfo, t: Texts) -> Screen:
    """Everything that is planned or due in an hour."""
    start = shown.start
    out = screen(summary=t("What goes out when?"))
    out.heading(t("What goes out when?"))
    out.para(Bold(t.span(start, start + STRETCH, zone)))
    _list(out, t("Announcements"), shown.announcements, zone, t)
    _list(out, t("Reminders of events"), shown.event_reminders, zone, t)
    _list(out, t("Reminders of mission deadlines"), shown.deadlines, zone, t)

    def counted(number: int) -> str | None:
        return t.number(number) if number else None

    out.facts(
        (t("Digests, for whom there is something new"), counted(shown.digests)),
        (t("Reminders of meetings"), counted(shown.meeting_reminders)),
        (t("Waiting in the queue already"), counted(shown.waiting)),
    )
    if shown.messages:
        out.para(Bold(t.n("{n} message at most.", "{n} messages at most.", shown.messages)))
    else:
        out.para(t("Nothing, as far as is known now."))
    stamp, hour = int(start.timestamp()), int(STRETCH.total_seconds())
    out.row(
        Button(t("‹ An hour before"), press("announce.outlook", stamp - hour)),
        Button(t("An hour later ›"), press("announce.outlook", stamp + hour)),
    )
    out.row(
        Button(t("‹ A day before"), press("announce.outlook", stamp - 24 * hour)),
        Button(t("A day later ›"), press("announce.outlook", stamp + 24 * hour)),
    )
    return out.row(
        Button(t("Another time"), press("announce.outlookat"), opens_form=True),
        Button(t("All announcements"), press("announce.all")),
    ).build()


def _list(out: ScreenBuilder, title: str, rows: list[Due], zone: ZoneInfo, t: Texts) -> None:
    if not rows:
        return
    out.para(Bold(title))
    out.bullets(
        t(
            "{hour} {title}: {people}",
            hour=t.hour(one.at.astimezone(zone)),
            title=one.title,
            people=t.n("{n} person", "{n} people", one.people),
        )
        for one in rows
    )
