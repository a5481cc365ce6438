"""On which clock somebody lives at a given moment, and when they want to be left alone.

Everything that depends on it asks :func:`rhythms_at`: what is written here holds for all that the bot sends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.context import Community
from storage.enums import QuietChoice
from storage.models import Person
from storage.quiet_hours import QuietHours, quiet_until

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The zone that counts for somebody, and their quiet hours in it; ``None`` when they have none."""

    zone: ZoneInfo
    quiet: QuietHours | None

    def quiet_until(self, moment: datetime) -> datetime | None:
        """When the quiet that holds that moment is over, in UTC; ``None`` when it is not quiet then."""
        return quiet_until(moment, self.quiet, self.zone) if self.quiet is not None else None


def wall_time(minutes: int) -> time:
    """So many minutes after midnight, on a clock."""
    return time(*divmod(minutes % MINUTES_A_DAY, 60))


def quiet_hours_of(person: Person, community: Community) -> QuietHours | None:
    """The quiet hours that a person chose, or the community's."""
    match person.quiet:
        case QuietChoice.OFF:
            return None
        case QuietChoice.DEFAULT:
            return community.quiet_hours
        case QuietChoice.OWN:
            return QuietHours(
                wall_time(person.quiet_from),
                wall_time(person.quiet_until),
                frozenset(int(day) for day in person.quiet_days),
                person.quiet_weekends,
            )


async def rhythms_at(
    session: AsyncSession,  # noqa: ARG001 - the one place that may have to ask where somebody is at that moment
    people: Sequence[Person],
    community: Community,
    moment: datetime,  # noqa: ARG001 - the same
) -> dict[int, Rhythm]:
    """The rhythm of each of these people at that moment, by their ids."""
    return {one.id: Rhythm(ZoneInfo(one.timezone), quiet_hours_of(one, community)) for one in people}
