"""Meetings as those who run them see them: a mission's list, one meeting with both answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from handlers.conversation.screen import Bold, Button, Screen, ScreenBuilder, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.meetings.rules import NoTime, is_over
from handlers.meetings.screens import MeetingView, Side, clipped, named, short_when, when, where
from storage.enums import LIVE_MEETINGS, MeetingStatus, PartyAnswer
from storage.models import Mission

MEETINGS_A_PAGE = 8


class Filter(StrEnum):
    """Which meetings of a mission."""

    ALL = "all"
    OPEN = "open"
    CONFIRMED = "confirmed"
    OVER = "over"


class TookPlace(StrEnum):
    """Whether two people met."""

    YES = "yes"
    NO = "no"


def statuses(chosen: Filter) -> frozenset[MeetingStatus]:
    """The states that a filter lets through."""
    match chosen:
        case Filter.ALL:
            return frozenset(MeetingStatus)
        case Filter.OPEN:
            return frozenset({MeetingStatus.PROPOSED, MeetingStatus.SCHEDULED})
        case Filter.CONFIRMED:
            return frozenset({MeetingStatus.CONFIRMED})
        case Filter.OVER:
            return frozenset(MeetingStatus) - LIVE_MEETINGS


def filter_name(chosen: Filter, t: Texts) -> str:
    """What a filter is called."""
    match chosen:
        case Filter.ALL:
            return t("All")
        case Filter.OPEN:
            return t("To settle")
        case Filter.CONFIRMED:
            return t("Confirmed")
        case Filter.OVER:
            return t("Over")


def status_name(status: MeetingStatus, t: Texts) -> str:
    """What a state is called."""
    match status:
        case MeetingStatus.PROPOSED:
            return t("no time yet")
        case MeetingStatus.SCHEDULED:
            return t("waiting for answers")
        case MeetingStatus.CONFIRMED:
            return t("confirmed")
        case MeetingStatus.HELD:
            return t("held")
        case MeetingStatus.NOT_HELD:
            return t("not held")
        case MeetingStatus.CANCELLED:
            return t("cancelled")
        case MeetingStatus.EXPIRED:
            return t("expired")


def no_time(why: NoTime, t: Texts) -> str:
    """Why there is no time for a meeting, and what would help."""
    match why:
        case NoTime.NO_SLOTS:
            return t("There are no times left on this mission. Add some under “Times and tables”.")
        case NoTime.NO_COMMON_SLOT:
            return t("The two are never free at the same time. Add times, or cancel something else, then try again.")
        case NoTime.NO_TABLE:
            return t("They could meet, but all tables are taken then. Add a table, then try again.")


def _said(side: Side, t: Texts) -> str:
    match side.answer:
        case PartyAnswer.PENDING:
            text = t("no answer yet")
        case PartyAnswer.YES:
            text = t("yes")
        case PartyAnswer.NO:
            text = t("can't")
        case PartyAnswer.ANOTHER_TIME:
            text = t("asks for another time")
    return text if side.reachable else t("{answer} (not on the bot: answer for them)", answer=text)


def staff_card(view: MeetingView, t: Texts) -> Screen:
    """One meeting with both answers, and the buttons to act for either side."""
    sides = (view.own, view.other)
    heading = t("{one} and {other}", one=view.own.person.name, other=view.other.person.name)
    out = screen(summary=heading).heading(heading)
    out.facts(
        (t("Mission"), view.mission.title),
        (t("State"), status_name(view.meeting.status, t)),
        (t("When"), when(view.at, view, t) if view.at else None),
        (t("Where"), where(view.at, view, t) if view.at else None),
        (t("Topic"), view.meeting.topic),
        *((named(side.person), _said(side, t)) for side in sides),
        (t("Asked for"), when(view.offered, view, t) if view.offered else None),
    )
    if not is_over(view.meeting.status):
        _for_both(out, view, t)
        _own_buttons(out, view, t)
    return out.row(Button(t("All meetings"), press("meeting.overview", view.mission.id))).build()


def _for_both(out: ScreenBuilder, view: MeetingView, t: Texts) -> None:
    if view.at is None or not view.is_booked or (view.has_begun and not view.can_still_move):
        return
    meeting = view.meeting
    for side in (view.own, view.other):
        person = side.person
        first = clipped(person.name, 30)
        if view.offered is not None and view.offered_by != person.id:
            slot = view.offered.slot_id
            keep = press("meeting.keep", meeting.id, slot, person.id)
            out.row(
                Button(t("New time is fine: {name}", name=first), press("meeting.accept", meeting.id, slot, person.id)),
                None if view.has_begun else Button(t("Old time, please: {name}", name=first), keep),
            )
        elif view.offered is None and side.answer is not PartyAnswer.YES:
            yes = press("meeting.yes", meeting.id, view.at.slot_id, person.id)
            out.row(
                Button(t("Yes: {name}", name=first), yes),
                Button(t("Another time: {name}", name=first), press("meeting.another", meeting.id, person.id)),
            )
        cant = press("meeting.cant", meeting.id, person.id)
        out.row(Button(t("Can't: {name}", name=first), cant))


def _own_buttons(out: ScreenBuilder, view: MeetingView, t: Texts) -> None:
    meeting = view.meeting
    if meeting.status is MeetingStatus.PROPOSED:
        out.row(Button(t("Find a time"), press("meeting.schedule", meeting.id), Style.PRIMARY))
    if meeting.status is MeetingStatus.CONFIRMED and view.has_begun:
        out.row(
            Button(t("They met"), press("meeting.held", meeting.id, TookPlace.YES), Style.PRIMARY),
            Button(t("They did not meet"), press("meeting.held", meeting.id, TookPlace.NO)),
        )
    out.row(Button(t("Call it off"), press("meeting.call_off", meeting.id), Style.DANGER, opens_form=True))


def with_reason(view: MeetingView, why: NoTime, t: Texts) -> Screen:
    """A meeting for which no time was found."""
    return staff_card(view, t).with_blocks(*screen().para(Bold(no_time(why, t))).build().blocks)


def reasons(t: Texts) -> dict[str, str]:
    """Why somebody can't meet, by the key that the log keeps."""
    return {
        "busy": t("I have no time that day"),
        "match": t("It's not the right match"),
        "absent": t("I'm not coming"),
        "other": t("Something else"),
    }


def reason_text(logged: str, t: Texts) -> str:
    """A logged reason, its key in the reader's language."""
    key, _, note = logged.partition(": ")
    label = reasons(t).get(key)
    if label is None:
        return logged
    return f"{label}: {note}" if note else label


def lost(view: MeetingView, reason: str, t: Texts) -> Screen:
    """What those who run meetings are told when one is called off."""
    text = t("Called off: {one} and {other}.", one=named(view.own.person), other=named(view.other.person))
    out = screen(summary=text).para(text)
    out.facts((t("When"), when(view.at, view, t) if view.at else None), (t("Reason"), reason_text(reason, t)))
    return out.row(Button(t("All meetings"), press("meeting.overview", view.mission.id))).build()


def overview(
    mission: Mission,
    views: Sequence[MeetingView],
    counts: Mapping[MeetingStatus, int],
    *,
    chosen: Filter,
    page: int,
    slots: int,
    tables: int,
    t: Texts,
) -> Screen:
    """A mission's meetings: how many in each state, and a page of those that were chosen."""
    title = t("Meetings of {mission}", mission=mission.title)
    out = screen(summary=title).heading(title)
    out.facts(
        *((status_name(status, t), t.number(counts[status])) for status in MeetingStatus if counts.get(status)),
        (t("Times"), t.number(slots)),
        (t("Tables"), t.number(tables)),
    )
    if not slots or not tables:
        out.para(t("Before people can meet there must be times and tables."))
    total = sum(number for status, number in counts.items() if status in statuses(chosen))
    lines = []
    for view in views:
        moment = short_when(view.at, view.mission_zone, t) if view.at else t("no time yet")
        pair = t("{one} and {other}", one=view.own.person.name, other=view.other.person.name)
        lines.append((Bold(moment), f" · {pair} · {status_name(view.meeting.status, t)}"))
    out.bullets(lines)
    for view in views:
        pair = t("{one} and {other}", one=view.own.person.name, other=view.other.person.name)
        out.row(Button(clipped(pair), press("meeting.open", view.meeting.id)))
    out.row(
        Button(t("‹ Back"), press("meeting.all", mission.id, chosen, page - 1)) if page > 0 else None,
        Button(t("More ›"), press("meeting.all", mission.id, chosen, page + 1))
        if (page + 1) * MEETINGS_A_PAGE < total
        else None,
    )
    out.row(
        *(
            Button(filter_name(one, t), press("meeting.all", mission.id, one))
            for one in Filter
            if one is not chosen and (one is Filter.ALL or any(counts.get(status) for status in statuses(one)))
        )
    )
    out.row(
        Button(t("Propose a meeting"), press("meeting.new", mission.id), Style.PRIMARY, opens_form=True),
        Button(t("Times and tables"), press("meeting.grid", mission.id), opens_form=True),
    )
    return out.build()


def which_mission(missions: Sequence[Mission], t: Texts) -> Screen:
    """For which mission is the meeting?"""
    title = t("A meeting on which mission?")
    out = screen(summary=title).heading(title)
    for mission in missions:
        out.row(Button(clipped(mission.title), press("meeting.new", mission.id), opens_form=True))
    return out.build()


def acting_for(view: MeetingView, person_id: int) -> MeetingView:
    """The same meeting from the side for which staff act."""
    own, other = (view.own, view.other) if view.own.person.id == person_id else (view.other, view.own)
    return replace(view, own=own, other=other, by_staff=person_id)
