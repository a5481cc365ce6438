"""The marks and buttons that votes, outcomes and saved posts add to the screens of posts, drawn from data alone."""

from collections.abc import Sequence

from handlers.conversation.screen import Bold, Button, ScreenBuilder, press
from handlers.conversation.texts import Texts
from storage.queries.answering import Standing

NUMBERS_A_ROW = 4
"""Buttons that fit side by side on a telephone."""


def outcome_line(out: ScreenBuilder, standing: Standing, t: Texts) -> None:
    """What became of a question, where anything did."""
    if standing.solved_by is not None:
        out.para(Bold(t("✓ Solved")))
    elif standing.closed:
        out.para(Bold(t("Closed by who asked")))


def outcome_word(*, solved: bool, t: Texts) -> str:
    """The same, in a list."""
    return t("✓ Solved") if solved else t("Closed by who asked")


def answer_marks(useful: int, *, solves: bool, edited: bool, t: Texts) -> str:
    """What stands behind an answer's author."""
    marks = [
        t("✓ the solution") if solves else "",
        f"👍 {t.number(useful)}" if useful else "",
        t("edited") if edited else "",
    ]
    kept = [one for one in marks if one]
    return f" · {' · '.join(kept)}" if kept else ""


def answer_buttons(out: ScreenBuilder, answers: Sequence[int], before: int, t: Texts) -> None:
    """A button for each answer shown, by its number; ``before`` counts the answers of the pages before."""
    buttons = [
        Button(t("Answer {n}", n=t.number(number)), press("answer.open", answer))
        for number, answer in enumerate(answers, before + 1)
    ]
    for start in range(0, len(buttons), NUMBERS_A_ROW):
        out.row(*buttons[start : start + NUMBERS_A_ROW])


def useful_label(useful: int, *, voted: bool, t: Texts) -> str:
    """On the button that counts who found something useful."""
    label = t("✓ Useful") if voted else t("👍 Useful")
    return f"{label} · {t.number(useful)}" if useful else label


def reader_buttons(out: ScreenBuilder, post_id: int, standing: Standing, *, is_author: bool, t: Texts) -> None:
    """What a reader can do with a published post; its author can't call it useful, nor report it."""
    save = Button(
        t("✓ Saved") if standing.saved else t("Save it"), press("post.save", post_id, int(not standing.saved))
    )
    remind = Button(
        t("Reminder: {day}", day=t.short_day(standing.remind_on)) if standing.remind_on else t("Remind me on …"),
        press("post.later", post_id),
    )
    if is_author:
        out.row(save, remind)
        if standing.solved_by is not None or standing.closed:
            out.row(Button(t("Open it again"), press("solved.undo", post_id)))
        return
    useful = Button(
        useful_label(standing.useful, voted=standing.voted, t=t),
        press("post.useful", post_id, int(not standing.voted)),
    )
    out.row(useful, save)
    out.row(
        remind,
        Button(t("Follow…"), press("follow.post", post_id)),
        Button(t("Report it"), press("post.report", post_id), opens_form=True),
    )
