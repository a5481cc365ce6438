"""Every screen, form and notice of the missions with example data, for the gallery and the snapshots."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.missions import form_fields, notice_screens, programme_screens, screens, staff_screens
from handlers.missions.programme_screens import Agenda
from handlers.missions.rules import Entry
from handlers.missions.screens import Sheet
from handlers.missions.staff_screens import ApplicationCard
from storage.enums import (
    ApplicationStatus,
    ComponentKind,
    Locale,
    MissionStatus,
    OrganisationCategory,
    PersonStatus,
    PlaceStatus,
)
from storage.models import (
    Application,
    ApplicationPlace,
    Component,
    Mission,
    MissionQuestion,
    Organisation,
    Person,
    ProgrammeItem,
    Sector,
)
from storage.queries.missions import Heads, Places

ROME = ZoneInfo("Europe/Rome")
APRIL = datetime(2018, 4, 17, 16, 0, tzinfo=UTC)
ON_THE_WAY = datetime(2018, 5, 15, 7, 10, tzinfo=UTC)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _mission(status: MissionStatus = MissionStatus.OPEN) -> Mission:
    return Mission(
        id=1,
        title="MIXiii BIOMED 2018",
        place="Tel Aviv",
        venue="Seafront Conference Centre",
        first_day=date(2018, 5, 14),
        last_day=date(2018, 5, 17),
        zone="Asia/Jerusalem",
        deadline=datetime(2018, 4, 20, 16, 0, tzinfo=UTC),
        seats=40,
        cost_it="780 € a persona; volo e albergo a carico di chi parte.",
        cost_en="€780 each; flight and hotel are yours.",
        summary_it="Quattro giorni nel posto dove medicina, dati e ingegneria si parlano senza presentazioni.",
        summary_en="Four days in a place where medicine, data and engineering talk to each other.",
        sectors=["pharma", "devices"],
        status=status,
        created_at=_at("2018-03-29T10:00"),
        opened_at=_at("2018-03-29T10:00"),
    )


def _component(number: int, kind: ComponentKind, it: str, en: str, starts: str, ends: str, seats: int) -> Component:
    return Component(
        id=number,
        mission_id=1,
        kind=kind,
        title_it=it,
        title_en=en,
        description_it="Venti minuti a tavolo e dieci per cambiare posto." if kind is ComponentKind.B2B else "",
        description_en="Twenty minutes at a table, ten to change places." if kind is ComponentKind.B2B else "",
        place="Technion, Haifa" if kind is ComponentKind.VISIT else "Seafront Conference Centre",
        starts_wall="",
        ends_wall="",
        starts_at=_at(starts),
        ends_at=_at(ends),
        seats=seats,
    )


def _components() -> list[Component]:
    return [
        _component(1, ComponentKind.FAIR, "Fiera MIXiii", "MIXiii fair", "2018-05-14T06:00", "2018-05-17T15:00", 40),
        _component(2, ComponentKind.B2B, "Incontri B2B", "B2B meetings", "2018-05-15T06:30", "2018-05-16T13:50", 32),
        _component(
            3,
            ComponentKind.VISIT,
            "Visita tecnica al Technion",
            "Technical visit to the Technion",
            "2018-05-17T07:00",
            "2018-05-17T09:30",
            20,
        ),
    ]


PLACES = {1: Places(18, 0), 2: Places(28, 0), 3: Places(20, 2)}


def _sheet(status: ApplicationStatus | None = None) -> Sheet:
    return Sheet(
        mission=_mission(),
        components=_components(),
        places=PLACES,
        sectors=[
            Sector(key="pharma", name_it="Farmaceutica", name_en="Pharma"),
            Sector(key="devices", name_it="Dispositivi medici", name_en="Medical devices"),
        ],
        now=APRIL,
        zone=ROME,
        application=status,
    )


def _person() -> Person:
    organisation = Organisation(id=1, name="Officine Infusionali Brianza", category=OrganisationCategory.COMPANY)
    return Person(
        id=7,
        status=PersonStatus.MEMBER,
        name="Teresa Bleviani",
        organisation=organisation,
        organisation_claim="",
        job_title="Responsabile R&S",
        locale=Locale.ITALIAN,
        offers="Ottica miniaturizzata per endoscopia",
        seeks="Sensori d'immagine sotto i due millimetri",
    )


def _application(status: ApplicationStatus) -> Application:
    application = Application(
        id=5,
        mission_id=1,
        person_id=7,
        status=status,
        objectives=["Sensori d'immagine sotto i due millimetri", "Un chirurgo per prove in fluorescenza"],
        note="Arrivo la sera del 13.",
        applied_at=_at("2018-04-16T08:20"),
        decided_at=_at("2018-04-17T09:05") if status is not ApplicationStatus.WAITING else None,
        reason="Per questa missione abbiamo scelto chi ha già un prodotto da mostrare."
        if status is ApplicationStatus.DECLINED
        else "",
    )
    application.person, application.mission = _person(), _mission()
    return application


def _places(*statuses: PlaceStatus) -> list[ApplicationPlace]:
    found = []
    for component, status in zip(_components(), statuses, strict=True):
        place = ApplicationPlace(
            application_id=5, component_id=component.id, status=status, asked_at=_at("2018-04-16T08:20")
        )
        place.component = component
        found.append(place)
    return found


GIVEN = (PlaceStatus.CONFIRMED, PlaceStatus.CONFIRMED, PlaceStatus.WAITING)
ASKED = (PlaceStatus.ASKED, PlaceStatus.ASKED, PlaceStatus.ASKED)


def _card(status: ApplicationStatus) -> ApplicationCard:
    waiting = status is ApplicationStatus.WAITING
    return ApplicationCard(
        application=_application(status),
        places=_places(*(ASKED if waiting else GIVEN)),
        counts=PLACES,
        positions={3: 3},
        decided_by="" if waiting else "Elena Bardolini",
        zone=ROME,
        undecided=2,
    )


def _items() -> list[ProgrammeItem]:
    rows = (
        ("Ritrovo, caffè e ritiro dei badge", "Meeting point, coffee and badges", "Hotel Gal Yam", 14, 6, 7),
        ("Incontri B2B, mattina", "B2B meetings, morning", "Jasmine Hall", 15, 6, 9),
        ("Visita ai laboratori del Technion", "Visit to the Technion laboratories", "Technion, Haifa", 17, 7, 9),
    )
    return [
        ProgrammeItem(
            id=number,
            mission_id=1,
            title_it=it,
            title_en=en,
            place=place,
            starts_at=datetime(2018, 5, day, first, 30, tzinfo=UTC),
            ends_at=datetime(2018, 5, day, last, 20, tzinfo=UTC),
        )
        for number, (it, en, place, day, first, last) in enumerate(rows, 1)
    ]


def _agenda() -> Agenda:
    entries = [
        Entry(
            uid=f"programme-{item.id}",
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            title_it=item.title_it,
            title_en=item.title_en,
            place=item.place,
        )
        for item in _items()
    ]
    entries.append(
        Entry(
            uid="meeting-4",
            starts_at=_at("2018-05-15T07:30"),
            ends_at=_at("2018-05-15T07:50"),
            place="Jasmine Hall",
            meeting_id=4,
            with_name="Noa Galdorin",
            with_organisation="Shaked Sensing",
            table="3",
            agreed=False,
        )
    )
    return Agenda(mission=_mission(MissionStatus.CLOSED), entries=entries, now=ON_THE_WAY)


def _question() -> MissionQuestion:
    return MissionQuestion(
        id=1,
        mission_id=1,
        question_it="Serve il visto?",
        question_en="Do I need a visa?",
        answer_it="No: con un passaporto italiano entri senza visto fino a novanta giorni.",
        answer_en="Not with an Italian passport, for up to ninety days.",
    )


# What everyone sees


@example("missions.list")
def _list(t: Texts) -> Screen:
    applied = {1: ApplicationStatus.WAITING}
    return screens.mission_list([_mission()], applied, t=t, manages=True, undecided=3)


@example("missions.none")
def _none(t: Texts) -> Screen:
    return screens.mission_list([], {}, t=t, manages=False, undecided=0)


@example("missions.sheet")
def _sheet_screen(t: Texts) -> Screen:
    return screens.sheet(_sheet(), t)


@example("missions.sheet_in_channel")
def _channel(t: Texts) -> Screen:
    return screens.sheet(replace(_sheet(), personal=False), t)


@example("missions.parts")
def _parts(t: Texts) -> Screen:
    return screens.parts(_sheet(), t)


@example("missions.programme_page")
def _programme_page(t: Texts) -> Screen:
    return screens.programme_page(_sheet(), _items(), t)


@example("missions.questions")
def _questions(t: Texts) -> Screen:
    return screens.questions(_sheet(), [_question()], t)


@example("missions.answer")
def _answer(t: Texts) -> Screen:
    return screens.answer(_question(), t)


@example("missions.who")
def _who(t: Texts) -> Screen:
    return screens.who(_sheet(), Heads(18, 10, 15, 3, 2), t)


@example("missions.my_application")
def _mine(t: Texts) -> Screen:
    application = _application(ApplicationStatus.ACCEPTED)
    return screens.my_application(_sheet(ApplicationStatus.ACCEPTED), application, _places(*GIVEN), {3: 3}, t)


@example("missions.confirm_withdrawal")
def _withdraw(t: Texts) -> Screen:
    return screens.confirm_withdrawal(_mission(), 2, t)


@example("missions.confirm_release")
def _release(t: Texts) -> Screen:
    return screens.confirm_release(_components()[1], 2, t)


@example("missions.agenda_now")
def _now(t: Texts) -> Screen:
    return programme_screens.agenda_screen(_agenda(), programme_screens.NOW, t)


@example("missions.agenda_whole")
def _whole(t: Texts) -> Screen:
    return programme_screens.agenda_screen(_agenda(), programme_screens.WHOLE, t)


@example("missions.agenda_day")
def _day(t: Texts) -> Screen:
    return programme_screens.agenda_screen(_agenda(), "20180516", t)


@example("missions.calendar")
def _calendar(t: Texts) -> Screen:
    return programme_screens.calendar_screen(_agenda(), t)


# What those who run missions see


@example("missions.manage")
def _manage(t: Texts) -> Screen:
    return staff_screens.manage(_sheet(), Heads(18, 10, 15, 3, 2), 118, 19, 6, t)


@example("missions.manage_draft")
def _manage_draft(t: Texts) -> Screen:
    return staff_screens.manage(replace(_sheet(), mission=_mission(MissionStatus.DRAFT)), Heads(), 118, 0, 0, t)


@example("missions.queue")
def _queue(t: Texts) -> Screen:
    waiting, reserve = _application(ApplicationStatus.WAITING), _application(ApplicationStatus.RESERVE)
    return staff_screens.queue([waiting, reserve], 0, 12, t)


@example("missions.application_accepted")
def _decided(t: Texts) -> Screen:
    return staff_screens.application_card(_card(ApplicationStatus.ACCEPTED), t)


# What is sent unasked


@example("mission.application")
def _new_application(t: Texts) -> Screen:
    return staff_screens.new_application(_card(ApplicationStatus.WAITING), t)


@example("mission.undecided")
def _undecided(t: Texts) -> Screen:
    return staff_screens.undecided_reminder(_mission(), 3, APRIL, ROME, t)


@example("mission.withdrawn")
def _withdrawn(t: Texts) -> Screen:
    return staff_screens.someone_withdrew(_mission(), _person(), 2, t)


@example("mission.opened")
def _opened(t: Texts) -> Screen:
    return notice_screens.opened(_sheet(), t)


@example("mission.deadline")
def _deadline(t: Texts) -> Screen:
    return notice_screens.deadline_near(_mission(), APRIL, ROME, t)


@example("mission.accepted")
def _accepted(t: Texts) -> Screen:
    return notice_screens.accepted(_application(ApplicationStatus.ACCEPTED), _places(*GIVEN), {3: 3}, t)


@example("mission.reserved")
def _reserved(t: Texts) -> Screen:
    return notice_screens.reserved(_mission(), t)


@example("mission.declined")
def _declined(t: Texts) -> Screen:
    return notice_screens.declined(_application(ApplicationStatus.DECLINED), t)


@example("mission.promoted")
def _promoted(t: Texts) -> Screen:
    return notice_screens.promoted(_mission(), _components()[2], t)


# Forms


@example("mission.apply")
def _apply(t: Texts) -> Form:
    return form_fields.apply_form(_sheet(), None, [], t)


@example("mission.new")
def _new(t: Texts) -> Form:
    return form_fields.new_mission_form(_sheet().sectors, zone=ROME.key, t=t)


@example("mission.part")
def _part(t: Texts) -> Form:
    return form_fields.part_form(_mission(), t)


@example("mission.item")
def _item(t: Texts) -> Form:
    return form_fields.item_form(_mission(), _components(), t)


@example("mission.faq")
def _faq(t: Texts) -> Form:
    return form_fields.question_form(_mission(), t)


@example("mission.guest")
def _guest(t: Texts) -> Form:
    return form_fields.guest_form(_mission(), [_person()], _components(), t)


@example("mission.decline")
def _decline(t: Texts) -> Form:
    return form_fields.decline_form(_application(ApplicationStatus.WAITING), t)
