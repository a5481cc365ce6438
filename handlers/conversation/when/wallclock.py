"""Wall-clock times that do not exist or come twice, where the clocks change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One moment at which the clocks of a zone show a wall-clock time. `local` is naive and carries the fold."""

    local: datetime
    instant: datetime
    offset: timedelta


def occurrences(local: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
    """The moments at which the clocks of `zone` show naive `local`: none in a gap, two when they are turned back."""
    found: list[Occurrence] = []
    for fold in (0, 1):
        wall = local.replace(fold=fold)
        aware = wall.replace(tzinfo=zone)
        instant = aware.astimezone(UTC)
        returned = instant.astimezone(zone)
        if returned.replace(tzinfo=None) != wall or any(instant == other.instant for other in found):
            continue
        found.append(Occurrence(wall.replace(fold=returned.fold), instant, aware.utcoffset() or timedelta()))
    return tuple(found)


def around_gap(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """For naive `local` in a gap of `zone`: the wall-clock times as long after its end and before its start."""
    before, after = (
        local.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone).replace(tzinfo=None) for fold in (1, 0)
    )
    return before.replace(fold=0), after.replace(fold=0)


def shown_at(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall-clock time that the clocks of `zone` show at `instant`, its fold set."""
    return instant.astimezone(zone).replace(tzinfo=None)
