"""What those who run missions see: a mission's controls, the queue, one card an application, and what they are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.missions.screens import NO_PLACES, Sheet, clipped, kind_name, place_line, places_left
from storage.enums import DECIDABLE_APPLICATIONS, ApplicationStatus, MissionStatus, PlaceStatus
from storage.models import Application, ApplicationPlace, Mission, Person
from storage.queries.missions import Heads, Places

APPLICATIONS_A_PAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationCard:
    """What an application's card shows. ``decided_by`` is the name of who decided."""

    application: Application
    places: Sequence[ApplicationPlace]
    counts: Mapping[int, Places]
    positions: Mapping[int, int]
    decided_by: str
    zone: ZoneInfo
    undecided: int


def organisation_of(person: Person) -> str:
    """What a person's organisation is called."""
    return person.organisation.name if person.organisation else person.organisation_claim


def named(person: Person) -> str:
    """Name and organisation, for a line or a button."""
    organisation = organisation_of(person)
    return f"{person.name}, {organisation}" if organisation else person.name


def state_name(status: ApplicationStatus, t: Texts) -> str:
    """Where an application stands, for the staff."""
    match status:
        case ApplicationStatus.WAITING:
            return t("to decide")
        case ApplicationStatus.ACCEPTED:
            return t("accepted")
        case ApplicationStatus.RESERVE:
            return t("on the reserve list")
        case ApplicationStatus.DECLINED:
            return t("not this time")
        case ApplicationStatus.WITHDRAWN:
            return t("withdrawn")


def manage(shown: Sheet, heads: Heads, members: int, items: int, questions: int, t: Texts) -> Screen:
    """A mission's numbers and controls."""
    mission = shown.mission
    states = {
        MissionStatus.DRAFT: t("draft, only the staff see it"),
        MissionStatus.OPEN: t("open for applications"),
        MissionStatus.CLOSED: t("applications closed"),
        MissionStatus.CANCELLED: t("no longer planned"),
    }
    out = screen(summary=mission.title).heading(mission.title)
    out.facts(
        (t("State"), states[mission.status]),
        (t("Apply by"), t.moment(mission.deadline, shown.zone, year=True)),
        (t("Delegates"), t.number(heads.delegates)),
        (t("Guests"), t.number(heads.guests)),
        (t("To decide"), t.number(heads.waiting)),
        (t("Reserve"), t.number(heads.reserve)),
        (t("Lines of the programme"), t.number(items)),
        (t("Questions"), t.number(questions)),
    )
    out.bullets(
        (
            Bold(t.of(one, "title")),
            f" ({kind_name(one.kind, t)}) · {places_left(one, shown.places.get(one.id, NO_PLACES), t)}",
        )
        for one in shown.components
    )
    if not shown.components:
        out.para(t("Add at least one part, then open the mission."))
    out.row(
        Button(t("Add a part"), press("mission.part", mission.id), opens_form=True),
        Button(t("Add to the programme"), press("mission.item", mission.id), opens_form=True)
        if shown.components
        else None,
    )
    out.row(
        Button(t("Add a question"), press("mission.faq", mission.id), opens_form=True),
        Button(t("Add a guest"), press("mission.guest", mission.id), opens_form=True) if shown.components else None,
    )
    if mission.status is MissionStatus.DRAFT and shown.components:
        label = t.n("Open it and tell {n} member", "Open it and tell {n} members", members)
        out.row(Button(label, press("mission.open", mission.id), Style.PRIMARY))
    elif mission.status is MissionStatus.OPEN:
        out.row(Button(t("Close applications"), press("mission.close", mission.id), Style.DANGER))
    elif mission.status is MissionStatus.CLOSED:
        out.row(Button(t("Open applications again"), press("mission.open", mission.id)))
    out.row(
        Button(t("Applications"), press("mission.queue", 0)),
        Button(t("As others see it"), press("mission.show", mission.id)),
    )
    return out.build()


def queue(applications: Sequence[Application], page: int, total: int, t: Texts) -> Screen:
    """Applications to decide, a button each."""
    out = screen(summary=t("Applications to decide")).heading(t("Applications to decide"))
    if not applications:
        out.para(t("Nothing to decide. Well done!"))
    for one in applications:
        mark = "" if one.status is ApplicationStatus.WAITING else f" ({state_name(one.status, t)})"
        out.row(Button(clipped(named(one.person)) + mark, press("mission.review", one.id)))
    out.row(
        Button(t("‹ Back"), press("mission.queue", page - 1)) if page > 0 else None,
        Button(t("More ›"), press("mission.queue", page + 1)) if (page + 1) * APPLICATIONS_A_PAGE < total else None,
    )
    return out.build()


def application_card(card: ApplicationCard, t: Texts) -> Screen:
    """An application as all leads see it; the same message is redrawn when one of them decides."""
    application = card.application
    person = application.person
    heading = t("{name} for {mission}", name=person.name, mission=application.mission.title)
    out = screen(summary=heading).heading(heading)
    out.facts(
        (t("Organisation"), organisation_of(person)),
        (t("Role"), person.job_title),
        (t("Offers"), person.offers),
        (t("Seeks"), person.seeks),
        (t("Applied"), t.stamp(application.applied_at, card.zone)),
    )
    if application.objectives:
        out.para(t("Wants to bring home:"))
        out.bullets(application.objectives)
    if application.note:
        out.para(t("Note: {note}", note=application.note))
    lines = []
    for place in card.places:
        asked = place.status is PlaceStatus.ASKED
        left = places_left(place.component, card.counts.get(place.component_id, NO_PLACES), t)
        line = (Bold(t.of(place.component, "title")), f" · {left}")
        lines.append(line if asked else place_line(place, card.positions, t))
    out.bullets(lines)
    _decision(out, card, t)
    if application.status in DECIDABLE_APPLICATIONS:
        waiting = application.status is ApplicationStatus.WAITING
        out.row(
            Button(t("Accept"), press("mission.accept", application.id), Style.PRIMARY),
            Button(t("Reserve"), press("mission.reserve", application.id)) if waiting else None,
        )
        out.row(Button(t("Not this time"), press("mission.decline", application.id), Style.DANGER, opens_form=True))
    if card.undecided:
        label = t.n("{n} application to decide", "{n} applications to decide", card.undecided)
        out.row(Button(label, press("mission.next", application.id)))
    return out.build()


def _decision(out: ScreenBuilder, card: ApplicationCard, t: Texts) -> None:
    application = card.application
    if application.status is ApplicationStatus.WAITING:
        return
    by = card.decided_by if application.status is not ApplicationStatus.WITHDRAWN else ""
    at = application.decided_at
    out.facts(
        (t("State"), state_name(application.status, t)),
        (t("Decided by"), by),
        (t("On"), t.stamp(at, card.zone) if at else None),
        (t("Reason"), application.reason),
    )


# What the staff are told


def new_application(card: ApplicationCard, t: Texts) -> Screen:
    """Somebody applied: the card, to be decided on the spot."""
    return application_card(card, t)


def someone_withdrew(mission: Mission, person: Person, reserve: int, t: Texts) -> Screen:
    """Somebody no longer goes."""
    text = t("{name} no longer goes to {mission}.", name=named(person), mission=mission.title)
    out = screen(summary=text).para(text)
    if reserve:
        out.para(t.n("{n} application is in reserve.", "{n} applications are in reserve.", reserve))
        out.row(Button(t("Applications"), press("mission.queue", 0), Style.PRIMARY))
    return out.build()


def undecided_reminder(mission: Mission, undecided: int, now: datetime, zone: ZoneInfo, t: Texts) -> Screen:
    """The deadline is near: how many applications wait."""
    text = t.n(
        "{mission}: {n} application is still to decide.",
        "{mission}: {n} applications are still to decide.",
        undecided,
        mission=mission.title,
    )
    out = screen(summary=text).para(text)
    if mission.deadline > now:
        out.para(t("Applications are open until {when}.", when=t.moment(mission.deadline, zone)))
    return out.row(Button(t("Applications"), press("mission.queue", 0), Style.PRIMARY)).build()
