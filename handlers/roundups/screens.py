"""The roundups, drawn from data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Span, one_line, press, screen
from handlers.conversation.texts import Texts
from storage.enums import OutboxState
from storage.models import CommunityEvent, Mission, Post
from storage.queries.roundups import Silent

LINE_LENGTH = 160
BUTTONS_A_ROW = 4


def clipped(text: str) -> str:
    """A title on one line."""
    return one_line(text, LINE_LENGTH)


@dataclass(frozen=True, slots=True)
class Week:
    """What a week brought the community, and what comes.

    Attributes:
        posts_total: how many posts there are; not all of them may be named.
        zone: the community's.
    """

    zone: ZoneInfo
    posts: Sequence[Post] = ()
    posts_total: int = 0
    events: Sequence[CommunityEvent] = ()
    missions: Sequence[Mission] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.posts or self.events or self.missions)


class _Lines:
    def __init__(self) -> None:
        self.buttons: list[Button] = []

    def add(self, text: str, label: str, verb: str, subject: int) -> tuple[Span, ...]:
        """A numbered line whose button answers whoever presses it in private."""
        number = len(self.buttons) + 1
        self.buttons.append(Button(f"{number} · {label}", press("digest.go", verb, subject)))
        return (Bold(f"{number}"), " · ", text)

    def rows(self, out: ScreenBuilder) -> None:
        for start in range(0, len(self.buttons), BUTTONS_A_ROW):
            out.row(*self.buttons[start : start + BUTTONS_A_ROW])


def week(shown: Week, *, t: Texts) -> Screen:
    """The week for the community's channel."""
    out = screen(summary=t("The week in the community")).heading(t("The week in the community"))
    lines = _Lines()
    if shown.posts:
        out.para(Bold(t("New know-how")))
        out.bullets([lines.add(clipped(one.title), t("Read it"), "post.open", one.id) for one in shown.posts])
        more = shown.posts_total - len(shown.posts)
        out.para(t.n("And {n} more.", "And {n} more.", more) if more > 0 else "")
    if shown.events:
        out.para(Bold(t("Coming up")))
        out.bullets([_event(one, shown.zone, lines, t) for one in shown.events])
    if shown.missions:
        out.para(Bold(t("Missions you can apply for")))
        out.bullets([_mission(one, shown.zone, lines, t) for one in shown.missions])
    lines.rows(out)
    return out.build()


def _event(one: CommunityEvent, zone: ZoneInfo, lines: _Lines, t: Texts) -> tuple[Span, ...]:
    when = t.moment(one.starts_at, ZoneInfo(one.zone), reader=zone)
    return lines.add(t("{title}: {when}", title=clipped(one.title), when=when), t("Details"), "event.open", one.id)


def _mission(one: Mission, zone: ZoneInfo, lines: _Lines, t: Texts) -> tuple[Span, ...]:
    when = t.moment(one.deadline, zone)
    text = t("{title}: apply by {when}", title=clipped(one.title), when=when)
    return lines.add(text, t("Details"), "mission.show", one.id)


# For the staff


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of one kind waits for the reader: what it is called, how many, and since when the oldest."""

    label: str
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs somebody of the staff.

    Attributes:
        now: by which ages are counted.
        waiting: what waits for their decision.
        deliveries: failed and uncertain ones of the last week.
        questions: without an answer, the oldest first; ``questions_total`` of them.
        wanted: whether it comes every week.
        weekly: whether it comes every week to those who want it.
    """

    now: datetime
    waiting: Sequence[Waiting] = ()
    silent: Sequence[Silent] = ()
    deliveries: Mapping[OutboxState, int] = field(default_factory=dict)
    questions: Sequence[Post] = ()
    questions_total: int = 0
    wanted: bool = True
    weekly: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs them."""
        return not (self.waiting or self.silent or self.deliveries or self.questions)


def attention(shown: Attention, *, t: Texts) -> Screen:
    """What needs somebody of the staff, with its age and the way to it."""
    out = screen(summary=t("What needs you")).heading(t("What needs you"))
    if shown.is_empty:
        out.para(t("Nothing: everything is decided, answered and delivered."))
    if shown.waiting:
        out.para(Bold(t("Waiting for a decision")))
        out.bullets([_waiting(one, shown.now, t) for one in shown.waiting])
    if shown.silent:
        out.para(Bold(t("Delegates who have not answered")))
        out.bullets([_silent(one, shown.now, t) for one in shown.silent])
    if shown.deliveries:
        out.para(Bold(t("Deliveries of the last week")))
        out.bullets([_deliveries(state, number, t) for state, number in sorted(shown.deliveries.items())])
    lines = _Lines()
    if shown.questions:
        out.para(Bold(t("Questions without an answer")))
        out.bullets([_question(one, shown.now, lines, t) for one in shown.questions])
        more = shown.questions_total - len(shown.questions)
        out.para(t.n("And {n} more.", "And {n} more.", more) if more > 0 else "")
    lines.rows(out)
    if shown.waiting:
        out.row(Button(t("What is waiting?"), press("inbox.show", "all", "all", 0)))
    if shown.weekly:
        out.para(t("It comes once a week.") if shown.wanted else t("It doesn't come by itself: you turned it off."))
        out.row(
            Button(t("Don't send it any more"), press("roundup.want", 0))
            if shown.wanted
            else Button(t("Send it every week"), press("roundup.want", 1))
        )
    return out.build()


def _days(since: datetime, now: datetime, t: Texts) -> str:
    days = max(0, (now - since) // timedelta(days=1))
    return t.n("for {n} day", "for {n} days", days) if days else t("since today")


def _waiting(one: Waiting, now: datetime, t: Texts) -> str:
    return t("{what}: {n}, the oldest {age}", what=t(one.label), n=t.number(one.number), age=_days(one.since, now, t))


def _silent(one: Silent, now: datetime, t: Texts) -> str:
    people = t.n("{n} person", "{n} people", one.people)
    return t("{title}: {people}, the longest {age}", title=clipped(one.title), people=people,
             age=_days(one.since, now, t))  # fmt: skip


def _deliveries(state: OutboxState, number: int, t: Texts) -> str:
    if state is OutboxState.FAILED:
        return t.n("{n} message did not arrive", "{n} messages did not arrive", number)
    return t.n("{n} message may not have arrived", "{n} messages may not have arrived", number)


def _question(one: Post, now: datetime, lines: _Lines, t: Texts) -> tuple[Span, ...]:
    age = _days(one.published_at or now, now, t)
    return lines.add(t("{title}, {age}", title=clipped(one.title), age=age), t("Read it"), "post.open", one.id)
