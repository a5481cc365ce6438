"""Examples for the gallery."""

from dataclasses import replace
from datetime import date

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.knowhow import screens as posts
from handlers.knowhow.answers import report_screens, screens
from handlers.knowhow.answers.forms import day_questions, edit_questions, remove_questions, report_questions
from handlers.knowhow.answers.report_screens import ReportView
from handlers.knowhow.answers.screens import OneAnswer, ReminderLine
from handlers.knowhow.list_screens import PostLine, PostList
from handlers.knowhow.screens import AnswerView, PostView
from storage.enums import Locale, PostStatus, ReportOutcome
from storage.queries.answering import Standing

TITLE = "Chi presta un bioreattore da due litri per tre settimane?"
REASON = "C'è il numero di telefono di una persona che non ha dato il permesso."
ANSWERS = (
    AnswerView(
        "Marco Vallini, Salodini Dispositivi",
        "Il nostro è libero fino a fine maggio: passa pure, ti mostro anche la sterilizzazione.",
        date(2018, 4, 5),
        31,
        useful=4,
        solves=True,
    ),
    AnswerView(
        "Benedetta Cremaschelli, Biofilande",
        "In università ne hanno due, ma vanno prenotati un mese prima.",
        date(2018, 4, 6),
        32,
        useful=1,
        edited=True,
    ),
)


def _question(t: Texts, standing: Standing) -> PostView:
    return PostView(
        id=15,
        status=PostStatus.PUBLISHED,
        title=TITLE,
        body="Ci serve per una prova di fattibilità; il trasporto lo paghiamo noi.",
        kind=t("Question"),
        author="Sara Bonavita, Ospedale della Martesana",
        language=Locale.ITALIAN,
        day=date(2018, 4, 3),
        answers=ANSWERS if standing.solved_by else (replace(ANSWERS[0], solves=False), ANSWERS[1]),
        answers_total=2,
        standing=standing,
    )


def _one(*, mine: bool = False, asked: bool = False, voted: bool = False) -> OneAnswer:
    view = replace(ANSWERS[0], solves=False)
    return OneAnswer(post_id=15, title=TITLE, view=view, mine=mine, asked=asked, voted=voted)


@example("knowhow.post_solved")
def post_solved(t: Texts) -> Screen:
    """A solved question, for a reader who voted, saved it and wants to be reminded."""
    standing = Standing(useful=6, voted=True, saved=True, remind_on=date(2018, 4, 20), solved_by=31)
    return posts.post(_question(t, standing), t)


@example("knowhow.post_solved_mine")
def post_solved_mine(t: Texts) -> Screen:
    """The same, for whoever asked."""
    return posts.post(replace(_question(t, Standing(useful=6, solved_by=31)), is_author=True), t)


@example("knowhow.question_closed")
def question_closed(t: Texts) -> Screen:
    """A question that was closed without a solution."""
    return posts.post(_question(t, Standing(closed=True)), t)


@example("knowhow.card_solved")
def card_solved(t: Texts) -> Screen:
    """A solved question in the channel."""
    return posts.card(_question(t, Standing(useful=6, solved_by=31)), t)


@example("knowhow.one_answer")
def one_answer(t: Texts) -> Screen:
    """An answer, for any reader."""
    return screens.answer(_one(), t)


@example("knowhow.one_answer_asked")
def one_answer_asked(t: Texts) -> Screen:
    """An answer, for whoever asked."""
    return screens.answer(_one(asked=True, voted=True), t)


@example("knowhow.one_answer_solved")
def one_answer_solved(t: Texts) -> Screen:
    """The answer that solved it, for whoever asked."""
    return screens.answer(replace(_one(asked=True), view=ANSWERS[0]), t)


@example("knowhow.one_answer_mine")
def one_answer_mine(t: Texts) -> Screen:
    """One's own answer."""
    return screens.answer(_one(mine=True), t)


@example("knowhow.answer_delete")
def answer_delete(t: Texts) -> Screen:
    """Whether its author means it."""
    return screens.confirm_delete(_one(mine=True), t)


@example("knowhow.answer_deleted")
def answer_deleted(t: Texts) -> Screen:
    """It is gone."""
    return screens.deleted(15, t)


@example("knowhow.edit_answer")
def edit_form(t: Texts) -> Form:
    """One's own answer anew."""
    return edit_questions(t, TITLE, ANSWERS[0].body)


@example("knowhow.solved")
def told_solved(t: Texts) -> Screen:
    """To who wrote the answer that solved it."""
    return screens.told_solved(TITLE, "Sara Bonavita, Ospedale della Martesana", 15, t)


@example("knowhow.helped")
def helped(t: Texts) -> Screen:
    """To who asked, a week later."""
    return screens.did_this_help(TITLE, 15, (replace(ANSWERS[0], solves=False), ANSWERS[1]), 6, t)


@example("knowhow.not_yet")
def not_yet(t: Texts) -> Screen:
    """Nothing has helped yet."""
    return screens.not_yet(TITLE, 15, t)


@example("knowhow.saved")
def saved(t: Texts) -> Screen:
    """What somebody saved."""
    line = PostLine(
        id=15,
        title=TITLE,
        kind=t("Question"),
        author="Sara Bonavita, Ospedale della Martesana",
        day=date(2018, 4, 3),
        excerpt=(("Ci serve per una prova di fattibilità.", False),),
        solved=True,
    )
    return screens.saved(PostList(lines=(line,), total=6), t)


@example("knowhow.saved_none")
def saved_none(t: Texts) -> Screen:
    """Nothing saved."""
    return screens.saved(PostList(lines=(), total=0), t)


@example("knowhow.remind_when")
def remind_when(t: Texts) -> Screen:
    """When to be reminded."""
    return screens.choose_day(TITLE, 15, None, t)


@example("knowhow.remind_changed")
def remind_changed(t: Texts) -> Screen:
    """When else to be reminded."""
    return screens.choose_day(TITLE, 15, date(2018, 4, 20), t)


@example("knowhow.remind_noted")
def remind_noted(t: Texts) -> Screen:
    """It is noted."""
    return screens.will_remind(TITLE, 15, date(2018, 4, 20), t)


@example("knowhow.remind")
def remind_form(t: Texts) -> Form:
    """On which day."""
    return day_questions(t, TITLE, "Europe/Rome")


@example("knowhow.reminders")
def reminders(t: Texts) -> Screen:
    """Of what somebody wants to be reminded."""
    lines = (
        ReminderLine(15, TITLE, date(2018, 4, 20)),
        ReminderLine(12, "Da HL7 v2 a FHIR: le dodici righe", date(2018, 5, 2)),
    )
    return screens.reminders(lines, 0, 10, t)


@example("knowhow.reminders_none")
def reminders_none(t: Texts) -> Screen:
    """No reminders."""
    return screens.reminders((), 0, 0, t)


@example("knowhow.reminder")
def reminder(t: Texts) -> Screen:
    """The day has come."""
    return screens.told_reminder(TITLE, "Ci serve per una prova di fattibilità.", 15, t)


# Reports


def _report(outcome: ReportOutcome | None = None) -> ReportView:
    return ReportView(
        id=3,
        post_id=15,
        is_answer=True,
        title=TITLE,
        text=ANSWERS[1].body if outcome is None else "",
        author="Benedetta Cremaschelli",
        reporter="Marco Vallini",
        reason=REASON,
        others=("Contiene dati di un paziente.",) if outcome is None else (),
        outcome=outcome,
        decided_by="Giulia Serra",
        note="Togliamo il numero di telefono: riscrivila senza." if outcome is ReportOutcome.REMOVED else "",
    )


@example("knowhow.report")
def report_form(t: Texts) -> Form:
    """What is wrong."""
    return report_questions(t, TITLE, is_answer=False)


@example("knowhow.report_answer")
def report_answer_form(t: Texts) -> Form:
    """What is wrong with an answer."""
    return report_questions(t, TITLE, is_answer=True)


@example("knowhow.report_sent")
def report_sent(t: Texts) -> Screen:
    """It is with the staff."""
    return report_screens.reported(t)


@example("knowhow.reported")
def reported(t: Texts) -> Screen:
    """To those who decide."""
    return report_screens.report(_report(), t)


@example("knowhow.reported_post")
def reported_post(t: Texts) -> Screen:
    """A post that was reported."""
    return report_screens.report(replace(_report(), is_answer=False, others=()), t)


@example("knowhow.reported_dismissed")
def reported_dismissed(t: Texts) -> Screen:
    """It stays."""
    return report_screens.report(_report(ReportOutcome.DISMISSED), t)


@example("knowhow.reported_removed")
def reported_removed(t: Texts) -> Screen:
    """It was removed."""
    return report_screens.report(_report(ReportOutcome.REMOVED), t)


@example("knowhow.reported_gone")
def reported_gone(t: Texts) -> Screen:
    """It went by itself."""
    return report_screens.report(_report(ReportOutcome.GONE), t)


@example("knowhow.remove_reported")
def remove_form(t: Texts) -> Form:
    """Why it goes."""
    return remove_questions(t, TITLE, is_answer=True)


@example("knowhow.removed_reported")
def removed_reported(t: Texts) -> Screen:
    """To who decided."""
    return report_screens.removed(t)


@example("knowhow.report_settled")
def report_settled(t: Texts) -> Screen:
    """To whoever reported: removed."""
    return report_screens.told_outcome(TITLE, ReportOutcome.REMOVED, is_answer=True, t=t)


@example("knowhow.report_settled_dismissed")
def report_settled_dismissed(t: Texts) -> Screen:
    """To whoever reported: it stays."""
    return report_screens.told_outcome(TITLE, ReportOutcome.DISMISSED, is_answer=False, t=t)


@example("knowhow.report_settled_gone")
def report_settled_gone(t: Texts) -> Screen:
    """To whoever reported: it went by itself."""
    return report_screens.told_outcome(TITLE, ReportOutcome.GONE, is_answer=True, t=t)


@example("knowhow.answer_removed")
def answer_removed(t: Texts) -> Screen:
    """To who wrote it."""
    return report_screens.told_answer_removed(TITLE, "Togliamo il numero di telefono: riscrivila senza.", t)
