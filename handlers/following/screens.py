"""What can be followed and what is, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.followed import topic_line
from handlers.conversation.levels import SIGN, level_name
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, one_line, press, screen
from handlers.conversation.texts import Texts
from handlers.following.rules import A_PAGE, Wanted
from storage.enums import DigestFrequency, TopicLevel
from storage.post_topics import handle_of

NAME_LENGTH = 48
"""Characters of a name on a button."""


@dataclass(frozen=True, slots=True)
class Followable:
    """Something of which a reader can want more or less.

    Attributes:
        topic: its key.
        name: in the reader's language.
        level: what they chose; ``None`` where they chose nothing.
    """

    topic: str
    name: str
    level: TopicLevel | None

    @property
    def handle(self) -> str:
        """How a button names it."""
        return handle_of(self.topic)


@dataclass(frozen=True, slots=True)
class Follows:
    """A page of what a reader follows or has muted."""

    things: Sequence[Followable]
    page: int
    pages: int
    digest: DigestFrequency


def _cut(text: str) -> str:
    return one_line(text, NAME_LENGTH)


def _label(one: Followable, t: Texts) -> str:
    line = _cut(topic_line(one.topic, one.name, t))
    return f"{SIGN[one.level]} {line}" if one.level is not None else line


def of_post(post_id: int, title: str, things: Sequence[Followable], t: Texts) -> Screen:
    """What of a post can be followed."""
    out = screen(summary=t("Follow what?")).heading(t("Follow what?"))
    out.para(title)
    out.para(t("Choose what you want to hear more of, or less."))
    for one in things:
        out.row(Button(_label(one, t), press("follow.choose", post_id, one.handle)))
    out.row(Button(t("Back to the post"), press("post.open", post_id)), Button(t("What you follow"), _list()))
    return out.build()


def choose(one: Followable, *, back: str, post_id: int, t: Texts) -> Screen:
    """How much of one thing."""
    out = screen(summary=topic_line(one.topic, one.name, t)).heading(topic_line(one.topic, one.name, t))
    out.para(_now(one.level, t))
    for wanted in Wanted:
        chosen = wanted.level is one.level
        label = wanted_name(wanted, t)
        out.row(
            Button(
                f"✓ {label}" if chosen else label,
                press("follow.set", post_id, one.handle, wanted),
                Style.PRIMARY if chosen else Style.PLAIN,
            )
        )
    return out.row(Button(t("Back"), back)).build()


def _now(level: TopicLevel | None, t: Texts) -> str:
    match level:
        case TopicLevel.NOW:
            return t("You follow it: I write to you as soon as there is something new.")
        case TopicLevel.DIGEST:
            return t("You follow it: what is new stands first in your digest.")
        case TopicLevel.MUTED:
            return t("You hear nothing of it: not at once, and not in the digest.")
        case None:
            return t("You don't follow it: it comes as everything else does.")


def wanted_name(wanted: Wanted, t: Texts) -> str:
    """What a choice is called on its button."""
    match wanted:
        case Wanted.NOW:
            name = t("Follow: at once")
        case Wanted.DIGEST:
            name = t("Follow: in the digest")
        case Wanted.MUTED:
            name = t("Mute it")
        case Wanted.USUAL:
            name = t("Nothing in particular")
    return name if wanted.level is None else f"{SIGN[wanted.level]} {name}"


def followed(shown: Follows, t: Texts) -> Screen:
    """All that is followed or muted, and how to change it."""
    out = screen(summary=t("What you follow")).heading(t("What you follow"))
    if not shown.things:
        out.para(t("You follow nothing yet. Open a post and tap “Follow…”: its topics, its author, who they work for."))
    for one in shown.things:
        how = level_name(one.level, t) if one.level is not None else ""
        out.row(Button(_cut(f"{_label(one, t)} · {how}"), press("follow.choose", 0, one.handle)))
    if shown.things and shown.digest is DigestFrequency.OFF:
        out.para(
            Bold(t("Your digest is off.")), " ", t("What you follow there shows when you ask for it with /digest.")
        )
    out.row(
        Button("‹", press("follow.list", shown.page - 1)) if shown.page > 0 else None,
        Button("›", press("follow.list", shown.page + 1)) if shown.page < shown.pages - 1 else None,
    )
    return _ways(out, t)


def _ways(out: ScreenBuilder, t: Texts) -> Screen:
    out.row(Button(t("New know-how, by sector"), press("prefs.sectors")))
    return out.row(
        Button(t("What you get"), press("prefs.topics")), Button(t("My digest"), press("digest.show"))
    ).build()


def _list() -> str:
    return press("follow.list", 0)


def pages_of(number: int) -> int:
    """How many pages so many things fill."""
    return max(1, -(-number // A_PAGE))
