"""Reasons and openings as sentences, in the language of whoever asks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from handlers.conversation.texts import Texts
from handlers.meetings.agenda.agenda import Opening, Reason, ReasonKind
from handlers.meetings.agenda.labels import name_of, slot_time
from handlers.meetings.agenda.problem import Problem, Request, in_order


class Explaining:
    """Says why a request of a problem is not held, and what would let it in. Times are those of the slots."""

    def __init__(self, problem: Problem, t: Texts) -> None:
        self._t = t
        self._people = {person.id: name_of(person) for person in problem.people}
        self._requests = {request.id: request for request in problem.requests}
        self._slots = in_order(problem.slots)

    def sentences(self, request: str, reason: Reason) -> list[str]:
        """The reason first, then one line for each way in, the smallest first."""
        return [self.why(self._requests[request], reason), *self.ways_in(reason.openings)]

    def why(self, request: Request, reason: Reason) -> str:
        """The reason in a sentence."""
        t, names, count = self._t, self._names(request.participants), len(reason.slots)
        match reason.kind:
            case ReasonKind.NOT_ALLOWED:
                return t("{names}: the sessions and times asked for leave no slot at all.", names=names)
            case ReasonKind.NO_COMMON_SLOT:
                return t("There is no time at which {names} are all there.", names=names)
            case ReasonKind.PEOPLE_BUSY:
                return t.n(
                    "There is one time that suits {names}, already taken by another meeting of {busy}.",
                    "There are {n} times that suit {names}, all taken by other meetings of {busy}.",
                    count,
                    names=names,
                    busy=self._names(reason.people),
                )
            case ReasonKind.TABLES_FULL:
                return t("Whenever {names} are free, every table is taken.", names=names)
            case ReasonKind.PRECEDENCE:
                return t(
                    "It has to come before or after {meetings}, and that leaves no time.",
                    meetings=self._meetings(reason.requests),
                )
            case ReasonKind.LOST_TO_PRIORITY:
                return t(
                    "Whenever it would suit {names}, a meeting that matters more is in the way: {meetings}.",
                    names=names,
                    meetings=self._meetings(reason.requests),
                )
            case ReasonKind.NOT_FOUND:
                return t("No place for {names} was found, though there may be one.", names=names)

    def ways_in(self, openings: Iterable[Opening]) -> list[str]:
        """What would let it in, openings that ask for the same in one line."""
        alike: defaultdict[Opening, list[str]] = defaultdict(list)
        for opening in openings:
            asks = Opening(
                slot="",
                people=opening.people,
                another_table=opening.another_table,
                moves=opening.moves,
                instead_of=opening.instead_of,
            )
            alike[asks].append(opening.slot)
        return [self._way_in(asks, slots) for asks, slots in alike.items()]

    def _way_in(self, asks: Opening, slots: Sequence[str]) -> str:
        t = self._t
        sentences = [t("There would be room: {times}.", times=self._times(slots))]
        if asks.people:
            names = self._names(asks.people)
            sentences.append(
                t.n(
                    "{names} would have to be free.",
                    "{names} would all have to be free.",
                    len(asks.people),
                    names=names,
                )
            )
        if asks.another_table:
            sentences.append(t("It takes one more table."))
        sentences += [
            t(
                "The meeting of {names} would move: {time}.",
                names=self._names(self._requests[move.id].participants),
                time=self._times([move.slot]),
            )
            for move in asks.moves
            if move.another_slot
        ]
        if asks.instead_of:
            sentences.append(t("It would be held instead of {meetings}.", meetings=self._meetings(asks.instead_of)))
        return " ".join(sentences)

    def _names(self, people: Iterable[str]) -> str:
        return self._t.list([self._people[person] for person in people])

    def _meetings(self, requests: Iterable[str]) -> str:
        """``Anna Ferri and Noa Levin; Bea Rossi and Omer Katz``."""
        return "; ".join(self._names(self._requests[request].participants) for request in requests)

    def _times(self, slots: Sequence[str]) -> str:
        """``Wednesday 11 April, 15:00 or 16:30``; several days after one another."""
        t = self._t
        by_day: defaultdict[str, list[str]] = defaultdict(list)
        for slot in self._slots:
            if slot.id not in slots:
                continue
            if slot.start is None:
                by_day[""].append(slot_time(slot, t))
            else:
                by_day[t.day(slot.start)].append(t.hour(slot.start))
        times = ((day, t.either(hours)) for day, hours in by_day.items())
        return "; ".join(t("{day}, {hours}", day=day, hours=hours) if day else hours for day, hours in times)
