"""What everyone sees of missions, drawn from data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, one_line, press, screen
from handlers.conversation.texts import Texts
from handlers.missions.rules import Closed, can_withdraw, free_seats, why_closed
from storage.enums import DECIDABLE_APPLICATIONS, ApplicationStatus, ComponentKind, MissionStatus, PlaceStatus
from storage.models import Application, ApplicationPlace, Component, Mission, MissionQuestion, ProgrammeItem, Sector
from storage.queries.missions import Heads, Places

LABEL_LENGTH = 60
"""Characters of a title or question on a button."""
NO_PLACES = Places()


class Page(StrEnum):
    """The pages of a mission."""

    SHEET = "sheet"
    PARTS = "parts"
    PROGRAMME = "programme"
    QUESTIONS = "questions"
    WHO = "who"
    MINE = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a mission's pages show.

    Attributes:
        mission: the mission.
        components: its parts in the order of time.
        places: by component, how many are taken and waited for.
        sectors: whom it is for; empty means everybody.
        now: the present, in UTC.
        zone: the reader's.
        personal: whether one person reads it; a channel's card carries nobody's application.
        application: where the reader's own stands.
        manages: whether the reader runs missions.
    """

    mission: Mission
    components: Sequence[Component]
    places: Mapping[int, Places] = field(default_factory=dict)
    sectors: Sequence[Sector] = ()
    now: datetime
    zone: ZoneInfo
    personal: bool = True
    application: ApplicationStatus | None = None
    manages: bool = False

    @property
    def mission_zone(self) -> ZoneInfo:
        """Where the mission is."""
        return ZoneInfo(self.mission.zone)

    @property
    def closed(self) -> Closed | None:
        """Why nobody can apply now."""
        return why_closed(self.mission.status, self.mission.deadline, self.now)


def clipped(text: str, length: int = LABEL_LENGTH) -> str:
    """The text on one line, cut to so many characters."""
    return one_line(text, length)


def kind_name(kind: ComponentKind, t: Texts) -> str:
    """What a kind of component is called."""
    match kind:
        case ComponentKind.FAIR:
            return t("Fair")
        case ComponentKind.B2B:
            return t("B2B meetings")
        case ComponentKind.VISIT:
            return t("Technical visit")
        case ComponentKind.SEMINAR:
            return t("Seminar")
        case ComponentKind.DINNER:
            return t("Dinner")


def status_name(status: ApplicationStatus, t: Texts) -> str:
    """Where an application stands, in a sentence to its author."""
    match status:
        case ApplicationStatus.WAITING:
            return t("⏳ The staff are reading your application.")
        case ApplicationStatus.ACCEPTED:
            return t("✅ You're accepted. See you there!")
        case ApplicationStatus.RESERVE:
            return t("You're on the reserve list: if a place comes free, we'll write to you.")
        case ApplicationStatus.DECLINED:
            return t("Not this time.")
        case ApplicationStatus.WITHDRAWN:
            return t("You withdrew your application.")


def why_not(closed: Closed, t: Texts) -> str:
    """Why nobody can apply now."""
    match closed:
        case Closed.NOT_OPEN:
            return t("Applications are not open yet.")
        case Closed.CLOSED:
            return t("Applications are closed.")
        case Closed.CANCELLED:
            return t("This mission will not take place.")
        case Closed.TOO_LATE:
            return t("The deadline has passed. If you'd still like to come, write to the staff: now and then it works.")


def places_left(component: Component, places: Places, t: Texts) -> str:
    """How many places a component still has."""
    free = free_seats(component.seats, places.confirmed + places.waiting)
    if free is None:
        return t("places for everybody")
    if free == 0:
        return t("full, waiting list")
    return t.n("{n} place left", "{n} places left", free)


def hours(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, t: Texts) -> str:
    """From when to when within a programme, in its zone: days only where it lasts over more than one."""
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if first.date() == last.date():
        return f"{t.short_day(first)}, {t.hour(first)}–{t.hour(last)}"
    return f"{t.short_day(first)} – {t.short_day(last)}"


def mission_list(
    missions: Sequence[Mission], applied: Mapping[int, ApplicationStatus], *, t: Texts, manages: bool, undecided: int
) -> Screen:
    """Missions not over, a button each."""
    out = screen(summary=t("Missions")).heading(t("Missions"))
    if not missions:
        out.para(t("No mission is planned at the moment. We'll write to you as soon as one opens."))
    for mission in missions:
        marks = {
            MissionStatus.DRAFT: t("draft, only the staff see it"),
            MissionStatus.CLOSED: t("applications closed"),
            MissionStatus.CANCELLED: t("no longer planned"),
        }
        out.facts(
            (mission.title, t.days(mission.first_day, mission.last_day)),
            (t("Where"), mission.place),
            (t("State"), marks.get(mission.status)),
            (t("You"), status_name(applied[mission.id], t) if mission.id in applied else None),
        )
        out.row(Button(clipped(mission.title), press("mission.show", mission.id), Style.PRIMARY))
    if manages:
        label = t.n("{n} application to decide", "{n} applications to decide", undecided) if undecided else ""
        out.row(
            Button(label, press("mission.queue", 0)) if label else None,
            Button(t("New mission"), press("mission.new"), opens_form=True),
        )
    return out.build()


def sheet(shown: Sheet, t: Texts) -> Screen:
    """The mission's card."""
    mission = shown.mission
    out = screen(summary=f"{mission.title}, {t.days(mission.first_day, mission.last_day)}")
    out.heading(mission.title)
    if mission.status is MissionStatus.CANCELLED:
        out.para(Bold(t("This mission will not take place.")))
    out.para(t.of(mission, "summary"))
    seats = t.number(mission.seats) if mission.seats else None
    out.facts(
        (t("When"), t.days(mission.first_day, mission.last_day)),
        (t("Where"), f"{mission.venue}, {mission.place}" if mission.venue else mission.place),
        (t("Apply by"), t.moment(mission.deadline, shown.zone)),
        (t("Cost"), t.of(mission, "cost")),
        (t("Sectors"), t.list([t.of(sector, "name") for sector in shown.sectors])),
        (t("Delegates at most"), seats),
    )
    out.bullets(
        (Bold(t.of(one, "title")), f" · {places_left(one, shown.places.get(one.id, NO_PLACES), t)}")
        for one in shown.components
    )
    if shown.closed is not None and shown.application is None:
        out.para(why_not(shown.closed, t))
    elif shown.personal and shown.application is not None:
        out.para(status_name(shown.application, t))
    _sheet_buttons(out, shown, t)
    return out.build()


def _sheet_buttons(out: ScreenBuilder, shown: Sheet, t: Texts) -> None:
    mission = shown.mission
    again = shown.application is ApplicationStatus.WITHDRAWN
    if shown.personal and shown.application is not None and not again:
        out.row(Button(t("My application"), press("mission.show", mission.id, Page.MINE), Style.PRIMARY))
    elif shown.closed is None:
        out.row(Button(t("Apply"), press("mission.apply", mission.id), Style.PRIMARY, opens_form=True))
    out.row(
        Button(t("Parts"), press("mission.show", mission.id, Page.PARTS)),
        Button(t("Programme"), press("mission.show", mission.id, Page.PROGRAMME)),
    )
    out.row(
        Button(t("Questions"), press("mission.show", mission.id, Page.QUESTIONS)),
        Button(t("Who goes"), press("mission.show", mission.id, Page.WHO)),
    )
    if shown.personal:
        out.row(
            Button(t("All missions"), press("mission.list")),
            Button(t("Manage"), press("mission.manage", mission.id)) if shown.manages else None,
        )


def _back(mission_id: int, t: Texts) -> Button:
    return Button(t("‹ Back"), press("mission.show", mission_id))


def parts(shown: Sheet, t: Texts) -> Screen:
    """The mission's components, each with its own places."""
    out = screen(summary=t("The parts of {mission}", mission=shown.mission.title))
    out.heading(t("The parts of {mission}", mission=shown.mission.title))
    out.para(t("You choose the parts you want; each has its own places."))
    for one in shown.components:
        places = shown.places.get(one.id, NO_PLACES)
        out.para(Bold(t.of(one, "title")))
        out.para(t.of(one, "description"))
        out.facts(
            (t("When"), t.span(one.starts_at, one.ends_at, shown.mission_zone, reader=shown.zone)),
            (t("Where"), one.place),
            (t("Places"), places_left(one, places, t)),
            (t("On the waiting list"), t.number(places.waiting) if places.waiting else None),
        )
    return out.row(_back(shown.mission.id, t)).build()


def programme_page(shown: Sheet, items: Sequence[ProgrammeItem], t: Texts) -> Screen:
    """The mission's whole programme, for everybody."""
    zone = shown.mission_zone
    out = screen(summary=t("Programme of {mission}", mission=shown.mission.title))
    out.heading(t("Programme of {mission}", mission=shown.mission.title))
    if not items:
        out.para(t("The programme is still being written."))
        return out.row(_back(shown.mission.id, t)).build()
    out.para(t("Times are local: {city}.", city=t.city(zone)))
    for day in sorted({item.starts_at.astimezone(zone).date() for item in items}):
        out.para(Bold(t.day(day)))
        out.bullets(
            (f"{t.hour(item.starts_at.astimezone(zone))} ", t.of(item, "title"), f" · {item.place}" * bool(item.place))
            for item in items
            if item.starts_at.astimezone(zone).date() == day
        )
    return out.row(_back(shown.mission.id, t)).build()


def questions(shown: Sheet, asked: Sequence[MissionQuestion], t: Texts) -> Screen:
    """The frequent questions, a button each."""
    out = screen(summary=t("Questions about {mission}", mission=shown.mission.title))
    out.heading(t("Questions about {mission}", mission=shown.mission.title))
    if not asked:
        out.para(t("Nobody has asked anything yet."))
    for one in asked:
        out.row(Button(clipped(t.of(one, "question")), press("mission.question", one.id)))
    return out.row(_back(shown.mission.id, t)).build()


def answer(one: MissionQuestion, t: Texts) -> Screen:
    """One question with its answer."""
    question = t.of(one, "question")
    out = screen(summary=question).heading(question).para(t.of(one, "answer"))
    return out.row(Button(t("‹ Questions"), press("mission.show", one.mission_id, Page.QUESTIONS))).build()


def who(shown: Sheet, heads: Heads, t: Texts) -> Screen:
    """How many go; who they are is theirs to tell."""
    out = screen(summary=t("Who goes to {mission}", mission=shown.mission.title))
    out.heading(t("Who goes to {mission}", mission=shown.mission.title))
    if heads.delegates + heads.guests == 0:
        out.para(t("Nobody is accepted yet. You could be the first."))
    out.facts(
        (t("Delegates"), t.number(heads.delegates)),
        (t("Guests to meet there"), t.number(heads.guests) if heads.guests else None),
        (t("Organisations"), t.number(heads.organisations) if heads.organisations else None),
        (t("Applications being read"), t.number(heads.waiting) if heads.waiting else None),
    )
    out.para(t("Names stay private until people meet."))
    return out.row(_back(shown.mission.id, t)).build()


def place_line(place: ApplicationPlace, positions: Mapping[int, int], t: Texts) -> tuple[Bold | str, ...]:
    """One part of an application and what became of it."""
    match place.status:
        case PlaceStatus.ASKED:
            state = t("asked for")
        case PlaceStatus.CONFIRMED:
            state = t("✅ your place is confirmed")
        case PlaceStatus.WAITING:
            number = positions.get(place.component_id, 0)
            state = t("⏳ number {n} on the waiting list", n=t.number(number)) if number else t("⏳ waiting list")
        case PlaceStatus.RELEASED:
            state = t("given up")
    return Bold(t.of(place.component, "title")), f" · {state}"


def my_application(
    shown: Sheet,
    application: Application,
    places: Sequence[ApplicationPlace],
    positions: Mapping[int, int],
    t: Texts,
) -> Screen:
    """The reader's own application: where it stands, and what can be changed."""
    mission = shown.mission
    out = screen(summary=t("My application: {mission}", mission=mission.title))
    out.heading(t("My application: {mission}", mission=mission.title))
    out.para(status_name(application.status, t))
    if application.status is ApplicationStatus.DECLINED:
        out.para(application.reason)
    if application.status is not ApplicationStatus.WITHDRAWN:
        out.bullets(place_line(place, positions, t) for place in places)
    if application.objectives:
        out.para(t("What you want to bring home:"))
        out.bullets(application.objectives)
    if application.status in DECIDABLE_APPLICATIONS and shown.closed is None:
        out.row(Button(t("Change it"), press("mission.apply", mission.id), Style.PRIMARY, opens_form=True))
    if application.status is ApplicationStatus.ACCEPTED:
        out.row(Button(t("My programme"), press("mission.agenda", mission.id), Style.PRIMARY))
        for place in places:
            if place.status in {PlaceStatus.CONFIRMED, PlaceStatus.WAITING}:
                title = clipped(t.of(place.component, "title"), 40)
                out.row(Button(t("Give up: {part}", part=title), press("mission.release", place.component_id)))
    if can_withdraw(application.status) and not mission_over(mission, shown.now):
        out.row(Button(t("Withdraw"), press("mission.withdraw", mission.id), Style.DANGER))
    return out.row(_back(mission.id, t)).build()


def mission_over(mission: Mission, now: datetime) -> bool:
    """Whether the mission's last day has passed where it is."""
    return now.astimezone(ZoneInfo(mission.zone)).date() > mission.last_day


def confirm_withdrawal(mission: Mission, meetings: int, t: Texts) -> Screen:
    """Really?"""
    out = screen(summary=t("Withdraw from {mission}?", mission=mission.title))
    out.heading(t("Withdraw from {mission}?", mission=mission.title))
    out.para(t("Your places go to the next ones waiting."))
    if meetings:
        out.para(
            t.n(
                "This also cancels {n} meeting, and the other side is told.",
                "This also cancels {n} meetings, and the other sides are told.",
                meetings,
            )
        )
    out.row(
        Button(t("Yes, withdraw"), press("mission.withdrawn", mission.id), Style.DANGER),
        Button(t("No, I'm staying"), press("mission.show", mission.id, Page.MINE)),
    )
    return out.build()


def confirm_release(component: Component, meetings: int, t: Texts) -> Screen:
    """Really give up this part?"""
    title = t.of(component, "title")
    out = screen(summary=t("Give up “{part}”?", part=title)).heading(t("Give up “{part}”?", part=title))
    out.para(t("Your place goes to the next one waiting."))
    if meetings:
        out.para(
            t.n(
                "This also cancels {n} meeting, and the other side is told.",
                "This also cancels {n} meetings, and the other sides are told.",
                meetings,
            )
        )
    out.row(
        Button(t("Yes, give it up"), press("mission.released", component.id), Style.DANGER),
        Button(t("No, I'm staying"), press("mission.show", component.mission_id, Page.MINE)),
    )
    return out.build()
