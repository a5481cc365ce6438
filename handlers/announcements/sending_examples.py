"""The screens around sending with example data: previews, the last question, approval, plans, corrections."""

from datetime import UTC, date, datetime, timedelta

from handlers.announcements.approval_screens import (
    decided,
    delete_draft,
    deleted,
    end_trial,
    review,
    sent_back,
    trial_ended,
    unplanned,
)
from handlers.announcements.calendar import Closed, Closure
from handlers.announcements.correcting import Removed, Unread
from handlers.announcements.examples import COMMUNITY, FUNDING, NOW, ROME, example_aim, example_row
from handlers.announcements.extras import Part
from handlers.announcements.follow_up_screens import ask_to_withdraw, removed, unread
from handlers.announcements.reader_screens import Reader
from handlers.announcements.rules import Fatigue
from handlers.announcements.sending import Confirmation, Moment, Recipient, Review
from handlers.announcements.sending_screens import (
    as_recipient,
    confirm,
    on_platform,
    planned,
    preview,
    when_menu,
    which_person,
)
from handlers.announcements.small_forms import (
    at_form,
    back_form,
    by_event_form,
    correction_form,
    file_form,
    late_form,
    link_form,
    outlook_form,
    person_form,
)
from handlers.conversation.actions import example
from handlers.conversation.context import Outline
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts, texts_for
from storage.enums import AnnouncementStatus, ChannelPost, EventStatus, Locale, PersonStatus, Platform
from storage.models import AnnouncementPlan, CommunityEvent, Person
from storage.queries.audience import Standing

LATER = datetime(2018, 4, 10, 6, 30, tzinfo=UTC)
GETS = Standing(belongs=True, allows=True, hears=True, directly=True, reachable=True)


def _event(t: Texts) -> CommunityEvent:
    return CommunityEvent(
        id=3,
        uid="e3",
        title="Il Cluster incontra BIOMED" if t.locale is Locale.ITALIAN else "The cluster meets BIOMED",
        zone="Europe/Rome",
        starts_wall="2018-04-12T17:30",
        ends_wall="2018-04-12T19:30",
        starts_at=datetime(2018, 4, 12, 15, 30, tzinfo=UTC),
        ends_at=datetime(2018, 4, 12, 17, 30, tzinfo=UTC),
        language=Locale.ITALIAN,
        status=EventStatus.PUBLISHED,
        created_at=NOW,
    )


def _person(name: str, number: int, locale: Locale) -> Person:
    return Person(
        id=number,
        status=PersonStatus.MEMBER,
        name=name,
        locale=locale,
        notice_version="2018-04",
        notice_accepted_at=NOW,
        created_at=NOW,
    )


# Preview


@example("announce.preview")
def _preview(t: Texts) -> Screen:
    return preview(
        example_row(promotional=True),
        Reader(Locale.ENGLISH, ROME, FUNDING),
        community=COMMUNITY,
        t=t,
        theirs=texts_for(Locale.ENGLISH),
        platforms=[Platform.TELEGRAM, Platform.SLACK],
    )


@example("announce.on")
def _on(t: Texts) -> Screen:
    row = example_row()
    title, text = (row.title_it, row.text_it) if t.locale is Locale.ITALIAN else (row.title_en, row.text_en)
    button = "Programma" if t.locale is Locale.ITALIAN else "Programme"
    parts = [Outline(f"{title}\n\n{text}", ((button,),), "technion.jpg"), Outline("", (), "programma.pdf")]
    return on_platform(row, Platform.TELEGRAM, t.locale, parts, t=t)


@example("announce.as")
def _as_form(t: Texts) -> Form:
    return person_form(t=t)


@example("announce.person")
def _person_screen(t: Texts) -> Screen:
    someone = Recipient(_person("James Whitcombe", 9, Locale.ENGLISH), Platform.SLACK, GETS)
    reader = Reader(Locale.ENGLISH, ROME, FUNDING)
    theirs = texts_for(Locale.ENGLISH)
    return as_recipient(example_row(promotional=True), someone, reader, community=COMMUNITY, t=t, theirs=theirs)


@example("announce.person_muted")
def _person_muted(t: Texts) -> Screen:
    standing = Standing(belongs=True, allows=True, hears=False, directly=True, reachable=True)
    someone = Recipient(_person("Anna Bianchi", 8, t.locale), Platform.WEB, standing)
    return as_recipient(example_row(), someone, Reader(t.locale, ROME), community=COMMUNITY, t=t, theirs=t)


@example("announce.which_person")
def _which(t: Texts) -> Screen:
    found = [_person(name, number, t.locale) for number, name in enumerate(("Anna Bianchi", "Anna Verdi", "Annalisa"))]
    return which_person(example_row(), found, most=2, t=t)


# The last question


@example("announce.confirm")
def _confirm(t: Texts) -> Screen:
    asked = Confirmation(example_aim(t, both=False), Moment(None, NOW), False, Fatigue())  # noqa: FBT003 - one flag
    return confirm(asked, zone=ROME, t=t)


@example("announce.confirm_changed")
def _changed(t: Texts) -> Screen:
    asked = Confirmation(example_aim(t), Moment(None, NOW), False, Fatigue(1.2, 3, 2.4, 6))  # noqa: FBT003 - one flag
    return confirm(asked, zone=ROME, t=t, was=142)


@example("announce.confirm_planned")
def _confirm_planned(t: Texts) -> Screen:
    aim = example_aim(t)
    aim.row.channel, aim.row.asks_ack, aim.row.joins_until = ChannelPost.ALSO, True, LATER
    moment = Moment(LATER, LATER, None, _event(t), -2880)
    return confirm(Confirmation(aim, moment, True, Fatigue(3.4, 6, 9.5, 14)), zone=ROME, t=t)  # noqa: FBT003 - one flag


@example("announce.confirm_closed")
def _confirm_closed(t: Texts) -> Screen:
    closed = Closure(Closed.HOLIDAY, date(2018, 4, 25), "IT")
    moment = Moment(datetime(2018, 4, 26, 6, tzinfo=UTC), datetime(2018, 4, 25, 8, tzinfo=UTC), closed)
    asked = Confirmation(example_aim(t, trial=True), moment, False, Fatigue())  # noqa: FBT003 - one flag
    return confirm(asked, zone=ROME, t=t)


@example("announce.when")
def _when(t: Texts) -> Screen:
    return when_menu(example_row(), Moment(None, NOW), zone=ROME, events=2, t=t)


@example("announce.planned")
def _planned(t: Texts) -> Screen:
    row = example_row(AnnouncementStatus.PLANNED)
    return planned(row, Moment(LATER, LATER, None, _event(t), -2880), 143, zone=ROME, t=t)


@example("announcement_unplanned")
def _unplanned(t: Texts) -> Screen:
    return unplanned(example_row(), t=t)


# The second person


def _review(t: Texts, *, mine: bool, others: int) -> Review:
    row = example_row(AnnouncementStatus.APPROVAL, promotional=True)
    topic = t.of(FUNDING, "name")
    plan = AnnouncementPlan(announcement_id=7, asked_by_id=1, asked_at=NOW, asked_for=143)
    return Review(row, plan, example_aim(t), Moment(None, NOW), "Giulia Ferrandi", others, mine, topic)


@example("announcement_approval")
def _approval(t: Texts) -> Screen:
    return review(_review(t, mine=True, others=2), zone=ROME, t=t)


@example("announce.review_own")
def _review_own(t: Texts) -> Screen:
    return review(_review(t, mine=False, others=0), zone=ROME, t=t)


@example("announce.decided")
def _decided(t: Texts) -> Screen:
    return decided(example_row(AnnouncementStatus.SENDING), t=t)


@example("announcement_sent_back")
def _sent_back(t: Texts) -> Screen:
    reason = "Manca l'orario." if t.locale is Locale.ITALIAN else "The time is missing."
    return sent_back(example_row(), "Laura Gatti", reason, t=t)


# Drafts and the trial


@example("announce.delete")
def _delete(t: Texts) -> Screen:
    return delete_draft(example_row(), t=t)


@example("announce.deleted")
def _deleted(t: Texts) -> Screen:
    return deleted(t=t)


@example("announce.trial")
def _trial(t: Texts) -> Screen:
    return end_trial(staff=4, everybody=143, t=t)


@example("announce.golive")
def _golive(t: Texts) -> Screen:
    return trial_ended(t=t)


# Afterwards


@example("announce.withdraw")
def _withdraw(t: Texts) -> Screen:
    return ask_to_withdraw(example_row(AnnouncementStatus.DONE), 137, 17, t=t)


@example("announce.removed")
def _removed(t: Texts) -> Screen:
    return removed(example_row(AnnouncementStatus.WITHDRAWN), Removed(100, 20, 1, 17), t=t)


@example("announce.unread")
def _unread(t: Texts) -> Screen:
    row = example_row(AnnouncementStatus.DONE)
    row.chases, row.chased_at = 1, NOW
    shown = Unread(row, 98, 2, ["Davide Ferri", "Marta Conti"], 0, 1, True)  # noqa: FBT003 - one flag
    return unread(shown, zone=ROME, t=t)


@example("announce.unread_waits")
def _unread_waits(t: Texts) -> Screen:
    row = example_row(AnnouncementStatus.DONE)
    row.chases, row.chased_at = 2, NOW
    shown = Unread(row, 98, 1, ["Davide Ferri"], next_at=NOW + timedelta(hours=20))
    return unread(shown, zone=ROME, t=t)


# The small forms


@example("announce.correct")
def _correct(t: Texts) -> Form:
    return correction_form(example_row(AnnouncementStatus.DONE), t=t)


@example("announce.file")
def _file(t: Texts) -> Form:
    return file_form(Part.PICTURE, t=t)


@example("announce.link")
def _link(t: Texts) -> Form:
    return link_form(t=t)


@example("announce.late")
def _late(t: Texts) -> Form:
    return late_form(ROME, t=t)


@example("announce.at")
def _at(t: Texts) -> Form:
    return at_form(ROME, "", t=t)


@example("announce.by")
def _by(t: Texts) -> Form:
    return by_event_form([_event(t)], ROME, t=t)


@example("announce.outlookat")
def _outlook_form(t: Texts) -> Form:
    return outlook_form(ROME, t=t)


@example("announce.back")
def _back(t: Texts) -> Form:
    return back_form(t=t)
