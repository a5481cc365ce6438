"""Problems as JSON, both ways and exactly: what is written and read again is equal.

The form is described with examples in docs/agenda.md. Keys whose value is the default may be left out; keys that are
not known are faults. Times are ISO 8601 with their offset. Ids are texts, or whole numbers, which are ids as written.
"""

from datetime import datetime
from typing import Any

from handlers.meetings.agenda.json_reading import JsonObject, raise_faults, read_object
from handlers.meetings.agenda.json_writing import VERSION, dump, filled, in_row
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
from handlers.sheets.faults import InputError, InputFault

PROBLEM = "agenda-problem"


def write_problem(problem: Problem) -> str:
    """The problem as JSON, indented, ending with a line's end."""
    return dump(
        {
            "format": PROBLEM,
            "version": VERSION,
            "slots": [_slot_values(slot) for slot in problem.slots],
            "people": [_person_values(person) for person in problem.people],
            "tables": [filled(id=table.id, slots=in_row(table.slots), owner=table.owner) for table in problem.tables],
            "requests": [request_values(request) for request in problem.requests],
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
        requests=top.objects("requests", read_request),
        precedences=top.objects("precedences", lambda one: Precedence(before=one.id("before"), after=one.id("after"))),
        rules=top.inner("rules", _read_rules) or Rules(),
    )
    raise_faults(top)
    found = [
        InputFault(what=fault.what, source=source, column=str(fault).removesuffix(f": {fault.what}"))
        for fault in faults(problem)
    ]
    if found:
        raise InputError(found)
    return problem


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _slot_values(slot: Slot) -> dict[str, Any]:
    return filled(id=slot.id, start=_iso(slot.start), end=_iso(slot.end), session=slot.session)


def _read_slot(one: JsonObject) -> Slot:
    session = one.text("session") if one.has("session") else None
    return Slot(id=one.id("id"), start=one.moment("start"), end=one.moment("end"), session=session)


def _person_values(person: Person) -> dict[str, Any]:
    blocks = [
        filled(
            start=_iso(block.start),
            end=_iso(block.end),
            travel_minutes=block.travel_minutes or None,
            label=block.label or None,
        )
        for block in person.blocks
    ]
    return filled(
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


def request_values(request: Request) -> dict[str, Any]:
    """A request as JSON values, without what is as by default."""
    return filled(
        id=request.id,
        participants=list(request.participants),
        priority=request.priority.value,
        weight=request.weight if request.weight != 1 else None,
        sessions=in_row(request.sessions),
        slots=in_row(request.slots),
        fixed=request.fixed,
        preferred=sorted(request.preferred) or None,
        state=request.state.value if request.state is not State.REQUESTED else None,
    )


def read_request(one: JsonObject) -> Request:
    """A request from its object; faults are noted there."""
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
