"""A meeting as one of its sides sees it, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.calendar_file import CalendarEntry, calendar_file
from handlers.conversation.screen import Bold, Button, File, Para, Screen, ScreenBuilder, Style, one_line, press, screen
from handlers.conversation.texts import Texts
from handlers.meetings.rules import FreeTime, is_over
from storage.enums import BOOKED_MEETINGS, MeetingStatus, PartyAnswer
from storage.models import Meeting, Mission, Person

LABEL_LENGTH = 60
"""Characters of a name on a button."""
ALARM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Appointed:
    """When and where: a slot with its table."""

    slot_id: int
    starts_at: datetime
    ends_at: datetime
    table: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a meeting and what they said. ``reachable``: whether the bot can write to them."""

    person: Person
    answer: PartyAnswer
    reachable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """What a meeting's screens show.

    Attributes:
        meeting: the meeting.
        mission: where it belongs.
        hall: where the tables stand.
        own, other: the reader's side and the one they meet; for staff, the two sides.
        at: when and where it is, or was; ``None`` while there is no time.
        offered: another time that one side asked for; the old one holds until it is accepted.
        offered_by: the id of who asked.
        now: the present, in UTC.
        zone: the reader's.
        by_staff: 0, or the id of the person for whom staff press: part of every button.
    """

    meeting: Meeting
    mission: Mission
    hall: str
    own: Side
    other: Side
    at: Appointed | None
    offered: Appointed | None
    offered_by: int
    now: datetime
    zone: ZoneInfo
    by_staff: int = 0

    @property
    def mission_zone(self) -> ZoneInfo:
        """Where the meeting is."""
        return ZoneInfo(self.mission.zone)

    @property
    def is_booked(self) -> bool:
        """Whether it has a time that holds."""
        return self.meeting.status in BOOKED_MEETINGS

    @property
    def has_begun(self) -> bool:
        """Whether its time has come."""
        return self.at is not None and self.at.starts_at <= self.now

    @property
    def can_still_move(self) -> bool:
        """Whether a later time is on the table."""
        return self.is_booked and self.offered is not None and self.offered.starts_at > self.now


def clipped(text: str, length: int = LABEL_LENGTH) -> str:
    """The text on one line, cut to so many characters."""
    return one_line(text, length)


def organisation_of(person: Person) -> str:
    """What a person's organisation is called."""
    return person.organisation.name if person.organisation else person.organisation_claim


def named(person: Person) -> str:
    """Name and organisation, for a line or a button."""
    organisation = organisation_of(person)
    return f"{person.name}, {organisation}" if organisation else person.name


def when(at: Appointed, view: MeetingView, t: Texts) -> str:
    """When it is, in the mission's time and the reader's."""
    return t.span(at.starts_at, at.ends_at, view.mission_zone, reader=view.zone)


def where(at: Appointed, view: MeetingView, t: Texts) -> str:
    """At which table."""
    if not view.hall:
        return t("table {table}", table=at.table)
    return t("table {table}, {place}", table=at.table, place=view.hall)


def short_when(at: Appointed, zone: ZoneInfo, t: Texts) -> str:
    """Day and hour in a list, in the mission's time."""
    local = at.starts_at.astimezone(zone)
    return t("{day}, {hour}", day=t.short_day(local), hour=t.hour(local))


def state(view: MeetingView, t: Texts) -> str:
    """Where the meeting stands, in a sentence to one of its sides."""
    name = view.other.person.name
    match view.meeting.status:
        case MeetingStatus.PROPOSED:
            return t("The staff are looking for a time. I'll write to you as soon as there is one.")
        case MeetingStatus.CANCELLED:
            return t("This meeting will not take place.")
        case MeetingStatus.EXPIRED:
            return t("Nobody confirmed this meeting in time, so it did not take place.")
        case MeetingStatus.HELD:
            return t("You met.")
        case MeetingStatus.NOT_HELD:
            return t("You did not meet.")
        case MeetingStatus.SCHEDULED | MeetingStatus.CONFIRMED:
            pass
    if view.offered is not None and view.offered_by == view.own.person.id:
        moment = when(view.offered, view, t)
        return t("You asked for {when}. The old time holds until {name} answers.", when=moment, name=name)
    if view.offered is not None:
        moment = when(view.offered, view, t)
        return t("{name} asks for another time: {when}.", name=name, when=moment)
    if view.meeting.status is MeetingStatus.CONFIRMED:
        return t("✅ You have both confirmed.")
    if view.own.answer is PartyAnswer.YES:
        return t("You have confirmed. We're waiting for {name}.", name=name)
    if view.other.answer is PartyAnswer.YES:
        return t("{name} has confirmed. Can you make it?", name=name)
    return t("Can you make it?")


def meeting_card(view: MeetingView, t: Texts) -> Screen:
    """The meeting as its reader sees it now."""
    other = view.other.person
    heading = t("Meeting with {name}", name=other.name)
    out = screen(summary=heading).heading(heading)
    out.facts(
        (t("Organisation"), organisation_of(other)),
        (t("Role"), other.job_title),
        (t("Offers"), other.offers),
        (t("Seeks"), other.seeks),
        (t("Topic"), view.meeting.topic),
        (t("When"), when(view.at, view, t) if view.at else None),
        (t("Where"), where(view.at, view, t) if view.at and view.is_booked else None),
        (t("Mission"), view.mission.title),
    )
    out.para(state(view, t))
    answer_rows(out, view, t)
    out.row(
        Button(t("Calendar file"), press("meeting.calendar", view.meeting.id)) if view.is_booked else None,
        Button(t("My meetings"), press("meeting.mine")),
    )
    return out.build()


def answer_rows(out: ScreenBuilder, view: MeetingView, t: Texts) -> None:
    """The buttons with which one side answers, or staff for it."""
    meeting = view.meeting
    behalf = (view.by_staff,) if view.by_staff else ()
    cant = Button(t("Can't"), press("meeting.cant", meeting.id, *behalf))
    if is_over(meeting.status) or (view.has_begun and not view.can_still_move):
        return
    if view.at is None or not view.is_booked:
        out.row(cant)
        return
    another = Button(t("Another time"), press("meeting.another", meeting.id, *behalf))
    if view.offered is not None and view.offered_by != view.own.person.id:
        slot = view.offered.slot_id
        out.row(Button(t("Accept the new time"), press("meeting.accept", meeting.id, slot, *behalf), Style.PRIMARY))
        keep = Button(t("Keep the old time"), press("meeting.keep", meeting.id, slot, *behalf))
        out.row(None if view.has_begun else keep, cant)
        return
    if view.has_begun:
        out.row(cant)
        return
    yes = press("meeting.yes", meeting.id, view.at.slot_id, *behalf)
    if view.offered is not None:
        out.row(Button(t("Keep the old time after all"), yes))
    elif view.own.answer is not PartyAnswer.YES:
        out.row(Button(t("Confirm"), yes, Style.PRIMARY))
    out.row(another, cant)


def with_news(view: MeetingView, news: str, t: Texts) -> Screen:
    """The meeting with a sentence above that says why it comes now."""
    card = meeting_card(view, t)
    return Screen((Para((Bold(news),)), *card.blocks), card.rows, card.files, summary=news)


def other_times(view: MeetingView, times: Sequence[FreeTime], t: Texts) -> Screen:
    """Times at which both are free, a button each."""
    title = t("Another time with {name}", name=view.other.person.name)
    out = screen(summary=title).heading(title)
    meeting = view.meeting
    behalf = (view.by_staff,) if view.by_staff else ()
    if times:
        out.para(t("You are both free then. The old time holds until {name} says yes.", name=view.other.person.name))
        out.para(t("Times are local: {city}.", city=t.city(view.mission_zone)))
        for one in times:
            at = Appointed(one.slot.id, *one.slot.span, "")
            action = press("meeting.offer", meeting.id, one.slot.id, *behalf)
            out.row(Button(short_when(at, view.mission_zone, t), action))
    else:
        out.para(t("There is no other time at which you are both free. The staff can help: tell them if it's urgent."))
    return out.row(
        Button(t("Not at all"), press("meeting.decline", meeting.id, *behalf), Style.DANGER, opens_form=True),
        Button(t("‹ Back"), press("meeting.back", meeting.id)),
    ).build()


def another_or_not_at_all(view: MeetingView, t: Texts) -> Screen:
    """Before a meeting is called off: would another time do?"""
    title = t("Another time, or not at all?")
    out = screen(summary=title).heading(title)
    meeting = view.meeting
    behalf = (view.by_staff,) if view.by_staff else ()
    if view.is_booked:
        out.para(t("Often another time is enough, and {name} keeps a meeting.", name=view.other.person.name))
        out.row(Button(t("Another time"), press("meeting.another", meeting.id, *behalf), Style.PRIMARY))
    return out.row(
        Button(t("Not at all"), press("meeting.decline", meeting.id, *behalf), Style.DANGER, opens_form=True),
        Button(t("‹ Back"), press("meeting.back", meeting.id)),
    ).build()


def short_state(view: MeetingView, t: Texts) -> str:
    """Where the meeting stands, in a word or two for a list."""
    if view.offered is not None and view.is_booked:
        mine = view.offered_by == view.own.person.id
        return t("you asked for another time") if mine else t("another time? your answer, please")
    match view.meeting.status:
        case MeetingStatus.PROPOSED:
            return t("no time yet")
        case MeetingStatus.SCHEDULED if view.own.answer is PartyAnswer.YES:
            return t("waiting for the other side")
        case MeetingStatus.SCHEDULED:
            return t("your answer, please")
        case MeetingStatus.CONFIRMED:
            return t("confirmed")
        case MeetingStatus.CANCELLED:
            return t("cancelled")
        case MeetingStatus.EXPIRED:
            return t("expired")
        case MeetingStatus.HELD:
            return t("held")
        case MeetingStatus.NOT_HELD:
            return t("not held")


def my_meetings(views: Sequence[MeetingView], *, manages: Sequence[Mission], t: Texts) -> Screen:
    """The reader's meetings to come, a button each; ``manages``: missions whose meetings they run."""
    out = screen(summary=t("My meetings")).heading(t("My meetings"))
    if not views:
        out.para(t("No meetings yet. As soon as one is proposed I'll write to you."))
    else:
        zones = {view.mission.zone for view in views}
        if len(zones) == 1:
            out.para(t("Times are local: {city}.", city=t.city(views[0].mission_zone)))
    lines = []
    for view in views:
        moment = short_when(view.at, view.mission_zone, t) if view.at and view.is_booked else t("no time yet")
        waiting = view.meeting.status is MeetingStatus.PROPOSED
        standing = "" if waiting else f" · {short_state(view, t)}"
        lines.append((Bold(moment), f" · {named(view.other.person)}{standing}"))
    out.bullets(lines)
    for view in views:
        label = clipped(view.other.person.name)
        moment = short_when(view.at, view.mission_zone, t) if view.at and view.is_booked else ""
        shown = t("{when}: {name}", when=moment, name=label) if moment else label
        out.row(Button(shown, press("meeting.open", view.meeting.id)))
    for mission in manages:
        label = t("All meetings of {mission}", mission=clipped(mission.title, 40))
        out.row(Button(label, press("meeting.all", mission.id)))
    return out.build()


def meeting_file(view: MeetingView, at: Appointed, t: Texts) -> File:
    """The meeting for somebody's own calendar."""
    meeting = view.meeting
    entry = CalendarEntry(
        uid=f"meeting-{meeting.id}-{int(meeting.created_at.timestamp())}@community-bot",
        sequence=meeting.sequence,
        starts_at=at.starts_at,
        ends_at=at.ends_at,
        title=t("Meeting with {name}", name=named(view.other.person)),
        place=where(at, view, t),
        details=meeting.topic,
        confirmed=meeting.status is MeetingStatus.CONFIRMED,
        cancelled=meeting.status is MeetingStatus.CANCELLED,
        alarm=ALARM,
    )
    return calendar_file(f"meeting-{meeting.id}", [entry], stamp=view.now)


def calendar_screen(view: MeetingView, at: Appointed, t: Texts) -> Screen:
    """What comes with the calendar file."""
    text = t("Open the file to put the meeting with {name} into your calendar.", name=view.other.person.name)
    return screen(summary=t("Calendar file")).para(text).file(meeting_file(view, at, t)).build()
