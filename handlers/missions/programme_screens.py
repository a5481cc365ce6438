"""A delegate's own programme. Every screen also reads well without its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.calendar_file import AllDayEntry, CalendarEntry, calendar_file
from handlers.conversation.screen import Bold, Button, File, Screen, ScreenBuilder, Span, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.missions.rules import Entry, days_of, now_and_next, on_day
from storage.models import Mission

NOW = "now"
WHOLE = "all"
TODAY = "today"
TOMORROW = "tomorrow"
DAY_FORMAT = "%Y%m%d"
DAYS_A_ROW = 4
MEETING_ALARM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What a delegate's programme shows. ``others`` are further missions on which the reader goes."""

    mission: Mission
    entries: Sequence[Entry]
    now: datetime
    others: Sequence[Mission] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Where the mission is; its programme is told in the time of that place."""
        return ZoneInfo(self.mission.zone)

    @property
    def today(self) -> date:
        """The day it is there."""
        return self.now.astimezone(self.zone).date()


def title_of(entry: Entry, t: Texts) -> str:
    """What a line of the programme is called."""
    if entry.meeting_id is None:
        return t.of(entry, "title")
    if entry.with_organisation:
        return t("Meeting with {name}, {organisation}", name=entry.with_name, organisation=entry.with_organisation)
    return t("Meeting with {name}", name=entry.with_name)


def place_of(entry: Entry, t: Texts) -> str:
    """Where it is."""
    if not entry.table:
        return entry.place
    if not entry.place:
        return t("table {table}", table=entry.table)
    return t("table {table}, {place}", table=entry.table, place=entry.place)


def _line(entry: Entry, agenda: Agenda, t: Texts) -> list[Span]:
    first, last = entry.starts_at.astimezone(agenda.zone), entry.ends_at.astimezone(agenda.zone)
    hours = f"{t.hour(first)}–{t.hour(last)}"
    if first.date() != last.date():
        hours = f"{t.short_day(first)} {t.hour(first)} – {t.short_day(last)} {t.hour(last)}"
    line: list[Span] = [Bold(hours), f" {title_of(entry, t)}"]
    place = place_of(entry, t)
    if place:
        line.append(f" · {place}")
    if not entry.agreed:
        doubt = t("not confirmed yet")  # a sentence inside an f-string is not found by the extraction
        line.append(f" · {doubt}")
    return line


def _day(out: ScreenBuilder, agenda: Agenda, day: date, t: Texts) -> None:
    out.para(Bold(t.day(day)))
    lines = [_line(entry, agenda, t) for entry in on_day(agenda.entries, day, agenda.zone)]
    if lines:
        out.bullets(lines)
    else:
        out.para(t("Nothing planned: the day is yours."))


def agenda_screen(agenda: Agenda, view: str, t: Texts) -> Screen:
    """The programme as ``now``, ``today``, ``tomorrow``, ``all``, or one day (``20180515``).

    Raises:
        ValueError: the view is none of these.
    """
    heading = t("My programme: {mission}", mission=agenda.mission.title)
    out = screen(summary=heading).heading(heading)
    out.para(t("Times are local: {city}.", city=t.city(agenda.zone)))
    if not agenda.entries:
        out.para(t("Your programme is still empty. As soon as something is planned you'll find it here."))
    elif view == NOW:
        _now(out, agenda, t)
    elif view == WHOLE:
        for day in days_of(agenda.entries, agenda.zone):
            _day(out, agenda, day, t)
    else:
        _day(out, agenda, _day_of(view, agenda), t)
    _buttons(out, agenda, t)
    return out.build()


def _day_of(view: str, agenda: Agenda) -> date:
    if view == TODAY:
        return agenda.today
    if view == TOMORROW:
        return agenda.today + timedelta(days=1)
    return datetime.strptime(view, DAY_FORMAT).date()  # noqa: DTZ007 - a day has no zone


def _now(out: ScreenBuilder, agenda: Agenda, t: Texts) -> None:
    shown = now_and_next(agenda.entries, agenda.now)
    if shown.now:
        out.para(Bold(t("Now")))
        out.bullets(_line(entry, agenda, t) for entry in shown.now)
    if shown.next:
        first = shown.next[0].starts_at
        ahead = t.duration(first - agenda.now)
        out.para(Bold(t("Next, in {duration}", duration=ahead)))
        if first.astimezone(agenda.zone).date() != agenda.today:
            out.para(t.day(first.astimezone(agenda.zone).date()))
        out.bullets(_line(entry, agenda, t) for entry in shown.next)
    if not shown.now and not shown.next:
        out.para(t("It's all behind you. Thank you for coming!"))
        return
    days = days_of(agenda.entries, agenda.zone)
    if agenda.today in days:
        out.para(t("Today:"))
        _day(out, agenda, agenda.today, t)
    if agenda.today + timedelta(days=1) in days:
        out.para(t("Tomorrow:"))
        _day(out, agenda, agenda.today + timedelta(days=1), t)


def _buttons(out: ScreenBuilder, agenda: Agenda, t: Texts) -> None:
    mission = agenda.mission
    days = days_of(agenda.entries, agenda.zone)
    out.row(
        Button(t("Now and next"), press("mission.agenda", mission.id, NOW), Style.PRIMARY),
        Button(t("Whole programme"), press("mission.agenda", mission.id, WHOLE)) if agenda.entries else None,
    )
    if days and days[0] - timedelta(days=1) <= agenda.today <= days[-1]:
        out.row(
            Button(t("Today"), press("mission.agenda", mission.id, TODAY)),
            Button(t("Tomorrow"), press("mission.agenda", mission.id, TOMORROW)),
        )
    buttons = [Button(t.short_day(day), press("mission.agenda", mission.id, day.strftime(DAY_FORMAT))) for day in days]
    for start in range(0, len(buttons), DAYS_A_ROW):
        out.row(*buttons[start : start + DAYS_A_ROW])
    out.row(
        Button(t("Calendar file"), press("mission.calendar", mission.id)) if agenda.entries else None,
        Button(t("The mission"), press("mission.show", mission.id)),
    )
    for other in agenda.others:
        out.row(Button(other.title[:60], press("mission.agenda", other.id, NOW)))


def agenda_file(agenda: Agenda, t: Texts) -> File:
    """The programme for the delegate's own calendar: the mission as all-day entry, everything else with its time."""
    mission = agenda.mission
    entries: list[CalendarEntry | AllDayEntry] = [
        AllDayEntry(
            uid=f"mission-{mission.id}-{int(mission.created_at.timestamp())}@community-bot",
            first_day=mission.first_day,
            last_day=mission.last_day,
            title=mission.title,
            place=mission.place,
        )
    ]
    entries += [
        CalendarEntry(
            uid=entry.uid,
            sequence=entry.sequence,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            title=title_of(entry, t),
            place=place_of(entry, t),
            confirmed=entry.agreed,
            alarm=MEETING_ALARM if entry.meeting_id is not None else None,
        )
        for entry in agenda.entries
    ]
    return calendar_file(f"mission-{mission.id}", entries, stamp=agenda.now)


def calendar_screen(agenda: Agenda, t: Texts) -> Screen:
    """What comes with the calendar file."""
    text = t("Open the file to put your programme into your calendar. When something changes, take a new one.")
    return screen(summary=t("Calendar file")).para(text).file(agenda_file(agenda, t)).build()
