"""How it looks to see, receive, correct and erase one's data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, File, Screen, Style, press, screen
from handlers.conversation.texts import PLATFORM_NAMES, Texts
from handlers.privacy import labels
from storage.enums import Platform
from storage.personal.terms import Chapter

ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about somebody.

    Attributes:
        name, organisation: as in their profile.
        platforms: where they write from.
        since: when they agreed to the notice.
        rows: how many entries each chapter has.
        waiting: a copy of their data is being put together.
    """

    name: str
    organisation: str
    platforms: Sequence[Platform]
    since: datetime
    zone: ZoneInfo
    rows: Mapping[Chapter, int]
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class AtStake:
    """What somebody still holds, and what would become of it.

    Attributes:
        events, meetings, missions: still to come; they are given up.
        posts, answers: published; they stay without a name, or go.
        last_owner: they cannot go yet.
    """

    events: int = 0
    meetings: int = 0
    missions: int = 0
    posts: int = 0
    answers: int = 0
    last_owner: bool = False

    @property
    def published(self) -> bool:
        """Whether there is something to choose about."""
        return bool(self.posts or self.answers)


def held_screen(held: Held, *, t: Texts) -> Screen:
    """What is held, and what one can do about it."""
    out = screen(summary=t("Your data")).heading(t("Your data"))
    out.facts(
        (t("Name"), held.name),
        (t("Organisation"), held.organisation),
        (t("Writes from"), ", ".join(PLATFORM_NAMES[one] for one in held.platforms)),
        (t("You agreed on"), t.stamp(held.since, held.zone)),
    )
    lines = [
        (Bold(labels.chapter(which, t)), ": ", t.n("{n} entry", "{n} entries", number))
        for which, number in held.rows.items()
    ]
    out.bullets(lines)
    if held.waiting:
        out.para(t("A copy is being put together: it comes here as a file."))
    else:
        out.row(Button(t("Send me a copy"), press("privacy.export"), Style.PRIMARY))
    out.row(Button(t("Correct my profile"), press("profile.edit"), opens_form=True))
    out.row(Button(t("What I allow"), press("privacy.show")), Button(t("Read the notice"), press("privacy.notice")))
    return out.row(Button(t("Erase my data …"), press("privacy.erase"), Style.DANGER)).build()


def copy_asked(*, t: Texts) -> Screen:
    """A copy was asked for."""
    return (
        screen(summary=t("Your copy is on its way"))
        .para(t("I'm putting together what I hold about you. It comes here as a file in a moment."))
        .build()
    )


def copy_screen(content: bytes, name: str, *, t: Texts) -> Screen:
    """The copy."""
    return (
        screen(summary=t("Your data"))
        .heading(t("Your data"))
        .para(t("Here is everything I hold about you: data.html to read, data.json for programs, and your files."))
        .para(t("I keep no copy of this file. It is about you: save it where only you can read it."))
        .file(File(name, ZIP, content))
        .build()
    )


def _going(stake: AtStake, t: Texts) -> list[str]:
    lines = [t("Your profile, accounts, consents, settings, half-filled forms, and what decisions say about you.")]
    if stake.events:
        lines.append(
            t.n(
                "Your place at {n} event to come goes to whoever waits.",
                "Your places at {n} events to come go to those who wait.",
                stake.events,
            )
        )
    if stake.meetings:
        lines.append(
            t.n(
                "{n} meeting to come is called off, and the other side is told.",
                "{n} meetings to come are called off, and the other sides are told.",
                stake.meetings,
            )
        )
    if stake.missions:
        lines.append(t.n("You withdraw from {n} mission.", "You withdraw from {n} missions.", stake.missions))
    lines.append(t("My messages in our chat, as far as the platform lets me delete them."))
    return lines


def _staying(t: Texts) -> list[str]:
    return [
        t("Counts: that somebody came to past events and held meetings, without your name."),
        t("Messages that you yourself wrote elsewhere on Telegram or Slack: those are yours to delete there."),
    ]


def erase_screen(stake: AtStake, *, t: Texts) -> Screen:
    """The first of two questions: what goes, what stays, and what becomes of posts."""
    out = screen(summary=t("Erase my data")).heading(t("Erase my data"))
    out.para(Bold(t("What goes:"))).bullets(_going(stake, t))
    out.para(Bold(t("What stays:"))).bullets(_staying(t))
    if stake.published:
        out.para(_published(stake, t))
        out.row(Button(t("Erase me, leave my posts without my name"), press("privacy.erase2", 1), Style.DANGER))
        out.row(Button(t("Erase me and my posts"), press("privacy.erase2", 0), Style.DANGER))
    else:
        out.row(Button(t("Erase everything"), press("privacy.erase2", 0), Style.DANGER))
    out.row(Button(t("Send me a copy first"), press("privacy.export")))
    return out.row(Button(t("No, keep my data"), press("privacy.data"))).build()


def _published(stake: AtStake, t: Texts) -> str:
    posts = t.n("{n} post", "{n} posts", stake.posts)
    answers = t.n("{n} answer", "{n} answers", stake.answers)
    return t(
        "You have published {posts} and {answers}. Shall they stay, without your name?", posts=posts, answers=answers
    )


def confirm_screen(stake: AtStake, *, keep_posts: bool, stamp: int, t: Texts) -> Screen:
    """The second question restates it."""
    out = screen(summary=t("Really erase?")).heading(t("Really erase?"))
    out.bullets(_going(stake, t))
    if stake.published:
        out.para(
            t("Your posts and answers stay, without your name.") if keep_posts else t("Your posts and answers go too.")
        )
    out.para(Bold(t("This cannot be taken back: nobody can bring your data back, and you leave the community.")))
    out.row(Button(t("Yes, erase for good"), press("privacy.erase3", int(keep_posts), stamp), Style.DANGER))
    return out.row(Button(t("No, keep my data"), press("privacy.data"))).build()


def last_owner_screen(*, t: Texts) -> Screen:
    """Somebody who holds the community's keys."""
    return (
        screen(summary=t("You are one of the last owners"))
        .para(
            t(
                "You are one of the last two owners of this community, and it must never be without. Make "
                "somebody else an owner first, then come back: your data is erased at once."
            )
        )
        .row(Button(t("Your data"), press("privacy.data")))
        .build()
    )


def farewell(number: int, *, t: Texts) -> Screen:
    """It is done."""
    return (
        screen(summary=t("Erased"))
        .heading(t("Erased"))
        .para(
            t(
                "Your data is gone. In counts and decisions you are number {number}, which nobody can trace back.",
                number=number,
            )
        )
        .para(t("You can delete this chat now. To come back one day, write /start. Thank you for having been here."))
        .build()
    )


# On somebody's request


def found_screen(people: Sequence[tuple[int, str, str]], words: str, *, t: Texts) -> Screen:
    """Whom the staff may mean: (id, name, organisation)."""
    out = screen(summary=t("Erase on request")).heading(t("Erase on request"))
    if not words:
        return out.para(t("Write the command with a name: /erase Anna Bianchi.")).build()
    if not people:
        return out.para(t("Nobody here is called “{words}”.", words=words)).build()
    out.para(t("Whose data shall be erased? Only on their own request, or when the law asks for it."))
    for person_id, name, organisation in people:
        out.row(
            Button(f"{name} · {organisation}"[:70] if organisation else name[:70], press("privacy.person", person_id))
        )
    return out.build()


def request_screen(person_id: int, name: str, stake: AtStake, *, t: Texts) -> Screen:
    """What would become of somebody's data, for the staff."""
    out = screen(summary=t("Erase {name}", name=name)).heading(t("Erase {name}", name=name))
    out.facts(
        (t("Events to come"), t.number(stake.events)),
        (t("Meetings to come"), t.number(stake.meetings)),
        (t("Missions"), t.number(stake.missions)),
        (t("Posts"), t.number(stake.posts)),
        (t("Answers"), t.number(stake.answers)),
    )
    out.para(t("Places are given on, meetings called off, other sides told. It cannot be taken back."))
    if stake.last_owner:
        return out.para(Bold(t("One of the last two owners: make somebody else an owner first."))).build()
    if stake.published:
        out.row(
            Button(
                t("Erase, posts stay without name"),
                press("privacy.onrequest", person_id, 1),
                Style.DANGER,
                opens_form=True,
            )
        )
    return out.row(
        Button(t("Erase everything"), press("privacy.onrequest", person_id, 0), Style.DANGER, opens_form=True)
    ).build()


def done_on_request(number: int, *, t: Texts) -> Screen:
    """The staff erased somebody."""
    return (
        screen(summary=t("Erased"))
        .para(
            t("✓ Erased. In the audit log they are number {number}; the name stands nowhere any more.", number=number)
        )
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )
