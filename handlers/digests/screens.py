"""The digest and its settings, drawn from data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.followed import because_followed
from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Span, one_line, press, screen
from handlers.conversation.texts import Texts
from storage.enums import Answer, SubjectKind
from storage.models import Announcement, CommunityEvent, Mission, Post
from storage.queries.digests import Deadline

BUTTONS_A_ROW = 4
LINE_LENGTH = 160
"""Characters of a title in a line."""


def clipped(text: str, length: int = LINE_LENGTH) -> str:
    """The text on one line, cut to so many characters."""
    return one_line(text, length)


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice that its reader wants in the digest.

    Attributes:
        id: of the item that waited.
        line: what it says, in a line.
        meeting: which meeting it is about, if it is about one.
    """

    id: int
    line: str
    meeting: int | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says to its reader.

    Attributes:
        zone: the reader's.
        more_posts: whether there are new posts that do not fit.
        deadlines: what waits for an answer and is not named above.
        kept: notices that would have come at once without the reader's wish.
        because: by post, the name of what its reader follows and for which it is named.
    """

    zone: ZoneInfo
    posts: Sequence[Post] = field(default_factory=list)
    events: Sequence[CommunityEvent] = field(default_factory=list)
    missions: Sequence[Mission] = field(default_factory=list)
    announcements: Sequence[Announcement] = field(default_factory=list)
    more_posts: bool = False
    deadlines: Sequence[Deadline] = field(default_factory=list)
    kept: Sequence[KeptNotice] = field(default_factory=list)
    because: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether anything but deadlines is in it."""
        return bool(self.posts or self.events or self.missions or self.announcements or self.kept)


def through(verb: str, subject: int, word: str = "") -> str:
    """The action that answers a line in a new message, so that the digest stays."""
    return press("digest.go", verb, subject, word) if word else press("digest.go", verb, subject)


class _Lines:
    """Numbers the lines, and collects their buttons."""

    def __init__(self, out: ScreenBuilder, t: Texts) -> None:
        self.out = out
        self.t = t
        self.number = 0
        self.single: list[Button] = []
        self.rows: list[tuple[Button, ...]] = []

    def line(self, text: str, why: str) -> tuple[Span, ...]:
        """A numbered line, and why it is there."""
        self.number += 1
        return (Bold(f"{self.number}"), " · ", text, " · ", why)

    def label(self, what: str) -> str:
        return f"{self.number} · {what}"

    def one(self, what: str, action: str, *, opens_form: bool = False) -> None:
        self.single.append(Button(self.label(what), action, opens_form=opens_form))

    def several(self, *buttons: Button) -> None:
        self.rows.append(buttons)

    def buttons(self) -> None:
        for start in range(0, len(self.single), BUTTONS_A_ROW):
            self.out.row(*self.single[start : start + BUTTONS_A_ROW])
        for row in self.rows:
            self.out.row(*row)


def digest(shown: Digest, *, t: Texts) -> Screen:
    """What is new, what waits, and a button for each line."""
    out = screen(summary=t("Your digest"))
    out.heading(t("Your digest"))
    lines = _Lines(out, t)
    if shown.announcements:
        out.para(Bold(t("Announcements")))
        out.bullets([_announcement(one, lines) for one in shown.announcements])
    if shown.kept:
        out.para(Bold(t("For you")))
        out.bullets([_kept(one, lines) for one in shown.kept])
    if shown.posts:
        out.para(Bold(t("New know-how")))
        out.bullets([_post(one, shown.because.get(one.id, ""), lines) for one in shown.posts])
        out.para(t("There are more in the list of posts.") if shown.more_posts else "")
    if shown.events:
        out.para(Bold(t("Coming up")))
        out.bullets([_event(one, shown.zone, lines) for one in shown.events])
    if shown.missions:
        out.para(Bold(t("Missions you can apply for")))
        out.bullets([_mission(one, shown.zone, lines) for one in shown.missions])
    if shown.deadlines:
        out.para(Bold(t("Waiting for you")))
        out.bullets([_deadline(one, shown, lines) for one in shown.deadlines])
    lines.buttons()
    return out.row(Button(t("How often?"), press("digest.show"))).build()


def _announcement(row: Announcement, lines: _Lines) -> tuple[Span, ...]:
    line = lines.line(clipped(lines.t.of(row, "title")), lines.t("it did not reach you"))
    lines.one(lines.t("Read it"), through("announce.read", row.id))
    return line


def _kept(one: KeptNotice, lines: _Lines) -> tuple[Span, ...]:
    line = lines.line(clipped(one.line), lines.t("you want it in the digest"))
    lines.one(lines.t("Open"), press("digest.item", one.id))
    return line


def _post(post: Post, followed: str, lines: _Lines) -> tuple[Span, ...]:
    t = lines.t
    line = lines.line(clipped(post.title), because_followed(followed, t) if followed else t("new in the community"))
    lines.several(
        Button(lines.label(t("Read it")), through("post.open", post.id)),
        Button(lines.label(t("Less like this")), press("digest.less", post.id)),
    )
    return line


def _short(instant: datetime, zone: ZoneInfo, reader: ZoneInfo, t: Texts) -> str:
    return t.moment(instant, zone, reader=reader)


def _event(event: CommunityEvent, reader: ZoneInfo, lines: _Lines) -> tuple[Span, ...]:
    t = lines.t
    when = _short(event.starts_at, ZoneInfo(event.zone), reader, t)
    line = lines.line(t("{title}: {when}", title=clipped(event.title), when=when), t("you have not answered yet"))
    lines.several(*_event_buttons(event.id, lines))
    return line


def _event_buttons(event_id: int, lines: _Lines) -> tuple[Button, ...]:
    t = lines.t
    return (
        Button(lines.label(t("I'm going")), through("event.rsvp", event_id, Answer.GOING)),
        Button(lines.label(t("Can't come")), through("event.rsvp", event_id, Answer.CANT)),
        Button(lines.label(t("Details")), through("event.open", event_id)),
    )


def _mission(mission: Mission, reader: ZoneInfo, lines: _Lines) -> tuple[Span, ...]:
    t = lines.t
    line = lines.line(
        t(
            "{title}, {days}: apply by {when}",
            title=clipped(mission.title),
            days=t.days(mission.first_day, mission.last_day),
            when=t.moment(mission.deadline, reader),
        ),
        t("you have not applied yet"),
    )
    lines.several(*_mission_buttons(mission.id, lines))
    return line


def _mission_buttons(mission_id: int, lines: _Lines) -> tuple[Button, Button]:
    t = lines.t
    return (
        Button(lines.label(t("Apply")), through("mission.apply", mission_id), opens_form=True),
        Button(lines.label(t("Details")), through("mission.show", mission_id)),
    )


def _deadline(one: Deadline, shown: Digest, lines: _Lines) -> tuple[Span, ...]:
    t, reader = lines.t, shown.zone
    zone = ZoneInfo(one.zone) if one.zone else reader
    title = clipped(one.title)
    match one.kind:
        case SubjectKind.EVENT:
            when = _short(one.at, zone, reader, t) if one.at else ""
            line = lines.line(t("{title}, {when}: are you coming?", title=title, when=when),
                              t("you have not decided yet"))  # fmt: skip
            lines.several(*_event_buttons(one.id, lines))
        case SubjectKind.MISSION:
            when = t.moment(one.at, reader) if one.at else ""
            line = lines.line(t("{title}: apply by {when}", title=title, when=when), t("you have not applied yet"))
            lines.several(*_mission_buttons(one.id, lines))
        case SubjectKind.POST:
            when = t.moment(one.at, reader) if one.at else ""
            followed = shown.because.get(one.id, "")
            why = because_followed(followed, t) if followed else t("you have looked at it")
            line = lines.line(t("{title}: open until {when}", title=title, when=when), why)
            lines.one(t("Read it"), through("post.open", one.id))
        case _ if one.at is not None:
            when = _short(one.at, zone, reader, t)
            line = lines.line(t("Meeting with {name}, {when}: can you make it?", name=title, when=when),
                              t("your answer is missing"))  # fmt: skip
            lines.one(t("Answer the request"), through("meeting.open", one.id))
        case _:
            line = lines.line(t("Meeting with {name}: would you like to meet?", name=title),
                              t("your answer is missing"))  # fmt: skip
            lines.one(t("Answer the request"), through("meeting.open", one.id))
    return line


def nothing_new(since: datetime, *, zone: ZoneInfo, t: Texts) -> Screen:
    """In answer to "show me now"."""
    return (
        screen()
        .para(t("Nothing new for you since {when}.", when=t.moment(since, zone)))
        .row(Button(t("How often?"), press("digest.show")))
        .build()
    )
