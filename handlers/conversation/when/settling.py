"""From one reading of a phrase to moments: every moment it may mean, settled against the calendar and the clocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .calendar_days import dates
from .hours import HourChoice, hour_choices, in_part
from .meaning import CalendarDay, Later, NamedZone, OffsetZone, Reading, RelativeDay, WeekdayDay
from .refusal import Refused
from .results import FoldNote, Prefer, Reason, Understood, WhenKind
from .wallclock import Occurrence, around_gap, occurrences, shown_at

# Nothing is arranged further ahead; beyond it, a mistyped year is the likelier explanation.
FURTHEST_YEARS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, where, and when: `now` is in UTC. `english` puts the English habit first."""

    now: datetime
    zone: ZoneInfo
    kind: WhenKind
    default_time: time | None
    prefer: Prefer
    english: bool

    def today(self, zone: ZoneInfo) -> date:
        """The date that the clocks of `zone` show."""
        return self.now.astimezone(zone).date()

    @property
    def furthest(self) -> date:
        """The last date that is not too far."""
        today = self.today(self.zone)
        year = today.year + FURTHEST_YEARS
        return date(year, 3, 1) if (today.month, today.day) == (2, 29) else today.replace(year=year)


class Resolution:
    """The work on one reading: `found` collects the moments it may mean, `refused` why others are none."""

    def __init__(self, reading: Reading, question: Question) -> None:
        self._reading = reading
        self._question = question
        self._future = question.prefer is Prefer.FUTURE
        self.zone = self._zone()
        self.found: list[Understood] = []
        self.refused: list[Refused] = []

    def run(self) -> None:
        """Fill `found` and `refused`."""
        try:
            if self._reading.days and isinstance(self._reading.days[0], Later):
                self.found.append(self._later(self._reading.days[0]))
                return
            choices = self._choices()
        except Refused as refused:
            self.refused.append(refused)
            return
        # "Domani" is the typist's tomorrow, unless the zone that was typed already has another date: then ask.
        todays = sorted({self._question.today(self._question.zone), self._question.today(self.zone)})
        for today in todays:
            for choice in choices:
                self._collect(today, choice)

    def _collect(self, today: date, choice: HourChoice | None) -> None:
        try:
            days = self._days(today, choice)
        except Refused as refused:
            self._refuse(refused, choice)
            return
        for day in days:
            try:
                self.found.append(self._settled(day, choice))
            except Refused as refused:
                self._refuse(refused, choice)

    def _refuse(self, refused: Refused, choice: HourChoice | None) -> None:
        refused.suggestions += tuple(self._completed(refused, choice))
        self.refused.append(refused)

    def _completed(self, refused: Refused, choice: HourChoice | None) -> Iterator[Understood]:
        for day in refused.days:
            try:
                yield self._settled(day, choice)
            except Refused:
                continue
        for wall in refused.walls:
            try:
                yield self._at(wall, any_offset=True)
            except Refused:
                continue

    def _zone(self) -> ZoneInfo:
        match self._reading.zone:
            case NamedZone(zone):
                return zone
            case OffsetZone(_, abbreviation, zone) if zone is not None:
                return self._question.zone if abbreviation in self._own_abbreviations() else zone
            case _:
                return self._question.zone

    def _own_abbreviations(self) -> set[str | None]:
        year = self._question.now.year
        return {datetime(year, month, 1, tzinfo=self._question.zone).tzname() for month in (1, 7)}

    def _choices(self) -> Sequence[HourChoice | None]:
        if self._reading.time is not None:
            return hour_choices(self._reading.time, self._reading.part, part_of_hour=self._reading.part_of_hour)
        return (None,)

    @property
    def default_time(self) -> time | None:
        """The caller's default, unless the phrase names a part of the day that it is not in."""
        default, part = self._question.default_time, self._reading.part
        return default if default is None or part is None or in_part(default, part) else None

    def _later(self, spec: Later) -> Understood:
        if self._reading.time is not None or self._reading.part is not None:
            raise Refused(Reason.CONTRADICTION)
        # To the minute: nobody who says "in two hours" means the seconds.
        instant = (self._question.now + spec.delta).replace(second=0, microsecond=0)
        local = shown_at(instant, self.zone)
        moment = next(here for here in occurrences(local, self.zone) if here.local.fold == local.fold)
        self._check(moment, day=None)
        return Understood(moment.local, self.zone, moment.instant, zone_given=self._reading.zone is not None)

    def _days(self, today: date, choice: HourChoice | None) -> tuple[date, ...]:
        if not self._reading.days:
            return (self._next_day_with(choice),) if choice else ()
        main, *checks = self._reading.days

        def still_ahead(day: date) -> bool | None:
            return self._still_ahead(day, today, choice)

        days = dates(main, today=today, still_ahead=still_ahead, future=self._future)
        for check in checks:
            if isinstance(check, WeekdayDay):
                days = self._on_weekday(days, check.weekday, today)
                continue
            others = dates(check, today=today, still_ahead=still_ahead, future=False)
            if not set(days) & set(others):
                raise Refused(Reason.CONTRADICTION, days=(*days, *others))
            days = tuple(day for day in days if day in others)
        return days

    def _on_weekday(self, days: tuple[date, ...], weekday: int, today: date) -> tuple[date, ...]:
        matching = tuple(day for day in days if day.weekday() == weekday)
        if matching:
            return matching
        day = days[0]
        nearest = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)
        if nearest < today and self._future:
            nearest += timedelta(weeks=1)
        main = self._reading.days[0]
        if isinstance(main, CalendarDay) and main.year is None and (main.day, main.month) != (29, 2):
            previous = day.replace(year=day.year - 1)
            if previous.weekday() == weekday:
                # The weekday is right for the date that has gone by: that one was meant.
                raise Refused(Reason.PAST, days=(day, nearest), day=previous)
        raise Refused(Reason.WEEKDAY_MISMATCH, days=(day, nearest), day=day)

    def _still_ahead(self, day: date, today: date, choice: HourChoice | None) -> bool | None:
        """Whether the moment asked for on `day` is to come; None when it is today and no time is known."""
        if choice is None:
            default = self.default_time
            if default is None:
                return None if day == today else day > today
            choice = HourChoice(0, default)
        wall = datetime.combine(day + timedelta(days=choice.shift), choice.time)
        moments = occurrences(wall, self.zone)
        # A time that does not exist is refused by name when it is settled, not skipped over here.
        return any(moment.instant > self._question.now for moment in moments) if moments else day >= today

    def _next_day_with(self, choice: HourChoice) -> date:
        """The day of the next moment at which the clocks show this time, for a time without a day."""
        day = self._question.today(self.zone)
        skips_gaps = self._question.kind is WhenKind.TIME
        while True:
            moments = occurrences(datetime.combine(day, choice.time), self.zone)
            if any(moment.instant > self._question.now for moment in moments) or not (moments or skips_gaps):
                return day - timedelta(days=choice.shift)
            day += timedelta(days=1)

    def _settled(self, day: date, choice: HourChoice | None) -> Understood:
        try:
            if choice is None:
                return self._whole_day(day)
            return self._at(datetime.combine(day + timedelta(days=choice.shift), choice.time), day=day)
        except OverflowError:
            raise Refused(Reason.TOO_FAR) from None

    def _at(self, wall: datetime, *, day: date | None = None, any_offset: bool = False) -> Understood:
        """The moment at which the clocks show `wall`.

        Raises:
            Refused: NONEXISTENT_TIME, ZONE_MISMATCH, PAST or TOO_FAR.
        """
        moments = occurrences(wall, self.zone)
        if not moments:
            before, after = around_gap(wall, self.zone)
            raise Refused(Reason.NONEXISTENT_TIME, walls=(after, before), day=wall.date())
        repeated = len(moments) > 1
        if isinstance(self._reading.zone, OffsetZone) and not any_offset:
            offset = self._reading.zone.offset
            matching = tuple(moment for moment in moments if moment.offset == offset)
            if not matching:
                exact = wall + (moments[0].offset - offset)
                raise Refused(Reason.ZONE_MISMATCH, walls=(wall, exact), day=wall.date())
            moments, repeated = matching, False
        ahead = [moment for moment in moments if moment.instant > self._question.now]
        moment = ahead[0] if ahead else moments[0]
        self._check(moment, day=day)
        note = FoldNote.REPEATED if repeated else None
        given = self._reading.zone is not None
        return Understood(moment.local, self.zone, moment.instant, zone_given=given, fold_note=note)

    def _whole_day(self, day: date) -> Understood:
        default = self.default_time
        wall = datetime.combine(day, default or time())
        moments = occurrences(wall, self.zone)
        note = FoldNote.REPEATED if len(moments) > 1 else None
        if not moments:
            note = FoldNote.GAP
            moments = occurrences(around_gap(wall, self.zone)[1], self.zone)
        ahead = [moment for moment in moments if moment.instant > self._question.now]
        moment = ahead[0] if ahead else moments[0]
        if default is not None:
            self._check(moment, day=day)
        elif self._future and day < self._question.today(self.zone):
            raise Refused(Reason.PAST, days=self._after(day), day=day)
        elif day > self._question.furthest:
            raise Refused(Reason.TOO_FAR, day=day)
        given = self._reading.zone is not None
        return Understood(moment.local, self.zone, moment.instant, date_only=True, zone_given=given, fold_note=note)

    def _check(self, moment: Occurrence, *, day: date | None) -> None:
        if self._future and moment.instant <= self._question.now:
            walls = (moment.local + timedelta(hours=12),) if self._may_be_evening(moment) else ()
            raise Refused(Reason.PAST, days=self._after(day) if day else (), walls=walls, day=day)
        if moment.local.date() > self._question.furthest:
            raise Refused(Reason.TOO_FAR, day=moment.local.date())

    def _may_be_evening(self, moment: Occurrence) -> bool:
        """Whether "oggi alle 9", said at ten, is worth offering as nine in the evening."""
        return (
            self._reading.days[:1] == (RelativeDay(0),)
            and self._reading.part is None
            and self._reading.time is not None
            and 0 < moment.local.hour < 12
        )

    def _after(self, day: date) -> tuple[date, ...]:
        """The day to offer for one that has gone by."""
        today = self._question.today(self.zone)
        match self._reading.days[:1]:
            case (RelativeDay(0),):
                return (today + timedelta(days=1),)
            case (WeekdayDay(),):
                weeks = (today - day).days // 7 + 1
                return (day + timedelta(weeks=weeks),)
            case (CalendarDay(),) if (day.month, day.day) != (2, 29):
                this_year = day.replace(year=today.year)
                return (this_year if this_year > today else day.replace(year=today.year + 1),)
            case _:
                return ()
