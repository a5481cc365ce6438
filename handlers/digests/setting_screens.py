"""What a reader says about their digest, drawn from data alone: when it comes, and of what there is to be less."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from handlers.conversation.followed import topic_line
from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.digests.rules import EARLIEST_HOUR, LATEST_HOUR
from handlers.digests.screens import clipped
from storage.enums import DigestFrequency
from storage.models import Post
from storage.post_topics import handle_of

HOURS_A_ROW = 6
LABEL_LENGTH = 48
"""Characters of a topic on a button."""
MOST_LESSONS = 20
"""Things learnt that fit on a screen, the most unwanted first."""


# Less like this


@dataclass(frozen=True, slots=True)
class Lesson:
    """Of what a reader wants less.

    Attributes:
        topic: its key.
        name: in the reader's language.
        times: how often they said so.
    """

    topic: str
    name: str
    times: int


def learnt(post: Post, less: Sequence[Lesson], *, t: Texts) -> Screen:
    """Of what there will be less, and the way back."""
    out = screen().para(t("All right: from the next digest on, less like “{title}”.", title=clipped(post.title)))
    out.bullets([topic_line(one.topic, one.name, t) for one in less])
    return out.row(
        Button(t("Undo it"), press("digest.unless", post.id)), Button(t("What I've learnt"), press("digest.learnt"))
    ).build()


def taken_back(post: Post, *, t: Texts) -> Screen:
    """It counts no more."""
    out = screen().para(t("Undone: “{title}” counts no more.", title=clipped(post.title)))
    return out.row(Button(t("What I've learnt"), press("digest.learnt"))).build()


def lessons(less: Sequence[Lesson], *, t: Texts) -> Screen:
    """All that was learnt; a tap forgets one of it."""
    out = screen(summary=t("What I've learnt")).heading(t("What I've learnt"))
    if less:
        out.para(t("Of this there is less in your digest. Tap what I should forget."))
    else:
        out.para(t("Nothing yet. Tap “Less like this” beside a line of your digest."))
    for one in less[:MOST_LESSONS]:
        label = t(
            "{topic} (said {n} times)", topic=clipped(topic_line(one.topic, one.name, t), 44), n=t.number(one.times)
        )
        short = clipped(topic_line(one.topic, one.name, t), 60)
        out.row(Button(label if one.times > 1 else short, press("digest.forget", handle_of(one.topic))))
    out.row(Button(t("What you follow"), press("follow.list", 0)))
    return out.row(Button(t("How often?"), press("digest.show"))).build()


# Settings


@dataclass(frozen=True, slots=True)
class Settings:
    """When a person wants the digest; ``next_at`` is when it comes next, in UTC."""

    frequency: DigestFrequency
    weekday: int
    hour: int
    next_at: datetime | None
    zone: ZoneInfo


def frequency_name(frequency: DigestFrequency, t: Texts) -> str:
    """What a frequency is called on its button."""
    match frequency:
        case DigestFrequency.OFF:
            return t("Never")
        case DigestFrequency.DAILY:
            return t("Every day")
        case DigestFrequency.WEEKLY:
            return t("Every week")
        case DigestFrequency.MONTHLY:
            return t("Every month")


def weekday_name(weekday: int, t: Texts, *, short: bool = False) -> str:
    """``lunedì``, or ``lun``; 0 is Monday."""
    names = get_day_names("abbreviated" if short else "wide", locale=t.locale.value)
    return str(names[weekday]).replace(".", "")


def _rhythm(shown: Settings, t: Texts) -> str:
    hour = f"{shown.hour:02}:00"
    match shown.frequency:
        case DigestFrequency.OFF:
            return t("Off: nothing comes by itself. You can look whenever you like.")
        case DigestFrequency.DAILY:
            return t("Every day at {hour}.", hour=hour)
        case DigestFrequency.WEEKLY:
            return t("Every week, {weekday} at {hour}.", weekday=weekday_name(shown.weekday, t), hour=hour)
        case DigestFrequency.MONTHLY:
            return t("Every month, the first {weekday} at {hour}.", weekday=weekday_name(shown.weekday, t), hour=hour)


def settings(shown: Settings, *, t: Texts) -> Screen:
    """When the digest comes; one tap changes each."""
    out = screen(summary=t("Your digest"))
    out.heading(t("Your digest"))
    out.para(t("Only what is new to you: know-how, events, missions and your deadlines. If there is nothing, "
               "nothing comes."))  # fmt: skip
    out.para(Bold(_rhythm(shown, t)))
    if shown.next_at is not None:
        out.para(
            t(
                "Next: {when} ({city} time).",
                when=t.moment(shown.next_at, shown.zone),
                city=t.city(shown.zone),
            )
        )
    frequencies = [
        Button(
            _ticked(frequency_name(one, t), one is shown.frequency),
            press("digest.frequency", one),
            Style.PRIMARY if one is shown.frequency else Style.PLAIN,
        )
        for one in DigestFrequency
    ]
    out.row(*frequencies[:2]).row(*frequencies[2:])
    if shown.frequency in {DigestFrequency.WEEKLY, DigestFrequency.MONTHLY}:
        days = [
            Button(_ticked(weekday_name(day, t, short=True), day == shown.weekday), press("digest.weekday", day))
            for day in range(7)
        ]
        out.row(*days[:4]).row(*days[4:])
    if shown.frequency is not DigestFrequency.OFF:
        hours = [
            Button(_ticked(f"{hour:02}", hour == shown.hour), press("digest.hour", hour))
            for hour in range(EARLIEST_HOUR, LATEST_HOUR + 1)
        ]
        for start in range(0, len(hours), HOURS_A_ROW):
            out.row(*hours[start : start + HOURS_A_ROW])
    out.row(Button(t("Show me now"), press("digest.now")))
    return out.row(
        Button(t("What you follow"), press("follow.list", 0)), Button(t("What I've learnt"), press("digest.learnt"))
    ).build()


def _ticked(label: str, ticked: bool) -> str:  # noqa: FBT001 - a label and whether it is ticked
    return f"✓ {label}" if ticked else label
