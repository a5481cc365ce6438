"""The answer to one reading of a phrase: the one moment it means, or why there is not exactly one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from .meaning import DayPart, DaySpec, Later, Reading, RelativeDay, WeekdayDay, Which
from .results import NotUnderstood, Outcome, Reason, Understood, WhenKind
from .settling import Question, Resolution
from .wallclock import shown_at

# Offered first among the readings of a phrase: the hours at which people meet.
_WAKING_HOURS = range(7, 20)


def resolve(reading: Reading, question: Question) -> Outcome:
    """The moment that the reading means, or why there is not exactly one."""
    unexpected = _unexpected(reading, question)
    if unexpected is not None:
        return unexpected
    missing = _missing(reading, question)
    if missing is not None:
        return NotUnderstood(missing)
    return _decide(reading, question, Resolution(reading, question))


def _unexpected(reading: Reading, question: Question) -> NotUnderstood | None:
    """A time where only a date is asked for, or the reverse: offered without it, never dropped in silence."""
    elapsed = any(isinstance(spec, Later) for spec in reading.days)
    if question.kind is WhenKind.DATE and reading.days and (reading.time or reading.part or elapsed):
        rest = replace(reading, time=None, part=None)
        return NotUnderstood(Reason.UNEXPECTED_TIME, suggestions=_offers(_resolve_or_day(rest, question)))
    if question.kind is WhenKind.TIME and reading.days and not elapsed:
        rest = replace(reading, days=())
        return NotUnderstood(Reason.UNEXPECTED_DATE, suggestions=_offers(resolve(rest, question)))
    return None


def _resolve_or_day(reading: Reading, question: Question) -> Outcome:
    """As `resolve`, but elapsed time is the day on which it ends."""
    if not isinstance(reading.days[0], Later):
        return resolve(reading, question)
    zone = Resolution(reading, question).zone
    end = shown_at(question.now + reading.days[0].delta, zone).date()
    today = question.today(zone)
    return resolve(replace(reading, days=(RelativeDay((end - today).days),)), question)


def _offers(outcome: Outcome) -> tuple[Understood, ...]:
    return (outcome,) if isinstance(outcome, Understood) else outcome.suggestions


def _missing(reading: Reading, question: Question) -> Reason | None:
    if question.kind is WhenKind.TIME:
        return None if reading.time or reading.days else Reason.NO_TIME
    if question.kind is WhenKind.DATE:
        return None if reading.days else Reason.NO_DATE
    return None if reading.days or reading.time else Reason.NO_DATE


def _decide(reading: Reading, question: Question, resolution: Resolution) -> Outcome:
    resolution.run()
    found = distinct(resolution.found)
    if len(found) > 1 and _is_tonight(reading):
        found = (min(found, key=lambda moment: moment.instant),)
    # What has gone by is no rival to what is still to come; any other refusal is.
    blocking = [refused for refused in resolution.refused if refused.reason is not Reason.PAST]
    if not found:
        first, *others = blocking or resolution.refused
        suggestions = [*first.suggestions, *(offer for refused in others for offer in refused.suggestions)]
        return NotUnderstood(first.reason, suggestions=distinct(suggestions), date=first.day, hint=first.hint)
    offers = tuple(sorted(found, key=lambda moment: _order(moment, reading, question)))
    offers = distinct([*offers, *(offer for refused in blocking for offer in refused.suggestions)])
    if question.kind is WhenKind.DATETIME and found[0].date_only and resolution.default_time is None:
        days = {moment.local.date() for moment in found}
        return NotUnderstood(Reason.NO_TIME, suggestions=offers, date=days.pop() if len(days) == 1 else None)
    if len(found) == 1 and not blocking:
        return found[0]
    return NotUnderstood(Reason.AMBIGUOUS, suggestions=offers)


def distinct(moments: Sequence[Understood]) -> tuple[Understood, ...]:
    """The moments without repetitions, in the same order."""
    unique: dict[tuple[datetime, str, bool], Understood] = {}
    for moment in moments:
        unique.setdefault((moment.instant, moment.zone.key, moment.date_only), moment)
    return tuple(unique.values())


def _is_tonight(reading: Reading) -> bool:
    """The night said of today is the one that comes first, before dawn the present one."""
    return reading.part in {DayPart.NIGHT, DayPart.LATE} and reading.days == (RelativeDay(0),)


def _order(moment: Understood, reading: Reading, question: Question) -> tuple[bool, int, time]:
    """The likelier reading first: waking hours; the later "next Friday" in English, the nearer one in Italian."""
    day = moment.local.toordinal()
    main: DaySpec | None = reading.days[0] if reading.days else None
    later_first = question.english and isinstance(main, WeekdayDay) and main.which is Which.NEXT
    asleep = not moment.date_only and moment.local.hour not in _WAKING_HOURS
    return asleep, -day if later_first else day, moment.local.time()
