"""Changes after which an agenda is planned again, as JSON, both ways and exactly."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.meetings.agenda.agenda import (
    Change,
    NewRequests,
    PersonArrivesLate,
    PersonCancels,
    PersonUnavailable,
    RequestWithdrawn,
    TableLost,
)
from handlers.meetings.agenda.json_problem import read_request, request_values
from handlers.meetings.agenda.json_reading import JsonObject, raise_faults, read_object
from handlers.meetings.agenda.json_writing import VERSION, dump, filled, in_row

CHANGES = "agenda-changes"
CHANGE_KINDS = (
    "person-cancels",
    "person-arrives-late",
    "person-unavailable",
    "table-lost",
    "new-requests",
    "request-withdrawn",
)


def write_changes(changes: Sequence[Change]) -> str:
    """The changes as JSON, indented, ending with a line's end."""
    return dump({"format": CHANGES, "version": VERSION, "changes": [_change_values(change) for change in changes]})


def read_changes(text: str, *, source: str = "changes") -> tuple[Change, ...]:
    """The changes that a JSON file lists, at least one. Raises InputError naming everything that is wrong, by path."""
    top = read_object(text, source=source, form=CHANGES, version=VERSION)
    read = top.objects("changes", _read_change)
    if not top.items("changes"):
        top.fault("changes", "there are none")
    raise_faults(top)
    return tuple(change for change in read if change is not None)


def _change_values(change: Change) -> dict[str, Any]:
    match change:
        case PersonCancels():
            return filled(kind="person-cancels", person=change.person, since=change.since)
        case PersonArrivesLate(until=datetime() as time):
            return {"kind": "person-arrives-late", "person": change.person, "until_time": time.isoformat()}
        case PersonArrivesLate():
            return {"kind": "person-arrives-late", "person": change.person, "until_slot": change.until}
        case PersonUnavailable():
            return {"kind": "person-unavailable", "person": change.person, "slots": sorted(change.slots)}
        case TableLost():
            return filled(kind="table-lost", table=change.table, slots=in_row(change.slots))
        case NewRequests():
            return {"kind": "new-requests", "requests": [request_values(request) for request in change.requests]}
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
            return NewRequests(requests=one.objects("requests", read_request))
        case "request-withdrawn":
            return RequestWithdrawn(request=one.id("request"))
        case _:
            known = (
                "person-cancels, person-arrives-late, person-unavailable, table-lost, new-requests, request-withdrawn"
            )
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
