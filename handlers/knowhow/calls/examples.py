"""Examples for the gallery."""

from datetime import date

from handlers.conversation.actions import example
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.knowhow import screens as posts
from handlers.knowhow.calls import screens
from handlers.knowhow.calls.forms import follow_questions, seek_questions
from handlers.knowhow.calls.marks import CallStanding
from handlers.knowhow.calls.screens import CallLine, FollowLine, PartnerLine
from handlers.knowhow.screens import PostView
from storage.enums import Locale, PostStatus

TITLE = "Lombardia–Israele: bando per progetti pilota"
SENTENCE = "Portiamo un sensore già certificato; cerchiamo un ospedale per la prova clinica."


def _line(t: Texts) -> CallLine:
    return CallLine(16, TITLE, date(2018, 5, 25), 14, t("ICT for health"))


@example("knowhow.post_call")
def post_call(t: Texts) -> Screen:
    """An open call, for a reader who follows its deadline."""
    view = PostView(
        id=16,
        status=PostStatus.PUBLISHED,
        title=TITLE,
        body="Contributi fino a 200.000 euro per consorzi di due imprese e un centro di ricerca.",
        kind=t("Funding call"),
        author="Giulia Serra, Agenzia del Ponte",
        language=Locale.ITALIAN,
        day=date(2018, 4, 3),
        sector=t("ICT for health"),
        deadline=date(2018, 5, 25),
        call=CallStanding(followed=True, partners=2),
    )
    return posts.post(view, t)


@example("knowhow.calls")
def calls(t: Texts) -> Screen:
    """What is open."""
    lines = (CallLine(17, "Voucher per brevetti", date(2018, 4, 13), 0), _line(t))
    return screens.calls(lines, 0, 6, t)


@example("knowhow.calls_none")
def calls_none(t: Texts) -> Screen:
    """Nothing is open."""
    return screens.calls((), 0, 0, t)


@example("knowhow.follows")
def follows(t: Texts) -> Screen:
    """What somebody follows."""
    lines = (
        FollowLine(1),
        FollowLine(2, kind=t("Funding call"), sector=t("ICT for health")),
        FollowLine(3, sector=t("ICT for health")),
        FollowLine(4, TITLE),
    )
    return screens.follows(lines, t)


@example("knowhow.follows_none")
def follows_none(t: Texts) -> Screen:
    """Nothing yet."""
    return screens.follows((), t)


@example("knowhow.follow_calls")
def follow_form(t: Texts) -> Form:
    """Which calls to follow."""
    return follow_questions(t, [Option("6", t("Funding call"))], [Option("3", t("ICT for health"))])


@example("knowhow.partners")
def partners(t: Texts) -> Screen:
    """Who looks for a partner."""
    lines = (
        PartnerLine(
            1, "Sara Bonavita", "Ospedale della Martesana", "Abbiamo i pazienti e il comitato etico.", is_me=True
        ),
        PartnerLine(2, "Marco Vallini", "Salodini Dispositivi", SENTENCE),
    )
    return screens.partners(TITLE, 16, lines, 0, 7, seeks=True, t=t)


@example("knowhow.partners_none")
def partners_none(t: Texts) -> Screen:
    """Nobody yet."""
    return screens.partners(TITLE, 16, (), 0, 0, seeks=False, t=t)


@example("knowhow.seek_partner")
def seek_form(t: Texts) -> Form:
    """One sentence."""
    return seek_questions(t, TITLE, SENTENCE)


@example("knowhow.deadline")
def told_deadline(t: Texts) -> Screen:
    """To who follows it."""
    return screens.told_deadline(_line(t), t("Funding call"), 2, t)
