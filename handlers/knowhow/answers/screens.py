"""One answer, saved posts, reminders, and the question whether it helped, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.answers.marks import answer_marks, useful_label
from handlers.knowhow.list_screens import PostList, line_spans, turning
from handlers.knowhow.screens import AnswerView, clipped

ANSWERS_ASKED = 4
"""Answers to choose from when whoever asked is asked which one helped."""
REMINDERS_A_PAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAnswer:
    """An answer for one reader.

    Attributes:
        mine: whether they wrote it.
        asked: whether they asked, so that they can say that it solved it.
        voted: whether they found it useful.
    """

    post_id: int
    title: str
    view: AnswerView
    mine: bool = False
    asked: bool = False
    voted: bool = False


def answer(one: OneAnswer, t: Texts) -> Screen:
    """An answer by itself, and what its reader can do with it."""
    view = one.view
    title = t("An answer to “{title}”", title=clipped(one.title, 80))
    out = screen(summary=title).heading(title)
    by = t("{author}, {day}", author=view.author, day=t.short_day(view.day))
    out.para(Bold(by), answer_marks(view.useful, solves=view.solves, edited=view.edited, t=t), f"\n{view.body}")
    if one.asked:
        out.row(
            Button(t("It wasn't the solution"), press("solved.undo", one.post_id))
            if view.solves
            else Button(t("This one solved it"), press("solved.by", view.id), Style.PRIMARY)
        )
    if one.mine:
        out.row(
            Button(t("Edit"), press("answer.edit", view.id), opens_form=True),
            Button(t("Delete"), press("answer.delete", view.id), Style.DANGER),
        )
    else:
        label = useful_label(view.useful, voted=one.voted, t=t)
        out.row(
            Button(label, press("answer.useful", view.id, int(not one.voted))),
            Button(t("Report it"), press("answer.report", view.id), opens_form=True),
        )
    return out.row(
        Button(t("The whole post"), press("post.open", one.post_id)),
        Button(t("All the answers"), press("post.answers", one.post_id, 0)),
    ).build()


def confirm_delete(one: OneAnswer, t: Texts) -> Screen:
    """Whether its author means it."""
    return (
        screen()
        .para(t("Delete your answer to “{title}”? It can't be brought back.", title=clipped(one.title, 80)))
        .row(
            Button(t("Yes, delete it"), press("answer.drop", one.view.id), Style.DANGER),
            Button(t("Keep it"), press("answer.open", one.view.id)),
        )
        .build()
    )


def deleted(post_id: int, t: Texts) -> Screen:
    """It is gone."""
    return screen().para(t("Your answer is gone.")).row(_back(post_id, t)).build()


def _back(post_id: int, t: Texts) -> Button:
    return Button(t("Back to the post"), press("post.open", post_id))


# Solved


def told_solved(title: str, asker: str, post_id: int, t: Texts) -> Screen:
    """To who wrote the answer that solved it."""
    text = t("Your answer solved “{title}”", title=clipped(title, 80))
    return (
        screen(summary=text)
        .heading(text)
        .para(t("{name} says so. Thank you for helping!", name=asker))
        .row(Button(t("See it"), press("post.open", post_id)))
        .build()
    )


def did_this_help(title: str, post_id: int, answers: Sequence[AnswerView], total: int, t: Texts) -> Screen:
    """To who asked, a week after the first answer: did this help?"""
    text = t("Did this help? “{title}”", title=clipped(title, 80))
    out = screen(summary=text).heading(text)
    out.para(
        t.n(
            "Your question has {n} answer. Tell the others whether it solved it: they find it faster.",
            "Your question has {n} answers. Tell the others which one solved it: they find it faster.",
            total,
        )
    )
    for number, one in enumerate(answers, 1):
        out.para(Bold(f"{number}. {one.author}"), f"\n{clipped(one.body, 200)}")
        out.row(Button(t("Solved by answer {n}", n=t.number(number)), press("solved.by", one.id), Style.PRIMARY))
    if total > len(answers):
        out.row(Button(t("All the answers"), press("post.answers", post_id, 0)))
    return out.row(
        Button(t("Not yet"), press("solved.later", post_id)), Button(t("Close it"), press("solved.close", post_id))
    ).build()


def not_yet(title: str, post_id: int, t: Texts) -> Screen:
    """To who asked and still waits."""
    text = t(
        "Fine, “{title}” stays open. I won't ask again: mark an answer whenever one helps.", title=clipped(title, 80)
    )
    return screen().para(text).row(_back(post_id, t)).build()


# Saved


def saved(found: PostList, t: Texts) -> Screen:
    """What the reader has put aside."""
    out = screen(summary=t("Saved posts")).heading(t("Saved posts"))
    if not found.lines:
        out.para(t("Nothing saved yet. Press “Save it” below a post and you'll find it here."))
    out.bullets(line_spans(line, t) for line in found.lines)
    for line in found.lines:
        out.row(Button(clipped(line.title), press("post.open", line.id)))
    turning(out, found, lambda page: press("post.saved", page))
    return out.row(Button(t("Reminders"), press("post.reminders", 0)), _menu(t)).build()


# Reminders


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A post, and on which day its reader is reminded."""

    post_id: int
    title: str
    day: date


def choose_day(title: str, post_id: int, chosen: date | None, t: Texts) -> Screen:
    """When to be reminded."""
    out = screen()
    if chosen is not None:
        out.para(t("I'll remind you of “{title}” on {day} at 9:00.", title=clipped(title, 80), day=t.day(chosen)))
    out.para(t("When shall I remind you of “{title}”?", title=clipped(title, 80)) if chosen is None else "")
    out.row(
        Button(t("Tomorrow"), press("post.remind", post_id, 1)),
        Button(t("In a week"), press("post.remind", post_id, 7)),
    )
    out.row(
        Button(t("Another day"), press("post.day", post_id), opens_form=True),
        Button(t("No reminder"), press("post.unremind", post_id)) if chosen is not None else None,
    )
    return out.row(_back(post_id, t)).build()


def will_remind(title: str, post_id: int, day: date, t: Texts) -> Screen:
    """It is noted."""
    text = t("I'll remind you of “{title}” on {day} at 9:00.", title=clipped(title, 80), day=t.day(day))
    return (
        screen()
        .para(text)
        .row(_back(post_id, t), Button(t("Change the day"), press("post.later", post_id)))
        .row(Button(t("Reminders"), press("post.reminders", 0)))
        .build()
    )


def reminders(lines: Sequence[ReminderLine], page: int, total: int, t: Texts) -> Screen:
    """Of what the reader wants to be reminded."""
    out = screen(summary=t("Reminders")).heading(t("Reminders"))
    if not lines:
        out.para(t("No reminders. “Remind me on …” below a post sets one."))
    for line in lines:
        out.para(Bold(t.day(line.day, year=True)), f"\n{line.title}")
        out.row(
            Button(clipped(line.title, 30), press("post.open", line.post_id)),
            Button(t("Cancel: {title}", title=clipped(line.title, 20)), press("post.forget", line.post_id, page)),
        )
    _pages(out, page, total)
    return out.row(Button(t("Saved posts"), press("post.saved", 0)), _menu(t)).build()


def _pages(out: ScreenBuilder, page: int, total: int) -> None:
    last = max(0, (total - 1) // REMINDERS_A_PAGE)
    out.row(
        Button("‹", press("post.reminders", page - 1)) if page > 0 else None,
        Button("›", press("post.reminders", page + 1)) if page < last else None,
    )


def told_reminder(title: str, text: str, post_id: int, t: Texts) -> Screen:
    """The day has come."""
    head = t("You wanted to be reminded: “{title}”", title=clipped(title, 80))
    return (
        screen(summary=head)
        .heading(head)
        .para(clipped(text, 200))
        .row(Button(t("See it"), press("post.open", post_id)), Button(t("Later"), press("post.later", post_id)))
        .build()
    )


def _menu(t: Texts) -> Button:
    return Button(t("Menu"), press("home.show"))
