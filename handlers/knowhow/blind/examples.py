"""Examples for the gallery."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.contacts import contact_field
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.knowhow import screens as posts
from handlers.knowhow.blind import forms, screens
from handlers.knowhow.blind.marks import BlindStanding
from handlers.knowhow.blind.screens import Check, Interest
from handlers.knowhow.bylines import unnamed
from handlers.knowhow.matches import screens as matches
from handlers.knowhow.matches.screens import MatchView
from handlers.knowhow.screens import AnswerView, PostView, Similar
from storage.enums import InterestState, Locale, OrganisationCategory, PostStatus

ROME = ZoneInfo("Europe/Rome")
TITLE = "Cerchiamo un partner per il riempimento asettico"
BODY = "Tre lotti l'anno da cinquemila flaconi, con un principio attivo sensibile alla luce. Inizio a settembre."


def _post(t: Texts, standing: BlindStanding | None = None) -> PostView:
    return PostView(
        id=31,
        status=PostStatus.PUBLISHED,
        title=TITLE,
        body=BODY,
        kind=t("Technology request"),
        author=unnamed(t),
        language=Locale.ITALIAN,
        day=date(2018, 4, 3),
        sector=t("Pharma & advanced therapies"),
        topics=("fill-finish", "GMP"),
        blind=True,
        interest=standing,
    )


def _interest(t: Texts) -> Interest:
    return Interest(
        id=8,
        post=31,
        title=TITLE,
        about=f"{forms.kind_of_house(OrganisationCategory.COMPANY, t)}, {t('Pharma & advanced therapies')}",
        message="Abbiamo una linea in isolatore, libera da ottobre.",
        state=InterestState.OPEN,
        expires_at=datetime(2018, 4, 17, 7, tzinfo=UTC),
    )


@example("knowhow.blind_check")
def check(t: Texts) -> Screen:
    """Before it is handed in: what gives its author away."""
    near = Similar(21, "Due campagne libere in suite di classe B", t("Technology offer"))
    found = Check(
        title=TITLE,
        found=("Valseria Biologics",),
        link="valseria.example",
        is_home=True,
        few=True,
        file="offerta.pdf",
        similar=[near],
    )
    return screens.check(found, t)


@example("knowhow.blind_check_clean")
def check_clean(t: Texts) -> Screen:
    """The same, where nothing does."""
    return screens.check(Check(title=TITLE, link="www.gazzettaufficiale.example"), t)


@example("knowhow.blind_post")
def post(t: Texts) -> Screen:
    """For a reader, with its author's own answer."""
    answer = AnswerView(t("Whoever wrote this post"), "Anche in siringhe preriempite.", date(2018, 4, 4), 41)
    return posts.post(replace(_post(t, BlindStanding()), answers=[answer], answers_total=1), t)


@example("knowhow.blind_post_author")
def post_author(t: Texts) -> Screen:
    """For its author."""
    return posts.post(replace(_post(t, BlindStanding(is_author=True, waiting=2)), is_author=True), t)


@example("knowhow.blind_post_interested")
def post_interested(t: Texts) -> Screen:
    """For who has said that they are interested."""
    return posts.post(_post(t, BlindStanding(state=InterestState.OPEN, interest=8)), t)


@example("knowhow.blind_post_introduced")
def post_introduced(t: Texts) -> Screen:
    """For who was introduced."""
    return posts.post(_post(t, BlindStanding(state=InterestState.ACCEPTED, interest=8)), t)


@example("knowhow.blind_card")
def card(t: Texts) -> Screen:
    """In the channel."""
    return posts.card(_post(t), t)


@example("knowhow.blind_review")
def review(t: Texts) -> Screen:
    """To the moderators."""
    return posts.review(replace(_post(t), status=PostStatus.PENDING), t)


@example("knowhow.blind_match")
def match(t: Texts) -> Screen:
    """A pair whose other post is blind."""
    view = MatchView(
        id=5,
        offers=True,
        mine="Due campagne libere in suite di classe B",
        post=31,
        title=TITLE,
        author=unnamed(t),
        text=BODY,
        words=("asettico",),
        blind=True,
    )
    return matches.told(view, t)


@example("knowhow.interest")
def interest_form(t: Texts) -> Form:
    """To say that one is interested."""
    return forms.interest_questions(
        t, TITLE, _interest(t).about, contact_field(t, known="elena@politecnico.example", has_account=False)
    )


@example("knowhow.interest_yes")
def yes_form(t: Texts) -> Form:
    """To say yes."""
    return forms.yes_questions(t, TITLE, _interest(t).about, contact_field(t, known="", has_account=True))


@example("blind.sent")
def sent(t: Texts) -> Screen:
    """It is on its way."""
    return screens.sent(_interest(t), zone=ROME, t=t)


@example("blind.interest")
def interest(t: Texts) -> Screen:
    """To the author."""
    return screens.asked(_interest(t), zone=ROME, t=t)


@example("blind.interest_named")
def interest_named(t: Texts) -> Screen:
    """To the author, of somebody who lets them read their name."""
    return screens.asked(replace(_interest(t), who="Elena Marchetti, Politecnico di Prova"), zone=ROME, t=t)


@example("blind.reminder")
def reminder(t: Texts) -> Screen:
    """The same, after some days of silence."""
    return screens.reminder(_interest(t), zone=ROME, t=t)


@example("blind.accepted")
def accepted(t: Texts) -> Screen:
    """To the author, who said yes."""
    made = replace(
        _interest(t), state=InterestState.ACCEPTED, who="Elena Marchetti, Politecnico di Prova", introduction=12
    )
    return screens.asked(made, zone=ROME, t=t)


@example("blind.refused")
def refused(t: Texts) -> Screen:
    """To the author, who said no."""
    return screens.asked(replace(_interest(t), state=InterestState.DECLINED), zone=ROME, t=t)


@example("blind.taken_back")
def taken_back(t: Texts) -> Screen:
    """To the author: they changed their mind."""
    return screens.asked(replace(_interest(t), state=InterestState.WITHDRAWN), zone=ROME, t=t)


@example("blind.over")
def over(t: Texts) -> Screen:
    """To the author: too late."""
    return screens.asked(replace(_interest(t), state=InterestState.ENDED), zone=ROME, t=t)


@example("blind.introduced")
def introduced(t: Texts) -> Screen:
    """To who was interested."""
    made = replace(
        _interest(t), state=InterestState.ACCEPTED, who="Sonia Travaglianti, Valseria Biologics", introduction=12
    )
    return screens.introduced(made, t)


@example("blind.declined")
def declined(t: Texts) -> Screen:
    """To who was interested: no."""
    return screens.declined(TITLE, t)


@example("blind.ended")
def ended(t: Texts) -> Screen:
    """To who was interested: nothing came of it."""
    return screens.ended(TITLE, t)


@example("blind.ended_gone")
def ended_gone(t: Texts) -> Screen:
    """The same, of a post that went with its author."""
    return screens.ended("", t)


@example("blind.withdrawn")
def withdrawn(t: Texts) -> Screen:
    """To who was interested and took it back."""
    return screens.withdrawn(31, t)


@example("blind.interests")
def interests(t: Texts) -> Screen:
    """What waits."""
    mine = replace(_interest(t), id=9, title="Due campagne libere in suite di classe B", message="")
    return screens.interests([_interest(t)], [mine], zone=ROME, t=t)


@example("blind.interests_none")
def interests_none(t: Texts) -> Screen:
    """Nothing waits."""
    return screens.interests([], [], zone=ROME, t=t)


@example("blind.unveil")
def unveil(t: Texts) -> Screen:
    """Does the author mean it?"""
    return screens.confirm_unveiling(TITLE, 31, "Sonia Travaglianti, Valseria Biologics", t)


@example("blind.unveiled")
def unveiled(t: Texts) -> Screen:
    """The author's name stands on it."""
    return screens.unveiled(TITLE, 31, t)
