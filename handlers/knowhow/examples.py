"""Examples for the gallery."""

from dataclasses import replace
from datetime import date

from handlers.conversation.actions import example
from handlers.conversation.followed import because_followed
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import File, Screen
from handlers.conversation.texts import Texts
from handlers.knowhow import list_screens, notice_screens, screens
from handlers.knowhow.forms import (
    answer_questions,
    change_questions,
    readers_options,
    reject_questions,
    share_questions,
    takedown_questions,
)
from handlers.knowhow.list_screens import Choice, PostLine, PostList
from handlers.knowhow.rules import Why
from handlers.knowhow.screens import AnswerView, Change, PostView, Similar
from storage.enums import Locale, PostStatus

TITLE = "Da HL7 v2 a FHIR: le dodici righe che ci hanno risparmiato tre mesi"
BODY = (
    "Prima di scrivere codice mettiamo su un foglio dodici messaggi brutti: un risultato preliminare, uno corretto, "
    "uno annullato, unità scritte in tre modi diversi. Se la mappatura regge quei dodici, regge anche i trentamila "
    "del mese dopo.\n\nIl foglio è allegato."
)
REASON = "È quasi pronto: togli i nomi dei pazienti dall'esempio e rimandalo."


def _post(t: Texts, status: PostStatus = PostStatus.PUBLISHED) -> PostView:
    return PostView(
        id=12,
        status=status,
        title=TITLE,
        body=BODY,
        kind=t("Best practice"),
        author="Filippo Quartieri, Ospedale della Martesana",
        language=Locale.ITALIAN,
        day=date(2018, 4, 3),
        sector=t("ICT for health"),
        topics=("interoperabilità", "FHIR"),
        file="dodici-messaggi.xlsx",
        decided_by="Giulia Serra",
        reason=REASON if status is PostStatus.REJECTED else "",
    )


def _call(t: Texts) -> PostView:
    return replace(
        _post(t),
        title="Lombardia–Israele: bando per progetti pilota",
        body="Contributi fino a 200.000 euro per consorzi di due imprese e un centro di ricerca.",
        kind=t("Funding call"),
        link="https://pontericerca.example/bandi",
        deadline=date(2018, 5, 25),
        file="",
    )


ANSWER = AnswerView(
    "Benedetta Cremaschelli, Biofilande",
    "Il tredicesimo ve lo regalo io: referto molecolare con un PDF dentro e nessun dato strutturato.",
    date(2018, 4, 4),
)


def _lines(t: Texts) -> list[PostLine]:
    return [
        PostLine(
            id=12,
            title=TITLE,
            kind=t("Best practice"),
            author="Filippo Quartieri, Ospedale della Martesana",
            day=date(2018, 4, 3),
            excerpt=(
                ("Prima di scrivere codice mettiamo su un foglio dodici ", False),
                ("messaggi", True),
                ("…", False),
            ),
        ),
        PostLine(
            id=14,
            title="Allarmi che qualcuno ascolta ancora",
            kind=t("Best practice"),
            author="Marco Vallini, Salodini Dispositivi",
            day=date(2018, 3, 21),
            status=PostStatus.PENDING,
            excerpt=(("In una notte di terapia intensiva abbiamo contato 312 segnali per letto.", False),),
        ),
    ]


@example("knowhow.share")
def share_form(t: Texts) -> Form:
    """The questions about a post."""
    return share_questions(
        t,
        kinds=[Option("1", t("Best practice")), Option("6", t("Funding call"))],
        sector_options=[Option("3", t("ICT for health"))],
        readers=readers_options(t, group_names=[(2, "Regolamento MDR")], missions=[(1, "MIXiii BIOMED 2018")]),
        language=t.locale,
        zone="Europe/Rome",
    )


@example("knowhow.edit")
def edit_form(t: Texts) -> Form:
    """A post that is changed."""
    return share_questions(
        t,
        kinds=[Option("1", t("Best practice")), Option("6", t("Funding call"))],
        sector_options=[Option("3", t("ICT for health"))],
        readers=readers_options(t),
        language=t.locale,
        zone="Europe/Rome",
        before={"title": TITLE, "kind": "1", "body": BODY, "sector": "3", "readers": "community"},
        may_be_blind=False,
    )


@example("knowhow.mend")
def mend_form(t: Texts) -> Form:
    """What should be changed."""
    return change_questions(t, TITLE)


@example("knowhow.answer")
def answer_form(t: Texts) -> Form:
    """The question behind "Answer"."""
    return answer_questions(t, TITLE)


@example("knowhow.reject")
def reject_form(t: Texts) -> Form:
    """Why not."""
    return reject_questions(t, TITLE)


@example("knowhow.takedown")
def takedown_form(t: Texts) -> Form:
    """Why it goes."""
    return takedown_questions(t, TITLE)


@example("knowhow.shared")
def shared(t: Texts) -> Screen:
    """With the staff."""
    return screens.shared(_post(t, PostStatus.PENDING), t)


@example("knowhow.shared_at_once")
def shared_at_once(t: Texts) -> Screen:
    """A moderator's own post."""
    return screens.shared(_post(t), t)


@example("knowhow.post")
def post(t: Texts) -> Screen:
    """A post with answers, for its author."""
    view = replace(_post(t), answers=(ANSWER,), answers_total=4, is_author=True, removable=Why.AUTHOR)
    return screens.post(view, t)


@example("knowhow.call")
def call(t: Texts) -> Screen:
    """A call with deadline and link, for a moderator."""
    return screens.post(replace(_call(t), removable=Why.MODERATOR), t)


@example("knowhow.post_rejected")
def post_rejected(t: Texts) -> Screen:
    """Not published, for its author."""
    return screens.post(replace(_post(t, PostStatus.REJECTED), is_author=True), t)


@example("knowhow.answers")
def answers(t: Texts) -> Screen:
    """A page of answers."""
    return screens.answers(replace(_post(t), answers=(ANSWER,), answers_total=11), 0, 2, t)


@example("knowhow.answer_sent")
def answer_sent(t: Texts) -> Screen:
    """Thanks for an answer."""
    return screens.answered(12, t)


@example("knowhow.file")
def file(t: Texts) -> Screen:
    """A file, handed over."""
    attached = File("dodici-messaggi.csv", "text/csv", b"messaggio;esito\nORU^R01;preliminare\n")
    return screens.handed_over(TITLE, t).file(attached).build()


@example("knowhow.card")
def card(t: Texts) -> Screen:
    """In the channel."""
    return screens.card(replace(_call(t), answers_total=2), t)


@example("knowhow.card_removed")
def card_removed(t: Texts) -> Screen:
    """In the channel, after it was removed."""
    return screens.card(_post(t, PostStatus.REMOVED), t)


@example("knowhow.review")
def review(t: Texts) -> Screen:
    """To the moderators."""
    return screens.review(_post(t, PostStatus.PENDING), t)


@example("knowhow.review_approved")
def review_approved(t: Texts) -> Screen:
    """A colleague has approved it."""
    return screens.review(_post(t), t)


@example("knowhow.review_rejected")
def review_rejected(t: Texts) -> Screen:
    """A colleague has rejected it."""
    return screens.review(_post(t, PostStatus.REJECTED), t)


@example("knowhow.review_withdrawn")
def review_withdrawn(t: Texts) -> Screen:
    """The author has taken it back."""
    return screens.review(replace(_post(t, PostStatus.REMOVED), decided_by=""), t)


@example("knowhow.reject_sent")
def reject_sent(t: Texts) -> Screen:
    """To the moderator who rejected it."""
    return screens.rejected(_post(t, PostStatus.REJECTED), t)


@example("knowhow.reject_late")
def reject_late(t: Texts) -> Screen:
    """To the moderator who was second."""
    return screens.told_late(t("{name} has approved it already.", name="Giulia Serra"), t)


@example("knowhow.takedown_sent")
def takedown_sent(t: Texts) -> Screen:
    """To the moderator who removed it."""
    return screens.taken_down(_post(t, PostStatus.REMOVED), t)


@example("knowhow.approved")
def approved(t: Texts) -> Screen:
    """To the author."""
    return notice_screens.told_approved(_post(t), t)


@example("knowhow.rejected")
def rejected(t: Texts) -> Screen:
    """To the author, with the reason."""
    return notice_screens.told_rejected(_post(t, PostStatus.REJECTED), t)


@example("knowhow.removed")
def removed(t: Texts) -> Screen:
    """To the author, with the reason."""
    return notice_screens.told_removed(replace(_post(t, PostStatus.REMOVED), reason=REASON), t)


@example("knowhow.published")
def published(t: Texts) -> Screen:
    """A new post, for who follows what it is about and wants it at once."""
    return notice_screens.told_published(_post(t), t, because=because_followed("CAR-T", t))


@example("knowhow.post-news")
def post_news(t: Texts) -> Screen:
    """The same message, after the post was changed."""
    return notice_screens.told_published(replace(_post(t), title="Da HL7 v2 a FHIR: le tredici righe"), t)


@example("knowhow.answered")
def answered(t: Texts) -> Screen:
    """To the author: an answer."""
    return notice_screens.told_answered(_post(t), ANSWER, t)


def _to_be_changed(t: Texts) -> PostView:
    return replace(_post(t, PostStatus.CHANGES), reason=REASON, is_author=True, removable=Why.AUTHOR, changed=True)


@example("knowhow.words_of_another")
def words_of_another(t: Texts) -> Screen:
    """A message of somebody else becomes a post."""
    return screens.words_of_another("Marco Vallini", t)


@example("knowhow.words_of_a_stranger")
def words_of_a_stranger(t: Texts) -> Screen:
    """The same, of somebody the community does not know."""
    return screens.words_of_another("", t)


@example("knowhow.similar")
def similar(t: Texts) -> Screen:
    """Others may say the same."""
    about = t("{kind}, {author}, {day}", kind=t("Best practice"), author="Marco Vallini", day="21/3")
    return screens.similar([Similar(14, "Dodici messaggi per provare una mappatura", about)], t)


@example("knowhow.changed")
def changed(t: Texts) -> Screen:
    """After a change."""
    return screens.edited(_post(t), t, was_changed=True)


@example("knowhow.changed_and_waiting")
def changed_and_waiting(t: Texts) -> Screen:
    """After the change that the staff had asked for."""
    return screens.edited(_post(t, PostStatus.PENDING), t, was_changed=True)


@example("knowhow.unchanged")
def unchanged(t: Texts) -> Screen:
    """Nothing was changed."""
    return screens.edited(_post(t), t, was_changed=False)


@example("knowhow.history")
def history(t: Texts) -> Screen:
    """What it said before."""
    was = ((t("Title"), "Da HL7 a FHIR"), (t("Topics"), t("nothing")))
    return screens.history(_post(t), [Change("4/4, 10:15", "Filippo Quartieri", was)], 0, 2, t)


@example("knowhow.post_to_change")
def post_to_change(t: Texts) -> Screen:
    """For its author, when the staff ask for a change."""
    return screens.post(_to_be_changed(t), t)


@example("knowhow.post_closed")
def post_closed(t: Texts) -> Screen:
    """For its author, closed; only a group could read it."""
    view = replace(_post(t, PostStatus.CLOSED), is_author=True, removable=Why.AUTHOR, edited=date(2018, 4, 20))
    return screens.post(replace(view, readers=t("The group {name}", name="Regolamento MDR")), t)


@example("knowhow.card_closed")
def card_closed(t: Texts) -> Screen:
    """In the channel, closed."""
    return screens.card(_post(t, PostStatus.CLOSED), t)


@example("knowhow.card_withdrawn")
def card_withdrawn(t: Texts) -> Screen:
    """In the channel, when it is for fewer people now."""
    return screens.card_withdrawn(t)


@example("knowhow.check")
def check(t: Texts) -> Screen:
    """To the moderators: published without their look."""
    return screens.review(replace(_post(t), to_check=True), t)


@example("knowhow.check_changed")
def check_changed(t: Texts) -> Screen:
    """To the moderators: changed since they approved it."""
    return screens.review(replace(_post(t), to_check=True, changed=True), t)


@example("knowhow.review_change")
def review_change(t: Texts) -> Screen:
    """A colleague has asked for a change."""
    return screens.review(_to_be_changed(t), t)


@example("knowhow.change_asked")
def change_asked(t: Texts) -> Screen:
    """To the moderator who asked for it."""
    return screens.change_asked(_to_be_changed(t), t)


@example("knowhow.change")
def change(t: Texts) -> Screen:
    """To the author: what to change."""
    return notice_screens.told_change(_to_be_changed(t), t)


@example("knowhow.holds")
def holds(t: Texts) -> Screen:
    """To the author: does it hold?"""
    return notice_screens.ask_whether_it_holds(replace(_post(t), holds_until=date(2019, 4, 3)), t)


@example("knowhow.holds_on")
def holds_on(t: Texts) -> Screen:
    """It does."""
    return screens.holds(replace(_post(t), holds_until=date(2020, 4, 3)), t)


@example("knowhow.closed")
def closed(t: Texts) -> Screen:
    """To the author: closed without an answer."""
    return notice_screens.told_closed(_post(t, PostStatus.CLOSED), t)


@example("knowhow.closed_by_author")
def closed_by_author(t: Texts) -> Screen:
    """The author has closed it."""
    return screens.closed(_post(t, PostStatus.CLOSED), t)


@example("knowhow.confirm_removal")
def confirm_removal(t: Texts) -> Screen:
    """Do you mean it?"""
    return screens.confirm_removal(_post(t), t)


@example("knowhow.withdrawn")
def withdrawn(t: Texts) -> Screen:
    """It is gone."""
    return screens.removed(t)


@example("knowhow.latest")
def latest(t: Texts) -> Screen:
    """The latest posts, first page."""
    return list_screens.found(PostList(lines=_lines(t), total=12), t)


@example("knowhow.latest_empty")
def latest_empty(t: Texts) -> Screen:
    """Nothing in this sector."""
    return list_screens.found(PostList(lines=(), total=0, sector=Choice(3, t("ICT for health"))), t)


@example("knowhow.found")
def found(t: Texts) -> Screen:
    """An old message's search, second page, with a filter."""
    lines = PostList(lines=_lines(t), total=12, page=1, words="messaggi", kind=Choice(1, t("Best practice")))
    return list_screens.found(lines, t)


@example("knowhow.sectors")
def sectors(t: Texts) -> Screen:
    """Which sector."""
    return list_screens.choose_sector([Choice(3, t("ICT for health"))], 0, "dati", t)


@example("knowhow.kinds")
def kinds(t: Texts) -> Screen:
    """Which kind."""
    return list_screens.choose_kind([Choice(1, t("Best practice")), Choice(6, t("Funding call"))], 0, "dati", t)


@example("knowhow.mine")
def mine(t: Texts) -> Screen:
    """One's own posts."""
    return list_screens.mine(PostList(lines=_lines(t), total=2), t)


@example("knowhow.mine_empty")
def mine_empty(t: Texts) -> Screen:
    """Nothing shared yet."""
    return list_screens.mine(PostList(lines=(), total=0), t)


@example("knowhow.waiting")
def waiting(t: Texts) -> Screen:
    """What waits for a moderator."""
    return list_screens.waiting(PostList(lines=_lines(t)[1:], total=1), t)


@example("knowhow.waiting_empty")
def waiting_empty(t: Texts) -> Screen:
    """Nothing waits."""
    return list_screens.waiting(PostList(lines=(), total=0), t)
