"""Who is asked about a question and why, and what they are asked, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.screens import clipped

BODY_SHOWN = 600
"""Characters of a question's text for those who are asked."""
TITLE_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why somebody may know: words of their profile, titles of posts they wrote or answered, a sector, who says so.

    Only what its reader may read is filled in.
    """

    profile: str = ""
    wrote: Sequence[str] = ()
    answered: Sequence[str] = ()
    sector: str = ""
    named_by: str = ""


class Progress(StrEnum):
    """How it stands with somebody, as whoever asks sees it: that somebody declined looks like that they are away."""

    NEXT = "next"
    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """Somebody who was asked, or is to be asked next. ``day``: when they were asked."""

    name: str
    why: Why
    progress: Progress
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as those who are asked see it."""

    post_id: int
    title: str
    body: str
    author: str


def _of_them(why: Why, t: Texts) -> list[str]:
    """For whoever asks."""
    return [
        *([t("named by {name}", name=why.named_by)] if why.named_by else []),
        *([t("profile: {words}", words=why.profile)] if why.profile else []),
        *(t("wrote “{title}”", title=clipped(one, TITLE_SHOWN)) for one in why.wrote),
        *(t("answered “{title}”", title=clipped(one, TITLE_SHOWN)) for one in why.answered),
        *([t("works in {sector}", sector=why.sector)] if why.sector else []),
    ]


def _of_you(why: Why, t: Texts) -> list[str]:
    """For whoever is asked."""
    return [
        *([t("{name} says that you may know.", name=why.named_by)] if why.named_by else []),
        *([t("Your profile says: {words}.", words=why.profile)] if why.profile else []),
        *(t("You wrote “{title}”.", title=clipped(one, TITLE_SHOWN)) for one in why.wrote),
        *(t("You answered “{title}”.", title=clipped(one, TITLE_SHOWN)) for one in why.answered),
        *([t("You work in {sector}.", sector=why.sector)] if why.sector else []),
    ]


def _progress(line: ExpertLine, t: Texts) -> str:
    match line.progress:
        case Progress.NEXT:
            return t("is asked as soon as there is room")
        case Progress.WAITING:
            return t("asked on {day}", day=t.short_day(line.day)) if line.day else t("asked")
        case Progress.TAKEN:
            return t("wants to answer")
        case Progress.ANSWERED:
            return t("✓ has answered")
        case Progress.OUT:
            return t("can't this time")


def who(post_id: int, title: str, lines: Sequence[ExpertLine], more: int, *, going_on: bool, t: Texts) -> Screen:
    """Who is asked about a question, for its author and the moderators; ``more``: those who are left out here."""
    head = t("Who is asked: “{title}”", title=clipped(title, TITLE_SHOWN))
    out = screen(summary=head).heading(head)
    if not lines and going_on:
        out.para(t("I find nobody yet who seems to know and can be asked. I look again every day, for two weeks."))
    for number, line in enumerate(lines, 1):
        reasons = "; ".join(_of_them(line.why, t))
        out.para(Bold(f"{number}. {line.name}"), f" · {_progress(line, t)}", f"\n{reasons}" if reasons else "")
    if more:
        out.para(t.n("… and {n} more", "… and {n} more", more))
    if going_on:
        out.para(
            t(
                "Five at a time, and nobody more than twice a week. Whoever doesn't answer in two days makes room "
                "for the next. Only you and the moderators see this."
            )
        )
        out.row(Button(t("That's enough"), press("expert.stop", post_id)))
    else:
        out.para(t("Nobody else is asked."))
        out.row(Button(t("Ask others"), press("expert.begin", post_id)))
    return out.row(Button(t("Back to the post"), press("post.open", post_id))).build()


def asked(ask_id: int, question: Question, why: Why, t: Texts) -> Screen:
    """To who may know."""
    title = clipped(question.title, TITLE_SHOWN)
    out = screen(summary=t("Do you know? “{title}”", title=title)).heading(t("Do you know? “{title}”", title=title))
    out.para(t("{name} asks:", name=question.author), f"\n{clipped(question.body, BODY_SHOWN)}")
    reasons = _of_you(why, t)
    if reasons:
        out.para(t("Why I ask you:"), f" {' '.join(reasons)}")
    out.para(t("Two of these a week at most; /settings turns them off."))
    out.row(
        Button(t("I can answer"), press("expert.can", ask_id), Style.PRIMARY, opens_form=True),
        Button(t("I know somebody"), press("expert.know", ask_id), opens_form=True),
        Button(t("Not me"), press("expert.not", ask_id)),
    )
    return out.row(Button(t("See it"), press("post.open", question.post_id))).build()


def taken(name: str, title: str, post_id: int, t: Texts) -> Screen:
    """To whoever asks: somebody wants to answer."""
    head = t("{name} wants to answer “{title}”", name=name, title=clipped(title, TITLE_SHOWN))
    out = screen(summary=head).heading(head)
    return out.row(
        Button(t("See it"), press("post.open", post_id)), Button(t("Who is asked"), press("expert.show", post_id))
    ).build()


def declined(post_id: int, t: Texts) -> Screen:
    """To whom it was nothing for."""
    text = t("Thank you for saying so: I ask somebody else.")
    return screen(summary=text).para(text).row(Button(t("See it"), press("post.open", post_id))).build()


def referred(name: str, post_id: int, t: Texts) -> Screen:
    """To who named somebody."""
    text = t("Thank you! {name} is next, unless they'd rather not be asked.", name=name)
    return screen(summary=text).para(text).row(Button(t("See it"), press("post.open", post_id))).build()
