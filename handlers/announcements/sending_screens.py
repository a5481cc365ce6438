"""What staff see before an announcement goes out: previews, the last question, the second person's, and when."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.announcements.audience_screens import how_many, who
from handlers.announcements.calendar import Closed, Closure, holiday
from handlers.announcements.names import clipped, language_name, platform_name, title_of, wordings
from handlers.announcements.option_screens import acknowledgement_line, channel_line
from handlers.announcements.reader_screens import Reader, as_read_by
from handlers.announcements.rules import Fatigue, language_for, written
from handlers.announcements.sending import Confirmation, How, Moment, Recipient
from handlers.conversation.context import Outline
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import ChannelPost, Locale, Platform
from storage.models import Announcement, Person

# Preview


def preview(
    row: Announcement,
    reader: Reader,
    *,
    community: str,
    t: Texts,
    theirs: Texts,
    platforms: Sequence[Platform] = (),
) -> Screen:
    """The announcement as readers of a language see it; ``theirs`` is that language's texts."""
    out = screen(summary=t("Preview"))
    both = wordings(row)
    gets = language_for(both, row.fallback, reader.locale)
    name = language_name(reader.locale, t)
    if gets is reader.locale:
        out.para(t("Preview: this is what those who read {language} get.", language=name))
    else:
        out.para(t("Preview: those who read {language} get the text below, because theirs is empty.", language=name))
    seen = as_read_by(row, reader, community=community, t=theirs)
    for block in seen.blocks:
        out.block(block)
    for file in seen.files:
        out.file(file)
    if seen.rows:
        out.para(
            t("Buttons below it: {labels}. The test shows them.", labels=t.list([one.label for one in seen.buttons]))
        )
    out.row(
        *(
            Button(
                f"✓ {language_name(locale, t)}" if locale is reader.locale else language_name(locale, t),
                press("announce.preview", row.id, locale),
            )
            for locale in Locale
        )
    )
    out.row(
        *(
            Button(t("On {platform}", platform=platform_name(one, t)), press("announce.on", row.id, one, reader.locale))
            for one in platforms
        )
    )
    out.row(
        Button(t("Test to me"), press("announce.test", row.id)),
        Button(t("As a person gets it"), press("announce.as", row.id), opens_form=True),
    )
    return out.row(
        Button(t("Audience"), press("announce.audience", row.id)),
        Button(t("Go on"), press("announce.confirm", row.id), Style.PRIMARY),
    ).build()


def on_platform(row: Announcement, platform: Platform, reader: Locale, parts: Sequence[Outline], *, t: Texts) -> Screen:
    """The messages that it becomes on one platform, in words."""
    name = platform_name(platform, t)
    out = screen(summary=t("On {platform}", platform=name))
    out.heading(t("On {platform}", platform=name))
    out.para(t.n("It becomes {n} message:", "It becomes {n} messages:", len(parts)))
    for number, part in enumerate(parts, 1):
        out.para(Bold(t("Message {n}", n=t.number(number))))
        if part.file:
            out.para(t("📎 {file}", file=part.file))
        out.para(part.text)
        for row_of_buttons in part.buttons:
            out.para(" ".join(f"[ {label} ]" for label in row_of_buttons))
    return out.row(Button(t("Back to the preview"), press("announce.preview", row.id, reader), Style.PRIMARY)).build()


def as_recipient(
    row: Announcement, recipient: Recipient, reader: Reader, *, community: str, t: Texts, theirs: Texts
) -> Screen:
    """The announcement as one person gets it, and whether they do."""
    person, standing = recipient.person, recipient.standing
    out = screen(summary=t("As {name} gets it", name=person.name))
    out.heading(t("As {name} gets it", name=person.name))
    if not standing.belongs:
        out.para(t("They don't get it: they are not in the audience."))
    elif not standing.allows:
        out.para(t("They don't get it: they have not said yes to news."))
    elif not standing.hears:
        out.para(t("They don't get it: they have turned this topic down."))
    elif not standing.directly:
        out.para(t("They don't get it directly: they read the channel."))
    elif recipient.platform is None:
        out.para(t("They can't be reached: they blocked the bot or never wrote to it."))
    else:
        out.para(t("They get it on {platform}.", platform=platform_name(recipient.platform, t)))
    seen = as_read_by(row, reader, community=community, t=theirs)
    for block in seen.blocks:
        out.block(block)
    if seen.rows:
        out.para(
            t("Buttons below it: {labels}. The test shows them.", labels=t.list([one.label for one in seen.buttons]))
        )
    return out.row(Button(t("Back to the preview"), press("announce.preview", row.id, t.locale), Style.PRIMARY)).build()


def which_person(row: Announcement, found: Sequence[Person], *, most: int, t: Texts) -> Screen:
    """Several have such a name."""
    out = screen(summary=t("As a person gets it")).heading(t("Who of these?"))
    for person in found[:most]:
        out.row(Button(clipped(person.name), press("announce.person", row.id, person.id)))
    if len(found) > most:
        out.para(t("There are more. Write a longer part of the name."))
    return out.row(Button(t("Back to the preview"), press("announce.preview", row.id, t.locale))).build()


# The last question


def closed_line(closed: Closure, t: Texts) -> str:
    """Why nothing goes out at a moment."""
    match closed.why:
        case Closed.HOUR:
            return t("It is outside the sending window.")
        case Closed.SUNDAY:
            return t("It is a Sunday.")
        case Closed.HOLIDAY:
            return t("It is a public holiday: {name}.", name=holiday(closed.day, closed.country, t.locale))


def before_or_after(minutes: int, t: Texts) -> str:
    """How long before or after an event's start."""
    hours, days = abs(minutes) // 60, abs(minutes) // 1440
    if abs(minutes) % 1440 == 0:
        return (
            t.n("{n} day before", "{n} days before", days)
            if minutes < 0
            else t.n("{n} day after", "{n} days after", days)
        )
    return (
        t.n("{n} hour before", "{n} hours before", hours)
        if minutes < 0
        else t.n("{n} hour after", "{n} hours after", hours)
    )


def when_line(moment: Moment, zone: ZoneInfo, t: Texts) -> str:
    """When it goes out."""
    if moment.at is None:
        return t("at once")
    text = t.moment(moment.at, zone)
    if moment.event is not None:
        return t(
            "{when} ({offset} “{event}”; moves with it)",
            when=text,
            offset=before_or_after(moment.minutes, t),
            event=moment.event.title,
        )
    return text


def _tiredness(out: ScreenBuilder, fatigue: Fatigue, t: Texts) -> None:
    if not fatigue.month_most:
        return
    out.para(
        t(
            "Announcements a person of this audience had: {week} in 7 days (at most {week_most}), "
            "{month} in 30 days (at most {month_most}).",
            week=t.number(round(fatigue.week, 1)),
            week_most=t.number(fatigue.week_most),
            month=t.number(round(fatigue.month, 1)),
            month_most=t.number(fatigue.month_most),
        )
    )
    if fatigue.tired:
        out.para(Bold(t("⚠️ That is a lot. Can it wait for the digest, or go to fewer people?")))


def confirm(asked: Confirmation, *, zone: ZoneInfo, t: Texts, was: int | None = None) -> Screen:
    """The last question, with the number on the button; ``was`` is the number that no longer holds."""
    row, people, moment = asked.aim.row, asked.aim.reach.people, asked.moment
    out = screen(summary=t("Send it?"))
    out.heading(t("Send it?")).para(Bold(title_of(row, t)))
    if was is not None:
        out.para(
            t(
                "Nothing was sent: meanwhile the audience has changed from {was} to {now}. Please look again.",
                was=t.number(was),
                now=t.number(people),
            )
        )
    who(out, asked.aim, t)
    how_many(out, asked.aim, t)
    out.facts(
        (t("Languages"), t.list([language_name(locale, t) for locale in written(wordings(row))])),
        (t("Kind of message"), t("promotional") if row.promotional else t("service message")),
        (t("When"), when_line(moment, zone, t)),
        (t("Channel"), channel_line(row.channel, t) if row.channel not in {None, ChannelPost.NONE} else None),
        (t("Confirmation of reading"), acknowledgement_line(row, t) if row.asks_ack else None),
        (
            t("Also for those who join later"),
            t("until {when}", when=t.stamp(row.joins_until, zone)) if row.joins_until else None,
        ),
    )
    if moment.closed is not None:
        out.para(closed_line(moment.closed, t), " ", t("So it waits for the moment above."))
    _tiredness(out, asked.fatigue, t)
    if asked.needs_approval:
        out.para(Bold(t("So many people need a second person's approval: a colleague is asked first.")))
    if asked.aim.reach.readers:
        _send_buttons(out, asked, t)
    else:
        out.para(t("Nobody would get it. Please choose another audience."))
    out.row(
        Button(t("Send it when?"), press("announce.when", row.id)),
        Button(t("What else goes out then?"), press("announce.outlook", _stamp(moment))),
    )
    return out.row(
        Button(t("Audience"), press("announce.audience", row.id)),
        Button(t("Preview"), press("announce.preview", row.id, t.locale)),
    ).build()


def _stamp(moment: Moment) -> int:
    at = moment.at or moment.planned
    return int(at.timestamp()) if at else 0


def _send_buttons(out: ScreenBuilder, asked: Confirmation, t: Texts) -> None:
    row, people, later = asked.aim.row, asked.aim.reach.people, asked.moment.at is not None
    if not people and not asked.needs_approval:
        label = t("Plan for the channel only") if later else t("Send to the channel only")
    elif asked.needs_approval:
        label = t.n("Ask a colleague: {n} person", "Ask a colleague: {n} people", people)
    elif later:
        label = t.n("Plan for {n} person", "Plan for {n} people", people)
    else:
        label = t.n("Send to {n} person", "Send to {n} people", people)
    out.row(Button(label, press("announce.send", row.id, people, How.WINDOW), Style.PRIMARY))
    if asked.moment.closed is not None:
        label = t.n("All the same then, to {n} person", "All the same then, to {n} people", people)
        out.row(Button(label, press("announce.send", row.id, people, How.ANY), Style.DANGER))


def when_menu(row: Announcement, moment: Moment, *, zone: ZoneInfo, events: int, t: Texts) -> Screen:
    """At once, at a time, or by an event."""
    out = screen(summary=t("Send it when?"))
    out.heading(t("Send it when?")).para(Bold(title_of(row, t)))
    out.facts((t("Now chosen"), when_line(moment, zone, t)))
    out.row(Button(t("At once"), press("announce.now", row.id)))
    out.row(Button(t("At a day and hour"), press("announce.at", row.id), opens_form=True))
    if events:
        out.row(Button(t("By an event"), press("announce.by", row.id), opens_form=True))
    return out.row(Button(t("Go on"), press("announce.confirm", row.id), Style.PRIMARY)).build()


def planned(row: Announcement, moment: Moment, people: int, *, zone: ZoneInfo, t: Texts) -> Screen:
    """What waits for its moment."""
    out = screen(summary=t("Planned: {title}", title=title_of(row, t)))
    out.heading(t("Planned: {title}", title=title_of(row, t)))
    out.facts(
        (t("When"), when_line(moment, zone, t)),
        (t("Recipients as of now"), t.number(people)),
    )
    if moment.closed is not None and moment.closed.why is not Closed.HOUR:
        out.para(closed_line(moment.closed, t), " ", t("So it waits for the moment above."))
    out.para(t("To change it, take it back first: it is a draft again, and nothing goes out."))
    out.row(
        Button(t("Take it back"), press("announce.unplan", row.id), Style.DANGER),
        Button(t("Read it"), press("announce.look", row.id)),
    )
    return out.row(Button(t("All announcements"), press("announce.all"))).build()
