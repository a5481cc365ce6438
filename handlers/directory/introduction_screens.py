"""Requests to be introduced, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, Link, Para, Screen, Span, Style, one_line, press, screen
from handlers.conversation.texts import PLATFORM_NAMES, Texts
from storage.enums import IntroductionStatus, Platform

QUOTED = 120


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached once both said yes: what they wrote, or their account on a platform."""

    written: str = ""
    platform: Platform | None = None
    url: str = ""

    def spans(self, name: str, t: Texts) -> tuple[Span, ...]:
        """In a sentence."""
        if self.written:
            return (Bold(name), ": ", self.written)
        if self.platform is not None and self.url:
            return (Link(t("{name} on {platform}", name=name, platform=PLATFORM_NAMES[self.platform]), self.url),)
        return (t("{name} has left no contact. The staff can help you.", name=name),)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as one of the two sees it.

    Attributes:
        name, about: of the other one.
        to_me: whether the reader is the one who was asked.
    """

    id: int
    name: str
    about: str
    message: str
    status: IntroductionStatus
    expires_at: datetime
    to_me: bool
    snoozed: bool = False

    @property
    def first_name(self) -> str:
        """The other one's."""
        return self.name.split()[0] if self.name else ""


def asked(one: Request, *, zone: ZoneInfo, t: Texts) -> Screen:
    """To who is asked: who, why, and what they can say. A live card: what was answered takes the buttons away."""
    title = t("{name} would like to meet you", name=one.name)
    out = screen(summary=title).heading(title)
    out.facts((t("Who"), ", ".join(part for part in (one.name, one.about) if part)))
    out.para(t("“{message}”", message=one.message))
    match one.status:
        case IntroductionStatus.ACCEPTED:
            return out.para(Bold(t("✓ You said yes."))).row(Button(t("Introductions"), press("intro.list"))).build()
        case IntroductionStatus.DECLINED:
            return out.para(Bold(t("You said no. {name} is not told.", name=one.first_name))).build()
        case IntroductionStatus.EXPIRED:
            return out.para(Bold(t("The time for an answer is over."))).build()
        case IntroductionStatus.WITHDRAWN:
            return out.para(Bold(t("{name} has taken this back.", name=one.first_name))).build()
        case IntroductionStatus.OPEN:
            pass
    out.para(t("Only if you say yes do you get each other's contact. If you say no, {name} only learns later that "
               "nothing came of it.", name=one.first_name))  # fmt: skip
    out.para(t("You have until {when}.", when=t.moment(one.expires_at, zone)))
    if one.snoozed:
        out.para(Bold(t("You said “not now”.")))
    out.row(Button(t("Yes, introduce us"), press("intro.yes", one.id), Style.PRIMARY, opens_form=True))
    out.row(Button(t("Not now"), press("intro.later", one.id)), Button(t("No, thank you"), press("intro.no", one.id)))
    return out.row(Button(t("Report this"), press("intro.report", one.id), opens_form=True)).build()


def reminder(one: Request, *, zone: ZoneInfo, t: Texts) -> Screen:
    """To who said "not now": it still waits."""
    shown = asked(one, zone=zone, t=t)
    return shown.preceded_by(Para((t("You said “not now” to this. How about now?"),)))


def sent(name: str, until: datetime, *, zone: ZoneInfo, t: Texts) -> Screen:
    """To who asked: it is on its way."""
    return (
        screen()
        .para(t("I've asked {name}. If they say yes, you both get each other's contact.", name=name))
        .para(t("I'll tell you by {when}; nothing of your contact leaves before.", when=t.moment(until, zone)))
        .row(Button(t("Introductions"), press("intro.list")), Button(t("Menu"), press("home.show")))
        .build()
    )


def made(name: str, about: str, contact: Contact, *, both_asked: bool, t: Texts) -> Screen:
    """To both: you are introduced."""
    title = t("You and {name} are introduced", name=name)
    out = screen(summary=title).heading(title)
    if both_asked:
        out.para(t("{name} had asked for you too: that is a yes from both.", name=name))
    out.facts((t("Who"), ", ".join(part for part in (name, about) if part)))
    out.para(*contact.spans(name, t))
    return out.para(t("Write to each other; a word on why you wanted to meet is a good beginning.")).build()


def ended(name: str, *, t: Texts) -> Screen:
    """To who asked: nothing came of it, whether it was declined or not answered."""
    return (
        screen(summary=t("About your introduction"))
        .para(t("Nothing came of your introduction to {name} this time. It may just be a busy moment.", name=name))
        .row(Button(t("Look for others"), press("people.find", 0)))
        .build()
    )


def introductions(found: Sequence[Request], *, zone: ZoneInfo, t: Texts) -> Screen:
    """What waits for the reader, what they asked, and whom they were introduced to."""
    out = screen(summary=t("Introductions")).heading(t("Introductions"))
    if not found:
        out.para(t("Nothing yet. Find somebody in the directory and ask to be introduced."))
    for one in found:
        name = one_line(one.name, 40)
        if one.status is IntroductionStatus.ACCEPTED:
            out.para(Bold(one.name), f" – {one.about}" if one.about else "")
            out.row(Button(t("{name}: contact", name=name), press("intro.contact", one.id)))
        elif one.to_me:
            out.para(t("{name} would like to meet you", name=one.name), ": ", one_line(one.message, QUOTED))
            out.row(Button(t("Answer {name}", name=name), press("intro.open", one.id)))
        else:
            until = t.moment(one.expires_at, zone)
            out.para(t("You asked {name}; an answer comes by {when}.", name=one.name, when=until))
            out.row(Button(t("Take back: {name}", name=name), press("intro.withdraw", one.id)))
    return out.row(Button(t("Back to the people"), press("people.find", 0))).build()


# For the staff


@dataclass(frozen=True, slots=True)
class Report:
    """A member's report, as the staff see it."""

    id: int
    by: str
    about: str
    message: str
    reason: str
    settled_by: str = ""


def report(one: Report, *, t: Texts) -> Screen:
    """To the staff: a request was reported. A live card."""
    title = t("{name} was reported", name=one.about)
    out = screen(summary=title).heading(title)
    out.facts((t("Reported by"), one.by), (t("Why"), one.reason), (t("Their request said"), one.message))
    out.para(t("They no longer see each other in the directory. Neither is told what you do."))
    if one.settled_by:
        return out.para(Bold(t("✓ {name} has dealt with this.", name=one.settled_by))).build()
    return out.row(Button(t("Dealt with"), press("people.settle", one.id), Style.PRIMARY)).build()


def reports(found: Sequence[tuple[int, str, datetime]], *, zone: ZoneInfo, t: Texts) -> Screen:
    """To the staff: what nobody has dealt with: id, about whom, since when."""
    out = screen(summary=t("Reports")).heading(t("Reports"))
    if not found:
        return out.para(t("Nothing waits.")).row(Button(t("Menu"), press("home.show"))).build()
    for key, name, at in found:
        out.row(Button(t("{name}, {day}", name=one_line(name, 40), day=t.stamp(at, zone)), press("people.look", key)))
    return out.build()
