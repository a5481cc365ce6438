"""Every screen, form and notice of the meetings with example data, for the gallery and the snapshots."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.meetings import form_fields, notices, screens, staff_screens
from handlers.meetings.rules import FreeTime, NoTime, SlotTime
from handlers.meetings.screens import Appointed, MeetingView, Side
from storage.enums import (
    Locale,
    MeetingStatus,
    MissionStatus,
    OrganisationCategory,
    PartyAnswer,
    PersonStatus,
)
from storage.models import Meeting, Mission, Organisation, Person

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2018, 5, 10, 8, 0, tzinfo=UTC)
OLD = Appointed(4, datetime(2018, 5, 15, 8, 0, tzinfo=UTC), datetime(2018, 5, 15, 8, 20, tzinfo=UTC), "3")
NEW = Appointed(9, datetime(2018, 5, 15, 12, 30, tzinfo=UTC), datetime(2018, 5, 15, 12, 50, tzinfo=UTC), "1")


def _mission() -> Mission:
    return Mission(
        id=1,
        title="MIXiii BIOMED 2018",
        place="Tel Aviv",
        first_day=date(2018, 5, 14),
        last_day=date(2018, 5, 17),
        zone="Asia/Jerusalem",
        deadline=NOW,
        status=MissionStatus.CLOSED,
        created_at=NOW,
    )


def _person(number: int, name: str, organisation: str, title: str, offers: str, seeks: str) -> Person:
    return Person(
        id=number,
        status=PersonStatus.MEMBER,
        name=name,
        organisation=Organisation(id=number, name=organisation, category=OrganisationCategory.COMPANY),
        organisation_claim="",
        job_title=title,
        locale=Locale.ENGLISH,
        offers=offers,
        seeks=seeks,
    )


def _marco() -> Person:
    return _person(
        7,
        "Marco Valsecchini",
        "Officine Infusionali Brianza",
        "Responsabile R&S",
        "Pompe d'infusione, prove su banco",
        "Un sensore ottico di ossigeno",
    )


def _noa() -> Person:
    return _person(
        8,
        "Noa Galdorin",
        "Shaked Sensing",
        "VP Research and Development",
        "Miniature optical oxygen and pressure sensors",
        "An infusion or ventilation maker for a first product",
    )


def _view(
    status: MeetingStatus,
    own: PartyAnswer = PartyAnswer.PENDING,
    other: PartyAnswer = PartyAnswer.PENDING,
    *,
    offered_by: int = 0,
) -> MeetingView:
    meeting = Meeting(
        id=4,
        mission_id=1,
        status=status,
        topic="Optical oxygen sensing inside an infusion line",
        sequence=1,
        created_at=NOW,
    )
    return MeetingView(
        meeting=meeting,
        mission=_mission(),
        hall="Jasmine Hall",
        own=Side(_marco(), own),
        other=Side(_noa(), other),
        at=None if status is MeetingStatus.PROPOSED else OLD,
        offered=NEW if offered_by else None,
        offered_by=offered_by,
        now=NOW,
        zone=ROME,
    )


def _scheduled() -> MeetingView:
    return _view(MeetingStatus.SCHEDULED)


def _confirmed() -> MeetingView:
    return _view(MeetingStatus.CONFIRMED, PartyAnswer.YES, PartyAnswer.YES)


def _asked() -> MeetingView:
    return _view(MeetingStatus.SCHEDULED, PartyAnswer.YES, PartyAnswer.ANOTHER_TIME, offered_by=8)


def _times() -> list[FreeTime]:
    first = datetime(2018, 5, 15, 11, 0, tzinfo=UTC)
    starts = [first + timedelta(minutes=30 * number) for number in range(6)]
    return [FreeTime(SlotTime(number, (one, one + timedelta(minutes=20))), 1) for number, one in enumerate(starts, 10)]


# What its two sides see


@example("meetings.card_to_answer")
def _card(t: Texts) -> Screen:
    return screens.meeting_card(_scheduled(), t)


@example("meetings.card_confirmed")
def _card_confirmed(t: Texts) -> Screen:
    return screens.meeting_card(_confirmed(), t)


@example("meetings.card_another_time")
def _card_asked(t: Texts) -> Screen:
    return screens.meeting_card(_asked(), t)


@example("meetings.card_asked_oneself")
def _card_own_offer(t: Texts) -> Screen:
    view = _view(MeetingStatus.CONFIRMED, PartyAnswer.ANOTHER_TIME, PartyAnswer.YES, offered_by=7)
    return screens.meeting_card(view, t)


@example("meetings.other_times")
def _other_times(t: Texts) -> Screen:
    return screens.other_times(_scheduled(), _times(), t)


@example("meetings.no_other_time")
def _no_other_time(t: Texts) -> Screen:
    return screens.other_times(_scheduled(), [], t)


@example("meetings.another_or_not_at_all")
def _another_or_not(t: Texts) -> Screen:
    return screens.another_or_not_at_all(_scheduled(), t)


@example("meetings.mine")
def _mine(t: Texts) -> Screen:
    return screens.my_meetings([_scheduled(), _confirmed(), _view(MeetingStatus.PROPOSED)], manages=[_mission()], t=t)


@example("meetings.none")
def _none(t: Texts) -> Screen:
    return screens.my_meetings([], manages=[], t=t)


@example("meetings.calendar")
def _calendar(t: Texts) -> Screen:
    return screens.calendar_screen(_confirmed(), OLD, t)


# What those who run meetings see


@example("meetings.overview")
def _overview(t: Texts) -> Screen:
    counts = {MeetingStatus.PROPOSED: 2, MeetingStatus.SCHEDULED: 5, MeetingStatus.CONFIRMED: 7}
    return staff_screens.overview(
        _mission(),
        [_view(MeetingStatus.PROPOSED), _scheduled(), _confirmed()],
        counts,
        chosen=staff_screens.Filter.ALL,
        page=0,
        slots=24,
        tables=8,
        t=t,
    )


@example("meetings.staff_card")
def _staff_card(t: Texts) -> Screen:
    view = _view(MeetingStatus.SCHEDULED, PartyAnswer.YES)
    return staff_screens.staff_card(replace(view, other=replace(view.other, reachable=False)), t)


@example("meetings.staff_card_another_time")
def _staff_asked(t: Texts) -> Screen:
    return staff_screens.staff_card(_asked(), t)


@example("meetings.staff_card_no_time")
def _staff_no_time(t: Texts) -> Screen:
    return staff_screens.with_reason(_view(MeetingStatus.PROPOSED), NoTime.NO_COMMON_SLOT, t)


@example("meetings.which_mission")
def _which(t: Texts) -> Screen:
    return staff_screens.which_mission([_mission(), _mission()], t)


# What is sent unasked


@example("meeting.proposed")
def _proposed(t: Texts) -> Screen:
    return screens.with_news(_scheduled(), notices.proposed_news(_scheduled(), t), t)


@example("meeting.confirmed")
def _confirmed_notice(t: Texts) -> Screen:
    return screens.with_news(_confirmed(), notices.confirmed_news(_confirmed(), t), t)


@example("meeting.asked")
def _asked_notice(t: Texts) -> Screen:
    return screens.with_news(_asked(), notices.asked_news(_asked(), t), t)


@example("meeting.moved")
def _moved(t: Texts) -> Screen:
    view = replace(_confirmed(), at=NEW)
    return screens.with_news(view, notices.moved_news(view, t), t)


@example("meeting.kept")
def _kept(t: Texts) -> Screen:
    view = _view(MeetingStatus.SCHEDULED, PartyAnswer.PENDING, PartyAnswer.YES)
    return screens.with_news(view, notices.kept_news(view, t), t)


@example("meeting.stays")
def _stays(t: Texts) -> Screen:
    return screens.with_news(_confirmed(), notices.stays_news(_confirmed(), t), t)


@example("meeting.cancelled")
def _cancelled(t: Texts) -> Screen:
    view = _view(MeetingStatus.CANCELLED, PartyAnswer.YES, PartyAnswer.NO)
    return screens.with_news(view, notices.cancelled_news(view, t), t)


@example("meeting.answered_for")
def _answered_for(t: Texts) -> Screen:
    view = _view(MeetingStatus.SCHEDULED, PartyAnswer.YES)
    return screens.with_news(view, notices.answered_for_news("Elena Bardolini", t), t)


@example("meeting.reminder")
def _reminder(t: Texts) -> Screen:
    view = replace(_confirmed(), now=OLD.starts_at - timedelta(minutes=60))
    return screens.with_news(view, notices.reminder_news(view, t), t)


@example("meeting.lost")
def _lost(t: Texts) -> Screen:
    return staff_screens.lost(_view(MeetingStatus.CANCELLED, PartyAnswer.NO), "busy", t)


# Forms


@example("meeting.propose")
def _propose(t: Texts) -> Form:
    return form_fields.propose_form(_mission(), [_marco(), _noa()], t)


@example("meeting.decline")
def _decline(t: Texts) -> Form:
    return form_fields.decline_form("Noa Galdorin", t)


@example("meeting.call_off")
def _call_off(t: Texts) -> Form:
    return form_fields.call_off_form("Marco Valsecchini", "Noa Galdorin", t)


@example("meeting.grid")
def _grid(t: Texts) -> Form:
    return form_fields.grid_form(_mission(), 8, t)
