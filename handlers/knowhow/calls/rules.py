"""When those who follow a call are told of its deadline. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LEADS = (30, 14, 7, 2)
"""Days before the deadline."""
TOLD_AT = time(9)
"""On the community's clock, by which deadlines are meant."""
SENTENCE_LENGTH = 200
"""Characters."""


def last_day(deadline: datetime, zone: ZoneInfo) -> date:
    """The day of a deadline."""
    return deadline.astimezone(zone).date()


def told_at(deadline: datetime, lead: int, zone: ZoneInfo) -> datetime:
    """When it is told so many days before."""
    return datetime.combine(last_day(deadline, zone) - timedelta(days=lead), TOLD_AT, zone)


def overdue(deadline: datetime, done: Iterable[int], now: datetime, zone: ZoneInfo) -> list[int]:
    """The leads whose moment has come and that are not done, the nearest to the deadline first.

    Empty once the deadline has passed, and where one nearer to the deadline is done already.
    """
    if deadline <= now:
        return []
    told = set(done)
    past = sorted(lead for lead in LEADS if told_at(deadline, lead, zone) <= now)
    return [lead for lead in past if lead not in told and not any(near in told for near in past if near < lead)]


def days_left(deadline: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Days from today to the day of the deadline."""
    return (last_day(deadline, zone) - now.astimezone(zone).date()).days
