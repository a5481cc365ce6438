"""Every screen, notice and form of events with example data, for the gallery and the snapshots."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.context import Community
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.events import forms, notice_screens, screens, staff_screens
from handlers.events.calendar_file import calendar_file
from handlers.events.notice_screens import Snapshot
from handlers.events.organising import details_of
from handlers.events.rules import DEFAULT_REMINDERS, instant_of
from handlers.events.screens import EventCard, EventList
from storage.enums import Answer, EventStatus, Locale
from storage.models import CommunityEvent
from storage.queries.events import Tally

NOW = datetime(2018, 4, 3, 9, 0, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")
COMMUNITY = Community(name="Cluster Lombardo", contact="segreteria@cluster.example")


def _event(
    number: int,
    title: str,
    place: str,
    starts: str,
    ends: str,
    *,
    zone: str = "Europe/Rome",
    capacity: int = 0,
    language: Locale = Locale.ITALIAN,
    status: EventStatus = EventStatus.PUBLISHED,
    description: str = "",
    link: str = "",
) -> CommunityEvent:
    return CommunityEvent(
        id=number,
        uid=f"5f0c8a1e-0000-4000-8000-{number:012d}",
        sequence=0,
        title=title,
        description=description,
        place=place,
        link=link,
        zone=zone,
        starts_wall=starts,
        ends_wall=ends,
        starts_at=instant_of(starts, zone),
        ends_at=instant_of(ends, zone),
        capacity=capacity,
        language=language,
        status=status,
        cancel_reason="",
        created_at=NOW - timedelta(days=7),
        published_at=NOW - timedelta(days=6) if status is not EventStatus.PROPOSED else None,
    )


def _workshop(status: EventStatus = EventStatus.PUBLISHED) -> CommunityEvent:
    return _event(
        12,
        "Dal brevetto al paziente: laboratorio sulle terapie avanzate",
        "Aula Golgi, Pavia",
        "2018-04-19T17:30",
        "2018-04-19T19:30",
        capacity=20,
        status=status,
        description="Tre casi veri, raccontati da chi li ha seguiti: che cosa ha funzionato, che cosa rifarebbe.",
        link="https://cluster.example/laboratorio",
    )


def _breakfast() -> CommunityEvent:
    return _event(
        15,
        "Breakfast before the fair",
        "Lobby of the delegation's hotel, Tel Aviv",
        "2018-05-15T08:00",
        "2018-05-15T09:00",
        zone="Asia/Jerusalem",
        language=Locale.ENGLISH,
    )


def _card(
    event: CommunityEvent, answer: Answer | None = None, *, tally: Tally | None = None, manages: bool = False
) -> EventCard:
    return EventCard(
        event=event,
        organiser="Federica Pessanelli",
        tally=tally or Tally(going=12, maybe=4, cant=3),
        now=NOW,
        zone=ROME,
        answer=answer,
        position=3 if answer is Answer.WAITING else 0,
        manages=manages,
    )


FULL = Tally(going=20, maybe=2, cant=3, waiting=5)


def _cancelled() -> CommunityEvent:
    event = _workshop(EventStatus.CANCELLED)
    event.cancel_reason = "La relatrice è malata: cerchiamo una nuova data a maggio."
    return event


def _with_file(shown: Screen, event: CommunityEvent) -> Screen:
    return replace(shown, files=(calendar_file(event, COMMUNITY, reminders=DEFAULT_REMINDERS, stamp=NOW),))


def _list(*rows: tuple[CommunityEvent, Answer | None], staff: bool = False, pages: int = 1) -> EventList:
    return EventList(
        rows=rows, page=0, pages=pages, zone=ROME, manages=staff, proposes=True, proposals=2 if staff else 0
    )


@example("events.card")
def card(t: Texts) -> Screen:
    """Not answered yet."""
    return screens.event_card(_card(_workshop()), t)


@example("events.card_going")
def card_going(t: Texts) -> Screen:
    """Abroad, and the reader goes."""
    return screens.event_card(_card(_breakfast(), Answer.GOING), t)


@example("events.card_full")
def card_full(t: Texts) -> Screen:
    """No place left."""
    return screens.event_card(_card(_workshop(), tally=FULL), t)


@example("events.card_waiting")
def card_waiting(t: Texts) -> Screen:
    """The reader waits for a place."""
    return screens.event_card(_card(_workshop(), Answer.WAITING, tally=FULL), t)


@example("events.card_channel")
def card_channel(t: Texts) -> Screen:
    """As a channel shows it."""
    return screens.event_card(replace(_card(_workshop()), personal=False), t)


@example("events.card_cancelled")
def card_cancelled(t: Texts) -> Screen:
    """Called off."""
    return screens.event_card(_card(_cancelled(), Answer.GOING), t)


@example("events.card_proposed")
def card_proposed(t: Texts) -> Screen:
    """As its author sees it while the staff decide."""
    return screens.event_card(_card(_workshop(EventStatus.PROPOSED), tally=Tally()), t)


@example("events.card_declined")
def card_declined(t: Texts) -> Screen:
    """As its author sees it afterwards."""
    event = _workshop(EventStatus.DECLINED)
    event.cancel_reason = "Quella sera c'è già l'assemblea."
    return screens.event_card(_card(event, tally=Tally()), t)


@example("events.card_over")
def card_over(t: Texts) -> Screen:
    """It took place."""
    return screens.event_card(replace(_card(_workshop(), Answer.GOING), now=NOW + timedelta(days=40)), t)


@example("events.list")
def upcoming(t: Texts) -> Screen:
    """What is coming up."""
    return screens.event_list(_list((_workshop(), Answer.GOING), (_breakfast(), None), pages=2), t)


@example("events.list_staff")
def upcoming_staff(t: Texts) -> Screen:
    """What is coming up, for the staff."""
    return screens.event_list(_list((_workshop(), None), (_breakfast(), Answer.MAYBE), staff=True), t)


@example("events.list_empty")
def upcoming_empty(t: Texts) -> Screen:
    """Nothing planned."""
    return screens.event_list(_list(), t)


@example("events.mine")
def mine(t: Texts) -> Screen:
    """The reader's own."""
    proposal = _event(
        16, "Colazione sui dati clinici", "Monza", "2018-05-03T08:30", "2018-05-03T09:30", status=EventStatus.PROPOSED
    )
    return screens.my_events(_list((_workshop(), Answer.WAITING), (proposal, None), (_breakfast(), Answer.GOING)), t)


@example("events.mine_empty")
def mine_empty(t: Texts) -> Screen:
    """Nothing answered yet."""
    return screens.my_events(_list(), t)


@example("events.calendar")
def calendar(t: Texts) -> Screen:
    """The calendar file."""
    return _with_file(screens.calendar_screen(_workshop(), t), _workshop())


@example("events.manage")
def manage(t: Texts) -> Screen:
    """The staff's controls."""
    return staff_screens.manage(_card(_workshop(), tally=FULL, manages=True), DEFAULT_REMINDERS, t)


@example("events.proposals")
def proposals(t: Texts) -> Screen:
    """What waits for the staff."""
    return staff_screens.proposals([_workshop(EventStatus.PROPOSED), _breakfast()], t)


@example("events.proposals_none")
def proposals_none(t: Texts) -> Screen:
    """Nothing waits."""
    return staff_screens.proposals([], t)


@example("event.proposal")
def proposal(t: Texts) -> Screen:
    """A member proposes an event."""
    return staff_screens.proposal(_card(_workshop(EventStatus.PROPOSED), tally=Tally()), t)


@example("events.proposal_published")
def proposal_published(t: Texts) -> Screen:
    """The proposal's card after the decision."""
    return staff_screens.proposal(_card(_workshop(), tally=Tally()), t)


@example("events.proposal_declined")
def proposal_declined(t: Texts) -> Screen:
    """The same, declined."""
    return staff_screens.proposal(_card(_workshop(EventStatus.DECLINED), tally=Tally()), t)


@example("event.invitation")
def invitation(t: Texts) -> Screen:
    """A new event."""
    return notice_screens.invitation(_card(_workshop(), tally=Tally()), t)


@example("event.reminder")
def reminder(t: Texts) -> Screen:
    """A day before."""
    event = _workshop()
    shown = replace(_card(event, Answer.GOING), now=event.starts_at - timedelta(hours=24))
    return _with_file(notice_screens.reminder(shown, t), event)


@example("events.reminder_maybe")
def reminder_maybe(t: Texts) -> Screen:
    """Two hours before, for somebody who has not decided."""
    event = _workshop()
    shown = replace(_card(event, Answer.MAYBE), now=event.starts_at - timedelta(hours=2))
    return _with_file(notice_screens.reminder(shown, t), event)


@example("event.promoted")
def promoted(t: Texts) -> Screen:
    """A place became free."""
    return _with_file(notice_screens.promoted(_card(_workshop(), Answer.GOING, tally=FULL), t), _workshop())


@example("event.changed")
def changed(t: Texts) -> Screen:
    """Moved by a day and to another place."""
    event = _workshop()
    before = Snapshot(
        title=event.title,
        place="Sala delle Colonne, Milano",
        zone=event.zone,
        starts_at=event.starts_at - timedelta(days=1),
        ends_at=event.ends_at - timedelta(days=1),
        capacity=event.capacity,
    )
    rows = notice_screens.differences(before, event, t, ROME)
    return _with_file(notice_screens.changed(_card(event, Answer.GOING), rows, t), event)


@example("event.cancelled")
def cancelled(t: Texts) -> Screen:
    """Called off."""
    return _with_file(notice_screens.cancelled(_cancelled(), t, ROME), _cancelled())


@example("event.approved")
def approved(t: Texts) -> Screen:
    """The reader's proposal is published."""
    return notice_screens.approved(_card(_workshop(), tally=Tally()), t)


@example("event.declined")
def declined(t: Texts) -> Screen:
    """The reader's proposal is not."""
    event = _workshop(EventStatus.DECLINED)
    event.cancel_reason = "Quella sera c'è già l'assemblea. Che ne dici della settimana dopo?"
    return notice_screens.declined(event, t)


def _details(t: Texts, name: str, title: str, submit: str, *, filled: bool, intro: str = "") -> Form:
    fields = forms.detail_fields(
        t,
        zones=forms.zones_offered("Europe/Rome"),
        zone="Europe/Rome",
        language=t.locale,
        filled=details_of(_workshop()) if filled else None,
        dated=filled,
    )
    return Form(name, title, fields, submit, intro=intro)


@example("event.new")
def new_form(t: Texts) -> Form:
    """A new event."""
    return _details(t, "event.new", t("New event"), t("Publish"), filled=False)


@example("event.propose")
def propose_form(t: Texts) -> Form:
    """A member's proposal."""
    intro = t("The staff read it before it is published.")
    return _details(t, "event.propose", t("Propose an event"), t("Send to the staff"), filled=False, intro=intro)


@example("event.edit")
def edit_form(t: Texts) -> Form:
    """An event as it is."""
    return _details(t, "event.edit", t("Edit the event"), t("Save"), filled=True)


@example("event.cancel")
def cancel_form(t: Texts) -> Form:
    """Why it is called off."""
    return forms.cancel_form(_workshop().title, t)


@example("event.decline")
def decline_form(t: Texts) -> Form:
    """Why it is not published."""
    return forms.decline_form(_workshop().title, t)


@example("event.reminders")
def reminders_form(t: Texts) -> Form:
    """When to remind."""
    return forms.reminders_form(DEFAULT_REMINDERS, t)
