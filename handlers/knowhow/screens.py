"""A post as it is read, reviewed and shown in the channel, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, UrlButton, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.rules import Why
from storage.enums import Locale, PostStatus

ANSWERS_SHOWN = 3
"""Answers below a post; the others are a press away."""
ANSWERS_A_PAGE = 8
CARD_LENGTH = 320
"""Characters of a post's text on its card in the channel."""
LABEL_LENGTH = 44
"""Characters of a title on a button."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer to a post."""

    author: str
    body: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """What is shown of a post.

    Attributes:
        author: name and organisation.
        day: when it was published, or written while it waits; in the reader's zone.
        deadline: last day of a call.
        file: the attachment's name; empty without one.
        answers: the newest ones, the newest first.
        answers_total: how many there are.
        is_author: whether the reader wrote it.
        removable: in what right the reader may remove it.
        decided_by: who approved, rejected or removed it.
        reason: why it was rejected or removed.
    """

    id: int
    status: PostStatus
    title: str
    body: str
    kind: str
    author: str
    language: Locale
    day: date
    sector: str = ""
    topics: Sequence[str] = ()
    link: str = ""
    deadline: date | None = None
    file: str = ""
    answers: Sequence[AnswerView] = ()
    answers_total: int = 0
    is_author: bool = False
    removable: Why | None = None
    decided_by: str = ""
    reason: str = ""


def clipped(text: str, length: int = LABEL_LENGTH) -> str:
    """The text on one line, cut to so many characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"


def _language(locale: Locale, t: Texts) -> str:
    return t("Italian") if locale is Locale.ITALIAN else t("English")


def _facts(out: ScreenBuilder, view: PostView, t: Texts) -> None:
    out.facts(
        (t("Kind"), view.kind),
        (t("By"), view.author),
        (t("Date"), t.day(view.day, year=True)),
        (t("Deadline"), t.day(view.deadline, year=True) if view.deadline else None),
        (t("Sector"), view.sector),
        (t("Topics"), ", ".join(view.topics)),
        (t("Language"), _language(view.language, t) if view.language is not t.locale else None),
        (t("File"), view.file),
    )


def _link_and_file(out: ScreenBuilder, view: PostView, t: Texts) -> None:
    out.row(
        UrlButton(t("Open the link"), view.link) if view.link else None,
        Button(t("Get the file"), press("post.file", view.id)) if view.file else None,
    )


def post(view: PostView, t: Texts) -> Screen:
    """The whole post, for one reader."""
    out = screen(summary=view.title).heading(view.title)
    match view.status:
        case PostStatus.PENDING:
            out.para(Bold(t("Not published yet: the staff are looking at it.")))
        case PostStatus.REJECTED:
            out.para(Bold(t("Not published.")), f" {view.reason}")
        case PostStatus.PUBLISHED | PostStatus.REMOVED:
            pass
    _facts(out, view, t)
    out.para(view.body)
    if view.answers:
        out.heading(t.n("{n} answer", "{n} answers", view.answers_total))
        _answers(out, view.answers, t)
    _link_and_file(out, view, t)
    if view.status is PostStatus.PUBLISHED:
        out.row(
            Button(t("Answer"), press("post.answer", view.id), Style.PRIMARY, opens_form=True),
            Button(t("All the answers"), press("post.answers", view.id, 0))
            if view.answers_total > len(view.answers)
            else None,
        )
        out.row(Button(t("Follow…"), press("follow.post", view.id)))
    if view.status is PostStatus.REJECTED and view.is_author:
        out.row(Button(t("Mend it and send it again"), press("post.again", view.id), Style.PRIMARY, opens_form=True))
    out.row(_remove_button(view, t))
    out.row(Button(t("Latest posts"), press("post.find", 0, 0, 0, "")), Button(t("My posts"), press("post.mine", 0)))
    return out.build()


def _remove_button(view: PostView, t: Texts) -> Button | None:
    match view.removable:
        case Why.AUTHOR:
            return Button(t("Remove"), press("post.remove", view.id), Style.DANGER)
        case Why.MODERATOR:
            return Button(t("Remove"), press("post.takedown", view.id), Style.DANGER, opens_form=True)
        case None:
            return None


def _answers(out: ScreenBuilder, answers: Sequence[AnswerView], t: Texts) -> None:
    for one in answers:
        out.para(Bold(t("{author}, {day}", author=one.author, day=t.short_day(one.day))), f"\n{one.body}")


def answers(view: PostView, page: int, pages: int, t: Texts) -> Screen:
    """A page of the answers to a post."""
    title = t("Answers to “{title}”", title=clipped(view.title, 80))
    out = screen(summary=title).heading(title)
    _answers(out, view.answers, t)
    out.row(
        Button("‹", press("post.answers", view.id, page - 1)) if page > 0 else None,
        Button("›", press("post.answers", view.id, page + 1)) if page < pages - 1 else None,
    )
    out.row(
        Button(t("Answer"), press("post.answer", view.id), Style.PRIMARY, opens_form=True),
        Button(t("Back to the post"), press("post.open", view.id)),
    )
    return out.build()


def review(view: PostView, t: Texts) -> Screen:
    """A post that waits for a moderator; once one has decided, who did."""
    out = screen(summary=t("To review: {title}", title=clipped(view.title, 80)))
    out.heading(t("To review: {title}", title=view.title) if view.status is PostStatus.PENDING else view.title)
    if view.status is not PostStatus.PENDING:
        out.para(Bold(_verdict(view, t)))
    if view.status is PostStatus.REMOVED:
        return out.build()
    _facts(out, view, t)
    out.para(view.body)
    _link_and_file(out, view, t)
    if view.status is PostStatus.PENDING:
        out.row(
            Button(t("Approve"), press("post.approve", view.id), Style.PRIMARY),
            Button(t("Reject"), press("post.reject", view.id), Style.DANGER, opens_form=True),
        )
    return out.build()


def _verdict(view: PostView, t: Texts) -> str:
    match view.status:
        case PostStatus.PENDING:
            return t("with the staff")
        case PostStatus.PUBLISHED:
            return t("✓ Approved by {name}", name=view.decided_by)
        case PostStatus.REJECTED:
            return t("✗ Rejected by {name}: {reason}", name=view.decided_by, reason=view.reason)
        case PostStatus.REMOVED if view.decided_by:
            return t("Removed by {name}", name=view.decided_by)
        case PostStatus.REMOVED:
            return t("Withdrawn by its author")


def card(view: PostView, t: Texts) -> Screen:
    """A published post in the community's channel."""
    if view.status is not PostStatus.PUBLISHED:
        return screen(summary=t("This post was removed.")).para(t("This post was removed.")).build()
    out = screen(summary=t("{kind}: {title}", kind=view.kind, title=view.title)).heading(view.title)
    out.para(clipped(view.body, CARD_LENGTH))
    out.facts(
        (t("Kind"), view.kind),
        (t("By"), view.author),
        (t("Deadline"), t.day(view.deadline, year=True) if view.deadline else None),
        (t("Sector"), view.sector),
        (t("Topics"), ", ".join(view.topics)),
        (t("Answers"), t.number(view.answers_total) if view.answers_total else None),
    )
    return out.row(
        Button(t("Read it all"), press("post.open", view.id)),
        Button(t("Answer"), press("post.answer", view.id), opens_form=True),
    ).build()


def handed_over(title: str, t: Texts) -> ScreenBuilder:
    """The message that brings a post's file."""
    return screen().para(t("The file of “{title}”.", title=title))


def shared(view: PostView, t: Texts) -> Screen:
    """Thanks, after the form."""
    if view.status is PostStatus.PUBLISHED:
        text = t("Published: “{title}”. It is in the channel now.", title=view.title)
    else:
        text = t(
            "Thank you! “{title}” is with the staff: they will look at it and I'll write to you.", title=view.title
        )
    return screen().para(text).row(Button(t("See it"), press("post.open", view.id)), _mine(t), _menu(t)).build()


def answered(post_id: int, t: Texts) -> Screen:
    """Thanks for an answer."""
    return (
        screen()
        .para(t("Thank you! Your answer is below the post."))
        .row(Button(t("Back to the post"), press("post.open", post_id)), _menu(t))
        .build()
    )


def confirm_removal(view: PostView, t: Texts) -> Screen:
    """Whether the author means it."""
    return (
        screen()
        .para(
            t("Remove “{title}”? It disappears from the lists, from the search and from the channel.", title=view.title)
        )
        .row(
            Button(t("Yes, remove it"), press("post.drop", view.id), Style.DANGER),
            Button(t("Keep it"), press("post.open", view.id)),
        )
        .build()
    )


def removed(t: Texts) -> Screen:
    """It is gone."""
    return screen().para(t("Removed.")).row(_mine(t), _menu(t)).build()


def rejected(view: PostView, t: Texts) -> Screen:
    """To the moderator who rejected a post."""
    text = t("Rejected. {author} reads your reason and can send it again.", author=view.author)
    return screen().para(text).row(Button(t("What else is waiting"), press("post.waiting", 0))).build()


def told_late(who: str, t: Texts) -> Screen:
    """To the second of two moderators, in answer to a form."""
    return screen().para(who).row(Button(t("What else is waiting"), press("post.waiting", 0))).build()


def taken_down(view: PostView, t: Texts) -> Screen:
    """To the moderator who removed a post."""
    return screen().para(t("Removed. {author} reads your reason.", author=view.author)).row(_menu(t)).build()


def told_published(view: PostView, t: Texts, *, because: str = "") -> Screen:
    """To who follows what it is about and wants it at once: a new post, and why it comes."""
    title = clipped(view.title, 80)
    text = t("New in {sector}: “{title}”", sector=view.sector, title=title) if view.sector else (
        t("New: “{title}”", title=title))  # fmt: skip
    return (
        screen(summary=text)
        .heading(text)
        .para(because)
        .para(clipped(view.body, CARD_LENGTH))
        .facts((t("Kind"), view.kind), (t("By"), view.author))
        .row(
            Button(t("See it"), press("post.open", view.id)),
            Button(t("Follow…"), press("follow.post", view.id)),
        )
        .build()
    )


def told_approved(view: PostView, t: Texts) -> Screen:
    """To the author: it is published."""
    return (
        screen()
        .para(Bold(t("“{title}” is published.", title=view.title)), " ", t("Thank you for sharing it!"))
        .row(Button(t("See it"), press("post.open", view.id)))
        .build()
    )


def told_rejected(view: PostView, t: Texts) -> Screen:
    """To the author: it is not published, and why."""
    return (
        screen()
        .para(Bold(t("“{title}” was not published.", title=view.title)))
        .para(t("What the staff say: {reason}", reason=view.reason))
        .row(Button(t("Mend it and send it again"), press("post.again", view.id), Style.PRIMARY, opens_form=True))
        .build()
    )


def told_removed(view: PostView, t: Texts) -> Screen:
    """To the author: the staff removed it, and why."""
    return (
        screen()
        .para(Bold(t("The staff removed “{title}”.", title=view.title)))
        .para(t("What the staff say: {reason}", reason=view.reason))
        .row(_mine(t))
        .build()
    )


def told_answered(view: PostView, answer: AnswerView, t: Texts) -> Screen:
    """To the author: somebody answered."""
    text = t("{author} answered “{title}”", author=answer.author, title=clipped(view.title, 80))
    return (
        screen(summary=text)
        .heading(text)
        .para(answer.body)
        .row(
            Button(t("See it"), press("post.open", view.id)),
            Button(t("Answer"), press("post.answer", view.id), opens_form=True),
        )
        .build()
    )


def _mine(t: Texts) -> Button:
    return Button(t("My posts"), press("post.mine", 0))


def _menu(t: Texts) -> Button:
    return Button(t("Menu"), press("home.show"))
