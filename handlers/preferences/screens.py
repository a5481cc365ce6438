"""The settings, drawn from data alone."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from handlers.conversation.levels import level_button
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import PLATFORM_NAMES, Texts
from handlers.preferences.rules import levels_for, next_level
from handlers.preferences.service import Levels, Preferences
from handlers.preferences.zone_search import MOST, USUAL, country_of
from storage.enums import DigestFrequency, Locale, NoticeTopic, Platform, QuietChoice
from storage.queries.preferences import level_of, topic_of_sector
from storage.quiet_hours import EVERY_DAY, QuietHours

LANGUAGE_NAMES = {Locale.ITALIAN: "Italiano", Locale.ENGLISH: "English"}
ANYWHERE = "anywhere"
"""In an action's text: where they acted last."""


def _ticked(label: str, ticked: bool) -> str:  # noqa: FBT001 - a label and whether it is ticked
    return f"✓ {label}" if ticked else label


def _style(chosen: bool) -> Style:  # noqa: FBT001 - whether it is chosen, and nothing else
    return Style.PRIMARY if chosen else Style.PLAIN


def _back(out: ScreenBuilder, t: Texts) -> Screen:
    return out.row(Button(t("Back to the settings"), press("prefs.main"))).build()


# All of them


def settings(shown: Preferences, *, t: Texts) -> Screen:
    """What counts now, and the way to each."""
    return (
        screen(summary=t("Your settings"))
        .heading(t("Your settings"))
        .facts(
            (t("Language"), LANGUAGE_NAMES[shown.locale]),
            (t("Time zone"), zone_line(shown.zone, shown.now, t)),
            (t("Quiet hours"), quiet_line(shown.quiet, t)),
            (t("I write to you"), channel_name(shown.channel, t)),
        )
        .row(Button(t("Language"), press("prefs.language")), Button(t("Time zone"), press("prefs.zones")))
        .row(Button(t("Quiet hours"), press("prefs.quiet")), Button(t("Where I write"), press("prefs.channel")))
        .row(Button(t("What you get"), press("prefs.topics")), Button(t("My digest"), press("digest.show")))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def languages(chosen: Locale, *, t: Texts) -> Screen:
    """The choice of language."""
    out = screen(summary=t("Language")).heading(t("Language"))
    out.row(
        *(
            Button(_ticked(name, locale is chosen), press("prefs.speak", locale), _style(locale is chosen))
            for locale, name in LANGUAGE_NAMES.items()
        )
    )
    return _back(out, t)


# Time zone


def zone_line(zone: ZoneInfo, now: datetime, t: Texts) -> str:
    """``Roma (Italia), there it is 17:30``."""
    country = country_of(zone, t.locale)
    city = t.city(zone)
    hour = t.hour(now.astimezone(zone))
    if not country or country == city:
        return t("{city}, where it is {hour} now", city=city, hour=hour)
    return t("{city} ({country}), where it is {hour} now", city=city, country=country, hour=hour)


def _zone_button(zone: ZoneInfo, now: datetime, chosen: ZoneInfo, t: Texts) -> Button:
    label = t("{city} · {hour}", city=t.city(zone), hour=t.hour(now.astimezone(zone)))
    country = country_of(zone, t.locale)
    if country and country != t.city(zone):
        label = t("{city}, {country} · {hour}", city=t.city(zone), country=country,
                  hour=t.hour(now.astimezone(zone)))  # fmt: skip
    is_chosen = zone.key == chosen.key
    return Button(_ticked(label[:70], is_chosen), press("prefs.zone", zone.key), _style(is_chosen))


def zones(shown: Preferences, *, t: Texts) -> Screen:
    """The usual zones, and the way to all others."""
    out = screen(summary=t("Time zone")).heading(t("Time zone"))
    out.para(t("Your clock: {zone}.", zone=zone_line(shown.zone, shown.now, t)))
    out.para(t("Quiet hours, the digest and the times that I tell you follow it, summer time included."))
    keys = dict.fromkeys([shown.zone.key, *USUAL])
    for key in keys:
        out.row(_zone_button(ZoneInfo(key), shown.now, shown.zone, t))
    out.row(Button(t("Search by city or country"), press("prefs.search"), opens_form=True))
    return _back(out, t)


def zones_found(query: str, found: Sequence[ZoneInfo], shown: Preferences, *, t: Texts) -> Screen:
    """What a search found: one to choose from, or another search."""
    if not found:
        out = screen().para(t("I found no city or country like “{words}”. Try the nearest big city.", words=query))
    else:
        out = screen().para(t("Which one is yours?"))
    for zone in found[:MOST]:
        out.row(_zone_button(zone, shown.now, shown.zone, t))
    out.para(t("There are more: please name a city.") if len(found) > MOST else "")
    out.row(Button(t("Search again"), press("prefs.search"), opens_form=True))
    return _back(out, t)


# Quiet hours


def _hours(hours: QuietHours, t: Texts) -> str:
    return t("from {start} to {end}", start=t.hour(hours.start), end=t.hour(hours.end))


def quiet_line(hours: QuietHours | None, t: Texts) -> str:
    """The quiet hours in a line."""
    if hours is None or (not hours.weekends and (not hours.days or hours.start == hours.end)):
        return t("none")
    if not hours.days or hours.start == hours.end:
        return t("the whole weekend")
    if hours.days == EVERY_DAY:
        when = t("every day {hours}", hours=_hours(hours, t))
    else:
        days = ", ".join(weekday_name(day, t) for day in sorted(hours.days))
        when = t("{days} {hours}", days=days, hours=_hours(hours, t))
    return t("{when}, and the whole weekend", when=when) if hours.weekends else when


def weekday_name(weekday: int, t: Texts) -> str:
    """``lun``; 0 is Monday."""
    return str(get_day_names("abbreviated", locale=t.locale.value)[weekday]).replace(".", "")


def quiet(shown: Preferences, *, t: Texts) -> Screen:
    """When the bot keeps quiet; one tap changes each part."""
    out = screen(summary=t("Quiet hours")).heading(t("Quiet hours"))
    out.para(Bold(t("Now: {quiet}.", quiet=quiet_line(shown.quiet, t))))
    out.para(t("Meanwhile I keep what comes for you and send it when they are over. What you ask me for comes at any "
               "time, and so does what you would learn too late: a change to what begins in the morning."))  # fmt: skip
    if shown.quiet_now is not None:
        out.para(t("It is quiet for you until {when}.", when=t.moment(shown.quiet_now, shown.zone)))
    usual = t("As usual here: {quiet}", quiet=quiet_line(shown.usual, t))
    for choice, label in (
        (QuietChoice.DEFAULT, usual),
        (QuietChoice.OWN, t("My own")),
        (QuietChoice.OFF, t("None: write at any time")),
    ):
        chosen = shown.choice is choice
        out.row(Button(_ticked(label, chosen), press("prefs.hush", choice), _style(chosen)))
    if shown.choice is QuietChoice.OWN and shown.quiet is not None:
        hours = shown.quiet
        out.row(Button(t("From when to when?"), press("prefs.hours"), opens_form=True))
        days = [
            Button(
                _ticked(weekday_name(day, t), day in hours.days), press("prefs.day", day, int(day not in hours.days))
            )
            for day in range(7)
        ]
        out.row(*days[:4]).row(*days[4:])
        label = t("All Saturday and Sunday")
        out.row(Button(_ticked(label, hours.weekends), press("prefs.weekends", int(not hours.weekends))))
    return _back(out, t)


# Channel


def channel_name(channel: Platform | None, t: Texts) -> str:
    """Where the bot writes."""
    if channel is None:
        return t("where you last wrote to me")
    return t("always on {platform}", platform=PLATFORM_NAMES[channel])


def channels(shown: Preferences, *, t: Texts) -> Screen:
    """Where the bot writes."""
    out = screen(summary=t("Where I write")).heading(t("Where I write"))
    out.para(t("I write {where}.", where=channel_name(shown.channel, t)))
    out.para(t("If I can't reach you there, I use what is left."))
    wanted: list[Platform | None] = [None, *shown.platforms]
    for one in wanted if len(shown.platforms) > 1 else wanted[:1]:
        label = t("Where I last wrote") if one is None else t("Always {platform}", platform=PLATFORM_NAMES[one])
        chosen = one is shown.channel
        out.row(Button(_ticked(label, chosen), press("prefs.write", one or ANYWHERE), _style(chosen)))
    if len(shown.platforms) < 2:
        out.para(t("You use one platform only, so there is nothing to choose. You can link another one."))
        out.row(Button(t("Use another platform too"), press("link.new")))
    return _back(out, t)


# Topics


def topic_name(topic: NoticeTopic, t: Texts) -> str:
    """What can be turned down."""
    match topic:
        case NoticeTopic.EVENTS:
            return t("New events")
        case NoticeTopic.EVENT_REMINDERS:
            return t("Reminders of events")
        case NoticeTopic.MISSIONS:
            return t("New missions and deadlines")
        case NoticeTopic.MEETINGS:
            return t("Requests to meet")
        case NoticeTopic.MEETING_REMINDERS:
            return t("Reminders of meetings")
        case NoticeTopic.ANSWERS:
            return t("Answers to your posts")
        case NoticeTopic.INTRODUCTIONS:
            return t("Requests for an introduction")
        case NoticeTopic.EXPERTS:
            return t("Questions you may know about")
        case NoticeTopic.MATCHES:
            return t("What fits what you offer and seek")


def topics(shown: Levels, *, t: Texts) -> Screen:
    """How much of everything comes."""
    out = screen(summary=t("What you get")).heading(t("What you get"))
    _explained(out, shown, t)
    for topic in NoticeTopic:
        allowed = levels_for(topic, has_digest=shown.has_digest)
        level = level_of(shown.levels, topic)
        level = level if level in allowed else allowed[0]
        out.row(level_button("prefs.level", topic, topic_name(topic, t), level, next_level(level, allowed), t))
    if shown.sectors and shown.has_digest:
        out.row(Button(t("New know-how, by sector"), press("prefs.sectors")))
    if shown.has_digest:
        out.row(Button(t("What you follow"), press("follow.list", 0)))
    if shown.topics:
        out.row(Button(t("Announcements, by topic"), press("announce.topics")))
    if shown.has_digest:
        out.row(Button(t("My digest"), press("digest.show")))
    return _back(out, t)


def _explained(out: ScreenBuilder, shown: Levels, t: Texts) -> None:
    if shown.has_digest:
        out.para(t("Tap to change: at once, in the digest, or not at all."))
    else:
        out.para(t("Tap to change: at once, or not at all."))
    out.para(t("What concerns what you take part in always comes: changes, cancellations, answers to what you asked."))
    if shown.has_digest and shown.digest is DigestFrequency.OFF:
        out.para(t("Your digest is off: what you put there waits until you ask for it with /digest."))


def sectors(shown: Levels, *, t: Texts) -> Screen:
    """How much of each sector's know-how comes."""
    out = screen(summary=t("New know-how, by sector")).heading(t("New know-how, by sector"))
    _explained(out, shown, t)
    for sector in shown.sectors:
        topic = topic_of_sector(sector.id)
        allowed = levels_for(topic, has_digest=shown.has_digest)
        level = level_of(shown.levels, topic)
        name = t.of(sector, "name")[:50]
        out.row(level_button("prefs.sector", sector.id, name, level, next_level(level, allowed), t))
    out.row(Button(t("What you get"), press("prefs.topics")))
    return _back(out, t)
