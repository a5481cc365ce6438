"""When roundups come and how much they name. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.digest_schedule import next_digest
from storage.enums import DigestFrequency

WEEK = timedelta(days=7)
EVENTS_AHEAD = timedelta(days=14)
DEADLINES_AHEAD = timedelta(days=30)
MOST_POSTS = 8
MOST_EVENTS = 5
MOST_MISSIONS = 5
MOST_QUESTIONS = 5
SILENT_AFTER = timedelta(days=3)
"""A delegate who has not answered for so long is called silent."""
UNANSWERED_AFTER = timedelta(days=2)
UNANSWERED_UNTIL = timedelta(days=60)
"""A question between these ages without an answer is named."""
STAFF_CATCH_UP = timedelta(days=2)
"""So late the staff's roundup is still sent, after a pause of the program; it says what is so when it is sent."""
OFF = -1
"""The weekday that stands for never."""


def last_moment(now: datetime, weekday: int, hour: int, zone: ZoneInfo) -> datetime | None:
    """The latest moment at which a weekly roundup was due, in UTC; ``None`` where there is none.

    Args:
        now: aware.
        weekday: 0 is Monday; :data:`OFF` for never.
        hour: 0 to 23, on the community's clock.
        zone: the community's.
    """
    if weekday == OFF:
        return None
    # The moments are a week apart on the clock: an hour more or less where summer time begins or ends.
    moment = next_digest(now - WEEK - timedelta(hours=2), DigestFrequency.WEEKLY, weekday, hour, zone)
    while moment is not None:
        following = next_digest(moment, DigestFrequency.WEEKLY, weekday, hour, zone)
        if following is None or following > now:
            return moment if moment <= now else None
        moment = following
    return None


def issue_of(moment: datetime, zone: ZoneInfo) -> int:
    """The number of a week's roundup: the ordinal of its day on the community's clock."""
    return moment.astimezone(zone).date().toordinal()


def moment_of(issue: int, hour: int, zone: ZoneInfo) -> datetime | None:
    """When the roundup of that number was due, in UTC; ``None`` for a number that no day has."""
    try:
        day = datetime.fromordinal(issue).date()
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
