"""Reports about posts and answers, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation.screen import Bold, Button, Screen, Style, one_line, press, screen
from handlers.conversation.texts import Texts
from storage.enums import ReportOutcome

TITLE_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report as those who decide on it see it.

    Attributes:
        text: what was reported, while it is there and the report is open.
        others: why others have reported the same.
    """

    id: int
    post_id: int
    is_answer: bool
    title: str
    text: str
    author: str
    reporter: str
    reason: str
    others: Sequence[str] = ()
    outcome: ReportOutcome | None = None
    decided_by: str = ""
    note: str = ""


def headline(title: str, *, is_answer: bool, t: Texts) -> str:
    """What was reported, in a line."""
    short = one_line(title, TITLE_SHOWN)
    if is_answer:
        return t("Reported: an answer to “{title}”", title=short)
    return t("Reported: “{title}”", title=short)


def report(view: ReportView, t: Texts) -> Screen:
    """To those who decide. A live card: what was decided takes the buttons away."""
    title = headline(view.title, is_answer=view.is_answer, t=t)
    out = screen(summary=title).heading(title)
    out.facts((t("Written by"), view.author), (t("Reported by"), view.reporter), (t("Why"), view.reason))
    if view.others:
        out.para(t.n("{n} other member reported it too:", "{n} other members reported it too:", len(view.others)))
        out.bullets(view.others)
    out.para(view.text)
    match view.outcome:
        case ReportOutcome.DISMISSED:
            return out.para(Bold(t("✓ It stays, {name} decided.", name=view.decided_by))).build()
        case ReportOutcome.REMOVED:
            text = t("Removed by {name}: {reason}", name=view.decided_by, reason=view.note)
            return out.para(Bold(text)).build()
        case ReportOutcome.GONE:
            return out.para(Bold(t("It is no longer there: nothing is left to decide."))).build()
        case None:
            pass
    out.para(t("Its author is not told who reported it."))
    out.row(
        Button(t("It can stay"), press("reported.dismiss", view.id), Style.PRIMARY),
        Button(t("Remove it"), press("reported.remove", view.id), Style.DANGER, opens_form=True),
    )
    return out.row(Button(t("Open the post"), press("post.open", view.post_id))).build()


def told_outcome(title: str, outcome: ReportOutcome, *, is_answer: bool, t: Texts) -> Screen:
    """To whoever reported."""
    out = screen(summary=t("About what you reported")).para(Bold(headline(title, is_answer=is_answer, t=t)))
    match outcome:
        case ReportOutcome.DISMISSED:
            out.para(t("The staff looked at what you reported and left it as it is."))
        case ReportOutcome.REMOVED:
            out.para(t("The staff looked at what you reported and removed it."))
        case ReportOutcome.GONE:
            out.para(t("What you reported is no longer there."))
    return out.para(t("Thank you for watching over the community.")).build()


def told_answer_removed(title: str, reason: str, t: Texts) -> Screen:
    """To who wrote an answer that the staff removed."""
    return (
        screen(summary=t("The staff removed an answer of yours"))
        .para(Bold(t("The staff removed your answer to “{title}”.", title=one_line(title, TITLE_SHOWN))))
        .para(t("What the staff say: {reason}", reason=reason))
        .build()
    )


def removed(t: Texts) -> Screen:
    """To who decided to remove it."""
    return (
        screen()
        .para(t("Removed. Its author reads your reason, and whoever reported it is told."))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def reported(t: Texts) -> Screen:
    """To whoever reported: it is with the staff."""
    return (
        screen()
        .para(t("Thank you: the staff look at it and I'll tell you what they decide. Nobody else learns it was you."))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )
