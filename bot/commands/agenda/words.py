"""An agenda, its proofs and its reasons in words, for the terminal."""

from collections.abc import Iterator, Mapping

from handlers.meetings.agenda.agenda import Agenda, Aim, Move, Objective, ReasonKind, Status
from handlers.meetings.agenda.problem import Problem, Slot, in_order

AIMS: Mapping[Aim, str] = {
    Aim.HOLD_FIXED: "fixed requests held, by weight",
    Aim.HOLD_MUST: "must requests held, by weight",
    Aim.HOLD_WANT: "other requests held, by weight",
    Aim.MOVES: "price of the meetings moved",
    Aim.TABLE_CHANGES: "meetings that change only the table",
    Aim.BREAKS: "breaks",
    Aim.FAIRNESS: "difference in breaks between two people",
    Aim.PREFERENCES: "meetings outside their preferred slots",
}
REASONS: Mapping[ReasonKind, str] = {
    ReasonKind.NOT_ALLOWED: "its own sessions, slots and fixed slot leave none",
    ReasonKind.NO_COMMON_SLOT: "there is no slot in which all of them are available",
    ReasonKind.PEOPLE_BUSY: "in each common slot somebody has another meeting",
    ReasonKind.TABLES_FULL: "in each slot in which all of them are free, no table is",
    ReasonKind.PRECEDENCE: "what has to come before or after it leaves no time",
    ReasonKind.LOST_TO_PRIORITY: "it could only be held instead of requests that matter more or as much",
    ReasonKind.NOT_FOUND: "no place was found; that there is none is not proved",
}


class Words:
    """Says what an agenda of one problem holds, with names where the problem has them."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._requests = {request.id: request for request in problem.requests}
        self._people = {person.id: person for person in problem.people}
        self._slots = {slot.id: slot for slot in problem.slots}
        self._order = {slot.id: position for position, slot in enumerate(in_order(problem.slots))}

    def agenda(self, agenda: Agenda) -> Iterator[str]:
        """The whole answer, line by line."""
        yield from self.summary(agenda)
        if agenda.meetings:
            yield ""
        tables = {table.id: position for position, table in enumerate(self._problem.tables)}
        for one in sorted(agenda.meetings, key=lambda one: (self._order[one.slot], tables[one.table])):
            yield f"{self.slot(one.slot)}  table {one.table}  {self.request(one.id)}"
        if agenda.not_held:
            yield ""
            yield "Not held:"
        for missing in agenda.not_held:
            yield f"{self.request(missing.id)}: {REASONS[missing.reason.kind]}"
        if agenda.moves:
            yield ""
            yield "Moved:"
        for move in agenda.moves:
            yield self.move(move)

    def summary(self, agenda: Agenda) -> Iterator[str]:
        """The first lines: how much is held, and what is proved."""
        wanted = len(self._problem.requests)
        match agenda.status:
            case Status.INFEASIBLE:
                yield "Not possible: it is proved that no agenda keeps all the rules."
                return
            case Status.UNDECIDED:
                yield "Undecided: in the time given neither an agenda was found nor that there is none."
                return
            case _:
                pass
        if agenda.held_bound is None:
            proof = ""
        elif agenda.held_bound > agenda.held:
            proof = f"; at most {agenda.held_bound} can be"
        else:
            proof = ", all of them" if agenda.held == wanted else "; no agenda holds more"
        yield f"{agenda.held} of {wanted} requests are held{proof}. ({agenda.seconds:.1f} s, {agenda.planner})"
        for one in agenda.objectives:
            yield f"- {AIMS[one.aim]}: {one.value}{_proof(one)}"

    def request(self, id_: str) -> str:
        """``m07 (Anna Ferri, Noa Levin)``."""
        request = self._requests.get(id_)
        if request is None:
            return id_
        names = ", ".join(self.person(person) for person in request.participants)
        return f"{id_} ({names})"

    def person(self, id_: str) -> str:
        """The name, or the id of who has none."""
        person = self._people.get(id_)
        return person.name or id_ if person else id_

    def slot(self, id_: str) -> str:
        """``Tue 10 Apr 09:00–09:25``, or ``slot 3`` without times."""
        return _slot_words(self._slots[id_]) if id_ in self._slots else f"slot {id_}"

    def move(self, move: Move) -> str:
        """From where to where a meeting moves."""
        if not move.another_slot:
            return f"{self.request(move.id)}: at the same time, table {move.table_before} → {move.table}"
        before = f"{self.slot(move.slot_before)} table {move.table_before}"
        return f"{self.request(move.id)}: {before} → {self.slot(move.slot)} table {move.table}"


def _proof(one: Objective) -> str:
    if one.proved:
        return ", proved"
    return "" if one.bound is None else f" (bound {one.bound})"


def _slot_words(slot: Slot) -> str:
    if slot.start is None or slot.end is None:
        return f"slot {slot.id}"
    return f"{slot.start:%a %d %b %H:%M}–{slot.end:%H:%M}"
