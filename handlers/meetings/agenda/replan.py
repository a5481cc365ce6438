"""A new agenda after something changed, as close to the old one as can be.

As many requests are held as possible, the fixed ones first, then those that must be, then the others; then as few
agreed meetings as possible are moved or given up, the dear ones last; then as few as possible change their table; then
come breaks, fairness and preferences. Each aim is decided before the next is looked at, with its proof or its bound.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from handlers.meetings.agenda.agenda import (
    Agenda,
    Aim,
    Budget,
    Change,
    Meeting,
    Move,
    NotHeld,
    Objective,
    OnProgress,
    Progress,
    Status,
)
from handlers.meetings.agenda.breaks import BreakCounter, diaries
from handlers.meetings.agenda.changing import changed, has_begun
from handlers.meetings.agenda.checker import checked
from handlers.meetings.agenda.moving import GIVEN_UP, move_price
from handlers.meetings.agenda.packing import Packing, Place
from handlers.meetings.agenda.problem import Problem, Request, Slot
from handlers.meetings.agenda.reasons import Taken, why_not
from handlers.meetings.agenda.repair import Repair, rank
from handlers.meetings.agenda.seating import seat

if TYPE_CHECKING:
    from handlers.meetings.agenda.packing_program import PackingProgram

HOLD_AIMS = (Aim.HOLD_FIXED, Aim.HOLD_MUST, Aim.HOLD_WANT)
"""In the order of ``rank``."""
ANSWER_SECONDS = 2.0
"""How long a person waits for an answer in a chat."""
READY_SECONDS = 0.15
"""Kept back from the budget for writing the answer down, at least."""
LOADING_SECONDS = 1.0
"""What it may take to load CP-SAT, which the last aims need; with less time left they are not begun."""


def replan(
    problem: Problem,
    agenda: Agenda,
    change: Change | Sequence[Change],
    *,
    budget: Budget | None = None,
    on_progress: OnProgress | None = None,
    now: datetime | None = None,
) -> Agenda:
    """Re-plan after one or more changes.

    The answer belongs to ``changed(problem, changes, now=now)``. Its ``moves`` say which meetings have another slot or
    table; those given up are among ``not_held``. With ``now`` (aware), what has begun stays as it is, and meetings of
    today are dearer to move than those of next week (see ``moving``). Meetings of ``agenda`` that the problem no longer
    knows are left out, and one that breaks a rule is not kept where it is.

    It takes two seconds at most unless the budget says otherwise. Raises FaultyProblemError when a change is none.
    """
    budget = budget or Budget(seconds=ANSWER_SECONDS)
    began = budget.clock()
    changes = list(change) if isinstance(change, Sequence) else [change]
    after = changed(problem, changes, now=now)
    return Replanning(after, agenda, budget=budget, began=began, on_progress=on_progress, now=now).run()


class Replanning:
    """One re-planning: the old agenda over the changed problem, and the aims decided so far."""

    def __init__(
        self,
        problem: Problem,
        before: Agenda,
        *,
        budget: Budget,
        began: float,
        on_progress: OnProgress | None = None,
        now: datetime | None = None,
    ) -> None:
        self.problem = problem
        self.old = before
        self.now = now
        self.budget = budget
        self.began = began
        self.on_progress = on_progress
        numbers = {request.id: number for number, request in enumerate(problem.requests)}
        slots = {slot.id: slot for slot in problem.slots}
        self.before: dict[int, Meeting] = {}
        for meeting in before.meetings:
            if meeting.id in numbers and meeting.slot in slots:
                self.before.setdefault(numbers[meeting.id], meeting)

        def may(request: Request, slot: Slot) -> bool:
            """What has begun is over for everyone but those who are there."""
            old = self.before.get(numbers[request.id])
            if old is not None and has_begun(slots[old.slot], now):
                return slot.id == old.slot
            return not has_begun(slot, now)

        self.packing = Packing(problem, may)
        self.home = {request: place for request in self.before if (place := self._home_of(request)) is not None}
        self.lost = {self.packing.places[index][:2] for index, usable in self.home.values() if not usable}
        """Requests and the slot in which they would have to change the table."""
        self.begun = [request for request, old in self.before.items() if has_begun(slots[old.slot], now)]
        self.prices = {
            request: move_price(problem.requests[request].state, slots[old.slot], now)
            for request, old in self.before.items()
            if self.packing.of_request[request]
        }
        """Of moving a meeting that was held and can still be held."""
        self.counter = BreakCounter(problem, self.packing.slots)
        self.bounds: dict[Aim, int] = {}
        self.chosen: list[int] = []
        self.proving = True
        self.ready_seconds = READY_SECONDS

    def seconds_left(self) -> float:
        """Until the answer has to be written down."""
        return self.budget.seconds - self.ready_seconds - (self.budget.clock() - self.began)

    def stopped(self) -> bool:
        """Whether to answer with what there is."""
        return self.budget.cancelled() or self.seconds_left() <= 0

    def run(self) -> Agenda:
        """Mend the old agenda, then improve and prove aim by aim."""
        repair = Repair(
            self.packing,
            pinned=self.begun,
            home={request: index for request, (index, _) in self.home.items()},
            price=lambda request: self.prices.get(request, 0),
            stopped=self.stopped,
        )
        for request in sorted(self.home, key=self._dearest_first):
            index = self.home[request][0]
            if repair.fits(self.packing.places[index]):
                repair.take(index)
        repair.insert_all(request for request in range(len(self.problem.requests)) if request not in repair.place_of)
        self.chosen = repair.chosen
        self._bound_simply()
        writing = self.budget.clock()
        self._report(None, best=self.agenda())
        # On a busy machine everything takes longer, writing the answer down as well.
        self.ready_seconds = max(READY_SECONDS, 2 * (self.budget.clock() - writing))
        try:
            from handlers.meetings.agenda.packing_program import PackingProgram
        except ImportError:
            self.proving = False
            return self.agenda()
        certain = [request for request in self.begun if request in repair.place_of]
        self._prove(
            PackingProgram(
                self.packing,
                self.chosen,
                self._near(repair),
                certain=certain,
                seconds_left=self.seconds_left,
                cancelled=self.budget.cancelled,
            )
        )
        return self.agenda()

    def _dearest_first(self, request: int) -> tuple[bool, int, int, bool, int]:
        """What has begun, what matters more, what is dearer to move; then who can keep the table besides."""
        stays = self.problem.requests[request]
        table_lost = not self.home[request][1]
        return request not in self.begun, rank(stays), -self.prices.get(request, 0), table_lost, request

    def _home_of(self, request: int) -> tuple[int, bool] | None:
        """The place where a meeting is so far, and whether it can keep its table; None when it cannot stay there."""
        old = self.before[request]
        tables = {table.id: table for table in self.problem.tables}
        table = tables.get(old.table)
        usable = (
            table is not None
            and (table.slots is None or old.slot in table.slots)
            and (table.owner is None or table.owner in self.problem.requests[request].participants)
        )
        here = [index for index in self.packing.of_request[request] if self._slot_id(index) == old.slot]
        if not here:
            return None

        def of_its_kind(index: int) -> bool:
            kind = self.packing.places[index].kind
            return kind is not None and old.table in self.packing.kinds[kind].tables

        return next((index for index in here if of_its_kind(index)), here[0]), usable

    def _slot_id(self, index: int) -> str:
        return self.packing.slots[self.packing.places[index].slot].id

    def _near(self, repair: Repair) -> list[int]:
        """The requests that look for a place or have a new one, and those that share a person with them."""
        homes = {index for index, _ in self.home.values()}
        unsettled = [
            request for request in range(len(self.problem.requests)) if repair.place_of.get(request) not in homes
        ]
        people = {person for request in unsettled for person in self.problem.requests[request].participants}
        return [number for number, one in enumerate(self.problem.requests) if not people.isdisjoint(one.participants)]

    def _hold_gains(self) -> dict[Aim, list[int]]:
        """For each aim of holding that something depends on, what each place brings in."""
        requests, places = self.problem.requests, self.packing.places
        ranks = [rank(request) for request in requests]
        return {
            aim: [requests[place.request].weight if ranks[place.request] == of_rank else 0 for place in places]
            for of_rank, aim in enumerate(HOLD_AIMS)
            if of_rank in ranks
        }

    def _staying_gains(self) -> tuple[list[int], int]:
        """What each place brings in by moving nobody, and the weight of that beside a table that is changed.

        Any number of tables is changed before a meeting moves, so a move weighs more than all tables that are lost.
        """
        weight = len(self.lost) + 1
        return [weight * self._move_gain(place) - (place[:2] in self.lost) for place in self.packing.places], weight

    def _move_gain(self, place: Place) -> int:
        """The price of giving the meeting up, less that of moving it where this is not its home."""
        price = self.prices.get(place.request, 0)
        home = self.home.get(place.request)
        at_home = home is not None and self.packing.places[home[0]].slot == place.slot
        return GIVEN_UP * price if at_home else (GIVEN_UP - 1) * price

    @property
    def _all_given_up(self) -> int:
        return sum(GIVEN_UP * price for price in self.prices.values())

    def _bound_simply(self) -> None:
        """What holds without any solver: a request without places is not held, one without its home has to move."""
        for of_rank, aim in enumerate(HOLD_AIMS):
            self.bounds[aim] = sum(
                request.weight
                for number, request in enumerate(self.problem.requests)
                if rank(request) == of_rank and self.packing.of_request[number]
            )
        self.bounds[Aim.MOVES] = sum(price for request, price in self.prices.items() if request not in self.home)
        for aim in (Aim.TABLE_CHANGES, Aim.BREAKS, Aim.FAIRNESS, Aim.PREFERENCES):
            self.bounds[aim] = 0

    def _prove(self, program: "PackingProgram") -> None:
        for aim, gain in self._hold_gains().items():
            self._report(aim)
            decision = program.decide(gain)
            self.chosen = decision.chosen
            self.bounds[aim] = min(self.bounds[aim], decision.bound)
            self._report_best(aim)
        self._report(Aim.MOVES)
        gain, weight = self._staying_gains()
        decision = program.decide(gain)
        self.chosen = decision.chosen
        at_most = -(-decision.bound // weight)
        self.bounds[Aim.MOVES] = max(self.bounds[Aim.MOVES], self._all_given_up - at_most)
        if at_most == -(-decision.value // weight):
            self.bounds[Aim.TABLE_CHANGES] = weight * at_most - decision.bound
        self._report_best(Aim.MOVES)
        loaded = "ortools.sat.python.cp_model" in sys.modules
        if self.stopped() or self.seconds_left() < (0 if loaded else LOADING_SECONDS):
            return
        from handlers.meetings.agenda.finishing import finish

        finished = finish(program, self.counter, seconds_left=self.seconds_left, cancelled=self.budget.cancelled)
        self.chosen = finished.chosen
        self.bounds |= finished.bounds

    def agenda(self) -> Agenda:
        """What is known now as an answer, checked."""
        places = [self.packing.places[index] for index in self.chosen]
        keep = {
            place.request: self.before[place.request].table
            for place in places
            if place.request in self.home and self._slot_id(self.home[place.request][0]) == self._slot_of(place)
        }
        tables = seat(self.packing, places, keep)
        requests = self.problem.requests
        held = {
            place.request: Meeting(
                id=requests[place.request].id, slot=self._slot_of(place), table=tables[place.request]
            )
            for place in places
        }
        taken = Taken(self.packing, self.chosen)
        moves = tuple(
            Move(id=new.id, slot_before=old.slot, table_before=old.table, slot=new.slot, table=new.table)
            for request, old in sorted(self.before.items())
            if (new := held.get(request)) is not None and (new.slot, new.table) != (old.slot, old.table)
        )
        objectives = self._objectives(places, sum(not move.another_slot for move in moves))
        answer = Agenda(
            status=Status.OPTIMAL if all(one.proved for one in objectives) else Status.FEASIBLE,
            meetings=tuple(held[request] for request in sorted(held)),
            not_held=tuple(
                NotHeld(id=request.id, reason=why_not(taken, number))
                for number, request in enumerate(requests)
                if number not in held
            ),
            objectives=objectives,
            held_bound=self._held_bound(),
            seconds=self.budget.clock() - self.began,
            planner="solver" if self.proving else "greedy",
            moves=moves,
        )
        return checked(self.problem, answer, before=self.old, now=self.now)

    def _slot_of(self, place: Place) -> str:
        return self.packing.slots[place.slot].id

    def _objectives(self, places: Sequence[Place], table_changes: int) -> tuple[Objective, ...]:
        requests = self.problem.requests
        values: dict[Aim, int] = {}
        for of_rank, aim in enumerate(HOLD_AIMS):
            if any(rank(request) == of_rank for request in requests):
                held = [requests[place.request] for place in places]
                values[aim] = sum(request.weight for request in held if rank(request) == of_rank)
        values[Aim.MOVES] = self._all_given_up - sum(self._move_gain(place) for place in places)
        values[Aim.TABLE_CHANGES] = table_changes
        breaks = [
            self.counter.count(person, slots)
            for person, slots in diaries(self.problem, {place.request: place.slot for place in places}).items()
        ]
        values[Aim.BREAKS] = sum(breaks)
        values[Aim.FAIRNESS] = max(breaks, default=0) - min(breaks, default=0)
        if any(request.preferred for request in requests):
            values[Aim.PREFERENCES] = sum(
                bool(wish := requests[place.request].preferred) and self._slot_of(place) not in wish for place in places
            )
        bounds = dict(self.bounds)
        if table_changes > sum(place[:2] in self.lost for place in places):
            # Somebody gave a table up to others, which was not looked at when the later aims were decided.
            bounds |= dict.fromkeys((Aim.BREAKS, Aim.FAIRNESS, Aim.PREFERENCES), 0)
        return tuple(Objective(aim=aim, value=value, bound=bounds[aim]) for aim, value in values.items())

    def _held_bound(self) -> int:
        """The most requests that can be held, the aims of holding as they are."""
        if all(request.weight == 1 for request in self.problem.requests):
            return sum(self.bounds[aim] for aim in HOLD_AIMS)
        return sum(bool(places) for places in self.packing.of_request)

    def _report_best(self, stage: Aim) -> None:
        """Tell the agenda that would be answered now; making it takes a moment, so only where somebody listens."""
        if self.on_progress is not None:
            self._report(stage, best=self.agenda())

    def _report(self, stage: Aim | None, *, best: Agenda | None = None) -> None:
        if self.on_progress is None:
            return
        self.on_progress(
            Progress(
                stage=stage,
                seconds=self.budget.clock() - self.began,
                held=len(self.chosen),
                held_bound=self._held_bound(),
                breaks=None if best is None else best.breaks,
                best=best,
            )
        )
