"""The published problem in clauses: every request in some slot, at most so many breaks.

A place is a literal. So is a person's being busy in a slot, and, because a proof leans on them, how many meetings the
person has had by each slot (the counters) and where the day begins when it has no break. Literals are the non-zero
integers of the DIMACS format. Numbers are counted in one of two ways. A solver that knows no numbers gets PySAT's
encodings, sequential counters being in the order of time, so that what is learned about an earlier slot serves for the
later ones. A solver that counts by itself gets the numbers as they are, and an eighth of the clauses.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from pysat.card import CardEnc, EncType

from handlers.meetings.agenda.formula import Formula, Numbers
from handlers.meetings.agenda.packing import Packing, RowKind
from handlers.meetings.agenda.strangers import groups_of_strangers
from handlers.meetings.agenda.timelines import Timelines
from handlers.meetings.agenda.whole_days import ways_to_fill

FEW = 5
"""Of so many literals at most one is said pair by pair, of more by a counter."""
GROUPS = 2
"""Of strangers; further ones have hardly more people than there are tables."""


class BreakClauses:
    """Clauses that hold exactly for the agendas that hold all requests and keep the fairness limit.

    Args:
        packing: all places; every request has one.
        timelines: of the same problem, plain ones.
        fairness_limit: the most breaks that a person may have; None for any number.
        seated: whether to say how many people, and how many strangers, the tables seat in a slot: it follows from the
            rest.
        numbers: how they are said.
    """

    def __init__(
        self,
        packing: Packing,
        timelines: Timelines,
        fairness_limit: int | None,
        *,
        seated: bool = True,
        numbers: Numbers = Numbers.COUNTERS,
    ) -> None:
        self.clauses: list[list[int]] = []
        self.at_most: list[tuple[list[int], int]] = []
        self._numbers = numbers
        self._top = 0
        self._packing = packing
        self.literals = [self._new() for _ in packing.places]
        """Of each place."""
        self.extra_breaks: list[int] = []
        """For each person literals of which at least as many hold as the person has breaks."""
        for indexes in packing.of_request:
            self.clauses.append([self.literals[index] for index in indexes])
            self._at_most(self.literals_of(indexes), 1)
        self._respect_rows(people=not timelines.separate)
        in_slot: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, literal in zip(packing.places, self.literals, strict=True):
            for participant in packing.problem.requests[place.request].participants:
                in_slot[participant][place.slot].append(literal)
        requests: defaultdict[str, list[int]] = defaultdict(list)
        for number, request in enumerate(packing.problem.requests):
            for participant in request.participants:
                requests[participant].append(number)
        self._busy: defaultdict[int, dict[str, list[int]]] = defaultdict(dict)
        for person in packing.problem.people:
            if len(requests[person.id]) > 1:
                timeline = timelines.of(person.id)
                self._add_person(person.id, in_slot[person.id], timeline, requests[person.id], fairness_limit)
            else:
                for slot, literals in in_slot[person.id].items():
                    self._at_most(literals, 1)
                    self._busy[slot][person.id] = literals
        if seated:
            self._seat_people()

    def literals_of(self, places: Sequence[int]) -> list[int]:
        """The literals of places given by index."""
        return [self.literals[index] for index in places]

    @property
    def everything(self) -> Formula:
        """All but a limit of the breaks."""
        return Formula(self._top, self.clauses, self.at_most)

    def limit(self, breaks: int | None) -> Formula:
        """What is to be added for at most so many breaks (None: any number)."""
        if breaks is None or breaks >= len(self.extra_breaks):
            return Formula(self._top, [], [])
        if breaks == 0:
            return Formula(self._top, [[-literal] for literal in self.extra_breaks], [])
        if self._numbers is Numbers.AS_THEY_ARE:
            return Formula(self._top, [], [(self.extra_breaks, breaks)])
        counter = CardEnc.atmost(self.extra_breaks, breaks, top_id=self._top, encoding=EncType.seqcounter)
        return Formula(max(self._top, counter.nv), counter.clauses, [])

    def chosen(self, model: Sequence[int]) -> list[int]:
        """The indexes of the places that a model (literal by literal, from 1) takes."""
        return [index for index, literal in enumerate(self.literals) if model[literal - 1] > 0]

    def _new(self) -> int:
        self._top += 1
        return self._top

    def _at_most(self, literals: Sequence[int], most: int) -> None:
        if len(literals) <= most:
            return
        if most == 1 and len(literals) <= FEW:
            self.clauses += [[-one, -other] for one, other in combinations(literals, 2)]
            return
        if self._numbers is Numbers.AS_THEY_ARE:
            self.at_most.append((list(literals), most))
            return
        totals = most > 1 and self._numbers is Numbers.TOTALS
        encoding = EncType.totalizer if totals else EncType.seqcounter
        self._count(CardEnc.atmost(list(literals), most, top_id=self._top, encoding=encoding))

    def _exactly(self, literals: Sequence[int], number: int) -> None:
        if len(literals) <= number:
            self.clauses += [[literal] for literal in literals]
            if len(literals) < number:
                # Impossible: a literal and its opposite.
                never = self._new()
                self.clauses += [[never], [-never]]
            return
        if self._numbers is Numbers.AS_THEY_ARE:
            self.at_most += [(list(literals), number), ([-one for one in literals], len(literals) - number)]
            return
        self._count(CardEnc.equals(list(literals), number, top_id=self._top, encoding=EncType.seqcounter))

    def _count(self, counter: CardEnc) -> None:
        self._top = max(self._top, counter.nv)
        self.clauses += counter.clauses

    def _respect_rows(self, *, people: bool) -> None:
        """Tables and precedences; people's too, unless they follow from a person's meeting once a slot."""
        in_row: defaultdict[int, list[int]] = defaultdict(list)
        for place, literal in zip(self._packing.places, self.literals, strict=True):
            for row in place.rows:
                if people or self._packing.row_kinds[row] is not RowKind.PERSON:
                    in_row[row].append(literal)
        for row, literals in in_row.items():
            self._at_most(literals, self._packing.capacities[row])

    def _seat_people(self) -> None:
        """How many people can be busy in a slot: as many as the tables seat, of strangers one a table."""
        sizes = {len(request.participants) for request in self._packing.problem.requests}
        groups = groups_of_strangers(self._packing.problem, GROUPS)
        kinds_in: defaultdict[int, set[int | None]] = defaultdict(set)
        for place in self._packing.places:
            kinds_in[place.slot].add(place.kind)
        for slot, kinds in sorted(kinds_in.items()):
            if None in kinds:
                continue
            tables = sum(len(self._packing.kinds[kind].tables) for kind in kinds if kind is not None)
            if len(sizes) == 1:
                self._at_most([one for literals in self._busy[slot].values() for one in literals], max(sizes) * tables)
            for group in groups:
                self._at_most([one for person in group for one in self._busy[slot].get(person, ())], tables)

    def _add_person(
        self,
        person: str,
        in_slot: dict[int, list[int]],
        stretches: list[list[int]],
        requests: list[int],
        fairness_limit: int | None,
    ) -> None:
        meetings = len(requests)
        busy: dict[int, int] = {}
        for slot, literals in sorted(in_slot.items()):
            busy[slot] = self._new()
            self._busy[slot][person] = [busy[slot]]
            self._at_most(literals, 1)
            self.clauses.append([-busy[slot], *literals])
            self.clauses += [[-literal, busy[slot]] for literal in literals]
        self._exactly(list(busy.values()), meetings)
        most = meetings - 1 if fairness_limit is None else min(fairness_limit, meetings - 1)
        extra = [self._new() for _ in range(most)]
        self.clauses += [[-more, one] for one, more in pairwise(extra)]
        if len(stretches) == 1:
            timeline = stretches[0]
            if extra:
                self._place_whole_day(timeline, busy, requests, extra[0])
            begins = self._begins([busy.get(slot) for slot in timeline])
            self._at_most([*begins, *(-one for one in extra)], 1 + len(extra))
        else:
            again: list[int] = []
            for timeline in stretches:
                again += self._begins_again([busy.get(slot) for slot in timeline])
            self._at_most([*again, *(-one for one in extra)], len(extra))
        self.extra_breaks += extra

    def _place_whole_day(
        self, timeline: Sequence[int], busy: Mapping[int, int], requests: Sequence[int], has_break: int
    ) -> None:
        """A person has a break, or has all meetings one after another from one of the slots on.

        Where they could not all be held there, no day begins; where only some leave room for the others, only those are
        held. The last two kinds of clauses follow from the others. With them it is known at once that a person without
        a break is free where no such day reaches, and has a meeting where every one does.
        """
        by_slot: list[defaultdict[int, list[int]]] = []
        for request in requests:
            by_slot.append(defaultdict(list))
            for index in self._packing.of_request[request]:
                by_slot[-1][self._packing.places[index].slot].append(self.literals[index])
        days: dict[int, frozenset[int]] = {}
        for first in range(len(timeline) - len(requests) + 1):
            day = frozenset(timeline[first : first + len(requests)])
            ways = ways_to_fill(day, by_slot)
            if ways is None:
                continue
            literal = self._new()
            days[literal] = day
            self.clauses += [[-literal, here if slot in day else -here] for slot, here in busy.items()]
            for literals_in, left in zip(by_slot, ways, strict=True):
                for slot in sorted(day & literals_in.keys() - left):
                    self.clauses += [[-literal, -one] for one in literals_in[slot]]
        self.clauses.append([*days, has_break])
        self._at_most([*days, has_break], 1)
        for slot, here in busy.items():
            reaching = [literal for literal, day in days.items() if slot in day]
            passing = [literal for literal, day in days.items() if slot not in day]
            self.clauses += [[-here, has_break, *reaching], [here, has_break, *passing]]

    def _begins(self, busy: Sequence[int | None]) -> list[int]:
        """A literal for each slot in which a group of meetings begins."""
        begins: list[int] = []
        for before, here in pairwise([None, *busy]):
            if here is None:
                continue
            if before is None:
                begins.append(here)
                continue
            literal = self._new()
            begins.append(literal)
            self.clauses += [[literal, before, -here], [-literal, here], [-literal, -before]]
        return begins

    def _begins_again(self, busy: Sequence[int | None]) -> list[int]:
        """A literal for each slot in which a group of meetings begins that is not the first of its stretch."""
        again: list[int] = []
        met: int | None = None
        previous: int | None = None
        for here in busy:
            if here is not None:
                if met is not None and previous is None:
                    literal = self._new()
                    again.append(literal)
                    self.clauses.append([literal, -met, -here])
                elif met is not None and previous is not None:
                    literal = self._new()
                    again.append(literal)
                    self.clauses.append([literal, -met, -here, previous])
                by_now = self._new()
                self.clauses.append([by_now, -here])
                if met is not None:
                    self.clauses.append([by_now, -met])
                met = by_now
            previous = here
        return again
