"""Examples for the gallery."""

from datetime import date

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.knowhow import screens as posts
from handlers.knowhow.experts import screens
from handlers.knowhow.experts.forms import name_questions
from handlers.knowhow.experts.marks import ExpertStanding
from handlers.knowhow.experts.screens import ExpertLine, Progress, Question, Why
from handlers.knowhow.screens import PostView
from storage.enums import Locale, PostStatus

TITLE = "Come si sterilizza un idrogel senza rovinarlo?"
BODY = "Con i raggi gamma perde elasticità, con l'autoclave si scioglie. Chi ci è già passato?"
AUTHOR = "Sara Bonavita, Ospedale della Martesana"


def _lines(t: Texts) -> tuple[ExpertLine, ...]:
    asked_on = date(2018, 4, 3)
    return (
        ExpertLine(
            "Marco Vallini, Salodini Dispositivi",
            Why(profile="sterilizzazione, idrogel", wrote=("Convalidare la sterilizzazione: dieci errori",)),
            Progress.ANSWERED,
            asked_on,
        ),
        ExpertLine(
            "Benedetta Cremaschelli, Biofilande",
            Why(answered=("Ossido di etilene o raggi gamma?",), sector=t("ICT for health")),
            Progress.TAKEN,
            asked_on,
        ),
        ExpertLine("James Smith", Why(profile="hydrogel"), Progress.WAITING, asked_on),
        ExpertLine("Olga Ferrari, Agenzia del Ponte", Why(named_by="Marco Vallini"), Progress.NEXT),
        ExpertLine("Paolo Neri, Biofilande", Why(profile="sterilizzatrice"), Progress.OUT, asked_on),
    )


def _question(experts: ExpertStanding, t: Texts) -> PostView:
    return PostView(
        id=18,
        status=PostStatus.PUBLISHED,
        title=TITLE,
        body=BODY,
        kind=t("Question"),
        author=AUTHOR,
        language=Locale.ITALIAN,
        day=date(2018, 4, 3),
        is_author=True,
        experts=experts,
    )


@example("knowhow.post_pass_on")
def post_pass_on(t: Texts) -> Screen:
    """One's own question, before anybody is asked."""
    return posts.post(_question(ExpertStanding(), t), t)


@example("knowhow.post_passed_on")
def post_passed_on(t: Texts) -> Screen:
    """One's own question, about which others are asked."""
    return posts.post(_question(ExpertStanding(begun=True, asked=3), t), t)


@example("expert.who")
def who(t: Texts) -> Screen:
    """Who is asked."""
    return screens.who(18, TITLE, _lines(t), 2, going_on=True, t=t)


@example("expert.who_nobody")
def who_nobody(t: Texts) -> Screen:
    """Nobody to ask yet."""
    return screens.who(18, TITLE, (), 0, going_on=True, t=t)


@example("expert.who_stopped")
def who_stopped(t: Texts) -> Screen:
    """It was enough."""
    return screens.who(18, TITLE, _lines(t)[:2], 0, going_on=False, t=t)


@example("expert.asked")
def asked(t: Texts) -> Screen:
    """To who may know."""
    why = Why(
        profile="sterilizzazione, idrogel",
        wrote=("Convalidare la sterilizzazione: dieci errori",),
        answered=("Ossido di etilene o raggi gamma?",),
        sector=t("ICT for health"),
    )
    return screens.asked(4, Question(18, TITLE, BODY, AUTHOR), why, t)


@example("expert.asked_named")
def asked_named(t: Texts) -> Screen:
    """To who was named by somebody."""
    return screens.asked(5, Question(18, TITLE, BODY, AUTHOR), Why(named_by="Marco Vallini"), t)


@example("expert.taken")
def taken(t: Texts) -> Screen:
    """To whoever asks."""
    return screens.taken("Benedetta Cremaschelli, Biofilande", TITLE, 18, t)


@example("expert.declined")
def declined(t: Texts) -> Screen:
    """After "Not me"."""
    return screens.declined(18, t)


@example("expert.referred")
def referred(t: Texts) -> Screen:
    """After somebody was named."""
    return screens.referred("Olga Ferrari", 18, t)


@example("expert.name")
def name_form(t: Texts) -> Form:
    """Who may know."""
    return name_questions(t, TITLE)
