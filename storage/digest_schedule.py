"""When a person's next digest comes. Pure: times in, time out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.enums import DigestFrequency

EARLIEST_HOUR = 6
LATEST_HOUR = 22
"""A digest comes between these hours of the person's day, both included: never at night."""
WEEK = 7
LOOK_AHEAD_DAYS = 75
"""Days in which any frequency has an occurrence: the first weekday of a month is at most 6 + 31 + 6 days away, and
a zone may have left out a day."""


def next_digest(
    after: datetime, frequency: DigestFrequency, weekday: int, hour: int, zone: ZoneInfo
) -> datetime | None:
    """The first moment after ``after`` at which a digest is due, in UTC; ``None`` when they want none.

    Daily: every day; weekly: on ``weekday``; monthly: on the first ``weekday`` of the month; always at ``hour``
    o'clock on the person's own clock. An hour that the clock leaves out is moved to where it goes on, and one that
    comes twice is used once, the first time.

    Args:
        after: aware.
        frequency: how often.
        weekday: 0 is Monday.
        hour: 0 to 23, on the clock of ``zone``.
        zone: the person's.

    Raises:
        ValueError: ``after`` has no zone.
    """
    if after.tzinfo is None:
        raise ValueError("a point in time needs a zone")
    if frequency is DigestFrequency.OFF:
        return None
    # The day before too: where a day was left out, its digest falls on the next one.
    first = after.astimezone(zone).date() - timedelta(days=1)
    for offset in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=offset)
        if _is_digest_day(day, frequency, weekday):
            moment = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
            if moment > after:
                return moment
    raise AssertionError("every frequency has a day within two months")


def _is_digest_day(day: date, frequency: DigestFrequency, weekday: int) -> bool:
    if frequency is DigestFrequency.DAILY:
        return True
    if day.weekday() != weekday:
        return False
    return frequency is DigestFrequency.WEEKLY or day.day <= WEEK


NEAREST: dict[DigestFrequency, timedelta] = {
    DigestFrequency.DAILY: timedelta(hours=12),
    DigestFrequency.WEEKLY: timedelta(days=3),
    DigestFrequency.MONTHLY: timedelta(days=14),
}
"""How soon after a digest another may come when the person changes day, hour or zone: half a period, so that a
change brings neither two at once nor a long silence."""


def rescheduled(
    now: datetime, last: datetime | None, frequency: DigestFrequency, weekday: int, hour: int, zone: ZoneInfo
) -> datetime | None:
    """When the next digest is due after a change of preferences; ``last`` is when one was last sent."""
    after = now
    if last is not None and frequency in NEAREST:
        after = max(now, last + NEAREST[frequency])
    return next_digest(after, frequency, weekday, hour, zone)
