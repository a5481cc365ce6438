"""A post as it is read, reviewed and shown in the channel, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, UrlButton, one_line, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.answers.marks import answer_buttons, answer_marks, outcome_line, reader_buttons
from handlers.knowhow.blind.marks import BlindStanding, blind_buttons, blind_line, interest_button
from handlers.knowhow.calls.marks import CallStanding, call_buttons
from handlers.knowhow.experts.marks import ExpertStanding, expert_buttons
from handlers.knowhow.rules import Why
from storage.enums import Locale, PostStatus
from storage.queries.answering import NOBODY_YET, Standing

ANSWERS_SHOWN = 3
"""Answers below a post; the others are a press away."""
ANSWERS_A_PAGE = 8
CARD_LENGTH = 320
"""Characters of a post's text on its card in the channel."""
LABEL_LENGTH = 44
"""Characters of a title on a button."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer to a post. ``useful``: how many found it so; ``solves``: it is the one that solved the question."""

    author: str
    body: str
    day: date
    id: int = 0
    useful: int = 0
    solves: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """What is shown of a post.

    Attributes:
        author: name and organisation; of a blind post, words in their place.
        day: when it was published, or written while it waits; in the reader's zone.
        deadline: last day of a call.
        file: the attachment's name; empty without one.
        answers: the newest ones, the newest first.
        answers_total: how many there are.
        is_author: whether the reader wrote it.
        removable: in what right the reader may remove it.
        decided_by: who approved, rejected or removed it.
        reason: why it was rejected or removed, or what is to be changed.
        readers: who may read it; empty when all members may.
        edited: when it was last changed after it was published; in the reader's zone.
        holds_until: when it is closed unless its author says that it still holds.
        to_check: published, and a moderator is to look at it (again).
        changed: whether it has a history that the reader may see.
        standing: how it stands with its readers, and with this one.
        call: for an open call: whether its deadline is followed, and who looks for a partner.
        experts: for an open question, and who may have others asked about it: how many were.
        blind: it carries no name; ``interest``: how that stands for its reader.
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
    readers: str = ""
    edited: date | None = None
    holds_until: date | None = None
    to_check: bool = False
    changed: bool = False
    standing: Standing = NOBODY_YET
    call: CallStanding | None = None
    experts: ExpertStanding | None = None
    blind: bool = False
    interest: BlindStanding | None = None


def clipped(text: str, length: int = LABEL_LENGTH) -> str:
    """The text on one line, cut to so many characters."""
    return one_line(text, length)


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
        (t("Who can read it"), view.readers),
        (t("Changed on"), t.day(view.edited, year=True) if view.edited else None),
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
        case PostStatus.CHANGES:
            out.para(Bold(t("The staff ask for a change:")), f" {view.reason}")
        case PostStatus.CLOSED:
            out.para(Bold(t("Its author has closed this post: it no longer holds.")))
        case PostStatus.PUBLISHED | PostStatus.REMOVED:
            pass
    outcome_line(out, view.standing, t)
    _facts(out, view, t)
    if view.blind:
        blind_line(out, t)
    out.para(view.body)
    if view.answers:
        out.heading(t.n("{n} answer", "{n} answers", view.answers_total))
        _answers(out, view.answers, t)
    _link_and_file(out, view, t)
    if view.status is PostStatus.PUBLISHED:
        blind_buttons(out, view.id, view.interest, t)
        out.row(
            Button(t("Answer"), press("post.answer", view.id), Style.PRIMARY, opens_form=True),
            Button(t("All the answers"), press("post.answers", view.id, 0))
            if view.answers_total > len(view.answers)
            else None,
        )
        answer_buttons(out, [one.id for one in view.answers], 0, t)
        call_buttons(out, view.id, view.call, t)
        expert_buttons(out, view.id, view.experts, t)
        reader_buttons(out, view.id, view.standing, is_author=view.is_author, t=t)
    if view.status is PostStatus.REJECTED and view.is_author:
        out.row(Button(t("Mend it and send it again"), press("post.again", view.id), Style.PRIMARY, opens_form=True))
    out.row(*(_author_buttons(view, t) if view.is_author else ()), _remove_button(view, t))
    if view.changed:
        out.row(Button(t("What was changed"), press("post.history", view.id, 0)))
    out.row(Button(t("Latest posts"), press("post.find", 0, 0, 0, "")), Button(t("My posts"), press("post.mine", 0)))
    return out.build()


def _author_buttons(view: PostView, t: Texts) -> list[Button]:
    match view.status:
        case PostStatus.CHANGES:
            return [edit_button(t("Change it and send it"), view.id, Style.PRIMARY)]
        case PostStatus.PENDING:
            return [edit_button(t("Change"), view.id)]
        case PostStatus.PUBLISHED:
            return [edit_button(t("Change"), view.id), Button(t("Close it"), press("post.close", view.id))]
        case PostStatus.CLOSED:
            return [edit_button(t("Change"), view.id), Button(t("It holds again"), press("post.valid", view.id))]
        case PostStatus.REJECTED | PostStatus.REMOVED:
            return []


def edit_button(label: str, post_id: int, style: Style = Style.PLAIN) -> Button:
    """Opens the form of a change."""
    return Button(label, press("post.edit", post_id), style, opens_form=True)


def _remove_button(view: PostView, t: Texts) -> Button | None:
    match view.removable:
        case Why.AUTHOR:
            return Button(t("Remove"), press("post.remove", view.id), Style.DANGER)
        case Why.MODERATOR:
            return Button(t("Remove"), press("post.takedown", view.id), Style.DANGER, opens_form=True)
        case None:
            return None


def _answers(out: ScreenBuilder, answers: Sequence[AnswerView], t: Texts, before: int = 0) -> None:
    for number, one in enumerate(answers, before + 1):
        by = t("{author}, {day}", author=one.author, day=t.short_day(one.day))
        marks = answer_marks(one.useful, solves=one.solves, edited=one.edited, t=t)
        out.para(Bold(f"{number}. {by}"), marks, f"\n{one.body}")


def answers(view: PostView, page: int, pages: int, t: Texts) -> Screen:
    """A page of the answers to a post."""
    title = t("Answers to “{title}”", title=clipped(view.title, 80))
    out = screen(summary=title).heading(title)
    _answers(out, view.answers, t, page * ANSWERS_A_PAGE)
    answer_buttons(out, [one.id for one in view.answers], page * ANSWERS_A_PAGE, t)
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
    """A post that waits for a moderator, or is to be looked at (again); once one has decided, who did."""
    out = screen(summary=t("To review: {title}", title=clipped(view.title, 80)))
    if view.status is PostStatus.PENDING:
        out.heading(t("To review: {title}", title=view.title))
    else:
        out.heading(view.title)
        if view.status is PostStatus.PUBLISHED and view.to_check:
            said = t("It is published. Please look at what was changed.") if view.changed else None
            out.para(Bold(said or t("It is published, and nobody has looked at it yet.")))
        else:
            out.para(Bold(_verdict(view, t)))
    if view.status is PostStatus.REMOVED:
        return out.build()
    _facts(out, view, t)
    if view.blind:
        blind_line(out, t)
    out.para(view.body)
    _link_and_file(out, view, t)
    if view.changed:
        out.row(Button(t("What was changed"), press("post.history", view.id, 0)))
    if view.status is PostStatus.PENDING:
        out.row(
            Button(t("Approve"), press("post.approve", view.id), Style.PRIMARY),
            Button(t("Ask for a change"), press("post.mend", view.id), opens_form=True),
            Button(t("Reject"), press("post.reject", view.id), Style.DANGER, opens_form=True),
        )
    elif view.status is PostStatus.PUBLISHED and view.to_check:
        out.row(
            Button(t("It's fine"), press("post.fine", view.id), Style.PRIMARY),
            Button(t("Remove"), press("post.takedown", view.id), Style.DANGER, opens_form=True),
        )
    return out.build()


def _verdict(view: PostView, t: Texts) -> str:
    match view.status:
        case PostStatus.PENDING:
            return t("with the staff")
        case PostStatus.PUBLISHED if view.decided_by:
            return t("✓ Approved by {name}", name=view.decided_by)
        case PostStatus.PUBLISHED:
            return t("✓ Published")
        case PostStatus.REJECTED:
            return t("✗ Rejected by {name}: {reason}", name=view.decided_by, reason=view.reason)
        case PostStatus.CHANGES:
            return t("{name} asks for a change: {reason}", name=view.decided_by, reason=view.reason)
        case PostStatus.CLOSED:
            return t("Closed by its author")
        case PostStatus.REMOVED if view.decided_by:
            return t("Removed by {name}", name=view.decided_by)
        case PostStatus.REMOVED:
            return t("Withdrawn by its author")


def card(view: PostView, t: Texts) -> Screen:
    """A published post in the community's channel."""
    if view.status is PostStatus.REMOVED:
        return screen(summary=t("This post was removed.")).para(t("This post was removed.")).build()
    closed = view.status is PostStatus.CLOSED
    out = screen(summary=t("{kind}: {title}", kind=view.kind, title=view.title)).heading(view.title)
    if closed:
        out.para(Bold(t("Its author has closed this post: it no longer holds.")))
    outcome_line(out, view.standing, t)
    out.para(clipped(view.body, CARD_LENGTH))
    out.facts(
        (t("Kind"), view.kind),
        (t("By"), view.author),
        (t("Deadline"), t.day(view.deadline, year=True) if view.deadline else None),
        (t("Sector"), view.sector),
        (t("Topics"), ", ".join(view.topics)),
        (t("Answers"), t.number(view.answers_total) if view.answers_total else None),
        (t("Found useful by"), t.number(view.standing.useful) if view.standing.useful else None),
    )
    if view.blind and not closed:
        out.row(interest_button(view.id, t))
    out.row(
        Button(t("Read it all"), press("post.open", view.id)),
        None if closed else Button(t("Answer"), press("post.answer", view.id), opens_form=True),
    )
    if not closed:
        out.row(
            Button(t("👍 Useful"), press("post.useful", view.id)), Button(t("Save it"), press("post.save", view.id))
        )
    return out.build()


def card_withdrawn(t: Texts) -> Screen:
    """In the channel, in the place of a post that is now for fewer people."""
    text = t("This post is no longer shown here.")
    return screen(summary=text).para(text).build()


def handed_over(title: str, t: Texts) -> ScreenBuilder:
    """The message that brings a post's file."""
    return screen().para(t("The file of “{title}”.", title=title))


def shared(view: PostView, t: Texts) -> Screen:
    """Thanks, after the form."""
    if view.status is PostStatus.PUBLISHED:
        text = t("Published: “{title}”.", title=view.title)
    else:
        text = t(
            "Thank you! “{title}” is with the staff: they will look at it and I'll write to you.", title=view.title
        )
    return screen().para(text).row(Button(t("See it"), press("post.open", view.id)), mine_button(t), _menu(t)).build()


def words_of_another(name: str, t: Texts) -> Screen:
    """To who makes a post of somebody else's message; ``name``: whose, where the community knows them."""
    if name:
        text = t("You are sharing the words of {name}: ask them first, and leave out what is personal.", name=name)
    else:
        text = t("You are sharing somebody else's words: ask them first, and leave out what is personal.")
    return screen(summary=text).para(text).build()


@dataclass(frozen=True, slots=True)
class Similar:
    """A post that may say the same. ``about``: kind, author and day."""

    id: int
    title: str
    about: str


def similar(posts: Sequence[Similar], t: Texts) -> Screen:
    """Before a post is handed in: others that may say the same."""
    out = screen(summary=t("Has somebody written this already?")).heading(t("Has somebody written this already?"))
    out.para(t("Yours is kept. Have a look at these first:"))
    out.bullets((Bold(one.title), f"\n{one.about}") for one in posts)
    for one in posts:
        out.row(Button(clipped(one.title), press("post.open", one.id)))
    out.row(Button(t("Mine is new: send it"), press("post.new"), Style.PRIMARY))
    out.row(Button(t("Change mine"), press("post.share"), opens_form=True))
    return out.build()


def edited(view: PostView, t: Texts, *, was_changed: bool) -> Screen:
    """After the form of a change."""
    if not was_changed:
        text = t("Nothing was changed.")
    elif view.status is PostStatus.PENDING:
        text = t("Thank you! “{title}” is back with the staff.", title=view.title)
    else:
        text = t("Changed: “{title}”. Whoever reads it from now on sees the new text.", title=view.title)
    return screen().para(text).row(Button(t("See it"), press("post.open", view.id)), mine_button(t), _menu(t)).build()


def closed(view: PostView, t: Texts) -> Screen:
    """The author has closed a post."""
    return (
        screen()
        .para(t("Closed: “{title}”. It is no longer in the lists and in the search.", title=view.title))
        .row(Button(t("It holds again"), press("post.valid", view.id)), mine_button(t))
        .build()
    )


def holds(view: PostView, t: Texts) -> Screen:
    """The author has said that a post holds."""
    if view.holds_until is None:
        text = t("Thank you! “{title}” stays.", title=view.title)
    else:
        text = t(
            "Thank you! “{title}” stays; I'll ask you again before {day}.",
            title=view.title,
            day=t.day(view.holds_until, year=True),
        )
    return screen().para(text).row(Button(t("See it"), press("post.open", view.id)), mine_button(t)).build()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a post. ``was``: what it said before, by the name of what was changed."""

    when: str
    by: str
    was: Sequence[tuple[str, str]]


def history(view: PostView, changes: Sequence[Change], page: int, pages: int, t: Texts) -> Screen:
    """What a post said before its changes."""
    title = t("What was changed in “{title}”", title=clipped(view.title, 80))
    out = screen(summary=title).heading(title)
    for one in changes:
        out.para(Bold(t("{when}, {name}", when=one.when, name=one.by)))
        out.bullets((t("{part}, before: {text}", part=part, text=text),) for part, text in one.was)
    out.row(
        Button("‹", press("post.history", view.id, page - 1)) if page > 0 else None,
        Button("›", press("post.history", view.id, page + 1)) if page < pages - 1 else None,
    )
    return out.row(Button(t("Back to the post"), press("post.open", view.id))).build()


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
    return screen().para(t("Removed.")).row(mine_button(t), _menu(t)).build()


def rejected(view: PostView, t: Texts) -> Screen:
    """To the moderator who rejected a post."""
    text = t("Rejected. {author} reads your reason and can send it again.", author=view.author)
    return screen().para(text).row(Button(t("What else is waiting"), press("post.waiting", 0))).build()


def change_asked(view: PostView, t: Texts) -> Screen:
    """To the moderator who asked for a change."""
    text = t("{author} reads what you ask for, and can change the post and send it again.", author=view.author)
    return screen().para(text).row(Button(t("What else is waiting"), press("post.waiting", 0))).build()


def told_late(who: str, t: Texts) -> Screen:
    """To the second of two moderators, in answer to a form."""
    return screen().para(who).row(Button(t("What else is waiting"), press("post.waiting", 0))).build()


def taken_down(view: PostView, t: Texts) -> Screen:
    """To the moderator who removed a post."""
    return screen().para(t("Removed. {author} reads your reason.", author=view.author)).row(_menu(t)).build()


def mine_button(t: Texts) -> Button:
    """To one's own posts."""
    return Button(t("My posts"), press("post.mine", 0))


def _menu(t: Texts) -> Button:
    return Button(t("Menu"), press("home.show"))
