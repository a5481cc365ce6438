"""What staff see while they attach things to an announcement and choose how it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handlers.announcements.extras import MOST_LINKS, Extras, Part
from handlers.announcements.names import clipped, title_of
from handlers.announcements.rules import CHASE_CHOICES
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from storage.enums import ChannelPost
from storage.models import Announcement


def part_name(part: Part, t: Texts) -> str:
    """What can be attached."""
    return t("Picture") if part is Part.PICTURE else t("File")


def extras(row: Announcement, *, t: Texts) -> Screen:
    """Picture, file and link buttons."""
    shown = Extras.from_json(row.extras)
    out = screen(summary=t("Picture, file, links"))
    out.heading(t("Picture, file, links")).para(Bold(title_of(row, t)))
    if not shown:
        out.para(t("Nothing goes with the text yet."))
    out.facts(
        (t("Picture"), shown.picture.name if shown.picture else None),
        (t("File"), shown.file.name if shown.file else None),
    )
    out.bullets(
        t("{label}: {url}", label=" / ".join(one for one in (link.label_it, link.label_en) if one), url=link.url)
        for link in shown.links
    )
    for part, file in ((Part.PICTURE, shown.picture), (Part.FILE, shown.file)):
        if file is None:
            label = t("Add a picture") if part is Part.PICTURE else t("Add a file")
            out.row(Button(label, press("announce.attach", row.id, part), opens_form=True))
        else:
            label = t("Remove the picture") if part is Part.PICTURE else t("Remove the file")
            out.row(Button(label, press("announce.detach", row.id, part)))
    if len(shown.links) < MOST_LINKS:
        out.row(Button(t("Add a link button"), press("announce.link", row.id), opens_form=True))
    for position, link in enumerate(shown.links):
        label = t("Remove: {label}", label=clipped(link.label_it or link.label_en or link.url, 30))
        out.row(Button(label, press("announce.unlink", row.id, position)))
    return out.row(Button(t("Back to the audience"), press("announce.audience", row.id), Style.PRIMARY)).build()


@dataclass(frozen=True, slots=True)
class Options:
    """How a draft is sent, and whether there is a channel."""

    row: Announcement
    channels: Sequence[str]
    zone: ZoneInfo


def channel_line(channel: ChannelPost, t: Texts) -> str:
    """Whether it goes to the channels too."""
    match channel:
        case ChannelPost.NONE:
            return t("not posted in the channel")
        case ChannelPost.ALSO:
            return t("in the channel and to each person")
        case ChannelPost.INSTEAD:
            return t("in the channel; directly only to those who are not in it")


def acknowledgement_line(row: Announcement, t: Texts) -> str:
    """Whether readers are asked to confirm."""
    if not row.asks_ack:
        return t("not asked for")
    if not row.chase_hours:
        return t("asked of the readers")
    return t("asked for; a reminder after {hours} hours", hours=t.number(row.chase_hours))


def options(shown: Options, *, t: Texts) -> Screen:
    """Channel, confirmation, late joiners. Each button carries what it makes, so a double tap makes it once."""
    row = shown.row
    channel = row.channel or ChannelPost.NONE
    out = screen(summary=t("Options"))
    out.heading(t("Options")).para(Bold(title_of(row, t)))
    late = t("until {when}", when=t.stamp(row.joins_until, shown.zone)) if row.joins_until else t("don't get it")
    out.facts(
        (t("Channel"), channel_line(channel, t)),
        (t("Confirmation of reading"), acknowledgement_line(row, t)),
        (t("Those who join later"), late),
    )
    if shown.channels:
        _channel_buttons(out, row, channel, t)
    else:
        out.para(t("No channel is set up on any platform."))
    _confirmation_buttons(out, row, t)
    out.row(
        Button(t("Also for those who join later"), press("announce.late", row.id), opens_form=True),
        Button(t("Not for later ones"), press("announce.nolate", row.id)) if row.joins_until else None,
    )
    return out.row(Button(t("Back to the audience"), press("announce.audience", row.id), Style.PRIMARY)).build()


def _channel_buttons(out: ScreenBuilder, row: Announcement, channel: ChannelPost, t: Texts) -> None:
    labels = {
        ChannelPost.NONE: t("Not in the channel"),
        ChannelPost.ALSO: t("Channel and everybody"),
        ChannelPost.INSTEAD: t("Channel, or directly"),
    }
    out.row(
        *(
            Button(("✓ " if one is channel else "") + label, press("announce.channel", row.id, one))
            for one, label in labels.items()
        )
    )


def _confirmation_buttons(out: ScreenBuilder, row: Announcement, t: Texts) -> None:
    now = row.chase_hours if row.asks_ack else -1
    labels = {-1: t("No confirmation"), 0: t("Ask, don't remind")} | {
        hours: t("Ask, remind after {hours} h", hours=t.number(hours)) for hours in CHASE_CHOICES if hours
    }
    buttons = [
        Button(("✓ " if hours == now else "") + label, press("announce.confirmation", row.id, hours))
        for hours, label in labels.items()
    ]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
