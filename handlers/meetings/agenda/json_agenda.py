"""Agendas as JSON, both ways and exactly: what is written and read again is equal."""

from collections.abc import Iterable
from typing import Any

from handlers.meetings.agenda.agenda import (
    Agenda,
    Aim,
    Meeting,
    Move,
    NotHeld,
    Objective,
    Opening,
    Reason,
    ReasonKind,
    Status,
)
from handlers.meetings.agenda.json_reading import JsonObject, raise_faults, read_object
from handlers.meetings.agenda.json_writing import VERSION, dump

AGENDA = "agenda"


def agenda_values(agenda: Agenda, *, numbered: bool = False) -> dict[str, Any]:
    """The agenda as JSON values. ``numbered``: ids as numbers, for a problem from a .dzn file, where they are."""
    shown = _Shown(numbered)
    return {
        "format": AGENDA,
        "version": VERSION,
        "status": agenda.status.value,
        "held": agenda.held,
        "held_bound": agenda.held_bound,
        "breaks": agenda.breaks,
        "breaks_bound": agenda.breaks_bound,
        "fairness": agenda.fairness,
        "seconds": agenda.seconds,
        "planner": agenda.planner,
        "objectives": [
            {"aim": one.aim.value, "value": one.value, "bound": one.bound, "proved": one.proved}
            for one in agenda.objectives
        ],
        "meetings": [
            {"id": shown.id(one.id), "slot": shown.id(one.slot), "table": shown.id(one.table)}
            for one in agenda.meetings
        ],
        "not_held": [{"id": shown.id(one.id), **shown.reason(one.reason)} for one in agenda.not_held],
        "moves": [shown.move(move) for move in agenda.moves],
    }


def explanation_values(
    request: str, meeting: Meeting | None, reason: Reason | None, *, numbered: bool = False
) -> dict[str, Any]:
    """Where a request is held, or why it is not: one of ``meeting`` and ``reason`` is None."""
    shown = _Shown(numbered)
    return {
        "id": shown.id(request),
        "held": meeting is not None,
        **({"slot": shown.id(meeting.slot), "table": shown.id(meeting.table)} if meeting else {}),
        **(shown.reason(reason) if reason else {}),
    }


class _Shown:
    """Ids, moves and reasons as JSON values."""

    def __init__(self, numbered: bool) -> None:  # noqa: FBT001 - it is all that there is to say
        self._numbered = numbered

    def id(self, one: str) -> str | int:
        return int(one) if self._numbered else one

    def ids(self, many: Iterable[str]) -> list[str | int]:
        return [self.id(one) for one in many]

    def move(self, move: Move) -> dict[str, Any]:
        return {
            "id": self.id(move.id),
            "slot_before": self.id(move.slot_before),
            "table_before": self.id(move.table_before),
            "slot": self.id(move.slot),
            "table": self.id(move.table),
        }

    def reason(self, reason: Reason) -> dict[str, Any]:
        return {
            "reason": reason.kind.value,
            "slots": self.ids(reason.slots),
            "people": self.ids(reason.people),
            "requests": self.ids(reason.requests),
            "openings": [self.opening(opening) for opening in reason.openings],
        }

    def opening(self, opening: Opening) -> dict[str, Any]:
        return {
            "slot": self.id(opening.slot),
            "people": self.ids(opening.people),
            "another_table": opening.another_table,
            "moves": [self.move(move) for move in opening.moves],
            "instead_of": self.ids(opening.instead_of),
        }


def write_agenda(agenda: Agenda, *, numbered: bool = False) -> str:
    """The agenda as JSON, indented, ending with a line's end."""
    return dump(agenda_values(agenda, numbered=numbered))


def read_agenda(text: str, *, source: str = "agenda") -> Agenda:
    """The agenda that a JSON file states; only ``meetings`` has to be there, so others' agendas can be checked as well.

    ``held``, ``breaks``, ``breaks_bound``, ``fairness`` and ``proved`` repeat what other keys say and are not read.
    Raises InputError naming everything that is wrong, by path.
    """
    top = read_object(text, source=source, form=AGENDA, version=VERSION)
    top.ignore(("held", "breaks", "breaks_bound", "fairness"))
    if not top.has("meetings"):
        top.fault("meetings", "it is missing")
    agenda = Agenda(
        status=top.choice("status", Status, Status.FEASIBLE),
        meetings=top.objects("meetings", _read_meeting),
        not_held=top.objects("not_held", _read_not_held),
        objectives=top.objects("objectives", _read_objective),
        held_bound=top.optional_whole("held_bound"),
        seconds=top.number("seconds", 0.0),
        planner=top.text("planner", "unknown"),
        moves=top.objects("moves", _read_move),
    )
    raise_faults(top)
    return agenda


def _read_meeting(one: JsonObject) -> Meeting:
    return Meeting(id=one.id("id"), slot=one.id("slot"), table=one.id("table"))


def _read_not_held(one: JsonObject) -> NotHeld:
    reason = Reason(
        kind=one.choice("reason", ReasonKind, ReasonKind.NOT_FOUND),
        slots=one.ids("slots"),
        people=one.ids("people"),
        requests=one.ids("requests"),
        openings=one.objects("openings", _read_opening),
    )
    return NotHeld(id=one.id("id"), reason=reason)


def _read_objective(one: JsonObject) -> Objective:
    one.ignore(("proved",))
    if not one.has("value"):
        one.fault("value", "it is missing")
    return Objective(aim=one.choice("aim", Aim), value=one.whole("value", 0), bound=one.optional_whole("bound"))


def _read_opening(one: JsonObject) -> Opening:
    return Opening(
        slot=one.id("slot"),
        people=one.ids("people"),
        another_table=one.flag("another_table", default=False),
        moves=one.objects("moves", _read_move),
        instead_of=one.ids("instead_of"),
    )


def _read_move(one: JsonObject) -> Move:
    return Move(
        id=one.id("id"),
        slot_before=one.id("slot_before"),
        table_before=one.id("table_before"),
        slot=one.id("slot"),
        table=one.id("table"),
    )
