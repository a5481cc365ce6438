"""What an announcement's readers see: the announcement, its correction, the reminder to confirm, their topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handlers.announcements.extras import Extras
from handlers.announcements.names import title_of, topic_name, wordings
from handlers.announcements.rules import language_for
from handlers.conversation.levels import NEXT_LEVEL, level_button
from handlers.conversation.screen import Button, Picture, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import AnnouncementStatus, Locale, TopicLevel
from storage.models import Announcement, Topic


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom an announcement is drawn.

    Attributes:
        locale: which language they read.
        zone: theirs.
        topic: what it is about.
        acknowledged: whether they have confirmed it.
        directly: whether it is theirs alone, and not read in a channel.
    """

    locale: Locale
    zone: ZoneInfo
    topic: Topic | None = None
    acknowledged: bool = False
    directly: bool = True


def as_read_by(row: Announcement, reader: Reader, *, community: str, t: Texts) -> Screen:
    """The announcement as somebody reads it; ``t`` speaks their language."""
    if row.status is AnnouncementStatus.WITHDRAWN:
        return withdrawn(row, t=t)
    both = wordings(row)
    spoken = language_for(both, row.fallback, reader.locale)
    wording = both[spoken]
    extras = Extras.from_json(row.extras)
    out = screen(summary=wording.title).heading(wording.title)
    if extras.picture is not None:
        out.block(Picture(extras.picture, wording.title))
    out.para(wording.text)
    if row.trial:
        out.para(t("This is a trial: only the staff have got it."))
    _signature(out, row, reader, community, t)
    if extras.file is not None:
        out.file(extras.file)
    for link in extras.links:
        out.row(link.button(spoken))
    _buttons(out, row, reader, t)
    return out.build()


def _signature(out: ScreenBuilder, row: Announcement, reader: Reader, community: str, t: Texts) -> None:
    out.para(t("From the {community} office.", community=community))
    if row.version and row.corrected_at is not None:
        out.para(t("Corrected on {when}.", when=t.stamp(row.corrected_at, reader.zone)))


def _buttons(out: ScreenBuilder, row: Announcement, reader: Reader, t: Texts) -> None:
    if row.asks_ack:
        if reader.acknowledged:
            out.para(t("✓ You have confirmed that you read it."))
        else:
            out.row(Button(t("✓ I have read it"), press("announce.ack", row.id), Style.PRIMARY))
    if row.promotional and reader.directly:
        name = topic_name(reader.topic, t)
        out.row(Button(t("No more about: {topic}", topic=name), press("announce.less", row.topic)) if name else None)
        out.row(Button(t("No more news like this"), press("announce.mute")))


def withdrawn(row: Announcement, *, t: Texts) -> Screen:
    """What stands where a withdrawn announcement stood, if it cannot be deleted."""
    return (
        screen(summary=t("This announcement was withdrawn."))
        .heading(title_of(row, t))
        .para(t("This announcement was withdrawn. Please ignore what it said."))
        .build()
    )


def corrected(row: Announcement, *, t: Texts) -> Screen:
    """The note to those who had confirmed it before it was corrected."""
    title = title_of(row, t)
    return (
        screen(summary=t("Corrected: {title}", title=title))
        .heading(t("Corrected: {title}", title=title))
        .para(t("You had read it, so please look again: the message above now says what is right."))
        .row(Button(t("Read it again"), press("announce.read", row.id)))
        .build()
    )


def chase(row: Announcement, *, t: Texts) -> Screen:
    """The reminder to somebody who has not confirmed it."""
    title = title_of(row, t)
    return (
        screen(summary=t("Have you read this? {title}", title=title))
        .heading(title)
        .para(t("Have you read this? The office would like to know."))
        .row(
            Button(t("✓ I have read it"), press("announce.ack", row.id), Style.PRIMARY),
            Button(t("Read it again"), press("announce.read", row.id)),
        )
        .build()
    )


def muted(t: Texts) -> Screen:
    """After opting out of promotional news."""
    return (
        screen()
        .para(t("Done: no more promotional news for you. What concerns your events and missions still comes."))
        .row(Button(t("Change what I allow"), press("home.run", "privacy")))
        .build()
    )


def quieter(topic: Topic, *, t: Texts) -> Screen:
    """After turning one topic down."""
    return (
        screen()
        .para(t("Done: no more promotional news about {topic}.", topic=topic_name(topic, t)))
        .row(
            Button(t("In the digest instead"), press("announce.level", topic.key, TopicLevel.DIGEST)),
            Button(t("My topics"), press("announce.topics")),
        )
        .build()
    )


def my_topics(topics: Sequence[Topic], levels: Mapping[str, TopicLevel], *, news: bool, t: Texts) -> Screen:
    """How much of each topic a person wants; each button makes what it says, so a double tap makes it once."""
    out = screen(summary=t("My topics")).heading(t("My topics"))
    if not topics:
        out.para(t("There is nothing to choose here yet."))
    else:
        out.para(t("Promotional news comes by topic. Tap to change: at once, in the digest, or not at all."))
        out.para(t("What concerns your events, missions and membership always comes."))
    if not news:
        out.para(t("You don't allow promotional news at the moment, so nothing of this comes."))
    for topic in topics:
        level = levels.get(topic.key, TopicLevel.NOW)
        out.row(level_button("announce.level", topic.key, topic_name(topic, t), level, NEXT_LEVEL[level], t))
    out.row(Button(t("Everything else that I get"), press("prefs.topics")))
    return out.row(Button(t("Change what I allow"), press("home.run", "privacy"))).build()
