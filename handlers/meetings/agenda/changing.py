"""A problem after something changed: somebody cancels, comes later, a table is lost, requests come and go."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from handlers.meetings.agenda.agenda import (
    Change,
    NewRequests,
    PersonArrivesLate,
    PersonCancels,
    PersonUnavailable,
    RequestWithdrawn,
    TableLost,
)
from handlers.meetings.agenda.problem import Fault, FaultyProblemError, Person, Problem, Slot, Table, faults, in_order


def changed(problem: Problem, changes: Sequence[Change], *, now: datetime | None = None) -> Problem:
    """The problem after all changes, one after the other.

    With ``now``, who cancels and what is lost is so from now on: slots that have begun are left as they were.

    Requests of people who cancel stay and cannot be held, so that the agenda names them; withdrawn ones are gone with
    their precedences. An agenda that has begun to live is never given up because one request no longer fits: whatever
    the problem's rules say, not all have to be held any more, and fairness is an aim and no limit.

    Raises FaultyProblemError when a change names what is not there, or asks for what is none.
    """
    problem = replace(problem, rules=replace(problem.rules, hold_all=False, fairness_limit=None))
    for index, change in enumerate(changes):
        if found := list(_faults_of(problem, index, change)):
            raise FaultyProblemError(found)
        problem = _after(problem, change, now)
    # When the last request is withdrawn there is nothing left to plan, which is no mistake.
    if problem.requests and (found := faults(problem)):
        raise FaultyProblemError(found)
    return problem


def has_begun(slot: Slot, now: datetime | None) -> bool:
    """Whether a slot is no longer to be planned: it began before now. Without a time, or without now, it is."""
    return now is not None and slot.start is not None and slot.start < now


def _after(problem: Problem, change: Change, now: datetime | None) -> Problem:
    begun = frozenset(slot.id for slot in problem.slots if has_begun(slot, now))
    match change:
        case PersonCancels():
            gone = frozenset(slot.id for slot in _from(problem, change.since))
            return _with_person(problem, change.person, gone - begun)
        case PersonArrivesLate():
            late = frozenset(slot.id for slot in _until(problem, change.until))
            return _with_person(problem, change.person, late - begun)
        case PersonUnavailable():
            return _with_person(problem, change.person, change.slots - begun)
        case TableLost():
            return _without_table(problem, change, begun)
        case NewRequests():
            return replace(problem, requests=(*problem.requests, *change.requests))
        case RequestWithdrawn():
            gone_id = change.request
            return replace(
                problem,
                requests=tuple(one for one in problem.requests if one.id != gone_id),
                precedences=tuple(one for one in problem.precedences if gone_id not in (one.before, one.after)),
            )
        case _:
            assert_never(change)


def _with_person(problem: Problem, person: str, slots: frozenset[str]) -> Problem:
    def away(one: Person) -> Person:
        return replace(one, unavailable=one.unavailable | slots) if one.id == person else one

    return replace(problem, people=tuple(away(one) for one in problem.people))


def _without_table(problem: Problem, change: TableLost, begun: frozenset[str]) -> Problem:
    every = frozenset(slot.id for slot in problem.slots)
    lost = (every if change.slots is None else change.slots) - begun

    def closed(one: Table) -> Table:
        if one.id != change.table:
            return one
        return replace(one, slots=(every if one.slots is None else one.slots) - lost)

    return replace(problem, tables=tuple(closed(one) for one in problem.tables))


def _from(problem: Problem, since: str | None) -> Iterator[Slot]:
    """The slots that are not over when the slot ``since`` begins; all of them for None."""
    if since is None:
        yield from problem.slots
        return
    ordered = in_order(problem.slots)
    first = next(index for index, slot in enumerate(ordered) if slot.id == since)
    begins = ordered[first].start
    for index, slot in enumerate(ordered):
        if (index >= first) if begins is None or slot.end is None else (slot.end > begins):
            yield slot


def _until(problem: Problem, until: str | datetime) -> Iterator[Slot]:
    """The slots that begin before a slot or a time."""
    ordered = in_order(problem.slots)
    if isinstance(until, str):
        last = next(index for index, slot in enumerate(ordered) if slot.id == until)
        begins = ordered[last].start
    else:
        last, begins = 0, until
    for index, slot in enumerate(ordered):
        if (index < last) if begins is None or slot.start is None else (slot.start < begins):
            yield slot


def _faults_of(problem: Problem, index: int, change: Change) -> Iterator[Fault]:
    for field, kind, named, known in _named(problem, change):
        for one in named:
            if one not in known:
                yield Fault(part="changes", index=index, field=field, what=f"there is no {kind} {one!r}")
    match change:
        case NewRequests():
            if not change.requests:
                yield Fault(part="changes", index=index, field="requests", what="there are none")
            known = {one.id for one in problem.requests}
            for request in change.requests:
                if request.id in known:
                    what = f"{request.id!r} is there already"
                    yield Fault(part="changes", index=index, field="requests", what=what)
        case PersonArrivesLate(until=datetime() as until):
            if until.utcoffset() is None:
                yield Fault(part="changes", index=index, field="until", what="it has no time zone")
            elif any(slot.start is None for slot in problem.slots):
                yield Fault(part="changes", index=index, field="until", what="a time needs slots with times")
        case _:
            pass


def _named(problem: Problem, change: Change) -> Iterator[tuple[str, str, Sequence[str], set[str]]]:
    """The ids that a change names: in which field, of what kind, the ids, and those that there are."""
    slots = {slot.id for slot in problem.slots}
    people = {person.id for person in problem.people}
    match change:
        case PersonCancels():
            yield "person", "person", (change.person,), people
            yield "since", "slot", () if change.since is None else (change.since,), slots
        case PersonArrivesLate():
            yield "person", "person", (change.person,), people
            yield "until", "slot", (change.until,) if isinstance(change.until, str) else (), slots
        case PersonUnavailable():
            yield "person", "person", (change.person,), people
            yield "slots", "slot", sorted(change.slots), slots
        case TableLost():
            yield "table", "table", (change.table,), {table.id for table in problem.tables}
            yield "slots", "slot", sorted(change.slots or ()), slots
        case RequestWithdrawn():
            yield "request", "request", (change.request,), {request.id for request in problem.requests}
        case NewRequests():
            return
        case _:
            assert_never(change)
