"""Problems, agendas and changes as JSON, both ways and exactly: what is written and read again is equal.

The form is described with examples in docs/agenda.md. Keys whose value is the default may be left out; keys that are
not known are faults. Times are ISO 8601 with their offset. Ids are texts, or whole numbers, which are ids as written.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from handlers.meetings.agenda.agenda import (
    Agenda,
    Aim,
    Change,
    Meeting,
    NewRequests,
    NotHeld,
    Objective,
    PersonArrivesLate,
    PersonCancels,
    PersonUnavailable,
    Reason,
    ReasonKind,
    RequestWithdrawn,
    Status,
    TableLost,
)
from handlers.meetings.agenda.input_faults import InputError, InputFault
from handlers.meetings.agenda.json_reading import JsonObject, raise_faults, read_object
from handlers.meetings.agenda.problem import (
    Block,
    BreakRule,
    Person,
    Precedence,
    Priority,
    Problem,
    Request,
    Rules,
    Slot,
    State,
    Table,
    faults,
)

VERSION = 1
"""Of all three forms; it rises when files of the release before can no longer be read as they are."""
PROBLEM = "agenda-problem"
AGENDA = "agenda"
CHANGES = "agenda-changes"


def write_problem(problem: Problem) -> str:
    """The problem as JSON, indented, ending with a line's end."""
    return _dump(
        {
            "format": PROBLEM,
            "version": VERSION,
            "slots": [_slot_values(slot) for slot in problem.slots],
            "people": [_person_values(person) for person in problem.people],
            "tables": [
                _filled(id=table.id, slots=_sorted(table.slots), owner=table.owner) for table in problem.tables
            ],
            "requests": [_request_values(request) for request in problem.requests],
            "precedences": [{"before": one.before, "after": one.after} for one in problem.precedences],
            "rules": {
                "hold_all": problem.rules.hold_all,
                "breaks": problem.rules.breaks.value,
                "fairness_limit": problem.rules.fairness_limit,
            },
        }
    )


def read_problem(text: str, *, source: str = "problem") -> Problem:
    """The problem that a JSON file states. Raises InputError naming everything that is wrong, by path."""
    top = read_object(text, source=source, form=PROBLEM, version=VERSION)
    problem = Problem(
        slots=top.objects("slots", _read_slot),
        people=top.objects("people", _read_person),
        tables=top.objects("tables", _read_table),
        requests=top.objects("requests", _read_request),
        precedences=top.objects("precedences", lambda one: Precedence(before=one.id("before"), after=one.id("after"))),
        rules=top.object("rules", _read_rules) or Rules(),
    )
    raise_faults(top)
    found = [
        InputFault(what=fault.what, source=source, column=str(fault).removesuffix(f": {fault.what}"))
        for fault in faults(problem)
    ]
    if found:
        raise InputError(found)
    return problem


def agenda_values(agenda: Agenda, *, numbered: bool = False) -> dict[str, Any]:
    """The agenda as JSON values. ``numbered``: ids of meetings, slots and tables as numbers, as a .dzn file has them."""

    def shown(one: str) -> str | int:
        return int(one) if numbered else one

    def all_shown(many: Iterable[str]) -> list[str | int]:
        return [shown(one) for one in many]

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
            {"id": shown(one.id), "slot": shown(one.slot), "table": shown(one.table)} for one in agenda.meetings
        ],
        "not_held": [
            {
                "id": shown(one.id),
                "reason": one.reason.kind.value,
                "slots": all_shown(one.reason.slots),
                "people": all_shown(one.reason.people),
                "requests": all_shown(one.reason.requests),
                "openings": all_shown(one.reason.openings),
            }
            for one in agenda.not_held
        ],
    }


def write_agenda(agenda: Agenda, *, numbered: bool = False) -> str:
    """The agenda as JSON, indented, ending with a line's end."""
    return _dump(agenda_values(agenda, numbered=numbered))


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
    )
    raise_faults(top)
    return agenda


def write_changes(changes: Sequence[Change]) -> str:
    """The changes as JSON, indented, ending with a line's end."""
    return _dump({"format": CHANGES, "version": VERSION, "changes": [_change_values(change) for change in changes]})


def read_changes(text: str, *, source: str = "changes") -> tuple[Change, ...]:
    """The changes that a JSON file lists, at least one. Raises InputError naming everything that is wrong, by path."""
    top = read_object(text, source=source, form=CHANGES, version=VERSION)
    read = top.objects("changes", _read_change)
    if not top.items("changes"):
        top.fault("changes", "there are none")
    raise_faults(top)
    return tuple(change for change in read if change is not None)


def _dump(values: dict[str, Any]) -> str:
    """JSON with one line for each slot, person, request …: short enough to read, and to compare line by line."""
    lines = []
    for key, value in values.items():
        if isinstance(value, list) and value:
            inner = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in value)
            lines.append(f"  {json.dumps(key)}: [\n{inner}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _filled(**values: Any) -> dict[str, Any]:
    """Without what is None: a missing key says the same."""
    return {key: value for key, value in values.items() if value is not None}


def _sorted(ids: frozenset[str] | None) -> list[str] | None:
    return None if ids is None else sorted(ids)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _slot_values(slot: Slot) -> dict[str, Any]:
    return _filled(id=slot.id, start=_iso(slot.start), end=_iso(slot.end), session=slot.session)


def _read_slot(one: JsonObject) -> Slot:
    session = one.text("session") if one.has("session") else None
    return Slot(id=one.id("id"), start=one.moment("start"), end=one.moment("end"), session=session)


def _person_values(person: Person) -> dict[str, Any]:
    blocks = [
        _filled(
            start=_iso(block.start),
            end=_iso(block.end),
            travel_minutes=block.travel_minutes or None,
            label=block.label or None,
        )
        for block in person.blocks
    ]
    return _filled(
        id=person.id,
        name=person.name or None,
        organisation=person.organisation or None,
        unavailable=sorted(person.unavailable) or None,
        buffer_minutes=person.buffer_minutes or None,
        blocks=blocks or None,
    )


def _read_person(one: JsonObject) -> Person:
    return Person(
        id=one.id("id"),
        name=one.text("name", ""),
        organisation=one.text("organisation", ""),
        unavailable=one.id_set("unavailable"),
        buffer_minutes=one.whole("buffer_minutes", 0),
        blocks=tuple(block for block in one.objects("blocks", _read_block) if block is not None),
    )


def _read_block(one: JsonObject) -> Block | None:
    start, end = one.moment("start"), one.moment("end")
    for key in ("start", "end"):
        if not one.has(key):
            one.fault(key, "it is missing")
    travel_minutes, label = one.whole("travel_minutes", 0), one.text("label", "")
    if start is None or end is None:
        return None
    return Block(start=start, end=end, travel_minutes=travel_minutes, label=label)


def _read_table(one: JsonObject) -> Table:
    return Table(id=one.id("id"), slots=one.optional_id_set("slots"), owner=one.optional_id("owner"))


def _request_values(request: Request) -> dict[str, Any]:
    return _filled(
        id=request.id,
        participants=list(request.participants),
        priority=request.priority.value,
        weight=request.weight if request.weight != 1 else None,
        sessions=_sorted(request.sessions),
        slots=_sorted(request.slots),
        fixed=request.fixed,
        preferred=sorted(request.preferred) or None,
        state=request.state.value if request.state is not State.REQUESTED else None,
    )


def _read_request(one: JsonObject) -> Request:
    return Request(
        id=one.id("id"),
        participants=one.ids("participants"),
        priority=one.choice("priority", Priority, Priority.WANT),
        weight=one.whole("weight", 1),
        sessions=one.optional_id_set("sessions"),
        slots=one.optional_id_set("slots"),
        fixed=one.optional_id("fixed"),
        preferred=one.id_set("preferred"),
        state=one.choice("state", State, State.REQUESTED),
    )


def _read_rules(one: JsonObject) -> Rules:
    return Rules(
        hold_all=one.flag("hold_all", default=False),
        breaks=one.choice("breaks", BreakRule, BreakRule.WAITING),
        fairness_limit=one.optional_whole("fairness_limit"),
    )


def _read_meeting(one: JsonObject) -> Meeting:
    return Meeting(id=one.id("id"), slot=one.id("slot"), table=one.id("table"))


def _read_not_held(one: JsonObject) -> NotHeld:
    reason = Reason(
        kind=one.choice("reason", ReasonKind, ReasonKind.NOT_FOUND),
        slots=one.ids("slots"),
        people=one.ids("people"),
        requests=one.ids("requests"),
        openings=one.ids("openings"),
    )
    return NotHeld(id=one.id("id"), reason=reason)


def _read_objective(one: JsonObject) -> Objective:
    one.ignore(("proved",))
    if not one.has("value"):
        one.fault("value", "it is missing")
    return Objective(aim=one.choice("aim", Aim), value=one.whole("value", 0), bound=one.optional_whole("bound"))


def _change_values(change: Change) -> dict[str, Any]:
    match change:
        case PersonCancels():
            return _filled(kind="person-cancels", person=change.person, since=change.since)
        case PersonArrivesLate(until=datetime() as time):
            return {"kind": "person-arrives-late", "person": change.person, "until_time": time.isoformat()}
        case PersonArrivesLate():
            return {"kind": "person-arrives-late", "person": change.person, "until_slot": change.until}
        case PersonUnavailable():
            return {"kind": "person-unavailable", "person": change.person, "slots": sorted(change.slots)}
        case TableLost():
            return _filled(kind="table-lost", table=change.table, slots=_sorted(change.slots))
        case NewRequests():
            return {"kind": "new-requests", "requests": [_request_values(request) for request in change.requests]}
        case RequestWithdrawn():
            return {"kind": "request-withdrawn", "request": change.request}


def _read_change(one: JsonObject) -> Change | None:
    kind = one.text("kind")
    match kind:
        case "person-cancels":
            return PersonCancels(person=one.id("person"), since=one.optional_id("since"))
        case "person-arrives-late":
            return _read_late(one)
        case "person-unavailable":
            return PersonUnavailable(person=one.id("person"), slots=one.id_set("slots"))
        case "table-lost":
            return TableLost(table=one.id("table"), slots=one.optional_id_set("slots"))
        case "new-requests":
            return NewRequests(requests=one.objects("requests", _read_request))
        case "request-withdrawn":
            return RequestWithdrawn(request=one.id("request"))
        case _:
            known = "person-cancels, person-arrives-late, person-unavailable, table-lost, new-requests, request-withdrawn"
            one.fault("kind", f"{kind!r} is none of {known}")
            one.ignore(one.values)
            return None


def _read_late(one: JsonObject) -> Change | None:
    person, slot, time = one.id("person"), one.optional_id("until_slot"), one.moment("until_time")
    if one.has("until_slot") == one.has("until_time"):
        one.fault("", "it takes either until_slot or until_time")
        return None
    until = slot if time is None else time
    return None if until is None else PersonArrivesLate(person=person, until=until)
